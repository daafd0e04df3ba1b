/// Whether a problem's sizes and indices agree.
#include <algorithm>
#include <cmath>
#include <optional>
#include <sstream>
#include <string_view>

#include "kernels/problem_file.hpp"
#include "kernels/stepper.hpp"
#include "models/model_list.hpp"

namespace ballast::batch {
namespace {

constexpr std::size_t kShown = 10;  ///< more than this many faults are counted, not listed

struct Sizes {
  int states = 0, inputs = 0, outputs = 0, parameters = 0, modes = 0, held = 0, timers = 0, guards = 0;
  bool has_currents = false;
};
template <class M>
Sizes sizes_of() {
  Sizes s{static_cast<int>(M::kStates),
          static_cast<int>(M::kInputs),
          static_cast<int>(M::kOutputs),
          parameters_of<M>(),
          modes_of<M>(),
          held_of<M>(),
          timers_of<M>(),
          guards_of<M>(),
          false};
  for (const OutputInfo& o : M::outputs) s.has_currents = s.has_currents || std::string_view(o.name) == "Ir";
  return s;
}
template <class... Models>
std::optional<Sizes> find_sizes(const std::string& model, TypeList<Models...>) {
  std::optional<Sizes> found;
  ((model == ModelName<Models>::value ? void(found = sizes_of<Models>()) : void()), ...);
  return found;
}

class Check {
 public:
  explicit Check(const Problem& problem) : p(problem) {}

  /// Everything; stops before what would build on sizes found wrong.
  void all() {
    sizes();
    if (!faults.empty()) return;
    groups();
    if (!faults.empty()) return;
    evaluation();
    network();
    factor();
    stiff();
    rests();
    scenarios();
  }
  std::vector<std::string> faults;
  std::size_t count = 0;

 private:
  const Problem& p;
  std::vector<Sizes> models_;  ///< [group]

  template <class... Words>
  void fault(const Words&... words) {
    if (++count > kShown) return;
    std::ostringstream text;
    (text << ... << words);
    faults.push_back(text.str());
  }
  void size(const char* what, std::size_t is, long long wanted) {
    if (static_cast<long long>(is) != wanted) fault(what, " has ", is, " items instead of ", wanted);
  }
  bool index(const char* what, long long is, long long end, long long first = 0) {
    if (is >= first && is < end) return true;
    fault(what, " is ", is, ", outside ", first, " to ", end - 1);
    return false;
  }
  void number(const char* what, double v) {
    if (!std::isfinite(v)) fault(what, " is ", v);
  }

  void sizes() {
    number("base_MVA", p.base_MVA);
    number("start_s", p.start_s);
    number("until_s", p.until_s);
    if (!(p.base_MVA > 0)) fault("base_MVA is ", p.base_MVA, ", not positive");
    if (!(p.frequency_Hz > 0) || std::isinf(p.frequency_Hz)) fault("frequency_Hz is ", p.frequency_Hz);
    if (!(p.step_s > 0) || std::isinf(p.step_s)) fault("step_s is ", p.step_s, ", not positive");
    if (!(p.least_step_s > 0) || p.least_step_s > p.step_s)
      fault("least_step_s is ", p.least_step_s, ", not between 0 and step_s ", p.step_s);
    if (!(p.until_s >= p.start_s)) fault("until_s is ", p.until_s, ", before start_s ", p.start_s);
    if ((p.until_s - p.start_s) / p.least_step_s > 1e9)
      fault((p.until_s - p.start_s) / p.least_step_s, " steps from start_s to until_s");
    const std::pair<const char*, int> counts[] = {
        {"buses", p.buses}, {"states", p.states}, {"signals", p.signals}, {"modes", p.modes},
        {"held", p.held},   {"timers", p.timers}, {"guards", p.guards},   {"plants", p.plants}};
    for (const auto& [name, n] : counts)
      if (n < 0) fault(name, " is ", n, ", negative");
    // What is listed per bus, state or signal bounds those numbers by the size of the file.
    size("in_service", p.in_service.size(), p.buses);
    if (p.rests.empty()) fault("there is no rest to start from");
    for (const Rest& r : p.rests) {
      size("x of a rest", r.x.size(), p.states);
      size("signals of a rest", r.signals.size(), p.signals);
      size("modes of a rest", r.mode.size(), p.modes);
      size("held of a rest", r.held.size(), p.held);
      size("timers of a rest", r.timer.size(), p.timers);
      size("shunt_G of a rest", r.shunt_G.size(), p.buses);
      size("shunt_B of a rest", r.shunt_B.size(), p.buses);
      size("branches of a rest", r.block.size(), static_cast<long long>(p.branches.size()));
      size("inertia of a rest", r.inertia.size(), static_cast<long long>(p.weights.size()));
    }
    if (2LL * p.buses > p.signals) fault(p.buses, " buses need more than ", p.signals, " signals");
    index("time_signal", p.time_signal, p.signals, 2LL * p.buses);
    index("frame_signal", p.frame_signal, p.signals, 2LL * p.buses);
    std::size_t parts = 0;
    for (const Group& g : p.groups) parts += g.plant.size();
    if (p.plants > static_cast<long long>(parts)) fault(p.plants, " plants, but only ", parts, " parts");
  }

