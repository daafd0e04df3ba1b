/// What happens, and when: [[event]].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "cases/reader/reading.hpp"
#include "grid/topology.hpp"
#include "models/datacenter/curtailment.hpp"
#include "models/datacenter/ups.hpp"

namespace ballast {
namespace {

constexpr const char* kPlantKinds[] = {"machine", "load", "datacenter", "bess"};

class EventReader {
 public:
  EventReader(Section& event, Reading& reading)
      : event_(event), reading_(reading), network_(reading.result.network), plants_(reading.result.plants) {}

  void read() {
    const double at_s = event_.number("at_s", {"s", not_negative()}, "when it happens");
    event_.relabel(fmt::format("[[event]] at {:g} s", at_s));
    const std::pair<const char*, std::function<void(Section&)>> kinds[] = {
        {"fault", [&](Section& s) { fault(s); }},
        {"line_fault", [&](Section& s) { line_fault(s); }},
        {"open", [&](Section& s) { switching(s, false); }},
        {"close", [&](Section& s) { switching(s, true); }},
        {"trip", [&](Section& s) { trip(s); }},
        {"load_step", [&](Section& s) { load_step(s); }},
        {"load_ramp", [&](Section& s) { load_ramp(s); }},
        {"shunt_step", [&](Section& s) { shunt_step(s); }},
        {"island", [&](Section& s) { island(s); }},
        {"reference_step", [&](Section& s) { reference_step(s); }},
        {"ups_reset", [&](Section& s) { ups_reset(s); }},
        {"curtail", [&](Section& s) { curtail(s); }},
        {"power_plant", [&](Section& s) { actions_ = read_power_plant_event(s, reading_.result); }},
    };
    int count = 0;
    std::string all;
    for (const auto& [key, reader] : kinds) {
      all += fmt::format("{}{}", all.empty() ? "" : ", ", key);
      auto s = event_.section_if(key);
      if (!event_.has(key)) continue;
      ++count;
      if (!s) continue;
      s->relabel(fmt::format("{} at {:g} s", key, at_s));
      reader(*s);
      s->finish();
    }
    event_.finish();
    if (count != 1)
      event_.problem("",
                     fmt::format("{} says {} that happens", event_.label(),
                                 count == 0 ? "nothing" : "more than one thing"),
                     fmt::format("give exactly one of {}", all));
    if (count != 1 || actions_.empty()) return;
    if (at_s >= reading_.result.simulation.until_s)
      event_.warning("at_s",
                     fmt::format("{} is not before the end of the run at {:g} s: it will not happen",
                                 event_.label(), reading_.result.simulation.until_s),
                     "raise until_s in [simulation]");
    for (Action& action : actions_)
      reading_.result.disturbances.push_back({at_s, std::move(action), event_.place()});
  }

 private:
  Section& event_;
  Reading& reading_;
  const Network& network_;
  const std::vector<Plant>& plants_;
  std::vector<Action> actions_;  ///< a selection becomes one for each element

  void fault(Section& s) {
    if (auto read = read_bus_fault(s, reading_.result)) actions_.emplace_back(std::move(*read));
  }
  void line_fault(Section& s) {
    if (auto read = read_line_fault(s, reading_.result)) actions_.emplace_back(std::move(*read));
  }

  void switching(Section& s, bool close) {
    int count = 0;
    for (const char* key : {"branch", "line", "transformer"}) {
      (void)s.find(key);
      if (!s.has(key)) continue;
      ++count;
      for (const int branch : select_branches(s, key, network_, key))
        actions_.emplace_back(SwitchBranch{branch, close});
    }
    (void)s.find("shunt");
    if (s.has("shunt")) {
      ++count;
      for (const int shunt : select_shunts(s, "shunt", network_))
        actions_.emplace_back(SwitchShunt{shunt, close});
    }
    if (count == 0)
      s.problem("", fmt::format("{} names nothing", s.label()),
                "give branch = \"7-8-1\", line, transformer or shunt");
  }

  void shunt_step(Section& s) {
    const int shunt = read_switched_shunt(s, "switched_shunt", network_);
    const double B_Mvar =
        s.number("B_Mvar", {"Mvar", anything()}, "total in service at 1 pu, capacitors positive");
    if (shunt >= 0) actions_.emplace_back(SetSwitchedShunt{shunt, B_Mvar});
  }

