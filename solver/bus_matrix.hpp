/// \file
/// Sparse LU of a matrix of 2x2 blocks, one row of blocks per bus (Vr, Vi), on a pattern taken as symmetric.
#pragma once

#include <utility>
#include <vector>

namespace ballast {

/// Planned once per pattern: minimum-degree order (AMD), places of all blocks of L and U, places that every
/// elimination step updates. Factoring and solving walk these lists; pivots stay on the diagonal blocks.
/// Who needs to know whether that was accurate checks the residual.
class BusMatrix {
 public:
  /// `couplings` are pairs of different block rows, in any order, also repeated.
  void plan(int blocks, const std::vector<std::pair<int, int>>& couplings);
  /// Index into values() of entry (row, column) of the scalar matrix (2 * block + 0 or 1); the blocks must be
  /// coupled or the same.
  [[nodiscard]] int place(int row, int column) const;
  /// Where an unknown stands in the vector that solve() takes.
  [[nodiscard]] int position(int unknown) const { return 2 * order_[unknown / 2] + unknown % 2; }
  [[nodiscard]] int size() const { return 2 * static_cast<int>(diagonal_); }
  /// All entries set to zero; then written through values().
  void clear();
  [[nodiscard]] double* values() { return store_.front().v; }
  void factor();
  /// x becomes A^-1 x, [size], ordered by position().
  void solve(double* x) const;

 private:
  struct alignas(32) Block {  ///< columns one after the other
    double v[4];
  };
  std::size_t diagonal_ = 0;    ///< count of diagonal blocks; L and U follow, as many blocks each
  std::vector<Block> store_;    ///< D, L column by column, U row by row
  std::vector<int> order_;      ///< [block] place in the elimination
  std::vector<int> first_;      ///< [place + 1] into rows_
  std::vector<int> rows_;       ///< below the diagonal of each column of L, ascending
  std::vector<int> update_at_;  ///< of each pair (a, b > a) of a column's rows: place of b in column a
};

}  // namespace ballast
