/// \file
/// The network solved again after a jump, with the states held and the limits moved where the solution has
/// them.
#pragma once

#include <vector>

#include "solver/algebraic.hpp"

namespace ballast {

class NetworkSolution {
 public:
  explicit NetworkSolution(System& system) : system_(system), algebraic_(system) {}
  /// By Newton from y with dead voltages lifted, else from y itself, else by homotopy in the fault
  /// admittances, else from a flat start. Throws Error (voltage collapse) when none finds a solution; y is
  /// then as it was.
  void solve(double t, std::vector<double>& y);

 private:
  AlgebraicResult settle(double t, std::vector<double>& y);
  void lift_dead_voltages(std::vector<double>& y) const;
  [[nodiscard]] AlgebraicResult grow_faults(double t, std::vector<double>& y);

  System& system_;
  AlgebraicSolver algebraic_;
};

}  // namespace ballast
