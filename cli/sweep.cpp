/// `ballast sweep`: many variants of a case.
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/sweep_export.hpp"
#include "cli/sweep_report.hpp"
#include "studies/results.hpp"
#include "studies/team.hpp"
#include "viz/record.hpp"
#include "viz/table_file.hpp"

namespace ballast {
namespace {

constexpr int kListed = 50;

volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_sweep_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

/// Lets the other ranks go, however this one ends.
class EndOfTeam {
 public:
  explicit EndOfTeam(Team* team) : team_(team) {}
  ~EndOfTeam() {
    if (team_ != nullptr) end_team(*team_);
  }
  EndOfTeam(const EndOfTeam&) = delete;
  EndOfTeam& operator=(const EndOfTeam&) = delete;

 private:
  Team* team_;
};

/// Launchers bind a rank to one core unless told otherwise.
void warn_of_few_processors(const SweepOptions& options) {
  cpu_set_t allowed;
  if (options.team == nullptr || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  if (const int processors = CPU_COUNT(&allowed); processors < options.jobs)
    fmt::print(stderr,
               "warning: rank {} has {} threads on {} processors; start with 'mpirun --bind-to none' (srun: "
               "--cpus-per-task)\n",
               options.team->rank(), options.jobs, processors);
}

void show(const SweepProgress& p) {
  fmt::print(stderr, "\r{}\033[K", progress_text(p));
  std::fflush(stderr);
}

}  // namespace

ExitCode sweep_command(const SweepArguments& arguments) {
  const std::unique_ptr<Team> team = join_team();
  const bool leads = !team || team->rank() == 0;
  std::optional<EndOfTeam> end_of_team(leads ? team.get() : nullptr);
  const Sweep sweep = read_sweep(arguments.sweep_path);
  if (leads) print_warnings(sweep.warnings);
  if (!leads && (arguments.list || !arguments.export_file.empty())) return ExitCode::OK;
  if (arguments.list) {
    fmt::print("{}", list_text(sweep, kListed));
    return ExitCode::OK;
  }
  if (!arguments.export_file.empty()) return export_problems(sweep, arguments.export_file, arguments.jobs);
  if (arguments.output.empty())
    throw Error("ballast sweep", "no folder for the results", "name one with -o FOLDER");
  SweepOptions options;
  options.backend = arguments.backend;
  options.jobs = arguments.jobs;
  options.device = arguments.device;
  options.team = team.get();
  options.folder = arguments.output;
  options.resume = arguments.resume;
  options.make_record = [](const std::filesystem::path& path) {
    return std::make_unique<RecordWriter>(path);
  };
  warn_of_few_processors(options);
  if (!leads) {
    serve_sweep(sweep, options);
    return ExitCode::OK;
  }
  const bool terminal = !arguments.quiet && isatty(STDERR_FILENO) == 1;
  if (terminal) options.progress = show;
  options.interrupted = [] { return interrupted != 0; };

  std::signal(SIGINT, on_sweep_interrupt);
  const SweepRun run = run_sweep(sweep, options);
  end_of_team.reset();
  std::signal(SIGINT, SIG_DFL);
  if (terminal) fmt::print(stderr, "\r\033[K");
  if (run.unwritten) return ExitCode::CANNOT_WRITE;
  if (!run.complete) {
    fmt::print(stderr,
               "ballast: interrupted with {} of {} scenarios done; the same command with --resume goes on\n",
               run.results.size(), sweep.scenarios);
    return ExitCode::INTERRUPTED;
  }
  try {
    const Table results = result_table(sweep, run);
    write_table_hdf5(results, arguments.output / "results.h5");
    write_table_csv(results, arguments.output / "results.csv");
    write_table_csv(timing_table(run), arguments.output / "timing.csv");
    write_report_of_sweep(sweep, run, results, arguments.output);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  if (!arguments.quiet) fmt::print("{}", summary_text(sweep, run));
  for (const ScenarioResult& r : run.results)
    if (is_failure(r.ending)) return ExitCode::RUN_FAILED;
  return ExitCode::OK;
}

}  // namespace ballast
