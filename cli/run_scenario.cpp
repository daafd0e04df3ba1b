/// `ballast run SWEEP --scenario N`: one scenario of a sweep, with everything that a run of a case leaves.
#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "cli/run_parts.hpp"
#include "studies/origin.hpp"
#include "studies/requirement_reader.hpp"
#include "studies/run_scenario.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

/// A record writer that a watch looks over; the scenario owns it.
class WatchedWriter : public Recorder {
 public:
  WatchedWriter(const fs::path& path, bool& failed) : writer_(path), watch_(writer_), failed_(failed) {}
  ~WatchedWriter() override { failed_ = watch_.failed(); }
  WatchedWriter(const WatchedWriter&) = delete;
  WatchedWriter& operator=(const WatchedWriter&) = delete;
  void begin(const RunInfo& info, const Schema& schema, const Network& network) override {
    watch_.begin(info, schema, network);
  }
  void sample(double time_s, std::span<const double> values) override { watch_.sample(time_s, values); }
  void event(const LoggedEvent& event) override { watch_.event(event); }
  void end(const RunStatus& status) override { watch_.end(status); }

 private:
  RecordWriter writer_;
  WatchedRecorder watch_;
  bool& failed_;
};

}  // namespace

ExitCode run_one_scenario(const RunArguments& arguments) {
  const bool of_folder = fs::is_directory(arguments.case_path);
  const Sweep sweep = of_folder ? sweep_of_folder(arguments.case_path) : read_sweep(arguments.case_path);
  const int scenario = *arguments.scenario;
  print_warnings(sweep.warnings);
  if (scenario >= sweep.scenarios)
    throw Error(sweep.path.string(),
                fmt::format("there is no scenario {}: the sweep has {}", scenario, sweep.scenarios),
                "they count from 0; 'ballast sweep FILE --list' lists them");
  const std::unique_ptr<SharedCase> shared = prepare_shared(sweep, scenario);
  if (!shared->problem.empty())
    throw Error(fmt::format("scenario {} ({})", scenario, scenario_text(sweep, scenario)), shared->problem);
  const std::vector<Requirement> requirements = read_requirements(shared->model);
  record_for(requirements, shared->model);
  const std::vector<FigureColumn> columns = figure_columns(sweep, *shared->ready.system);

  const fs::path folder = arguments.output.empty()
                              ? fs::path(fmt::format("{}-{}", default_output(sweep.path).string(), scenario))
                              : arguments.output;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  bool failed_to_write = false;
  ScenarioRun outcome;
  {
    const Interruptible interruptible;
    ProgressLine line(!arguments.quiet);
    outcome = run_scenario(
        sweep, scenario, *shared, folder / "record.h5",
        [&](const fs::path& path) { return std::make_unique<WatchedWriter>(path, failed_to_write); },
        [&](const Progress& progress) {
          if (Interruptible::asked()) throw Interrupted();
          line.show(progress);
        });
  }
  const ScenarioResult& result = outcome.result;
  if (result.ending == Ending::BAD_INPUT)
    throw Error(fmt::format("scenario {} ({})", scenario, scenario_text(sweep, scenario)), result.message);
  bool written = !failed_to_write;
  if (written) {
    try {
      const Products made = write_products(folder, requirements);
      if (!arguments.quiet) {
        print_key_figures(made.record);
        print_findings(made.findings);
      }
    } catch (const Error& error) {
      written = false;
      print_errors(error);
    }
  }
  if (is_failure(result.ending)) fmt::print(stderr, "error: {}\n", result.message);
  if (!arguments.quiet) {
    fmt::print("scenario {}, {}: {}\n", scenario, scenario_text(sweep, scenario), ending_name(result.ending));
    if (of_folder) {
      const auto there = recorded_result(arguments.case_path, scenario);
      fmt::print("  {}\n", there ? compare_figures(columns, *there, result) : "the sweep has not run it yet");
    }
    print_outcome(outcome.run, folder);
  }
  if (!written) return ExitCode::CANNOT_WRITE;
  if (Interruptible::asked() && !outcome.run.status.completed) return ExitCode::INTERRUPTED;
  return is_failure(result.ending) ? ExitCode::RUN_FAILED : ExitCode::OK;
}

}  // namespace ballast
