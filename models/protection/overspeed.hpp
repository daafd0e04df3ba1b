/// \file
/// Over-speed trip of a machine.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Trips its machine once its speed has been above the setting for delay_s (12). The speed is the machine's
/// own, not that of its bus; there is no hysteresis. A trip is latched.
///
/// Source: over-speed element of turbine and generator protection; 1.10 pu at once is usual
/// (docs/protection.md).
///
/// Deviations: the generator's breaker opens; the turbine's valves are not modelled.
struct Overspeed : DefiniteTime<Overspeed, 1> {
  static constexpr const char* title = "Over-speed (12)";
  static constexpr const char* source = "definite-time relay on the machine's speed";
  static constexpr const char* validated = "";

  enum Input { OMEGA, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };

  static constexpr InputInfo inputs[] = {{"omega", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the machine"}};
  static constexpr ThresholdInfo thresholds[] = {{"speed", "pu"}};

  enum Parameter { SPEED, DELAY_S, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"speed", "pu", within(1, 2), within(1.02, 1.2), "picks up above this speed, 1 = nominal"},
      {"delay_s", "s", not_negative(), within(0, 5), "above it before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };

  template <class P>
  struct Derived {
    P delay_s[1], threshold[1], breaker_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[DELAY_S]}, {p[SPEED]}, p[TB]};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int) {
    const T above = 1.0 + in[OMEGA] - d.threshold[0];
    return {above, -above};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) { return 1 + in[OMEGA]; }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(Overspeed, "OVERSPEED");

}  // namespace ballast
