/// Rack power supplies on a bench: every corner of ITIC and SEMI F47 from both sides, hold-up, BBU, restart.
#include "models/datacenter/psu.hpp"

#include <gtest/gtest.h>

#include <cstdio>

#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

struct Segment {
  double level, time_s;
};
const std::vector<Segment> kItic{{0.7, 0.02}, {0.8, 0.5}, {0.9, 10}, {0, kNever}};
const std::vector<Segment> kF47{{0.5, 0.02}, {0.7, 0.2}, {0.8, 0.5}, {0.9, 1}};
const std::vector<Segment> kNone{{0, kNever}, {0, kNever}, {0, kNever}, {0, kNever}};
const std::vector<Segment> kHigh{{1.1, 0.5}, {1.2, 0.003}, {1.4, 0.001}};

constexpr double kInputOn = 0.004;

struct Setup {
  std::vector<Segment> low = kNone;
  double hold_up_s = 0.02, bbu_s = 0, current_limit = 5, V_off = 0.05, restart_s = kNever;
};
DeviceBench<Psu> bench_of(const Setup& s, double P_it, std::vector<std::pair<double, double>> voltage) {
  std::vector<double> p{0.96, 0.99, s.current_limit, s.V_off, 0.005,    0.92, s.hold_up_s,
                        0.1,  0.05, s.bbu_s,         0.5,     0.004,    0.2,  0.05,
                        0.9,  1,    s.restart_s,     10,      kInputOn, 0.8};
  for (const Segment& k : s.low) p.insert(p.end(), {k.level, k.time_s});
  for (const Segment& k : kHigh) p.insert(p.end(), {k.level, k.time_s});
  DeviceBench<Psu> bench(p, {300, 100, 60});
  bench.drive = [=](double t, double* in) {
    double V = 1;
    for (const auto& [from, level] : voltage)
      if (t >= from) V = level;
    in[Psu::VR] = 0.8 * V;
    in[Psu::VI] = 0.6 * V;
    in[Psu::P_IT] = P_it;
  };
  for (const auto& change : voltage) bench.breaks.push_back(change.first);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}
/// When it was lost; kNever if it was not.
double lost_at(const DeviceBench<Psu>& bench) {
  for (const Move& m : bench.moves)
    if (m.to == Psu::LOST) return m.time;
  return kNever;
}

/// A depression to `V` for `length_s` is survived or not; the supply itself carries any of them.
bool survives(const std::vector<Segment>& curve, double V, double length_s) {
  auto bench = bench_of({.low = curve, .hold_up_s = 10, .V_off = 0.01}, 0.5, {{1, V}, {1 + length_s, 1}});
  bench.run(1 + length_s + 0.5, 0.05);
  return lost_at(bench) == kNever;
}

TEST(PsuCurve, EveryCornerFromBothSides) {
  struct Corner {
    const char* name;
    const std::vector<Segment>* curve;
    double V, time_s;        ///< just inside: survived
    double inside, outside;  ///< voltages on either side; the time on either side is 1 ms
  };
  const std::vector<Corner> corners{{"ITIC 0 %, 20 ms", &kItic, 0.0, 0.020, 0.0, 0.0},
                                    {"ITIC 70 %, 0.5 s", &kItic, 0.7, 0.5, 0.701, 0.699},
                                    {"ITIC 80 %, 10 s", &kItic, 0.8, 10, 0.801, 0.799},
                                    {"F47 50 %, 0.2 s", &kF47, 0.5, 0.2, 0.501, 0.499},
                                    {"F47 70 %, 0.5 s", &kF47, 0.7, 0.5, 0.701, 0.699},
                                    {"F47 80 %, 1 s", &kF47, 0.8, 1, 0.801, 0.799},
                                    {"ITIC 120 %, 0.5 s", &kItic, 1.2, 0.5, 1.199, 1.201},
                                    {"ITIC 140 %, 3 ms", &kItic, 1.4, 0.003, 1.399, 1.401},
                                    {"ITIC 200 %, 1 ms", &kItic, 2.0, 0.001, 2.0, 2.0}};
  for (const Corner& c : corners) {
    const double margin = c.time_s < 0.01 ? 1e-4 : 1e-3;
    EXPECT_TRUE(survives(*c.curve, c.inside, c.time_s - margin)) << c.name << ", inside and shorter";
    EXPECT_FALSE(survives(*c.curve, c.inside, c.time_s + margin)) << c.name << ", inside and longer";
    if (c.outside != c.inside) {
      EXPECT_FALSE(survives(*c.curve, c.outside, c.time_s - margin)) << c.name << ", beyond the level";
    }
  }
}

