/// \file
/// A batch on a CUDA device.
#pragma once

#include "kernels/batch.hpp"
#include "kernels/machine_error.hpp"

namespace ballast::batch {

/// How many devices there are. Throws MachineError when this build is without the backend, or its driver
/// fails.
[[nodiscard]] int cuda_devices();

/// The scenarios on a device, by its number: steps there, what happens between them (events, starts, ends) on
/// the host with Options::threads threads. Throws MachineError when there is no device or it fails; what has
/// finished by then has gone to Options::done. Observers see every sample of their grid, at the price of a
/// way to the host for each; Options::watch_states, watch_signals and watch_buses must be empty.
[[nodiscard]] std::vector<Result> run_cuda(const Problem& problem, const Options& options = {},
                                           int device = 0);

}  // namespace ballast::batch
