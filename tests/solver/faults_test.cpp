/// Faults along lines, their clearing by main and backup protection, unbalanced faults; ramps and switching.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "solver/phase_voltages.hpp"
#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using testing::Ran;
using testing::run;
using testing::SmallGrid;

std::vector<std::string> kinds(const std::vector<LoggedEvent>& events) {
  std::vector<std::string> all;
  for (const LoggedEvent& e : events) all.push_back(e.kind);
  return all;
}

/// A run whose network has a declared ratio instead of sequence data.
Ran run_with_ratio(const SmallGrid& grid, const std::vector<Disturbance>& disturbances, double until_s) {
  System system(grid.network, grid.plants);
  system.grid.sequence_ratio = SequenceRatio{2.2, 1.05};
  SimulationOptions options;
  options.until_s = until_s;
  options.record = {"bus.*"};
  Ran ran;
  ran.result = simulate(system, initialise(system, grid.voltage, 0), disturbances, options, {}, &ran.record);
  return ran;
}

/// Value of a channel in the last sample at or before a time.
double value_at(const Ran& ran, const std::string& quantity, const std::string& element, double time_s) {
  const auto series = ran.record.series(quantity, element);
  const auto after = std::upper_bound(ran.record.time.begin(), ran.record.time.end(), time_s + 1e-9);
  return series.at(static_cast<std::size_t>(after - ran.record.time.begin() - 1));
}

TEST(LineFaults, AtAPercentageEqualsABusThere) {
  const double share = 0.3;
  SmallGrid with_bus(0.3);  // the second tie is two lines that meet at bus 5
  Bus bus;
  bus.number = 5;
  bus.base_kV = 230;
  with_bus.network.buses.push_back(bus);
  with_bus.network.index_buses();
  const Branch tie = with_bus.network.branches[SmallGrid::kTie2];
  const SplitBranch parts = split_branch(tie, share);
  with_bus.network.branches[SmallGrid::kTie2] = parts.first;
  with_bus.network.branches[SmallGrid::kTie2].to = 4;
  with_bus.network.branches.push_back(parts.second);
  with_bus.network.branches.back().from = 4;
  with_bus.voltage.push_back(with_bus.voltage[1] + share * (with_bus.voltage[2] - with_bus.voltage[1]));

  LineFault fault;
  fault.branch = SmallGrid::kTie2;
  fault.share = share;
  fault.strength.impedance = {0.001, 0.02};
  fault.clearing_s = 0.1;
  BusFault at_bus{4, fault.strength, 0.1};
  const Ran line = run(SmallGrid(0.3), {{0.5, fault, {}}}, 1.5);
  const Ran reference = run(with_bus,
                            {{0.5, at_bus, {}},
                             {0.6, SwitchBranch{SmallGrid::kTie2, false}, {}},
                             {0.6, SwitchBranch{4, false}, {}}},
                            1.5);
  ASSERT_TRUE(line.result.status.completed) << line.result.status.outcome;
  ASSERT_TRUE(reference.result.status.completed) << reference.result.status.outcome;
  double struck = 0;
  double later = 0;
  for (const char* name : {"1", "2", "3", "4"}) {
    struck = std::max(struck, std::abs(value_at(line, "bus.voltage", name, 0.5) -
                                       value_at(reference, "bus.voltage", name, 0.5)));
    for (const double t : {0.55, 0.6, 1.0, 1.5})
      later = std::max(later, std::abs(value_at(line, "bus.voltage", name, t) -
                                       value_at(reference, "bus.voltage", name, t)));
  }
  fmt::print("voltages when it strikes differ by {:.1e} pu (tolerance 1e-9), over the run by {:.1e} (1e-5)\n",
             struck, later);
  EXPECT_LT(struck, 1e-9);
  EXPECT_LT(later, 1e-5);
}

TEST(LineFaults, LeavesTheResidualVoltageAtItsPlace) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.share = 0.6;
  fault.strength.residual_voltage_pu = 0.4;
  fault.clearing_s = 0.05;
  const SmallGrid grid(0.3);
  System system(grid.network, grid.plants);
  const std::vector<double> y = initialise(system, grid.voltage, 0);
  SimulationOptions options;
  options.until_s = 0.5 + 1e-9;  // ends with the fault on
  const RunResult result = simulate(system, y, {{0.5, fault, {}}}, options, {}, nullptr);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  FaultPlace place;
  place.branch = fault.branch;
  place.line = system.grid.line_fault.at(fault.branch);
  const double V = std::abs(fault_place_voltage(system, result.y.data(), place, place.line.admittance));
  fmt::print("voltage at 60 % of the line: {:.9f} pu, asked 0.4, tolerance 1e-7\n", V);
  EXPECT_NEAR(V, 0.4, 1e-7);
}

