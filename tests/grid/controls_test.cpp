// Taps, switched shunts, phase shifters, interchange and distributed slack. Reference numbers named
// "pandapower" come from validation/power_flow/make_controls_reference.py; the others are worked out here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "grid/branch.hpp"
#include "grid/power_flow.hpp"
#include "tests/grid/networks.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::make_bus;
using testing::make_generator;
using testing::make_line;
using testing::make_load;
using testing::two_bus;

constexpr double kDegrees = 180 / std::numbers::pi;

/// The network of the pandapower script: slack 1.02 pu, transformer 12 % with 0.5 % resistance, line, two
/// loads.
Network pandapower_grid() {
  Network net;
  net.name = "three-bus";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PQ)};
  net.branches = {make_line(0, 1, 0.005, std::sqrt(0.12 * 0.12 - 0.005 * 0.005)), make_line(1, 2, 0.02, 0.1)};
  net.branches[0].transformer = true;
  net.generators = {make_generator(0, 0, 1.02)};
  net.loads = {make_load(1, 50, 20), make_load(2, 40, 25)};
  net.index_buses();
  return net;
}

TapControl voltage_tap(int bus, double VMI, double VMA) {
  TapControl control;
  control.bus = bus;
  control.VMI = VMI;
  control.VMA = VMA;
  control.NTP = 33;
  return control;
}

SwitchedShunt bank(int bus, double VSWLO, double VSWHI, std::vector<SwitchedShunt::Block> blocks,
                   ShuntMode mode = ShuntMode::DISCRETE_VOLTAGE) {
  SwitchedShunt shunt;
  shunt.bus = bus;
  shunt.MODSW = mode;
  shunt.VSWLO = VSWLO;
  shunt.VSWHI = VSWHI;
  shunt.blocks = std::move(blocks);
  return shunt;
}

/// Load bus behind X from a voltage E: the larger root, as in power_flow_test.cpp.
double behind(double E, double X, double P, double Q) {
  const double b = E * E - 2 * Q * X;
  return std::sqrt((b + std::sqrt(b * b - 4 * X * X * (P * P + Q * Q))) / 2);
}

TEST(TapControls, ATransformerGoesToThePositionThatPandapowerFinds) {
  Network net = pandapower_grid();
  net.branches[0].tap_control = voltage_tap(1, 0.99, 1.0);
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.branch_ratio[0], 1 - 6 * 0.00625, 1e-12);
  EXPECT_NEAR(flow.Vm[1], 0.992479312251, 1e-6) << "measured " << flow.Vm[1] - 0.992479312251;
  EXPECT_NEAR(flow.Vm[2], 0.957335017602, 1e-6) << "measured " << flow.Vm[2] - 0.957335017602;
  EXPECT_NEAR(flow.Va_deg[2], -7.9017092114, 1e-6);
  EXPECT_LT(flow.mismatch_pu, 1e-10);
  ASSERT_EQ(flow.acts.size(), 1U);
  EXPECT_EQ(flow.acts[0].element, "transformer bus 1 to bus 2, circuit '1'");
  EXPECT_EQ(flow.acts[0].from, 1);
  EXPECT_EQ(flow.acts[0].note, "");
}

TEST(TapControls, CanBeSwitchedOffLockedOrLeftAlone) {
  Network net = pandapower_grid();
  net.branches[0].tap_control = voltage_tap(1, 0.99, 1.0);
  PowerFlowOptions options;
  options.controls.taps = false;
  EXPECT_EQ(solve_power_flow(net, options).branch_ratio[0], 1);
  net.branches[0].tap_control->adjusts = false;
  EXPECT_EQ(solve_power_flow(net).branch_ratio[0], 1);
}

