/// \file
/// Double-conversion UPS block between the grid and its IT load.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Uninterruptible power supply of a data center: rectifier, battery, inverter and the automaton that
/// decides when the load leaves the grid, how it comes back, and after how many dips it stays away.
///
///   grid ──► rectifier (efficiency, current limit, gate-off) ──►(+)──► inverter ──► IT load P_it
///                                                                ▲
///                                                             battery (energy, recharge, empty)
///
///              V outside            V inside              qualify_s
///   normal ──────────────► battery ──────────► qualifying ──────────► waiting
///     ▲      for detect_s     ▲                    │                   │  │
///     │                       └──── V outside ─────┴───────────────────┘  │ walk_in_delay_s
///     └───────────────────────────── walk-in ◄────────────────────────────┘
///         walk_in_ramp_s        (V outside for detect_s: battery)
///
///   any of these ── dips_to_lock dips within dip_window_s ──► locked ── reset_after_s ──► battery
///   any of these ── battery empty, no backup ──► lost (IT load gone, for good)
///
/// On the grid the block is a constant power P_it/efficiency + recharge at a constant power factor, until
/// the rectifier's current limit binds: then it is a constant current and the battery covers the gap.
/// Below V_gate_off the rectifier stops at once, until the voltage is back inside the window, and the
/// battery carries everything. Battery energy is
/// counted at the inverter's output, in seconds of rated IT load; all its losses are taken on charging.
///
/// A dip is V below dip_level for longer than dip_min_s; it is dated by its start. A dip that starts
/// within dip_merge_s of the end of the one before is the same disturbance and does not count again.
///
/// Source: vendor manuals and the NERC incident review of 10 Jul 2024; docs/datacenter-models.md lists
/// each value with its confidence.
///
/// Deviations: no DC-link or PLL dynamics (valid below about 5 Hz of envelope), no frequency window (a
/// rectifier accepts +-5 Hz), no static bypass, one aggregate block (stagger modules by several blocks).
struct Ups : ModelDefaults {
  static constexpr const char* title = "Double-conversion UPS with dip counter";
  static constexpr const char* source =
      "vendor manuals and the NERC incident review of 10 Jul 2024 through transcriptions, "
      "docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { ENERGY, kStates };
  enum Input { VR, VI, P_IT, TIME, kInputs };
  enum Output { IR, II, P_GRID, Q_GRID, BATTERY_POWER, P_SERVED, P_LOAD, kOutputs };
  enum Limit { CURRENT, RECHARGE, kLimits };
  enum Mode {
    AUTOMATON = kLimits,  ///< an Operation
    WINDOW,               ///< voltage against the transfer window: 0 inside, -1 below, 1 above
    RECTIFIER,            ///< 0 on, 1 gated off
    DEPRESSION,           ///< 0 none, 1 below dip_level but still short, 2 registered
    BACKUP,               ///< 1 on-site generation carries the IT load while it is off the grid
    kModes
  };
  enum Operation { NORMAL, WALK_IN, BATTERY, QUALIFYING, WAITING, LOCKED, LOST };
  static constexpr int kMostDips = 8;
  enum Held {
    RAMP_VALUE,
    RAMP_SLOPE,
    RAMP_START,  ///< share of the load on the grid: value + slope (t - start)
    PICKUP,
    PICKUP_SETTING,  ///< when and where the voltage left the window
    DIP_START,
    DIP_END,   ///< of the latest dip
    DIPS,      ///< counted since the start or the last reset
    DIP_TIME,  ///< starts of the counted dips, latest first
    kHeld = DIP_TIME + kMostDips
  };
  enum Timer { DETECT, QUALIFY, RAMP, DIP_LENGTH, RESET, BACKUP_START, kTimers };
  enum Threshold { LOW = 2 * kLimits, HIGH, GATE, DIP, EMPTY, kGuards };

