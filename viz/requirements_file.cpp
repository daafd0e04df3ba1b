#include "viz/requirements_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <fstream>
#include <utility>

#include <nlohmann/json.hpp>

#include "grid/error.hpp"
#include "viz/file_output.hpp"
#include "viz/findings_json.hpp"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;
using Kind = VariationLimit::Kind;

constexpr const char* kFormat = "ballast-requirements";
constexpr std::array<std::pair<Kind, const char*>, 5> kKinds{
    {{Kind::RAMP, "ramp"},
     {Kind::SPAN, "span"},
     {Kind::BAND, "band"},
     {Kind::SPECTRAL_SHARE, "spectral-share"},
     {Kind::VOLTAGE_FLUCTUATION, "voltage-fluctuation"}}};

// JSON has no infinity: a limit without an end is null.
Json number(double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); }
double number(const Json& json) { return json.is_null() ? kForever : json.get<double>(); }

Json steps_json(const std::vector<Step>& steps) {
  Json json = Json::array();
  for (const Step& step : steps) json.push_back({step.level, number(step.seconds)});
  return json;
}
std::vector<Step> steps_of(const Json& json) {
  std::vector<Step> steps;
  for (const Json& step : json) steps.push_back({step.at(0).get<double>(), number(step.at(1))});
  return steps;
}

Json ride_through_json(const RideThrough& r) {
  Json json = {{"low_voltage", steps_json(r.low_voltage)},
               {"high_voltage", steps_json(r.high_voltage)},
               {"low_frequency", steps_json(r.low_frequency)},
               {"high_frequency", steps_json(r.high_frequency)},
               {"voltage_window_s", number(r.voltage_window_s)},
               {"frequency_window_s", number(r.frequency_window_s)},
               {"rocof_window_s", r.rocof_window_s},
               {"counting_prohibited", r.counting_prohibited}};
  if (r.rocof_Hz_per_s) json["rocof_Hz_per_s"] = *r.rocof_Hz_per_s;
  if (r.recovery)
    json["recovery"] = {{"share", r.recovery->share},
                        {"share_most", number(r.recovery->share_most)},
                        {"within_s", r.recovery->within_s},
                        {"V_low", r.recovery->V_low},
                        {"V_high", r.recovery->V_high}};
  return json;
}
RideThrough ride_through_of(const Json& json) {
  RideThrough r;
  r.low_voltage = steps_of(json.at("low_voltage"));
  r.high_voltage = steps_of(json.at("high_voltage"));
  r.low_frequency = steps_of(json.at("low_frequency"));
  r.high_frequency = steps_of(json.at("high_frequency"));
  r.voltage_window_s = number(json.at("voltage_window_s"));
  r.frequency_window_s = number(json.at("frequency_window_s"));
  r.rocof_window_s = json.at("rocof_window_s").get<double>();
  r.counting_prohibited = json.at("counting_prohibited").get<bool>();
  if (json.contains("rocof_Hz_per_s")) r.rocof_Hz_per_s = json["rocof_Hz_per_s"].get<double>();
  if (json.contains("recovery")) {
    const Json& back = json["recovery"];
    r.recovery = Recovery{back.at("share").get<double>(), number(back.at("share_most")),
                          back.at("within_s").get<double>(), back.at("V_low").get<double>(),
                          back.at("V_high").get<double>()};
  }
  return r;
}

