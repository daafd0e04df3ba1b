/// Events: what they do, when, and why.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using testing::run;
using testing::SmallGrid;

std::vector<std::string> kinds(const std::vector<LoggedEvent>& events) {
  std::vector<std::string> all;
  for (const LoggedEvent& e : events) all.push_back(e.kind);
  return all;
}

TEST(Events, RestStaysAtRest) {
  const auto ran = run(SmallGrid(0.5), {}, 20);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  double drift = 0;
  for (const auto& row : ran.record.rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      drift = std::max(drift, std::abs(row[i] - ran.record.rows[0][i]));
  fmt::print("largest drift of any channel in 20 s: {:.2e}, tolerance 1e-5; {} steps\n", drift,
             ran.result.statistics.integrator.steps);
  EXPECT_LT(drift, 1e-5);
}

TEST(Events, FaultLeavesTheResidualVoltageAskedFor) {
  BusFault fault{2, {}, 0.08};
  fault.strength.residual_voltage_pu = 0.37;
  const auto ran = run(SmallGrid(0.3), {{0.5, fault, {}}}, 1);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto v = ran.record.series("bus.voltage", "3");
  const auto after = std::upper_bound(ran.record.time.begin(), ran.record.time.end(), 0.5) - 1;
  const double struck = v[after - ran.record.time.begin()];
  fmt::print("voltage the moment the fault strikes: {:.9f} pu, asked 0.37, tolerance 1e-7\n", struck);
  EXPECT_NEAR(struck, 0.37, 1e-7);
  EXPECT_EQ(std::count(ran.record.time.begin(), ran.record.time.end(), 0.5), 2)
      << "one sample before, one after";
  EXPECT_THAT(kinds(ran.record.events), ::testing::ElementsAre("fault", "fault-cleared"));
  EXPECT_EQ(ran.record.events[1].cause, 0);
  EXPECT_DOUBLE_EQ(ran.record.events[1].time_s, 0.58);
}

TEST(Events, LineRecloserMeetsTheFaultThenLocksOut) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.clearing_s = 0.05;
  fault.reclose_after_s = {0.5, 2.0};
  const auto ran = run(SmallGrid(), {{1.0, fault, {}}}, 5);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_THAT(kinds(ran.record.events),
              ::testing::ElementsAre("fault", "branch-opened", "branch-closed", "fault", "branch-opened",
                                     "branch-closed", "fault", "branch-opened"));
  std::vector<double> times;
  for (const auto& e : ran.record.events) times.push_back(e.time_s);
  const std::vector<double> expected = {1.0, 1.05, 1.55, 1.55, 1.6, 3.6, 3.6, 3.65};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(times.at(i), expected[i], 1e-12);
  for (std::size_t i = 1; i < ran.record.events.size(); ++i)
    EXPECT_EQ(ran.record.events[i].cause, static_cast<int>(i) - 1) << "event " << i;
}

TEST(Events, LineRecloserComesBackWhenTheFaultIsGone) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.clearing_s = 0.05;
  fault.reclose_after_s = {0.5, 2.0};
  fault.shots_onto_fault = 1;
  const auto ran = run(SmallGrid(), {{1.0, fault, {}}}, 20);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_EQ(ran.record.events.back().kind, "branch-closed");
  const auto v = ran.record.series("bus.voltage", "2");
  fmt::print("voltage at 20 s {:.6f}, at 0 s {:.6f} pu: back where it was within 1e-3\n", v.back(),
             v.front());
  EXPECT_NEAR(v.back(), v.front(), 1e-3);
}

TEST(Events, IslandsPartAndJoinWithoutLosingAngles) {
  const SmallGrid grid;
  const std::vector<Disturbance> script = {{1.0, SwitchBranch{SmallGrid::kTie, false}, {}},
                                           {1.0, SwitchBranch{SmallGrid::kTie2, false}, {}},
                                           {1.3, SwitchBranch{SmallGrid::kTie, true}, {}},
                                           {1.3, SwitchBranch{SmallGrid::kTie2, true}, {}}};
  const auto ran = run(grid, script, 6);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_THAT(kinds(ran.record.events), ::testing::Contains("island-split"));
  EXPECT_THAT(kinds(ran.record.events), ::testing::Contains("island-merged"));
  // Absolute rotor angles are states: they may not jump at any event.
  const auto angle = ran.record.series("machine.angle", "4-1");
  double jump = 0;
  for (std::size_t i = 1; i < angle.size(); ++i)
    if (ran.record.time[i] == ran.record.time[i - 1])
      jump = std::max(jump, std::abs(angle[i] - angle[i - 1]));
  fmt::print("largest jump of a rotor angle over parting and joining: {:.2e} deg, tolerance 1e-9\n", jump);
  EXPECT_LT(jump, 1e-9);
  const auto island = ran.record.series("island", "4");
  EXPECT_EQ(*std::max_element(island.begin(), island.end()), 1);
  EXPECT_EQ(island.back(), 0);
}

