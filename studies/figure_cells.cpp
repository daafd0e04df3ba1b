#include "studies/figure_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "solver/channels.hpp"

namespace ballast {
namespace {

using Take = MetricSpec::Take;

/// What the cells of a result are taken from; a figure is a row of kFigures.
struct Source {
  const RunResult& run;
  const RunFigures& f;
  const StabilityFigures& s;
  const LossWatch& losses;
  LossFigures l = losses.figures();
};
struct Figure {
  const char *name, *unit, *meaning;
  bool is_text;
  Cell (*of)(const Source&);
};

Cell value(const std::optional<Extreme>& e) { return e ? e->value : kUnknown; }
Cell when(const std::optional<Extreme>& e) { return e ? e->time_s : kUnknown; }
Cell where(const std::optional<Extreme>& e) { return e ? e->where : std::string(); }
template <class Number>
Cell number(const std::optional<Number>& n) {
  return n ? static_cast<double>(*n) : kUnknown;
}

/// Of the loss of synchronism or the collapse, whichever came first.
std::optional<double> instability_s(const StabilityFigures& s) {
  if (s.loss && s.collapse) return std::min(s.loss->time_s, s.collapse->time_s);
  if (s.loss) return s.loss->time_s;
  return s.collapse ? std::optional(s.collapse->time_s) : std::nullopt;
}

const Figure kFigures[] = {
    {"end_time_s", "s", "simulated time reached", false,
     [](const Source& x) -> Cell { return x.run.status.end_time_s; }},
    {"settled", "", "1 when frequency and voltages rest at the end, 0 when not", false,
     [](const Source& x) { return number(x.s.settled); }},
    {"settled_from_s", "s", "since when they rest", false,
     [](const Source& x) { return number(x.s.settled_from_s); }},
    {"frequency_min_Hz", "Hz", "lowest frequency of any island", false,
     [](const Source& x) { return value(x.f.frequency_nadir_Hz); }},
    {"frequency_min_time_s", "s", "when", false,
     [](const Source& x) { return when(x.f.frequency_nadir_Hz); }},
    {"frequency_max_Hz", "Hz", "highest frequency of any island", false,
     [](const Source& x) { return value(x.f.frequency_peak_Hz); }},
    {"frequency_max_time_s", "s", "when", false, [](const Source& x) { return when(x.f.frequency_peak_Hz); }},
    {"frequency_end_min_Hz", "Hz", "lowest frequency at the end", false,
     [](const Source& x) { return value(x.f.frequency_end_min_Hz); }},
    {"frequency_end_max_Hz", "Hz", "highest frequency at the end", false,
     [](const Source& x) { return value(x.f.frequency_end_max_Hz); }},
    {"rocof_Hz_per_s", "Hz/s", "steepest mean slope of an island's frequency over rocof_window_s", false,
     [](const Source& x) { return value(x.f.rocof_Hz_per_s); }},
    {"rocof_time_s", "s", "end of that window", false,
     [](const Source& x) { return when(x.f.rocof_Hz_per_s); }},
    {"voltage_min_pu", "pu", "lowest voltage of an energised bus", false,
     [](const Source& x) { return value(x.f.voltage_min_pu); }},
    {"voltage_min_bus", "", "where", true, [](const Source& x) { return where(x.f.voltage_min_pu); }},
    {"voltage_min_time_s", "s", "when", false, [](const Source& x) { return when(x.f.voltage_min_pu); }},
    {"voltage_max_pu", "pu", "highest voltage", false,
     [](const Source& x) { return value(x.f.voltage_max_pu); }},
    {"voltage_max_bus", "", "where", true, [](const Source& x) { return where(x.f.voltage_max_pu); }},
    {"voltage_end_min_pu", "pu", "lowest voltage at the end", false,
     [](const Source& x) { return value(x.f.voltage_end_min_pu); }},
    {"voltage_end_min_bus", "", "where", true, [](const Source& x) { return where(x.f.voltage_end_min_pu); }},
    {"angle_departure_deg", "deg", "largest distance of a rotor from its island's centre of inertia", false,
     [](const Source& x) { return value(x.s.departure_deg); }},
    {"angle_departure_machine", "", "which machine", true,
     [](const Source& x) { return where(x.s.departure_deg); }},
    {"angle_difference_deg", "deg", "largest angle between two rotors of an island", false,
     [](const Source& x) { return value(x.s.difference_deg); }},
    {"angle_difference_machines", "", "which machines", true,
     [](const Source& x) { return where(x.s.difference_deg); }},
    {"loss_of_synchronism_s", "s", "when the first machine lost synchronism", false,
     [](const Source& x) { return when(x.s.loss); }},
    {"loss_of_synchronism_machine", "", "which", true, [](const Source& x) { return where(x.s.loss); }},
    {"collapse_s", "s", "when a voltage had stayed low for so long that it counts as collapse", false,
     [](const Source& x) { return when(x.s.collapse); }},
    {"collapse_bus", "", "where", true, [](const Source& x) { return where(x.s.collapse); }},
    {"load_lost_MW", "MW", "load that events took away", false,
     [](const Source& x) -> Cell { return x.f.load_lost_MW; }},
    {"load_lost_tripped_MW", "MW", "of it, what tripped or was stepped down", false,
     [](const Source& x) -> Cell { return x.l.tripped_MW; }},
    {"load_lost_automata_MW", "MW", "of it, what UPS and other automata took off the grid", false,
     [](const Source& x) -> Cell { return x.l.automata_MW; }},
    {"load_lost_dead_MW", "MW", "of it, what was left in dead islands", false,
     [](const Source& x) -> Cell { return x.l.dead_MW; }},
    {"load_lost_cause", "", "what began the chain of events that took most of it", true,
     [](const Source& x) -> Cell { return x.l.load_cause; }},
    {"generation_lost_MW", "MW", "generation that events took away", false,
     [](const Source& x) -> Cell { return x.f.generation_lost_MW; }},
    {"first_cause", "", "what began the first loss, else the instability", true,
     [](const Source& x) -> Cell { return x.losses.first_cause(instability_s(x.s)); }},
    {"ups_locked", "", "UPS that locked", false,
     [](const Source& x) -> Cell { return static_cast<double>(x.l.ups_locked); }},
    {"ups_locked_MW", "MW", "what these took off the grid", false,
     [](const Source& x) -> Cell { return x.l.ups_locked_MW; }},
    {"ups_locked_s", "s", "when the first did", false,
     [](const Source& x) { return number(x.l.ups_locked_s); }},
    {"ups_locked_first", "", "which", true, [](const Source& x) -> Cell { return x.l.ups_locked_first; }},
    {"islands_end", "", "living islands at the end", false,
     [](const Source& x) { return number(x.f.islands_at_end); }},
    {"dead_buses_end", "", "buses without voltage at the end", false,
     [](const Source& x) { return number(x.f.dead_buses_at_end); }},
    {"events", "", "events logged", false,
     [](const Source& x) -> Cell { return static_cast<double>(x.f.events); }},
    {"steps", "", "steps of the integrator", false,
     [](const Source& x) -> Cell { return static_cast<double>(x.run.statistics.integrator.steps); }},
};

bool has_kind(const Sweep& sweep, const char* kind) {
  return std::any_of(sweep.base_case.plants.begin(), sweep.base_case.plants.end(),
                     [&](const Plant& p) { return p.kind == kind; });
}

const char* take_text(Take take) {
  switch (take) {
    case Take::MIN:
      return "least";
    case Take::MAX:
      return "most";
    case Take::END_MIN:
      return "least at the end";
    case Take::END_MAX:
      return "most at the end";
    case Take::INTEGRAL:
      return "integral over time";
    case Take::TIME_BELOW:
      return "time with any element below the threshold";
    case Take::TIME_ABOVE:
      return "time with any element above the threshold";
  }
  return "";
}

/// Names of all cells before the verdicts, in order, with whether they are texts.
std::vector<std::pair<std::string, bool>> judged_columns(const Sweep& sweep) {
  std::vector<std::pair<std::string, bool>> names;
  for (const Figure& f : kFigures) names.emplace_back(f.name, f.is_text);
  for (const MetricSpec& metric : all_metrics(sweep)) {
    names.emplace_back(metric.name, false);
    if (has_place(metric.take)) names.emplace_back(metric.name + "_where", true);
  }
  return names;
}

std::string verdict_text(const Verdict& v) {
  std::string text = v.of;
  if (v.at_least) text += fmt::format(" >= {:g}", *v.at_least);
  if (v.at_least && v.at_most) text += fmt::format(" and {}", v.of);
  if (v.at_most) text += fmt::format(" <= {:g}", *v.at_most);
  return text;
}

/// A figure that is absent (a run that never settles has no settled_from_s) passes nothing.
void add_verdicts(const Sweep& sweep, std::vector<Cell>& cells) {
  if (sweep.verdicts.empty()) return;
  const auto names = judged_columns(sweep);
  std::string failed;
  for (const Verdict& v : sweep.verdicts) {
    double judged = kUnknown;
    for (std::size_t c = 0; c < names.size(); ++c)
      if (names[c].first == v.of) judged = std::get<double>(cells[c]);
    const bool passes =
        !std::isnan(judged) && !(v.at_least && judged < *v.at_least) && !(v.at_most && judged > *v.at_most);
    if (!passes) failed += (failed.empty() ? "" : ", ") + v.name;
    cells.emplace_back(passes ? 1.0 : 0.0);
  }
  cells.emplace_back(failed.empty() ? "pass" : failed);
}

}  // namespace

std::vector<std::string> judgeable_columns(const Sweep& sweep) {
  std::vector<std::string> names;
  for (const auto& [name, is_text] : judged_columns(sweep))
    if (!is_text) names.push_back(name);
  return names;
}

bool is_standard_column(const std::string& name) {
  return name == "scenario" || name == "verdict" || name == "outcome" || name == "message" ||
         std::any_of(std::begin(kFigures), std::end(kFigures),
                     [&](const Figure& f) { return name == f.name; });
}

std::vector<MetricSpec> all_metrics(const Sweep& sweep) {
  std::vector<MetricSpec> all;
  const auto add = [&](std::string name, const char* of, Take take, double threshold, double from_s) {
    all.push_back({std::move(name), of, take, threshold, from_s, {}});
  };
  for (const double v : sweep.voltage_below_pu)
    add(fmt::format("voltage_below_{:g}_pu_s", v), "bus.voltage", Take::TIME_BELOW, v, sweep.figures_from_s);
  for (const double f : sweep.frequency_below_Hz)
    add(fmt::format("frequency_below_{:g}_Hz_s", f), "frequency", Take::TIME_BELOW, f, sweep.figures_from_s);
  if (has_kind(sweep, "load")) add("load_energy_MWh", "load.power", Take::INTEGRAL, 0, 0);
  if (has_kind(sweep, "datacenter")) add("datacenter_energy_MWh", "datacenter.power", Take::INTEGRAL, 0, 0);
  all.insert(all.end(), sweep.metrics.begin(), sweep.metrics.end());
  return all;
}

std::optional<Quantity> metric_elements(const MetricSpec& metric, const System& system) {
  try {
    const Channels channels(system, {metric.of});
    if (channels.schema().quantities.size() == 1) return channels.schema().quantities.front();
  } catch (const Error&) {
    // This variant of the case has no such element; check_metrics() has seen that the first one does.
  }
  return std::nullopt;
}

void check_metrics(const Sweep& sweep, const System& system) {
  Problems problems;
  for (const MetricSpec& metric : sweep.metrics) {
    try {
      const Channels channels(system, {metric.of});
      if (const auto& found = channels.schema().quantities; found.size() > 1)
        problems.add(metric.place.text(),
                     fmt::format("'{}' of metric '{}' names {} quantities, among them {} and {}", metric.of,
                                 metric.name, found.size(), found[0].name, found[1].name),
                     "name one quantity, such as \"bus.voltage\"");
    } catch (const Error& error) {
      for (const Problem& p : error.problems())
        problems.add(metric.place.text(), fmt::format("metric '{}': {}", metric.name, p.what), p.remedy);
    }
  }
  problems.throw_if_any();
}

std::vector<FigureColumn> figure_columns(const Sweep& sweep, const System& system) {
  std::vector<FigureColumn> columns;
  for (const Figure& f : kFigures) columns.push_back({f.name, f.unit, f.meaning, f.is_text});
  for (const MetricSpec& metric : all_metrics(sweep)) {
    const auto elements = metric_elements(metric, system);
    const std::string unit = elements ? metric_unit(metric.take, elements->unit) : "";
    columns.push_back(
        {metric.name, unit == "1" ? "" : unit, fmt::format("{} of {}", take_text(metric.take), metric.of)});
    if (has_place(metric.take)) columns.push_back({metric.name + "_where", "", "of which element", true});
  }
  for (const Verdict& v : sweep.verdicts)
    columns.push_back({v.name, "", fmt::format("1 when {}, 0 when not", verdict_text(v))});
  if (!sweep.verdicts.empty())
    columns.push_back({"verdict", "", "\"pass\", or the verdicts that did not", true});
  return columns;
}

std::vector<Cell> cells_of(const Sweep& sweep, const RunResult& run, const RunFigures& figures,
                           const StabilityFigures& stability, const LossWatch& losses,
                           const std::vector<Meter>& meters) {
  std::vector<Cell> cells;
  const Source source{run, figures, stability, losses};
  for (const Figure& f : kFigures) cells.push_back(f.of(source));
  for (const MetricSpec& metric : all_metrics(sweep)) {
    const auto meter = std::find_if(meters.begin(), meters.end(),
                                    [&](const Meter& m) { return m.spec().name == metric.name; });
    const std::optional<Extreme> result = meter == meters.end() ? std::nullopt : meter->result();
    cells.push_back(value(result));
    if (has_place(metric.take)) cells.push_back(where(result));
  }
  add_verdicts(sweep, cells);
  return cells;
}

std::vector<Cell> empty_cells(const Sweep& sweep) {
  std::vector<Cell> cells;
  for (const Figure& f : kFigures) cells.push_back(f.is_text ? Cell(std::string()) : Cell(kUnknown));
  for (const MetricSpec& metric : all_metrics(sweep)) {
    cells.emplace_back(kUnknown);
    if (has_place(metric.take)) cells.emplace_back(std::string());
  }
  for (std::size_t v = 0; v < sweep.verdicts.size(); ++v) cells.emplace_back(kUnknown);
  if (!sweep.verdicts.empty()) cells.emplace_back(std::string());
  return cells;
}

}  // namespace ballast