  void groups() {
    long long states = 0, modes = 0, held = 0, timers = 0, guards = 0;
    for (const Group& g : p.groups) {
      const std::optional<Sizes> known = find_sizes(g.model, AllModels{});
      if (!known) {
        fault("this program knows no model '", g.model.substr(0, 40), "'");
        continue;
      }
      models_.push_back(*known);
      const Sizes& m = models_.back();
      const auto n = static_cast<long long>(g.plant.size());
      size("x_at", g.x_at.size(), n);
      size("out_at", g.out_at.size(), n);
      size("in_at", g.in_at.size(), n * m.inputs);
      size("parameters", g.parameters.size(), n * m.parameters);
      size("device_MVA", g.device_MVA.size(), n);
      size("table_at", g.table_at.size(), n + 1);
      int table_end = 0;
      for (const int at : g.table_at) {
        if (at < table_end) fault("table_at goes back from ", std::to_string(table_end));
        table_end = at;
      }
      size("tables", g.tables.size(), table_end);
      const auto each = [&](const char* what, const std::vector<int>& list, long long end,
                            long long first = 0) {
        for (const int i : list) index(what, i, end, first);
      };
      each("plant of a part", g.plant, p.plants);
      each("x_at", g.x_at, p.states - m.states + 1LL);
      each("out_at", g.out_at, p.signals - m.outputs + 1LL, 2LL * p.buses);
      each("in_at", g.in_at, p.signals);
      index("mode_first", g.mode_first, p.modes - n * m.modes + 1);
      index("held_first", g.held_first, p.held - n * m.held + 1);
      index("timer_first", g.timer_first, p.timers - n * m.timers + 1);
      index("guard_first", g.guard_first, p.guards - n * m.guards + 1);
      states += n * m.states;
      modes += n * m.modes;
      held += n * m.held;
      timers += n * m.timers;
      guards += n * m.guards;
    }
    if (!faults.empty()) return;
    size("all states of the parts", static_cast<std::size_t>(states), p.states);
    size("all modes of the parts", static_cast<std::size_t>(modes), p.modes);
    size("all held numbers of the parts", static_cast<std::size_t>(held), p.held);
    size("all timers of the parts", static_cast<std::size_t>(timers), p.timers);
    size("all guards of the parts", static_cast<std::size_t>(guards), p.guards);
    for (const auto& [g, part] : p.own_parts)
      if (index("group of an own part", g, static_cast<long long>(p.groups.size())))
        index("own part", part, p.groups[g].count());
  }

  void evaluation() {
    for (const auto* spans : {&p.order, &p.read, &p.before, &p.network})
      for (const Span& s : *spans) {
        if (!index("group of a span", s.group, static_cast<long long>(p.groups.size()))) continue;
        const long long n = p.groups[s.group].count();
        if (s.first < 0 || s.first > s.last || s.last > n)
          fault("a span of parts ", s.first, " to ", s.last, " of ", n);
        if (s.currents_only && !models_[s.group].has_currents)
          fault("currents asked of ", p.groups[s.group].model, ", which has none");
      }
    for (const Injection& i : p.injections) {
      index("signal_r of an injection", i.signal_r, p.signals);
      index("signal_i of an injection", i.signal_i, p.signals);
      index("bus of an injection", i.bus, p.buses);
      index("plant of an injection", i.plant, p.plants);
    }
    for (std::size_t k = 0; k < p.injecting_buses.size(); ++k) {
      index("injecting bus", p.injecting_buses[k], p.buses);
      if (k > 0 && p.injecting_buses[k] <= p.injecting_buses[k - 1])
        fault("injecting buses ", p.injecting_buses[k - 1], ", ", p.injecting_buses[k], " do not ascend");
    }
    for (const Weight& w : p.weights) {
      index("state of a machine's speed", w.state, p.states);
      index("plant of a machine", w.plant, p.plants);
      index("bus of a machine", w.bus, p.buses);
    }
    for (const int s : p.ramped) index("ramped signal", s, p.signals, 2LL * p.buses);
  }

