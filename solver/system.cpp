/// Building the system: groups, wiring by signal name, evaluation order.
#include "solver/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/registry.hpp"
#include "solver/jacobian_plan.hpp"

namespace ballast {
namespace {

std::string part_label(const Network& network, const Plant& plant, const Part& part) {
  const std::string where = part.place.text();
  return fmt::format("{}{}{} '{}' at {}", where, where.empty() ? "" : ": ", part.model,
                     plant.name + "." + part.name, network.bus_label(plant.bus));
}

bool given_by_system(std::string_view name) {
  return name == "Vr" || name == "Vi" || name == "frame_speed" || name == "time" || name == "Vr_far" ||
         name == "Vi_far" || name == "closed";
}

}  // namespace

System::System(const Network& network, std::vector<Plant> plants)
    : grid(network), network_(&network), plants_(std::move(plants)) {
  plant_active_.assign(plants_.size(), 1);
  Problems problems;
  check_plants(problems);
  problems.throw_if_any();
  build_groups(problems);
  problems.throw_if_any();
  wire(problems);
  problems.throw_if_any();
  order_parts(problems);
  problems.throw_if_any();
  frame_of_bus_.assign(grid.bus_count(), -1);
  plan_ = std::make_unique<JacobianPlan>();
  find_frames();
  plan_->build(*this);
}

System::~System() = default;

void System::check_plants(Problems& problems) const {
  for (const int k : grid.impossible_branches()) {
    const Branch& b = network_->branches[k];
    problems.add(
        fmt::format("branch {} to {} '{}'", network_->bus_label(b.from), network_->bus_label(b.to), b.id),
        fmt::format("its impedance R = {:g}, X = {:g} pu has no admittance", b.R, b.X),
        "merge the two buses or give X, e.g. 0.0001 pu");
  }
  std::set<std::pair<std::string, std::string>> names;
  for (const Plant& plant : plants_) {
    const std::string place = plant.place.text();
    const std::string where =
        fmt::format("{}{}{} '{}'", place, place.empty() ? "" : ": ", plant.kind, plant.name);
    if (plant.bus < 0 || plant.bus >= grid.bus_count()) {
      problems.add(where,
                   fmt::format("its bus has index {}, the network has {}", plant.bus, grid.bus_count()));
      continue;
    }
    if (!names.emplace(plant.kind, plant.name).second)
      problems.add(where, "another plant of this kind has this name", "give every plant its own name");
    std::set<std::string> parts;
    for (const Part& part : plant.parts) {
      if (!parts.insert(part.name).second)
        problems.add(part_label(*network_, plant, part), "another part of the plant has this name",
                     "give every part of a plant its own name");
      if (!(part.base_MVA > 0) || !std::isfinite(part.base_MVA))
        problems.add(part_label(*network_, plant, part),
                     fmt::format("its base of {:g} MVA is not positive", part.base_MVA));
      if (!std::isfinite(part.P_MW) || !std::isfinite(part.Q_Mvar))
        problems.add(
            part_label(*network_, plant, part),
            fmt::format("its power at rest, {:g} MW and {:g} Mvar, is no number", part.P_MW, part.Q_Mvar));
      if (part.at_bus < -1 || part.at_bus >= grid.bus_count())
        problems.add(
            part_label(*network_, plant, part),
            fmt::format("it reads the bus of index {}, the network has {}", part.at_bus, grid.bus_count()));
      if (part.branch < -1 || part.branch >= static_cast<int>(network_->branches.size()))
        problems.add(part_label(*network_, plant, part),
                     fmt::format("it measures the branch of index {}, the network has {}", part.branch,
                                 network_->branches.size()));
    }
  }
}

void System::build_groups(Problems& problems) {
  std::map<std::string, int> group_of;
  for (std::size_t p = 0; p < plants_.size(); ++p) {
    const Plant& plant = plants_[p];
    first_part_.push_back(static_cast<int>(parts_.size()));
    for (const Part& part : plant.parts) {
      auto [found, is_new] = group_of.try_emplace(part.model, static_cast<int>(groups_.size()));
      if (is_new) {
        auto group = make_part_group(part.model);
        if (!group) {
          const std::string hint = nearest(part.model, part_group_names());
          problems.add(part_label(*network_, plant, part), fmt::format("no model '{}'", part.model),
                       hint.empty() ? "`ballast models` lists what there is"
                                    : fmt::format("did you mean '{}'?", hint));
          group_of.erase(found);
          continue;
        }
        groups_.push_back(std::move(group));
        part_at_.emplace_back();
      }
      PartGroup& group = *groups_[found->second];
      if (part.parameters.size() != group.parameters.size()) {
        problems.add(part_label(*network_, plant, part),
                     fmt::format("{} parameters given, {} has {}", part.parameters.size(), part.model,
                                 group.parameters.size()));
        continue;
      }
      const std::size_t found_before = problems.errors().size();
      check_parameters(*find_model(part.model), part.parameters, part_label(*network_, plant, part),
                       problems);
      if (problems.errors().size() > found_before) continue;
      const int index =
          group.add(part.parameters, {part.base_MVA, network_->base_MVA, network_->frequency_Hz});
      if (part.table) group.table[index] = *part.table;
      part_at_[found->second].push_back(static_cast<int>(parts_.size()));
      parts_.push_back({found->second, index, static_cast<int>(p), plant.name + "." + part.name});
    }
  }
  first_part_.push_back(static_cast<int>(parts_.size()));
  int guard = 0;
  for (const auto& group : groups_) {
    guard_at_.push_back(guard);
    guard += group->count * group->guards;
  }
  guards_.assign(guard, -1.0);
  for (std::size_t gi = 0; gi < groups_.size(); ++gi)
    for (int i = 0; i < groups_[gi]->count; ++i)
      for (int k = 2 * groups_[gi]->limits; k < groups_[gi]->guards; ++k)
        watched_guards_.push_back(guard_at_[gi] + i * groups_[gi]->guards + k);
}

void System::number_signals() {
  time_signal_ = 2 * grid.bus_count();
  one_signal_ = time_signal_ + 1;
  outputs_at_ = one_signal_ + 1;
  int next = outputs_at_;
  for (const PartRef& ref : parts_) {
    PartGroup& group = *groups_[ref.group];
    group.x_at[ref.index] = nx_;
    nx_ += group.state_count();
    group.out_at[ref.index] = next;
    next += group.output_count();
  }
  closed_at_ = next;
  for (const Plant& plant : plants_)
    for (const Part& part : plant.parts)
      if (part.branch >= 0) metered_.push_back(part.branch);
  std::sort(metered_.begin(), metered_.end());
  metered_.erase(std::unique(metered_.begin(), metered_.end()), metered_.end());
  constants_at_ = closed_at_ + static_cast<int>(metered_.size());
  signals_.assign(constants_at_, 0.0);
  signals_[one_signal_] = 1;
}

int System::given_signal(std::string_view name, const Part& part, int bus) const {
  if (part.at_bus >= 0) bus = part.at_bus;
  if (name == "Vr") return 2 * bus;
  if (name == "Vi") return 2 * bus + 1;
  if (name == "time") return time_signal_;
  if (name == "frame_speed") return one_signal_;  // find_frames() sets the frame's
  if (part.branch < 0) return -1;
  const Branch& branch = network_->branches[part.branch];
  const int far = branch.from == bus ? branch.to : branch.from;
  if (name == "Vr_far") return 2 * far;
  if (name == "Vi_far") return 2 * far + 1;
  return closed_at_ +
         static_cast<int>(std::lower_bound(metered_.begin(), metered_.end(), part.branch) - metered_.begin());
}

int System::bus_signal(std::string_view source) const {
  for (std::size_t bus = 0; bus < network_->buses.size(); ++bus)
    for (int axis = 0; axis < 2; ++axis)
      if (source == fmt::format("bus {}.{}", network_->buses[bus].number, axis == 0 ? "Vr" : "Vi"))
        return static_cast<int>(2 * bus) + axis;
  return -1;
}

double System::given_at_rest(int signal, double t, const double* y) const {
  if (signal < time_signal_) return y[nx_ + signal];
  if (signal == time_signal_) return t;
  return signal >= closed_at_ && signal < constants_at_ ? signals_[signal] : 1.0;
}

void System::wire(Problems& problems) {
  number_signals();
  const auto constant = [&](double value) {
    signals_.push_back(value);
    return static_cast<int>(signals_.size()) - 1;
  };

  std::size_t number = 0;
  for (std::size_t p = 0; p < plants_.size(); ++p) {
    for (const Part& part : plants_[p].parts) {
      const int self = static_cast<int>(number++);
      PartGroup& group = *groups_[parts_[self].group];
      const int bus = plants_[p].bus;
      const std::string label = part_label(*network_, plants_[p], part);
      for (const auto& wire : part.wires)
        if (group.find_input(wire.first) < 0)
          problems.add(label, fmt::format("{} has no input '{}'", part.model, wire.first));
      for (int k = 0; k < group.input_count(); ++k) {
        const InputInfo& input = group.inputs[k];
        const std::string_view name = input.name;
        int signal = -1;
        const auto wire = std::find_if(part.wires.begin(), part.wires.end(),
                                       [&](const auto& w) { return w.first == name; });
        if (wire != part.wires.end()) {
          std::string rest = wire->second;
          const auto slash = rest.rfind('/');
          if (slash != std::string::npos) rest = rest.substr(slash + 1);
          const auto dot = rest.find('.');
          const std::string name_of_part = rest.substr(0, dot);
          const int source = dot == std::string::npos ? -1
                             : slash == std::string::npos
                                 ? find_part_of(static_cast<int>(p), name_of_part)
                                 : find_part(wire->second.substr(0, slash), name_of_part);
          if (source >= 0) signal = output_signal(source, rest.substr(dot + 1));
          if (wire->second.starts_with("bus ")) signal = bus_signal(wire->second);
          if (signal < 0) {
            problems.add(label,
                         fmt::format("input '{}' is wired to '{}', which nothing gives", name, wire->second));
            continue;
          }
        } else if (given_by_system(name)) {
          signal = given_signal(name, part, bus);
          if (signal < 0) {
            problems.add(label, fmt::format("its input '{}' needs a branch to measure", name));
            continue;
          }
          if (name == "frame_speed")
            frame_inputs_.push_back({parts_[self].group, parts_[self].index * group.input_count() + k,
                                     part.at_bus >= 0 ? part.at_bus : bus});
        } else {
          int sources = 0;
          for (int other = first_part_[p]; other < first_part_[p + 1]; ++other) {
            if (other == self) continue;
            const int found = output_signal(other, name);
            if (found >= 0) {
              signal = found;
              ++sources;
            }
          }
          if (sources > 1) {
            problems.add(label, fmt::format("{} parts of the plant give '{}'", sources, name),
                         "wire this input explicitly");
            continue;
          }
          if (sources == 0) {
            if (input.unwired == Unwired::REFUSED) {
              problems.add(label, fmt::format("nothing in the plant gives its input '{}'", name));
              continue;
            }
            signal = constant(input.unwired == Unwired::ZERO ? 0.0 : kUnknown);
          }
        }
        group.in_at[parts_[self].index * group.input_count() + k] = signal;
      }
      if (const int tap = group.find_output("tap_ratio"); tap >= 0 && part.branch >= 0)
        taps_.push_back({group.out_at[parts_[self].index] + tap, part.branch});
      for (const Order& order : part.orders) take_order(order, self, label, problems);
      const int r = group.find_output("Ir");
      if (r >= 0) {
        const int at = group.out_at[parts_[self].index];
        injections_.push_back({at + r, at + group.find_output("Ii"), bus, self});
        if (part.at_bus >= 0 && part.at_bus != bus)
          problems.add(label, "a part that injects into its bus cannot read another one");
      }
    }
  }
}

void System::take_order(const Order& order, int self, const std::string& label, Problems& problems) {
  const PartGroup& group = *groups_[parts_[self].group];
  const int output = group.find_output(order.output);
  if (output < 0) {
    problems.add(label, fmt::format("{} has no output '{}' to order anything", group.model, order.output));
    return;
  }
  using Kind = Order::Kind;
  int index = order.index;
  if (order.kind == Kind::PLANT || order.kind == Kind::DEMAND) {
    const auto found = std::find_if(plants_.begin(), plants_.end(), [&](const Plant& p) {
      return p.kind == order.plant_kind && p.name == order.plant;
    });
    if (found == plants_.end()) {
      problems.add(label, fmt::format("its output '{}' operates the {} '{}', which is not there",
                                      order.output, order.plant_kind, order.plant));
      return;
    }
    index = static_cast<int>(found - plants_.begin());
    const auto has_demand = [&](int part) {
      return groups_[parts_[part].group]->find_input("P_factor") >= 0;
    };
    bool any = order.kind == Kind::PLANT;
    for (int i = first_part_[index]; i < first_part_[index + 1]; ++i) any = any || has_demand(i);
    if (!any)
      problems.add(label,
                   fmt::format("its output '{}' sheds the {} '{}', no model of which has a demand to shed",
                               order.output, order.plant_kind, order.plant),
                   "trip it as a whole");
  } else {
    const std::size_t count = order.kind == Kind::BRANCH  ? network_->branches.size()
                              : order.kind == Kind::SHUNT ? network_->shunts.size()
                                                          : network_->switched_shunts.size();
    if (index < 0 || index >= static_cast<int>(count)) {
      problems.add(
          label, fmt::format("its output '{}' operates the {} of index {}, the network has {}", order.output,
                             order.kind == Kind::BRANCH ? "branch" : "shunt", index, count));
      return;
    }
  }
  orders_.push_back({group.out_at[parts_[self].index] + output, self, order.kind, index});
}

void System::order_parts(Problems&) {
  // Part b waits for part a when an output of b depends on an input that a gives.
  const int n = static_cast<int>(parts_.size());
  std::vector<int>& giver = giver_;
  giver.assign(signals_.size(), -1);
  for (int i = 0; i < n; ++i) {
    const PartGroup& g = *groups_[parts_[i].group];
    for (int k = 0; k < g.output_count(); ++k) giver[g.out_at[parts_[i].index] + k] = i;
  }
  std::vector<std::vector<int>> waits(n);
  for (int i = 0; i < n; ++i) {
    const PartGroup& g = *groups_[parts_[i].group];
    std::uint64_t mask = 0;
    for (int k = 0; k < g.output_count(); ++k) mask |= g.pattern[g.state_count() + k];
    for (int k = 0; k < g.input_count(); ++k) {
      const int source = giver[g.in_at[parts_[i].index * g.input_count() + k]];
      if ((mask >> (g.state_count() + k) & 1U) != 0 && source >= 0) waits[i].push_back(source);
    }
  }
  std::vector<int> layer(n, -1);
  int placed = 0;
  for (int level = 0; placed < n; ++level) {
    std::vector<int> ready;
    for (int i = 0; i < n; ++i)
      if (layer[i] < 0 && std::all_of(waits[i].begin(), waits[i].end(),
                                      [&](int w) { return layer[w] >= 0 && layer[w] < level; }))
        ready.push_back(i);
    if (ready.empty()) {
      // A loop of direct feedthrough. Cut it at the first waiting part: what it waits for becomes an unknown.
      const auto first = std::find(layer.begin(), layer.end(), -1);
      const int i = static_cast<int>(first - layer.begin());
      PartGroup& g = *groups_[parts_[i].group];
      for (int k = 0; k < g.input_count(); ++k) {
        int& signal = g.in_at[parts_[i].index * g.input_count() + k];
        const int source = giver[signal];
        if (source < 0 || layer[source] >= 0) continue;
        signals_.push_back(0.0);
        giver.push_back(source);
        cuts_.push_back({signal, static_cast<int>(signals_.size()) - 1});
        signal = cuts_.back().signal;
      }
      std::erase_if(waits[i], [&](int w) { return layer[w] < 0; });
      --level;
      continue;
    }
    for (const int i : ready) layer[i] = level;
    placed += static_cast<int>(ready.size());
  }
  std::vector<int> order(n);
  for (int i = 0; i < n; ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return std::tuple(layer[a], parts_[a].group, parts_[a].index) <
           std::tuple(layer[b], parts_[b].group, parts_[b].index);
  });
  int batch_layer = -1;  // no part of a batch waits for another of it
  for (const int i : order) {
    const PartRef& r = parts_[i];
    if (layer[i] == batch_layer && batches_.back().group == r.group && batches_.back().last == r.index)
      ++batches_.back().last;
    else
      batches_.push_back({r.group, r.index, r.index + 1});
    batch_layer = layer[i];
  }
  cut_at_ = nx_ + 2 * grid.bus_count();
  frame_at_ = cut_at_ + static_cast<int>(cuts_.size());
  frame_signal_ = static_cast<int>(signals_.size());
  f_.assign(nx_, 0.0);
}

