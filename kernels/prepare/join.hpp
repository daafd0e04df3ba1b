/// \file
/// Batch problems of systems with the same parts and wiring, as one: scenarios that differ by settings,
/// ratings, inertia, admittances or loads, too, run side by side.
#pragma once

#include <vector>

#include "kernels/problem.hpp"

namespace ballast::batch {

/// Whether two problems of one rest each differ by numbers of their rests and by events alone. What is stiff
/// must be alike too, so that a scenario of the joint problem has the bits that it has in its own.
[[nodiscard]] bool alike(const Problem& a, const Problem& b);

/// The scenarios of the first problem, then those of the second, ... All must be alike; at least one.
[[nodiscard]] Problem join(std::vector<Problem>&& problems);

}  // namespace ballast::batch
