/// Demand-response tiers and tap changers on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/datacenter/curtailment.hpp"
#include "models/datacenter/tap_changer.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

DeviceBench<Curtailment> tiers(const Levels& order, const Levels& frequency_Hz, const Levels& voltage) {
  DeviceBench<Curtailment> bench(
      {0.1, 0.2, 0.3, 0, 59.7, 59.5, 59.3, 0, 0.9, 0.85, 0, 0, 0.2, 59.9, 0.95, 60, 0.5, 0.01},
      {100, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[Curtailment::VR] = level_at(voltage, t);
    in[Curtailment::VI] = 0;
    in[Curtailment::FREQUENCY] = level_at(frequency_Hz, t) / 60;
    in[Curtailment::P_REQ] = 0.8;
    in[Curtailment::ORDER] = level_at(order, t);
  };
  for (const Levels& levels : {order, frequency_Hz, voltage})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}
const Levels kNominal{{0, 60}};
const Levels kOne{{0, 1}};
const Levels kNoOrder{{0, 0}};

TEST(Curtailment, ACommandTakesTiersInOrderAndGivesThemBackRampLimited) {
  auto bench = tiers({{0, 0}, {5, 2}, {20, 0}}, kNominal, kOne);
  std::vector<std::pair<double, double>> corners{{5.3, 0.85}, {5.6, 0.7}, {19, 0.7},
                                                 {30, 0.8},   {49, 0.99}, {51, 1}};
  bench.observe = [&](double t, const DeviceBench<Curtailment>& b) {
    for (const auto& [at, kept] : corners) {
      if (std::abs(t - at) > 1e-9) continue;
      EXPECT_NEAR(b.out[Curtailment::KEPT], kept, 1e-9) << "at " << t;
      EXPECT_NEAR(b.out[Curtailment::P_IT], 0.8 * kept, 1e-9);
    }
  };
  for (const auto& corner : corners) bench.breaks.push_back(corner.first);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  bench.run(60, 0.1);
  expect_timeline(bench, {{5, 2}, {20, 0}});
}

TEST(Curtailment, FallingFrequencyTakesTierAfterTierAndGoodFrequencyBringsThemBackOneByOne) {
  auto bench = tiers(kNoOrder, {{0, 60}, {1, 59.6}, {2, 59.4}, {3, 60}}, kOne);
  bench.run(200, 0.05);
  expect_timeline(bench, {{1.2, 1}, {2.2, 2}, {63, 1}, {123, 0}});
}

TEST(Curtailment, ADeepFallTakesThemOneDelayApart) {
  auto bench = tiers(kNoOrder, {{0, 60}, {1, 59.0}}, kOne);
  bench.run(10, 0.05);
  expect_timeline(bench, {{1.2, 1}, {1.4, 2}, {1.6, 3}});
}

TEST(Curtailment, AFaultIsTooShortForItAndALastingLowVoltageIsNot) {
  auto bench = tiers(kNoOrder, kNominal, {{0, 1}, {1, 0.4}, {1.15, 1}, {5, 0.88}});
  bench.run(20, 0.05);
  expect_timeline(bench, {{5.2, 1}});
}

TEST(Curtailment, TheLargerOfCommandAndFrequencyHolds) {
  auto bench = tiers({{0, 0}, {5, 3}, {10, 0}}, {{0, 60}, {1, 59.6}}, kOne);
  bench.run(20, 0.05);
  expect_timeline(bench, {{1.2, 1}, {5, 3}, {10, 1}});
}

// ---- tap changer

DeviceBench<TapChanger> changer(int lowest, const Levels& voltage) {
  DeviceBench<TapChanger> bench({1, 0.0125, double(lowest), 8, 0.98, 1.02, 30, 5, 2, 0.8}, {100, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[TapChanger::VR] = level_at(voltage, t);
    in[TapChanger::VI] = 0;
    in[TapChanger::CLOSED] = 1;
  };
  bench.breaks = times_of(voltage);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(TapChanger, StepsAfterTheFirstDelayAndThenAtTheNextUntilItIsBackInTheBand) {
  auto bench = changer(-8, {{0, 1}, {1, 0.96}, {46, 1}});
  std::vector<std::pair<double, double>> steps;
  bench.observe = [&](double t, const DeviceBench<TapChanger>& b) {
    const double position = b.out[TapChanger::TAP_POSITION];
    if (position != (steps.empty() ? 0 : steps.back().second)) steps.emplace_back(t, position);
  };
  bench.run(100, 0.1);
  expect_timeline(bench, {{1, TapChanger::TOO_LOW},
                          {31, TapChanger::RAISING},
                          {33, TapChanger::TOO_LOW},
                          {38, TapChanger::RAISING},
                          {40, TapChanger::TOO_LOW},
                          {45, TapChanger::RAISING},
                          {47, TapChanger::TOO_LOW},  // it ends the step that it had begun
                          {47, TapChanger::IN_BAND}});
  ASSERT_EQ(steps.size(), 3U);
  for (int k = 0; k < 3; ++k) {
    EXPECT_NEAR(steps[k].first, 33 + 7 * k, 1e-6);
    EXPECT_EQ(steps[k].second, -1 - k);
  }
  EXPECT_NEAR(bench.out[TapChanger::TAP_RATIO], 1 - 3 * 0.0125, 1e-12);
}

TEST(TapChanger, StaysAtTheEndOfItsRange) {
  auto bench = changer(-2, {{0, 1}, {1, 0.96}});
  bench.run(100, 0.1);
  EXPECT_EQ(bench.out[TapChanger::TAP_POSITION], -2);
}

TEST(TapChanger, HighVoltageStepsTheOtherWay) {
  auto bench = changer(-8, {{0, 1}, {1, 1.03}, {32, 1.01}});
  bench.run(100, 0.1);
  EXPECT_EQ(bench.out[TapChanger::TAP_POSITION], 1);
}

TEST(TapChanger, DoesNotAnswerAFault) {
  auto bench = changer(-8, {{0, 1}, {1, 0.5}, {60, 1}});
  bench.run(100, 0.1);
  EXPECT_EQ(bench.out[TapChanger::TAP_POSITION], 0);
}

}  // namespace
}  // namespace ballast::test