TEST(TapControls, TheEndOfTheRangeIsReported) {
  Network net = pandapower_grid();
  net.branches[0].tap_control = voltage_tap(1, 1.09, 1.1);
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.branch_ratio[0], 0.9, 1e-12);
  ASSERT_EQ(flow.acts.size(), 1U);
  EXPECT_THAT(flow.acts[0].note, HasSubstr("at the end of its range"));
}

TEST(TapControls, ABandNarrowerThanAStepEndsAtTheBetterPositionAndIsReported) {
  Network net = pandapower_grid();
  net.branches[0].tap_control = voltage_tap(1, 0.9950, 0.9951);
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_LT(flow.control_rounds, 20);
  EXPECT_LT(std::abs(flow.Vm[1] - 0.99505), 0.0045);  // half a step moves the bus by about 0.004 pu
  ASSERT_EQ(flow.acts.size(), 1U);
  EXPECT_THAT(flow.acts[0].note, HasSubstr("one step would pass the band"));
}

TEST(TapControls, AGeneratorThatHoldsTheBusLeavesTheTapNothingToDo) {
  Network net = pandapower_grid();
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 10, 0.97));
  net.branches[0].tap_control = voltage_tap(1, 0.99, 1.0);
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_EQ(flow.branch_ratio[0], 1);
  EXPECT_THAT(flow.acts.at(0).note, HasSubstr("its ratio does not move it"));
}

TEST(TapControls, ParallelTransformersMoveTogether) {
  Network net = pandapower_grid();
  net.branches[0].R *= 2;
  net.branches[0].X *= 2;
  net.branches[0].tap_control = voltage_tap(1, 0.99, 1.0);
  net.branches.push_back(net.branches[0]);
  net.branches[2].id = "2";
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.branch_ratio[0], 1 - 6 * 0.00625, 1e-12);
  EXPECT_NEAR(flow.branch_ratio[2], 1 - 6 * 0.00625, 1e-12);
  EXPECT_NEAR(flow.Vm[1], 0.992479312251, 1e-6);
}

TEST(TapControls, LineDropCompensationHoldsAPointBeyondTheBus) {
  Network net = two_bus(0.1, 80, 40);
  net.branches[0].transformer = true;
  TapControl control = voltage_tap(1, 0.97, 0.98);
  control.CR = 0.02;
  control.CX = 0.05;
  net.branches[0].tap_control = control;
  const PowerFlowResult flow = solve_power_flow(net);
  const auto compensated = [&](double ratio) {  // the load's current through CR + jCX
    const double V = behind(1 / ratio, 0.1, 0.8, 0.4);
    return std::abs(V - std::complex<double>(0.02, 0.05) * std::complex<double>(0.8, -0.4) / V);
  };
  const double ratio = flow.branch_ratio[0];
  EXPECT_NEAR(flow.Vm[1], behind(1 / ratio, 0.1, 0.8, 0.4), 1e-9);
  EXPECT_GE(compensated(ratio), 0.97);
  EXPECT_LE(compensated(ratio), 0.98);
  EXPECT_LT(compensated(ratio + 0.00625), 0.97);  // the first position inside
}

TEST(TapControls, AVarFlowIsHeldInItsBand) {
  Network net = two_bus(0.1, 0, 0);
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 0, 1.0));
  net.branches[0].transformer = true;
  TapControl control = voltage_tap(-1, 28, 35);
  control.target = TapTarget::MVAR;
  net.branches[0].tap_control = control;
  const PowerFlowResult flow = solve_power_flow(net);
  // Q into the winding: (1/t) (1/t - 1) / X, 100 MVA
  const auto Q = [](double t) { return 100 / t * (1 / t - 1) / 0.1; };
  const double t = flow.branch_ratio[0];
  EXPECT_GE(Q(t), 28);
  EXPECT_LT(Q(t + 0.00625), 28);
}

