/// Data centers and batteries: [[datacenter]], [[datacenter.bess]], [[bess]].
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "cases/reader/campus_tables.hpp"

namespace ballast {

Part make_part(const char* model, const char* name, std::vector<double> parameters, double base_MVA,
               const Place& place) {
  Part part;
  part.model = model;
  part.name = name;
  part.parameters = std::move(parameters);
  part.base_MVA = base_MVA;
  part.place = place;
  return part;
}

namespace {

/// What is modelled no closer: a static load beside the UPS.
void read_non_it(Section& section, CampusRest& rest) {
  auto table = section.section_if("non_it");
  if (!table) return;
  const double power = table->number("power_MW", {"MW", not_negative()}, "other load beside the UPS");
  const double factor = table->number("power_factor", {"", within(0.5, 1)}, "lagging");
  const auto active = read_shares(*table, "active");
  const auto reactive = read_shares(*table, "reactive");
  const std::string shares = " = { impedance = ..., current = ..., power = ... }";
  if (!active) table->missing("active", "what active power depends on", "add active" + shares);
  if (!reactive) table->missing("reactive", "what reactive power depends on", "add reactive" + shares);
  rest.non_it = {active.value_or(LoadShares{1, 0, 0}), reactive.value_or(LoadShares{1, 0, 0}),
                 table->number_if("pqbrak", {"pu", within(0.1, 0.99)}).value_or(LoadConversion{}.pqbrak)};
  rest.non_it_MVA = {power, power * std::sqrt(1 - factor * factor) / factor};
  table->finish();
}

struct Batteries {
  Section section;
  int bus;
  std::string campus;
  std::string default_name;
};

void read_datacenter(Section& s, Reading& reading, JobSignals& jobs, std::vector<Batteries>& batteries) {
  Case& c = reading.result;
  const std::string name = read_plant_name(s, c.plants, "");
  s.relabel(fmt::format("[[datacenter]] '{}'", name));
  int bus = read_bus(s, "bus", c.network, "bus of the grid it is connected to");
  std::vector<Part> tap_changers;
  const TomlValue* connection = s.find("connection");
  if (connection != nullptr)  // read_connections() has made its bus
    if (const TomlValue* number = connection->find("bus"))
      if (number->kind == TomlValue::Kind::NUMBER && std::abs(number->number) < 1e9)
        bus = c.network.find_bus(static_cast<int>(number->number));
  if (connection != nullptr && bus >= 0) tap_changers = read_tap_changers(*connection, bus, name, reading);
  const Hardware hardware = read_hardware(s, name, reading);
  const double it_power_MW = hardware.it_power_MW;
  Workload workload = read_workload(s, name, hardware, jobs, reading);
  const bool tiers = read_tiers(s, name, it_power_MW, workload, reading);
  Cooling cooling = read_cooling(s, name, it_power_MW, workload, reading);
  Supply supply = read_supply(s, name, it_power_MW, workload, reading);
  const bool metered = std::any_of(supply.parts.begin(), supply.parts.end(),
                                   [](const Part& part) { return part.name == "meter"; });
  if (tiers && !metered)
    supply.parts.push_back(frequency_meter(name, it_power_MW, s.place("tiers"), reading));
  CampusRest rest;
  read_non_it(s, rest);
  std::vector<Section> own = s.sections("bess");
  for (std::size_t k = 0; k < own.size(); ++k) {
    own[k].relabel("[[datacenter.bess]]");
    batteries.push_back(
        {own[k], bus, name, own.size() == 1 ? name + "-BESS" : fmt::format("{}-BESS-{}", name, k + 1)});
  }
  s.finish();
  if (bus < 0 || name.empty() || supply.parts.empty() || workload.parts.empty()) return;

  rest.supply_MVA = supply.rest_MVA;
  rest.cooling_MVA = cooling.rest_MVA;
  rest.supply = supply.total;
  rest.plant = static_cast<int>(c.plants.size());
  Plant plant{"datacenter", name, bus, workload.parts, s.place()};
  std::move(supply.parts.begin(), supply.parts.end(), std::back_inserter(plant.parts));
  std::move(cooling.parts.begin(), cooling.parts.end(), std::back_inserter(plant.parts));
  heat_from(supply.total, plant.parts);
  std::move(tap_changers.begin(), tap_changers.end(), std::back_inserter(plant.parts));
  if (rest.non_it_MVA.real() > 0) {
    Part non_it = zip_part(rest.non_it_MVA, 1, rest.non_it);
    non_it.name = "non_it";
    non_it.place = s.place("non_it");
    plant.parts.push_back(std::move(non_it));
  }
  wire_it_power(plant.parts, workload);
  c.plants.push_back(std::move(plant));
  c.campuses.push_back(rest);
}

}  // namespace

void read_campus_tables(Section& root, Reading& reading) {
  std::vector<Batteries> batteries;
  JobSignals jobs;
  for (Section& s : root.sections("datacenter")) read_datacenter(s, reading, jobs, batteries);
  for (Batteries& b : batteries) read_bess(b.section, b.bus, b.campus, b.default_name, reading);
  for (Section& s : root.sections("bess")) {
    const int bus = read_bus(s, "bus", reading.result.network, "bus of the battery");
    std::string load;
    if (s.has("load"))
      if (const int campus = read_plant(s, "load", "datacenter", reading.result.plants); campus >= 0)
        load = reading.result.plants[campus].name;
    read_bess(s, bus, load, "", reading);
  }
}

}  // namespace ballast
