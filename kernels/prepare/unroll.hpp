/// \file
/// Disturbances as what they change and when: the actions of a batch scenario.
#pragma once

#include <vector>

#include "kernels/problem.hpp"
#include "solver/disturbance.hpp"
#include "solver/system.hpp"

namespace ballast::batch {

/// Applies the disturbances to the system in order of time, notes what each instant changed, and puts
/// everything back. The changes are those of the solver's own operations. Ramps name their signal in `index`;
/// the builder gives them their place. A fault given by its residual voltage, and an unbalanced one, is sized
/// at the rest point y.
[[nodiscard]] std::vector<Action> unroll(System& system, const std::vector<double>& y,
                                         const std::vector<Disturbance>& disturbances, double start_s,
                                         const std::vector<int>& first_timer);

}  // namespace ballast::batch
