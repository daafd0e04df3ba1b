/// Grid-forming converters alone in an island, by hand; grid-following ones, compensators and an engine set
/// together.
#include "tests/cases/case_run.hpp"
#include "tests/cases/inverter_cases.hpp"

namespace ballast {
namespace {

using testing::area_case;
using testing::CaseRun;
using testing::island_case;
using testing::kRegfmA1;
using testing::kRegfmB1;

constexpr const char* kLoadStep =
    "[[event]]\nat_s = 1\nload_step = { load = \"3-1\", active_factor = 1.4, reactive_factor = 1 }\n";

TEST(GridForming, AUnitHoldsAnIslandAloneAndItsFrequencySettlesOnTheDroop) {
  for (const auto& [name, unit] : {std::pair{"REGFM_A1", kRegfmA1}, std::pair{"REGFM_B1", kRegfmB1}}) {
    const CaseRun run(island_case(unit, "", kLoadStep));
    // Without losses and at constant power the unit takes the step of 24 MW: mp 0.02 of its 100 MVA.
    const double expected = 60 * (1 - 0.02 * 24.0 / 100);
    fmt::print("{}: {:.6f} Hz, by hand {:.6f}; {:.4f} MW\n", name, run.at("bus.frequency", 20, "3"), expected,
               run.at("machine.power", 20));
    EXPECT_NEAR(run.at("bus.frequency", 0.9, "3"), 60, 1e-6);
    EXPECT_NEAR(run.at("machine.power", 20), 84, 1e-3);
    EXPECT_NEAR(run.at("bus.frequency", 20, "3"), expected, 1e-4);
  }
}

TEST(GridForming, TwoUnitsShareAStepByTheirDroopsAndBases) {
  const CaseRun run(island_case(kRegfmA1, kRegfmB1, kLoadStep));
  // Equal droops: 2/3 of 24 MW on 100 MVA, 1/3 on 50 MVA.
  fmt::print("{:.5f} and {:.5f} MW, by hand 56 and 28; {:.6f} Hz, by hand {:.6f}\n",
             run.at("machine.power", 20, "1-1"), run.at("machine.power", 20, "2-1"),
             run.at("bus.frequency", 20, "3"), 60 * (1 - 0.02 * 16.0 / 100));
  EXPECT_NEAR(run.at("machine.power", 20, "1-1"), 40 + 16, 1e-3);
  EXPECT_NEAR(run.at("machine.power", 20, "2-1"), 20 + 8, 1e-3);
  EXPECT_NEAR(run.at("bus.frequency", 20, "3"), 60 * (1 - 0.02 * 16.0 / 100), 1e-4);
}

TEST(GridForming, ABoltedFaultGetsTheCurrentLimitAndTheIslandComesBack) {
  for (const auto& [name, unit] : {std::pair{"REGFM_A1", kRegfmA1}, std::pair{"REGFM_B1", kRegfmB1}}) {
    const CaseRun run(island_case(
        unit, "", "[[event]]\nat_s = 1\nfault = { bus = 3, bolted = true, duration_s = 0.3 }\n", 20, 0));
    // 1.5 pu through a line of 0.05 pu; the fault takes the load's place. The voltage control of REGFM_B1
    // then takes the current back to Issmax = 1 pu.
    const double begins = run.at("bus.voltage", 1.01, "1");
    const double ends = run.at("bus.voltage", 1.29, "1");
    fmt::print("{}: {:.6f} pu at the unit 10 ms into the fault, by hand {:.6f}; {:.6f} at its end\n", name,
               begins, 1.5 * 0.05, ends);
    EXPECT_NEAR(begins, 1.5 * 0.05, 1e-5);
    EXPECT_NEAR(ends, unit == kRegfmA1 ? 1.5 * 0.05 : 1.0 * 0.05, 5e-4);  // filters of 20 ms still settle
    EXPECT_NEAR(run.at("bus.voltage", 20, "1"), run.at("bus.voltage", 0.9, "1"), 1e-3);
    EXPECT_NEAR(run.at("machine.power", 20), 60, 0.1);
    EXPECT_NEAR(run.at("bus.frequency", 20, "3"), 60, 1e-3);
  }
}

TEST(GridForming, FollowersCompensatorsAndAnEngineSetRideThroughTogether) {
  const CaseRun run(area_case(
      "[[event]]\nat_s = 1\nfault = { bus = 2, residual_voltage_pu = 0.2, duration_s = 0.1 }\n"
      "[[event]]\nat_s = 4\nload_step = { load = \"2-1\", active_factor = 1.1, reactive_factor = 1.1 }\n",
      60));
  for (const char* unit : {"3-1", "4-1"}) {
    fmt::print("{}: {:.4f} MW after the fault\n", unit, run.at("machine.power", 3.9, unit));
    EXPECT_NEAR(run.at("machine.power", 3.9, unit), 30, 0.1);
  }
  EXPECT_NEAR(run.at("bus.voltage", 60, "2"), run.at("bus.voltage", 0.9, "2"), 0.02);
  EXPECT_NE(run.find("STATCOM"), nullptr) << "it blocks in the fault";
  // The engine's set alone answers: its droop of 5 % on the throttle. That is a torque; the machine's stator
  // neglects its speed, so its electrical torque is the power.
  const double w = run.at("bus.frequency", 60, "2") / 60 - 1;
  const double before = run.at("machine.power", 0.9, "1-1") / 200;
  const double after = run.at("machine.power", 60, "1-1") / 200;
  fmt::print("throttle from {:.6f} to {:.6f} pu: {:.6f} Hz, by hand {:.6f}\n", before, after, 60 * w,
             -0.05 * (after - before) * 60);
  EXPECT_NEAR(60 * w, -0.05 * (after - before) * 60, 1e-4);
}

}  // namespace
}  // namespace ballast
