/// Schemes with conditions written in the case: [[remedial_action]], [[interlock]].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/campus_tables.hpp"
#include "grid/labels.hpp"
#include "models/governors/tgov1.hpp"
#include "models/protection/interlock.hpp"
#include "models/protection/remedial_action.hpp"

namespace ballast {
namespace {

constexpr const char* kPlantKinds[] = {"machine", "load", "datacenter", "bess"};
/// Where a condition resets, when the case does not say.
constexpr double kResetShare = 0.02;      ///< of the threshold
constexpr double kReset_pu = 0.01;        ///< of a voltage
constexpr double kResetFrequency = 0.02;  ///< Hz
constexpr const char* kResetSource = "usual reset of measuring relays, from memory";

/// The plant that the only one of the keys machine, load, datacenter and bess names; nullptr after a problem.
const Plant* read_one_plant(Section& s, const std::vector<Plant>& plants) {
  const char* named = nullptr;
  int count = 0;
  for (const char* kind : kPlantKinds)
    if (s.find(kind) != nullptr) {
      named = kind;
      ++count;
    }
  if (count != 1) {
    s.problem("", fmt::format("{} names {} plants", s.label(), count),
              "give one of machine, load, datacenter, bess");
    return nullptr;
  }
  const int found = read_plant(s, named, named, plants);
  return found < 0 ? nullptr : &plants[static_cast<std::size_t>(found)];
}

/// The conditions of a scheme: its meters, its settings, and the expressions of them.
class ConditionReader {
 public:
  ConditionReader(const std::string& scheme, Reading& reading)
      : scheme_(scheme), reading_(reading), network_(reading.result.network) {}

  std::vector<Part> meters;
  std::vector<std::pair<std::string, std::string>> wires;
  std::vector<Watch> watches;
  std::vector<double> settings;  ///< sense, threshold, reset of each condition

  /// Appends an expression to the table of the scheme: its length, its tokens.
  void read(std::optional<Section> s, std::vector<double>& table) {
    std::vector<double> tokens;
    if (s) {
      expression(*s, tokens, 1);
      if (static_cast<int>(watches.size()) > kMost && !told_)
        s->problem("", fmt::format("{} has {} conditions", scheme_, watches.size()),
                   fmt::format("a scheme has {} at most: make two of it", kMost));
      told_ = told_ || static_cast<int>(watches.size()) > kMost;
    }
    table.push_back(static_cast<double>(tokens.size()));
    table.insert(table.end(), tokens.begin(), tokens.end());
  }
  /// For the parameters of the model: conditions that are not used are zero.
  [[nodiscard]] std::vector<double> all_settings() const {
    std::vector<double> all = settings;
    all.resize(RemedialAction::kConditionParameters, 0.0);
    return all;
  }

 private:
  static constexpr int kMost = RemedialAction::kConditions;
  const std::string& scheme_;
  Reading& reading_;
  const Network& network_;
  bool told_ = false;

  void expression(Section& s, std::vector<double>& tokens, int depth) {
    s.relabel(fmt::format("a condition of {}", scheme_));
    if (depth > Expression::kDeepest / 2) {
      s.problem("", fmt::format("{} is nested {} deep", s.label(), depth), "write it flatter");
      return;
    }
    for (const auto& [key, joint] : {std::pair{"all", Expression::kAnd}, {"any", Expression::kOr}}) {
      if (!s.has(key)) continue;
      std::vector<Section> joined = s.sections(key);
      if (joined.empty())
        s.problem(key, fmt::format("'{}' of {} joins nothing", key, scheme_), "list conditions");
      bool first = true;
      for (Section& one : joined) {
        expression(one, tokens, depth + 1);
        if (!first) tokens.push_back(joint);
        first = false;
      }
      s.finish();
      return;
    }
    if (s.has("not")) {
      if (auto one = s.section_if("not")) expression(*one, tokens, depth + 1);
      tokens.push_back(Expression::kNot);
      s.finish();
      return;
    }
    tokens.push_back(static_cast<double>(watches.size()));
    condition(s);
    s.finish();
  }

  /// Quantities with thresholds, and positions.
  void condition(Section& s) {
    static constexpr const char* kKeys[] = {"flow_MW", "flow_MVA", "current_kA", "voltage_pu", "frequency_Hz",
                                            "output",  "open",     "closed",     "out"};
    std::string key;
    int count = 0;
    for (const char* one : kKeys)
      if (s.has(one)) {
        key = one;
        ++count;
      }
    if (count != 1) {
      for (const char* one : kKeys) (void)s.find(one);
      s.problem("", fmt::format("{} watches {} things", s.label(), count),
                fmt::format("give one of {}, or all, any, not", fmt::join(kKeys, ", ")));
      return;
    }
    if (key == "open" || key == "closed") return position_of_branch(s, key);
    if (key == "out") return position_of_plant(s);
    double reset = -1;  // a share of the threshold
    const char* unit = "MW";
    if (key == "voltage_pu" || key == "frequency_Hz") {
      const bool voltage = key == "voltage_pu";
      unit = voltage ? "pu" : "Hz";
      reset = voltage ? kReset_pu : kResetFrequency;
      at_bus(s, key, voltage);
    } else if (key == "output") {
      unit = "its unit";
      output(s);
    } else {
      unit = key == "flow_MW" ? "MW" : key == "flow_MVA" ? "MVA" : "kA";
      flow(s, key, unit);
    }
    threshold(s, unit, reset);
  }