TEST(PsuCurve, NinetyPercentIsSteady) {
  EXPECT_TRUE(survives(kItic, 0.905, 1000));
  EXPECT_TRUE(survives(kItic, 1.095, 1000));
  EXPECT_TRUE(survives(kF47, 0.905, 1000));
}

TEST(PsuCurve, TimesAddUpUntilTheVoltageWasGoodForASecond) {
  // ITIC below 80 %: 0.3 s and 0.3 s make more than 0.5 s, unless a second of good voltage lies between.
  const auto run = [](double gap) {
    auto bench = bench_of({.low = kItic, .hold_up_s = 10}, 0.5,
                          {{1, 0.75}, {1.3, 1}, {1.3 + gap, 0.75}, {1.6 + gap, 1}});
    bench.run(5, 0.02);
    return lost_at(bench);
  };
  std::printf("dips 0.9 s apart: lost at %.4f s\n", run(0.9));
  EXPECT_NEAR(run(0.9), 1.3 + 0.9 + 0.2, 1e-9);
  EXPECT_EQ(run(1.1), kNever);
}

TEST(PsuHoldUp, LastsItsTimeAtFullLoadAndLongerAtLess) {
  for (const double P : {1.0, 0.5}) {
    auto bench = bench_of({}, P, {{1, 0}});
    bench.run(2, 0.001);
    std::printf("hold-up at %.1f pu: lost after %.4f s\n", P, lost_at(bench) - 1);
    EXPECT_NEAR(lost_at(bench), 1 + 0.02 / P, 1e-6);
  }
}

TEST(PsuHoldUp, TheCurrentLimitDrainsItInAShallowDip) {
  // At 0.7 pu the input gives 0.7 1.25 0.99 0.96 = 0.8316 of the load; the rest empties 20 ms.
  auto bench = bench_of({.current_limit = 1.25, .V_off = 0.5}, 1, {{1, 0.7}});
  bench.run(3, 0.001);
  const double wanted = 1 + 0.02 / (1 - 0.7 * 1.25 * 0.99 * 0.96);
  std::printf("lost at %.5f s, by hand %.5f s\n", lost_at(bench), wanted);
  EXPECT_NEAR(lost_at(bench), wanted, 1e-4);
}

/// 5 ms without voltage and the 4 ms after it come from 20 ms of hold-up, and the DC bus has
/// sqrt(0.64 + 0.36 11/20) of its voltage left.
TEST(PsuHoldUp, WaitsBeforeItDrawsAgain) {
  auto bench = bench_of({}, 1, {{1, 0}, {1.005, 1}});
  double first = kNever, least = 1, V_dc = 1;
  bench.observe = [&](double t, const DeviceBench<Psu>& b) {
    if (t > 1.001 && b.out[Psu::P_GRID] > 0) first = std::min(first, t);
    least = std::min(least, b.out[Psu::SOC]);
    V_dc = std::min(V_dc, b.out[Psu::V_DC]);
  };
  bench.run(1.5, 0.0005);
  std::printf("draws again at %.4f s (1.0090), hold-up down to %.6f (0.55), DC bus to %.6f (%.6f)\n", first,
              least, V_dc, std::sqrt(0.64 + 0.36 * 0.55));
  EXPECT_NEAR(first, 1.009, 5.1e-4);
  EXPECT_NEAR(least, 0.55, 1e-6);
  EXPECT_NEAR(V_dc, std::sqrt(0.64 + 0.36 * 0.55), 1e-6);
}

