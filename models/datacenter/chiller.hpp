/// \file
/// Chillers of a data center: central, air-cooled or mobile.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Chillers as one block: cooling follows the heat, electrical power follows the cooling.
///
///   heat_share heat + gain (T_water - set_C) ──► 0 .. available ──► 1/(1 + s lag_s) ──► Q_cool
///   P = Q_cool/COP + auxiliary          available = rejection x loading, of the capacity
///
///   running ── V below V_trip for trip_s ──► stopped ── V above V_good ──► locked out ── lockout_s ──►
///   loading ── load_s ──► running            locked out ── V below V_good ──► stopped
///
/// A stopped compressor gives no cooling and draws nothing; after lockout_s of good voltage (restart of its
/// controls, oil, anti-recycle timer) it loads linearly over load_s. `rejection` is what towers, dry coolers
/// or condenser fans still reject, 1 = all.
///
/// Source: restart times from docs/datacenter-models.md; COP by kind from memory; the reduction is ours.
///
/// Deviations: COP is constant (no part-load curve, no weather); constant power at constant power factor
/// above V_trip; the water between chiller and load is in the coolant's loop.
struct Chiller : ModelDefaults {
  static constexpr const char* title = "Chillers of a data center";
  static constexpr const char* source = "own reduction; restart times: docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { COOLING, kStates };
  enum Input { VR, VI, TIME, HEAT, T_WATER, REJECTION, kInputs };
  enum Output { IR, II, P_LOAD, Q_COOL, kOutputs };
  enum Mode { AUTOMATON = kLimits, LOW, kModes };  ///< an Operation; 1 voltage below V_trip
  enum Operation { RUNNING, LOADING, STOPPED, LOCKED_OUT };
  enum Held { LOAD_VALUE, LOAD_SLOPE, LOAD_START, kHeld };  ///< loading: value + slope (t - start)
  enum Timer { STEP, RELAY, kTimers };
  enum Threshold { VOLTAGE, kGuards };
  enum Parameter {
    COP,
    AUXILIARY,
    POWER_FACTOR,
    HEAT_SHARE,
    SET_C,
    GAIN,
    LAG_S,
    V_TRIP,
    TRIP_S,
    V_GOOD,
    LOCKOUT_S,
    LOAD_S,
    kParameters
  };
  static constexpr double kHysteresis = 0.01;  ///< pu of voltage

  static constexpr StateInfo states[] = {{"cooling", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},        {"Vi", "pu"},
                                         {"time", "s"},       {"heat", "MW"},
                                         {"T_water", "degC"}, {"rejection", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_load", "MW", "active power drawn"},
      {"Q_cool", "MW", "heat taken out of the water"},
  };
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"running", "loading", "stopped", "locked out"};

  static constexpr ParameterInfo parameters[] = {
      {"COP", "1", within(0.5, 50), within(2, 10), "heat removed over power drawn"},
      {"auxiliary", "pu", within(0, 1), within(0, 0.1), "power beside it while on, of the capacity"},
      {"power_factor", "pu", within(0.5, 1), within(0.8, 1), "lagging"},
      {"heat_share", "1", within(0, 1), anything(), "share of the IT heat that they follow"},
      {"set_C", "degC", within(-10, 80), within(5, 45), "temperature of the water they make"},
      {"gain", "pu/K", not_negative(), within(0.02, 1), "cooling per K above it, of the capacity"},
      {"lag_s", "s", within(0.1, 3600), within(10, 120), "cooling behind what is asked of them"},
      {"V_trip", "pu", within(0.1, 0.95), within(0.6, 0.9), "they stop below this voltage"},
      {"trip_s", "s", not_negative(), within(0.01, 2), "after this time"},
      {"V_good", "pu", within(0.1, 1), within(0.8, 0.95), "voltage that lets them start again"},
      {"lockout_s", "s", not_negative(), anything(),
       "voltage above V_good before the start; inf = by hand only"},
      {"load_s", "s", within(0.1, 7200), within(30, 600), "from the start to full cooling"},
  };
  static constexpr Relation relations[] = {
      {V_TRIP, Relation::BELOW, V_GOOD, "they would start only to stop"}};

  template <class P>
  struct Derived {
    P per_COP, auxiliary, tangent, share_per_MW, set_C, gain, rate, V_trip, trip_s, V_good, lockout_s, load_s,
        to_system, device_MW;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {1.0 / p[COP],
            p[AUXILIARY],
            sqrt_(1.0 - p[POWER_FACTOR] * p[POWER_FACTOR]) / p[POWER_FACTOR],
            p[HEAT_SHARE] / ratings.device_MVA,
            p[SET_C],
            p[GAIN],
            1.0 / p[LAG_S],
            p[V_TRIP],
            p[TRIP_S],
            p[V_GOOD],
            p[LOCKOUT_S],
            p[LOAD_S],
            P(ratings.device_MVA / ratings.system_MVA),
            P(ratings.device_MVA)};
  }
  /// Active power (MW) and reactive power per active power at rest: what the power flow has to know.
  static double rest_power_MW(const Derived<double>& d, double heat_MW) {
    return (heat_MW * d.share_per_MW * d.per_COP + d.auxiliary) * d.device_MW;
  }
  static double rest_tangent(const Derived<double>& d) { return d.tangent; }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto on = operation < STOPPED;
    const T zero(0.0);
    const T loading =
        (in[TIME] - context.held[LOAD_START]) * context.held[LOAD_SLOPE] + context.held[LOAD_VALUE];
    const T available = max_(T(in[REJECTION] * loading), zero);
    const T asked = in[HEAT] * d.share_per_MW + (in[T_WATER] - d.set_C) * d.gain;
    dxdt[COOLING] = select_(on, (clamp_(asked, zero, available) - x[COOLING]) * d.rate, zero);