TEST(SwitchedShunts, StepsUntilTheBandIsReachedAsPandapowerHasIt) {
  Network net = pandapower_grid();
  net.switched_shunts = {bank(2, 0.98, 1.02, {{true, 4, 10.0}})};
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_EQ(flow.switched_shunt_Mvar[0], 30);
  EXPECT_NEAR(flow.Vm[2], 0.983246367040, 1e-6) << "measured " << flow.Vm[2] - 0.983246367040;
  EXPECT_NEAR(flow.Vm[1], 0.988182899011, 1e-6);
  EXPECT_NEAR(flow.Va_deg[2], -8.5246907506, 1e-6);
  ASSERT_EQ(flow.acts.size(), 1U);
  EXPECT_EQ(flow.acts[0].to, 30);
}

TEST(SwitchedShunts, BlocksFollowTheInputOrderOrAnyCombination) {
  Network net = pandapower_grid();
  net.switched_shunts = {bank(2, 0.955, 0.97, {{true, 1, 40.0}, {true, 2, 10.0}})};
  // In input order only 40, 50, 60 Mvar: 40 passes the band (1.0093 pu), further off than 0 is (0.9119)?
  // 1.0093 - 0.97 = 0.039 against 0.955 - 0.9119 = 0.043: it goes.
  EXPECT_EQ(solve_power_flow(net).switched_shunt_Mvar[0], 40);
  net.switched_shunts[0].ADJM = 1;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_EQ(flow.switched_shunt_Mvar[0], 20);
  EXPECT_NEAR(flow.Vm[2], 0.958377578845, 1e-6);
}

TEST(SwitchedShunts, ReactorsComeOutBeforeCapacitorsGoIn) {
  Network net = pandapower_grid();
  net.switched_shunts = {bank(2, 0.98, 1.02, {{true, 2, -10.0}, {true, 4, 10.0}, {false, 9, 50.0}})};
  net.switched_shunts[0].BINIT_Mvar = -20;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_EQ(flow.switched_shunt_Mvar[0], 30);
  EXPECT_NEAR(flow.Vm[2], 0.983246367040, 1e-6);
}

TEST(SwitchedShunts, ALockedOneStays) {
  Network net = pandapower_grid();
  net.switched_shunts = {bank(2, 0.98, 1.02, {{true, 4, 10.0}}, ShuntMode::LOCKED)};
  net.switched_shunts[0].BINIT_Mvar = 20;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[2], 0.958377578845, 1e-6);
  EXPECT_TRUE(flow.acts.empty());
}

TEST(SwitchedShunts, AContinuousOneHoldsTheEdgeOfItsBand) {
  Network net = two_bus(0.2, 100, 30);
  net.switched_shunts = {bank(1, 1.0, 1.01, {{true, 1, 100.0}}, ShuntMode::CONTINUOUS_VOLTAGE)};
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-9);
  // P = sin d / X; the line brings (cos d - 1)/X Mvar.
  const double B = 30 - 100 * (std::sqrt(1 - 0.04) - 1) / 0.2;
  EXPECT_NEAR(flow.switched_shunt_Mvar[0], B, 1e-6) << "measured " << flow.switched_shunt_Mvar[0] - B;
  EXPECT_LT(flow.mismatch_pu, 2e-9);
}

TEST(SwitchedShunts, AContinuousOneAtItsLimitIsASusceptance) {
  Network net = two_bus(0.2, 100, 30);
  net.switched_shunts = {bank(1, 1.0, 1.01, {{true, 1, 20.0}}, ShuntMode::CONTINUOUS_VOLTAGE)};
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.switched_shunt_Mvar[0], 20, 1e-9);
  const double share = 1 / (1 - 0.2 * 0.2);  // Thevenin equivalent of line and susceptance
  EXPECT_NEAR(flow.Vm[1], behind(share, 0.2 * share, 1, 0.3), 1e-8);
  EXPECT_THAT(flow.acts.at(0).note, HasSubstr("at the end of its range"));
}

