// DC lines, FACTS devices and induction machines. Numbers named "waveform" and "pandapower" come from
// validation/power_flow/make_controls_reference.py; the others are worked out here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "grid/controls/induction.hpp"
#include "grid/controls/lcc.hpp"
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

/// Two strong systems that only a DC line joins; both buses at 1 pu.
Network two_systems() {
  Network net;
  net.name = "two systems";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::SLACK)};
  net.generators = {make_generator(0, 0, 1.0), make_generator(1, 0, 1.0)};
  net.index_buses();
  return net;
}

/// 400 MW at the rectifier, 500 kV at the inverter, 10 ohm.
TwoTerminalDc pole() {
  TwoTerminalDc dc;
  dc.name = "POLE 1";
  dc.MDC = DcMode::POWER;
  dc.RDC = 10;
  dc.SETVL = 400;
  dc.VSCHD_kV = 500;
  dc.DELTI = 0.1;
  for (LccConverter* c : {&dc.rectifier, &dc.inverter}) {
    c->bridges = 2;
    c->XC = 8;
    c->EBAS_kV = 345;
  }
  dc.rectifier.bus = 0;
  dc.rectifier.TR = 0.64;
  dc.rectifier.ANMN = 5;
  dc.rectifier.ANMX = 60;
  dc.inverter.bus = 1;
  dc.inverter.TR = 0.66;
  dc.inverter.ANMN = 15;
  dc.inverter.ANMX = 60;
  return dc;
}

TEST(LccDc, DrawsWhatTheWaveformsOfItsConvertersSay) {
  const LccPoint point = lcc_point(pole(), 1, 1);
  EXPECT_EQ(point.limit, LccPoint::Limit::NONE);
  EXPECT_NEAR(point.Id_A, 787.593916455, 1e-6);
  EXPECT_NEAR(point.Vdr_kV, 507.875939165, 1e-6);
  EXPECT_NEAR(point.alpha_deg, 29.332582474, 1e-6);
  EXPECT_NEAR(point.gamma_deg, 33.636695016, 1e-6);
  EXPECT_NEAR(-point.rectifier_MVA.real(), 400.0, 1e-6);
  EXPECT_NEAR(-point.rectifier_MVA.imag(), 245.9796979, 1e-6)
      << "measured " << -point.rectifier_MVA.imag() - 245.9796979;
  EXPECT_NEAR(point.inverter_MVA.real(), 393.7969582, 1e-6);
  EXPECT_NEAR(-point.inverter_MVA.imag(), 281.8770785, 1e-6)
      << "measured " << -point.inverter_MVA.imag() - 281.8770785;
}

TEST(LccDc, AnOrderAtTheInverterACompoundedVoltageAndACurrentOrder) {
  TwoTerminalDc dc = pole();
  dc.SETVL = -400;
  EXPECT_NEAR(lcc_point(dc, 1, 1).inverter_MVA.real(), 400, 1e-9);
  dc = pole();
  dc.RCOMP = 10;  // the scheduled voltage stands at the rectifier
  EXPECT_NEAR(lcc_point(dc, 1, 1).Vdr_kV, 500, 1e-9);
  EXPECT_NEAR(lcc_point(dc, 1, 1).Id_A, 800, 1e-9);
  dc = pole();
  dc.MDC = DcMode::CURRENT;
  dc.SETVL = 600;
  EXPECT_NEAR(lcc_point(dc, 1, 1).Id_A, 600, 1e-9);
}

TEST(LccDc, AtAMinimumMarginAngleTheVoltageFollowsTheAcBus) {
  const LccPoint point = lcc_point(pole(), 1, 0.8);
  EXPECT_EQ(point.limit, LccPoint::Limit::INVERTER);
  EXPECT_NEAR(point.gamma_deg, 15, 1e-9);
  EXPECT_NEAR(point.Vdr_kV * point.Id_A / 1000, 400, 1e-9);
  const double Ed0 = 3 * std::numbers::sqrt2 / std::numbers::pi * 0.8 * 345 * 0.66;
  EXPECT_NEAR(point.Vdi_kV,
              2 * (Ed0 * std::cos(15 * std::numbers::pi / 180) - 24 / std::numbers::pi * point.Id_A / 1000),
              1e-9);
}

TEST(LccDc, BelowVcmodThePowerOrderBecomesACurrentOrder) {
  TwoTerminalDc dc = pole();
  dc.VCMOD_kV = 480;
  const LccPoint point = lcc_point(dc, 1, 0.8);
  EXPECT_TRUE(point.by_current);
  EXPECT_NEAR(point.Id_A, 800, 1e-9);  // 400 MW / 500 kV
}

