/// \file
/// The report of model quality tests: one printable HTML file, a page a test, as planners file them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "studies/requirements/finding.hpp"
#include "viz/record.hpp"

namespace ballast {

/// What one test showed at the point of connection.
struct TestPage {
  std::string title;
  std::string source;  ///< "stiff source", "short-circuit ratio 3"
  LoadSeries series;
  std::vector<Finding> findings;
  std::optional<LoadSeries> measured;  ///< to lay over it, times from its own start
  double measured_from_s = 0;          ///< when it starts in the test
  std::string mark;                    ///< "1.2 %": in the overview, where there is no verdict to show
  std::string series_name = "simulated", measured_name = "measured";  ///< for the legend
};
struct TestReport {
  std::string kind = "model quality tests";
  std::string title;                                       ///< "Campus-A"
  std::vector<std::pair<std::string, std::string>> about;  ///< name and value, for the cover
  std::vector<TestPage> pages;
};

/// Voltage, frequency and what is drawn at the second bus of a record's only branch. Throws Error where the
/// record lacks them.
[[nodiscard]] LoadSeries series_at_branch(const Record& record);

/// Largest and root-mean-square distance of the simulation from measurements at their instants.
struct Deviation {
  double largest = 0, rms = 0, largest_at_s = 0;
};
[[nodiscard]] Deviation deviation(const std::vector<double>& times_s, const std::vector<double>& simulated,
                                  const std::vector<double>& measured_times_s,
                                  const std::vector<double>& measured);

/// The file appears complete or not at all. Throws Error when it cannot be written.
void write_test_report(const TestReport& report, const std::filesystem::path& path);
/// The findings of all tests: test, source, criterion, verdict, text. The same.
void write_test_table(const TestReport& report, const std::filesystem::path& path);

}  // namespace ballast