  static constexpr StateInfo states[] = {{"battery_energy", "pu s"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"P_it", "pu"}, {"time", "s"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_grid", "pu", "active power drawn from the grid, of the IT rating"},
      {"Q_grid", "pu", "reactive power drawn from the grid, of the IT rating"},
      {"battery_power", "pu", "battery power, discharge positive, of the IT rating"},
      {"P_served", "pu", "IT power served, of the IT rating"},
      {"P_load", "MW", "active power drawn from the grid"},
  };
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"},
                                                 {"bus voltage", "pu"},
                                                 {"bus voltage", "pu"},
                                                 {"bus voltage", "pu"},
                                                 {"battery energy", "pu s"}};
  static constexpr const char* mode_names[] = {"normal",  "walk-in", "battery", "qualifying",
                                               "waiting", "locked",  "lost"};

  static constexpr ParameterInfo parameters[] = {
      {"efficiency", "pu", within(0.5, 1), within(0.92, 0.99), "IT power over grid power, battery idle"},
      {"power_factor", "pu", within(0.5, 1), within(0.95, 1), "grid power factor, lagging"},
      {"current_limit", "pu", within(0.5, 5), within(1.1, 1.3),
       "rectifier current, of IT rating at 1 pu voltage"},
      {"V_low_transfer", "pu", within(0.1, 0.99), within(0.8, 0.92), "to battery below this voltage"},
      {"V_high_transfer", "pu", within(1.01, 2), within(1.1, 1.2), "to battery above this voltage"},
      {"V_hysteresis", "pu", within(0.001, 0.1), within(0.005, 0.05),
       "voltage inside a threshold that clears it"},
      {"V_gate_off", "pu", within(0.05, 0.95), within(0.5, 0.7),
       "rectifier stops at once below this voltage, until it is back inside the window"},
      {"detect_s", "s", within(0, 10), within(0.002, 0.02), "voltage outside the window before transfer"},
      {"qualify_s", "s", not_negative(), within(3, 30), "voltage inside the window before return"},
      {"walk_in_delay_s", "s", not_negative(), within(0, 10), "further wait before the walk-in"},
      {"walk_in_ramp_s", "s", within(0.01, 3600), within(5, 30), "ramp of the rectifier from nothing to all"},
      {"dip_level", "pu", within(0.1, 0.99), within(0.85, 0.9), "voltage below which a dip is registered"},
      {"dip_min_s", "s", within(0, 10), within(0.005, 0.02), "shortest dip that is registered"},
      {"dips_to_lock", "1", within(0, kMostDips), within(0, 5),
       "dips that lock the UPS on backup; 0 = no counter"},
      {"dip_window_s", "s", positive(), within(10, 600), "window of the dip counter"},
      {"dip_merge_s", "s", not_negative(), within(0, 1), "dips closer than this count once"},
      {"reset_after_s", "s", positive(), anything(), "manual reset after the lock; inf = never"},
      {"battery_s", "s", positive(), within(30, 900), "battery energy, seconds of rated IT load"},
      {"recharge_power", "pu", within(0, 1), within(0.05, 0.15),
       "grid power for recharging, of the IT rating"},
      {"recharge_taper", "pu", within(0.001, 1), within(0.02, 0.2),
       "share of the energy over which it tapers"},
      {"charge_efficiency", "pu", within(0.5, 1), within(0.85, 0.98), "energy kept over energy charged"},
      {"backup_start_s", "s", not_negative(), anything(),
       "on-site generation carries the load after; inf = none"},
  };