TEST(LineFaults, EachEndOpensInItsOwnTime) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.share = 0.1;
  fault.clearing_s = 0.06;
  fault.far_clearing_s = 0.4;
  const Ran ran = run(SmallGrid(), {{1.0, fault, {}}}, 2, {"bus.*", "branch.*"});
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_THAT(kinds(ran.record.events),
              ::testing::ElementsAre("fault", "branch-end-opened", "branch-opened"));
  EXPECT_NEAR(ran.record.events[1].time_s, 1.06, 1e-12);
  EXPECT_NEAR(ran.record.events[2].time_s, 1.4, 1e-12);
  // While the far end alone feeds it, bus 2 recovers and the fault draws through 90 % of the line.
  EXPECT_EQ(value_at(ran, "branch.power", "2-3-1", 1.2), 0);
  const double V = value_at(ran, "bus.voltage", "3", 1.2);
  const double P = value_at(ran, "branch.power_to", "2-3-1", 1.2);
  const std::complex<double> Z = 0.9 * std::complex<double>(0.02, 0.2) + 1e-7;  // and what a bolted fault has
  const double wanted = 100 * (V * V / std::conj(Z)).real();
  fmt::print("the far end feeds {:.4f} MW into the fault, theory {:.4f} MW, tolerance 1e-4\n", P, wanted);
  EXPECT_NEAR(P, wanted, 1e-4);
}

TEST(LineFaults, ABreakerThatFailsLeavesTheFaultToTheBackup) {
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.clearing_s = 0.06;
  fault.breaker_failure = LineFault::BreakerFailure{
      true, 0.25, {{Element::Kind::BRANCH, SmallGrid::kTie2}, {Element::Kind::PLANT, 2}}};
  const Ran ran = run(SmallGrid(), {{1.0, fault, {}}}, 2);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto all = kinds(ran.record.events);
  EXPECT_THAT(
      std::vector<std::string>(all.begin(), all.begin() + 5),
      ::testing::ElementsAre("fault", "branch-end-opened", "branch-opened", "branch-opened", "load-tripped"));
  EXPECT_EQ(ran.record.events[1].bus, 2);  // the far end
  for (const int k : {2, 3, 4}) EXPECT_NEAR(ran.record.events[k].time_s, 1.25, 1e-12);
  EXPECT_LT(value_at(ran, "bus.voltage", "2", 1.24), 1e-4);
  EXPECT_GT(value_at(ran, "bus.voltage", "2", 1.3), 0.5);
}

TEST(BusFaults, AreClearedByTheirTripsOrByTheBackup) {
  BusFault fault{1, {}, 0.08};
  fault.trips = {{Element::Kind::BRANCH, SmallGrid::kTie}};
  const Ran normal = run(SmallGrid(), {{1.0, fault, {}}}, 1.5);
  EXPECT_THAT(kinds(normal.record.events), ::testing::ElementsAre("fault", "fault-cleared", "branch-opened"));
  fault.breaker_failure = BusFault::BreakerFailure{
      {Element::Kind::BRANCH, SmallGrid::kTie}, 0.3, {{Element::Kind::BRANCH, SmallGrid::kTie2}}};
  const Ran delayed = run(SmallGrid(), {{1.0, fault, {}}}, 1.5);
  const auto all = kinds(delayed.record.events);
  EXPECT_THAT(
      std::vector<std::string>(all.begin(), all.begin() + 5),
      ::testing::ElementsAre("fault", "breaker-failure", "fault-cleared", "branch-opened", "branch-opened"));
  EXPECT_NEAR(delayed.record.events[2].time_s, 1.3, 1e-12);
}

