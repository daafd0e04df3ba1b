/// \file
/// Power of parts and plants at the last evaluated point of a system.
#pragma once

#include <vector>

#include "solver/system.hpp"

namespace ballast {

/// A plant whose power counts as drawn: a load or a data center.
[[nodiscard]] inline bool is_consumer(const std::string& kind) {
  return kind == "load" || kind == "datacenter";
}
/// MW drawn by one part; 0 when it injects nothing.
[[nodiscard]] double part_power_MW(const System& system, const double* y, int part);
/// MW a plant gives (machines, storage) or draws (loads, data centers).
[[nodiscard]] double plant_power_MW(const System& system, const double* y, int plant);
/// MW drawn at every bus by its loads and data centers, whatever is generated beside them.
[[nodiscard]] std::vector<double> bus_draws_MW(const System& system, const double* y);

}  // namespace ballast
