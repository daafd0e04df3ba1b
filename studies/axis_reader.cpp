/// [[axis]]: what a sweep varies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "studies/figure_cells.hpp"
#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

constexpr double kMostValues = 1e6;
const std::vector<std::string> kElementKinds{"bus",     "line", "line-end",  "transformer",
                                             "machine", "load", "datacenter"};

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

class AxisReader {
 public:
  AxisReader(Section& section, const Case& base, int limit) : section_(section), base_(base), limit_(limit) {}

  Axis read() {
    axis_.place = section_.place();
    axis_.name = section_.text("name", "of the column in the results, and of {name} in events");
    if (!axis_.name.empty()) section_.relabel(fmt::format("[[axis]] '{}'", axis_.name));
    if (section_.has("name")) check_column_name(section_, axis_.name);
    axis_.unit = section_.text_if("unit").value_or("");
    if (const auto path = section_.text_if("path"))
      axis_.path = parse_path(*path, section_.place("path"), section_.problems());
    int given = 0;
    for (const char* key : {"values", "range", "seeds", "every"}) {
      if (section_.find(key) != nullptr) ++given;
    }
    if (given != 1)
      section_.problem(
          "", fmt::format("{} says {} it runs over", section_.label(), given == 0 ? "nothing" : "twice what"),
          "give one of values = [...], range = {...}, seeds = {...}, every = \"bus\"");
    if (section_.find("where") != nullptr && !section_.has("every"))
      section_.problem(
          "where",
          fmt::format("'where' in {} selects elements, but the axis runs over none", section_.label()),
          "add every = \"bus\", or remove it");
    if (given == 1) {
      read_values();
      read_range();
      read_seeds();
      read_every();
    }
    section_.finish();
    axis_.numeric =
        !axis_.values.empty() && std::all_of(axis_.values.begin(), axis_.values.end(),
                                             [](const AxisValue& v) { return v.value.kind == Kind::NUMBER; });
    return std::move(axis_);
  }

 private:
  Section& section_;
  const Case& base_;
  int limit_;  ///< no axis can have more values than a sweep may have scenarios
  Axis axis_;

  void add(double number, bool whole, const Place& place) {
    axis_.values.push_back(axis_value(number, whole, place));
  }

  void read_values() {
    const TomlValue* list = section_.find("values");
    if (list == nullptr) return;
    if (list->kind != Kind::LIST || list->items.empty())
      return section_.problem("values",
                              fmt::format("'values' in {} is {}", section_.label(),
                                          list->kind == Kind::LIST ? "empty" : list->described()),
                              "give a list, such as [100, 200, 300]");
    for (const TomlValue& item : list->items) {
      if (item.kind != Kind::NUMBER && item.kind != Kind::TEXT && item.kind != Kind::FLAG) {
        section_.problems().add(item.place.text(),
                                fmt::format("a value of {} is {}", section_.label(), item.described()),
                                "values are numbers, texts, true or false");
        continue;
      }
      AxisValue value;
      value.value = item;
      value.text = item.kind == Kind::TEXT   ? item.text
                   : item.kind == Kind::FLAG ? (item.flag ? "true" : "false")
                                             : fmt::format("{}", item.number);
      axis_.values.push_back(std::move(value));
    }
  }

  /// Numbers from `from` by `step`, or `count` of them up to `to`.
  void read_range() {
    auto range = section_.section_if("range");
    if (!range) return;
    range->relabel(fmt::format("range of {}", section_.label()));
    const double from = range->number("from", {}, "first value");
    const double to = range->number("to", {}, "last value");
    const auto step = range->number_if("step", {});
    const auto count = range->whole_if("count", 2, kMostValues);
    if (step.has_value() == count.has_value())
      range->problem("", fmt::format("{} needs one of step and count", range->label()), "add count = 5");
    else if (step && !(*step != 0 && (to - from) / *step >= 0))
      range->problem("step", fmt::format("a step of {:g} does not lead from {:g} to {:g}", *step, from, to),
                     "give it the sign of to - from");
    else if (step && (to - from) / *step >= kMostValues)
      range->problem("step", fmt::format("{:g} values are too many", (to - from) / *step),
                     "give a larger step");
    else
      fill_range(*range, from, to, step, count);
    range->finish();
  }
  void fill_range(Section& range, double from, double to, std::optional<double> step,
                  std::optional<int> count) {
    const auto is_whole = [&](const char* key) { return range.has(key) && range.find(key)->whole; };
    const bool whole = is_whole("from") && is_whole("step");
    const int n = count ? *count : static_cast<int>(std::floor((to - from) / *step + 1e-9)) + 1;
    if (!within_limit(range, count ? "count" : "step", n)) return;
    for (int k = 0; k < n; ++k)
      add(step ? from + k * *step : from + (to - from) * k / (n - 1), whole, range.place());
  }

  /// A few words of a file must not fill the memory.
  bool within_limit(Section& where, const char* key, int n) const {
    if (n > limit_)
      where.problem(
          key, fmt::format("{} has {} values, more than the limit of {} scenarios", where.label(), n, limit_),
          "raise limit in [sweep], or take fewer");
    return n <= limit_;
  }

  void read_seeds() {
    auto seeds = section_.section_if("seeds");
    if (!seeds) return;
    seeds->relabel(fmt::format("seeds of {}", section_.label()));
    const int first = seeds->whole_if("first", 0, 1e9).value_or(1);
    const int count = seeds->whole("count", 1, kMostValues, "how many");
    seeds->finish();
    if (!within_limit(*seeds, "count", count)) return;
    for (int k = 0; k < count; ++k) add(first + k, true, section_.place("seeds"));
  }

  void read_every() {
    if (!section_.has("every")) return;
    const std::size_t before = section_.problems().errors().size();
    const std::string every = section_.choice("every", kElementKinds, "");
    if (section_.problems().errors().size() > before)
      (void)section_.find("where");
    else
      axis_.values = read_elements(section_, every, base_);
  }
};

}  // namespace

void check_column_name(Section& section, const std::string& name) {
  if (!is_name(name))
    section.problem("name", fmt::format("'{}' is no name of a column", name), "use letters, digits, _ and -");
  else if (is_standard_column(name))
    section.problem("name", fmt::format("'{}' is a column that every table of results has", name),
                    "choose another name");
}

void read_axes(Section& root, Sweep& sweep, int limit) {
  std::set<std::string> names;
  double product = 1;
  for (Section& section : root.sections("axis")) {
    Axis axis = AxisReader(section, sweep.base_case, limit).read();
    if (!names.insert(axis.name).second && !axis.name.empty())
      section.problem("name", fmt::format("two axes are called '{}'", axis.name), "give each its own name");
    product *= std::max(1.0, static_cast<double>(axis.values.size()));
    sweep.axes.push_back(std::move(axis));
    if (!sweep.zip && product > limit)
      return section.problem("",
                             fmt::format("the axes down to this one make {:.0f} scenarios, more than the "
                                         "limit of {}",
                                         product, limit),
                             "raise limit in [sweep], or select less");
  }
}

}  // namespace ballast
