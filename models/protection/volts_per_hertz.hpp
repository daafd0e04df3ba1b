/// \file
/// Volts-per-hertz protection of a machine and its transformer.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Trips its unit once V/f (both pu) has been above level 1 for time 1, or above level 2 for time 2 (24).
/// Each level drops out at 98 % of its setting. The frequency is that of a BUSFREQ part. A trip is latched.
///
/// Source: two definite-time levels, as IEEE C37.102 describes (from memory); 1.10 for 45 s and 1.18 for 2 s
/// are usual.
///
/// Deviations: no inverse-time characteristic.
struct VoltsPerHertz : DefiniteTime<VoltsPerHertz, 2> {
  static constexpr const char* title = "Volts per hertz (24)";
  static constexpr const char* source = "two definite-time levels, IEEE C37.102 from memory";
  static constexpr const char* validated = "";

  enum Input { VR, VI, FREQUENCY, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  static constexpr double kReset = 0.98;  ///< of the setting

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"frequency", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the unit"}};
  static constexpr ThresholdInfo thresholds[] = {{"volts per hertz", "pu"}, {"volts per hertz", "pu"}};

  enum Parameter { LEVEL_1, TIME_1, LEVEL_2, TIME_2, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"level_1", "pu", positive(), within(1.03, 1.3), "picks up above this ratio of V to f"},
      {"time_1", "s", not_negative(), within(1, 120), "above level 1 before it trips"},
      {"level_2", "pu", positive(), within(1.1, 1.4), "higher level"},
      {"time_2", "s", not_negative(), within(0, 60), "above level 2 before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };
  static constexpr Relation relations[] = {
      {LEVEL_1, Relation::NOT_ABOVE, LEVEL_2, "level 2 is the higher one"},
      {TIME_2, Relation::NOT_ABOVE, TIME_1, "the higher level trips first"}};

  template <class P>
  struct Derived {
    P delay_s[2], threshold[2], breaker_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[TIME_1], p[TIME_2]}, {p[LEVEL_1], p[LEVEL_2]}, p[TB]};
  }

  /// In volts, so that nothing is divided by.
  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int element) {
    const T V = magnitude_(in[VR], in[VI]);
    const T setting = d.threshold[element] * in[FREQUENCY];
    return {V - setting, kReset * setting - V};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) {
    return magnitude_(in[VR], in[VI]) / in[FREQUENCY];
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(VoltsPerHertz, "VPERHZ");

}  // namespace ballast
