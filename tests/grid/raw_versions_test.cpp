// Every section of a RAW file in every version, and what the writer makes of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <iostream>

#include "grid/power_flow.hpp"
#include "grid/raw_writer.hpp"
#include "grid/readers.hpp"
#include "tests/grid/every_section.hpp"
#include "tests/grid/same_network.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

using testing::every_section;
using testing::SameNetwork;

Network read_good(const std::string& text) {
  Problems problems;
  Network net = read_raw_text(text, "case.raw", problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  return net;
}

class RawVersion : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Versions, RawVersion, ::testing::Values(30, 31, 32, 33, 34, 35, 36));

TEST_P(RawVersion, FillsBusesLoadsShuntsAndGenerators) {
  const int version = GetParam();
  const Network net = read_good(every_section(version));
  EXPECT_EQ(net.name, "EVERY SECTION");
  EXPECT_EQ(net.frequency_Hz, 50);
  ASSERT_EQ(net.buses.size(), 5U);
  EXPECT_EQ(net.buses[1].name, "BETA");
  EXPECT_EQ(net.buses[1].zone, 2);
  EXPECT_EQ(net.buses[1].owner, 2);
  EXPECT_EQ(net.buses[2].area, 2);
  EXPECT_EQ(net.buses[1].Vm, 0.99);
  EXPECT_EQ(net.buses[1].Va_deg, -3.5);
  EXPECT_EQ(net.buses[1].Vmax, version >= 33 ? 1.05 : 1.1);
  EXPECT_EQ(net.buses[1].position.has_value(), version >= 34);
  if (version >= 34) {
    EXPECT_EQ(net.buses[1].position->x, -98.25);
  }
  ASSERT_EQ(net.loads.size(), 1U);
  EXPECT_EQ(net.loads[0].P_MW, 50);
  EXPECT_EQ(net.loads[0].IQ_Mvar, 2);
  EXPECT_EQ(net.loads[0].YP_MW, 3);
  EXPECT_EQ(net.loads[0].YQ_Mvar, 1);
  EXPECT_EQ(net.loads[0].owner, 2);
  ASSERT_EQ(net.shunts.size(), 1U);
  EXPECT_EQ(net.shunts[0].bus, 1);
  EXPECT_EQ(net.shunts[0].G_MW, 1.5);
  EXPECT_EQ(net.shunts[0].B_Mvar, -20);
  ASSERT_EQ(net.generators.size(), 2U);
  EXPECT_EQ(net.generators[0].regulated_bus, -1);
  EXPECT_EQ(net.generators[0].base_MVA, 120);
  EXPECT_EQ(net.generators[1].regulated_bus, 1);
  EXPECT_EQ(net.generators[1].XT, 0.1);
  EXPECT_EQ(net.generators[1].GTAP, 1.05);
  EXPECT_EQ(net.generators[1].share_percent, 40);
  EXPECT_EQ(net.generators[1].Pmax_MW, 45);
}

