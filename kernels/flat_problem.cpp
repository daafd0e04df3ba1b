#include "kernels/flat_problem.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernels/stepper.hpp"
#include "models/model_list.hpp"

namespace ballast::batch {
namespace {

template <class... Ms>
int model_place(std::string_view model, TypeList<Ms...>) {
  int place = 0;
  int found = -1;
  ((found = model == ModelName<Ms>::value ? place : found, ++place), ...);
  return found;
}

}  // namespace

FlatProblem::FlatProblem(const Evaluator& evaluator, double extremes_from_s, int team)
    : evaluator_(evaluator) {
  const Problem& p = evaluator.problem();
  view_.team = team;
  view_.buses = p.buses;
  view_.states = p.states;
  view_.signals = p.signals;
  view_.timers = p.timers;
  view_.guards = p.guards;
  view_.time_signal = p.time_signal;
  view_.frame_signal = p.frame_signal;
  view_.step_s = p.step_s;
  view_.least_step_s = p.least_step_s;
  view_.voltage_tolerance = evaluator.voltage_tolerance();
  view_.until_s = p.until_s;
  view_.extremes_from_s = extremes_from_s;
  view_.half_turn = 0.5 * kTurn * p.frequency_Hz;
  describe_network();
  lay_out();
  describe_parts();
}

// ---- arrays
void FlatProblem::place(const void* pointer_in_view, const void* data, std::size_t bytes) {
  const std::size_t at = (bytes_.size() + 15) / 16 * 16;
  bytes_.resize(at + std::max<std::size_t>(bytes, 1));
  if (bytes > 0) std::memcpy(bytes_.data() + at, data, bytes);
  places_.push_back({static_cast<std::size_t>(static_cast<const std::byte*>(pointer_in_view) -
                                              reinterpret_cast<const std::byte*>(&view_)),
                     at});
}
template <class V>
void FlatProblem::array(const V* ProblemView::*pointer, const std::vector<V>& items) {
  place(&(view_.*pointer), items.data(), items.size() * sizeof(V));
}
ProblemView FlatProblem::view_at(const void* flat, const std::byte* base) {
  const auto& self = *static_cast<const FlatProblem*>(flat);
  ProblemView view = self.view_;
  for (const Place& place : self.places_) {
    const std::byte* array = base + place.at;
    std::memcpy(reinterpret_cast<std::byte*>(&view) + place.in_view, &array, sizeof array);
  }
  return view;
}

// ---- tasks
/// Tasks in levels: one that reads what another gives, or gives what an earlier one reads, comes after it.
void FlatProblem::levels(Levels& to, const std::vector<Span>& spans) {
  const Problem& p = evaluator_.problem();
  std::vector<int> given(p.signals, -1);  // level
  std::vector<int> read(p.signals, -1);
  std::vector<std::vector<Task>> level;
  std::vector<int> first_part(p.groups.size(), 0);
  for (std::size_t g = 1; g < p.groups.size(); ++g)
    first_part[g] = first_part[g - 1] + p.groups[g - 1].count();
  for (const Span& span : spans) {
    const Group& group = p.groups[span.group];
    const DeviceGroup& model = evaluator_.group(span.group);
    for (int i = span.first; i < span.last; ++i) {
      std::vector<int> gives;
      for (int k = 0; k < model.outputs; ++k)
        if (!span.currents_only || k == model.Ir || k == model.Ii) gives.push_back(group.out_at[i] + k);
      int mine = 0;
      for (int k = 0; k < model.inputs; ++k)
        mine = std::max(mine, given[group.in_at[i * model.inputs + k]] + 1);
      for (const int s : gives) mine = std::max(mine, std::max(given[s], read[s]) + 1);
      for (int k = 0; k < model.inputs; ++k) {
        int& last = read[group.in_at[i * model.inputs + k]];
        last = std::max(last, mine);
      }
      for (const int s : gives) given[s] = mine;
      if (static_cast<int>(level.size()) <= mine) level.resize(mine + 1);
      level[mine].push_back({first_part[span.group] + i, span.currents_only ? 1 : 0});
    }
  }
  std::vector<int> start = {0};
  std::vector<Task> tasks;
  for (const auto& l : level) {
    tasks.insert(tasks.end(), l.begin(), l.end());
    start.push_back(static_cast<int>(tasks.size()));
  }
  to.count = static_cast<int>(level.size());
  place(&to.start, start.data(), start.size() * sizeof(int));
  place(&to.task, tasks.data(), tasks.size() * sizeof(Task));
}

/// Rows of the factor in levels of the forward or backward substitution.
void FlatProblem::rows(RowLevels& to, bool forward) {
  const FactorPattern& f = evaluator_.problem().factor;
  const int n = static_cast<int>(f.bus.size());
  std::vector<int> depth(n, 0);
  std::vector<std::vector<int>> level;
  for (int k = 0; k < n; ++k) {
    const int i = forward ? k : n - 1 - k;
    const int first = forward ? f.row_start[i] : f.diagonal[i] + 1;
    const int last = forward ? f.diagonal[i] : f.row_start[i + 1];
    for (int e = first; e < last; ++e) depth[i] = std::max(depth[i], depth[f.column[e]] + 1);
    if (static_cast<int>(level.size()) <= depth[i]) level.resize(depth[i] + 1);
    level[depth[i]].push_back(i);
  }
  if (forward && !level.empty()) level.erase(level.begin());  // nothing to subtract in these
  std::vector<int> start = {0};
  std::vector<int> all;
  for (const auto& l : level) {
    all.insert(all.end(), l.begin(), l.end());
    start.push_back(static_cast<int>(all.size()));
  }
  to.count = static_cast<int>(level.size());
  place(&to.start, start.data(), start.size() * sizeof(int));
  place(&to.row, all.data(), all.size() * sizeof(int));
}

void FlatProblem::describe_parts() {
  const Problem& p = evaluator_.problem();
  std::vector<int> own_at;  // [own part] in Layout::own
  int next_own = 0;
  for (const auto& [g, part] : p.own_parts) {
    own_at.push_back(next_own);
    next_own += evaluator_.group(g).derived_size();
  }
  std::vector<PartView> parts;
  std::vector<int> in;
  std::vector<double> derived;
  for (std::size_t g = 0; g < p.groups.size(); ++g) {
    const Group& group = p.groups[g];
    const DeviceGroup& model = evaluator_.group(static_cast<int>(g));
    const int width = group.count() > 0 ? static_cast<int>(group.parameters.size()) / group.count() : 0;
    for (int i = 0; i < group.count(); ++i) {
      PartView part{};
      part.model = model_place(group.model, AllModels{});
      part.plant = group.plant[i];
      part.x = group.x_at[i];
      part.out = group.out_at[i];
      part.in = static_cast<int>(in.size());
      in.insert(in.end(), group.in_at.begin() + i * model.inputs,
                group.in_at.begin() + (i + 1) * model.inputs);
      part.mode = group.mode_first + i * model.modes;
      part.held = group.held_first + i * model.held;
      part.guard = group.guard_first + i * model.guards;
      part.derived = static_cast<int>(derived.size());
      derived.resize(derived.size() + model.derived_size());
      model.derive(group.parameters.data() + static_cast<std::ptrdiff_t>(i) * width, group.device_MVA[i], p,
                   derived.data() + part.derived);
      for (std::size_t k = 0; k < p.own_parts.size(); ++k)
        if (p.own_parts[k][0] == static_cast<int>(g) && p.own_parts[k][1] == i) {
          part.own = 1;
          part.derived = own_at[k];
        }
      parts.push_back(part);
    }
  }
  view_.parts = static_cast<int>(parts.size());
  array(&ProblemView::part, parts);
  array(&ProblemView::in, in);
  array(&ProblemView::derived, derived);
  levels(view_.before, p.before);
  levels(view_.network, p.network);
  levels(view_.read, p.read);
}

void FlatProblem::describe_network() {
  const Problem& p = evaluator_.problem();
  const FactorPattern& f = p.factor;
  std::vector<int> weight_state;
  for (const Weight& w : p.weights) weight_state.push_back(w.state);
  std::vector<int> watched;
  for (const Evaluator::Watched& w : evaluator_.watched()) watched.push_back(w.guard);
  std::vector<int> place_of(p.buses, -1);
  std::vector<int> start = {0};
  std::vector<InjectionView> injections;
  for (std::size_t k = 0; k < p.injecting_buses.size(); ++k) {
    place_of[p.injecting_buses[k]] = static_cast<int>(k);
    for (const Injection& i : p.injections)
      if (i.bus == p.injecting_buses[k]) injections.push_back({i.signal_r, i.signal_i});
    start.push_back(static_cast<int>(injections.size()));
  }
  std::vector<int> column;
  for (const int c : f.column) column.push_back(f.bus[c]);
  std::vector<int> state, first, count, matrix;
  for (const StiffBlock& block : p.stiff) {
    const int n = static_cast<int>(block.states.size());
    const int begins = static_cast<int>(state.size());
    for (int i = 0; i < n; ++i) {
      state.push_back(block.states[i]);
      first.push_back(begins);
      count.push_back(n);
      matrix.push_back(block.matrix_at + i * n);
    }
  }
  view_.weights = static_cast<int>(weight_state.size());
  view_.ramped = static_cast<int>(p.ramped.size());
  view_.watched = static_cast<int>(watched.size());
  view_.injecting = static_cast<int>(p.injecting_buses.size());
  view_.stiff_states = static_cast<int>(state.size());
  view_.stiff_entries = p.stiff_entries;
  view_.stiff_lengths = p.stiff_lengths();
  array(&ProblemView::error_share, error_shares(p));
  array(&ProblemView::weight_state, weight_state);
  array(&ProblemView::ramped_signal, p.ramped);
  array(&ProblemView::watched_guard, watched);
  array(&ProblemView::place, place_of);
  array(&ProblemView::injection_start, start);
  array(&ProblemView::injection, injections);
  array(&ProblemView::bus, f.bus);
  array(&ProblemView::row_start, f.row_start);
  array(&ProblemView::column, column);
  array(&ProblemView::diagonal, f.diagonal);
  array(&ProblemView::stiff_state, state);
  array(&ProblemView::stiff_first, first);
  array(&ProblemView::stiff_count, count);
  array(&ProblemView::stiff_matrix, matrix);
  rows(view_.forward, true);
  rows(view_.backward, false);
}

void FlatProblem::lay_out() {
  const Problem& p = evaluator_.problem();
  Layout& at = view_.at;
  int next = 0;
  const auto room = [&next](int& where, std::size_t items) {
    where = next;
    next += static_cast<int>(items);
  };
  for (int* scalar :
       {&at.t, &at.started, &at.turned, &at.rate, &at.h1, &at.h2, &at.redo, &at.pace, &at.stop, &at.look})
    room(*scalar, 1);
  const auto states = static_cast<std::size_t>(p.states);
  const auto voltages = 2 * static_cast<std::size_t>(p.buses);
  room(at.x, states);
  room(at.f, states);
  room(at.s, p.signals);
  room(at.guard, p.guards);
  room(at.held, p.held);
  room(at.timer, p.timers);
  room(at.active, p.plants);
  room(at.weight, p.weights.size());
  room(at.ramp, 4 * p.ramped.size());
  room(at.alive, p.buses);
  room(at.slope, 4 * p.injecting_buses.size());
  room(at.factor, 4 * p.factor.column.size());
  room(at.stiff, static_cast<std::size_t>(p.stiff_lengths()) * p.stiff_entries);
  std::size_t own = 0;
  for (const auto& [g, part] : p.own_parts) own += evaluator_.group(g).derived_size();
  room(at.own, own);
  room(at.was_guard, view_.watched);
  room(at.extreme, 12 * static_cast<std::size_t>(view_.team));
  at.shared = next;
  for (int* vector : {&at.u, &at.f0, &at.k1}) room(*vector, states);
  for (int* vector : {&at.V, &at.V1, &at.V2, &at.stage, &at.correction, &at.right}) room(*vector, voltages);
  room(at.stiff_copy, view_.stiff_states);
  at.items = next;
  view_.int_at = {0, 1, 2, 3, 4, 4 + p.modes};
}

// ---- columns
template <class Column, class Ints, class AStore, class Move>
void FlatProblem::each(Column column, Ints ints, AStore& store, Move&& move) const {
  const Layout& at = view_.at;
  const auto all = [&](int from, auto& items) {
    for (std::size_t i = 0; i < items.size(); ++i) move(column[from + i], items[i]);
  };
  move(column[at.t], store.t);
  move(column[at.turned], store.turned);
  move(column[at.rate], store.rate);
  all(at.x, store.x);
  all(at.f, store.f);
  all(at.s, store.s);
  all(at.guard, store.guard);
  all(at.held, store.held);
  all(at.timer, store.timer);
  all(at.active, store.active);
  all(at.weight, store.weight);
  all(at.ramp, store.ramp);
  all(at.alive, store.alive);
  all(at.slope, store.slope);
  all(at.factor, store.factor);
  all(at.stiff, store.stiff);
  int own = at.own;
  for (auto& numbers : store.own) {
    all(own, numbers);
    own += static_cast<int>(numbers.size());
  }
  for (std::size_t i = 0; i < store.mode.size(); ++i) move(ints[view_.int_at.mode + i], store.mode[i]);
}

void FlatProblem::to_column(const Store<double>& store, double* column, int* ints) const {
  each(column, ints, store, [](auto& item, const auto& own) { item = own; });
  for (std::size_t k = 0; k < evaluator_.watched().size(); ++k)
    column[view_.at.was_guard + k] = store.guard[evaluator_.watched()[k].guard];
}
void FlatProblem::from_column(const double* column, const int* ints, Store<double>& store) const {
  each(column, ints, store, [](const auto& item, auto& own) { own = item; });
  const auto above_half = [](double v) { return v > 0.5; };
  store.all_active = std::all_of(store.active.begin(), store.active.end(), above_half);
  store.all_alive = std::all_of(store.alive.begin(), store.alive.end(), above_half);
}

}  // namespace ballast::batch
