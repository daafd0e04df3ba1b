/// \file
/// Running a sweep: worker processes that take scenarios from one queue.
///
/// The coordinator (the caller) puts the base case at rest once. It forks `jobs` workers, which share that
/// memory; each worker forks a process per scenario, so that a scenario starts from the same bits whatever
/// ran before it, and can crash without harm. Scenarios that change more than events are grouped by their
/// case: a worker keeps one such case at rest and stays with its group while there is work in it. A process
/// that dies is tried once more, then recorded as crashed. With the batch engine no worker is needed but for
/// what it leaves to IDA; with a team (team.hpp) each rank does all this for chunks of the sweep
/// (shared_run.hpp).
///
/// The folder of a sweep holds
/// - origin.txt: which sweep it is;
/// - journal/<session>-<worker>.jsonl: what has been found out (journal.hpp); a resumed sweep begins new
/// ones;
/// - records/<scenario>.h5: full records of the scenarios that keep one;
/// - lock, held while a process of the sweep lives.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kernels/batch.hpp"
#include "studies/figure_cells.hpp"
#include "studies/run_scenario.hpp"
#include "studies/sweep.hpp"

namespace ballast {

class Team;

struct SweepProgress {
  int done, total;
  int failures;   ///< numerical failure, crashed, bad input
  int resumed;    ///< of those done: found in the folder
  double wall_s;  ///< of this session
  /// Of this session; 0 before its first scenario.
  [[nodiscard]] double per_second() const { return wall_s > 0 ? (done - resumed) / wall_s : 0; }
};

/// "1234 of 5000 scenarios, 12.3/s, 5 min left, 2 failed": one line for a terminal.
[[nodiscard]] std::string progress_text(const SweepProgress& progress);

/// What runs the scenarios.
enum class Backend {
  IDA,  ///< worker processes, one scenario at a time each
  CPU,  ///< the batch engine: `jobs` threads of packs; IDA where it cannot
  CUDA  ///< the batch engine on a CUDA device, `jobs` threads of the host; IDA where it cannot
};

struct SweepOptions {
  Backend backend = Backend::IDA;
  int jobs = 1;
  std::optional<int> device;  ///< of Backend::CUDA; else the first, or of a team one for each rank by turns
  /// Runs batches in the place of the CUDA device; for tests where there is none.
  std::function<std::vector<batch::Result>(const batch::Problem&, const batch::Options&)> run_on_device;
  Team* team = nullptr;  ///< ranks that share the sweep; this is rank 0
  std::filesystem::path folder;
  bool resume = false;  ///< go on with what the folder holds; otherwise it must not hold a sweep
  MakeRecord make_record;
  std::function<void(const SweepProgress&)> progress;
  std::function<bool()> interrupted;  ///< asked about ten times a second
  /// Called in the process of a scenario before it runs; for tests of what happens when such a process dies.
  std::function<void(int scenario, int attempt)> before_scenario;
};

struct SweepRun {
  bool complete = false;                ///< false: interrupted; --resume goes on
  std::vector<ScenarioResult> results;  ///< by scenario; those finished
  std::vector<FigureColumn> columns;    ///< of ScenarioResult::cells
  int resumed = 0;                      ///< results that an earlier session had found
  int this_session = 0;                 ///< results found now
  double wall_s = 0;
  std::size_t damaged_lines = 0;  ///< of journals: their scenarios ran again
  bool unwritten = false;         ///< results could not be written (the reason has been printed): exit code 3
};

/// Throws Error for a folder that cannot be used (another sweep's, foreign files, no permission), a metric
/// that names nothing, or a base case that cannot rest.
[[nodiscard]] SweepRun run_sweep(const Sweep& sweep, const SweepOptions& options);
/// What the other ranks of a team do meanwhile. Throws Error as run_sweep, but not for the folder.
void serve_sweep(const Sweep& sweep, const SweepOptions& options);

}  // namespace ballast
