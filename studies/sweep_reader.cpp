/// Reading a sweep file from top to bottom.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "studies/figure_cells.hpp"
#include "studies/fingerprint.hpp"
#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;
namespace fs = std::filesystem;

constexpr int kDefaultLimit = 10000;

struct General {
  std::string combine;
  std::optional<bool> keep_events;  ///< base_events
  int limit = kDefaultLimit;
};

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class SweepReader {
 public:
  SweepReader(std::string_view text, const fs::path& path) {
    sweep_.path = path;
    sweep_.text = text;
  }

  Sweep read() {
    const TomlValue tree = parse_toml(sweep_.text, sweep_.path.string());
    Section root(tree, "the sweep file", problems_);
    read_general(root);
    read_changes(root);
    read_figures(root);
    read_metrics(root);
    std::vector<Section> verdicts = root.sections("verdict");
    read_stability(root);
    read_output(root);
    read_events(root);
    if (read_base()) {
      read_axes(root, sweep_, general_.limit);
    } else {
      (void)root.find("axis");
      (void)root.find("sampling");
    }
    read_verdicts(verdicts);  // the base case says which figures there are
    root.finish();
    problems_.throw_if_any();
    count();
    check_use();
    problems_.throw_if_any();
    check_first();
    sweep_.fingerprint = fingerprint();
    sweep_.warnings = problems_.warnings();
    for (const Problem& warning : sweep_.base_case.warnings) sweep_.warnings.push_back(warning);
    return std::move(sweep_);
  }

 private:
  Sweep sweep_;
  Problems problems_;
  General general_;
  struct Change {
    TreePath path;
    TomlValue value;
  };
  std::vector<Change> changes_;

  void read_general(Section& root) {
    auto s = root.section_if("sweep");
    if (!s) {
      root.missing("sweep", "what is swept", "add [sweep] with title = \"...\" and case = \"case.toml\"");
      return;
    }
    s->relabel("[sweep]");
    sweep_.title = s->text("title", "one line that says what is asked");
    const std::string base = s->text("case", "the base case, relative to this file");
    general_.combine = s->choice("combine", {"product", "zip"}, "");
    sweep_.zip = general_.combine == "zip";
    const std::size_t before = problems_.errors().size();
    const int limit = s->whole_if("limit", 1, 1e7).value_or(kDefaultLimit);
    if (problems_.errors().size() == before) general_.limit = limit;
    if (s->has("base_events"))
      general_.keep_events = s->choice("base_events", {"keep", "drop"}, "") == "keep";
    sweep_.step_cycles =
        s->number_if("step_cycles", {"cycles", within(0.02, 1)}).value_or(sweep_.step_cycles);
    sweep_.cpu_limit_s = s->number_if("cpu_limit_s", {"s", positive()}).value_or(sweep_.cpu_limit_s);
    sweep_.sync = s->flag_if("sync").value_or(sweep_.sync);
    s->finish();
    if (base.empty()) return;
    try {
      sweep_.base_file = open_case(sweep_.path.parent_path() / base);
    } catch (const Error& error) {
      for (const Problem& p : error.problems())
        s->problem("case", fmt::format("{}: {}", p.where, p.what), p.remedy);
    }
  }

  /// [set]: nested tables down to the values, or paths in quotes.
  void read_changes(Section& root) {
    const TomlValue* set = root.find("set");
    if (set == nullptr) return;
    if (set->kind != Kind::TABLE)
      return root.problem("set", fmt::format("'set' is {}, not a table", set->described()), "write [set]");
    collect_changes(*set, {});
  }
  void collect_changes(const TomlValue& table, const TreePath& above) {
    for (const TomlEntry& entry : table.entries) {
      TreePath path = parse_path(entry.key, entry.place, problems_);
      path.words.insert(path.words.begin(), above.words.begin(), above.words.end());
      if (!above.text.empty()) path.text = above.text + "." + path.text;
      if (entry.value.kind == Kind::TABLE)
        collect_changes(entry.value, path);
      else
        changes_.push_back({std::move(path), entry.value});
    }
  }

  void read_figures(Section& root) {
    auto s = root.section_if("figures");
    if (!s) return;
    s->relabel("[figures]");
    sweep_.figures_from_s = s->number_if("from_s", {"s", not_negative()}).value_or(0);
    sweep_.rocof_window_s =
        s->number_if("rocof_window_s", {"s", within(1e-3, 60)}).value_or(sweep_.rocof_window_s);
    sweep_.voltage_below_pu =
        s->numbers_if("voltage_below_pu", {"pu", within(0, 2)}).value_or(sweep_.voltage_below_pu);
    sweep_.frequency_below_Hz =
        s->numbers_if("frequency_below_Hz", {"Hz", positive()}).value_or(sweep_.frequency_below_Hz);
    s->finish();
  }

  void read_metrics(Section& root) {
    using Take = MetricSpec::Take;
    static const std::vector<std::pair<std::string, Take>> kTakes{{"min", Take::MIN},
                                                                  {"max", Take::MAX},
                                                                  {"end_min", Take::END_MIN},
                                                                  {"end_max", Take::END_MAX},
                                                                  {"integral", Take::INTEGRAL},
                                                                  {"time_below", Take::TIME_BELOW},
                                                                  {"time_above", Take::TIME_ABOVE}};
    std::vector<std::string> names;
    for (const auto& [name, take] : kTakes) names.push_back(name);
    for (Section& s : root.sections("metric")) {
      MetricSpec metric;
      metric.place = s.place();
      metric.name = s.text("name", "of the column");
      if (!metric.name.empty()) s.relabel(fmt::format("[[metric]] '{}'", metric.name));
      if (s.has("name")) check_column_name(s, metric.name);
      metric.of = s.text("of", "a recorded quantity, such as \"bus.9.voltage\"");
      const std::string take = s.choice("take", names, "what to take of it");
      for (const auto& [name, value] : kTakes)
        if (name == take) metric.take = value;
      const bool timed = metric.take == Take::TIME_BELOW || metric.take == Take::TIME_ABOVE;
      if (timed) metric.threshold = s.number("threshold", {}, "in the quantity's unit");
      metric.from_s = s.number_if("from_s", {"s", not_negative()}).value_or(0);
      s.finish();
      for (const MetricSpec& other : sweep_.metrics)
        if (other.name == metric.name)
          s.problem("name", fmt::format("two metrics are called '{}'", metric.name),
                    "give each its own name");
      sweep_.metrics.push_back(std::move(metric));
    }
  }

  void read_verdicts(std::vector<Section>& sections) {
    for (Section& s : sections) {
      Verdict v;
      v.name = s.text("name", "of the column");
      if (!v.name.empty()) s.relabel(fmt::format("[[verdict]] '{}'", v.name));
      if (s.has("name")) check_column_name(s, v.name);
      v.of = s.text("of", "a figure or metric, such as \"frequency_min_Hz\"");
      v.at_least = s.number_if("at_least", {});
      v.at_most = s.number_if("at_most", {});
      if (!v.at_least && !v.at_most && !s.has("at_least") && !s.has("at_most"))
        s.problem("", fmt::format("{} has no limit", s.label()), "give at_least, at_most or both");
      s.finish();
      const std::vector<std::string> columns = judgeable_columns(sweep_);
      if (!v.of.empty() && !sweep_.base_case.network.buses.empty() &&
          std::find(columns.begin(), columns.end(), v.of) == columns.end()) {
        const std::string hint = nearest(v.of, columns);
        s.problem("of", fmt::format("'{}' in {} is no column of numbers", v.of, s.label()),
                  hint.empty() ? "name a figure, such as \"frequency_min_Hz\", or a [[metric]]"
                               : fmt::format("did you mean '{}'?", hint));
      }
      const auto taken = [&](const auto& other) { return other.name == v.name; };
      if (std::any_of(sweep_.verdicts.begin(), sweep_.verdicts.end(), taken) ||
          std::any_of(sweep_.metrics.begin(), sweep_.metrics.end(), taken))
        s.problem("name", fmt::format("two columns are called '{}'", v.name), "give each its own name");
      sweep_.verdicts.push_back(std::move(v));
    }
  }

  void read_stability(Section& root) {
    auto s = root.section_if("stability");
    if (!s) return;
    s->relabel("[stability]");
    StabilityCriteria& c = sweep_.stability;
    c.angle_deg = s->number_if("angle_deg", {"deg", within(10, 100000)}).value_or(c.angle_deg);
    c.stop_at_loss = s->choice("at_loss", {"continue", "stop"}, "") == "stop";
    c.collapse_voltage_pu =
        s->number_if("collapse_voltage_pu", {"pu", within(0, 1)}).value_or(c.collapse_voltage_pu);
    c.collapse_for_s = s->number_if("collapse_for_s", {"s", positive()}).value_or(c.collapse_for_s);
    c.settled_window_s = s->number_if("settled_window_s", {"s", positive()}).value_or(c.settled_window_s);
    c.settled_frequency_Hz =
        s->number_if("settled_frequency_Hz", {"Hz", positive()}).value_or(c.settled_frequency_Hz);
    c.settled_voltage_pu =
        s->number_if("settled_voltage_pu", {"pu", positive()}).value_or(c.settled_voltage_pu);
    s->finish();
  }

  void read_output(Section& root) {
    auto s = root.section_if("output");
    if (!s) return;
    s->relabel("[output]");
    sweep_.record_step_s = s->number_if("step_s", {"s", within(1e-6, 3600)});
    const TomlValue* keep = s->find("keep");
    if (keep != nullptr && keep->kind == Kind::LIST) {
      sweep_.keep.which = KeepRecords::Which::LISTED;
      for (const double number :
           s->numbers_if("keep", {"", not_negative()}).value_or(std::vector<double>{})) {
        if (number > 1e9 || number != static_cast<int>(number))
          s->problem("keep", fmt::format("{:g} is no number of a scenario", number),
                     "scenarios count from 0");
        else
          sweep_.keep.listed.push_back(static_cast<int>(number));
      }
    } else if (keep != nullptr) {
      using Which = KeepRecords::Which;
      const std::string which = s->choice("keep", {"none", "failed", "unstable", "all"}, "");
      sweep_.keep.which = which == "all"        ? Which::ALL
                          : which == "failed"   ? Which::FAILED
                          : which == "unstable" ? Which::UNSTABLE
                                                : Which::NONE;
    }
    s->finish();
  }

  /// Templates as they stand: the case reader judges them once they are filled.
  void read_events(Section& root) {
    if (root.sections("event").empty()) return;
    for (const TomlValue& event : root.find("event")->items)
      if (event.kind == Kind::TABLE) sweep_.events.push_back(event);
  }

  /// False when there is no base case to go on with.
  bool read_base() {
    if (sweep_.base_file.path.empty()) return false;
    try {
      sweep_.base = parse_toml(sweep_.base_file.text, sweep_.base_file.path.string());
      choose_events();
      Problems wrong;
      for (const Change& change : changes_) set_at(sweep_.base, change.path, change.value, wrong);
      wrong.throw_if_any();
      sweep_.base_case = read_case_tree(sweep_.base, sweep_.base_file.text, sweep_.base_file.path);
    } catch (const Error& error) {
      for (const Problem& p : error.problems()) problems_.add(p.where, p.what, p.remedy);
      return false;
    }
    return true;
  }
  void choose_events() {
    const TomlValue* own = sweep_.base.find("event");
    if (own == nullptr || own->items.empty()) return;
    if (!general_.keep_events && !sweep_.events.empty())
      problems_.add(sweep_.events.front().place.text(),
                    fmt::format("the base case has {} events of its own", own->items.size()),
                    "say in [sweep] whether they stay: base_events = \"drop\" or \"keep\"");
    if (!general_.keep_events.value_or(true))
      std::erase_if(sweep_.base.entries, [](const TomlEntry& e) { return e.key == "event"; });
  }

  void count() {
    double number = 1;
    if (sweep_.zip) {
      std::string counts;
      bool equal = true;
      for (const Axis& axis : sweep_.axes) {
        counts += fmt::format("{}'{}' {}", counts.empty() ? "" : ", ", axis.name, axis.values.size());
        equal = equal && axis.values.size() == sweep_.axes.front().values.size();
      }
      if (!equal)
        problems_.add(sweep_.axes.front().place.text(),
                      fmt::format("zipped axes have different lengths: {}", counts),
                      "give them as many values each, or combine = \"product\"");
      if (!sweep_.axes.empty()) number = static_cast<double>(sweep_.axes.front().values.size());
      if (number > general_.limit)
        problems_.add(sweep_.axes.front().place.text(),
                      fmt::format("{:.0f} scenarios are more than the limit of {}", number, general_.limit),
                      "raise limit in [sweep], or select less");
    } else {
      for (std::size_t a = 0; a < sweep_.axes.size(); ++a)
        number *= static_cast<double>(factor_of(sweep_.axes, a));
    }
    problems_.throw_if_any();
    sweep_.scenarios = static_cast<int>(number);
    for (const int listed : sweep_.keep.listed)
      if (listed >= sweep_.scenarios)
        problems_.add(
            fmt::format("{}:1:1", sweep_.path.string()),
            fmt::format("[output] keep names scenario {}, but there are only {}", listed, sweep_.scenarios),
            "scenarios count from 0");
  }

  /// Every axis changes something, every "{name}" is an axis.
  void check_use() {
    const std::vector<int> first(sweep_.axes.size(), 0);
    std::vector<std::string> used;
    for (TomlValue event : sweep_.events) fill_template(event, sweep_.axes, first, used, problems_);
    if (problems_.any()) return;
    for (const Axis& axis : sweep_.axes)
      if (!axis.path && std::find(used.begin(), used.end(), axis.name) == used.end())
        problems_.add(axis.place.text(), fmt::format("axis '{}' changes nothing", axis.name),
                      fmt::format("give it a path, or use \"{{{}}}\" in an [[event]]", axis.name));
  }

  /// The first scenario stands for all: a wrong path or event is found before anything runs.
  void check_first() {
    const Case first = read_case_tree(scenario_tree(sweep_, 0), sweep_.base_file.text, sweep_.base_file.path);
    for (const Problem& warning : first.warnings) {
      const auto same = [&](const Problem& p) { return p.text() == warning.text(); };
      if (std::none_of(sweep_.base_case.warnings.begin(), sweep_.base_case.warnings.end(), same))
        problems_.warn(warning.where, warning.what, warning.remedy);
    }
  }

  [[nodiscard]] std::string fingerprint() const {
    Fingerprint sum;
    sum.add(BALLAST_VERSION);
    sum.add(program_sum());
    sum.add(sweep_.text);
    sum.add(sweep_.base_file.text);
    const fs::path folder = sweep_.base_file.path.parent_path();
    const auto add_file = [&](const TomlValue& value) {
      std::error_code missing;
      if (value.kind == Kind::TEXT && !value.text.empty() &&
          fs::is_regular_file(folder / value.text, missing))
        sum.add(contents(folder / value.text));
    };
    if (const TomlValue* network = sweep_.base.find("network"))
      for (const TomlEntry& entry : network->entries) add_file(entry.value);
    for (const Axis& axis : sweep_.axes)
      for (const AxisValue& value : axis.values) {
        sum.add(value.text);
        add_file(value.value);
      }
    return sum.text();
  }
};

}  // namespace

Sweep read_sweep_text(std::string_view text, const fs::path& path) { return SweepReader(text, path).read(); }

Sweep read_sweep(const fs::path& path) {
  std::error_code status;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || fs::is_directory(path, status))
    throw Error(path.string(), "the sweep file cannot be opened", "check the path and the permissions");
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  return read_sweep_text(text, path);
}

}  // namespace ballast
