#include "viz/summary.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

#include "viz/file_output.hpp"
#include "viz/findings_json.hpp"
#include "viz/metrics.hpp"
#include "viz/run_story.hpp"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

/// "frequency_nadir_Hz": 59.4, "frequency_nadir_time_s": 12.1, "frequency_nadir_where": "area 1"
void put(Json& json, const std::string& name, const std::string& unit,
         const std::optional<Extreme>& extreme) {
  if (!extreme) return;
  json[unit.empty() ? name : name + "_" + unit] = number(extreme->value);
  json[name + "_time_s"] = number(extreme->time_s);
  json[name + "_where"] = extreme->where;
}

Json metrics_json(const Metrics& metrics) {
  Json json = Json::object();
  json["duration_s"] = metrics.duration_s;
  json["samples"] = metrics.samples;
  if (!metrics.frequency_source.empty()) json["frequency_source"] = metrics.frequency_source;
  put(json, "frequency_nadir", "Hz", metrics.frequency_nadir_Hz);
  put(json, "frequency_peak", "Hz", metrics.frequency_peak_Hz);
  put(json, "frequency_end_min", "Hz", metrics.frequency_end_min_Hz);
  put(json, "frequency_end_max", "Hz", metrics.frequency_end_max_Hz);
  put(json, "rocof_max", "Hz_per_s", metrics.rocof_Hz_per_s);
  if (metrics.rocof_Hz_per_s) json["rocof_window_s"] = kRocofWindow_s;
  put(json, "voltage_min", "pu", metrics.voltage_min_pu);
  put(json, "voltage_max", "pu", metrics.voltage_max_pu);
  put(json, "voltage_end_min", "pu", metrics.voltage_end_min_pu);
  put(json, "voltage_end_max", "pu", metrics.voltage_end_max_pu);
  put(json, "branch_loading_max", "", metrics.loading_max);
  if (metrics.dead_buses_at_end) json["dead_buses_at_end"] = *metrics.dead_buses_at_end;
  if (metrics.islands_at_end) json["islands_at_end"] = *metrics.islands_at_end;
  json["load_lost_MW"] = metrics.load_lost_MW;
  json["generation_lost_MW"] = metrics.generation_lost_MW;
  json["events"] = metrics.events;
  for (const DatacenterMetrics& one : metrics.datacenters) {
    Json& item = json["datacenters"][one.name];
    item["energy_MWh"] = number(one.energy_MWh);
    item["mean_power_MW"] = number(one.mean_power_MW);
    item["max_power_MW"] = number(one.max_power_MW);
    item["min_power_MW"] = number(one.min_power_MW);
    item["largest_fall_in_1_s_MW"] = number(one.largest_step_MW);
    if (one.ups_not_normal_s) item["ups_not_normal_s"] = number(*one.ups_not_normal_s);
  }
  for (const StorageMetrics& one : metrics.storage) {
    Json& item = json["storage"][one.name];
    item["discharged_MWh"] = number(one.discharged_MWh);
    item["charged_MWh"] = number(one.charged_MWh);
    item["max_power_MW"] = number(one.max_power_MW);
    item["min_power_MW"] = number(one.min_power_MW);
    if (one.min_soc) item["soc_min"] = number(*one.min_soc);
    if (one.final_soc) item["soc_end"] = number(*one.final_soc);
    if (one.life) {
      item["full_cycles"] = number(one.life->full_cycles);
      item["deepest_cycle"] = number(one.life->deepest);
      item["cycle_life_years"] = number(one.life->cycle_years);
      item["life_years"] = number(one.life->years);
    }
  }
  return json;
}

Json event_json(const LoggedEvent& event, const NetworkMap& map) {
  Json json = {{"id", event.id},
               {"time_s", number(event.time_s)},
               {"kind", event.kind},
               {"device", event.device},
               {"text", event.text}};
  if (!event.quantity.empty()) {
    json["quantity"] = event.quantity;
    json["value"] = number(event.value);
    json["threshold"] = number(event.threshold);
    json["duration_s"] = number(event.duration_s);
  }
  if (event.power_MW != 0) json["power_MW"] = number(event.power_MW);
  if (event.island >= 0) json["island"] = event.island;
  if (event.bus >= 0) json["bus"] = map.buses[event.bus].number;
  json["cause"] = event.cause >= 0 ? Json(event.cause) : Json(nullptr);
  if (!event.cause_text.empty()) json["cause_text"] = event.cause_text;
  return json;
}

Json extremes_json(const std::optional<Extreme>& low, const std::optional<Extreme>& high) {
  return low ? Json{number(low->value), number(high->value)} : Json(nullptr);
}

Json cascade_json(const Cascade& cascade) {
  Json json = Json::array();
  for (const CascadeStep& step : cascade.steps) {
    Json one = {{"what", step.what}, {"first_s", number(step.first_s)}, {"last_s", number(step.last_s)}};
    one["events"] = step.events;
    one["cause"] = step.cause >= 0 ? Json(step.cause) : Json(nullptr);
    if (!step.how.empty()) one["how"] = step.how;
    if (step.load_lost_MW > 0) one["load_lost_MW"] = number(step.load_lost_MW);
    if (step.generation_lost_MW > 0) one["generation_lost_MW"] = number(step.generation_lost_MW);
    if (step.returned_MW > 0) one["returned_MW"] = number(step.returned_MW);
    if (step.island >= 0) one["island"] = step.island;
    json.push_back(std::move(one));
  }
  return json;
}

Json islands_json(const std::vector<IslandStory>& islands, const NetworkMap& map) {
  Json json = Json::array();
  for (const IslandStory& island : islands) {
    Json one = {
        {"fate", name_of(island.fate)}, {"from_s", number(island.from_s)}, {"to_s", number(island.to_s)}};
    if (!island.why.empty()) one["why"] = island.why;
    if (island.parted) one["separated"] = true;
    if (island.restored) one["restored"] = true;
    one["frequency_Hz"] = extremes_json(island.frequency_min_Hz, island.frequency_max_Hz);
    one["voltage_pu"] = extremes_json(island.voltage_min_pu, island.voltage_max_pu);
    for (const int bus : island.buses) one["buses"].push_back(map.buses[bus].number);
    json.push_back(std::move(one));
  }
  return json;
}

}  // namespace

std::string summary_json(const Record& record, const std::vector<Finding>& findings) {
  const RunStory run = tell_run(record);
  Json json;
  json["title"] = record.info.title;
  json["case"] = record.info.case_path;
  json["outcome"] = record.status.outcome;
  json["completed"] = record.status.completed;
  json["end_time_s"] = number(record.status.end_time_s);
  json["wall_time_s"] = record.wall_time_s ? number(*record.wall_time_s) : Json(nullptr);
  json["metrics"] = metrics_json(compute_metrics(record));
  if (!findings.empty()) json["requirements"] = findings_json(findings);
  json["events"] = Json::array();
  for (const LoggedEvent& event : record.events) json["events"].push_back(event_json(event, record.network));
  json["cascade"] = cascade_json(run.cascade);
  json["islands"] = islands_json(run.islands, record.network);
  json["versions"] = Json::object();
  for (const auto& [name, version] : record.info.versions) json["versions"][name] = version;
  json["options"] = Json::object();
  for (const auto& [name, value] : record.info.options) json["options"][name] = value;
  // Names come from files people write: bytes that are no UTF-8 become replacement characters.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

void write_summary(const Record& record, const std::vector<Finding>& findings,
                   const std::filesystem::path& path) {
  write_whole_file(path, summary_json(record, findings));
}

}  // namespace ballast
