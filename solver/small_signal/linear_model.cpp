#include "solver/small_signal/linear_model.hpp"

#include <fmt/format.h>
#include <klu.h>

#include <algorithm>
#include <cmath>

namespace ballast {

namespace {

/// Takes states out until all that are left have something in their row and in their column.
std::vector<int> coupled_states(const LinearModel& model, std::vector<char> is_state) {
  std::vector<int> in_row(model.size(), 0), in_column(model.size(), 0);
  std::vector<std::vector<int>> columns_of(model.size());
  for (int j = 0; j < model.size(); ++j)
    for (std::int64_t k = model.column_start[j]; k < model.column_start[j + 1]; ++k) {
      if (model.J[k] == 0) continue;
      ++in_row[model.row_index[k]];
      ++in_column[j];
      columns_of[model.row_index[k]].push_back(j);
    }
  std::vector<int> out;
  const auto look_at = [&](int i) {
    if (is_state[i] == 0 || (in_row[i] > 0 && in_column[i] > 0)) return;
    is_state[i] = 0;
    out.push_back(i);
  };
  for (int i = 0; i < model.size(); ++i) look_at(i);
  for (std::size_t next = 0; next < out.size(); ++next) {
    const int gone = out[next];
    for (const int j : columns_of[gone]) {  // what it reads has a reader less
      --in_column[j];
      look_at(j);
    }
    for (std::int64_t k = model.column_start[gone]; k < model.column_start[gone + 1]; ++k) {
      if (model.J[k] == 0) continue;
      --in_row[model.row_index[k]];
      look_at(static_cast<int>(model.row_index[k]));
    }
  }
  std::vector<int> states;
  for (int i = 0; i < model.size(); ++i)
    if (is_state[i] != 0) states.push_back(i);
  return states;
}

}  // namespace

LinearModel linear_model(System& system, double t, const std::vector<double>& y) {
  LinearModel model;
  model.column_start.assign(system.column_start().begin(), system.column_start().end());
  model.row_index.assign(system.row_index().begin(), system.row_index().end());
  model.J.resize(model.row_index.size());
  system.jacobian(t, y.data(), 0.0, model.J.data());
  std::vector<char> is_state(system.size(), 0);
  for (int i = 0; i < system.size(); ++i) {
    if (!system.is_differential(i)) continue;
    is_state[i] = 1;
    const auto first = model.row_index.begin() + model.column_start[i];
    const auto last = model.row_index.begin() + model.column_start[i + 1];
    model.diagonal.push_back(std::lower_bound(first, last, i) - model.row_index.begin());
  }
  model.states = coupled_states(model, is_state);
  std::vector<double> rate(y.size());
  system.rates(y.data(), rate.data());
  const std::vector<char> counters = system.counters();
  for (int i = 0; i < system.state_count(); ++i)
    if (counters[i] == 0) model.largest_rate = std::max(model.largest_rate, std::abs(rate[i]));
  return model;
}

struct ShiftedFactor::Objects {
  klu_l_common common{};
  klu_l_symbolic* symbolic = nullptr;
  klu_l_numeric* numeric = nullptr;
  Objects() {
    klu_l_defaults(&common);
    common.ordering = 0;  // AMD, as in KluSolver
  }
  ~Objects() {
    if (numeric != nullptr) klu_zl_free_numeric(&numeric, &common);
    if (symbolic != nullptr) klu_l_free_symbolic(&symbolic, &common);
  }
  Objects(const Objects&) = delete;
  Objects& operator=(const Objects&) = delete;
};

namespace {
// KLU takes arrays that are not const and leaves them as they are, and complex numbers as pairs.
template <class T>
T* lend(const std::vector<T>& array) {
  return const_cast<T*>(array.data());
}
double* pairs(std::complex<double>* array) { return reinterpret_cast<double*>(array); }
}  // namespace

ShiftedFactor::ShiftedFactor(const LinearModel& model, std::complex<double> s)
    : model_(model), klu_(std::make_unique<Objects>()), all_(model.size()) {
  std::vector<std::complex<double>> values(model.J.begin(), model.J.end());
  for (const std::int64_t slot : model.diagonal) values[slot] += s;
  Objects& k = *klu_;
  k.symbolic = klu_l_analyze(model.size(), lend(model.column_start), lend(model.row_index), &k.common);
  if (k.symbolic != nullptr)
    k.numeric = klu_zl_factor(lend(model.column_start), lend(model.row_index), pairs(values.data()),
                              k.symbolic, &k.common);
  if (k.numeric == nullptr || k.common.status != KLU_OK)
    throw Error(
        "", fmt::format("the linearised system is singular at {:g}{:+g}j 1/s", s.real(), s.imag()),
        "ask for modes near another frequency; if it is singular everywhere, a bus or device has no equation "
        "that determines it");
}
ShiftedFactor::~ShiftedFactor() = default;

void ShiftedFactor::solve(std::span<std::complex<double>> x) const {
  klu_zl_solve(klu_->symbolic, klu_->numeric, model_.size(), 1, pairs(x.data()), &klu_->common);
}
void ShiftedFactor::solve_transposed(std::span<std::complex<double>> x) const {
  klu_zl_tsolve(klu_->symbolic, klu_->numeric, model_.size(), 1, pairs(x.data()), 0, &klu_->common);
}

void ShiftedFactor::resolvent(std::span<std::complex<double>> x, bool transposed) const {
  std::fill(all_.begin(), all_.end(), 0.0);
  for (int k = 0; k < model_.state_count(); ++k) all_[model_.states[k]] = x[k];
  if (transposed)
    solve_transposed(all_);
  else
    solve(all_);
  for (int k = 0; k < model_.state_count(); ++k) x[k] = all_[model_.states[k]];
}

}  // namespace ballast
