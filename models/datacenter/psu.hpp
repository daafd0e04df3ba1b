/// \file
/// Power supplies of racks that stand at the grid without a UPS.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Rack power supplies: hold-up, tolerance curve, rack batteries (BBU), restart of the racks.
///
///   grid ──► PFC (efficiency, current limit, input off) ──►(+)──► IT load P_it
///                                                          ▲
///                                  hold-up capacitor ──────┤
///                                  rack battery (BBU) ─────┘ after bbu_takeover_s
///
///   normal ── hold-up below bbu_at, or curve trip ──► bbu (takeover) ── V good for bbu_return_s ──► normal
///   normal ── hold-up empty, or curve trip, without BBU ──► lost ── V good for restart_s ──► restarting ──►
///   normal bbu ── battery empty ──► lost
///
/// On the grid a constant power P_it/efficiency + recharge at a constant power factor, until the current
/// limit binds; the gap drains the hold-up. Below V_off nothing is drawn, nor within input_on_s of a voltage
/// above it: on a weak bus, which rises when the supplies let go, that is what keeps them from following
/// themselves. Lost racks restart with what is left in the capacitors, which the recharge fills.
///
/// Tolerance curve: for each of four levels below and three above, a timer of the time the voltage has been
/// beyond it; reaching its limit trips the supply. The times add up over dips until the voltage was good, at
/// V_return or above and inside all levels above, for curve_reset_s.
///
/// Source: OCP ORv3 slides (hold-up, BBU), ITIC and SEMI F47 points; docs/datacenter-models.md.
///
/// The DC bus has 1 pu while the hold-up is full and V_dc_min where it is empty: the energy of a capacitor.
///
/// Deviations: one voltage for three phases; the rectifier's control loop is fast against everything here.
struct Psu : ModelDefaults {
  static constexpr const char* title = "Rack power supplies with hold-up, tolerance curve and BBU";
  static constexpr const char* source = "OCP ORv3, ITIC and SEMI F47 points, docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  static constexpr int kLevels = 7;  ///< of the curve: four below, three above
  static constexpr int kLow = 4;
  enum State { HOLD_UP, BBU_ENERGY, kStates };
  enum Input { VR, VI, P_IT, TIME, kInputs };
  enum Output {
    IR,
    II,
    P_GRID,
    Q_GRID,
    P_SERVED,
    P_LOAD,
    P_OFF,
    P_SERVED_MW,
    P_BBU,
    P_HOLD_UP,
    SOC,
    BBU_SOC,
    V_DC,
    kOutputs
  };
  enum Limit { CURRENT, RECHARGE, BBU_RECHARGE, kLimits };
  enum Mode {
    AUTOMATON = kLimits,  ///< an Operation
    INPUT_OFF,            ///< an Input state
    POOR,                 ///< 1 voltage below V_return, or above a level
    BEYOND,               ///< 1 beyond a level of the curve, one mode each
    kModes = BEYOND + kLevels
  };
  enum Operation { NORMAL, RESTARTING, TAKEOVER, BBU, LOST };
  enum InputState { DRAWS, OFF, WAITS };
  enum Held {
    RAMP_VALUE,
    RAMP_SLOPE,
    RAMP_START,  ///< IT load that runs: value + slope (t - start)
    USED,        ///< of each level's time, s
    SINCE = USED + kLevels,
    kHeld = SINCE + kLevels
  };
  enum Timer { STEP, CURVE_RESET, INPUT_ON, TRIP, kTimers = TRIP + kLevels };
  enum Threshold { INPUT = 2 * kLimits, GOOD, HALF, EMPTY, BBU_EMPTY, LEVEL, kGuards = LEVEL + kLevels };

