/// \file
/// A table of results: named columns with units, all of one length.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ballast {

struct TableColumn {
  std::string name;
  std::string unit;     ///< "" for texts and plain numbers
  std::string meaning;  ///< one sentence
  bool is_text = false;
  std::vector<double> numbers;     ///< of a column of numbers; NaN: absent
  std::vector<std::string> texts;  ///< of a column of texts
};

struct Table {
  std::string title;
  std::vector<TableColumn> columns;
  [[nodiscard]] std::size_t rows() const {
    if (columns.empty()) return 0;
    return columns.front().is_text ? columns.front().texts.size() : columns.front().numbers.size();
  }
};

}  // namespace ballast
