/// \file
/// Solid-oxide fuel cell: stack chemistry and fuel processor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Solid-oxide stacks in parallel, each of P_stack at the device base, after Padulles and Zhu and Tomsovic:
///
///   P_source ──► Pmin .. Pmax ──► rise, fall ──► /V ──► I_ref ──► Umin q/2Kr .. Umax q/2Kr ──► 1/(1+s tau_e)
///   ──► I I_ref ──► 2 Kr/U_opt ──► 1/(1+s tau_f) ──► q (hydrogen), q/r_HO (oxygen)
///
///   tau_H2 dpH2/dt = (q - 2 Kr I)/K_H2 - pH2,  tau_H2O dpH2O/dt = 2 Kr I/K_H2O - pH2O,
///   tau_O2 dpO2/dt = (q/r_HO - Kr I)/K_O2 - pO2
///   V = N0 (E0 + R T/2F ln(pH2 sqrt(pO2)/pH2O)) - r I,   Kr = N0/4F,   P_dc = V I/P_stack
///
/// Between Umin and Umax the current moves at once (tau_e): 5.9 % either way of U_opt = 0.85; what is beyond
/// waits for fuel (tau_f), and the pressures settle behind it (tau_H2, tau_H2O). Pressures in atm, flows in
/// kmol/s.
///
/// Source: pcmp.springeropen.com s41601-022-00251-0, Table 1 (values); equations as in Zhu and Tomsovic, IEEE
/// Trans. Power Syst. 17, 2002, from memory; rise, fall and Pmin are no vendor's (none is published).
///
/// Deviations: temperature is constant; no ohmic or activation loss beyond r; no auxiliary power.
struct Sofc : ModelDefaults {
  static constexpr const char* title = "Solid-oxide fuel cell with fuel processor";
  static constexpr const char* source =
      "Padulles; Zhu and Tomsovic; values of Prot. Control Mod. Power Syst. 2022, s41601-022-00251-0, Table "
      "1";
  static constexpr const char* validated =
      "333.8 V and 100.1 kW at 300 A; fast window 5.9 %, derived by hand";
  static constexpr Role role = Role::ELECTRICAL_CONTROL;

  enum State { POWER, CURRENT, FUEL, PH2, PH2O, PO2, kStates };
  enum Input { P_SOURCE, kInputs };
  enum Output { P_DC, V_STACK, I_STACK, UTILISATION, kOutputs };
  enum Limit { RANGE, RATE, WINDOW, kLimits };
  enum Parameter {
    P_STACK,
    E0,
    N0,
    T_K,
    K_H2,
    K_H2O,
    K_O2,
    TAU_H2,
    TAU_H2O,
    TAU_O2,
    R_OHM,
    TAU_E,
    TAU_F,
    R_HO,
    U_MIN,
    U_OPT,
    U_MAX,
    PMIN,
    PMAX,
    RISE,
    FALL,
    kParameters
  };

  static constexpr StateInfo states[] = {{"power", "pu"}, {"current", "A"}, {"fuel", "kmol/s"},
                                         {"pH2", "atm"},  {"pH2O", "atm"},  {"pO2", "atm"}};
  static constexpr InputInfo inputs[] = {{"P_source", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"P_dc", "pu", "DC power, device base"},
      {"V_stack", "V", "voltage of a stack"},
      {"I_stack", "A", "current of a stack"},
      {"utilisation", "pu", "hydrogen that reacts over hydrogen fed"},
  };
  static constexpr ParameterInfo parameters[] = {
      {"P_stack", "kW", positive(), within(10, 1000), "power of a stack at the device base"},
      {"E0", "V", positive(), within(0.9, 1.3), "ideal potential of a cell"},
      {"N0", "1", positive(), within(10, 2000), "cells of a stack in series"},
      {"T", "K", positive(), within(800, 1400), "temperature"},
      {"K_H2", "kmol/(s atm)", positive(), within(1e-5, 1e-1), "valve constant of hydrogen"},
      {"K_H2O", "kmol/(s atm)", positive(), within(1e-5, 1e-1), "valve constant of water"},
      {"K_O2", "kmol/(s atm)", positive(), within(1e-5, 1e-1), "valve constant of oxygen"},
      {"tau_H2", "s", positive(), within(1, 200), "response of the hydrogen pressure"},
      {"tau_H2O", "s", positive(), within(1, 400), "response of the water pressure"},
      {"tau_O2", "s", positive(), within(0.5, 20), "response of the oxygen pressure"},
      {"r", "ohm", not_negative(), within(0.01, 1), "resistance of a stack"},
      {"tau_e", "s", positive(), within(0.05, 2), "electrical response"},
      {"tau_f", "s", positive(), within(1, 30), "response of the fuel processor"},
      {"r_HO", "1", positive(), within(0.5, 2), "hydrogen fed over oxygen fed"},
      {"U_min", "pu", within(0.1, 1), within(0.7, 0.85), "least fuel utilisation"},
      {"U_opt", "pu", within(0.1, 1), within(0.8, 0.9), "fuel utilisation at rest"},
      {"U_max", "pu", within(0.1, 1), within(0.85, 0.95), "largest fuel utilisation"},
      {"Pmin", "pu", within(0.01, 1), within(0.1, 0.5), "least power"},
      {"Pmax", "pu", within(0.01, 2), within(0.9, 1.2), "largest power"},
      {"rise", "pu/s", positive(), within(1e-4, 0.02), "rate of rise"},
      {"fall", "pu/s", positive(), within(1e-4, 0.02), "rate of fall"},
  };

