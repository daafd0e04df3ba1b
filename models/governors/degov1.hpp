/// \file
/// Diesel governor with droop.
#pragma once

#include "models/governors/woodward.hpp"

namespace ballast {

/// Woodward diesel governor with droop, PSS/E DEGOV1; diagram in woodward.hpp,
/// error = reference - w - DROOP r with r the throttle (M = 0) or the electrical power behind 1/(1 + s TE)
/// (M = 1).
///
/// Deviations: the engine's delay is a second-order Pade approximation (models/delay.hpp).
struct Degov1 : Woodward {
  static constexpr const char* title = "Woodward diesel governor with droop";
  static constexpr const char* source =
      "PSS/E DEGOV1 (public descriptions); PowerWorld, PowerSystems.jl and InterPSS for record, diagram and "
      "limits";
  static constexpr const char* validated = "";

  enum State { POWER = kCoreStates, kStates };
  enum Input { SPEED_DEVIATION, PE, REFERENCE, kInputs };
  enum Parameter { M, T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN, DROOP, TE, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"M", "1", within(0, 1), within(0, 1), "droop feedback: 0 throttle, 1 electrical power"},
      {"T1", "s", not_negative(), within(0, 25), "control box, first time constant"},
      {"T2", "s", not_negative(), within(0, 0.5), "control box, second time constant"},
      {"T3", "s", not_negative(), within(0, 10), "control box, lead"},
      {"K", "1/s", positive(), within(5, 50), "actuator gain"},
      {"T4", "s", not_negative(), within(0, 25), "actuator lead"},
      {"T5", "s", not_negative(), within(0, 10), "actuator, first lag"},
      {"T6", "s", not_negative(), within(0, 0.5), "actuator, second lag"},
      {"TD", "s", not_negative(), within(0, 0.125), "engine delay"},
      {"TMAX", "pu", anything(), within(0.5, 1.5), "highest torque"},
      {"TMIN", "pu", anything(), within(-0.05, 0.5), "lowest torque"},
      {"DROOP", "pu", not_negative(), within(0, 0.1), "permanent droop"},
      {"TE", "s", not_negative(), within(0, 1), "electrical power measurement time constant"},
  };
  static constexpr Relation relations[] = {{TMIN, Relation::BELOW, TMAX, "no torque would be allowed"}};
  static constexpr Need needs[] = {
      {T3, T1, "a lead without a lag cannot be simulated and would be left out"}};
  static constexpr StateInfo states[] = {{"box", "pu"},        {"box_rate", "pu/s"}, {"integral", "pu"},
                                         {"lead", "pu"},       {"actuator", "pu"},   {"delay", "pu"},
                                         {"delay_rate", "pu"}, {"power", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pe", "pu"}, {"Pref", "pu", Unwired::HELD}};

  template <class P>
  struct Derived {
    Core<P> core;
    Lag<P> power;
    P throttle_droop, power_droop;  ///< DROOP where the feedback is taken, else 0
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    const auto of_power = p[M] > 0.5;
    return {derive_core(p, {T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN}), make_lag<P>(p[TE]),
            select_(of_power, P(0.0), p[DROOP]), select_(of_power, p[DROOP], P(0.0))};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T opening = throttle(x, d.core, context, dxdt);
    const T measured = lag(d.power, x[POWER], in[PE], dxdt[POWER]);
    const T error =
        in[REFERENCE] - in[SPEED_DEVIATION] - d.throttle_droop * opening - d.power_droop * measured;
    out[PM] = power(x, error, opening, in[SPEED_DEVIATION], d.core, context, dxdt);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double torque = rest.out[PM];
    const double Pe = rest.in[PE] == rest.in[PE] ? rest.in[PE] : torque;
    rest_core(torque, x);
    x[POWER] = Pe;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PE] = Pe;
    rest.in[REFERENCE] = d.throttle_droop * torque + d.power_droop * Pe;
    return Outcome::check("torque (pu, TMIN..TMAX)", torque, d.core.TMIN, d.core.TMAX, {TMIN}, {TMAX});
  }
};
BALLAST_MODEL(Degov1, "DEGOV1");

}  // namespace ballast