TEST_P(RawVersion, FillsBranchesAndTransformersWithTheirControls) {
  const int version = GetParam();
  const Network net = read_good(every_section(version));
  const std::size_t first = version >= 34 ? 2 : 1;
  ASSERT_EQ(net.branches.size(), first + 4);
  const Branch& line = net.branches[0];
  EXPECT_EQ(line.to, 3);
  EXPECT_EQ(line.name, version >= 34 ? "LINE A" : "");
  EXPECT_EQ(line.rate_MVA, 200);
  EXPECT_EQ(line.GI, 0.001);
  EXPECT_EQ(line.BJ, -0.004);
  EXPECT_TRUE(line.in_service);
  if (version >= 34) {
    EXPECT_EQ(net.branches[1].name, "BREAKER");
  }

  // 241.5 kV on 230 kV, 138 on 138; 0.005 + j0.1 on 250 MVA; 200 kW and 1 % of 250 MVA at bus 1.
  const Branch& two = net.branches[first];
  EXPECT_NEAR(two.ratio, 1.05, 1e-15);
  EXPECT_NEAR(two.R, 0.002, 1e-15);
  EXPECT_NEAR(two.X, 0.04, 1e-15);
  EXPECT_NEAR(two.GI, 0.002 * 1.1025, 1e-15);
  EXPECT_NEAR(two.BI, -std::sqrt(0.025 * 0.025 - 0.002 * 0.002) * 1.1025, 1e-15);
  EXPECT_EQ(two.rate_MVA, 250);
  EXPECT_EQ(two.SBASE_MVA, 250);
  EXPECT_EQ(two.correction, 0);
  ASSERT_TRUE(two.tap_control);
  EXPECT_EQ(two.tap_control->target, TapTarget::VOLTAGE);
  EXPECT_TRUE(two.tap_control->adjusts);
  EXPECT_EQ(two.tap_control->bus, 3);
  EXPECT_FALSE(two.tap_control->on_tapped_side);
  EXPECT_NEAR(two.tap_control->RMA, 1.1, 1e-15);  // 253 kV of 230
  EXPECT_NEAR(two.tap_control->RMI, 0.9, 1e-15);
  EXPECT_EQ(two.tap_control->VMA, 1.02);
  EXPECT_EQ(two.tap_control->VMI, 0.98);
  EXPECT_EQ(two.tap_control->NTP, 17);
  EXPECT_EQ(two.tap_control->CR, 0.001);
  EXPECT_EQ(two.tap_control->CX, 0.02);

  // On 100 MVA: z12 = 0.001 + j0.05, z23 = 0.006 + j0.12, z31 = 0.004 + j0.15.
  ASSERT_EQ(net.three_windings.size(), 1U);
  const ThreeWinding& three = net.three_windings[0];
  EXPECT_EQ(three.name, "TRIO");
  EXPECT_EQ(three.id, "T2");
  EXPECT_EQ(three.star_bus, 4);
  const double R[] = {-0.0005, 0.0015, 0.0045}, X[] = {0.04, 0.01, 0.11}, bases[] = {200, 50, 100};
  for (std::size_t k = 0; k < 3; ++k) {
    const Branch& leg = net.branches[static_cast<std::size_t>(three.branches[k])];
    EXPECT_NEAR(leg.R, R[k], 1e-15);
    EXPECT_NEAR(leg.X, X[k], 1e-15);
    EXPECT_EQ(leg.SBASE_MVA, bases[k]);
  }
  const Branch& one = net.branches[first + 1];
  EXPECT_FALSE(one.tap_control);
  EXPECT_NEAR(one.BI, -0.01 * 1.05 * 1.05, 1e-15);
  const Branch& second = net.branches[first + 2];
  ASSERT_TRUE(second.tap_control);
  EXPECT_FALSE(second.tap_control->adjusts);
  EXPECT_EQ(second.tap_control->bus, 1);
  EXPECT_TRUE(second.tap_control->on_tapped_side);
  const Branch& third = net.branches[first + 3];
  ASSERT_TRUE(third.tap_control);
  EXPECT_EQ(third.tap_control->target, TapTarget::MW);
  EXPECT_EQ(third.tap_control->RMA, 40);
  EXPECT_EQ(third.tap_control->RMI, -40);
  EXPECT_EQ(third.tap_control->VMA, 20);
  EXPECT_EQ(third.tap_control->NTP, 9);
  EXPECT_EQ(third.correction, 1);
  ASSERT_EQ(net.impedance_corrections.size(), 2U);
  ASSERT_EQ(net.impedance_corrections[0].points.size(), 3U);
  EXPECT_EQ(net.impedance_corrections[0].points[2].T, 1.1);
  EXPECT_EQ(net.impedance_corrections[0].points[2].F, 0.95);
  ASSERT_EQ(net.impedance_corrections[1].points.size(), 7U);
  EXPECT_EQ(net.impedance_corrections[1].points[2].T, 0);
  EXPECT_EQ(net.impedance_corrections[1].points[6].F, 1.09);
}

