/// Wiring parts by signal name, and the order in which they are evaluated.
#include "solver/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace ballast {
namespace {

bool given_by_system(std::string_view name) {
  return name == "Vr" || name == "Vi" || name == "frame_speed" || name == "time" || name == "Vr_far" ||
         name == "Vi_far" || name == "closed";
}

}  // namespace

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
    for (const Part& part : plant.parts) {
      if (part.branch >= 0) positions_.push_back({Position::BRANCH, part.branch});
      for (const auto& wire : part.wires)
        if (const auto position = position_of(wire.second)) positions_.push_back(*position);
    }
  std::sort(positions_.begin(), positions_.end());
  positions_.erase(std::unique(positions_.begin(), positions_.end()), positions_.end());
  constants_at_ = closed_at_ + static_cast<int>(positions_.size());
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
  return position_signal({Position::BRANCH, part.branch});
}

int System::bus_signal(std::string_view source) const {
  for (std::size_t bus = 0; bus < network_->buses.size(); ++bus)
    for (int axis = 0; axis < 2; ++axis)
      if (source == fmt::format("bus {}.{}", network_->buses[bus].number, axis == 0 ? "Vr" : "Vi"))
        return static_cast<int>(2 * bus) + axis;
  return -1;
}

std::optional<System::Position> System::position_of(std::string_view source) const {
  const auto dot = source.rfind('.');
  const auto space = source.find(' ');
  if (dot == std::string_view::npos || space >= dot) return {};
  const std::string_view kind = source.substr(0, space);
  const std::string_view name = source.substr(space + 1, dot - space - 1);
  const std::string_view what = source.substr(dot + 1);
  const bool end = what == "from_closed" || what == "to_closed";
  if ((what == "closed" && kind == "shunt") || ((what == "closed" || end) && kind == "branch")) {
    const std::size_t count = kind == "branch" ? network_->branches.size() : network_->shunts.size();
    std::size_t index = count;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
    if (read.ptr != name.data() + name.size() || index >= count) return {};
    return Position{kind == "shunt"         ? Position::SHUNT
                    : !end                  ? Position::BRANCH
                    : what == "from_closed" ? Position::FROM_END
                                            : Position::TO_END,
                    static_cast<int>(index)};
  }
  if (what != "in_service") return {};
  for (std::size_t p = 0; p < plants_.size(); ++p)
    if (plants_[p].kind == kind && plants_[p].name == name)
      return Position{Position::PLANT, static_cast<int>(p)};
  return {};
}

int System::position_signal(const Position& position) const {
  return closed_at_ + static_cast<int>(std::lower_bound(positions_.begin(), positions_.end(), position) -
                                       positions_.begin());
}

bool System::is_in(const Position& position) const {
  switch (position.kind) {
    case Position::BRANCH:
      return grid.branch_closed[position.index] != 0;
    case Position::FROM_END:
    case Position::TO_END:
      return grid.end_closed(position.index, position.kind == Position::FROM_END);
    case Position::SHUNT:
      return grid.shunt_closed[position.index] != 0;
    case Position::PLANT:
      break;
  }
  return is_active(position.index);
}

void System::read_positions() {
  for (std::size_t k = 0; k < positions_.size(); ++k) {
    const auto [kind, index] = positions_[k];
    signals_[closed_at_ + k] = is_in({kind, index}) ? 1 : 0;
  }
}

int System::plain_signal(int signal) const {
  for (const FarInput& input : far_inputs_)
    if (input.turned == signal) return 2 * input.far + (input.imaginary ? 1 : 0);
  return signal;
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
      const std::string label = part_label(plants_[p], part);
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
          if (const auto position = position_of(wire->second)) signal = position_signal(*position);
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
          if (name == "Vr_far" || name == "Vi_far")
            far_inputs_.push_back({parts_[self].group, parts_[self].index * group.input_count() + k,
                                   part.at_bus >= 0 ? part.at_bus : bus, signal / 2, name == "Vi_far",
                                   constant(0.0)});
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

}  // namespace ballast
