#include "cases/reader/assemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include "cases/reader/converter_plant.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

bool is_machine_role(Role role) {
  return role == Role::MACHINE || role == Role::EXCITER || role == Role::GOVERNOR ||
         role == Role::STABILIZER || is_converter_role(role);
}

/// What a model needs beyond its record, from the generator; NaN when the network has nothing of that name.
double from_generator(const Generator& generator, std::string_view parameter) {
  if (parameter == "Ra") return generator.ZR;
  if (parameter == "Xdp") return generator.ZX;
  return std::numeric_limits<double>::quiet_NaN();
}

std::string generator_label(const Network& network, const Generator& g) {
  const std::string place = g.place.text();
  return fmt::format("{}{}{}, generator '{}'", place, place.empty() ? "" : ": ", network.bus_label(g.bus),
                     g.id);
}

Part part_of(const DynamicRecord& record, const ModelInfo& model, const Generator& generator,
             const std::string& label, Problems& problems) {
  Part part;
  part.model = model.name;
  part.name = role_name(model.role);
  part.base_MVA = generator.base_MVA;
  part.place = record.place;
  part.parameters = record.values;
  for (std::size_t k = part.parameters.size(); k < model.parameters.size(); ++k) {
    const double value = from_generator(generator, model.parameters[k].name);
    if (std::isnan(value))
      problems.add(label,
                   fmt::format("nothing gives {} its parameter {}", model.name, model.parameters[k].name),
                   "this model cannot be used in a dynamics file; give its parameters in the case file");
    part.parameters.push_back(value);
  }
  return part;
}

/// Constants of a ZIPLOAD: at 1 pu, so that `power` is drawn at `voltage`.
void set_zip(Part& part, std::complex<double> power, std::complex<double> current,
             std::complex<double> admittance, double voltage, const LoadConversion& conversion) {
  const double v = voltage > 0 ? voltage : 1.0;  // a dead bus: as at nominal voltage when it comes back
  const LoadShares& p = conversion.active;
  const LoadShares& q = conversion.reactive;
  const double P = power.real();
  const double Q = power.imag();
  part.parameters = {p.impedance * P / (v * v) + admittance.real(),
                     q.impedance * Q / (v * v) + admittance.imag(),
                     p.current * P / v + current.real(),
                     q.current * Q / v + current.imag(),
                     p.power * P,
                     q.power * Q,
                     conversion.pqbrak};
  const std::complex<double> drawn =
      voltage > 0 ? power + current * v + admittance * v * v : std::complex<double>(0);
  part.P_MW = -drawn.real();
  part.Q_Mvar = -drawn.imag();
}

Part empty_zip_part() {
  Part part;
  part.model = "ZIPLOAD";
  part.name = "load";
  return part;
}

}  // namespace

std::string plant_name(const Network& network, int bus, const std::string& id) {
  return fmt::format("{}-{}", network.buses[bus].number, id);
}

