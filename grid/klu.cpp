#include "grid/klu.hpp"

#include <klu.h>

#include <utility>

namespace ballast {

struct Klu::Handles {
  klu_common common{};
  klu_symbolic* symbolic = nullptr;
  klu_numeric* numeric = nullptr;

  Handles() { klu_defaults(&common); }
  ~Handles() { clear(); }
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  void clear() {
    if (numeric != nullptr) klu_free_numeric(&numeric, &common);
    if (symbolic != nullptr) klu_free_symbolic(&symbolic, &common);
  }
};

Klu::Klu() : handles_(std::make_unique<Handles>()) {}
Klu::~Klu() = default;

bool Klu::analyse(SparsePattern pattern) {
  pattern_ = std::move(pattern);
  handles_->clear();
  handles_->symbolic =
      klu_analyze(pattern_.n, pattern_.column_start.data(), pattern_.row.data(), &handles_->common);
  return handles_->symbolic != nullptr;
}

bool Klu::factor(std::span<const double> values) {
  Handles& h = *handles_;
  if (h.symbolic == nullptr) return false;
  if (h.numeric != nullptr) klu_free_numeric(&h.numeric, &h.common);
  // KLU's interface is not const-correct; it does not write to the matrix.
  auto* const data = const_cast<double*>(values.data());
  h.numeric = klu_factor(pattern_.column_start.data(), pattern_.row.data(), data, h.symbolic, &h.common);
  return h.numeric != nullptr && h.common.status == KLU_OK;
}

bool Klu::solve(std::span<double> right_hand_side) {
  Handles& h = *handles_;
  if (h.numeric == nullptr) return false;
  return klu_solve(h.symbolic, h.numeric, pattern_.n, 1, right_hand_side.data(), &h.common) != 0;
}

int Klu::singular_column() const { return handles_->common.singular_col; }

}  // namespace ballast
