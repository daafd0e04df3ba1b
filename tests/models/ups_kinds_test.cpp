/// Eco mode, line interactive, frequency window, overload and bypass, limits of returns, restart, generators:
/// each against a timeline worked out by hand.
#include <cmath>

#include "tests/models/ups_bench.hpp"

namespace ballast::test {
namespace {

using Settings = std::initializer_list<std::pair<const char*, double>>;

std::vector<double> eco(std::vector<std::pair<const char*, double>> changes = {}) {
  std::vector<double> p = ups({{"direct", 1},
                               {"direct_efficiency", 0.992},
                               {"direct_power_factor", 0.97},
                               {"detect_s", 0.002},
                               {"V_low_transfer", 0.9},
                               {"dip_level", 0.85}});
  for (const auto& [name, value] : changes)
    for (std::size_t i = 0; i < p.size(); ++i)
      if (std::string(Ups::parameters[i].name) == name) p[i] = value;
  return p;
}

TEST(UpsKinds, EcoModeFeedsTheLoadWithItsOwnPowerFactorAndReturnsThroughTheConverter) {
  auto bench = bench_of(eco(), {{1, 0.05, 0.5}}, 0.8);
  ASSERT_TRUE(bench.rest().ok());
  const double direct = 0.8 / 0.992;
  EXPECT_NEAR(bench.out[Ups::P_GRID], direct, 1e-12);
  EXPECT_NEAR(bench.out[Ups::Q_GRID], direct * std::sqrt(1 - 0.97 * 0.97) / 0.97, 1e-12);
  double during_walk_in = 0;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (t > 24 && t < 24.05) during_walk_in = b.out[Ups::Q_GRID];
  };
  bench.run(40, 0.01);
  expect_moves(bench, {{1.002, Ups::BATTERY},
                       {1.05, Ups::QUALIFYING},
                       {11.05, Ups::WAITING},
                       {14.05, Ups::WALK_IN},
                       {24.05, Ups::NORMAL}});
  EXPECT_EQ(during_walk_in, 0) << "the converter draws at unity";
  EXPECT_EQ(bench.mode[Ups::FED_DIRECTLY], 1);
}

TEST(UpsKinds, RepeatedTransfersPutEcoModeOnAlertForItsTime) {
  // Away at 1.002, 31.002 and 61.002 s; the third within 120 s ends eco mode until 3661.002 s.
  auto bench =
      bench_of(eco({{"alert_transfers", 3}, {"alert_window_s", 120}, {"alert_s", 3600}, {"dips_to_lock", 0}}),
               {{1, 0.05, 0.5}, {31, 0.05, 0.5}, {61, 0.05, 0.5}});
  ASSERT_TRUE(bench.rest().ok());
  double back_in_eco = kNever;
  bool in_eco_between = false;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (t > 25 && t < 30) in_eco_between = in_eco_between || b.mode[Ups::FED_DIRECTLY] == 1;
    if (t > 62 && b.mode[Ups::FED_DIRECTLY] == 1) back_in_eco = std::min(back_in_eco, t);
  };
  bench.run(3700, 1);
  std::printf("eco mode again at %.3f s, expected 3661.002 s\n", back_in_eco);
  EXPECT_TRUE(in_eco_between);
  EXPECT_NEAR(back_in_eco, 3661.002, 1e-6);
}

TEST(UpsKinds, LineInteractiveReturnsInAStepAndDirectly) {
  auto bench = bench_of(ups({{"direct", 2},
                             {"direct_efficiency", 0.98},
                             {"V_low_transfer", 0.88},
                             {"qualify_s", 3},
                             {"walk_in_delay_s", 0},
                             {"walk_in_ramp_s", 0.01},
                             {"dips_to_lock", 0}}),
                        {{1, 0.05, 0.7}});
  ASSERT_TRUE(bench.rest().ok());
  bench.run(10, 0.01);
  expect_moves(bench, {{1.01, Ups::BATTERY},
                       {1.05, Ups::QUALIFYING},
                       {4.05, Ups::WAITING},
                       {4.05, Ups::WALK_IN},
                       {4.06, Ups::NORMAL}});
  EXPECT_EQ(bench.mode[Ups::FED_DIRECTLY], 1);
}