TEST(LccDc, AtTheMinimumFiringAngleTheInverterHoldsTheOrderLessTheMargin) {
  const LccPoint point = lcc_point(pole(), 0.8, 1);
  EXPECT_EQ(point.limit, LccPoint::Limit::RECTIFIER);
  EXPECT_NEAR(point.alpha_deg, 5, 1e-9);
  EXPECT_NEAR(point.Vdr_kV * point.Id_A / 1000, 360, 1e-9);
}

TEST(LccDc, ALineBetweenTwoSystemsIsInTheirBalance) {
  Network net = two_systems();
  net.two_terminal_dc = {pole()};
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.generator_P_MW[0], 400, 1e-6);
  EXPECT_NEAR(flow.generator_P_MW[1], -393.7969582, 1e-6);
  EXPECT_NEAR(flow.generator_Q_Mvar[0], 245.9796979, 1e-6);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 281.8770785, 1e-6);
  ASSERT_EQ(flow.injections.size(), 2U);
  EXPECT_EQ(flow.injections[0].kind, ElementKind::LCC_DC);
  EXPECT_EQ(flow.injections[1].bus, 1);
  EXPECT_NEAR(flow.injections[1].P_MW, 393.7969582, 1e-6);
  EXPECT_LT(flow.mismatch_pu, 1e-9);
  PowerFlowOptions options;
  options.controls.dc = false;
  EXPECT_NEAR(solve_power_flow(net, options).generator_P_MW[0], 0, 1e-9);
}

TEST(LccDc, BehindReactancesItSettlesAtTheVoltagesItCauses) {
  Network net = two_systems();
  net.buses.push_back(make_bus(3, BusType::PQ));
  net.buses.push_back(make_bus(4, BusType::PQ));
  net.branches = {make_line(0, 2, 0, 0.02), make_line(1, 3, 0, 0.02)};
  net.two_terminal_dc = {pole()};
  net.two_terminal_dc[0].rectifier.bus = 2;
  net.two_terminal_dc[0].inverter.bus = 3;
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  const LccPoint point = lcc_point(net.two_terminal_dc[0], flow.Vm[2], flow.Vm[3]);
  EXPECT_LT(flow.Vm[2], 0.96);
  EXPECT_NEAR(flow.injections[0].Q_Mvar, point.rectifier_MVA.imag(), 1e-7);
  EXPECT_LT(flow.mismatch_pu, 5e-9);
}

TEST(LccDc, TapsBringTheAnglesIntoTheirRange) {
  Network net = two_systems();
  net.two_terminal_dc = {pole()};
  TwoTerminalDc& dc = net.two_terminal_dc[0];
  dc.rectifier.ANMX = 20;
  dc.inverter.ANMX = 20;
  const PowerFlowResult flow = solve_power_flow(net);
  // cos grows with the tap: cos(29.33)/cos(20) and cos(33.64)/cos(20), next whole step of 0.00625 above.
  const double cos20 = std::cos(20 * std::numbers::pi / 180);
  const auto tap = [&](double angle) {
    return 1 + 0.00625 * std::ceil((cos20 / std::cos(angle * std::numbers::pi / 180) - 1) / 0.00625);
  };
  ASSERT_GE(flow.acts.size(), 2U);
  EXPECT_EQ(flow.acts[0].quantity, "rectifier tap");
  EXPECT_NEAR(flow.acts[0].to, tap(29.332582474), 1e-9);
  EXPECT_NEAR(flow.acts[1].to, tap(33.636695016), 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[0], 400, 1e-6);
}

TEST(LccDc, WhatIsNotModelledIsRefused) {
  Network net = two_systems();
  net.two_terminal_dc = {pole()};
  net.two_terminal_dc[0].inverter.XCAP = 3;
  try {
    (void)solve_power_flow(net);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("two-terminal DC line 'POLE 1': inverter: a commutating capacitor"));
  }
}

