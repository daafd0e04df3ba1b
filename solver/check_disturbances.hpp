/// \file
/// What can be known to be wrong with disturbances before a run.
#pragma once

#include <vector>

#include "solver/disturbance.hpp"
#include "solver/system.hpp"

namespace ballast {

/// Throws Error with every disturbance that cannot be: a bus, branch, plant, part or reference that does not
/// exist, a time before the start or none, a duration or strength out of range.
void check_disturbances(const System& system, const std::vector<Disturbance>& disturbances, double start_s);

}  // namespace ballast
