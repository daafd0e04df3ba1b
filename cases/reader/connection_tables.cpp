/// What connects a data center to the grid: a bus behind its own transformer or feeder.
#include <fmt/format.h>

#include <cmath>

#include "cases/reader/campus_tables.hpp"
#include "cases/reader/handbook.hpp"

namespace ballast {
namespace {

constexpr int kMostTransformers = 8;  ///< of one connection

/// The bus behind a campus's own transformer or feeder.
void read_connection(const TomlValue& campus, Section& s, Reading& reading) {
  Network& network = reading.result.network;
  Problems unheard;  // read_datacenter() reports what is wrong with the campus's own keys
  Section silent(campus, "", unheard);
  const int grid_bus = read_bus(silent, "bus", network, "");
  Bus bus;
  bus.place = s.place();
  bus.number = s.whole("bus", 1, 999999, "number for the new bus at the campus");
  if (network.find_bus(bus.number) >= 0)
    s.problem("bus", fmt::format("bus {} of the connection exists already", bus.number),
              "give the new bus a number of its own");
  bus.name = s.text_if("name").value_or(silent.text_if("name").value_or(""));
  bus.base_kV = s.number("base_kV", {"kV", positive()}, "nominal voltage at the campus");
  bus.position = read_position(s);
  Branch branch;
  branch.place = s.place();
  branch.from = grid_bus;
  branch.rate_MVA = s.number_if("rate_MVA", {"MVA", not_negative()}).value_or(0);
  const auto capacitors = s.numbers_if("capacitors_Mvar", {"Mvar", positive()});
  int count = 1;
  const int index = static_cast<int>(network.branches.size());
  auto transformer = s.section_if("transformer");
  auto feeder = s.section_if("feeder");
  if (s.has("transformer") == s.has("feeder"))
    s.problem(s.has("feeder") ? "feeder" : "bus",
              fmt::format("{} {}", s.label(),
                          s.has("feeder") ? "has both a transformer and a feeder"
                                          : "has neither a transformer nor a feeder"),
              "give one here; write the other as [[bus]] with [[transformer]] or [[line]]");
  if (transformer) {
    branch.transformer = true;
    const double base = transformer->number("base_MVA", {"MVA", positive()}, "base of R and X");
    const double scale = network.base_MVA / base;
    branch.R = scale * transformer->number("R", {"pu", not_negative()}, "resistance on its base_MVA");
    branch.X = scale * transformer->number("X", {"pu", positive()}, "leakage reactance on its base_MVA");
    branch.ratio = transformer->number_if("ratio", {"pu", within(0.1, 10)}).value_or(1);
    count = transformer->whole_if("count", 1, kMostTransformers).value_or(1);
    (void)transformer->find("tap_changer");  // read_tap_changers() reads it, for its part
    for (int k = 0; k < count; ++k) read_transformer_sequence(*transformer, network, index + k, base);
    transformer->finish();
  }
  if (feeder) {
    branch.R = feeder->number("R", {"pu", not_negative()}, "series resistance on the system base");
    branch.X = feeder->number("X", {"pu", positive()}, "series reactance on the system base");
    branch.B = feeder->number("B", {"pu", not_negative()}, "total charging on the system base");
    read_line_sequence(*feeder, network, index);
    feeder->finish();
  }
  s.finish();
  if (grid_bus < 0 || network.find_bus(bus.number) >= 0) return;
  const double grid_kV = network.buses[grid_bus].base_kV;
  if (feeder && std::abs(bus.base_kV - grid_kV) > 1e-6 * grid_kV)
    reading.problems.add(bus.place.text(),
                         fmt::format("a feeder from {:g} kV to {:g} kV", grid_kV, bus.base_kV),
                         "give both ends the same base_kV, or a transformer");
  bus.area = network.buses[grid_bus].area;
  bus.zone = network.buses[grid_bus].zone;
  bus.owner = network.buses[grid_bus].owner;
  branch.to = static_cast<int>(network.buses.size());
  const std::vector<double> banks = capacitors.value_or(std::vector<double>{});
  for (std::size_t k = 0; k < banks.size(); ++k) {
    Shunt bank;
    bank.place = s.place("capacitors_Mvar");
    bank.bus = branch.to;
    bank.id = std::to_string(k + 1);
    bank.B_Mvar = banks[k];
    network.shunts.push_back(std::move(bank));
  }
  network.buses.push_back(std::move(bus));
  for (int k = 0; k < count; ++k) {
    branch.id = std::to_string(k + 1);
    network.branches.push_back(branch);
  }
  network.index_buses();
}

}  // namespace

void read_connections(Section& root, Reading& reading) {
  const TomlValue* campuses = root.find("datacenter");
  if (campuses == nullptr) return;
  for (const TomlValue& campus : campuses->items) {
    const TomlValue* connection = campus.find("connection");
    if (connection == nullptr || connection->kind != TomlValue::Kind::TABLE) continue;
    const TomlValue* name = campus.find("name");
    Section s(*connection, fmt::format("connection of '{}'", name != nullptr ? name->text : ""),
              reading.problems);
    read_connection(campus, s, reading);
  }
}

std::vector<Part> read_tap_changers(const TomlValue& connection, int bus, const std::string& name,
                                    Reading& reading) {
  std::vector<Part> parts;
  const TomlValue* transformer = connection.find("transformer");
  if (transformer == nullptr || transformer->kind != TomlValue::Kind::TABLE) return parts;
  auto table = Section(*transformer, fmt::format("transformer of '{}'", name), reading.problems)
                   .section_if("tap_changer");
  if (!table) return parts;
  Section& s = *table;
  s.relabel(fmt::format("tap_changer of '{}'", name));
  const Network& network = reading.result.network;
  std::vector<double> parameters;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& branch = network.branches[k];
    if (branch.to != bus || !branch.transformer) continue;
    const std::string part = parts.empty() ? "tap_changer" : fmt::format("tap_changer-{}", parts.size() + 1);
    if (parts.empty())  // the others are like it
      parameters = read_parameters(s, *find_model("TAPCHANGER"), reading, name + "." + part,
                                   tap_changer_defaults(), {{"ratio_rest", branch.ratio}});
    parts.push_back(make_part("TAPCHANGER", part.c_str(), parameters, network.base_MVA, s.place()));
    parts.back().branch = static_cast<int>(k);
  }
  s.finish();
  return parts;
}

}  // namespace ballast
