/// Building the system: its groups; unknowns, limits and guards by name and number.
#include "solver/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/limit_move.hpp"
#include "models/registry.hpp"
#include "solver/jacobian_plan.hpp"

namespace ballast {

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
  check_ordered_references(problems);
  problems.throw_if_any();
  frame_of_bus_.assign(grid.bus_count(), -1);
  plan_ = std::make_unique<JacobianPlan>();
  find_frames();
  plan_->build(*this);
}

System::~System() = default;

std::string System::part_label(const Plant& plant, const Part& part) const {
  const std::string where = part.place.text();
  return fmt::format("{}{}{} '{}' at {}", where, where.empty() ? "" : ": ", part.model,
                     plant.name + "." + part.name, network_->bus_label(plant.bus));
}

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
        problems.add(part_label(plant, part), "another part of the plant has this name",
                     "give every part of a plant its own name");
      if (!(part.base_MVA > 0) || !std::isfinite(part.base_MVA))
        problems.add(part_label(plant, part),
                     fmt::format("its base of {:g} MVA is not positive", part.base_MVA));
      if (!std::isfinite(part.P_MW) || !std::isfinite(part.Q_Mvar))
        problems.add(
            part_label(plant, part),
            fmt::format("its power at rest, {:g} MW and {:g} Mvar, is no number", part.P_MW, part.Q_Mvar));
      if (part.at_bus < -1 || part.at_bus >= grid.bus_count())
        problems.add(part_label(plant, part), fmt::format("it reads the bus of index {}, the network has {}",
                                                          part.at_bus, grid.bus_count()));
      if (part.branch < -1 || part.branch >= static_cast<int>(network_->branches.size()))
        problems.add(part_label(plant, part),
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
          problems.add(part_label(plant, part), fmt::format("no model '{}'", part.model),
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
        problems.add(part_label(plant, part),
                     fmt::format("{} parameters given, {} has {}", part.parameters.size(), part.model,
                                 group.parameters.size()));
        continue;
      }
      const std::size_t found_before = problems.errors().size();
      check_parameters(*find_model(part.model), part.parameters, part_label(plant, part), problems);
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

bool System::move_limits(std::vector<int>* moved) {
  bool any = false;
  for (std::size_t gi = 0; gi < groups_.size(); ++gi) {
    PartGroup& g = *groups_[gi];
    if (g.limits == 0) continue;
    for (int i = 0; i < g.count; ++i)
      for (int k = 0; k < g.limits; ++k) {
        const int guard = guard_at_[gi] + i * g.guards + 2 * k;
        const bool up = guards_[guard] > kGuardTolerance;
        const bool down = guards_[guard + 1] > kGuardTolerance;
        if (!up && !down) continue;
        int& mode = g.mode[static_cast<std::size_t>(i) * g.modes + k];
        const int fired = counting_guard(mode, up, down);
        advance_limit(&mode, fired);
        if (moved != nullptr) moved->push_back(guard + fired);
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
