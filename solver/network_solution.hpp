/// \file
/// The network solved again after a jump, with the states held and the limits moved where the solution has
/// them.
#pragma once

#include <string>
#include <vector>

#include "solver/algebraic.hpp"

namespace ballast {

/// A solution and the limits it has.
struct SettledResult : AlgebraicResult {
  bool settled = true;      ///< the limits agree with the solution
  std::vector<int> moving;  ///< guards that still moved at the end (System::guards)
};

/// Solves the network and moves the limits that the solution crosses, until both agree: a constant-power load
/// has no solution at the voltages at which it is an impedance. Limits that undo each other are moved one at
/// a time after a while; what still does not come to rest has settled = false.
[[nodiscard]] SettledResult settle(System& system, AlgebraicSolver& solver, double t, std::vector<double>& y);

/// "limit 0 of ZIPLOAD 'load' of bus 3, ..." of guards that moved.
[[nodiscard]] std::string limit_names(const System& system, const std::vector<int>& guards);

/// What a network without a solution says about its voltages: `before` are the unknowns it was to be solved
/// from, `reached` where Newton's iteration gave up, both looked at where the balance was worst. A voltage
/// that was above 1.1 pu before ran upward; "voltage collapse" is said of one below 0.9 pu before or, if not,
/// where the iteration ended.
[[nodiscard]] std::string why_no_solution(const System& system, const std::vector<double>& before,
                                          const std::vector<double>& reached, int worst_unknown);

class NetworkSolution {
 public:
  explicit NetworkSolution(System& system) : system_(system), algebraic_(system) {}
  /// By Newton from y with dead voltages lifted, else from y itself, else by homotopy in the fault
  /// admittances, else from a flat start. Throws Error (why_no_solution(), or the limits that contradict each
  /// other) when none finds a solution; y is then as it was.
  void solve(double t, std::vector<double>& y);

 private:
  void lift_dead_voltages(std::vector<double>& y) const;
  [[nodiscard]] SettledResult grow_faults(double t, std::vector<double>& y);

  System& system_;
  AlgebraicSolver algebraic_;
};

}  // namespace ballast
