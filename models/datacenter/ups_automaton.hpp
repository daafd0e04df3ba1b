/// \file
/// The automaton of a UPS block: what its modes, held numbers, timers and thresholds are and how they move.
/// Included by ups.hpp, which says what it is about.
#pragma once

#include "models/datacenter/ups_settings.hpp"

namespace ballast {

struct UpsAutomaton : UpsSettings {
  enum State { ENERGY, kStates };
  enum Input { VR, VI, P_IT, TIME, FREQUENCY, ROCOF, GENERATOR, kInputs };
  enum Limit { CURRENT, RECHARGE, kLimits };
  enum Mode {
    AUTOMATON = kLimits,  ///< an Operation
    WINDOW,               ///< voltage against the transfer window: 0 inside, -1 below, 1 above
    RECTIFIER,            ///< 0 on, 1 gated off
    DEPRESSION,           ///< 0 none, 1 below dip_level but still short, 2 registered
    BACKUP,               ///< 1 on-site generation carries the IT load while it is off the grid
    FED_DIRECTLY,         ///< 1 the grid feeds the load past the converter
    OFF_FREQUENCY,        ///< 1 frequency or its rate of change outside the window
    OVERLOAD_1,           ///< 1 IT power above the level
    OVERLOAD_2,
    BYPASS_OVERLOAD,
    GENERATOR_BUS,  ///< 1 alive
    RESTARTING,     ///< 1 the IT load comes back with the rectifier
    kModes
  };
  enum Operation { NORMAL, WALK_IN, BATTERY, QUALIFYING, WAITING, LOCKED, LOST, BYPASS };
  enum Held {
    RAMP_VALUE,
    RAMP_SLOPE,
    RAMP_START,  ///< share of the load on the grid: value + slope (t - start)
    PICKUP,
    PICKUP_SETTING,  ///< when and where voltage or frequency left the window
    DIP_START,
    DIP_END,                                         ///< of the latest dip
    DIPS,                                            ///< counted since the start or the last reset
    ALERT_UNTIL,                                     ///< no eco mode before this time
    DIP_TIME,                                        ///< starts of the counted dips, latest first
    TRANSFER_TIME = DIP_TIME + kMostDips,            ///< of transfers to battery, latest first
    OVERLOAD_TIME = TRANSFER_TIME + kMostTransfers,  ///< of transfers to bypass, latest first
    kHeld = OVERLOAD_TIME + kMostOverloads
  };
  enum Timer {
    DETECT,
    QUALIFY,
    RAMP,
    DIP_LENGTH,
    RESET,
    BACKUP_START,
    ALERT,
    CARRIED_1,
    CARRIED_2,  ///< overloads the inverter has carried for long enough
    BYPASS_RETURN,
    BYPASS_CARRIED,
    kTimers
  };
  enum Threshold {
    LOW = 2 * kLimits,
    HIGH,
    GATE,
    DIP,
    EMPTY,
    FREQUENCY_BAND,
    LEVEL_1,
    LEVEL_2,
    BYPASS_LEVEL,
    BATTERY_LEVEL,
    BUS,
    kGuards
  };
  static constexpr double kLevelHysteresis = 0.02;  ///< pu of IT power, of the overload levels

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) return expire(happening.index, a, d, t);
    switch (happening.index) {
      case LOW:
        return cross_window(a, d, t, -1);
      case HIGH:
        return cross_window(a, d, t, 1);
      case GATE:
        a.mode[RECTIFIER] = 1 - a.mode[RECTIFIER];
        a.threshold = a.mode[RECTIFIER] == 1 ? d.V_gate_off : d.V_gate_on;
        return on_grid(a) ? Effect::JUMP : Effect::NONE;
      case DIP:
        return a.mode[DEPRESSION] == 0 ? begin_dip(a, d, t) : end_dip(a, t);
      case EMPTY:
        a.x[ENERGY] = 0;
        a.threshold = 0;
        return lose(a, d, t);
      case BATTERY_LEVEL:
        a.threshold = d.battery_limit;
        return lose(a, d, t);
      case FREQUENCY_BAND:
        return cross_frequency(a, d, t);
      case LEVEL_1:
        return cross_level(a, OVERLOAD_1, CARRIED_1, d.overload_1, d.overload_1_s, d, t);
      case LEVEL_2:
        return cross_level(a, OVERLOAD_2, CARRIED_2, d.overload_2, d.overload_2_s, d, t);
      case BYPASS_LEVEL:
        return cross_level(a, BYPASS_OVERLOAD, BYPASS_CARRIED, d.bypass_limit, d.bypass_limit_s, d, t);
      case BUS:
        return cross_bus(a, d, t);
      default:
        return Effect::NONE;
    }
  }

 private:
  BALLAST_HD static Effect expire(int timer, Automaton& a, const Derived<double>& d, double t) {
    switch (timer) {
      case DETECT:
        a.pickup_time = a.held[PICKUP];
        a.threshold = a.held[PICKUP_SETTING];
        return a.mode[AUTOMATON] == BYPASS ? lose(a, d, t) : leave_grid(a, d, t, BATTERY);
      case QUALIFY:
        if (a.mode[AUTOMATON] == QUALIFYING) return wait(a, d, t);
        if (a.mode[AUTOMATON] == LOST) a.mode[RESTARTING] = 1;
        return begin_walk_in(a, d, t);
      case RAMP:
        return end_walk_in(a, d, t);
      case DIP_LENGTH:
        return count_dip(a, d, t);
      case RESET:
        if (a.mode[AUTOMATON] != LOCKED) return Effect::NONE;  // a hand on a UPS that is not locked
        forget(a, DIP_TIME, kMostDips);
        forget(a, TRANSFER_TIME, kMostTransfers);
        a.held[DIPS] = 0;
        a.mode[AUTOMATON] = BATTERY;
        if (inside(a)) qualify(a, d, t);
        return Effect::NONE;
      case BACKUP_START:
        a.mode[BACKUP] = 1;
        if (a.mode[GENERATOR_BUS] == 1 && (a.mode[AUTOMATON] == QUALIFYING || a.mode[AUTOMATON] == WAITING))
          qualify(a, d, t);
        return Effect::KINK;
      case ALERT:
        if (a.mode[AUTOMATON] != NORMAL) return Effect::NONE;
        a.mode[FED_DIRECTLY] = 1;
        return Effect::JUMP;
      case CARRIED_1:
        return go_to_bypass(a, d, t, CARRIED_1, d.overload_1, d.overload_1_s);
      case CARRIED_2:
        return go_to_bypass(a, d, t, CARRIED_2, d.overload_2, d.overload_2_s);
      case BYPASS_RETURN:
        return leave_bypass(a, d, t);
      case BYPASS_CARRIED:
        a.threshold = d.bypass_limit;
        return lose(a, d, t);
      default:
        return Effect::NONE;
    }
  }

  BALLAST_HD static bool on_grid(const Automaton& a) {
    return a.mode[AUTOMATON] < BATTERY || a.mode[AUTOMATON] == BYPASS;
  }
  BALLAST_HD static bool inside(const Automaton& a) {
    return a.mode[WINDOW] == 0 && a.mode[OFF_FREQUENCY] == 0;
  }
  BALLAST_HD static void set_ramp(Automaton& a, double value, double slope, double t) {
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
    a.held[RAMP_START] = t;
  }
  /// Lists of times, latest first.
  BALLAST_HD static void note(Automaton& a, int list, int length, double t) {
    for (int i = length - 1; i > 0; --i) a.held[list + i] = a.held[list + i - 1];
    a.held[list] = t;
  }
  BALLAST_HD static void forget(Automaton& a, int list, int length) {
    for (int i = 0; i < length; ++i) a.held[list + i] = -kInfinity;
  }
  /// Whether the latest `count` of a list, the first of them at t, lie within a window; count 0: never.
  BALLAST_HD static bool too_many(const Automaton& a, int list, double count, double t, double window_s) {
    const int needed = static_cast<int>(count);
    return needed > 0 && t - a.held[list + needed - 1] <= window_s;
  }

  // ---- the grid leaves the window, and comes back
  BALLAST_HD static Effect cross_window(Automaton& a, const Derived<double>& d, double t, int side) {
    const bool leaves = a.mode[WINDOW] == 0;
    const bool was_inside = inside(a);
    a.mode[WINDOW] = leaves ? side : 0;
    a.threshold = side < 0 ? (leaves ? d.V_low : d.V_low_back) : (leaves ? d.V_high : d.V_high_back);
    return was_inside ? leave_window(a, d, t) : enter_window(a, d, t);
  }
  BALLAST_HD static Effect cross_frequency(Automaton& a, const Derived<double>& d, double t) {
    const bool was_inside = inside(a);
    a.mode[OFF_FREQUENCY] = 1 - a.mode[OFF_FREQUENCY];
    const bool by_rate = abs_(a.in[FREQUENCY] - 1) * d.base_frequency < d.frequency_window;
    a.threshold = by_rate ? d.rocof_limit : d.frequency_window;
    return was_inside ? leave_window(a, d, t) : enter_window(a, d, t);
  }
  BALLAST_HD static Effect leave_window(Automaton& a, const Derived<double>& d, double t) {
    a.held[PICKUP] = t;
    a.held[PICKUP_SETTING] = a.threshold;
    if (on_grid(a)) {
      a.timer[DETECT] = t + d.detect_s;
      return Effect::NONE;
    }
    a.timer[QUALIFY] = kNever;
    if (a.mode[AUTOMATON] == QUALIFYING || a.mode[AUTOMATON] == WAITING) a.mode[AUTOMATON] = BATTERY;
    return Effect::NONE;
  }
  BALLAST_HD static Effect enter_window(Automaton& a, const Derived<double>& d, double t) {
    if (!inside(a)) return Effect::NONE;  // the other of voltage and frequency is still outside
    a.timer[DETECT] = kNever;
    if (a.mode[AUTOMATON] == BATTERY) qualify(a, d, t);
    if (a.mode[AUTOMATON] == LOST) a.timer[QUALIFY] = t + d.restart_s;
    return Effect::NONE;
  }

  // ---- off the grid and back
  BALLAST_HD static Effect leave_grid(Automaton& a, const Derived<double>& d, double t, int to) {
    if (a.mode[RESTARTING] == 1) return lose(a, d, t);  // it has no battery yet
    const bool left = on_grid(a);
    const bool jump = left && a.mode[RECTIFIER] == 0;  // gated off, it has drawn nothing since
    if (left) {
      note(a, TRANSFER_TIME, kMostTransfers, t);
      if (too_many(a, TRANSFER_TIME, d.alert_transfers, t, d.alert_window_s))
        a.held[ALERT_UNTIL] = t + d.alert_s;
      if (a.mode[BACKUP] == 0) {
        a.timer[BACKUP_START] = t + d.backup_start_s;
        if (a.mode[GENERATOR_BUS] == 1 && d.backup_delay_s < d.backup_start_s)
          a.timer[BACKUP_START] = t + d.backup_delay_s;
      }
    }
    a.mode[AUTOMATON] = to;
    a.mode[FED_DIRECTLY] = 0;
    a.timer[DETECT] = kNever;
    a.timer[QUALIFY] = kNever;
    a.timer[RAMP] = kNever;
    a.timer[ALERT] = kNever;
    set_ramp(a, 0, 0, t);
    if (to == BATTERY && inside(a)) qualify(a, d, t);
    return jump ? Effect::JUMP : left ? Effect::KINK : Effect::NONE;
  }
  BALLAST_HD static void qualify(Automaton& a, const Derived<double>& d, double t) {
    const bool on_generator = a.mode[BACKUP] == 1 && a.mode[GENERATOR_BUS] == 1;
    a.mode[AUTOMATON] = QUALIFYING;
    a.timer[QUALIFY] = t + (on_generator ? d.retransfer_s : d.qualify_s);
  }
  BALLAST_HD static Effect wait(Automaton& a, const Derived<double>& d, double t) {
    if (too_many(a, TRANSFER_TIME, d.returns_limit > 0 ? d.returns_limit + 1 : 0, t, d.returns_window_s)) {
      a.mode[AUTOMATON] = LOCKED;
      a.timer[RESET] = t + d.reset_after_s;
      return Effect::NONE;
    }
    a.mode[AUTOMATON] = WAITING;
    a.timer[QUALIFY] = t + d.walk_in_delay_s;
    return Effect::NONE;
  }
  BALLAST_HD static Effect begin_walk_in(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = WALK_IN;
    a.timer[BACKUP_START] = kNever;
    // Unless both run in parallel, the battery carries what the rectifier does not yet.
    if (a.mode[GENERATOR_BUS] == 0 || d.parallel_return < 0.5) a.mode[BACKUP] = 0;
    a.mode[FED_DIRECTLY] = d.direct == kLineInteractive ? 1 : 0;
    set_ramp(a, 0, 1 / d.walk_in_ramp_s, t);
    a.timer[RAMP] = t + d.walk_in_ramp_s;
    return Effect::KINK;
  }
  BALLAST_HD static Effect end_walk_in(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = NORMAL;
    a.mode[BACKUP] = 0;
    a.mode[RESTARTING] = 0;
    set_ramp(a, 1, 0, t);
    return take_path(a, d, t) ? Effect::JUMP : Effect::KINK;
  }
  /// Eco mode unless there is an alert; true when the feed changes.
  BALLAST_HD static bool take_path(Automaton& a, const Derived<double>& d, double t) {
    if (d.direct != kEco) return false;
    if (t < a.held[ALERT_UNTIL]) {
      a.timer[ALERT] = a.held[ALERT_UNTIL];
      return false;
    }
    const bool changes = a.mode[FED_DIRECTLY] == 0;
    a.mode[FED_DIRECTLY] = 1;
    return changes;
  }

  // ---- generation on the site
  BALLAST_HD static Effect cross_bus(Automaton& a, const Derived<double>& d, double t) {
    a.mode[GENERATOR_BUS] = 1 - a.mode[GENERATOR_BUS];
    a.threshold = 0.5;
    if (a.mode[GENERATOR_BUS] == 1) {
      if (!on_grid(a) && a.mode[AUTOMATON] != LOST && a.mode[BACKUP] == 0)
        a.timer[BACKUP_START] = t + d.backup_delay_s;
      return Effect::NONE;
    }
    a.mode[BACKUP] = 0;
    a.timer[BACKUP_START] = kNever;
    return Effect::KINK;
  }

  // ---- overload and bypass
  BALLAST_HD static Effect cross_level(Automaton& a, int state, int timer, double level, double delay_s,
                                       const Derived<double>& d, double t) {
    a.mode[state] = 1 - a.mode[state];
    a.threshold = level;
    a.timer[timer] = a.mode[state] == 1 ? t + delay_s : kNever;
    if (state == OVERLOAD_1 && a.mode[AUTOMATON] == BYPASS)
      a.timer[BYPASS_RETURN] = a.mode[state] == 0 && !locked_on_bypass(a, d) ? t + d.bypass_return_s : kNever;
    return Effect::NONE;
  }
  BALLAST_HD static bool locked_on_bypass(const Automaton& a, const Derived<double>& d) {
    return too_many(a, OVERLOAD_TIME, d.overloads_to_lock, a.held[OVERLOAD_TIME], d.overload_window_s);
  }
  BALLAST_HD static Effect go_to_bypass(Automaton& a, const Derived<double>& d, double t, int timer,
                                        double level, double delay_s) {
    a.threshold = level;
    if (a.mode[AUTOMATON] == LOST || a.mode[AUTOMATON] == BYPASS) return Effect::NONE;
    if (on_grid(a) && a.mode[FED_DIRECTLY] == 1) {  // the inverter carries nothing; look again later
      a.timer[timer] = t + delay_s;
      return Effect::NONE;
    }
    if (!inside(a)) return lose(a, d, t);
    note(a, OVERLOAD_TIME, kMostOverloads, t);
    a.mode[AUTOMATON] = BYPASS;
    a.mode[FED_DIRECTLY] = 1;
    a.mode[BACKUP] = 0;
    a.timer[QUALIFY] = kNever;
    a.timer[RAMP] = kNever;
    a.timer[BACKUP_START] = kNever;
    set_ramp(a, 1, 0, t);
    return Effect::JUMP;
  }
  BALLAST_HD static Effect leave_bypass(Automaton& a, const Derived<double>& d, double t) {
    if (a.mode[AUTOMATON] != BYPASS) return Effect::NONE;
    a.mode[AUTOMATON] = NORMAL;
    a.mode[FED_DIRECTLY] = d.direct == kLineInteractive ? 1 : 0;
    (void)take_path(a, d, t);
    a.timer[BYPASS_CARRIED] = kNever;
    return Effect::JUMP;
  }

  // ---- dips
  BALLAST_HD static Effect begin_dip(Automaton& a, const Derived<double>& d, double t) {
    a.threshold = d.dip_level;
    a.held[DIP_START] = t;
    if (t - a.held[DIP_END] < d.dip_merge_s) {
      a.mode[DEPRESSION] = 2;
    } else {
      a.mode[DEPRESSION] = 1;
      a.timer[DIP_LENGTH] = t + d.dip_min_s;
    }
    return Effect::NONE;
  }
  BALLAST_HD static Effect end_dip(Automaton& a, double t) {
    if (a.mode[DEPRESSION] == 2) a.held[DIP_END] = t;
    a.mode[DEPRESSION] = 0;
    a.timer[DIP_LENGTH] = kNever;
    return Effect::NONE;
  }
  BALLAST_HD static Effect count_dip(Automaton& a, const Derived<double>& d, double t) {
    a.mode[DEPRESSION] = 2;
    note(a, DIP_TIME, kMostDips, a.held[DIP_START]);
    a.held[DIPS] += 1;
    if (a.mode[AUTOMATON] >= LOCKED) return Effect::NONE;
    if (!too_many(a, DIP_TIME, d.dips_to_lock, a.held[DIP_START], d.dip_window_s)) return Effect::NONE;
    a.pickup_time = a.held[DIP_START];
    a.threshold = d.dip_level;
    a.timer[RESET] = t + d.reset_after_s;
    return leave_grid(a, d, t, LOCKED);
  }

  /// The IT load is gone; it may come back with restart_s.
  BALLAST_HD static Effect lose(Automaton& a, const Derived<double>& d, double t) {
    const bool jump = on_grid(a) && a.mode[RECTIFIER] == 0;
    a.mode[AUTOMATON] = LOST;
    a.mode[FED_DIRECTLY] = 0;
    a.mode[RESTARTING] = 0;
    a.mode[BACKUP] = 0;
    for (double& timer : a.timer) timer = kNever;
    if (inside(a)) a.timer[QUALIFY] = t + d.restart_s;
    set_ramp(a, 0, 0, t);
    return jump ? Effect::JUMP : Effect::KINK;
  }
};

}  // namespace ballast
