/// \file
/// The positions of a switched shunt. Internal to grid/.
#pragma once

#include <string>
#include <vector>

#include "grid/network.hpp"

namespace ballast {

/// All totals that its blocks allow, Mvar at V = 1 pu, ascending, 0 among them. ADJM 0: reactor blocks are
/// filled in input order, capacitor blocks likewise, never both; ADJM 1: any combination of steps. Beyond
/// 4096 combinations the input order is kept.
[[nodiscard]] std::vector<double> shunt_totals(const SwitchedShunt& shunt);

/// The totals above (+1) or below (-1) a present value, nearest first.
[[nodiscard]] std::vector<double> steps_from(const std::vector<double>& totals, double present,
                                             int direction);

/// "switched shunt '1' at bus 1 (A)"
[[nodiscard]] std::string shunt_label(const Network& network, const SwitchedShunt& shunt);

}  // namespace ballast
