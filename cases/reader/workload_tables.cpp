/// What the accelerators of a data center do: [datacenter.workload].
#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/datacenter/inference_load.hpp"
#include "models/datacenter/training_load.hpp"

namespace ballast {

Workload read_workload(Section& section, const std::string& name, double it_power_MW, Reading& reading) {
  Workload workload;
  auto table = section.section_if("workload");
  if (!table) {
    if (!section.has("workload"))
      section.missing("workload", "what the accelerators do", "add workload = { kind = \"training\" }");
    return workload;
  }
  const std::string kind = table->choice("kind", workload_kinds(), "kind of workload");
  const ModelInfo& model = *find_model(workload_model(kind));
  std::vector<HandbookDefault> defaults = workload_defaults(kind);
  const bool training = std::string_view(model.name) == "TRAINING";
  const bool mid_run = training && !table->has("initial_level");
  std::map<std::string, double> derived;
  if (mid_run) {
    derived["initial_level"] = 0;
    (void)table->find("initial_level");
  }
  const std::string device = name + ".workload";
  workload.part =
      make_part(model.name, "workload", read_parameters(*table, model, reading, device, defaults, derived),
                it_power_MW, table->place());
  table->finish();
  std::vector<double>& p = workload.part.parameters;
  if (!training) {
    check_settings<InferenceLoad>(*table, p, {}, kUnknown);
    workload.rest_level = InferenceLoad::derive(p.data(), {}).mean;
    return workload;
  }
  const auto d = TrainingLoad::derive(p.data(), {});
  if (mid_run) {
    const double mean = TrainingLoad::mean_power(d);
    for (std::size_t k = 0; k < p.size(); ++k)
      if (std::string_view(model.parameters[k].name) == "initial_level") p[k] = mean;
    reading.result.assumed.push_back(
        {device, "initial_level", mean, "pu", "mean of an iteration: the case starts in mid-run"});
    workload.rest_level = mean;
  } else {
    workload.rest_level = d.initial_level;
  }
  check_settings<TrainingLoad>(*table, p, {}, kUnknown);
  return workload;
}

}  // namespace ballast