TEST_P(RawVersion, FillsDcLinesFactsAndSwitchedShunts) {
  const int version = GetParam();
  const Network net = read_good(every_section(version));
  ASSERT_EQ(net.two_terminal_dc.size(), 1U);
  const TwoTerminalDc& dc = net.two_terminal_dc[0];
  EXPECT_EQ(dc.name, "PACE");
  EXPECT_EQ(dc.MDC, DcMode::POWER);
  EXPECT_EQ(dc.SETVL, 40);
  EXPECT_EQ(dc.VSCHD_kV, 250);
  EXPECT_EQ(dc.VCMOD_kV, 200);
  EXPECT_EQ(dc.RCOMP, 5);
  EXPECT_EQ(dc.DELTI, 0.1);
  EXPECT_FALSE(dc.margin_at_inverter);
  EXPECT_EQ(dc.DCVMIN_kV, 50);
  EXPECT_EQ(dc.CCCITMX, 30);
  EXPECT_EQ(dc.CCCACC, 0.9);
  EXPECT_EQ(dc.rectifier.bus, 1);
  EXPECT_EQ(dc.inverter.bus, 3);
  EXPECT_EQ(dc.rectifier.bridges, 2);
  EXPECT_EQ(dc.inverter.ANMX, 18);
  EXPECT_EQ(dc.inverter.ANMN, 5);
  EXPECT_EQ(dc.inverter.RC, 0.1);
  EXPECT_EQ(dc.inverter.XC, 6);
  EXPECT_EQ(dc.inverter.EBAS_kV, 230);
  EXPECT_EQ(dc.inverter.TR, 0.5);
  EXPECT_EQ(dc.inverter.TAP, 1.02);
  EXPECT_EQ(dc.inverter.TMX, 1.3);
  EXPECT_EQ(dc.inverter.TMN, 0.8);
  EXPECT_EQ(dc.inverter.STP, 0.01);
  EXPECT_EQ(dc.inverter.measured_bus, 0);
  EXPECT_EQ(dc.inverter.XCAP, 0.5);

  ASSERT_EQ(net.vsc_dc.size(), 1U);
  const VscConverter& vsc = net.vsc_dc[0].converters[0];
  EXPECT_EQ(net.vsc_dc[0].RDC, 2);
  EXPECT_EQ(vsc.TYPE, 1);
  EXPECT_TRUE(vsc.holds_voltage);
  EXPECT_FALSE(net.vsc_dc[0].converters[1].holds_voltage);
  EXPECT_EQ(vsc.DCSET, 150);
  EXPECT_EQ(vsc.ACSET, 1.01);
  EXPECT_EQ(vsc.ALOSS_kW, 90);
  EXPECT_EQ(vsc.BLOSS_kW_per_A, 0.1);
  EXPECT_EQ(vsc.MINLOSS_kW, 10);
  EXPECT_EQ(vsc.SMAX_MVA, 120);
  EXPECT_EQ(vsc.IMAX_A, 400);
  EXPECT_EQ(vsc.PWF, 0.9);
  EXPECT_EQ(vsc.MAXQ_Mvar, 55);
  EXPECT_EQ(vsc.MINQ_Mvar, -45);
  EXPECT_EQ(vsc.regulated_bus, 3);
  EXPECT_EQ(vsc.RMPCT, 60);

  ASSERT_EQ(net.facts.size(), 1U);
  EXPECT_EQ(net.facts[0].bus, 1);
  EXPECT_EQ(net.facts[0].terminal_bus, -1);
  EXPECT_EQ(net.facts[0].QDES_Mvar, 30);
  EXPECT_EQ(net.facts[0].VSET, 1.03);
  EXPECT_EQ(net.facts[0].SHMX_MVA, 80);
  EXPECT_EQ(net.facts[0].RMPCT, 90);
  EXPECT_EQ(net.facts[0].SET2, 0.2);
  EXPECT_EQ(net.facts[0].regulated_bus, 3);

  ASSERT_EQ(net.switched_shunts.size(), 1U);
  const SwitchedShunt& shunt = net.switched_shunts[0];
  EXPECT_EQ(shunt.MODSW, ShuntMode::DISCRETE_VOLTAGE);
  EXPECT_EQ(shunt.VSWHI, 1.05);
  EXPECT_EQ(shunt.VSWLO, 0.97);
  EXPECT_EQ(shunt.regulated_bus, 3);
  EXPECT_EQ(shunt.RMPCT, 70);
  EXPECT_EQ(shunt.BINIT_Mvar, 75);
  ASSERT_EQ(shunt.blocks.size(), 2U);
  EXPECT_EQ(shunt.blocks[0].N, 4);
  EXPECT_EQ(shunt.blocks[1].B_Mvar, -10);
}

