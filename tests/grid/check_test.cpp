#include "grid/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::two_bus;

/// What check_network says about the sound two-bus network after `spoil`.
Problems check(const std::function<void(Network&)>& spoil) {
  Network net = two_bus(0.1, 50, 10);
  spoil(net);
  Problems problems;
  check_network(net, problems);
  return problems;
}

struct Flaw {
  const char* name;
  std::function<void(Network&)> spoil;
  const char* message;
};

TEST(CheckNetwork, ASoundNetworkHasNoProblems) {
  const Problems problems = check([](Network&) {});
  EXPECT_TRUE(problems.errors().empty());
  EXPECT_TRUE(problems.warnings().empty());
}

TEST(CheckNetwork, EveryFlawIsNamedWithItsPlaceAndValue) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const Flaw flaws[] = {
      {"duplicate bus", [](Network& n) { n.buses[1].number = 1; }, "bus 1: this bus number is already used"},
      {"negative number", [](Network& n) { n.buses[1].number = -4; }, "must be positive"},
      {"bus voltage NaN", [=](Network& n) { n.buses[1].Vm = kNan; }, "Vm = nan is not a finite number"},
      {"bus voltage zero", [](Network& n) { n.buses[1].Vm = 0; }, "voltage 0 pu is not positive"},
      {"base voltage", [](Network& n) { n.buses[1].base_kV = -230; }, "base voltage -230 kV is negative"},
      {"voltage limits", [](Network& n) { n.buses[1].Vmax = 0.8; }, "Vmax 0.8 < Vmin 0.9"},
      {"load at no bus", [](Network& n) { n.loads[0].bus = 7; }, "load '1': bus index 7 does not exist"},
      {"load twice", [](Network& n) { n.loads.push_back(n.loads[0]); },
       "bus 2, load '1': a second load with this id"},
      {"load NaN", [=](Network& n) { n.loads[0].Q_Mvar = kNan; }, "Q = nan"},
      {"generator limits", [](Network& n) { n.generators[0].Qmax_Mvar = -10000; },
       "Qmax -10000 < Qmin -9999 Mvar"},
      {"generator base", [](Network& n) { n.generators[0].base_MVA = 0; }, "machine base 0 MVA"},
      {"generator set point", [](Network& n) { n.generators[0].Vset = 0; }, "voltage set point 0 pu"},
      {"regulated bus", [](Network& n) { n.generators[0].regulated_bus = 9; }, "regulated bus index 9"},
      {"loop", [](Network& n) { n.branches[0].to = 0; }, "both ends are the same bus"},
      {"zero impedance", [](Network& n) { n.branches[0].X = 0; },
       "branch bus 1 to bus 2, circuit '1': impedance is zero"},
      {"ratio", [](Network& n) { n.branches[0].ratio = -1; }, "turns ratio -1 is not positive"},
      {"same circuit", [](Network& n) { n.branches.push_back(n.branches[0]); },
       "a second branch with this circuit id"},
      {"branch infinite", [](Network& n) { n.branches[0].R = std::numeric_limits<double>::infinity(); },
       "R = inf"},
      {"no slack", [](Network& n) { n.buses[0].type = BusType::PV; }, "no bus is the slack"},
      {"no buses", [](Network& n) { n = Network{}; }, "no buses"},
      {"system base", [](Network& n) { n.base_MVA = 0; }, "system base 0 MVA"},
      {"frequency", [](Network& n) { n.frequency_Hz = -50; }, "base frequency -50 Hz"},
  };
  for (const Flaw& flaw : flaws) {
    const Problems problems = check(flaw.spoil);
    ASSERT_FALSE(problems.errors().empty()) << flaw.name;
    EXPECT_THAT(problems.errors().front().text(), HasSubstr(flaw.message)) << flaw.name;
    EXPECT_FALSE(problems.errors().front().remedy.empty()) << flaw.name;
  }
}

TEST(CheckNetwork, CollectsAllProblemsAtOnce) {
  const Problems problems = check([](Network& n) {
    n.branches[0].X = 0;
    n.loads[0].bus = -3;
    n.buses[0].type = BusType::PQ;
  });
  EXPECT_EQ(problems.errors().size(), 3U);
}

TEST(CheckNetwork, AParallelCircuitInTheOtherDirectionNeedsItsOwnId) {
  const Problems problems = check([](Network& n) { n.branches.push_back(testing::make_line(1, 0, 0, 0.1)); });
  ASSERT_EQ(problems.errors().size(), 1U);
}

TEST(CheckNetwork, WhatThePowerFlowCanDoWithoutIsAWarning) {
  const Problems problems = check([](Network& n) {
    n.generators[0].Pmax_MW = -20;
    n.generators[0].Pmin_MW = 0;
    n.generators[0].in_service = false;
  });
  EXPECT_TRUE(problems.errors().empty());
  ASSERT_EQ(problems.warnings().size(), 2U);
  EXPECT_THAT(problems.warnings()[0].text(), HasSubstr("Pmax -20 < Pmin 0 MW"));
  EXPECT_THAT(problems.warnings()[1].text(), HasSubstr("slack bus without a generator in service"));
}

}  // namespace
}  // namespace ballast
