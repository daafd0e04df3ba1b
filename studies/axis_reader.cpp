/// [[axis]]: what a sweep varies.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cases/reader/distribution.hpp"
#include "studies/figure_cells.hpp"
#include "studies/sample_points.hpp"
#include "studies/sobol.hpp"
#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

constexpr double kMostValues = 1e6;
constexpr double kMostSeed = 1e9;
const std::vector<std::string> kElementKinds{"bus",     "line", "line-end",  "transformer",
                                             "machine", "load", "datacenter"};

bool is_name(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

class AxisReader {
 public:
  /// `dimension`: how many axes before this one are sampled.
  AxisReader(Section& section, const Case& base, int limit, const std::optional<Sampling>& sampling,
             int dimension, bool has_dynamics_file)
      : section_(section),
        base_(base),
        limit_(limit),
        sampling_(sampling),
        dimension_(dimension),
        has_dynamics_file_(has_dynamics_file) {}

  Axis read() {
    axis_.place = section_.place();
    axis_.name = section_.text("name", "of the column in the results, and of {name} in events");
    if (!axis_.name.empty()) section_.relabel(fmt::format("[[axis]] '{}'", axis_.name));
    if (section_.has("name")) check_column_name(section_, axis_.name);
    axis_.unit = section_.text_if("unit").value_or("");
    if (const auto path = section_.text_if("path")) {
      axis_.path = parse_path(*path, section_.place("path"), section_.problems());
      check_record();
    }
    int given = 0;
    for (const char* key : {"values", "range", "seeds", "every", "outages", "distribution"}) {
      if (section_.find(key) != nullptr) ++given;
    }
    if (given != 1)
      section_.problem(
          "", fmt::format("{} says {} it runs over", section_.label(), given == 0 ? "nothing" : "twice what"),
          "give one of values = [...], range = {...}, seeds = {...}, distribution = {...}, every = \"bus\", "
          "outages = {...}");
    if (section_.find("where") != nullptr && !section_.has("every") && !section_.has("outages"))
      section_.problem(
          "where",
          fmt::format("'where' in {} selects elements, but the axis runs over none", section_.label()),
          "add every = \"bus\", or remove it");
    if (given == 1) {
      read_values();
      read_range();
      read_seeds();
      read_every();
      read_distributed();
      if (section_.find("outages") != nullptr) axis_.values = read_outages(section_, base_, limit_);
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
  const std::optional<Sampling>& sampling_;
  int dimension_;
  bool has_dynamics_file_;
  Axis axis_;

  /// "dyr.30-1.GENROU.H": is there such a record? The parameter is the case reader's to judge.
  void check_record() {
    const std::vector<std::string>& words = axis_.path->words;
    if (words.front() != "dyr" || words.size() != 4) return;
    if (!has_dynamics_file_) {
      section_.problem("path", fmt::format("path '{}': the case has no dynamics file", axis_.path->text),
                       "its own tables have paths, such as generator.1-1.machine.H");
      return axis_.path.reset();
    }
    std::vector<std::string> units;
    std::vector<std::string> models;
    for (const RecordUse& use : base_.record_uses) {
      if (use.generator < 0) continue;
      const Generator& g = base_.network.generators[use.generator];
      const std::string bus = std::to_string(base_.network.buses[g.bus].number);
      const std::string unit = bus + "-" + g.id.substr(0, g.id.find_last_not_of(' ') + 1);
      units.push_back(unit);
      if (words[1] == "*" || words[1] == unit || words[1] == bus) models.push_back(use.model);
    }
    if (std::find(models.begin(), models.end(), words[2]) != models.end()) return;
    const bool unit_known = !models.empty();
    const std::string hint = unit_known ? nearest(words[2], models) : nearest(words[1], units);
    std::sort(models.begin(), models.end());
    models.erase(std::unique(models.begin(), models.end()), models.end());
    section_.problem(
        "path",
        unit_known
            ? fmt::format("path '{}': there is no {} record of '{}'", axis_.path->text, words[2], words[1])
            : fmt::format("path '{}': no record of the dynamics file is of '{}'", axis_.path->text, words[1]),
        !hint.empty()   ? fmt::format("did you mean '{}'?", hint)
        : unit_known    ? fmt::format("there are {}", fmt::join(models, ", "))
        : units.empty() ? "the case has no dynamics file"
                        : fmt::format("units are named by bus and id, such as '{}'", units.front()));
    axis_.path.reset();  // said once
  }

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
      axis_.values.push_back(axis_value(item));
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

  /// Draws of its own, or the share of this axis in [sampling].
  void read_distributed() {
    auto table = section_.section_if("distribution");
    if (!table) return;
    table->relabel(fmt::format("distribution of {}", section_.label()));
    const std::size_t before = section_.problems().errors().size();
    const Distribution distribution = read_distribution(*table);
    const auto samples = table->whole_if("samples", 1, kMostValues);
    const auto seed = table->whole_if("seed", 0, kMostSeed);
    if (!samples && !sampling_)
      table->problem("", fmt::format("{} does not say how many values to draw", table->label()),
                     "add samples = 100 to it, or [sampling] for all axes with a distribution together");
    if (!samples && seed)
      table->problem("seed", fmt::format("{} has a seed but no samples of its own", table->label()),
                     "give samples too, or the seed in [sampling]");
    table->finish();
    if (samples && !within_limit(*table, "samples", *samples)) return;
    axis_.sampled = !samples && sampling_.has_value();
    if (axis_.sampled && sampling_->method == Sampling::Method::SOBOL && dimension_ >= kSobolDimensions)
      return table->problem("",
                            fmt::format("{} is axis {} of a Sobol' sequence, which has {} dimensions",
                                        section_.label(), dimension_ + 1, kSobolDimensions),
                            "sample fewer axes, or take method = \"latin-hypercube\"");
    if (section_.problems().errors().size() > before) return;
    const Sampling how = samples ? Sampling{.samples = *samples, .seed = seed.value_or(1)} : *sampling_;
    const bool choice = distribution.kind == Distribution::Kind::CHOICE;
    for (const double u : sample_points(how, axis_.name, dimension_)) {
      if (choice)
        axis_.values.push_back(axis_value(distribution.values[chosen(distribution, u)]));
      else
        add(quantile(distribution, u), distribution.whole, table->place());
    }
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
  const std::optional<Sampling> sampling = read_sampling(root, limit);
  int sampled = 0;
  const TomlValue* network = sweep.base.find("network");
  const bool has_dynamics_file = network != nullptr && network->find("dyr") != nullptr;
  for (Section& section : root.sections("axis")) {
    Axis axis = AxisReader(section, sweep.base_case, limit, sampling, sampled, has_dynamics_file).read();
    if (!names.insert(axis.name).second && !axis.name.empty())
      section.problem("name", fmt::format("two axes are called '{}'", axis.name), "give each its own name");
    if (axis.sampled) ++sampled;
    sweep.axes.push_back(std::move(axis));
    product *= std::max(1.0, static_cast<double>(factor_of(sweep.axes, sweep.axes.size() - 1)));
    if (!sweep.zip && product > limit)
      return section.problem("",
                             fmt::format("the axes down to this one make {:.0f} scenarios, more than the "
                                         "limit of {}",
                                         product, limit),
                             "raise limit in [sweep], or select less");
  }
  if (sampling && sampled == 0)
    root.problem(
        "sampling", "[sampling] draws nothing: no axis has a distribution without samples of its own",
        "give an axis distribution = { kind = \"uniform\", low = 0, high = 1 }, or remove [sampling]");
}

}  // namespace ballast
