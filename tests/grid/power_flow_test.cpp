#include "grid/power_flow.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "grid/branch.hpp"
#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::make_bus;
using testing::make_generator;
using testing::make_line;
using testing::make_load;
using testing::two_bus;

constexpr double kDegrees = 180 / std::numbers::pi;

/// V of the load bus behind a reactance X from 1 pu: V^2 is the larger root of
/// V^4 + (2 Q X - 1) V^2 + X^2 (P^2 + Q^2) = 0 (per unit).
double closed_form_V(double X, double P, double Q) {
  const double b = 1 - 2 * Q * X;
  return std::sqrt((b + std::sqrt(b * b - 4 * X * X * (P * P + Q * Q))) / 2);
}

TEST(PowerFlow, TwoBusesAgreeWithTheClosedForm) {
  const PowerFlowResult flow = solve_power_flow(two_bus(0.2, 150, 50));
  const double V = closed_form_V(0.2, 1.5, 0.5);
  const double angle = -std::asin(1.5 * 0.2 / V) * kDegrees;
  EXPECT_NEAR(flow.Vm[1], V, 1e-12) << "measured difference " << flow.Vm[1] - V;
  EXPECT_NEAR(flow.Va_deg[1], angle, 1e-10);
  EXPECT_NEAR(flow.generator_P_MW[0], 150, 1e-9);
  EXPECT_NEAR(flow.islands[0].slack_pickup_MW, 150, 1e-9);
  EXPECT_LT(flow.mismatch_pu, 1e-12);
}

TEST(PowerFlow, ConvergesCloseToTheNose) {
  // Q = 0: the nose is at P = 1/(2X) = 2.5 pu; 2.49 leaves V^2 = (1 + sqrt(1 - 4 X^2 P^2))/2.
  const PowerFlowResult flow = solve_power_flow(two_bus(0.2, 249, 0));
  EXPECT_NEAR(flow.Vm[1], closed_form_V(0.2, 2.49, 0), 1e-9);
}

TEST(PowerFlow, ALowVoltageSolutionIsCalledThat) {
  // A load of 120 MW behind 0.2 pu has a second solution at V^2 = (1 - sqrt(1 - 0.48^2))/2, reached from a
  // low start.
  Network net = two_bus(0.2, 120, 0);
  net.buses[1].Vm = 0.5;
  net.buses[1].Va_deg = -75;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], std::sqrt((1 - std::sqrt(1 - 0.48 * 0.48)) / 2), 1e-10);
  ASSERT_EQ(flow.warnings.size(), 1U);
  EXPECT_THAT(flow.warnings[0].text(), HasSubstr("probably the low-voltage solution"));
}

TEST(PowerFlow, BeyondTheNoseTheErrorNamesTheBusTheMismatchAndHowMuchCanBeSolved) {
  try {
    (void)solve_power_flow(two_bus(0.2, 260, 0));
    FAIL() << "there is no solution beyond 250 MW";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no power flow solution in the island of bus 1 (2 buses)"));
    EXPECT_THAT(error.what(), HasSubstr("at bus 2"));
    EXPECT_THAT(error.what(), HasSubstr("96.1 % of all injections can be solved"));  // 250 / 260 = 96.15 %
  }
}

TEST(PowerFlow, ConstantCurrentAndAdmittanceLoadsFollowTheVoltage) {
  Network net = two_bus(0.2, 0, 0);
  net.loads[0].IP_MW = 80;
  net.loads[0].IQ_Mvar = 30;
  net.loads[0].YP_MW = 60;
  net.loads[0].YQ_Mvar = 20;
  const PowerFlowResult flow = solve_power_flow(net);
  const double V = flow.Vm[1];
  const BranchFlow line = branch_flow(branch_block(net.branches[0]), flow.voltage(0), flow.voltage(1));
  EXPECT_NEAR(-line.to.real(), 0.8 * V + 0.6 * V * V, 1e-12);
  EXPECT_NEAR(-line.to.imag(), 0.3 * V + 0.2 * V * V, 1e-12);
  EXPECT_LT(V, 0.95);
}

TEST(PowerFlow, ATapAndAPhaseShiftActAsWorkedOutByHand) {
  // No load: the bus behind ratio 1.1 and 12 degrees stands at 1/1.1 and -12 degrees.
  Network net = two_bus(0.2, 0, 0);
  net.branches[0].ratio = 1.1;
  net.branches[0].angle_deg = 12;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1 / 1.1, 1e-12);
  EXPECT_NEAR(flow.Va_deg[1], -12, 1e-10);
}

