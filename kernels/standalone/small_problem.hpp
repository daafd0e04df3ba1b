/// \file
/// A small batch problem made without the solver: two machines, a campus and a load on six buses. For tests
/// on nodes where nothing else is.
#pragma once

#include "kernels/problem.hpp"

namespace ballast::batch {

/// Scenarios with faults, openings that leave a bus dead, a machine tripped, ramps and steps of references,
/// training edges and a UPS that locks; from two rests with different UPS settings. `until_s` >= 1.
[[nodiscard]] Problem small_problem(int scenarios, double until_s);

}  // namespace ballast::batch
