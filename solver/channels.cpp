#include "solver/channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "solver/phase_voltages.hpp"

namespace ballast {
namespace {

constexpr double kDegrees = 180 / std::numbers::pi;

/// `*` matches any run of characters.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= text.size(); ++skip)
      if (matches(pattern.substr(1), text.substr(skip))) return true;
    return false;
  }
  return !text.empty() && pattern.front() == text.front() && matches(pattern.substr(1), text.substr(1));
}

/// "bus.voltage" of element "2101" has the path "bus.2101.voltage".
std::string path_of(const std::string& quantity, const std::string& element) {
  const auto dot = quantity.find('.');
  if (dot == std::string::npos) return quantity + "." + element;
  return quantity.substr(0, dot) + "." + element + quantity.substr(dot);
}

std::string branch_name(const Network& network, const Branch& b) {
  return fmt::format("{}-{}-{}", network.buses[b.from].number, network.buses[b.to].number, b.id);
}

bool consumes(const std::string& kind) { return kind == "load" || kind == "datacenter"; }

}  // namespace

std::vector<std::string> default_record() {
  return {"frequency",         "bus.voltage",   "bus.frequency", "branch.power",
          "branch.in_service", "machine.speed", "machine.power", "machine.angle",
          "datacenter.*",      "bess.*",        "island"};
}

/// One element of one quantity that could be recorded.
struct Channels::Candidate {
  std::string quantity, unit, meaning, element;
  int index;  ///< bus or branch, else -1
  Item item;
};

