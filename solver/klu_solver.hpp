/// \file
/// KLU on a whole matrix: the oracle of the bus-stamp solver, and the solver of what is small or rare.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "solver/linear_solver.hpp"

namespace ballast {

class KluSolver final : public LinearSolver {
 public:
  /// The pattern, compressed columns with ascending rows; the spans must stay valid.
  KluSolver(std::span<const std::int64_t> column_start, std::span<const std::int64_t> row_index);
  ~KluSolver() override;
  KluSolver(const KluSolver&) = delete;
  KluSolver& operator=(const KluSolver&) = delete;

  /// Keeps the pivots of the last call while they serve, and chooses them anew where they do not.
  bool factor(const double* values) override;
  void solve(double* x) override;

 private:
  struct Objects;
  std::span<const std::int64_t> start_, index_;
  std::unique_ptr<Objects> klu_;
};

}  // namespace ballast
