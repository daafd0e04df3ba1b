/// \file
/// The plain data in a MATPOWER case, which is a MATLAB function: numbers, strings, matrices and cell arrays
/// assigned to fields of the returned struct. Whatever would have to be computed is refused by name. Internal
/// to grid/.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"

namespace ballast::matlab {

struct Cell {
  std::string_view text;
  double value = 0;  ///< Inf allowed; NaN when the text is a string
  int line = 0, column = 0;
};
using Row = std::vector<Cell>;

/// One `mpc.field = value;`
struct Assignment {
  std::vector<Row> rows;  ///< none is empty
  int line = 0, column = 0;
};

struct Data {
  std::string function;           ///< name of the case, "" for a plain script
  std::string structure = "mpc";  ///< what the struct is called
  std::map<std::string, Assignment, std::less<>> fields;
};

/// Views into `text`, which must live as long as the result.
[[nodiscard]] Data read_data(std::string_view text, const std::string& file, Problems& problems);

}  // namespace ballast::matlab
