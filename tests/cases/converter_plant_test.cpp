/// Converter plants and distributed resources from records: which parts they need, what their controls read,
/// and that they rest and ride through.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cases/reader/assemble.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/cases/plant_network.hpp"
#include "tests/reference.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

constexpr const char* kGrid = "1 'GENCLS' 1 20 1 /\n";
constexpr const char* kRegca1 = "3 'REGCA1' 1 1 .02 10 .9 .4 1.22 1.2 .8 .4 -1.3 .02 .7 100 -100 .7 /\n";
constexpr const char* kReeca1 =
    "3 'REECA1' 1 0 0 0 0 0 0 .85 1.2 .02 -.05 .05 2 1.05 -1.05 0 0 0 0 .05 .6 -.6 1.1 .9 0 .1 0 40 0 .02 99 "
    "-99 "
    "1 0 1.3 .02 -1 1.2 2 1.2 0 0 0 0 -1 1.3 2 1.3 0 0 0 0 /\n";
/// Voltage control of bus 2 with droop, frequency control, measured on both lines' first circuit.
constexpr const char* kRepca1 =
    "3 'REPCA1' 1 {} {} {} '{}' 0 1 1 .02 2 3 0 .05 .6 0 0 .02 .1 -.1 0 0 .6 -.6 .5 .2 .1 -.0006 .0006 99 "
    "-99 1 0 "
    ".1 20 20 /\n";

std::string repca1(int bus, int from, int to, const char* circuit) {
  return fmt::format(fmt::runtime(kRepca1), bus, from, to, circuit);
}

struct Built {
  Network network = plant_network();
  PowerFlowResult flow = solve_power_flow(network);
  Problems problems;
  std::vector<Plant> plants;
  explicit Built(const std::string& text, double base_MVA = 120) {
    network.generators[1].base_MVA = base_MVA;
    network.generators[1].ZR = 0.01;  // of converters as voltage sources
    network.generators[1].ZX = 0.15;
    const auto records = read_dyr_text(text, "plant.dyr", problems);
    check_dyr(records, problems);
    if (problems.any()) return;
    plants = assemble_machines(network, flow, records, problems);
    for (Plant& load : assemble_loads(network, flow, {{1, 0, 0}, {1, 0, 0}}))
      plants.push_back(std::move(load));
  }
  [[nodiscard]] std::vector<std::complex<double>> voltage() const {
    std::vector<std::complex<double>> v;
    for (std::size_t b = 0; b < network.buses.size(); ++b) v.push_back(flow.voltage(static_cast<int>(b)));
    return v;
  }
  [[nodiscard]] std::string told() const {
    std::string text;
    for (const Problem& p : problems.errors()) text += p.where + ": " + p.what + " (" + p.remedy + ")\n";
    return text;
  }
};

const std::string kPlant = std::string(kGrid) + kRegca1 + kReeca1;

TEST(ConverterPlant, ControlsReadTheBusesAndTheBranchOfTheirRecords) {
  const Built built(kPlant + repca1(2, 2, 1, "2"));
  ASSERT_FALSE(built.problems.any()) << built.told();
  const Plant& plant = built.plants[1];
  ASSERT_EQ(plant.parts.size(), 5U);
  EXPECT_EQ(plant.parts[0].name, "converter");
  EXPECT_EQ(plant.parts[0].P_MW, 80);
  EXPECT_EQ(plant.parts[1].at_bus, -1);
  EXPECT_EQ(plant.parts[2].at_bus, 1);
  EXPECT_EQ(plant.parts[3].branch, 1);
  EXPECT_EQ(plant.parts[3].at_bus, 1);
  EXPECT_EQ(plant.parts[4].at_bus, 1);  // frequency of the regulated bus

  System system(built.network, built.plants);
  RestReport rest;
  const auto y = initialise(system, built.voltage(), 0, &rest);
  EXPECT_LT(rest.worst_rate, 1e-9);
  const auto into = system.grid.flow(1, system.voltage(y.data(), 1), system.voltage(y.data(), 0));
  const double P =
      system.signals()[system.output_signal(system.find_part("3-1", "branch_meter"), "P_branch")];
  const double Q =
      system.signals()[system.output_signal(system.find_part("3-1", "branch_meter"), "Q_branch")];
  EXPECT_NEAR(P * 120, into.from.real(), 1e-9);
  EXPECT_NEAR(Q * 120, into.from.imag(), 1e-9);
  std::printf("rest: worst rate %.1e; metered %.6f MW, flow %.6f MW\n", rest.worst_rate, P * 120,
              into.from.real());
}