TEST(VscDc, CarriesItsOrderWithItsLosses) {
  Network net = two_systems();
  VscDc dc;
  dc.name = "LINK";
  dc.RDC = 2;
  dc.converters[0].bus = 0;
  dc.converters[0].TYPE = 1;
  dc.converters[0].DCSET = 100;  // kV
  dc.converters[0].holds_voltage = false;
  dc.converters[0].ACSET = 0.9;
  dc.converters[1].bus = 1;
  dc.converters[1].TYPE = 2;
  dc.converters[1].DCSET = 80;  // MW into bus 2
  dc.converters[1].holds_voltage = false;
  dc.converters[1].ACSET = -0.8;
  dc.converters[1].ALOSS_kW = 500;
  dc.converters[1].BLOSS_kW_per_A = 0.5;
  dc.converters[0].MINLOSS_kW = 700;
  net.vsc_dc = {dc};
  const PowerFlowResult flow = solve_power_flow(net);
  // (100 - 2 I) I = 80 + 0.5 + 0.5 I, kA and MW
  const double I = (99.5 - std::sqrt(99.5 * 99.5 - 8 * 80.5)) / 4;
  EXPECT_NEAR(flow.generator_P_MW[1], -80, 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[0], 100 * I + 0.7, 1e-9);
  EXPECT_NEAR(flow.generator_Q_Mvar[1], 60, 1e-9);  // -0.8: vars against the direction of P
  EXPECT_NEAR(flow.generator_Q_Mvar[0], (100 * I + 0.7) * std::tan(std::acos(0.9)), 1e-9);
}

TEST(VscDc, HoldsAVoltageWithinItsRating) {
  Network net = two_bus(0.2, 100, 30);
  VscDc dc;
  dc.name = "LINK";
  dc.converters[0].bus = 0;
  dc.converters[0].TYPE = 1;
  dc.converters[0].DCSET = 100;
  dc.converters[0].holds_voltage = false;
  dc.converters[1].bus = 1;
  dc.converters[1].TYPE = 2;
  dc.converters[1].DCSET = 40;
  dc.converters[1].ACSET = 1.0;
  net.vsc_dc = {dc};
  PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-9);
  const double Q = 30 - 100 * (std::sqrt(1 - 0.12 * 0.12) - 1) / 0.2;  // sin d = 0.6 X
  ASSERT_EQ(flow.injections.size(), 2U);
  EXPECT_NEAR(flow.injections[1].Q_Mvar, Q, 1e-6);
  net.vsc_dc[0].converters[1].SMAX_MVA = 50;  // leaves 30 Mvar beside 40 MW
  flow = solve_power_flow(net);
  EXPECT_NEAR(flow.injections[1].Q_Mvar, 30, 1e-6);
  EXPECT_LT(flow.Vm[1], 1.0);
  EXPECT_LT(flow.mismatch_pu, 1e-9);
}

TEST(PowerTransferDc, AgreesWithPandapowersDcLine) {
  Network net;
  net.name = "three-bus";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ), make_bus(3, BusType::PQ)};
  net.branches = {make_line(0, 1, 0.005, std::sqrt(0.12 * 0.12 - 0.005 * 0.005)), make_line(1, 2, 0.02, 0.1)};
  net.generators = {make_generator(0, 0, 1.02)};
  net.loads = {make_load(1, 50, 20), make_load(2, 40, 25)};
  PowerTransferDc dc;
  dc.from = 0;
  dc.to = 2;
  dc.PF_MW = 30;
  dc.LOSS0_MW = 0.5;
  dc.LOSS1 = 0.02;
  dc.VF = 1.02;
  dc.VT = 1.01;
  dc.QMINF_Mvar = dc.QMINT_Mvar = -50;
  dc.QMAXF_Mvar = dc.QMAXT_Mvar = 50;
  net.power_transfer_dc = {dc};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  ASSERT_EQ(flow.injections.size(), 2U);
  EXPECT_NEAR(flow.injections[1].P_MW, 28.9, 1e-9);
  EXPECT_NEAR(flow.injections[1].Q_Mvar, 35.1135167301, 1e-6);
  EXPECT_NEAR(flow.Vm[1], 1.002268855476, 1e-6) << "measured " << flow.Vm[1] - 1.002268855476;
  EXPECT_NEAR(flow.Vm[2], 1.01, 1e-9);
  EXPECT_NEAR(flow.Va_deg[2], -4.8265340454, 1e-6);
}

Facts statcon(double SHMX) {
  Facts facts;
  facts.name = "STATCON";
  facts.bus = 1;
  facts.VSET = 1.0;
  facts.SHMX_MVA = SHMX;
  return facts;
}

