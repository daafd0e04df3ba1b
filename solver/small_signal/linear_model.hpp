/// \file
/// A system linearised at a point, its limits and automata frozen as they are there: E dx/dt = -J x, where J
/// is dF/dy and E is 1 on the diagonal of differential unknowns, else 0.
#pragma once

#include <complex>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solver/system.hpp"

namespace ballast {

struct LinearModel {
  std::vector<std::int64_t> column_start, row_index;  ///< compressed columns, rows ascending
  std::vector<double> J;
  std::vector<std::int64_t> diagonal;  ///< of differential unknowns: places in J
  /// Differential unknowns that can move others and be moved, ascending. The rest have the eigenvalue 0 to
  /// themselves: states that stand (a limit, a converter that is off) and states that nobody reads (counters,
  /// frame angles).
  std::vector<int> states;
  double largest_rate = 0;  ///< |dx/dt| of what a rest would hold still, 1/s: 0 at an equilibrium
  [[nodiscard]] int size() const { return static_cast<int>(column_start.size()) - 1; }
  [[nodiscard]] int state_count() const { return static_cast<int>(states.size()); }
};

/// The system is left evaluated at (t, y).
[[nodiscard]] LinearModel linear_model(System& system, double t, const std::vector<double>& y);

/// KLU's factors of J + s E for one complex s, in 1/s.
class ShiftedFactor {
 public:
  /// Throws Error where the matrix is singular: s is an eigenvalue to working precision, or the algebraic
  /// equations do not determine their unknowns.
  ShiftedFactor(const LinearModel& model, std::complex<double> s);
  ~ShiftedFactor();
  ShiftedFactor(const ShiftedFactor&) = delete;
  ShiftedFactor& operator=(const ShiftedFactor&) = delete;

  /// x becomes (J + s E)^-1 x, or with the transposed (not conjugated) matrix.
  void solve(std::span<std::complex<double>> x) const;
  void solve_transposed(std::span<std::complex<double>> x) const;

  /// The same of the states alone: (s I - A)^-1 x, where dx/dt = A x once the algebraic unknowns are
  /// eliminated. [model.state_count()]
  void resolvent(std::span<std::complex<double>> x, bool transposed = false) const;

 private:
  struct Objects;
  const LinearModel& model_;
  std::unique_ptr<Objects> klu_;
  mutable std::vector<std::complex<double>> all_;
};

}  // namespace ballast
