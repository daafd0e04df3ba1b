#include "studies/requirement_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <set>

#include "cases/reader/section.hpp"
#include "models/registry.hpp"
#include "solver/channels.hpp"

namespace ballast {
namespace {

using Kind = VariationLimit::Kind;

/// [[level, seconds], ...], from the mildest level on; inf seconds are no limit in time.
std::vector<Step> read_steps(Section& s, const char* key, int side, double low, double high) {
  const TomlValue* list = s.find(key);
  std::vector<Step> steps;
  if (list == nullptr) return steps;
  const auto wrong = [&](const std::string& what) {
    s.problem(key, fmt::format("'{}' in {}: {}", key, s.label(), what),
              fmt::format("write {} = [[level, seconds], ...], the mildest level first", key));
  };
  if (list->kind != TomlValue::Kind::LIST) {
    wrong(list->described() + " is no list");
    return steps;
  }
  for (const TomlValue& item : list->items) {
    const bool pair = item.kind == TomlValue::Kind::LIST && item.items.size() == 2 &&
                      item.items[0].kind == TomlValue::Kind::NUMBER &&
                      item.items[1].kind == TomlValue::Kind::NUMBER;
    if (!pair) {
      wrong("each entry is a level and a time");
      return steps;
    }
    const Step step{item.items[0].number, item.items[1].number};
    if (!(step.level >= low && step.level <= high) || !(step.seconds >= 0))
      wrong(fmt::format("[{:g}, {:g}] is no level of {:g} to {:g} with a time of 0 or more", step.level,
                        step.seconds, low, high));
    else if (!steps.empty() &&
             (side * (step.level - steps.back().level) <= 0 || step.seconds > steps.back().seconds))
      wrong(fmt::format("[{:g}, {:g}] after [{:g}, {:g}]: levels go outwards and times get no longer",
                        step.level, step.seconds, steps.back().level, steps.back().seconds));
    else
      steps.push_back(step);
  }
  return steps;
}

std::optional<RideThrough> read_ride_through(Section& s) {
  static const char* const kKeys[] = {"low_voltage", "high_voltage", "low_frequency", "high_frequency",
                                      "recovery"};
  const bool any =
      std::any_of(std::begin(kKeys), std::end(kKeys), [&](const char* key) { return s.has(key); });
  RideThrough r;
  r.low_voltage = read_steps(s, "low_voltage", -1, 0, 1);
  r.high_voltage = read_steps(s, "high_voltage", 1, 1, 2);
  r.low_frequency = read_steps(s, "low_frequency", -1, 1, 100);
  r.high_frequency = read_steps(s, "high_frequency", 1, 1, 100);
  r.voltage_window_s = s.number_if("voltage_window_s", {"s", positive()}).value_or(r.voltage_window_s);
  r.frequency_window_s = s.number_if("frequency_window_s", {"s", positive()}).value_or(r.frequency_window_s);
  r.rocof_Hz_per_s = s.number_if("rocof_Hz_per_s", {"Hz/s", positive()});
  r.rocof_window_s = s.number_if("rocof_window_s", {"s", within(1e-3, 60)}).value_or(r.rocof_window_s);
  r.counting_prohibited = s.flag_if("counting_prohibited").value_or(false);
  if (auto t = s.section_if("recovery")) {
    Recovery recovery;
    recovery.within_s = t->number("within_s", {"s", positive()}, "how soon consumption is back");
    recovery.share = t->number("share", {"", within(0.01, 1)}, "of the consumption before");
    recovery.share_most = t->number_if("share_most", {"", within(1, 10)}).value_or(recovery.share_most);
    recovery.V_low = t->number_if("V_low", {"pu", within(0.1, 1)}).value_or(recovery.V_low);
    recovery.V_high = t->number_if("V_high", {"pu", within(1, 2)}).value_or(recovery.V_high);
    t->finish();
    r.recovery = recovery;
  }
  if (any || r.rocof_Hz_per_s || r.counting_prohibited) return r;
  return std::nullopt;
}

VariationLimit read_limit(Section& s) {
  static const std::vector<std::string> kKinds{"ramp", "span", "band", "spectral-share",
                                               "voltage-fluctuation"};
  VariationLimit limit;
  const std::string kind = s.choice("kind", kKinds, "what is limited");
  const auto at = std::find(kKinds.begin(), kKinds.end(), kind) - kKinds.begin();
  limit.kind = at < static_cast<std::ptrdiff_t>(kKinds.size()) ? static_cast<Kind>(at) : Kind::RAMP;
  limit.name = s.text_if("name").value_or(kind);
  limit.note = s.text_if("note").value_or("as the case says");
  const auto most = s.number_if("most", {"", positive()});
  const auto share = s.number_if("most_of_peak", {"", positive()});
  if (!most && !share) s.missing("most", "the limit itself", "add most = ..., or most_of_peak = ...");
  limit.most = most.value_or(kForever);
  limit.most_of_peak = share.value_or(kForever);
  limit.window_s = s.number("window_s", {"s", positive()}, "over which it holds");
  if (limit.kind == Kind::RAMP) {
    limit.mean_s = s.number_if("mean_s", {"s", positive()}).value_or(limit.mean_s);
    const std::string direction = s.choice("direction", {"both", "up", "down"}, "");
    limit.direction = direction == "up" ? 1 : direction == "down" ? -1 : 0;
  }
  if (limit.kind == Kind::BAND || limit.kind == Kind::SPECTRAL_SHARE) {
    limit.f_low_Hz = s.number("f_low_Hz", {"Hz", positive()}, "lower edge of the band");
    limit.f_high_Hz = s.number("f_high_Hz", {"Hz", within(0, 1000)}, "upper edge of the band");
    if (limit.f_high_Hz <= limit.f_low_Hz)
      s.problem("f_high_Hz", fmt::format("the band of {} ends at {:g} Hz, before it begins at {:g} Hz",
                                         s.label(), limit.f_high_Hz, limit.f_low_Hz));
  }
  s.finish();
  return limit;
}

std::vector<Rule> read_rule_tables(Section& root) {
  std::vector<Rule> rules;
  for (Section& s : root.sections("rule")) {
    Rule rule;
    rule.name = s.text("name", "what [[requirement]] calls it");
    s.relabel(fmt::format("[[rule]] '{}'", rule.name));
    rule.title = s.text_if("title").value_or(rule.name);
    rule.source = s.text("source", "where it comes from");
    rule.confidence = "the case's own";
    rule.ride_through = read_ride_through(s);
    for (Section& limit : s.sections("limit")) rule.variation.push_back(read_limit(limit));
    if (!rule.ride_through && rule.variation.empty())
      s.problem("name", fmt::format("{} demands nothing", s.label()),
                "add low_voltage, recovery, [[rule.limit]] or another demand");
    const bool taken =
        find_rule(rule.name) != nullptr ||
        std::any_of(rules.begin(), rules.end(), [&](const Rule& r) { return r.name == rule.name; });
    if (taken)
      s.problem("name", fmt::format("there is a rule '{}' already", rule.name), "give it another name");
    s.finish();
    rules.push_back(std::move(rule));
  }
  return rules;
}

const Rule* found(const std::string& name, const std::vector<Rule>& own) {
  for (const Rule& rule : own)
    if (rule.name == name) return &rule;
  return find_rule(name);
}
std::string nearest_rule(const std::string& name, const std::vector<Rule>& own) {
  std::vector<std::string> names;
  for (const Rule& rule : own) names.push_back(rule.name);
  for (const Rule& rule : built_in_rules()) names.push_back(rule.name);
  const std::string hint = nearest(name, names);
  return hint.empty() ? "'ballast comply --list' lists the rules there are"
                      : fmt::format("did you mean '{}'?", hint);
}

/// A text or a list of texts.
std::vector<std::string> texts(Section& s, const char* key, const char* meaning) {
  const TomlValue* value = s.find(key);
  if (value != nullptr && value->kind == TomlValue::Kind::TEXT) return {value->text};
  const auto list = s.texts_if(key);
  if (value == nullptr) s.missing(key, meaning);
  return list.value_or(std::vector<std::string>{});
}

class Reader {
 public:
  explicit Reader(const Case& c) : case_(c) {
    for (const Plant& plant : c.plants)
      if (plant.kind == "datacenter") campuses_.push_back(&plant);
  }

