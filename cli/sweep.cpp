/// `ballast sweep`: many variants of a case.
#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/sweep_export.hpp"
#include "cli/sweep_report.hpp"
#include "studies/results.hpp"
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

void show(const SweepProgress& p) {
  fmt::print(stderr, "\r{}\033[K", progress_text(p));
  std::fflush(stderr);
}

}  // namespace

ExitCode sweep_command(const SweepArguments& arguments) {
  const Sweep sweep = read_sweep(arguments.sweep_path);
  print_warnings(sweep.warnings);
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
  options.folder = arguments.output;
  options.resume = arguments.resume;
  options.make_record = [](const std::filesystem::path& path) {
    return std::make_unique<RecordWriter>(path);
  };
  const bool terminal = !arguments.quiet && isatty(STDERR_FILENO) == 1;
  if (terminal) options.progress = show;
  options.interrupted = [] { return interrupted != 0; };

  std::signal(SIGINT, on_sweep_interrupt);
  const SweepRun run = run_sweep(sweep, options);
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