std::vector<Channels::Candidate> Channels::candidates(const System& system) const {
  std::vector<Candidate> all;
  const Network& net = system.network();
  const int nb = static_cast<int>(net.buses.size());

  // One frequency per island of the start, followed through its heaviest machine's bus.
  std::map<int, std::pair<double, int>> heaviest;
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& r = system.parts()[i];
    const PartGroup& g = system.group(r.group);
    const int bus = system.part_bus(static_cast<int>(i));
    if (!g.forms_voltage || g.active[r.index] == 0 || system.frame_of(bus) < 0) continue;
    auto& best = heaviest.try_emplace(system.frame_of(bus), -1.0, bus).first->second;
    if (g.inertia(r.index) > best.first) best = {g.inertia(r.index), bus};
  }
  all.reserve(heaviest.size());
  for (const auto& [frame, machine] : heaviest)
    all.push_back(
        {"frequency",
         "Hz",
         "inertia-weighted frequency of an island",
         heaviest.size() == 1 ? "system" : fmt::format("island of bus {}", net.buses[machine.second].number),
         -1,
         {Source::FREQUENCY, machine.second}});

  const auto buses = [&](const char* quantity, const char* unit, const char* meaning, Source source) {
    for (int b = 0; b < nb; ++b)
      all.push_back({quantity, unit, meaning, std::to_string(net.buses[b].number), b, {source, b}});
  };
  buses("bus.voltage", "pu", "voltage magnitude", Source::BUS_VOLTAGE);
  buses("bus.angle", "deg", "voltage angle against the nominal frame", Source::BUS_ANGLE);
  buses("bus.frequency", "Hz", "frequency of the bus's island; 0 in a dead one", Source::BUS_FREQUENCY);
  buses("island", "1", "number of the bus's living island, -1 when dead", Source::ISLAND);
  const auto branches = [&](const char* quantity, const char* unit, const char* meaning, Source source) {
    for (std::size_t k = 0; k < net.branches.size(); ++k) {
      if (source == Source::BRANCH_LOADING && net.branches[k].rate_MVA <= 0) continue;
      all.push_back({quantity,
                     unit,
                     meaning,
                     branch_name(net, net.branches[k]),
                     static_cast<int>(k),
                     {source, static_cast<int>(k)}});
    }
  };
  branches("branch.power", "MW", "power into the branch at its first bus", Source::BRANCH_P);
  branches("branch.reactive_power", "Mvar", "reactive power into the branch at its first bus",
           Source::BRANCH_Q);
  branches("branch.power_to", "MW", "power into the branch at its second bus", Source::BRANCH_P_TO);
  branches("branch.reactive_power_to", "Mvar", "reactive power into the branch at its second bus",
           Source::BRANCH_Q_TO);
  branches("branch.loading", "1", "larger apparent power of the two ends over the rating",
           Source::BRANCH_LOADING);
  branches("branch.in_service", "1", "1 while the branch is closed, 0 while it is open",
           Source::BRANCH_IN_SERVICE);

  for (std::size_t p = 0; p < system.plants().size(); ++p) {
    const Plant& plant = system.plants()[p];
    if (plant_injections_[p].empty()) continue;
    const double sign = consumes(plant.kind) ? -1 : 1;
    all.push_back({plant.kind + ".power",
                   "MW",
                   consumes(plant.kind) ? "power drawn" : "power injected",
                   plant.name,
                   -1,
                   {Source::PLANT_P, static_cast<int>(p), 0, sign}});
    all.push_back({plant.kind + ".reactive_power",
                   "Mvar",
                   consumes(plant.kind) ? "reactive power drawn" : "reactive power injected",
                   plant.name,
                   -1,
                   {Source::PLANT_Q, static_cast<int>(p), 0, sign}});
  }
  if (net.sequence || system.grid.sequence_ratio)
    for (const Plant& plant : system.plants()) {
      if (plant.kind != "datacenter") continue;
      for (int phase = 0; phase < 6; ++phase)
        all.push_back({fmt::format("datacenter.voltage_{:c}{}", 'a' + phase % 3, phase < 3 ? "" : "_behind"),
                       "pu",
                       phase < 3 ? "phase voltage to ground at the bus"
                                 : "phase voltage behind a delta-wye transformer (Dyn1) at the bus",
                       plant.name,
                       -1,
                       {Source::PHASE_VOLTAGE, plant.bus, phase}});
    }
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& r = system.parts()[i];
    const PartGroup& g = system.group(r.group);
    const Plant& plant = system.plants()[r.plant];
    const int part_id = static_cast<int>(i);
    const Part& own = plant.parts[part_id - system.parts_of(r.plant).first];
    const bool one_of_many = !own.family.empty();
    const std::string& part = one_of_many ? own.family : own.name;
    const std::string element = one_of_many ? plant.name + "/" + own.name : plant.name;
    if (plant.kind == "machine" && g.forms_voltage) {
      if (const int s = system.output_signal(part_id, "omega"); s >= 0)
        all.push_back({"machine.speed", "pu", "rotor speed", plant.name, -1, {Source::SPEED, s}});
      for (int k = 0; k < g.state_count(); ++k)
        if (g.states[k].kind == StateKind::ANGLE)
          all.push_back({"machine.angle",
                         "deg",
                         "rotor angle of the q axis against the nominal frame",
                         plant.name,
                         -1,
                         {Source::ROTOR_ANGLE, g.x_at[r.index] + k, plant.bus}});
      const auto input = [&](const char* name, const char* quantity, const char* meaning) {
        if (const int k = g.find_input(name); k >= 0)
          all.push_back({quantity,
                         "pu",
                         meaning,
                         plant.name,
                         -1,
                         {Source::SIGNAL, g.in_at[r.index * g.input_count() + k]}});
      };
      input("Efd", "machine.field_voltage", "field voltage");
      input("Pm", "machine.mechanical_power", "mechanical power on the machine base");
    }
    for (int k = 0; k < g.output_count(); ++k) {
      const std::string_view name = g.outputs[k].name;
      if (name == "Ir" || name == "Ii") continue;
      all.push_back({fmt::format("{}.{}.{}", plant.kind, part, name),
                     g.outputs[k].unit,
                     g.outputs[k].meaning,
                     element,
                     -1,
                     {Source::SIGNAL, g.out_at[r.index] + k}});
    }
    if (!g.mode_names.empty()) {
      std::string meaning;
      for (std::size_t m = 0; m < g.mode_names.size(); ++m)
        meaning += fmt::format("{}{} {}", m == 0 ? "" : ", ", m, g.mode_names[m]);
      all.push_back({fmt::format("{}.{}.mode", plant.kind, part),
                     "1",
                     meaning,
                     element,
                     -1,
                     {Source::MODE, r.group, r.index * g.modes + g.limits}});
    }
  }
  return all;
}

Channels::Channels(const System& system, const std::vector<std::string>& patterns) {
  plant_injections_.resize(system.plants().size());
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const int part = static_cast<int>(i);
    if (const int re = system.output_signal(part, "Ir"); re >= 0)
      plant_injections_[system.parts()[i].plant].emplace_back(re, system.output_signal(part, "Ii"));
  }
  const std::vector<Candidate> all = candidates(system);
  std::vector<char> used(patterns.size(), 0);
  std::map<std::string, std::size_t> place;  // quantity name -> schema index
  std::vector<std::vector<Item>> items;
  for (const Candidate& c : all) {
    const std::string path = path_of(c.quantity, c.element);
    const bool one_of_many = c.element.find('/') != std::string::npos;
    bool wanted = false;
    for (std::size_t k = 0; k < patterns.size(); ++k)
      if (one_of_many && patterns[k].find('/') == std::string::npos)
        continue;
      else if (matches(patterns[k], c.quantity) || matches(patterns[k], path)) {
        wanted = true;
        used[k] = 1;
      }
    if (!wanted) continue;
    const auto [found, is_new] = place.try_emplace(c.quantity, schema_.quantities.size());
    if (is_new) {
      schema_.quantities.push_back({c.quantity, c.unit, c.meaning, {}, {}});
      items.emplace_back();
    }
    Quantity& quantity = schema_.quantities[found->second];
    quantity.elements.push_back(c.element);
    if (c.index >= 0) quantity.indices.push_back(c.index);
    items[found->second].push_back(c.item);
  }
  for (const auto& list : items) items_.insert(items_.end(), list.begin(), list.end());

  Problems problems;
  const std::vector<std::string> defaults = default_record();
  for (std::size_t k = 0; k < patterns.size(); ++k) {
    if (used[k] != 0 || std::find(defaults.begin(), defaults.end(), patterns[k]) != defaults.end()) continue;
    std::vector<std::string> names;
    names.reserve(all.size());
    for (const Candidate& c : all) names.push_back(c.quantity);
    const std::string hint = nearest(patterns[k], names);
    problems.add("[output] record", fmt::format("'{}' matches nothing that can be recorded", patterns[k]),
                 hint.empty() ? "see docs/case-format.md for the quantities"
                              : fmt::format("did you mean '{}'?", hint));
  }
  problems.throw_if_any();
}

