#include "cases/reader/toml.hpp"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <tuple>

namespace ballast {
namespace {

Place place_of(const toml::source_region& region, const std::string& file) {
  return {file, static_cast<int>(region.begin.line), static_cast<int>(region.begin.column)};
}

TomlValue value_of(const toml::node& node, const std::string& file);

TomlValue table_of(const toml::table& table, const std::string& file) {
  TomlValue value;
  value.place = place_of(table.source(), file);
  for (const auto& [key, node] : table)
    value.entries.push_back({std::string(key.str()), place_of(key.source(), file), value_of(node, file)});
  std::stable_sort(value.entries.begin(), value.entries.end(), [](const TomlEntry& a, const TomlEntry& b) {
    return std::tuple(a.place.line, a.place.column) < std::tuple(b.place.line, b.place.column);
  });
  return value;
}

TomlValue value_of(const toml::node& node, const std::string& file) {
  if (const auto* table = node.as_table()) return table_of(*table, file);
  TomlValue value;
  value.place = place_of(node.source(), file);
  if (const auto* list = node.as_array()) {
    value.kind = TomlValue::Kind::LIST;
    for (const toml::node& item : *list) value.items.push_back(value_of(item, file));
  } else if (const auto* text = node.as_string()) {
    value.kind = TomlValue::Kind::TEXT;
    value.text = text->get();
  } else if (const auto* whole = node.as_integer()) {
    value.kind = TomlValue::Kind::NUMBER;
    value.number = static_cast<double>(whole->get());
    value.whole = true;
  } else if (const auto* number = node.as_floating_point()) {
    value.kind = TomlValue::Kind::NUMBER;
    value.number = number->get();
  } else if (const auto* flag = node.as_boolean()) {
    value.kind = TomlValue::Kind::FLAG;
    value.flag = flag->get();
  } else {
    value.kind = TomlValue::Kind::DATE;
  }
  return value;
}

/// The parser's library and this file walk tables inside tables by recursion, which a file of "[a.a.a...]"
/// drives through the end of the stack. Throws Error where keys or values are nested deeper than any case
/// needs.
void refuse_deep_nesting(std::string_view text, const std::string& file) {
  constexpr int kDots = 32;      // in one dotted key: a table of a case has at most 4
  constexpr int kBrackets = 64;  // open at once
  int line = 1, dots = 0, brackets = 0;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '#') {
      i = std::min(text.find('\n', i), text.size()) - 1;
    } else if (c == '"' || c == '\'') {
      const bool multiline = text.substr(i, 3) == std::string(3, c);
      const std::string_view close = multiline ? text.substr(i, 3) : text.substr(i, 1);
      for (i += close.size(); i < text.size() && text.substr(i, close.size()) != close; ++i) {
        if (text[i] == '\n' && !multiline) break;
        if (text[i] == '\\' && c == '"') ++i;
        if (i < text.size() && text[i] == '\n') ++line, line_start = i + 1;
      }
      if (i < text.size() && text[i] == '\n')
        --i;  // a quote left open: the parser will say so
      else
        i += close.size() - 1;
      while (multiline && i + 1 < text.size() && text[i + 1] == c) ++i;  // quotes before the closing ones
    } else if (c == '.') {
      ++dots;
    } else if (std::string_view("=,[]{}\n").find(c) != std::string_view::npos) {
      dots = 0;
      if (c == '[' || c == '{') ++brackets;
      if (c == ']' || c == '}') --brackets;
      if (c == '\n') ++line, line_start = i + 1;
    }
    if (dots > kDots || brackets > kBrackets)
      throw Error(Place{file, line, static_cast<int>(i - line_start) + 1}.text(),
                  dots > kDots ? fmt::format("a key has more than {} parts", kDots + 1)
                               : fmt::format("more than {} brackets are open", kBrackets),
                  "tables of a case are a few levels deep");
  }
}

}  // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const TomlEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

std::string TomlValue::described() const {
  switch (kind) {
    case Kind::TEXT:
      return fmt::format("the text '{}'", text);
    case Kind::NUMBER:
      return fmt::format("the number {:g}", number);
    case Kind::FLAG:
      return flag ? "true" : "false";
    case Kind::LIST:
      return "a list";
    case Kind::TABLE:
      return "a table";
    case Kind::DATE:
      return "a date or time";
  }
  return "";
}

TomlValue parse_toml(std::string_view text, const std::string& file) {
  refuse_deep_nesting(text, file);
  try {
    return table_of(toml::parse(text, file), file);
  } catch (const toml::parse_error& error) {
    throw Error(place_of(error.source(), file).text(), std::string(error.description()),
                "the file must be valid TOML (https://toml.io)");
  }
}

}  // namespace ballast