  void trip(Section& s) {
    const auto share = s.number_if("share", {"", {0, 1, true}});
    for (const Element& e : select_elements(s, network_, plants_)) {
      const bool load = e.kind == Element::Kind::PLANT && plants_[e.index].kind == "load";
      if (share && !load) {
        s.problem("share", fmt::format("{} trips a share of something that is no load", s.label()),
                  "only loads can be tripped in part");
        return;
      }
      if (e.kind == Element::Kind::BRANCH)
        actions_.emplace_back(SwitchBranch{e.index, false});
      else if (e.kind == Element::Kind::SHUNT)
        actions_.emplace_back(SwitchShunt{e.index, false});
      else if (share && *share < 1)
        actions_.emplace_back(LoadStep{e.index, 1 - *share, 1 - *share, true});
      else
        actions_.emplace_back(TripPlant{e.index});
    }
  }

  void load_step(Section& s) {
    LoadStep step;
    const std::vector<int> loads = select_plants(s, "load", "load", network_, plants_);
    step.P_factor = s.number("active_factor", {"", not_negative()}, "active power times this");
    step.Q_factor = s.number("reactive_factor", {"", not_negative()}, "reactive power times this");
    for (const int load : loads) {
      step.plant = load;
      actions_.emplace_back(step);
    }
  }

  void load_ramp(Section& s) {
    LoadRamp ramp;
    ramp.plants = select_plants(s, "load", "load", network_, plants_);
    const auto MW = s.number_if("active_MW", {"MW", anything()});
    const auto Mvar = s.number_if("reactive_Mvar", {"Mvar", anything()});
    const auto P_percent = s.number_if("active_percent", {"%", within(-100, kInfinity)});
    const auto Q_percent = s.number_if("reactive_percent", {"%", within(-100, kInfinity)});
    ramp.over_s = s.number("over_s", {"s", positive()}, "how long the ramp takes");
    ramp.in_MW = s.has("active_MW") || s.has("reactive_Mvar");
    const bool complete = ramp.in_MW ? s.has("active_MW") && s.has("reactive_Mvar")
                                     : s.has("active_percent") && s.has("reactive_percent");
    const bool mixed = ramp.in_MW && (s.has("active_percent") || s.has("reactive_percent"));
    if (!complete || mixed) {
      s.problem(
          "", fmt::format("{} does not say the change once", s.label()),
          "give active_MW and reactive_Mvar (all loads together), or active_percent and reactive_percent");
      return;
    }
    ramp.P_change = ramp.in_MW ? MW.value_or(0) : P_percent.value_or(0) / 100;
    ramp.Q_change = ramp.in_MW ? Mvar.value_or(0) : Q_percent.value_or(0) / 100;
    if (!ramp.plants.empty()) actions_.emplace_back(std::move(ramp));
  }

  /// Every branch between the selected buses and the rest, or a cut-set.
  void island(Section& s) {
    OpenCutSet cut;
    if (s.has("cut")) {
      cut.branches = select_branches(s, "cut", network_);
      cut.what = "an operator opens a cut-set";
    } else {
      const std::vector<int> inside = select_buses(s, network_);
      std::vector<char> in(network_.buses.size(), 0);
      for (const int bus : inside) in[bus] = 1;
      for (std::size_t k = 0; k < network_.branches.size(); ++k)
        if (in[network_.branches[k].from] != in[network_.branches[k].to])
          cut.branches.push_back(static_cast<int>(k));
      cut.what = fmt::format("an operator islands {} of {} buses", inside.size(), network_.buses.size());
      if (cut.branches.empty() && !inside.empty())
        s.problem(
            "", fmt::format("{} selects {} buses, and no branch leads out of them", s.label(), inside.size()),
            "select a part of the network, or give cut = [\"7-8-1\", ...]");
      const auto crosses = [&](int a, int b) { return a >= 0 && b >= 0 && in[a] != in[b]; };
      for (const TwoTerminalDc& dc : network_.two_terminal_dc)
        if (crosses(dc.rectifier.bus, dc.inverter.bus))
          s.warning("", fmt::format("DC line {} still connects what {} parts", dc.name, s.label()));
      for (const VscDc& dc : network_.vsc_dc)
        if (crosses(dc.converters[0].bus, dc.converters[1].bus))
          s.warning("", fmt::format("DC line {} still connects what {} parts", dc.name, s.label()));
    }
    if (cut.branches.empty()) return;
    std::vector<std::uint8_t> closed;
    for (const Branch& b : network_.branches) closed.push_back(b.in_service ? 1 : 0);
    const int before = find_islands(network_, closed).count;
    for (const int branch : cut.branches) closed[branch] = 0;
    if (find_islands(network_, closed).count == before)
      s.warning("",
                fmt::format("opening the {} branches of {} leaves the network in one piece",
                            cut.branches.size(), s.label()),
                "look for a path around the cut-set");
    actions_.emplace_back(std::move(cut));
  }

