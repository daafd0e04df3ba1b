/// \file
/// Rate-of-change-of-frequency relay.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Trips its unit once |df/dt| has been above the setting for delay_s (81R, loss of mains). The rate is that
/// of a BUSFREQ part over its declared window: a jump of the angle is no frequency there, and below its
/// V_block it measures nothing, so that a fault beside the relay does not pick it up. Drops out at 95 % of
/// the setting. A trip is latched.
///
/// Source: loss-of-mains relays (EirGrid 1 Hz/s over 0.5 s; settings in docs/protection.md).
///
/// Deviations: no vector-shift element.
struct Rocof : DefiniteTime<Rocof, 1> {
  static constexpr const char* title = "Rate of change of frequency (81R)";
  static constexpr const char* source = "definite-time relay on df/dt over a declared window";
  static constexpr const char* validated = "";

  enum Input { ROCOF, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  static constexpr double kReset = 0.95;  ///< of the setting

  static constexpr InputInfo inputs[] = {{"rocof", "Hz/s"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the unit"}};
  static constexpr ThresholdInfo thresholds[] = {{"rate of change of frequency", "Hz/s"}};

  enum Parameter { RATE, DELAY_S, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"rate_Hz_s", "Hz/s", positive(), within(0.1, 10), "picks up above this rate, up or down"},
      {"delay_s", "s", not_negative(), within(0, 2), "above it before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };

  template <class P>
  struct Derived {
    P delay_s[1], threshold[1], breaker_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[DELAY_S]}, {p[RATE]}, p[TB]};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int) {
    const T rate = abs_(in[ROCOF]);
    return {rate - d.threshold[0], kReset * d.threshold[0] - rate};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) { return in[ROCOF]; }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(Rocof, "ROCOF");

}  // namespace ballast
