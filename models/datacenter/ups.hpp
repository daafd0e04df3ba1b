/// \file
/// UPS block between the grid and its IT load: double conversion, eco mode, line interactive.
#pragma once

#include "models/datacenter/ups_automaton.hpp"

namespace ballast {

/// Uninterruptible power supply of a data center: rectifier, battery, inverter and the automaton that
/// decides when the load leaves the grid, how it comes back, and after how many dips it stays away.
///
///   grid ─┬─► rectifier (efficiency, current limit, gate-off) ──►(+)──► inverter ──┬──► IT load P_it
///         │                                                      ▲                │
///         │                                                   battery             │
///         └──────────────── static switch (direct feed, bypass) ──────────────────┘
///
///              outside the window   inside            qualify_s
///   normal ──────────────► battery ──────────► qualifying ──────────► waiting
///     ▲      for detect_s     ▲                    │                   │  │
///     │                       └──── outside ───────┴───────────────────┘  │ walk_in_delay_s
///     └───────────────────────────── walk-in ◄────────────────────────────┘
///         walk_in_ramp_s        (outside for detect_s: battery)
///
///   any of these ── dips_to_lock dips within dip_window_s ──► locked ── reset_after_s ──► battery
///   qualifying ── more than returns_limit returns within returns_window_s ──► locked
///   any of these ── overload carried for its time ──► bypass ── bypass_return_s ──► normal
///   any of these ── battery empty or beyond its limit, no backup ──► lost ── restart_s ──► walk-in
///   bypass ── outside the window for detect_s, or overloaded ──► lost
///
/// The window is that of voltage, frequency and its rate of change together. On the grid the block is a
/// constant power P_it/efficiency + recharge at a constant power factor, until the rectifier's current limit
/// binds: then it is a constant current and the battery covers the gap. Below V_gate_off the rectifier (the
/// static switch) stops at once, until the voltage is back inside the window, and the battery carries
/// everything. Battery energy is counted at the inverter's output, in seconds of rated IT load; all its
/// losses are taken on charging.
///
/// `direct` = 1, eco mode: the grid feeds the load past the converter, with the load's own power factor; the
/// way back is through the converter, and after alert_transfers transfers it stays there for alert_s.
/// `direct` = 2, line interactive: the way back is direct too.
///
/// A dip is V below dip_level for longer than dip_min_s; it is dated by its start. A dip that starts
/// within dip_merge_s of the end of the one before is the same disturbance and does not count again.
///
/// Generation: either "it carries the load after backup_start_s", or a GENSET gives the signal `backup`: a
/// block off the grid is taken by it backup_delay_s later (P_backup), and returns after retransfer_s.
///
/// Source: vendor manuals and the NERC incident review of 10 Jul 2024; docs/datacenter-models.md lists
/// each value with its confidence.
///
/// Deviations: no DC-link or PLL dynamics (valid below about 5 Hz of envelope), one aggregate block (stagger
/// modules by several blocks); fed directly, what the load's own hold-up covers is taken from the battery.
struct Ups : UpsAutomaton {
  static constexpr const char* title = "UPS with dip counter, bypass and backup";
  static constexpr const char* source =
      "vendor manuals and the NERC incident review of 10 Jul 2024 through transcriptions, "
      "docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum Output {
    IR,
    II,
    P_GRID,
    Q_GRID,
    BATTERY_POWER,
    P_SERVED,
    P_LOAD,
    P_OFF,
    P_SERVED_MW,
    P_BACKUP,
    SOC,
    DIPS_COUNTED,
    kOutputs
  };
  static constexpr StateInfo states[] = {{"battery_energy", "pu s"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"P_it", "pu"},
                                         {"time", "s"},
                                         {"frequency", "pu", Unwired::HELD},
                                         {"rocof", "Hz/s", Unwired::ZERO},
                                         {"backup", "1", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_grid", "pu", "active power drawn from the grid, of the IT rating"},
      {"Q_grid", "pu", "reactive power drawn from the grid, of the IT rating"},
      {"battery_power", "pu", "battery power, discharge positive, of the IT rating"},
      {"P_served", "pu", "IT power served, of the IT rating"},
      {"P_load", "MW", "active power drawn from the grid"},
      {"P_off", "MW", "IT power that the grid does not carry"},
      {"P_served_MW", "MW", "IT power served"},
      {"P_backup", "MW", "active power drawn from the generators of the site"},
      {"soc", "1", "state of charge of the battery"},
      {"dips", "1", "dips counted since the start or the last reset"},
  };
  static constexpr ThresholdInfo thresholds[] = {
      {"bus voltage", "pu"},      {"bus voltage", "pu"},   {"bus voltage", "pu"}, {"bus voltage", "pu"},
      {"battery energy", "pu s"}, {"bus frequency", "Hz"}, {"IT power", "pu"},    {"IT power", "pu"},
      {"IT power", "pu"},         {"battery power", "pu"}, {"generator bus", "1"}};
  static constexpr const char* mode_names[] = {"normal",  "walk-in", "battery", "qualifying",
                                               "waiting", "locked",  "lost",    "bypass"};

  /// Active power drawn at rest (battery full), pu of the IT rating: what the power flow has to know.
  static double rest_power(const Derived<double>& d, double P_it) {
    return P_it * (d.direct > 0 ? d.direct_per_efficiency : d.per_efficiency);
  }
  /// Reactive power drawn with it.
  static double rest_reactive_power(const Derived<double>& d, double P_it) {
    return rest_power(d, P_it) * (d.direct > 0 ? d.direct_tangent : d.tangent);
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto gated = context.mode[RECTIFIER] == 1;
    const auto direct = context.mode[FED_DIRECTLY] == 1;
    const auto backup = context.mode[BACKUP] == 1;
    const auto restarting = context.mode[RESTARTING] == 1;
    const auto lost = operation == LOST;
    const T V = magnitude_(in[VR], in[VI]);

    // Share of the load that the grid is to carry.
    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T share = select_(gated, T(0.0), ramp);
    const T recharge =
        limited((d.full - x[ENERGY]) * d.recharge_gain, -d.recharge, d.recharge, context, RECHARGE);

    // Constant power up to the current limit. The clipping also in the free mode keeps a network solution
    // bounded while the voltage falls in one jump; no smooth piece of a run contains its corner.
    const T per_power = select_(direct, T(d.direct_per_efficiency), T(d.per_efficiency));
    const T wanted = share * (in[P_IT] * per_power + recharge);
    const T most = V * d.power_per_voltage;
    const auto limiting = context.mode[CURRENT] == 1;
    const T drawn = select_(limiting, most, min_(wanted, most));
    const T gap = (wanted - drawn) * d.efficiency;

    const T demand = select_(lost, T(0.0), in[P_IT]);
    const T off = (1.0 - share) * demand;
    const T served = select_(restarting, share * demand, demand);
    const T from_battery = select_(backup, T(0.0), select_(restarting, T(0.0), off)) + gap -
                           share * recharge * d.charge_efficiency;
    dxdt[ENERGY] = select_(lost, T(0.0), -from_battery);

    // Below V_gate_off (only until the guard has acted) the block is an impedance: a dead bus carries no
    // current.
    const T tangent = select_(direct, T(d.direct_tangent), T(d.tangent));
    const T divisor = max_(V, T(d.V_gate_off));
    const T P_over_V2 = drawn * d.to_system / (divisor * divisor);
    const T Q_over_V2 = P_over_V2 * tangent;
    out[IR] = -(P_over_V2 * in[VR] + Q_over_V2 * in[VI]);
    out[II] = -(P_over_V2 * in[VI] - Q_over_V2 * in[VR]);
    const T grid = P_over_V2 * V * V / d.to_system;
    out[P_GRID] = grid;
    out[Q_GRID] = grid * tangent;
    out[BATTERY_POWER] = -dxdt[ENERGY];
    out[P_SERVED] = served;
    out[P_LOAD] = grid * d.device_MW;
    out[P_OFF] = (1.0 - share) * in[P_IT] * d.device_MW;
    out[P_SERVED_MW] = served * d.device_MW;
    out[P_BACKUP] = select_(backup, off * d.per_efficiency * d.device_MW, T(0.0));
    out[SOC] = x[ENERGY] / d.full;
    out[DIPS_COUNTED] = context.held[DIPS];

    watch(x, in, d, context, V, wanted - most, from_battery);
  }

  /// Rests on the grid with a full battery, drawing rest_power(). What the power flow gave must agree with
  /// it.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = check_settings(d); !o.ok()) return o;
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    const auto unknown = [](double v) { return !(v == v); };
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_low, d.V_high); !o.ok()) return o;
    if (unknown(rest.in[FREQUENCY])) rest.in[FREQUENCY] = 1;
    if (unknown(rest.in[ROCOF])) rest.in[ROCOF] = 0;
    if (unknown(rest.in[GENERATOR])) rest.in[GENERATOR] = 0;
    const double factor = d.direct > 0 ? d.direct_per_efficiency : d.per_efficiency;
    const double tangent = d.direct > 0 ? d.direct_tangent : d.tangent;
    if (!unknown(rest.out[IR])) {  // the power flow has decided
      const double P = -(Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
      const double Q = -(Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
      if (unknown(rest.in[P_IT])) rest.in[P_IT] = P / factor;
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
    if (const Outcome o = Outcome::check("IT power (pu)", rest.in[P_IT], -kInfinity, d.overload_1); !o.ok())
      return o;
    x[ENERGY] = d.full;
    rest.mode[FED_DIRECTLY] = d.direct > 0 ? 1 : 0;
    rest.held[RAMP_VALUE] = 1;
    rest.held[DIP_END] = rest.held[ALERT_UNTIL] = -kInfinity;
    for (int i = DIP_TIME; i < kHeld; ++i) rest.held[i] = -kInfinity;
    const double per_V2 = P * d.to_system / (V * V);
    rest.out[IR] = -per_V2 * (Vr + tangent * Vi);
    rest.out[II] = -per_V2 * (Vi - tangent * Vr);
    rest.out[P_GRID] = P;
    rest.out[Q_GRID] = P * tangent;
    rest.out[BATTERY_POWER] = 0;
    rest.out[P_SERVED] = rest.in[P_IT];
    rest.out[P_LOAD] = P * d.device_MW;
    rest.out[P_OFF] = 0;
    rest.out[P_SERVED_MW] = rest.in[P_IT] * d.device_MW;
    rest.out[P_BACKUP] = 0;
    rest.out[SOC] = 1;
    rest.out[DIPS_COUNTED] = 0;
    return Outcome::fine();
  }

 private:
  /// The guards. `beyond`: power wanted above the current limit.
  template <class T, class P>
  BALLAST_HD static void watch(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                               const T& V, const T& beyond, const T& from_battery) {
    const auto operation = context.mode[AUTOMATON];
    const auto window = context.mode[WINDOW];
    const auto lost = operation == LOST;
    const T inert(-1.0);  // a guard that never fires
    T* const guard = context.guard;
    guard[2 * CURRENT] = select_(context.mode[CURRENT] == 1, -beyond, beyond);
    guard[2 * CURRENT + 1] = inert;
    guard[LOW] = select_(window == -1, V - d.V_low_back, select_(window == 0, d.V_low - V, inert));
    guard[HIGH] = select_(window == 1, d.V_high_back - V, select_(window == 0, V - d.V_high, inert));
    guard[GATE] =
        select_(context.mode[RECTIFIER] == 1, min_(V - d.V_gate_on, d.V_high_back - V), d.V_gate_off - V);
    guard[DIP] = select_(context.mode[DEPRESSION] == 0, d.dip_level - V, V - d.dip_back);
    guard[EMPTY] = select_(lost, inert, -x[ENERGY]);
    guard[BATTERY_LEVEL] = select_(lost, inert, from_battery - d.battery_limit);

    const T away = abs_(in[FREQUENCY] - 1.0) * d.base_frequency;
    const T rate = abs_(in[ROCOF]);
    constexpr double kBack = 0.9;  // of the window, inside which it counts as back
    guard[FREQUENCY_BAND] = select_(context.mode[OFF_FREQUENCY] == 1,
                                    min_(kBack * d.frequency_window - away, kBack * d.rocof_limit - rate),
                                    max_(away - d.frequency_window, rate - d.rocof_limit));
    const auto level = [&](int state, const P& at) {
      return select_(context.mode[state] == 1, at - kLevelHysteresis - in[P_IT], in[P_IT] - at);
    };
    guard[LEVEL_1] = level(OVERLOAD_1, d.overload_1);
    guard[LEVEL_2] = level(OVERLOAD_2, d.overload_2);
    guard[BYPASS_LEVEL] = select_(operation == BYPASS, level(BYPASS_OVERLOAD, d.bypass_limit),
                                  select_(context.mode[BYPASS_OVERLOAD] == 1, -inert, inert));
    guard[BUS] = select_(context.mode[GENERATOR_BUS] == 1, 0.5 - in[GENERATOR], in[GENERATOR] - 0.5);
  }
};
BALLAST_MODEL(Ups, "UPS");

}  // namespace ballast
