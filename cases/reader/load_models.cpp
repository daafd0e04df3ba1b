/// Dynamic models of loads: load records of the dynamics file and [[load_model]].
#include <fmt/format.h>

#include <algorithm>

#include "cases/reader/reading.hpp"
#include "models/check_parameters.hpp"

namespace ballast {
namespace {

bool same_id(const std::string& a, const std::string& b) {
  return a.substr(0, a.find_last_not_of(' ') + 1) == b.substr(0, b.find_last_not_of(' ') + 1);
}

bool holds(const DynamicRecord& record, const Network& network, const Load& load) {
  switch (record.scope) {
    case LoadScope::ONE:
      return network.buses[load.bus].number == record.bus && same_id(load.id, record.id);
    case LoadScope::OWNER:
      return load.owner == record.bus;
    case LoadScope::ZONE:
      return load.zone == record.bus;
    case LoadScope::AREA:
      return load.area == record.bus;
    case LoadScope::ALL:
      return true;
  }
  return false;
}

/// Gives loads that have none yet the models of the records of one scope: the narrower scope goes first.
void match_scope(LoadScope scope, Reading& reading) {
  const Network& network = reading.result.network;
  auto& models = reading.result.load_models;
  for (std::size_t r = 0; r < reading.records.size(); ++r) {
    const DynamicRecord& record = reading.records[r];
    if (!is_load_record(record) || record.scope != scope) continue;
    RecordMatch& match = reading.load_matches[r];
    bool found = false;
    bool in_service = false;
    for (std::size_t k = 0; k < network.loads.size(); ++k) {
      const Load& load = network.loads[k];
      if (!holds(record, network, load)) continue;
      found = true;
      if (!load.in_service || network.buses[load.bus].type == BusType::ISOLATED) continue;
      in_service = true;
      if (models[k]) continue;
      models[k] = LoadModel{record.model, record.values, record.place};
      match.loads.push_back(static_cast<int>(k));
    }
    if (!match.loads.empty()) continue;
    match.unused = !found        ? "the network has no such load"
                   : !in_service ? "its loads are out of service"
                                 : "its loads have models of their own";
    reading.problems.warn(record.place.text(),
                          fmt::format("{} is not used: {}", record_label(record), match.unused));
  }
}

/// One table [[load_model]].
void read_table(Section& table, const std::vector<Plant>& loads, const std::vector<std::size_t>& index,
                Reading& reading) {
  table.relabel("[[load_model]]");
  std::vector<std::string> names;
  for (const ModelInfo& model : all_models())
    if (model.role == Role::LOAD && !is_static_load(model.name) &&
        model.name != std::string_view("XFMRSAT"))  // of a transformer
      names.emplace_back(model.name);
  const std::size_t before = reading.problems.errors().size();
  const std::string name = table.choice("model", names, "name of the model");
  std::vector<int> selected;
  if (table.has("load"))
    selected = select_plants(table, "load", "load", reading.result.network, loads);
  else
    table.missing("load", "which loads have this model", "add load = \"7-1\", a list, or { area = 1 }");
  if (!table.has("model"))
    table.problem("model", "[[load_model]] has no 'model'", fmt::format("add model = \"{}\"", names.front()));
  if (!table.has("model") || reading.problems.errors().size() > before) return;
  const ModelInfo& model = *find_model(name);
  table.relabel(fmt::format("[[load_model]] {}", name));
  const LoadModel given{name, read_parameters(table, model, reading, table.label()), table.place()};
  if (reading.problems.errors().size() == before) {
    const std::string where = fmt::format("{}: {}", table.place().text(), table.label());
    check_relations(model.relations, model.parameters, given.parameters, where, reading.problems);
    check_needs(model.needs, model.parameters, given.parameters, where, reading.problems);
  }
  RecordUse use{name, -1, RecordUse::Fate::SIMULATED, "[[load_model]]", {}};
  for (const int plant : selected) {
    std::optional<LoadModel>& own = reading.result.load_models[index[plant]];
    if (own) {
      reading.problems.add(table.place().text(),
                           fmt::format("load {} has a model already: {} at {}", loads[plant].name, own->model,
                                       own->place.text()),
                           "keep one of the two; a [[dyr_rule]] with ignore = true leaves a record out");
      continue;
    }
    own = given;
    use.loads.push_back(static_cast<int>(index[plant]));
  }
  reading.result.record_uses.push_back(std::move(use));
  table.finish();
}

}  // namespace

void read_load_models(Section& root, Reading& reading) {
  const Network& network = reading.result.network;
  reading.result.load_models.assign(network.loads.size(), {});
  reading.load_matches.assign(reading.records.size(), {});
  for (const LoadScope scope :
       {LoadScope::ONE, LoadScope::OWNER, LoadScope::ZONE, LoadScope::AREA, LoadScope::ALL})
    match_scope(scope, reading);
  std::vector<Section> tables = root.sections("load_model");
  if (tables.empty()) return;
  const std::vector<Plant> loads = load_plants(network);
  std::vector<std::size_t> index;
  for (std::size_t k = 0; k < network.loads.size(); ++k)
    if (network.loads[k].in_service) index.push_back(k);
  for (Section& table : tables) read_table(table, loads, index, reading);
}

}  // namespace ballast
