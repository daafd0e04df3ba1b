#include "grid/branch.hpp"

#include <numbers>

namespace ballast {

BranchBlock branch_block(const Branch& branch) {
  const std::complex<double> y = 1.0 / std::complex<double>(branch.R, branch.X);
  const std::complex<double> charging(0, branch.B / 2);
  const std::complex<double> tap = std::polar(branch.ratio, branch.angle_deg * std::numbers::pi / 180);
  return {(y + charging + std::complex<double>(branch.GI, branch.BI)) / std::norm(tap), -y / std::conj(tap),
          -y / tap, y + charging + std::complex<double>(branch.GJ, branch.BJ)};
}

BranchFlow branch_flow(const BranchBlock& block, std::complex<double> V_from, std::complex<double> V_to) {
  return {V_from * std::conj(block.ff * V_from + block.ft * V_to),
          V_to * std::conj(block.tf * V_from + block.tt * V_to)};
}

}  // namespace ballast