TEST(UnbalancedFaults, AreTheShuntThatSymmetricalComponentsSay) {
  SmallGrid grid;
  for (Generator& g : grid.network.generators) g.ZX = 0.25;
  BusFault fault{2, {{0.01, 0.02}}, 0.1};
  fault.type = FaultType::LG;
  const Ran ran = run_with_ratio(grid, {{0.5, fault, {}}}, 0.7);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  // The same as a three-phase fault through Z2 + Z0 + 3 Zf, with the loads as they are before it.
  SequenceConditions now{
      {1, 1, 1, 1}, {}, {1, 1}, {}, std::vector<std::complex<double>>(4, 0.0), SequenceRatio{2.2, 1.05}};
  for (const Load& l : grid.network.loads)
    now.load_admittance[l.bus] =
        std::complex<double>(l.P_MW, -l.Q_Mvar) / 100.0 / std::norm(grid.voltage[l.bus]);
  FaultPlace place;
  place.bus = 2;
  const auto Z2 = sequence_impedance(grid.network, Sequence::NEGATIVE, now, place).Z;
  const auto Z0 = sequence_impedance(grid.network, Sequence::ZERO, now, place).Z;
  const Ran shunt =
      run_with_ratio(grid, {{0.5, BusFault{2, {Z2 + Z0 + 3.0 * fault.strength.impedance}, 0.1}, {}}}, 0.7);
  double worst = 0;
  for (const char* name : {"1", "2", "3", "4"})
    worst = std::max(
        worst, std::abs(value_at(ran, "bus.voltage", name, 0.5) - value_at(shunt, "bus.voltage", name, 0.5)));
  fmt::print("voltages when it strikes differ by {:.1e} pu from theory, tolerance 1e-9\n", worst);
  EXPECT_LT(worst, 1e-9);
}

TEST(UnbalancedFaults, LeaveTheResidualVoltageInTheFaultedPhases) {
  SmallGrid grid;
  for (Generator& g : grid.network.generators) g.ZX = 0.25;
  for (const FaultType type : {FaultType::LG, FaultType::LL, FaultType::LLG}) {
    BusFault fault{2, {}, 1};
    fault.strength.residual_voltage_pu = 0.35;
    fault.type = type;
    System system(grid.network, grid.plants);
    system.grid.sequence_ratio = SequenceRatio{2.2, 1.05};
    const std::vector<double> y = initialise(system, grid.voltage, 0);
    SimulationOptions options;
    options.until_s = 0.5 + 1e-9;
    const RunResult result = simulate(system, y, {{0.5, fault, {}}}, options, {}, nullptr);
    ASSERT_TRUE(result.status.completed) << result.status.outcome;
    const SequenceVoltages s = sequence_voltages(system, result.y.data(), 2);
    const PhaseVoltages v = phase_voltages(s.positive, s.negative, s.zero);
    const double left = type == FaultType::LG   ? std::abs(v.a)
                        : type == FaultType::LL ? std::abs(v.b - v.c) / std::sqrt(3.0)
                                                : std::abs(v.b);
    fmt::print("left in the faulted phases: {:.9f} pu, asked 0.35, tolerance 1e-6\n", left);
    EXPECT_NEAR(left, 0.35, 1e-6);
  }
}

TEST(UnbalancedFaults, WithoutSequenceDataAreRefused) {
  BusFault fault{2, {}, 0.1};
  fault.type = FaultType::LG;
  try {
    (void)run(SmallGrid(), {{0.5, fault, {}}}, 1);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("sequence_ratio"));
  }
}

/// Zero- and negative-sequence data for the small grid: its lines, its machines, the load at bus 2.
SmallGrid grid_with_sequences() {
  SmallGrid grid;
  for (Generator& g : grid.network.generators) g.ZX = 0.25;
  SequenceData data;
  for (int k = 0; k < 4; ++k) data.branches.push_back({k, {0.03, 0.3}, 0.02, 0, 0});
  for (int g = 0; g < 2; ++g) data.generators.push_back({g, {0, 0.25}, {0, 0.22}, {0, 0.1}, 0});
  data.loads.push_back({1, "1", {0.5, -0.1}, {0.3, -0.05}});
  grid.network.sequence = data;
  return grid;
}

