/// Batteries: [[bess]], [[datacenter.bess]].
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"
#include "models/storage/bess.hpp"

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

}  // namespace

void read_bess(Section& s, int bus, const std::string& load, const std::string& default_name,
               Reading& reading) {
  std::vector<Plant>& plants = reading.result.plants;
  const std::string name = read_plant_name(s, plants, default_name);
  s.relabel(fmt::format("{} '{}'", s.label(), name));
  const double power = s.number("power_MW", {"MW", positive()}, "rated power");
  const double energy = s.number("energy_MWh", {"MWh", positive()}, "usable energy at state of charge 1");
  const std::vector<std::string> tasks{"smoothing", "load-hold", "frequency-response", "voltage-support"};
  const auto control = s.texts_if("control");
  if (!s.has("control"))
    s.missing("control", "what the battery does", "add control = [\"smoothing\"], or [] for nothing");
  bool follows = false;
  for (const std::string& task : control.value_or(std::vector<std::string>{})) {
    if (std::find(tasks.begin(), tasks.end(), task) == tasks.end()) {
      const std::string hint = nearest(task, tasks);
      s.problem("control", fmt::format("'{}' in {} is nothing a battery does", task, s.label()),
                hint.empty()
                    ? "give some of 'smoothing', 'load-hold', 'frequency-response', 'voltage-support'"
                    : fmt::format("did you mean '{}'?", hint));
    }
    follows = follows || task == "smoothing" || task == "load-hold";
  }
  if (follows && load.empty())
    s.problem("control", fmt::format("{} smooths no data center", s.label()),
              "add load = \"<name of the data center>\", or put the battery under [[datacenter.bess]]");
  Plant plant{"bess", name, bus, {}, s.place()};
  plant.parts.push_back(
      make_part("BUSFREQ", "meter",
                optional_parameters(s, "meter", "BUSFREQ", reading, name + ".meter", meter_defaults()), power,
                s.place()));
  Part battery = make_part("BESS", "battery",
                           read_parameters(s, *find_model("BESS"), reading, name + ".battery",
                                           bess_defaults(control.value_or(std::vector<std::string>{})),
                                           {{"energy_h", energy / power}}),
                           power, s.place());
  check_settings<Bess>(s, battery.parameters, {power, reading.result.network.base_MVA, 60}, kUnknown);
  if (follows && !load.empty())
    battery.wires.emplace_back("P_load", load + "/" + supply_of(reading.result, load) + ".P_load");
  plant.parts.push_back(std::move(battery));
  s.finish();
  if (bus >= 0 && !name.empty()) plants.push_back(std::move(plant));
}

}  // namespace ballast
