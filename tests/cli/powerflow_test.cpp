/// `ballast powerflow`: what each flag, and each key of [power_flow], switches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/cli/program.hpp"

namespace ballast {
namespace {

using ::testing::AllOf;
using testing::Ended;
using ::testing::HasSubstr;
using ::testing::Not;

/// Two areas with something of every family of controls; area 2 exports 29 MW where it is to export 25.
constexpr const char* kRaw = R"(0,100.0,33,0,0,60.0 / own
controls of every family

1,'ONE',230.0,3,1,1,1,1.02,0.0
2,'TWO',230.0,1,1,1,1,1.0,0.0
3,'THREE',230.0,2,2,1,1,1.01,0.0
4,'FOUR',230.0,1,2,1,1,1.0,0.0
5,'FIVE',230.0,1,2,1,1,1.0,0.0
0 / LOAD
2,'1',1,1,1,100.0,40.0,0,0,0,0,1
4,'1',1,1,1,60.0,40.0,0,0,0,0,1
5,'1',1,2,1,10.0,30.0,0,0,0,0,1
0 / SHUNT
0 / GENERATOR
1,'1',50.0,0.0,300.0,-300.0,1.02,0,120.0,0.0,0.25,0,0,1.0,1,100.0,250.0,0.0,1,1.0
3,'1',100.0,0.0,300.0,-300.0,1.01,0,240.0,0.0,0.25,0,0,1.0,1,100.0,150.0,0.0,1,1.0
0 / BRANCH
1,2,'1',0.005,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1
2,4,'1',0.005,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1
3,4,'1',0.005,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1
4,5,'1',0.005,0.1,0.02,100,0,0,0,0,0,0,1,1,0,1,1
0 / TRANSFORMER
1,2,0,'T1',1,1,1,0,0,2,'TAP',1,1,1.0
0.002,0.1,100.0
1.0,0.0,0.0,0,0,0,1,2,1.1,0.9,1.005,0.995,33,0,0,0
1.0,0.0
2,4,0,'P1',1,1,1,0,0,2,'SHIFTER',1,1,1.0
0.002,0.1,100.0
1.0,0.0,0.0,0,0,0,3,0,30.0,-30.0,12.0,8.0,33,0,0,0
1.0,0.0
0 / AREA
1,1,0.0,10.0,'NORTH'
2,3,25.0,0.5,'SOUTH'
0 / DC
0 / VSC
0 / CORRECTION
0 / MTDC
0 / MULTI
0 / ZONE
0 / TRANSFER
0 / OWNER
0 / FACTS
'STATCON',5,0,1,0,0,1.0,50.0,9999,0.9,1.1,1.0,0,0.05,100,1,0,0,0,0,''
0 / SWITCHED
4,1,0,1,1.02,0.995,0,100.0,'',0.0,5,10.0
0 / GNE
0 / INDUCTION
Q
)";

constexpr const char* kCase = R"([case]
title = "controls of every family"
[network]
raw = "own.raw"
dyr = "own.dyr"
[simulation]
until_s = 1
[loads]
pqbrak = 0.7
active = { impedance = 1, current = 0, power = 0 }
reactive = { impedance = 1, current = 0, power = 0 }
)";

const auto kTap = HasSubstr("circuit 'T1': ratio");
const auto kShunt = HasSubstr("switched shunt '1' at bus 4 (FOUR): B");
const auto kShifter = HasSubstr("circuit 'P1': angle");
const auto kFacts = HasSubstr("FACTS device 'STATCON': shunt Q");
const auto kArea = HasSubstr("area 2 SOUTH: P at bus 3 (THREE)");

class PowerFlowProgram : public testing::Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    write("own.raw", kRaw);
    write("own.dyr",
          "1 'GENCLS' '1' 4.0 0.0 /\n3 'GENCLS' '1' 2.0 0.0 /\n3 'TGOV1' '1' 0.04 0.5 1 0 3 10 0 /\n");
  }
  std::string flow(std::vector<std::string> flags, const std::string& file = "own.raw") {
    flags.insert(flags.begin(), {"powerflow", file});
    const Ended ended = run(flags);
    EXPECT_EQ(ended.code, 0) << ended.err;
    return ended.out;
  }
  std::string flow_of_case(const std::string& keys) {
    write("own.toml", std::string(kCase) + "[power_flow]\n" + keys);
    return flow({}, "own.toml");
  }
  /// Voltage of a bus in the CSV.
  double voltage(int bus, std::vector<std::string> flags) {
    flags.emplace_back("--csv");
    const std::string csv = flow(flags);
    const std::string start = "\n" + std::to_string(bus) + ",";
    std::size_t at = csv.find(start);
    EXPECT_NE(at, std::string::npos) << csv;
    for (int comma = 0; comma < 3; ++comma) at = csv.find(',', at + 1);
    return std::atof(csv.c_str() + at + 1);
  }
};

TEST_F(PowerFlowProgram, FlagsSwitchTheFamiliesOfControls) {
  EXPECT_THAT(flow({}), AllOf(kTap, kShunt, kShifter, kFacts, Not(kArea)));
  EXPECT_THAT(flow({"--no-taps"}), AllOf(Not(kTap), kShunt, kShifter, kFacts));
  EXPECT_THAT(flow({"--no-shunts"}), AllOf(kTap, Not(kShunt), kShifter, kFacts));
  EXPECT_THAT(flow({"--no-phase-shifters"}), AllOf(kTap, kShunt, Not(kShifter), kFacts));
  EXPECT_THAT(flow({"--no-dc"}), AllOf(kTap, kShunt, kShifter, Not(kFacts)));
  EXPECT_THAT(flow({"--no-taps", "--no-shunts", "--no-phase-shifters", "--no-dc"}),
              Not(HasSubstr("controls:")));
}