void System::error_scales(std::vector<double>& scale, std::vector<char>& absolute) const {
  scale.assign(size(), 1.0);
  absolute.assign(size(), 0);
  for (const PartRef& r : parts_) {
    const PartGroup& g = *groups_[r.group];
    for (int k = 0; k < g.state_count(); ++k) {
      const int i = g.x_at[r.index] + k;
      switch (g.states[k].kind) {
        case StateKind::ANGLE:
          absolute[i] = 1;
          break;
        case StateKind::DEVIATION:
          scale[i] = 0.01;
          break;
        case StateKind::ORDINARY:
        case StateKind::COUNTER:
          scale[i] = 0.1;
          break;
      }
    }
  }
  for (int k = 0; k < frame_count_; ++k) absolute[frame_angle_at(k)] = 1;
}

std::vector<char> System::counters() const {
  std::vector<char> found(size(), 0);
  for (const PartRef& r : parts_) {
    const PartGroup& g = *groups_[r.group];
    for (int k = 0; k < g.state_count(); ++k)
      found[g.x_at[r.index] + k] = g.states[k].kind == StateKind::COUNTER ? 1 : 0;
  }
  return found;
}

std::string System::unknown_name(int unknown) const {
  if (unknown < nx_) {
    for (const PartRef& r : parts_) {
      const PartGroup& g = *groups_[r.group];
      const int at = g.x_at[r.index];
      if (unknown >= at && unknown < at + g.state_count())
        return fmt::format("{} {}: {}", g.model, r.name, g.states[unknown - at].name);
    }
  }
  if (unknown < cut_at_)
    return fmt::format("{}: {}", network_->bus_label((unknown - nx_) / 2),
                       (unknown - nx_) % 2 == 0 ? "Vr" : "Vi");
  if (unknown < frame_at_) return fmt::format("loop signal {}", unknown - cut_at_);
  if (unknown < frame_at_ + frame_count_) return fmt::format("frame {}: speed", unknown - frame_at_);
  return fmt::format("frame {}: angle", unknown - frame_at_ - frame_count_);
}

