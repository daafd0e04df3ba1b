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

bool is_shaft(const ModelInfo& model) {
  return std::any_of(model.inputs.begin(), model.inputs.end(),
                     [](const InputInfo& in) { return std::string_view(in.name) == "P_turbine"; });
}

namespace {

bool is_machine_role(Role role) {
  return role == Role::MACHINE || role == Role::EXCITER || role == Role::GOVERNOR ||
         role == Role::STABILIZER || is_converter_role(role);
}

/// What a model needs beyond its record, from the generator; NaN when the network has nothing of that name.
double from_generator(const Generator& generator, std::string_view parameter) {
  if (parameter == "Ra" || parameter == "Re") return generator.ZR;
  if (parameter == "Xdp" || parameter == "Xe") return generator.ZX;
  return std::numeric_limits<double>::quiet_NaN();
}

/// The turbine's power goes through the shaft to the machine.
void wire_shaft(Plant& plant) {
  const auto part = [&](std::string_view name) {
    return std::find_if(plant.parts.begin(), plant.parts.end(),
                        [&](const Part& p) { return p.name == name; });
  };
  const auto shaft = part("shaft");
  if (shaft == plant.parts.end()) return;
  if (part("governor") != plant.parts.end()) shaft->wires.emplace_back("P_turbine", "governor.Pm");
  part("machine")->wires.emplace_back("Pm", "shaft.Pm");
}

/// Controls beside a unit that has no shaft: a grid-forming converter, a compensator.
void refuse_idle_controls(const std::vector<const DynamicRecord*>& used, Problems& problems) {
  const auto shaftless = [](const DynamicRecord* r) {
    const ModelInfo& model = *find_model(r->model);
    return model.role == Role::MACHINE &&
           std::none_of(model.inputs.begin(), model.inputs.end(),
                        [](const InputInfo& in) { return std::string_view(in.name) == "Pm"; });
  };
  const auto unit = std::find_if(used.begin(), used.end(), shaftless);
  if (unit == used.end()) return;
  for (const DynamicRecord* r : used)
    if (r != *unit)
      problems.add(
          r->place.text(),
          fmt::format("{} of bus {} '{}' beside {}, which has neither shaft nor field for it to drive",
                      r->model, r->bus, r->id, (*unit)->model),
          "remove its record: this unit's model holds its own controls");
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
  part.name = is_shaft(model) ? "shaft" : role_name(model.role);
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

/// Model and constants of a static load: at 1 pu, so that `power` is drawn at `voltage`.
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
  if (conversion.frequency) {
    const LoadFrequency& f = *conversion.frequency;
    part.model = kFrequencyLoad;
    part.parameters.insert(part.parameters.end(), {f.m, f.n, f.r, f.s});
  }
  const std::complex<double> drawn =
      voltage > 0 ? power + current * v + admittance * v * v : std::complex<double>(0);
  part.P_MW = -drawn.real();
  part.Q_Mvar = -drawn.imag();
}

Part empty_zip_part() {
  Part part;
  part.model = kStaticLoad;
  part.name = "load";
  return part;
}

/// A generator on line at a bus that is.
bool in_service(const Network& network, const Generator& generator) {
  return generator.in_service && network.buses[generator.bus].type != BusType::ISOLATED;
}

/// Machines whose X''d is not the reactance of their ZSOURCE: the record's value is simulated.
class Reactances {
 public:
  void compare(const DynamicRecord& record, const ModelInfo& model, const Generator& generator) {
    if (model.role != Role::MACHINE) return;
    if (generator.ZR == 0 && generator.ZX == 1) return;  // not given: PSS/E's default
    for (std::size_t k = 0; k < record.values.size() && k < model.parameters.size(); ++k) {
      if (std::string_view(model.parameters[k].name) != "Xdpp") continue;
      const double distance = std::abs(record.values[k] - generator.ZX);
      if (distance <= 1e-4) continue;
      ++count_;
      if (distance <= worst_) continue;
      worst_ = distance;
      first_ = {record.place.text(),
                fmt::format("{} of bus {} '{}': Xdpp = {:g}, ZSOURCE has X = {:g}", record.model, record.bus,
                            record.id, record.values[k], generator.ZX),
                "the simulation takes Xdpp"};
    }
  }
  void report(Problems& problems) const {
    if (count_ > 0)
      problems.warn(
          first_.where,
          count_ == 1 ? first_.what : fmt::format("{}; {} machines differ, none more", first_.what, count_),
          first_.remedy);
  }

