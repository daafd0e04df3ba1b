#include "studies/scenario_recorder.hpp"

#include <fmt/format.h>

#include "solver/channels.hpp"

namespace ballast {

std::vector<std::string> recorded_for(const SharedCase& shared, bool keeps_record) {
  std::vector<std::string> patterns{"frequency", "bus.voltage", "island", "machine.angle"};
  for (const auto& [metric, elements] : shared.metrics) patterns.push_back(metric.of);
  if (keeps_record) {
    const std::vector<std::string> own =
        shared.model.simulation.record.empty() ? default_record() : shared.model.simulation.record;
    patterns.insert(patterns.end(), own.begin(), own.end());
  }
  return patterns;
}

Ending ending_of(const RunStatus& status, const ScenarioRecorder& recorder) {
  const StabilityFigures stability = recorder.stability();
  if (!status.completed && !recorder.stopped()) return Ending::NUMERICAL_FAILURE;
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

}  // namespace ballast
