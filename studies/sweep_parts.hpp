/// \file
/// What the files that read a sweep share. Private to studies/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cases/reader/section.hpp"
#include "studies/sample_points.hpp"
#include "studies/sweep.hpp"

namespace ballast {

/// [[axis]] and [sampling]; sweep.base_case must have been read, for "every bus". `limit`: of scenarios; more
/// are a problem.
void read_axes(Section& root, Sweep& sweep, int limit);

/// [sampling], if there is one; `samples` is 0 when what it says is wrong.
[[nodiscard]] std::optional<Sampling> read_sampling(Section& root, int limit);

/// Values of an axis over elements: every bus, line, line-end, transformer, machine, load or datacenter in
/// service that the table `where` selects.
[[nodiscard]] std::vector<AxisValue> read_elements(Section& axis, const std::string& every, const Case& base);

/// How many times an axis multiplies the scenarios of a product: the number of its values, but 1 for an axis
/// that is sampled together with one before it.
[[nodiscard]] std::size_t factor_of(const std::vector<Axis>& axes, std::size_t axis);

/// Values of an axis over outages: each is the table of a trip, with a note on what it leaves without
/// voltage. More than `limit` are a problem.
[[nodiscard]] std::vector<AxisValue> read_outages(Section& axis, const Case& base, int limit);

/// May this name a column that a sweep file adds? Else a problem of the key "name".
void check_column_name(Section& section, const std::string& name);

/// What there is in a file, a number, or a text, as a value of an axis.
[[nodiscard]] AxisValue axis_value(const TomlValue& value);
[[nodiscard]] AxisValue axis_value(double number, bool whole, const Place& place);
[[nodiscard]] AxisValue axis_value(const std::string& text, const Place& place);

/// Puts axis values in the place of "{axis}" and "{axis.part}" in every text below `node`. An unknown name is
/// a problem at its place; names found are added to `used`.
void fill_template(TomlValue& node, const std::vector<Axis>& axes, const std::vector<int>& choice,
                   std::vector<std::string>& used, Problems& problems);

}  // namespace ballast
