/// TrainingLoad and InferenceLoad on a bench: levels, spectra, statistics, timelines.
#include "models/datacenter/training_load.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "models/datacenter/inference_load.hpp"
#include "tests/models/power_corners.hpp"

namespace ballast::test {
namespace {

/// Parameters by name, over a plain job: 1 s iterations, r = 0.7, from 1.0 to 0.5, edges of 1 ms.
std::vector<double> job(std::initializer_list<std::pair<const char*, double>> changes) {
  const std::vector<double> p{1,   0.7, 1, 0.5, 0,      0,   0.3,    0.001, 0.001, 0,      1,
                              0.2, 1.0, 5, 0.2, kNever, 0.5, kNever, 20,    0.25,  kNever, 0,
                              0.5, 60,  0, 1,   kNever, 60,  0.45,   0,     1,     0.45};
  return with_changes<TrainingLoad>(p, changes);
}

TEST(TrainingLoad, FirstHarmonicOfTheSquareWaveIsTwoSwingSinPiROverPi) {
  DeviceBench<TrainingLoad> bench(job({{"edge_up_s", 1e-4}, {"edge_down_s", 1e-4}}), {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 12);
  const double square = 2 * 0.5 * std::sin(0.7 * kPi) / kPi;
  const double found = harmonic(c, 8, 1, 1);
  std::printf("first harmonic %.6f pu; closed form %.6f (tolerance 1e-6)\n", found, square);
  EXPECT_NEAR(square, 0.2575, 5e-5);
  EXPECT_NEAR(found, square, 1e-6);
}

/// Amplitude of line k of a square wave of swing 0.5 and duty r whose edges take e of the period.
double line_of(int k, double r, double e) {
  return std::abs(2 * 0.5 * std::sin(kPi * k * r) / (kPi * k) * std::sin(kPi * k * e) / (kPi * k * e));
}

TEST(TrainingLoad, LinesOneToTenOverWholePeriodsAreThoseOfTheory) {
  for (const double r : {0.55, 0.7, 0.8})
    for (const double e : {0.005, 0.1}) {
      DeviceBench<TrainingLoad> bench(job({{"edge_up_s", e}, {"edge_down_s", e}, {"compute_fraction", r}}),
                                      {});
      ASSERT_TRUE(bench.rest().ok());
      const auto c = corners(bench, 12);
      double worst = 0;
      for (int k = 1; k <= 10; ++k)
        worst = std::max(worst, std::abs(harmonic(c, 8, 1, k) - line_of(k, r, e)));
      std::printf(
          "r %.2f, edges %.3f s: lines 1 to 10 off theory by at most %.1e of line 1 (demanded 1e-2)\n", r, e,
          worst / line_of(1, r, e));
      EXPECT_LT(worst, 1e-8 * line_of(1, r, e));
    }
}

TEST(TrainingLoad, MeanPowerIsTheMeanOfAnIteration) {
  for (const auto& changes : {std::initializer_list<std::pair<const char*, double>>{},
                              {{"edge_up_s", 0.2}, {"edge_down_s", 0.05}},
                              {{"bubble_fraction", 0.1}, {"edge_down_s", 0.03}},
                              {{"overlap", 0.6}, {"bubble_fraction", 0.1}, {"bubble_level", 0.9}}}) {
    DeviceBench<TrainingLoad> bench(job(changes), {});
    ASSERT_TRUE(bench.rest().ok());
    const auto c = corners(bench, 12);
    const double wanted = TrainingLoad::mean_power(bench.derived);
    const double found = energy(c, 8, 9);
    std::printf("mean over an iteration %.9f, mean_power() %.9f (tolerance 1e-9)\n", found, wanted);
    EXPECT_NEAR(found, wanted, 1e-9);
  }
}

TEST(TrainingLoad, FullOverlapIsFlat) {
  DeviceBench<TrainingLoad> bench(job({{"overlap", 1}}), {});
  ASSERT_TRUE(bench.rest().ok());
  for (const Corner& c : corners(bench, 20)) {
    if (c.time < 6) continue;
    EXPECT_EQ(c.power, 1.0) << "at " << c.time;
  }
}

TEST(TrainingLoad, RestsUntilItStartsAndWarmsUpInAStraightLine) {
  DeviceBench<TrainingLoad> bench(job({}), {});
  ASSERT_TRUE(bench.rest().ok());
  EXPECT_EQ(bench.out[TrainingLoad::P_IT], 0.2);
  bench.run(0.99, 0.01);
  EXPECT_EQ(bench.out[TrainingLoad::P_IT], 0.2);
  bench.run(3.5, 0.01);
  EXPECT_NEAR(bench.out[TrainingLoad::P_IT], 0.2 + 0.8 * 0.5, 1e-12);
  ASSERT_EQ(bench.moves.size(), 1U);
  EXPECT_EQ(bench.moves[0].to, TrainingLoad::WARM_UP);
  EXPECT_EQ(bench.jumps, 0);
}

TEST(TrainingLoad, CheckpointsFollowTheIterationThatMakesThemDue) {
  DeviceBench<TrainingLoad> bench(job({{"checkpoint_interval_s", 10.5}, {"checkpoint_s", 4}}), {});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(60, 0.5);
  std::vector<double> begun;
  for (const Move& m : bench.moves)
    if (m.to == TrainingLoad::CHECKPOINT) begun.push_back(m.time);
  // Warm at 6 s; due at 16.5, taken at 17; due again 10.5 s after its end at 21: 31.5, taken at 32; and so
  // on.
  ASSERT_EQ(begun.size(), 3U);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(begun[i], 17 + 15 * i, 1e-9);
}

TEST(TrainingLoad, ACrashFallsToIdleAndTheJobWarmsUpAgain) {
  DeviceBench<TrainingLoad> bench(job({{"crash_at_s", 20.2}, {"restart_s", 30}}), {});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(20.7, 0.01);
  EXPECT_EQ(bench.out[TrainingLoad::P_IT], 0.2);
  bench.run(70, 0.01);
  ASSERT_EQ(bench.moves.size(), 5U);
  EXPECT_NEAR(bench.moves[2].time, 20.2, 1e-12);
  EXPECT_EQ(bench.moves[2].to, TrainingLoad::CRASHED);
  EXPECT_NEAR(bench.moves[3].time, 50.7, 1e-12);  // 0.5 s of fall, 30 s of idle
  EXPECT_EQ(bench.moves[3].to, TrainingLoad::WARM_UP);
  EXPECT_EQ(bench.moves[4].to, TrainingLoad::RUNNING);
}

TEST(TrainingLoad, StopsForGood) {
  DeviceBench<TrainingLoad> bench(job({{"stop_s", 15.3}, {"stop_ramp_s", 2}, {"crash_rate_per_h", 100}}), {});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(1e5, 1e4);
  EXPECT_EQ(bench.out[TrainingLoad::P_IT], 0.2);
  EXPECT_EQ(bench.moves.back().to, TrainingLoad::STOPPED);
  EXPECT_NEAR(bench.moves.back().time, 15.3, 1e-12);
}

TEST(TrainingLoad, PeriodJitterHasItsDeviationAndItsSeed) {
  const auto periods = [](double seed) {
    DeviceBench<TrainingLoad> bench(job({{"jitter", 0.05}, {"seed", seed}}), {});
    EXPECT_TRUE(bench.rest().ok());
    std::vector<double> begun;
    bench.observe = [&](double, const DeviceBench<TrainingLoad>& b) {
      const double at = b.held[TrainingLoad::ITERATION_START];
      if (b.mode[TrainingLoad::AUTOMATON] == TrainingLoad::RUNNING && (begun.empty() || at > begun.back()))
        begun.push_back(at);
    };
    bench.run(4000, 1e9);
    std::vector<double> length;
    for (std::size_t i = 1; i < begun.size(); ++i) length.push_back(begun[i] - begun[i - 1]);
    return length;
  };
  const auto first = periods(1);
  EXPECT_EQ(first, periods(1));
  EXPECT_NE(first, periods(2));
  double mean = 0;
  double square = 0;
  for (const double T : first) {
    mean += 1 / T - 1;
    square += (1 / T - 1) * (1 / T - 1);
  }
  const auto n = static_cast<double>(first.size());
  mean /= n;
  const double deviation = std::sqrt(square / n);
  std::printf(
      "%g iterations: mean of xi %.5f (0 within %.5f), deviation %.5f (0.05, less 1.3 %% by the cut, +-4 "
      "%%)\n",
      n, mean, 4 * 0.05 / std::sqrt(n), deviation);
  EXPECT_NEAR(mean, 0, 4 * 0.05 / std::sqrt(n));
  EXPECT_NEAR(deviation, 0.05 * 0.987, 0.05 * 0.04);
}

TEST(TrainingLoad, RandomCrashesComeAtTheirRate) {
  // Each crash costs 0.5 + 1 + 5 s before the job runs again; the clock of the next one starts with the
  // warm-up.
  DeviceBench<TrainingLoad> bench(job({{"crash_rate_per_h", 36}, {"restart_s", 1}, {"seed", 7}}), {});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(1e5, 1e9);
  const double crashes = bench.held[TrainingLoad::CRASHES];
  const double expected = 1e5 / (100 + 1.5);
  std::printf("%g crashes, expected %.1f within %.1f\n", crashes, expected, 4 * std::sqrt(expected));
  EXPECT_NEAR(crashes, expected, 4 * std::sqrt(expected));
}

TEST(TrainingLoad, ForwardAndBackwardPassHaveTheirLevelsAndShares) {
  DeviceBench<TrainingLoad> bench(
      job({{"forward_fraction", 0.3}, {"forward_level", 0.8}, {"edge_up_s", 0.01}, {"edge_down_s", 0.01}}),
      {});
  ASSERT_TRUE(bench.rest().ok());
  const auto c = corners(bench, 12);
  // An iteration from 8 s on: forward to 0.21, backward to 0.7, all-reduce to 1.
  for (const auto& [at, level] : {std::pair(0.02, 0.8), {0.2, 0.8}, {0.225, 1.0}, {0.69, 1.0}, {0.72, 0.5}})
    EXPECT_NEAR(power_at(c, 8 + at), level, 1e-9) << at;
  EXPECT_NEAR(power_at(c, 8.215), 0.9, 1e-9);  // half-way up the edge
  EXPECT_NEAR(energy(c, 8, 9), TrainingLoad::mean_power(bench.derived), 1e-9);
}

TEST(TrainingLoad, EvaluationFollowsTheIterationThatMakesItDueAndTheCheckpoint) {
  // Warm-up to 6 s, due at 9.5 s, iterations end at whole seconds.
  DeviceBench<TrainingLoad> alone(
      job({{"evaluation_interval_s", 3.5}, {"evaluation_s", 2}, {"evaluation_level", 0.6}}), {});
  ASSERT_TRUE(alone.rest().ok());
  const auto c = corners(alone, 18.5);
  const auto timeline = [](const DeviceBench<TrainingLoad>& b) {
    std::string text;
    for (const Move& m : b.moves)
      text += std::string(TrainingLoad::mode_names[m.to]) + "@" + std::to_string(m.time).substr(0, 6) + " ";
    return text;
  };
  EXPECT_EQ(
      timeline(alone),
      "warm-up@1.0000 running@6.0000 evaluation@10.000 running@12.000 evaluation@16.000 running@18.000 ");
  EXPECT_NEAR(power_at(c, 11), 0.6, 1e-12);
  DeviceBench<TrainingLoad> both(job({{"evaluation_interval_s", 3.5},
                                      {"evaluation_s", 2},
                                      {"checkpoint_interval_s", 3.2},
                                      {"checkpoint_s", 1}}),
                                 {});
  ASSERT_TRUE(both.rest().ok());
  both.run(13.5, 1e9);
  EXPECT_EQ(timeline(both),
            "warm-up@1.0000 running@6.0000 checkpoint@10.000 evaluation@11.000 running@13.000 ");
}

TEST(TrainingLoad, AStragglerHoldsEveryoneUpBeforeTheAllReduce) {
  DeviceBench<TrainingLoad> bench(
      job({{"straggler_chance", 0.25}, {"straggler_s", 2}, {"straggler_level", 0.3}, {"seed", 4}}), {});
  ASSERT_TRUE(bench.rest().ok());
  std::vector<double> ends;
  double last_end = 0;
  int waits = 0;
  int phase = 0;
  bench.observe = [&](double, const DeviceBench<TrainingLoad>& b) {
    const double end = b.held[TrainingLoad::ITERATION_END];
    if (b.mode[TrainingLoad::PHASE] == TrainingLoad::STALL && phase != TrainingLoad::STALL) ++waits;
    phase = b.mode[TrainingLoad::PHASE];
    if (b.held[TrainingLoad::ITERATIONS] > static_cast<double>(ends.size())) ends.push_back(0);
    if (!ends.empty()) ends.back() = end;
    last_end = end;
  };
  bench.run(6000, 1e9);
  const auto n = static_cast<double>(ends.size());
  const double waited = last_end - 6 - n;  // the rest is whole iterations of 1 s
  std::printf("%g iterations, %d waits (expected %.0f +- %.0f), mean wait %.3f s (2 +- %.2f)\n", n, waits,
              n / 4, 4 * std::sqrt(n * 3 / 16), waited / waits, 4 * 2 / std::sqrt(waits));
  EXPECT_NEAR(waits, n / 4, 4 * std::sqrt(n * 3 / 16));
  EXPECT_NEAR(waited / waits, 2, 4 * 2 / std::sqrt(waits));
}

TEST(TrainingLoad, RefusesSettingsThatContradictEachOther) {
  const auto refused = [](std::initializer_list<std::pair<const char*, double>> changes) {
    DeviceBench<TrainingLoad> bench(job(changes), {});
    const Outcome o = bench.rest();
    return std::string(o.ok() ? "" : o.quantity);
  };
  EXPECT_EQ(refused({}), "");
  EXPECT_EQ(refused({{"bubble_fraction", 0.4}}), "compute_fraction + bubble_fraction");
  EXPECT_EQ(refused({{"swing", 1.2}}), "power in the all-reduce");
  EXPECT_EQ(refused({{"edge_up_s", 0.8}}), "edge_up_s");
  EXPECT_EQ(refused({{"edge_down_s", 0.25}, {"jitter", 0.1}}), "edge_down_s");
  EXPECT_EQ(refused({{"forward_fraction", 0.01}, {"edge_up_s", 0.1}}), "edge_up_s");
  EXPECT_EQ(refused({{"forward_fraction", 0.95}, {"forward_level", 0.5}, {"edge_up_s", 0.1}}),
            "edge into the backward pass");
  EXPECT_EQ(refused({{"seed", 1.5}}), "seed (a whole number)");
}

TEST(InferenceLoad, KeepsItsDeviationAndCorrelation) {
  // mean, deviation, correlation_s, sample_s, peak, seed, start, step, interval, step_s
  DeviceBench<InferenceLoad> bench({0.6, 0.04, 20, 2, 1, 11, 5, 0, kNever, 30}, {});
  ASSERT_TRUE(bench.rest().ok());
  EXPECT_EQ(bench.out[InferenceLoad::P_IT], 0.6);
  const auto c = corners(bench, 2e5);
  std::vector<double> z;
  for (const Corner& corner : c)
    if (corner.time > 200) z.push_back(corner.power - 0.6);
  double square = 0;
  double lagged = 0;
  double mean = 0;
  for (std::size_t i = 1; i < z.size(); ++i) {
    mean += z[i];
    square += z[i] * z[i];
    lagged += z[i] * z[i - 1];
  }
  const auto n = static_cast<double>(z.size() - 1);
  const double deviation = std::sqrt(square / n) / 0.6;
  const double correlation = lagged / square;
  // n points of correlation a hold n (1-a^2)/(1+a^2) independent squares, about 10,000 here: 4 sigma = 2.8 %.
  std::printf("deviation %.5f (0.04 +- 3 %%), correlation %.5f (%.5f +- 0.006), mean %.1e\n", deviation,
              correlation, std::exp(-0.1), mean / n);
  EXPECT_NEAR(deviation, 0.04, 0.04 * 0.03);
  EXPECT_NEAR(correlation, std::exp(-0.1), 0.006);
  EXPECT_NEAR(mean / n, 0, 4 * 0.024 * std::sqrt(20 / n));
  EXPECT_EQ(bench.jumps, 0);
}

TEST(InferenceLoad, AutoscalingMovesTheMeanBetweenThreeLevels) {
  DeviceBench<InferenceLoad> bench({0.6, 0, 20, 1, 1, 3, 0, 0.05, 120, 10}, {});
  ASSERT_TRUE(bench.rest().ok());
  double low = 1;
  double high = 0;
  double steepest = 0;
  bench.observe = [&](double, const DeviceBench<InferenceLoad>& b) {
    low = std::min(low, b.out[InferenceLoad::P_IT]);
    high = std::max(high, b.out[InferenceLoad::P_IT]);
    steepest = std::max(steepest, std::abs(b.held[InferenceLoad::SLOPE]));
  };
  bench.run(7200, 1e9);
  EXPECT_NEAR(low, 0.57, 1e-12);
  EXPECT_NEAR(high, 0.63, 1e-12);
  EXPECT_NEAR(steepest, 0.03 / 10, 1e-12);
}

TEST(InferenceLoad, NeverLeavesTheHall) {
  DeviceBench<InferenceLoad> bench({0.9, 0.3, 5, 1, 1, 5, 0, 0, kNever, 30}, {});
  ASSERT_TRUE(bench.rest().ok());
  bench.observe = [](double, const DeviceBench<InferenceLoad>& b) {
    EXPECT_LE(b.out[InferenceLoad::P_IT], 1 + 1e-12);
    EXPECT_GE(b.out[InferenceLoad::P_IT], -1e-12);
  };
  bench.run(2000, 1e9);
}

TEST(Random, StreamsAreUniformAndApart) {
  double sum = 0;
  double cross = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    const double a = random_uniform(42, 0, i) - 0.5;
    const double b = random_uniform(42, 1, i) - 0.5;
    sum += a;
    cross += a * b;
  }
  EXPECT_NEAR(sum / kDraws, 0, 4 * std::sqrt(1.0 / 12 / kDraws));
  EXPECT_NEAR(cross / kDraws, 0, 4.0 / 12 / std::sqrt(kDraws));
}

}  // namespace
}  // namespace ballast::test
