/// `ballast run`: from a case to its record and what shows it.
#include <fmt/format.h>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "cli/run_parts.hpp"
#include "studies/requirement_reader.hpp"

namespace ballast {

ExitCode run_command(const RunArguments& arguments) {
  if (arguments.scenario) return run_one_scenario(arguments);
  Case c = read_case(arguments.case_path);
  const std::vector<Requirement> requirements = read_requirements(c);
  record_for(requirements, c);
  print_warnings(c.warnings);
  const PreparedCase ready = prepare(c);
  print_warnings(ready.warnings);

  const std::filesystem::path folder = arguments.output.empty() ? default_output(c.path) : arguments.output;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }

  RecordWriter writer(folder / "record.h5");
  WatchedRecorder recorder(writer);
  RunResult result;
  {
    const Interruptible interruptible;
    ProgressLine line(!arguments.quiet);
    result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder,
                      [&](const Progress& progress) {
                        if (Interruptible::asked()) throw Interrupted();
                        line.show(progress);
                      });
  }

  bool written = !recorder.failed();
  if (written) {  // a record that could not be written is no ground for a summary or a report
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
  if (!result.status.completed) fmt::print(stderr, "error: {}\n", result.status.outcome);
  if (!arguments.quiet) print_outcome(result, folder);
  if (!written) return ExitCode::CANNOT_WRITE;
  if (Interruptible::asked() && !result.status.completed) return ExitCode::INTERRUPTED;
  return result.status.completed ? ExitCode::OK : ExitCode::RUN_FAILED;
}

}  // namespace ballast