  template <class P>
  struct Derived {
    P watts, per_watts;  ///< of a stack per pu
    P V0, nernst;        ///< N0 E0, N0 R T/2F, V
    P fed;               ///< 2 Kr, kmol/(s A)
    P half;              ///< Kr
    P per_K_H2, per_K_H2O, per_K_O2, rate_H2, rate_H2O, rate_O2, r, rate_e, rate_f, per_r_HO;
    P U_min, U_opt, U_max, Pmin, Pmax, rise, fall;
    Lag<P> follow;
  };
  static constexpr double kFaraday = 96485.33212;   ///< C/mol
  static constexpr double kGas = 8.31446261815324;  ///< J/(mol K)
  static constexpr double kFollow_s = 0.1;          ///< lag of the rate limit
  static constexpr double kLeastPressure = 1e-9;    ///< atm, below it the logarithm does not follow
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.watts = p[P_STACK] * 1000.0;
    d.per_watts = 1.0 / d.watts;
    d.V0 = p[N0] * p[E0];
    d.nernst = p[N0] * kGas * p[T_K] / (2 * kFaraday);
    d.half = p[N0] / (4 * kFaraday * 1000);
    d.fed = 2.0 * d.half;
    d.per_K_H2 = 1.0 / p[K_H2];
    d.per_K_H2O = 1.0 / p[K_H2O];
    d.per_K_O2 = 1.0 / p[K_O2];
    d.rate_H2 = 1.0 / p[TAU_H2];
    d.rate_H2O = 1.0 / p[TAU_H2O];
    d.rate_O2 = 1.0 / p[TAU_O2];
    d.r = p[R_OHM];
    d.rate_e = 1.0 / p[TAU_E];
    d.rate_f = 1.0 / p[TAU_F];
    d.per_r_HO = 1.0 / p[R_HO];
    d.U_min = p[U_MIN];
    d.U_opt = p[U_OPT];
    d.U_max = p[U_MAX];
    d.Pmin = p[PMIN];
    d.Pmax = p[PMAX];
    d.rise = p[RISE];
    d.fall = p[FALL];
    d.follow = make_lag(P(kFollow_s));
    return d;
  }

  template <class T, class P>
  BALLAST_HD static T stack_voltage(const T& pH2, const T& pH2O, const T& pO2, const T& I,
                                    const Derived<P>& d) {
    const T H2 = max_(pH2, T(kLeastPressure));
    const T H2O = max_(pH2O, T(kLeastPressure));
    const T O2 = max_(pO2, T(kLeastPressure));
    return d.V0 + d.nernst * (log_(H2) + 0.5 * log_(O2) - log_(H2O)) - d.r * I;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T wanted = limited(in[P_SOURCE], d.Pmin, d.Pmax, context, RANGE);
    const T power = rate_limit(d.follow, x[POWER], wanted, -d.fall, d.rise, context, RATE, dxdt[POWER]);
    const T V = stack_voltage(x[PH2], x[PH2O], x[PO2], x[CURRENT], d);
    const T I_ref = power * d.watts / V;
    const T most = x[FUEL] / d.fed;  // current that would use all of the fuel
    const T I_order = limited(I_ref, d.U_min * most, d.U_max * most, context, WINDOW);
    dxdt[CURRENT] = (I_order - x[CURRENT]) * d.rate_e;
    dxdt[FUEL] = (d.fed * I_ref / d.U_opt - x[FUEL]) * d.rate_f;
    const T reacts = d.fed * x[CURRENT];
    dxdt[PH2] = ((x[FUEL] - reacts) * d.per_K_H2 - x[PH2]) * d.rate_H2;
    dxdt[PH2O] = (reacts * d.per_K_H2O - x[PH2O]) * d.rate_H2O;
    dxdt[PO2] = ((x[FUEL] * d.per_r_HO - d.half * x[CURRENT]) * d.per_K_O2 - x[PO2]) * d.rate_O2;
    out[P_DC] = V * x[CURRENT] * d.per_watts;
    out[V_STACK] = V;
    out[I_STACK] = x[CURRENT];
    out[UTILISATION] = reacts / x[FUEL];
  }

  /// Rests where its power is what the inverter draws: Newton on the current.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("U_opt", d.U_opt, d.U_min, d.U_max); !o.ok()) return o;
    if (const Outcome o = Outcome::check("Pmax", d.Pmax, d.Pmin, kInfinity); !o.ok()) return o;
    const double P = rest.out[P_DC];
    if (const Outcome o = Outcome::check("DC power (pu)", P, d.Pmin, d.Pmax); !o.ok()) return o;
    const auto at = [&](double I) {
      x[CURRENT] = I;
      x[FUEL] = d.fed * I / d.U_opt;
      x[PH2] = (x[FUEL] - d.fed * I) * d.per_K_H2;
      x[PH2O] = d.fed * I * d.per_K_H2O;
      x[PO2] = (x[FUEL] * d.per_r_HO - d.half * I) * d.per_K_O2;
      return stack_voltage(x[PH2], x[PH2O], x[PO2], I, d);
    };
    // V I has its peak where V = (r - nernst/2I) I, far beyond the rating; below it the current is unique.
    double I = P * d.watts / d.V0;
    for (int k = 0; k < 50; ++k) {
      const double V = at(I);
      const double slope = V + 0.5 * d.nernst - d.r * I;
      if (!(V > 0) || !(slope > 0)) return {"DC power (pu), more than the stacks can give", P, 0, kUnknown};
      const double step = (P * d.watts - V * I) / slope;
      I += step;
      if (std::abs(step) < 1e-13 * I) break;
    }
    const double V = at(I);
    x[POWER] = P;
    rest.in[P_SOURCE] = P;
    rest.out[V_STACK] = V;
    rest.out[I_STACK] = I;
    rest.out[UTILISATION] = d.U_opt;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Sofc, "SOFC");

}  // namespace ballast
