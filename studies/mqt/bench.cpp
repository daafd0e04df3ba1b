/// A campus taken out of its case and put on a voltage source; and the judgement of what came of a test.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/toml.hpp"
#include "models/registry.hpp"
#include "studies/mqt/mqt.hpp"
#include "studies/requirement_reader.hpp"

namespace ballast::mqt {
namespace {

using Kind = TomlValue::Kind;

constexpr int kSourceBus = 999998;
constexpr double kStiff_pu = 1e-4;  ///< reactance of a stiff source on the rating of the campus
constexpr double kSample_s = 0.004;

TomlValue* find(TomlValue& table, std::string_view key) {
  for (TomlEntry& entry : table.entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}
void set(TomlValue& table, std::string_view key, TomlValue value) {
  value.place = table.place;
  if (TomlValue* there = find(table, key))
    *there = std::move(value);
  else
    table.entries.push_back({std::string(key), table.place, std::move(value)});
}
TomlValue number(double v, bool whole = false) {
  TomlValue value;
  value.kind = Kind::NUMBER;
  value.number = v;
  value.whole = whole;
  return value;
}
bool is_text(const TomlValue* value, const std::string& text) {
  return value != nullptr && value->kind == Kind::TEXT && value->text == text;
}

/// Whatever the accelerators do, they do not begin.
void hold(TomlValue& table) {
  if (TomlValue* workload = find(table, "workload");
      workload != nullptr && workload->kind == Kind::TABLE && !is_text(workload->find("kind"), "constant"))
    set(*workload, "start_s", number(kForever));
}

}  // namespace

Bench::Bench(const Case& c, const Options& options)
    : case_(c), running_(options.running), alone_(options.alone) {
  const Plant* campus = nullptr;
  std::size_t at = 0;
  for (std::size_t k = 0; k < c.campuses.size(); ++k) {
    const Plant& plant = c.plants[c.campuses[k].plant];
    if (!options.datacenter.empty() && plant.name != options.datacenter) continue;
    if (campus != nullptr)
      throw Error(c.path.string(), fmt::format("the case has {} data centers", c.campuses.size()),
                  "name the one to be tested with --datacenter");
    campus = &plant;
    at = k;
  }
  if (campus == nullptr)
    throw Error(c.path.string(),
                options.datacenter.empty() ? std::string("the case has no data center to test")
                                           : fmt::format("there is no data center '{}'", options.datacenter),
                "name a [[datacenter]] of the case");
  name_ = campus->name;
  frequency_Hz_ = c.network.frequency_Hz;
  rated_MVA_ = options.rated_MVA.value_or(std::abs(c.campuses[at].total_MVA()));
  const TomlValue tree = parse_toml(c.text, c.path.string());
  const TomlValue* tables = tree.find("datacenter");
  for (const TomlValue& table : tables->items)
    if (is_text(table.find("name"), name_)) {
      const TomlValue* bus = table.find("bus");
      int index = -1;
      for (std::size_t b = 0; b < c.network.buses.size() && bus != nullptr; ++b)
        if (bus->kind == Kind::NUMBER ? c.network.buses[b].number == bus->number
                                      : c.network.buses[b].name == bus->text)
          index = static_cast<int>(b);
      if (index < 0) index = campus->bus;
      bus_ = c.network.buses[index].number;
      base_kV_ = c.network.buses[index].base_kV;
    }
  if (running_) averaging_s_ = swing_period(*campus);
  const Network stiff = power_flow_network(build({}));
  const PowerFlowResult flow = solve_power_flow(stiff);
  const std::complex<double> sent(flow.generator_P_MW.at(0), flow.generator_Q_Mvar.at(0));
  const double current = std::abs(sent) / rated_MVA_;  // the source has 1 pu here
  rest_MVA_ = sent - std::complex<double>(0, kStiff_pu * current * current * rated_MVA_);
}

std::string Bench::text_of(const Test& test) const {
  const double X = std::isfinite(test.strength) ? 1 / test.strength : kStiff_pu;
  const double base = case_.network.base_MVA;
  // So that the point of connection has 1 pu at rest: the drop of what it draws across the reactance.
  const std::complex<double> drop = std::complex<double>(0, X) * std::conj(rest_MVA_) / rated_MVA_;
  return fmt::format(
      R"([case]
title = "{0}: {1}"
[network]
frequency_Hz = {2}
base_MVA = {3}
[[bus]]
number = {4}
name = "Source"
base_kV = {5}
slack = true
[[bus]]
number = {6}
base_kV = {5}
[[line]]
from = {4}
to = {6}
R = 0
X = {7}
B = 0
[[generator]]
bus = {4}
Vset = {12}
base_MVA = {8}
machine = {{ model = "VSOURCE", Rs = 0, Xs = {9}, Tf = 0.005 }}
[loads]
active = {{ impedance = 0, current = 1, power = 0 }}
reactive = {{ impedance = 1, current = 0, power = 0 }}
pqbrak = 0.7
[simulation]
until_s = {10}
[output]
step_s = {11}
record = ["frequency", "bus.*", "branch.*", "datacenter.*", "bess.*"]
)",
      name_, test.title, frequency_Hz_, base, kSourceBus, base_kV_, bus_, X * base / rated_MVA_, rated_MVA_,
      kStiff_pu, test.until_s, kSample_s, std::abs(1.0 + drop));
}

Case Bench::build(const Test& test) const {
  const std::string text = text_of(test);
  TomlValue tree = parse_toml(text, fmt::format("{} (test {})", case_.path.string(), test.name));
  const TomlValue whole = parse_toml(case_.text, case_.path.string());
  for (const char* key : {"datacenter", "bess"}) {
    if (alone_ && std::string_view(key) == "bess") continue;
    const TomlValue* tables = whole.find(key);
    if (tables == nullptr) continue;
    TomlValue kept = *tables;
    kept.items.clear();
    for (TomlValue table : tables->items) {
      const bool campus = std::string_view(key) == "datacenter";
      if (!is_text(table.find(campus ? "name" : "load"), name_)) continue;
      if (campus || table.find("bus") == nullptr || find(table, "bus")->number == bus_)
        set(table, "bus", number(bus_, true));
      if (campus && alone_)
        std::erase_if(table.entries, [](const TomlEntry& entry) {
          return entry.key == "connection" || entry.key == "bess";
        });
      if (campus && !running_) {
        hold(table);
        if (TomlValue* jobs = find(table, "job"))
          for (TomlValue& job : jobs->items) hold(job);
      }
      kept.items.push_back(std::move(table));
    }
    if (!kept.items.empty()) tree.entries.push_back({key, tables->place, std::move(kept)});
  }
  return finish(test, tree, text);
}

Case Bench::build_load(const Test& test, std::string_view model, std::span<const double> parameters) const {
  std::string text = text_of(test);
  text += fmt::format("[[load]]\nbus = {}\nid = \"1\"\nP_MW = {}\nQ_Mvar = {}\n", bus_, rest_MVA_.real(),
                      rest_MVA_.imag());
  text += fmt::format("[[load_model]]\nload = \"{}-1\"\nmodel = \"{}\"\n", bus_, model);
  const ModelInfo& info = *find_model(model);
  for (std::size_t k = 0; k < parameters.size(); ++k)
    text += fmt::format("{} = {}\n", info.parameters[k].name, parameters[k]);
  return finish(test, parse_toml(text, fmt::format("{} (test {})", model, test.name)), text);
}

Case Bench::finish(const Test& test, const TomlValue& tree, const std::string& text) const {
  Case built = read_case_tree(tree, text, case_.path);
  int source = -1;  // the first part of the source, in the order of the system
  int part = 0;
  for (const Plant& plant : built.plants) {
    if (plant.kind == "machine") source = part;
    part += static_cast<int>(plant.parts.size());
  }
  for (const Move& move : test.moves) {
    PlayReference play{source, move.input, move.times_s, move.values};
    built.disturbances.push_back({test.starts_s, std::move(play), {}});
  }
  return built;
}

namespace {

/// Mean over a stretch of a piecewise linear series.
double mean_of(const std::vector<double>& t, const std::vector<double>& v, double from, double to) {
  double sum = 0, time = 0;
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double a = std::max(t[k - 1], from), b = std::min(t[k], to);
    if (b <= a) continue;
    const auto at = [&](double x) {
      return v[k - 1] + (v[k] - v[k - 1]) * (x - t[k - 1]) / (t[k] - t[k - 1]);
    };
    sum += 0.5 * (at(a) + at(b)) * (b - a);
    time += b - a;
  }
  return time > 0 ? sum / time : v.front();
}
/// Greatest distance from a value over a stretch.
double away_from(const std::vector<double>& t, const std::vector<double>& v, double value, double from) {
  double most = 0;
  for (std::size_t k = 0; k < t.size(); ++k)
    if (t[k] >= from) most = std::max(most, std::abs(v[k] - value));
  return most;
}

}  // namespace

