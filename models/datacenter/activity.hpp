/// \file
/// When smoothing at the source is active: shared by GPU power smoothing and the software filler.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Active from the moment the load exceeds activation_level until it has been below it for release_s: that is
/// how long a floor outlives its job. A model that has it owns modes AUTOMATON (0 inactive, 1 active) and
/// LOAD (1 above the level), the guard ACTIVITY and the timer RELEASE.
struct Activity {
  static constexpr double kHysteresis = 0.01;  ///< pu below the level at which a load counts as gone

  template <class T, class P, class M>
  BALLAST_HD static T guard(const T& P_req, const P& level, const M& load) {
    return select_(load == 1, T(level - kHysteresis - P_req), T(P_req - level));
  }
  /// The guard has fired. True when the state of activity has changed.
  BALLAST_HD static bool cross(Automaton& a, double t, double release_s, int automaton, int load,
                               int release) {
    a.mode[load] = 1 - a.mode[load];
    a.timer[release] = a.mode[load] == 1 ? kNever : t + release_s;
    const bool woken = a.mode[load] == 1 && a.mode[automaton] == 0;
    if (woken) a.mode[automaton] = 1;
    return woken;
  }
};

}  // namespace ballast
