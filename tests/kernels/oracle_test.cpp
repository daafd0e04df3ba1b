/// The batch against IDA at 1e-9: the shipped cases, and its order.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/kernels/oracle.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

using test::Agreement;
using test::compare_with_ida;

Case shipped(const std::string& name) {
  return read_case(std::filesystem::path(BALLAST_SOURCE_DIR) / "cases" / name);
}

void expect_agreement(const Agreement& a, double step_s) {
  fmt::print("{}\n", test::text_of(a));
  EXPECT_EQ(a.ida_outcome, "completed");
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  ASSERT_GT(a.samples, 50U);
  EXPECT_LT(a.speed_rms, 1e-4);
  EXPECT_LT(a.angle_rms, 0.5);
  EXPECT_LT(a.voltage_rms, 2e-3);
  EXPECT_TRUE(a.same_events) << fmt::format("IDA:\n  {}\nbatch:\n  {}", fmt::join(a.ida_events, "\n  "),
                                            fmt::join(a.batch_events, "\n  "));
  EXPECT_LE(a.event_time_gap, step_s);
}

TEST(BatchOracle, Smib) { expect_agreement(compare_with_ida(shipped("smib")), 0.5 / 60); }
TEST(BatchOracle, TwoAreaCampus) { expect_agreement(compare_with_ida(shipped("two-area-campus")), 0.5 / 60); }
TEST(BatchOracle, NewEnglandCampuses) {
  expect_agreement(compare_with_ida(shipped("new-england-campuses"), {.until_s = 30}), 0.5 / 60);
}

TEST(BatchOracle, TheErrorFallsWithTheSquareOfTheStep) {
  const Case c = shipped("two-area-campus");
  const PreparedCase ready = prepare(c);
  double last = 0;
  for (const double step : {1.0 / 120, 1.0 / 240, 1.0 / 480}) {
    const PreparedCase fresh = prepare(c);
    const Agreement a =
        compare_with_ida(c, fresh, c.disturbances, {.until_s = 40, .step_s = step, .ida_tolerance = 1e-10});
    fmt::print("step {:.2f} ms: speed {:.2e}, voltage {:.2e} pu RMS\n", 1e3 * step, a.speed_rms,
               a.voltage_rms);
    if (last > 0) {
      const double order = std::log2(last / a.speed_rms);
      fmt::print("  order {:.2f}, at least 1.9\n", order);
      EXPECT_GE(order, 1.9);
    }
    last = a.speed_rms;
  }
}

}  // namespace
}  // namespace ballast