std::vector<Finding> judge(const Test& test, const LoadSeries& series, bool completed,
                           const std::string& outcome, double averaging_s) {
  std::vector<Finding> verdicts;
  const auto say = [&](const char* criterion, bool met, std::string text) {
    Finding finding;
    finding.clause = criterion;
    finding.verdict = met ? Judgement::MET : Judgement::NOT_MET;
    finding.text = std::move(text);
    verdicts.push_back(std::move(finding));
  };
  say("runs to its end", completed, outcome);
  if (!completed || series.time_s.size() < 2) return verdicts;
  const double end = series.time_s.back();
  const double window = std::max(1.0, averaging_s);
  const double before =
      mean_of(series.time_s, series.power_MW, std::max(0.0, test.starts_s - window), test.starts_s);
  if (test.flat) {
    const double P = away_from(series.time_s, series.power_MW, series.power_MW.front(), 0) /
                     std::max(1e-9, std::abs(series.power_MW.front()));
    const double V = away_from(series.time_s, series.voltage_pu, series.voltage_pu.front(), 0);
    say("nothing moves", P <= 1e-6 && V <= 1e-6,
        fmt::format("power by {:.1e} of itself, voltage by {:.1e} pu; 1e-6 allowed", P, V));
    return verdicts;
  }
  for (const Rule& rule : test.rules)
    if (rule.ride_through)
      for (Finding& f : check_ride_through(series, *rule.ride_through, averaging_s).findings) {
        f.clause = fmt::format("{}: {}", rule.name, f.clause);
        verdicts.push_back(std::move(f));
      }
  if (test.settles) {
    const double after = mean_of(series.time_s, series.power_MW, end - window, end);
    const double off = (after - before) / std::max(1e-9, std::abs(before));
    say("consumption as before", std::abs(off) <= 0.01,
        fmt::format("{:.2f} MW before, {:.2f} MW in the last {:g} s ({:+.2f} %; 1 % allowed)", before, after,
                    window, 100 * off));
    if (averaging_s == 0) {
      const double swing =
          away_from(series.time_s, series.power_MW, after, end - window) / std::max(1e-9, std::abs(after));
      say("settled", swing <= 0.01,
          fmt::format("in the last {:g} s power moves by {:.2e} of itself; 1e-2 allowed", window, swing));
    }
  }
  return verdicts;
}

}  // namespace ballast::mqt
