/// \file
/// Inverse-time overcurrent protection of a branch.
#pragma once

#include "models/protection/integrating.hpp"

namespace ballast {

/// Trips its branch when the integral of 1/t(M) reaches 1, M the current in multiples of the pick-up (51):
///
///   t(M) = TMS (A / (M^p - 1) + B),  1 < M; above M = 20 as at 20
///
/// With a current that does not change it trips after t(M). IEC 60255-151: B = 0; IEEE C37.112: TMS is the
/// time dial. Below 98 % of the pick-up the integral decays with reset_s, or is lost at once when reset_s is
/// 0.
///
/// Source: IEC 60255-151, IEEE C37.112.
///
/// Deviations: the decay stands for the return of a disc (IEEE: at a rate that depends on the current).
struct InverseTime : IntegratingRelay<InverseTime> {
  static constexpr const char* title = "Inverse-time overcurrent (51)";
  static constexpr const char* source = "IEC 60255-151 and IEEE C37.112";
  static constexpr const char* validated = "";
  static constexpr double kSaturation = 20;  ///< multiples of the pick-up

  static constexpr StateInfo states[] = {{"travel", "1"}};
  enum Parameter { PICKUP, A, B, EXPONENT, TMS, RESET_S, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"pickup", "pu", positive(), within(1, 10), "current over the rating above which it moves"},
      {"A", "s", positive(), within(0.01, 150), "of the characteristic"},
      {"B", "s", not_negative(), within(0, 1), "of the characteristic"},
      {"p", "1", positive(), within(0.02, 2), "exponent of the characteristic"},
      {"TMS", "1", positive(), within(0.025, 15), "time multiplier or time dial"},
      {"reset_s", "s", not_negative(), within(0, 60), "time constant of its return; 0: at once"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };

  template <class P>
  struct Derived {
    P pickup, A, B, p, TMS, reset_rate, breaker_s, to_device;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[PICKUP], p[A],
            p[B],      p[EXPONENT],
            p[TMS],    select_(p[RESET_S] > 0, 1.0 / p[RESET_S], P(0.0)),
            p[TB],     P(ratings.system_MVA / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static T rate(const T& x, const T& multiple, const T& picked_up, const Derived<P>& d) {
    const T M = min_(max_(multiple, T(1.0)), T(kSaturation));
    const T over = exp_(d.p * log_(M)) - 1.0;
    const T forward = over / (d.TMS * (d.A + d.B * over));
    return picked_up * forward - (1.0 - picked_up) * (d.reset_rate * x);
  }
  template <class P>
  BALLAST_HD static P limit(const Derived<P>&) {
    return P(1.0);
  }
  static double rest(double, const Derived<double>&) { return 0; }
  BALLAST_HD static bool forgets(const Derived<double>& d) { return !(d.reset_rate > 0); }
};
BALLAST_MODEL(InverseTime, "INVERSETIME");

}  // namespace ballast
