/// A machine behind a shaft of several masses.
#include <gtest/gtest.h>

#include "tests/cases/case_run.hpp"

namespace ballast {
namespace {

/// Masses of the IEEE First Benchmark behind a reactance, a fault of 75 ms at its terminals.
std::string benchmark(const std::string& governor) {
  return R"([case]
title = "shaft"
[network]
frequency_Hz = 60
base_MVA = 892.4
[[bus]]
number = 1
base_kV = 26
[[bus]]
number = 2
base_kV = 500
slack = true
[[line]]
from = 1
to = 2
R = 0.01
X = 0.4
B = 0
[[generator]]
bus = 1
P_MW = 800
Vset = 1.0
base_MVA = 892.4
machine = { model = "GENROU", H = 0.868495, D = 0, Ra = 0, Xd = 1.79, Xq = 1.71, Xdp = 0.169, Xqp = 0.228, Xdpp = 0.135, Xl = 0.13, Tdop = 4.3, Tqop = 0.85, Tdopp = 0.032, Tqopp = 0.05, S10 = 0, S12 = 0 }
shaft = { model = "SHAFT", H_1 = 0.092897, H_2 = 0.155589, H_3 = 0.858670, H_4 = 0.884215, H_EXC = 0.0342165, K_1 = 19.303, K_2 = 34.929, K_3 = 52.038, K_4 = 70.858, K_EXC = 2.822, D_1 = 0, D_2 = 0, D_3 = 0, D_4 = 0, D_EXC = 0, F_1 = 0.3, F_2 = 0.26, F_3 = 0.22, F_4 = 0.22 }
)" + governor +
         R"([[generator]]
bus = 2
Vset = 1.0
base_MVA = 10000
machine = { model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.001 }
[[event]]
at_s = 1
fault = { bus = 1, impedance_pu = [0, 0.1], duration_s = 0.075 }
[simulation]
until_s = 3
[output]
record = ["machine.power", "machine.shaft.*", "machine.mechanical_power", "machine.speed"]
step_s = 0.001
)";
}

/// The shaft carries the machine's power at rest. When the fault goes it rings by what its masses have
/// stored: the mean of its torque stays the turbine's, its peak is far above.
TEST(ShaftCase, RingsAfterAFaultAroundTheTurbinesPower) {
  for (const std::string& governor :
       {std::string(),
        std::string("governor = { model = \"TGOV1\", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = "
                    "3, T3 = 10, Dt = 0 }\n")}) {
    const testing::CaseRun run(benchmark(governor));
    const double rest = run.at("machine.shaft.torque", 0.99, "1-1");
    double most = 0, sum = 0;
    int samples = 0;
    for (double t = 1.075; t < 2.999; t += 0.001) {
      const double torque = run.at("machine.shaft.torque", t, "1-1");
      most = std::max(most, torque);
      sum += torque;
      ++samples;
    }
    fmt::print("torque at rest {:.6f} ({:.6f}), mean afterwards {:.3f}, peak {:.3f} pu\n", rest, 800 / 892.4,
               sum / samples, most);
    EXPECT_NEAR(rest, 800 / 892.4, 1e-6);
    EXPECT_NEAR(sum / samples, rest, 0.05);
    EXPECT_GT(most, 1.2 * rest);
  }
}

}  // namespace
}  // namespace ballast