int System::find_part(const std::string& plant, const std::string& part) const {
  for (std::size_t p = 0; p < plants_.size(); ++p)
    if (plants_[p].name == plant)
      if (const int found = find_part_of(static_cast<int>(p), part); found >= 0) return found;
  return -1;
}

int System::find_part_of(int plant, std::string_view part) const {
  for (std::size_t k = 0; k < plants_[plant].parts.size(); ++k)
    if (plants_[plant].parts[k].name == part) return first_part_[plant] + static_cast<int>(k);
  return -1;
}

int System::output_signal(int part, std::string_view output) const {
  const PartGroup& g = *groups_[parts_[part].group];
  const int k = g.find_output(output);
  return k < 0 ? -1 : g.out_at[parts_[part].index] + k;
}

int System::reference_signal(int part, std::string_view input) const {
  const PartGroup& g = *groups_[parts_[part].group];
  const int k = g.find_input(input);
  if (k < 0) return -1;
  const int signal = g.in_at[parts_[part].index * g.input_count() + k];
  return is_given(signal) || giver_[signal] >= 0 ? -1 : signal;
}

void System::set_active(int plant, bool active) {
  plant_active_[plant] = active ? 1 : 0;
  for (int i = first_part_[plant]; i < first_part_[plant + 1]; ++i)
    groups_[parts_[i].group]->active[parts_[i].index] = active ? 1 : 0;
}

