/// \file
/// The algebraic unknowns (voltages, loops, frame speeds) at given states: solved after every jump.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "solver/system.hpp"

namespace ballast {

struct AlgebraicResult {
  bool converged = false;
  int iterations = 0;
  double mismatch = 0;  ///< largest residual, pu
  int worst = -1;       ///< unknown with it
};

class KluSolver;

/// Damped Newton with the exact Jacobian and KLU. The states in y stay as they are.
class AlgebraicSolver {
 public:
  explicit AlgebraicSolver(System& system);
  ~AlgebraicSolver();
  AlgebraicSolver(const AlgebraicSolver&) = delete;
  AlgebraicSolver& operator=(const AlgebraicSolver&) = delete;

  /// Solves to `tolerance` (pu) from the guess in y; y is left at the best point found.
  AlgebraicResult solve(double t, std::vector<double>& y, double tolerance = 1e-10);

 private:
  void plan();
  System& system_;
  int planned_version_ = -1;
  std::vector<int> unknown_;                 ///< algebraic unknowns
  std::vector<std::int64_t> start_, index_;  ///< sub-matrix, compressed columns
  std::vector<int> slot_;                    ///< place of each entry in the full Jacobian
  std::vector<double> full_, sub_;
  std::unique_ptr<KluSolver> solver_;
};

}  // namespace ballast
