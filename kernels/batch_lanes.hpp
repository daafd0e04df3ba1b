/// \file
/// Scenarios on a Machine: it takes the steps, the host what happens between them. Private to kernels/.
#pragma once

#include <functional>
#include <memory>

#include "kernels/batch.hpp"
#include "kernels/machine.hpp"

namespace ballast::batch {

/// Runs the scenarios; `make` gets the problem's memory and the number of lanes that would be used. What has
/// finished before a machine fails has gone to Options::done.
[[nodiscard]] std::vector<Result> run_on_machine(
    const Problem& problem, const Options& options, int team,
    const std::function<std::unique_ptr<Machine>(const FlatMemory&, int)>& make);

}  // namespace ballast::batch
