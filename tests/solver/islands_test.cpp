/// Islands, residual voltages and causes at the edges: what an engineer would try to break.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/datacenter/ups.hpp"
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

TEST(Islands, AnIsolatedBusIsNotAShortCircuitOnItsNeighbour) {
  SmallGrid grid;
  const auto before = run(grid, {}, 0.1);
  Bus bus;
  bus.number = 5;
  bus.base_kV = 230;
  bus.type = BusType::ISOLATED;
  grid.network.buses.push_back(bus);
  Branch line = grid.network.branches[0];
  line.from = 1;
  line.to = 4;
  grid.network.branches.push_back(line);
  grid.network.index_buses();
  grid.voltage.emplace_back(0);
  const auto after = run(grid, {}, 0.1);
  ASSERT_TRUE(after.result.status.completed) << after.result.status.outcome;
  EXPECT_EQ(after.record.series("bus.voltage", "2").back(), before.record.series("bus.voltage", "2").back());
}

TEST(Islands, ResidualVoltageHoldsWhenTheNetworkChangesAtTheSameInstant) {
  BusFault fault{2, {}, 0.08};
  fault.strength.residual_voltage_pu = 0.4;
  for (const bool fault_first : {true, false}) {
    std::vector<Disturbance> script = {{0.5, SwitchBranch{SmallGrid::kTie, false}, {}},
                                       {0.5, SwitchBranch{SmallGrid::kTie2, false}, {}},
                                       {0.5, LoadStep{3, 1.2, 1.2}, {}}};
    script.insert(fault_first ? script.begin() : script.end(), {0.5, fault, {}});
    const auto ran = run(SmallGrid(0.3), script, 0.55);
    ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
    EXPECT_THAT(kinds(ran.record.events), ::testing::Contains("island-split"));
    if (fault_first) continue;  // sized on the network that it struck; what came after moved it
    const auto after = std::upper_bound(ran.record.time.begin(), ran.record.time.end(), 0.5) - 1;
    const double struck = ran.record.series("bus.voltage", "3")[after - ran.record.time.begin()];
    fmt::print("residual voltage with a split and a load step at the same instant: {:.9f}, asked 0.4\n",
               struck);
    EXPECT_NEAR(struck, 0.4, 1e-7);
  }
}

TEST(Islands, SizingAFaultDoesNotSpoilThePowerOfOtherEvents) {
  BusFault fault{2, {}, 0.08};
  fault.strength.residual_voltage_pu = 0.4;
  const auto ran = run(SmallGrid(0), {{0.5, fault, {}}, {0.5, TripPlant{3}, {}}}, 0.55);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  ASSERT_EQ(ran.record.events[1].kind, "load-tripped");
  // The load is an impedance: at 0.4 pu, where the fault holds the voltage, it draws 0.16 of 60 MW.
  fmt::print("power of the trip in the faulted network: {:.4f} MW\n", ran.record.events[1].power_MW);
  EXPECT_NEAR(ran.record.events[1].power_MW, -60 * 0.16, 0.6);
}

TEST(Islands, AFaultCannotRaiseTheVoltage) {
  BusFault fault{2, {}, 0.05};
  fault.strength.residual_voltage_pu = 0.6;
  BusFault bolted{2, {}, 0.1};
  const auto ran = run(SmallGrid(0), {{0.5, bolted, {}}, {0.55, fault, {}}}, 1);
  EXPECT_FALSE(ran.result.status.completed);
  fmt::print("{}\n", ran.result.status.outcome);
  EXPECT_THAT(ran.result.status.outcome, ::testing::HasSubstr("0.6"));
}

TEST(Islands, AFaultOnAnOpenLineDoesNotReachTheBus) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.clearing_s = 0.1;
  const auto ran =
      run(SmallGrid(), {{0.2, SwitchBranch{SmallGrid::kTie, false}, {}}, {1.0, fault, {}}}, 1.05);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const double v = ran.record.series("bus.voltage", "2").back();
  fmt::print("voltage during a fault on an open line: {:.4f} pu\n", v);
  EXPECT_GT(v, 0.9);
}

TEST(Islands, ATripHappensOnce) {
  const auto ran = run(SmallGrid(0, 50, 30), {{0.2, TripPlant{2}, {}}, {0.4, TripPlant{2}, {}}}, 0.5);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_THAT(kinds(ran.record.events), ::testing::ElementsAre("load-tripped"));
}