  void add(const std::string& source, Watch watch) {
    watches.push_back(std::move(watch));
    wires.emplace_back(fmt::format("q_{}", watches.size()), source);
  }
  void threshold(Section& s, const char* unit, double reset) {
    const auto above = s.number_if("above", {unit, anything()});
    const auto below = s.number_if("below", {unit, anything()});
    const auto given = s.number_if("hysteresis", {unit, not_negative()});
    if (above.has_value() == below.has_value()) {
      s.problem("", fmt::format("{} needs one of above and below", s.label()), "add above = ...");
      return;
    }
    const double at = above ? *above : *below;
    const double width = given.value_or(reset < 0 ? kResetShare * std::abs(at) : reset);
    if (!given && !watches.empty())
      reading_.result.assumed.push_back(
          {scheme_, fmt::format("hysteresis of {}", watches.back().quantity), width, unit, kResetSource});
    const double sense = above ? 1 : -1;
    settings.insert(settings.end(), {sense, at, at - sense * width});
  }

  void position_of_branch(Section& s, const std::string& key) {
    const int branch = read_branch(s, key, network_);
    if (branch < 0) return;
    const std::string label = branch_label(network_, branch);
    add(fmt::format("branch {}.closed", branch),
        {fmt::format("position of {}", label), network_.branches[branch].from, label, "branch-"});
    settings.insert(settings.end(), {key == "open" ? -1.0 : 1.0, 0.5, 0.5});
  }
  void position_of_plant(Section& s) {
    auto table = s.section_if("out");
    if (!table) return;
    table->relabel(fmt::format("out of {}", s.label()));
    const Plant* plant = read_one_plant(*table, reading_.result.plants);
    table->finish();
    if (plant == nullptr) return;
    add(fmt::format("{} {}.in_service", plant->kind, plant->name),
        {fmt::format("service of {} {}", plant->kind, plant->name), plant->bus, plant->name,
         plant->kind + "-tripped"});
    settings.insert(settings.end(), {-1.0, 0.5, 0.5});
  }

  /// The part that gives the condition its value, with room for meters before it.
  Part transducer(double scale, bool magnitude, const Section& s) const {
    return make_part("TRANSDUCER", fmt::format("quantity-{}", watches.size() + 1).c_str(),
                     {scale, magnitude ? 1.0 : 0.0}, network_.base_MVA, s.place());
  }
  void give(Part part, Watch watch) {
    const std::string source = part.name + ".value";
    meters.push_back(std::move(part));
    add(source, std::move(watch));
  }

  void at_bus(Section& s, const std::string& key, bool voltage) {
    const int bus = read_bus(s, key, network_, "where it is measured");
    if (bus < 0) return;
    const int number = network_.buses[bus].number;
    if (voltage) {
      Part part = transducer(1, true, s);
      part.wires = {{"a_1", fmt::format("bus {}.Vr", number)}, {"b_1", fmt::format("bus {}.Vi", number)}};
      return give(std::move(part), {fmt::format("voltage of bus {} (pu)", number), bus, {}, {}});
    }
    Part meter = frequency_meter(scheme_, network_.base_MVA, s.place(), reading_);
    meter.name = fmt::format("meter-{}", watches.size() + 1);
    meter.at_bus = bus;
    Part part = transducer(network_.frequency_Hz, false, s);
    part.wires = {{"a_1", meter.name + ".frequency"}};
    meters.push_back(std::move(meter));
    give(std::move(part), {fmt::format("frequency at bus {} (Hz)", number), bus, {}, {}});
  }

  void output(Section& s) {
    auto table = s.section_if("output");
    if (!table) return;
    table->relabel(fmt::format("output of {}", s.label()));
    const Plant* plant = read_one_plant(*table, reading_.result.plants);
    const std::string part_name = table->text("part", "part of the plant, such as governor");
    const std::string name = table->text("name", "what it gives, such as Pm");
    table->finish();
    if (plant == nullptr || part_name.empty() || name.empty()) return;
    std::vector<std::string> names;
    for (const Part& part : plant->parts) {
      names.push_back(part.name);
      if (part.name != part_name) continue;
      std::vector<std::string> outputs;
      for (const OutputInfo& info : find_model(part.model)->outputs) outputs.emplace_back(info.name);
      if (std::find(outputs.begin(), outputs.end(), name) == outputs.end())
        table->problem("name", fmt::format("{} gives no '{}'", part.model, name),
                       fmt::format("it gives {}", fmt::join(outputs, ", ")));
      return add(fmt::format("{}/{}.{}", plant->name, part_name, name),
                 {fmt::format("{} of {}.{}", name, plant->name, part_name),
                  plant->bus,
                  fmt::format("{}.{}", plant->name, part_name),
                  {}});
    }
    table->problem("part", fmt::format("{} {} has no part '{}'", plant->kind, plant->name, part_name),
                   fmt::format("it has {}", fmt::join(names, ", ")));
  }

