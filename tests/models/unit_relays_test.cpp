/// Relays of a unit beyond frequency and voltage, on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include "models/protection/loss_of_field.hpp"
#include "models/protection/out_of_step.hpp"
#include "models/protection/overspeed.hpp"
#include "models/protection/rocof.hpp"
#include "models/protection/volts_per_hertz.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

constexpr Ratings kSixty{100, 100, 60};

TEST(Rocof, TripsUpAndDownAfterItsDelayAndDropsOutBelowNinetyFivePercent) {
  // 1 Hz/s for 0.2 s. -1.2 from 1 to 1.1 s is too short; 0.96 at 2.1 s is above 0.95 and keeps it up: 2 + 0.2
  // s.
  DeviceBench<Rocof> bench({1, 0.2, 0.05}, kSixty);
  const Levels rate{{0, 0}, {1, -1.2}, {1.1, -0.5}, {2, 1.5}, {2.1, 0.96}, {2.3, 0}};
  bench.drive = [=](double t, double* in) { in[Rocof::ROCOF] = level_at(rate, t); };
  bench.breaks = times_of(rate);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(4, 0.1);
  expect_timeline(bench, {{1, Rocof::PICKED_UP},
                          {1.1, Rocof::WATCHING},
                          {2, Rocof::PICKED_UP},
                          {2.2, Rocof::TRIPPED},
                          {2.25, Rocof::OPEN}});
}

TEST(Overspeed, TripsAtOnceAtTenPercent) {
  // Speed 1 + 0.05 t from t = 0: 1.10 at 2 s; the breaker takes 0.05 s.
  DeviceBench<Overspeed> bench({1.1, 0, 0.05}, kSixty);
  bench.drive = [](double t, double* in) { in[Overspeed::OMEGA] = 0.05 * t; };
  ASSERT_TRUE(bench.rest().ok());
  bench.run(4, 0.1);
  expect_timeline(bench, {{2, Overspeed::PICKED_UP}, {2, Overspeed::TRIPPED}, {2.05, Overspeed::OPEN}});
  EXPECT_EQ(bench.out[Overspeed::CONNECTED_OUT], 0);
}

TEST(VoltsPerHertz, TheHigherLevelOvertakesTheLowerOneAndLowFrequencyCountsAsVoltage) {
  // 1.10 for 45 s, 1.18 for 2 s. V = 1.1 at f = 0.98 is 1.1224: level 1 from 1 s on. V = 1.2 from 10 s
  // is 1.2245: level 2 trips at 12 s.
  DeviceBench<VoltsPerHertz> bench({1.1, 45, 1.18, 2, 0}, kSixty);
  const Levels voltage{{0, 1}, {1, 1.1}, {10, 1.2}};
  bench.drive = [=](double t, double* in) {
    in[VoltsPerHertz::VR] = 0.6 * level_at(voltage, t);
    in[VoltsPerHertz::VI] = 0.8 * level_at(voltage, t);
    in[VoltsPerHertz::FREQUENCY] = 0.98;
  };
  bench.breaks = times_of(voltage);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(20, 0.1);
  expect_timeline(bench, {{1, VoltsPerHertz::PICKED_UP}, {12, VoltsPerHertz::OPEN}});
  EXPECT_EQ(bench.moves[1].threshold, 1.18);
}

TEST(VoltsPerHertz, DropsOutBelowNinetyEightPercentOfItsLevel) {
  // 1.08 at 3 s is above 0.98 * 1.1 = 1.078, 1.07 at 5 s is not.
  DeviceBench<VoltsPerHertz> bench({1.1, 45, 1.18, 2, 0}, kSixty);
  const Levels voltage{{0, 1}, {1, 1.12}, {3, 1.08}, {5, 1.07}};
  bench.drive = [=](double t, double* in) {
    in[VoltsPerHertz::VR] = level_at(voltage, t);
    in[VoltsPerHertz::VI] = 0;
    in[VoltsPerHertz::FREQUENCY] = 1;
  };
  bench.breaks = times_of(voltage);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(60, 0.1);
  expect_timeline(bench, {{1, VoltsPerHertz::PICKED_UP}, {5, VoltsPerHertz::WATCHING}});
}

/// V/I = R + jX with a current of 0.5 pu; on a machine of 200 MVA in a system of 100 MVA.
template <class M>
void drive_impedance(DeviceBench<M>& bench, const std::function<std::pair<double, double>(double)>& of) {
  bench.drive = [=](double t, double* in) {
    const auto [R, X] = of(t);
    in[M::IR] = 0.3;
    in[M::II] = 0.4;
    in[M::VR] = 0.3 * R - 0.4 * X;
    in[M::VI] = 0.3 * X + 0.4 * R;
  };
}