  template <class P>
  struct Derived {
    P per_efficiency;  ///< grid power per IT power
    P efficiency;
    P tangent;            ///< Q/P at the grid
    P power_per_voltage;  ///< active power at the current limit per pu of voltage
    P to_system;          ///< device base to system base
    P device_MW;
    P V_low, V_low_back, V_high, V_high_back, V_gate_off, V_gate_on, V_hysteresis, dip_level, dip_back;
    P detect_s, qualify_s, walk_in_delay_s, walk_in_ramp_s, dip_min_s, dip_window_s, dip_merge_s,
        reset_after_s;
    P dips_to_lock, backup_start_s;
    P full, recharge, recharge_gain;  ///< pu s; pu; 1/s: recharge power per missing energy
    P charge_efficiency;              ///< energy stored per grid power used to charge
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.efficiency = p[0];
    d.per_efficiency = 1.0 / p[0];
    d.tangent = sqrt_(1.0 - p[1] * p[1]) / p[1];
    d.power_per_voltage = p[2] * p[1];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.device_MW = P(ratings.device_MVA);
    d.V_low = p[3];
    d.V_low_back = p[3] + p[5];
    d.V_high = p[4];
    d.V_high_back = p[4] - p[5];
    d.V_gate_off = p[6];
    d.V_hysteresis = p[5];
    d.V_gate_on = d.V_low_back;  // not at V_gate_off: without its load the bus rises, and would chatter
    d.dip_level = p[11];
    d.dip_back = p[11] + p[5];
    d.detect_s = p[7];
    d.qualify_s = p[8];
    d.walk_in_delay_s = p[9];
    d.walk_in_ramp_s = p[10];
    d.dip_min_s = p[12];
    d.dips_to_lock = p[13];
    d.dip_window_s = p[14];
    d.dip_merge_s = p[15];
    d.reset_after_s = p[16];
    d.full = p[17];
    d.recharge = p[18];
    d.recharge_gain = p[18] / (p[19] * p[17]);
    d.charge_efficiency = p[0] * p[20];
    d.backup_start_s = p[21];
    return d;
  }

  /// Active power drawn at rest (battery full), pu of the IT rating: what the power flow has to know.
  static double rest_power(const Derived<double>& d, double P_it) { return P_it * d.per_efficiency; }
  /// Reactive power drawn with it.
  static double rest_reactive_power(const Derived<double>& d, double P_it) {
    return rest_power(d, P_it) * d.tangent;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto window = context.mode[WINDOW];
    const auto gated = context.mode[RECTIFIER] == 1;
    const auto lost = operation == LOST;
    const T V = magnitude_(in[VR], in[VI]);
    const T inert(-1.0);  // a guard that never fires

    // Share of the load that the rectifier is to carry.
    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T share = select_(gated, T(0.0), select_(operation < BATTERY, ramp, T(0.0)));
    const T recharge =
        limited((d.full - x[ENERGY]) * d.recharge_gain, -d.recharge, d.recharge, context, RECHARGE);

    // Constant power up to the current limit. The clipping also in the free mode keeps a network solution
    // bounded while the voltage falls in one jump; no smooth piece of a run contains its corner.
    const T wanted = share * (in[P_IT] * d.per_efficiency + recharge);
    const T most = V * d.power_per_voltage;
    const auto limiting = context.mode[CURRENT] == 1;
    context.guard[2 * CURRENT] = select_(limiting, most - wanted, wanted - most);
    context.guard[2 * CURRENT + 1] = inert;
    const T drawn = select_(limiting, most, min_(wanted, most));
    const T gap = (wanted - drawn) * d.efficiency;

    const T served = select_(lost, T(0.0), in[P_IT]);
    const T from_battery = select_(context.mode[BACKUP] == 1, T(0.0), (1.0 - share) * served) + gap -
                           share * recharge * d.charge_efficiency;
    dxdt[ENERGY] = select_(lost, T(0.0), -from_battery);

    // Below V_gate_off (only until the guard has acted) the block is an impedance: a dead bus carries no
    // current.
    const T divisor = max_(V, T(d.V_gate_off));
    const T P_over_V2 = drawn * d.to_system / (divisor * divisor);
    const T Q_over_V2 = P_over_V2 * d.tangent;
    out[IR] = -(P_over_V2 * in[VR] + Q_over_V2 * in[VI]);
    out[II] = -(P_over_V2 * in[VI] - Q_over_V2 * in[VR]);
    const T grid = P_over_V2 * V * V / d.to_system;
    out[P_GRID] = grid;
    out[Q_GRID] = grid * d.tangent;
    out[BATTERY_POWER] = -dxdt[ENERGY];
    out[P_SERVED] = served;
    out[P_LOAD] = grid * d.device_MW;

    context.guard[LOW] = select_(window == -1, V - d.V_low_back, select_(window == 0, d.V_low - V, inert));
    context.guard[HIGH] = select_(window == 1, d.V_high_back - V, select_(window == 0, V - d.V_high, inert));
    context.guard[GATE] = select_(gated, V - d.V_gate_on, d.V_gate_off - V);
    context.guard[DIP] = select_(context.mode[DEPRESSION] == 0, d.dip_level - V, V - d.dip_back);
    context.guard[EMPTY] = select_(lost, inert, -x[ENERGY]);
  }

