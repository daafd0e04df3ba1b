/// [[machine_data]]: models for all generators of a kind of fuel, where no record gives them any.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

std::string all_fuels(const Network& network) {
  std::set<std::string> fuels;
  for (const Generator& g : network.generators)
    if (!g.fuel.empty()) fuels.insert(g.fuel);
  std::string text;
  for (const std::string& fuel : fuels) text += fmt::format("{}'{}'", text.empty() ? "" : ", ", fuel);
  return text.empty() ? "the network file names no fuels (mpc.genfuel)" : "the network file has " + text;
}

/// The models of one table, read once: records without bus and id, and a generator with their ZSOURCE. What
/// they do not give (NaN) stays that of the file.
struct Template {
  std::vector<DynamicRecord> records;
  Generator generator;
};

Template read_template(Section& table, Reading& reading) {
  Template models;
  models.generator.ZR = models.generator.ZX = std::numeric_limits<double>::quiet_NaN();
  const std::size_t before = reading.records.size();
  if (!reading.result.network.buses.empty()) {
    models.generator.bus = 0;
    models.generator.id = "of " + table.label();
    read_machine_models(table, models.generator, reading.result.network, reading);
  }
  models.records.assign(
      std::make_move_iterator(reading.records.begin() + static_cast<std::ptrdiff_t>(before)),
      std::make_move_iterator(reading.records.end()));
  reading.records.resize(before);
  return models;
}

}  // namespace

void read_machine_data(Section& root, Reading& reading) {
  Network& network = reading.result.network;
  std::set<std::pair<int, std::string>> given;
  for (const DynamicRecord& record : reading.records) given.emplace(record.bus, record.id);
  for (Section& table : root.sections("machine_data")) {
    const auto fuels = table.texts_if("fuel");
    if (!fuels) table.missing("fuel", "the fuels it is for", "add fuel = [\"coal\", \"gas\"]");
    std::string label;
    for (const std::string& fuel : fuels.value_or(std::vector<std::string>{}))
      label += fmt::format("{}{}", label.empty() ? "" : ", ", fuel);
    table.relabel(fmt::format("[[machine_data]] {}", label));
    const Template models = read_template(table, reading);
    table.finish();
    int count = 0;
    for (Generator& generator : network.generators) {
      if (!fuels || std::find(fuels->begin(), fuels->end(), generator.fuel) == fuels->end()) continue;
      const int bus = network.buses[generator.bus].number;
      if (!given.emplace(bus, generator.id).second) continue;
      ++count;
      if (!std::isnan(models.generator.ZR)) generator.ZR = models.generator.ZR;
      if (!std::isnan(models.generator.ZX)) generator.ZX = models.generator.ZX;
      if (!generator.in_service) continue;
      for (DynamicRecord record : models.records) {
        record.bus = bus;
        record.id = generator.id;
        record.origin = "declared for fuel " + generator.fuel;
        reading.records.push_back(std::move(record));
      }
    }
    if (fuels && count == 0)
      table.problem("fuel", fmt::format("{} is for no generator", table.label()), all_fuels(network));
  }
}

}  // namespace ballast
