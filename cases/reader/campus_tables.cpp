/// Data centers and batteries: [[datacenter]], [[datacenter.bess]], [[bess]].
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/handbook.hpp"
#include "cases/reader/reading.hpp"
#include "models/datacenter/inference_load.hpp"
#include "models/datacenter/training_load.hpp"
#include "models/datacenter/ups.hpp"
#include "models/storage/bess.hpp"

namespace ballast {
namespace {

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

/// Whether a model can rest with these parameters at 1 pu voltage: settings that contradict each other are
/// reported here, with their place, rather than at the operating point.
template <class Model>
void check_settings(const Section& table, const std::vector<double>& parameters, const Ratings& ratings,
                    double P_it) {
  double in[Model::kInputs];
  double out[Model::kOutputs];
  int mode[room_for(modes_of<Model>())] = {};
  double held[room_for(held_of<Model>())] = {};
  double timer[room_for(timers_of<Model>())];
  double x[room_for(static_cast<int>(Model::kStates))] = {};
  for (int k = 0; k < Model::kInputs; ++k) {
    const std::string_view name = Model::inputs[k].name;
    in[k] = name == "Vr" || name == "frequency" || name == "frame_speed" ? 1
            : name == "Vi" || name == "time" || name == "P_load"         ? 0
            : name == "P_it"                                             ? P_it
                                                                         : kUnknown;
  }
  std::fill(std::begin(out), std::end(out), kUnknown);
  std::fill(std::begin(timer), std::end(timer), kNever);
  Rest rest{in, out, mode, held, timer};
  const Outcome outcome = Model::initialise(rest, Model::derive(parameters.data(), ratings), x);
  if (!outcome.ok())
    table.problems().add(table.place().text(),
                         fmt::format("{} = {:.6g} in {} is outside {:.6g} to {:.6g}", outcome.quantity,
                                     outcome.value, table.label(), outcome.low, outcome.high),
                         "these settings contradict each other");
}

struct Workload {
  Part part;
  double rest_level = 0;  ///< IT power at rest, pu of the rating
};

/// The job of a data center. Without initial_level a training case starts in mid-run, at the mean power of an
/// iteration.
Workload read_workload(Section& section, const std::string& name, double it_power_MW, Reading& reading) {
  Workload workload;
  auto table = section.section_if("workload");
  if (!table) {
    if (!section.has("workload"))
      section.missing("workload", "what the accelerators do", "add workload = { kind = \"training\" }");
    return workload;
  }
  const std::string kind = table->choice("kind", workload_kinds(), "kind of workload");
  const ModelInfo& model = *find_model(workload_model(kind));
  std::vector<HandbookDefault> defaults = workload_defaults(kind);
  const bool training = std::string_view(model.name) == "TRAINING";
  const bool mid_run = training && !table->has("initial_level");
  std::map<std::string, double> derived;
  if (mid_run) {
    derived["initial_level"] = 0;
    (void)table->find("initial_level");
  }
  const std::string device = name + ".workload";
  workload.part =
      make_part(model.name, "workload", read_parameters(*table, model, reading, device, defaults, derived),
                it_power_MW, table->place());
  table->finish();
  std::vector<double>& p = workload.part.parameters;
  if (!training) {
    check_settings<InferenceLoad>(*table, p, {}, kUnknown);
    workload.rest_level = InferenceLoad::derive(p.data(), {}).mean;
    return workload;
  }
  const auto d = TrainingLoad::derive(p.data(), {});
  if (mid_run) {
    const double mean = TrainingLoad::mean_power(d);
    for (std::size_t k = 0; k < p.size(); ++k)
      if (std::string_view(model.parameters[k].name) == "initial_level") p[k] = mean;
    reading.result.assumed.push_back(
        {device, "initial_level", mean, "pu", "mean of an iteration: the case starts in mid-run"});
    workload.rest_level = mean;
  } else {
    workload.rest_level = d.initial_level;
  }
  check_settings<TrainingLoad>(*table, p, {}, kUnknown);
  return workload;
}

Part read_ups(Section& section, const std::string& name, double it_power_MW, double rest_level,
              Reading& reading) {
  auto table = section.section_if("ups");
  if (!table) {
    if (!section.has("ups"))
      section.missing("ups", "what stands between grid and IT load",
                      "add ups = { kind = \"double-conversion\" }");
    return {};
  }
  (void)table->choice("kind", {"double-conversion"}, "kind of UPS");
  Part part = make_part("UPS", "ups",
                        read_parameters(*table, *find_model("UPS"), reading, name + ".ups", ups_defaults()),
                        it_power_MW, table->place());
  table->finish();
  check_settings<Ups>(*table, part.parameters, {it_power_MW, reading.result.network.base_MVA, 60},
                      rest_level);
  return part;
}

/// Cooling and the rest: a static load beside the UPS.
void read_non_it(Section& section, CampusRest& rest) {
  auto table = section.section_if("non_it");
  if (!table) return;
  const double power =
      table->number("power_MW", {"MW", not_negative()}, "cooling and other load beside the UPS");
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

/// A battery, at `bus`; `load` is the data center whose power it smooths, or "".
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
  if (follows && !load.empty()) battery.wires.emplace_back("P_load", load + "/ups.P_load");
  plant.parts.push_back(std::move(battery));
  s.finish();
  if (bus >= 0 && !name.empty()) plants.push_back(std::move(plant));
}

struct Batteries {
  Section section;
  int bus;
  std::string campus;
  std::string default_name;
};

void read_datacenter(Section& s, Reading& reading, std::vector<Batteries>& batteries) {
  Case& c = reading.result;
  const std::string name = read_plant_name(s, c.plants, "");
  s.relabel(fmt::format("[[datacenter]] '{}'", name));
  int bus = read_bus(s, "bus", c.network, "bus of the grid it is connected to");
  if (const TomlValue* connection = s.find("connection"))  // read_connections() has made its bus
    if (const TomlValue* number = connection->find("bus"))
      if (number->kind == TomlValue::Kind::NUMBER && std::abs(number->number) < 1e9)
        bus = c.network.find_bus(static_cast<int>(number->number));
  const double it_power_MW = s.number("it_power_MW", {"MW", positive()}, "rated IT power");
  const Workload workload = read_workload(s, name, it_power_MW, reading);
  Part ups = read_ups(s, name, it_power_MW, workload.rest_level, reading);
  CampusRest rest;
  read_non_it(s, rest);
  std::vector<Section> own = s.sections("bess");
  for (std::size_t k = 0; k < own.size(); ++k) {
    own[k].relabel("[[datacenter.bess]]");
    batteries.push_back(
        {own[k], bus, name, own.size() == 1 ? name + "-BESS" : fmt::format("{}-BESS-{}", name, k + 1)});
  }
  s.finish();
  if (bus < 0 || name.empty() || ups.parameters.empty() || workload.part.parameters.empty()) return;

  const auto d =
      Ups::derive(ups.parameters.data(), {it_power_MW, c.network.base_MVA, c.network.frequency_Hz});
  rest.ups_MVA = it_power_MW * std::complex<double>(Ups::rest_power(d, workload.rest_level),
                                                    Ups::rest_reactive_power(d, workload.rest_level));
  rest.plant = static_cast<int>(c.plants.size());
  ups.P_MW = -rest.ups_MVA.real();
  ups.Q_Mvar = -rest.ups_MVA.imag();
  Plant plant{"datacenter", name, bus, {workload.part, std::move(ups)}, s.place()};
  if (rest.non_it_MVA.real() > 0) {
    Part non_it = zip_part(rest.non_it_MVA, 1, rest.non_it);
    non_it.name = "non_it";
    non_it.place = s.place("non_it");
    plant.parts.push_back(std::move(non_it));
  }
  c.plants.push_back(std::move(plant));
  c.campuses.push_back(rest);
}

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
    read_transformer_sequence(*transformer, network, index, base);
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
  network.buses.push_back(std::move(bus));
  network.branches.push_back(std::move(branch));
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

void read_campus_tables(Section& root, Reading& reading) {
  std::vector<Batteries> batteries;
  for (Section& s : root.sections("datacenter")) read_datacenter(s, reading, batteries);
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
