/// Plants from a network, its power flow and dynamic records.
#include "cases/reader/assemble.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

/// Two machines and two loads, one of the loads with parts of every kind.
Network two_buses() {
  Network network;
  network.name = "two buses";
  for (const int number : {1, 2}) {
    Bus bus;
    bus.number = number;
    bus.base_kV = 230;
    bus.type = number == 1 ? BusType::SLACK : BusType::PV;
    network.buses.push_back(bus);
  }
  network.index_buses();
  Branch line;
  line.to = 1;
  line.R = 0.01;
  line.X = 0.1;
  network.branches.push_back(line);
  Generator g;
  g.P_MW = 40;
  g.Vset = 1.02;
  g.ZR = 0.003;
  g.ZX = 0.25;
  network.generators.push_back(g);
  g.bus = 1;
  g.Vset = 0.98;
  network.generators.push_back(g);
  Load load;
  load.bus = 1;
  load.P_MW = 60;
  load.Q_Mvar = 20;
  network.loads.push_back(load);
  load.id = "2";
  load.IP_MW = 10;
  load.YQ_Mvar = 5;
  network.loads.push_back(load);
  return network;
}

constexpr const char* kRecords =
    "1 'GENCLS' 1 0 0 /\n"
    "2 'GENROU' 1 8 .03 .4 .05 6.5 0 1.8 1.7 .3 .55 .25 .2 0 0 /\n"
    "2 'SEXS' 1 .1 10 100 .1 -3 6 /\n"
    "2 'TGOV1' 1 .05 .5 1 0 3 10 0 /\n";

std::vector<DynamicRecord> records(const std::string& text, Problems& problems) {
  const auto all = read_dyr_text(text, "two.dyr", problems);
  check_dyr(all, problems);
  return all;
}

TEST(Assemble, MachinesTakeTheirPartsTheirBaseAndTheirPowerFlowOutput) {
  const Network network = two_buses();
  const PowerFlowResult flow = solve_power_flow(network);
  Problems problems;
  const auto plants = assemble_machines(network, flow, records(kRecords, problems), problems);
  problems.throw_if_any();
  ASSERT_EQ(plants.size(), 2U);
  EXPECT_EQ(plants[1].name, "2-1");
  ASSERT_EQ(plants[1].parts.size(), 3U);
  EXPECT_EQ(plants[1].parts[1].name, "exciter");
  EXPECT_EQ(plants[1].parts[2].name, "governor");
  EXPECT_EQ(plants[0].parts[0].parameters, (std::vector<double>{0, 0, 0.003, 0.25}));  // Ra, Xdp of ZSOURCE
  EXPECT_EQ(plants[1].parts[0].parameters.back(), 0.003);
  EXPECT_EQ(plants[1].parts[0].P_MW, flow.generator_P_MW[1]);
  EXPECT_EQ(plants[1].parts[1].P_MW, 0);
  EXPECT_EQ(plants[0].parts[0].Q_Mvar, flow.generator_Q_Mvar[0]);
}

TEST(Assemble, LoadsDrawExactlyWhatThePowerFlowDrewWhateverTheShares) {
  const Network network = two_buses();
  const PowerFlowResult flow = solve_power_flow(network);
  const double v = flow.Vm[1];
  for (const LoadShares& shares : {LoadShares{1, 0, 0}, LoadShares{0.2, 0.3, 0.5}, LoadShares{0, 0, 1}}) {
    const auto plants = assemble_loads(network, flow, {shares, {0, 1, 0}, 0.7});
    ASSERT_EQ(plants.size(), 2U);
    for (std::size_t k = 0; k < plants.size(); ++k) {
      const std::vector<double>& p = plants[k].parts[0].parameters;
      const std::complex<double> wanted = load_power(network.loads[k], v);
      EXPECT_NEAR(p[0] * v * v + p[2] * v + p[4], wanted.real(), 1e-12);
      EXPECT_NEAR(p[1] * v * v + p[3] * v + p[5], wanted.imag(), 1e-12);
      EXPECT_EQ(p[6], 0.7);
      EXPECT_NEAR(plants[k].parts[0].P_MW, -wanted.real(), 1e-12);
    }
  }
  const auto current = assemble_loads(network, flow, {{0, 1, 0}, {0, 1, 0}, 0.7});
  EXPECT_NEAR(current[1].parts[0].parameters[2], 60 / v + 10,
              1e-12);  // the file's current part stays at 1 pu
  EXPECT_EQ(current[1].parts[0].parameters[1], 5);
}

