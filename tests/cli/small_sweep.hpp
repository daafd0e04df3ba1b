/// \file
/// A sweep over the small case with two cases at rest, run by the program in a folder of its own.
#pragma once

#include "tests/cases/small_case.hpp"
#include "tests/cli/program.hpp"

namespace ballast::testing {

class SweepProgram : public Workplace {
 protected:
  void SetUp() override {
    Workplace::SetUp();
    write("small.toml", kSmallCase);
    write("sweep.toml", R"([sweep]
title = "faults of every length at every bus"
case = "small.toml"
base_events = "drop"
[set]
simulation.until_s = 4
[[axis]]
name = "bus"
every = "bus"
[[axis]]
name = "power"
path = "datacenter.Campus-A.it_power_MW"
values = [60, 80]
[[axis]]
name = "length"
unit = "s"
range = { from = 0.05, to = 0.15, step = 0.01 }
[[event]]
at_s = 1
fault = { bus = "{bus}", bolted = true, duration_s = "{length}" }
)");
  }
  /// Both tables of results are the same bytes.
  void expect_same_tables(const std::string& one, const std::string& other) const {
    for (const char* name : {"results.csv", "results.h5"})
      EXPECT_TRUE(content(folder / one / name) == content(folder / other / name)) << other << ": " << name;
    EXPECT_GT(content(folder / one / "results.h5").size(), 1000U) << one;
  }
};

}  // namespace ballast::testing
