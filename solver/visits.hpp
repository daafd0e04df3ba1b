/// \file
/// A run that stops at given moments for a look at the system.
#pragma once

#include <functional>
#include <vector>

#include "solver/simulate.hpp"

namespace ballast {

struct Visits {
  std::vector<double> at_s;  ///< ascending, not before the start
  /// Called once for each, with the system evaluated at the unknowns there, before what happens at that time.
  /// It may look at the system and must leave it as it was.
  std::function<void(double, System&, const std::vector<double>&)> look;
};

/// simulate() from 0 s without a record. Visits after the end of the run are not made.
[[nodiscard]] RunResult simulate_with_visits(System& system, std::vector<double> y,
                                             const std::vector<Disturbance>& disturbances,
                                             const SimulationOptions& options, const Visits& visits);

}  // namespace ballast