bool Channels::reads_currents() const {
  return std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.source == Source::PLANT_P || item.source == Source::PLANT_Q;
  });
}
bool Channels::reads_outputs() const {
  return std::any_of(items_.begin(), items_.end(), [](const Item& item) {
    return item.source == Source::SPEED || item.source == Source::SIGNAL;
  });
}

void Channels::sample(const System& system, std::span<const double> y, std::vector<double>& values) const {
  const Network& net = system.network();
  const std::span<const double> s = system.signals();
  values.resize(items_.size());
  const auto speed_of = [&](int bus) {
    const int frame = system.frame_of(bus);
    return frame < 0 ? 0.0 : y[system.frame_speed_at(frame)];
  };
  const auto frame_angle = [&](int bus) {
    const int frame = system.frame_of(bus);
    return frame < 0 ? 0.0 : y[system.frame_angle_at(frame)];
  };
  const auto flow = [&](int branch) {
    const Branch& b = net.branches[branch];
    return system.grid.flow(branch, system.voltage(y.data(), b.from), system.voltage(y.data(), b.to));
  };
  for (std::size_t k = 0; k < items_.size(); ++k) {
    const Item& item = items_[k];
    double& out = values[k];
    switch (item.source) {
      case Source::FREQUENCY:
      case Source::BUS_FREQUENCY:
        out = speed_of(item.a) * net.frequency_Hz;
        break;
      case Source::BUS_VOLTAGE:
        out = std::sqrt(std::norm(system.voltage(y.data(), item.a)));
        break;
      case Source::BUS_ANGLE:
        out = (std::arg(system.voltage(y.data(), item.a)) + frame_angle(item.a)) * kDegrees;
        break;
      case Source::BRANCH_P:
        out = flow(item.a).from.real();
        break;
      case Source::BRANCH_Q:
        out = flow(item.a).from.imag();
        break;
      case Source::BRANCH_P_TO:
        out = flow(item.a).to.real();
        break;
      case Source::BRANCH_Q_TO:
        out = flow(item.a).to.imag();
        break;
      case Source::BRANCH_LOADING: {
        const auto [from, to] = flow(item.a);
        out = std::max(std::abs(from), std::abs(to)) / net.branches[item.a].rate_MVA;
        break;
      }
      case Source::BRANCH_IN_SERVICE:
        out = system.grid.branch_closed[item.a];
        break;
      case Source::ISLAND:
        out = system.frame_of(item.a);
        break;
      case Source::PLANT_P:
      case Source::PLANT_Q: {
        std::complex<double> current = 0;
        for (const auto& [re, im] : plant_injections_[item.a]) current += std::complex<double>(s[re], s[im]);
        const std::complex<double> power =
            net.base_MVA * system.voltage(y.data(), system.plants()[item.a].bus) * std::conj(current);
        out = item.factor * (item.source == Source::PLANT_P ? power.real() : power.imag());
        break;
      }
      case Source::SPEED:
        out = 1 + s[item.a];
        break;
      case Source::ROTOR_ANGLE:
        out = (y[item.a] + frame_angle(item.b)) * kDegrees;
        break;
      case Source::PHASE_VOLTAGE: {
        const SequenceVoltages v = sequence_voltages(system, y.data(), item.a);
        const PhaseVoltages p = item.b < 3 ? phase_voltages(v.positive, v.negative, v.zero)
                                           : behind_delta_wye(v.positive, v.negative);
        out = std::abs(item.b % 3 == 0 ? p.a : item.b % 3 == 1 ? p.b : p.c);
        break;
      }
      case Source::SIGNAL:
        out = s[item.a];
        break;
      case Source::MODE:
        out = system.group(item.a).mode[item.b];
        break;
    }
  }
}

}  // namespace ballast
