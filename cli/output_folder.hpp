/// \file
/// Where a run leaves its results.
#pragma once

#include <filesystem>

namespace ballast {

/// ballast-out/<case>: the case's folder name, or the file's name without .toml.
[[nodiscard]] std::filesystem::path default_output(const std::filesystem::path& case_file);

/// Makes the folder and removes the results of an earlier run, so that nothing in it looks like a result of
/// the run that begins. Throws Error when the folder holds anything that Ballast did not write, or cannot be
/// made.
void claim_output_folder(const std::filesystem::path& folder);

}  // namespace ballast
