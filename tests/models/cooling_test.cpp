/// Cooling on a bench: timelines of motors, drives, chillers and coolant worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "models/datacenter/chiller.hpp"
#include "models/datacenter/coolant.hpp"
#include "models/datacenter/cooling_drive.hpp"
#include "models/datacenter/cooling_motor.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

// ---- motors on line

using Motors = DeviceBench<CoolingMotor>;
/// A voltage level in force from a time on.
Motors motors(std::vector<std::pair<int, double>> changes, const Levels& voltage) {
  std::vector<double> p{0.03, 1.8, 0.19, 0.14, 0.2, 0.0026, 0.5, 2, 0.6, 0.03, 0.8, 5, kInfinity, 10, 1, 0};
  for (const auto& [parameter, value] : changes) p[parameter] = value;
  Motors bench(p, {10, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[CoolingMotor::VR] = level_at(voltage, t);
    in[CoolingMotor::VI] = 0;
    in[CoolingMotor::FRAME_SPEED] = 1;
  };
  bench.breaks = times_of(voltage);
  bench.out[CoolingMotor::IR] = -0.08;  // 8 MW
  bench.out[CoolingMotor::II] = 0.04;
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(CoolingMotor, ADipShorterThanTheContactorsTimeLeavesItRunning) {
  auto bench = motors({}, {{0, 1}, {1, 0.4}, {1.028, 1}});
  bench.run(3, 0.001);
  expect_timeline(bench, {{1, CoolingMotor::DROPPING}, {1.028, CoolingMotor::RUNNING}});
}

TEST(CoolingMotor, DropsOutWaitsForGoodVoltageAndComesBackDirectOnLine) {
  auto bench = motors({}, {{0, 1}, {1, 0.4}, {1.2, 0.7}, {2, 1}, {4, 0.75}, {4.5, 1}});
  double coasting = 0;
  double worst = 0;
  double idle = 0;
  double inrush = 0;
  double before = bench.out[CoolingMotor::P_LOAD];
  bench.observe = [&](double t, const Motors& b) {
    const double w = b.out[CoolingMotor::SPEED];
    if (b.mode[CoolingMotor::AUTOMATON] >= CoolingMotor::OPEN) {
      if (coasting == 0) coasting = w;
      // 2 H dw/dt = -T0 w^2: 1/w grows by T0 t/(2 H).
      const double by_hand = 1 / (1 / coasting + b.held[CoolingMotor::TORQUE0] * (t - 1.03) / (2 * 0.5));
      worst = std::max(worst, std::abs(w - by_hand));
      idle = std::max(idle, std::hypot(b.out[CoolingMotor::IR], b.out[CoolingMotor::II]));
    } else if (t > 9) {
      inrush = std::max(inrush, std::hypot(b.out[CoolingMotor::IR], b.out[CoolingMotor::II]));
    }
  };
  bench.run(20, 0.001);
  expect_timeline(bench, {{1, CoolingMotor::DROPPING},
                          {1.03, CoolingMotor::OPEN},
                          {2, CoolingMotor::RETURNING},
                          {4, CoolingMotor::OPEN},  // below V_close again: the wait starts anew
                          {4.5, CoolingMotor::RETURNING},
                          {9.5, CoolingMotor::RUNNING}});
  std::printf("coasting within %.1e of T0 w^2 by hand (1e-6); current while open %g; inrush %.2f pu\n", worst,
              idle, inrush / 0.1);
  EXPECT_LT(worst, 1e-6);
  EXPECT_EQ(idle, 0);
  EXPECT_GT(inrush / 0.1, 3);  // of the motors' base, locked rotor nearly
  EXPECT_NEAR(bench.out[CoolingMotor::P_LOAD], before, 1e-3 * before);
  EXPECT_NEAR(bench.out[CoolingMotor::CIRCULATION], 1, 1e-3);
}

TEST(CoolingMotor, AStartThatTakesTooLongTripsItsOverloadRelay) {
  auto bench =
      motors({{CoolingMotor::OVERLOAD, 1.5}, {CoolingMotor::OVERLOAD_S, 0.2}}, {{0, 1}, {1, 0.3}, {1.5, 1}});
  bench.run(20, 0.001);
  ASSERT_EQ(bench.moves.size(), 5U);
  EXPECT_EQ(bench.moves[3].to, CoolingMotor::RUNNING);
  EXPECT_NEAR(bench.moves[3].time, 6.5, 1e-6);
  EXPECT_EQ(bench.moves[4].to, CoolingMotor::TRIPPED);
  std::printf("tripped at %.6f s, by hand 6.7 s\n", bench.moves[4].time);
  EXPECT_NEAR(bench.moves[4].time, 6.7, 2e-3);  // the current is above its level from closing on
  EXPECT_EQ(bench.out[CoolingMotor::P_LOAD], 0);
}

// ---- variable-speed drives

using Drives = DeviceBench<CoolingDrive>;
constexpr double kRide_s = 0.02;
constexpr double kTrip = 0.8;
constexpr double kLink_s = kRide_s / (1 - kTrip * kTrip);
Drives drives(const Levels& voltage) {
  Drives bench({0.95, 2, kTrip, 1.2, kRide_s, 0.9, 80, 30, 3, 1, 0}, {10, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[CoolingDrive::VR] = level_at(voltage, t);
    in[CoolingDrive::VI] = 0;
  };
  bench.breaks = times_of(voltage);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(CoolingDrive, WithoutAGridTheLinkCarriesRatedLoadForItsRideTime) {
  auto bench = drives({{0, 1}, {1, 0}, {1.5, 1}});
  std::vector<double> flow_error;
  bench.observe = [&](double t, const Drives& b) {
    if (b.mode[CoolingDrive::AUTOMATON] == CoolingDrive::TRIPPED)
      flow_error.push_back(b.out[CoolingDrive::CIRCULATION] - std::exp(-(t - 1 - kRide_s) / 3));
    if (std::abs(t - 96.5) < 1e-9) {  // half of the ramp
      EXPECT_NEAR(b.out[CoolingDrive::P_LOAD], 10 * std::pow(0.5, 3), 1e-6);
    }
  };
  bench.breaks.push_back(96.5);
  bench.run(150, 0.0025);
  expect_timeline(bench, {{1 + kRide_s, CoolingDrive::TRIPPED},
                          {1.5, CoolingDrive::WAITING},
                          {81.5, CoolingDrive::STARTING},
                          {111.5, CoolingDrive::RUNNING}});
  for (const double e : flow_error) EXPECT_NEAR(e, 0, 1e-6);
  EXPECT_NEAR(bench.out[CoolingDrive::P_LOAD], 10, 1e-9);
}

TEST(CoolingDrive, ADipThatEndsBeforeTheLinkIsDownIsRiddenThrough) {
  auto bench = drives({{0, 1}, {1, 0}, {1 + 0.9 * kRide_s, 1}});
  bench.run(2, 0.0005);
  EXPECT_TRUE(bench.moves.empty());
}

TEST(CoolingDrive, AfterAShallowDipTheBridgeBlocksUntilTheLinkHasComeDown) {
  // V = 0.85: the bridge conducts again where link_s (w - V^2)/0.01 s = 1, which the link reaches linearly.
  auto bench = drives({{0, 1}, {1, 0.85}});
  const double resumes = 1 + kLink_s * (1 - 0.85 * 0.85 - 0.01 / kLink_s);
  double blocked_until = 1;
  bench.observe = [&](double t, const Drives& b) {
    if (b.out[CoolingDrive::P_LOAD] <= 0) blocked_until = t;
  };
  bench.run(2, 0.0001);
  std::printf("bridge blocks until %.5f s, by hand %.5f s\n", blocked_until, resumes);
  EXPECT_NEAR(blocked_until, resumes, 2e-4);
  EXPECT_TRUE(bench.moves.empty());
  EXPECT_NEAR(bench.out[CoolingDrive::P_LOAD], 10, 1e-6);
  EXPECT_NEAR(bench.out[CoolingDrive::LINK_VOLTAGE], 0.85, 1e-6);
}

TEST(CoolingDrive, ASwellTripsItOnDcOvervoltage) {
  // V = 1.25: charging at the current limit, 2 V, less the load, then along an exponential of 10 ms.
  auto bench = drives({{0, 1}, {1, 1.25}});
  bench.run(2, 0.0005);
  const double turn = 1.25 * 1.25 - (2 * 1.25 - 1) * 0.01 / kLink_s;
  const double by_hand = 1 + (turn - 1) * kLink_s / (2 * 1.25 - 1) +
                         0.01 * std::log((1.25 * 1.25 - turn) / (1.25 * 1.25 - 1.44));
  ASSERT_GE(bench.moves.size(), 1U);
  std::printf("trip at %.6f s, by hand %.6f s\n", bench.moves[0].time, by_hand);
  EXPECT_EQ(bench.moves[0].to, CoolingDrive::TRIPPED);
  EXPECT_NEAR(bench.moves[0].time, by_hand, 1e-5);
}

// ---- chillers

using Chillers = DeviceBench<Chiller>;
Chillers chillers(const Levels& voltage, const Levels& heat) {
  Chillers bench({6, 0.02, 0.92, 1, 30, 0.2, 30, 0.8, 0.1, 0.9, 600, 120}, {100, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[Chiller::VR] = level_at(voltage, t);
    in[Chiller::VI] = 0;
    in[Chiller::HEAT] = level_at(heat, t);
    in[Chiller::T_WATER] = 30;
    in[Chiller::REJECTION] = 1;
  };
  bench.breaks = times_of(voltage);
  const std::vector<double> more = times_of(heat);
  bench.breaks.insert(bench.breaks.end(), more.begin(), more.end());
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Chiller, PowerFollowsHeatBehindItsLag) {
  auto bench = chillers({{0, 1}}, {{0, 60}, {10, 90}});
  EXPECT_NEAR(bench.out[Chiller::P_LOAD], 60.0 / 6 + 2, 1e-9);
  bench.run(40, 0.1);
  const double cooling = 90 - 30 * std::exp(-1.0);
  EXPECT_NEAR(bench.out[Chiller::Q_COOL], cooling, 1e-6);
  EXPECT_NEAR(bench.out[Chiller::P_LOAD], cooling / 6 + 2, 1e-6);
}

TEST(Chiller, ItGivesNoMoreThanItsCapacity) {
  auto bench = chillers({{0, 1}}, {{0, 60}, {10, 150}});
  bench.run(600, 0.1);
  EXPECT_NEAR(bench.out[Chiller::Q_COOL], 100, 1e-3);
}

TEST(Chiller, StopsInADipAndIsLockedOutFromTheReturnOfTheVoltage) {
  auto bench = chillers({{0, 1}, {1, 0.7}, {1.09, 1}, {5, 0.7}, {6, 1}, {306, 0.5}, {306.5, 1}}, {{0, 60}});
  bench.run(1100, 0.05);
  expect_timeline(bench, {{5.1, Chiller::STOPPED},  // the dip at 1 s was too short
                          {6, Chiller::LOCKED_OUT},
                          {306, Chiller::STOPPED},  // and once more from the start
                          {306.5, Chiller::LOCKED_OUT},
                          {906.5, Chiller::LOADING},
                          {1026.5, Chiller::RUNNING}});
  EXPECT_NEAR(bench.out[Chiller::Q_COOL], 60, 0.5);
}

// ---- coolant and IT load

constexpr double kMW = 100;
/// The heat is what the IT load draws at that moment.
DeviceBench<Coolant> coolant(const Levels& circulation, const Levels& cooling) {
  DeviceBench<Coolant> bench({10, 4, 20, 50, 0.5, 55, 5, 42, 60, 120}, {kMW, 100, 60});
  bench.out[Coolant::T_WATER] = 30;
  bench.breaks = times_of(circulation);
  const std::vector<double> more = times_of(cooling);
  bench.breaks.insert(bench.breaks.end(), more.begin(), more.end());
  std::sort(bench.breaks.begin(), bench.breaks.end());
  return bench;
}
void close_loop(DeviceBench<Coolant>& bench, const Levels& circulation, const Levels& cooling) {
  bench.drive = [&bench, circulation, cooling](double t, double* in) {
    in[Coolant::P_REQ] = 1;
    in[Coolant::CIRCULATION] = level_at(circulation, t);
    in[Coolant::Q_COOL] = kMW * level_at(cooling, t);
    const double served = bench.out[Coolant::P_IT];
    in[Coolant::HEAT] = kMW * (served == served ? served : 1);
  };
  ASSERT_TRUE(bench.rest().ok());
}

TEST(Coolant, WithoutPumpsTheRacksHeatUpAreThrottledAndShutDown) {
  // 4 s/K at full load: 40 s from 40 to 50 degC. Then dT/dt = (1 - 0.1 (T - 50))/4: half way to its end, 60
  // degC, after 40 s ln 2.
  const Levels pumps{{0, 1}, {1, 0}};
  const Levels all{{0, 1}};
  auto bench = coolant(pumps, all);
  close_loop(bench, pumps, all);
  bench.run(100, 0.002);
  const double shutdown = 41 + 40 * std::log(2.0);
  for (const Move& m : bench.moves) std::printf("  %8.3f s %s\n", m.time, Coolant::mode_names[m.to]);
  std::printf("by hand: throttled at 41 s, shut down at %.3f s\n", shutdown);
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_NEAR(bench.moves[0].time, 41, 1e-3);
  EXPECT_NEAR(bench.moves[1].time, shutdown, 0.01);
  EXPECT_EQ(bench.out[Coolant::P_IT], 0);
}

TEST(Coolant, WithoutChillersTheWholeLoopTakesTheHeat) {
  // Two masses: T_rack = 40 + t/24 - 20/24 (10 - 200/24)(1 - exp(-t/tau)), tau = 10 4 20/24 s.
  const Levels pumps{{0, 1}};
  const Levels lost{{0, 1}, {1, 0}};
  auto bench = coolant(pumps, lost);
  close_loop(bench, pumps, lost);
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<Coolant>& b) {
    if (t < 1 || t > 270) return;
    const double s = t - 1;
    const double by_hand = 40 + s / 24 - 20.0 / 24 * (10 - 200.0 / 24) * (1 - std::exp(-s * 24 / 800));
    worst = std::max(worst, std::abs(b.out[Coolant::T_RACK] - by_hand));
  };
  bench.run(300, 0.05);
  std::printf("temperature within %.1e K of the two masses by hand (0.01 K)\n", worst);
  EXPECT_LT(worst, 0.01);
  ASSERT_FALSE(bench.moves.empty());
  EXPECT_NEAR(bench.moves[0].time, 1 + 24 * (10 + 25.0 / 18), 0.1);
}

TEST(Coolant, CooledDownItWaitsAndComesBackOverItsRamp) {
  const Levels pumps{{0, 1}, {1, 0}, {120, 1}};
  const Levels chillers_follow{{0, 1}, {80, 0.2}, {300, 0.3}};
  auto bench = coolant(pumps, chillers_follow);
  close_loop(bench, pumps, chillers_follow);
  double cool_at = 0;
  bench.observe = [&](double t, const DeviceBench<Coolant>& b) {
    if (cool_at == 0 && t > 75 && b.out[Coolant::T_RACK] <= 42) cool_at = t;
  };
  bench.run(340, 0.01);
  ASSERT_GE(bench.moves.size(), 5U);
  const double cooled = bench.moves[2].time;
  std::printf("cooled at %.2f s\n", cooled);
  EXPECT_EQ(bench.moves[2].to, Coolant::COOLED);
  EXPECT_NEAR(cooled, cool_at, 0.02);
  EXPECT_EQ(bench.moves[3].to, Coolant::RESTARTING);
  EXPECT_NEAR(bench.moves[3].time, cooled + 60, 1e-6);
  EXPECT_EQ(bench.moves[4].to, Coolant::NORMAL);
  EXPECT_NEAR(bench.moves[4].time, cooled + 180, 1e-6);
  EXPECT_NEAR(bench.out[Coolant::P_IT], 1, 1e-9);
}

}  // namespace
}  // namespace ballast::test