  /// What flows into a branch at `at`, by default its first bus; active power over several of them.
  void flow(Section& s, const std::string& key, const char* unit) {
    const std::vector<int> branches = select_branches(s, key, network_);
    const int at = s.has("at") ? read_bus(s, "at", network_, "the end where it is measured") : -1;
    if (branches.empty()) return;
    const bool active = key == "flow_MW";
    if (branches.size() > (active ? 4 : 1)) {
      s.problem(key, fmt::format("{} measures {} branches", s.label(), branches.size()),
                active ? "four at most are added up" : "only active powers are added up: name one branch");
      return;
    }
    const Branch& first = network_.branches[branches.front()];
    const double base_kV = network_.buses[at < 0 ? first.from : at].base_kV;
    if (key == "current_kA" && !(base_kV > 0)) {
      s.problem(key, fmt::format("{}: its bus has no base voltage", s.label()),
                "give base_kV, or take flow_MVA");
      return;
    }
    Part part = transducer(
        key == "current_kA" ? network_.base_MVA / (std::sqrt(3.0) * base_kV) : network_.base_MVA, !active, s);
    std::vector<std::string> labels;
    for (std::size_t k = 0; k < branches.size(); ++k) {
      const Branch& b = network_.branches[branches[k]];
      if (at >= 0 && b.from != at && b.to != at) {
        s.problem(
            "at",
            fmt::format("{} does not end at {}", branch_label(network_, branches[k]), network_.bus_label(at)),
            "name one of its buses");
        return;
      }
      Part meter = make_part("BRANCHFLOW", fmt::format("meter-{}-{}", watches.size() + 1, k + 1).c_str(),
                             {0, 0, 0, 0}, network_.base_MVA, s.place());
      meter.at_bus = at < 0 ? b.from : at;
      meter.branch = branches[k];
      const bool current = key == "current_kA";
      part.wires.emplace_back(fmt::format("a_{}", k + 1),
                              meter.name + (current ? ".Ir_branch" : ".P_branch"));
      if (!active)
        part.wires.emplace_back(fmt::format("b_{}", k + 1),
                                meter.name + (current ? ".Ii_branch" : ".Q_branch"));
      meters.push_back(std::move(meter));
      labels.push_back(branch_label(network_, branches[k]));
    }
    give(std::move(part), {fmt::format("{} of {} ({})", key == "current_kA" ? "current" : "flow",
                                       fmt::join(labels, " and "), unit),
                           at < 0 ? first.from : at,
                           {},
                           {}});
  }
};

Plant scheme_plant(const std::string& name, ConditionReader& conditions, const Section& s) {
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
  ConditionReader conditions(name, reading);
  std::vector<double> table;
  const bool arms = s.has("arm");
  conditions.read(s.section_if("arm"), table);
  if (!s.has("when")) s.missing("when", "what makes it act", "add when = { open = \"7-8-1\" }");
  conditions.read(s.section_if("when"), table);
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
  ActionReader actions(s, reading);
  actions.read();
  s.finish();
  std::vector<double> parameters = conditions.all_settings();
  parameters.insert(parameters.end(), {arm_s, disarm_s, pickup_s, reset_s});
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
  scheme.table = std::make_shared<const std::vector<double>>(std::move(table));
  plant.parts.push_back(std::move(scheme));
  reading.result.plants.push_back(std::move(plant));
}

void read_interlock(Section& s, Reading& reading) {
  const Network& network = reading.result.network;
  const std::vector<Plant>& plants = reading.result.plants;
  const std::string name = read_plant_name(s, plants, "interlock");
  s.relabel(fmt::format("[[interlock]] '{}'", name));
  ConditionReader conditions(name, reading);
  std::vector<double> table;
  if (!s.has("while")) s.missing("while", "when it forbids", "add while = { open = \"7-8-1\" }");
  conditions.read(s.section_if("while"), table);
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
  Part lock = make_part("INTERLOCK", "interlock", conditions.all_settings(), network.base_MVA, s.place());
  lock.wires = std::move(conditions.wires);
  lock.watches = std::move(conditions.watches);
  lock.orders = std::move(orders);
  lock.table = std::make_shared<const std::vector<double>>(std::move(table));
  plant.parts.push_back(std::move(lock));
  reading.result.plants.push_back(std::move(plant));
}

}  // namespace

void read_scheme_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("remedial_action")) read_remedial_action(s, reading);
  for (Section& s : root.sections("interlock")) read_interlock(s, reading);
}

}  // namespace ballast
