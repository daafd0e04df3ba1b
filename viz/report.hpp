/// \file
/// The report of a run: one HTML file that needs no network and no other file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studies/requirements/finding.hpp"
#include "studies/requirements/requirement.hpp"
#include "viz/record.hpp"

namespace ballast {

/// A figure for the head of the report.
struct KeyFigure {
  std::string name;    ///< "Lowest frequency"
  std::string value;   ///< "59.63 Hz"
  std::string note;    ///< "area 1, at 12.3 s"; may be empty
  double time_s = -1;  ///< where a click leads; negative: nowhere
};

/// What whoever ordered the run has to say about it.
struct ReportSummary {
  std::string verdict;             ///< one or two sentences; empty: made from the record's metrics
  std::vector<KeyFigure> figures;  ///< shown before those computed from the record
  std::vector<Requirement> requirements = {};
  std::vector<Finding> findings = {};  ///< of the requirements
};

/// Writes the report: outcome, key figures, map, events with causes, charts of every quantity, the case.
/// A long run is thinned so that the file stays at a few megabytes; extremes and instants of events are kept.
/// The file appears complete or not at all. Throws Error when it cannot be written.
void write_report(const Record& record, const ReportSummary& summary, const std::filesystem::path& path);

}  // namespace ballast
