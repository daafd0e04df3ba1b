/// The batch against IDA on converters as voltage sources, grid-forming ones, compensators, distributed
/// resources, an engine set and fuel cells.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/cases/fuel_cell_cases.hpp"
#include "tests/cases/inverter_cases.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

void expect_agreement(const std::string& text) {
  const test::Agreement a = test::compare_with_ida(read_case_text(text, "inverters.toml"));
  fmt::print("{}\n", test::text_of(a));
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  ASSERT_GT(a.samples, 50U);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.angle_rms, 0.5);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_TRUE(a.same_events) << fmt::format("IDA:\n  {}\nbatch:\n  {}", fmt::join(a.ida_events, "\n  "),
                                            fmt::join(a.batch_events, "\n  "));
  EXPECT_LE(a.event_time_gap, 0.5 / 60);
}

TEST(BatchInverters, FollowersCompensatorsAndAnEngineSetAgreeWithIda) {
  expect_agreement(testing::area_case(
      "[[event]]\nat_s = 1\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.1 }\n"
      "[[event]]\nat_s = 4\nload_step = { load = \"2-1\", active_factor = 1.1, reactive_factor = 1.1 }\n"));
}

/// A step and a ramp begin from what the ramp before them has made of the load.
TEST(BatchInverters, StepsAndRampsAfterARampAgreeWithIda) {
  expect_agreement(testing::area_case(
      "[[event]]\nat_s = 1\nload_ramp = { load = \"2-1\", active_percent = 10, reactive_percent = 0, over_s "
      "= 0.5 }\n"
      "[[event]]\nat_s = 3\nload_step = { load = \"2-1\", active_factor = 0.9, reactive_factor = 1 }\n"
      "[[event]]\nat_s = 4\nload_ramp = { load = \"2-1\", active_percent = -10, reactive_percent = 0, over_s "
      "= 0.5 }\n"));
}

/// A step of load at 1 s, a fault at bus 3 at 4 s.
std::string events(const char* fault) {
  return fmt::format(
      "[[event]]\nat_s = 1\nload_step = {{ load = \"3-1\", active_factor = 1.4, reactive_factor = 1 }}\n"
      "[[event]]\nat_s = 4\nfault = {{ bus = 3, {}, duration_s = 0.1 }}\n",
      fault);
}

TEST(BatchInverters, GridFormingUnitsThatShareAnIslandAgreeWithIda) {
  expect_agreement(
      testing::island_case(testing::kRegfmA1, testing::kRegfmB1, events("impedance_pu = [2, 0]"), 8, 0));
}

TEST(BatchInverters, GridFormingUnitsAtTheirCurrentLimitsAgreeWithIda) {
  expect_agreement(testing::island_case(testing::kRegfmA1, "", events("impedance_pu = [0.5, 0]"), 8, 0));
  expect_agreement(testing::island_case(testing::kRegfmB1, "", events("bolted = true"), 8, 0));
}

/// The deep dip trips all of it, the other one a part and the load step the rest, by frequency.
TEST(BatchInverters, DistributedResourcesThatTripInPartAndInWholeAgreeWithIda) {
  for (const double residual : {0.6, 0.3})
    expect_agreement(testing::island_case(
        testing::kGoverned, testing::kDera1,
        fmt::format("[[event]]\nat_s = 1\nfault = {{ bus = 3, residual_voltage_pu = {}, duration_s = 0.3 }}\n"
                    "[[event]]\nat_s = 5\nload_step = {{ load = \"3-1\", active_factor = 1.2, "
                    "reactive_factor = 1 }}\n",
                    residual),
        8, 0));
}

TEST(BatchInverters, FuelCellsAndTheirBuffersAgreeWithIda) {
  expect_agreement(testing::fuel_cell_case(
      "[[event]]\nat_s = 1\nfault = { bus = 2, residual_voltage_pu = 0.3, duration_s = 0.1 }\n"
      "[[event]]\nat_s = 3\nreference_step = { machine = [\"2-F\", \"3-P\"], part = \"converter\", input = "
      "\"Pref\", change = 0.3 }\n",
      30, 2));
}

}  // namespace
}  // namespace ballast
