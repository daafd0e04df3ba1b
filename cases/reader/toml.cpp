#include "cases/reader/toml.hpp"

#include <toml++/toml.h>

#include <fmt/format.h>

#include <algorithm>
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
  try {
    return table_of(toml::parse(text, file), file);
  } catch (const toml::parse_error& error) {
    throw Error(place_of(error.source(), file).text(), std::string(error.description()),
                "the file must be valid TOML (https://toml.io)");
  }
}

}  // namespace ballast