  void read(Section& s, const std::vector<Rule>& own, std::vector<Requirement>& out) {
    std::vector<const Plant*> loads;
    for (const std::string& name : texts(s, "datacenter", "of whom it is demanded")) {
      if (name == "all") {
        loads = campuses_;
        continue;
      }
      const auto at =
          std::find_if(campuses_.begin(), campuses_.end(), [&](const Plant* p) { return p->name == name; });
      if (at != campuses_.end()) {
        loads.push_back(*at);
        continue;
      }
      std::vector<std::string> names;
      for (const Plant* p : campuses_) names.push_back(p->name);
      const std::string hint = nearest(name, names);
      s.problem("datacenter", fmt::format("{} names no data center: '{}'", s.label(), name),
                hint.empty() ? "use the name of a [[datacenter]], or \"all\""
                             : fmt::format("did you mean '{}'?", hint));
    }
    std::vector<const Rule*> rules;
    for (const std::string& name : texts(s, "rule", "what is demanded")) {
      if (const Rule* rule = found(name, own))
        rules.push_back(rule);
      else
        s.problem("rule", fmt::format("there is no rule '{}'", name), nearest_rule(name, own));
    }
    const auto bus = s.whole_if("at", 1, 999999);
    if (bus && case_.network.find_bus(*bus) < 0)
      s.problem("at", fmt::format("there is no bus {}", *bus), "the bus where the voltage is measured");
    const auto beside = s.texts_if("counted_with");
    for (const std::string& name : beside.value_or(std::vector<std::string>{}))
      if (std::none_of(case_.plants.begin(), case_.plants.end(),
                       [&](const Plant& p) { return p.kind == "bess" && p.name == name; }))
        s.problem("counted_with", fmt::format("there is no battery '{}'", name),
                  "name a [[bess]] or [[datacenter.bess]]");
    const auto averaging = s.number_if("averaging_s", {"s", not_negative()});
    s.finish();
    for (const Plant* load : loads)
      for (const Rule* rule : rules) {
        Requirement requirement = requirement_of(case_, *load, *rule);
        requirement.bus = bus.value_or(requirement.bus);
        requirement.beside = beside.value_or(requirement.beside);
        requirement.averaging_s = averaging.value_or(requirement.averaging_s);
        out.push_back(std::move(requirement));
        if (rule->ride_through && !rule->ride_through->low_frequency.empty() &&
            std::abs(rule->frequency_Hz - case_.network.frequency_Hz) > 1)
          s.problem("rule",
                    fmt::format("rule '{}' is for {:g} Hz, the network has {:g} Hz", rule->name,
                                rule->frequency_Hz, case_.network.frequency_Hz),
                    "choose a rule for this frequency, or write a [[rule]]");
      }
  }