  static constexpr StateInfo states[] = {{"hold_up", "pu s"}, {"bbu_energy", "pu s"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"P_it", "pu"}, {"time", "s"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_grid", "pu", "active power drawn from the grid, of the IT rating"},
      {"Q_grid", "pu", "reactive power drawn from the grid, of the IT rating"},
      {"P_served", "pu", "IT power served, of the IT rating"},
      {"P_load", "MW", "active power drawn from the grid"},
      {"P_off", "MW", "IT power that the grid does not carry"},
      {"P_served_MW", "MW", "IT power served"},
      {"P_bbu", "pu", "rack battery power, discharge positive"},
      {"P_hold_up", "pu", "hold-up capacitor power, discharge positive"},
      {"soc", "1", "state of charge of the hold-up capacitors"},
      {"soc_bbu", "1", "state of charge of the rack batteries; 0 without them"},
      {"V_dc", "pu", "voltage of the DC bus"},
  };
  static constexpr ThresholdInfo thresholds[] = {
      {"bus voltage", "pu"},  {"bus voltage", "pu"}, {"hold-up energy", "pu s"}, {"hold-up energy", "pu s"},
      {"BBU energy", "pu s"}, {"bus voltage", "pu"}, {"bus voltage", "pu"},      {"bus voltage", "pu"},
      {"bus voltage", "pu"},  {"bus voltage", "pu"}, {"bus voltage", "pu"},      {"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"normal", "restarting", "takeover", "bbu", "lost"};

  enum Parameter {
    EFFICIENCY,
    POWER_FACTOR,
    CURRENT_LIMIT,
    V_OFF,
    V_HYSTERESIS,
    V_RETURN,
    HOLD_UP_S,
    RECHARGE_POWER,
    RECHARGE_TAPER,
    BBU_S,
    BBU_AT,
    BBU_TAKEOVER_S,
    BBU_RETURN_S,
    BBU_RECHARGE_POWER,
    BBU_CHARGE_EFFICIENCY,
    CURVE_RESET_S,
    RESTART_S,
    RESTART_RAMP_S,
    INPUT_ON_S,
    V_DC_MIN,
    CURVE,  ///< level and time of each segment
    kParameters = CURVE + 2 * kLevels
  };
  static constexpr ParameterInfo parameters[] = {
      {"efficiency", "pu", within(0.5, 1), within(0.9, 0.98), "IT power over grid power"},
      {"power_factor", "pu", within(0.5, 1), within(0.95, 1), "grid power factor, lagging"},
      {"current_limit", "pu", within(0.5, 5), within(1.1, 1.5),
       "input current, of IT rating at 1 pu voltage"},
      {"V_off", "pu", within(0.01, 0.95), within(0.3, 0.8), "nothing is drawn below this voltage"},
      {"V_hysteresis", "pu", within(0.001, 0.1), within(0.005, 0.05),
       "voltage inside a threshold that clears it"},
      {"V_return", "pu", within(0.1, 1), within(0.8, 0.95), "voltage from which it counts as good"},
      {"hold_up_s", "s", within(1e-3, 10), within(0.01, 0.03),
       "energy of the capacitors, seconds of rated load"},
      {"recharge_power", "pu", within(0, 1), within(0.05, 0.2), "grid power that recharges them"},
      {"recharge_taper", "pu", within(0.001, 1), within(0.02, 0.2),
       "share of the energy over which it tapers"},
      {"bbu_s", "s", not_negative(), within(0, 600),
       "energy of the rack batteries, seconds of rated load; 0 = none"},
      {"bbu_at", "pu", within(0, 1), within(0.3, 0.8), "hold-up energy left at which they are called"},
      {"bbu_takeover_s", "s", not_negative(), within(0.001, 0.02), "until they carry the load"},
      {"bbu_return_s", "s", not_negative(), within(0.1, 30), "good voltage before they stop"},
      {"bbu_recharge_power", "pu", within(0, 1), within(0.01, 0.15), "grid power that recharges them"},
      {"bbu_charge_efficiency", "pu", within(0.5, 1), within(0.85, 0.98), "energy kept over energy charged"},
      {"curve_reset_s", "s", not_negative(), within(0.1, 10),
       "good voltage that clears the times of the curve"},
      {"restart_s", "s", not_negative(), anything(),
       "good voltage before lost racks start again; inf = never"},
      {"restart_ramp_s", "s", within(0.01, 3600), within(1, 600), "in which their load comes back"},
      {"input_on_s", "s", within(1e-4, 10), within(0.001, 0.02),
       "voltage above V_off + V_hysteresis before it draws again"},
      {"V_dc_min", "pu", within(0.1, 0.99), within(0.6, 0.9), "DC voltage at which the hold-up is empty"},
      {"low_1", "pu", within(0, 1), within(0, 0.95), "level of the curve; 0 = none"},
      {"low_1_s", "s", not_negative(), anything(), "time below it that trips; inf = never"},
      {"low_2", "pu", within(0, 1), within(0, 0.95), "level of the curve; 0 = none"},
      {"low_2_s", "s", not_negative(), anything(), "time below it that trips; inf = never"},
      {"low_3", "pu", within(0, 1), within(0, 0.95), "level of the curve; 0 = none"},
      {"low_3_s", "s", not_negative(), anything(), "time below it that trips; inf = never"},
      {"low_4", "pu", within(0, 1), within(0, 0.95), "level of the curve; 0 = none"},
      {"low_4_s", "s", not_negative(), anything(), "time below it that trips; inf = never"},
      {"high_1", "pu", within(1, 10), within(1.05, 5), "level of the curve"},
      {"high_1_s", "s", not_negative(), anything(), "time above it that trips; inf = never"},
      {"high_2", "pu", within(1, 10), within(1.05, 5), "level of the curve"},
      {"high_2_s", "s", not_negative(), anything(), "time above it that trips; inf = never"},
      {"high_3", "pu", within(1, 10), within(1.05, 5), "level of the curve"},
      {"high_3_s", "s", not_negative(), anything(), "time above it that trips; inf = never"},
  };

  template <class P>
  struct Derived {
    P per_efficiency, efficiency, tangent, power_per_voltage, to_system, device_MW;
    P V_off, V_on, V_return, V_poor, V_hysteresis;
    P hold_up, recharge, recharge_gain, bbu, bbu_at, bbu_recharge, bbu_gain, bbu_efficiency;
    P bbu_takeover_s, bbu_return_s, curve_reset_s, restart_s, restart_ramp_s, input_on_s;
    P V_dc_min_square;
    P level[kLevels], time[kLevels], highest;  ///< highest: lowest level above, pu
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.efficiency = p[EFFICIENCY];
    d.per_efficiency = 1.0 / p[EFFICIENCY];
    d.tangent = sqrt_(1.0 - p[POWER_FACTOR] * p[POWER_FACTOR]) / p[POWER_FACTOR];
    d.power_per_voltage = p[CURRENT_LIMIT] * p[POWER_FACTOR];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.device_MW = P(ratings.device_MVA);
    d.V_off = p[V_OFF];
    d.V_on = p[V_OFF] + p[V_HYSTERESIS];
    d.V_return = p[V_RETURN];
    d.V_poor = p[V_RETURN] - p[V_HYSTERESIS];
    d.V_hysteresis = p[V_HYSTERESIS];
    d.hold_up = p[HOLD_UP_S];
    d.recharge = p[RECHARGE_POWER];
    d.recharge_gain = p[RECHARGE_POWER] / (p[RECHARGE_TAPER] * p[HOLD_UP_S]);
    d.bbu = p[BBU_S];
    d.bbu_at = select_(p[BBU_S] > 0.0, p[BBU_AT] * p[HOLD_UP_S], P(-1.0));  // -1: nothing to call
    d.bbu_recharge = p[BBU_RECHARGE_POWER];
    d.bbu_gain = p[BBU_RECHARGE_POWER] / (p[RECHARGE_TAPER] * max_(p[BBU_S], P(1.0)));
    d.bbu_efficiency = p[EFFICIENCY] * p[BBU_CHARGE_EFFICIENCY];
    d.bbu_takeover_s = p[BBU_TAKEOVER_S];
    d.bbu_return_s = p[BBU_RETURN_S];
    d.curve_reset_s = p[CURVE_RESET_S];
    d.restart_s = p[RESTART_S];
    d.restart_ramp_s = p[RESTART_RAMP_S];
    d.input_on_s = p[INPUT_ON_S];
    d.V_dc_min_square = p[V_DC_MIN] * p[V_DC_MIN];
    for (int k = 0; k < kLevels; ++k) {
      d.level[k] = p[CURVE + 2 * k];
      d.time[k] = p[CURVE + 2 * k + 1];
    }
    d.highest = min_(d.level[kLow], min_(d.level[kLow + 1], d.level[kLow + 2]));
    return d;
  }

  /// Power drawn at rest (all full), pu of the IT rating: what the power flow has to know.
  static double rest_power(const Derived<double>& d, double P_it) { return P_it * d.per_efficiency; }
  static double rest_reactive_power(const Derived<double>& d, double P_it) {
    return rest_power(d, P_it) * d.tangent;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto at_grid = operation < BBU;
    const auto lost = operation == LOST;
    const T V = magnitude_(in[VR], in[VI]);
    const T zero(0.0);

    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T served = select_(lost, zero, ramp * in[P_IT]);
    const T recharge =
        limited((d.hold_up - x[HOLD_UP]) * d.recharge_gain, -d.recharge, d.recharge, context, RECHARGE);
    const T charge =
        limited((d.bbu - x[BBU_ENERGY]) * d.bbu_gain, -d.bbu_recharge, d.bbu_recharge, context, BBU_RECHARGE);

    // Constant power up to the current limit; clipped also in the free mode, see ups.hpp.
    const auto off = !(context.mode[INPUT_OFF] == DRAWS);
    const T wanted =
        select_(off, zero, select_(at_grid, served * d.per_efficiency + recharge + charge, zero));
    const T most = V * d.power_per_voltage;
    const auto limiting = context.mode[CURRENT] == 1;
    context.guard[2 * CURRENT] = select_(limiting, most - wanted, wanted - most);
    context.guard[2 * CURRENT + 1] = T(-1.0);
    const T drawn = select_(limiting, most, min_(wanted, most));
    const T charging = select_(off, zero, select_(at_grid, charge, zero));
    dxdt[HOLD_UP] = select_(at_grid, (drawn - charging) * d.efficiency - served, zero);
    const T from_bbu = select_(operation == BBU, served, zero);
    dxdt[BBU_ENERGY] = charging * d.bbu_efficiency - from_bbu;

    const T divisor = max_(V, T(d.V_off));
    const T P_over_V2 = drawn * d.to_system / (divisor * divisor);
    const T Q_over_V2 = P_over_V2 * d.tangent;
    out[IR] = -(P_over_V2 * in[VR] + Q_over_V2 * in[VI]);
    out[II] = -(P_over_V2 * in[VI] - Q_over_V2 * in[VR]);
    const T grid = P_over_V2 * V * V / d.to_system;
    out[P_GRID] = grid;
    out[Q_GRID] = grid * d.tangent;
    out[P_SERVED] = served;
    out[P_LOAD] = grid * d.device_MW;
    out[P_OFF] = select_(off, in[P_IT], select_(at_grid, (1.0 - ramp) * in[P_IT], in[P_IT])) * d.device_MW;
    out[P_SERVED_MW] = served * d.device_MW;
    out[P_BBU] = from_bbu;
    out[P_HOLD_UP] = -dxdt[HOLD_UP];
    out[SOC] = x[HOLD_UP] / d.hold_up;
    out[BBU_SOC] = x[BBU_ENERGY] / max_(d.bbu, P(1e-9));
    out[V_DC] = sqrt_(max_(T(d.V_dc_min_square + (1.0 - d.V_dc_min_square) * out[SOC]), T(0.0)));

    const T inert(-1.0);
    context.guard[INPUT] = select_(context.mode[INPUT_OFF] == OFF, V - d.V_on, d.V_off - V);
    context.guard[GOOD] = select_(context.mode[POOR] == 1, min_(V - d.V_return, d.highest - V),
                                  max_(d.V_poor - V, V - d.highest));
    context.guard[HALF] = select_(operation == NORMAL, d.bbu_at - x[HOLD_UP], inert);
    context.guard[EMPTY] = select_(at_grid, -x[HOLD_UP], inert);
    context.guard[BBU_EMPTY] = select_(operation == BBU, -x[BBU_ENERGY], inert);
    for (int k = 0; k < kLevels; ++k) {
      const double side = k < kLow ? 1.0 : -1.0;
      const T beyond = (d.level[k] - V) * side;
      context.guard[LEVEL + k] = select_(context.mode[BEYOND + k] == 1, -beyond, beyond);
    }
  }

  /// Rests on the grid with everything charged, drawing rest_power().
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("V_return (above V_off)", d.V_poor, d.V_on, 1); !o.ok()) return o;
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_return, d.highest); !o.ok()) return o;
    if (rest.out[IR] == rest.out[IR]) {  // not NaN: the power flow has decided
      const double P = -(Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
      const double Q = -(Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
      if (!(rest.in[P_IT] == rest.in[P_IT])) rest.in[P_IT] = P * d.efficiency;
      const double own = rest_power(d, rest.in[P_IT]);
      if (const Outcome o = Outcome::check("active power drawn (pu of IT rating)", P, own, own); !o.ok())
        return o;
      const double own_Q = rest_reactive_power(d, rest.in[P_IT]);
      if (const Outcome o = Outcome::check("reactive power drawn (pu of IT rating)", Q, own_Q, own_Q);
          !o.ok())
        return o;
    }
    const double P = rest_power(d, rest.in[P_IT]);
    if (const Outcome o =
            Outcome::check("active power drawn (pu of IT rating)", P, 0, V * d.power_per_voltage);
        !o.ok())
      return o;
    x[HOLD_UP] = d.hold_up;
    x[BBU_ENERGY] = d.bbu;
    rest.held[RAMP_VALUE] = 1;
    const double per_V2 = P * d.to_system / (V * V);
    rest.out[IR] = -per_V2 * (Vr + d.tangent * Vi);
    rest.out[II] = -per_V2 * (Vi - d.tangent * Vr);
    rest.out[P_GRID] = P;
    rest.out[Q_GRID] = P * d.tangent;
    rest.out[P_SERVED] = rest.in[P_IT];
    rest.out[P_LOAD] = P * d.device_MW;
    rest.out[P_OFF] = 0;
    rest.out[P_SERVED_MW] = rest.in[P_IT] * d.device_MW;
    rest.out[P_BBU] = 0;
    rest.out[P_HOLD_UP] = 0;
    rest.out[SOC] = 1;
    rest.out[BBU_SOC] = d.bbu > 0 ? 1 : 0;
    rest.out[V_DC] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    const int index = happening.index;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::TIMER) {
      if (index == CURVE_RESET) {
        for (int k = 0; k < kLevels; ++k) a.held[USED + k] = 0;
        return Effect::NONE;
      }
      if (index == INPUT_ON) {
        a.mode[INPUT_OFF] = DRAWS;
        a.threshold = d.V_on;
        const bool waited = !(a.timer[STEP] < kNever) && d.restart_s < kNever;  // restart_s is over
        if (operation == LOST && a.mode[POOR] == 0 && waited) return restart(a, d, t);
        return operation < BBU ? Effect::JUMP : Effect::NONE;
      }
      if (index >= TRIP) {
        const int k = index - TRIP;
        a.pickup_time = a.held[SINCE + k];
        a.threshold = d.level[k];
        if (operation >= BBU) return Effect::NONE;
        return go(a, d, t, d.bbu > 0 && operation != RESTARTING ? BBU : LOST);
      }
      switch (operation) {
        case TAKEOVER:
          return go(a, d, t, BBU);
        case BBU:
          operation = NORMAL;
          // The batteries have filled the capacitors, as far as they could.
          fill_from_batteries(a, d);
          return Effect::JUMP;
        case LOST:
          return a.mode[INPUT_OFF] == DRAWS ? restart(a, d, t) : Effect::NONE;  // else when it draws
        case RESTARTING:
          operation = NORMAL;
          set_ramp(a, 1, 0, t);
          return Effect::KINK;
        default:
          return Effect::NONE;
      }
    }
    switch (index) {
      case INPUT: {
        const bool drew = a.mode[INPUT_OFF] == DRAWS;
        const bool rises = a.mode[INPUT_OFF] == OFF;
        a.mode[INPUT_OFF] = rises ? WAITS : OFF;
        a.timer[INPUT_ON] = rises ? t + d.input_on_s : kNever;
        a.threshold = rises ? d.V_on : d.V_off;
        return drew && operation < BBU ? Effect::JUMP : Effect::NONE;
      }
      case GOOD:
        a.mode[POOR] = 1 - a.mode[POOR];
        a.threshold = a.mode[POOR] == 1 ? d.V_poor : d.V_return;
        wait_for_good(a, d, t);
        return Effect::NONE;
      case HALF:
        a.threshold = d.bbu_at;
        operation = TAKEOVER;
        set_ramp(a, 1, 0, t);
        a.timer[STEP] = t + d.bbu_takeover_s;
        return Effect::KINK;
      case EMPTY:
      case BBU_EMPTY:
        a.x[index == EMPTY ? HOLD_UP : BBU_ENERGY] = 0;
        a.threshold = 0;
        return go(a, d, t, LOST);
      default:
        return cross_level(a, d, t, index - LEVEL);
    }
  }