TEST(ConverterPlant, WithoutABranchItMeasuresTheUnit) {
  const Built built(kPlant + repca1(0, 0, 0, "0"));
  ASSERT_FALSE(built.problems.any()) << built.told();
  System system(built.network, built.plants);
  RestReport rest;
  const auto y = initialise(system, built.voltage(), 0, &rest);
  EXPECT_LT(rest.worst_rate, 1e-9);
  const int control = system.find_part("3-1", "plant_control");
  const double P = system.signals()[system.reference_signal(control, "Plant_pref")];
  EXPECT_NEAR(P * 120, 80, 1e-9);
  EXPECT_LT(system.reference_signal(control, "Vr"), 0);  // a voltage is no reference
}

TEST(ConverterPlant, RidesThroughAFaultAndComesBackToItsPower) {
  for (const double depth : {0.001, 0.05}) {
    const Built built(kPlant + repca1(2, 2, 1, "2"));
    ASSERT_FALSE(built.problems.any()) << built.told();
    System system(built.network, built.plants);
    const auto y = initialise(system, built.voltage(), 0);
    SimulationOptions options;
    options.until_s = 20;
    options.record_step_s = 0.05;
    options.record = {"bus.voltage", "machine.power", "machine.branch_meter.P_branch"};
    testing::MemoryRecorder record;
    const BusFault fault{1, {{0, depth}}, 0.15};
    const RunResult result =
        simulate(system, y, {{1.0, fault, {}}, {5.0, SwitchBranch{1, false}, {}}}, options, {}, &record);
    ASSERT_TRUE(result.status.completed) << result.status.outcome;
    std::vector<std::string> moves;
    for (const LoggedEvent& e : result.events)
      if (e.kind == "mode" && e.device == "3-1.electrical_control") moves.push_back(e.text);
    ASSERT_EQ(moves.size(), 2U);
    EXPECT_THAT(moves.front(), ::testing::HasSubstr("normal to voltage dip"));
    EXPECT_THAT(moves.back(), ::testing::HasSubstr("voltage dip to normal"));
    const int unit = record.column("machine.power", "3-1");
    const int meter = record.column("machine.branch_meter.P_branch", "3-1");
    ASSERT_GE(unit, 0);
    ASSERT_GE(meter, 0);
    double at_4 = 0;
    for (std::size_t i = 0; i < record.time.size(); ++i)
      if (std::abs(record.time[i] - 4.9) < 1e-6) at_4 = record.rows[i][unit];
    EXPECT_NEAR(at_4, 80, 2);
    EXPECT_EQ(record.rows.back()[meter], 0);  // its branch is open
    std::printf("fault of %g pu: %.2f MW before, %.2f MW 3.7 s after; %ld steps\n", depth, 80.0, at_4,
                result.statistics.integrator.steps);
  }
}

/// A plant of the newer types: its records on the lines after the grid's.
constexpr const char* kReecc1 =
    "3 'REECC1' 1 0 0 0 0 0 .85 1.2 .02 -.05 .05 2 1.05 -1.05 0 .05 .6 -.6 1.1 .9 0 .1 0 40 .02 99 -99 1 -1 "
    "1.3 "
    ".02 -1 1.2 2 1.2 0 0 0 0 -1 1.3 2 1.3 0 0 0 0 7200 .5 .8 .2 /\n";
constexpr const char* kReecd1 =
    "3 'REECD1' 1 0 0 0 0 0 0 .85 1.2 .02 -.05 .05 2 1.05 -1.05 0 0 0 0 .05 .6 -.6 1.1 .9 0 .1 0 40 0 .02 99 "
    "-99 1 "
    "-1 1.3 .02 -1 1.2 2 1.2 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 -1 1.3 2 1.3 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
    "0 .02 "
    ".05 1 -99 99 0 /\n";
constexpr const char* kRegcb1 = "3 'REGCB1' 1 0 1 .02 .02 99 -99 10 .02 1.3 /\n";
constexpr const char* kRegcc1 = "3 'REGCC1' 1 0 1 .02 .02 99 -99 10 .02 1.3 1 10 60 1400 75 -75 /\n";