/// Largest difference of voltages between a fault and the shunt that conditions given by hand make of it, at
/// the instant `at_s` when both strike, after other events.
double difference_to_shunt(const SmallGrid& grid, const SequenceConditions& now, FaultType type,
                           std::vector<Disturbance> before, double at_s) {
  FaultPlace place;
  place.bus = 2;
  const UnbalancedFault theory =
      unbalanced_fault(type, 0.01, sequence_impedance(grid.network, Sequence::NEGATIVE, now, place),
                       sequence_impedance(grid.network, Sequence::ZERO, now, place));
  BusFault fault{2, {0.01}, 0.1};
  fault.type = type;
  std::vector<Disturbance> with_fault = before, with_shunt = std::move(before);
  with_fault.push_back({at_s, fault, {}});
  with_shunt.push_back({at_s, BusFault{2, {1.0 / theory.admittance}, 0.1}, {}});
  const Ran a = run(grid, with_fault, at_s + 0.05), b = run(grid, with_shunt, at_s + 0.05);
  EXPECT_TRUE(a.result.status.completed) << a.result.status.outcome;
  double worst = 0;
  for (const char* name : {"1", "2", "3", "4"})
    worst = std::max(
        worst, std::abs(value_at(a, "bus.voltage", name, at_s) - value_at(b, "bus.voltage", name, at_s)));
  return worst;
}

TEST(UnbalancedFaults, SeeTheLoadsThatAreLeft) {
  SmallGrid grid = grid_with_sequences();
  // The load at bus 3 has no record: the admittance it is. That at bus 2 has lost half, or all.
  SequenceConditions now{{1, 1, 1, 1}, {}, {1, 1}, {}, std::vector<std::complex<double>>(4, 0.0), {}};
  now.load_admittance[2] = std::complex<double>(60, -12) / 100.0 / std::norm(grid.voltage[2]);
  now.load_share = {{1, 1}};
  const double all = difference_to_shunt(grid, now, FaultType::LG, {}, 0.5);
  now.load_share = {{0.5, 0.25}};
  const double half = difference_to_shunt(grid, now, FaultType::LG, {{0.4, LoadStep{2, 0.5, 0.25}, {}}}, 0.5);
  now.load_share = {{0, 0}};
  const double none = difference_to_shunt(grid, now, FaultType::LG, {{0.4, TripPlant{2}, {}}}, 0.5);
  fmt::print(
      "voltages differ from theory by {:.1e} (whole load), {:.1e} (part), {:.1e} pu (tripped), "
      "tolerance 1e-9\n",
      all, half, none);
  EXPECT_LT(std::max({all, half, none}), 1e-9);
}

TEST(UnbalancedFaults, TakeNegativeLoadsThatStandForOtherThingsForNoAdmittance) {
  SmallGrid grid = grid_with_sequences();
  SequenceConditions now{{1, 1, 1, 1}, {}, {1, 1}, {}, std::vector<std::complex<double>>(4, 0.0), {}};
  grid.plants[3].kind = "element";  // what is drawn at bus 3 is a DC line's
  const double element = difference_to_shunt(grid, now, FaultType::LG, {}, 0.5);
  grid.plants[3].kind = "netted";
  const double netted = difference_to_shunt(grid, now, FaultType::LG, {}, 0.5);
  fmt::print("voltages differ from theory by {:.1e} and {:.1e} pu, tolerance 1e-9\n", element, netted);
  EXPECT_LT(std::max(element, netted), 1e-9);
}

TEST(UnbalancedFaults, OnALineThatAnotherEventOpensLeaveTheNetworkBalanced) {
  SmallGrid grid;
  for (Generator& g : grid.network.generators) g.ZX = 0.25;
  LineFault fault;
  fault.branch = SmallGrid::kTie;
  fault.share = 0.4;
  fault.type = FaultType::LG;
  fault.clearing_s = 1;
  const auto after = [&](double until_s, std::vector<Disturbance> others, System& system) {
    system.grid.sequence_ratio = SequenceRatio{2.2, 1.05};
    others.push_back({0.5, fault, {}});
    SimulationOptions options;
    options.until_s = until_s;
    RunResult result = simulate(system, initialise(system, grid.voltage, 0), others, options, {}, nullptr);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    return result;
  };
  const auto unbalance = [](const System& system, const RunResult& result) {
    const SequenceVoltages v = sequence_voltages(system, result.y.data(), 1);
    return std::abs(v.negative) + std::abs(v.zero);
  };
  const Disturbance open{0.55, SwitchBranch{SmallGrid::kTie, false}, {}};
  const Disturbance close{0.6, SwitchBranch{SmallGrid::kTie, true}, {}};
  System on(grid.network, grid.plants), opened(grid.network, grid.plants), closed(grid.network, grid.plants);
  const double while_on = unbalance(on, after(0.52, {}, on));
  const double while_open = unbalance(opened, after(0.58, {open}, opened));
  const double again = unbalance(closed, after(0.62, {open, close}, closed));
  fmt::print("|V2| + |V0| at bus 2: {:.4f} pu with the fault on, {:.4f} opened, {:.4f} closed again\n",
             while_on, while_open, again);
  EXPECT_GT(while_on, 0.1);
  EXPECT_EQ(while_open, 0);
  EXPECT_NEAR(again, while_on, 0.05);

  // The near end has opened by its own protection: closing the line does not close it.
  fault.clearing_s = 0.02;
  fault.far_clearing_s = 1;
  for (const FaultType type : {FaultType::LG, FaultType::THREE_PHASE}) {
    fault.type = type;
    System one_end(grid.network, grid.plants);
    (void)after(0.62, {open, close}, one_end);
    const FaultedLine& line = one_end.grid.line_fault.at(SmallGrid::kTie);
    EXPECT_FALSE(line.from_closed);
    EXPECT_TRUE(line.to_closed);
    EXPECT_EQ(one_end.grid.branch_closed[SmallGrid::kTie], 0);
  }
  // It opens while another event has the line open: nothing feeds the fault then either.
  fault.clearing_s = 0.07;
  System later(grid.network, grid.plants);
  (void)after(0.58, {open}, later);
  EXPECT_FALSE(later.grid.line_fault.at(SmallGrid::kTie).to_closed);
  System finally(grid.network, grid.plants);
  (void)after(0.62, {open, close}, finally);
  EXPECT_FALSE(finally.grid.line_fault.at(SmallGrid::kTie).from_closed);
  EXPECT_TRUE(finally.grid.line_fault.at(SmallGrid::kTie).to_closed);
}

