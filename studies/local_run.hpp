/// \file
/// Scenarios of a sweep on this machine: in the batch engine, in worker processes, or in both. Private to
/// studies/.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "studies/batch_backend.hpp"
#include "studies/journal.hpp"
#include "studies/run_sweep.hpp"
#include "studies/sweep_folder.hpp"
#include "studies/worker.hpp"

namespace ballast {

class LocalRun {
 public:
  /// Puts the case of the first scenario at rest; why that is impossible is in first().problem.
  LocalRun(const Sweep& sweep, const SweepOptions& options);

  enum class End { DONE, STOPPED, UNWRITTEN };
  /// Runs those of the scenarios that `found` lacks, each to a result in `journals`, and adds these to
  /// `found`. Of UNWRITTEN the reason has been printed. Throws Error when the journals lose lines again and
  /// again.
  [[nodiscard]] End run(const std::vector<int>& scenarios, JournalFolder& journals,
                        std::map<int, ScenarioResult>& found, const RunWatch& watch);

  [[nodiscard]] SharedCase& first() { return *first_; }

 private:
  struct Process {
    pid_t pid = -1;
    int socket = -1;
    std::string key;  ///< of the case it has at rest
    bool busy = false;
    WorkOrder order{};
  };

  const Sweep& sweep_;
  const SweepOptions& options_;
  const RunWatch* watch_ = nullptr;  ///< of the run in progress
  bool on_device_;                   ///< Backend::CUDA, until the device fails
  std::unique_ptr<SharedCase> first_;
  std::string first_key_;
  JournalFolder* journals_ = nullptr;
  std::vector<std::string> keys_;  ///< in the order of their first scenarios
  std::map<std::string, std::deque<WorkOrder>> queue_;
  std::vector<Process> workers_;
  std::unique_ptr<Journal> own_journal_;  ///< for scenarios over which a worker died

  [[nodiscard]] End run_batch(const std::vector<int>& scenarios);
  [[nodiscard]] End run_queue(const std::vector<int>& scenarios);
  void fill_queue(const std::vector<int>& scenarios);
  std::deque<WorkOrder>* group_for(const Process& worker);
  void start(Process& worker);
  void give(Process& worker);
  [[nodiscard]] bool listen();
  void replace(Process& worker);
  void end_workers(bool at_once);
};

}  // namespace ballast