TEST(UpsKinds, FrequencyAndItsRateOfChangeTransferToo) {
  const auto run = [](double frequency, double rocof) {
    auto bench = bench_of(ups({{"frequency_window", 2}, {"rocof_limit", 1}}), {{1, 5, 1}, {6, 100, 1}});
    const auto steady = bench.drive;
    bench.drive = [=](double t, double* in) {
      steady(t, in);
      in[Ups::FREQUENCY] = t >= 1 && t < 6 ? frequency : 1;
      in[Ups::ROCOF] = t >= 1 && t < 6 ? rocof : 0;
    };
    EXPECT_TRUE(bench.rest().ok());
    bench.run(40, 0.05);
    return bench;
  };
  EXPECT_TRUE(run(1 + 1.99 / 60, 0.99).moves.empty());
  for (const auto& bench : {run(1 + 2.01 / 60, 0), run(1 - 2.01 / 60, 0), run(1, 1.01), run(1, -1.01)}) {
    expect_moves(bench, {{1.01, Ups::BATTERY},
                         {6, Ups::QUALIFYING},
                         {16, Ups::WAITING},
                         {19, Ups::WALK_IN},
                         {29, Ups::NORMAL}});
  }
}

TEST(UpsKinds, AFrequencyThatIsStillOutsideHoldsBackTheReturnAfterADip) {
  auto bench = bench_of(ups({{"frequency_window", 2}}), {{1, 0.05, 0.5}, {5, 100, 1}});
  const auto steady = bench.drive;
  bench.drive = [=](double t, double* in) {
    steady(t, in);
    in[Ups::FREQUENCY] = t >= 1 && t < 5 ? 0.95 : 1;
  };
  ASSERT_TRUE(bench.rest().ok());
  bench.run(10, 0.05);
  expect_moves(bench, {{1.01, Ups::BATTERY}, {5, Ups::QUALIFYING}});
}

/// IT power that is 1.2 between times, else 0.9.
DeviceBench<Ups> overloaded(Settings changes, std::vector<std::pair<double, double>> overloads,
                            double level = 1.2, std::vector<Dip> dips = {}) {
  auto bench = bench_of(ups(changes), std::move(dips), 0.9);
  const auto steady = bench.drive;
  bench.drive = [=](double t, double* in) {
    steady(t, in);
    for (const auto& [from, to] : overloads)
      if (t >= from && t < to) in[Ups::P_IT] = level;
  };
  for (const auto& [from, to] : overloads) bench.breaks.insert(bench.breaks.end(), {from, to});
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest_at({0.8, 0.6, 0.9, 0, 1, 0, 0}).ok());
  return bench;
}
const Settings kOverload{{"current_limit", 2},     {"overload_1", 1.1},         {"overload_1_s", 120},
                         {"overload_2", 1.25},     {"overload_2_s", 30},        {"bypass_return_s", 60},
                         {"overloads_to_lock", 3}, {"overload_window_s", 3600}, {"bypass_limit", 1.25},
                         {"bypass_limit_s", 120}};

TEST(UpsOverload, IsCarriedForItsTimeAndGoesToBypass) {
  auto carried = overloaded(kOverload, {{1, 120.9}});
  carried.run(200, 0.1);
  EXPECT_TRUE(carried.moves.empty());
  auto bench = overloaded(kOverload, {{1, 130}});
  bench.run(250, 0.1);
  expect_moves(bench, {{121, Ups::BYPASS}, {190, Ups::NORMAL}});
  auto heavy = overloaded(kOverload, {{1, 40}}, 1.3);
  heavy.run(120, 0.1);
  expect_moves(heavy, {{31, Ups::BYPASS}, {100, Ups::NORMAL}});
}

TEST(UpsOverload, TheThirdWithinAnHourLocksOnBypass) {
  auto bench = overloaded(kOverload, {{1, 40}, {201, 240}, {401, 440}}, 1.3);
  bench.run(1000, 0.5);
  expect_moves(
      bench,
      {{31, Ups::BYPASS}, {100, Ups::NORMAL}, {231, Ups::BYPASS}, {300, Ups::NORMAL}, {431, Ups::BYPASS}});
}

TEST(UpsOverload, OnBypassADipOrItsOwnLimitLosesTheLoad) {
  auto dip = overloaded(kOverload, {{1, 200}}, 1.2, {{150, 0.05, 0.7}});
  std::sort(dip.breaks.begin(), dip.breaks.end());
  dip.run(160, 0.1);
  expect_moves(dip, {{121, Ups::BYPASS}, {150.01, Ups::LOST}});
  auto bypass = overloaded(kOverload, {{1, 400}}, 1.3);
  bypass.run(300, 0.1);
  expect_moves(bypass, {{31, Ups::BYPASS}, {151, Ups::LOST}});
}

TEST(UpsOverload, ABatteryBeyondItsLimitOpensAtOnce) {
  auto bench = bench_of(ups({{"battery_limit", 0.8}}), {{1, 0.05, 0.3}}, 0.9);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(2, 0.01);
  expect_moves(bench, {{1, Ups::LOST}});  // with the rectifier gated off the battery has it all
}

