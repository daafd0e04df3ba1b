/// \file
/// The numbers of W scenarios side by side (T = Pack<W>) or of one (T = double), and moving one between the
/// two.
#pragma once

#include <vector>

#include "kernels/problem.hpp"
#include "models/pack.hpp"

namespace ballast::batch {

/// What equations and network read and write. Everything is [item], each item W lanes wide.
template <class T>
struct Store {
  explicit Store(const Problem& p)
      : x(p.states),
        f(p.states),
        s(p.signals),
        guard(p.guards),
        held(p.held),
        timer(p.timers, T(std::numeric_limits<double>::infinity())),
        active(p.plants, T(1.0)),
        weight(p.weights.size()),
        ramp(4 * p.ramped.size()),
        alive(p.buses, T(1.0)),
        slope(4 * p.injecting_buses.size()),
        factor(4 * p.factor.column.size()),
        stiff(static_cast<std::size_t>(p.stiff_lengths()) * p.stiff_entries),
        mode(p.modes) {}

  T t = 0.0;       ///< s
  T turned = 0.0;  ///< rad, of the frame against the nominal one
  T rate = 0.25;   ///< by which an iteration of the network shrinks its error, as last seen
  std::vector<T> x, f, s, guard, held, timer;
  std::vector<T> active;  ///< [plant] 1, or 0: tripped
  std::vector<T> weight;  ///< [Problem::weights] share in the frame speed; all zero: it is nominal
  std::vector<T> ramp;    ///< [ramped * 4] start, 1/duration, from, to
  std::vector<T> alive;   ///< [bus] 0: no source in its island
  std::vector<T> slope;   ///< [injecting bus * 4] dI/dV, 2x2 by rows, where the factor was made
  std::vector<T> factor;  ///< [entry * 4]
  std::vector<T> stiff;   ///< inverses of the stiff blocks: for the longest step, for half of it, ...
  std::vector<Mode<T>> mode;
  bool all_active = true, all_alive = true;  ///< in every lane
  std::vector<std::vector<T>> own;           ///< [own part] derived parameters as numbers
};

template <int W>
double lane_of(const Pack<W>& v, int lane) {
  return v[lane];
}
template <int W>
int lane_of(const ModePack<W>& v, int lane) {
  return v[lane];
}

/// Calls work(items of a, items of b) for what is seen from outside and what drivers move, but signals.
template <class A, class B, class Work>
void each_seen(A& a, B& b, Work&& work) {
  work(a.x, b.x);
  work(a.held, b.held);
  work(a.timer, b.timer);
  work(a.active, b.active);
  work(a.mode, b.mode);
}

/// Calls work(items of a, items of b) for every array of two stores.
template <class A, class B, class Work>
void each_array(A& a, B& b, bool with_matrices, Work&& work) {
  each_seen(a, b, work);
  work(a.f, b.f);
  work(a.s, b.s);
  work(a.guard, b.guard);
  work(a.weight, b.weight);
  work(a.ramp, b.ramp);
  work(a.alive, b.alive);
  work(a.slope, b.slope);
  if (!with_matrices) return;
  work(a.factor, b.factor);
  work(a.stiff, b.stiff);
}

/// One lane out of a pack. `with_matrices`: also factor and stiff blocks.
template <int W>
void take_out(const Store<Pack<W>>& from, int lane, Store<double>& to, bool with_matrices) {
  to.t = from.t[lane];
  to.turned = from.turned[lane];
  to.rate = from.rate[lane];
  each_array(from, to, with_matrices, [lane](const auto& a, auto& b) {
    for (std::size_t i = 0; i < a.size(); ++i) b[i] = lane_of(a[i], lane);
  });
  for (std::size_t k = 0; k < from.own.size(); ++k)
    for (std::size_t i = 0; i < from.own[k].size(); ++i) to.own[k][i] = from.own[k][i][lane];
}
/// What is seen of a lane but signals.
template <int W>
void take_seen(const Store<Pack<W>>& from, int lane, Store<double>& to) {
  to.t = from.t[lane];
  to.turned = from.turned[lane];
  each_seen(from, to, [lane](const auto& a, auto& b) {
    for (std::size_t i = 0; i < a.size(); ++i) b[i] = lane_of(a[i], lane);
  });
}
/// Signals first to last - 1 of a lane.
template <int W>
void take_signals(const Store<Pack<W>>& from, int lane, Store<double>& to, int first, int last) {
  for (int i = first; i < last; ++i) to.s[i] = from.s[i][lane];
}
/// What drivers move, back.
template <int W>
void put_driven(const Store<double>& from, int lane, Store<Pack<W>>& to) {
  for (std::size_t i = 0; i < to.held.size(); ++i) to.held[i].set(lane, from.held[i]);
  for (std::size_t i = 0; i < to.timer.size(); ++i) to.timer[i].set(lane, from.timer[i]);
  for (std::size_t i = 0; i < to.mode.size(); ++i) to.mode[i].set(lane, from.mode[i]);
}
/// A whole lane back.
template <int W>
void put_back(const Store<double>& from, int lane, Store<Pack<W>>& to, bool with_matrices) {
  to.t.set(lane, from.t);
  to.turned.set(lane, from.turned);
  to.rate.set(lane, from.rate);
  each_array(to, from, with_matrices, [lane](auto& a, const auto& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i].set(lane, b[i]);
  });
  for (std::size_t k = 0; k < to.own.size(); ++k)
    for (std::size_t i = 0; i < to.own[k].size(); ++i) to.own[k][i].set(lane, from.own[k][i]);
}

}  // namespace ballast::batch
