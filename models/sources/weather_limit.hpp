/// \file
/// The power order of a plant that gives what sun or wind allow.
#pragma once

#include "models/blocks.hpp"
#include "models/contract.hpp"

namespace ballast {

/// Pref = min(available/(1 + s T), P_limit): what the weather gives, or what an operator allows of it. T
/// stands for the area of the plant, over which a cloud or a gust takes its time.
///
/// At rest P_limit is 99 pu, none, where the plant gives what is available, to 1e-6 pu; it is what the plant
/// gives where that is less: the plant is curtailed.
///
/// Source: definition.
///
/// Deviations: no reserve is kept below what is available, and no time passes between an order and Pref; the
/// electrical control has ramps and lags of its own.
struct WeatherLimit : ModelDefaults {
  static constexpr const char* title = "Power order limited by sun or wind";
  static constexpr const char* source = "definition";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MEASUREMENT;

  enum State { AREA, kStates };
  enum Input { AVAILABLE, P_LIMIT, kInputs };
  enum Output { PREF, kOutputs };
  static constexpr ParameterInfo parameters[] = {
      {"available_0", "pu", not_negative(), within(0, 1.5), "what the weather gives at rest"},
      {"T", "s", not_negative(), within(0, 600), "delay over the area of the plant"}};
  static constexpr StateInfo states[] = {{"area", "pu"}};
  static constexpr InputInfo inputs[] = {{"available", "pu"}, {"P_limit", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pref", "pu", "power order of the unit, device base"}};

  template <class P>
  struct Derived {
    P available_0;
    Lag<P> area;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[0], make_lag<P>(p[1])};
  }
  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    out[PREF] = min_(lag(d.area, x[AREA], in[AVAILABLE], dxdt[AREA]), in[P_LIMIT]);
  }
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    constexpr double kSame = 1e-6;
    constexpr double kNone = 99;
    const double wanted = rest.out[PREF];
    const bool asked = wanted == wanted;  // not NaN
    if (asked)
      if (const Outcome o = Outcome::check("power of the plant (pu; at most what the weather gives)", wanted,
                                           0, d.available_0 + kSame);
          !o.ok())
        return o;
    const bool curtailed = asked && wanted < d.available_0 - kSame;
    x[AREA] = d.available_0;
    rest.in[AVAILABLE] = d.available_0;
    rest.in[P_LIMIT] = curtailed ? wanted : kNone;
    rest.out[PREF] = curtailed ? wanted : d.available_0;
    return Outcome::fine();
  }
};
BALLAST_MODEL(WeatherLimit, "WEATHERLIM");

}  // namespace ballast
