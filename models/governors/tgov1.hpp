#pragma once
#include "models/blocks.hpp"
namespace ballast {
struct Tgov1 : ModelDefaults {
  enum State { VALVE, REHEAT, kStates };
  enum Input { OMEGA, PREF, kInputs };
  enum Output { PM, kOutputs };
  enum Limit { LIM, kLimits };
  static constexpr ParameterInfo parameters[] = {
      {"R", "pu", positive(), {}, ""},    {"T1", "s", anything(), {}, ""}, {"VMAX", "pu", anything(), {}, ""},
      {"VMIN", "pu", anything(), {}, ""}, {"T2", "s", anything(), {}, ""}, {"T3", "s", positive(), {}, ""},
      {"Dt", "pu", anything(), {}, ""}};
  static constexpr StateInfo states[] = {{"valve", "pu"}, {"reheat", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu"}};
  template <class P>
  struct Derived {
    LeadLag<P> ll;
    Lag<P> lag;
    P iR, lo, hi, Dt;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lead_lag<P>(p[4], p[5]), make_lag<P>(p[1]), 1.0 / p[0], p[3], p[2], p[6]};
  }
  template <class T, class P>
  static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& c, T* dx, T* out) {
    const T v = limited_lag(d.lag, x[VALVE], T((in[PREF] - in[OMEGA]) * d.iR), d.lo, d.hi, c, LIM, dx[VALVE]);
    out[PM] = lead_lag(d.ll, x[REHEAT], v, dx[REHEAT]) - d.Dt * in[OMEGA];
  }
  static Outcome initialise(Rest& r, const Derived<double>& d, double* x) {
    const double p = r.out[PM];
    x[VALVE] = p;
    x[REHEAT] = p;
    r.in[PREF] = p / d.iR;
    return Outcome::check("Pm", p, d.lo, d.hi);
  }
};
BALLAST_MODEL(Tgov1, "TGOV1");
}  // namespace ballast