TEST(ConverterPlant, VoltageSourceConvertersAndStorageControlsRideThroughAFaultAndComeBack) {
  struct Records {
    const char* converter;
    const char* control;
  };
  for (const Records& records :
       {Records{kRegcb1, kReecc1}, Records{kRegcc1, kReecc1}, Records{kRegca1, kReecc1},
        Records{kRegcb1, kReecd1}, Records{kRegcc1, kReecd1}, Records{kRegcb1, kReeca1}}) {
    const Built built(std::string(kGrid) + records.converter + records.control + repca1(2, 2, 1, "2"));
    ASSERT_FALSE(built.problems.any()) << built.told();
    System system(built.network, built.plants);
    RestReport rest;
    const auto y = initialise(system, built.voltage(), 0, &rest);
    EXPECT_LT(rest.worst_rate, 1e-9);
    SimulationOptions options;
    options.until_s = 10;
    options.record_step_s = 0.05;
    options.record = {"bus.voltage", "machine.power"};
    testing::MemoryRecorder record;
    const RunResult result =
        simulate(system, y, {{1.0, BusFault{1, {0, 0.05}, 0.15}, {}}}, options, {}, &record);
    ASSERT_TRUE(result.status.completed) << result.status.outcome;
    const int unit = record.column("machine.power", "3-1");
    ASSERT_GE(unit, 0);
    std::printf("%.9s with %.9s: %.4f MW 8.85 s after the fault (80), %ld steps\n", records.converter + 3,
                records.control + 3, record.rows.back()[unit], result.statistics.integrator.steps);
    EXPECT_NEAR(record.rows.back()[unit], 80, 2);  // the plant control's integral is slow
  }
}

TEST(ConverterPlant, AfterABoltedFaultItsVoltageFollowsTheGridAndIsNotInAntiphase) {
  // A large unit that delivers all the reactive current it can into a dead bus: X Iq exceeds the grid's
  // voltage, so that the network has a second solution with the unit in antiphase.
  std::string control = kReeca1;
  control.replace(control.find("1.05 -1.05"), 10, "1.60 -1.60");
  control.replace(control.find(".85 1.2"), 7, "-99 1.3");
  const Built built(std::string(kGrid) + kRegca1 + control + repca1(2, 2, 1, "2"), 800);
  ASSERT_FALSE(built.problems.any()) << built.told();
  System system(built.network, built.plants);
  const auto y = initialise(system, built.voltage(), 0);
  SimulationOptions options;
  options.until_s = 3;
  options.record_step_s = 0.01;
  options.record = {"bus.voltage", "bus.angle", "machine.converter.Qe"};
  testing::MemoryRecorder record;
  const RunResult result = simulate(system, y, {{1.0, BusFault{1, {0, 0}, 0.15}, {}}}, options, {}, &record);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  const int grid = record.column("bus.angle", "2");
  const int unit = record.column("bus.angle", "3");
  double largest = 0;
  for (std::size_t i = 0; i < record.time.size(); ++i) {
    if (record.time[i] < 1.1501) continue;
    largest = std::max(largest, std::abs(std::remainder(record.rows[i][unit] - record.rows[i][grid], 360)));
  }
  std::printf("after the fault the unit is within %.1f degrees of the grid; allowed 45\n", largest);
  EXPECT_LT(largest, 45);
}

