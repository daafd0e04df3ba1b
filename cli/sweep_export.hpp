/// \file
/// `ballast sweep --export`: a sweep as problem files for a node where only ballast-batch is.
#pragma once

#include <filesystem>

#include "cli/exit_code.hpp"
#include "studies/sweep.hpp"

namespace ballast {

/// Writes the files, beside them a table that says which scenario is which, and tells the command that runs
/// them on so many threads.
[[nodiscard]] ExitCode export_problems(const Sweep& sweep, const std::filesystem::path& file, int threads);

}  // namespace ballast
