/// \file
/// One stage of under-voltage load shedding.
#pragma once

#include "models/protection/definite_time.hpp"

namespace ballast {

/// Sheds a share of a load's demand once the voltage has been below V for delay_s.
///
///   picks up   V_block < voltage < V
///   drops out  voltage > V + hysteresis, or voltage < V_block - 0.01 pu
///
/// Below V_block it takes the dip for a fault or a dead bus; with V_block = 0 nothing blocks. The share is as
/// in UFLS. The load does not come back.
///
/// Source: definite-time under-voltage relay; PSS/E LVSHBL has the same elements.
///
/// Deviations: positive sequence; the load is shed evenly, not feeder by feeder.
struct Uvls : DefiniteTime<Uvls, 1> {
  static constexpr const char* title = "Stage of under-voltage load shedding (27L, LVSHBL)";
  static constexpr const char* source = "definite-time under-voltage relay with breaker time";
  static constexpr const char* validated = "";

  enum Input { VR, VI, kInputs };
  enum Output { KEPT, kOutputs };
  static constexpr double kBlockHysteresis = 0.01;  ///< pu

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"kept", "1", "share of the load that this stage leaves connected"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};

  enum Parameter { V, DELAY_S, BREAKER_S, SHARE, HYSTERESIS, V_BLOCK, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"V", "pu", within(0.01, 1.2), within(0.7, 0.95), "picks up below this voltage"},
      {"delay_s", "s", not_negative(), within(0.1, 60), "below it before it trips"},
      {"breaker_s", "s", not_negative(), within(0.02, 0.3), "from the trip until the load is off"},
      {"share", "1", within(0, 1), within(0, 0.5), "of the load that is shed"},
      {"hysteresis", "pu", within(0, 0.2), within(0, 0.05), "above V where it drops out"},
      {"V_block", "pu", within(0, 1), within(0, 0.6), "blocked below this voltage; 0: never"},
  };
  static constexpr Relation relations[] = {
      {V_BLOCK, Relation::BELOW, V, "it would be blocked wherever it picks up"}};

  template <class P>
  struct Derived {
    P delay_s[1], threshold[1], breaker_s, share, release, V_block;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {{p[DELAY_S]}, {p[V]}, p[BREAKER_S], p[SHARE], p[V] + p[HYSTERESIS], p[V_BLOCK]};
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int) {
    const T voltage = magnitude_(in[VR], in[VI]);
    return {min_(T(d.threshold[0] - voltage), T(voltage - d.V_block)),
            max_(T(voltage - d.release), T(d.V_block - kBlockHysteresis - voltage))};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>&, int) {
    return magnitude_(in[VR], in[VI]);
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>& d, T* out) {
    out[KEPT] = 1.0 - d.share * (1.0 - connected);
  }
};
BALLAST_MODEL(Uvls, "UVLS");

}  // namespace ballast
