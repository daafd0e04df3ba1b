/// \file
/// The bus-stamp solver: states are eliminated plant by plant, and only the matrix of the buses is factored
/// as a whole.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "solver/bus_matrix.hpp"
#include "solver/klu_solver.hpp"
#include "solver/plant_blocks.hpp"

namespace ballast {

/// The partition is read from the Jacobian's pattern alone: differential unknowns that couple among each
/// other, directly or through others, form a block (a plant, or what plants share); voltages, loop signals,
/// frame speeds and blocks that are too large or see too many unknowns outside stay in the matrix of the
/// buses. Pivots are fixed by the pattern, so every factorisation is tried on one right-hand side; where the
/// residual says that they do not serve, the matrix goes to KLU whole.
class StampSolver final : public LinearSolver {
 public:
  /// A block has at most so many unknowns, and sees at most so many outside; larger ones are not worth
  /// eliminating.
  static constexpr int kMaxUnknowns = 64;
  static constexpr int kMaxBorder = 12;
  /// Largest residual of the trial, against the sum of the magnitudes of its terms, row by row.
  static constexpr double kTolerance = 1e-9;

  explicit StampSolver(const System& system);

  bool factor(const double* values) override;
  void solve(double* x) override;

  /// Factorisations that went to KLU.
  [[nodiscard]] long whole_factorisations() const { return whole_count_; }
  [[nodiscard]] int block_count() const { return blocks_.count(); }
  [[nodiscard]] int pattern_count() const { return blocks_.shape_count(); }
  /// Unknowns left to the matrix of the buses.
  [[nodiscard]] int outside_count() const { return static_cast<int>(outside_.size()); }

 private:
  void find_blocks(const System& system, std::vector<PlantBlock>& blocks);
  void solve_stamped(double* x);
  [[nodiscard]] bool accurate(const double* values);

  std::span<const std::int64_t> start_, index_;
  PlantBlocks blocks_;
  BusMatrix buses_;
  std::vector<int> outside_;   ///< unknowns of the bus matrix
  std::vector<int> position_;  ///< of each of them in its vectors
  struct Entry {
    int place, slot;
  };
  std::vector<Entry> entries_;  ///< of the whole matrix, outside all blocks
  int filler_ = -1;             ///< place of the 1 that fills the last block
  std::vector<double> side_;    ///< of the bus matrix
  std::vector<double> trial_, answer_, residual_, terms_;
  std::unique_ptr<KluSolver> whole_;  ///< built when first needed
  bool use_whole_ = false;
  long whole_count_ = 0;
};

}  // namespace ballast
