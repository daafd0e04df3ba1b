/// \file
/// The processes of a sweep below the coordinator. Private to studies/.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "studies/run_sweep.hpp"

namespace ballast {

/// From the coordinator to a worker.
struct WorkOrder {
  int scenario;
  int attempt;  ///< 1, or 2 when a process died over it
};
/// From a worker to the coordinator.
struct Report {
  int scenario;
  int ending;     ///< Ending
  int unwritten;  ///< 1: its result could not be written
};

/// A scenario is tried this often before it counts as crashed.
inline constexpr int kAttempts = 2;

/// What a worker is given when it is forked.
struct WorkerTask {
  const Sweep& sweep;
  const SweepOptions& options;
  int socket;                     ///< SOCK_SEQPACKET, to the coordinator
  std::filesystem::path journal;  ///< a file of its own, which it makes
  SharedCase* first;              ///< a case at rest, inherited
  std::string first_key;
  pid_t coordinator;
};
/// Takes orders until the socket closes. Returns the exit code of the worker's process.
[[nodiscard]] int work(const WorkerTask& task);

/// A result that says why nothing came of a scenario.
[[nodiscard]] ScenarioResult crashed_result(const Sweep& sweep, int scenario, std::string why, int attempts);

/// Ends this process when `parent` does, whatever way it goes.
void die_with(pid_t parent);

}  // namespace ballast
