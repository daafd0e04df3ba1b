/// \file
/// Under- and over-voltage trip of a generator.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Trips its unit once the voltage of the monitored bus has been below VL, or above VU, for TP; the breaker
/// takes TB more. The two sides have timers of their own. Several records of one unit make a time-voltage
/// curve. There is no hysteresis, as in the record. A trip is latched.
///
/// Source: PSS/E VTGTPAT (27, 59); fields as the InterPSS readers take them.
///
/// Deviations: positive-sequence voltage.
struct Vtgtpat : DefiniteTime<Vtgtpat, 2> {
  static constexpr const char* title = "Under- and over-voltage trip of a generator (27, 59)";
  static constexpr const char* source = "PSS/E VTGTPAT, as FRQTPAT";
  static constexpr const char* validated = "";

  enum Input { VR, VI, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  enum Element { UNDER, OVER };

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the unit"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}, {"bus voltage", "pu"}};

  enum Parameter { VL, VU, TP, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"VL", "pu", within(-1, 2), anything(), "lower threshold; -1: none"},
      {"VU", "pu", positive(), anything(), "upper threshold; 1000: none"},
      {"TP", "s", not_negative(), within(0, 60), "beyond a threshold before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };
  static constexpr Relation relations[] = {{VL, Relation::BELOW, VU, "every voltage would trip the unit"}};

  template <class P>
  struct Derived {
    P delay_s[2], threshold[2], breaker_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[TP], p[TP]}, {p[VL], p[VU]}, p[TB]};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int element) {
    const T above = magnitude_(in[VR], in[VI]) - d.threshold[element];
    return element == OVER ? Reach<T>{above, -above} : Reach<T>{-above, above};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) {
    return magnitude_(in[VR], in[VI]);
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(Vtgtpat, "VTGTPAT");

}  // namespace ballast
