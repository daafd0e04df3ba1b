/// Static loads that depend on frequency: [loads] frequency, and what a load alone with a machine does.
#include <gtest/gtest.h>

#include <cmath>

#include "tests/cases/case_run.hpp"

namespace ballast {
namespace {

using testing::CaseRun;

std::string machine_and_load(const std::string& shares, const std::string& frequency) {
  return R"([case]
title = "a load alone with a machine"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 230
slack = true
[[load]]
bus = 1
P_MW = 100
Q_Mvar = 20
[loads]
active = )" +
         shares +
         R"(
reactive = { impedance = 1, current = 0, power = 0 }
)" + frequency +
         R"(
pqbrak = 0.7
[[generator]]
bus = 1
Vset = 1.0
base_MVA = 200
machine = { model = "GENROU", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = 6.5, D = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }
[[event]]
at_s = 1
load_step = { load = "1-1", active_factor = 1.02, reactive_factor = 1 }
[simulation]
until_s = 400
[output]
step_s = 1
record = ["frequency", "load.power"]
)";
}

/// Without a governor the turbine gives Pm: torque Pm / w. A constant-power load draws 1.02 w^m, so that w^(m
/// + 1) = 1 / 1.02 at rest.
TEST(FrequencyLoad, DampingIsWhatTheExponentSays) {
  for (const double m : {0.5, 1.5, 3.0}) {
    const CaseRun run(machine_and_load("{ impedance = 0, current = 0, power = 1 }",
                                       fmt::format("frequency = {{ m = {}, n = 0, r = 0, s = 0 }}", m)));
    const double expected = 60 * std::pow(1.02, -1 / (m + 1));
    fmt::print("m = {}: {:.6f} Hz, by hand {:.6f} Hz (tolerance 1e-4)\n", m, run.at("frequency", 400),
               expected);
    EXPECT_NEAR(run.at("frequency", 400), expected, 1e-4);
  }
}

TEST(FrequencyLoad, ConstantCurrentFollowsROfItsOwn) {
  const CaseRun run(machine_and_load("{ impedance = 0, current = 0, power = 1 }",
                                     "frequency = { m = 0, n = 0, r = 9, s = 9 }"));
  const double expected = 60 / 1.02;  // m = 0: no damping but that of the torque
  fmt::print("{:.6f} Hz, by hand {:.6f} Hz (tolerance 1e-3)\n", run.at("frequency", 400), expected);
  EXPECT_NEAR(run.at("frequency", 400), expected, 1e-3);
}

TEST(FrequencyLoad, AnExponentThatIsMissingOrTooLargeIsAnError) {
  for (const char* frequency :
       {"frequency = { m = 1.5, n = 0, r = 1.5 }", "frequency = { m = 50, n = 0, r = 1, s = 0 }"}) {
    try {
      (void)read_case_text(machine_and_load("{ impedance = 0, current = 0, power = 1 }", frequency),
                           "small.toml");
      ADD_FAILURE() << frequency;
    } catch (const Error& error) {
      fmt::print("{}\n", error.what());
      EXPECT_NE(std::string(error.what()).find("small.toml:17"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace ballast
