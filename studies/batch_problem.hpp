/// \file
/// Scenarios of a sweep as problems of the batch engine.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "kernels/prepare/unroll.hpp"
#include "kernels/problem.hpp"
#include "studies/run_scenario.hpp"

namespace ballast {

/// Scenarios that differ by events only and share a case at rest.
struct BatchProblem {
  batch::Problem problem;
  std::vector<int> scenario_of;  ///< [scenario of the problem] of the sweep
  std::vector<std::vector<batch::ToldAction>>
      told;  ///< [scenario of the problem] what its actions are called
  std::vector<std::pair<int, std::string>> left_out;  ///< scenarios that the engine does not take, and why
};
/// `shared` is the case at rest of all `scenarios`; its events are those of the last one afterwards. Without
/// any scenario that the engine takes the problem is empty.
[[nodiscard]] BatchProblem batch_problem(const Sweep& sweep, SharedCase& shared,
                                         const std::vector<int>& scenarios);

/// Scenarios in groups that share a case at rest, the group of the first one first.
[[nodiscard]] std::vector<std::vector<int>> groups_at_rest(const Sweep& sweep,
                                                           const std::vector<int>& scenarios);

/// A file of kernels/problem_file.hpp, and what it holds.
struct ExportedProblem {
  std::filesystem::path path;
  std::uintmax_t bytes = 0;
  int buses = 0, states = 0;
  std::vector<int> scenario_of;  ///< [scenario of the file] of the sweep
};
struct ExportedSweep {
  std::vector<ExportedProblem> files;
  std::vector<std::pair<int, std::string>> left_out;
};
/// Writes the sweep to `file`, or, when its cases differ by more than numbers (batch::alike), to several:
/// "problem.bin" becomes "problem-1.bin", "problem-2.bin", ... Throws Error when a file cannot be written.
[[nodiscard]] ExportedSweep export_sweep(const Sweep& sweep, const std::filesystem::path& file);

}  // namespace ballast
