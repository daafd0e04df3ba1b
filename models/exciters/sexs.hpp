/// \file
/// Simplified excitation system.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Simplified excitation system, PSS/E SEXS.
///
///                                            EMAX
///   Vref - Vt + Vs     1 + s TA          K  ─────
///  ───────────────►  ──────────── ──► ─────────── ──► Efd        TE = 0: algebraic limit
///                      1 + s TB       1 + s TE
///                                     ─────
///                                     EMIN
/// Deviations: none known.
struct Sexs : ModelDefaults {
  static constexpr const char* title = "Simplified excitation system";
  static constexpr const char* source = "PSS/E model library (public descriptions), OpenIPSL";
  static constexpr const char* validated =
      "PSS/E curves SEXS with and without TE: V within 6.2e-6 and 2.7e-5 pu, Efd within 1.3e-5 and 1.6e-3 pu "
      "over 20 s; "
      "ANDES on Kundur and IEEE 39";
  static constexpr Role role = Role::EXCITER;

  enum State { LEAD_LAG, FIELD, kStates };
  enum Input { VT, VS, VREF, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit { FIELD_LIMIT, kLimits };
  enum Parameter { TATB, TB, K, TE, EMIN, EMAX, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"TATB", "1", not_negative(), within(0.02, 1), "TA/TB, transient gain reduction"},
      {"TB", "s", not_negative(), within(0, 20), "lag time constant"},
      {"K", "pu", positive(), within(10, 500), "gain"},
      {"TE", "s", not_negative(), within(0, 1), "exciter time constant; 0 = none"},
      {"EMIN", "pu", anything(), within(-10, 0), "lower field voltage limit"},
      {"EMAX", "pu", anything(), within(2, 10), "upper field voltage limit"},
  };
  static constexpr Relation relations[] = {
      {EMIN, Relation::BELOW, EMAX, "no field voltage would be allowed"}};
  static constexpr StateInfo states[] = {{"lead_lag", "pu"}, {"Efd", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu", "field voltage"}};

  template <class P>
  struct Derived {
    LeadLag<P> lead_lag;
    Lag<P> exciter;
    P K, EMIN, EMAX;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lead_lag<P>(p[TATB] * p[TB], p[TB]), make_lag<P>(p[TE]), p[K], p[EMIN], p[EMAX]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T error = in[VREF] + in[VS] - in[VT];
    const T y = lead_lag(d.lead_lag, x[LEAD_LAG], error, dxdt[LEAD_LAG]);
    const T amplified = d.K * y;
    out[EFD] = limited_lag(d.exciter, x[FIELD], amplified, d.EMIN, d.EMAX, context, FIELD_LIMIT, dxdt[FIELD]);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Efd = rest.out[EFD];
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;  // a stabilizer rests at zero
    x[FIELD] = Efd;
    x[LEAD_LAG] = Efd / d.K;
    rest.in[VS] = Vs;
    rest.in[VREF] = Efd / d.K + rest.in[VT] - Vs;
    return Outcome::check("field voltage Efd (pu, EMIN..EMAX)", Efd, d.EMIN, d.EMAX, {EMIN}, {EMAX});
  }
};
BALLAST_MODEL(Sexs, "SEXS");

}  // namespace ballast
