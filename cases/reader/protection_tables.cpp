/// Relays that shed loads and trip units: [[load_shedding]], [[protection]].
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/protection_settings.hpp"
#include "models/protection/ufls.hpp"
#include "models/protection/uvls.hpp"

namespace ballast {
namespace {

/// A published entry by name, that fits the nominal frequency of the grid; nullptr after a problem.
template <class Entry>
const Entry* published(const std::vector<Entry>& all, const std::string& name, Section& s, const char* key,
                       double frequency_Hz) {
  std::vector<std::string> names;
  for (const Entry& entry : all) {
    names.emplace_back(entry.name);
    if (entry.name != name) continue;
    if (entry.frequency_Hz == 0 || entry.frequency_Hz == frequency_Hz) return &entry;
    s.problem(
        key,
        fmt::format("'{}' is for {:g} Hz, the network has {:g} Hz", name, entry.frequency_Hz, frequency_Hz),
        "give the settings themselves");
    return nullptr;
  }
  const std::string hint = nearest(name, names);
  s.problem(key, fmt::format("there is no '{}'", name),
            hint.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                         : fmt::format("did you mean '{}'?", hint));
  return nullptr;
}

/// The names under a key: one or a list.
std::vector<std::string> names_of(Section& s, const char* key) {
  const TomlValue* value = s.find(key);
  if (value == nullptr) return {};
  if (value->kind == TomlValue::Kind::TEXT) return {value->text};
  return s.texts_if(key).value_or(std::vector<std::string>{});
}

/// What relays read of the machine that they protect.
constexpr struct MachineSignals {
  const char* model;
  const char* signal;
} kMachineSignals[] = {{"OVERSPEED", "omega"},
                       {"LOSSFIELD", "Ir"},
                       {"LOSSFIELD", "Ii"},
                       {"OUTOFSTEP", "Ir"},
                       {"OUTOFSTEP", "Ii"}};

/// One relay for each plant of a selection: its parts are copied, its orders given the plant. Without an
/// output that orders (nullptr) it only alarms.
void add_relays(const std::string& name, const std::vector<int>& selected, const std::vector<Part>& parts,
                Order::Kind kind, const char* output, Section& s, Reading& reading) {
  std::vector<Plant>& plants = reading.result.plants;
  for (const int p : selected) {
    const Plant& unit = plants[p];
    Plant relay{"protection", fmt::format("{}-{}", name, unit.name), unit.bus, parts, s.place()};
    const auto machine = std::find_if(unit.parts.begin(), unit.parts.end(),
                                      [](const Part& part) { return part.name == role_name(Role::MACHINE); });
    for (Part& part : relay.parts) {
      if (part.model == "BUSFREQ") continue;
      if (output != nullptr) part.orders = {{output, kind, -1, unit.kind, unit.name}};
      if (std::none_of(std::begin(kMachineSignals), std::end(kMachineSignals),
                       [&](const MachineSignals& m) { return part.model == m.model; }))
        continue;
      if (machine == unit.parts.end()) {
        s.problem(
            "",
            fmt::format("{}: {} {} has no machine for its {}", s.label(), unit.kind, unit.name, part.name),
            "protect synchronous machines with it");
        return;
      }
      part.base_MVA = machine->base_MVA;
      for (const MachineSignals& m : kMachineSignals)
        if (part.model == m.model)
          part.wires.emplace_back(m.signal, fmt::format("{}/{}.{}", unit.name, machine->name, m.signal));
    }
    for (const Plant& other : plants)
      if (other.name == relay.name) {
        s.problem("name", fmt::format("{} would make a second plant '{}'", s.label(), relay.name),
                  "give each table a name of its own");
        return;
      }
    plants.push_back(std::move(relay));
  }
}

// ---- load shedding

class LoadShedding {
 public:
  LoadShedding(Section& s, Reading& reading) : s_(s), reading_(reading) {}

  void read() {
    const std::string name = s_.text_if("name").value_or("shedding");
    s_.relabel(fmt::format("[[load_shedding]] '{}'", name));
    const std::vector<int> loads =
        select_plants(s_, "load", "load", reading_.result.network, reading_.result.plants);
    if (!s_.has("load")) s_.missing("load", "whose demand is shed", "add load = { area = 1 }");
    const std::vector<std::string> plans = names_of(s_, "plan");
    std::vector<Section> stages = s_.sections("stages");
    for (const std::string& plan : plans) read_plan(plan, name);
    for (Section& stage : stages) read_stage(stage, name);
    s_.finish();
    if (plans.empty() && stages.empty())
      s_.problem("", fmt::format("{} has no stages", s_.label()),
                 "give plan = \"ERCOT-2026\" or stages = [{ f_Hz = 59.3, share = 0.05, delay_s = 0.1 }]");
    double shed = 0;
    for (const Part& part : parts_) shed += part.model == "UFLS" ? part.parameters[Ufls::SHARE] : 0;
    if (shed > 1 + 1e-9)
      s_.problem("stages",
                 fmt::format("the stages by frequency of {} shed {:g} of the load", s_.label(), shed),
                 "shares are of the load before the event, 1 in all at most");
    bool by_frequency = false;
    for (const Part& part : parts_) by_frequency = by_frequency || part.model == "UFLS";
    if (by_frequency)
      parts_.push_back(frequency_meter(name, reading_.result.network.base_MVA, s_.place(), reading_));
    add_relays(name, loads, parts_, Order::Kind::DEMAND, "kept", s_, reading_);
  }