TEST(SwitchedShunts, AContinuousOneHoldsARemoteBus) {
  Network net = pandapower_grid();
  net.switched_shunts = {bank(2, 0.99, 0.99, {{true, 4, 20.0}}, ShuntMode::CONTINUOUS_VOLTAGE)};
  net.switched_shunts[0].regulated_bus = 1;
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 0.99, 1e-9);
  EXPECT_GT(flow.switched_shunt_Mvar[0], 30);  // 30 Mvar leave 0.98818
  EXPECT_LT(flow.switched_shunt_Mvar[0], 40);
}

TEST(SwitchedShunts, AnotherPlantIsRelieved) {
  Network net = pandapower_grid();
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 10, 1.0, -50, 50));
  net.switched_shunts = {bank(2, 0.2, 0.55, {{true, 8, 5.0}}, ShuntMode::DISCRETE_PLANT_MVAR)};
  net.switched_shunts[0].regulated_bus = 1;
  const PowerFlowResult flow = solve_power_flow(net);
  const double share = (flow.generator_Q_Mvar[1] + 50) / 100;
  EXPECT_LE(share, 0.55);
  EXPECT_GE(share, 0.2);
  EXPECT_GT(flow.switched_shunt_Mvar[0], 0);
}

TEST(PhaseShifters, CarryTheMegawattsWanted) {
  // Two parallel branches of 0.2 pu between held buses carry 100 MW together; the second is to carry 70
  // to 72.
  Network net;
  net.name = "ring";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PV)};
  net.branches = {make_line(0, 1, 0, 0.2), make_line(0, 1, 0, 0.2, 0, "2")};
  net.generators = {make_generator(0, 0, 1), make_generator(1, 0, 1)};
  net.loads = {make_load(1, 100, 0)};
  TapControl control;
  control.target = TapTarget::MW;
  control.RMA = 30;
  control.RMI = -30;
  control.VMI = 70;
  control.VMA = 72;
  net.branches[1].tap_control = control;
  net.index_buses();
  PowerFlowResult flow = solve_power_flow(net);
  const double angle = (std::asin(0.3 * 0.2) - std::asin(0.7 * 0.2)) * kDegrees;
  EXPECT_NEAR(flow.branch_angle_deg[1], angle, 1e-6) << "measured " << flow.branch_angle_deg[1] - angle;
  net.branches[1].tap_control->RMI = -1;
  flow = solve_power_flow(net);
  EXPECT_NEAR(flow.branch_angle_deg[1], -1, 1e-12);
  EXPECT_THAT(flow.acts.at(0).note, HasSubstr("at the end of its range"));
  PowerFlowOptions options;
  options.controls.phase_shifters = false;
  EXPECT_EQ(solve_power_flow(net, options).branch_angle_deg[1], 0);
}

/// Area 1: slack and load. Area 2: a generator at bus 3, loads at 3 and 4. Lossy ties.
Network two_areas() {
  Network net;
  net.name = "two areas";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PV),
               make_bus(4, BusType::PQ)};
  net.buses[2].area = net.buses[3].area = 2;
  net.branches = {make_line(0, 1, 0.01, 0.1), make_line(1, 2, 0.02, 0.2), make_line(2, 3, 0.01, 0.1),
                  make_line(3, 1, 0.02, 0.2)};
  net.generators = {make_generator(0, 0, 1.02), make_generator(2, 100, 1.01)};
  net.generators[1].Pmax_MW = 400;
  net.loads = {make_load(1, 120, 40), make_load(2, 50, 20), make_load(3, 60, 20)};
  net.loads[1].area = 2;  // that at bus 4 belongs to area 1
  Area area;
  area.number = 2;
  area.swing_bus = 2;
  area.PDES_MW = 40;
  area.PTOL_MW = 0.01;
  net.areas = {area};
  net.index_buses();
  return net;
}

