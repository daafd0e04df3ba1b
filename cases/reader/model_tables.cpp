/// Models given in the case file itself, by the standard names of their parameters.
#include <fmt/format.h>

#include <cmath>
#include <string_view>

#include "cases/reader/assemble.hpp"
#include "cases/reader/reading.hpp"
#include "models/check_parameters.hpp"

namespace ballast {
namespace {

/// A key of [[generator]] and the models that it takes.
struct Slot {
  const char* key;
  Role role;
  bool shaft = false;  ///< models that hand a turbine's power on
};
const Slot kSlots[] = {{role_name(Role::MACHINE), Role::MACHINE},
                       {role_name(Role::EXCITER), Role::EXCITER},
                       {role_name(Role::GOVERNOR), Role::GOVERNOR},
                       {"shaft", Role::GOVERNOR, true},
                       {role_name(Role::STABILIZER), Role::STABILIZER},
                       {role_name(Role::CONVERTER), Role::CONVERTER},
                       {role_name(Role::ELECTRICAL_CONTROL), Role::ELECTRICAL_CONTROL},
                       {role_name(Role::PLANT_CONTROL), Role::PLANT_CONTROL}};

/// What a machine table without a model is told to add, and what stands for one whose model is not known.
const std::string kUsualMachine = "GENROU";

/// Where infinity means "never" or "none", the parameter's meaning says so.
bool may_be_infinite(const ParameterInfo& info) {
  return std::string_view(info.meaning).find("inf = ") != std::string_view::npos;
}

NumberInfo number_info(const ParameterInfo& info) {
  return {std::string_view(info.unit) == "1" ? "" : info.unit, info.possible, may_be_infinite(info)};
}

std::vector<std::string> models_of(const Slot& slot) {
  std::vector<std::string> names;
  for (const ModelInfo& model : all_models())
    if (model.role == slot.role && is_shaft(model) == slot.shaft) names.emplace_back(model.name);
  return names;
}

}  // namespace

std::vector<double> read_parameters(Section& section, const ModelInfo& model, Reading& reading,
                                    const std::string& device, const std::vector<HandbookDefault>& defaults,
                                    const std::map<std::string, double>& derived) {
  std::vector<double> values;
  for (const ParameterInfo& info : model.parameters) {
    if (info.is_name) {
      values.push_back(0);
      continue;
    }
    if (const auto given = derived.find(info.name); given != derived.end()) {
      values.push_back(given->second);
      continue;
    }
    const auto value = section.number_if(info.name, number_info(info));
    if (value) {
      if (!info.usual.contains(*value))
        section.warning(
            info.name,
            fmt::format("{} = {:g} in {} is unusual ({})", info.name, *value, section.label(), info.meaning),
            fmt::format("usual: {} {}", range_text(info.usual), info.unit));
      values.push_back(*value);
      continue;
    }
    const HandbookDefault* fallback = nullptr;
    for (const HandbookDefault& d : defaults)
      if (std::string_view(d.parameter) == info.name) fallback = &d;
    if (fallback != nullptr) {
      reading.result.assumed.push_back({device, info.name, fallback->value, info.unit, fallback->source});
      values.push_back(fallback->value);
    } else {
      values.push_back(section.number(info.name, number_info(info), info.meaning));
    }
  }
  return values;
}

void read_machine_models(Section& section, Generator& generator, const Network& network, Reading& reading) {
  for (const Slot& slot : kSlots) {
    const char* const key = slot.key;
    auto table = section.section_if(key);
    if (!table) continue;
    const std::string device =
        fmt::format("{} of machine {}", key, plant_name(network, generator.bus, generator.id));
    table->relabel(device);
    const std::vector<std::string> choices = models_of(slot);
    if (choices.empty()) {
      table->problem("model", fmt::format("there is no {} model", key),
                     "`ballast models` lists what there is");
      continue;
    }
    const std::string& usual = slot.role == Role::MACHINE ? kUsualMachine : choices.front();
    const bool named = table->has("model");
    const std::size_t before = reading.problems.errors().size();
    const std::string name = table->choice("model", choices, "name of the model");
    if (!named || reading.problems.errors().size() > before) {
      if (!named)
        table->problem("model", fmt::format("{} has no 'model'", table->label()),
                       fmt::format("add model = \"{}\"", usual));
      DynamicRecord unread;  // its parameters mean nothing without a model; stands for it, so that no other
                             // error follows
      unread.bus = network.buses[generator.bus].number;
      unread.model = usual;
      unread.id = generator.id;
      unread.values.assign(find_model(unread.model)->record_parameters, 1.0);
      reading.records.push_back(std::move(unread));
      continue;
    }
    const ModelInfo& model = *find_model(name);
    DynamicRecord record;
    record.bus = network.buses[generator.bus].number;
    record.model = name;
    record.id = generator.id;
    record.place = table->place();
    const std::vector<double> values = read_parameters(*table, model, reading, device);
    record.values.assign(values.begin(), values.begin() + model.record_parameters);
    record.fields.resize(record.values.size());
    for (std::size_t k = 0; k < record.values.size(); ++k)
      if (model.parameters[k].is_name)
        record.fields[k].text = table->text_if(model.parameters[k].name).value_or("1");
    for (std::size_t k = record.values.size(); k < values.size(); ++k) {
      const std::string_view parameter = model.parameters[k].name;
      if (parameter == "Ra" || parameter == "Re") generator.ZR = values[k];
      if (parameter == "Xdp" || parameter == "Xe") generator.ZX = values[k];
    }
    table->finish();
    reading.records.push_back(std::move(record));
  }
}

}  // namespace ballast
