#include "cases/reader/converter_plant.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "grid/branch.hpp"
#include "models/registry.hpp"

namespace ballast {
namespace {

/// A record beside its model and part.
struct Control {
  const DynamicRecord* record = nullptr;
  const ModelInfo* model = nullptr;
  std::size_t part = 0;

  /// Place of a parameter; behind the last where the model has none of this name.
  [[nodiscard]] std::size_t place_of(std::string_view name) const {
    const auto at = std::find_if(model->parameters.begin(), model->parameters.end(),
                                 [&](const ParameterInfo& p) { return name == p.name; });
    return static_cast<std::size_t>(at - model->parameters.begin());
  }
  [[nodiscard]] double value(std::string_view name) const {
    const std::size_t k = place_of(name);
    return k < record->values.size() ? record->values[k] : 0;
  }
  /// A bus number as written; 0 for a field that is no number and what no bus number can be (check_dyr() has
  /// said so).
  [[nodiscard]] int number(std::string_view name) const {
    const double written = value(name);
    return written >= 0 && written <= 999997 ? static_cast<int>(written) : 0;
  }
  /// A name as written; "" where the record is too short (check_dyr() has said so).
  [[nodiscard]] std::string name_in(std::string_view parameter) const {
    const std::size_t k = place_of(parameter);
    return k < record->fields.size() ? record->fields[k].text : "";
  }
  [[nodiscard]] std::string where() const {
    return fmt::format("{}: {} of bus {} '{}'", record->place.text(), record->model, record->bus, record->id);
  }
};

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Index of a bus a record names; -1 for 0 (none) and, with a problem, for a bus there is not.
int bus_of(const Control& control, std::string_view name, const Network& network, Problems& problems) {
  const int number = control.number(name);
  if (number == 0) return -1;
  const int bus = network.find_bus(number);
  if (bus < 0)
    problems.add(control.where(), fmt::format("its {} bus {} does not exist", name, number),
                 "give a bus of the network, or 0");
  return bus;
}

/// The branch a plant control monitors; -1 for none and, with a problem, for one there is not.
int branch_of(const Control& control, int from, const Network& network, Problems& problems) {
  const int to = bus_of(control, "to", network, problems);
  if (to < 0) {
    if (control.number("to") == 0)
      problems.add(control.where(), "its monitored branch has a first bus but no second",
                   "give both ends, or 0 for both: the unit's own power is used then");
    return -1;
  }
  const std::string circuit = trimmed(control.name_in("ckt"));
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& b = network.branches[k];
    if (((b.from == from && b.to == to) || (b.from == to && b.to == from)) && trimmed(b.id) == circuit)
      return static_cast<int>(k);
  }
  problems.add(control.where(),
               fmt::format("there is no branch {} to {} '{}' to monitor", control.number("from"),
                           control.number("to"), circuit),
               "give the ends and the circuit of a branch of the network");
  return -1;
}

/// What the meter of a branch multiplies the voltages of its ends with.
std::vector<double> meter_parameters(const Network& network, int branch, int near) {
  const Branch& b = network.branches[branch];
  const BranchBlock block = branch_block(network, b);
  const auto own = b.from == near ? block.ff : block.tt;
  const auto other = b.from == near ? block.ft : block.tf;
  return {own.real(), own.imag(), other.real(), other.imag()};
}

/// The meter of a branch whose first bus is `near`.
Part branch_meter(const Network& network, int branch, int near, const Part& reader) {
  Part meter;
  meter.model = "BRANCHFLOW";
  meter.name = "branch_meter";
  meter.parameters = meter_parameters(network, branch, near);
  meter.base_MVA = reader.base_MVA;
  meter.place = reader.place;
  meter.at_bus = near;
  meter.branch = branch;
  return meter;
}

/// The frequency of the bus that a part reads: 0.02 s for the derivative, 0.04 s of filter (PSS/E's default
/// filter, from memory), blocked below 0.2 pu.
Part frequency_meter(const Part& reader) {
  Part meter;
  meter.model = "BUSFREQ";
  meter.name = "frequency_meter";
  meter.parameters = {0.02, 0.04, 0.5, 0.2, 0.02};
  meter.place = reader.place;
  meter.at_bus = reader.at_bus;
  return meter;
}

}  // namespace

