/// \file
/// Settings of a UPS block: its parameters and what follows from them alone. Included by ups.hpp.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

struct UpsSettings : ModelDefaults {
  static constexpr int kMostDips = 8;       ///< that the counter can look back on
  static constexpr int kMostTransfers = 8;  ///< the same of transfers to battery
  static constexpr int kMostOverloads = 4;

  // What the grid feeds while nothing is wrong (`direct`): 0 the converter, or the load past it.
  static constexpr double kEco = 1;              ///< returns through the converter
  static constexpr double kLineInteractive = 2;  ///< returns directly

  enum Parameter {
    EFFICIENCY,
    POWER_FACTOR,
    CURRENT_LIMIT,
    V_LOW_TRANSFER,
    V_HIGH_TRANSFER,
    V_HYSTERESIS,
    V_GATE_OFF,
    DETECT_S,
    QUALIFY_S,
    WALK_IN_DELAY_S,
    WALK_IN_RAMP_S,
    DIP_LEVEL,
    DIP_MIN_S,
    DIPS_TO_LOCK,
    DIP_WINDOW_S,
    DIP_MERGE_S,
    RESET_AFTER_S,
    BATTERY_S,
    RECHARGE_POWER,
    RECHARGE_TAPER,
    CHARGE_EFFICIENCY,
    BACKUP_START_S,
    DIRECT,
    DIRECT_EFFICIENCY,
    DIRECT_POWER_FACTOR,
    ALERT_TRANSFERS,
    ALERT_WINDOW_S,
    ALERT_S,
    FREQUENCY_WINDOW,
    ROCOF_LIMIT,
    BATTERY_LIMIT,
    OVERLOAD_1,
    OVERLOAD_1_S,
    OVERLOAD_2,
    OVERLOAD_2_S,
    BYPASS_RETURN_S,
    OVERLOADS_TO_LOCK,
    OVERLOAD_WINDOW_S,
    BYPASS_LIMIT,
    BYPASS_LIMIT_S,
    RETURNS_LIMIT,
    RETURNS_WINDOW_S,
    BACKUP_DELAY_S,
    RETRANSFER_S,
    PARALLEL_RETURN,
    RESTART_S,
    kParameters
  };

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
      {"walk_in_ramp_s", "s", within(0.01, 3600), within(0.01, 30),
       "ramp of the rectifier from nothing to all"},
      {"dip_level", "pu", within(0.1, 0.99), within(0.85, 0.9), "voltage below which a dip is registered"},
      {"dip_min_s", "s", within(0, 10), within(0.005, 0.02), "shortest dip that is registered"},
      {"dips_to_lock", "1", within(0, kMostDips), within(0, 5),
       "dips that lock the UPS on backup; 0 = no counter"},
      {"dip_window_s", "s", positive(), within(10, 600), "window of the dip counter"},
      {"dip_merge_s", "s", not_negative(), within(0, 1), "dips closer than this count once"},
      {"reset_after_s", "s", positive(), anything(), "reset after the lock, by hand or staged; inf = never"},
      {"battery_s", "s", positive(), within(30, 900), "battery energy, seconds of rated IT load"},
      {"recharge_power", "pu", within(0, 1), within(0.05, 0.15),
       "grid power for recharging, of the IT rating"},
      {"recharge_taper", "pu", within(0.001, 1), within(0.02, 0.2),
       "share of the energy over which it tapers"},
      {"charge_efficiency", "pu", within(0.5, 1), within(0.85, 0.98), "energy kept over energy charged"},
      {"backup_start_s", "s", not_negative(), anything(),
       "on-site generation that is not modelled carries the load after; inf = none"},
      {"direct", "1", within(0, 2), within(0, 2),
       "0: double conversion, 1: eco mode, 2: line interactive (these feed the load past the converter)"},
      {"direct_efficiency", "pu", within(0.5, 1), within(0.97, 1),
       "IT power over grid power while fed directly"},
      {"direct_power_factor", "pu", within(0.5, 1), within(0.95, 1), "of the IT load, lagging"},
      {"alert_transfers", "1", within(0, kMostTransfers), within(0, 5),
       "transfers that end eco mode for a while; 0 = none do"},
      {"alert_window_s", "s", positive(), within(60, 3600), "window in which they are counted"},
      {"alert_s", "s", not_negative(), within(600, 7200), "double conversion after them"},
      {"frequency_window", "Hz", positive(), anything(), "to battery beyond this deviation; inf = none"},
      {"rocof_limit", "Hz/s", positive(), anything(), "to battery beyond this rate of change; inf = none"},
      {"battery_limit", "pu", positive(), anything(),
       "battery power that breaks its circuit at once; inf = none"},
      {"overload_1", "pu", positive(), anything(),
       "IT power the inverter carries for overload_1_s; inf = any"},
      {"overload_1_s", "s", not_negative(), within(10, 600), "then the static bypass takes over"},
      {"overload_2", "pu", positive(), anything(), "IT power it carries for overload_2_s; inf = any"},
      {"overload_2_s", "s", not_negative(), within(0, 60), "then the static bypass takes over"},
      {"bypass_return_s", "s", not_negative(), within(1, 600),
       "IT power below overload_1 before the inverter takes over again"},
      {"overloads_to_lock", "1", within(0, kMostOverloads), within(0, 4),
       "overloads that lock it on bypass; 0 = none do"},
      {"overload_window_s", "s", positive(), within(600, 7200), "window in which they are counted"},
      {"bypass_limit", "pu", positive(), anything(), "IT power the bypass carries for long; inf = any"},
      {"bypass_limit_s", "s", not_negative(), within(10, 600), "above it the load is lost after this"},
      {"returns_limit", "1", within(0, kMostTransfers - 1), within(0, 5),
       "returns within returns_window_s; the next is inhibited until a reset; 0 = any number"},
      {"returns_window_s", "s", positive(), within(30, 600), "window in which they are counted"},
      {"backup_delay_s", "s", not_negative(), within(0, 120),
       "from live generator bus (signal backup) to this block on it: transfer switch and sequence"},
      {"retransfer_s", "s", not_negative(), within(300, 1800),
       "voltage inside the window before a block on a generator returns"},
      {"parallel_return", "1", within(0, 1), within(0, 1),
       "1: the generator hands over in parallel with the grid, 0: break before make, by the battery"},
      {"restart_s", "s", not_negative(), anything(),
       "IT load that was lost starts again, with the walk-in, after the voltage was good this long; inf = "
       "never"},
  };

  /// Values from DIRECT on with which nothing of what they describe exists.
  static constexpr double kPlain[] = {0,         1,         1, 0,         600, 0, kInfinity, kInfinity,
                                      kInfinity, kInfinity, 0, kInfinity, 0,   0, 0,         3600,
                                      kInfinity, 0,         0, 60,        0,   0, 0,         kInfinity};
  static_assert(DIRECT + std::size(kPlain) == kParameters);

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
    P direct, direct_per_efficiency, direct_tangent;
    P alert_transfers, alert_window_s, alert_s;
    P base_frequency, frequency_window, rocof_limit;  ///< Hz; Hz; Hz/s
    P battery_limit, overload_1, overload_2, bypass_limit;
    P overload_1_s, overload_2_s, bypass_return_s, overloads_to_lock, overload_window_s, bypass_limit_s;
    P returns_limit, returns_window_s, backup_delay_s, retransfer_s, parallel_return, restart_s;
  };
  /// Above any quantity that a guard compares: stands for "no limit", where infinity would make 0 times inf.
  static constexpr double kNoLimit = 1e6;

  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const auto tangent = [](const P& factor) { return sqrt_(1.0 - factor * factor) / factor; };
    const auto limit = [&](Parameter which) { return min_(p[which], P(kNoLimit)); };
    Derived<P> d;
    d.efficiency = p[EFFICIENCY];
    d.per_efficiency = 1.0 / p[EFFICIENCY];
    d.tangent = tangent(p[POWER_FACTOR]);
    d.power_per_voltage = p[CURRENT_LIMIT] * p[POWER_FACTOR];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.device_MW = P(ratings.device_MVA);
    d.V_low = p[V_LOW_TRANSFER];
    d.V_low_back = p[V_LOW_TRANSFER] + p[V_HYSTERESIS];
    d.V_high = p[V_HIGH_TRANSFER];
    d.V_high_back = p[V_HIGH_TRANSFER] - p[V_HYSTERESIS];
    d.V_gate_off = p[V_GATE_OFF];
    d.V_hysteresis = p[V_HYSTERESIS];
    d.V_gate_on = d.V_low_back;  // not at V_gate_off: without its load the bus rises, and would chatter
    d.dip_level = p[DIP_LEVEL];
    d.dip_back = p[DIP_LEVEL] + p[V_HYSTERESIS];
    d.detect_s = p[DETECT_S];
    d.qualify_s = p[QUALIFY_S];
    d.walk_in_delay_s = p[WALK_IN_DELAY_S];
    d.walk_in_ramp_s = p[WALK_IN_RAMP_S];
    d.dip_min_s = p[DIP_MIN_S];
    d.dips_to_lock = p[DIPS_TO_LOCK];
    d.dip_window_s = p[DIP_WINDOW_S];
    d.dip_merge_s = p[DIP_MERGE_S];
    d.reset_after_s = p[RESET_AFTER_S];
    d.full = p[BATTERY_S];
    d.recharge = p[RECHARGE_POWER];
    d.recharge_gain = p[RECHARGE_POWER] / (p[RECHARGE_TAPER] * p[BATTERY_S]);
    d.charge_efficiency = p[EFFICIENCY] * p[CHARGE_EFFICIENCY];
    d.backup_start_s = p[BACKUP_START_S];
    d.direct = p[DIRECT];
    d.direct_per_efficiency = 1.0 / p[DIRECT_EFFICIENCY];
    d.direct_tangent = tangent(p[DIRECT_POWER_FACTOR]);
    d.alert_transfers = p[ALERT_TRANSFERS];
    d.alert_window_s = p[ALERT_WINDOW_S];
    d.alert_s = p[ALERT_S];
    d.base_frequency = P(ratings.frequency_Hz);
    d.frequency_window = limit(FREQUENCY_WINDOW);
    d.rocof_limit = limit(ROCOF_LIMIT);
    d.battery_limit = limit(BATTERY_LIMIT);
    d.overload_1 = limit(OVERLOAD_1);
    d.overload_2 = limit(OVERLOAD_2);
    d.bypass_limit = limit(BYPASS_LIMIT);
    d.overload_1_s = p[OVERLOAD_1_S];
    d.overload_2_s = p[OVERLOAD_2_S];
    d.bypass_return_s = p[BYPASS_RETURN_S];
    d.overloads_to_lock = p[OVERLOADS_TO_LOCK];
    d.overload_window_s = p[OVERLOAD_WINDOW_S];
    d.bypass_limit_s = p[BYPASS_LIMIT_S];
    d.returns_limit = p[RETURNS_LIMIT];
    d.returns_window_s = p[RETURNS_WINDOW_S];
    d.backup_delay_s = p[BACKUP_DELAY_S];
    d.retransfer_s = p[RETRANSFER_S];
    d.parallel_return = p[PARALLEL_RETURN];
    d.restart_s = p[RESTART_S];
    return d;
  }

  /// Settings that contradict each other.
  static Outcome check_settings(const Derived<double>& d) {
    const auto whole = [](const char* name, double value) {
      return value == round_(value) ? Outcome::fine() : Outcome{name, value, round_(value), round_(value)};
    };
    if (const Outcome o = whole("dips_to_lock (a whole number)", d.dips_to_lock); !o.ok()) return o;
    if (const Outcome o = whole("direct (0, 1 or 2)", d.direct); !o.ok()) return o;
    if (const Outcome o = whole("alert_transfers (a whole number)", d.alert_transfers); !o.ok()) return o;
    if (const Outcome o = whole("overloads_to_lock (a whole number)", d.overloads_to_lock); !o.ok()) return o;
    if (const Outcome o = whole("returns_limit (a whole number)", d.returns_limit); !o.ok()) return o;
    if (const Outcome o = whole("parallel_return (0 or 1)", d.parallel_return); !o.ok()) return o;
    if (const Outcome o =
            Outcome::check("V_gate_off (below V_low_transfer)", d.V_gate_off + d.V_hysteresis, 0, d.V_low);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("overload_2", d.overload_2, d.overload_1, kInfinity); !o.ok())
      return o;
    return Outcome::check("V_high_transfer less hysteresis", d.V_high_back, d.V_low_back, kInfinity);
  }
};

}  // namespace ballast
