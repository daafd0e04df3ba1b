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

/// What looks on while scenarios run. Called one at a time, from any thread.
struct RunWatch {
  std::function<void(Ending)> ended;  ///< a scenario has its result in a journal
  std::function<bool()> going;  ///< asked about ten times a second, or before each scenario; false stops
};

struct BatchTask {
  const Sweep& sweep;
  const SweepOptions& options;
  const Journal& journal;
  SharedCase& first;  ///< the case at rest of the scenarios whose key is `first_key`
  const std::string& first_key;
  const RunWatch& watch;
  bool& on_device;  ///< false: on the processor; becomes false when the device fails
};
/// Runs these scenarios on options.jobs threads, or their steps on the CUDA device. Results go to
/// the journal; what has none afterwards is for IDA: a case the batch does not take, voltages that did not
/// converge, a scenario that keeps its record. A device that fails is said, and what it leaves undone runs on
/// the processor. Returns false when stopped. Throws JournalError.
[[nodiscard]] bool run_batches(const BatchTask& task, const std::vector<int>& scenarios);

/// The number of the device for Backend::CUDA; 0 for others. Throws Error when there is no such device.
[[nodiscard]] int choose_device(const SweepOptions& options);

}  // namespace ballast