TEST(Assemble, TheAssembledSystemIsAtRest) {
  const Network network = two_buses();
  PowerFlowOptions tight;
  tight.tolerance_pu = 1e-11;
  const PowerFlowResult flow = solve_power_flow(network, tight);
  Problems problems;
  auto plants = assemble_machines(network, flow, records(kRecords, problems), problems);
  for (Plant& load : assemble_loads(network, flow, {{0.2, 0.3, 0.5}, {0.4, 0, 0.6}, 0.7}))
    plants.push_back(std::move(load));
  System system(network, std::move(plants));
  std::vector<std::complex<double>> voltage;
  for (int b = 0; b < 2; ++b) voltage.push_back(flow.voltage(b));
  RestReport rest;
  (void)initialise(system, voltage, 0, &rest);
  fmt::print("rates {:.1e} 1/s, currents {:.1e} pu (tolerance 1e-9)\n", rest.worst_rate, rest.worst_balance);
  EXPECT_LT(rest.worst_rate, 1e-9);
  EXPECT_LT(rest.worst_balance, 1e-9);
}

TEST(Assemble, GeneratorWithoutARecordIsNamedWithItsPower) {
  const Network network = two_buses();
  Problems problems;
  (void)machine_plants(network, records("1 'GENCLS' 1 0 0 /\n2 'SEXS' 1 .1 10 100 .1 -3 6 /\n", problems),
                       problems);
  ASSERT_EQ(problems.errors().size(), 1U);
  const std::string text = problems.errors()[0].text();
  EXPECT_THAT(text, ::testing::AllOf(::testing::HasSubstr("bus 2"), ::testing::HasSubstr("'1'"),
                                     ::testing::HasSubstr("40 MW"), ::testing::HasSubstr("GENROU")));
}

TEST(Assemble, RecordsOfNoMachineInServiceAreWarnings) {
  Network network = two_buses();
  network.generators[1].in_service = false;
  Problems problems;
  const auto plants =
      machine_plants(network, records(std::string(kRecords) + "7 'GENCLS' 1 0 0 /\n", problems), problems);
  EXPECT_FALSE(problems.any());
  EXPECT_EQ(plants.size(), 1U);
  ASSERT_EQ(problems.warnings().size(), 4U);  // three of bus 2, one of bus 7
  EXPECT_THAT(problems.warnings()[0].text(), ::testing::HasSubstr("out of service"));
  EXPECT_THAT(problems.warnings()[3].text(), ::testing::HasSubstr("two.dyr:5:1"));
}

TEST(Assemble, CarriedStepUpTransformerIsRefused) {
  Network network = two_buses();
  network.generators[0].XT = 0.1;
  Problems problems;
  (void)machine_plants(network, records(kRecords, problems), problems);
  ASSERT_EQ(problems.errors().size(), 1U);
  EXPECT_THAT(problems.errors()[0].text(), ::testing::HasSubstr("XT 0.1"));
}

TEST(Assemble, KundurFromRawAndDyrIsAtRest) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/kundur-twoarea_v33.raw");
  BALLAST_NEEDS_REFERENCE(dyr, "networks/kundur-twoarea.dyr");
  const Network network = read_network(raw);
  PowerFlowOptions tight;
  tight.tolerance_pu = 1e-11;
  const PowerFlowResult flow = solve_power_flow(network, tight);
  Problems problems;
  const auto all = read_dyr(dyr, problems);
  check_dyr(all, problems);
  auto plants = assemble_machines(network, flow, all, problems);
  problems.throw_if_any();
  EXPECT_EQ(plants.size(), 4U);
  for (Plant& load : assemble_loads(network, flow, {{1, 0, 0}, {1, 0, 0}, 0.7}))
    plants.push_back(std::move(load));
  System system(network, std::move(plants));
  std::vector<std::complex<double>> voltage;
  for (int b = 0; b < static_cast<int>(network.buses.size()); ++b) voltage.push_back(flow.voltage(b));
  RestReport rest;
  (void)initialise(system, voltage, 0, &rest);
  fmt::print("rates {:.1e} 1/s, currents {:.1e} pu (tolerance 1e-8)\n", rest.worst_rate, rest.worst_balance);
  EXPECT_LT(rest.worst_rate, 1e-8);
}

}  // namespace
}  // namespace ballast