void System::set_parameters(int part, std::vector<double> parameters) {
  const PartRef& ref = parts_[part];
  Part& described = plants_[ref.plant].parts[part - first_part_[ref.plant]];
  groups_[ref.group]->set_parameters(ref.index, parameters,
                                     {described.base_MVA, network_->base_MVA, network_->frequency_Hz});
  described.parameters = std::move(parameters);
}

bool System::is_active(int plant) const { return plant_active_[plant] != 0; }

double System::reference(int signal) const {
  for (const Ramp& r : ramps_)
    if (r.signal == signal) return r.at(signals_[time_signal_]);
  for (const Kept& k : kept_)
    if (k.signal == signal) return k.whole;
  return signals_[signal];
}

void System::set_reference(int signal, double value) {
  std::erase_if(ramps_, [&](const Ramp& r) { return r.signal == signal; });
  signals_[signal] = value;
  for (Kept& k : kept_)
    if (k.signal == signal) {
      k.whole = value;
      signals_[signal] = k.share * value;
    }
}

void System::ramp_reference(int signal, double value, double start_s, double over_s) {
  const double from = reference(signal);
  set_reference(signal, from);
  Ramp ramp{signal, start_s, over_s, from, value};
  for (const Kept& k : kept_)
    if (k.signal == signal) ramp.share = k.share;
  ramps_.push_back(ramp);
}

