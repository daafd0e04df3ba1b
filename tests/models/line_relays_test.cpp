/// Relays of branches and the switching of shunts, on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include <cmath>

#include "models/protection/distr1.hpp"
#include "models/protection/inverse_time.hpp"
#include "models/protection/recloser.hpp"
#include "models/protection/shunt_switch.hpp"
#include "models/protection/thermal.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

constexpr Ratings kSixty{100, 100, 60};
constexpr double kCycle = 1.0 / 60;

/// A line of j0.1 pu: zones of 0.08, 0.12 and 0.225 pu straight up, 1, 30 and 60 cycles, breaker 2 cycles.
/// `X` is the reactance seen, with a current of 5 pu; the branch is closed as `closed` says.
DeviceBench<Distr1> distance(const Levels& X, const Levels& closed = {{0, 0}}, double R = 0,
                             double blinder = 0) {
  DeviceBench<Distr1> bench({1, 0.08, 90, 0.04, 30, 0.12, 90, 0.06, 60, 0.225, 90, 0.1125, 0.5, 2, blinder},
                            kSixty);
  bench.drive = [=](double t, double* in) {
    in[Distr1::IR] = 3;
    in[Distr1::II] = 4;
    in[Distr1::VR] = 3 * R - 4 * level_at(X, t);
    in[Distr1::VI] = 4 * R + 3 * level_at(X, t);
    in[Distr1::CLOSED] = level_at(closed, t);
  };
  for (const Levels& levels : {X, closed})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Distr1, EachZoneTripsAfterItsOwnTime) {
  // 0.05 pu is inside all zones: zone 1 after a cycle. 0.1 pu: zone 2 after 30. 0.2 pu: zone 3 after 60.
  for (const auto& [X, cycles, reach] :
       {std::tuple{0.05, 1.0, 0.08}, {0.1, 30.0, 0.12}, {0.2, 60.0, 0.225}}) {
    auto bench = distance({{0, 1}, {1, X}, {1 + cycles * kCycle + 0.02, 1}});
    bench.run(4, 0.05);
    expect_timeline(bench, {{1, Distr1::PICKED_UP},
                            {1 + cycles * kCycle, Distr1::TRIPPED},
                            {1 + (cycles + 2) * kCycle, Distr1::OPEN}});
    EXPECT_EQ(bench.moves[1].threshold, reach);
    EXPECT_EQ(bench.out[Distr1::CLOSE], 0);
    EXPECT_EQ(bench.out[Distr1::TRIP], 1);
  }
}

TEST(Distr1, IsDirectionalAndDropsOutWhenTheFaultIsCleared) {
  // Behind it from 1 s; ahead in zone 2 from 2 s, cleared at 2.4 s, before 2.5 s.
  auto bench = distance({{0, 1}, {1, -0.05}, {2, 0.1}, {2.4, 1}});
  bench.run(4, 0.05);
  expect_timeline(bench, {{2, Distr1::PICKED_UP}, {2.4, Distr1::WATCHING}});
}

TEST(Distr1, WatchesAgainOnceTheBranchIsClosedAgain) {
  // Opens at 1.05 s; open until it is closed at 2 s onto the fault: zone 1 again.
  const double opens = 1 + 3 * kCycle;
  auto bench = distance({{0, 1}, {1, 0.05}}, {{0, 1}, {opens, 0}, {2, 1}});
  bench.run(2.02, 0.05);
  expect_timeline(bench, {{1, Distr1::PICKED_UP},
                          {1 + kCycle, Distr1::TRIPPED},
                          {opens, Distr1::OPEN},
                          {2, Distr1::WATCHING},
                          {2, Distr1::PICKED_UP},
                          {2 + kCycle, Distr1::TRIPPED}});
}

TEST(Distr1, BlindersKeepLoadOutOfItsWidestZone) {
  // R = 0.09 at X = 0.11 is inside zone 3 (radius 0.1125 about 0.1125), but beyond blinders at 0.05.
  auto without = distance({{0, 1}, {1, 0.11}}, {{0, 1}}, 0.09);
  without.run(1.5, 0.05);
  expect_timeline(without, {{1, Distr1::PICKED_UP}});
  auto with = distance({{0, 1}, {1, 0.11}}, {{0, 1}}, 0.09, 0.05);
  with.run(4, 0.05);
  expect_timeline(with, {});
}

