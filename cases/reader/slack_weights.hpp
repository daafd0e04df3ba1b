/// \file
/// Shares of generators in a distributed slack (PowerFlowOptions::slack_weights).
#pragma once

#include <string>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"
#include "solver/plant.hpp"

namespace ballast {

/// Who makes up for a loss: all units by rating (MBASE), by inertia (H MBASE: the first instants), or by
/// governor droop (MBASE / R: after the governors have acted).
enum class SlackShare { PARTICIPATION, INERTIA, GOVERNOR };

/// One weight per generator; those out of service get 0. Inertia and droop come from the machine plants of a
/// case (models with a parameter H; governors with R, or K = 1/R). Throws Error when no generator gets a
/// weight.
[[nodiscard]] std::vector<double> slack_weights(const Network& network, const std::vector<Plant>& plants,
                                                SlackShare share);

}  // namespace ballast
