/// One job of a data center: the table `workload`.
#include <cmath>
#include <string_view>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/datacenter/forced_load.hpp"
#include "models/datacenter/inference_load.hpp"
#include "models/datacenter/reinforcement_load.hpp"
#include "models/datacenter/serving_load.hpp"
#include "models/datacenter/stochastic_load.hpp"
#include "models/datacenter/trace_load.hpp"
#include "models/datacenter/training_load.hpp"

namespace ballast {
namespace {

constexpr const char* kJobOf = "job-of";

int index_of(const ModelInfo& model, std::string_view parameter) {
  for (std::size_t k = 0; k < model.parameters.size(); ++k)
    if (parameter == model.parameters[k].name) return static_cast<int>(k);
  return -1;
}

/// Parameters that follow from the kind or from other keys of the table.
std::map<std::string, double> derived_parameters(Section& table, const std::string& kind,
                                                 const std::string& device, double it_power_MW,
                                                 Reading& reading) {
  std::map<std::string, double> derived;
  if (kind == "square" || kind == "triangular" || kind == "constant")  // no fast component
    derived = {{"waveform", kind == "triangular" ? ForcedLoad::TRIANGULAR : ForcedLoad::SQUARE},
               {"duty_fast", 0.5},
               {"frequency_fast_Hz", 1},
               {"amplitude_fast", 0}};
  if (kind == "bi-periodic") derived["waveform"] = ForcedLoad::BI_PERIODIC;
  if (kind == "constant")
    derived.insert({{"low", table.number("level", {"pu", within(0, 2)}, "its constant power")},
                    {"amplitude", 0},
                    {"start_s", kInfinity},
                    {"duty", 0.5},
                    {"frequency_Hz", 1},
                    {"cycles", kInfinity},
                    {"edge_s", 0.005}});
  if (kind == "trace")
    derived["scale"] =
        1 / table.number("rating", {"", positive()}, "value of the trace that is 1 pu of the IT rating");
  const std::string_view model = workload_model(kind);
  if (model == "INFERENCE" && table.has("requests_per_day")) {
    const double requests = table.number("requests_per_day", {"1/day", positive()}, "mean of the day");
    const double energy =
        table.number("energy_per_request_Wh", {"Wh", positive()}, "IT energy of an average request");
    const double mean_MW = requests * energy / 24 * 1e-6;
    derived["mean_level"] = mean_MW / it_power_MW;
    reading.result.assumed.push_back({device, "mean_level", mean_MW / it_power_MW, "pu",
                                      fmt::format("requests and their energy: {:.4g} MW", mean_MW)});
  }
  return derived;
}

/// A job that does not start with the others starts within one period of them, drawn from its seed.
void shift_start(Section& table, const ModelInfo& model, std::vector<double>& p, int number,
                 const std::string& device, Reading& reading) {
  const bool told = table.has("phase");
  const std::string phase =
      told ? table.choice("phase", {"independent", "locked"}, "phase against the other jobs") : "";
  if (phase == "locked" || (!told && (number == 0 || table.has("start_s")))) return;
  double period = 0;
  for (const char* const name : {"iteration_s", "rollout_s"})
    if (const int k = index_of(model, name); k >= 0) period = p[k];
  if (const int k = index_of(model, "frequency_Hz"); k >= 0) period = 1 / p[k];
  const int seed = index_of(model, "seed");
  const int start = index_of(model, "start_s");
  if (!(period > 0) || start < 0) {
    if (told)
      table.problem("phase", fmt::format("a job of kind {} has no phase", model.name), "leave it out");
    return;
  }
  const double of = seed >= 0 ? p[seed] : number;
  p[start] += period * random_uniform(of, 31, 0);
  reading.result.assumed.push_back(
      {device, "start_s", p[start], "s", "phase drawn from the seed; phase = \"locked\" keeps start_s"});
}

/// Puts a source at rest: in mid-run at its mean power where the case gives no initial_level.
template <class M>
double rest_level(Section& table, const ModelInfo& model, std::vector<double>& p, bool mid_run,
                  const std::string& device, Reading& reading, std::span<const double> data) {
  if constexpr (requires { M::mean_power(M::derive(p.data(), Ratings{})); }) {
    if (mid_run) {
      const double mean = M::mean_power(M::derive(p.data(), Ratings{}));
      p[index_of(model, "initial_level")] = mean;
      reading.result.assumed.push_back(
          {device, "initial_level", mean, "pu", "mean of an iteration: the case starts in mid-run"});
    }
  }
  const double level = check_settings<M>(table, p, {}, kUnknown, data)[M::P_IT];
  return std::isnan(level) ? 0 : level;
}

double rest_level_of(Section& table, const ModelInfo& model, std::vector<double>& p, bool mid_run,
                     const std::string& device, Reading& reading, std::span<const double> data) {
  const std::string_view name = model.name;
  const auto with = [&]<class M>(const M&) {
    return rest_level<M>(table, model, p, mid_run, device, reading, data);
  };
  if (name == "TRAINING") return with(TrainingLoad{});
  if (name == "KOZHU") return with(StochasticLoad{});
  if (name == "RLTRAIN") return with(ReinforcementLoad{});
  if (name == "SERVING") return with(ServingLoad{});
  if (name == "FORCED") return with(ForcedLoad{});
  if (name == "TRACE") return with(TraceLoad{});
  return with(InferenceLoad{});
}

/// A job that another site has: its signal drives this one too.
Source read_shared_job(Section& table, const JobSignals& jobs) {
  Source source;
  const std::string campus = table.text("datacenter", "the site that has the job");
  const std::string job = table.text_if("job").value_or("workload");
  const auto found = jobs.find(campus + "/" + job);
  if (found == jobs.end()) {
    std::vector<std::string> known;
    for (const auto& [name, signal] : jobs) known.push_back(name);
    const std::string hint = nearest(campus + "/" + job, known);
    table.problem("datacenter", fmt::format("no data center above has a job '{}/{}'", campus, job),
                  hint.empty() ? "give the data center that has the job before those that share it"
                               : fmt::format("did you mean '{}'?", hint));
    return source;
  }
  source.output = found->second.output;
  source.rest_level = found->second.rest_level;
  return source;
}

}  // namespace

Source read_source(Section& table, const std::string& campus, const std::string& job, double it_power_MW,
                   int number, const JobSignals& jobs, Reading& reading) {
  std::vector<std::string> kinds = workload_kinds();
  kinds.emplace_back(kJobOf);
  const std::string kind = table.choice("kind", kinds, "kind of workload");
  if (kind == kJobOf) {
    Source source = read_shared_job(table, jobs);
    table.finish();
    return source;
  }
  const ModelInfo& model = *find_model(workload_model(kind));
  const std::string device = campus + "." + job;
  std::vector<HandbookDefault> defaults = workload_defaults(kind);
  for (HandbookDefault& d : defaults)
    if (std::string_view(d.parameter) == "seed" && number > 0) d.value = number;
  std::map<std::string, double> derived = derived_parameters(table, kind, device, it_power_MW, reading);
  const bool mid_run = index_of(model, "initial_level") >= 0 && !table.has("initial_level");
  if (mid_run) {
    derived["initial_level"] = 0;
    (void)table.find("initial_level");
  }
  Source source;
  std::vector<double> data;
  if (kind == "trace") data = read_trace(table, reading);
  std::vector<double> p = read_parameters(table, model, reading, device, defaults, derived);
  shift_start(table, model, p, number, device, reading);
  table.finish();
  if (kind == "trace" && data.empty()) return source;
  source.rest_level = rest_level_of(table, model, p, mid_run, device, reading, data);
  source.part = make_part(model.name, job.c_str(), std::move(p), it_power_MW, table.place());
  if (!data.empty()) source.part.table = std::make_shared<const std::vector<double>>(std::move(data));
  source.output = job + ".P_it";
  return source;
}

}  // namespace ballast