void System::keep_share(int signal, double share) {
  auto kept = std::find_if(kept_.begin(), kept_.end(), [&](const Kept& k) { return k.signal == signal; });
  if (kept == kept_.end()) kept = kept_.insert(kept_.end(), {signal, 1, signals_[signal]});
  kept->share = share;
  signals_[signal] = share * reference(signal);
  for (Ramp& r : ramps_)
    if (r.signal == signal) r.share = share;
}

bool System::move_taps() {
  bool any = false;
  for (const Tap& tap : taps_) {
    if (signals_[tap.signal] == grid.ratio(tap.branch)) continue;
    grid.set_ratio(tap.branch, signals_[tap.signal]);
    any = true;
  }
  if (any) grid.rebuild_matrix();
  return any;
}

bool System::move_limits(std::vector<int>* moved) {
  bool any = false;
  for (std::size_t gi = 0; gi < groups_.size(); ++gi) {
    PartGroup& g = *groups_[gi];
    const int of_limits = 2 * g.limits;
    if (of_limits == 0) continue;
    for (int i = 0; i < g.count; ++i)
      for (int k = 0, guard = guard_at_[gi] + i * g.guards; k < of_limits; ++k, ++guard) {
        if (guards_[guard] <= kGuardTolerance) continue;
        advance_limit(g.mode.data() + static_cast<std::ptrdiff_t>(i) * g.modes, k);
        if (moved != nullptr) moved->push_back(guard);
        any = true;
      }
  }
  return any;
}

