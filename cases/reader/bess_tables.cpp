/// Batteries: [[bess]], [[datacenter.bess]].
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/storage/bess.hpp"
#include "models/storage/reservoir.hpp"

namespace ballast {
namespace {

/// Parameters from the table under `key`, or only handbook values when the table may be left out.
std::vector<double> optional_parameters(Section& section, const char* key, const char* model,
                                        Reading& reading, const std::string& device,
                                        const std::vector<HandbookDefault>& defaults) {
  static const TomlValue nothing;
  auto given = section.section_if(key);
  Section table = given ? *given : Section(nothing, "", reading.problems);
  std::vector<double> values = read_parameters(table, *find_model(model), reading, device, defaults);
  table.finish();
  return values;
}

/// The part of a data center that gives its P_load; "ups" for one that had problems.
std::string supply_of(const Case& c, const std::string& datacenter) {
  for (const CampusRest& campus : c.campuses)
    if (c.plants[campus.plant].name == datacenter) return campus.supply;
  return "ups";
}

/// What it does, in the order of the file.
std::vector<std::string> read_tasks(Section& s, const std::string& load) {
  const std::vector<std::string> tasks = bess_tasks();
  const auto control = s.texts_if("control");
  if (!s.has("control"))
    s.missing("control", "what the battery does", "add control = [\"smoothing\"], or [] for nothing");
  bool follows = false;
  for (const std::string& task : control.value_or(std::vector<std::string>{})) {
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) {
      const std::string hint = nearest(task, tasks);
      s.problem("control", fmt::format("'{}' in {} is nothing a battery does", task, s.label()),
                hint.empty() ? fmt::format("give some of '{}'", fmt::join(tasks, "', '"))
                             : fmt::format("did you mean '{}'?", hint));
    }
    follows = follows || task == "smoothing" || task == "load-hold";
  }
  if (follows && load.empty())
    s.problem("control", fmt::format("{} smooths no data center", s.label()),
              "add load = \"<name of the data center>\", or put the battery under [[datacenter.bess]]");
  return control.value_or(std::vector<std::string>{});
}

/// What the site draws, for peak shaving: the sum of what flows into branches at their first bus.
void add_site_meter(Section& s, double power_MW, const Network& network, Plant& plant) {
  if (!s.has("meter_branch")) {
    s.missing("meter_branch", "the branch that feeds the site",
              "add meter_branch = \"2-10\", or a list of up to four");
    return;
  }
  Part sum = make_part("TRANSDUCER", "site_meter", {1, 0}, power_MW, s.place());
  const std::vector<int> branches = select_branches(s, "meter_branch", network);
  if (branches.size() > 4)
    s.problem("meter_branch", fmt::format("{} measures {} branches", s.label(), branches.size()),
              "four at most are added up");
  for (std::size_t k = 0; k < std::min<std::size_t>(branches.size(), 4); ++k) {
    Part meter = make_part("BRANCHFLOW", fmt::format("branch_meter-{}", k + 1).c_str(), {0, 0, 0, 0},
                           power_MW, s.place());
    meter.branch = branches[k];
    meter.at_bus = network.branches[branches[k]].from;
    sum.wires.emplace_back(fmt::format("a_{}", k + 1), meter.name + ".P_branch");
    plant.parts.push_back(std::move(meter));
  }
  plant.parts.push_back(std::move(sum));
}

void read_life(Section& s, const std::string& name, Reading& reading) {
  if (auto life = s.section_if("life")) {
    life->relabel("life of " + s.label());
    LifeCurve curve;
    curve.cycles = life->number("cycles", {"", positive()}, "cycles of full depth to the end of life");
    curve.exponent = life->number("exponent", {"", within(0, 10)}, "of the depth of a cycle; 1: throughput");
    curve.calendar_years = life->number("calendar_years", {"a", positive()}, "life without any cycle");
    life->finish();
    reading.result.storage_life.push_back({name, curve});
  }
}

/// Source of the power that storage follows.
void follow(Part& part, const std::string& load, const Case& c) {
  part.wires.emplace_back("P_load", load + "/" + supply_of(c, load) + ".P_load");
}

/// Storage whose converter forms the voltage: REGFM_A1 or REGFM_B1, and the energy behind it.
void add_grid_forming(Section& s, const std::string& kind, double power_MW, double energy_MWh,
                      const std::vector<std::string>& control, const std::string& load, Reading& reading,
                      Plant& plant) {
  for (const std::string& task : control)
    if (task != "smoothing" && task != "load-hold")
      s.problem("control",
                fmt::format("{} has a grid-forming converter, which has no task '{}'", s.label(), task),
                "its droop answers to frequency and voltage by itself; give \"smoothing\" or \"load-hold\"");
  auto table = s.section_if("converter");
  table->relabel("converter of " + s.label());
  const std::string model = table->choice("model", {"REGFM_A1", "REGFM_B1"}, "grid-forming converter");
  Part converter = make_part(model.c_str(), "converter",
                             read_parameters(*table, *find_model(model), reading, plant.name + ".converter"),
                             power_MW, table->place());
  table->finish();
  converter.wires.emplace_back("Pref", "battery.Pref");
  Part store = make_part("RESERVOIR", "battery",
                         read_parameters(s, *find_model("RESERVOIR"), reading, plant.name + ".battery",
                                         bess_defaults(kind, control), {{"energy_h", energy_MWh / power_MW}}),
                         power_MW, s.place());
  check_settings<Reservoir>(s, store.parameters, {power_MW, reading.result.network.base_MVA, 60}, kUnknown);
  store.wires.emplace_back("P", "converter.Pe");
  if (!control.empty() && !load.empty()) follow(store, load, reading.result);
  store.orders.push_back({"in_service", Order::Kind::PLANT, -1, plant.kind, plant.name});
  plant.parts.push_back(std::move(converter));
  plant.parts.push_back(std::move(store));
}

/// Storage whose converter follows the grid.
void add_grid_following(Section& s, const std::string& kind, double power_MW, double energy_MWh,
                        const std::vector<std::string>& control, const std::string& load, Reading& reading,
                        Plant& plant) {
  const auto does = [&](const char* task) {
    return std::find(control.begin(), control.end(), task) != control.end();
  };
  plant.parts.push_back(
      make_part("BUSFREQ", "meter",
                optional_parameters(s, "meter", "BUSFREQ", reading, plant.name + ".meter", meter_defaults()),
                power_MW, s.place()));
  std::map<std::string, double> derived{{"energy_h", energy_MWh / power_MW}, {"meter_limit", 0}};
  if (does("peak-shaving")) {
    derived["meter_limit"] =
        s.number("meter_limit_MW", {"MW"}, "most that the site draws at its meter") / power_MW;
    add_site_meter(s, power_MW, reading.result.network, plant);
  }
  Part battery = make_part("BESS", "battery",
                           read_parameters(s, *find_model("BESS"), reading, plant.name + ".battery",
                                           bess_defaults(kind, control), derived),
                           power_MW, s.place());
  check_settings<Bess>(s, battery.parameters, {power_MW, reading.result.network.base_MVA, 60}, kUnknown);
  if ((does("smoothing") || does("load-hold")) && !load.empty()) follow(battery, load, reading.result);
  if (does("peak-shaving")) battery.wires.emplace_back("P_meter", "site_meter.value");
  plant.parts.push_back(std::move(battery));
}

}  // namespace

void read_bess(Section& s, int bus, const std::string& load, const std::string& default_name,
               Reading& reading) {
  std::vector<Plant>& plants = reading.result.plants;
  const std::string name = read_plant_name(s, plants, default_name);
  s.relabel(fmt::format("{} '{}'", s.label(), name));
  const std::string kind = s.has("kind") ? s.choice("kind", storage_kinds(), "kind of storage") : "battery";
  const double power = s.number("power_MW", {"MW", positive()}, "rated power");
  const double energy = s.number("energy_MWh", {"MWh", positive()}, "usable energy at state of charge 1") *
                        s.number_if("capacity_kept", {"pu", within(0.01, 1)}).value_or(1);
  const std::vector<std::string> control = read_tasks(s, load);
  Plant plant{"bess", name, bus, {}, s.place()};
  if (s.has("converter"))
    add_grid_forming(s, kind, power, energy, control, load, reading, plant);
  else
    add_grid_following(s, kind, power, energy, control, load, reading, plant);
  read_life(s, name, reading);
  s.finish();
  if (bus >= 0 && !name.empty()) plants.push_back(std::move(plant));
}

}  // namespace ballast