TEST(PowerFlow, APhaseShifterInARingDrivesACirculatingFlow) {
  // Two parallel lines of X = 0.2, one shifted by 10 degrees, no load: P = sin(10 deg)/(0.4) in the ring.
  Network net;
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PV)};
  net.branches = {make_line(0, 1, 0, 0.2), make_line(0, 1, 0, 0.2, 0, "2")};
  net.branches[1].angle_deg = 10;
  net.generators = {make_generator(0, 0, 1), make_generator(1, 0, 1)};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Va_deg[1], -5, 1e-10);
  const BranchFlow line = branch_flow(branch_block(net.branches[0]), flow.voltage(0), flow.voltage(1));
  EXPECT_NEAR(line.from.real(), std::sin(5 / kDegrees) / 0.2, 1e-12);
}

TEST(PowerFlow, AShuntSuppliesItsReactivePowerAtTheSquareOfTheVoltage) {
  Network net = two_bus(0.2, 0, 0);
  Shunt shunt;
  shunt.bus = 1;
  shunt.B_Mvar = 50;
  net.shunts = {shunt};
  // V (1/X - B) = 1/X
  EXPECT_NEAR(solve_power_flow(net).Vm[1], 5 / (5 - 0.5), 1e-12);
}

TEST(PowerFlow, ATypeTwoBusWithoutARunningGeneratorIsPq) {
  Network net = two_bus(0.2, 100, 30);
  net.buses[1].type = BusType::PV;
  EXPECT_NEAR(solve_power_flow(net).Vm[1], closed_form_V(0.2, 1, 0.3), 1e-12);
  net.generators.push_back(make_generator(1, 0, 1.03));
  net.generators[1].in_service = false;
  EXPECT_NEAR(solve_power_flow(net).Vm[1], closed_form_V(0.2, 1, 0.3), 1e-12);
  net.generators[1].in_service = true;
  EXPECT_NEAR(solve_power_flow(net).Vm[1], 1.03, 1e-12);
}

TEST(PowerFlow, AGeneratorAtAPqBusKeepsItsReactivePowerAndThatIsSaid) {
  Network net = two_bus(0.2, 100, 30);
  net.generators.push_back(make_generator(1, 40, 1.0));
  net.generators[1].Q_Mvar = 12;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], closed_form_V(0.2, 0.6, 0.18), 1e-12);
  EXPECT_EQ(flow.generator_Q_Mvar[1], 12);
  ASSERT_EQ(flow.warnings.size(), 1U);
  EXPECT_THAT(flow.warnings[0].text(), HasSubstr("bus 2: generator '1' runs at a bus of type PQ"));
}

/// Bus 1 (slack) - bus 2 - bus 3 (generator holding bus 2 from behind its transformer).
Network remote(double Vset) {
  Network net;
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PV)};
  net.branches = {make_line(0, 1, 0.01, 0.1), make_line(1, 2, 0, 0.05)};
  net.generators = {make_generator(0, 0, 1.0), make_generator(2, 60, Vset)};
  net.generators[1].regulated_bus = 1;
  net.loads = {make_load(1, 100, 40)};
  net.index_buses();
  return net;
}

TEST(PowerFlow, RemoteRegulationHoldsTheOtherBus) {
  const PowerFlowResult flow = solve_power_flow(remote(1.01));
  EXPECT_NEAR(flow.Vm[1], 1.01, 1e-12);
  EXPECT_GT(flow.Vm[2], 1.01);  // Q flows towards bus 2
  EXPECT_LT(flow.mismatch_pu, 1e-12);
}

TEST(PowerFlow, GeneratorBusesThatHoldOneVoltageShareItsReactivePowerByRmpct) {
  Network net = remote(1.01);
  net.buses.push_back(make_bus(4, BusType::PV));
  net.branches.push_back(make_line(1, 3, 0, 0.08));
  net.generators.push_back(make_generator(3, 20, 1.01));
  net.generators[2].regulated_bus = 1;
  net.generators[1].share_percent = 75;
  net.generators[2].share_percent = 25;
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.01, 1e-12);
  EXPECT_NEAR(flow.generator_Q_Mvar[1] / flow.generator_Q_Mvar[2], 3, 1e-9);
  EXPECT_LT(flow.mismatch_pu, 1e-12);
}

TEST(PowerFlow, RegulatingTheSlackBusFallsBackToTheOwnBus) {
  Network net = remote(1.01);
  net.generators[1].regulated_bus = 0;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[2], 1.01, 1e-12);
  ASSERT_FALSE(flow.warnings.empty());
  EXPECT_THAT(flow.warnings[0].text(), HasSubstr("cannot regulate bus 1, which is the slack bus"));
}

