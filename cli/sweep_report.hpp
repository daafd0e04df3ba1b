/// \file
/// The report of a sweep, from what the sweep and its folder hold.
#pragma once

#include <filesystem>

#include "studies/run_sweep.hpp"
#include "studies/table.hpp"

namespace ballast {

/// Writes report.html into the folder of the results, and a report beside each kept record of the worst
/// scenarios (at most kKeptReports). `results` is the table of `run`. Throws Error when the disk does not
/// take it.
void write_report_of_sweep(const Sweep& sweep, const SweepRun& run, const Table& results,
                           const std::filesystem::path& folder);

inline constexpr int kKeptReports = 10;

}  // namespace ballast
