/// \file
/// The report of a sweep: one HTML file that needs no network and no other file. docs/sweep-format.md says
/// what is in it.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "studies/table.hpp"

namespace ballast {

/// What the table of results alone does not say.
struct SweepReportInfo {
  struct AxisColumn {
    std::string name;  ///< of its column
    bool category;     ///< its values name something (buses): no distances between them
  };
  struct Outcome {
    std::string name;
    bool failure;  ///< no answer to the sweep's question
  };
  std::string sweep_path;  ///< shown in the head
  std::string sweep_text;  ///< the sweep file
  /// What runs a scenario in full when its number is put behind it: "ballast run out --scenario"
  std::string command;
  std::vector<AxisColumn> axes;
  std::vector<Outcome> outcomes;         ///< from the best to the worst
  std::vector<std::size_t> worst_first;  ///< rows of the table
  std::vector<std::string> happened;     ///< per row: what there is to say about its ending
  /// Per row: its record and its report, relative to the file written; "": none.
  std::vector<std::string> records, reports;
};

/// Writes the report of a table with the columns "scenario", "outcome", "message", axes and figures. Numbers
/// are the table's to the last bit as long as the file stays below about 10 MB; beyond, single precision,
/// then 16-bit steps, then every n-th scenario, which the page says. Counts and percentiles are of all
/// scenarios. The file appears complete or not at all. Throws Error when it cannot be written.
void write_sweep_report(const Table& results, const SweepReportInfo& info, const std::filesystem::path& path);

}  // namespace ballast
