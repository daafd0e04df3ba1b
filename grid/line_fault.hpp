/// \file
/// A line with a fault somewhere along it, as the two-port that its buses see.
#pragma once

#include <complex>

#include "grid/branch.hpp"

namespace ballast {

/// A fault on a branch, and which breakers of the branch are still closed.
struct FaultedLine {
  double share = 0;                     ///< place, share of the length from the `from` end: 0 to 1
  std::complex<double> admittance = 0;  ///< of the fault to ground, pu on the system base
  bool from_closed = true, to_closed = true;
};

/// The two parts of a line on either side of a point: R, X and B in proportion, the shunts (and the tap) at
/// the ends where they were. 0 < share < 1.
struct SplitBranch {
  Branch first, second;  ///< `from` to the point, the point to `to`
};
[[nodiscard]] SplitBranch split_branch(const Branch& branch, double share);

/// The two-port of the faulted branch with its inner points eliminated: exact, whatever the fault's
/// admittance. An end whose breaker is open carries nothing.
[[nodiscard]] BranchBlock faulted_block(const Branch& branch, const FaultedLine& fault);

/// Voltage at the place of the fault, pu, for the voltages of the two buses.
[[nodiscard]] std::complex<double> fault_voltage(const Branch& branch, const FaultedLine& fault,
                                                 std::complex<double> V_from, std::complex<double> V_to);

}  // namespace ballast