TEST(Interchange, TheSwingOfAnAreaDeliversItsExport) {
  const Network net = two_areas();
  PowerFlowOptions options;
  options.controls.interchange = true;
  const PowerFlowResult flow = solve_power_flow(net, options);
  const auto from_MW = [&](std::size_t k) {
    const Branch& b = net.branches[k];
    return 100 * branch_flow(branch_block(b), flow.voltage(b.from), flow.voltage(b.to)).from.real();
  };
  EXPECT_NEAR(from_MW(3) - from_MW(1), 40, 0.01);
  EXPECT_GT(flow.generator_P_MW[1], 150);  // loads 110 MW, export 40 MW, and the losses inside
  EXPECT_LT(flow.generator_P_MW[1], 152);
  options.interchange = Interchange::TIE_LINES_AND_LOADS;
  const PowerFlowResult with_loads = solve_power_flow(net, options);  // 60 MW are for area 1
  EXPECT_NEAR(with_loads.generator_P_MW[1], flow.generator_P_MW[1] - 60, 1.5);
  EXPECT_EQ(solve_power_flow(net).generator_P_MW[1], 100);
}

TEST(Interchange, IsMeteredWhereTheRecordsSay) {
  Network net = two_areas();
  net.branches[1].metered_at_to = true;  // 2 to 3: at bus 3, in area 2
  PowerFlowOptions options;
  options.controls.interchange = true;
  const PowerFlowResult flow = solve_power_flow(net, options);
  const auto ends_MW = [&](std::size_t k) {
    const Branch& b = net.branches[k];
    const BranchFlow S = branch_flow(branch_block(b), flow.voltage(b.from), flow.voltage(b.to));
    return std::array{100 * S.from.real(), 100 * S.to.real()};
  };
  EXPECT_NEAR(ends_MW(3)[0] + ends_MW(1)[1], 40, 0.01);
  // Metered at bus 2 it would count the losses of that tie, too.
  EXPECT_GT(std::abs(ends_MW(3)[0] - ends_MW(1)[0] - 40), 0.05);
}

TEST(Interchange, TheAreaOfTheWindingThatIsNotMeteredBearsTheLosses) {
  // The tie 2 to 3 is a transformer whose third winding, at bus 4, is in area 2 as well.
  Network net = two_areas();
  net.buses.push_back(make_bus(1000001, BusType::PQ));
  net.branches[1] = make_line(1, 4, 0.02, 0.1);
  net.branches.push_back(make_line(2, 4, 0.02, 0.1));
  net.branches.push_back(make_line(3, 4, 0.02, 0.1));
  net.three_windings.push_back({"TRIO", "1", 4, {1, 4, 5}, {}});
  net.index_buses();
  PowerFlowOptions options;
  options.controls.interchange = true;
  for (const int NMETR : {1, 2}) {
    net.three_windings[0].NMETR = NMETR;
    const PowerFlowResult flow = solve_power_flow(net, options);
    const auto into_MW = [&](std::size_t k) {
      const Branch& b = net.branches[k];
      return 100 * branch_flow(branch_block(b), flow.voltage(b.from), flow.voltage(b.to)).from.real();
    };
    const double tie = into_MW(3);
    const double exports = NMETR == 1 ? tie + into_MW(4) + into_MW(5) : tie - into_MW(1);
    EXPECT_NEAR(exports, 40, 0.01) << "NMETR " << NMETR;
    const double losses = into_MW(1) + into_MW(4) + into_MW(5);
    EXPECT_GT(losses, 0.05);
  }
}

