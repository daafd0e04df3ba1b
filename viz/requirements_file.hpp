/// \file
/// requirements.json: what was demanded of the data centers of a run, rules and all, and what was found. It
/// holds everything that the check needs beside the record.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "studies/requirements/finding.hpp"
#include "studies/requirements/requirement.hpp"

namespace ballast {

[[nodiscard]] std::string requirements_json(const std::vector<Requirement>& requirements,
                                            const std::vector<Finding>& findings);
/// Throws Error when it cannot be written.
void write_requirements(const std::vector<Requirement>& requirements, const std::vector<Finding>& findings,
                        const std::filesystem::path& path);
/// The requirements of such a file. Throws Error when it is missing or damaged.
[[nodiscard]] std::vector<Requirement> read_requirements_file(const std::filesystem::path& path);

}  // namespace ballast
