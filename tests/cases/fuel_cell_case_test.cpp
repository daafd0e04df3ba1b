/// Fuel cells in a grid: what their buffers take over, and what is left when they are empty.
#include <gtest/gtest.h>

#include "tests/cases/case_run.hpp"
#include "tests/cases/fuel_cell_cases.hpp"

namespace ballast {
namespace {

using testing::CaseRun;
using testing::fuel_cell_case;

constexpr const char* kStep =
    "[[event]]\nat_s = 1\nreference_step = { machine = [\"2-F\", \"3-P\"], part = \"converter\", input = "
    "\"Pref\", change = 0.2 }\n";

/// Both plants give 4 MW more at once. The PEM stack follows within a second; the solid-oxide stack takes
/// 0.17 % per second, 121 s for 0.206 pu: the buffer of 5 s holds 3 pu s to the last tenth 2.5 pu s, not
/// the 12.5 pu s of that triangle, so that the plant falls back to what its stack gives.
TEST(FuelCells, ABufferBridgesWhatItsStackTakesLonger) {
  const CaseRun run(fuel_cell_case(kStep, 200));
  std::printf("at 1.5 s: SOFC %.4f MW, PEM %.4f MW (16); at 40 s %.4f and %.4f; at 200 s %.4f and %.4f\n",
              run.at("machine.power", 1.5, "2-F"), run.at("machine.power", 1.5, "3-P"),
              run.at("machine.power", 40, "2-F"), run.at("machine.power", 40, "3-P"),
              run.at("machine.power", 200, "2-F"), run.at("machine.power", 200, "3-P"));
  EXPECT_NEAR(run.at("machine.power", 1.5, "2-F"), 16, 0.05);
  EXPECT_NEAR(run.at("machine.power", 1.5, "3-P"), 16, 0.05);
  // With the buffer empty: 12 MW + 20 MW * 0.0017/s * 39 s * 0.97
  EXPECT_NEAR(run.at("machine.power", 40, "2-F"), 12 + 20 * 0.0017 * 39 * 0.97, 0.15);
  EXPECT_NEAR(run.at("machine.power", 40, "3-P"), 16, 0.01);
  EXPECT_NEAR(run.at("machine.power", 200, "2-F"), 16, 0.15);
}

/// A buffer of 60 s holds what the stack needs to follow: no dent.
TEST(FuelCells, ALargerBufferHidesTheStackAltogether) {
  const CaseRun run(fuel_cell_case(kStep, 200, 60));
  double least = 99;
  for (double t = 1.5; t < 200; t += 0.5) least = std::min(least, run.at("machine.power", t, "2-F"));
  std::printf("least after the step %.4f MW (16)\n", least);
  EXPECT_NEAR(least, 16, 0.02);
}

TEST(FuelCells, AnInverterWithoutASourceIsAnError) {
  std::string text = fuel_cell_case("");
  text.erase(
      text.find("electrical_control = { model = \"PEM\""),
      text.find("rise = 0.3, fall = 0.5 }") + 24 - text.find("electrical_control = { model = \"PEM\""));
  try {
    (void)read_case_text(text, "small.toml");
    ADD_FAILURE() << "read";
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    EXPECT_NE(std::string(error.what()).find("PCS without"), std::string::npos);
  }
}

}  // namespace
}  // namespace ballast
