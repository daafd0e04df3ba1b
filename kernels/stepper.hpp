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
/// stay as it was at the last event. Matrices are made for the longest step, its half, ... and
/// the least; other lengths take the nearest one: that is another A.
#pragma once

#include <algorithm>

#include "kernels/evaluator.hpp"

namespace ballast::batch {

/// In one stiff block.
inline constexpr int kMostStiffStates = 64;

/// [state] how much its error counts.
[[nodiscard]] inline std::vector<double> error_shares(const Problem& p) {
  std::vector<double> shares(p.states, 1.0);
  for (const StiffBlock& block : p.stiff)
    for (const int state : block.states) shares[state] = kStiffShare;
  return shares;
}

template <class T>
struct Stepper {
  explicit Stepper(const Evaluator& evaluator)
      : evaluator_(evaluator), scratch_(evaluator.make_scratch<T>()) {
    const Problem& p = evaluator.problem();
    u.resize(p.states);
    f.resize(p.states);
    k1_.resize(p.states);
    share_ = error_shares(p);
    for (auto* v : {&V, &V1_, &V2_, &stage_, &correction_})
      v->assign(2 * static_cast<std::size_t>(p.buses), T(0.0));
  }

  std::vector<T> u, f, V;  ///< states, rates and voltages where the step began
  T t = 0.0;               ///< where it began
  /// Lengths of the last step and of the one before it; 0: there is none since the last jump.
  T h1 = 0.0, h2 = 0.0;

  /// From (store.t, store.x), evaluated there, by h in `lanes`. Leaves the store evaluated at the end; says
  /// where voltages did not converge.
  Yes<T> step(Store<T>& store, const T& h, const Yes<T>& lanes) {
    const std::size_t n = u.size();
    t = store.t;
    for (std::size_t i = 0; i < n; ++i) {
      u[i] = store.x[i];
      f[i] = store.f[i];
      k1_[i] = f[i];
    }
    multiply_stiff(store, h, k1_.data());
    for (std::size_t i = 0; i < n; ++i) store.x[i] = u[i] + h * k1_[i];
    store.t = t + h;
    // Voltages at the end of the step guessed by the parabola (line, constant) through those before; those of
    // the first stage differ from them as they did in the last step.
    const auto line = h1 > 0.0;
    const auto parabola = line && h2 > 0.0;
    const T safe1 = select_(line, h1, T(1.0));
    const T safe2 = select_(parabola, h2, T(1.0));
    const T first = select_(line, h / safe1, T(0.0));
    const T second = select_(parabola, h * (h + safe1) / (safe2 * (safe1 + safe2)), T(0.0));
    const T stretch = first * first;
    for (std::size_t k = 0; k < V.size(); ++k) {
      V[k] = store.s[k];
      // Newton's form: V + (V - V1) h/h1 + curvature.
      const T back = V[k] - V1_[k];
      const T guess = V[k] + back * first + (back * (safe2 / safe1) - (V1_[k] - V2_[k])) * second;
      store.s[k] = select_(lanes, guess - correction_[k] * stretch, store.s[k]);
    }
    const Yes<T> failed = evaluator_.evaluate(store, lanes, scratch_);
    for (std::size_t i = 0; i < n; ++i) store.f[i] = store.f[i] - 2.0 * k1_[i];
    multiply_stiff(store, h, store.f.data());
    for (std::size_t i = 0; i < n; ++i) store.x[i] = u[i] + h * (1.5 * k1_[i] + 0.5 * store.f[i]);
    for (std::size_t k = 0; k < V.size(); ++k) {
      stage_[k] = store.s[k];
      store.s[k] = select_(lanes, stage_[k] + correction_[k] * stretch, store.s[k]);
    }
    const Yes<T> failed_at_end = evaluator_.evaluate(store, lanes, scratch_);
    return failed || failed_at_end;
  }
  /// How far the step's end is from where the trapezoidal rule through it ends, in the state where it is
  /// furthest: of third order in h, as the step's error is. No number where a state or a rate is none.
  T error(const Store<T>& store, const T& h) const {
    T most(0.0);
    T sum(0.0);
    for (std::size_t i = 0; i < u.size(); ++i) {
      const T apart = share_[i] * abs_(0.5 * h * (k1_[i] + store.f[i]) - (store.x[i] - u[i]));
      most = max_(apart, most);
      sum = sum + apart;
    }
    return select_(sum <= std::numeric_limits<double>::max(), most, T(kUnknown));
  }
  /// The step was accepted: its voltages are those before the next.
  void accept(const Store<T>& store, const T& h, const Yes<T>& lanes) {
    for (std::size_t k = 0; k < V.size(); ++k) {
      V2_[k] = select_(lanes, V1_[k], V2_[k]);
      V1_[k] = select_(lanes, V[k], V1_[k]);
      correction_[k] = select_(lanes, store.s[k] - stage_[k], correction_[k]);
    }
    h2 = select_(lanes, h1, h2);
    h1 = select_(lanes, h, h1);
  }
  /// Voltages jumped in a lane: what came before says nothing of what follows.
  template <class Set>
  void forget(Set&& set) {
    set(h1, 0.0);
    set(h2, 0.0);
    for (T& c : correction_) set(c, 0.0);
  }

 private:
  const Evaluator& evaluator_;
  typename Evaluator::Scratch<T> scratch_;
  std::vector<T> k1_, V1_, V2_, stage_, correction_;
  std::vector<double> share_;

  void multiply_stiff(const Store<T>& store, const T& h, T* k) const {
    const Problem& p = evaluator_.problem();
    if (p.stiff.empty()) return;
    // The longest and the shortest length of the lanes, and who takes which.
    Yes<T> shorter[kMostStiffLengths];
    int longest = 0;
    int shortest = 0;
    double bound = kShort * p.step_s;
    for (int n = 1; n < p.stiff_lengths(); ++n, bound /= 2) {
      shorter[n] = h < bound;
      if (!any(!shorter[n])) longest = n;
      if (any(shorter[n])) shortest = n;
    }
    const std::size_t apart = p.stiff_entries;
    const T* matrices = store.stiff.data() + longest * apart;
    if (longest == shortest) return multiply_stiff(k, [&](int e) { return matrices[e]; });
    multiply_stiff(k, [&](int e) {
      T m = matrices[e];
      for (int n = longest + 1; n <= shortest; ++n)
        m = select_(shorter[n], matrices[(n - longest) * apart + e], m);
      return m;
    });
  }
  template <class Entry>
  void multiply_stiff(T* k, Entry&& entry) const {
    T part[kMostStiffStates];
    for (const StiffBlock& block : evaluator_.problem().stiff) {
      const int n = static_cast<int>(block.states.size());
      for (int i = 0; i < n; ++i) part[i] = k[block.states[i]];
      for (int i = 0; i < n; ++i) {
        T sum(0.0);
        for (int j = 0; j < n; ++j) sum = fma_(entry(block.matrix_at + i * n + j), part[j], sum);
        k[block.states[i]] = sum;
      }
    }
  }
};

}  // namespace ballast::batch
