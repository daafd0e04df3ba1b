/// What the accelerators of a data center do: [datacenter.workload], [[datacenter.job]].
#include <algorithm>
#include <cmath>
#include <string_view>

#include "cases/reader/campus_tables.hpp"
#include "models/datacenter/job_mix.hpp"

namespace ballast {
namespace {

/// The sum of jobs, each of them behind its own smoothing.
Part mix_of(const std::vector<Workload>& jobs, const std::vector<double>& shares, double it_power_MW,
            const Place& place) {
  std::vector<double> parameters(JobMix::kJobs, 0.0);
  std::copy(shares.begin(), shares.end(), parameters.begin());
  Part mix = make_part("JOBMIX", "it", std::move(parameters), it_power_MW, place);
  for (std::size_t k = 0; k < jobs.size(); ++k) mix.wires.emplace_back(JobMix::inputs[k].name, jobs[k].P_it);
  return mix;
}

/// A job with its smoothing, on its share of the IT power.
Workload read_job(Section& section, const std::string& campus, const std::string& job, double share,
                  int number, const Hardware& hardware, JobSignals& jobs, Reading& reading) {
  Workload workload;
  auto table = section.section_if("workload");
  if (!table) {
    if (!section.has("workload"))
      section.missing("workload", "what the accelerators do", "add workload = { kind = \"training\" }");
    return workload;
  }
  const double MW = hardware.it_power_MW * share;
  Source source = read_source(*table, campus, job, MW, number, jobs, reading);
  workload.P_it = source.output;
  workload.rest_level = source.rest_level;
  if (!source.part.parameters.empty()) workload.parts.push_back(std::move(source.part));
  if (workload.P_it.empty()) return workload;
  const bool own = !workload.parts.empty();
  jobs[campus + "/" + job] = {own ? campus + "/" + source.output : source.output, workload.rest_level};
  read_smoothing(section, campus, job, MW, hardware, workload, reading);
  return workload;
}

std::string job_name(Section& table, std::size_t number, const std::vector<std::string>& taken) {
  const std::string name = table.text_if("name").value_or(fmt::format("job-{}", number));
  if (name.empty() || name.find_first_of("./* ") != std::string::npos)
    table.problem("name", fmt::format("'{}' is no name of a job", name), "use letters, digits and '-'");
  for (const char* const part : {"it", "ups", "non_it", "workload", "tiers", "coolant", "cooling", "meter"})
    if (name == part)
      table.problem("name", fmt::format("'{}' is the name of a part of every data center", name),
                    "give the job another name");
  if (std::find(taken.begin(), taken.end(), name) != taken.end())
    table.problem("name", fmt::format("another job of this data center is called '{}'", name),
                  "give every job its own name");
  return name;
}

}  // namespace

void wire_it_power(std::vector<Part>& parts, const Workload& workload) {
  for (Part& part : parts) {
    const ModelInfo& model = *find_model(part.model);
    const bool reads = std::any_of(model.inputs.begin(), model.inputs.end(),
                                   [](const InputInfo& i) { return std::string_view(i.name) == "P_it"; });
    const bool wired = std::any_of(part.wires.begin(), part.wires.end(),
                                   [](const auto& wire) { return wire.first == "P_it"; });
    if (reads && !wired) part.wires.emplace_back("P_it", workload.P_it);
  }
}

Workload read_workload(Section& section, const std::string& name, const Hardware& hardware, JobSignals& jobs,
                       Reading& reading) {
  std::vector<Section> tables = section.sections("job");
  if (tables.empty()) {
    Workload only = read_job(section, name, "workload", 1, 0, hardware, jobs, reading);
    if (only.parts.empty() && !only.P_it.empty()) {  // the job of another site
      Workload shared{{mix_of({only}, {1.0}, hardware.it_power_MW, section.place("workload"))},
                      "it.P_it",
                      only.rest_level};
      return shared;
    }
    return only;
  }
  Workload all;
  if (section.has("workload"))
    section.problem("workload", fmt::format("{} has a workload and jobs", section.label()),
                    "make the workload one of the jobs");
  std::vector<Workload> found;
  std::vector<double> shares;
  std::vector<std::string> names;
  double sum = 0;
  bool ok = true;
  for (std::size_t k = 0; k < tables.size(); ++k) {
    Section& table = tables[k];
    table.relabel(fmt::format("[[datacenter.job]] {} of '{}'", k + 1, name));
    names.push_back(job_name(table, k + 1, names));
    const double share = table.number("share", {"", within(0, 1)}, "share of the IT power");
    found.push_back(
        read_job(table, name, names.back(), share, static_cast<int>(k) + 1, hardware, jobs, reading));
    table.finish();
    ok = ok && !found.back().P_it.empty();
    shares.push_back(share);
    sum += share;
  }
  if (std::abs(sum - 1) > 1e-9)
    section.problem("job", fmt::format("the shares of the jobs of '{}' add up to {:.6g}, not 1", name, sum),
                    "let the shares add up to 1; idle accelerators are a job of kind \"constant\"");
  if (tables.size() > JobMix::kJobs) {
    section.problem("job",
                    fmt::format("'{}' has {} jobs, one data center mixes at most {}", name, tables.size(),
                                static_cast<int>(JobMix::kJobs)),
                    "join jobs of one kind, or make two data centers of it");
    return all;
  }
  if (!ok) return all;
  Part mix = mix_of(found, shares, hardware.it_power_MW, section.place("job"));
  for (std::size_t k = 0; k < found.size(); ++k) {
    all.rest_level += shares[k] * found[k].rest_level;
    all.parts.insert(all.parts.end(), found[k].parts.begin(), found[k].parts.end());
  }
  all.parts.push_back(std::move(mix));
  all.P_it = "it.P_it";
  return all;
}

}  // namespace ballast
