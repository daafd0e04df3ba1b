/// \file
/// Scenarios of a sweep through the batch engine. Private to studies/.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "studies/journal.hpp"
#include "studies/run_scenario.hpp"
#include "studies/run_sweep.hpp"

namespace ballast {

struct BatchTask {
  const Sweep& sweep;
  const SweepOptions& options;
  const Journal& journal;
  SharedCase& first;  ///< the case at rest of the scenarios whose key is `first_key`
  const std::string& first_key;
  std::function<void(Ending)> settled;  ///< told of each result that is in the journal, one at a time
};
/// Runs these scenarios on options.jobs threads. Results go to the journal; what has none afterwards is for
/// IDA: a case the batch does not take, voltages that did not converge, a scenario that keeps its record.
/// Returns false when interrupted. Throws Error when the journal cannot be written.
[[nodiscard]] bool run_batches(const BatchTask& task, const std::vector<int>& scenarios);

}  // namespace ballast
