/// \file
/// A map for networks without coordinates.
#pragma once

#include <vector>

#include "grid/network.hpp"

namespace ballast {

/// A position for every bus. Given positions are kept; the others are placed so that distances on the map
/// follow electrical distance (stress minimisation; all branches count, in service or not, so that switching
/// does not move the map). Without any given position the mean length of a branch is about 1 and the longer
/// side lies along x. Parts that are not connected stand beside each other. The same network always gives the
/// same map. About 1 s for 2000 buses; larger networks use a sample of the distances.
[[nodiscard]] std::vector<Position> layout_buses(const Network& network);

}  // namespace ballast
