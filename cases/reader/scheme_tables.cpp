/// Schemes with conditions written in the case: [[remedial_action]], [[interlock]].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/scheme_conditions.hpp"
#include "models/governors/tgov1.hpp"
#include "models/protection/interlock.hpp"
#include "models/protection/remedial_action.hpp"

namespace ballast {
namespace {

Plant scheme_plant(const std::string& name, SchemeConditions& conditions, const Section& s) {
  const int bus = conditions.watches.empty() ? 0 : conditions.watches.front().bus;
  return {"protection", name, bus, std::move(conditions.meters), s.place()};
}

/// What a scheme does: orders of its outputs act_1, act_2, ...
class ActionReader {
 public:
  ActionReader(Section& s, Reading& reading)
      : s_(s), network_(reading.result.network), plants_(reading.result.plants) {}

  std::vector<Order> orders;
  std::vector<double> delay_s;

  void read() {
    std::vector<Section> actions = s_.sections("actions");
    if (actions.empty())
      s_.problem("actions", fmt::format("{} does nothing", s_.label()),
                 "add actions = [{ trip = { machine = \"1-1\" }, delay_s = 0.1 }]");
    if (static_cast<int>(actions.size()) > RemedialAction::kActions)
      s_.problem("actions", fmt::format("{} has {} actions", s_.label(), actions.size()),
                 fmt::format("{} at most; one may name several elements", RemedialAction::kActions));
    for (Section& action : actions) one(action);
  }

 private:
  Section& s_;
  const Network& network_;
  const std::vector<Plant>& plants_;

  Order& order(Order::Kind kind, int index, double value = 0) {
    orders.push_back(
        {fmt::format("act_{}", delay_s.size()), kind, index, {}, {}, Order::Act::ONCE, {value, {}, {}}});
    return orders.back();
  }
  Order& order(Order::Kind kind, const Plant& plant, double value = 0) {
    Order& made = order(kind, -1, value);
    made.plant_kind = plant.kind;
    made.plant = plant.name;
    return made;
  }

  void one(Section& action) {
    action.relabel(fmt::format("an action of {}", s_.label()));
    delay_s.push_back(
        action.number("delay_s", {"s", not_negative()}, "from acting until it is done, breaker included"));
    static constexpr const char* kKeys[] = {"trip",       "open",           "close",
                                            "shunt_step", "reference_step", "run_back"};
    int count = 0;
    for (const char* key : kKeys) {
      auto what = action.section_if(key);
      if (!action.has(key)) continue;
      ++count;
      if (!what) continue;
      what->relabel(fmt::format("{} of {}", key, s_.label()));
      const std::string_view name = key;
      if (name == "trip") trip(*what);
      if (name == "open" || name == "close") switching(*what, name == "close");
      if (name == "shunt_step") shunt_step(*what);
      if (name == "reference_step") reference_step(*what);
      if (name == "run_back") run_back(*what);
      what->finish();
    }
    if (count != 1)
      action.problem("", fmt::format("{} does {} things", action.label(), count),
                     fmt::format("give one of {}", fmt::join(kKeys, ", ")));
    action.finish();
  }

