#include "grid/branch.hpp"

#include <algorithm>
#include <numbers>

namespace ballast {

BranchBlock branch_block(const Branch& branch) {
  const std::complex<double> y = 1.0 / std::complex<double>(branch.R, branch.X);
  const std::complex<double> charging(0, branch.B / 2);
  const std::complex<double> tap = std::polar(branch.ratio, branch.angle_deg * std::numbers::pi / 180);
  return {(y + charging + std::complex<double>(branch.GI, branch.BI)) / std::norm(tap), -y / std::conj(tap),
          -y / tap, y + charging + std::complex<double>(branch.GJ, branch.BJ)};
}

std::complex<double> correction_factor(const ImpedanceCorrection& table, double ratio, double angle_deg) {
  const auto& points = table.points;
  if (points.empty()) return 1;
  const bool by_angle = points.front().T < 0.5 || points.back().T > 1.5;
  const double T = by_angle ? angle_deg : ratio;
  const auto above = std::find_if(points.begin(), points.end(), [T](const auto& p) { return p.T >= T; });
  if (above == points.begin()) return points.front().F;
  if (above == points.end()) return points.back().F;
  const auto below = above - 1;
  return below->F + (T - below->T) / (above->T - below->T) * (above->F - below->F);
}

Branch corrected_branch(const Network& network, const Branch& branch) {
  if (branch.correction < 0) return branch;
  const std::complex<double> Z =
      std::complex<double>(branch.R, branch.X) *
      correction_factor(network.impedance_corrections[static_cast<std::size_t>(branch.correction)],
                        branch.ratio, branch.angle_deg);
  Branch corrected = branch;
  corrected.R = Z.real();
  corrected.X = Z.imag();
  return corrected;
}

BranchBlock branch_block(const Network& network, const Branch& branch) {
  return branch_block(branch.correction < 0 ? branch : corrected_branch(network, branch));
}

BranchFlow branch_flow(const BranchBlock& block, std::complex<double> V_from, std::complex<double> V_to) {
  return {V_from * std::conj(block.ff * V_from + block.ft * V_to),
          V_to * std::conj(block.tf * V_from + block.tt * V_to)};
}

}  // namespace ballast
