#include "models/dyr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "grid/too_many_errors.hpp"
#include "models/load_records.hpp"
#include "models/registry.hpp"
#include "models/unit_records.hpp"

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
  [[nodiscard]] bool comment_line() const {
    return column_ == 1 && (text_.substr(at_, 2) == "//" || text_.substr(at_, 2) == "@!");
  }

 private:
  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

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

/// A field and what tells where it stood.
struct Token : DyrField {
  bool quoted = false;
  bool first_of_line = false;
};

bool is_name(const std::string& text) {
  return text.size() >= 4 && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

bool is_whole(const std::string& text) {
  return !text.empty() && text.size() < 7 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// How the fields of a record came to their end.
enum class Ending { SLASH, NEXT_RECORD, END_OF_TEXT };

/// Fields up to the '/' that ends a record, or up to the next record: a number that opens a line with a
/// quoted model name behind it. The first two fields of a record that was met so wait in `next`.
std::vector<Token> take_fields(Scanner& scanner, std::vector<Token>& next, Ending& ending,
                               Problems& problems) {
  std::vector<Token> fields = std::move(next);
  next.clear();
  bool comma_before = false;
  bool new_line = true;
  ending = Ending::END_OF_TEXT;
  while (!scanner.at_end() && problems.errors().size() < kMostErrors) {
    if (scanner.comment_line()) {
      scanner.skip_line();
      continue;
    }
    const char c = scanner.peek();
    if (c == '/') {
      scanner.skip_line();
      ending = Ending::SLASH;
      break;
    }
    if (is_blank(c)) {
      new_line = new_line || c == '\n';
      scanner.take();
      continue;
    }
    if (c == ',') {
      if (comma_before || fields.empty()) fields.push_back({{"", scanner.place(), true}, false, new_line});
      comma_before = true;
      new_line = false;
      scanner.take();
      continue;
    }
    comma_before = false;
    Token field{{"", scanner.place(), false}, false, new_line};
    new_line = false;
    if (c == '\'' || c == '"') {
      field.quoted = true;
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
    const std::size_t n = fields.size();
    if (n >= 5 && fields[n - 1].quoted && is_name(fields[n - 1].text) && fields[n - 2].first_of_line &&
        is_whole(fields[n - 2].text)) {
      next.assign(fields.end() - 2, fields.end());
      fields.resize(n - 2);
      ending = Ending::NEXT_RECORD;
      break;
    }
  }
  return fields;
}

/// Name of a vendor's model: the field after the id, or in the id's place ('USRMSC').
std::string vendor_name(const std::vector<Token>& fields) {
  for (std::size_t k = 2; k < std::min<std::size_t>(fields.size(), 4); ++k)
    if (fields[k].text.size() > 2 && std::isalpha(static_cast<unsigned char>(fields[k].text.front())) != 0)
      return fields[k].text;
  return "";
}

/// Values of the fields; what is blank or left out at the end is what the standard documents, if it does.
void read_values(DynamicRecord& record) {
  const ModelInfo* model = find_model(record.model);
  for (std::size_t k = 0; k < record.fields.size(); ++k) {
    const bool is_name = model != nullptr && k < model->parameters.size() && model->parameters[k].is_name;
    record.values.push_back(is_name ? 0 : number(record.fields[k].text));
  }
  if (model == nullptr) return;
  for (std::size_t i = 0; i < static_cast<std::size_t>(model->record_parameters); ++i) {
    const bool there = i < record.fields.size();
    const double standard = model->parameters[i].blank;
    if (std::isnan(standard) || (there && !record.fields[i].text.empty())) continue;
    if (i > record.values.size()) break;
    if (there)
      record.values[i] = standard;
    else
      record.values.push_back(standard);
    record.by_default.push_back(static_cast<int>(i));
  }
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

bool is_vendor_record(std::string_view model) { return model.starts_with("USR") && model.size() == 6; }

std::vector<DynamicRecord> read_dyr_text(std::string_view text, const std::string& file, Problems& problems) {
  std::vector<DynamicRecord> records;
  Scanner scanner(text, file);
  std::vector<Token> next;
  while (!scanner.at_end() || !next.empty()) {
    Ending ending{};
    const std::vector<Token> fields = take_fields(scanner, next, ending, problems);
    if (too_many_errors(problems, scanner.place())) break;
    if (fields.empty()) continue;
    const std::string where = fields.front().place.text();
    if (ending == Ending::END_OF_TEXT) {
      problems.add(where, fmt::format("the record starting with '{}' has no end", fields.front().text),
                   "end every record with '/'");
      break;
    }
    if (ending == Ending::NEXT_RECORD)
      problems.warn(where, fmt::format("the record starting with '{}' '{}' has no '/' before that at {}",
                                       fields[0].text, fields[1].text, next.front().place.text()));
    DynamicRecord record;
    record.place = fields.front().place;
    const double bus = number(fields.front().text);
    if (!(bus >= 0 && bus <= 999997 && bus == std::floor(bus))) {
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
    if (is_vendor_record(record.model)) record.vendor_name = vendor_name(fields);
    record.fields.assign(fields.begin() + 3, fields.end());
    read_load_name(record);
    read_unit_name(record);
    read_values(record);
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace ballast