TEST_P(RawVersion, KnowsTheMeteredEnds) {
  Network net = read_good(every_section(GetParam()));
  EXPECT_TRUE(net.branches[0].metered_at_to);  // MET = 2, in version 30 a minus sign before J
  EXPECT_FALSE(net.branches[1].metered_at_to);
  EXPECT_EQ(net.three_windings[0].NMETR, 2);
  std::string text = every_section(GetParam());
  for (const char* named : {"0.01,2,'BANK'", "-0.01,2,'TRIO'"}) {
    const std::string old(named);
    const std::size_t at = text.find(old);
    text.replace(at + old.find(",2,") + 1, 1, old.find("BANK") != std::string::npos ? "1" : "3");
  }
  net = read_good(text);
  const std::size_t bank = GetParam() >= 34 ? 2 : 1;
  EXPECT_TRUE(net.branches[bank].metered_at_to);  // the winding that is not metered is the first
  EXPECT_EQ(net.three_windings[0].NMETR, 3);
}

TEST_P(RawVersion, FillsGroupsAndMachines) {
  const int version = GetParam();
  const Network net = read_good(every_section(version));
  ASSERT_EQ(net.areas.size(), 2U);
  EXPECT_EQ(net.areas[0].swing_bus, 0);
  EXPECT_EQ(net.areas[0].PDES_MW, 25);
  EXPECT_EQ(net.areas[0].PTOL_MW, 5);
  EXPECT_EQ(net.areas[1].name, "SOUTH");
  EXPECT_EQ(net.areas[1].swing_bus, -1);
  ASSERT_EQ(net.zones.size(), 2U);
  EXPECT_EQ(net.zones[1].name, "WEST");
  ASSERT_EQ(net.owners.size(), 2U);
  EXPECT_EQ(net.owners[1].name, "COUNTY");
  ASSERT_EQ(net.transfers.size(), 1U);
  EXPECT_EQ(net.transfers[0].P_MW, 25);
  ASSERT_EQ(net.multi_section_lines.size(), 1U);
  EXPECT_EQ(net.multi_section_lines[0].dummy_buses, (std::vector<int>{1, 3}));
  ASSERT_EQ(net.induction_machines.size(), version >= 33 ? 1U : 0U);
  if (version < 33) return;
  const InductionMachine& m = net.induction_machines[0];
  EXPECT_EQ(m.DCODE, 2);
  EXPECT_EQ(m.MBASE_MVA, 10);
  EXPECT_EQ(m.PSET_MW, 8);
  EXPECT_EQ(m.H, 0.6);
  EXPECT_EQ(m.E, 1.3);
  EXPECT_EQ(m.XM, 3);
  EXPECT_EQ(m.X3, 0.04);
  EXPECT_EQ(m.SE2, 0.3);
  EXPECT_EQ(m.IA2, 0.6);
  EXPECT_EQ(m.XAMULT, 1.5);
}

TEST_P(RawVersion, IsReadBackEqualFromTheWriter) {
  const Network net = read_good(every_section(GetParam()));
  for (const int version : {33, 34, 35}) {
    if (version < 34 && GetParam() >= 34) continue;  // version 33 has no branch names
    Problems problems;
    const std::string text = write_raw(net, version, problems);
    for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
    SameNetwork same(1e-14);
    same.compare(net, read_good(text));
    std::cout << "  " << GetParam() << " as " << version << ": largest relative difference " << same.worst
              << "\n";
  }
}

