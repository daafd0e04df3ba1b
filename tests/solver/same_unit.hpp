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

/// The parts of a unit on a base of base_MVA.
using Unit = std::vector<Part> (*)(double base_MVA);

/// GENROU, SEXS and TGOV1: 10 states.
inline std::vector<Part> plain_unit(double base) {
  return {{"GENROU",
           "machine",
           {8, 0.03, 0.4, 0.05, 4.5, 0, 1.8, 1.7, 0.3, 0.55, 0.25, 0.2, 0.04, 0.3, 0},
           base,
           0,
           0,
           {},
           {}},
          {"SEXS", "exciter", {0.1, 10, 100, 0.1, -6, 6}, base, 0, 0, {}, {}},
          {"TGOV1", "governor", {0.05, 0.5, 1.2, 0, 3, 10, 0}, base, 0, 0, {}, {}}};
}

/// GENROU, EXST1, IEEEST on speed and IEEEG1: 18 states that move (6 + 4 + 3 + 5) of the models' 23. The
/// stabilizer's filter and the governor's lead-lag have no time constants, as in most records; theirs rest.
inline std::vector<Part> steam_unit(double base) {
  return {{"GENROU",
           "machine",
           {8, 0.03, 0.4, 0.05, 4.5, 0, 1.8, 1.7, 0.3, 0.55, 0.25, 0.2, 0.04, 0.3, 0},
           base,
           0,
           0,
           {},
           {}},
          {"EXST1", "exciter", {0.02, 0.2, -0.2, 1, 10, 200, 0.02, 6, -5, 0.05, 0.01, 1}, base, 0, 0, {}, {}},
          {"IEEEST",
           "stabilizer",
           {1, 0, 0, 0, 0, 0, 0, 0, 0.2, 0.04, 0.2, 0.04, 5, 5, 10, 0.05, -0.05, 0, 0},
           base,
           0,
           0,
           {},
           {}},
          {"IEEEG1",
           "governor",
           {0, 0, 20, 0, 0, 0.2, 0.3, -0.5, 1.05, 0, 0.3, 0.25, 0, 7, 0.25, 0, 0.5, 0.3, 0, 0.4, 0.2, 0},
           base,
           0,
           0,
           {},
           {}}};
}

/// The steam unit with limits that do not bind, for programs whose limits are other ones.
inline std::vector<Part> unlimited_steam_unit(double base) {
  std::vector<Part> parts = steam_unit(base);
  parts[1].parameters = {0.02, 10, -10, 1, 10, 200, 0.02, 100, -100, 0.05, 0.01, 1};
  parts[2].parameters[15] = 1;   // LSMAX
  parts[2].parameters[16] = -1;  // LSMIN
  parts[3].parameters[6] = 10;   // UO
  parts[3].parameters[7] = -10;  // UC
  parts[3].parameters[8] = 5;    // PMAX
  parts[3].parameters[9] = -5;   // PMIN
  return parts;
}

/// GENROU, ESAC1A with its rectifier loaded and IEEEG1 whose valve limits bind after a fault.
inline std::vector<Part> limited_unit(double base) {
  std::vector<Part> parts = steam_unit(base);
  parts.erase(parts.begin() + 2);  // no stabilizer
  parts[1].model = "ESAC1A";
  parts[1].parameters = {0.02, 10,   1, 100, 0.02, 14.5, -14.5, 0.5, 0,  1,
                         0.2,  0.38, 1, 4.2, 0.1,  3.1,  0.03,  20,  -20};
  parts[2].parameters[6] = 0.05;   // UO
  parts[2].parameters[7] = -0.1;   // UC
  parts[2].parameters[8] = 0.915;  // PMAX
  return parts;
}

/// The same unit everywhere, on 1.1 times its dispatch: not a study. Loads are impedances.
inline std::vector<Plant> same_unit_everywhere(const Network& network, const PowerFlowResult& flow,
                                               Unit unit_of = plain_unit) {
  std::vector<Plant> all;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& unit = network.generators[g];
    std::vector<Part> parts = unit_of(1.1 * std::max(flow.generator_P_MW[g], 100.0));
    parts.front().P_MW = flow.generator_P_MW[g];
    parts.front().Q_Mvar = flow.generator_Q_Mvar[g];
    all.push_back({"machine",
                   fmt::format("{}-{}", network.buses[unit.bus].number, unit.id),
                   unit.bus,
                   std::move(parts),
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
