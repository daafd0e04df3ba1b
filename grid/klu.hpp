/// \file
/// Sparse LU of a real matrix with KLU: analyse a pattern once, factor often. Internal to grid/.
#pragma once

#include <memory>
#include <span>
#include <vector>

namespace ballast {

/// Compressed columns with sorted row indices.
struct SparsePattern {
  int n = 0;
  std::vector<int> column_start;  ///< n + 1
  std::vector<int> row;
};

class Klu {
 public:
  Klu();
  ~Klu();
  Klu(const Klu&) = delete;
  Klu& operator=(const Klu&) = delete;

  /// False when the pattern itself is singular.
  bool analyse(SparsePattern pattern);
  /// Values in the order of the pattern; false when the matrix is singular to working precision.
  bool factor(std::span<const double> values);
  /// Overwrites the right-hand side with the solution; false on failure.
  bool solve(std::span<double> right_hand_side);
  /// Column at which the last factorisation broke down, or -1.
  [[nodiscard]] int singular_column() const;

 private:
  struct Handles;
  SparsePattern pattern_;
  std::unique_ptr<Handles> handles_;
};

}  // namespace ballast
