/// The planners' base cases load whole, rest and stay at rest.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "cases/reader/case.hpp"
#include "cases/reader/coverage.hpp"
#include "tests/reference.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

/// A case of validation/basecases as if it lay beside the files it names.
Case base_case(const std::string& name, const std::string& beside) {
  std::ifstream file(std::filesystem::path(BALLAST_SOURCE_DIR) / "validation/basecases" / name);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return read_case_text(text, std::filesystem::path(beside).parent_path() / name);
}

double largest_deviation(const Record& record, const std::string& quantity) {
  const std::size_t q = record.find(quantity).value();
  double largest = 0;
  for (std::size_t e = 0; e < record.schema.quantities[q].elements.size(); ++e)
    for (std::size_t k = 0; k < record.samples(); ++k)
      largest = std::max(largest, std::abs(record.at(q, k, e) - 1));
  return largest;
}

void expect_whole_and_flat(const Case& c, double speed_tolerance) {
  const PreparedCase ready = prepare(c);
  const Coverage coverage = coverage_of(c, &ready.flow);
  fmt::print("{}{} limits moved\n", coverage_text(coverage), ready.rest.moved_limits.size());
  for (const auto& lines : {coverage.network, coverage.dynamics})
    for (const CoverageLine& line : lines)
      EXPECT_NE(line.fate, CoverageLine::Fate::REFUSED) << line.record << ": " << line.how;

  const double residual = std::max(ready.rest.worst_rate, ready.rest.worst_balance);
  fmt::print("residual at rest {:.1e} in {}, tolerance 1e-8\n", residual, ready.rest.where);
  EXPECT_LT(residual, 1e-8);

  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  const double speed = largest_deviation(recorder.record(), "machine.speed");
  fmt::print("largest speed deviation in {:g} s: {:.1e} pu, tolerance {:.0e}\n", c.simulation.until_s, speed,
             speed_tolerance);
  EXPECT_LT(speed, speed_tolerance);
}

TEST(BaseCases, Wecc240LoadsWholeAndStaysFlat) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/240busWECC_2018_PSS_fixedshunt.raw");
  expect_whole_and_flat(base_case("wecc240.toml", raw), 1e-7);
}

TEST(BaseCases, Activsg2000LoadsWholeAndStaysFlat) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/case_ACTIVSg2000_1.raw");
  expect_whole_and_flat(base_case("activsg2000.toml", raw), 1e-7);
}

TEST(BaseCases, Activsg10kWithDynamicsDeclaredByFuelStaysFlat) {
  BALLAST_NEEDS_REFERENCE(m, "networks/case_ACTIVSg10k.m");
  expect_whole_and_flat(base_case("activsg10k.toml", m), 1e-6);
}

}  // namespace
}  // namespace ballast
