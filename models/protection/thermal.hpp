/// \file
/// Thermal protection of a branch.
#pragma once

#include "models/protection/integrating.hpp"

namespace ballast {

/// Trips its branch when its thermal image reaches that of the pick-up current (49):
///
///   d theta/dt = (M^2 - theta) / tau_s,  trips at theta = 1, M the current in multiples of the pick-up
///
/// From a load M0 with a current M that stays, after tau ln((M^2 - M0^2)/(M^2 - 1)). It rests at the
/// temperature of its load. After a trip the image cools with the same time constant; it may be closed again
/// at any temperature.
///
/// Source: IEC 60255-149, thermal image of the first order.
///
/// Deviations: one time constant; no ambient temperature.
struct Thermal : IntegratingRelay<Thermal> {
  static constexpr const char* title = "Thermal overload of a branch (49)";
  static constexpr const char* source = "IEC 60255-149, first-order thermal image";
  static constexpr const char* validated = "";

  static constexpr StateInfo states[] = {{"theta", "1"}};
  enum Parameter { PICKUP, TAU_S, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"pickup", "pu", positive(), within(1, 2), "current over the rating that it carries for ever"},
      {"tau_s", "s", positive(), within(60, 7200), "thermal time constant"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };

  template <class P>
  struct Derived {
    P pickup, per_tau, breaker_s, to_device;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[PICKUP], 1.0 / p[TAU_S], p[TB], P(ratings.system_MVA / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static T rate(const T& x, const T& multiple, const T&, const Derived<P>& d) {
    return (multiple * multiple - x) * d.per_tau;
  }
  template <class P>
  BALLAST_HD static P limit(const Derived<P>&) {
    return P(1.0);
  }
  static double rest(double multiple, const Derived<double>&) { return multiple * multiple; }
  BALLAST_HD static bool forgets(const Derived<double>&) { return false; }
};
BALLAST_MODEL(Thermal, "THERMAL");

}  // namespace ballast