TEST(RawVersions, AnInductionMachineMayStandOnThreeLines) {
  std::string text = every_section(33);
  const std::string twelve = "10.0,13.8,";
  text.replace(text.find(twelve) + twelve.size() - 1, 1, "\n");
  const std::size_t last = text.find(",1.5\n0 / END OF INDUCTION");
  text.replace(last, 1, "\n");
  const Network net = read_good(text);
  ASSERT_EQ(net.induction_machines.size(), 1U);
  EXPECT_EQ(net.induction_machines[0].PSET_MW, 8);
  EXPECT_EQ(net.induction_machines[0].XAMULT, 1.5);
}

TEST(RawVersions, Version36MayLeaveItsNewSectionsOut) {
  std::string text = every_section(36);
  for (const std::string name : {"VOLTAGE DROOP CONTROL DATA", "SWITCHING DEVICE RATING SET DATA"}) {
    const std::string section = name + "\n0 / END OF " + name + ", BEGIN ";
    text.erase(text.find(section), section.size());
  }
  SameNetwork().compare(read_good(text), read_good(every_section(36)));
}

TEST(RawVersions, ACorrectionTableThatIsNotThereIsSaid) {
  std::string text = every_section(33);
  text.replace(text.find(",17,1,"), 6, ",17,9,");
  Problems problems;
  const Network net = read_raw_text(text, "case.raw", problems);
  EXPECT_FALSE(problems.any());
  EXPECT_EQ(net.branches[1].correction, -1);
  std::string said;
  for (const Problem& problem : problems.warnings()) said += problem.text() + "\n";
  EXPECT_THAT(said, ::testing::HasSubstr("impedance correction table 9 is not in the file"));
}

TEST(RawWriter, WhatAVersionCannotSayIsAnErrorOrAWarning) {
  Network net = read_good(every_section(35));
  net.impedance_corrections[0].points[0].F = {1.1, 0.05};
  Problems problems;
  (void)write_raw(net, 33, problems);
  ASSERT_EQ(problems.errors().size(), 1U);
  EXPECT_THAT(problems.errors()[0].text(), ::testing::HasSubstr("some of them complex: version 33 holds 11"));
  Problems fine;
  SameNetwork(1e-14).compare(net, read_good(write_raw(net, 34, fine)));
  EXPECT_FALSE(fine.any());
  net.branches[3].in_service = net.branches[4].in_service = false;
  (void)write_raw(net, 35, fine);
  ASSERT_EQ(fine.errors().size(), 1U);
  EXPECT_THAT(fine.errors()[0].text(), ::testing::HasSubstr("'TRIO' has two windings out of service"));
  (void)write_raw(net, 30, fine);
  EXPECT_THAT(fine.errors().back().text(),
              ::testing::HasSubstr("RAW version 30 cannot be written; give 33 to 35"));
}

/// A transformer of a MATPOWER case may have charging, for which RAW has no field.
TEST(RawWriter, ATransformersChargingIsKeptInThePowerFlow) {
  Network net = read_good(every_section(33));
  net.two_terminal_dc.clear();  // its commutating capacitor is more than the power flow solves
  net.branches[1].B = 0.4;
  Problems problems;
  const Network again = read_good(write_raw(net, 34, problems));
  PowerFlowOptions options;
  options.controls = PowerFlowControls::none();  // the records of the file test the reader only
  const PowerFlowResult a = solve_power_flow(net, options), b = solve_power_flow(again, options);
  for (std::size_t k = 0; k < net.buses.size(); ++k) EXPECT_NEAR(a.Vm[k], b.Vm[k], 1e-12);
}