Json limit_json(const VariationLimit& limit) {
  Json json;
  for (const auto& [kind, name] : kKinds)
    if (kind == limit.kind) json["kind"] = name;
  json["name"] = limit.name;
  json["most"] = number(limit.most);
  json["most_of_peak"] = number(limit.most_of_peak);
  json["window_s"] = limit.window_s;
  json["mean_s"] = limit.mean_s;
  json["f_low_Hz"] = limit.f_low_Hz;
  json["f_high_Hz"] = limit.f_high_Hz;
  json["direction"] = limit.direction;
  json["note"] = limit.note;
  return json;
}
VariationLimit limit_of(const Json& json) {
  VariationLimit limit;
  for (const auto& [kind, name] : kKinds)
    if (json.at("kind") == name) limit.kind = kind;
  limit.name = json.at("name").get<std::string>();
  limit.most = number(json.at("most"));
  limit.most_of_peak = number(json.at("most_of_peak"));
  limit.window_s = json.at("window_s").get<double>();
  limit.mean_s = json.at("mean_s").get<double>();
  limit.f_low_Hz = json.at("f_low_Hz").get<double>();
  limit.f_high_Hz = json.at("f_high_Hz").get<double>();
  limit.direction = json.at("direction").get<int>();
  limit.note = json.at("note").get<std::string>();
  return limit;
}

Json rule_json(const Rule& rule) {
  Json json = {{"name", rule.name},
               {"title", rule.title},
               {"source", rule.source},
               {"confidence", rule.confidence},
               {"frequency_Hz", rule.frequency_Hz}};
  if (rule.ride_through) json["ride_through"] = ride_through_json(*rule.ride_through);
  json["variation"] = Json::array();
  for (const VariationLimit& limit : rule.variation) json["variation"].push_back(limit_json(limit));
  return json;
}
Rule rule_of(const Json& json) {
  Rule rule;
  rule.name = json.at("name").get<std::string>();
  rule.title = json.at("title").get<std::string>();
  rule.source = json.at("source").get<std::string>();
  rule.confidence = json.at("confidence").get<std::string>();
  rule.frequency_Hz = json.at("frequency_Hz").get<double>();
  if (json.contains("ride_through")) rule.ride_through = ride_through_of(json["ride_through"]);
  for (const Json& limit : json.at("variation")) rule.variation.push_back(limit_of(limit));
  return rule;
}

}  // namespace

Json findings_json(const std::vector<Finding>& findings) {
  Json all = Json::array();
  for (const Finding& f : findings) {
    Json json = {{"load", f.load}, {"rule", f.rule}, {"clause", f.clause}, {"verdict", word_of(f.verdict)}};
    if (f.measured) json["measured"] = number(*f.measured);
    if (f.limit) json["limit"] = number(*f.limit);
    if (!f.unit.empty()) json["unit"] = f.unit;
    if (f.time_s) json["time_s"] = number(*f.time_s);
    json["text"] = f.text;
    all.push_back(std::move(json));
  }
  return all;
}

std::string requirements_json(const std::vector<Requirement>& requirements,
                              const std::vector<Finding>& findings) {
  Json json = {{"format", kFormat}, {"format_version", 1}};
  json["findings"] = findings_json(findings);
  json["requirements"] = Json::array();
  for (const Requirement& r : requirements)
    json["requirements"].push_back({{"load", r.load},
                                    {"beside", r.beside},
                                    {"bus", r.bus},
                                    {"averaging_s", r.averaging_s},
                                    {"rule", rule_json(r.rule)}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void write_requirements(const std::vector<Requirement>& requirements, const std::vector<Finding>& findings,
                        const std::filesystem::path& path) {
  write_whole_file(path, requirements_json(requirements, findings));
}

std::vector<Requirement> read_requirements_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(path.string(), "the file of requirements cannot be opened", "check the path");
  try {
    const Json json = Json::parse(file);
    if (json.at("format") != kFormat) throw Error(path.string(), "this is no file of requirements");
    std::vector<Requirement> requirements;
    for (const Json& r : json.at("requirements"))
      requirements.push_back({r.at("load").get<std::string>(), r.at("beside").get<std::vector<std::string>>(),
                              r.at("bus").get<int>(), r.at("averaging_s").get<double>(),
                              rule_of(r.at("rule"))});
    return requirements;
  } catch (const Json::exception& error) {
    throw Error(path.string(), fmt::format("the file of requirements is damaged: {}", error.what()),
                "run the case again, or name rules with --rule");
  }
}

}  // namespace ballast