std::vector<Plant> machine_plants(const Network& network, const std::vector<DynamicRecord>& records,
                                  Problems& problems) {
  std::map<std::string, std::vector<const DynamicRecord*>> of_machine;
  for (const DynamicRecord& record : records)
    of_machine[fmt::format("{}-{}", record.bus, record.id)].push_back(&record);

  std::vector<Plant> plants;
  std::map<std::string, bool> in_service;
  for (const Generator& generator : network.generators) {
    const std::string name = plant_name(network, generator.bus, generator.id);
    in_service[name] = generator.in_service;
    if (!generator.in_service) continue;
    const std::string label = generator_label(network, generator);
    if (generator.XT != 0 || generator.RT != 0)
      problems.add(
          label,
          fmt::format("its record carries a step-up transformer (RT {:g}, XT {:g} pu), which the simulation "
                      "does not represent",
                      generator.RT, generator.XT),
          "model the transformer as a branch and set XT to 0");
    Plant plant{"machine", name, generator.bus, {}, generator.place};
    std::vector<const DynamicRecord*> used;  // of each part
    for (const DynamicRecord* record : of_machine[name]) {
      const ModelInfo* model = find_model(record->model);
      if (model == nullptr) continue;  // check_dyr() has said so
      if (!is_machine_role(model->role)) {
        problems.warn(record->place.text(),
                      fmt::format("{} of bus {} '{}' is no part of a machine; the record is not used",
                                  record->model, record->bus, record->id));
        continue;
      }
      plant.parts.push_back(part_of(*record, *model, generator, label, problems));
      used.push_back(record);
    }
    const auto has = [&](Role role) {
      return std::any_of(used.begin(), used.end(),
                         [&](const DynamicRecord* r) { return find_model(r->model)->role == role; });
    };
    if (std::any_of(used.begin(), used.end(),
                    [](const DynamicRecord* r) { return is_converter_role(find_model(r->model)->role); }))
      wire_converter_plant(plant, used, network, label, problems);
    else if (!has(Role::MACHINE))
      problems.add(label,
                   fmt::format("{:g} MW in service, but no machine model or converter in the dynamic data",
                               generator.P_MW),
                   "add its record (GENROU, GENCLS, REGCA1, ...), or take the generator out of service and "
                   "lower the load");
    plants.push_back(std::move(plant));
  }
  for (const auto& [name, list] : of_machine) {
    const auto found = in_service.find(name);
    if (found != in_service.end() && found->second) continue;
    for (const DynamicRecord* record : list)
      problems.warn(record->place.text(),
                    fmt::format("{} of bus {} '{}' is not used: {}", record->model, record->bus, record->id,
                                found == in_service.end() ? "the network has no such generator"
                                                          : "that generator is out of service"));
  }
  return plants;
}

void set_machine_rest(std::span<Plant> machines, const Network& network, const PowerFlowResult& flow) {
  std::size_t at = 0;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    if (!network.generators[g].in_service) continue;
    for (Part& part : machines[at].parts) {
      if (part.name != role_name(Role::MACHINE) && part.name != role_name(Role::CONVERTER)) continue;
      part.P_MW = flow.generator_P_MW[g];
      part.Q_Mvar = flow.generator_Q_Mvar[g];
    }
    ++at;
  }
}

std::vector<Plant> assemble_machines(const Network& network, const PowerFlowResult& flow,
                                     const std::vector<DynamicRecord>& records, Problems& problems) {
  std::vector<Plant> machines = machine_plants(network, records, problems);
  set_machine_rest(machines, network, flow);
  return machines;
}

std::vector<Plant> load_plants(const Network& network) {
  std::vector<Plant> plants;
  for (const Load& load : network.loads) {
    if (!load.in_service) continue;
    Part part = empty_zip_part();
    part.place = load.place;
    plants.push_back(
        {"load", plant_name(network, load.bus, load.id), load.bus, {std::move(part)}, load.place});
  }
  return plants;
}

void set_load_rest(std::span<Plant> loads, const Network& network, const PowerFlowResult& flow,
                   const std::vector<LoadConversion>& conversions) {
  std::size_t at = 0;
  for (std::size_t k = 0; k < network.loads.size(); ++k) {
    const Load& load = network.loads[k];
    if (!load.in_service) continue;
    set_zip(loads[at].parts.front(), {load.P_MW, load.Q_Mvar}, {load.IP_MW, load.IQ_Mvar},
            {load.YP_MW, load.YQ_Mvar}, flow.Vm[load.bus], conversions[k]);
    ++at;
  }
}

std::vector<Plant> assemble_loads(const Network& network, const PowerFlowResult& flow,
                                  const LoadConversion& conversion) {
  std::vector<Plant> loads = load_plants(network);
  set_load_rest(loads, network, flow, std::vector<LoadConversion>(network.loads.size(), conversion));
  return loads;
}

Part zip_part(std::complex<double> power_MVA, double voltage_pu, const LoadConversion& conversion) {
  Part part = empty_zip_part();
  set_zip(part, power_MVA, 0, 0, voltage_pu, conversion);
  return part;
}

}  // namespace ballast
