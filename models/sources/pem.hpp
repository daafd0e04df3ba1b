/// \file
/// Proton-exchange-membrane fuel cell.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Proton-exchange-membrane stacks: power behind the air compressor's lag, within Pmin .. Pmax, at the rates
/// that a warm stack takes. Its voltage curve has no part in what the grid sees, since the inverter holds
/// power.
///
///   P_source ──► Pmin .. Pmax ──► rise, fall ──► 1/(1+s T_stack) ──► P_dc
///
/// Source: planning values, from memory (docs/datacenter-models.md).
///
/// Deviations: no cold start, no double layer, no voltage.
struct Pem : ModelDefaults {
  static constexpr const char* title = "Proton-exchange-membrane fuel cell";
  static constexpr const char* source = "planning values, from memory; docs/datacenter-models.md";
  static constexpr const char* validated = "against its own ramp and lag by hand";
  static constexpr Role role = Role::ELECTRICAL_CONTROL;

  enum State { POWER, STACK, kStates };
  enum Input { P_SOURCE, kInputs };
  enum Output { P_DC, kOutputs };
  enum Limit { RANGE, RATE, kLimits };
  enum Parameter { T_STACK, PMIN, PMAX, RISE, FALL, kParameters };

  static constexpr StateInfo states[] = {{"power", "pu"}, {"stack", "pu"}};
  static constexpr InputInfo inputs[] = {{"P_source", "pu"}};
  static constexpr OutputInfo outputs[] = {{"P_dc", "pu", "DC power, device base"}};
  static constexpr ParameterInfo parameters[] = {
      {"T_stack", "s", positive(), within(0.05, 2), "lag of the stack: air compressor"},
      {"Pmin", "pu", within(0, 1), within(0, 0.2), "least power"},
      {"Pmax", "pu", within(0.01, 2), within(0.9, 1.2), "largest power"},
      {"rise", "pu/s", positive(), within(0.05, 1), "rate of rise"},
      {"fall", "pu/s", positive(), within(0.05, 1), "rate of fall"},
  };
  static constexpr double kFollow_s = 0.02;  ///< lag of the rate limit

  template <class P>
  struct Derived {
    P rate, Pmin, Pmax, rise, fall;
    Lag<P> follow;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {1.0 / p[T_STACK], p[PMIN], p[PMAX], p[RISE], p[FALL], make_lag(P(kFollow_s))};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T wanted = limited(in[P_SOURCE], d.Pmin, d.Pmax, context, RANGE);
    const T power = rate_limit(d.follow, x[POWER], wanted, -d.fall, d.rise, context, RATE, dxdt[POWER]);
    dxdt[STACK] = (power - x[STACK]) * d.rate;
    out[P_DC] = x[STACK];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("Pmax", d.Pmax, d.Pmin, kInfinity); !o.ok()) return o;
    const double P = rest.out[P_DC];
    if (const Outcome o = Outcome::check("DC power (pu)", P, d.Pmin, d.Pmax); !o.ok()) return o;
    x[POWER] = x[STACK] = rest.in[P_SOURCE] = P;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Pem, "PEM");

}  // namespace ballast
