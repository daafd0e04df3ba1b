#include "viz/load_series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

namespace ballast {
namespace {

/// One element of one quantity over time, or nothing.
std::optional<std::vector<double>> curve(const Record& record, const char* quantity,
                                         const std::string& element) {
  const auto q = record.find(quantity);
  if (!q) return std::nullopt;
  const std::vector<std::string>& names = record.schema.quantities[*q].elements;
  const auto at = std::find(names.begin(), names.end(), element);
  if (at == names.end()) return std::nullopt;
  std::vector<double> values(record.samples());
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = record.at(*q, k, static_cast<std::size_t>(at - names.begin()));
  return values;
}

std::vector<double> needed(const Record& record, const char* quantity, const std::string& element) {
  if (auto values = curve(record, quantity, element)) return *values;
  throw Error(record.path.string(), fmt::format("the record has no {} of '{}'", quantity, element),
              fmt::format("add \"{}\" to [output] record and run again", quantity));
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) {
    const auto first = cell.find_first_not_of(" \t\r\""), last = cell.find_last_not_of(" \t\r\"");
    cells.push_back(first == std::string::npos ? "" : cell.substr(first, last - first + 1));
  }
  return cells;
}

}  // namespace

LoadSeries load_series(const Record& record, const Requirement& requirement) {
  LoadSeries series;
  series.time_s = record.times_s;
  series.power_MW = needed(record, "datacenter.power", requirement.load);
  for (const std::string& battery : requirement.beside) {
    const std::vector<double> injected = needed(record, "bess.power", battery);
    for (std::size_t k = 0; k < injected.size(); ++k) series.power_MW[k] -= injected[k];
  }
  const std::string bus = std::to_string(requirement.bus);
  series.voltage_pu = curve(record, "bus.voltage", bus).value_or(std::vector<double>{});
  series.frequency_Hz = curve(record, "bus.frequency", bus).value_or(std::vector<double>{});
  series.events_known = true;
  for (const LoggedEvent& event : record.events)
    if ((event.device + '.').starts_with(requirement.load + '.') &&
        event.text.find(" to locked") != std::string::npos)
      series.locks.push_back({event.time_s, event.text});
  return series;
}

LoadSeries read_load_series(const std::filesystem::path& csv) {
  std::ifstream file(csv);
  if (!file || std::filesystem::is_directory(csv))
    throw Error(csv.string(), "the file of measurements cannot be opened",
                "check the path and the permissions");
  constexpr const char* kRemedy =
      "the first line names the columns: time_s, power_MW, voltage_pu, frequency_Hz (time and power at "
      "least)";
  std::string line;
  if (!std::getline(file, line)) throw Error(csv.string() + ":1", "the file is empty", kRemedy);
  LoadSeries series;
  const std::map<std::string, std::vector<double>*> known = {{"time_s", &series.time_s},
                                                             {"power_MW", &series.power_MW},
                                                             {"voltage_pu", &series.voltage_pu},
                                                             {"frequency_Hz", &series.frequency_Hz},
                                                             {"reactive_Mvar", &series.reactive_Mvar},
                                                             {"angle_deg", &series.angle_deg}};
  std::vector<std::vector<double>*> columns;
  for (const std::string& name : cells_of(line)) {
    const auto at = known.find(name);
    columns.push_back(at == known.end() ? nullptr : at->second);
  }
  for (auto* wanted : {&series.time_s, &series.power_MW})
    if (std::find(columns.begin(), columns.end(), wanted) == columns.end())
      throw Error(csv.string() + ":1",
                  fmt::format("there is no column {}", wanted == &series.time_s ? "time_s" : "power_MW"),
                  kRemedy);
  for (std::size_t number = 2; std::getline(file, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const std::vector<std::string> cells = cells_of(line);
    const std::string where = fmt::format("{}:{}", csv.string(), number);
    if (cells.size() != columns.size())
      throw Error(where, fmt::format("{} values, {} columns", cells.size(), columns.size()),
                  "complete the line");
    for (std::size_t k = 0; k < cells.size(); ++k) {
      if (columns[k] == nullptr) continue;
      double value = 0;
      const auto [end, error] = std::from_chars(cells[k].data(), cells[k].data() + cells[k].size(), value);
      if (error != std::errc() || end != cells[k].data() + cells[k].size() || !std::isfinite(value))
        throw Error(where, fmt::format("'{}' is no number", cells[k]), "write numbers with a decimal point");
      columns[k]->push_back(value);
    }
    if (series.time_s.size() > 1 && series.time_s.back() < series.time_s[series.time_s.size() - 2])
      throw Error(where, fmt::format("time goes back to {:g} s", series.time_s.back()),
                  "sort the lines by time");
  }
  if (series.time_s.size() < 2) throw Error(csv.string(), "fewer than two measurements", kRemedy);
  return series;
}

std::vector<Finding> check_requirements(const Record& record, const std::vector<Requirement>& requirements) {
  std::vector<Finding> findings;
  if (record.samples() < 2) return findings;
  for (const Requirement& r : requirements)
    for (Finding& f : check_rule(load_series(record, r), r.rule, r.load, r.averaging_s))
      findings.push_back(std::move(f));
  return findings;
}

}  // namespace ballast