void System::settle_limits(double t, const double* y, std::vector<int>* moved) {
  // A limit may lie behind another one; two that undo each other are left to the chatter count of the run.
  for (int round = 0; round < 4; ++round) {
    evaluate(t, y);
    if (!move_limits(moved)) return;
  }
  evaluate(t, y);
}

void System::save_limits(std::vector<int>& modes) const {
  modes.clear();
  for (const auto& g : groups_)
    for (int i = 0; i < g->count && g->limits > 0; ++i) {
      const auto first = g->mode.begin() + static_cast<std::ptrdiff_t>(i) * g->modes;
      modes.insert(modes.end(), first, first + g->limits);
    }
}

void System::restore_limits(const std::vector<int>& modes) {
  auto from = modes.begin();
  for (const auto& g : groups_)
    for (int i = 0; i < g->count && g->limits > 0; ++i, from += g->limits)
      std::copy_n(from, g->limits, g->mode.begin() + static_cast<std::ptrdiff_t>(i) * g->modes);
}

System::GuardOwner System::guard_owner(int guard) const {
  int g =
      static_cast<int>(std::upper_bound(guard_at_.begin(), guard_at_.end(), guard) - guard_at_.begin()) - 1;
  while (groups_[g]->guards == 0) --g;
  const int local = guard - guard_at_[g];
  return {part_at_[g][local / groups_[g]->guards], local % groups_[g]->guards};
}

}  // namespace ballast
