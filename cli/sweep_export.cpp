#include "cli/sweep_export.hpp"

#include <fmt/format.h>

#include "cli/messages.hpp"
#include "studies/batch_problem.hpp"
#include "studies/table.hpp"
#include "viz/table_file.hpp"

namespace ballast {
namespace {

/// Which scenario of the sweep each scenario of the files is.
Table index_of(const Sweep& sweep, const ExportedSweep& exported) {
  TableColumn file{"file", "", "problem file", true, {}, {}};
  TableColumn place{"place", "", "number of the scenario in that file, from 0", false, {}, {}};
  TableColumn scenario{"scenario", "", "number of the scenario in the sweep, from 0", false, {}, {}};
  TableColumn values{"values", "", "values of the axes", true, {}, {}};
  for (const ExportedProblem& one : exported.files)
    for (std::size_t k = 0; k < one.scenario_of.size(); ++k) {
      file.texts.push_back(one.path.filename().string());
      place.numbers.push_back(static_cast<double>(k));
      scenario.numbers.push_back(one.scenario_of[k]);
      values.texts.push_back(scenario_text(sweep, one.scenario_of[k]));
    }
  return {sweep.title, {file, place, scenario, values}};
}

}  // namespace

ExitCode export_problems(const Sweep& sweep, const std::filesystem::path& file, int threads) {
  ExportedSweep exported;
  std::filesystem::path index = file;
  index.replace_extension(".scenarios.csv");
  try {
    exported = export_sweep(sweep, file);
    if (!exported.files.empty()) write_table_csv(index_of(sweep, exported), index);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  std::vector<Problem> left_out;
  for (const auto& [scenario, why] : exported.left_out)
    left_out.push_back({fmt::format("scenario {} ({})", scenario, scenario_text(sweep, scenario)),
                        "left out: " + why, "run it with 'ballast sweep' or 'ballast run --scenario'"});
  if (exported.files.empty()) throw Error(std::move(left_out));
  print_warnings(left_out);
  for (const ExportedProblem& one : exported.files)
    fmt::print("{}: {} scenarios, {} buses, {} states, {:.2f} MB\n", one.path.string(),
               one.scenario_of.size(), one.buses, one.states, 1e-6 * static_cast<double>(one.bytes));
  fmt::print("{}: which scenario of the sweep each of them is\n", index.string());
  fmt::print(
      "To run one where nothing is installed:\n  ballast-batch {} --threads {} --results results.csv\n",
      exported.files.front().path.string(), threads);
  return ExitCode::OK;
}

}  // namespace ballast
