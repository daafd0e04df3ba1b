#include "solver/stamp_solver.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "solver/system.hpp"

namespace ballast {

StampSolver::StampSolver(const System& system) : start_(system.column_start()), index_(system.row_index()) {
  std::vector<PlantBlock> blocks;
  find_blocks(system, blocks);
  const auto n = start_.size() - 1;
  for (const PlantBlock& block : blocks) blocks_.add(block);

  std::vector<int> number(n, -1);
  for (std::size_t i = 0; i < outside_.size(); ++i) number[outside_[i]] = static_cast<int>(i);
  std::vector<std::pair<int, int>> couplings;
  const auto couple = [&](int row, int column) {
    const int r = number[row] / 2;
    const int c = number[column] / 2;
    if (r != c) couplings.emplace_back(r, c);
  };
  for (std::size_t j = 0; j < n; ++j)
    for (auto k = start_[j]; k < start_[j + 1]; ++k)
      if (number[j] >= 0 && number[index_[k]] >= 0) couple(static_cast<int>(index_[k]), static_cast<int>(j));
  blocks_.each_stamp(couple);
  buses_.plan(static_cast<int>(outside_.size() + 1) / 2, couplings);

  for (std::size_t j = 0; j < n; ++j)
    for (auto k = start_[j]; k < start_[j + 1]; ++k)
      if (number[j] >= 0 && number[index_[k]] >= 0)
        entries_.push_back({buses_.place(number[index_[k]], number[j]), static_cast<int>(k)});
  for (std::size_t i = 0; i < outside_.size(); ++i) position_.push_back(buses_.position(static_cast<int>(i)));
  if (outside_.size() % 2 != 0) {
    const int last = static_cast<int>(outside_.size());
    filler_ = buses_.place(last, last);
  }
  blocks_.finish([&](int row, int column) { return buses_.place(number[row], number[column]); },
                 [&](int unknown) { return position_[number[unknown]]; });
  side_.assign(buses_.size(), 0.0);
  residual_.assign(n, 0.0);
  terms_.assign(n, 0.0);
  answer_.assign(n, 0.0);
  // A right-hand side without pattern: magnitudes from 0.5 to 1.5 with both signs.
  for (std::size_t i = 0; i < n; ++i) {
    const double place = std::fmod(static_cast<double>(i + 1) * 0.6180339887498949, 1.0);
    trial_.push_back(place < 0.5 ? 0.5 + 2 * place : 0.5 - 2 * place);
  }
}

void StampSolver::find_blocks(const System& system, std::vector<PlantBlock>& blocks) {
  const int n = system.size();
  std::vector<int> parent(n);
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](int i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (int j = 0; j < n; ++j)
    for (auto k = start_[j]; k < start_[j + 1]; ++k) {
      const int i = static_cast<int>(index_[k]);
      if (system.is_differential(i) && system.is_differential(j)) parent[root(i)] = root(j);
    }
  std::vector<int> block_of(n, -1);
  std::vector<int> within(n, -1);
  std::vector<int> block_of_root(n, -1);
  for (int i = 0; i < n; ++i) {
    if (!system.is_differential(i)) continue;
    int& block = block_of_root[root(i)];
    if (block < 0) {
      block = static_cast<int>(blocks.size());
      blocks.emplace_back();
    }
    block_of[i] = block;
    within[i] = static_cast<int>(blocks[block].unknowns.size());
    blocks[block].unknowns.push_back(i);
  }
  const auto each_entry = [&](auto&& work) {  // of blocks: (block, row, column, slot)
    for (int j = 0; j < n; ++j)
      for (auto k = start_[j]; k < start_[j + 1]; ++k) {
        const int i = static_cast<int>(index_[k]);
        const int block = std::max(block_of[i], block_of[j]);
        if (block >= 0) work(blocks[block], i, j, static_cast<int>(k));
      }
  };
  each_entry([&](PlantBlock& b, int i, int j, int) {
    if (block_of[i] < 0) b.rows.push_back(i);
    if (block_of[j] < 0) b.columns.push_back(j);
  });
  for (PlantBlock& b : blocks)
    for (auto* list : {&b.rows, &b.columns}) {
      std::sort(list->begin(), list->end());
      list->erase(std::unique(list->begin(), list->end()), list->end());
    }
  const auto too_large = [](const PlantBlock& b) {
    return b.unknowns.size() > kMaxUnknowns || b.rows.size() > kMaxBorder || b.columns.size() > kMaxBorder;
  };
  for (const PlantBlock& b : blocks)
    if (too_large(b))
      for (const int i : b.unknowns) block_of[i] = -1;
  const auto number = [&](const PlantBlock& b, const std::vector<int>& border, int unknown) {
    if (block_of[unknown] >= 0) return within[unknown];
    const auto found = std::lower_bound(border.begin(), border.end(), unknown);
    return static_cast<int>(b.unknowns.size()) + static_cast<int>(found - border.begin());
  };
  each_entry([&](PlantBlock& b, int i, int j, int slot) {
    b.entries.push_back({number(b, b.rows, i), number(b, b.columns, j), slot});
  });
  std::erase_if(blocks, too_large);
  for (PlantBlock& b : blocks)
    std::sort(b.entries.begin(), b.entries.end(), [](const auto& x, const auto& y) {
      return std::pair(x.column, x.row) < std::pair(y.column, y.row);
    });

  // Voltages first, so that the two of a bus make one block; then the rest.
  const int first = system.voltage_at(0);
  const int last = system.voltage_at(system.grid.bus_count());
  for (int i = first; i < last; ++i) outside_.push_back(i);
  for (int i = 0; i < n; ++i)
    if (block_of[i] < 0 && (i < first || i >= last)) outside_.push_back(i);
}

bool StampSolver::factor(const double* values) {
  buses_.clear();
  double* const bus_values = buses_.values();
  for (const Entry& e : entries_) bus_values[e.place] = values[e.slot];
  if (filler_ >= 0) bus_values[filler_] = 1;
  blocks_.factor(values, bus_values);
  buses_.factor();
  use_whole_ = !accurate(values);
  if (!use_whole_) return true;
  ++whole_count_;
  if (whole_ == nullptr) whole_ = std::make_unique<KluSolver>(start_, index_);
  return whole_->factor(values);
}

void StampSolver::solve(double* x) {
  if (use_whole_)
    whole_->solve(x);
  else
    solve_stamped(x);
}

void StampSolver::solve_stamped(double* x) {
  std::fill(side_.begin(), side_.end(), 0.0);
  for (std::size_t i = 0; i < outside_.size(); ++i) side_[position_[i]] = x[outside_[i]];
  blocks_.forward(x, side_.data());
  buses_.solve(side_.data());
  for (std::size_t i = 0; i < outside_.size(); ++i) x[outside_[i]] = side_[position_[i]];
  blocks_.back(x, side_.data());
}

bool StampSolver::accurate(const double* values) {
  const std::size_t n = trial_.size();
  std::copy(trial_.begin(), trial_.end(), answer_.begin());
  solve_stamped(answer_.data());
  for (std::size_t i = 0; i < n; ++i) {
    residual_[i] = -trial_[i];
    terms_[i] = std::abs(trial_[i]);
  }
  for (std::size_t j = 0; j < n; ++j)
    for (auto k = start_[j]; k < start_[j + 1]; ++k) {
      const double term = values[k] * answer_[j];
      residual_[index_[k]] += term;
      terms_[index_[k]] += std::abs(term);
    }
  for (std::size_t i = 0; i < n; ++i)
    if (!(std::abs(residual_[i]) <= kTolerance * terms_[i]) || !std::isfinite(terms_[i])) return false;
  return true;
}

std::unique_ptr<LinearSolver> make_linear_solver(LinearSolverKind kind, const System& system) {
  if (kind == LinearSolverKind::KLU)
    return std::make_unique<KluSolver>(system.column_start(), system.row_index());
  return std::make_unique<StampSolver>(system);
}

}  // namespace ballast
