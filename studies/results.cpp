#include "studies/results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace ballast {
namespace {

constexpr std::size_t kWorst = 10;

TableColumn number_column(std::string name, std::string unit, std::string meaning) {
  return {std::move(name), std::move(unit), std::move(meaning), false, {}, {}};
}
TableColumn text_column(std::string name, std::string meaning) {
  return {std::move(name), "", std::move(meaning), true, {}, {}};
}

/// A figure of a result by its column's name; NaN when it is absent.
double figure(const SweepRun& run, const ScenarioResult& result, const char* name) {
  for (std::size_t c = 0; c < run.columns.size(); ++c)
    if (run.columns[c].name == name)
      if (const auto* value = std::get_if<double>(&result.cells[c])) return *value;
  return kUnknown;
}
std::string figure_text(const SweepRun& run, const ScenarioResult& result, const char* name) {
  for (std::size_t c = 0; c < run.columns.size(); ++c)
    if (run.columns[c].name == name)
      if (const auto* text = std::get_if<std::string>(&result.cells[c])) return *text;
  return "";
}

/// The worse, the larger: first the ending, then how far the rotors went.
bool worse(const SweepRun& run, const ScenarioResult& a, const ScenarioResult& b) {
  if (a.ending != b.ending) return a.ending > b.ending;
  const auto departure = [&](const ScenarioResult& r) {
    const double d = figure(run, r, "angle_departure_deg");
    return std::isnan(d) ? 0 : d;
  };
  if (departure(a) != departure(b)) return departure(a) > departure(b);
  return a.scenario < b.scenario;
}

/// What the values of a scenario have beside them.
std::string notes(const Sweep& sweep, int scenario) {
  const std::vector<int> choice = choice_of(sweep, scenario);
  std::string text;
  for (std::size_t a = 0; a < choice.size(); ++a)
    if (const std::string& note = sweep.axes[a].values[static_cast<std::size_t>(choice[a])].note;
        !note.empty())
      text += fmt::format(" ({})", note);
  return text;
}

}  // namespace

Table result_table(const Sweep& sweep, const SweepRun& run) {
  Table table{sweep.title, {}};
  TableColumn scenario = number_column("scenario", "", "number, from 0");
  std::vector<TableColumn> axes;
  for (const Axis& axis : sweep.axes) {
    const std::string meaning = axis.path ? axis.path->text : "axis used in events";
    axes.push_back(axis.numeric ? number_column(axis.name, axis.unit, meaning)
                                : text_column(axis.name, meaning));
  }
  TableColumn outcome = text_column("outcome", "how the scenario ended");
  TableColumn message = text_column("message", "why it failed");
  std::vector<TableColumn> figures;
  for (const FigureColumn& c : run.columns)
    figures.push_back(c.is_text ? text_column(c.name, c.meaning) : number_column(c.name, c.unit, c.meaning));
  for (const ScenarioResult& r : run.results) {
    scenario.numbers.push_back(r.scenario);
    const std::vector<int> choice = choice_of(sweep, r.scenario);
    for (std::size_t a = 0; a < axes.size(); ++a) {
      const AxisValue& value = sweep.axes[a].values[static_cast<std::size_t>(choice[a])];
      if (axes[a].is_text)
        axes[a].texts.push_back(value.text);
      else
        axes[a].numbers.push_back(value.value.number);
    }
    outcome.texts.emplace_back(ending_name(r.ending));
    message.texts.push_back(r.message);
    for (std::size_t c = 0; c < figures.size(); ++c) {
      if (figures[c].is_text)
        figures[c].texts.push_back(std::get<std::string>(r.cells[c]));
      else
        figures[c].numbers.push_back(std::get<double>(r.cells[c]));
    }
  }
  table.columns.push_back(std::move(scenario));
  for (TableColumn& c : axes) table.columns.push_back(std::move(c));
  table.columns.push_back(std::move(outcome));
  table.columns.push_back(std::move(message));
  for (TableColumn& c : figures) table.columns.push_back(std::move(c));
  return table;
}

Table timing_table(const SweepRun& run) {
  Table table{"timing", {}};
  table.columns = {number_column("scenario", "", "number, from 0"),
                   number_column("cpu_s", "s", "processor time"), number_column("wall_s", "s", "wall time"),
                   number_column("attempts", "", "1, or 2 when its process died once"),
                   text_column("engine", "what ran it: ida, cpu")};
  for (const ScenarioResult& r : run.results) {
    table.columns[0].numbers.push_back(r.scenario);
    table.columns[1].numbers.push_back(r.cpu_s);
    table.columns[2].numbers.push_back(r.wall_s);
    table.columns[3].numbers.push_back(r.attempts);
    table.columns[4].texts.push_back(r.engine);
  }
  return table;
}