    const T drawn = select_(on, x[COOLING] * d.per_COP + d.auxiliary, zero);
    const T V = magnitude_(in[VR], in[VI]);
    const T divisor = max_(V, T(d.V_trip));
    const T P_over_V2 = drawn * d.to_system / (divisor * divisor);
    const T Q_over_V2 = P_over_V2 * d.tangent;
    out[IR] = -(P_over_V2 * in[VR] + Q_over_V2 * in[VI]);
    out[II] = -(P_over_V2 * in[VI] - Q_over_V2 * in[VR]);
    out[P_LOAD] = P_over_V2 * V * V / d.to_system * d.device_MW;
    out[Q_COOL] = x[COOLING] * d.device_MW;

    const T serving = select_(context.mode[LOW] == 1, V - d.V_trip - kHysteresis, d.V_trip - V);
    const T waiting = select_(operation == STOPPED, V - d.V_good, d.V_good - kHysteresis - V);
    context.guard[VOLTAGE] = select_(on, serving, waiting);
  }

  /// Rests taking their share of the heat, the water at set_C unless the coolant says otherwise.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    const auto unknown = [](double v) { return !(v == v); };
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_good, kInfinity); !o.ok()) return o;
    if (unknown(rest.in[T_WATER])) rest.in[T_WATER] = d.set_C;
    if (unknown(rest.in[REJECTION])) rest.in[REJECTION] = 1;
    if (unknown(rest.in[HEAT])) return {"IT heat (MW; nothing gives it at rest)", rest.in[HEAT], 0, 0};
    const double asked = rest.in[HEAT] * d.share_per_MW + (rest.in[T_WATER] - d.set_C) * d.gain;
    if (const Outcome o =
            Outcome::check("cooling asked for (pu of the capacity)", asked, 0, rest.in[REJECTION]);
        !o.ok())
      return o;
    x[COOLING] = asked;
    const double P = asked * d.per_COP + d.auxiliary;
    if (!unknown(rest.out[IR])) {  // the power flow has decided
      const double given = -(Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
      const double reactive = -(Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
      if (const Outcome o = Outcome::check("active power drawn (pu of the capacity)", given, P, P); !o.ok())
        return o;
      if (const Outcome o = Outcome::check("reactive power drawn (pu of the capacity)", reactive,
                                           P * d.tangent, P * d.tangent);
          !o.ok())
        return o;
    }
    rest.held[LOAD_VALUE] = 1;
    const double per_V2 = P * d.to_system / (V * V);
    rest.out[IR] = -per_V2 * (Vr + d.tangent * Vi);
    rest.out[II] = -per_V2 * (Vi - d.tangent * Vr);
    rest.out[P_LOAD] = P * d.device_MW;
    rest.out[Q_COOL] = asked * d.device_MW;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD) {
      if (operation < STOPPED) {
        a.mode[LOW] = 1 - a.mode[LOW];
        a.timer[RELAY] = a.mode[LOW] == 1 ? t + d.trip_s : kNever;
        a.threshold = d.V_trip;
        return Effect::NONE;
      }
      operation = operation == STOPPED ? LOCKED_OUT : STOPPED;
      a.timer[STEP] = operation == LOCKED_OUT ? t + d.lockout_s : kNever;
      a.threshold = d.V_good;
      return Effect::NONE;
    }
    if (happening.index == RELAY) {
      a.pickup_time = t - d.trip_s;
      a.threshold = d.V_trip;
      operation = STOPPED;
      a.mode[LOW] = 0;
      a.timer[STEP] = kNever;
      a.x[COOLING] = 0;
      return Effect::JUMP;
    }
    if (operation == LOCKED_OUT) {
      a.pickup_time = t - d.lockout_s;
      a.threshold = d.V_good;
      operation = LOADING;
      a.timer[STEP] = t + d.load_s;
      load(a, t, 0, 1 / d.load_s);
      return Effect::JUMP;  // its auxiliaries
    }
    operation = RUNNING;
    load(a, t, 1, 0);
    return Effect::KINK;
  }

 private:
  BALLAST_HD static void load(Automaton& a, double t, double value, double slope) {
    a.held[LOAD_START] = t;
    a.held[LOAD_VALUE] = value;
    a.held[LOAD_SLOPE] = slope;
  }
};
BALLAST_MODEL(Chiller, "CHILLER");

}  // namespace ballast
