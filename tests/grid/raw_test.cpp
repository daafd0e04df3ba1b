#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid/admittance.hpp"
#include "grid/readers.hpp"
#include "tests/grid/raw_text.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::raw_file;
using testing::Sections;
using testing::two_bus_sections;

Network read_good(const std::string& text, Problems& problems) {
  Network net = read_raw_text(text, "case.raw", problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  return net;
}

Network read_good(const std::string& text) {
  Problems problems;
  return read_good(text, problems);
}

std::string warnings(const Problems& problems) {
  std::string text;
  for (const Problem& problem : problems.warnings()) text += problem.text() + "\n";
  return text;
}

TEST(Raw, ReadsTheBasicRecords) {
  Problems problems;
  const Network net = read_good(raw_file(two_bus_sections()), problems);
  EXPECT_EQ(warnings(problems), "");
  EXPECT_EQ(net.name, "TITLE");
  EXPECT_EQ(net.base_MVA, 100);
  ASSERT_EQ(net.buses.size(), 2U);
  EXPECT_EQ(net.buses[0].name, "ONE");
  EXPECT_EQ(net.buses[0].type, BusType::SLACK);
  EXPECT_EQ(net.buses[1].base_kV, 138);
  ASSERT_EQ(net.generators.size(), 1U);
  EXPECT_EQ(net.generators[0].base_MVA, 120);
  EXPECT_EQ(net.generators[0].ZX, 0.25);
  EXPECT_EQ(net.generators[0].regulated_bus, -1);
  ASSERT_EQ(net.branches.size(), 1U);
  EXPECT_EQ(net.branches[0].B, 0.02);
  EXPECT_EQ(net.branches[0].rate_MVA, 100);
  EXPECT_EQ(net.branches[0].place.text(), "case.raw:12:1");
}

TEST(Raw, FieldsMayBeSeparatedByBlanksAndLeftEmpty) {
  Sections sections = two_bus_sections();
  sections["bus"] = "  1 'ONE, A/B'  230.0 3\n2,,138.0,,,,, 0.98 /,4,4,4\n";
  sections["generator"] = "1,,50.0,,,,1.02/\n";
  const Network net = read_good(raw_file(sections));
  EXPECT_EQ(net.buses[0].name, "ONE, A/B");
  EXPECT_EQ(net.buses[0].Vm, 1);
  EXPECT_EQ(net.buses[1].type, BusType::PQ);
  EXPECT_EQ(net.buses[1].area, 1);
  EXPECT_EQ(net.buses[1].Vm, 0.98);
  EXPECT_EQ(net.generators[0].id, "1");
  EXPECT_EQ(net.generators[0].Qmax_Mvar, 9999);
  EXPECT_EQ(net.generators[0].base_MVA, 100);  // MBASE defaults to SBASE
  EXPECT_EQ(net.generators[0].ZX, 1);
  EXPECT_EQ(net.generators[0].share_percent, 100);
}

TEST(Raw, LoadsHaveZipPartsAndAPositiveYqOfTheFileIsACapacitor) {
  Sections sections = two_bus_sections();
  sections["load"] = "2,'A',1,1,1,1,2,3,4,5,-6,1\n2,'B',0,1,1,1,2,3,4,5,6,1\n";
  const Network net = read_good(raw_file(sections));
  ASSERT_EQ(net.loads.size(), 2U);
  EXPECT_EQ(net.loads[0].IP_MW, 3);
  EXPECT_EQ(net.loads[0].IQ_Mvar, 4);
  EXPECT_EQ(net.loads[0].YP_MW, 5);
  EXPECT_EQ(net.loads[0].YQ_Mvar, 6);
  EXPECT_EQ(net.loads[1].YQ_Mvar, -6);
  EXPECT_FALSE(net.loads[1].in_service);
}

TEST(Raw, LineShuntsStayAtTheirEnds) {
  Sections sections = two_bus_sections();
  sections["branch"] = "1,-2,'1',0.01,0.1,0.02,100,0,0,0.001,-0.2,0.003,-0.4,1,2,0,1,1\n";
  const Network net = read_good(raw_file(sections));
  EXPECT_EQ(net.branches[0].GI, 0.001);
  EXPECT_EQ(net.branches[0].BI, -0.2);
  EXPECT_EQ(net.branches[0].GJ, 0.003);
  EXPECT_EQ(net.branches[0].BJ, -0.4);
}

TEST(Raw, SwitchedShuntsStartAtBinit) {
  Sections sections = two_bus_sections();
  sections["fixed shunt"] = "2,'1',1,1.0,-5.0\n";
  sections["switched shunt"] =
      "2,1,0,1,1.02,0.95,0,100.0,'',75.0,4,25.0\n1,0,0,1,1.02,0.95,0,100.0,'',-30.0,1,-30\n";
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  ASSERT_EQ(net.shunts.size(), 1U);
  EXPECT_EQ(net.shunts[0].B_Mvar, -5);
  ASSERT_EQ(net.switched_shunts.size(), 2U);
  EXPECT_EQ(net.switched_shunts[0].BINIT_Mvar, 75);
  EXPECT_EQ(net.switched_shunts[1].BINIT_Mvar, -30);
  EXPECT_NEAR(admittance_matrix(net).coeff(1, 1).imag() -
                  admittance_matrix(net, {.shunts = false}).coeff(1, 1).imag(),
              0.70, 1e-12);  // -5 fixed and 75 switched, on 100 MVA
  EXPECT_TRUE(problems.warnings().empty());
}

TEST(Raw, RemoteRegulationNamesTheBus) {
  Sections sections = two_bus_sections();
  sections["generator"] = "1,'1',50.0,0.0,100.0,-100.0,1.02,2,120.0,0,0.25,0,0,1.0,1,60.0,100.0,0.0,1,1.0\n";
  const Network net = read_good(raw_file(sections));
  EXPECT_EQ(net.generators[0].regulated_bus, 1);
  EXPECT_EQ(net.generators[0].share_percent, 60);
}

TEST(Raw, WhatIsNotModelledIsNamedWithItsPower) {
  Sections sections = two_bus_sections();
  sections["area"] = "1,1,400.0,5.0,'WEST'\n";
  sections["two-terminal dc"] =
      "'PACI',1,10.0,2000.0,500.0,0,0,0,'I',0,20,1\n1,2,20,5,0,6,230\n2,2,20,5,0,6,230\n"
      "'OLD',0,10.0,900,500\n1,2,20,5\n2,2,20,5\n";
  sections["vsc dc"] = "'LINK',1,1.0,1,1\n1,1,1,400\n2,2,1,-350\n";
  sections["multi-terminal dc"] =
      "'MT',2,2,1,1,1,450,0\n1,2,20,5,0,0,1,1,1,1,1,1,700\n2,2,20,5,0,0,1,1,1,1,1,1,-700\n1,1,1,1\n2,2,1,"
      "1\n1,2,'1',1,5\n";
  sections["facts"] = "'STATCOM',2,0,1,0,80.0\n";
  sections["induction"] = "2,'1',1,1,1,1,1,1,1,1,50,13.8,1,42.0\n";
  sections["gne"] = "'G','BESSMODEL',1,2,0,0,0\n1,1,1\n";
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  EXPECT_EQ(net.generators.size(), 1U);
  const std::string said = warnings(problems);
  EXPECT_THAT(said, HasSubstr("multi-terminal DC line 'MT': set points 700 at bus 1, -700 at bus 2"));
  EXPECT_THAT(said, HasSubstr("GNE device 'G'"));
}

TEST(Raw, AHeaderWithoutVersionSaysWhatIsAssumed) {
  Problems problems;
  read_good(raw_file(two_bus_sections(), "0,  100.000   / PSS/E-33.2    SUN, MAR 10 2013\n"), problems);
  EXPECT_THAT(warnings(problems),
              HasSubstr("case.raw:1:47: the header gives no version; 33 is assumed from its comment"));
  EXPECT_THAT(warnings(problems), HasSubstr("60 Hz is assumed"));
}

TEST(Raw, ASecondCircuitWithTheSameIdIsKeptAndNamed) {
  Sections sections = two_bus_sections();
  sections["branch"] += "2,1,'1',0.01,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1\n";
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  ASSERT_EQ(net.branches.size(), 2U);
  EXPECT_EQ(net.branches[1].id, "1#2");
  EXPECT_THAT(warnings(problems),
              HasSubstr("circuit '1' is already defined; kept as a parallel circuit with the id '1#2'"));
}

TEST(Raw, HundredsOfRepeatedCircuitsAreCountedInOneWarning) {
  Sections sections = two_bus_sections();
  for (int k = 0; k < 200; ++k) sections["branch"] += "1,2,'1',0.01,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1\n";
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  EXPECT_EQ(net.branches.size(), 201U);
  EXPECT_EQ(problems.warnings().size(), 4U);
  EXPECT_THAT(warnings(problems), HasSubstr("case.raw: 197 further branches repeat a circuit id"));
}

TEST(Raw, AZeroImpedanceLineBecomesASmallReactanceAndThatIsSaid) {
  Sections sections = two_bus_sections();
  sections["branch"] = "1,2,'1',0.0,0.0,0.0,100,0,0,0,0,0,0,1,1,0,1,1\n";
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  EXPECT_EQ(net.branches[0].X, 1e-5);
  EXPECT_THAT(warnings(problems), HasSubstr("zero impedance; X = 1e-05 pu is used"));
}

TEST(Raw, QEndsTheFileWithSectionsLeftOut) {
  const std::string text =
      "0,100.0,33,0,0,60.0\nT\n\n1,'ONE',230.0,3\n0\n0\n0\n1,'1',0.0\n0\nQ\nthis is never read\n";
  EXPECT_EQ(read_good(text).buses.size(), 1U);
}

TEST(Raw, Version34HasNamesTwelveRatingsAndCommentLines) {
  const std::string text =
      "@!IC,SBASE,REV\n0,100.0,34,0,0,50.0 / test\nT\n\n"
      "GENERAL, THRSHZ=0.0001\n0 / END OF SYSTEM-WIDE DATA, BEGIN BUS DATA\n"
      "@! I,'NAME'\n1,'ONE',230.0,3,1,1,1,1.02,0.0,1.1,0.9,1.1,0.9\n2,'TWO',230.0,1\n"
      "0 / END OF BUS DATA, BEGIN LOAD DATA\n"
      "2,'1',1,1,1,50.0,20.0,0,0,0,0,1,1,0,12.0,3.0,1\n"
      "0 / END OF LOAD DATA, BEGIN FIXED SHUNT DATA\n0 / END OF FIXED SHUNT DATA, BEGIN GENERATOR DATA\n"
      "1,'1',50.0,0.0\n0 / END OF GENERATOR DATA, BEGIN BRANCH DATA\n"
      "1,2,'1',0.01,0.1,0.02,'LINE A',111,0,0,0,0,0,0,0,0,0,0,0,0.1,0.2,0.3,0.4,1,1,0,1,1\n"
      "0 / END OF BRANCH DATA, BEGIN SYSTEM SWITCHING DEVICE DATA\n"
      "1,2,'@1',0.0002,55,0,0,0,0,0,0,0,0,0,0,0,1,1,1,2,'BREAKER'\n"
      "0 / END OF SYSTEM SWITCHING DEVICE DATA, BEGIN TRANSFORMER DATA\nQ\n";
  const Network net = read_good(text);
  EXPECT_EQ(net.frequency_Hz, 50);
  ASSERT_EQ(net.branches.size(), 2U);
  EXPECT_EQ(net.branches[0].name, "LINE A");
  EXPECT_EQ(net.branches[0].rate_MVA, 111);
  EXPECT_EQ(net.branches[0].BJ, 0.4);
  EXPECT_EQ(net.branches[1].X, 0.0002);
  EXPECT_EQ(net.branches[1].name, "BREAKER");
  EXPECT_EQ(net.loads[0].P_MW, 38);  // net of 12 MW of generation on the feeder
  EXPECT_EQ(net.loads[0].Q_Mvar, 17);
}

TEST(Raw, SaysWhatWindMachinesAreTakenFor) {
  Sections sections = two_bus_sections();
  const auto wind = [](const char* id, int WMOD) {
    return "1,'" + std::string(id) +
           "',50.0,0.0,100.0,-100.0,1.02,0,120.0,0.0,0.25,0,0,1.0,1,100.0,100.0,0.0," +
           "1,1.0,0,1.0,0,1.0,0,1.0," + std::to_string(WMOD) + ",0.95\n";
  };
  sections["generator"] += wind("W1", 1) + wind("W2", 2) + wind("W3", 2) + wind("W4", 3);
  Problems problems;
  const Network net = read_good(raw_file(sections), problems);
  EXPECT_EQ(net.generators.size(), 5U);
  EXPECT_THAT(warnings(problems), HasSubstr("2 machines in service have WMOD 2"));
  EXPECT_THAT(warnings(problems), HasSubstr("1 machines in service have WMOD 3"));
}

}  // namespace
}  // namespace ballast
