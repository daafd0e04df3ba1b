/// \file
/// Parameters against their tables and against each other: what is impossible is refused, what is unusual is
/// a warning.
#pragma once

#include <span>
#include <string>

#include "grid/error.hpp"
#include "models/contract.hpp"
#include "models/need.hpp"

namespace ballast {

/// Adds a problem for every value outside its possible range (or not a number), a warning for every value
/// outside its usual range. `where` names the file position or the device. values[i] belongs to table[i].
void check_parameters(std::span<const ParameterInfo> table, std::span<const double> values,
                      const std::string& where, Problems& problems);

/// Adds a problem for every relation that does not hold. Relations with a parameter that has no value here,
/// or a value that is impossible by itself (reported already), are left out.
void check_relations(std::span<const Relation> relations, std::span<const ParameterInfo> table,
                     std::span<const double> values, const std::string& where, Problems& problems);

/// Adds a problem for every parameter that is given without the one it needs.
void check_needs(std::span<const Need> needs, std::span<const ParameterInfo> table,
                 std::span<const double> values, const std::string& where, Problems& problems);

/// "<" or "<="
[[nodiscard]] const char* relation_sign(const Relation& relation);

/// "> 0", "0.01 to 0.1", ">= 0", "any"
[[nodiscard]] std::string range_text(const Range& range);

}  // namespace ballast
