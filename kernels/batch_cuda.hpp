/// \file
/// A batch on a CUDA device.
#pragma once

#include "kernels/batch.hpp"

namespace ballast::batch {

/// Whether this build has the backend. Whether a device is there shows when it runs.
[[nodiscard]] bool built_with_cuda();

/// The scenarios on device 0: steps there, what happens between them (events, starts, ends) on the host with
/// Options::threads threads. Throws MachineError when there is no device or it fails; what has finished by
/// then has gone to Options::done. Observers see every sample of their grid, at the price of a way to the
/// host for each; Options::watch_states, watch_signals and watch_buses must be empty.
[[nodiscard]] std::vector<Result> run_cuda(const Problem& problem, const Options& options = {});

}  // namespace ballast::batch