  void network() {
    for (const Branch& b : p.branches) {
      index("end of a branch", b.from, p.buses);
      index("end of a branch", b.to, p.buses);
    }
    for (const auto& [signal, branch] : p.closed_signals) {
      index("signal of a branch's state", signal, p.signals, 2LL * p.buses);
      index("branch of a signal", branch, static_cast<long long>(p.branches.size()));
    }
    for (const auto& [signal, plant] : p.active_signals) {
      index("signal of a plant's state", signal, p.signals, 2LL * p.buses);
      index("plant of a signal", plant, p.plants);
    }
    for (const auto& [signal, plant] : p.demands) {
      index("signal of a demand", signal, p.signals, 2LL * p.buses);
      index("plant of a demand", plant, p.plants);
    }
    for (const Order& o : p.orders) {
      index("signal of an order", o.signal, p.signals, 2LL * p.buses);
      index("kind of an order", o.kind, Order::DEMAND + 1);
      index("element of an order", o.index,
            o.kind == Order::BRANCH ? static_cast<long long>(p.branches.size()) : p.plants);
      number("value of an order", o.value);
    }
  }

  void factor() {
    const FactorPattern& f = p.factor;
    const std::size_t before = count;
    size("factor.bus", f.bus.size(), p.buses);
    size("factor.position", f.position.size(), p.buses);
    size("factor.row_start", f.row_start.size(), p.buses + 1LL);
    size("factor.diagonal", f.diagonal.size(), p.buses);
    size("factor.branch", f.branch.size(), static_cast<long long>(p.branches.size()));
    if (count != before) return;
    const auto entries = static_cast<long long>(f.column.size());
    for (int i = 0; i < p.buses; ++i)
      if (index("factor.bus", f.bus[i], p.buses) && f.position[f.bus[i]] != i)
        fault("factor.position of bus ", f.bus[i], " is ", f.position[f.bus[i]], " instead of ", i);
    if (f.row_start.front() != 0 || f.row_start.back() != entries)
      fault("rows of the factor span ", f.row_start.front(), " to ", f.row_start.back(), " of ", entries);
    for (int i = 0; i < p.buses && count == before; ++i) {
      if (f.row_start[i] > f.row_start[i + 1] || f.row_start[i + 1] > entries) {
        fault("row ", i, " of the factor ends before it begins");
        return;
      }
      for (int e = f.row_start[i]; e < f.row_start[i + 1]; ++e) {
        index("column of the factor", f.column[e], p.buses);
        if (e > f.row_start[i] && f.column[e] <= f.column[e - 1])
          fault("columns in row ", i, " do not ascend");
      }
      if (f.diagonal[i] < f.row_start[i] || f.diagonal[i] >= f.row_start[i + 1] ||
          f.column[f.diagonal[i]] != i)
        fault("row ", i, " of the factor has no diagonal where it should");
    }
    if (count != before) return;
    fill();
    const auto holds = [&](int entry, int from, int to) {
      if (from < 0 || from >= p.buses || to < 0 || to >= p.buses) return;  // said elsewhere
      const int row = f.position[from];
      if (entry < f.row_start[row] || entry >= f.row_start[row + 1] || f.column[entry] != f.position[to])
        fault("entry ", entry, " of the factor is not where buses ", from, " and ", to, " meet");
    };
    for (std::size_t k = 0; k < p.branches.size(); ++k) {
      const Branch& b = p.branches[k];
      holds(f.branch[k][0], b.from, b.from);
      holds(f.branch[k][1], b.from, b.to);
      holds(f.branch[k][2], b.to, b.from);
      holds(f.branch[k][3], b.to, b.to);
    }
  }
  /// Eliminating position k from row i touches the columns of row k beyond k: row i must have them.
  void fill() {
    const FactorPattern& f = p.factor;
    std::vector<int> in_row(p.buses, -1);
    for (int i = 0; i < p.buses; ++i) {
      for (int e = f.row_start[i]; e < f.row_start[i + 1]; ++e) in_row[f.column[e]] = i;
      for (int e = f.row_start[i]; e < f.diagonal[i]; ++e) {
        const int k = f.column[e];
        for (int u = f.diagonal[k] + 1; u < f.row_start[k + 1]; ++u)
          if (in_row[f.column[u]] != i) {
            fault("row ", i, " of the factor lacks column ", f.column[u]);
            return;
          }
      }
    }
  }

