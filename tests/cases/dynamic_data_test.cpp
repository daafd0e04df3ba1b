/// What a case makes of its dynamics file: rules, negative loads, groups of loads, moved limits, and the
/// coverage report of all of it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cases/reader/case.hpp"
#include "cases/reader/coverage.hpp"

namespace ballast {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

/// Three generators, an infinite bus and two loads; the dynamics come from a file beside the case.
constexpr const char* kGrid = R"(
[case]
title = "dynamics from a file"
[network]
frequency_Hz = 60
dyr = "own.dyr"
[[bus]]
number = 1
base_kV = 230
slack = true
[[bus]]
number = 2
base_kV = 230
area = 7
[[line]]
from = 1
to = 2
R = 0.001
X = 0.02
B = 0.01
[[generator]]
bus = 1
Vset = 1.0
base_MVA = 1000
machine = { model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.2 }
[[generator]]
bus = 2
id = "A"
P_MW = 90
Vset = 1.0
base_MVA = 100
[[generator]]
bus = 2
id = "B"
P_MW = 20
Vset = 1.0
base_MVA = 100
[[load]]
bus = 1
P_MW = 30
Q_Mvar = 10
[[load]]
bus = 2
P_MW = 50
Q_Mvar = 10
[simulation]
until_s = 1
)";
constexpr const char* kLoads = R"(
[loads]
pqbrak = 0.7
active = { impedance = 0, current = 1, power = 0 }
reactive = { impedance = 1, current = 0, power = 0 }
)";
constexpr const char* kNetted = "[generators_without_dynamics]\nrepresent_as = \"negative-load\"\n";
constexpr const char* kMachineA = "2 'GENROU' 'A ' 8 .03 .4 .05 6.5 0 1.8 1.7 .3 .55 .25 .2 0 0 /\n";
constexpr const char* kSexsA = "2 'SEXS' A .1 10 100 .1 -3 6 /\n";

class DynamicData : public ::testing::Test {
 protected:
  DynamicData() : folder_(std::filesystem::temp_directory_path() / fmt::format("ballast-dyr-{}", getpid())) {
    std::filesystem::create_directories(folder_);
  }
  ~DynamicData() override { std::filesystem::remove_all(folder_); }
  DynamicData(const DynamicData&) = delete;
  DynamicData& operator=(const DynamicData&) = delete;

  Case read(const std::string& dyr, const std::string& tables, Problems& problems) {
    std::ofstream(folder_ / "own.dyr") << dyr;
    return read_case_text(kGrid + tables, folder_ / "case.toml", problems);
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  Case read(const std::string& dyr, const std::string& tables) {
    Problems problems;
    Case c = read(dyr, tables, problems);
    problems.throw_if_any();
    return c;
  }

 private:
  std::filesystem::path folder_;
};

const CoverageLine* line_of(const std::vector<CoverageLine>& lines, const std::string& record,
                            CoverageLine::Fate fate) {
  for (const CoverageLine& line : lines)
    if (line.record == record && line.fate == fate) return &line;
  return nullptr;
}

TEST_F(DynamicData, AGeneratorWithoutAMachineModelIsAnErrorWithItsMW) {
  Problems problems;
  const Case c = read(kMachineA, kLoads, problems);
  ASSERT_TRUE(problems.any());
  EXPECT_THAT(problems.errors().front().text(),
              HasSubstr("20 MW in service, but no machine model or converter"));
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("[generators_without_dynamics]"));
  const Coverage coverage = coverage_of(c);
  const CoverageLine* refused = line_of(coverage.network, "generator", CoverageLine::Fate::REFUSED);
  ASSERT_NE(refused, nullptr);
  EXPECT_EQ(refused->count, 1);
  EXPECT_EQ(refused->MW, 20);
}

TEST_F(DynamicData, AGeneratorWithoutAMachineModelBecomesANegativeLoadWhenTheCaseSaysSo) {
  const Case c = read(kMachineA, std::string(kLoads) + kNetted);
  const PreparedCase ready = prepare(c);
  const Coverage coverage = coverage_of(c, &ready.flow);
  fmt::print("{}residual {:.1e}, tolerance 1e-8\n", coverage_text(coverage),
             std::max(ready.rest.worst_rate, ready.rest.worst_balance));
  EXPECT_LT(ready.rest.worst_rate, 1e-8);
  EXPECT_LT(ready.rest.worst_balance, 1e-8);
  const CoverageLine* netted = line_of(coverage.network, "generator", CoverageLine::Fate::APPROXIMATED);
  ASSERT_NE(netted, nullptr);
  EXPECT_EQ(netted->count, 1);
  EXPECT_NEAR(netted->MW, 20, 1e-9);
  ASSERT_EQ(coverage.loads.size(), 2U);
  EXPECT_NEAR(coverage.loads[0].current.real(), 80, 1e-9);
  EXPECT_NEAR(coverage.loads[0].impedance.imag(), 20, 1e-9);
  EXPECT_NEAR(coverage.loads[1].current.real(), -20, 1e-9);
}