TEST(PsuBbu, TakesOverAtHalfTheHoldUpAndReturnsAfterItsTime) {
  auto bench = bench_of({.bbu_s = 240}, 1, {{1, 0}, {2, 1}});
  double grid = 1;
  bench.observe = [&](double t, const DeviceBench<Psu>& b) {
    if (t > 1.05 && t < 2.19) grid = std::min(grid, 1 - b.out[Psu::P_GRID]);
  };
  bench.run(5, 0.001);
  ASSERT_EQ(bench.moves.size(), 3U);
  EXPECT_NEAR(bench.moves[0].time, 1.01, 1e-6);
  EXPECT_EQ(bench.moves[0].to, Psu::TAKEOVER);
  EXPECT_NEAR(bench.moves[1].time, 1.014, 1e-6);
  EXPECT_EQ(bench.moves[1].to, Psu::BBU);
  EXPECT_NEAR(bench.moves[2].time, 2.2, 1e-6);
  EXPECT_EQ(bench.moves[2].to, Psu::NORMAL);
  EXPECT_EQ(grid, 1) << "nothing is drawn while the batteries carry the load";
}

TEST(PsuBbu, LastsItsTimeThenTheRacksAreLostAndComeBack) {
  auto bench = bench_of({.bbu_s = 30, .restart_s = 100}, 1, {{1, 0}, {60, 1}});
  bench.run(200, 0.01);
  ASSERT_EQ(bench.moves.size(), 5U);
  EXPECT_NEAR(bench.moves[2].time, 1.014 + 30, 1e-6);
  EXPECT_EQ(bench.moves[2].to, Psu::LOST);
  EXPECT_NEAR(bench.moves[3].time, 160, 1e-6);
  EXPECT_EQ(bench.moves[3].to, Psu::RESTARTING);
  EXPECT_NEAR(bench.moves[4].time, 170, 1e-6);
  EXPECT_EQ(bench.out[Psu::P_SERVED], 1);
}

/// Racks that may start before their supplies draw again wait for them: one restart, no flicker.
TEST(PsuRestart, WaitsForTheInput) {
  auto bench = bench_of({.restart_s = 0}, 1, {{1, 0}, {2, 1}});
  bench.run(5, 0.001);
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_EQ(bench.moves[1].to, Psu::RESTARTING);
  std::printf("starts at %.6f s (2.004)\n", bench.moves[1].time);
  EXPECT_NEAR(bench.moves[1].time, 2.004, 1e-6);
}

/// Batteries fill the capacitors with what they have, and no more.
TEST(PsuBbu, NeverGivesMoreThanItHas) {
  auto bench = bench_of({.bbu_s = 1.001}, 1, {{1, 0}, {1.814, 1}});
  bench.run(2.1, 0.0005);
  double least = 0;
  bench.observe = [&](double, const DeviceBench<Psu>& b) { least = std::min(least, b.out[Psu::BBU_SOC]); };
  bench.run(2.2, 0.0005);
  std::printf("least charge of the batteries %.6f (0)\n", least);
  EXPECT_GE(least, -1e-9);
}

/// The capacitors of lost racks are empty; the recharge fills them while the racks start.
TEST(PsuRestart, FillsTheCapacitorsFromTheGrid) {
  auto bench = bench_of({.restart_s = 1}, 1, {{1, 0}, {2, 1}});
  double before = 1, grid = 0;
  bench.observe = [&](double t, const DeviceBench<Psu>& b) {
    if (t > 2.9 && t < 2.9995) before = b.out[Psu::SOC];
    if (t > 3.05 && t < 3.051) grid = b.out[Psu::P_GRID] - b.out[Psu::P_SERVED] / 0.96;
  };
  bench.run(5, 0.001);
  std::printf("before the restart %.3f (0), 50 ms after it %.4f pu of recharge (0.1), at last %.6f (1)\n",
              before, grid, bench.out[Psu::SOC]);
  EXPECT_EQ(before, 0);
  EXPECT_NEAR(grid, 0.1, 1e-9);
  EXPECT_NEAR(bench.out[Psu::SOC], 1, 1e-6);
}

}  // namespace
}  // namespace ballast::test
