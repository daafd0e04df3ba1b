// Transformer records in all their forms against values worked out by hand beside each.
#include "grid/raw_transformer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "grid/branch.hpp"
#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "tests/grid/raw_text.hpp"

namespace ballast {
namespace {

using testing::raw_file;
using testing::Sections;

/// One transformer between bus 1 (230 kV) and bus 2 (138 kV), system base 100 MVA.
Branch two_winding(const std::string& codes_and_magnetising, const std::string& impedance,
                   const std::string& first, const std::string& second) {
  Sections sections = testing::two_bus_sections();
  sections["branch"] = "";
  sections["transformer"] = "1,2,0,'T1'," + codes_and_magnetising + ",2,'BANK',1,1,1.0\n" + impedance + "\n" +
                            first + "\n" + second + "\n";
  Problems problems;
  const Network net = read_raw_text(raw_file(sections), "case.raw", problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  if (net.branches.size() != 1) {
    ADD_FAILURE() << "the transformer was not read";
    return {};
  }
  return net.branches[0];
}

TEST(RawTransformer, Cw1Cz1IsInPerUnitOfTheSystem) {
  const Branch t = two_winding("1,1,1,0,0", "0.002,0.1,250.0", "1.05,0,-30.0,250,0,0", "1.0,0");
  EXPECT_TRUE(t.transformer);
  EXPECT_EQ(t.name, "BANK");
  EXPECT_DOUBLE_EQ(t.ratio, 1.05);
  EXPECT_DOUBLE_EQ(t.angle_deg, -30);
  EXPECT_DOUBLE_EQ(t.R, 0.002);
  EXPECT_DOUBLE_EQ(t.X, 0.1);
  EXPECT_DOUBLE_EQ(t.rate_MVA, 250);
}

TEST(RawTransformer, Cz2IsOnTheWindingBase) {
  const Branch t = two_winding("1,2,1,0,0", "0.005,0.1,250.0", "1.0,0,0", "1.0,0");
  EXPECT_DOUBLE_EQ(t.R, 0.002);  // 0.005 * 100 / 250
  EXPECT_DOUBLE_EQ(t.X, 0.04);
}

TEST(RawTransformer, Cz3IsLoadLossInWattsAndMagnitude) {
  // 1 MW of 250 MVA: R = 0.004 pu on 250 MVA; X = sqrt(0.1^2 - 0.004^2) = 0.0999199680 pu; both times
  // 100/250.
  const Branch t = two_winding("1,3,1,0,0", "1.0E6,0.1,250.0", "1.0,0,0", "1.0,0");
  EXPECT_NEAR(t.R, 0.0016, 1e-15);
  EXPECT_NEAR(t.X, 0.03996798719, 1e-11);
}

TEST(RawTransformer, AnOffNominalSecondWindingScalesTheImpedance) {
  const Branch t = two_winding("1,1,1,0,0", "0.002,0.1,250.0", "1.05,0,0", "0.96,0");
  EXPECT_NEAR(t.ratio, 1.09375, 1e-15);   // 1.05 / 0.96
  EXPECT_NEAR(t.X, 0.1 * 0.9216, 1e-15);  // 0.96^2
  EXPECT_NEAR(t.R, 0.002 * 0.9216, 1e-15);
}

TEST(RawTransformer, Cw2IsInKilovolts) {
  const Branch t = two_winding("2,1,1,0,0", "0.0,0.1,250.0", "241.5,230,0", "144.9,138");
  EXPECT_NEAR(t.ratio, 1.0, 1e-14);  // 1.05 / 1.05
  EXPECT_NEAR(t.X, 0.1 * 1.1025, 1e-14);
}

TEST(RawTransformer, Cw2WithEmptyFieldsMeansTheBusVoltages) {
  const Branch t = two_winding("2,1,1,0,0", "0.0,0.1,250.0", ",,0", ",");
  EXPECT_DOUBLE_EQ(t.ratio, 1);
  EXPECT_DOUBLE_EQ(t.X, 0.1);
}

TEST(RawTransformer, Cw3IsInPerUnitOfTheNominalWindingVoltage) {
  // t1 = 1.02 * 220 / 230, t2 = 1 * 144.9 / 138 = 1.05
  const Branch t = two_winding("3,1,1,0,0", "0.0,0.1,250.0", "1.02,220.0,0", "1.0,144.9");
  EXPECT_NEAR(t.ratio, 1.02 * 220.0 / 230.0 / 1.05, 1e-14);
  EXPECT_NEAR(t.X, 0.1 * 1.1025, 1e-14);
}

TEST(RawTransformer, Cw3WithoutNominalVoltageMeansTheBusVoltage) {
  const Branch t = two_winding("3,1,1,0,0", "0.0,0.1,250.0", "1.02,0.0,0", "1.0,0");
  EXPECT_DOUBLE_EQ(t.ratio, 1.02);
}

TEST(RawTransformer, Cm1MagnetisingAdmittanceStandsAtTheFirstBus) {
  // Current drawn at bus 1 with the other side open must be V * (G + jB), whatever the taps.
  const Branch t = two_winding("1,1,1,0.001,-0.02", "0.0,0.1,250.0", "1.05,0,0", "0.96,0");
  const BranchBlock block = branch_block(t);
  const std::complex<double> seen = block.ff - block.ft * block.tf / block.tt;
  EXPECT_NEAR(seen.real(), 0.001, 1e-14);
  EXPECT_NEAR(seen.imag(), -0.02, 1e-14);
}

TEST(RawTransformer, Cm2IsNoLoadLossInWattsAndExcitingCurrent) {
  // 200 kW: G = 0.002 pu on 100 MVA. 1 % of 250 MVA: |Y| = 0.025. B = -sqrt(0.025^2 - 0.002^2) =
  // -0.0249198716.
  const Branch t = two_winding("1,1,2,200000.0,0.01", "0.0,0.1,250.0", "1.0,230.0,0", "1.0,138");
  EXPECT_NEAR(t.GI, 0.002, 1e-15);
  EXPECT_NEAR(t.BI, -0.0249198716, 1e-10);
}

TEST(RawTransformer, Cm2IsReferredToTheNominalVoltage) {
  // NOMV = 115 kV on a 230 kV bus: admittances in pu of the bus are (230/115)^2 = 4 times larger.
  const Branch t = two_winding("1,1,2,200000.0,0.01", "0.0,0.1,250.0", "1.0,115.0,0", "1.0,138");
  EXPECT_NEAR(t.GI, 0.008, 1e-15);
  EXPECT_NEAR(std::hypot(t.GI, t.BI), 0.1, 1e-14);
}

/// Three windings on buses 1 (slack, 230 kV), 2 (138 kV), 3 (13.8 kV).
Network three_winding(const std::string& status, const std::string& windings) {
  Sections sections = testing::two_bus_sections();
  sections["bus"] += "3,'THREE',13.8,1,1,1,1,1.0,0.0\n";
  sections["load"] = "2,'1',1,1,1,50.0,20.0,0,0,0,0,1\n3,'1',1,1,1,10.0,5.0,0,0,0,0,1\n";
  sections["branch"] = "";
  sections["transformer"] = "1,2,3,'T1',1,2,1,0.0,-0.01,2,'TRIO'," + status +
                            ",1,1.0\n0.0,0.10,200.0,0.0,0.06,50.0,0.0,0.15,100.0,0.99,-2.5\n" + windings;
  Problems problems;
  Network net = read_raw_text(raw_file(sections), "case.raw", problems);
  for (const Problem& problem : problems.errors()) ADD_FAILURE() << problem.text();
  return net;
}

constexpr const char* kWindings = "1.0,0,0,200\n1.0,0,0,200\n1.0,0,0,50\n";

TEST(RawThreeWinding, BecomesAStarWithTheHandComputedLegs) {
  // On 100 MVA: x12 = 0.05, x23 = 0.12, x31 = 0.15; x1 = (0.05+0.15-0.12)/2 = 0.04, x2 = 0.01, x3 = 0.11.
  const Network net = three_winding("1", kWindings);
  ASSERT_EQ(net.buses.size(), 4U);
  EXPECT_EQ(net.buses[3].number, 1000001);
  EXPECT_EQ(net.buses[3].Vm, 0.99);
  EXPECT_EQ(net.buses[3].Va_deg, -2.5);
  ASSERT_EQ(net.branches.size(), 3U);
  EXPECT_NEAR(net.branches[0].X, 0.04, 1e-15);
  EXPECT_NEAR(net.branches[1].X, 0.01, 1e-15);
  EXPECT_NEAR(net.branches[2].X, 0.11, 1e-15);
  EXPECT_NEAR(net.branches[0].BI, -0.01, 1e-15);
  EXPECT_EQ(net.branches[2].from, 2);
  EXPECT_EQ(net.branches[2].to, 3);
}

TEST(RawThreeWinding, MeasuresItsShortCircuitImpedances) {
  // Bus 2 shorted, 3 open: from bus 1 the impedance is Z12, without the magnetising admittance.
  const Network net = three_winding("1", kWindings);
  EXPECT_NEAR(net.branches[0].X + net.branches[1].X, 0.05, 1e-15);
  EXPECT_NEAR(net.branches[1].X + net.branches[2].X, 0.12, 1e-15);
  EXPECT_NEAR(net.branches[2].X + net.branches[0].X, 0.15, 1e-15);
}

TEST(RawThreeWinding, EachWindingHasItsOwnTapAngleAndRating) {
  const Network net = three_winding("1", "1.05,0,0,200\n0.98,0,-30,150\n1.02,0,30,50\n");
  EXPECT_DOUBLE_EQ(net.branches[0].ratio, 1.05);
  EXPECT_DOUBLE_EQ(net.branches[1].ratio, 0.98);
  EXPECT_DOUBLE_EQ(net.branches[1].angle_deg, -30);
  EXPECT_DOUBLE_EQ(net.branches[2].angle_deg, 30);
  EXPECT_DOUBLE_EQ(net.branches[2].rate_MVA, 50);
  const PowerFlowResult flow = solve_power_flow(net);
  // ANG is the lead of the winding over the star: bus 2 stands near -30, bus 3 near +30 degrees, less the lag
  // of the load.
  EXPECT_NEAR(flow.Va_deg[1], -30, 2.5);
  EXPECT_NEAR(flow.Va_deg[2], 30, 2.5);
}

TEST(RawThreeWinding, StatOpensTheWindingItNames) {
  struct Case {
    const char* status;
    bool one, two, three;
  };
  for (const Case& c :
       {Case{"0", false, false, false}, Case{"1", true, true, true}, Case{"2", true, false, true},
        Case{"3", true, true, false}, Case{"4", false, true, true}}) {
    const Network net = three_winding(c.status, kWindings);
    EXPECT_EQ(net.branches[0].in_service, c.one) << "STAT " << c.status;
    EXPECT_EQ(net.branches[1].in_service, c.two) << "STAT " << c.status;
    EXPECT_EQ(net.branches[2].in_service, c.three) << "STAT " << c.status;
  }
}

}  // namespace
}  // namespace ballast