/// Out of service its charging becomes a shunt that is out of service, too.
TEST(RawWriter, TheChargingOfATransformerOutOfServiceIsWritten) {
  Network net = read_good(every_section(33));
  net.branches[1].B = 0.4;
  net.branches[1].GJ = 0.02;
  net.branches[1].in_service = false;
  Problems problems;
  const Network again = read_good(write_raw(net, 34, problems));
  ASSERT_EQ(again.shunts.size(), net.shunts.size() + 1);
  EXPECT_FALSE(again.shunts.back().in_service);
  EXPECT_NEAR(again.shunts.back().B_Mvar, 20, 1e-12);
  EXPECT_NEAR(again.shunts.back().G_MW, 2, 1e-12);
  std::string said;
  for (const Problem& p : problems.warnings()) said += p.text() + "\n";
  EXPECT_THAT(said, ::testing::HasSubstr("1 transformers have charging or a shunt at their second end"));
}

TEST(RawWriter, NamesAreCutToTheWidthOfTheirFieldAndListed) {
  Network net = read_good(every_section(33));
  net.buses[0].name = "ALPHABETICAL ORDER";
  net.buses[1].name = "N\u00fcrnberg-x\u00d6";  // twelve characters end inside the last letter
  net.buses[2].name = "it's \"G\"";
  net.branches[1].name = "BANK ONE OF TWO";
  net.loads[0].id = "L-1";
  Problems at_33, at_34;
  const Network old = read_good(write_raw(net, 33, at_33)), fresh = read_good(write_raw(net, 34, at_34));
  EXPECT_EQ(old.buses[0].name, "ALPHABETICAL");
  EXPECT_EQ(fresh.buses[0].name, "ALPHABETICAL");
  EXPECT_EQ(old.buses[1].name, "N\u00fcrnberg-x");
  EXPECT_EQ(old.buses[2].name, "it's G");
  EXPECT_EQ(old.branches[1].name, "BANK ONE OF");
  EXPECT_EQ(fresh.branches[1].name, "BANK ONE OF TWO");
  EXPECT_EQ(old.loads[0].id, "L-1");
  std::string said;
  for (const Problem& p : at_33.warnings()) said += p.text() + "\n";
  using ::testing::HasSubstr;
  EXPECT_THAT(said, HasSubstr("2 bus names are longer than the 12 characters that version 33 holds and are "
                              "cut (first 'ALPHABETICAL ORDER')"));
  EXPECT_THAT(said, HasSubstr("1 bus names hold both kinds of quotes"));
  EXPECT_THAT(said, HasSubstr("1 transformer names are longer than the 12 characters"));
  EXPECT_THAT(said, HasSubstr("1 load identifiers are longer than the 2 characters"));
  EXPECT_FALSE(at_33.any());

  net.facts.push_back(net.facts[0]);
  net.facts[0].name = "STATCOM NORTH 1";
  net.facts[1].name = "STATCOM NORTH 2";
  Problems alike, apart;
  (void)write_raw(net, 33, alike);
  ASSERT_EQ(alike.errors().size(), 1U);
  EXPECT_THAT(alike.errors()[0].text(), HasSubstr("'STATCOM NORTH 2': cut to 'STATCOM NORT'"));
  (void)write_raw(net, 34, apart);
  EXPECT_FALSE(apart.any());
}

TEST(RawWriter, EveryReferenceFileIsReadBackEqual) {
  int files = 0;
  for (const char* folder : {"networks", "psse"}) {
    BALLAST_NEEDS_REFERENCE(path, folder);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.path().extension() != ".raw") continue;
      ++files;
      const Network net = read_network(entry.path().string());
      for (const int version : {33, 34, 35}) {
        const bool names = std::any_of(net.branches.begin(), net.branches.end(),
                                       [](const Branch& b) { return !b.transformer && !b.name.empty(); });
        if (version == 33 && names) continue;
        Problems problems;
        const std::string text = write_raw(net, version, problems);
        for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
        SameNetwork same(4e-16);
        same.compare(net, read_good(text));
        if (::testing::Test::HasFailure()) FAIL() << entry.path() << " as version " << version;
        if (version == 34)
          std::cout << "  " << entry.path().filename().string() << ": largest relative difference "
                    << same.worst << "\n";
      }
    }
  }
  EXPECT_GE(files, 18);
}

}  // namespace
}  // namespace ballast
