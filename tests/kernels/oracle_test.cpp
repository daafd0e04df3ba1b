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

/// A case of validation/basecases with a 150 ms fault at a bus.
Agreement fault_in(const std::string& name, const std::string& beside, int bus, double impedance,
                   const test::OracleOptions& options) {
  std::ifstream file(std::filesystem::path(BALLAST_SOURCE_DIR) / "validation/basecases" / name);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const Case c = read_case_text(text, std::filesystem::path(beside).parent_path() / name);
  const PreparedCase ready = prepare(c);
  const BusFault fault{c.network.find_bus(bus), {{0, impedance}}, 0.15};
  return compare_with_ida(c, ready, {{1.0, fault, {}}}, options);
}

TEST(BatchOracle, Wecc240AfterAFault) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/240busWECC_2018_PSS_fixedshunt.raw");
  expect_agreement(fault_in("wecc240.toml", raw, 1001, 0.01, {.until_s = 5, .ida_tolerance = 1e-7}),
                   0.5 / 60);
}

TEST(BatchOracle, Activsg2000AfterAFault) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/case_ACTIVSg2000_1.raw");
  expect_agreement(fault_in("activsg2000.toml", raw, 1001, 0.01, {.until_s = 3, .ida_tolerance = 1e-6}),
                   0.5 / 60);
}

}  // namespace
}  // namespace ballast
