/// The coordinator of a sweep.
#include "studies/run_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <numeric>

#include "studies/batch_backend.hpp"
#include "studies/local_run.hpp"
#include "studies/origin.hpp"
#include "studies/shared_run.hpp"
#include "studies/sweep_folder.hpp"

namespace ballast {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Coordinator {
 public:
  Coordinator(const Sweep& sweep, const SweepOptions& options)
      : sweep_(sweep), options_(options), folder_(options.folder, options.resume), local_(sweep, options) {}

  SweepRun run() {
    find_columns();
    read_journals();
    run_.resumed = static_cast<int>(found_.size());
    done_ = run_.resumed;
    failures_ = static_cast<int>(std::count_if(found_.begin(), found_.end(),
                                               [](const auto& r) { return is_failure(r.second.ending); }));
    try {
      write_origin(options_.folder, sweep_);
    } catch (const Error& error) {
      fmt::print(stderr, "error: {}\n", error.what());
      run_.unwritten = true;
      return std::move(run_);
    }
    std::vector<int> all(static_cast<std::size_t>(sweep_.scenarios));
    std::iota(all.begin(), all.end(), 0);
    const RunWatch watch{[this](Ending ending) { count(ending); }, [this] { return going(); }};
    const LocalRun::End end = options_.team != nullptr ? run_shared(sweep_, options_, local_, all, watch,
                                                                    folder_.journals(), found_)
                                                       : local_.run(all, folder_.journals(), found_, watch);
    run_.unwritten = end == LocalRun::End::UNWRITTEN;
    run_.complete = static_cast<int>(found_.size()) == sweep_.scenarios;
    run_.this_session = static_cast<int>(found_.size()) - run_.resumed;
    for (auto& [scenario, result] : found_) run_.results.push_back(std::move(result));
    run_.wall_s = seconds_since(start_);
    return std::move(run_);
  }

 private:
  const Sweep& sweep_;
  const SweepOptions& options_;
  SweepFolder folder_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point told_{};  ///< when progress was last told
  LocalRun local_;
  std::map<int, ScenarioResult> found_;
  int failures_ = 0, done_ = 0;
  SweepRun run_;

  /// Throws Error for a metric that names nothing, and when the base case cannot rest.
  void find_columns() {
    const auto take = [this](const System& system) {
      check_metrics(sweep_, system);
      run_.columns = figure_columns(sweep_, system);
    };
    const SharedCase& first = local_.first();
    if (first.problem.empty()) return take(*first.ready.system);
    if (case_key(sweep_, 0).empty()) throw Error("the base case", first.problem);
    take(*prepare(sweep_.base_case).system);
  }

  void read_journals() {
    JournalFolder::Content there = folder_.journals().read(sweep_.fingerprint);
    if (there.another)
      throw Error(
          options_.folder.string(),
          "the folder holds the results of another sweep: the sweep file, its case, a network file or the "
          "program (another build of it, too) has changed",
          "name another folder with -o, or resume with the program that began it");
    run_.damaged_lines = there.damaged;
    for (auto& [scenario, r] : there.results)
      if (scenario < sweep_.scenarios) found_.emplace(scenario, std::move(r));
  }

  void count(Ending ending) {
    ++done_;
    if (is_failure(ending)) ++failures_;
  }

  bool going() {
    if (options_.progress && seconds_since(told_) > 0.1) {
      told_ = Clock::now();
      options_.progress({done_, sweep_.scenarios, failures_, run_.resumed, seconds_since(start_)});
    }
    return !options_.interrupted || !options_.interrupted();
  }
};

/// Results of another engine are other results; on a device it is the same engine.
Sweep for_engine(Sweep sweep, Backend backend) {
  if (backend != Backend::IDA) sweep.fingerprint += "-batch";
  return sweep;
}

}  // namespace

SweepRun run_sweep(const Sweep& sweep, const SweepOptions& options) {
  SweepOptions own = options;
  own.device = choose_device(options);
  const Sweep whose = for_engine(sweep, options.backend);
  return Coordinator(whose, own).run();
}

void serve_sweep(const Sweep& sweep, const SweepOptions& options) {
  SweepOptions own = options;
  own.device = choose_device(options);
  const Sweep whose = for_engine(sweep, options.backend);
  LocalRun local(whose, own);
  serve_shared(whose, *options.team, local);
}

}  // namespace ballast