TEST(LossOfField, TripsInItsInnerCircleFirstAndInTheOuterOneAfterLonger) {
  // Offset 0.15, diameters 1 and 1.8 pu of the machine. On the system's base impedances are half of that, so
  // that X = -0.4 is -0.8 of the machine: inside both (0.15 to 1.15 and 0.15 to 1.95). X = -0.8 is -1.6: the
  // outer one.
  DeviceBench<LossOfField> inner({0.15, 1, 0.1, 1.8, 0.5, 0.05}, {200, 100, 60});
  drive_impedance(inner, [](double t) { return t < 1 ? std::pair(1.0, 0.3) : std::pair(0.0, -0.4); });
  inner.breaks = {1};
  ASSERT_TRUE(inner.rest().ok());
  inner.run(3, 0.1);
  expect_timeline(inner,
                  {{1, LossOfField::PICKED_UP}, {1.1, LossOfField::TRIPPED}, {1.15, LossOfField::OPEN}});
  EXPECT_NEAR(inner.moves[1].threshold, 1.15, 1e-12);

  DeviceBench<LossOfField> outer({0.15, 1, 0.1, 1.8, 0.5, 0.05}, {200, 100, 60});
  drive_impedance(outer, [](double t) { return t < 1 ? std::pair(1.0, 0.3) : std::pair(0.0, -0.8); });
  outer.breaks = {1};
  ASSERT_TRUE(outer.rest().ok());
  outer.run(3, 0.1);
  expect_timeline(outer,
                  {{1, LossOfField::PICKED_UP}, {1.5, LossOfField::TRIPPED}, {1.55, LossOfField::OPEN}});
}

TEST(LossOfField, ASwingThatLeavesInTimeAndAFaultAheadDoNotTrip) {
  // In the outer circle from 1 to 1.4 s only; from 2 to 2.5 s a fault ahead, X = +0.05; 0.05 above -offset at
  // 3 s.
  DeviceBench<LossOfField> bench({0.15, 1, 0.1, 1.8, 0.5, 0.05}, {200, 100, 60});
  drive_impedance(bench, [](double t) {
    if (t >= 1 && t < 1.4) return std::pair(0.0, -0.8);
    if (t >= 2 && t < 2.5) return std::pair(0.0, 0.05);
    if (t >= 3) return std::pair(0.0, -0.05);
    return std::pair(1.0, 0.3);
  });
  bench.breaks = {1, 1.4, 2, 2.5, 3};
  ASSERT_TRUE(bench.rest().ok());
  bench.run(5, 0.1);
  expect_timeline(bench, {{1, LossOfField::PICKED_UP}, {1.4, LossOfField::WATCHING}});
}

/// Circle from -0.5 to +0.3 (centre -0.1, radius 0.4), blinders at 0.1, 0.05 s between them, breaker 0.05 s.
DeviceBench<OutOfStep> out_of_step(const std::function<std::pair<double, double>(double)>& impedance) {
  DeviceBench<OutOfStep> bench({0.3, 0.5, 0.1, 0.05, 0.05}, kSixty);
  drive_impedance(bench, impedance);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(OutOfStep, TripsOnTheWayOutAfterASlipFromEitherSide) {
  // R = 1 - t at X = -0.1: 0.4 at 0.6 s, 0.1 at 0.9, -0.1 at 1.1, -0.4 at 1.4 s.
  auto left = out_of_step([](double t) { return std::pair(1 - t, -0.1); });
  left.run(3, 0.01);
  expect_timeline(left, {{0.6, OutOfStep::INSIDE},
                         {0.9, OutOfStep::BETWEEN},
                         {1.1, OutOfStep::SLIPPED},
                         {1.4, OutOfStep::TRIPPED},
                         {1.45, OutOfStep::OPEN}});
  EXPECT_NEAR(left.moves[2].pickup_time, 0.9, 1e-6);
  auto right = out_of_step([](double t) { return std::pair(t - 1, -0.1); });
  right.run(3, 0.01);
  expect_timeline(right, {{0.6, OutOfStep::INSIDE},
                          {0.9, OutOfStep::BETWEEN},
                          {1.1, OutOfStep::SLIPPED},
                          {1.4, OutOfStep::TRIPPED},
                          {1.45, OutOfStep::OPEN}});
}

TEST(OutOfStep, AStableSwingThatTurnsBetweenTheBlindersDoesNotTrip) {
  // R = 0.5 - t until 0.5 s, then back: between the blinders from 0.4 to 0.6 s, out of the circle at 0.9 s.
  auto bench = out_of_step([](double t) { return std::pair(t < 0.5 ? 0.5 - t : t - 0.5, -0.1); });
  bench.breaks = {0.5};
  bench.run(2, 0.01);
  expect_timeline(bench, {{0.1, OutOfStep::INSIDE},
                          {0.4, OutOfStep::BETWEEN},
                          {0.6, OutOfStep::INSIDE},
                          {0.9, OutOfStep::OUTSIDE}});
}

TEST(OutOfStep, AFaultBetweenTheBlindersAndACrossingFasterThanASwingAreNoSlips) {
  auto fault = out_of_step([](double t) {
    return t < 1 ? std::pair(1.0, 0.2) : t < 1.2 ? std::pair(0.02, 0.1) : std::pair(-1.0, 0.2);
  });
  fault.breaks = {1, 1.2};
  fault.run(2, 0.01);
  expect_timeline(fault, {{1, OutOfStep::INSIDE}, {1.2, OutOfStep::OUTSIDE}});
  // 10 pu/s: 0.02 s between the blinders.
  auto fast = out_of_step([](double t) { return std::pair(1 - 10 * t, -0.1); });
  fast.run(1, 0.001);
  expect_timeline(fast, {{0.06, OutOfStep::INSIDE},
                         {0.09, OutOfStep::BETWEEN},
                         {0.11, OutOfStep::INSIDE},
                         {0.14, OutOfStep::OUTSIDE}});
}

}  // namespace
}  // namespace ballast::test
