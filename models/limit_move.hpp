/// \file
/// How a limit moves by its two guards.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// The guard that counts of a limit of which one is positive at least: 0 upper, 1 lower. Both are where its
/// input has jumped from beyond one side to beyond the other, and then the side that it is not on counts.
BALLAST_HD inline int counting_guard(int mode, bool up, bool down) {
  return up && (!down || mode == -1) ? 0 : 1;
}

/// Moves a limit by its guards: onto a side, or off it. Says whether it moved.
BALLAST_HD inline bool move_limit(int& mode, bool up, bool down) {
  if (up || down) advance_limit(&mode, counting_guard(mode, up, down));
  return up || down;
}

}  // namespace ballast