TEST(Ramps, OfOneLoadThatOverlapAreRefusedWithBothPlaces) {
  const auto said = [](const std::vector<Disturbance>& events) -> std::string {
    try {
      (void)run(SmallGrid(1.0), events, 0.1);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  const LoadRamp both{{2, 3}, 30, 6, true, 4}, one{{3}, 0.1, 0, false, 2}, reactive{{3}, 0, 0.1, false, 2};
  const Place first{"case.toml", 10, 1}, second{"case.toml", 20, 1};
  const std::string text = said({{1.0, both, first}, {4.5, one, second}});
  EXPECT_THAT(text,
              ::testing::HasSubstr("case.toml:20:1: it ramps load 3-1 from 4.5 to 6.5 s, and so does the "
                                   "event case.toml:10:1 from 1 to 5 s"));
  EXPECT_THAT(said({{4.5, one, second}, {1.0, both, first}}),
              ::testing::HasSubstr("case.toml:10:1: it ramps"));
  EXPECT_EQ(said({{1.0, both, first}, {5.0, one, second}}), "");  // one after the other
  const LoadRamp active{{2}, 0.1, 0, false, 4};
  EXPECT_EQ(said({{1.0, active, first}, {2.0, one, second}}), "");  // different loads
  const LoadRamp active_3{{3}, 0.1, 0, false, 4};
  EXPECT_EQ(said({{1.0, active_3, first}, {2.0, reactive, second}}), "");  // P and Q

  const SmallGrid grid(1.0);
  const int governor = System(grid.network, grid.plants).find_part("1-1", "governor");
  EXPECT_THAT(said({{1.0, ReferenceStep{governor, "Pref", 0.002, true, 10}, first},
                    {3.0, ReferenceStep{governor, "Pref", 0.002, true, 10}, second}}),
              ::testing::HasSubstr("it ramps Pref from 3 to 13 s"));
}

TEST(Ramps, OfLoadsMoveLinearlyAndInProportion) {
  // Plants 2 and 3 are the loads, 90 and 60 MW of constant power: +30 MW together, 18 and 12.
  const LoadRamp ramp{{2, 3}, 30, 6, true, 4};
  const Ran ran = run(SmallGrid(1.0), {{1.0, ramp, {}}}, 8);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  for (const auto& [time, share] : {std::pair{1.0, 0.0}, {2.0, 0.25}, {3.0, 0.5}, {5.0, 1.0}, {8.0, 1.0}}) {
    const double two = value_at(ran, "load.power", "2-1", time);
    const double three = value_at(ran, "load.power", "3-1", time);
    fmt::print("at {:g} s the loads draw {:.9f} and {:.9f} MW, tolerance 1e-6\n", time, two, three);
    EXPECT_NEAR(two, 90 + 18 * share, 1e-6);
    EXPECT_NEAR(three, 60 + 12 * share, 1e-6);
  }
  EXPECT_NEAR(value_at(ran, "load.reactive_power", "2-1", 8), 18 + 6 * 0.6, 1e-6);
  EXPECT_EQ(kinds(ran.record.events), std::vector<std::string>{"load-ramp"});
  EXPECT_EQ(ran.record.events[0].power_MW, 30);
}

TEST(Ramps, AStepEndsThem) {
  const Ran ran =
      run(SmallGrid(1.0), {{1.0, LoadRamp{{2}, 0.5, 0, false, 4}, {}}, {3.0, LoadStep{2, 1, 1}, {}}}, 6);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_NEAR(value_at(ran, "load.power", "2-1", 6), 90 * 1.25, 1e-6);
}

TEST(Ramps, OfAReferenceEndWhereTheStepWould) {
  const SmallGrid grid(1.0);
  const System system(grid.network, grid.plants);
  const int governor = system.find_part("1-1", "governor");
  const Ran step = run(grid, {{1.0, ReferenceStep{governor, "Pref", 0.002, true, 0}, {}}}, 60);
  const Ran ramp = run(grid, {{1.0, ReferenceStep{governor, "Pref", 0.002, true, 10}, {}}}, 60);
  ASSERT_TRUE(ramp.result.status.completed) << ramp.result.status.outcome;
  const double difference =
      value_at(step, "machine.power", "1-1", 60) - value_at(ramp, "machine.power", "1-1", 60);
  const double before = value_at(ramp, "machine.power", "1-1", 0.9);
  fmt::print(
      "power 0.1 s after the beginning moved {:.4f} MW, at the end differs {:.1e} MW (tolerance 0.02)\n",
      value_at(ramp, "machine.power", "1-1", 1.1) - before, difference);
  EXPECT_NEAR(difference, 0, 0.02);
  EXPECT_EQ(ramp.record.events[0].kind, "reference-ramp");
}

TEST(Switching, ACapacitorBankGoesInAndOut) {
  SmallGrid grid;
  Shunt bank;
  bank.bus = 2;
  bank.B_Mvar = 40;
  bank.in_service = false;
  grid.network.shunts.push_back(bank);
  const Ran ran = run(grid, {{1.0, SwitchShunt{0, true}, {}}, {2.0, SwitchShunt{0, false}, {}}}, 3);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_THAT(kinds(ran.record.events), ::testing::ElementsAre("shunt-closed", "shunt-opened"));
  const double before = value_at(ran, "bus.voltage", "3", 0.99);
  const double in = value_at(ran, "bus.voltage", "3", 1.0);
  fmt::print("40 Mvar raise the voltage from {:.4f} to {:.4f} pu\n", before, in);
  EXPECT_GT(in, before + 0.01);
}

TEST(Switching, ASwitchedShuntMovesWithinItsBlocks) {
  SmallGrid grid;
  SwitchedShunt bank;
  bank.bus = 2;
  bank.blocks = {{true, 2, 20}, {true, 1, -15}};
  grid.network.switched_shunts.push_back(bank);
  const Ran ran = run(grid, {{1.0, SetSwitchedShunt{0, 40}, {}}}, 1.5);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  EXPECT_EQ(ran.record.events.at(0).text, "switched shunt 3-1 from 0 to 40 Mvar");
  EXPECT_GT(value_at(ran, "bus.voltage", "3", 1.0), value_at(ran, "bus.voltage", "3", 0.99) + 0.01);
  EXPECT_THROW((void)run(grid, {{1.0, SetSwitchedShunt{0, 60}, {}}}, 1.5), Error);
}

TEST(Switching, AnOperatorPartsTheGridAndTheLogSaysWhere) {
  const OpenCutSet cut{{SmallGrid::kTie, SmallGrid::kTie2}, "area 2 is islanded"};
  const Ran ran = run(SmallGrid(), {{1.0, cut, {}}}, 2);
  ASSERT_TRUE(ran.result.status.completed) << ran.result.status.outcome;
  const auto all = kinds(ran.record.events);
  EXPECT_THAT(all, ::testing::ElementsAre("operator-islanding", "branch-opened", "branch-opened",
                                          "island-split", "island-split"));
  EXPECT_THAT(ran.record.events[0].text,
              ::testing::HasSubstr("2 branches opened: line 2-3 '1', line 2-3 '2'"));
  EXPECT_EQ(ran.record.events[1].cause, 0);
}

}  // namespace
}  // namespace ballast
