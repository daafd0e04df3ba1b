/// \file
/// PSS/E RAW text: lines, free-format fields, and one record read by field name. Internal to grid/.
///
/// Free format: fields are separated by a comma or by blanks; two commas enclose an empty field, which takes
/// the documented default; quotes keep commas and slashes; a slash ends the record and starts a comment.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"

namespace ballast::raw {

struct Field {
  std::string_view text;  ///< without quotes; empty = default
  int column = 0;         ///< where the field starts, from 1
  bool quoted = false;
};

struct Line {
  int number = 0;
  std::string_view text;     ///< as in the file
  std::string_view comment;  ///< after the slash
  std::vector<Field> fields;
  bool open_quote = false;  ///< a quote that is never closed
};

/// Splits one line into fields and comment.
[[nodiscard]] Line split(std::string_view text, int number);

/// Walks the lines of a file. `record()` skips blank lines and `@!` comments.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}
  /// The next raw line, whatever it holds; false at the end.
  bool next(std::string_view* line);
  /// The next line with content, split into fields; false at the end.
  bool record(Line* line);
  [[nodiscard]] int number() const { return number_; }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
  int number_ = 0;
};

/// One line seen through the names of its fields. Bad values are reported and replaced by the default, so
/// that the rest of the record is checked too; `good()` tells afterwards whether it can be used.
class Record {
 public:
  Record(const Line& line, const std::vector<std::string_view>& names, const std::string& file,
         Problems& problems);

  [[nodiscard]] double real(std::string_view name, double fallback);
  [[nodiscard]] double real(std::string_view name);  ///< an empty field is an error
  [[nodiscard]] int integer(std::string_view name, int fallback);
  [[nodiscard]] int integer(std::string_view name);  ///< an empty field is an error
  [[nodiscard]] std::string text(std::string_view name, std::string_view fallback);  ///< trimmed
  /// The field is there and not empty.
  [[nodiscard]] bool given(std::string_view name) const;
  /// Where a field starts (where the line starts, when it is missing).
  [[nodiscard]] Place place(std::string_view name = {}) const;
  void fail(std::string_view name, std::string what, std::string remedy);
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] const Line& line() const { return line_; }

 private:
  [[nodiscard]] const Field* find(std::string_view name) const;

  const Line& line_;
  const std::vector<std::string_view>& names_;
  const std::string& file_;
  Problems& problems_;
  bool good_ = true;
};

}  // namespace ballast::raw
