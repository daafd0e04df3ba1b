/// \file
/// What the tables of schemes share: their conditions. Private to cases/reader/.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

/// The conditions of a scheme, for a part derived from Conditions (models/protection/conditions.hpp).
struct SchemeConditions {
  std::vector<Part> meters;  ///< to stand before the part in its plant
  std::vector<std::pair<std::string, std::string>> wires;
  std::vector<Watch> watches;
  std::vector<double> settings;  ///< sense, threshold, reset of each; zero where not used
  std::vector<double> table;     ///< the expressions, one after another: length, tokens
};
/// Reads the expressions under `keys`; one that is not there always holds.
[[nodiscard]] SchemeConditions read_conditions(const std::string& scheme, Section& section,
                                               std::initializer_list<const char*> keys, Reading& reading);

/// The plant that the only one of the keys machine, load, datacenter and bess names; nullptr after a problem.
[[nodiscard]] const Plant* read_one_plant(Section& section, const std::vector<Plant>& plants);

}  // namespace ballast
