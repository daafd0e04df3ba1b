/// \file
/// The network as a graph: islands, bridges and electrical distance. All functions take the state of the
/// branches as a mask, so that a simulation can pass its own breakers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "grid/network.hpp"

namespace ballast {

/// One entry per branch or bus, nonzero = closed or alive. An empty mask means what the network says:
/// Branch::in_service, and every bus that is not ISOLATED.
using Mask = std::span<const std::uint8_t>;

struct Islands {
  int count = 0;
  /// Island of each bus, -1 for a bus that is not alive. Islands are numbered by their lowest bus index.
  std::vector<int> of_bus;
  /// Bus indices of one island, ascending.
  [[nodiscard]] std::vector<int> buses(int island) const;
};

[[nodiscard]] Islands find_islands(const Network& network, Mask closed = {}, Mask alive = {});

/// Branches whose opening splits an island, ascending. One of two parallel circuits is never a bridge.
[[nodiscard]] std::vector<int> find_bridges(const Network& network, Mask closed = {}, Mask alive = {});

/// Length of the shortest path from a bus to every bus, with |R + jX| (pu) as the length of a branch;
/// infinity where there is no path.
[[nodiscard]] std::vector<double> electrical_distance(const Network& network, int from, Mask closed = {},
                                                      Mask alive = {});

/// Number of branches on the shortest path; -1 where there is none.
[[nodiscard]] std::vector<int> hops(const Network& network, int from, Mask closed = {}, Mask alive = {});

}  // namespace ballast