  void stiff() {
    long long at = 0;
    for (const StiffBlock& b : p.stiff) {
      const auto n = static_cast<long long>(b.states.size());
      index("bus of a stiff block", b.bus, p.buses);
      if (n > kMostStiffStates) fault(n, " states in a stiff block, more than ", kMostStiffStates);
      for (const int s : b.states) index("state of a stiff block", s, p.states);
      if (b.matrix_at != at) fault("matrix_at of a stiff block is ", b.matrix_at, " instead of ", at);
      at += n * n;
    }
    if (at != p.stiff_entries) fault("stiff_entries is ", p.stiff_entries, " instead of ", at);
  }

  void rests() {
    long long own = 0;
    for (const auto& [g, part] : p.own_parts) own += models_[g].parameters;
    for (const Rest& r : p.rests) {
      size("own parameters of a rest", r.parameters.size(), own);
      size("ratings of own parts of a rest", r.device_MVA.size(), static_cast<long long>(p.own_parts.size()));
      for (const double v : r.shunt_G) number("shunt_G", v);
      for (const double v : r.shunt_B) number("shunt_B", v);
      for (const Block& block : r.block)
        for (const double v : block) number("admittance of a branch", v);
      for (const double H : r.inertia)
        if (!(H >= 0)) fault("inertia of a machine is ", H);
      for (const double x : r.x) number("x of a rest", x);
      for (int k = 0; k < 2 * p.buses; ++k) number("voltage of a rest", r.signals[k]);
      for (const double t : r.timer)
        if (std::isnan(t)) fault("a timer of a rest is no number");
    }
  }

  void scenarios() {
    const auto actions = static_cast<long long>(p.actions.size());
    for (const Action& a : p.actions) {
      number("time of an action", a.time_s);
      number("residual of an action", a.residual);
      for (const double v : a.value) number("value of an action", v);
      const long long ends[] = {static_cast<long long>(p.branches.size()), p.buses, p.plants, p.signals,
                                static_cast<long long>(p.ramped.size()),   p.timers};
      if (index("kind of an action", a.kind, 6)) index("index of an action", a.index, ends[a.kind]);
      if (a.kind == Action::SIGNAL && a.index < 2 * p.buses) fault("an action on a voltage");
    }
    for (const Scenario& s : p.scenarios) {
      index("rest of a scenario", s.rest, static_cast<long long>(p.rests.size()));
      if (s.first_action < 0 || s.first_action > s.last_action || s.last_action > actions) {
        fault("actions ", s.first_action, " to ", s.last_action, " of ", actions);
        continue;
      }
      index("faults of a scenario", s.faults, 1LL + s.last_action - s.first_action);
      for (int k = s.first_action; k < s.last_action; ++k) {
        const Action& a = p.actions[k];
        if (k > s.first_action && a.time_s < p.actions[k - 1].time_s)
          fault("action ", k, " of a scenario is due before the one before it");
        index("fault of an action", a.fault, s.faults, a.residual >= 0 ? 0 : -1);
        index("end of an action", a.end, 2);
        if (a.fault >= 0 && a.kind != Action::BRANCH && a.kind != Action::BUS_SHUNT)
          fault("action ", k, " is a fault on neither a bus nor a branch");
      }
    }
  }
};

}  // namespace

void check_problem(const Problem& problem, const std::string& where) {
  Check check(problem);
  check.all();
  if (check.faults.empty()) return;
  std::string text = where + ": not a sound batch problem; export it again with this version of Ballast";
  for (const std::string& f : check.faults) text += "\n  " + f;
  if (check.count > kShown) text += "\n  and " + std::to_string(check.count - kShown) + " more";
  throw BadProblem(text);
}

}  // namespace ballast::batch
