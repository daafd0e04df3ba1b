/// What happens, and when: [[event]].
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "cases/reader/reading.hpp"
#include "models/datacenter/ups.hpp"

namespace ballast {
namespace {

constexpr const char* kPlantKinds[] = {"machine", "load", "datacenter", "bess"};

/// Which parts of a fault say how deep it is: exactly one.
FaultStrength read_strength(Section& s, const Network& network) {
  FaultStrength strength;
  const auto impedance = s.numbers_if("impedance_pu", {"pu", anything()});
  const auto residual = s.number_if("residual_voltage_pu", {"pu", within(0.001, 0.999)});
  const auto bolted = s.flag_if("bolted");
  const int given =
      (s.has("impedance_pu") ? 1 : 0) + (s.has("residual_voltage_pu") ? 1 : 0) + (s.has("bolted") ? 1 : 0);
  if (given != 1)
    s.problem(
        given == 0 ? "" : "bolted",
        fmt::format(
            "{} {}", s.label(),
            given == 0 ? "does not say how deep the fault is" : "says more than once how deep the fault is"),
        "give one of residual_voltage_pu = 0.3, impedance_pu = [R, X] (on the system base), bolted = true");
  if (bolted && !*bolted)
    s.problem("bolted", "bolted = false says nothing", "give impedance_pu or residual_voltage_pu");
  if (impedance) {
    if (impedance->size() != 2)
      s.problem("impedance_pu",
                fmt::format("impedance_pu in {} has {} numbers", s.label(), impedance->size()),
                fmt::format("give [R, X] in pu on {:g} MVA", network.base_MVA));
    else if ((*impedance)[0] < 0)
      s.problem("impedance_pu", fmt::format("fault resistance {:g} pu is negative", (*impedance)[0]),
                "give R >= 0");
    else
      strength.impedance = {(*impedance)[0], (*impedance)[1]};
  }
  if (residual) strength.residual_voltage_pu = *residual;
  return strength;
}

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
        {"reference_step", [&](Section& s) { reference_step(s); }},
        {"ups_reset", [&](Section& s) { ups_reset(s); }},
    };
    Disturbance disturbance;
    disturbance.at_s = at_s;
    disturbance.place = event_.place();
    action_ = nullptr;
    target_ = &disturbance;
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
    if (count != 1 || action_ == nullptr) return;
    if (at_s >= reading_.result.simulation.until_s)
      event_.warning("at_s",
                     fmt::format("{} is not before the end of the run at {:g} s: it will not happen",
                                 event_.label(), reading_.result.simulation.until_s),
                     "raise until_s in [simulation]");
    reading_.result.disturbances.push_back(std::move(disturbance));
  }

 private:
  Section& event_;
  Reading& reading_;
  const Network& network_;
  const std::vector<Plant>& plants_;
  Disturbance* target_ = nullptr;
  const char* action_ = nullptr;  ///< set when the action is complete

  template <class Action>
  void set(Action action) {
    target_->action = std::move(action);
    action_ = "set";
  }

  void fault(Section& s) {
    const int bus = read_bus(s, "bus", network_, "where the fault is");
    const FaultStrength strength = read_strength(s, network_);
    const double duration =
        s.number("duration_s", {"s", positive(), true}, "how long it lasts; inf = for ever");
    if (bus >= 0) set(BusFault{bus, strength, duration});
  }

  void line_fault(Section& s) {
    LineFault fault;
    fault.branch = read_branch(s, "branch", network_);
    const int near = read_bus(s, "near", network_, "the end of the branch where the fault is");
    fault.strength = read_strength(s, network_);
    fault.clearing_s =
        s.number("clearing_s", {"s", positive()}, "from the fault to the opening of the branch");
    fault.reclose_after_s =
        s.numbers_if("reclose_after_s", {"s", positive()}).value_or(std::vector<double>{});
    const int shots = static_cast<int>(fault.reclose_after_s.size());
    const auto onto = s.whole_if("shots_onto_fault", 0, 1000);
    if (shots > 0 && !onto)
      s.missing(
          "shots_onto_fault", "how many of the reclosings meet the fault again",
          fmt::format("add shots_onto_fault = {} for a fault that stays, 0 for one that is gone", shots));
    if (onto && *onto > shots)
      s.problem("shots_onto_fault", fmt::format("{} shots onto the fault, but {} reclosings", *onto, shots));
    fault.shots_onto_fault = onto.value_or(0);
    if (fault.branch < 0 || near < 0) return;
    const Branch& b = network_.branches[fault.branch];
    if (near != b.from && near != b.to) {
      s.problem("near",
                fmt::format("{} is no end of branch {}-{}-{}", network_.bus_label(near),
                            network_.buses[b.from].number, network_.buses[b.to].number, b.id),
                fmt::format("give {} or {}", network_.buses[b.from].number, network_.buses[b.to].number));
      return;
    }
    if (!b.in_service) s.problem("branch", "the branch is out of service", "a fault on it would not be seen");
    fault.at_from_end = near == b.from;
    set(std::move(fault));
  }

  void switching(Section& s, bool close) {
    const int branch = read_branch(s, "branch", network_);
    if (branch >= 0) set(SwitchBranch{branch, close});
  }

  void trip(Section& s) {
    int count = 0;
    for (const char* kind : kPlantKinds) {
      if (!s.has(kind)) {
        (void)s.find(kind);
        continue;
      }
      ++count;
      if (const int plant = read_plant(s, kind, kind, plants_); plant >= 0) set(TripPlant{plant});
    }
    if (s.has("branch")) ++count;
    if (s.find("branch") != nullptr)
      if (const int branch = read_branch(s, "branch", network_); branch >= 0)
        set(SwitchBranch{branch, false});
    if (count != 1)
      s.problem("", fmt::format("{} names {} things", s.label(), count),
                "give exactly one of machine, load, datacenter, bess, branch");
  }

  void load_step(Section& s) {
    LoadStep step;
    step.plant = read_plant(s, "load", "load", plants_);
    step.P_factor = s.number("active_factor", {"", not_negative()}, "active power times this");
    step.Q_factor = s.number("reactive_factor", {"", not_negative()}, "reactive power times this");
    if (step.plant >= 0) set(step);
  }

  /// Index of a part among the parts of all plants, as the system numbers them.
  [[nodiscard]] int part_index(int plant, std::size_t part) const {
    int index = 0;
    for (int p = 0; p < plant; ++p) index += static_cast<int>(plants_[p].parts.size());
    return index + static_cast<int>(part);
  }

  void reference_step(Section& s) {
    int plant = -1;
    int count = 0;
    for (const char* kind : {"machine", "bess"}) {
      if (!s.has(kind)) {
        (void)s.find(kind);
        continue;
      }
      ++count;
      plant = read_plant(s, kind, kind, plants_);
    }
    if (count != 1)
      s.problem("", fmt::format("{} names {} plants", s.label(), count), "give one of machine, bess");
    const std::string part = s.text("part", "part of the plant, such as governor");
    const std::string input = s.text("input", "reference, such as Pref");
    const auto change = s.number_if("change", {"pu", anything()});
    const auto value = s.number_if("value", {"pu", anything()});
    if (change.has_value() == value.has_value())
      s.problem("", fmt::format("{} needs one of change and value", s.label()), "add change = ... (pu)");
    if (plant < 0 || part.empty() || input.empty()) return;
    const Plant& p = plants_[plant];
    std::vector<std::string> names;
    for (const Part& one : p.parts) names.push_back(one.name);
    const auto found = std::find(names.begin(), names.end(), part);
    if (found == names.end()) {
      const std::string hint = nearest(part, names);
      s.problem("part", fmt::format("{} {} has no part '{}'", p.kind, p.name, part),
                hint.empty() ? fmt::format("it has {}", fmt::join(names, ", "))
                             : fmt::format("did you mean '{}'?", hint));
      return;
    }
    const std::size_t at = static_cast<std::size_t>(found - names.begin());
    std::vector<std::string> references;
    for (const InputInfo& info : find_model(p.parts[at].model)->inputs)
      if (info.unwired != Unwired::REFUSED) references.emplace_back(info.name);
    if (std::find(references.begin(), references.end(), input) == references.end()) {
      const std::string hint = nearest(input, references);
      s.problem("input", fmt::format("{} has no reference '{}'", p.parts[at].model, input),
                !hint.empty()        ? fmt::format("did you mean '{}'?", hint)
                : references.empty() ? "it has none"
                                     : fmt::format("it has {}", fmt::join(references, ", ")));
      return;
    }
    set(ReferenceStep{part_index(plant, at), input, change ? *change : value.value_or(0),
                      change.has_value()});
  }

  void ups_reset(Section& s) {
    const int plant = read_plant(s, "datacenter", "datacenter", plants_);
    if (plant < 0) return;
    const auto& parts = plants_[plant].parts;
    for (std::size_t k = 0; k < parts.size(); ++k)
      if (parts[k].model == "UPS") set(ExpireTimer{part_index(plant, k), Ups::RESET, "reset by hand"});
  }
};

}  // namespace

void read_event_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("event")) EventReader(s, reading).read();
}

}  // namespace ballast
