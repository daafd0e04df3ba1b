/// Remedial-action schemes and interlocks on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/protection/interlock.hpp"
#include "models/protection/remedial_action.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

constexpr Ratings kSixty{100, 100, 60};
constexpr double kAnd = Expression::kAnd, kOr = Expression::kOr, kNot = Expression::kNot;
using Scheme = RemedialAction;

struct Times {
  double arm_s = 0, disarm_s = 0.5, pickup_s = 0.2, reset_s = kNever, count = 1, count_s = kNever;
  std::vector<double> delay_s = {0};
};
/// q_1 above 800 (resets at 790), q_2 below 0.5 (an open breaker), q_3 below 0.9 (resets at 0.91).
std::vector<double> settings() {
  std::vector<double> s = {1, 800, 790, -1, 0.5, 0.5, -1, 0.9, 0.91};
  s.resize(Scheme::kConditionParameters, 0.0);
  return s;
}
/// The table: length and tokens of each expression.
std::vector<double> table_of(const std::vector<std::vector<double>>& expressions) {
  std::vector<double> table;
  for (const auto& tokens : expressions) {
    table.push_back(static_cast<double>(tokens.size()));
    table.insert(table.end(), tokens.begin(), tokens.end());
  }
  return table;
}
template <class M>
void drive_with(DeviceBench<M>& bench, const std::vector<Levels>& inputs) {
  bench.drive = [inputs](double t, double* in) {
    for (std::size_t k = 0; k < inputs.size(); ++k) in[k] = level_at(inputs[k], t);
  };
  for (const Levels& levels : inputs)
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
}
DeviceBench<Scheme> scheme(const Times& times, const std::vector<double>& arm,
                           const std::vector<double>& when, const std::vector<Levels>& inputs) {
  std::vector<double> p = settings();
  p.insert(p.end(), {times.arm_s, times.disarm_s, times.pickup_s, times.reset_s, times.count, times.count_s});
  p.insert(p.end(), times.delay_s.begin(), times.delay_s.end());
  p.resize(Scheme::kParameters, kNever);
  DeviceBench<Scheme> bench(p, kSixty);
  bench.table = table_of({arm, when});
  drive_with(bench, inputs);
  return bench;
}
/// When each of the first actions was done; kNever: it was not.
std::vector<double> done_at(DeviceBench<Scheme>& bench, double until_s, int actions) {
  std::vector<double> at(static_cast<std::size_t>(actions), kNever);
  bench.observe = [&](double t, const DeviceBench<Scheme>& b) {
    for (std::size_t k = 0; k < at.size(); ++k)
      if (b.out[k] < 0.5) at[k] = std::min(at[k], t);
  };
  bench.run(until_s, 0.01);
  return at;
}

TEST(RemedialAction, ActsOnceWhatItWatchesHasLastedAndTellsWhatDecided) {
  auto bench = scheme({}, {}, {0}, {{{0, 700}, {1, 850}, {3, 700}, {4, 900}}});
  bench.run(6, 0.05);
  // Once: the second excursion finds it operated.
  expect_timeline(bench, {{1, Scheme::PICKED_UP}, {1.2, Scheme::OPERATED}});
  EXPECT_EQ(bench.moves[1].threshold, 800);
  EXPECT_NEAR(bench.moves[1].pickup_time, 1, 1e-6);
  EXPECT_EQ(bench.out[Scheme::ACT_1], 0);
  EXPECT_EQ(bench.out[Scheme::OPERATED_OUT], 1);
}

TEST(RemedialAction, DropsOutBelowItsResetBeforeTheDelayEnds) {
  // 795 is between the reset and the threshold: it stays picked up; 780 is not.
  auto bench = scheme({}, {}, {0}, {{{0, 700}, {1, 850}, {1.1, 780}, {2, 850}, {2.05, 795}}});
  bench.run(4, 0.05);
  expect_timeline(
      bench, {{1, Scheme::PICKED_UP}, {1.1, Scheme::READY}, {2, Scheme::PICKED_UP}, {2.2, Scheme::OPERATED}});
}

TEST(RemedialAction, UnarmedItDoesNothingAndArmedItOutlastsTheFlowThatArmedIt) {
  // The flow that arms is that of the line whose opening is watched: it goes with the line.
  const std::vector<Levels> light = {{{0, 600}, {2, 0}}, {{0, 1}, {2, 0}}};
  auto unarmed = scheme({.arm_s = 1}, {0}, {1}, light);
  unarmed.run(5, 0.05);
  expect_timeline(unarmed, {});
  const std::vector<Levels> heavy = {{{0, 600}, {1, 850}, {4, 0}}, {{0, 1}, {4, 0}}};
  auto armed = scheme({.arm_s = 1}, {0}, {1}, heavy);
  armed.run(6, 0.05);
  expect_timeline(armed, {{2, Scheme::READY}, {4, Scheme::PICKED_UP}, {4.2, Scheme::OPERATED}});
  // The line goes 0.6 s after the flow, which disarms after 0.5 s.
  auto late = scheme({.arm_s = 1}, {0}, {1}, {{{0, 600}, {1, 850}, {4, 0}}, {{0, 1}, {4.6, 0}}});
  late.run(6, 0.05);
  expect_timeline(late, {{2, Scheme::READY}, {4.5, Scheme::UNARMED}});
}

