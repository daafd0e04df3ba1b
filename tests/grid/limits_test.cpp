#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "grid/power_flow.hpp"
#include "grid/regulation.hpp"
#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::make_bus;
using testing::make_generator;
using testing::make_line;
using testing::make_load;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Slack - line - generator bus with a load, wanting Vset.
Network one_generator(double Vset, double Qmin, double Qmax) {
  Network net = testing::two_bus(0.2, 100, 60);
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 50, Vset, Qmin, Qmax));
  return net;
}

TEST(ReactiveLimits, AGeneratorAtItsMaximumLetsTheVoltageSag) {
  const PowerFlowResult flow = solve_power_flow(one_generator(1.0, -30, 30));
  ASSERT_EQ(flow.at_limit.size(), 1U);
  EXPECT_TRUE(flow.at_limit[0].at_maximum);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 30, 1e-9);
  EXPECT_LT(flow.Vm[1], 1.0);
  EXPECT_LT(flow.mismatch_pu, 1e-12);
}

TEST(ReactiveLimits, AGeneratorAtItsMinimumLetsTheVoltageRise) {
  const PowerFlowResult flow = solve_power_flow(one_generator(0.9, 25, 90));
  ASSERT_EQ(flow.at_limit.size(), 1U);
  EXPECT_FALSE(flow.at_limit[0].at_maximum);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 25, 1e-9);
  EXPECT_GT(flow.Vm[1], 0.9);
}

TEST(ReactiveLimits, SwitchedOffTheVoltageIsHeldWhateverItTakes) {
  PowerFlowOptions options;
  options.reactive_limits = false;
  const PowerFlowResult flow = solve_power_flow(one_generator(1.0, -30, 30), options);
  EXPECT_TRUE(flow.at_limit.empty());
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-12);
  EXPECT_GT(flow.generator_Q_Mvar[1], 30);
}

TEST(ReactiveLimits, TheSlackIsNotLimitedButItsExcessIsSaid) {
  Network net = testing::two_bus(0.2, 100, 60);
  net.generators[0].Qmax_Mvar = 50;
  net.generators[0].Qmin_Mvar = -50;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_GT(flow.generator_Q_Mvar[0], 50);
  ASSERT_EQ(flow.warnings.size(), 1U);
  EXPECT_THAT(flow.warnings[0].text(), HasSubstr("the slack needs"));
}

TEST(ReactiveLimits, AGeneratorReturnsToItsSetPointWhenItsNeighbourReachesALimit) {
  // Generator A (bus 2) and B (bus 3) sit close together. Regulating both, A absorbs what B overproduces and
  // both are beyond a limit. With both at their limits there is no solution; with B alone at its maximum A
  // holds its voltage.
  Network net;
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PV), make_bus(3, BusType::PV)};
  net.branches = {make_line(0, 1, 0, 0.3), make_line(1, 2, 0, 0.02)};
  net.generators = {make_generator(0, 0, 1.0), make_generator(1, 10, 1.00, -50, 200),
                    make_generator(2, 10, 1.04, -50, 60)};
  net.loads = {make_load(2, 80, 90)};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  ASSERT_EQ(flow.at_limit.size(), 1U);
  EXPECT_EQ(flow.at_limit[0].bus, 2);
  EXPECT_TRUE(flow.at_limit[0].at_maximum);
  EXPECT_NEAR(flow.Vm[1], 1.00, 1e-9);
}

TEST(ReactiveLimits, AllUnitsOfALimitedBusStandAtTheirOwnLimits) {
  Network net = one_generator(1.0, -10, 10);
  net.generators.push_back(make_generator(1, 5, 1.0, -5, 20));
  net.generators[2].id = "2";
  net.generators[1].Q_Mvar = 90;  // a stale proportion in the file must not matter
  net.generators[2].Q_Mvar = 1;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 10, 1e-9);
  EXPECT_NEAR(flow.generator_Q_Mvar[2], 20, 1e-9);
}

TEST(ReactiveLimits, RemoteRegulationIsGivenUpByTheBusAtItsLimitAndKeptByTheOther) {
  Network net;
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PV),
               make_bus(4, BusType::PV)};
  net.branches = {make_line(0, 1, 0, 0.2), make_line(1, 2, 0, 0.05), make_line(1, 3, 0, 0.05)};
  net.generators = {make_generator(0, 0, 1.0), make_generator(2, 10, 1.0, -10, 10),
                    make_generator(3, 10, 1.0, -200, 200)};
  net.generators[1].regulated_bus = net.generators[2].regulated_bus = 1;
  net.loads = {make_load(1, 80, 70)};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-9);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 10, 1e-9);
  EXPECT_GT(flow.generator_Q_Mvar[2], 20);
}

TEST(SplitOutput, FollowsTheWeightsWithinTheLimits) {
  const std::vector<double> q = split_output(100, {1, 3}, {-kInfinity, -kInfinity}, {kInfinity, kInfinity});
  EXPECT_DOUBLE_EQ(q[0], 25);
  EXPECT_DOUBLE_EQ(q[1], 75);
}

TEST(SplitOutput, GivesWhatOneCannotTakeToTheOthers) {
  const std::vector<double> q = split_output(100, {1, 1, 1}, {0, 0, 0}, {10, 100, 100});
  EXPECT_DOUBLE_EQ(q[0], 10);
  EXPECT_DOUBLE_EQ(q[1], 45);
  EXPECT_DOUBLE_EQ(q[2], 45);
}

TEST(SplitOutput, UsesAUnitWithoutWeightWhenTheOthersAreFull) {
  const std::vector<double> q = split_output(30, {1, 0}, {0, 0}, {10, 50});
  EXPECT_DOUBLE_EQ(q[0], 10);
  EXPECT_DOUBLE_EQ(q[1], 20);
}

TEST(SplitOutput, AlwaysAddsUpEvenBeyondAllLimits) {
  const std::vector<double> q = split_output(100, {1, 1}, {0, 0}, {10, 20});
  EXPECT_DOUBLE_EQ(q[0] + q[1], 100);
}

}  // namespace
}  // namespace ballast
