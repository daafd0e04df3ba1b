/// \file
/// A small valid sweep over the small case, for tests that run or spoil it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/cases/small_case.hpp"

namespace ballast::testing {

inline const std::string kSmallSweep = R"([sweep]
title = "small"
case = "small.toml"
combine = "product"
base_events = "drop"
limit = 100

[set]
simulation.until_s = 3

[[axis]]
name = "bus"
every = "bus"
where = { kV = 230 }

[[axis]]
name = "power"
unit = "MW"
path = "datacenter.Campus-A.it_power_MW"
values = [60, 80]

[[event]]
at_s = 1
fault = { bus = "{bus}", bolted = true, duration_s = 0.1 }

[figures]
from_s = 1.1
voltage_below_pu = [0.9]

[[metric]]
name = "town_min_pu"
of = "bus.2.voltage"
take = "min"

[stability]
angle_deg = 180

[output]
keep = "none"
)";

/// `text` with the first occurrence of `what` replaced.
inline std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  return at == std::string::npos ? "test error: no such text" : text.replace(at, what.size(), with);
}

/// A folder with the small case and a sweep over it; goes with the test.
class SweepFolderTest : public ::testing::Test {
 protected:
  SweepFolderTest() {
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    for (char& c : name)
      if (c == '/') c = '-';
    folder =
        std::filesystem::temp_directory_path() / ("ballast-sweep-" + name + "-" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    write("small.toml", kSmallCase);
  }
  ~SweepFolderTest() override { std::filesystem::remove_all(folder); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }

  std::filesystem::path folder;
};

}  // namespace ballast::testing
