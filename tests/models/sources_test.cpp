/// Sources of IT power beside training: against timelines worked out by hand, and their statistics.
#include <gtest/gtest.h>

#include <cstdio>
#include <numeric>

#include "models/datacenter/forced_load.hpp"
#include "models/datacenter/inference_load.hpp"
#include "models/datacenter/reinforcement_load.hpp"
#include "models/datacenter/serving_load.hpp"
#include "models/datacenter/stochastic_load.hpp"
#include "models/datacenter/trace_load.hpp"
#include "tests/models/power_corners.hpp"

namespace ballast::test {
namespace {

struct Statistics {
  double mean = 0, deviation = 0;
};
Statistics statistics(const std::vector<double>& x) {
  Statistics s;
  const auto n = static_cast<double>(x.size());
  s.mean = std::accumulate(x.begin(), x.end(), 0.0) / n;
  for (const double v : x) s.deviation += (v - s.mean) * (v - s.mean);
  s.deviation = std::sqrt(s.deviation / n);
  return s;
}
void expect_timeline(const std::vector<Corner>& c, const std::vector<Corner>& by_hand) {
  for (const Corner& p : by_hand) EXPECT_NEAR(power_at(c, p.time), p.power, 1e-9) << "at " << p.time << " s";
}

// ---- FORCED: waveform, start, duty, duty_fast, f, f_fast, cycles, low, amplitude, amplitude_fast, edge
TEST(ForcedLoad, SquareWaveStartsCountsItsCyclesAndEndsLow) {
  DeviceBench<ForcedLoad> bench({0, 3, 0.25, 0.5, 0.5, 1, 2, 0.4, 0.2, 0, 0.01}, {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 12);
  expect_timeline(c, {{2.9, 0.4},
                      {3, 0.4},
                      {3.005, 0.5},
                      {3.01, 0.6},
                      {3.5, 0.6},
                      {3.51, 0.4},
                      {5, 0.4},
                      {5.01, 0.6},
                      {5.5, 0.6},
                      {5.51, 0.4},
                      {7.01, 0.4},
                      {11, 0.4}});
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_NEAR(bench.moves[1].time, 7, 1e-12);
}

TEST(ForcedLoad, BiPeriodicWaveHasItsFastWaveWhileTheSlowOneIsHigh) {
  // PNNL's example A.1 on P: 0.25 Hz, 7 peak to peak, within it 1 Hz, 3 peak to peak, from 3 s (in tenths
  // here).
  DeviceBench<ForcedLoad> bench({1, 3, 0.5, 0.5, 0.25, 1, 8, 0.1, 0.7, 0.3, 0.01}, {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 40);
  expect_timeline(c, {{3.01, 0.8},
                      {3.5, 0.8},
                      {3.51, 0.5},
                      {4, 0.5},
                      {4.01, 0.8},
                      {4.51, 0.5},
                      {5, 0.5},
                      {5.01, 0.1},
                      {7, 0.1},
                      {7.01, 0.8},
                      {34.9, 0.1},
                      {35.1, 0.1},
                      {39, 0.1}});
  EXPECT_NEAR(bench.moves.back().time, 3 + 8 / 0.25, 1e-9);
}

TEST(ForcedLoad, TriangleRisesForItsDutyAndFallsForTheRest) {
  DeviceBench<ForcedLoad> bench({2, 1, 0.25, 0.5, 0.5, 1, kNever, 0.4, 0.2, 0, 0.01}, {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 20);
  expect_timeline(c, {{1, 0.4}, {1.25, 0.5}, {1.5, 0.6}, {2.25, 0.5}, {3, 0.4}, {3.5, 0.6}, {9.25, 0.5}});
  // A triangle that rises for r T: lines (amplitude/(pi^2 k^2 r(1-r))) sin(pi k r), one-sided.
  for (int k = 1; k <= 5; ++k) {
    const double line = 0.2 * std::abs(std::sin(kPi * k * 0.25)) / (kPi * kPi * k * k * 0.25 * 0.75);
    EXPECT_NEAR(harmonic(c, 5, 2, k), line, 1e-9) << k;
  }
}

// ---- RLTRAIN
const std::vector<double> kLearning{30, 0.7, 0.3,  0.3,  0,   5, 0.2, 0, 20,     4,
                                    1,  0.7, 0.95, 0.45, 0.1, 3, 0.6, 1, kNever, 0.12};

TEST(ReinforcementLoad, RollOutTailRewardAndUpdatesTakeTurns) {
  DeviceBench<ReinforcementLoad> bench(with_changes<ReinforcementLoad>(kLearning, {{"stop_s", 60}}), {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 70);
  // Roll-out 1 to 22 s, its tail to 31, reward to 36, four updates to 40, the next roll-out.
  expect_timeline(c, {{0.5, 0.6},
                      {1.1, 0.7},
                      {22, 0.7},
                      {26.5, 0.5},
                      {31, 0.3},
                      {31.1, 0.2},
                      {36, 0.2},
                      {36.1, 0.95},
                      {36.7, 0.95},
                      {36.8, 0.45},
                      {37, 0.45},
                      {39.9, 0.45},
                      {40.1, 0.7},
                      {60, 0.7},
                      {60.05, 0.41},
                      {60.1, 0.12},
                      {69, 0.12}});
  DeviceBench<ReinforcementLoad> again(kLearning, {});
  ASSERT_TRUE(again.rest().ok());
  const double mean = ReinforcementLoad::mean_power(again.derived);
  const double found = energy(corners(again, 90), 40, 79) / 39;
  std::printf("mean of a cycle %.9f, mean_power() %.9f\n", found, mean);
  EXPECT_NEAR(found, mean, 1e-9);
}

TEST(ReinforcementLoad, RewardsStallWithTheirChanceAndTime) {
  DeviceBench<ReinforcementLoad> bench(
      with_changes<ReinforcementLoad>(kLearning, {{"stall_chance", 0.3}, {"jitter", 0.1}, {"seed", 9}}), {});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(1e5, 1e9);
  double stalled = 0;
  double waits = 0;
  for (std::size_t k = 1; k < bench.moves.size(); ++k)
    if (bench.moves[k].from == ReinforcementLoad::STALLED) {
      stalled += bench.moves[k].time - bench.moves[k - 1].time;
      ++waits;
    }
  const double cycles = bench.held[ReinforcementLoad::ROLLOUTS];
  std::printf("%g cycles, %g stalls (expected %.0f), mean %.2f s (20)\n", cycles, waits, 0.3 * cycles,
              stalled / waits);
  EXPECT_NEAR(waits, 0.3 * cycles, 4 * std::sqrt(0.21 * cycles));
  EXPECT_NEAR(stalled / waits, 20, 4 * 20 / std::sqrt(waits));
}

// ---- KOZHU: f0, period_jitter, duty, level, level_jitter, drop, noise_up, noise_down, noise_s, edge, seed,
// ...
TEST(StochasticLoad, HasThePublishedStatistics) {
  const std::vector<double> p{1, 0.1, 0.7, 0.9, 0.05, 0.3, 0, 0, 0.05, 1e-4, 21, 0.8, 0};
  DeviceBench<StochasticLoad> bench(p, {});
  ASSERT_TRUE(bench.rest().ok());
  std::vector<double> frequency;
  std::vector<double> up;
  std::vector<double> down;
  double cycles = 0;
  int phase = 1;
  bench.observe = [&](double, const DeviceBench<StochasticLoad>& b) {
    const int now = b.mode[StochasticLoad::PHASE];
    if (now == phase) return;
    phase = now;
    const double level = b.held[StochasticLoad::LEVEL] / 0.9;
    if (now == 0) {
      frequency.push_back(1 / b.held[StochasticLoad::PERIOD]);
      up.push_back(level - 1);
    } else {
      down.push_back(1 - level);
      cycles = b.held[StochasticLoad::CYCLES];
    }
  };
  bench.run(4000, 1e9);
  const Statistics f = statistics(frequency);
  const Statistics u = statistics(up);
  const Statistics d = statistics(down);
  const double n = std::sqrt(cycles);
  std::printf(
      "%g cycles: f %.4f +- %.4f (1 +- 0.1), up %.4f +- %.4f (0 +- 0.05), drop %.4f +- %.4f (0.3 +- "
      "0.05)\n",
      cycles, f.mean, f.deviation, u.mean, u.deviation, d.mean, d.deviation);
  EXPECT_NEAR(f.mean, 1, 4 * 0.1 / n);
  EXPECT_NEAR(f.deviation, 0.1 * 0.987, 0.1 * 0.05);  // less 1.3 % by the cut at three deviations
  EXPECT_NEAR(u.mean, 0, 4 * 0.05 / n);
  EXPECT_NEAR(u.deviation, 0.05 * 0.987, 0.05 * 0.05);
  EXPECT_NEAR(d.mean, 0.3, 4 * 0.05 / n);
  EXPECT_NEAR(d.deviation, 0.05 * 0.987, 0.05 * 0.05);
}

TEST(StochasticLoad, NoiseHasItsDeviationInEachPhaseAndTheSeedRepeatsIt) {
  const auto play = [](double seed) {
    DeviceBench<StochasticLoad> bench({0.05, 0, 0.5, 0.9, 0, 0.3, 0.04, 0.02, 0.05, 1e-4, seed, 0.8, 0}, {});
    EXPECT_TRUE(bench.rest().ok());
    return corners(bench, 2000);
  };
  const auto c = play(7);
  std::vector<double> high;
  std::vector<double> low;
  for (const Corner& p : c) (p.power > 0.765 ? high : low).push_back(p.power / 0.9);
  const Statistics h = statistics(high);
  const Statistics l = statistics(low);
  std::printf("high %.4f +- %.4f (1 +- 0.04), low %.4f +- %.4f (0.7 +- 0.02)\n", h.mean, h.deviation, l.mean,
              l.deviation);
  EXPECT_NEAR(h.mean, 1, 0.002);
  EXPECT_NEAR(h.deviation, 0.04 * 0.987, 0.04 * 0.03);
  EXPECT_NEAR(l.mean, 0.7, 0.002);
  EXPECT_NEAR(l.deviation, 0.02 * 0.987, 0.02 * 0.03);
  const auto again = play(7);
  const auto other = play(8);
  ASSERT_EQ(c.size(), again.size());
  bool same = true;
  bool different = false;
  for (std::size_t k = 0; k < c.size(); ++k) {
    same = same && c[k].power == again[k].power;
    different = different || (k < other.size() && c[k].power != other[k].power);
  }
  EXPECT_TRUE(same);
  EXPECT_TRUE(different);
}

// ---- SERVING
const std::vector<double> kServing{1000, 1, 10, 5000, 16, 0.2, 0.15, 0.69, 0.89, 0, 12, 15, 1, 5, 0};

TEST(ServingLoad, RestsWhereTheRequestsPutIt) {
  DeviceBench<ServingLoad> bench(kServing, {});
  ASSERT_TRUE(bench.rest().ok());
  // 10,000 requests on 5,000 servers: e^-2 of them idle; 1000 x 0.2 of 5,000 read.
  const double busy = 1 - std::exp(-2.0);
  EXPECT_NEAR(bench.out[ServingLoad::P_IT], 0.15 + 0.54 * busy + 0.2 * 0.04, 1e-12);
}

TEST(ServingLoad, ArrivalsAndResidenceGiveTheDeviationOfRequestsInService) {
  DeviceBench<ServingLoad> bench(kServing, {});
  ASSERT_TRUE(bench.rest().ok());
  std::vector<double> in_service;
  bench.observe = [&](double, const DeviceBench<ServingLoad>& b) {
    in_service.push_back(b.held[ServingLoad::IN_SERVICE]);
  };
  bench.run(40000, 1e9);
  const Statistics q = statistics(in_service);
  // An autoregression of order one: arrivals of variance rate x 1 s, of which h are there at the end.
  const double a = std::exp(-0.1);
  const double h = (1 - a) * 10;
  const double deviation = std::sqrt(1000 * h * h / (1 - a * a));
  const double independent = 40000 * (1 - a) / (1 + a);
  std::printf("in service %.1f +- %.2f (10000 +- %.2f)\n", q.mean, q.deviation, deviation);
  EXPECT_NEAR(q.mean, 10000, 4 * deviation / std::sqrt(independent));
  EXPECT_NEAR(q.deviation, deviation, deviation * 4 / std::sqrt(2 * independent));
}

TEST(ServingLoad, AFullFleetLetsRequestsWaitAndDrawsNoMore) {
  DeviceBench<ServingLoad> bench(
      with_changes<ServingLoad>(kServing, {{"batch", 2.02}, {"burstiness", 4}, {"seed", 3}}), {});
  ASSERT_TRUE(bench.rest().ok());
  double most = 0;
  double waiting = 0;
  bench.observe = [&](double, const DeviceBench<ServingLoad>& b) {
    most = std::max(most, b.held[ServingLoad::IN_SERVICE]);
    waiting = std::max(waiting, b.held[ServingLoad::WAITING]);
  };
  bench.run(2000, 1e9);
  EXPECT_NEAR(most, 5000 * 2.02, 1e-6);
  EXPECT_GT(waiting, 0);
}

TEST(ServingLoad, TheDayMovesTheMean) {
  const auto rest_at = [](double hour) {
    return ServingLoad::derive(with_changes<ServingLoad>(kServing, {{"diurnal", 0.4}, {"hour", hour}}).data(),
                               Ratings{});
  };
  EXPECT_NEAR(ServingLoad::rate_at(rest_at(15), 0), 1400, 1e-9);
  EXPECT_NEAR(ServingLoad::rate_at(rest_at(3), 0), 600, 1e-9);
  EXPECT_NEAR(ServingLoad::rate_at(rest_at(9), 0), 1000, 1e-6);
  EXPECT_NEAR(ServingLoad::rate_at(rest_at(3), 12 * 3600), 1400, 1e-9);
}

// ---- TRACE: scale, offset, shift, repeat, start; samples 0 s: 300, 1 s: 500, 1.5 s: 400
TEST(TraceLoad, PlaysItsSamplesScaledAndTiled) {
  DeviceBench<TraceLoad> bench({0.001, 0.1, 0, 1, 2}, {});
  bench.table = {0, 300, 1, 500, 1.5, 400};
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 12);
  // The mean distance of samples, 0.75 s, closes the tile: it lasts 2.25 s.
  expect_timeline(c, {{1.9, 0.4},
                      {2, 0.4},
                      {2.5, 0.5},
                      {3, 0.6},
                      {3.25, 0.55},
                      {3.5, 0.5},
                      {3.875, 0.45},
                      {4.25, 0.4},
                      {5.25, 0.6},
                      {6.5, 0.4},
                      {7.5, 0.6}});
}

TEST(TraceLoad, ShiftsIntoTheTraceAndStaysAtItsEnd) {
  DeviceBench<TraceLoad> once({0.001, 0, 0.5, 0, 2}, {});
  once.table = {0, 300, 1, 500, 1.5, 400};
  ASSERT_TRUE(once.rest().ok());
  EXPECT_NEAR(once.out[TraceLoad::P_IT], 0.4, 1e-12);
  expect_timeline(corners(once, 12), {{2, 0.4}, {2.5, 0.5}, {3, 0.4}, {3.1, 0.4}, {11, 0.4}});
  EXPECT_EQ(once.moves.back().to, 2);
  DeviceBench<TraceLoad> tiled({0.001, 0, 2 * 2.25 + 1.25, 1, 0}, {});  // in the third tile
  tiled.table = once.table;
  ASSERT_TRUE(tiled.rest().ok());
  EXPECT_NEAR(tiled.out[TraceLoad::P_IT], 0.45, 1e-12);
  expect_timeline(corners(tiled, 6), {{0.25, 0.4}, {1, 0.3}, {2, 0.5}, {2.5, 0.4}});
}

TEST(TraceLoad, RefusesAShiftBeyondItsEndAndATraceOfOnePoint) {
  DeviceBench<TraceLoad> beyond({1, 0, 2, 0, 0}, {});
  beyond.table = {0, 0.3, 1, 0.5, 1.5, 0.4};
  EXPECT_STREQ(beyond.rest().quantity, "shift_s (of the trace)");
  DeviceBench<TraceLoad> point({1, 0, 0, 1, 0}, {});
  point.table = {0, 0.3};
  EXPECT_STREQ(point.rest().quantity, "samples of the trace");
}

}  // namespace
}  // namespace ballast::test