TEST_F(DynamicData, VendorRecordsAreIgnoredOrReplacedByRules) {
  const std::string dyr = std::string(kMachineA) +
                          "2 'USRMDL' 'A ' 'OWNEXC' 4 0 0 2 3 2 0.1 0.2 /\n"
                          "0 'USRMSC' 'RELAYS' 512 0 1 1 0 0 5 0.3 /\n";
  Problems problems;
  const Case refused = read(dyr, std::string(kLoads) + kNetted, problems);
  EXPECT_EQ(problems.errors().size(), 2U);
  EXPECT_NE(line_of(coverage_of(refused).dynamics, "USRMDL 'OWNEXC'", CoverageLine::Fate::REFUSED), nullptr);

  const Case c =
      read(dyr, std::string(kLoads) + kNetted +
                    "[[dyr_rule]]\nmodel = \"USRMSC\"\nignore = true\n"
                    "[[dyr_rule]]\nname = \"OWNEXC\"\nreplace_with = { model = \"SEXS\", TATB = 0.1, "
                    "TB = 10, K = 100, TE = 0.1, EMIN = -3, EMAX = 6 }\n");
  const Coverage coverage = coverage_of(c);
  const CoverageLine* replaced =
      line_of(coverage.dynamics, "USRMDL 'OWNEXC'", CoverageLine::Fate::APPROXIMATED);
  ASSERT_NE(replaced, nullptr);
  EXPECT_EQ(replaced->MW, 90);
  EXPECT_THAT(replaced->how, HasSubstr("SEXS"));
  EXPECT_NE(line_of(coverage.dynamics, "USRMSC 'RELAYS'", CoverageLine::Fate::LEFT_OUT), nullptr);
  bool excited = false;
  for (const Part& part : c.plants[1].parts) excited = excited || part.model == "SEXS";
  EXPECT_TRUE(excited);
}

TEST_F(DynamicData, ARuleCompletesARecordAndTheActIsListed) {
  const std::string dyr = std::string(kMachineA) + "2 'SEXS' A .1 10 100 .1 -3 /\n";
  Problems problems;
  (void)read(dyr, std::string(kLoads) + kNetted, problems);
  ASSERT_TRUE(problems.any());
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("without EMAX"));
  const Case c = read(
      dyr, std::string(kLoads) + kNetted + "[[dyr_rule]]\nmodel = \"SEXS\"\nbus = 2\nset = { EMAX = 4.5 }\n");
  EXPECT_EQ(c.plants[1].parts[1].parameters.back(), 4.5);
  ASSERT_EQ(c.adjustments.size(), 1U);
  EXPECT_THAT(c.adjustments[0].what, HasSubstr("EMAX = 4.5"));
}

TEST_F(DynamicData, ARuleThatMatchesNothingOrHasNoActionIsAnError) {
  Problems problems;
  (void)read(kMachineA, std::string(kLoads) + kNetted + "[[dyr_rule]]\nmodel = \"USRMDL\"\nignore = true\n",
             problems);
  ASSERT_TRUE(problems.any());
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("no record of the dynamics file matches"));
  Problems others;
  (void)read(kMachineA, std::string(kLoads) + kNetted + "[[dyr_rule]]\nmodel = \"GENROU\"\n", others);
  ASSERT_TRUE(others.any());
  EXPECT_THAT(others.errors().front().text(), HasSubstr("has 0 actions"));
}

TEST_F(DynamicData, ALimitThatExcludesTheOperatingPointIsMovedAndListedOrRefused) {
  const std::string dyr = std::string(kMachineA) + kSexsA + "2 'TGOV1' A .05 .5 .6 0 3 10 0 /\n";
  const PreparedCase ready = prepare(read(dyr, std::string(kLoads) + kNetted));
  ASSERT_EQ(ready.rest.moved_limits.size(), 1U);
  const MovedLimit& moved = ready.rest.moved_limits[0];
  EXPECT_EQ(moved.from, 0.6);
  EXPECT_NEAR(moved.to, 0.9, 1e-9);
  EXPECT_LT(ready.rest.worst_rate, 1e-8);
  const PartRef& ref = ready.system->parts()[moved.part];
  EXPECT_EQ(ref.name, "2-A.governor");
  EXPECT_STREQ(ready.system->group(ref.group).parameters[moved.parameter].name, "VMAX");
  try {
    (void)prepare(read(dyr, std::string(kLoads) + kNetted + "[initialisation]\nstrict = true\n"));
    FAIL() << "a governor above VMAX was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("VMIN..VMAX"));
  }
}