TEST_F(PowerFlowProgram, KeysOfACaseSwitchTheFamiliesOfControls) {
  EXPECT_THAT(flow_of_case(""), AllOf(kTap, kShunt, kShifter, kFacts, Not(kArea)));
  EXPECT_THAT(flow_of_case("taps = false\n"), AllOf(Not(kTap), kShunt, kShifter, kFacts));
  EXPECT_THAT(flow_of_case("shunts = false\n"), AllOf(kTap, Not(kShunt), kShifter, kFacts));
  EXPECT_THAT(flow_of_case("phase_shifters = false\n"), AllOf(kTap, kShunt, Not(kShifter), kFacts));
  EXPECT_THAT(flow_of_case("dc = false\n"), AllOf(kTap, kShunt, kShifter, Not(kFacts)));
  EXPECT_THAT(flow_of_case("interchange = true\n"), kArea);
  EXPECT_THAT(flow_of_case("start = \"flat\"\ntolerance_pu = 1e-8\n"), AllOf(kTap, kShunt));
  write("own.toml", std::string(kCase) + "[power_flow]\nmax_iterations = 1\n");
  const Ended ended = run({"powerflow", "own.toml"});
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("iterations"));
}

TEST_F(PowerFlowProgram, InterchangeIsHeldOnTieLinesOrWithTheLoadsOfOtherAreas) {
  const std::string ties = flow({"--interchange"});
  EXPECT_THAT(ties, AllOf(kArea, HasSubstr("wanted 25 within 0.5")));
  EXPECT_THAT(ties, Not(HasSubstr("not reached")));
  // The load of 60 MW at bus 4 is of area 1: its area's own generators serve it as an export.
  const std::string with_loads = flow({"--interchange-and-loads"});
  const auto output = [](const std::string& text) {
    const std::string start = "P at bus 3 (THREE) 100 -> ";
    return std::atof(text.c_str() + text.find(start) + start.size());
  };
  EXPECT_NEAR(output(ties) - output(with_loads), 60, 1.5);
}

TEST_F(PowerFlowProgram, LimitsActUnlessTheyAreSwitchedOff) {
  std::string raw = kRaw;
  const std::string wide = "3,'1',100.0,0.0,300.0,-300.0", narrow = "3,'1',100.0,0.0,1.0,-1.0";
  write("own.raw", raw.replace(raw.find(wide), wide.size(), narrow));
  const double held = voltage(3, {"--no-limits", "--no-shunts"}), limited = voltage(3, {"--no-shunts"});
  EXPECT_NEAR(held, 1.01, 1e-8);
  EXPECT_LT(limited, 1.009);
  EXPECT_THAT(flow_of_case("reactive_limits = false\nshunts = false\n"), Not(HasSubstr("at its")));
}

TEST_F(PowerFlowProgram, ComparesTheControlsWithNone) {
  const std::string text = flow({"--compare-controls"});
  EXPECT_THAT(text, HasSubstr("with controls less without: voltages that differ most"));
  EXPECT_THAT(text, HasSubstr("bus 4 (FOUR): +"));
  EXPECT_THAT(text, HasSubstr("bus 5 (FIVE): +0.000000 pu"));  // the FACTS device holds it in both
}

TEST_F(PowerFlowProgram, ALossIsTakenByTheSlackOrShared) {
  const std::string alone = flow({"--trip", "3"});
  EXPECT_THAT(alone, HasSubstr("+100."));
  EXPECT_THAT(alone, Not(HasSubstr("generator '1' at bus 1 (ONE): P")));
  EXPECT_THAT(
      flow({"--trip", "3-1", "--slack", "participation"}),
      AllOf(HasSubstr("generator '1' at bus 1 (ONE): P"), HasSubstr("+0.000 MW beyond its schedule")));

  // Without a trip the 20.7 MW beyond the schedule are shared: by MBASE 120 and 240, by H MBASE 480 and 480,
  // by the only governor.
  write("own.toml", kCase);
  const auto share_of_three = [&](const std::string& slack) {
    const std::string text =
        flow({"--slack", slack, "--no-phase-shifters", "--no-taps", "--no-shunts"}, "own.toml");
    const std::string start = "generator '1' at bus 3 (THREE): P 100 -> ";
    EXPECT_THAT(text, HasSubstr(start));
    return std::atof(text.c_str() + text.find(start) + start.size()) - 100;
  };
  const double pickup = share_of_three("governor");
  EXPECT_NEAR(pickup, 20.65, 0.3);
  EXPECT_NEAR(share_of_three("participation") / pickup, 2.0 / 3, 0.01);
  EXPECT_NEAR(share_of_three("inertia") / pickup, 0.5, 0.01);

  EXPECT_EQ(run({"powerflow", "own.raw", "--trip", "2"}).code, 2);
  const Ended no_data = run({"powerflow", "own.raw", "--slack", "inertia"});
  EXPECT_EQ(no_data.code, 2);
  EXPECT_THAT(no_data.err, HasSubstr("no generator has a machine model with an inertia"));
}

}  // namespace
}  // namespace ballast