TEST(UpsReturns, TheFourthWithinAMinuteIsInhibited) {
  const Settings quick{{"qualify_s", 2},    {"walk_in_delay_s", 0}, {"walk_in_ramp_s", 1},
                       {"dips_to_lock", 0}, {"returns_limit", 3},   {"returns_window_s", 60}};
  const std::vector<Dip> dips{{1, 0.05, 0.7}, {11, 0.05, 0.7}, {21, 0.05, 0.7}, {31, 0.05, 0.7}};
  auto bench = bench_of(ups(quick), dips);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(100, 0.05);
  print(bench);
  ASSERT_FALSE(bench.moves.empty());
  EXPECT_EQ(bench.moves.back().to, Ups::LOCKED);
  EXPECT_NEAR(bench.moves.back().time, 33.05, 1e-9);
  auto slow = bench_of(ups(quick), {{1, 0.05, 0.7}, {11, 0.05, 0.7}, {21, 0.05, 0.7}, {62, 0.05, 0.7}});
  ASSERT_TRUE(slow.rest().ok());
  slow.run(100, 0.05);
  EXPECT_EQ(slow.moves.back().to, Ups::NORMAL);
}

TEST(UpsRestart, LostRacksComeBackWithTheWalkIn) {
  auto bench = bench_of(ups({{"battery_s", 5}, {"restart_s", 60}}), {{1, 20, 0}});
  ASSERT_TRUE(bench.rest().ok());
  double half = 0;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (std::abs(t - 86) < 0.02) half = b.out[Ups::P_SERVED];
  };
  bench.run(120, 0.01);
  expect_moves(bench, {{1.01, Ups::BATTERY}, {6, Ups::LOST}, {81, Ups::WALK_IN}, {91, Ups::NORMAL}});
  EXPECT_NEAR(half, 0.5, 0.01);
  EXPECT_EQ(bench.out[Ups::P_SERVED], 1);
}

/// The generator's bus is alive between two times.
DeviceBench<Ups> backed(Settings changes, double from, double to, std::vector<Dip> dips) {
  auto bench = bench_of(ups(changes), std::move(dips));
  const auto steady = bench.drive;
  bench.drive = [=](double t, double* in) {
    steady(t, in);
    in[Ups::GENERATOR] = t >= from && t < to ? 1 : 0;
  };
  bench.breaks.insert(bench.breaks.end(), {from, to});
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(UpsBackup, AGeneratorTakesTheBlockAfterItsPlaceInTheSequenceAndHandsBackInParallel) {
  auto bench = backed({{"backup_delay_s", 5}, {"retransfer_s", 60}, {"parallel_return", 1}}, 12.51, 1000,
                      {{1, 100, 0}});
  double drawn = 0;
  bench.observe = [&](double t, const DeviceBench<Ups>& b) {
    if (t > 20 && t < 100) drawn = b.out[Ups::P_BACKUP];
  };
  bench.run(300, 0.05);
  expect_moves(bench, {{1.01, Ups::BATTERY},
                       {101, Ups::QUALIFYING},
                       {161, Ups::WAITING},
                       {164, Ups::WALK_IN},
                       {174, Ups::NORMAL}});
  EXPECT_NEAR(drawn, kMW / kEfficiency, 1e-6);
  // The battery carried 1 s to 17.51 s, and nothing on the way back; since then it recharges.
  const double spent = 17.51 - 1;
  const double recharged = 0.1 * kEfficiency * 0.95 * (300 - 164);
  EXPECT_LT(300 - bench.x[Ups::ENERGY], spent);
  EXPECT_GT(300 - bench.x[Ups::ENERGY], spent - recharged - 1e-6);
}

TEST(UpsBackup, ABatteryThatIsEmptyBeforeTheGeneratorIsReadyLosesTheLoad) {
  const std::vector<Dip> outage{{1, 1000, 0}};
  auto late = backed({{"battery_s", 15}, {"backup_delay_s", 0}}, 16.1, 1e4, outage);
  late.run(40, 0.05);
  expect_moves(late, {{1.01, Ups::BATTERY}, {16, Ups::LOST}});
  auto in_time = backed({{"battery_s", 15}, {"backup_delay_s", 0}}, 15.9, 1e4, outage);
  in_time.run(40, 0.05);
  expect_moves(in_time, {{1.01, Ups::BATTERY}});
  EXPECT_EQ(in_time.out[Ups::P_SERVED], 1);
}

TEST(UpsBackup, ALockedBlockIsTakenTooAndABusThatDiesGivesItBackToTheBattery) {
  auto bench = backed({{"backup_delay_s", 0.5}}, 20, 60, {{1, 0.05, 0.3}, {2, 0.05, 0.3}, {3, 0.05, 0.3}});
  bench.run(100, 0.05);
  EXPECT_NEAR(lock_time(bench), 3.01, 1e-9);
  // On battery from 1 s to 20.5 s and from 60 s on.
  EXPECT_NEAR(300 - bench.x[Ups::ENERGY], 19.5 + 40, 1e-3);
}

}  // namespace
}  // namespace ballast::test