 private:
  Section& s_;
  Reading& reading_;
  std::vector<Part> parts_;

  void add(const char* model, std::vector<double> parameters, const Place& place) {
    parts_.push_back(make_part(model, fmt::format("stage-{}", parts_.size() + 1).c_str(),
                               std::move(parameters), reading_.result.network.base_MVA, place));
  }

  void read_plan(const std::string& plan_name, const std::string& name) {
    const SheddingPlan* plan =
        published(shedding_plans(), plan_name, s_, "plan", reading_.result.network.frequency_Hz);
    if (plan == nullptr) return;
    const auto delay_s = s_.number_if("delay_s", {"s", not_negative()});
    const SheddingStage& first = plan->stages.front();
    std::vector<double> parameters = read_parameters(
        s_, *find_model("UFLS"), reading_, name, ufls_defaults(),
        {{"f_Hz", first.f_Hz}, {"share", first.share}, {"delay_s", delay_s.value_or(first.delay_s)}});
    for (const SheddingStage& stage : plan->stages) {
      parameters[Ufls::F_HZ] = stage.f_Hz;
      parameters[Ufls::SHARE] = stage.share;
      parameters[Ufls::DELAY_S] = delay_s.value_or(stage.delay_s);
      add("UFLS", parameters, s_.place("plan"));
    }
  }

  void read_stage(Section& stage, const std::string& name) {
    const bool by_frequency = stage.has("f_Hz");
    stage.relabel(fmt::format("a stage of {}", s_.label()));
    if (by_frequency == stage.has("V")) {
      stage.problem("",
                    fmt::format("{} has {} threshold", stage.label(), by_frequency ? "more than one" : "no"),
                    "give one of f_Hz and V");
      return;
    }
    const char* model = by_frequency ? "UFLS" : "UVLS";
    // What the table says holds for every stage that does not say it itself.
    std::map<std::string, double> common;
    for (const ParameterInfo& p : find_model(model)->parameters) {
      const std::string_view key = p.name;
      if (key == "f_Hz" || key == "V" || key == "share" || stage.has(key)) continue;
      if (const auto value = s_.number_if(key, {p.unit, p.possible})) common[p.name] = *value;
    }
    std::vector<double> parameters = read_parameters(
        stage, *find_model(model), reading_, fmt::format("{}.stage-{}", name, parts_.size() + 1),
        by_frequency ? ufls_defaults() : uvls_defaults(), common);
    stage.finish();
    add(model, std::move(parameters), stage.place());
  }
};

// ---- units

constexpr const char* kUnitKinds[] = {"machine", "load", "datacenter", "bess"};

class UnitProtection {
 public:
  UnitProtection(Section& s, Reading& reading) : s_(s), reading_(reading) {}

  void read() {
    const std::string name = s_.text_if("name").value_or("protection");
    s_.relabel(fmt::format("[[protection]] '{}'", name));
    std::vector<int> units;
    for (const char* kind : kUnitKinds) {
      (void)s_.find(kind);
      if (!s_.has(kind)) continue;
      for (const int p : select_plants(s_, kind, kind, reading_.result.network, reading_.result.plants))
        units.push_back(p);
    }
    for (const std::string& settings : names_of(s_, "settings")) read_settings(settings, name);
    elements("frequency", "FRQTPAT", frequency_trip_defaults(), name);
    elements("voltage", "VTGTPAT", voltage_trip_defaults(), name);
    element("rocof", "ROCOF", name);
    element("overspeed", "OVERSPEED", name);
    element("volts_per_hertz", "VPERHZ", name);
    element("loss_of_field", "LOSSFIELD", name);
    element("out_of_step", "OUTOFSTEP", name);
    const bool alarm_only = s_.flag_if("alarm_only").value_or(false);
    s_.finish();
    if (parts_.empty())
      s_.problem("", fmt::format("{} has no elements", s_.label()),
                 "give settings = \"PRC-024-ERCOT\", frequency = [{ FL = 57.5, TP = 0.1 }], rocof = { ... }");
    if (units.empty())
      s_.problem("", fmt::format("{} protects nothing", s_.label()),
                 "give machine, load, datacenter or bess");
    if (metered_)
      parts_.push_back(frequency_meter(name, reading_.result.network.base_MVA, s_.place(), reading_));
    add_relays(name, units, parts_, Order::Kind::PLANT, alarm_only ? nullptr : "connected", s_, reading_);
  }

