/// \file
/// One stage of under-frequency load shedding.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Sheds a share of a load's demand once the frequency has been below f_Hz for delay_s.
///
///   picks up   frequency < f_Hz and V > V_block
///   drops out  frequency > f_Hz + hysteresis_Hz or V < V_block - 0.01 pu
///
/// The share is of the load as it is without shedding (Order::DEMAND): several stages and relays of one load
/// add up. An anti-stall stage is one with a long delay. The frequency is that of a BUSFREQ part; with
/// V_block = 0 nothing blocks. The load does not come back.
///
/// Source: the stages of load-shedding plans (docs/protection.md); PSS/E LDSHBL has the same elements.
///
/// Deviations: the load is shed evenly, not feeder by feeder.
struct Ufls : DefiniteTime<Ufls, 1> {
  static constexpr const char* title = "Stage of under-frequency load shedding (81L, LDSHBL)";
  static constexpr const char* source = "definite-time under-frequency relay with breaker time";
  static constexpr const char* validated = "";

  enum Input { FREQUENCY, VR, VI, kInputs };
  enum Output { KEPT, kOutputs };
  static constexpr double kVoltageHysteresis = 0.01;  ///< pu

  static constexpr InputInfo inputs[] = {{"frequency", "pu"}, {"Vr", "pu"}, {"Vi", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"kept", "1", "share of the load that this stage leaves connected"}};
  static constexpr ThresholdInfo thresholds[] = {{"frequency", "Hz"}};

  enum Parameter { F_HZ, DELAY_S, BREAKER_S, SHARE, HYSTERESIS, V_BLOCK, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"f_Hz", "Hz", positive(), within(45, 60), "picks up below this frequency"},
      {"delay_s", "s", not_negative(), within(0.05, 200), "below it before it trips"},
      {"breaker_s", "s", not_negative(), within(0.02, 0.3), "from the trip until the load is off"},
      {"share", "1", within(0, 1), within(0, 0.5), "of the load that is shed"},
      {"hysteresis_Hz", "Hz", within(0, 1), within(0, 0.1), "above f_Hz where it drops out"},
      {"V_block", "pu", within(0, 1), within(0, 0.8), "blocked below this voltage; 0: never"},
  };

  template <class P>
  struct Derived {
    P delay_s[1], threshold[1], breaker_s, share, release, V_block, f0;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {{p[DELAY_S]},           {p[F_HZ]}, p[BREAKER_S], p[SHARE], p[F_HZ] + p[HYSTERESIS], p[V_BLOCK],
            P(ratings.frequency_Hz)};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int) {
    const T f = in[FREQUENCY] * d.f0;
    const T V = magnitude_(in[VR], in[VI]);
    return {min_(T(d.threshold[0] - f), T(V - d.V_block)),
            max_(T(f - d.release), T(d.V_block - kVoltageHysteresis - V))};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>& d, int) {
    return in[FREQUENCY] * d.f0;
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>& d, T* out) {
    out[KEPT] = 1.0 - d.share * (1.0 - connected);
  }
};
BALLAST_MODEL(Ufls, "UFLS");

}  // namespace ballast