 private:
  const Case& case_;
  std::vector<const Plant*> campuses_;
};

}  // namespace

std::vector<Requirement> read_requirements(const Case& c) {
  std::vector<Requirement> requirements;
  if (!c.demands) return requirements;
  Problems problems;
  Section root(*c.demands, "the case file", problems);
  const std::vector<Rule> own = read_rule_tables(root);
  Reader reader(c);
  for (Section& s : root.sections("requirement")) reader.read(s, own, requirements);
  problems.throw_if_any();
  return requirements;
}

double swing_period(const Plant& campus) {
  double longest = 0;
  for (const Part& part : campus.parts) {
    const ModelInfo& model = *find_model(part.model);
    for (std::size_t k = 0; k < model.parameters.size(); ++k)
      if (std::string_view(model.parameters[k].name) == "iteration_s")
        longest = std::max(longest, part.parameters[k]);
  }
  return longest;
}

Requirement requirement_of(const Case& c, const Plant& datacenter, const Rule& rule) {
  Requirement requirement{
      datacenter.name, {}, c.network.buses[datacenter.bus].number, swing_period(datacenter), rule};
  for (const Plant& plant : c.plants)
    if (plant.kind == "bess" && plant.bus == datacenter.bus) requirement.beside.push_back(plant.name);
  return requirement;
}

void record_for(const std::vector<Requirement>& requirements, Case& c) {
  std::vector<std::string>& record = c.simulation.record;
  if (requirements.empty()) return;
  if (record.empty()) record = default_record();
  std::set<std::string> patterns;
  for (const Requirement& r : requirements) {
    patterns.insert(fmt::format("datacenter.{}.power", r.load));
    for (const std::string& battery : r.beside) patterns.insert(fmt::format("bess.{}.power", battery));
    patterns.insert(fmt::format("bus.{}.voltage", r.bus));
    patterns.insert(fmt::format("bus.{}.frequency", r.bus));
  }
  record.insert(record.end(), patterns.begin(), patterns.end());
}

std::vector<Rule> read_rules(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path))
    throw Error(path.string(), "the file of rules cannot be opened", "check the path and the permissions");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Problems problems;
  const TomlValue tree = parse_toml(text, path.string());
  Section root(tree, "the file of rules", problems);
  std::vector<Rule> rules = read_rule_tables(root);
  root.finish();
  problems.throw_if_any();
  if (rules.empty())
    throw Error(path.string(), "the file has no [[rule]]", "docs/requirements.md says how one reads");
  return rules;
}

const Rule& rule_named(const std::string& name, const std::vector<Rule>& own) {
  if (const Rule* rule = found(name, own)) return *rule;
  throw Error("--rule", fmt::format("there is no rule '{}'", name), nearest_rule(name, own));
}

}  // namespace ballast