DeviceBench<InverseTime> inverse(double A, double B, double p, double reset_s, const Levels& current) {
  DeviceBench<InverseTime> bench({1.2, A, B, p, 0.5, reset_s, 0}, {50, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[InverseTime::IR] = 0.6 * level_at(current, t);  // 0.6 pu of the system base is the pick-up
    in[InverseTime::II] = 0;
    in[InverseTime::CLOSED] = 0;  // nothing closes the branch again
  };
  bench.breaks = times_of(current);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(InverseTime, TripsAfterTheTimeOfItsCurve) {
  // TMS 0.5. IEC standard inverse at 4: 0.5 * 0.14 / (4^0.02 - 1) = 2.4899 s; very inverse: 0.5 * 13.5 / 3
  // = 2.25 s; extremely inverse: 0.5 * 80 / 15 = 2.6667 s; IEEE very inverse: 0.5 (19.61 / 15 + 0.491) =
  // 0.89917 s.
  const auto trips = [](double A, double B, double p, double after_s) {
    auto bench = inverse(A, B, p, 0, {{0, 0.5}, {1, 4}});
    bench.run(1 + after_s + 0.001, 0.01);
    ASSERT_EQ(bench.moves.size(), 2U);
    std::printf("  %.6f s, by hand %.6f s\n", bench.moves[1].time - 1, after_s);
    EXPECT_NEAR(bench.moves[1].time - 1, after_s, 1e-6);
    EXPECT_NEAR(bench.moves[1].pickup_time, 1, 1e-9);
  };
  trips(0.14, 0, 0.02, 0.5 * 0.14 / (std::pow(4, 0.02) - 1));
  trips(13.5, 0, 1, 2.25);
  trips(80, 0, 2, 0.5 * 80 / 15);
  trips(19.61, 0.491, 2, 0.5 * (19.61 / 15 + 0.491));
}

TEST(InverseTime, AChangingCurrentAddsUpAndADropOutForgetsOrDecays) {
  // Very inverse, TMS 0.5: at 4 pu 1/2.25 per second, at 2.5 pu 1/4.5. 1 s at 4 is 0.4444; the rest at 2.5
  // takes 0.5556 * 4.5 = 2.5 s: 4.5 s.
  auto sum = inverse(13.5, 0, 1, 0, {{0, 0.5}, {1, 4}, {2, 2.5}});
  sum.run(6, 0.01);
  ASSERT_EQ(sum.moves.size(), 2U);
  EXPECT_NEAR(sum.moves[1].time, 4.5, 1e-6);
  // A pause of 1 s at 0.9: forgotten at once it takes 2.25 s more from 3 s on; with a return of 2 s the
  // 0.4444 have become 0.4444 exp(-0.5) = 0.26957, and (1 - 0.26957) * 2.25 = 1.64347 s are left.
  auto forgets = inverse(13.5, 0, 1, 0, {{0, 0.5}, {1, 4}, {2, 0.9}, {3, 4}});
  forgets.run(6, 0.01);
  expect_timeline(forgets, {{1, 1}, {2, 0}, {3, 1}, {5.25, 3}});
  auto decays = inverse(13.5, 0, 1, 2, {{0, 0.5}, {1, 4}, {2, 0.9}, {3, 4}});
  decays.run(6, 0.01);
  expect_timeline(decays, {{1, 1}, {2, 0}, {3, 1}, {3 + (1 - std::exp(-0.5) / 2.25) * 2.25, 3}});
}

TEST(Thermal, TripsAfterTheTimeOfItsImageAndRemembersTheLoadBefore) {
  // Pick-up 1.1, tau 100 s. From 0.55 (theta 0.25) to 1.65 (M = 1.5, M^2 = 2.25): 100 ln((2.25 - 0.25)/1.25)
  // = 47.0004 s.
  DeviceBench<Thermal> bench({1.1, 100, 0.1}, kSixty);
  const Levels current{{0, 0.55}, {10, 1.65}};
  bench.drive = [=](double t, double* in) {
    in[Thermal::IR] = 0;
    in[Thermal::II] = -level_at(current, t);
    in[Thermal::CLOSED] = 1;
  };
  bench.breaks = times_of(current);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(57.05, 0.5);
  const double after = 100 * std::log(2.0 / 1.25);
  expect_timeline(bench, {{10, Thermal::PICKED_UP}, {10 + after, Thermal::TRIPPED}});
}

/// Two shots, after 0.5 and 15 s, reclaim 60 s, 30 degrees, waits 10 s; the relay trips and the branch opens
/// at `opens`, and whatever closes it resets the relay.
DeviceBench<Recloser> recloser(const Levels& closed, const Levels& angle_deg = {{0, 0}}) {
  DeviceBench<Recloser> bench({0.5, 15, kNever, kNever, 60, 30, 10, 0, 1, 0}, kSixty);
  bench.drive = [=](double t, double* in) {
    in[Recloser::CLOSED] = level_at(closed, t);
    in[Recloser::TRIP_1] = 0;
    in[Recloser::TRIP_2] = 1 - level_at(closed, t);
    in[Recloser::TRIP_3] = 0;
    in[Recloser::VR] = in[Recloser::VR_FAR] = 1;
    in[Recloser::VI] = 0;
    in[Recloser::VI_FAR] = std::tan(level_at(angle_deg, t) * 0.017453292519943295);
  };
  for (const Levels& levels : {closed, angle_deg})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Recloser, MakesItsShotsThenLocksOut) {
  // Trips at 1 s, closes at 1.5, trips at 1.6, closes at 16.6, trips at 16.7: locked out.
  auto bench = recloser({{0, 1}, {1, 0}, {1.5, 1}, {1.6, 0}, {16.6, 1}, {16.7, 0}});
  bench.run(100, 0.5);
  expect_timeline(bench, {{1, Recloser::DEAD},
                          {1.5, Recloser::RECLAIM},
                          {1.6, Recloser::DEAD},
                          {16.6, Recloser::RECLAIM},
                          {16.7, Recloser::LOCKED_OUT}});
  EXPECT_EQ(bench.out[Recloser::CLOSE], 0);
}

TEST(Recloser, IsReadyForAllShotsAgainAfterItsReclaimTime) {
  // Closes at 1.5 s, ready at 61.5; the trip at 70 s gets the first dead time again.
  auto bench = recloser({{0, 1}, {1, 0}, {1.5, 1}, {70, 0}, {70.5, 1}});
  bench.run(80, 0.5);
  expect_timeline(bench, {{1, Recloser::DEAD},
                          {1.5, Recloser::RECLAIM},
                          {61.5, Recloser::READY},
                          {70, Recloser::DEAD},
                          {70.5, Recloser::RECLAIM}});
}

TEST(Recloser, WaitsForSynchronismAndGivesUp) {
  // 40 degrees until 3 s, then 20: closes at 3 s. With 40 degrees all the time it gives up at 1.5 + 10 s.
  auto waits = recloser({{0, 1}, {1, 0}, {3, 1}}, {{0, 0}, {1, 40}, {3, 20}});
  waits.run(5, 0.1);
  expect_timeline(waits, {{1, Recloser::DEAD}, {1.5, Recloser::WAITING}, {3, Recloser::RECLAIM}});
  auto gives_up = recloser({{0, 1}, {1, 0}}, {{0, 0}, {1, 40}});
  gives_up.run(20, 0.1);
  expect_timeline(gives_up, {{1, Recloser::DEAD}, {1.5, Recloser::WAITING}, {11.5, Recloser::LOCKED_OUT}});
}

/// A recloser of one end, whose relay trips whenever it opens; the other end and the voltage there are given.
DeviceBench<Recloser> one_end(double end, const Levels& closed, const Levels& far_closed, const Levels& V_far,
                              double angle_deg = 0) {
  DeviceBench<Recloser> bench({0.5, kNever, kNever, kNever, 60, 30, 10, end, 0.8, 0.1}, kSixty);
  bench.drive = [=](double t, double* in) {
    std::fill_n(in, static_cast<int>(Recloser::kInputs), 0.0);
    in[Recloser::CLOSED] = level_at(closed, t);
    in[Recloser::TRIP_1] = 1 - level_at(closed, t);
    in[Recloser::FAR_CLOSED] = level_at(far_closed, t);
    in[Recloser::VR] = 1;
    in[Recloser::VR_FAR] = level_at(V_far, t) * std::cos(angle_deg * 0.017453292519943295);
    in[Recloser::VI_FAR] = level_at(V_far, t) * std::sin(angle_deg * 0.017453292519943295);
  };
  for (const Levels& levels : {closed, far_closed, V_far})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Recloser, TheLeaderClosesOntoADeadLineFromALiveBus) {
  // The other end opens 0.2 s later; whether its bus is live does not matter.
  auto bench = one_end(1, {{0, 1}, {1, 0}, {1.6, 1}}, {{0, 1}, {1.2, 0}}, {{0, 1}, {1.3, 0}});
  bench.run(1.65, 0.05);
  expect_timeline(
      bench,
      {{1, Recloser::DEAD}, {1.5, Recloser::WAITING}, {1.5, Recloser::HOLDING}, {1.6, Recloser::RECLAIM}});
}

TEST(Recloser, TheFollowerWaitsForTheLineAndForSynchronism) {
  // The line is live from 2 s on, for 0.05 s at first: the leader closes onto the fault, then for good.
  const Levels leader = {{0, 1}, {1, 0}, {2, 1}, {2.05, 0}, {3, 1}};
  auto bench = one_end(2, {{0, 1}, {1, 0}, {3.1, 1}}, leader, {{0, 1}});
  bench.run(3.2, 0.05);
  expect_timeline(bench, {{1, Recloser::DEAD},
                          {1.5, Recloser::WAITING},
                          {2, Recloser::HOLDING},
                          {2.05, Recloser::WAITING},
                          {3, Recloser::HOLDING},
                          {3.1, Recloser::RECLAIM}});
  // 40 degrees: it gives up 10 s after its dead time. A line at 0.5 pu is not live.
  for (auto& never : {one_end(2, {{0, 1}, {1, 0}}, leader, {{0, 1}}, 40),
                      one_end(2, {{0, 1}, {1, 0}}, leader, {{0, 0.5}})}) {
    auto gives_up = never;
    gives_up.run(15, 0.05);
    expect_timeline(gives_up, {{1, Recloser::DEAD}, {1.5, Recloser::WAITING}, {11.5, Recloser::LOCKED_OUT}});
  }
}

TEST(Recloser, LeavesABranchAloneThatNoRelayHasOpened) {
  DeviceBench<Recloser> bench({0.5, 15, kNever, kNever, 60, 30, 10, 0, 1, 0}, kSixty);
  bench.drive = [](double t, double* in) {
    std::fill_n(in, static_cast<int>(Recloser::kInputs), 0.0);
    in[Recloser::CLOSED] = t < 1 ? 1 : 0;
  };
  bench.breaks = {1};
  ASSERT_TRUE(bench.rest().ok());
  bench.run(5, 0.1);
  expect_timeline(bench, {});
}

TEST(ShuntSwitch, StepsUpAndDownAfterItsDelayWithinItsLimits) {
  // 50 of -50 to 100 Mvar in steps of 50, 10 s. Low from 1 s: 100 at 11 s, and there is no more. High from 30
  // s: 50 at 40, 0 at 50 s; the voltage is back at 55 s.
  DeviceBench<ShuntSwitch> bench({0.95, 1.05, 10, 50, -50, 100, 50, 0.5}, kSixty);
  const Levels voltage{{0, 1}, {1, 0.94}, {30, 1.06}, {55, 1.04}};
  bench.drive = [=](double t, double* in) {
    in[ShuntSwitch::VR] = level_at(voltage, t);
    in[ShuntSwitch::VI] = 0;
  };
  bench.breaks = times_of(voltage);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(70, 0.5);
  expect_timeline(bench, {{1, ShuntSwitch::LOW},
                          {11, ShuntSwitch::WATCHING},
                          {30, ShuntSwitch::HIGH},
                          {40, ShuntSwitch::WATCHING},
                          {40, ShuntSwitch::HIGH},
                          {50, ShuntSwitch::WATCHING},
                          {50, ShuntSwitch::HIGH},
                          {55, ShuntSwitch::WATCHING}});
  EXPECT_EQ(bench.out[ShuntSwitch::B_MVAR], 0);
  EXPECT_EQ(bench.out[ShuntSwitch::IN], 0);
}

TEST(ShuntSwitch, AFaultIsNoLowVoltage) {
  DeviceBench<ShuntSwitch> bench({0.95, 1.05, 10, 50, 0, 100, 0, 0.5}, kSixty);
  bench.drive = [](double t, double* in) {
    in[ShuntSwitch::VR] = t < 1 || t >= 1.1 ? 0.96 : 0.1;
    in[ShuntSwitch::VI] = 0;
  };
  bench.breaks = {1, 1.1};
  ASSERT_TRUE(bench.rest().ok());
  bench.run(20, 0.5);
  expect_timeline(bench, {});
}

}  // namespace
}  // namespace ballast::test