 private:
  int count_ = 0;
  double worst_ = 0;
  Problem first_;
};

constexpr std::size_t kNamed = 8;  ///< of a long list

void refuse_bare(const Network& network, const std::vector<std::size_t>& bare, Problems& problems) {
  const char* const remedy =
      "add its record (GENROU, GENCLS, ...), or let the case say what it becomes: "
      "[generators_without_dynamics] represent_as = \"negative-load\"";
  for (std::size_t k = 0; k < std::min(kNamed, bare.size()); ++k) {
    const Generator& g = network.generators[bare[k]];
    problems.add(
        generator_label(network, g),
        fmt::format("{:g} MW in service, but no machine model or converter in the dynamic data", g.P_MW),
        remedy);
  }
  if (bare.size() <= kNamed) return;
  double MW = 0;
  for (std::size_t k = kNamed; k < bare.size(); ++k) MW += network.generators[bare[k]].P_MW;
  problems.add(
      "", fmt::format("and {} more generators, {:g} MW, without a machine model", bare.size() - kNamed, MW),
      remedy);
}

/// A few by name, the rest by number, for each reason.
void report_unused(const std::vector<DynamicRecord>& records, const std::vector<RecordMatch>& match,
                   Problems& problems) {
  std::map<std::string, std::size_t> count;
  for (std::size_t r = 0; r < records.size(); ++r) {
    const std::string& why = match[r].unused;
    if (why.empty() || find_model(records[r].model) == nullptr) continue;
    if (++count[why] <= kNamed)
      problems.warn(records[r].place.text(),
                    fmt::format("{} of bus {} '{}' is not used: {}", records[r].model, records[r].bus,
                                records[r].id, why));
  }
  for (const auto& [why, n] : count)
    if (n > kNamed) problems.warn("", fmt::format("and {} more records are not used: {}", n - kNamed, why));
}

}  // namespace

std::string plant_name(const Network& network, int bus, const std::string& id) {
  return fmt::format("{}-{}", network.buses[bus].number, id);
}

std::vector<Plant> machine_plants(const Network& network, const std::vector<DynamicRecord>& records,
                                  Problems& problems, WithoutDynamics without,
                                  std::vector<RecordMatch>* matches) {
  std::map<std::string, std::vector<std::size_t>> of_machine;
  std::vector<RecordMatch> match(records.size());
  for (std::size_t r = 0; r < records.size(); ++r) {
    if (is_load_record(records[r])) continue;
    of_machine[fmt::format("{}-{}", records[r].bus, records[r].id)].push_back(r);
    match[r].unused = "the network has no such generator";
  }

  std::vector<Plant> plants;
  std::vector<std::size_t> bare;  // generators without a machine model
  Reactances reactances;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& generator = network.generators[g];
    const std::string name = plant_name(network, generator.bus, generator.id);
    const auto found = of_machine.find(name);
    const std::vector<std::size_t> own =
        found == of_machine.end() ? std::vector<std::size_t>{} : found->second;
    for (const std::size_t r : own) match[r] = {static_cast<int>(g), "its generator is out of service"};
    if (!in_service(network, generator)) continue;
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
    for (const std::size_t r : own) {
      const ModelInfo* model = find_model(records[r].model);
      match[r].unused = "its model is not here";
      if (model == nullptr) continue;  // check_dyr() has said so
      match[r].unused = is_machine_role(model->role) ? "" : "it is no part of a machine";
      if (!match[r].unused.empty()) continue;
      plant.parts.push_back(part_of(records[r], *model, generator, label, problems));
      used.push_back(&records[r]);
      reactances.compare(records[r], *model, generator);
    }
    const auto any = [&](auto predicate) {
      return std::any_of(used.begin(), used.end(),
                         [&](const DynamicRecord* r) { return predicate(find_model(r->model)->role); });
    };
    if (any(is_converter_role)) {
      wire_converter_plant(plant, used, network, label, problems);
    } else if (any([](Role role) { return role == Role::MACHINE; })) {
      refuse_idle_controls(used, problems);
      wire_shaft(plant);
      meter_unit_frequency(plant, used);
    } else {
      bare.push_back(g);
      for (const std::size_t r : own)
        if (match[r].unused.empty()) match[r].unused = "its generator has no machine model";
      plant.kind = "netted";
      plant.parts.assign(1, empty_zip_part());
      plant.parts.front().place = generator.place;
    }
    plants.push_back(std::move(plant));
  }
  reactances.report(problems);
  if (without == WithoutDynamics::REFUSE) refuse_bare(network, bare, problems);
  report_unused(records, match, problems);
  if (matches != nullptr) *matches = std::move(match);
  return plants;
}

