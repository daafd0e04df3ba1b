#include "models/check_parameters.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ballast {

std::string range_text(const Range& range) {
  const bool low = std::isfinite(range.low);
  const bool high = std::isfinite(range.high);
  if (low && high) return fmt::format("{:g} to {:g}", range.low, range.high);
  if (low) return fmt::format("{} {:g}", range.open ? ">" : ">=", range.low);
  if (high) return fmt::format("<= {:g}", range.high);
  return "any";
}

void check_parameters(std::span<const ParameterInfo> table, std::span<const double> values,
                      const std::string& where, Problems& problems) {
  for (std::size_t i = 0; i < table.size() && i < values.size(); ++i) {
    const ParameterInfo& p = table[i];
    const std::string unit =
        std::string_view(p.unit) == "1" || *p.unit == '\0' ? "" : fmt::format(" {}", p.unit);
    if (std::isnan(values[i]) || !p.possible.contains(values[i]))
      problems.add(where, fmt::format("{} = {:g}{} is not possible ({})", p.name, values[i], unit, p.meaning),
                   fmt::format("give {} {}{}", p.name, range_text(p.possible), unit));
    else if (!p.usual.contains(values[i]))
      problems.warn(where, fmt::format("{} = {:g}{} is unusual ({})", p.name, values[i], unit, p.meaning),
                    fmt::format("usual: {}{}", range_text(p.usual), unit));
  }
}

const char* relation_sign(const Relation& relation) { return relation.order == Relation::BELOW ? "<" : "<="; }

void check_relations(std::span<const Relation> relations, std::span<const ParameterInfo> table,
                     std::span<const double> values, const std::string& where, Problems& problems) {
  const auto possible = [&](int i) {
    return static_cast<std::size_t>(i) < values.size() && table[i].possible.contains(values[i]);
  };
  for (const Relation& r : relations) {
    if (!possible(r.lower) || !possible(r.upper)) continue;
    const double low = values[r.lower];
    const double high = values[r.upper];
    if (r.order == Relation::BELOW ? low < high : low <= high) continue;
    const std::string rule =
        fmt::format("{} {} {}", table[r.lower].name, relation_sign(r), table[r.upper].name);
    problems.add(where,
                 fmt::format("{} = {:g} with {} = {:g} is not possible: {}", table[r.lower].name, low,
                             table[r.upper].name, high, r.meaning),
                 fmt::format("give {}", rule));
  }
}

void check_needs(std::span<const Need> needs, std::span<const ParameterInfo> table,
                 std::span<const double> values, const std::string& where, Problems& problems) {
  for (const Need& n : needs)
    if (values[n.parameter] != 0 && values[n.other] == 0)
      problems.add(where,
                   fmt::format("{} = {:g} with {} = 0 is not possible: {}", table[n.parameter].name,
                               values[n.parameter], table[n.other].name, n.meaning),
                   fmt::format("give {} > 0, or {} = 0", table[n.other].name, table[n.parameter].name));
}

}  // namespace ballast
