/// \file
/// A TOML file as a plain tree in which everything knows its place. Only toml.cpp sees the parser's library.
/// For cases/reader/ and studies/.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"

namespace ballast {

struct TomlEntry;

struct TomlValue {
  enum class Kind { TEXT, NUMBER, FLAG, LIST, TABLE, DATE };
  Kind kind = Kind::TABLE;
  Place place;
  std::string text;                ///< of a TEXT
  double number = 0;               ///< of a NUMBER
  bool whole = false;              ///< a NUMBER written as an integer
  bool flag = false;               ///< of a FLAG
  std::vector<TomlValue> items;    ///< of a LIST
  std::vector<TomlEntry> entries;  ///< of a TABLE, in the order of the file

  [[nodiscard]] const TomlValue* find(std::string_view key) const;
  /// "a text ('ten')", "the number 3", "a table": for messages.
  [[nodiscard]] std::string described() const;
};

struct TomlEntry {
  std::string key;
  Place place;  ///< of the key
  TomlValue value;
};

/// Throws Error with line and column for text that is no TOML. `file` is the name used in places.
[[nodiscard]] TomlValue parse_toml(std::string_view text, const std::string& file);

}  // namespace ballast