TEST_F(DynamicData, GroupsOfLoadsHaveTheirOwnShares) {
  const std::string group = R"(
[[loads.group]]
area = [7]
active = { impedance = 0.5, current = 0.25, power = 0.25 }
reactive = { impedance = 0, current = 0, power = 1 }
)";
  const Case c = read(kMachineA, std::string(kLoads) + group + kNetted);
  ASSERT_EQ(c.load_conversions.size(), 2U);
  EXPECT_EQ(c.load_conversions[0].active.current, 1);
  EXPECT_EQ(c.load_conversions[1].active.impedance, 0.5);
  EXPECT_EQ(c.load_conversions[1].reactive.power, 1);
  EXPECT_EQ(c.load_conversions[1].pqbrak, 0.7);
  Problems problems;
  (void)read(kMachineA, std::string(kLoads) + group + group + kNetted, problems);
  ASSERT_TRUE(problems.any());
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("belongs to two groups"));
}

constexpr const char* kFuels = R"(function mpc = fuels
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
  1 3 0  0  0 0 1 1 0 230 1 1.1 0.9;
  2 2 90 20 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
  1 10 0 100 -100 1 100 1 200 0;
  2 40 0 100 -100 1 100 1 200 0;
  2 40 0 100 -100 1 100 1 200 0;
];
mpc.branch = [ 1 2 0.001 0.02 0.01 0 0 0 0 0 1 -360 360; ];
mpc.genfuel = { 'coal'; 'hydro'; 'coal'; };
)";

TEST_F(DynamicData, ModelsAreDeclaredByFuel) {
  std::ofstream(folder() / "own.m") << kFuels;
  const std::string head = "[case]\ntitle = \"fuels\"\n[network]\nm = \"own.m\"\nfrequency_Hz = 60\n";
  const std::string data =
      "[[machine_data]]\nfuel = [\"coal\"]\nmachine = { model = \"GENCLS\", H = 4, D = 0, Ra = 0, Xdp = 0.2 "
      "}\n";
  const std::string tail = std::string(kLoads) + "[simulation]\nuntil_s = 1\n";
  Problems problems;
  (void)read_case_text(head + data + tail, folder() / "case.toml", problems);
  ASSERT_EQ(problems.errors().size(), 1U) << "the hydro unit has no model";
  EXPECT_THAT(problems.errors().front().text(), HasSubstr("bus 2, generator '1'"));
  const Case c = read_case_text(head + data +
                                    "[[machine_data]]\nfuel = [\"hydro\"]\nmachine = { model = \"GENCLS\", "
                                    "H = 3, D = 0, Ra = 0, Xdp = 0.3 }\n" +
                                    tail,
                                folder() / "case.toml");
  ASSERT_EQ(c.network.generators.size(), 3U);
  EXPECT_EQ(c.network.generators[0].fuel, "coal");
  EXPECT_EQ(c.network.generators[0].ZX, 0.2);
  EXPECT_EQ(c.network.generators[1].ZX, 0.3);
  const Coverage coverage = coverage_of(c);
  const CoverageLine* gencls = line_of(coverage.dynamics, "GENCLS", CoverageLine::Fate::SIMULATED);
  ASSERT_NE(gencls, nullptr);
  EXPECT_EQ(gencls->how, "declared for fuel coal");
  EXPECT_EQ(gencls->count, 2);
  EXPECT_LT(prepare(c).rest.worst_rate, 1e-8);
}

TEST_F(DynamicData, AnIslandWhoseGeneratorsHaveNoDynamicsIsRefused) {
  const std::string apart = R"(
[[bus]]
number = 11
base_kV = 230
slack = true
[[bus]]
number = 12
base_kV = 230
[[line]]
from = 11
to = 12
R = 0.001
X = 0.02
B = 0.01
[[generator]]
bus = 11
Vset = 1.0
base_MVA = 100
)";
  try {
    (void)prepare(read(kMachineA, apart + kLoads + kNetted));
    FAIL() << "an island without a machine was accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no machine that forms voltage"));
  }
}

}  // namespace
}  // namespace ballast