 private:
  /// The load of lost racks comes back; the recharge of their capacitors begins with it.
  BALLAST_HD static Effect restart(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = RESTARTING;
    set_ramp(a, 0, 1 / d.restart_ramp_s, t);
    a.timer[STEP] = t + d.restart_ramp_s;
    return Effect::JUMP;
  }
  BALLAST_HD static void fill_from_batteries(Automaton& a, const Derived<double>& d) {
    const double missing = d.hold_up - a.x[HOLD_UP];
    const double given = missing < a.x[BBU_ENERGY] ? missing : a.x[BBU_ENERGY];
    a.x[BBU_ENERGY] -= given;
    a.x[HOLD_UP] += given;
  }
  BALLAST_HD static void set_ramp(Automaton& a, double value, double slope, double t) {
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
    a.held[RAMP_START] = t;
  }
  /// The voltage becomes good or poor: what waits for it starts, or starts again.
  BALLAST_HD static void wait_for_good(Automaton& a, const Derived<double>& d, double t) {
    const bool good = a.mode[POOR] == 0;
    a.timer[CURVE_RESET] = good ? t + d.curve_reset_s : kNever;
    if (a.mode[AUTOMATON] == BBU) a.timer[STEP] = good ? t + d.bbu_return_s : kNever;
    if (a.mode[AUTOMATON] == LOST) a.timer[STEP] = good ? t + d.restart_s : kNever;
  }
  /// From the grid to the rack batteries, or to nothing.
  BALLAST_HD static Effect go(Automaton& a, const Derived<double>& d, double t, int to) {
    const bool jump = a.mode[AUTOMATON] < BBU && a.mode[INPUT_OFF] == DRAWS;
    a.mode[AUTOMATON] = to;
    a.timer[STEP] = kNever;
    for (int k = 0; k < kLevels; ++k) a.timer[TRIP + k] = kNever;
    set_ramp(a, 1, 0, t);
    wait_for_good(a, d, t);
    return jump ? Effect::JUMP : Effect::KINK;
  }
  BALLAST_HD static Effect cross_level(Automaton& a, const Derived<double>& d, double t, int k) {
    a.mode[BEYOND + k] = 1 - a.mode[BEYOND + k];
    a.threshold = d.level[k];
    if (a.mode[BEYOND + k] == 1) {
      a.held[SINCE + k] = t;
      a.timer[TRIP + k] = t + (d.time[k] - a.held[USED + k]);
    } else {
      a.held[USED + k] += t - a.held[SINCE + k];
      a.timer[TRIP + k] = kNever;
    }
    return Effect::NONE;
  }
};
BALLAST_MODEL(Psu, "PSU");

}  // namespace ballast
