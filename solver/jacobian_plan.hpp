/// \file
/// The exact Jacobian of the system, composed from local Jacobians of the parts by a sparse product planned
/// once.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace ballast {

class System;

/// Each signal has a sparse gradient over the unknowns. A part's local Jacobian (duals over its own states
/// and inputs) times the gradients of its inputs gives the gradients of its outputs and rates. The plan lists
/// these products as flat operations, so that computing the matrix is three loops and no search.
class JacobianPlan {
 public:
  void build(const System& system);
  /// values[k] belongs to row_index()[k] of the columns column_start(); signals must be evaluated at y.
  void compute(System& system, const double* y, double cj, double* values);
  [[nodiscard]] std::span<const std::int64_t> column_start() const { return column_start_; }
  [[nodiscard]] std::span<const std::int64_t> row_index() const { return row_index_; }

 private:
  void drop_unused(const System& system);

  struct Operation {  ///< target += local[a] * gradient[b]; b < 0: local[a] alone
    int target, a, b;
  };
  struct Copy {  ///< values[slot] += factor * gradient[from]
    int slot, from;
    double factor;
  };
  struct NetworkEntry {  ///< the four slots of one entry of Y
    int entry;
    int rr, ri, ir, ii;
  };
  struct Constant {
    int slot;
    double value;
  };
  std::vector<std::int64_t> column_start_, row_index_;
  std::vector<int> local_at_;             ///< [group] first local nonzero
  std::vector<std::vector<int>> wanted_;  ///< [group] nonzeros of a local Jacobian that any operation reads
  std::vector<double> local_;
  std::vector<double> gradient_;
  std::vector<Operation> signal_operations_;  ///< in evaluation order, into gradient_
  int first_computed_ = 0;                    ///< gradients before this are constants (ones)
  std::vector<Operation> rate_operations_;    ///< into values, subtracted
  std::vector<Copy> copies_;                  ///< injections, loops, frame speeds
  std::vector<NetworkEntry> network_;
  std::vector<Constant> constants_;
  std::vector<int> differential_slots_;  ///< diagonal of differential unknowns: + cj
};

}  // namespace ballast