TEST(PowerFlow, UnitsOfOneBusShareInTheProportionOfTheFileThenByRangeThenByRating) {
  Network net = two_bus(0.2, 100, 60);
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 20, 1.0, -100, 100));
  net.generators.push_back(make_generator(1, 20, 1.0, -50, 50));
  net.generators[2].id = "2";
  net.generators[1].Q_Mvar = 40;
  net.generators[2].Q_Mvar = 10;
  PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.generator_Q_Mvar[1] / flow.generator_Q_Mvar[2], 4, 1e-9);  // as in the file
  net.generators[1].Q_Mvar = net.generators[2].Q_Mvar = 0;
  flow = solve_power_flow(net);
  EXPECT_NEAR(flow.generator_Q_Mvar[1] / flow.generator_Q_Mvar[2], 2, 1e-9);  // by range
  for (std::size_t g : {1, 2}) {
    net.generators[g].Qmin_Mvar = -9999;
    net.generators[g].Qmax_Mvar = 9999;
  }
  net.generators[2].base_MVA = 300;
  flow = solve_power_flow(net);
  EXPECT_NEAR(flow.generator_Q_Mvar[2] / flow.generator_Q_Mvar[1], 3, 1e-9);  // by rating
}

TEST(PowerFlow, IslandsHaveTheirOwnSlackAndADeadIslandIsReported) {
  // Island A: the slack's. Island B: no slack, two generators. Island C: no source.
  Network net = two_bus(0.2, 100, 30);
  net.buses.push_back(make_bus(3, BusType::PV));
  net.buses.push_back(make_bus(4, BusType::PV));
  net.buses.push_back(make_bus(5, BusType::PQ));
  net.buses[3].Va_deg = 20;
  net.branches.push_back(make_line(2, 3, 0, 0.1));
  net.generators.push_back(make_generator(2, 50, 1.02));
  net.generators.push_back(make_generator(3, 50, 1.01));
  net.generators[2].base_MVA = 400;
  net.loads.push_back(make_load(2, 120, 10));
  net.loads.push_back(make_load(4, 33, 10));
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  ASSERT_EQ(flow.islands.size(), 3U);
  EXPECT_EQ(flow.islands[0].slack_bus, 0);
  EXPECT_EQ(flow.islands[1].slack_bus, 3);
  EXPECT_NEAR(flow.Va_deg[3], 20, 1e-12);
  EXPECT_NEAR(flow.islands[1].slack_pickup_MW, 20, 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[2], 70, 1e-9);
  EXPECT_EQ(flow.islands[2].slack_bus, -1);
  EXPECT_EQ(flow.islands[2].unserved_MW, 33);
  EXPECT_EQ(flow.Vm[4], 0);
  EXPECT_LT(flow.mismatch_pu, 1e-12);
  ASSERT_EQ(flow.warnings.size(), 2U);
  EXPECT_THAT(flow.warnings[0].text(), HasSubstr("bus 4: its island of 2 buses has no slack bus"));
  EXPECT_THAT(flow.warnings[1].text(), HasSubstr("dead, V = 0, 33 MW of load not served"));
}

TEST(PowerFlow, AnIsolatedBusAndWhatHangsOnItAreLeftOut) {
  Network net = two_bus(0.2, 100, 30);
  net.buses.push_back(make_bus(3, BusType::ISOLATED));
  net.branches.push_back(make_line(1, 2, 0, 0.1));
  net.loads.push_back(make_load(2, 50, 10));
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_EQ(flow.Vm[2], 0);
  EXPECT_NEAR(flow.Vm[1], closed_form_V(0.2, 1, 0.3), 1e-12);
}

TEST(PowerFlow, BothFailingIslandsAreNamed) {
  Network net = two_bus(0.2, 260, 0);
  net.buses.push_back(make_bus(3, BusType::SLACK));
  net.buses.push_back(make_bus(4, BusType::PQ));
  net.branches.push_back(make_line(2, 3, 0, 0.5));
  net.generators.push_back(make_generator(2, 0, 1));
  net.loads.push_back(make_load(3, 500, 0));
  net.index_buses();
  try {
    (void)solve_power_flow(net);
    FAIL() << "no solution exists";
  } catch (const Error& error) {
    ASSERT_EQ(error.problems().size(), 2U);
    EXPECT_THAT(error.problems()[0].text(), HasSubstr("bus 2"));
    EXPECT_THAT(error.problems()[1].text(), HasSubstr("bus 4"));
  }
}

TEST(PowerFlow, StoringTheSolutionMakesItTheNextStart) {
  Network net = two_bus(0.2, 150, 50);
  store(solve_power_flow(net), net);
  const PowerFlowResult again = solve_power_flow(net);
  EXPECT_LE(again.iterations, 1);
  EXPECT_NEAR(again.islands[0].slack_pickup_MW, 0, 1e-9);
}

}  // namespace
}  // namespace ballast
