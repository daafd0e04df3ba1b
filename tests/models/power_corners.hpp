/// \file
/// A piecewise linear power on the bench: its corners, their energy, their spectrum.
#pragma once

#include <cmath>
#include <complex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/models/device_bench.hpp"

namespace ballast::test {

inline constexpr double kPi = 3.14159265358979323846;

/// The parameters of M with some changed by name.
template <class M>
std::vector<double> with_changes(std::vector<double> p,
                                 std::initializer_list<std::pair<const char*, double>> changes) {
  for (const auto& [name, value] : changes) {
    bool found = false;
    for (std::size_t i = 0; i < std::size(M::parameters); ++i)
      if (std::string(M::parameters[i].name) == name) {
        p[i] = value;
        found = true;
      }
    EXPECT_TRUE(found) << name;
  }
  return p;
}

struct Corner {
  double time, power;
};
/// The corners of P_it from the bench, which lands on every timer.
template <class M>
std::vector<Corner> corners(DeviceBench<M>& bench, double until) {
  std::vector<Corner> found;
  bench.observe = [&](double t, const DeviceBench<M>& b) { found.push_back({t, b.out[M::P_IT]}); };
  bench.run(until, 1e9);
  return found;
}
/// Integral of a piecewise linear power from `from` to `to`, both of them corners.
inline double energy(const std::vector<Corner>& c, double from, double to) {
  double sum = 0;
  for (std::size_t i = 1; i < c.size(); ++i)
    if (c[i - 1].time >= from - 1e-9 && c[i].time <= to + 1e-9)
      sum += 0.5 * (c[i].power + c[i - 1].power) * (c[i].time - c[i - 1].time);
  return sum;
}
/// Amplitude of harmonic k of period T over [from, from + T], exact for straight pieces:
/// the integral of p e^(-jwt) is the sum of [p e^(-jwt)] j/w plus slope/w^2 [e^(-jwt)].
inline double harmonic(const std::vector<Corner>& c, double from, double T, int k) {
  const double w = 2 * kPi * k / T;
  const std::complex<double> j(0, 1);
  std::complex<double> sum;
  for (std::size_t i = 1; i < c.size(); ++i) {
    if (c[i - 1].time < from - 1e-9 || c[i].time > from + T + 1e-9 || c[i].time == c[i - 1].time) continue;
    const double slope = (c[i].power - c[i - 1].power) / (c[i].time - c[i - 1].time);
    const auto at = [&](const Corner& q) {
      return (q.power * j / w + slope / (w * w)) * std::exp(-j * w * q.time);
    };
    sum += at(c[i]) - at(c[i - 1]);
  }
  return 2 / T * std::abs(sum);
}

/// Power at time t between the corners.
inline double power_at(const std::vector<Corner>& c, double t) {
  for (std::size_t i = 1; i < c.size(); ++i)
    if (t <= c[i].time && c[i].time > c[i - 1].time)
      return c[i - 1].power +
             (c[i].power - c[i - 1].power) * (t - c[i - 1].time) / (c[i].time - c[i - 1].time);
  return c.back().power;
}

}  // namespace ballast::test
