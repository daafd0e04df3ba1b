#include "grid/line_fault.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

/// The branch with the faulted point kept: I_from = a V_from + b V_m, I_to = c V_to + d V_m, and at the point
/// 0 = e V_from + f V_to + self V_m. A point at an end whose breaker is closed is that bus: `at_from`,
/// `at_to`.
struct ThreePoint {
  Complex a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, self = 0;
  bool at_from = false, at_to = false;
};

/// Admittance seen into the `to` end of a block when its `from` end is open, and the other way round.
Complex seen_from_to(const BranchBlock& block) { return block.tt - block.tf * block.ft / block.ff; }
Complex seen_from_from(const BranchBlock& block) { return block.ff - block.ft * block.tf / block.tt; }

ThreePoint three_point(const Branch& branch, const FaultedLine& fault) {
  ThreePoint p;
  p.self = fault.admittance;
  if (fault.share <= 0 || fault.share >= 1) {
    const bool near_from = fault.share <= 0;
    const BranchBlock whole = branch_block(branch);
    p.at_from = near_from && fault.from_closed;
    p.at_to = !near_from && fault.to_closed;
    if (near_from && fault.to_closed) {
      p.self += whole.ff;
      p.f = whole.ft;
      p.c = whole.tt;
      p.d = whole.tf;
    } else if (near_from) {
      p.self += seen_from_from(whole);
    } else if (fault.from_closed) {
      p.self += whole.tt;
      p.e = whole.tf;
      p.a = whole.ff;
      p.b = whole.ft;
    } else {
      p.self += seen_from_to(whole);
    }
    return p;
  }
  const SplitBranch parts = split_branch(branch, fault.share);
  const BranchBlock first = branch_block(parts.first);
  const BranchBlock second = branch_block(parts.second);
  if (fault.from_closed) {
    p.a = first.ff;
    p.b = first.ft;
    p.e = first.tf;
    p.self += first.tt;
  } else {
    p.self += seen_from_to(first);
  }
  if (fault.to_closed) {
    p.c = second.tt;
    p.d = second.tf;
    p.f = second.ft;
    p.self += second.ff;
  } else {
    p.self += seen_from_from(second);
  }
  return p;
}

}  // namespace

SplitBranch split_branch(const Branch& branch, double share) {
  SplitBranch parts{branch, branch};
  parts.first.R = share * branch.R;
  parts.first.X = share * branch.X;
  parts.first.B = share * branch.B;
  parts.first.GJ = parts.first.BJ = 0;
  parts.second.R = (1 - share) * branch.R;
  parts.second.X = (1 - share) * branch.X;
  parts.second.B = (1 - share) * branch.B;
  parts.second.GI = parts.second.BI = 0;
  parts.second.ratio = 1;
  parts.second.angle_deg = 0;
  return parts;
}

BranchBlock faulted_block(const Branch& branch, const FaultedLine& fault) {
  const ThreePoint p = three_point(branch, fault);
  if (p.at_from) return {p.self, p.f, p.d, p.c};
  if (p.at_to) return {p.a, p.b, p.e, p.self};
  return {p.a - p.b * p.e / p.self, -p.b * p.f / p.self, -p.d * p.e / p.self, p.c - p.d * p.f / p.self};
}

std::complex<double> fault_voltage(const Branch& branch, const FaultedLine& fault, Complex V_from,
                                   Complex V_to) {
  const ThreePoint p = three_point(branch, fault);
  if (p.at_from) return V_from;
  if (p.at_to) return V_to;
  return -(p.e * V_from + p.f * V_to) / p.self;
}

}  // namespace ballast
