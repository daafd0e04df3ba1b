/// What a run is asked to do is checked before it starts: nothing impossible hangs, crashes or passes
/// silently.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::run;
using testing::SmallGrid;

/// Text of the Error thrown by some work, "" when nothing is thrown.
template <class Work>
std::string refusal(Work&& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::string refused(const Disturbance& disturbance) {
  return refusal([&] { run(SmallGrid(), {disturbance}, 0.1); });
}

TEST(RunInput, ReferenceThatDoesNotExistIsRefused) {
  EXPECT_THAT(refused({0.05, ReferenceStep{2, "Pref_typo", 0.1, true}, {}}), HasSubstr("Pref_typo"));
  EXPECT_THAT(refused({0.05, ReferenceStep{2, "omega", 0.1, true}, {}}), HasSubstr("omega"));
  EXPECT_THAT(refused({0.05, ReferenceStep{99, "Pref", 0.1, true}, {}}), HasSubstr("99"));
  EXPECT_EQ(refused({0.05, ReferenceStep{2, "Pref", 0.001, true}, {}}), "");
}

TEST(RunInput, LoadStepOnAMachineIsRefused) {
  EXPECT_THAT(refused({0.05, LoadStep{0, 1.1, 1.1}, {}}), HasSubstr("1-1"));
}

TEST(RunInput, TimesThatCannotBeAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(refused({nan, TripPlant{0}, {}}), HasSubstr("nan"));
  EXPECT_THAT(refused({-1, TripPlant{0}, {}}), HasSubstr("-1"));
  EXPECT_THAT(refused({0.01, BusFault{1, {}, -0.1}, {}}), HasSubstr("-0.1"));
  EXPECT_THAT(refused({0.01, BusFault{1, {}, nan}, {}}), HasSubstr("nan"));
}

TEST(RunInput, PlacesThatDoNotExistAreRefused) {
  EXPECT_THAT(refused({0.01, BusFault{7, {}, 0.1}, {}}), HasSubstr("7"));
  EXPECT_THAT(refused({0.01, SwitchBranch{-1, true}, {}}), HasSubstr("-1"));
  EXPECT_THAT(refused({0.01, TripPlant{12}, {}}), HasSubstr("12"));
}

TEST(RunInput, ResidualVoltageOutsideZeroToOneIsRefused) {
  BusFault fault{1, {}, 0.1};
  fault.strength.residual_voltage_pu = 1.3;
  EXPECT_THAT(refused({0.01, fault, {}}), HasSubstr("1.3"));
  fault.strength.residual_voltage_pu = -0.2;
  EXPECT_THAT(refused({0.01, fault, {}}), HasSubstr("-0.2"));
}

TEST(RunInput, AllProblemsAreToldTogether) {
  const std::string text = refusal([] {
    run(SmallGrid(), {{-2, TripPlant{0}, {}}, {0.1, TripPlant{55}, {}}}, 0.2);
  });
  EXPECT_THAT(text, HasSubstr("-2"));
  EXPECT_THAT(text, HasSubstr("55"));
}

TEST(RunInput, OptionsThatCannotEndAreRefused) {
  const SmallGrid grid;
  const auto with = [&](auto&& change) {
    return refusal([&] {
      System system(grid.network, grid.plants);
      SimulationOptions options;
      options.until_s = 0.1;
      change(options);
      testing::MemoryRecorder record;
      (void)simulate(system, initialise(system, grid.voltage, 0), {}, options, {}, &record);
    });
  };
  EXPECT_EQ(with([](SimulationOptions&) {}), "");
  EXPECT_THAT(with([](SimulationOptions& o) { o.until_s = kInfinity; }), HasSubstr("until_s"));
  EXPECT_THAT(with([](SimulationOptions& o) { o.until_s = kUnknown; }), HasSubstr("until_s"));
  EXPECT_THAT(with([](SimulationOptions& o) { o.relative_tolerance = 0; }), HasSubstr("relative_tolerance"));
  EXPECT_THAT(with([](SimulationOptions& o) { o.max_step_s = -1; }), HasSubstr("max_step_s"));
  EXPECT_THAT(with([](SimulationOptions& o) { o.record_step_s = 0; }), HasSubstr("record_step_s"));
}

std::string built(const std::vector<Plant>& plants, const Network& network) {
  return refusal([&] { System(network, plants); });
}

TEST(RunInput, TwoPlantsOfOneKindAndNameAreRefused) {
  SmallGrid grid;
  grid.plants[3].name = grid.plants[2].name;
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("'2-1'"));
}

TEST(RunInput, TwoPartsOfOneNameInAPlantAreRefused) {
  SmallGrid grid;
  grid.plants[0].parts[2].name = "exciter";
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("exciter"));
}

TEST(RunInput, APlantAtABusThatDoesNotExistIsRefused) {
  SmallGrid grid;
  grid.plants[2].bus = 40;
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("40"));
}

TEST(RunInput, APartWithoutABaseIsRefused) {
  SmallGrid grid;
  grid.plants[0].parts[0].base_MVA = 0;
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("base"));
}

TEST(RunInput, ANumberThatIsNoneAmongTheParametersIsRefused) {
  SmallGrid grid;
  grid.plants[0].parts[1].parameters[2] = kUnknown;
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("K = nan"));
}

TEST(RunInput, ABranchWithoutImpedanceIsRefused) {
  SmallGrid grid;
  grid.network.branches[SmallGrid::kTie].R = grid.network.branches[SmallGrid::kTie].X = 0;
  EXPECT_THAT(built(grid.plants, grid.network), HasSubstr("impedance"));
}

TEST(RunInput, TooFewVoltagesForTheNetworkAreRefused) {
  SmallGrid grid;
  System system(grid.network, grid.plants);
  grid.voltage.pop_back();
  EXPECT_THAT(refusal([&] { (void)initialise(system, grid.voltage, 0); }), HasSubstr("3"));
}

TEST(RunInput, AWireWithinAPlantStaysInIt) {
  // A machine and a load may have one name; the exciter's wire means its own machine.
  SmallGrid grid;
  grid.plants[1].name = "1-1";
  grid.plants[1].kind = "other machine";
  grid.plants[1].parts[1].wires = {{"Vt", "machine.Vt"}};
  System system(grid.network, grid.plants);
  const PartRef& exciter = system.parts()[4];
  const PartGroup& g = system.group(exciter.group);
  EXPECT_EQ(g.in_at[exciter.index * g.input_count() + g.find_input("Vt")], system.output_signal(3, "Vt"));
}

}  // namespace
}  // namespace ballast
