/// \file
/// Parameters against their tables: outside the possible range refused, outside the usual range a warning.
#pragma once

#include <span>
#include <string>

#include "grid/error.hpp"
#include "models/contract.hpp"

namespace ballast {

/// Adds a problem for every value outside its possible range (or not a number), a warning for every value
/// outside its usual range. `where` names the file position or the device. values[i] belongs to table[i].
void check_parameters(std::span<const ParameterInfo> table, std::span<const double> values,
                      const std::string& where, Problems& problems);

/// "> 0", "0.01 to 0.1", ">= 0", "any"
[[nodiscard]] std::string range_text(const Range& range);

}  // namespace ballast
