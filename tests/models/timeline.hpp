/// \file
/// Inputs of a device on a bench that jump between levels, and the moves that a timeline by hand expects.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <utility>
#include <vector>

#include "tests/models/device_bench.hpp"

namespace ballast::test {

/// Times and the level in force from each on; the first time is 0.
using Levels = std::vector<std::pair<double, double>>;
inline double level_at(const Levels& levels, double t) {
  double level = levels.front().second;
  for (const auto& [from, value] : levels)
    if (t >= from) level = value;
  return level;
}
/// When they jump.
inline std::vector<double> times_of(const Levels& levels) {
  std::vector<double> times;
  for (std::size_t k = 1; k < levels.size(); ++k) times.push_back(levels[k].first);
  return times;
}

/// The moves of the automaton are exactly these, each within 1 us.
template <class M>
void expect_timeline(const DeviceBench<M>& bench, const std::vector<std::pair<double, int>>& wanted) {
  for (const Move& m : bench.moves) std::printf("  %10.4f s %s\n", m.time, M::mode_names[m.to]);
  ASSERT_EQ(bench.moves.size(), wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    EXPECT_NEAR(bench.moves[k].time, wanted[k].first, 1e-6) << "move " << k;
    EXPECT_EQ(bench.moves[k].to, wanted[k].second) << "move " << k;
  }
}

}  // namespace ballast::test
