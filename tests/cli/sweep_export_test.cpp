/// A sweep as problem files, run by the program of bare nodes.
#include <gmock/gmock.h>

#include "tests/cli/small_sweep.hpp"
#include "tests/cli/table.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::Ended;
using ::testing::HasSubstr;
using testing::read_table;
using testing::SweepProgram;

TEST_F(SweepProgram, ExportedItGivesTheBareNodeWhatTheBatchEngineFinds) {
  ASSERT_EQ(run({"sweep", "sweep.toml", "--backend", "cpu", "-o", "cpu"}).code, 0);
  const Ended written = run({"sweep", "sweep.toml", "--export", "problem.bin", "--threads", "2"});
  ASSERT_EQ(written.code, 0) << written.err;
  EXPECT_THAT(written.out, HasSubstr("problem.bin: 66 scenarios, 3 buses")) << "of two cases at rest";
  EXPECT_THAT(written.out, HasSubstr("ballast-batch problem.bin --threads 2 --results results.csv"));

  auto sweep = read_table(folder / "cpu/results.csv");
  auto index = read_table(folder / "problem.scenarios.csv");
  ASSERT_EQ(index["scenario"].size(), 66U);
  int compared = 0;
  for (const std::string file : {"problem.bin"}) {
    const Ended ran = wait(start_other(BALLAST_BATCH_PROGRAM, {file, "--results", file + ".csv"}));
    ASSERT_EQ(ran.code, 0) << ran.err;
    auto bare = read_table(folder / (file + ".csv"));
    for (std::size_t row = 0; row < index["file"].size(); ++row) {
      if (index["file"][row] != file) continue;
      const std::size_t there = std::stoul(index["scenario"][row]);
      const std::size_t here = std::stoul(index["place"][row]);
      for (const char* column : {"end_time_s", "steps"})
        EXPECT_EQ(std::stod(bare[column].at(here)), std::stod(sweep[column].at(there)))
            << column << " of scenario " << there;
      // The record takes the root of the squares, the bare program hypot(): the last bit may differ.
      EXPECT_DOUBLE_EQ(std::stod(bare["voltage_end_min_pu"].at(here)),
                       std::stod(sweep["voltage_end_min_pu"].at(there)))
          << "scenario " << there;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 66);
}

TEST_F(SweepProgram, WhatTheBatchDoesNotTakeIsNamedWhenItIsExported) {
  write("sweep.toml", R"([sweep]
title = "one of two without a power flow"
case = "small.toml"
base_events = "drop"
[[axis]]
name = "power"
path = "datacenter.Campus-A.it_power_MW"
values = [60, 80000]
)");
  const Ended ended = run({"sweep", "sweep.toml", "--export", "problem.bin"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("scenario 1 (power 80000): left out: "));
  EXPECT_TRUE(fs::exists(folder / "problem.bin"));
  EXPECT_EQ(run({"sweep", "sweep.toml", "--export", "no/such/folder/problem.bin"}).code, 3);
}

}  // namespace
}  // namespace ballast
