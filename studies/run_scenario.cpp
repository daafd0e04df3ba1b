#include "studies/run_scenario.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "studies/figure_cells.hpp"
#include "studies/scenario_recorder.hpp"

namespace ballast {
namespace {

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

std::string one_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at))
    text.replace(at, 1, "; ");
  return text;
}

std::string text_of(const Error& error) {
  std::string text;
  for (const Problem& p : error.problems()) text += (text.empty() ? "" : "; ") + p.text();
  return one_line(text);
}

}  // namespace

const char* ending_name(Ending ending) {
  switch (ending) {
    case Ending::COMPLETED:
      return "completed";
    case Ending::ISLANDED:
      return "islanded";
    case Ending::LOSS_OF_SYNCHRONISM:
      return "loss of synchronism";
    case Ending::VOLTAGE_COLLAPSE:
      return "voltage collapse";
    case Ending::NUMERICAL_FAILURE:
      return "numerical failure";
    case Ending::CRASHED:
      return "crashed";
    case Ending::BAD_INPUT:
      return "bad input";
  }
  return "";
}

bool is_failure(Ending ending) {
  return ending == Ending::NUMERICAL_FAILURE || ending == Ending::CRASHED || ending == Ending::BAD_INPUT;
}

bool keeps_record(const KeepRecords& keep, const ScenarioResult& result) {
  switch (keep.which) {
    case KeepRecords::Which::NONE:
      return false;
    case KeepRecords::Which::FAILED:
      return is_failure(result.ending);
    case KeepRecords::Which::UNSTABLE:
      return is_failure(result.ending) || result.ending == Ending::LOSS_OF_SYNCHRONISM ||
             result.ending == Ending::VOLTAGE_COLLAPSE;
    case KeepRecords::Which::ALL:
      return true;
    case KeepRecords::Which::LISTED:
      return std::find(keep.listed.begin(), keep.listed.end(), result.scenario) != keep.listed.end();
  }
  return false;
}

std::unique_ptr<SharedCase> prepare_shared(const Sweep& sweep, int scenario) {
  auto shared = std::make_unique<SharedCase>();
  try {
    shared->model =
        case_key(sweep, scenario).empty()
            ? sweep.base_case
            : read_case_tree(scenario_tree(sweep, scenario), sweep.base_file.text, sweep.base_file.path);
    shared->ready = prepare(shared->model);
    for (const MetricSpec& metric : all_metrics(sweep))
      if (const auto elements = metric_elements(metric, *shared->ready.system))
        shared->metrics.emplace_back(metric, *elements);
  } catch (const Error& error) {
    shared->problem = text_of(error);
  }
  return shared;
}

ScenarioRun run_scenario(const Sweep& sweep, int scenario, SharedCase& shared,
                         const std::filesystem::path& record, const MakeRecord& make_record,
                         const std::function<void(const Progress&)>& tell) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = cpu_seconds();
  ScenarioRun outcome;
  ScenarioResult& result = outcome.result;
  result.scenario = scenario;
  const auto refuse = [&](std::string why) {
    result.ending = Ending::BAD_INPUT;
    result.message = std::move(why);
    result.cells = empty_cells(sweep);
  };
  std::unique_ptr<Recorder> writer;
  if (!record.empty()) writer = make_record(record);
  const bool keeps = writer != nullptr;
  if (!shared.problem.empty()) {
    refuse(shared.problem);
  } else {
    try {
      read_events(shared.model, event_tree(sweep, scenario));
      SimulationOptions options = shared.model.simulation;
      options.record = recorded_for(shared, keeps);
      options.record_step_s = sweep.record_step_s.value_or(options.record_step_s);
      ScenarioRecorder recorder(sweep, shared, *shared.ready.system, std::move(writer));
      outcome.run = simulate(*shared.ready.system, shared.ready.y, shared.model.disturbances, options,
                             scenario_info(sweep, scenario, shared.model), &recorder, tell);
      const RunResult& run = outcome.run;
      result.ending = ending_of(run.status, recorder);
      if (result.ending == Ending::NUMERICAL_FAILURE) result.message = one_line(run.status.outcome);
      result.cells = cells_of(sweep, run, recorder.figures(), recorder.stability(), recorder.losses(),
                              recorder.meters());
    } catch (const Error& error) {
      refuse(text_of(error));
    }
  }
  result.cpu_s = cpu_seconds() - cpu_start;
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace ballast