void set_machine_rest(std::span<Plant> machines, const Network& network, const PowerFlowResult& flow,
                      const LoadConversion& netted) {
  std::size_t at = 0;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    if (!in_service(network, network.generators[g])) continue;
    const double P = flow.generator_P_MW[g];
    const double Q = flow.generator_Q_Mvar[g];
    Plant& plant = machines[at++];
    if (plant.kind == "netted") {
      set_zip(plant.parts.front(), {-P, -Q}, 0, 0, flow.Vm[plant.bus], netted);
      continue;
    }
    for (Part& part : plant.parts) {
      if (part.name != role_name(Role::MACHINE) && part.name != role_name(Role::CONVERTER)) continue;
      part.P_MW = P;
      part.Q_Mvar = Q;
    }
  }
}

std::vector<Plant> assemble_machines(const Network& network, const PowerFlowResult& flow,
                                     const std::vector<DynamicRecord>& records, Problems& problems) {
  std::vector<Plant> machines = machine_plants(network, records, problems);
  set_machine_rest(machines, network, flow);
  return machines;
}

bool is_load_record(const DynamicRecord& record) {
  const ModelInfo* model = find_model(record.model);
  return model != nullptr && model->role == Role::LOAD;
}

std::vector<Plant> load_plants(const Network& network, std::span<const std::optional<LoadModel>> models) {
  std::vector<Plant> plants;
  for (std::size_t k = 0; k < network.loads.size(); ++k) {
    const Load& load = network.loads[k];
    if (!load.in_service) continue;
    Part part = empty_zip_part();
    part.place = load.place;
    if (!models.empty() && models[k]) {
      part.model = models[k]->model;
      part.parameters = models[k]->parameters;
      part.place = models[k]->place;
    }
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
    Part& part = loads[at++].parts.front();
    if (!is_static_load(part.model)) {
      const std::complex<double> drawn = load_power(load, flow.Vm[load.bus]);
      part.P_MW = -drawn.real();
      part.Q_Mvar = -drawn.imag();
      continue;
    }
    set_zip(part, {load.P_MW, load.Q_Mvar}, {load.IP_MW, load.IQ_Mvar}, {load.YP_MW, load.YQ_Mvar},
            flow.Vm[load.bus], conversions[k]);
  }
}

std::vector<Plant> assemble_loads(const Network& network, const PowerFlowResult& flow,
                                  const LoadConversion& conversion) {
  std::vector<Plant> loads = load_plants(network);
  set_load_rest(loads, network, flow, std::vector<LoadConversion>(network.loads.size(), conversion));
  return loads;
}

std::vector<Plant> element_plants(const Network& network, const PowerFlowResult& flow) {
  const LoadConversion constant_current{{0, 1, 0}, {0, 1, 0}, LoadConversion{}.pqbrak};
  std::vector<Plant> plants;
  std::map<std::string, int> count;
  for (const ElementInjection& injection : flow.injections) {
    std::string name = fmt::format("{}-{}", network.buses[injection.bus].number, injection.name);
    for (char& c : name)
      if (std::string_view("./*\"'\n").find(c) != std::string_view::npos) c = '_';
    if (const int n = ++count[name]; n > 1) name += fmt::format("-{}", n);
    plants.push_back(
        {"element",
         name,
         injection.bus,
         {zip_part({-injection.P_MW, -injection.Q_Mvar}, flow.Vm[injection.bus], constant_current)},
         {}});
  }
  return plants;
}

Part zip_part(std::complex<double> power_MVA, double voltage_pu, const LoadConversion& conversion) {
  Part part = empty_zip_part();
  set_zip(part, power_MVA, 0, 0, voltage_pu, conversion);
  return part;
}

}  // namespace ballast
