#include "cases/reader/section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/check_parameters.hpp"

namespace ballast {
namespace {

std::string with_unit(double value, std::string_view unit) {
  return unit.empty() || unit == "1" ? fmt::format("{:g}", value) : fmt::format("{:g} {}", value, unit);
}

/// Some value that the range allows.
double within_range(const Range& range) {
  if (range.contains(1)) return 1;
  if (std::isfinite(range.low) && std::isfinite(range.high)) return 0.5 * (range.low + range.high);
  return std::isfinite(range.low) ? range.low + 1 : range.high;
}

}  // namespace

Section::Section(const TomlValue& table, std::string label, Problems& problems)
    : table_(&table), label_(std::move(label)), problems_(&problems) {}

Place Section::place(std::string_view key) const {
  const TomlValue* value = table_->find(key);
  return value != nullptr ? value->place : table_->place;
}

const TomlValue* Section::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_->find(key);
}

void Section::problem(std::string_view key, const std::string& what, const std::string& remedy) {
  problems_->add(place(key).text(), what, remedy);
}

void Section::warning(std::string_view key, const std::string& what, const std::string& remedy) {
  problems_->warn(place(key).text(), what, remedy);
}

void Section::missing(std::string_view key, std::string_view meaning, const std::string& remedy) {
  missing_.push_back({std::string(key), fmt::format("{} has no '{}' ({})", label_, key, meaning),
                      remedy.empty() ? fmt::format("add {} = ...", key) : remedy});
}

bool Section::is(const TomlValue& value, TomlValue::Kind kind, std::string_view key, const char* wanted) {
  if (value.kind == kind) return true;
  problems_->add(value.place.text(),
                 fmt::format("'{}' in {} is {}, not {}", key, label_, value.described(), wanted),
                 fmt::format("give {}", wanted));
  return false;
}

double Section::checked(const TomlValue& value, std::string_view key, const NumberInfo& info) {
  if (!is(value, TomlValue::Kind::NUMBER, key, "a number")) return within_range(info.possible);
  const double number = value.number;
  if (info.possible.contains(number) && (info.infinite || std::isfinite(number))) return number;
  std::string wanted =
      fmt::format("{}{}{}", range_text(info.possible), *info.unit == '\0' ? "" : " ", info.unit);
  if (std::isnan(number))
    wanted = "a number";
  else if (info.possible.contains(number))
    wanted = "a finite number";
  problems_->add(value.place.text(),
                 fmt::format("{} = {} in {} is not possible", key, with_unit(number, info.unit), label_),
                 fmt::format("give {}", wanted));
  return within_range(info.possible);
}

double Section::number(std::string_view key, const NumberInfo& info, std::string_view meaning) {
  if (const TomlValue* value = find(key)) return checked(*value, key, info);
  missing(key, *info.unit == '\0' ? std::string(meaning) : fmt::format("{}, {}", meaning, info.unit));
  return within_range(info.possible);
}

std::optional<double> Section::number_if(std::string_view key, const NumberInfo& info) {
  const TomlValue* value = find(key);
  if (value == nullptr) return {};
  return checked(*value, key, info);
}

std::optional<int> Section::whole_if(std::string_view key, double low, double high) {
  const TomlValue* value = find(key);
  if (value == nullptr) return {};
  const double number = checked(*value, key, {"", within(low, high)});
  if (number == std::floor(number)) return static_cast<int>(number);
  problem(key, fmt::format("'{}' in {} is {:g}, not a whole number", key, label_, number));
  return static_cast<int>(std::floor(number));
}

int Section::whole(std::string_view key, double low, double high, std::string_view meaning) {
  if (const auto value = whole_if(key, low, high)) return *value;
  missing(key, meaning);
  return static_cast<int>(low);
}

std::optional<std::string> Section::text_if(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr || !is(*value, TomlValue::Kind::TEXT, key, "a text")) return {};
  return value->text;
}

std::string Section::text(std::string_view key, std::string_view meaning) {
  if (!has(key)) {
    (void)find(key);
    missing(key, meaning);
  }
  return text_if(key).value_or("");
}

std::optional<bool> Section::flag_if(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr || !is(*value, TomlValue::Kind::FLAG, key, "true or false")) return {};
  return value->flag;
}

std::optional<std::vector<double>> Section::numbers_if(std::string_view key, const NumberInfo& info) {
  const TomlValue* value = find(key);
  if (value == nullptr || !is(*value, TomlValue::Kind::LIST, key, "a list of numbers")) return {};
  std::vector<double> numbers;
  for (const TomlValue& item : value->items) numbers.push_back(checked(item, key, info));
  return numbers;
}

std::optional<std::vector<std::string>> Section::texts_if(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr || !is(*value, TomlValue::Kind::LIST, key, "a list of texts")) return {};
  std::vector<std::string> texts;
  for (const TomlValue& item : value->items)
    if (is(item, TomlValue::Kind::TEXT, key, "a text")) texts.push_back(item.text);
  return texts;
}

std::string Section::choice(std::string_view key, const std::vector<std::string>& choices,
                            std::string_view meaning) {
  const bool there = has(key);
  const auto value = text_if(key);
  std::string all;
  for (const std::string& one : choices) all += fmt::format("{}'{}'", all.empty() ? "" : ", ", one);
  if (!there && !meaning.empty()) missing(key, meaning, fmt::format("give one of {}", all));
  if (!value) return choices.front();
  if (std::find(choices.begin(), choices.end(), *value) != choices.end()) return *value;
  const std::string hint = nearest(*value, choices);
  problem(key, fmt::format("{} = '{}' in {} is not known", key, *value, label_),
          hint.empty() ? fmt::format("give one of {}", all) : fmt::format("did you mean '{}'?", hint));
  return choices.front();
}

std::optional<Section> Section::section_if(std::string_view key) {
  const TomlValue* value = find(key);
  if (value == nullptr || !is(*value, TomlValue::Kind::TABLE, key, "a table")) return {};
  return Section(*value, fmt::format("'{}' of {}", key, label_), *problems_);
}

std::vector<Section> Section::sections(std::string_view key) {
  std::vector<Section> found;
  const TomlValue* value = find(key);
  if (value == nullptr) return found;
  const std::string label = fmt::format("[[{}]]", key);
  if (!is(*value, TomlValue::Kind::LIST, key, "an array of tables")) return found;
  for (const TomlValue& item : value->items)
    if (is(item, TomlValue::Kind::TABLE, key, "a table")) found.emplace_back(item, label, *problems_);
  return found;
}

void Section::finish() {
  std::vector<std::string> misspelt;
  for (const TomlEntry& entry : table_->entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    const std::string hint = nearest(entry.key, known_);
    std::string all;
    for (const std::string& one : known_) all += fmt::format("{}{}", all.empty() ? "" : ", ", one);
    problems_->add(
        entry.place.text(), fmt::format("unknown key '{}' in {}", entry.key, label_),
        hint.empty() ? fmt::format("known here: {}", all) : fmt::format("did you mean '{}'?", hint));
    if (hint.size() > 2) misspelt.push_back(hint);
  }
  for (const Missing& m : missing_)
    if (std::find(misspelt.begin(), misspelt.end(), m.key) == misspelt.end())
      problems_->add(table_->place.text(), m.what, m.remedy);
}

}  // namespace ballast
