/// \file
/// Start values of the power flow of one island. Internal to grid/.
#pragma once

#include <vector>

#include "grid/network.hpp"
#include "grid/newton.hpp"

namespace ballast {

/// The buses of one island and their place in it.
struct IslandView {
  const Network& network;
  const std::vector<int>& buses;  ///< network indices, ascending
  const std::vector<int>& local;  ///< by network index: place in `buses`, -1 elsewhere
  [[nodiscard]] bool has(const Branch& branch) const {
    return branch.in_service && local[static_cast<std::size_t>(branch.from)] >= 0 &&
           local[static_cast<std::size_t>(branch.to)] >= 0;
  }
  [[nodiscard]] std::size_t from(const Branch& branch) const {
    return static_cast<std::size_t>(local[static_cast<std::size_t>(branch.from)]);
  }
  [[nodiscard]] std::size_t to(const Branch& branch) const {
    return static_cast<std::size_t>(local[static_cast<std::size_t>(branch.to)]);
  }
};

/// Set points are taken over by all of these; `equations` says which buses have one, and where the slack is.

/// What the network says.
[[nodiscard]] NewtonState file_start(const IslandView& island, const std::vector<NewtonBus>& equations);
/// 1 pu; the angle of the slack, plus the phase shifts on the way to it.
[[nodiscard]] NewtonState flat_start(const IslandView& island, const std::vector<NewtonBus>& equations);
/// Angles of the DC power flow at the regulated buses; the others from the linear network, with loads as
/// admittances. Finds its way where a flat start falls into a solution with a bus near V = 0 (negative
/// reactances of star legs).
[[nodiscard]] NewtonState linear_start(const IslandView& island, const NewtonNetwork& admittances,
                                       const std::vector<NewtonBus>& equations);

}  // namespace ballast
