/// A measured trace: a file of comma-separated values.
#include <charconv>
#include <cmath>
#include <fstream>
#include <string_view>
#include <utility>

#include "cases/reader/campus_tables.hpp"

namespace ballast {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t at = 0;;) {
    const std::size_t comma = line.find_first_of(",;\t", at);
    std::string_view field = line.substr(at, comma - at);
    while (!field.empty() && (field.front() == ' ' || field.front() == '"')) field.remove_prefix(1);
    while (!field.empty() && (field.back() == ' ' || field.back() == '"' || field.back() == '\r'))
      field.remove_suffix(1);
    fields.push_back(field);
    if (comma == std::string_view::npos) return fields;
    at = comma + 1;
  }
}

std::optional<double> number_in(std::string_view field) {
  double value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || !std::isfinite(value)) return {};
  return value;
}

/// The column that a key names, by its name in the first line or its number from 1.
int column_of(Section& table, const char* key, int fallback, const std::vector<std::string_view>& header,
              const std::string& file) {
  if (!table.has(key)) return fallback;
  if (const TomlValue* value = table.find(key); value->kind == TomlValue::Kind::NUMBER)
    return table.whole_if(key, 1, static_cast<double>(header.size())).value_or(1) - 1;
  const std::string name = table.text_if(key).value_or("");
  std::vector<std::string> known;
  for (std::size_t k = 0; k < header.size(); ++k) {
    if (header[k] == name) return static_cast<int>(k);
    known.emplace_back(header[k]);
  }
  const std::string hint = nearest(name, known);
  table.problem(key, fmt::format("{} has no column '{}'", file, name),
                hint.empty() ? "give its number, from 1" : fmt::format("did you mean '{}'?", hint));
  return fallback;
}

}  // namespace

std::vector<double> read_trace(Section& table, const Reading& reading) {
  const std::string name = table.text("file", "the measured trace, comma-separated values");
  std::vector<double> samples;
  if (name.empty()) return samples;
  const std::filesystem::path path = reading.result.path.parent_path() / name;
  std::ifstream stream(path);
  if (!stream) {
    table.problem("file", fmt::format("cannot open {}", path.string()),
                  "give its path relative to the case file");
    return samples;
  }
  const auto wrong = [&](int line, const std::string& what, const std::string& remedy) {
    table.problems().add(fmt::format("{}:{}", path.string(), line), what, remedy);
    samples.clear();
    return samples;
  };
  int time_column = 0;
  int value_column = 1;
  double start = 0;
  std::string line;
  bool first = true;  // but comments
  for (int number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line.front() == '#' || line == "\r") continue;
    const std::vector<std::string_view> fields = fields_of(line);
    if (std::exchange(first, false)) {
      time_column = column_of(table, "time_column", 0, fields, name);
      value_column = column_of(table, "power_column", 1, fields, name);
      if (!number_in(fields.front())) continue;  // a line of names
    }
    const auto most = static_cast<std::size_t>(std::max(time_column, value_column));
    if (fields.size() <= most)
      return wrong(number, fmt::format("{} columns, column {} is wanted", fields.size(), most + 1),
                   "name the columns by time_column and power_column");
    const auto time = number_in(fields[time_column]);
    const auto value = number_in(fields[value_column]);
    if (!time || !value)
      return wrong(number, fmt::format("'{}' is no number", fields[time ? value_column : time_column]),
                   "time in seconds and power as plain numbers");
    if (samples.empty()) start = *time;
    if (!samples.empty() && !(*time - start > samples[samples.size() - 2]))
      return wrong(number, fmt::format("time {:g} s is not after the one before it", *time),
                   "sort the trace by time, without repetitions");
    samples.push_back(*time - start);
    samples.push_back(*value);
  }
  if (samples.size() < 4) return wrong(1, "fewer than two samples", "give at least two");
  return samples;
}

}  // namespace ballast
