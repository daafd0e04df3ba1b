/// \file
/// Plants for a static network file: the same unit at every generator, for benchmarks and comparisons of
/// engines.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "grid/network.hpp"
#include "grid/power_flow.hpp"
#include "solver/plant.hpp"

namespace ballast::testing {

/// The same round-rotor unit everywhere, on 1.1 times its dispatch (or enough for its reactive
/// power): not a study. Loads are impedances.
inline std::vector<Plant> same_unit_everywhere(const Network& network, const PowerFlowResult& flow) {
  std::vector<Plant> all;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& unit = network.generators[g];
    const double base =
        1.1 * std::max({flow.generator_P_MW[g], 1.5 * std::abs(flow.generator_Q_Mvar[g]), 100.0});
    Part machine{"GENROU",
                 "machine",
                 {8, 0.03, 0.4, 0.05, 4.5, 0, 1.8, 1.7, 0.3, 0.55, 0.25, 0.2, 0.04, 0.3, 0},
                 base,
                 flow.generator_P_MW[g],
                 flow.generator_Q_Mvar[g],
                 {},
                 {}};
    Part exciter{"SEXS", "exciter", {0.1, 10, 100, 0.1, -6, 6}, base, 0, 0, {}, {}};
    Part governor{"TGOV1", "governor", {0.05, 0.5, 1.2, 0, 3, 10, 0}, base, 0, 0, {}, {}};
    all.push_back({"machine",
                   fmt::format("{}-{}", network.buses[unit.bus].number, unit.id),
                   unit.bus,
                   {machine, exciter, governor},
                   {}});
  }
  for (const Load& load : network.loads) {
    const double v = flow.Vm[load.bus];
    const auto s = load_power(load, v);
    Part part{"ZIPLOAD", "load",    {s.real() / v / v, s.imag() / v / v, 0, 0, 0, 0, 0.7},
              100,       -s.real(), -s.imag(),
              {},        {}};
    all.push_back(
        {"load", fmt::format("{}-{}", network.buses[load.bus].number, load.id), load.bus, {part}, {}});
  }
  return all;
}

}  // namespace ballast::testing
