/// \file
/// The pi model of one branch: its 2x2 admittance and its flows. Everything that opens, closes or measures a
/// branch starts here.
#pragma once

#include <complex>

#include "grid/network.hpp"

namespace ballast {

/// Currents into the branch from its buses: I_from = ff V_from + ft V_to, I_to = tf V_from + tt V_to.
/// Per unit on the system base.
struct BranchBlock {
  std::complex<double> ff, ft, tf, tt;
};

/// The closed branch, whatever its status says; R and X as they stand, without impedance correction.
[[nodiscard]] BranchBlock branch_block(const Branch& branch);
/// The same with R + jX scaled by the branch's impedance correction table at its present ratio or angle.
[[nodiscard]] BranchBlock branch_block(const Network& network, const Branch& branch);

/// The branch with R + jX scaled in that way.
[[nodiscard]] Branch corrected_branch(const Network& network, const Branch& branch);

/// F of a correction table at a turns ratio and a phase shift: linear between points, constant beyond them.
/// A table is one of phase shifts when its first T is below 0.5 or its last above 1.5, else one of ratios.
[[nodiscard]] std::complex<double> correction_factor(const ImpedanceCorrection& table, double ratio,
                                                     double angle_deg);

/// Complex power into the branch from each end, per unit on the system base.
struct BranchFlow {
  std::complex<double> from, to;
};
[[nodiscard]] BranchFlow branch_flow(const BranchBlock& block, std::complex<double> V_from,
                                     std::complex<double> V_to);

}  // namespace ballast
