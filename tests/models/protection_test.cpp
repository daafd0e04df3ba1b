/// Relays with definite-time elements on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include "models/protection/frqtpat.hpp"
#include "models/protection/ufls.hpp"
#include "models/protection/uvls.hpp"
#include "models/protection/vtgtpat.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

constexpr Ratings kSixty{100, 100, 60};

/// f_Hz 59.3, 0.1 s, breaker 0.05 s, 10 %, drops out at 59.35 Hz, blocked below 0.6 pu.
DeviceBench<Ufls> ufls(const Levels& f_Hz, const Levels& voltage = {{0, 1}}, double delay_s = 0.1,
                       double breaker_s = 0.05) {
  DeviceBench<Ufls> bench({59.3, delay_s, breaker_s, 0.1, 0.05, 0.6}, kSixty);
  bench.drive = [=](double t, double* in) {
    in[Ufls::FREQUENCY] = level_at(f_Hz, t) / 60;
    in[Ufls::VR] = level_at(voltage, t);
    in[Ufls::VI] = 0;
  };
  for (const Levels& levels : {f_Hz, voltage})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Ufls, ShedsItsShareAfterDelayAndBreakerAndStaysOpen) {
  // Below 59.3 Hz from 1 s: trip at 1.1, off at 1.15; back above from 2 s on, and below again at 3 s:
  // latched.
  auto bench = ufls({{0, 60}, {1, 59.2}, {2, 60}, {3, 59}});
  bench.run(5, 0.1);
  expect_timeline(bench, {{1, Ufls::PICKED_UP}, {1.1, Ufls::TRIPPED}, {1.15, Ufls::OPEN}});
  EXPECT_NEAR(bench.out[Ufls::KEPT], 0.9, 1e-12);
  EXPECT_EQ(bench.jumps, 1);
  EXPECT_NEAR(bench.moves[1].pickup_time, 1, 1e-9);
  EXPECT_NEAR(bench.moves[2].pickup_time, 1, 1e-9);
  EXPECT_EQ(bench.moves[1].threshold, 59.3);
}

TEST(Ufls, DropsOutAboveItsHysteresisOnlyAndStartsItsDelayAnew) {
  // 59.32 Hz is not yet 59.35: the delay runs on and ends at 1.1 s.
  auto inside = ufls({{0, 60}, {1, 59.2}, {1.05, 59.32}});
  inside.run(2, 0.1);
  expect_timeline(inside, {{1, Ufls::PICKED_UP}, {1.1, Ufls::TRIPPED}, {1.15, Ufls::OPEN}});
  // 59.36 Hz at 1.05 s is above it: dropped out. 59.2 Hz at 1.08 s starts anew: 1.18 and 1.23 s.
  auto outside = ufls({{0, 60}, {1, 59.2}, {1.05, 59.36}, {1.08, 59.2}});
  outside.run(2, 0.1);
  expect_timeline(outside, {{1, Ufls::PICKED_UP},
                            {1.05, Ufls::WATCHING},
                            {1.08, Ufls::PICKED_UP},
                            {1.18, Ufls::TRIPPED},
                            {1.23, Ufls::OPEN}});
}

TEST(Ufls, IsBlockedByLowVoltageAndPicksUpWhenTheVoltageIsBack) {
  // V = 0.5 from 1.02 to 1.2 s: dropped out at 1.02; picks up again at 1.2 s.
  auto bench = ufls({{0, 60}, {1, 59.2}}, {{0, 1}, {1.02, 0.5}, {1.2, 0.9}});
  bench.run(2, 0.1);
  expect_timeline(bench, {{1, Ufls::PICKED_UP},
                          {1.02, Ufls::WATCHING},
                          {1.2, Ufls::PICKED_UP},
                          {1.3, Ufls::TRIPPED},
                          {1.35, Ufls::OPEN}});
}

TEST(Ufls, ATripIsSealedInWhileTheBreakerOpens) {
  // The frequency is back at 1.12 s, after the trip at 1.1 s: the breaker opens all the same.
  auto bench = ufls({{0, 60}, {1, 59.2}, {1.12, 60}});
  bench.run(2, 0.1);
  expect_timeline(bench, {{1, Ufls::PICKED_UP}, {1.1, Ufls::TRIPPED}, {1.15, Ufls::OPEN}});
}

TEST(Ufls, AnAntiStallStageWaitsForItsLongDelayAndNeedsNoBreakerTime) {
  auto bench = ufls({{0, 60}, {1, 59.25}}, {{0, 1}}, 90, 0);
  bench.run(100, 1);
  expect_timeline(bench, {{1, Ufls::PICKED_UP}, {91, Ufls::OPEN}});
}

