/// \file
/// Under- and over-frequency trip of a generator.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Trips its unit once the frequency has been below FL, or above FU, for TP; the breaker takes TB more. The
/// two sides have timers of their own. Several records of one unit make a time-frequency curve. The frequency
/// is that of a BUSFREQ part; there is no hysteresis, as in the record. A trip is latched.
///
/// Source: PSS/E FRQTPAT (81U, 81O); fields as GridPACK and the InterPSS readers take them.
struct Frqtpat : DefiniteTime<Frqtpat, 2> {
  static constexpr const char* title = "Under- and over-frequency trip of a generator (81U, 81O)";
  static constexpr const char* source = "PSS/E FRQTPAT, as in GridPACK";
  static constexpr const char* validated = "";

  enum Input { FREQUENCY, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  enum Element { UNDER, OVER };

  static constexpr InputInfo inputs[] = {{"frequency", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the unit"}};
  static constexpr ThresholdInfo thresholds[] = {{"frequency", "Hz"}, {"frequency", "Hz"}};

  enum Parameter { FL, FU, TP, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"FL", "Hz", not_negative(), anything(), "lower threshold; 0: none"},
      {"FU", "Hz", positive(), anything(), "upper threshold; 1000: none"},
      {"TP", "s", not_negative(), within(0, 2000), "beyond a threshold before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };
  static constexpr Relation relations[] = {{FL, Relation::BELOW, FU, "every frequency would trip the unit"}};

  template <class P>
  struct Derived {
    P delay_s[2], threshold[2], breaker_s, f0;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {{p[TP], p[TP]}, {p[FL], p[FU]}, p[TB], P(ratings.frequency_Hz)};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int element) {
    const T above = in[FREQUENCY] * d.f0 - d.threshold[element];
    return element == OVER ? Reach<T>{above, -above} : Reach<T>{-above, above};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>& d, int) {
    return in[FREQUENCY] * d.f0;
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(Frqtpat, "FRQTPAT");

}  // namespace ballast
