/// \file
/// summary.json: the outcome, key figures and events of a run, for scripts. Units are in the keys.
#pragma once

#include <filesystem>

#include "studies/requirements/finding.hpp"
#include "viz/record.hpp"

namespace ballast {

/// Writes summary.json. The file appears complete or not at all. Throws Error when it cannot be written.
void write_summary(const Record& record, const std::vector<Finding>& findings,
                   const std::filesystem::path& path);

/// The same as text.
[[nodiscard]] std::string summary_json(const Record& record, const std::vector<Finding>& findings = {});

}  // namespace ballast
