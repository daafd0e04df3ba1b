/// `ballast comply`: rules against a run, or against measurements.
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/run_parts.hpp"
#include "studies/requirement_reader.hpp"
#include "viz/load_series.hpp"
#include "viz/requirements_file.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

void list_rules(const std::vector<Rule>& own) {
  for (const auto* rules : {&own, &built_in_rules()})
    for (const Rule& rule : *rules)
      fmt::print("{:<24} {}\n{:<24} {} ({})\n", rule.name, rule.title, "", rule.source, rule.confidence);
}

std::vector<const Rule*> chosen_rules(const ComplyArguments& arguments, const std::vector<Rule>& own) {
  std::vector<const Rule*> rules;
  for (const std::string& name : arguments.rules) rules.push_back(&rule_named(name, own));
  if (arguments.rules.empty())
    for (const Rule& rule : own) rules.push_back(&rule);
  return rules;
}

/// Rules named on the command line, for data centers of the record.
std::vector<Requirement> asked(const ComplyArguments& arguments, const Record& record,
                               const std::vector<const Rule*>& rules) {
  const auto quantity = record.find("datacenter.power");
  if (!quantity)
    throw Error(record.path.string(), "the record has no power of data centers",
                "add \"datacenter.power\" to [output] record and run again");
  std::optional<Case> c;  // says where a data center is, unless the command line does
  if (!arguments.bus) {
    try {
      c = read_case_text(record.info.case_text, record.info.case_path);
    } catch (const Error&) {
      throw Error(
          record.path.string(),
          "the case of this record can no longer be read, so the buses of its data centers are not known",
          "name the bus with --at");
    }
  }
  std::vector<Requirement> requirements;
  for (const std::string& name : record.schema.quantities[*quantity].elements)
    for (const Rule* rule : rules) {
      Requirement r{name, {}, arguments.bus.value_or(0), 0, *rule};
      if (c)
        for (const Plant& plant : c->plants)
          if (plant.kind == "datacenter" && plant.name == name) r = requirement_of(*c, plant, *rule);
      requirements.push_back(std::move(r));
    }
  return requirements;
}

std::vector<Finding> findings_of(const ComplyArguments& arguments, const std::vector<Rule>& own) {
  const std::vector<const Rule*> rules = chosen_rules(arguments, own);
  if (arguments.path.extension() == ".csv") {
    if (rules.empty())
      throw Error(arguments.path.string(), "no rule is named",
                  "add --rule NAME; 'ballast comply --list' lists them");
    const LoadSeries series = read_load_series(arguments.path);
    std::vector<Finding> findings;
    for (const Rule* rule : rules)
      for (Finding& f :
           check_rule(series, *rule, arguments.path.stem().string(), arguments.averaging_s.value_or(0)))
        findings.push_back(std::move(f));
    return findings;
  }
  const bool folder = fs::is_directory(arguments.path);
  const Record record = read_record(folder ? arguments.path / "record.h5" : arguments.path);
  std::vector<Requirement> requirements =
      rules.empty() ? read_requirements_file((folder ? arguments.path : arguments.path.parent_path()) /
                                             "requirements.json")
                    : asked(arguments, record, rules);
  const auto& wanted = arguments.datacenters;
  std::erase_if(requirements, [&](const Requirement& r) {
    return !wanted.empty() && std::find(wanted.begin(), wanted.end(), r.load) == wanted.end();
  });
  if (requirements.empty())
    throw Error(arguments.path.string(), "nothing is demanded of any data center named",
                "check the names after --datacenter, or name a rule with --rule");
  for (Requirement& r : requirements) {
    r.bus = arguments.bus.value_or(r.bus);
    r.averaging_s = arguments.averaging_s.value_or(r.averaging_s);
  }
  return check_requirements(record, requirements);
}

}  // namespace

ExitCode comply_command(const ComplyArguments& arguments) {
  const std::vector<Rule> own =
      arguments.own_rules.empty() ? std::vector<Rule>{} : read_rules(arguments.own_rules);
  if (arguments.list) {
    list_rules(own);
    return ExitCode::OK;
  }
  if (arguments.path.empty())
    throw Error("comply", "no run is named", "name the folder of a run or a CSV file, or ask with --list");
  const std::vector<Finding> findings = findings_of(arguments, own);
  if (arguments.json)
    fmt::print("{}", requirements_json({}, findings));
  else
    print_findings(findings);
  const bool failed = std::any_of(findings.begin(), findings.end(),
                                  [](const Finding& f) { return f.verdict == Judgement::NOT_MET; });
  return failed ? ExitCode::NOT_MET : ExitCode::OK;
}

}  // namespace ballast
