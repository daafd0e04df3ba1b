/// \file
/// Cohorts: one entry of a data center's supply split into many blocks whose settings scatter. Private to
/// cases/reader/.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

/// One block: a part of the IT load behind a UPS or power supply of its own.
struct SupplyBlock {
  std::string name;                ///< "ups", "ups-17"
  double share = 1;                ///< of the data center's IT rating
  double phase_s = 0;              ///< its IT load runs the workload this much later
  std::vector<double> parameters;  ///< of its model
};

/// Splits an entry into the blocks of `table` (the key `cohorts`): `count`, `seed`, `first`, `shares`, and
/// any parameter of the model or `phase_s` as a distribution. `whole` has what all have in common. A draw
/// depends on the seed, the parameter and the number of the block alone; each is listed among the assumed
/// values of the case, of device "<device>-<number>". Empty after a problem.
[[nodiscard]] std::vector<SupplyBlock> read_cohorts(Section& table, const ModelInfo& model,
                                                    const SupplyBlock& whole, const std::string& device,
                                                    Reading& reading);
/// Parameters that the cohorts of an entry draw: the entry itself need not give them.
[[nodiscard]] std::vector<std::string> drawn_parameters(Section& table, const ModelInfo& model);

}  // namespace ballast