std::string progress_text(const SweepProgress& p) {
  std::string text = fmt::format("{} of {} scenarios", p.done, p.total);
  if (const double rate = p.per_second(); rate > 0) {
    text += rate >= 10 ? fmt::format(", {:.0f}/s", rate) : fmt::format(", {:.2g}/s", rate);
    const double left_s = (p.total - p.done) / rate;
    text += left_s < 120    ? fmt::format(", {:.0f} s left", left_s)
            : left_s < 7200 ? fmt::format(", {:.0f} min left", left_s / 60)
                            : fmt::format(", {:.1f} h left", left_s / 3600);
  }
  if (p.failures > 0) text += fmt::format(", {} failed", p.failures);
  return text;
}

std::string what_happened(const SweepRun& run, const ScenarioResult& r) {
  switch (r.ending) {
    case Ending::LOSS_OF_SYNCHRONISM:
      return fmt::format("machine {} at {:.3f} s", figure_text(run, r, "loss_of_synchronism_machine"),
                         figure(run, r, "loss_of_synchronism_s"));
    case Ending::VOLTAGE_COLLAPSE:
      return fmt::format("bus {} at {:.3f} s", figure_text(run, r, "collapse_bus"),
                         figure(run, r, "collapse_s"));
    case Ending::COMPLETED:
    case Ending::ISLANDED:
      return fmt::format("rotors {:.0f} deg from their centre, {:.0f} MW of load lost",
                         figure(run, r, "angle_departure_deg"), figure(run, r, "load_lost_MW"));
    default:
      return r.message;
  }
}

std::vector<std::size_t> worst_first(const SweepRun& run) {
  std::vector<std::size_t> order(run.results.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return worse(run, run.results[a], run.results[b]); });
  return order;
}

std::string summary_text(const Sweep& sweep, const SweepRun& run) {
  std::string text = fmt::format("{} of {} scenarios\n", run.results.size(), sweep.scenarios);
  double cpu_s = 0;
  std::vector<int> counts(kEndings, 0);
  for (const ScenarioResult& r : run.results) {
    ++counts[static_cast<std::size_t>(r.ending)];
    cpu_s += r.cpu_s;
  }
  for (int e = 0; e < kEndings; ++e)
    if (counts[static_cast<std::size_t>(e)] > 0)
      text += fmt::format("  {:>6} {}\n", counts[static_cast<std::size_t>(e)],
                          ending_name(static_cast<Ending>(e)));
  for (const Verdict& v : sweep.verdicts) {
    const auto passed = std::count_if(run.results.begin(), run.results.end(), [&](const ScenarioResult& r) {
      return figure(run, r, v.name.c_str()) == 1;
    });
    text += fmt::format("  {:>6} pass {}\n", passed, v.name);
  }
  const std::vector<std::size_t> order = worst_first(run);
  if (!order.empty()) text += "worst:\n";
  for (std::size_t k = 0; k < std::min(kWorst, order.size()); ++k) {
    const ScenarioResult& r = run.results[order[k]];
    text += fmt::format("  {:>6} {:<28} {}: {}\n", r.scenario, scenario_text(sweep, r.scenario),
                        ending_name(r.ending), what_happened(run, r));
  }
  text += fmt::format("{:.1f} s of wall time", run.wall_s);
  if (run.this_session > 0) text += fmt::format(", {:.2f} scenarios/s", run.this_session / run.wall_s);
  text += fmt::format(", {:.1f} s of processor time in all scenarios", cpu_s);
  if (run.resumed > 0) text += fmt::format("; {} scenarios were found done", run.resumed);
  if (run.damaged_lines > 0)
    text += fmt::format("; {} journal lines were cut off or damaged", run.damaged_lines);
  return text + "\n";
}

std::string list_text(const Sweep& sweep, int most) {
  std::string text;
  for (int k = 0; k < std::min(most, sweep.scenarios); ++k)
    text += fmt::format("{:>6} {}{}\n", k, scenario_text(sweep, k), notes(sweep, k));
  if (sweep.scenarios > most) text += fmt::format("   ... and {} more\n", sweep.scenarios - most);
  std::set<std::string> cases;
  for (int k = 0; k < sweep.scenarios; ++k) cases.insert(case_key(sweep, k));
  return text + fmt::format("{} scenarios over {} {} at rest\n", sweep.scenarios, cases.size(),
                            cases.size() == 1 ? "case" : "cases");
}

}  // namespace ballast