TEST(FactsDevices, AStatconHoldsItsVoltageOrGivesItsCurrent) {
  Network net = two_bus(0.2, 100, 30);
  net.facts = {statcon(100)};
  PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-9);
  const double Q = 30 - 100 * (std::sqrt(1 - 0.04) - 1) / 0.2;
  EXPECT_NEAR(flow.injections.at(0).Q_Mvar, Q, 1e-6);

  net.facts = {statcon(20)};
  flow = solve_power_flow(net);
  const double V = flow.Vm[1];
  EXPECT_NEAR(flow.injections.at(0).Q_Mvar, 20 * V, 1e-6);
  const double Q_load = 0.3 - 0.2 * V;
  const double b = 1 - 2 * Q_load * 0.2;
  EXPECT_NEAR(V, std::sqrt((b + std::sqrt(b * b - 0.16 * (1 + Q_load * Q_load))) / 2), 1e-8);
  EXPECT_THAT(flow.acts.at(0).note, HasSubstr("its current is at SHMX"));
}

SwitchedShunt relieving(ShuntMode mode, const char* RMIDNT, double high) {
  SwitchedShunt bank;
  bank.bus = 1;
  bank.id = "2";
  bank.MODSW = mode;
  bank.RMIDNT = RMIDNT;
  bank.VSWLO = 0.1;
  bank.VSWHI = high;
  bank.blocks = {{true, 8, 5.0}};
  return bank;
}

// At 1 pu the load and the line want 30 Mvar and what the line loses; the bank's steps leave the rest to the
// device, within the share of its range asked for.

TEST(SwitchedShunts, AVscConverterIsRelieved) {
  Network net = two_bus(0.2, 100, 30);
  VscDc dc;
  dc.name = "LINK";
  dc.converters[0].bus = 0;
  dc.converters[0].TYPE = 1;
  dc.converters[0].DCSET = 100;
  dc.converters[0].holds_voltage = false;
  dc.converters[1].bus = 1;
  dc.converters[1].TYPE = 2;
  dc.converters[1].DCSET = 40;
  dc.converters[1].ACSET = 1.0;
  dc.converters[1].MAXQ_Mvar = 100;
  dc.converters[1].MINQ_Mvar = -100;
  net.vsc_dc = {dc};
  net.switched_shunts = {relieving(ShuntMode::DISCRETE_VSC_MVAR, "LINK", 0.55)};
  const PowerFlowResult flow = solve_power_flow(net);
  const double Q = 30 - 100 * (std::sqrt(1 - 0.12 * 0.12) - 1) / 0.2;  // 33.6: 25 leave 8.6, 20 leave 13.6
  EXPECT_EQ(flow.switched_shunt_Mvar[0], 25);
  EXPECT_NEAR(flow.injections.at(1).Q_Mvar, Q - 25, 1e-6);
  net.switched_shunts[0].RMIDNT = "ANOTHER";
  EXPECT_EQ(solve_power_flow(net).switched_shunt_Mvar[0], 0);
}

TEST(SwitchedShunts, AFactsDeviceIsRelieved) {
  Network net = two_bus(0.2, 100, 30);
  net.facts = {statcon(100)};
  net.switched_shunts = {relieving(ShuntMode::DISCRETE_FACTS_MVAR, "STATCON", 0.55)};
  const PowerFlowResult flow = solve_power_flow(net);
  const double Q = 30 - 100 * (std::sqrt(1 - 0.04) - 1) / 0.2;  // 40.1: 35 leave 5.1, 30 leave 10.1
  EXPECT_EQ(flow.switched_shunt_Mvar[0], 35);
  EXPECT_NEAR(flow.injections.at(0).Q_Mvar, Q - 35, 1e-6);
}

TEST(SwitchedShunts, AnotherSwitchedShuntIsRelieved) {
  Network net = two_bus(0.2, 100, 30);
  SwitchedShunt other = relieving(ShuntMode::CONTINUOUS_VOLTAGE, "", 1.01);
  other.id = "1";
  other.VSWLO = 1.0;
  other.blocks = {{true, 1, 100.0}};
  net.switched_shunts = {other, relieving(ShuntMode::DISCRETE_SHUNT_POSITION, "", 0.3)};
  const PowerFlowResult flow = solve_power_flow(net);
  const double Q = 30 - 100 * (std::sqrt(1 - 0.04) - 1) / 0.2;  // 40.1: 15 leave a quarter of 100
  EXPECT_EQ(flow.switched_shunt_Mvar[1], 15);
  EXPECT_NEAR(flow.switched_shunt_Mvar[0], Q - 15, 1e-6);
}