TEST(RemedialAction, RestsArmedWhereTheFlowArmsItAtRest) {
  auto bench = scheme({.arm_s = 10}, {0}, {1}, {{{0, 850}, {1, 0}}, {{0, 1}, {1, 0}}});
  EXPECT_EQ(bench.mode[Scheme::AUTOMATON], Scheme::READY);
  bench.run(2, 0.05);
  expect_timeline(bench, {{1, Scheme::PICKED_UP}, {1.2, Scheme::OPERATED}});
}

TEST(RemedialAction, ConditionsAreJoinedAsWritten) {
  // (q_1 and q_2) or not q_3, where q_3 is "voltage below 0.9".
  const std::vector<double> when = {0, 1, kAnd, 2, kNot, kOr};
  const Levels low = {{0, 0.8}, {5, 1}};
  auto both = scheme({}, {}, when, {{{0, 700}, {1, 850}}, {{0, 1}, {2, 0}, {2.1, 1}}, low});
  both.run(7, 0.05);
  // At 2 s both of the first hold, not for long enough; at 5 s the voltage is back.
  expect_timeline(
      both, {{2, Scheme::PICKED_UP}, {2.1, Scheme::READY}, {5, Scheme::PICKED_UP}, {5.2, Scheme::OPERATED}});
}

TEST(RemedialAction, ActionsComeInOrderEachAfterItsOwnDelay) {
  auto bench = scheme({.delay_s = {0.3, 0, 0.1}}, {}, {0}, {{{0, 700}, {1, 850}, {1.25, 700}}});
  // What it watches has gone at 1.25 s: its actions go on.
  const std::vector<double> at = done_at(bench, 3, 4);
  EXPECT_NEAR(at[1], 1.2, 1e-6);
  EXPECT_NEAR(at[2], 1.3, 1e-6);
  EXPECT_NEAR(at[0], 1.5, 1e-6);
  EXPECT_EQ(at[3], kNever);
  expect_timeline(bench, {{1, Scheme::PICKED_UP}, {1.2, Scheme::OPERATING}, {1.5, Scheme::OPERATED}});
  EXPECT_EQ(bench.jumps, 3);
}

TEST(RemedialAction, ResetsWhenWhatItWatchesHasBeenGoneForLongEnough) {
  auto bench =
      scheme({.reset_s = 1}, {}, {0}, {{{0, 700}, {1, 850}, {2, 700}, {2.5, 850}, {3, 700}, {5, 850}}});
  bench.run(6, 0.05);
  expect_timeline(bench, {{1, Scheme::PICKED_UP},
                          {1.2, Scheme::OPERATED},
                          {4, Scheme::READY},
                          {5, Scheme::PICKED_UP},
                          {5.2, Scheme::OPERATED}});
}

TEST(RemedialAction, ActsAtTheCountItIsSetTo) {
  // Two excursions, the second within 3 s of the first; then one alone.
  const std::vector<Levels> twice = {{{0, 700}, {1, 850}, {1.5, 700}, {2, 850}, {2.1, 700}, {3, 850}}};
  auto second = scheme({.count = 2, .count_s = 3}, {}, {0}, twice);
  second.run(5, 0.05);
  // The excursion at 2 s is shorter than pickup_s: it does not count.
  expect_timeline(second, {{1, Scheme::PICKED_UP},
                           {1.2, Scheme::COUNTED},
                           {1.5, Scheme::READY},
                           {2, Scheme::PICKED_UP},
                           {2.1, Scheme::READY},
                           {3, Scheme::PICKED_UP},
                           {3.2, Scheme::OPERATED}});
  // Within 1 s of the first there is none: the later one is the first of a new count.
  auto apart = scheme({.count = 2, .count_s = 1}, {}, {0}, twice);
  apart.run(5, 0.05);
  EXPECT_EQ(apart.mode[Scheme::AUTOMATON], Scheme::COUNTED);
  EXPECT_EQ(apart.out[Scheme::ACT_1], 1);
}

TEST(RemedialAction, CountsBeatsOfArmAndWhenInTurn) {
  // Armed by q_3 (voltage below 0.9), acts when it is back above 0.91: a dip and its end are one beat.
  const auto beats = [](const Levels& voltage) {
    return scheme({.pickup_s = 0.02, .count = 2, .count_s = 5}, {2}, {2, kNot},
                  {{{0, 0}}, {{0, 1}}, voltage});
  };
  auto two = beats({{0, 1}, {1, 0.5}, {1.3, 1}, {2, 0.5}, {2.3, 1}});
  two.run(4, 0.01);
  expect_timeline(two, {{1, Scheme::READY},
                        {1.3, Scheme::PICKED_UP},
                        {1.32, Scheme::COUNTED},
                        {2, Scheme::READY},
                        {2.3, Scheme::PICKED_UP},
                        {2.32, Scheme::OPERATED}});
  auto one = beats({{0, 1}, {1, 0.5}, {1.3, 1}});
  one.run(4, 0.01);
  EXPECT_EQ(one.out[Scheme::ACT_1], 1);
}

TEST(Interlock, ForbidsWhileItsExpressionHolds) {
  DeviceBench<Interlock> bench(settings(), kSixty);
  bench.table = table_of({{1, 2, kOr}});
  drive_with(bench, {{{0, 0}}, {{0, 1}, {1, 0}, {3, 1}}, {{0, 1}, {2, 0.8}, {4, 1}}});
  bench.run(5, 0.05);
  expect_timeline(bench, {{1, Interlock::BLOCKING}, {4, Interlock::FREE}});
  EXPECT_EQ(bench.out[Interlock::FREE_OUT], 1);
}

}  // namespace
}  // namespace ballast::test
