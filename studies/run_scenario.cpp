#include "studies/run_scenario.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "solver/channels.hpp"
#include "studies/figure_cells.hpp"

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

/// Feeds the figures of a scenario, and its full record when there is one. Ends the run at a loss of
/// synchronism when the sweep says so.
class ScenarioRecorder : public Recorder {
 public:
  ScenarioRecorder(const Sweep& sweep, const SharedCase& shared, std::unique_ptr<Recorder> record)
      : sweep_(sweep),
        shared_(shared),
        until_s_(shared.model.simulation.until_s),
        record_(std::move(record)),
        figures_(sweep.figures_from_s),
        watch_(*shared.ready.system, sweep.stability, until_s_) {}

  void begin(const RunInfo& info, const Schema& schema, const Network& network) override {
    figures_.begin(info, schema, network);
    watch_.begin(schema);
    for (const auto& [metric, elements] : shared_.metrics) meters_.emplace_back(metric, elements, schema);
    if (record_) record_->begin(info, schema, network);
  }
  void sample(double time_s, std::span<const double> values) override {
    figures_.sample(time_s, values);
    watch_.sample(time_s, values);
    for (Meter& meter : meters_) meter.sample(time_s, values);
    if (record_) record_->sample(time_s, values);
    if (!sweep_.stability.stop_at_loss || !watch_.lost_synchronism() || stopped_) return;
    if (time_s >= until_s_ * (1 - 1e-9)) return;
    stopped_ = true;
    throw Interrupted();
  }
  void event(const LoggedEvent& event) override {
    figures_.event(event);
    if (record_) record_->event(event);
  }
  void end(const RunStatus& status) override {
    figures_.end(status);
    if (record_) record_->end(status);
  }
  [[nodiscard]] bool stopped() const { return stopped_; }
  [[nodiscard]] const RunFigures& figures() const { return figures_.figures(); }
  [[nodiscard]] StabilityFigures stability() const { return watch_.figures(); }
  [[nodiscard]] const std::vector<Meter>& meters() const { return meters_; }

 private:
  const Sweep& sweep_;
  const SharedCase& shared_;
  double until_s_;
  std::unique_ptr<Recorder> record_;
  FigureRecorder figures_;
  StabilityWatch watch_;
  std::vector<Meter> meters_;
  bool stopped_ = false;
};

/// Everything the figures need, and what the record keeps.
std::vector<std::string> recorded(const SharedCase& shared, bool keeps_record) {
  std::vector<std::string> patterns{"frequency", "bus.voltage", "island", "machine.angle"};
  for (const auto& [metric, elements] : shared.metrics) patterns.push_back(metric.of);
  if (keeps_record) {
    const std::vector<std::string> own =
        shared.model.simulation.record.empty() ? default_record() : shared.model.simulation.record;
    patterns.insert(patterns.end(), own.begin(), own.end());
  }
  return patterns;
}

Ending ending_of(const RunResult& run, const ScenarioRecorder& recorder) {
  const StabilityFigures stability = recorder.stability();
  if (!run.status.completed && !recorder.stopped()) return Ending::NUMERICAL_FAILURE;
  if (stability.loss) return Ending::LOSS_OF_SYNCHRONISM;
  if (stability.collapse) return Ending::VOLTAGE_COLLAPSE;
  const RunFigures& f = recorder.figures();
  if (f.islands_at_end != f.islands_at_start || f.dead_buses_at_end > f.dead_buses_at_start)
    return Ending::ISLANDED;
  return Ending::COMPLETED;
}

RunInfo scenario_info(const Sweep& sweep, int scenario, const Case& model) {
  RunInfo info = run_info(model);
  info.options.emplace_back("sweep", sweep.title);
  info.options.emplace_back("scenario", fmt::format("{}: {}", scenario, scenario_text(sweep, scenario)));
  return info;
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

ScenarioResult run_scenario(const Sweep& sweep, int scenario, SharedCase& shared,
                            const std::filesystem::path& record, const MakeRecord& make_record) {
  const auto start = std::chrono::steady_clock::now();
  const double cpu_start = cpu_seconds();
  ScenarioResult result;
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
      read_events(shared.model, scenario_tree(sweep, scenario));
      SimulationOptions options = shared.model.simulation;
      options.record = recorded(shared, keeps);
      options.record_step_s = sweep.record_step_s.value_or(options.record_step_s);
      ScenarioRecorder recorder(sweep, shared, std::move(writer));
      const RunResult run = simulate(*shared.ready.system, shared.ready.y, shared.model.disturbances, options,
                                     scenario_info(sweep, scenario, shared.model), &recorder);
      result.ending = ending_of(run, recorder);
      if (result.ending == Ending::NUMERICAL_FAILURE) result.message = one_line(run.status.outcome);
      result.cells = cells_of(sweep, run, recorder.figures(), recorder.stability(), recorder.meters());
    } catch (const Error& error) {
      refuse(text_of(error));
    }
  }
  result.cpu_s = cpu_seconds() - cpu_start;
  result.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace ballast
