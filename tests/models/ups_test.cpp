/// Ups on a bench: the voltage is given, the automaton answers.
#include "models/datacenter/ups.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/ups_bench.hpp"

namespace ballast::test {
namespace {

TEST(Ups, RestsAtItsLossesAndUnityPowerFactor) {
  auto bench = bench_of(ups({}), {}, 0.8);
  ASSERT_TRUE(bench.rest().ok());
  const double wanted = 0.8 / kEfficiency;
  // Drawn power from the currents, on the system base: 300 MW on 100 MVA.
  const double P = -(0.8 * bench.out[Ups::IR] + 0.6 * bench.out[Ups::II]) / 3;
  const double Q = -(0.6 * bench.out[Ups::IR] - 0.8 * bench.out[Ups::II]) / 3;
  std::printf("P %.12f (wanted %.12f), Q %.1e\n", P, wanted, Q);
  EXPECT_NEAR(P, wanted, 1e-11);
  EXPECT_NEAR(Q, 0, 1e-12);
  EXPECT_NEAR(bench.out[Ups::P_LOAD], wanted * kMW, 1e-9);
  EXPECT_EQ(bench.rate[Ups::ENERGY], 0);
  EXPECT_NEAR(Ups::rest_power(bench.derived, 0.8), wanted, 1e-15);
}

TEST(Ups, TakesWhatThePowerFlowGaveAndRefusesWhatContradictsIt) {
  // 0.98 lagging; P and Q drawn at 1 pu voltage, angle zero: I injected = -(P - jQ).
  const auto parameters = ups({{"power_factor", 0.98}});
  const double P = 0.9 / kEfficiency;
  const double Q = P * std::sqrt(1 - 0.98 * 0.98) / 0.98;
  const auto rest = [&](double p, double q, double P_it) {
    DeviceBench<Ups> bench(parameters, {kMW, 100, 60});
    bench.out[Ups::IR] = -3 * p;
    bench.out[Ups::II] = 3 * q;
    const Outcome o = bench.rest_at({1, 0, P_it, 0, 1, 0, 0});
    return std::pair(std::string(o.ok() ? "" : o.quantity), bench.in[Ups::P_IT]);
  };
  const auto [refused, found] = rest(P, Q, kUnknown);
  EXPECT_EQ(refused, "");
  EXPECT_NEAR(found, 0.9, 1e-12);
  EXPECT_EQ(rest(P, Q, 0.9).first, "");
  EXPECT_EQ(rest(P, Q, 0.8).first, "active power drawn (pu of IT rating)");
  EXPECT_EQ(rest(P, 0, 0.9).first, "reactive power drawn (pu of IT rating)");
}

TEST(Ups, OneDipRunsTheWholeCircle) {
  auto bench = bench_of(ups({}), {{1, 0.05, 0.3}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(40, 0.01);
  expect_moves(bench, {{1.01, Ups::BATTERY},
                       {1.05, Ups::QUALIFYING},
                       {11.05, Ups::WAITING},
                       {14.05, Ups::WALK_IN},
                       {24.05, Ups::NORMAL}});
  EXPECT_NEAR(bench.moves[0].pickup_time, 1, 1e-12);
  EXPECT_EQ(bench.moves[0].threshold, 0.85);
}

TEST(Ups, AShortDipIsRiddenThroughOnTheBattery) {
  auto bench = bench_of(ups({}), {{1, 0.008, 0.3}});
  ASSERT_TRUE(bench.rest().ok());
  bench.observe = [](double t, const DeviceBench<Ups>& b) {
    if (t > 1.0001 && t < 1.0079) {
      EXPECT_EQ(b.out[Ups::P_GRID], 0);
    }
    EXPECT_EQ(b.out[Ups::P_SERVED], 1);
  };
  bench.run(2, 1e-4);
  expect_moves(bench, {});
  // The dip's energy is gone, less what the tapered recharge has brought back: below 1 %.
  std::printf("battery short by %.5f pu s after an 8 ms dip\n", 300 - bench.x[Ups::ENERGY]);
  EXPECT_NEAR(300 - bench.x[Ups::ENERGY], 0.008, 0.00008);
}

TEST(Ups, EnergyOfACircleIsTheLoadTimesTimeAwayPlusHalfTheRamp) {
  const double P_it = 0.7;
  auto bench = bench_of(ups({{"recharge_power", 0}}), {{1, 0.05, 0.3}}, P_it);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(40, 0.01);
  const double wanted = P_it * (14.05 - 1.0 + 0.5 * 10);
  const double found = 300 - bench.x[Ups::ENERGY];
  std::printf("energy taken %.9f pu s, wanted %.9f (tolerance 1e-6)\n", found, wanted);
  EXPECT_NEAR(found, wanted, 1e-6);
}

TEST(Ups, RechargeDrawsItsPowerTapersAndFillsTheBattery) {
  auto bench = bench_of(ups({}), {{1, 10, 0.3}});
  ASSERT_TRUE(bench.rest().ok());
  double most = 0;
  double stored = 0;  // by the grid power above the load's, times both efficiencies
  double last = 0;
  bool normal = false;
  double energy_at_return = 0;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (b.mode[Ups::AUTOMATON] == Ups::NORMAL && t > 2) {
      if (!normal) energy_at_return = b.x[Ups::ENERGY];
      if (normal) stored += (t - last) * (b.out[Ups::P_GRID] - 1 / kEfficiency) * kEfficiency * 0.95;
      normal = true;
      most = std::max(most, b.out[Ups::P_GRID]);
    }
    last = t;
  };
  bench.run(3000, 0.05);
  std::printf("largest grid power %.6f (wanted %.6f); energy %.6f of 300; stored %.4f, gained %.4f\n", most,
              1 / kEfficiency + 0.1, bench.x[Ups::ENERGY], stored, bench.x[Ups::ENERGY] - energy_at_return);
  EXPECT_NEAR(most, 1 / kEfficiency + 0.1, 1e-9);
  EXPECT_NEAR(bench.x[Ups::ENERGY], 300, 0.01);
  EXPECT_NEAR(stored, bench.x[Ups::ENERGY] - energy_at_return, 0.01);
  EXPECT_EQ(bench.moved_limits, 4);  // current limit at the dip, recharge limit: each entered and left once
}

TEST(Ups, ConstantPowerUntilTheCurrentLimitThenConstantCurrent) {
  const auto parameters = ups({{"V_low_transfer", 0.65}, {"dips_to_lock", 0}, {"recharge_power", 0}});
  auto bench = bench_of(parameters, {});
  bench.drive = [](double t, double* in) {  // a sag to 0.7 and back, 2 s each way
    const double V = t < 2 ? 1 - 0.15 * t : t < 4 ? 0.7 + 0.15 * (t - 2) : 1;
    in[Ups::VR] = V;
    in[Ups::VI] = 0;
    in[Ups::P_IT] = 1;
  };
  ASSERT_TRUE(bench.rest().ok());
  double worst = 0;
  bench.observe = [&](double, const DeviceBench<Ups>& b) {
    const double V = b.in[Ups::VR];
    const double I = -b.out[Ups::IR] / 3;
    worst = std::max(worst, I - 1.2);
    const double wanted = std::min(1 / kEfficiency, 1.2 * V);
    EXPECT_NEAR(b.out[Ups::P_GRID], wanted, 1e-9) << V;
    EXPECT_NEAR(b.out[Ups::BATTERY_POWER], 1 - wanted * kEfficiency, 1e-9) << V;
    EXPECT_EQ(b.out[Ups::P_SERVED], 1);
  };
  bench.run(5, 1e-3);
  // Current limited while V < V* = P/1.2: the gap is a triangle in time.
  const double V_star = 1 / kEfficiency / 1.2;
  const double wanted = 1.2 * (V_star - 0.7) * (V_star - 0.7) / 0.15 * kEfficiency;
  std::printf("current above its limit by %.1e at most; battery gave %.6f pu s, closed form %.6f\n", worst,
              300 - bench.x[Ups::ENERGY], wanted);
  EXPECT_LT(worst, 1e-9);
  EXPECT_NEAR(300 - bench.x[Ups::ENERGY], wanted, 1e-6);
  EXPECT_EQ(bench.moved_limits, 2);
}

TEST(Ups, HighVoltageTransfersToo) {
  auto bench = bench_of(ups({}), {{1, 0.5, 1.15}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(30, 0.01);
  expect_moves(bench, {{1.01, Ups::BATTERY},
                       {1.5, Ups::QUALIFYING},
                       {11.5, Ups::WAITING},
                       {14.5, Ups::WALK_IN},
                       {24.5, Ups::NORMAL}});
  EXPECT_EQ(bench.moves[0].threshold, 1.1);
}

TEST(Ups, ADipDuringQualificationAndDuringTheWalkInStartsAgain) {
  auto bench = bench_of(ups({{"dips_to_lock", 0}}), {{1, 0.05, 0.3}, {5, 0.05, 0.5}, {20, 0.05, 0.5}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(45, 0.01);
  expect_moves(bench, {{1.01, Ups::BATTERY},
                       {1.05, Ups::QUALIFYING},
                       {5, Ups::BATTERY},
                       {5.05, Ups::QUALIFYING},
                       {15.05, Ups::WAITING},
                       {18.05, Ups::WALK_IN},
                       {20.01, Ups::BATTERY},
                       {20.05, Ups::QUALIFYING},
                       {30.05, Ups::WAITING},
                       {33.05, Ups::WALK_IN},
                       {43.05, Ups::NORMAL}});
}

/// 10 July 2024, Northern Virginia: six depressions in 82 s, 0.25 to 0.40 pu (start and length in s).
const std::vector<Dip> kVirginia{{0, 0.042, 0.3},      {0.532, 0.066, 0.3},  {15.860, 0.058, 0.3},
                                 {21.279, 0.050, 0.3}, {76.249, 0.066, 0.3}, {81.665, 0.059, 0.3}};
DeviceBench<Ups> virginia(std::initializer_list<std::pair<const char*, double>> changes) {
  auto bench = bench_of(ups(changes), kVirginia, 0.9);
  EXPECT_TRUE(bench.rest_at({0.8, 0.6, 0.9, 0, 1, 0, 0}).ok());  // at rest before the first depression
  bench.run(140, 0.01);
  return bench;
}

TEST(UpsCounter, Virginia2024LocksAtTheThirdDepression) {
  const auto bench = virginia({});
  print(bench);
  std::printf("locked at %.4f s; published: load lost for hours at the third depression, 15.860 s\n",
              lock_time(bench));
  EXPECT_NEAR(lock_time(bench), 15.870, 1e-9);  // its start and dip_min_s
  for (const Move& m : bench.moves)
    if (m.to == Ups::LOCKED) {
      EXPECT_NEAR(m.pickup_time, 15.860, 1e-9);
      EXPECT_EQ(m.threshold, 0.9);
    }
  EXPECT_EQ(bench.held[Ups::DIPS], 6);
  EXPECT_EQ(bench.out[Ups::P_GRID], 0);
}

TEST(UpsCounter, Virginia2024MergedWithinASecondLocksAtTheFourth) {
  const auto bench = virginia({{"dip_merge_s", 1}});
  std::printf("locked at %.4f s with dips merged within 1 s; %g registered\n", lock_time(bench),
              bench.held[Ups::DIPS]);
  EXPECT_NEAR(lock_time(bench), 21.289, 1e-9);
  EXPECT_EQ(bench.held[Ups::DIPS], 5);
}

TEST(UpsCounter, Virginia2024NeverLocksWhenMergedAboveTheGap) {
  const auto bench = virginia({{"dip_merge_s", 5.5}});
  std::printf("dips merged within 5.5 s: %g registered, lock at %g s\n", bench.held[Ups::DIPS],
              lock_time(bench));
  EXPECT_EQ(lock_time(bench), kNever);
  EXPECT_EQ(bench.held[Ups::DIPS], 3);
}

TEST(UpsCounter, WithoutACounterTheLoadComesBack) {
  const auto bench = virginia({{"dips_to_lock", 0}});
  EXPECT_EQ(lock_time(bench), kNever);
  EXPECT_EQ(bench.mode[Ups::AUTOMATON], Ups::NORMAL);
  EXPECT_NEAR(bench.moves.back().time, 81.724 + 10 + 3 + 10, 1e-9);
}

TEST(UpsCounter, TheWindowIsClosedAtItsEnd) {
  for (const double third : {60.999, 61.001}) {
    auto bench = bench_of(ups({}), {{1, 0.05, 0.8}, {30, 0.05, 0.8}, {third, 0.05, 0.8}});
    ASSERT_TRUE(bench.rest().ok());
    bench.run(70, 0.01);
    EXPECT_EQ(lock_time(bench) < kNever, third < 61) << third;
  }
}

TEST(UpsCounter, DipsThatDoNotCrossTheTransferLevelStillLock) {
  auto bench = bench_of(ups({}), {{1, 0.05, 0.87}, {2, 0.05, 0.87}, {3, 0.05, 0.87}, {4, 0.005, 0.87}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(6, 0.01);
  expect_moves(bench, {{3.01, Ups::LOCKED}});
  EXPECT_EQ(bench.jumps, 1);
}

TEST(UpsCounter, AManualResetBringsTheLoadBack) {
  auto bench = bench_of(ups({{"reset_after_s", 100}}), {{1, 0.05, 0.3}, {2, 0.05, 0.3}, {3, 0.05, 0.3}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(140, 0.01);
  const double lock = 3.01;
  const auto& m = bench.moves;
  print(bench);
  ASSERT_GE(m.size(), 4U);
  EXPECT_NEAR(lock_time(bench), lock, 1e-9);
  EXPECT_NEAR(m[m.size() - 4].time, lock + 100, 1e-9);
  EXPECT_EQ(m[m.size() - 4].to, Ups::QUALIFYING);
  EXPECT_NEAR(m.back().time, lock + 123, 1e-9);
  EXPECT_EQ(m.back().to, Ups::NORMAL);
  EXPECT_EQ(bench.held[Ups::DIPS], 0);
}

TEST(Ups, AnEmptyBatteryLosesTheLoadUnlessBackupHasStarted) {
  const std::vector<Dip> outage{{1, 1e4, 0}};
  auto bench = bench_of(ups({}), outage);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(400, 0.1);
  expect_moves(bench, {{1.01, Ups::BATTERY}, {301, Ups::LOST}});
  EXPECT_EQ(bench.out[Ups::P_SERVED], 0);
  EXPECT_EQ(bench.x[Ups::ENERGY], 0);

  auto backed = bench_of(ups({{"backup_start_s", 15}}), outage);
  ASSERT_TRUE(backed.rest().ok());
  backed.run(400, 0.1);
  expect_moves(backed, {{1.01, Ups::BATTERY}});
  EXPECT_NEAR(backed.x[Ups::ENERGY], 300 - 15.01, 1e-6);
  EXPECT_EQ(backed.out[Ups::P_SERVED], 1);
}

TEST(Ups, ABlockedRectifierStaysBlockedAboveTheTransferWindow) {
  // Blocked at 0.5; the voltage comes back too high, then into the window before the transfer.
  auto bench = bench_of(ups({}), {{1, 0.004, 0.5}, {1.004, 0.004, 1.15}});
  ASSERT_TRUE(bench.rest().ok());
  double above = kNever;
  double inside = kNever;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (t > 1.005 && t < 1.007) above = b.out[Ups::P_GRID];
    if (t > 1.0085 && t < 1.0095) inside = b.out[Ups::P_GRID];
  };
  bench.run(1.01, 0.0005);
  std::printf("drawn at 1.15 pu: %g, expected 0; at 1 pu after it: %.6f, expected %.6f\n", above, inside,
              1 / kEfficiency);
  EXPECT_EQ(above, 0);
  EXPECT_NEAR(inside, 1 / kEfficiency, 0.01);
}

TEST(Ups, IsWellBehavedAtADeadBusInEveryMode) {
  constexpr int kN = int{Ups::kStates} + int{Ups::kInputs};
  using D = Dual<kN>;
  const auto derived = Ups::derive(ups({}).data(), {kMW, 100, 60});
  for (int operation = Ups::NORMAL; operation <= Ups::LOST; ++operation)
    for (int limiting = 0; limiting < 2; ++limiting)
      for (int gated = 0; gated < 2; ++gated) {
        int mode[Ups::kModes] = {};
        mode[Ups::AUTOMATON] = operation;
        mode[Ups::CURRENT] = limiting;
        mode[Ups::RECTIFIER] = gated;
        double held[Ups::kHeld] = {1, 0, 0};
        const D x[] = {D::seed(250, 0)};
        const D in[] = {D::seed(0, 1), D::seed(0, 2), D::seed(1, 3), D::seed(5, 4),
                        D::seed(1, 5), D::seed(0, 6), D::seed(0, 7)};
        D rate[Ups::kStates];
        D out[Ups::kOutputs];
        D guard[Ups::kGuards];
        Ups::equations(x, in, derived, Context<D, double>{mode, held, guard}, rate, out);
        EXPECT_EQ(out[Ups::IR].value, 0);
        EXPECT_EQ(out[Ups::II].value, 0);
        for (const D& o : out)
          for (const double d : o.d) EXPECT_LT(std::abs(d), 1e3);
      }
}

TEST(Ups, AFaultOfAnyDepthGivesABoundedCurrentBeforeTheAutomatonActs) {
  const auto derived = Ups::derive(ups({}).data(), {kMW, 100, 60});
  const int mode[Ups::kModes] = {};
  const double held[Ups::kHeld] = {1, 0, 0};
  double worst = 0;
  for (double V = 0; V < 1.2; V += 0.001) {
    const double x[] = {300};
    const double in[] = {V, 0, 1, 0, 1, 0, 0};
    double rate[Ups::kStates];
    double out[Ups::kOutputs];
    double guard[Ups::kGuards];
    Ups::equations(x, in, derived, Context<double, double>{mode, held, guard}, rate, out);
    worst = std::max(worst, -out[Ups::IR] / 3);
  }
  std::printf("largest current at any voltage, limits not yet moved: %.6f pu (limit 1.2)\n", worst);
  EXPECT_LE(worst, 1.2 + 1e-9);
}

TEST(Ups, RefusesSettingsThatContradictEachOther) {
  const auto refused = [](std::initializer_list<std::pair<const char*, double>> changes, double V = 1) {
    DeviceBench<Ups> bench(ups(changes), {kMW, 100, 60});
    const Outcome o = bench.rest_at({V, 0, 1, 0, 1, 0, 0});
    return std::string(o.ok() ? "" : o.quantity);
  };
  EXPECT_EQ(refused({}), "");
  EXPECT_EQ(refused({{"dips_to_lock", 2.5}}), "dips_to_lock (a whole number)");
  EXPECT_EQ(refused({{"V_gate_off", 0.84}}), "V_gate_off (below V_low_transfer)");
  EXPECT_EQ(refused({}, 0.8), "bus voltage");
  EXPECT_EQ(refused({{"current_limit", 0.9}}), "active power drawn (pu of IT rating)");
}

}  // namespace
}  // namespace ballast::test