TEST(Events, PartedIslandsAgreeWithEachAlone) {
  // Each area on its own settles where droop says: dw = -R dPm (TGOV1 without dead band). The machine gives
  // Pm/(1+w) (power divided by speed), without stator resistance.
  const auto ran =
      run(SmallGrid(1.0),
          {{1.0, SwitchBranch{SmallGrid::kTie, false}, {}}, {1.0, SwitchBranch{SmallGrid::kTie2, false}, {}}},
          120);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto frequency = ran.record.series("bus.frequency", "4");
  const auto power = ran.record.series("machine.power", "4-1");
  const double dP = (power.back() * frequency.back() / 60 - power.front()) / 120;
  const double expected = 60 * (1 - 0.05 * dP);
  fmt::print("island B settles at {:.5f} Hz, droop says {:.5f} Hz; {} steps, tolerance 1e-3 Hz\n",
             frequency.back(), expected, ran.result.statistics.integrator.steps);
  EXPECT_NEAR(frequency.back(), expected, 1e-3);
}

TEST(Events, AnIslandWithoutMachineDiesAndComesBack) {
  const std::vector<Disturbance> script = {{1.0, SwitchBranch{SmallGrid::kTie, false}, {}},
                                           {1.0, SwitchBranch{SmallGrid::kTie2, false}, {}},
                                           {1.5, TripPlant{1}, {}},
                                           {3.0, SwitchBranch{SmallGrid::kTie, true}, {}}};
  const auto ran = run(SmallGrid(0, 50, 30), script, 6);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto all = kinds(ran.record.events);
  EXPECT_THAT(all, ::testing::Contains("machine-tripped"));
  EXPECT_THAT(all, ::testing::Contains("island-dead"));
  EXPECT_THAT(all, ::testing::Contains("island-energised"));
  const auto v = ran.record.series("bus.voltage", "3");
  for (std::size_t i = 0; i < v.size(); ++i) {
    if (ran.record.time[i] > 1.6 && ran.record.time[i] < 2.9) {
      EXPECT_LT(v[i], 1e-12);
    }
  }
  fmt::print("voltage of the revived bus at 6 s: {:.4f} pu\n", v.back());
  EXPECT_GT(v.back(), 0.8);
}

TEST(Events, TripOfTheLastMachineKillsTheGridAndTheRunGoesOn) {
  const auto ran = run(SmallGrid(), {{1.0, TripPlant{0}, {}}, {1.0, TripPlant{1}, {}}}, 2);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_EQ(ran.record.events.back().kind, "island-dead");
  EXPECT_LT(ran.record.series("bus.voltage", "2").back(), 1e-12);
}

TEST(Events, LoadStepMovesFrequencyAsDroopSays) {
  const auto ran = run(SmallGrid(1.0), {{1.0, LoadStep{3, 1.2, 1.2}, {}}}, 120);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto p1 = ran.record.series("machine.power", "1-1");
  const auto p4 = ran.record.series("machine.power", "4-1");
  const double found = ran.record.series("frequency", "system").back();
  const double dP = ((p1.back() + p4.back()) * found / 60 - p1.front() - p4.front()) / 240;
  const double expected = 60 * (1 - 0.05 * dP);
  fmt::print("after +12 MW the system rests at {:.5f} Hz, droop says {:.5f} Hz, tolerance 1e-3 Hz\n", found,
             expected);
  EXPECT_NEAR(found, expected, 1e-3);
  EXPECT_NEAR(ran.record.events[0].power_MW, 12, 1e-6);
}

TEST(Events, VoltageCollapseEndsTheRunWithItsPlaceAndKeepsTheRecord) {
  // Load that one remaining circuit cannot carry, and that keeps its power down to 0.1 pu.
  const auto ran = run(SmallGrid(1.0, 20, 80, 0.1),
                       {{1.0, SwitchBranch{SmallGrid::kLine34, false}, {}},
                        {1.0, SwitchBranch{SmallGrid::kTie2, false}, {}},
                        {1.2, LoadStep{3, 4.0, 4.0}, {}}},
                       3);
  fmt::print("{}\n", ran.result.status.outcome);
  EXPECT_FALSE(ran.result.status.completed);
  EXPECT_THAT(ran.result.status.outcome, ::testing::HasSubstr("failed at 1.2"));
  EXPECT_GT(ran.record.rows.size(), 100U);
  EXPECT_FALSE(ran.record.status.completed);
}

TEST(Events, CloseEventsShareOneRestartAndKeepTheirTimes) {
  const auto ran =
      run(SmallGrid(), {{1.0, LoadStep{2, 1.1, 1.0}, {}}, {1.00005, LoadStep{3, 1.1, 1.0}, {}}}, 2);
  ASSERT_TRUE(ran.result.status.completed);
  EXPECT_EQ(ran.result.statistics.integrator.restarts, 2);  // the start, and one for both
  EXPECT_DOUBLE_EQ(ran.record.events[1].time_s, 1.00005);
}

TEST(Events, SameInputSameBits) {
  const auto first = run(SmallGrid(0.4), {{0.5, BusFault{1, {}, 0.1}, {}}}, 3);
  const auto second = run(SmallGrid(0.4), {{0.5, BusFault{1, {}, 0.1}, {}}}, 3);
  EXPECT_EQ(first.record.rows, second.record.rows);
}

}  // namespace
}  // namespace ballast