TEST(DistributedSlack, SharesByWeightWithinLimits) {
  Network net = two_bus(0.1, 90, 0);  // the slack gives 0
  net.buses.push_back(make_bus(3, BusType::PV));
  net.branches.push_back(make_line(1, 2, 0, 0.1));
  net.generators.push_back(make_generator(2, 30, 1.0));
  net.generators[1].Pmax_MW = 50;
  net.index_buses();
  PowerFlowOptions options;
  options.slack_weights = {1, 2};
  PowerFlowResult flow = solve_power_flow(net, options);
  EXPECT_NEAR(flow.generator_P_MW[0], 20, 1e-5);  // a third of 60
  EXPECT_NEAR(flow.generator_P_MW[1], 70, 1e-5);
  EXPECT_NEAR(flow.islands[0].slack_pickup_MW, 0, 1e-5);
  options.slack_limits = true;
  flow = solve_power_flow(net, options);
  EXPECT_NEAR(flow.generator_P_MW[1], 50, 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[0], 40, 1e-5);
}

TEST(DistributedSlack, CarriesALossThatTheSlackAloneCouldNot) {
  Network net = two_bus(0.5, 300, 0);  // the line carries at most 200 MW
  net.buses[1].type = BusType::PV;
  net.generators.push_back(make_generator(1, 50, 1.0));
  PowerFlowOptions options;
  EXPECT_THROW((void)solve_power_flow(net, options), Error);
  options.slack_weights = {1, 4};
  const PowerFlowResult flow = solve_power_flow(net, options);
  EXPECT_NEAR(flow.generator_P_MW[0], 50, 1e-5);
  EXPECT_NEAR(flow.generator_P_MW[1], 250, 1e-5);
}

TEST(ImpedanceCorrection, ScalesResistanceAndReactanceWithRatioOrAngle) {
  ImpedanceCorrection by_ratio;
  by_ratio.points = {{0.9, {0.8, 0.1}}, {1.0, {1.0, 0.0}}, {1.1, {1.3, -0.1}}};
  EXPECT_NEAR(std::abs(correction_factor(by_ratio, 0.95, 40) - std::complex<double>(0.9, 0.05)), 0, 1e-15);
  EXPECT_EQ(correction_factor(by_ratio, 0.5, 0), std::complex<double>(0.8, 0.1));
  EXPECT_EQ(correction_factor(by_ratio, 1.5, 0), std::complex<double>(1.3, -0.1));
  ImpedanceCorrection by_angle;
  by_angle.points = {{-30, 2.0}, {0, 1.0}, {30, 2.0}};
  EXPECT_NEAR(correction_factor(by_angle, 1.0, -15).real(), 1.5, 1e-15);

  // Ratio 0.9 at a transformer of X = 0.25: 0.8 X = 0.2 with a factor without imaginary part.
  Network net = two_bus(0.25, 100, 30);
  net.branches[0].ratio = 0.9;
  net.branches[0].correction = 0;
  by_ratio.points[0].F = 0.8;
  net.impedance_corrections = {by_ratio};
  EXPECT_NEAR(solve_power_flow(net).Vm[1], behind(1 / 0.9, 0.2, 1, 0.3), 1e-10);

  // The factor follows a tap that moves.
  net.branches[0].ratio = 1;
  net.branches[0].transformer = true;
  net.branches[0].tap_control = voltage_tap(1, 1.0, 1.01);
  const PowerFlowResult flow = solve_power_flow(net);
  const double t = flow.branch_ratio[0];
  EXPECT_LT(t, 1);
  EXPECT_NEAR(flow.Vm[1], behind(1 / t, 0.25 * (1 - 2 * (1 - t)), 1, 0.3), 1e-9);
}

TEST(Controls, AFinishedSolutionStoredInTheNetworkIsAtRest) {
  Network net = pandapower_grid();
  net.branches[0].tap_control = voltage_tap(1, 0.99, 1.0);
  net.switched_shunts = {bank(2, 0.98, 1.02, {{true, 4, 10.0}})};
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_LT(flow.mismatch_pu, 1e-10);
  store(flow, net);
  const PowerFlowResult again = solve_power_flow(net);
  EXPECT_EQ(again.control_rounds, 1);
  EXPECT_TRUE(again.acts.empty());
  EXPECT_LE(again.iterations, 1);
}

}  // namespace
}  // namespace ballast
