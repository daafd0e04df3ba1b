/// \file
/// What a sweep found out, for people and programs.
#pragma once

#include <string>
#include <vector>

#include "studies/run_sweep.hpp"
#include "studies/table.hpp"

namespace ballast {

/// One row per finished scenario: number, axes, outcome, message, figures. The same sweep gives the same
/// bits, however many workers ran it and however often it was killed and resumed.
[[nodiscard]] Table result_table(const Sweep& sweep, const SweepRun& run);
/// What each scenario cost: processor time, wall time, attempts.
[[nodiscard]] Table timing_table(const SweepRun& run);

/// What there is to say about how a scenario ended: where and when, or why it failed.
[[nodiscard]] std::string what_happened(const SweepRun& run, const ScenarioResult& result);
/// Places in run.results: first the worse endings, among equal ones where rotors went farther.
[[nodiscard]] std::vector<std::size_t> worst_first(const SweepRun& run);

/// Counts of outcomes, the ten worst scenarios, wall time: lines for a terminal.
[[nodiscard]] std::string summary_text(const Sweep& sweep, const SweepRun& run);
/// The scenarios there are, without running them; at most `most` of them.
[[nodiscard]] std::string list_text(const Sweep& sweep, int most);

}  // namespace ballast
