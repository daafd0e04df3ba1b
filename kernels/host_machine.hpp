/// \file
/// The code of the CUDA backend on the host: for tests, where there is no device.
#pragma once

#include <memory>

#include "kernels/batch.hpp"
#include "kernels/machine.hpp"

namespace ballast::batch {

/// As run_cuda, with `team` members to a lane that take turns between their barriers.
[[nodiscard]] std::vector<Result> run_as_on_cuda(const Problem& problem, const Options& options, int team);

/// The machine that it runs on, with room for `lanes` lanes, in whole tiles beyond the first.
[[nodiscard]] std::unique_ptr<Machine> make_host_machine(const FlatMemory& memory, int lanes, int team);

}  // namespace ballast::batch
