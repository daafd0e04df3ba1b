#include "solver/klu_solver.hpp"

#include <klu.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ballast {

/// KLU's objects, freed in order.
struct KluSolver::Objects {
  klu_l_common common{};
  klu_l_symbolic* symbolic = nullptr;
  klu_l_numeric* numeric = nullptr;
  Objects() {
    klu_l_defaults(&common);
    // The pattern is nearly symmetric: AMD fills in less than COLAMD, which orders A^T A (2,000 buses with
    // one dense row and column of the frame speed: a factor of about four in run time).
    common.ordering = 0;
  }
  ~Objects() {
    forget_pivots();
    if (symbolic != nullptr) klu_l_free_symbolic(&symbolic, &common);
  }
  Objects(const Objects&) = delete;
  Objects& operator=(const Objects&) = delete;
  void forget_pivots() {
    if (numeric != nullptr) klu_l_free_numeric(&numeric, &common);
  }
};

namespace {
// KLU takes arrays that are not const and leaves them as they are.
template <class T>
T* lend(const T* array) {
  return const_cast<T*>(array);
}
}  // namespace

KluSolver::KluSolver(std::span<const std::int64_t> column_start, std::span<const std::int64_t> row_index)
    : start_(column_start), index_(row_index), klu_(std::make_unique<Objects>()) {
  klu_->symbolic = klu_l_analyze(static_cast<SuiteSparse_long>(start_.size()) - 1, lend(start_.data()),
                                 lend(index_.data()), &klu_->common);
}
KluSolver::~KluSolver() = default;

bool KluSolver::factor(const double* values) {
  Objects& k = *klu_;
  if (k.symbolic == nullptr ||
      !std::all_of(values, values + index_.size(), [](double v) { return std::isfinite(v); }))
    return false;
  if (k.numeric != nullptr) {
    // Pivots that no longer serve show in the growth of the elements, or in the reciprocal condition
    // (SUNDIALS' bound). A source of 1e-4 pu beside a load that has gone is enough for the first and hidden
    // from the second.
    constexpr double kLeastGrowth = 1e-6;
    static const double kLeast = std::cbrt(std::pow(std::numeric_limits<double>::epsilon(), 2));
    if (klu_l_refactor(lend(start_.data()), lend(index_.data()), lend(values), k.symbolic, k.numeric,
                       &k.common) != 0 &&
        klu_l_rgrowth(lend(start_.data()), lend(index_.data()), lend(values), k.symbolic, k.numeric,
                      &k.common) != 0 &&
        k.common.rgrowth >= kLeastGrowth && klu_l_rcond(k.symbolic, k.numeric, &k.common) != 0 &&
        (k.common.rcond >= kLeast ||
         (klu_l_condest(lend(start_.data()), lend(values), k.symbolic, k.numeric, &k.common) != 0 &&
          k.common.condest <= 1 / kLeast)))
      return true;
    k.forget_pivots();
  }
  k.numeric = klu_l_factor(lend(start_.data()), lend(index_.data()), lend(values), k.symbolic, &k.common);
  return k.numeric != nullptr && k.common.status == KLU_OK;
}

void KluSolver::solve(double* x) {
  klu_l_solve(klu_->symbolic, klu_->numeric, static_cast<SuiteSparse_long>(start_.size()) - 1, 1, x,
              &klu_->common);
}

}  // namespace ballast
