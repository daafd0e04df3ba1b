#include "grid/network.hpp"

#include <fmt/format.h>

namespace ballast {

int Network::find_bus(int number) const {
  const auto found = index_.find(number);
  return found == index_.end() ? -1 : found->second;
}

void Network::index_buses() {
  index_.clear();
  for (std::size_t i = 0; i < buses.size(); ++i) index_.emplace(buses[i].number, static_cast<int>(i));
}

std::string Network::bus_label(int index) const {
  const Bus& bus = buses[static_cast<std::size_t>(index)];
  std::string label = fmt::format("bus {}", bus.number);
  if (!bus.name.empty()) label += fmt::format(" ({})", bus.name);
  return label;
}

}  // namespace ballast