/// 0.9 pu, 3 s, breaker 0.1 s, 20 %, drops out at 0.92 pu, blocked below 0.5 pu.
DeviceBench<Uvls> uvls(const Levels& voltage) {
  DeviceBench<Uvls> bench({0.9, 3, 0.1, 0.2, 0.02, 0.5}, kSixty);
  bench.drive = [=](double t, double* in) {
    in[Uvls::VR] = 0;
    in[Uvls::VI] = -level_at(voltage, t);
  };
  bench.breaks = times_of(voltage);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Uvls, ShedsAfterSecondsOfDepressedVoltageAndNotForFaults) {
  // A fault (0.2 pu) at 1 s is blocked; 0.85 pu from 1.1 s on trips at 4.1 and opens at 4.2 s.
  auto bench = uvls({{0, 1}, {1, 0.2}, {1.1, 0.85}});
  bench.run(10, 0.1);
  expect_timeline(bench, {{1.1, Uvls::PICKED_UP}, {4.1, Uvls::TRIPPED}, {4.2, Uvls::OPEN}});
  EXPECT_NEAR(bench.out[Uvls::KEPT], 0.8, 1e-12);
  EXPECT_EQ(bench.moves[1].threshold, 0.9);
}

TEST(Uvls, AFaultDuringItsDelayStartsItAnewAndRecoveryDropsItOut) {
  // Picked up at 1 s; 0.3 pu from 2 to 2.1 s: out, and in again at 2.1; 0.91 pu at 3 s is inside the
  // hysteresis; 0.93 pu at 4 s drops out, before 5.1 s.
  auto bench = uvls({{0, 1}, {1, 0.85}, {2, 0.3}, {2.1, 0.85}, {3, 0.91}, {4, 0.93}});
  bench.run(10, 0.1);
  expect_timeline(bench,
                  {{1, Uvls::PICKED_UP}, {2, Uvls::WATCHING}, {2.1, Uvls::PICKED_UP}, {4, Uvls::WATCHING}});
  EXPECT_EQ(bench.out[Uvls::KEPT], 1);
}

DeviceBench<Frqtpat> frqtpat(const Levels& f_Hz) {
  DeviceBench<Frqtpat> bench({58.4, 61.6, 30, 0.05}, kSixty);
  bench.drive = [=](double t, double* in) { in[Frqtpat::FREQUENCY] = level_at(f_Hz, t) / 60; };
  bench.breaks = times_of(f_Hz);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Frqtpat, TripsOnBothSidesAfterTheSameTime) {
  auto under = frqtpat({{0, 60}, {1, 58.3}});
  under.run(40, 1);
  expect_timeline(under, {{1, Frqtpat::PICKED_UP}, {31, Frqtpat::TRIPPED}, {31.05, Frqtpat::OPEN}});
  EXPECT_EQ(under.moves[1].threshold, 58.4);
  auto over = frqtpat({{0, 60}, {1, 61.7}});
  over.run(40, 1);
  expect_timeline(over, {{1, Frqtpat::PICKED_UP}, {31, Frqtpat::TRIPPED}, {31.05, Frqtpat::OPEN}});
  EXPECT_EQ(over.moves[1].threshold, 61.6);
  EXPECT_EQ(over.out[Frqtpat::CONNECTED_OUT], 0);
}

TEST(Frqtpat, ASwingFromOneSideToTheOtherLosesTheTimeOfTheFirst) {
  // Under from 1 s; over from 20 s on: its own 30 s end at 50 s.
  auto bench = frqtpat({{0, 60}, {1, 58.3}, {20, 61.7}});
  bench.run(60, 1);
  expect_timeline(bench, {{1, Frqtpat::PICKED_UP},
                          {20, Frqtpat::WATCHING},
                          {20, Frqtpat::PICKED_UP},
                          {50, Frqtpat::TRIPPED},
                          {50.05, Frqtpat::OPEN}});
  EXPECT_EQ(bench.moves[3].threshold, 61.6);
}

TEST(Vtgtpat, ATimeVoltageCurveIsSeveralRecords) {
  // PRC-024 no-trip times: 0.45 pu 0.15 s, 0.65 pu 0.30 s, 0.75 pu 2 s. A dip to 0.6 pu at 1 s that recovers
  // to 0.7 pu at 1.2 s and to 1 pu at 4 s: the first never sees it, the second loses it at 1.2 s, the third
  // trips.
  const auto record = [](double VL, double TP) {
    DeviceBench<Vtgtpat> bench({VL, 1000, TP, 0}, kSixty);
    const Levels voltage{{0, 1}, {1, 0.6}, {1.2, 0.7}, {4, 1}};
    bench.drive = [=](double t, double* in) {
      in[Vtgtpat::VR] = level_at(voltage, t);
      in[Vtgtpat::VI] = 0;
    };
    bench.breaks = times_of(voltage);
    EXPECT_TRUE(bench.rest().ok());
    bench.run(6, 0.1);
    return bench;
  };
  expect_timeline(record(0.45, 0.15), {});
  expect_timeline(record(0.65, 0.3), {{1, Vtgtpat::PICKED_UP}, {1.2, Vtgtpat::WATCHING}});
  expect_timeline(record(0.75, 2), {{1, Vtgtpat::PICKED_UP}, {3, Vtgtpat::OPEN}});
}

}  // namespace
}  // namespace ballast::test