  /// Index of a part among the parts of all plants, as the system numbers them.
  [[nodiscard]] int part_index(int plant, std::size_t part) const {
    int index = 0;
    for (int p = 0; p < plant; ++p) index += static_cast<int>(plants_[p].parts.size());
    return index + static_cast<int>(part);
  }

  void reference_step(Section& s) {
    std::vector<int> chosen;
    int count = 0;
    bool one_name = false;
    for (const char* kind : kPlantKinds) {
      const TomlValue* value = s.find(kind);
      if (value == nullptr) continue;
      ++count;
      one_name = value->kind == TomlValue::Kind::TEXT;
      chosen = select_plants(s, kind, kind, network_, plants_);
    }
    if (count != 1)
      s.problem("", fmt::format("{} names {} plants", s.label(), count),
                "give one of machine, load, datacenter, bess");
    const std::string part = s.text("part", "part of the plant, such as governor");
    const std::string input = s.text("input", "reference, such as Pref");
    const auto change = s.number_if("change", {"pu", anything()});
    const auto value = s.number_if("value", {"pu", anything()});
    const auto over_s = s.number_if("over_s", {"s", positive()});
    if (change.has_value() == value.has_value())
      s.problem("", fmt::format("{} needs one of change and value", s.label()), "add change = ... (pu)");
    if (chosen.empty() || part.empty() || input.empty()) return;
    int without = 0;
    for (const int plant : chosen) {
      const int at = find_reference(s, plants_[plant], part, input, one_name);
      if (at < 0) {
        ++without;
        continue;
      }
      actions_.emplace_back(ReferenceStep{part_index(plant, static_cast<std::size_t>(at)), input,
                                          change ? *change : value.value_or(0), change.has_value(),
                                          over_s.value_or(0)});
    }
    if (one_name || without == 0) return;
    const std::string what = fmt::format("{} of {} plants in {} have no part '{}' with a reference '{}'",
                                         without, chosen.size(), s.label(), part, input);
    if (actions_.empty())
      s.problem("part", what, "name the part as in the list of recorded quantities, such as governor");
    else
      s.warning("part", what);
  }

  void ups_reset(Section& s) {
    for (const int plant : select_plants(s, "datacenter", "datacenter", network_, plants_)) {
      const auto& parts = plants_[plant].parts;
      for (std::size_t k = 0; k < parts.size(); ++k)
        if (parts[k].model == "UPS")
          actions_.emplace_back(ExpireTimer{part_index(plant, k), Ups::RESET, "reset by hand"});
    }
  }

  /// A command to the demand-response tiers.
  void curtail(Section& s) {
    const int tiers = s.whole("tiers", 0, Curtailment::kTiers, "tiers that are to be off; 0 = all come back");
    for (const int plant : select_plants(s, "datacenter", "datacenter", network_, plants_)) {
      const auto& parts = plants_[plant].parts;
      const auto found =
          std::find_if(parts.begin(), parts.end(), [](const Part& part) { return part.model == "CURTAIL"; });
      if (found == parts.end()) {
        s.problem("datacenter", fmt::format("{} has no tiers to curtail", plants_[plant].name),
                  "give it tiers = { share_1 = ... }");
        continue;
      }
      actions_.emplace_back(ReferenceStep{part_index(plant, static_cast<std::size_t>(found - parts.begin())),
                                          Curtailment::inputs[Curtailment::ORDER].name,
                                          static_cast<double>(tiers), false, 0});
    }
  }
};

}  // namespace

int find_reference(Section& s, const Plant& p, const std::string& part, const std::string& input, bool say) {
  std::vector<std::string> names;
  for (const Part& one : p.parts) names.push_back(one.name);
  const auto found = std::find(names.begin(), names.end(), part);
  if (found == names.end()) {
    const std::string hint = nearest(part, names);
    if (say)
      s.problem("part", fmt::format("{} {} has no part '{}'", p.kind, p.name, part),
                hint.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                             : fmt::format("did you mean '{}'?", hint));
    return -1;
  }
  const std::size_t at = static_cast<std::size_t>(found - names.begin());
  std::vector<std::string> references;
  for (const InputInfo& info : find_model(p.parts[at].model)->inputs)
    if (info.unwired != Unwired::REFUSED) references.emplace_back(info.name);
  if (std::find(references.begin(), references.end(), input) == references.end()) {
    const std::string hint = nearest(input, references);
    if (say)
      s.problem("input", fmt::format("{} has no reference '{}'", p.parts[at].model, input),
                !hint.empty()        ? fmt::format("did you mean '{}'?", hint)
                : references.empty() ? "it has none"
                                     : fmt::format("it has {}", fmt::join(references, ", ")));
    return -1;
  }
  return static_cast<int>(at);
}

void read_event_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("event")) EventReader(s, reading).read();
}

}  // namespace ballast