void set_branch_meters(std::span<Plant> plants, const Network& network) {
  for (Plant& plant : plants)
    for (Part& part : plant.parts)
      if (part.model == "BRANCHFLOW") part.parameters = meter_parameters(network, part.branch, part.at_bus);
}

bool is_converter_role(Role role) {
  return role == Role::CONVERTER || role == Role::ELECTRICAL_CONTROL || role == Role::PLANT_CONTROL;
}

void wire_converter_plant(Plant& plant, const std::vector<const DynamicRecord*>& records,
                          const Network& network, const std::string& label, Problems& problems) {
  Control converter, electrical, plant_control;
  for (std::size_t k = 0; k < records.size(); ++k) {
    const ModelInfo* model = find_model(records[k]->model);
    const Control control{records[k], model, k};
    if (model->role == Role::CONVERTER) converter = control;
    if (model->role == Role::ELECTRICAL_CONTROL) electrical = control;
    if (model->role == Role::PLANT_CONTROL) plant_control = control;
    if (!is_converter_role(model->role))
      problems.add(label,
                   fmt::format("{} beside converter models: a unit is a machine or a converter plant",
                               records[k]->model),
                   "remove the records of one of the two");
  }
  const auto missing = [&](const char* what, const char* who, const char* remedy) {
    problems.add(label, fmt::format("{} without {}", who, what), remedy);
  };
  if (converter.record == nullptr)
    missing("a converter", (electrical.record != nullptr ? electrical : plant_control).model->name,
            "add its REGCA1, REGCB1 or REGCC1 record");
  if (electrical.record == nullptr)
    missing(
        "an electrical control that gives its current commands",
        (converter.record != nullptr ? converter : plant_control).model->name,
        "add its REECA1, REECB1, REECC1 or REECD1 record; look whether the record before it ends with '/'");
  if (converter.record == nullptr || electrical.record == nullptr) return;

  plant.parts[electrical.part].at_bus = bus_of(electrical, "bus", network, problems);
  if (plant_control.record == nullptr) return;
  Part& reader = plant.parts[plant_control.part];
  reader.at_bus = bus_of(plant_control, "bus", network, problems);
  std::vector<Part> meters;
  const int from = bus_of(plant_control, "from", network, problems);
  if (from >= 0) {
    const int branch = branch_of(plant_control, from, network, problems);
    if (branch >= 0) meters.push_back(branch_meter(network, branch, from, reader));
  } else {
    const std::string name = plant.parts[converter.part].name;
    reader.wires = {{"P_branch", name + ".Pe"},
                    {"Q_branch", name + ".Qe"},
                    {"Ir_branch", name + ".Ir"},
                    {"Ii_branch", name + ".Ii"}};
  }
  const bool droop = plant_control.value("Ddn") != 0 || plant_control.value("Dup") != 0;
  if (plant_control.value("FFLAG") > 0.5 && droop) meters.push_back(frequency_meter(reader));
  for (Part& meter : meters) plant.parts.push_back(std::move(meter));
}

void meter_unit_frequency(Plant& plant, const std::vector<const DynamicRecord*>& records) {
  for (std::size_t k = 0; k < records.size(); ++k) {
    const Control unit{records[k], find_model(records[k]->model), k};
    if (unit.model->role != Role::MACHINE) continue;
    if (unit.value("FreqFlag") < 0.5 && unit.value("FtripFlag") < 0.5) continue;
    plant.parts.push_back(frequency_meter(plant.parts[k]));
    return;
  }
}

}  // namespace ballast
