/// What a recorder is told: two samples per event, times that do not fall, an end.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using testing::Ran;
using testing::run;
using testing::SmallGrid;

Ran run_from(double start_s, const std::vector<Disturbance>& disturbances, double until_s) {
  const SmallGrid grid;
  System system(grid.network, grid.plants);
  SimulationOptions options;
  options.until_s = until_s;
  options.record = {"bus.voltage"};
  Ran ran;
  ran.result = simulate(system, initialise(system, grid.voltage, start_s), disturbances, options, {},
                        &ran.record, {}, start_s);
  return ran;
}

TEST(Recording, EventAtTheStartLeavesTwoSamples) {
  const auto ran = run_from(0, {{0, LoadStep{2, 1.1, 1.1}, {}}}, 0.1);
  EXPECT_EQ(std::count(ran.record.time.begin(), ran.record.time.end(), 0.0), 2);
}

TEST(Recording, TheEndIsRecordedAlsoOffTheGrid) {
  const auto ran = run_from(0, {}, 0.1234);
  EXPECT_EQ(ran.record.time.back(), 0.1234);
}

TEST(Recording, TheLastPointBeforeAFailureIsRecorded) {
  const auto ran = run(SmallGrid(1.0, 20, 80, 0.1),
                       {{1.0, SwitchBranch{SmallGrid::kLine34, false}, {}},
                        {1.0, SwitchBranch{SmallGrid::kTie2, false}, {}},
                        {1.2042, LoadStep{3, 4.0, 4.0}, {}}},
                       3);
  ASSERT_FALSE(ran.result.status.completed);
  EXPECT_EQ(ran.record.time.back(), 1.2042);
}

TEST(Recording, EventsOneRoundingApartDoNotStopTheIntegrator) {
  const double next = std::nextafter(1.0, 2.0);
  const auto at_start = run_from(1.0, {{next, LoadStep{2, 1.1, 1.1}, {}}}, 1.1);
  EXPECT_TRUE(at_start.result.status.completed) << at_start.result.status.outcome;
  const auto at_end = run_from(0, {{1.0, LoadStep{2, 1.1, 1.1}, {}}}, next);
  EXPECT_TRUE(at_end.result.status.completed) << at_end.result.status.outcome;
}

class BrokenRecorder : public testing::MemoryRecorder {
 public:
  void sample(double t, std::span<const double> v) override {
    if (t > 0.05) throw std::runtime_error("no space left on device");
    MemoryRecorder::sample(t, v);
  }
};

TEST(Recording, AnyFailureOfTheRecorderEndsTheRunInOrder) {
  const SmallGrid grid;
  System system(grid.network, grid.plants);
  SimulationOptions options;
  options.until_s = 0.1;
  BrokenRecorder record;
  const RunResult result = simulate(system, initialise(system, grid.voltage, 0), {}, options, {}, &record);
  EXPECT_FALSE(result.status.completed);
  EXPECT_THAT(result.status.outcome, ::testing::HasSubstr("no space left"));
  EXPECT_EQ(record.status.outcome, result.status.outcome);
}

}  // namespace
}  // namespace ballast
