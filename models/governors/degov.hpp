/// \file
/// Diesel governor without droop.
#pragma once

#include "models/governors/woodward.hpp"

namespace ballast {

/// Woodward diesel governor, PSS/E DEGOV; diagram in woodward.hpp, error = reference - w. Isochronous: at
/// rest the speed is the reference whatever the load, so two of them on one island need DEGOV1's droop.
///
/// Deviations: the engine's delay is a second-order Pade approximation (models/delay.hpp). The record order
/// is PSS/E's from memory; PowerWorld lists the same parameters.
struct Degov : Woodward {
  static constexpr const char* title = "Woodward diesel governor, isochronous";
  static constexpr const char* source =
      "PSS/E DEGOV (public descriptions); PowerWorld and InterPSS for diagram, limits and delay";
  static constexpr const char* validated = "";

  enum State { kStates = kCoreStates };
  enum Input { SPEED_DEVIATION, REFERENCE, kInputs };
  enum Parameter { T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN, kParameters };

  static constexpr ParameterInfo parameters[] = {
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
  };
  static constexpr Relation relations[] = {{TMIN, Relation::BELOW, TMAX, "no torque would be allowed"}};
  static constexpr Need needs[] = {
      {T3, T1, "a lead without a lag cannot be simulated and would be left out"}};
  static constexpr StateInfo states[] = {{"box", "pu"},       {"box_rate", "pu/s"}, {"integral", "pu"},
                                         {"lead", "pu"},      {"actuator", "pu"},   {"delay", "pu"},
                                         {"delay_rate", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Wref", "pu", Unwired::HELD}};

  template <class P>
  struct Derived {
    Core<P> core;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {derive_core(p, {T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN})};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T opening = throttle(x, d.core, context, dxdt);
    const T error = in[REFERENCE] - in[SPEED_DEVIATION];
    out[PM] = power(x, error, opening, in[SPEED_DEVIATION], d.core, context, dxdt);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    rest_core(rest.out[PM], x);
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[REFERENCE] = 0;
    return Outcome::check("torque (pu, TMIN..TMAX)", rest.out[PM], d.core.TMIN, d.core.TMAX, {TMIN}, {TMAX});
  }
};
BALLAST_MODEL(Degov, "DEGOV");

}  // namespace ballast
