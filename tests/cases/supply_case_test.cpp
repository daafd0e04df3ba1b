/// Supplies of a data center beside the grid: rack power supplies on a weak bus, a UPS that is interrupted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cases/case_run.hpp"

namespace ballast {
namespace {

/// A data center of 100 MW behind a reactance at a source that nothing moves.
std::string supplied(double X, const std::string& ups_and_events) {
  return fmt::format(R"([case]
title = "weak bus"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 138
slack = true
[[bus]]
number = 2
base_kV = 138
[[line]]
from = 1
to = 2
R = 0
X = {}
B = 0
[[generator]]
bus = 1
Vset = 1.05
base_MVA = 100
machine = {{ model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.0001 }}
[[datacenter]]
name = "C"
bus = 2
it_power_MW = 100
workload = {{ kind = "constant", level = 1 }}
)",
                     X) +
         ups_and_events + R"([simulation]
until_s = 12
[output]
record = ["bus.voltage", "datacenter.ups.*"]
step_s = 0.001
)";
}

/// At 0.6 pu behind 0.3 pu the supplies are left with 0.42 pu while they draw and with 0.6 pu while they do
/// not: below V_off = 0.5 and above V_off + V_hysteresis. They find that out every 4 ms until the 20 ms of
/// their capacitors are gone.
TEST(RackSupplies, OnAWeakBusTheyLetGoAndDoNotFollowThemselves) {
  const testing::CaseRun run(supplied(0.3,
                                      "ups = { kind = \"rack-psu\", curve = \"none\" }\n[[event]]\nat_s = 1\n"
                                      "fault = { bus = 1, residual_voltage_pu = 0.6, duration_s = 0.5 }\n"));
  const LoggedEvent* lost = run.find("to lost");
  ASSERT_NE(lost, nullptr);
  fmt::print("lost at {:.6f} s (1.02), {}; voltage meanwhile {:.4f} pu (0.6)\n", lost->time_s,
             lost->cause_text, run.at("bus.voltage", 1.015, "2"));
  EXPECT_NEAR(lost->time_s, 1.02, 1e-4);
  EXPECT_THAT(lost->cause_text, ::testing::HasSubstr("moved the voltage")) << "what emptied the capacitors";
  EXPECT_NEAR(run.at("bus.voltage", 1.015, "2"), 0.6, 1e-3);
}

/// A walk-in of 10 s that a second dip ends after about half of it takes away what had come back.
TEST(Ups, AnInterruptedWalkInTakesWhatItHadBroughtBack) {
  const testing::CaseRun run(supplied(
      0.05,
      "ups = { kind = \"double-conversion\", qualify_s = 3, walk_in_delay_s = 0, walk_in_ramp_s = 10, "
      "dips_to_lock = 0 }\n"
      "[[event]]\nat_s = 1\nfault = { bus = 1, residual_voltage_pu = 0.5, duration_s = 0.1 }\n"
      "[[event]]\nat_s = 9\nfault = { bus = 1, residual_voltage_pu = 0.5, duration_s = 0.1 }\n"));
  const LoggedEvent* second = run.find("walk-in to battery");
  ASSERT_NE(second, nullptr);
  const double back = run.at("datacenter.ups.P_load", 8.99);
  fmt::print("back by then {:.2f} MW; the event takes {:.2f} MW\n", back, second->power_MW);
  EXPECT_GT(back, 30);
  EXPECT_NEAR(second->power_MW, -back, 0.02 * back);
}

}  // namespace
}  // namespace ballast
