#include "solver/algebraic.hpp"

#include <algorithm>
#include <cmath>

#include "solver/klu_solver.hpp"

namespace ballast {

AlgebraicSolver::AlgebraicSolver(System& system) : system_(system) {}
AlgebraicSolver::~AlgebraicSolver() = default;

void AlgebraicSolver::plan() {
  planned_version_ = system_.pattern_version();
  unknown_.clear();
  start_.assign(1, 0);
  index_.clear();
  slot_.clear();
  std::vector<int> number(system_.size(), -1);
  for (int i = 0; i < system_.size(); ++i)
    if (!system_.is_differential(i)) {
      number[i] = static_cast<int>(unknown_.size());
      unknown_.push_back(i);
    }
  const auto columns = system_.column_start();
  const auto rows = system_.row_index();
  for (const int j : unknown_) {
    for (std::int64_t k = columns[j]; k < columns[j + 1]; ++k) {
      if (number[rows[k]] < 0) continue;
      index_.push_back(number[rows[k]]);
      slot_.push_back(static_cast<int>(k));
    }
    start_.push_back(static_cast<std::int64_t>(index_.size()));
  }
  full_.resize(rows.size());
  sub_.resize(index_.size());
  solver_ = std::make_unique<KluSolver>(start_, index_);
}

AlgebraicResult AlgebraicSolver::solve(double t, std::vector<double>& y, double tolerance) {
  if (planned_version_ != system_.pattern_version()) plan();
  const std::size_t n = unknown_.size();
  std::vector<double> yp(y.size(), 0.0);
  std::vector<double> F(y.size());
  std::vector<double> step(n);
  std::vector<double> trial = y;
  const auto norm = [&](const std::vector<double>& at, AlgebraicResult* result) {
    system_.residual(t, at.data(), yp.data(), F.data());
    double sum = 0;
    double worst = 0;
    for (const int i : unknown_) {
      const double size = std::isfinite(F[i]) ? std::abs(F[i]) : 1e300;
      sum += std::min(size, 1e150) * std::min(size, 1e150);
      if (result != nullptr && size >= worst) {
        worst = size;
        result->worst = i;
      }
    }
    if (result != nullptr) result->mismatch = worst;
    return std::sqrt(sum);
  };

  AlgebraicResult result;
  double size = norm(y, &result);
  constexpr int kMaxIterations = 40;
  int stalls = 0;
  for (; result.iterations < kMaxIterations; ++result.iterations) {
    if (result.mismatch <= tolerance) {
      result.converged = true;
      return result;
    }
    system_.jacobian(t, y.data(), 0.0, full_.data());
    for (std::size_t k = 0; k < slot_.size(); ++k) sub_[k] = full_[slot_[k]];
    if (!solver_->factor(sub_.data())) return result;
    for (std::size_t k = 0; k < n; ++k) step[k] = -F[unknown_[k]];
    solver_->solve(step.data());
    // Full step unless it makes the residual grow; rounding-level stagnation ends the search.
    double fraction = 1;
    double new_size = 0;
    AlgebraicResult tried = result;
    for (int halving = 0;; ++halving) {
      for (std::size_t k = 0; k < n; ++k) trial[unknown_[k]] = y[unknown_[k]] + fraction * step[k];
      new_size = norm(trial, &tried);
      if (new_size < size || halving == 12) break;
      fraction /= 2;
    }
    if (!(new_size < size)) {
      norm(y, &result);
      result.converged = result.mismatch <= 100 * tolerance;
      return result;
    }
    stalls = new_size > 0.9 * size ? stalls + 1 : 0;
    y = trial;
    size = new_size;
    result.mismatch = tried.mismatch;
    result.worst = tried.worst;
    if (stalls > 8) break;
  }
  result.converged = result.mismatch <= 100 * tolerance;
  return result;
}

}  // namespace ballast
