/// The network of a case: a RAW or MATPOWER file with its dynamics file, or inline tables, or both.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/reading.hpp"
#include "grid/readers.hpp"

namespace ballast {
namespace {

constexpr double kBusMax = 999999;

/// Errors and warnings of a file that the case names, into those of the case.
void take(const Problems& from, Reading& reading) {
  for (const Problem& p : from.errors()) reading.problems.add(p.where, p.what, p.remedy);
  for (const Problem& p : from.warnings()) reading.problems.warn(p.where, p.what, p.remedy);
}

/// Path of a file named in the case, which must be there.
std::string named_file(Section& section, const char* key, const std::string& name, const Reading& reading) {
  const std::filesystem::path path = reading.result.path.parent_path() / name;
  std::error_code status;
  if (!std::filesystem::is_regular_file(path, status)) {
    section.problem(key, fmt::format("there is no file '{}'", path.string()),
                    "paths are relative to the case file");
    return "";
  }
  return path.string();
}

void read_file(Section& section, const char* key, Reading& reading) {
  const auto name = section.text_if(key);
  if (!name) return;
  const std::string path = named_file(section, key, *name, reading);
  if (path.empty()) {
    reading.network_complete = false;
    return;
  }
  Problems own;
  reading.result.network = std::string_view(key) == "raw" ? read_raw(path, own) : read_matpower(path, own);
  if (own.any()) reading.network_complete = false;
  take(own, reading);
}

void read_dynamics(Section& root, Section& section, Reading& reading) {
  Problems own;
  const auto name = section.text_if("dyr");
  if (name) {
    const std::string path = named_file(section, "dyr", *name, reading);
    if (!path.empty()) reading.records = read_dyr(path, own);
  }
  apply_dyr_rules(root, reading);
  take_relay_records(reading);
  check_dyr(reading.records, own);
  take(own, reading);
}

/// Sequence data belong to a network that a file gave.
void read_sequence_file(Section& section, Reading& reading) {
  const auto name = section.text_if("seq");
  if (!name) return;
  if (!section.has("raw")) {
    section.problem("seq", "a SEQ file adds to the network of a RAW file, and [network] names none",
                    "name the RAW file, or give the elements tables sequence = { ... }");
    return;
  }
  const std::string path = named_file(section, "seq", *name, reading);
  if (path.empty() || !reading.network_complete) return;
  Problems own;
  read_seq(path, reading.result.network, own);
  take(own, reading);
}

void read_bus_table(Section& s, Network& network) {
  Bus bus;
  bus.place = s.place();
  bus.number = s.whole("number", 1, kBusMax, "number of the bus");
  s.relabel(fmt::format("[[bus]] {}", bus.number));
  bus.name = s.text_if("name").value_or("");
  bus.base_kV = s.number("base_kV", {"kV", positive()}, "nominal voltage");
  if (s.flag_if("slack").value_or(false)) bus.type = BusType::SLACK;
  bus.Va_deg = s.number_if("angle_deg", {"degrees", within(-360, 360)}).value_or(0);
  bus.Vmin = s.number_if("Vmin", {"pu", within(0.1, 1.5)}).value_or(bus.Vmin);
  bus.Vmax = s.number_if("Vmax", {"pu", within(0.5, 2)}).value_or(bus.Vmax);
  bus.area = s.whole_if("area", 1, 9999).value_or(1);
  bus.zone = s.whole_if("zone", 1, 9999).value_or(1);
  bus.owner = s.whole_if("owner", 1, 9999).value_or(1);
  bus.position = read_position(s);
  s.finish();
  if (s.has("number")) network.buses.push_back(std::move(bus));
}

/// What lines and transformers share; false when an end does not exist.
bool read_ends(Section& s, const char* kind, const Network& network, Branch& branch) {
  branch.place = s.place();
  branch.from = read_bus(s, "from", network, "bus at the first end");
  branch.to = read_bus(s, "to", network, "bus at the second end");
  branch.id = s.text_if("id").value_or("1");
  branch.name = s.text_if("name").value_or("");
  branch.rate_MVA = s.number_if("rate_MVA", {"MVA", not_negative()}).value_or(0);
  branch.in_service = s.flag_if("in_service").value_or(true);
  if (branch.from < 0 || branch.to < 0) return false;
  s.relabel(fmt::format("[[{}]] {}-{}-{}", kind, network.buses[branch.from].number,
                        network.buses[branch.to].number, branch.id));
  return true;
}

void read_line_table(Section& s, Network& network) {
  Branch line;
  const bool good = read_ends(s, "line", network, line);
  line.R = s.number("R", {"pu", anything()}, "series resistance on the system base");
  line.X = s.number("X", {"pu", anything()}, "series reactance on the system base");
  line.B = s.number("B", {"pu", anything()}, "total charging susceptance on the system base");
  read_line_sequence(s, network, good ? static_cast<int>(network.branches.size()) : -1);
  s.finish();
  if (good) network.branches.push_back(std::move(line));
}

void read_transformer_table(Section& s, Network& network) {
  Branch branch;
  branch.transformer = true;
  const bool good = read_ends(s, "transformer", network, branch);
  const double base = s.number("base_MVA", {"MVA", positive()}, "base of R and X");
  const double scale = network.base_MVA / base;
  branch.R = scale * s.number("R", {"pu", anything()}, "resistance on its base_MVA");
  branch.X = scale * s.number("X", {"pu", anything()}, "leakage reactance on its base_MVA");
  branch.ratio = s.number_if("ratio", {"pu", within(0.1, 10)}).value_or(1);
  branch.angle_deg = s.number_if("angle_deg", {"degrees", within(-180, 180)}).value_or(0);
  read_transformer_sequence(s, network, good ? static_cast<int>(network.branches.size()) : -1, base);
  s.finish();
  if (good) network.branches.push_back(std::move(branch));
}

void read_load_table(Section& s, Reading& reading) {
  Network& network = reading.result.network;
  Load load;
  load.place = s.place();
  load.bus = read_bus(s, "bus", network, "bus of the load");
  load.id = s.text_if("id").value_or("1");
  if (load.bus >= 0) {
    const Bus& bus = network.buses[load.bus];
    s.relabel(fmt::format("[[load]] {}", plant_name(network, load.bus, load.id)));
    load.area = bus.area;
    load.zone = bus.zone;
    load.owner = bus.owner;
  }
  load.P_MW = s.number("P_MW", {"MW", anything()}, "active power drawn");
  load.Q_Mvar = s.number("Q_Mvar", {"Mvar", anything()}, "reactive power drawn");
  load.in_service = s.flag_if("in_service").value_or(true);
  const auto active = read_shares(s, "active");
  const auto reactive = read_shares(s, "reactive");
  if (active.has_value() != reactive.has_value())
    s.problem(active ? "active" : "reactive",
              fmt::format("{} has only one of active and reactive", s.label()),
              "give both, or neither and let [loads] say");
  const auto pqbrak = s.number_if("pqbrak", {"pu", within(0.1, 0.99)});
  s.finish();
  if (load.bus < 0) return;
  if (active && reactive)
    reading.own_conversion[network.loads.size()] = {*active, *reactive,
                                                    pqbrak.value_or(LoadConversion{}.pqbrak)};
  else if (pqbrak)
    s.problem("pqbrak", fmt::format("pqbrak in {} without active and reactive shares", s.label()),
              "give them beside it, or pqbrak in [loads]");
  network.loads.push_back(std::move(load));
}

void read_shunt_table(Section& s, Network& network) {
  Shunt shunt;
  shunt.place = s.place();
  shunt.bus = read_bus(s, "bus", network, "bus of the shunt");
  shunt.id = s.text_if("id").value_or("1");
  shunt.G_MW = s.number_if("G_MW", {"MW", anything()}).value_or(0);
  shunt.B_Mvar = s.number("B_Mvar", {"Mvar", anything()}, "reactive power injected at 1 pu");
  shunt.in_service = s.flag_if("in_service").value_or(true);
  s.finish();
  if (shunt.bus >= 0) network.shunts.push_back(std::move(shunt));
}

void read_generator_table(Section& s, Reading& reading) {
  Network& network = reading.result.network;
  Generator g;
  g.place = s.place();
  g.bus = read_bus(s, "bus", network, "bus of the generator");
  g.id = s.text_if("id").value_or("1");
  if (g.bus >= 0) s.relabel(fmt::format("[[generator]] {}", plant_name(network, g.bus, g.id)));
  const bool slack = g.bus >= 0 && network.buses[g.bus].type == BusType::SLACK;
  const bool any_slack = std::any_of(network.buses.begin(), network.buses.end(),
                                     [](const Bus& b) { return b.type == BusType::SLACK; });
  g.base_MVA = s.number("base_MVA", {"MVA", positive()}, "machine base");
  if (auto weather = g.bus >= 0 ? read_weather(s, s.label(), g.base_MVA, reading) : std::nullopt) {
    // Without an order the plant gives what the weather allows.
    g.P_MW = s.number_if("P_MW", {"MW", not_negative()}).value_or(weather->at_rest * g.base_MVA);
    reading.weather[plant_name(network, g.bus, g.id)] = std::move(*weather);
  } else if (slack || !any_slack) {
    // What it gives follows from the power flow; without a slack that is the mistake.
    g.P_MW = s.number_if("P_MW", {"MW", anything()}).value_or(0);
  } else {
    g.P_MW = s.number("P_MW", {"MW", anything()}, "active power scheduled");
  }
  g.Vset = s.number("Vset", {"pu", within(0.5, 1.5)}, "voltage held");
  g.Qmin_Mvar = s.number_if("Qmin_Mvar", {"Mvar", anything(), true}).value_or(g.Qmin_Mvar);
  g.Qmax_Mvar = s.number_if("Qmax_Mvar", {"Mvar", anything(), true}).value_or(g.Qmax_Mvar);
  g.in_service = s.flag_if("in_service").value_or(true);
  if (s.has("regulates")) g.regulated_bus = read_bus(s, "regulates", network, "bus whose voltage it holds");
  if (g.bus >= 0) {
    Bus& bus = network.buses[g.bus];
    if (g.in_service && bus.type == BusType::PQ) bus.type = BusType::PV;
    read_machine_models(s, g, network, reading);
  }
  read_generator_sequence(s, network, g.bus >= 0 ? static_cast<int>(network.generators.size()) : -1);
  s.finish();
  if (g.bus >= 0) network.generators.push_back(std::move(g));
}

/// [[machine]]: dynamic models for a generator that a network file gave.
void read_machine_table(Section& s, Reading& reading) {
  Network& network = reading.result.network;
  const int bus = read_bus(s, "bus", network, "bus of the generator");
  const std::string id = s.text_if("id").value_or("1");
  const auto found = std::find_if(network.generators.begin(), network.generators.end(),
                                  [&](const Generator& g) { return g.bus == bus && g.id == id; });
  if (bus >= 0 && found == network.generators.end()) {
    s.problem("bus", fmt::format("{} has no generator '{}'", network.bus_label(bus), id),
              "[[machine]] adds models to a generator of the network file; [[generator]] adds a generator");
    return;
  }
  if (bus < 0) return;
  s.relabel(fmt::format("[[machine]] {}", plant_name(network, bus, id)));
  found->base_MVA = s.number_if("base_MVA", {"MVA", positive()}).value_or(found->base_MVA);
  if (auto weather = read_weather(s, s.label(), found->base_MVA, reading))
    reading.weather[plant_name(network, bus, id)] = std::move(*weather);
  read_machine_models(s, *found, network, reading);
  s.finish();
}

}  // namespace

void read_network_tables(Section& root, Reading& reading) {
  Network& network = reading.result.network;
  auto section = root.section_if("network");
  if (!section) {
    reading.network_complete = false;
    root.missing("network", "the grid",
                 "add a table [network] with raw = \"file.raw\", or with frequency_Hz");
    return;
  }
  section->relabel("[network]");
  const bool raw = section->has("raw");
  const bool m = section->has("m");
  if (raw && m) section->problem("m", "[network] names both a raw and an m file", "keep one of the two");
  read_file(*section, "raw", reading);
  if (!raw)
    read_file(*section, "m", reading);
  else
    (void)section->find("m");
  read_sequence_file(*section, reading);
  read_dynamics(root, *section, reading);
  network.name =
      section->text_if("name").value_or(network.name.empty() ? reading.result.title : network.name);
  const NumberInfo hertz{"Hz", within(10, 500)};
  if (raw) {
    network.frequency_Hz = section->number_if("frequency_Hz", hertz).value_or(network.frequency_Hz);
  } else {  // neither MATPOWER files nor inline tables say it
    network.frequency_Hz = section->number("frequency_Hz", hertz, "nominal frequency");
  }
  if (const auto base = section->number_if("base_MVA", {"MVA", positive()})) {
    if (raw || m)
      section->problem("base_MVA", "the network file has its own system base", "leave base_MVA out");
    else
      network.base_MVA = *base;
  }
  read_sequence_ratio(*section, reading.result);
  section->finish();

  for (Section& s : root.sections("bus")) read_bus_table(s, network);
  network.index_buses();
  read_connections(root, reading);
  for (Section& s : root.sections("line")) read_line_table(s, network);
  for (Section& s : root.sections("transformer")) read_transformer_table(s, network);
  for (Section& s : root.sections("load")) read_load_table(s, reading);
  for (Section& s : root.sections("shunt")) read_shunt_table(s, network);
  for (Section& s : root.sections("generator")) read_generator_table(s, reading);
  for (Section& s : root.sections("machine")) read_machine_table(s, reading);
  read_power_plant_tables(root, reading);
  read_machine_data(root, reading);
}

}  // namespace ballast
