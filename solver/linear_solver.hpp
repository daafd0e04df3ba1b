/// \file
/// Linear systems with the pattern of the system's Jacobian, factored again and again with other values.
#pragma once

#include <memory>

namespace ballast {

class System;

/// How the Newton iterations of the integrator solve their linear systems.
enum class LinearSolverKind {
  STAMP,  ///< plants eliminated to stamps on their buses, then the matrix of the buses
  KLU     ///< KLU on the whole matrix
};

class LinearSolver {
 public:
  virtual ~LinearSolver() = default;
  /// Takes the matrix, compressed columns in the order of the pattern. False when it is singular to working
  /// precision or holds a value that is not finite.
  virtual bool factor(const double* values) = 0;
  /// x becomes A^-1 x of the matrix factored last.
  virtual void solve(double* x) = 0;
};

/// For the pattern that `system` has now; build another one when System::pattern_version() changes. The
/// system must stay.
[[nodiscard]] std::unique_ptr<LinearSolver> make_linear_solver(LinearSolverKind kind, const System& system);

}  // namespace ballast
