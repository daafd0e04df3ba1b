/// \file
/// A UPS on a bench: settings by name, dips by start, length and depth, moves compared with a timeline.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "models/datacenter/ups.hpp"
#include "tests/models/device_bench.hpp"

namespace ballast::test {

inline constexpr double kMW = 300;
inline constexpr double kEfficiency = 0.96;

/// Parameters by name, over the double-conversion column of docs/datacenter-models.md.
inline std::vector<double> ups(std::initializer_list<std::pair<const char*, double>> changes) {
  std::vector<double> p{kEfficiency, 1,    1.2, 0.85, 1.1, 0.02,   0.6, 0.01, 10,   3,    10,
                        0.9,         0.01, 3,   60,   0,   kNever, 300, 0.1,  0.05, 0.95, kNever};
  p.insert(p.end(), std::begin(Ups::kPlain), std::end(Ups::kPlain));
  for (const auto& [name, value] : changes) {
    bool found = false;
    for (std::size_t i = 0; i < std::size(Ups::parameters); ++i)
      if (std::string(Ups::parameters[i].name) == name) {
        p[i] = value;
        found = true;
      }
    EXPECT_TRUE(found) << name;
  }
  return p;
}

struct Dip {
  double start, length, voltage;
};
/// A bench whose voltage is 1 outside the dips, whose IT load is constant.
inline DeviceBench<Ups> bench_of(std::vector<double> parameters, std::vector<Dip> dips, double P_it = 1) {
  DeviceBench<Ups> bench(parameters, {kMW, 100, 60});
  bench.drive = [dips, P_it](double t, double* in) {
    double V = 1;
    for (const Dip& d : dips)
      if (t >= d.start && t < d.start + d.length) V = d.voltage;
    in[Ups::VR] = 0.8 * V;
    in[Ups::VI] = 0.6 * V;
    in[Ups::P_IT] = P_it;
    in[Ups::FREQUENCY] = 1;
  };
  for (const Dip& d : dips) bench.breaks.insert(bench.breaks.end(), {d.start, d.start + d.length});
  return bench;
}
inline void print(const DeviceBench<Ups>& bench) {
  for (const Move& m : bench.moves)
    std::printf("  %9.4f s  %-10s -> %-10s  pickup %.4f s, threshold %.3f\n", m.time, Ups::mode_names[m.from],
                Ups::mode_names[m.to], m.pickup_time, m.threshold);
}
/// Compares the automaton's moves with (time, mode) pairs.
inline void expect_moves(const DeviceBench<Ups>& bench, const std::vector<std::pair<double, int>>& wanted) {
  print(bench);
  ASSERT_EQ(bench.moves.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(bench.moves[i].time, wanted[i].first, 1e-9) << "move " << i;
    EXPECT_EQ(bench.moves[i].to, wanted[i].second) << "move " << i;
  }
}
inline double lock_time(const DeviceBench<Ups>& bench) {
  for (const Move& m : bench.moves)
    if (m.to == Ups::LOCKED) return m.time;
  return kNever;
}

}  // namespace ballast::test