  /// Rests on the grid with a full battery, drawing rest_power(). What the power flow gave must agree with
  /// it.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = check_settings(d); !o.ok()) return o;
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_low, d.V_high); !o.ok()) return o;
    if (rest.out[IR] == rest.out[IR]) {  // not NaN: the power flow has decided
      const double P = -(Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
      const double Q = -(Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
      if (!(rest.in[P_IT] == rest.in[P_IT])) rest.in[P_IT] = P * d.efficiency;
      const double own_P = rest_power(d, rest.in[P_IT]);
      const double own_Q = rest_reactive_power(d, rest.in[P_IT]);
      if (const Outcome o = Outcome::check("active power drawn (pu of IT rating)", P, own_P, own_P); !o.ok())
        return o;
      if (const Outcome o = Outcome::check("reactive power drawn (pu of IT rating)", Q, own_Q, own_Q);
          !o.ok())
        return o;
    }
    const double P = rest_power(d, rest.in[P_IT]);
    if (const Outcome o =
            Outcome::check("active power drawn (pu of IT rating)", P, 0, V * d.power_per_voltage);
        !o.ok())
      return o;
    x[ENERGY] = d.full;
    rest.held[RAMP_VALUE] = 1;
    rest.held[DIP_END] = -kInfinity;
    for (int i = 0; i < kMostDips; ++i) rest.held[DIP_TIME + i] = -kInfinity;
    const double per_V2 = P * d.to_system / (V * V);
    rest.out[IR] = -per_V2 * (Vr + d.tangent * Vi);
    rest.out[II] = -per_V2 * (Vi - d.tangent * Vr);
    rest.out[P_GRID] = P;
    rest.out[Q_GRID] = P * d.tangent;
    rest.out[BATTERY_POWER] = 0;
    rest.out[P_SERVED] = rest.in[P_IT];
    rest.out[P_LOAD] = P * d.device_MW;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) {
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
          return lose(a);
        default:
          return Effect::NONE;
      }
    }
    switch (happening.index) {
      case DETECT:
        a.pickup_time = a.held[PICKUP];
        a.threshold = a.held[PICKUP_SETTING];
        return leave_grid(a, d, t, BATTERY);
      case QUALIFY:
        return a.mode[AUTOMATON] == QUALIFYING ? wait(a, d, t) : begin_walk_in(a, d, t);
      case RAMP:
        a.mode[AUTOMATON] = NORMAL;
        set_ramp(a, 1, 0, t);
        return Effect::KINK;
      case DIP_LENGTH:
        return count_dip(a, d, t);
      case RESET:
        if (a.mode[AUTOMATON] != LOCKED) return Effect::NONE;  // a hand on a UPS that is not locked
        forget_dips(a);
        a.mode[AUTOMATON] = BATTERY;
        if (a.mode[WINDOW] == 0) qualify(a, d, t);
        return Effect::NONE;
      case BACKUP_START:
        a.mode[BACKUP] = 1;
        return Effect::KINK;
      default:
        return Effect::NONE;
    }
  }

 private:
  /// Settings that contradict each other.
  static Outcome check_settings(const Derived<double>& d) {
    const double whole = round_(d.dips_to_lock);
    if (d.dips_to_lock != whole) return {"dips_to_lock (a whole number)", d.dips_to_lock, whole, whole};
    if (const Outcome o =
            Outcome::check("V_gate_off (below V_low_transfer)", d.V_gate_off + d.V_hysteresis, 0, d.V_low);
        !o.ok())
      return o;
    return Outcome::check("V_high_transfer less hysteresis", d.V_high_back, d.V_low_back, kInfinity);
  }

  BALLAST_HD static bool on_grid(const Automaton& a) { return a.mode[AUTOMATON] < BATTERY; }
  BALLAST_HD static void set_ramp(Automaton& a, double value, double slope, double t) {
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
    a.held[RAMP_START] = t;
  }

  /// The voltage leaves the transfer window on one side, or comes back from it.
  BALLAST_HD static Effect cross_window(Automaton& a, const Derived<double>& d, double t, int side) {
    const bool leaves = a.mode[WINDOW] == 0;
    a.mode[WINDOW] = leaves ? side : 0;
    a.threshold = side < 0 ? (leaves ? d.V_low : d.V_low_back) : (leaves ? d.V_high : d.V_high_back);
    if (leaves) {
      a.held[PICKUP] = t;
      a.held[PICKUP_SETTING] = a.threshold;
      if (on_grid(a)) {
        a.timer[DETECT] = t + d.detect_s;
      } else if (a.mode[AUTOMATON] == QUALIFYING || a.mode[AUTOMATON] == WAITING) {
        a.timer[QUALIFY] = kNever;
        a.mode[AUTOMATON] = BATTERY;
      }
    } else {
      a.timer[DETECT] = kNever;
      if (a.mode[AUTOMATON] == BATTERY) qualify(a, d, t);
    }
    return Effect::NONE;
  }

  BALLAST_HD static Effect leave_grid(Automaton& a, const Derived<double>& d, double t, int to) {
    const bool jump = on_grid(a);
    if (jump && a.mode[BACKUP] == 0) a.timer[BACKUP_START] = t + d.backup_start_s;
    a.mode[AUTOMATON] = to;
    a.timer[DETECT] = kNever;
    a.timer[QUALIFY] = kNever;
    a.timer[RAMP] = kNever;
    set_ramp(a, 0, 0, t);
    if (to == BATTERY && a.mode[WINDOW] == 0) qualify(a, d, t);
    return jump ? Effect::JUMP : Effect::NONE;
  }
  BALLAST_HD static void qualify(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = QUALIFYING;
    a.timer[QUALIFY] = t + d.qualify_s;
  }
  BALLAST_HD static Effect wait(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = WAITING;
    a.timer[QUALIFY] = t + d.walk_in_delay_s;
    return Effect::NONE;
  }
  BALLAST_HD static Effect begin_walk_in(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = WALK_IN;
    a.mode[BACKUP] = 0;  // the battery carries what the rectifier does not yet
    a.timer[BACKUP_START] = kNever;
    set_ramp(a, 0, 1 / d.walk_in_ramp_s, t);
    a.timer[RAMP] = t + d.walk_in_ramp_s;
    return Effect::KINK;
  }

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
    for (int i = kMostDips - 1; i > 0; --i) a.held[DIP_TIME + i] = a.held[DIP_TIME + i - 1];
    a.held[DIP_TIME] = a.held[DIP_START];
    a.held[DIPS] += 1;
    if (a.mode[AUTOMATON] >= LOCKED) return Effect::NONE;
    const int needed = static_cast<int>(d.dips_to_lock);
    if (needed == 0 || a.held[DIP_START] - a.held[DIP_TIME + needed - 1] > d.dip_window_s)
      return Effect::NONE;
    a.pickup_time = a.held[DIP_START];
    a.threshold = d.dip_level;
    a.timer[RESET] = t + d.reset_after_s;
    return leave_grid(a, d, t, LOCKED);
  }
  BALLAST_HD static void forget_dips(Automaton& a) {
    a.held[DIPS] = 0;
    for (int i = 0; i < kMostDips; ++i) a.held[DIP_TIME + i] = -kInfinity;
  }

  BALLAST_HD static Effect lose(Automaton& a) {
    const bool jump = on_grid(a);
    a.mode[AUTOMATON] = LOST;
    a.x[ENERGY] = 0;
    a.threshold = 0;
    for (double& timer : a.timer) timer = kNever;
    set_ramp(a, 0, 0, 0);
    return jump ? Effect::JUMP : Effect::KINK;
  }
};
BALLAST_MODEL(Ups, "UPS");

}  // namespace ballast
