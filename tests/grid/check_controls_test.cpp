// Nonsense in controls, DC lines, FACTS devices and groups is named with its place and value.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "grid/check.hpp"
#include "grid/readers.hpp"
#include "tests/grid/every_section.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

Problems check(const std::function<void(Network&)>& spoil) {
  Problems reading;
  Network net = read_raw_text(testing::every_section(35), "case.raw", reading);
  EXPECT_FALSE(reading.any());
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

TEST(CheckControls, ASoundNetworkHasNoProblems) {
  EXPECT_FALSE(check([](Network&) {}).any());
}

TEST(CheckControls, EveryFlawIsNamedWithItsPlaceAndValue) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr std::size_t kTwo = 2;  // the two-winding transformer
  const Flaw flaws[] = {
      {"ratio limits", [](Network& n) { n.branches[kTwo].tap_control->RMA = 0.8; }, "RMA = 0.8 < RMI = 0.9"},
      {"ratio negative", [](Network& n) { n.branches[kTwo].tap_control->RMI = -1; },
       "RMI = -1 is not positive"},
      {"band", [](Network& n) { n.branches[kTwo].tap_control->VMA = 0.5; }, "VMA = 0.5 < VMI = 0.98"},
      {"positions", [](Network& n) { n.branches[kTwo].tap_control->NTP = 1; }, "NTP = 1 tap positions"},
      {"held bus", [](Network& n) { n.branches[kTwo].tap_control->bus = 77; }, "CONT: bus index 77"},
      {"table", [](Network& n) { n.branches[kTwo].correction = 5; }, "impedance correction 5 does not exist"},
      {"order", [](Network& n) { n.impedance_corrections[0].points[1].T = 0.1; }, "T = 0.1 follows T = 0.9"},
      {"zero factor", [](Network& n) { n.impedance_corrections[0].points[1].F = 0; }, "F = 0 at T = 1"},
      {"one point", [](Network& n) { n.impedance_corrections[0].points.resize(1); },
       "the table has 1 points"},
      {"table twice", [](Network& n) { n.impedance_corrections[1].number = 1; }, "a second one of this"},
      {"shunt band", [](Network& n) { n.switched_shunts[0].VSWHI = 0.9; }, "VSWHI = 0.9 < VSWLO = 0.97"},
      {"shunt steps", [](Network& n) { n.switched_shunts[0].blocks[0].N = -2; }, "N = -2 is negative"},
      {"shunt NaN", [=](Network& n) { n.switched_shunts[0].BINIT_Mvar = kNan; }, "BINIT = nan"},
      {"shunt twice", [](Network& n) { n.switched_shunts.push_back(n.switched_shunts[0]); }, "a second one"},
      {"shunt bus", [](Network& n) { n.switched_shunts[0].bus = 9; }, "I: bus index 9 does not exist"},
      {"area twice", [](Network& n) { n.areas[1].number = 1; }, "area 1: a second one"},
      {"zone twice", [](Network& n) { n.zones[1].number = 1; }, "zone 1: a second one"},
      {"DC voltage", [](Network& n) { n.two_terminal_dc[0].VSCHD_kV = 0; }, "VSCHD = 0 is not positive"},
      {"DC angles", [](Network& n) { n.two_terminal_dc[0].inverter.ANMX = 1; }, "ANMX = 1 < ANMN = 5"},
      {"DC bridges", [](Network& n) { n.two_terminal_dc[0].rectifier.bridges = 0; },
       "NB = 0 is not positive"},
      {"DC resistance", [](Network& n) { n.two_terminal_dc[0].RDC = -1; }, "RDC = -1 is negative"},
      {"VSC without voltage", [](Network& n) { n.vsc_dc[0].converters[0].TYPE = 2; },
       "0 of its converters hold the DC voltage"},
      {"VSC vars", [](Network& n) { n.vsc_dc[0].converters[0].MAXQ_Mvar = -99; }, "MAXQ = -99 < MINQ = -45"},
      {"FACTS voltage", [](Network& n) { n.facts[0].VSET = 0; }, "VSET = 0 is not positive"},
      {"FACTS bus", [](Network& n) { n.facts[0].terminal_bus = 50; }, "J: bus index 50"},
      {"motor base", [](Network& n) { n.induction_machines[0].MBASE_MVA = 0; }, "MBASE = 0 is not positive"},
      {"group", [](Network& n) { n.multi_section_lines[0].dummy_buses[0] = 99; }, "dummy bus: bus index 99"},
  };
  for (const Flaw& flaw : flaws) {
    const Problems problems = check(flaw.spoil);
    ASSERT_FALSE(problems.errors().empty()) << flaw.name;
    EXPECT_THAT(problems.errors().front().text(), HasSubstr(flaw.message)) << flaw.name;
    EXPECT_THAT(problems.errors().front().text(), HasSubstr("case.raw:")) << flaw.name;
    EXPECT_FALSE(problems.errors().front().remedy.empty()) << flaw.name;
  }
}

TEST(CheckControls, WhatIsLockedOrOutOfServiceIsOnlyAWarning) {
  const Problems problems = check([](Network& n) {
    n.branches[2].tap_control->adjusts = false;
    n.branches[2].tap_control->RMA = 0.5;
    n.transfers[0].to_area = 99;
  });
  EXPECT_FALSE(problems.any());
  EXPECT_EQ(problems.warnings().size(), 2U);
}

}  // namespace
}  // namespace ballast
