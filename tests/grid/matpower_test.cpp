#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "grid/readers.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

constexpr const char* kTables = R"(
mpc.baseMVA = 100;
mpc.bus = [
	10	3	0	0	0	0	1	1.02	5	345	2	1.1	0.9;
	20	1	90	30	5	-8	1	1	0	345	1	1.1	0.9;
];
mpc.gen = [
	10	85	-10	300	-300	1.02	120	1	250	10;
];
mpc.branch = [
	10	20	0.01	0.085	0.176	250	250	250	0	0	1	-360	360;
	10	20	0	0.2	0	0	0	0	0.95	-3	1	-360	360;
	20	10	0	0.2	0	0	0	0	0	0	0	-360	360;
];
)";

Network read(const std::string& text, Problems& problems) {
  return read_matpower_text(text, "case.m", problems);
}

Network read_good(const std::string& text) {
  Problems problems;
  Network net = read(text, problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  return net;
}

TEST(Matpower, ReadsBusesLoadsAndShunts) {
  const Network net = read_good(std::string("function mpc = tiny\nmpc.version = '2';") + kTables);
  EXPECT_EQ(net.name, "tiny");
  ASSERT_EQ(net.buses.size(), 2U);
  EXPECT_EQ(net.buses[0].number, 10);
  EXPECT_EQ(net.buses[0].type, BusType::SLACK);
  EXPECT_EQ(net.buses[0].Vm, 1.02);
  EXPECT_EQ(net.buses[0].Va_deg, 5);
  EXPECT_EQ(net.buses[0].base_kV, 345);
  EXPECT_EQ(net.buses[0].zone, 2);
  ASSERT_EQ(net.loads.size(), 1U);
  EXPECT_EQ(net.loads[0].P_MW, 90);
  EXPECT_EQ(net.loads[0].Q_Mvar, 30);
  ASSERT_EQ(net.shunts.size(), 1U);
  EXPECT_EQ(net.shunts[0].G_MW, 5);
  EXPECT_EQ(net.shunts[0].B_Mvar, -8);
}

TEST(Matpower, ReadsGeneratorsAndBranches) {
  const Network net = read_good(kTables);
  ASSERT_EQ(net.generators.size(), 1U);
  EXPECT_EQ(net.generators[0].base_MVA, 120);
  EXPECT_EQ(net.generators[0].Pmin_MW, 10);
  ASSERT_EQ(net.branches.size(), 3U);
  EXPECT_FALSE(net.branches[0].transformer);
  EXPECT_EQ(net.branches[0].ratio, 1);
  EXPECT_EQ(net.branches[0].rate_MVA, 250);
  EXPECT_TRUE(net.branches[1].transformer);
  EXPECT_EQ(net.branches[1].ratio, 0.95);
  EXPECT_EQ(net.branches[1].angle_deg, -3);
  EXPECT_EQ(net.branches[1].id, "2");
  EXPECT_EQ(net.branches[2].id, "3");  // parallel, in the other direction
  EXPECT_FALSE(net.branches[2].in_service);
}

TEST(Matpower, ElementsKnowWhereTheyWereRead) {
  const Network net = read_good(kTables);
  EXPECT_EQ(net.buses[1].place.text(), "case.m:5:2");
  EXPECT_EQ(net.branches[1].place.text(), "case.m:12:2");
}

TEST(Matpower, UnderstandsCommentsContinuationsCommasAndInfinities) {
  const Network net = read_good(R"(function s = odd   % the struct need not be called mpc
%{
s.baseMVA = 7;   % a block comment
%}
s.baseMVA = 1e2; s.version = "2";
s.bus = [1, 3, 0, 0, 0, 0, 1, 1.0, 0, 0, 1, 1.1, 0.9   % no semicolon: the line end closes the row
         2 1 5 1 ...  continued
           0 0 1 1 0 0 1 1.1 .9; 3 1 0 0 0 0 1 1 0 0 1 1.1 0.9];
s.gen = [ 1 0 0 Inf -Inf 1 0 1 +1e3 -0 ];
s.branch = [ 1 2 0 .1 0 0 0 0 0 0 1
             2 3 0 .1 0 0 0 0 0 0 1 ];
s.bus_name = { 'O''Hare';  'a % b; c' ; "three" };
s.gencost = [ 2 0 0 3 0.1 5 0 ];
)");
  EXPECT_EQ(net.base_MVA, 100);
  ASSERT_EQ(net.buses.size(), 3U);
  EXPECT_EQ(net.buses[1].name, "a % b; c");
  EXPECT_EQ(net.generators[0].Qmax_Mvar, std::numeric_limits<double>::infinity());
  EXPECT_EQ(net.generators[0].base_MVA, 100);  // 0 means baseMVA
  EXPECT_EQ(net.loads[0].P_MW, 5);
}

TEST(Matpower, TheMissingFrequencyIsSaid) {
  Problems problems;
  const Network net = read(kTables, problems);
  ASSERT_EQ(problems.warnings().size(), 1U);
  EXPECT_THAT(problems.warnings()[0].text(), HasSubstr("60 Hz is assumed"));
  EXPECT_EQ(net.frequency_Hz, 60);
}

TEST(Matpower, ADcLineIsReadColumnByColumn) {
  Problems problems;
  const Network net =
      read(std::string(kTables) +
               "mpc.dcline = [ 10 20 1 312.5 300 -5 7 1.01 0.99 10 400 -50 60 -70 80 2.5 0.03 ];\n",
           problems);
  ASSERT_EQ(net.power_transfer_dc.size(), 1U);
  const PowerTransferDc& line = net.power_transfer_dc[0];
  EXPECT_EQ(line.from, 0);
  EXPECT_EQ(line.to, 1);
  EXPECT_TRUE(line.in_service);
  EXPECT_EQ(line.PF_MW, 312.5);
  EXPECT_EQ(line.PT_MW, 300);
  EXPECT_EQ(line.QF_Mvar, -5);
  EXPECT_EQ(line.QT_Mvar, 7);
  EXPECT_EQ(line.VF, 1.01);
  EXPECT_EQ(line.VT, 0.99);
  EXPECT_EQ(line.PMIN_MW, 10);
  EXPECT_EQ(line.PMAX_MW, 400);
  EXPECT_EQ(line.QMINF_Mvar, -50);
  EXPECT_EQ(line.QMAXF_Mvar, 60);
  EXPECT_EQ(line.QMINT_Mvar, -70);
  EXPECT_EQ(line.QMAXT_Mvar, 80);
  EXPECT_EQ(line.LOSS0_MW, 2.5);
  EXPECT_EQ(line.LOSS1, 0.03);
}

struct Published {
  const char* file;
  std::size_t buses, generators, branches;
};

TEST(Matpower, ReadsThePublishedCases) {
  // Counts as their headers and tables give them (wc of the rows).
  const Published cases[] = {{"case9", 9, 3, 9},
                             {"case14", 14, 5, 20},
                             {"case39", 39, 10, 46},
                             {"case118", 118, 54, 186},
                             {"case300", 300, 69, 411},
                             {"case2383wp", 2383, 327, 2896},
                             {"case_ACTIVSg200", 200, 49, 245},
                             {"case_ACTIVSg2000", 2000, 544, 3206},
                             {"case_ACTIVSg10k", 10000, 2485, 12706}};
  for (const Published& published : cases) {
    BALLAST_NEEDS_REFERENCE(path, std::string("networks/") + published.file + ".m");
    Problems problems;
    const Network net = read_network(path, problems);
    for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
    EXPECT_EQ(net.buses.size(), published.buses) << published.file;
    EXPECT_EQ(net.generators.size(), published.generators) << published.file;
    EXPECT_EQ(net.branches.size(), published.branches) << published.file;
  }
}

}  // namespace
}  // namespace ballast
