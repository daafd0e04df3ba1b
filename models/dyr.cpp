#include "models/dyr.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "models/check_parameters.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

/// Walks the text, counting lines and columns.
class Scanner {
 public:
  Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  [[nodiscard]] Place place() const { return {file_, line_, column_}; }
  char take() {
    const char c = text_[at_++];
    if (c == '\n') {
      ++line_;
      column_ = 1;
    } else {
      ++column_;
    }
    return c;
  }
  void skip_line() {
    while (!at_end() && peek() != '\n') take();
  }
  [[nodiscard]] bool comment_line() const { return column_ == 1 && text_.substr(at_, 2) == "//"; }

 private:
  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

/// Fields up to the '/' that ends a record; `ended` is false when the text ends first.
std::vector<DyrField> take_fields(Scanner& scanner, bool& ended, Problems& problems) {
  std::vector<DyrField> fields;
  bool comma_before = false;
  ended = false;
  while (!scanner.at_end()) {
    if (scanner.comment_line()) {
      scanner.skip_line();
      continue;
    }
    const char c = scanner.peek();
    if (c == '/') {
      scanner.skip_line();
      ended = true;
      break;
    }
    if (is_blank(c)) {
      scanner.take();
      continue;
    }
    if (c == ',') {
      if (comma_before || fields.empty()) fields.push_back({"", scanner.place(), true});
      comma_before = true;
      scanner.take();
      continue;
    }
    comma_before = false;
    DyrField field{"", scanner.place(), false};
    if (c == '\'' || c == '"') {
      scanner.take();
      while (!scanner.at_end() && scanner.peek() != c && scanner.peek() != '\n') field.text += scanner.take();
      if (scanner.at_end() || scanner.peek() == '\n')
        problems.add(field.place.text(),
                     fmt::format("the quote before '{}' is not closed on its line", field.text), "close it");
      else
        scanner.take();
      while (!field.text.empty() && field.text.back() == ' ') field.text.pop_back();
      while (!field.text.empty() && field.text.front() == ' ') field.text.erase(0, 1);
    } else {
      while (!scanner.at_end() && !is_blank(scanner.peek()) && scanner.peek() != ',' && scanner.peek() != '/')
        field.text += scanner.take();
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

/// A number as Fortran writes it: 1, 1.5, .5, 1E-3, 1.0D-3, +2. NaN when it is none.
double number(std::string text) {
  for (char& c : text)
    if (c == 'd' || c == 'D') c = 'e';
  if (!text.empty() && text.front() == '+') text.erase(0, 1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size() && std::isfinite(value);
  return whole ? value : std::nan("");
}

}  // namespace

std::vector<DynamicRecord> read_dyr(const std::string& path, Problems& problems) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problems.add(path, fmt::format("cannot be read: {}", std::strerror(errno)),
                 "check the path and its permissions");
    return {};
  }
  std::stringstream text;
  text << file.rdbuf();
  return read_dyr_text(text.str(), path, problems);
}

std::vector<DynamicRecord> read_dyr_text(std::string_view text, const std::string& file, Problems& problems) {
  std::vector<DynamicRecord> records;
  Scanner scanner(text, file);
  while (!scanner.at_end()) {
    bool ended = false;
    const std::vector<DyrField> fields = take_fields(scanner, ended, problems);
    if (fields.empty()) continue;
    const std::string where = fields.front().place.text();
    if (!ended) {
      problems.add(where, fmt::format("the record starting with '{}' has no end", fields.front().text),
                   "end every record with '/'");
      break;
    }
    DynamicRecord record;
    record.place = fields.front().place;
    const double bus = number(fields.front().text);
    if (!(bus >= 1 && bus <= 999997 && bus == std::floor(bus))) {
      problems.add(where, fmt::format("'{}' is no bus number", fields.front().text),
                   "a record is: bus 'MODEL' id values /");
      continue;
    }
    if (fields.size() < 3 || fields[1].text.empty() || fields[2].text.empty()) {
      problems.add(where, fmt::format("the record of bus {} has no model and id", fields.front().text),
                   "a record is: bus 'MODEL' id values /");
      continue;
    }
    record.bus = static_cast<int>(bus);
    record.model = fields[1].text;
    record.id = fields[2].text;
    record.fields.assign(fields.begin() + 3, fields.end());
    const ModelInfo* model = find_model(record.model);
    for (std::size_t k = 0; k < record.fields.size(); ++k) {
      const bool is_name = model != nullptr && k < model->parameters.size() && model->parameters[k].is_name;
      record.values.push_back(is_name ? 0 : number(record.fields[k].text));
    }
    records.push_back(std::move(record));
  }
  return records;
}

void check_dyr(const std::vector<DynamicRecord>& records, Problems& problems) {
  std::map<std::string, std::pair<int, const DynamicRecord*>> unknown;
  std::map<std::string, const DynamicRecord*> seen;
  std::vector<std::string> names;
  for (const ModelInfo& model : all_models()) names.emplace_back(model.name);
  for (const DynamicRecord& record : records) {
    const ModelInfo* model = find_model(record.model);
    if (model == nullptr) {
      auto& entry = unknown.try_emplace(record.model, 0, &record).first->second;
      ++entry.first;
      continue;
    }
    const std::string where = record.place.text();
    const std::string device = fmt::format("{} of bus {} '{}'", record.model, record.bus, record.id);
    const std::string key = fmt::format("{} {} {}", record.bus, record.id, role_name(model->role));
    if (const auto [first, is_new] = seen.try_emplace(key, &record); !is_new)
      problems.add(where,
                   fmt::format("{} is a second {} of this machine; the first is {} at {}", device,
                               role_name(model->role), first->second->model, first->second->place.text()),
                   "keep one of the two");
    const std::size_t needed = static_cast<std::size_t>(model->record_parameters);
    if (record.values.size() != needed)
      problems.add(
          where,
          fmt::format("{} has {} values, {} needs {}", device, record.values.size(), record.model, needed),
          fmt::format("`ballast models` lists them in order, the first is {}",
                      model->parameters.front().name));
    for (std::size_t i = 0; i < std::min(needed, record.values.size()); ++i) {
      const DyrField& field = record.fields[i];
      const ParameterInfo& parameter = model->parameters[i];
      if (field.blank)
        problems.add(
            field.place.text(),
            fmt::format("{} of {} is blank and has no documented default", parameter.name, device),
            fmt::format("give {} {} {}", parameter.name, range_text(parameter.possible), parameter.unit));
      else if (std::isnan(record.values[i]))
        problems.add(field.place.text(),
                     fmt::format("{} of {} is '{}', not a number", parameter.name, device, field.text));
      else
        check_parameters(model->parameters.subspan(i, 1), std::span(&record.values[i], 1),
                         field.place.text() + ": " + device, problems);
    }
    if (record.values.size() == needed)
      check_relations(model->relations, model->parameters, record.values,
                      fmt::format("{}: {}", where, device), problems);
  }
  for (const auto& [name, entry] : unknown) {
    const std::string hint = nearest(name, names);
    problems.add(
        entry.second->place.text(),
        fmt::format("there is no model {}; {} record{} use{} it", name, entry.first,
                    entry.first == 1 ? "" : "s", entry.first == 1 ? "s" : ""),
        hint.empty() ? "`ballast models` lists what there is" : fmt::format("did you mean {}?", hint));
  }
}

}  // namespace ballast
