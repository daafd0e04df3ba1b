/// \file
/// One step of the W-method (ROS2: J. G. Verwer, E. J. Spee, J. G. Blom, W. Hundsdorfer, "A second-order
/// Rosenbrock method applied to photochemical dispersion problems", SIAM J. Sci. Comput. 20, 1999) in one or
/// W scenarios:
///
///     (I - gamma h A) k1 = F(u)
///     (I - gamma h A) k2 = F(u + h k1) - 2 k1
///     u := u + 3/2 h k1 + 1/2 h k2
///
/// A is zero but for the stiff blocks: Heun's method for everything else. Of second order for any A, so A may
/// stay as it was at the last event. The matrix is made for the longest step and serves shorter ones too:
/// that is another A.
#pragma once

#include "kernels/evaluator.hpp"

namespace ballast::batch {

template <class T>
struct Stepper {
  explicit Stepper(const Evaluator& evaluator)
      : evaluator_(evaluator), scratch_(evaluator.make_scratch<T>()) {
    const Problem& p = evaluator.problem();
    u.resize(p.states);
    f.resize(p.states);
    k1_.resize(p.states);
    V.resize(2 * static_cast<std::size_t>(p.buses));
    V_before_.assign(2 * static_cast<std::size_t>(p.buses), T(0.0));
  }

  std::vector<T> u, f, V;  ///< states, rates and voltages where the step began
  T t = 0.0;               ///< where it began
  T h_before = 0.0;        ///< length of the step before; 0: voltages are not extrapolated

  /// From (store.t, store.x), evaluated there, by h in `lanes`. Leaves the store evaluated at the end; says
  /// where voltages did not converge.
  Yes<T> step(Store<T>& store, const T& h, const Yes<T>& lanes) {
    const Problem& p = evaluator_.problem();
    const std::size_t n = u.size();
    t = store.t;
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = store.x[i];
      f[i] = store.f[i];
      k1_[i] = f[i];
    }
    multiply_stiff(store, k1_.data());
    for (std::size_t i = 0; i < n; ++i) store.x[i] = u[i] + h * k1_[i];
    store.t = t + h;
    // Voltages guessed along a straight line.
    const T share = select_(h_before > 0.0, h / max_(h_before, T(1e-300)), T(0.0));
    for (std::size_t k = 0; k < V.size(); ++k) {
      V[k] = store.s[k];
      const T guess = V[k] + (V[k] - V_before_[k]) * share;
      store.s[k] = select_(lanes, guess, store.s[k]);
    }
    const Yes<T> first = evaluator_.evaluate(store, lanes, scratch_);
    for (std::size_t i = 0; i < n; ++i) store.f[i] = store.f[i] - 2.0 * k1_[i];
    multiply_stiff(store, store.f.data());
    for (std::size_t i = 0; i < n; ++i) store.x[i] = u[i] + h * (1.5 * k1_[i] + 0.5 * store.f[i]);
    const Yes<T> second = evaluator_.evaluate(store, lanes, scratch_);
    (void)p;
    return first || second;
  }
  /// The step was accepted: its voltages are those before the next.
  void accept(const T& h, const Yes<T>& lanes) {
    for (std::size_t k = 0; k < V.size(); ++k) V_before_[k] = select_(lanes, V[k], V_before_[k]);
    h_before = select_(lanes, h, h_before);
  }

 private:
  const Evaluator& evaluator_;
  typename Evaluator::Scratch<T> scratch_;
  std::vector<T> k1_, V_before_;

  void multiply_stiff(const Store<T>& store, T* k) const {
    T part[64];
    for (const StiffBlock& block : evaluator_.problem().stiff) {
      const std::size_t n = block.states.size();
      const T* m = store.stiff.data() + block.matrix_at;
      for (std::size_t i = 0; i < n; ++i) part[i] = k[block.states[i]];
      for (std::size_t i = 0; i < n; ++i) {
        T sum(0.0);
        for (std::size_t j = 0; j < n; ++j) sum = fma_(m[i * n + j], part[j], sum);
        k[block.states[i]] = sum;
      }
    }
  }
};

}  // namespace ballast::batch