TEST(Islands, ABranchThatOpensIsTheCauseOnBothSides) {
  // The tie's first bus is in area A; what dies is area B, whose machine had tripped before.
  SmallGrid grid(0, 50, 30);
  const Part meter{"BUSFREQ", "meter", {0.02, 0.05, 0.5, 0.2, 0.02}, 100, 0, 0, {}, {}};
  grid.plants.push_back({"meter", "M", 2, {meter}, {}});
  const auto ran = run(grid,
                       {{0.5, TripPlant{1}, {}},
                        {1.0, SwitchBranch{SmallGrid::kTie, false}, {}},
                        {1.5, SwitchBranch{SmallGrid::kTie2, false}, {}}},
                       2);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto& events = ran.record.events;
  const auto blocked =
      std::find_if(events.begin(), events.end(), [](const auto& e) { return e.kind == "mode"; });
  ASSERT_NE(blocked, events.end());
  ASSERT_GE(blocked->cause, 0);
  fmt::print("'{}' because '{}'\n", blocked->text, events[blocked->cause].text);
  EXPECT_EQ(events[blocked->cause].kind, "branch-opened");
  EXPECT_EQ(events[blocked->cause].time_s, 1.5);
}

/// The load at bus 3 as a data center of the same power: 60 MW, 12 Mvar.
SmallGrid with_campus(double load_2_MW = 90) {
  SmallGrid grid(0, load_2_MW);
  const double inf = kInfinity;
  const Part job{"TRAINING",
                 "job",
                 {1,   0.7, 1,  0.5,  0,   0, 0.3, 0.2, 0.2, 0, 1,   0.8, inf,  5, 0.2, inf,
                  0.5, inf, 20, 0.25, inf, 0, 0.5, 60,  0,   1, inf, 60,  0.45, 0, 1,   0.45},
                 72,
                 0,
                 0,
                 {},
                 {}};
  Part ups{"UPS",
           "ups",
           {0.96, 60 / std::hypot(60, 12),
            1.2,  0.85,
            1.1,  0.02,
            0.6,  0.01,
            0.5,  0.2,
            0.5,  0.9,
            0.01, 3,
            60,   0,
            inf,  300,
            0.1,  0.05,
            0.95, 15},
           72,
           -60,
           -12,
           {},
           {}};
  ups.parameters.insert(ups.parameters.end(), std::begin(Ups::kPlain), std::end(Ups::kPlain));
  grid.plants[3] = {"datacenter", "Campus-A", 2, {job, ups}, {}};
  return grid;
}

TEST(Islands, ATrippedPlantTellsOthersThatItDrawsNothing) {
  const auto ran = run(with_campus(), {{0.2, TripPlant{3}, {}}}, 0.3, {"datacenter.*"});
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_NEAR(ran.record.series("datacenter.ups.P_load", "Campus-A").front(), 60, 1e-6);
  EXPECT_EQ(ran.record.series("datacenter.ups.P_load", "Campus-A").back(), 0);
  EXPECT_NEAR(ran.record.events[0].power_MW, -60, 1e-6);
}

TEST(Islands, ACampusInADyingIslandGoesToBatteryAndComesBack) {
  const auto ran = run(with_campus(20),
                       {{0.5, TripPlant{1}, {}},
                        {0.6, SwitchBranch{SmallGrid::kTie, false}, {}},
                        {0.6, SwitchBranch{SmallGrid::kTie2, false}, {}},
                        {1.0, SwitchBranch{SmallGrid::kTie, true}, {}},
                        {1.0, SwitchBranch{SmallGrid::kTie2, true}, {}}},
                       4, {"datacenter.*", "bus.voltage"});
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  std::string modes;
  for (const LoggedEvent& e : ran.record.events) {
    if (e.kind != "mode") continue;
    modes += fmt::format("{:.3f} s {}; ", e.time_s, e.text);
    EXPECT_GE(e.cause, 0) << e.text;
  }
  fmt::print("{}\n", modes);
  EXPECT_THAT(modes, ::testing::StartsWith("0.610 s UPS Campus-A.ups: normal to battery"));
  EXPECT_THAT(modes, ::testing::HasSubstr("walk-in to normal"));
}

}  // namespace
}  // namespace ballast