TEST(FactsDevices, ASeriesElementPassesItsOrderToItsTerminalBus) {
  Network net = two_bus(0.2, 50, 20);
  net.buses.push_back(make_bus(3, BusType::PQ));
  net.branches.push_back(make_line(0, 2, 0, 0.2));
  net.loads.push_back(make_load(2, 80, 10));
  Facts facts = statcon(200);
  facts.terminal_bus = 2;
  facts.PDES_MW = 30;
  facts.QDES_Mvar = 10;
  net.facts = {facts};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  EXPECT_NEAR(flow.Vm[1], 1.0, 1e-9);
  // Bus 3 draws 50 + j0 from the slack, bus 2 in all 80 MW.
  EXPECT_NEAR(flow.Vm[2], std::sqrt((1 + std::sqrt(1 - 4 * 0.01)) / 2), 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[0], 130, 1e-6);
  EXPECT_LT(flow.mismatch_pu, 5e-9);
}

TEST(FactsDevices, BypassedItIsAReactance) {
  Network net = two_bus(0.2, 0, 0);
  net.buses.push_back(make_bus(3, BusType::PQ));
  net.loads[0] = make_load(2, 50, 20);
  Facts facts = statcon(0);
  facts.terminal_bus = 2;
  facts.MODE = 2;
  facts.LINX = 0.1;
  net.facts = {facts};
  net.index_buses();
  const PowerFlowResult flow = solve_power_flow(net);
  const double b = 1 - 2 * 0.2 * 0.3;
  EXPECT_NEAR(flow.Vm[2], std::sqrt((b + std::sqrt(b * b - 0.36 * 0.29)) / 2), 1e-9);
  EXPECT_NEAR(flow.injections.at(1).P_MW, 50, 1e-6);
  EXPECT_LT(flow.mismatch_pu, 1e-9);
}

InductionMachine motor() {
  InductionMachine m;
  m.bus = 1;
  m.MBASE_MVA = 50;
  m.PSET_MW = 40;
  m.RA = 0.01;
  m.XA = 0.1;
  m.XM = 3;
  m.R1 = 0.02;
  m.X1 = 0.12;
  return m;
}

TEST(InductionMachines, TheSlipGivesTheShaftPower) {
  const InductionPoint point = induction_point(motor(), 1.0);
  // Impedance form of the circuit at that slip.
  const std::complex<double> rotor(0.02 / point.slip, 0.12), xm(0, 3);
  const std::complex<double> Z = std::complex<double>(0.01, 0.1) + rotor * xm / (rotor + xm);
  EXPECT_NEAR(std::abs(point.drawn_MVA - 50.0 / std::conj(Z)), 0, 1e-9);
  const std::complex<double> I = 1.0 / Z, Ir = I * xm / (rotor + xm);
  EXPECT_NEAR(50 * std::norm(Ir) * 0.02 / point.slip * (1 - point.slip), 40, 1e-9);
  EXPECT_NEAR(point.shaft_MW, 40, 1e-9);
  EXPECT_GT(point.slip, 0);
  EXPECT_LT(point.slip, 0.05);
  InductionMachine electrical = motor();
  electrical.PCODE = 2;
  EXPECT_NEAR(induction_point(electrical, 1.0).drawn_MVA.real(), 40, 1e-9);
  InductionMachine generator = motor();
  generator.PSET_MW = -40;
  EXPECT_NEAR(induction_point(generator, 1.0).shaft_MW, -40, 1e-9);
  EXPECT_LT(induction_point(generator, 1.0).slip, 0);
}

TEST(InductionMachines, SettleAtTheVoltageTheyCause) {
  Network net = two_bus(0.2, 20, 5);
  net.induction_machines = {motor()};
  const PowerFlowResult flow = solve_power_flow(net);
  const InductionPoint point = induction_point(motor(), flow.Vm[1]);
  EXPECT_NEAR(flow.injections.at(0).P_MW, -point.drawn_MVA.real(), 1e-9);
  EXPECT_NEAR(flow.generator_P_MW[0], 20 + point.drawn_MVA.real(), 1e-6);
  EXPECT_LT(flow.mismatch_pu, 5e-9);
}

TEST(InductionMachines, BeyondBreakdownIsSaid) {
  Network net = two_bus(0.2, 20, 5);
  net.induction_machines = {motor()};
  net.induction_machines[0].PSET_MW = 300;
  const PowerFlowResult flow = solve_power_flow(net);
  ASSERT_FALSE(flow.warnings.empty());
  EXPECT_THAT(flow.warnings.back().text(), HasSubstr("beyond its breakdown power"));
}

}  // namespace
}  // namespace ballast
