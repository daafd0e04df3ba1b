#include "grid/raw_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "grid/numbers.hpp"

namespace ballast::raw {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool ends_field(char c) { return is_blank(c) || c == ',' || c == '/' || c == '\'' || c == '"'; }

}  // namespace

Line split(std::string_view text, int number) {
  Line line;
  line.number = number;
  line.text = text;
  bool expects_value = true;  // at the start, and after a comma
  std::size_t i = 0;
  while (i < text.size()) {
    const char c = text[i];
    const int column = static_cast<int>(i) + 1;
    if (is_blank(c)) {
      ++i;
    } else if (c == '/') {
      line.comment = text.substr(i + 1);
      break;
    } else if (c == ',') {
      if (expects_value) line.fields.push_back({{}, column, false});
      expects_value = true;
      ++i;
    } else if (c == '\'' || c == '"') {
      const std::size_t close = text.find(c, i + 1);
      if (close == std::string_view::npos) {
        line.open_quote = true;
        line.fields.push_back({text.substr(i + 1), column, true});
        break;
      }
      line.fields.push_back({text.substr(i + 1, close - i - 1), column, true});
      expects_value = false;
      i = close + 1;
    } else {
      const std::size_t start = i;
      while (i < text.size() && !ends_field(text[i])) ++i;
      line.fields.push_back({text.substr(start, i - start), column, false});
      expects_value = false;
    }
  }
  return line;
}

bool Lines::next(std::string_view* line) {
  if (position_ >= text_.size()) return false;
  const std::size_t end = std::min(text_.find('\n', position_), text_.size());
  *line = text_.substr(position_, end - position_);
  if (!line->empty() && line->back() == '\r') line->remove_suffix(1);
  position_ = end + 1;
  ++number_;
  return true;
}

bool Lines::record(Line* line) {
  std::string_view text;
  while (next(&text)) {
    if (trimmed(text).empty() || trimmed(text).substr(0, 2) == "@!") continue;
    *line = split(text, number_);
    return true;
  }
  return false;
}

Record::Record(const Line& line, const std::vector<std::string_view>& names, const std::string& file,
               Problems& problems)
    : line_(line), names_(names), file_(file), problems_(problems) {
  if (line.open_quote) {
    good_ = false;
    problems_.add(Place{file_, line_.number, line_.fields.back().column}.text(),
                  "a quote is opened here and never closed", "close it on the same line");
  }
}

const Field* Record::find(std::string_view name) const {
  const auto position = std::find(names_.begin(), names_.end(), name);
  const auto index = static_cast<std::size_t>(position - names_.begin());
  return index < line_.fields.size() && position != names_.end() ? &line_.fields[index] : nullptr;
}

bool Record::given(std::string_view name) const {
  const Field* field = find(name);
  return field != nullptr && !trimmed(field->text).empty();
}

Place Record::place(std::string_view name) const {
  const Field* field = find(name);
  if (field != nullptr) return {file_, line_.number, field->column};
  const int end = static_cast<int>(line_.text.size()) + 1;
  return {file_, line_.number, name.empty() && !line_.fields.empty() ? line_.fields.front().column : end};
}

void Record::fail(std::string_view name, std::string what, std::string remedy) {
  good_ = false;
  problems_.add(place(name).text(), std::move(what), std::move(remedy));
}

double Record::real(std::string_view name, double fallback) {
  if (!given(name)) return fallback;
  const Field& field = *find(name);
  const std::optional<double> value = parse_real(trimmed(field.text));
  if (!value) {
    fail(name, fmt::format("{} = '{}' is not a finite number", name, field.text), "give a decimal number");
  }
  return value.value_or(fallback);
}

double Record::real(std::string_view name) {
  if (!given(name)) {
    fail(name, fmt::format("{} is missing", name), "this field has no default: give a number");
  }
  return real(name, 0.0);
}

int Record::integer(std::string_view name, int fallback) {
  if (!given(name)) return fallback;
  const Field& field = *find(name);
  const std::optional<int> value = parse_integer(trimmed(field.text));
  if (!value) fail(name, fmt::format("{} = '{}' is not an integer", name, field.text), "give a whole number");
  return value.value_or(fallback);
}

int Record::integer(std::string_view name) {
  if (!given(name)) {
    fail(name, fmt::format("{} is missing", name), "this field has no default: give a whole number");
  }
  return integer(name, 0);
}

std::string Record::text(std::string_view name, std::string_view fallback) {
  return std::string(given(name) ? trimmed(find(name)->text) : fallback);
}

}  // namespace ballast::raw