  void trip(Section& s) {
    const auto share = s.number_if("share", {"", {0, 1, true}});
    for (const Element& e : select_elements(s, network_, plants_)) {
      if (e.kind == Element::Kind::PLANT) {
        const Plant& plant = plants_[static_cast<std::size_t>(e.index)];
        if (share && plant.kind != "load") {
          s.problem("share", fmt::format("{} trips a share of something that is no load", s.label()),
                    "only loads can be tripped in part");
          return;
        }
        if (share && *share < 1)
          order(Order::Kind::DEMAND, plant, 1 - *share);
        else
          order(Order::Kind::PLANT, plant);
      } else {
        order(e.kind == Element::Kind::BRANCH ? Order::Kind::BRANCH : Order::Kind::SHUNT, e.index);
      }
    }
  }
  void switching(Section& s, bool close) {
    for (const Element& e : select_elements(s, network_, plants_)) {
      if (e.kind == Element::Kind::PLANT) {
        s.problem("", fmt::format("{} opens or closes a plant", s.label()), "plants are tripped");
        return;
      }
      order(e.kind == Element::Kind::BRANCH ? Order::Kind::BRANCH : Order::Kind::SHUNT, e.index,
            close ? 1 : 0);
    }
  }
  void shunt_step(Section& s) {
    const int shunt = read_switched_shunt(s, "switched_shunt", network_);
    const double B_Mvar =
        s.number("B_Mvar", {"Mvar", anything()}, "total in service at 1 pu, capacitors positive");
    if (shunt >= 0) order(Order::Kind::SWITCHED_SHUNT, shunt, B_Mvar);
  }
  void reference_step(Section& s) {
    const Plant* plant = read_one_plant(s, plants_);
    const std::string part = s.text("part", "part of the plant, such as governor");
    const std::string input = s.text("input", "reference, such as Pref");
    const auto change = s.number_if("change", {"pu", anything()});
    const auto value = s.number_if("value", {"pu", anything()});
    const auto over_s = s.number_if("over_s", {"s", positive()});
    if (change.has_value() == value.has_value())
      s.problem("", fmt::format("{} needs one of change and value", s.label()), "add change = ... (pu)");
    if (plant == nullptr || part.empty() || input.empty()) return;
    if (find_reference(s, *plant, part, input, true) < 0) return;
    order(Order::Kind::REFERENCE, *plant).once = {change ? *change : value.value_or(0), part, input,
                                                  change.has_value(), over_s.value_or(0)};
  }
  /// A plant's active power by or to so many MW, where its reference is proportional to it.
  void run_back(Section& s) {
    const Plant* plant = read_one_plant(s, plants_);
    const auto by_MW = s.number_if("by_MW", {"MW", anything()});
    const auto to_MW = s.number_if("to_MW", {"MW", anything()});
    const auto over_s = s.number_if("over_s", {"s", positive()});
    if (by_MW.has_value() == to_MW.has_value())
      s.problem("", fmt::format("{} needs one of by_MW and to_MW", s.label()),
                "add by_MW = ... (what it is to lose)");
    if (plant == nullptr) return;
    for (const Part& part : plant->parts) {
      double reference = 0;  // per pu of power
      if (part.model == "TGOV1") reference = part.parameters[Tgov1::R];
      for (const char* model : {"GAST", "IEEEG1", "BESS", "REECA1", "REECB1"})
        if (part.model == model) reference = 1;
      if (reference == 0) continue;
      const double MW = by_MW ? -*by_MW : to_MW.value_or(0);
      order(Order::Kind::REFERENCE, *plant).once = {reference * MW / part.base_MVA, part.name, "Pref",
                                                    by_MW.has_value(), over_s.value_or(0)};
      return;
    }
    s.problem("", fmt::format("{} {} has no reference that is a power", plant->kind, plant->name),
              "give a reference_step of the part that orders its power, in pu");
  }
};

void read_remedial_action(Section& s, Reading& reading) {
  const std::string name = read_plant_name(s, reading.result.plants, "remedial-action");
  s.relabel(fmt::format("[[remedial_action]] '{}'", name));
  const bool arms = s.has("arm");
  if (!s.has("when")) s.missing("when", "what makes it act", "add when = { open = \"7-8-1\" }");
  SchemeConditions conditions = read_conditions(name, s, {"arm", "when"}, reading);
  const auto time = [&](const char* key, const Range& range, const char* meaning) {
    return s.number(key, {"s", range}, meaning);
  };
  const double arm_s = arms ? time("arm_s", not_negative(), "how long `arm` holds before it is armed") : 0;
  const double disarm_s =
      arms ? time("disarm_s", positive(),
                  "how long it stays armed when `arm` fails, for what it watches takes the flow away")
           : 0;
  const double pickup_s = time("pickup_s", not_negative(), "how long `when` holds before it acts");
  const double reset_s = s.number_if("reset_s", {"s", not_negative()}).value_or(kInfinity);
  const int count = s.whole_if("count", 1, 100).value_or(1);
  const double count_s =
      count > 1 ? time("count_s", positive(), "within how long of the first the counts come") : kInfinity;
  ActionReader actions(s, reading);
  actions.read();
  s.finish();
  std::vector<double> parameters = conditions.settings;
  parameters.insert(parameters.end(),
                    {arm_s, disarm_s, pickup_s, reset_s, static_cast<double>(count), count_s});
  for (int k = 0; k < RemedialAction::kActions; ++k)
    parameters.push_back(k < static_cast<int>(actions.delay_s.size())
                             ? actions.delay_s[static_cast<std::size_t>(k)]
                             : kInfinity);
  if (!reading.problems.errors().empty()) return;
  Plant plant = scheme_plant(name, conditions, s);
  Part scheme =
      make_part("REMEDIAL", "scheme", std::move(parameters), reading.result.network.base_MVA, s.place());
  scheme.wires = std::move(conditions.wires);
  scheme.watches = std::move(conditions.watches);
  scheme.orders = std::move(actions.orders);
  scheme.table = std::make_shared<const std::vector<double>>(std::move(conditions.table));
  plant.parts.push_back(std::move(scheme));
  reading.result.plants.push_back(std::move(plant));
}

void read_interlock(Section& s, Reading& reading) {
  const Network& network = reading.result.network;
  const std::vector<Plant>& plants = reading.result.plants;
  const std::string name = read_plant_name(s, plants, "interlock");
  s.relabel(fmt::format("[[interlock]] '{}'", name));
  if (!s.has("while")) s.missing("while", "when it forbids", "add while = { open = \"7-8-1\" }");
  SchemeConditions conditions = read_conditions(name, s, {"while"}, reading);
  std::vector<Order> orders;
  for (const auto& [key, act] :
       {std::pair{"forbid_trip", Order::Act::FORBID_TRIP}, {"forbid_close", Order::Act::FORBID_CLOSE}}) {
    auto what = s.section_if(key);
    if (!what) continue;
    what->relabel(fmt::format("{} of {}", key, s.label()));
    for (const Element& e : select_elements(*what, network, plants)) {
      const bool plant = e.kind == Element::Kind::PLANT;
      if (plant && act == Order::Act::FORBID_CLOSE)
        what->problem("", fmt::format("{} names a plant, which nothing closes", what->label()),
                      "name a branch or a shunt");
      orders.push_back({"free",
                        plant                             ? Order::Kind::PLANT
                        : e.kind == Element::Kind::BRANCH ? Order::Kind::BRANCH
                                                          : Order::Kind::SHUNT,
                        plant ? -1 : e.index,
                        plant ? plants[static_cast<std::size_t>(e.index)].kind : "",
                        plant ? plants[static_cast<std::size_t>(e.index)].name : "",
                        act,
                        {}});
    }
    what->finish();
  }
  s.finish();
  if (orders.empty())
    s.problem("", fmt::format("{} forbids nothing", s.label()), "give forbid_trip or forbid_close");
  if (!reading.problems.errors().empty()) return;
  Plant plant = scheme_plant(name, conditions, s);
  Part lock = make_part("INTERLOCK", "interlock", conditions.settings, network.base_MVA, s.place());
  lock.wires = std::move(conditions.wires);
  lock.watches = std::move(conditions.watches);
  lock.orders = std::move(orders);
  lock.table = std::make_shared<const std::vector<double>>(std::move(conditions.table));
  plant.parts.push_back(std::move(lock));
  reading.result.plants.push_back(std::move(plant));
}

}  // namespace

void read_scheme_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("remedial_action")) read_remedial_action(s, reading);
  for (Section& s : root.sections("interlock")) read_interlock(s, reading);
}

}  // namespace ballast