TEST(ConverterPlant, DistributedResourcesMeterTheFrequencyWhereTheyUseItAndTripInPart) {
  for (const bool used : {false, true}) {
    const Built built(fmt::format(
        "{}3 'DERA1' 1 0 0 1 1 1 {} .02 .02 -.05 .05 0 0 .02 .02 20 20 -.0006 .0006 99 -99 1 0 99 -99 .02 .1 "
        "10 1.2 .5 .8 1.2 1.15 .16 .2 .16 .2 .4 57 62 .16 .16 .02 2 .02 .3 1 -1 /\n",
        kGrid, used ? 1 : 0));
    ASSERT_FALSE(built.problems.any()) << built.told();
    ASSERT_EQ(built.plants[1].parts.size(), used ? 2U : 1U);
    System system(built.network, built.plants);
    RestReport rest;
    const auto y = initialise(system, built.voltage(), 0, &rest);
    EXPECT_LT(rest.worst_rate, 1e-9);
    SimulationOptions options;
    options.until_s = 4;
    options.record_step_s = 0.01;
    options.record = {"bus.voltage", "machine.power", "machine.machine.connected"};
    testing::MemoryRecorder record;
    const RunResult result =
        simulate(system, y, {{1.0, BusFault{1, {0, 0.6}, 0.3}, {}}}, options, {}, &record);
    ASSERT_TRUE(result.status.completed) << result.status.outcome;
    std::vector<const LoggedEvent*> moves;
    for (const LoggedEvent& e : result.events)
      if (e.kind == "mode" && e.device == "3-1.machine") moves.push_back(&e);
    ASSERT_EQ(moves.size(), 1U);
    EXPECT_THAT(moves[0]->text, ::testing::HasSubstr("connected to tripped in part"));
    EXPECT_EQ(moves[0]->threshold, 0.8);
    EXPECT_NEAR(moves[0]->duration_s, 0.2, 1e-9);
    // Of the share that had ceased at the lowest voltage Vrfrac = 0.4 is back.
    const int voltage = record.column("bus.voltage", "3");
    double lowest = 1;
    for (std::size_t i = 0; i < record.time.size(); ++i)
      if (record.time[i] > moves[0]->time_s && record.time[i] < 1.2999)
        lowest = std::min(lowest, record.rows[i][voltage]);
    const double share = (lowest - 0.5 + 0.4 * (0.8 - lowest)) / 0.3;
    const double connected = record.rows.back()[record.column("machine.machine.connected", "3-1")];
    const double MW = record.rows.back()[record.column("machine.power", "3-1")];
    std::printf("lowest %.6f pu: connected %.6f, by hand %.6f (tolerance 1e-3); %.4f MW\n", lowest, connected,
                share, MW);
    EXPECT_NEAR(connected, share, 1e-3);
    EXPECT_NEAR(MW, 80 * connected, 1e-3);
  }
}

TEST(ConverterPlant, WhatIsMissingOrMixedIsNamed) {
  struct Wrong {
    std::string text;
    std::vector<const char*> words;
  };
  const std::string converter = std::string(kGrid) + kRegca1;
  for (const Wrong& wrong : std::vector<Wrong>{
           {converter, {"bus 3", "REGCA1 without an electrical control", "REECA1"}},
           {converter + repca1(0, 0, 0, "0"), {"REGCA1 without an electrical control"}},
           {std::string(kGrid) + kReeca1, {"REECA1 without a converter"}},
           {std::string(kGrid) + "3 'SEXS' 1 .1 10 100 .1 -3 6 /\n" + kRegca1 + kReeca1,
            {"SEXS beside converter models"}},
           {std::string(kGrid) +
                "3 'REGFM_A1' 1 1 1 .02 .02 .02 1.5 1.3 0 1 -1 .8 -.8 .02 .05 .01 .1 .1 10 0 5.86 /\n"
                "3 'SEXS' 1 .1 10 100 .1 -3 6 /\n",
            {"plant.dyr:3", "SEXS of bus 3 '1' beside REGFM_A1", "neither shaft nor field"}},
           {kPlant + repca1(7, 0, 0, "0"), {"plant.dyr:4", "bus 7 does not exist"}},
           {kPlant + repca1(0, 2, 0, "0"), {"no second"}},
           {kPlant + repca1(0, 2, 1, "X"), {"no branch 2 to 1 'X'"}},
       }) {
    const Built built(wrong.text);
    ASSERT_TRUE(built.problems.any()) << wrong.words.front();
    for (const char* word : wrong.words) EXPECT_THAT(built.told(), ::testing::HasSubstr(word));
  }
}

TEST(ConverterPlant, AnOperatingPointBeyondALimitNamesTheLimit) {
  Built built(kPlant + repca1(0, 0, 0, "0"));
  ASSERT_FALSE(built.problems.any()) << built.told();
  built.plants[1].parts[1].parameters[31] = 0.5;  // Pmax below 80/120 pu
  System system(built.network, built.plants);
  try {
    (void)initialise(system, built.voltage(), 0);
    FAIL() << "it rested";
  } catch (const Error& error) {
    ASSERT_EQ(error.problems().size(), 1U);
    EXPECT_THAT(error.problems()[0].what, ::testing::HasSubstr("power order (pu, Pmin..Pmax) = 0.666667"));
    EXPECT_THAT(error.problems()[0].where, ::testing::HasSubstr("REECA1 '3-1.electrical_control'"));
  }
}

}  // namespace
}  // namespace ballast