  /// The machines of [scan], by published settings.
  void scan() {
    const std::vector<std::string> settings = names_of(s_, "settings");
    if (settings.empty())
      s_.missing("settings", "by what the machines are scanned", "add settings = [\"PRC-024-ERCOT\"]");
    for (const std::string& one : settings) read_settings(one, "scan");
    (void)s_.number_if("TB", {"s", not_negative()});
    const std::vector<Plant>& plants = reading_.result.plants;
    std::vector<int> units;
    const TomlValue* value = s_.find("machine");
    if (value->kind == TomlValue::Kind::TEXT && value->text == "all") {
      for (std::size_t p = 0; p < plants.size(); ++p)
        if (plants[p].kind == "machine") units.push_back(static_cast<int>(p));
    } else {
      units = select_plants(s_, "machine", "machine", reading_.result.network, plants);
    }
    if (metered_)
      parts_.push_back(frequency_meter("scan", reading_.result.network.base_MVA, s_.place(), reading_));
    add_relays("scan", units, parts_, Order::Kind::PLANT, nullptr, s_, reading_);
  }

 private:
  Section& s_;
  Reading& reading_;
  std::vector<Part> parts_;
  std::map<std::string, int> count_;  ///< parts of each key
  bool metered_ = false;

  void add(const std::string& key, const char* model, std::vector<double> parameters, const Place& place) {
    const std::string_view m = model;
    metered_ = metered_ || m == "FRQTPAT" || m == "ROCOF" || m == "VPERHZ";
    parts_.push_back(make_part(model, fmt::format("{}-{}", key, ++count_[key]).c_str(), std::move(parameters),
                               reading_.result.network.base_MVA, place));
  }

  /// A list of tables under a key, each an element with the parameters of a model.
  void elements(const char* key, const char* model, const std::vector<HandbookDefault>& defaults,
                const std::string& name) {
    const auto TB = s_.number_if("TB", {"s", not_negative()});
    for (Section& element : s_.sections(key)) {
      element.relabel(fmt::format("{} of {}", key, s_.label()));
      std::map<std::string, double> common;
      if (TB && !element.has("TB")) common["TB"] = *TB;
      std::vector<double> parameters =
          read_parameters(element, *find_model(model), reading_,
                          fmt::format("{}.{}-{}", name, key, count_[key] + 1), defaults, common);
      element.finish();
      add(key, model, std::move(parameters), element.place());
    }
  }

  /// One table under a key: an element of which a unit has one.
  void element(const char* key, const char* model, const std::string& name) {
    const auto TB = s_.number_if("TB", {"s", not_negative()});
    auto table = s_.section_if(key);
    if (!table) return;
    table->relabel(fmt::format("{} of {}", key, s_.label()));
    std::map<std::string, double> common;
    if (TB && !table->has("TB")) common["TB"] = *TB;
    std::vector<double> parameters =
        read_parameters(*table, *find_model(model), reading_, fmt::format("{}.{}", name, key),
                        unit_relay_defaults(key), common);
    table->finish();
    add(key, model, std::move(parameters), table->place());
  }

  void read_settings(const std::string& settings, const std::string& name) {
    const UnitSettings* found =
        published(unit_settings(), settings, s_, "settings", reading_.result.network.frequency_Hz);
    if (found == nullptr) return;
    auto TB = s_.number_if("TB", {"s", not_negative()});
    if (!TB) {
      const HandbookDefault& fallback = frequency_trip_defaults().back();
      TB = fallback.value;
      reading_.result.assumed.push_back({name, "TB", *TB, "s", fallback.source});
    }
    for (const CurvePoint& point : found->points) {
      const bool frequency =
          point.side == CurvePoint::UNDER_FREQUENCY || point.side == CurvePoint::OVER_FREQUENCY;
      const bool under = point.side == CurvePoint::UNDER_FREQUENCY || point.side == CurvePoint::UNDER_VOLTAGE;
      const double low = under ? point.threshold : frequency ? 0 : -1;
      const double high = under ? 1000 : point.threshold;
      add(frequency ? "frequency" : "voltage", frequency ? "FRQTPAT" : "VTGTPAT",
          {low, high, point.delay_s, *TB}, s_.place("settings"));
    }
  }
};

}  // namespace

void read_protection_tables(Section& root, Reading& reading) {
  for (Section& s : root.sections("load_shedding")) LoadShedding(s, reading).read();
  for (Section& s : root.sections("protection")) UnitProtection(s, reading).read();
}

void scan_machines(Section& scan, Reading& reading) { UnitProtection(scan, reading).scan(); }

}  // namespace ballast
