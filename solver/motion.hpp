/// \file
/// Where every bus stands and which way it is going: compared over a jump, it says what the jump did to whom.
#pragma once

#include <vector>

#include "solver/system.hpp"

namespace ballast {

struct Motion {
  std::vector<double> voltage_pu;             ///< [bus] magnitude; 0 where dead
  std::vector<double> acceleration_Hz_per_s;  ///< [bus] of its island's inertia-weighted speed; 0 where dead
};

/// Of a system evaluated at y. Parts that form a voltage and have no state "omega" (an inverter whose
/// frequency is algebraic) count with their weight and no acceleration.
[[nodiscard]] Motion motion_of(const System& system, const double* y);

}  // namespace ballast
