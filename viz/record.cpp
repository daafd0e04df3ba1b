#include "viz/record.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "grid/layout.hpp"

namespace ballast {

std::string NetworkMap::bus_label(int index) const {
  if (index < 0 || index >= static_cast<int>(buses.size())) return {};
  const MapBus& bus = buses[index];
  return bus.name.empty() ? fmt::format("bus {}", bus.number)
                          : fmt::format("bus {} ({})", bus.number, bus.name);
}

NetworkMap map_of(const Network& network) {
  NetworkMap map{network.name, network.base_MVA, network.frequency_Hz, {}, {}, {}};
  map.buses.reserve(network.buses.size());
  for (const Bus& bus : network.buses)
    map.buses.push_back({bus.number, bus.name, bus.base_kV, bus.area, 0, 0, bus.position});
  for (const Generator& generator : network.generators)
    if (generator.in_service) map.buses[generator.bus].generation_MW += generator.P_MW;
  for (const Load& load : network.loads)
    if (load.in_service) map.buses[load.bus].load_MW += load.P_MW + load.IP_MW + load.YP_MW;
  map.branches.reserve(network.branches.size());
  for (const Branch& branch : network.branches)
    map.branches.push_back({branch.from, branch.to, branch.id, branch.name, branch.R, branch.X,
                            branch.rate_MVA, branch.transformer, branch.in_service});
  return map;
}

std::vector<Position> map_positions(const NetworkMap& map) {
  if (!map.places.empty()) return map.places;
  Network network;  // what the layout looks at: buses with their positions, branches with their impedances
  network.base_MVA = map.base_MVA;
  for (const MapBus& bus : map.buses) {
    Bus& placed = network.buses.emplace_back();
    placed.number = bus.number;
    placed.position = bus.position;
  }
  for (const MapBranch& branch : map.branches) {
    Branch& link = network.branches.emplace_back();
    link.from = branch.from;
    link.to = branch.to;
    link.R = branch.R;
    link.X = branch.X;
  }
  network.index_buses();
  return layout_buses(network);
}

std::optional<std::size_t> Record::find(std::string_view quantity) const {
  const auto found = std::find_if(schema.quantities.begin(), schema.quantities.end(),
                                  [&](const Quantity& candidate) { return candidate.name == quantity; });
  if (found == schema.quantities.end()) return std::nullopt;
  return static_cast<std::size_t>(found - schema.quantities.begin());
}

void MemoryRecorder::begin(const RunInfo& info, const Schema& schema, const Network& network) {
  record_ = Record{};
  record_.info = info;
  record_.schema = schema;
  record_.network = map_of(network);
  record_.values.resize(schema.quantities.size());
  record_.status.outcome = "running";
}

void MemoryRecorder::sample(double time_s, std::span<const double> values) {
  if (values.size() != record_.schema.size())
    throw Error("record", fmt::format("a sample of {} values, but the schema has {}", values.size(),
                                      record_.schema.size()));
  record_.times_s.push_back(time_s);
  std::size_t offset = 0;
  for (std::size_t q = 0; q < record_.values.size(); ++q) {
    const std::span<const double> part = values.subspan(offset, record_.elements(q));
    record_.values[q].insert(record_.values[q].end(), part.begin(), part.end());
    offset += part.size();
  }
  record_.status.end_time_s = time_s;
}

void MemoryRecorder::event(const LoggedEvent& event) { record_.events.push_back(event); }

void MemoryRecorder::end(const RunStatus& status) { record_.status = status; }

void replay(const Record& record, Recorder& recorder) {
  Network network;
  network.frequency_Hz = record.network.frequency_Hz;
  recorder.begin(record.info, record.schema, network);
  std::vector<double> values;
  for (std::size_t k = 0; k < record.samples(); ++k) {
    values.clear();
    for (std::size_t q = 0; q < record.values.size(); ++q) {
      const auto first = record.values[q].begin() + static_cast<std::ptrdiff_t>(k * record.elements(q));
      values.insert(values.end(), first, first + static_cast<std::ptrdiff_t>(record.elements(q)));
    }
    recorder.sample(record.times_s[k], values);
  }
  for (const LoggedEvent& event : record.events) recorder.event(event);
  recorder.end(record.status);
}

}  // namespace ballast
