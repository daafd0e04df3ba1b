#pragma once
#include "models/blocks.hpp"
namespace ballast {
struct Sexs : ModelDefaults {
  enum State { LL, EFDS, kStates };
  enum Input { VT, VS, VREF, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit { LIM, kLimits };
  static constexpr ParameterInfo parameters[] = {
      {"TA/TB", "", anything(), {}, ""},  {"TB", "s", anything(), {}, ""},
      {"K", "pu", positive(), {}, ""},    {"TE", "s", not_negative(), {}, ""},
      {"EMIN", "pu", anything(), {}, ""}, {"EMAX", "pu", anything(), {}, ""}};
  static constexpr StateInfo states[] = {{"leadlag", "pu"}, {"Efd", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu"}};
  template <class P>
  struct Derived {
    LeadLag<P> ll;
    Lag<P> lag;
    P K, lo, hi;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lead_lag<P>(p[0] * p[1], p[1]), make_lag<P>(p[3]), p[2], p[4], p[5]};
  }
  template <class T, class P>
  static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& c, T* dx, T* out) {
    const T y = lead_lag(d.ll, x[LL], T(in[VREF] + in[VS] - in[VT]), dx[LL]);
    out[EFD] = limited_lag(d.lag, x[EFDS], T(d.K * y), d.lo, d.hi, c, LIM, dx[EFDS]);
  }
  static Outcome initialise(Rest& r, const Derived<double>& d, double* x) {
    const double e = r.out[EFD];
    x[EFDS] = e;
    x[LL] = e / d.K;
    r.in[VREF] = e / d.K + r.in[VT] - (r.in[VS] == r.in[VS] ? r.in[VS] : 0);
    return Outcome::check("Efd", e, d.lo, d.hi);
  }
};
BALLAST_MODEL(Sexs, "SEXS");
}  // namespace ballast
