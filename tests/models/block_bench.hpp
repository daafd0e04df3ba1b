/// \file
/// One control block alone on a bench: its states move by the classical Runge-Kutta method, its limits are
/// located by bisection and their moves counted.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <stdexcept>
#include <string>

#include "models/blocks.hpp"

namespace ballast::test {

template <int States, int Limits>
class BlockBench {
 public:
  using Block =
      std::function<double(double t, const double* x, const Context<double, double>&, double* dxdt)>;

  std::array<double, room_for(States)> x{};
  std::array<double, room_for(States)> rate{};
  std::array<int, room_for(Limits)> mode{};
  std::array<double, room_for(2 * Limits)> guard{};
  double t = 0;
  double y = 0;  ///< output at t
  int moves = 0;

  explicit BlockBench(Block block) : block_(std::move(block)) { guard.fill(-1); }

  /// Steps of at most h until the time `until`, calling observe(t, y) after each.
  void run(double until, double h, const std::function<void(double, double)>& observe = {}) {
    settle();
    while (t < until) {
      const auto start = x;
      double length = std::min(h, until - t);
      advance(start, length);
      const bool ends = t + length >= until;
      if (fires()) {
        double low = 0;
        while (length - low > 1e-14) {
          const double middle = 0.5 * (low + length);
          if (middle <= low || middle >= length) break;
          advance(start, middle);
          (fires() ? length : low) = middle;
        }
        advance(start, length);
        t += length;
      } else {
        t = ends ? until : t + length;
      }
      settle();
      if (observe) observe(t, y);
    }
  }
  /// Output and rates at (t, x), limits settled.
  double settle() {
    evaluate(t, x);
    for (int round = 0; fires(); ++round) {
      if (round == 20) throw std::runtime_error("the block chatters at t = " + std::to_string(t));
      for (int g = 0; g < 2 * Limits; ++g)
        if (guard[g] > 0) {
          advance_limit(mode.data(), g);
          ++moves;
          break;
        }
      evaluate(t, x);
    }
    return y;
  }

 private:
  Block block_;

  void evaluate(double time, const std::array<double, room_for(States)>& states) {
    y = block_(time, states.data(), {mode.data(), nullptr, guard.data()}, rate.data());
  }
  [[nodiscard]] bool fires() const {
    return std::any_of(guard.begin(), guard.end(), [](double g) { return g > 0; });
  }
  void advance(const std::array<double, room_for(States)>& start, double h) {
    constexpr double share[] = {0, 0.5, 0.5, 1};
    constexpr double weight[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
    auto stage = start;
    x = start;
    for (int k = 0; k < 4; ++k) {
      for (int i = 0; i < States && k > 0; ++i) stage[i] = start[i] + share[k] * h * rate[i];
      evaluate(t + share[k] * h, stage);
      for (int i = 0; i < States; ++i) x[i] += weight[k] * h * rate[i];
    }
    evaluate(t + h, x);
  }
};

}  // namespace ballast::test
