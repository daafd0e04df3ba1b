/// \file
/// One scenario: its case at rest, its events, one run, its figures.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cases/reader/case.hpp"
#include "studies/result.hpp"
#include "studies/sweep.hpp"

namespace ballast {

/// Makes what keeps a full record in a file; studies/ does not know the format.
using MakeRecord = std::function<std::unique_ptr<Recorder>(const std::filesystem::path&)>;

/// A case at rest that scenarios of one key share; or why there is none.
struct SharedCase {
  Case model;
  PreparedCase ready;  ///< refers to `model`: a SharedCase stays where it is
  std::vector<std::pair<MetricSpec, Quantity>>
      metrics;          ///< those that this variant has, with what they look at
  std::string problem;  ///< "" when it rests
};
/// For the scenarios with the key of this one.
[[nodiscard]] std::unique_ptr<SharedCase> prepare_shared(const Sweep& sweep, int scenario);

/// What a scenario came to, and how its run went.
struct ScenarioRun {
  ScenarioResult result;
  RunResult run;  ///< empty for bad input
};

/// Runs a scenario on a case that it may use up: call it in a process of its own, or on a case that nobody
/// needs afterwards. `record` is the file of the full record, "" for none. Never throws for anything the
/// scenario did; throws Error when the record cannot be written. `tell` hears of its progress and may end it.
[[nodiscard]] ScenarioRun run_scenario(const Sweep& sweep, int scenario, SharedCase& shared,
                                       const std::filesystem::path& record, const MakeRecord& make_record,
                                       const std::function<void(const Progress&)>& tell = {});

}  // namespace ballast
