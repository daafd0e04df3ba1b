/// \file
/// [[requirement]] and [[rule]] of a case file, or of a file of rules. docs/requirements.md is their
/// reference.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "studies/requirements/requirement.hpp"

namespace ballast {

/// What the case demands of its data centers, one entry per data center and rule. Throws Error with every
/// problem.
[[nodiscard]] std::vector<Requirement> read_requirements(const Case& c);
/// Longest iteration of a data center's jobs, s: what its consumption is averaged over; 0 where none swings.
[[nodiscard]] double swing_period(const Plant& datacenter);
/// A rule for a data center as the case has it: measured at its own bus with the batteries there, averaged
/// over the longest iteration of its jobs.
[[nodiscard]] Requirement requirement_of(const Case& c, const Plant& datacenter, const Rule& rule);
/// Has the run record what their check needs.
void record_for(const std::vector<Requirement>& requirements, Case& c);
/// The [[rule]] tables of a file. Throws Error with every problem.
[[nodiscard]] std::vector<Rule> read_rules(const std::filesystem::path& path);
/// One of `own` or a published one; throws Error with the nearest name.
[[nodiscard]] const Rule& rule_named(const std::string& name, const std::vector<Rule>& own);

}  // namespace ballast
