/// Conditions of schemes: what they measure, their thresholds, and the expressions that join them.
#include "cases/reader/scheme_conditions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "cases/reader/campus_tables.hpp"
#include "grid/labels.hpp"
#include "models/protection/remedial_action.hpp"

namespace ballast {
namespace {

constexpr const char* kPlantKinds[] = {"machine", "load", "datacenter", "bess"};
/// Where a condition resets, when the case does not say.
constexpr double kResetShare = 0.02;      ///< of the threshold
constexpr double kReset_pu = 0.01;        ///< of a voltage
constexpr double kResetFrequency = 0.02;  ///< Hz
constexpr const char* kResetSource = "usual reset of measuring relays, from memory";

/// The conditions of a scheme: its meters, its settings, and the expressions of them.
class ConditionReader {
 public:
  ConditionReader(const std::string& scheme, Reading& reading)
      : scheme_(scheme), reading_(reading), network_(reading.result.network) {}

  SchemeConditions result;

  /// Appends an expression to the table of the scheme.
  void read(std::optional<Section> s) {
    std::vector<double> tokens;
    if (s) {
      expression(*s, tokens, 1);
      if (static_cast<int>(result.watches.size()) > kMost)
        s->problem("", fmt::format("{} has {} conditions", scheme_, result.watches.size()),
                   fmt::format("a scheme has {} at most: make two of it", kMost));
    }
    result.table.push_back(static_cast<double>(tokens.size()));
    result.table.insert(result.table.end(), tokens.begin(), tokens.end());
  }

 private:
  static constexpr int kMost = RemedialAction::kConditions;
  const std::string& scheme_;
  Reading& reading_;
  const Network& network_;

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
    tokens.push_back(static_cast<double>(result.watches.size()));
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
    result.watches.push_back(std::move(watch));
    result.wires.emplace_back(fmt::format("q_{}", result.watches.size()), source);
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
    if (!given && !result.watches.empty())
      reading_.result.assumed.push_back({scheme_,
                                         fmt::format("hysteresis of {}", result.watches.back().quantity),
                                         width, unit, kResetSource});
    const double sense = above ? 1 : -1;
    result.settings.insert(result.settings.end(), {sense, at, at - sense * width});
  }

  void position_of_branch(Section& s, const std::string& key) {
    const int branch = read_branch(s, key, network_);
    if (branch < 0) return;
    const std::string label = branch_label(network_, branch);
    add(fmt::format("branch {}.closed", branch),
        {fmt::format("position of {}", label), network_.branches[branch].from, label, "branch-"});
    result.settings.insert(result.settings.end(), {key == "open" ? -1.0 : 1.0, 0.5, 0.5});
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
    result.settings.insert(result.settings.end(), {-1.0, 0.5, 0.5});
  }

  /// The part that gives the condition its value, with room for meters before it.
  Part transducer(double scale, bool magnitude, const Section& s) const {
    return make_part("TRANSDUCER", fmt::format("quantity-{}", result.watches.size() + 1).c_str(),
                     {scale, magnitude ? 1.0 : 0.0}, network_.base_MVA, s.place());
  }
  void give(Part part, Watch watch) {
    const std::string source = part.name + ".value";
    result.meters.push_back(std::move(part));
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
    meter.name = fmt::format("meter-{}", result.watches.size() + 1);
    meter.at_bus = bus;
    Part part = transducer(network_.frequency_Hz, false, s);
    part.wires = {{"a_1", meter.name + ".frequency"}};
    result.meters.push_back(std::move(meter));
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
      Part meter =
          make_part("BRANCHFLOW", fmt::format("meter-{}-{}", result.watches.size() + 1, k + 1).c_str(),
                    {0, 0, 0, 0}, network_.base_MVA, s.place());
      meter.at_bus = at < 0 ? b.from : at;
      meter.branch = branches[k];
      const bool current = key == "current_kA";
      part.wires.emplace_back(fmt::format("a_{}", k + 1),
                              meter.name + (current ? ".Ir_branch" : ".P_branch"));
      if (!active)
        part.wires.emplace_back(fmt::format("b_{}", k + 1),
                                meter.name + (current ? ".Ii_branch" : ".Q_branch"));
      result.meters.push_back(std::move(meter));
      labels.push_back(branch_label(network_, branches[k]));
    }
    give(std::move(part), {fmt::format("{} of {} ({})", key == "current_kA" ? "current" : "flow",
                                       fmt::join(labels, " and "), unit),
                           at < 0 ? first.from : at,
                           {},
                           {}});
  }
};

}  // namespace

SchemeConditions read_conditions(const std::string& scheme, Section& section,
                                 std::initializer_list<const char*> keys, Reading& reading) {
  ConditionReader reader(scheme, reading);
  for (const char* key : keys) reader.read(section.section_if(key));
  reader.result.settings.resize(RemedialAction::kConditionParameters, 0.0);
  return std::move(reader.result);
}

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

}  // namespace ballast
