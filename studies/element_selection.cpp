#include "studies/element_selection.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ballast {
namespace {

bool allows(const std::optional<std::vector<double>>& list, double value) {
  return !list || std::find(list->begin(), list->end(), value) != list->end();
}

/// A number or a list of numbers.
std::optional<std::vector<double>> numbers(Section& section, const char* key, const NumberInfo& info) {
  const TomlValue* value = section.find(key);
  if (value == nullptr) return {};
  if (value->kind == TomlValue::Kind::NUMBER) return std::vector<double>{section.checked(*value, key, info)};
  return section.numbers_if(key, info);
}

}  // namespace

bool Selection::voltage(const Bus& bus) const {
  return allows(kV, bus.base_kV) && (!min_kV || bus.base_kV >= *min_kV) &&
         (!max_kV || bus.base_kV <= *max_kV);
}

bool Selection::place(const Bus& bus) const {
  return allows(area, bus.area) && allows(zone, bus.zone) && allows(owner, bus.owner) &&
         allows(number, bus.number);
}

bool Selection::rate(double rate_MVA) const {
  if (by_rating() && !(rate_MVA > 0)) return false;
  return (!min_rate_MVA || rate_MVA >= *min_rate_MVA) && (!max_rate_MVA || rate_MVA <= *max_rate_MVA);
}

bool Selection::bus(const Bus& bus) const {
  return bus.type != BusType::ISOLATED && voltage(bus) && place(bus);
}

bool Selection::branch(const Network& network, const Branch& b) const {
  const Bus& from = network.buses[b.from];
  const Bus& to = network.buses[b.to];
  if (from.type == BusType::ISOLATED || to.type == BusType::ISOLATED) return false;
  return (voltage(from) || voltage(to)) && (place(from) || place(to)) && rate(b.rate_MVA);
}

bool Selection::three_winding(const Network& network, const ThreeWinding& t) const {
  bool by_voltage = false;
  bool by_place = false;
  bool in_service = false;
  double rate_MVA = 0;
  for (const int k : t.branches) {
    const Branch& winding = network.branches[k];
    const Bus& own = network.buses[winding.from];
    if (own.type == BusType::ISOLATED) continue;
    by_voltage = by_voltage || voltage(own);
    by_place = by_place || place(own);
    in_service = in_service || winding.in_service;
    rate_MVA = std::max(rate_MVA, winding.rate_MVA);
  }
  return by_voltage && by_place && in_service && rate(rate_MVA) &&
         network.buses[t.star_bus].type != BusType::ISOLATED;
}

bool Selection::plant(const Case& base, const Plant& plant) const {
  if (!bus(base.network.buses[plant.bus])) return false;
  if (!by_rating()) return true;
  return std::any_of(base.network.generators.begin(), base.network.generators.end(), [&](const Generator& g) {
    std::string id = g.id;
    id.erase(id.find_last_not_of(' ') + 1);
    return g.bus == plant.bus && rate(g.base_MVA) &&
           plant.name == fmt::format("{}-{}", base.network.buses[g.bus].number, id);
  });
}

Selection read_selection(Section& axis) {
  Selection s;
  auto section = axis.section_if("where");
  if (!section) return s;
  section->relabel(fmt::format("where of {}", axis.label()));
  s.area = numbers(*section, "area", {"", positive()});
  s.zone = numbers(*section, "zone", {"", positive()});
  s.owner = numbers(*section, "owner", {"", positive()});
  s.number = numbers(*section, "number", {"", positive()});
  s.kV = numbers(*section, "kV", {"kV", positive()});
  s.min_kV = section->number_if("min_kV", {"kV", positive()});
  s.max_kV = section->number_if("max_kV", {"kV", positive()});
  s.min_rate_MVA = section->number_if("min_rate_MVA", {"MVA", positive()});
  s.max_rate_MVA = section->number_if("max_rate_MVA", {"MVA", positive()});
  section->finish();
  return s;
}

std::string branch_name(const Network& network, const Branch& b) {
  std::string id = b.id;
  id.erase(id.find_last_not_of(' ') + 1);
  return fmt::format("{}-{}-{}", network.buses[b.from].number, network.buses[b.to].number, id);
}

}  // namespace ballast
