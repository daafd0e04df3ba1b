/// "Every bus", "every line": the elements of the base case that an axis runs over.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

/// The table `where`: what an element has to be. Absent keys allow everything.
struct Selection {
  std::optional<std::vector<double>> area, zone, owner, number, kV;
  std::optional<double> min_kV, max_kV;

  static bool allows(const std::optional<std::vector<double>>& list, double value) {
    return !list || std::find(list->begin(), list->end(), value) != list->end();
  }
  [[nodiscard]] bool voltage(const Bus& bus) const {
    return allows(kV, bus.base_kV) && (!min_kV || bus.base_kV >= *min_kV) &&
           (!max_kV || bus.base_kV <= *max_kV);
  }
  [[nodiscard]] bool place(const Bus& bus) const {
    return allows(area, bus.area) && allows(zone, bus.zone) && allows(owner, bus.owner) &&
           allows(number, bus.number);
  }
  [[nodiscard]] bool bus(const Bus& bus) const {
    return bus.type != BusType::ISOLATED && voltage(bus) && place(bus);
  }
};

/// A number or a list of numbers.
std::optional<std::vector<double>> numbers(Section& section, const char* key, const NumberInfo& info) {
  const TomlValue* value = section.find(key);
  if (value == nullptr) return {};
  if (value->kind == Kind::NUMBER) return std::vector<double>{section.checked(*value, key, info)};
  return section.numbers_if(key, info);
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
  section->finish();
  return s;
}

class Elements {
 public:
  Elements(const Case& base, const Selection& selection, const Place& place)
      : case_(base), network_(base.network), selection_(selection), place_(place) {}

  [[nodiscard]] std::vector<AxisValue> of(const std::string& every) {
    if (every == "bus") {
      std::vector<char> star(network_.buses.size(), 0);  // no bus of the file
      for (const ThreeWinding& t : network_.three_windings) star[t.star_bus] = 1;
      for (std::size_t b = 0; b < network_.buses.size(); ++b)
        if (star[b] == 0 && selection_.bus(network_.buses[b]))
          values_.push_back(number(network_.buses[b].number));
    } else if (every == "line" || every == "line-end" || every == "transformer") {
      std::vector<char> leg(network_.branches.size(), 0);
      for (const ThreeWinding& t : network_.three_windings) {
        for (const int k : t.branches) leg[k] = 1;
        if (every == "transformer" && selects(t)) three_winding(t);
      }
      for (std::size_t k = 0; k < network_.branches.size(); ++k) {
        const Branch& b = network_.branches[k];
        if (leg[k] == 0 && b.in_service && b.transformer == (every == "transformer") && selects(b))
          branch(b, every == "line-end");
      }
    } else {
      for (const Plant& plant : case_.plants)
        if (plant.kind == every && selection_.bus(network_.buses[plant.bus])) {
          AxisValue value = axis_value(plant.name, place_);
          value.parts.emplace("bus", number(network_.buses[plant.bus].number).value);
          values_.push_back(std::move(value));
        }
    }
    return std::move(values_);
  }

 private:
  const Case& case_;
  const Network& network_;
  const Selection& selection_;
  const Place& place_;
  std::vector<AxisValue> values_;

  [[nodiscard]] AxisValue number(int n) const { return axis_value(n, true, place_); }

  /// One end in the areas, zones, owners and bus numbers asked for; a line has the voltage of its ends, a
  /// transformer is chosen by either.
  [[nodiscard]] bool selects(const Branch& b) const {
    const Bus& from = network_.buses[b.from];
    const Bus& to = network_.buses[b.to];
    if (from.type == BusType::ISOLATED || to.type == BusType::ISOLATED) return false;
    return (selection_.voltage(from) || selection_.voltage(to)) &&
           (selection_.place(from) || selection_.place(to));
  }

  /// One of its windings with a bus asked for, as for two; in service with one winding that is.
  [[nodiscard]] bool selects(const ThreeWinding& t) const {
    bool voltage = false, place = false, in_service = false;
    for (const int k : t.branches) {
      const Branch& winding = network_.branches[k];
      const Bus& bus = network_.buses[winding.from];
      if (bus.type == BusType::ISOLATED) continue;
      voltage = voltage || selection_.voltage(bus);
      place = place || selection_.place(bus);
      in_service = in_service || winding.in_service;
    }
    return voltage && place && in_service && network_.buses[t.star_bus].type != BusType::ISOLATED;
  }

  /// "7-8-9-1": all its windings are one element.
  void three_winding(const ThreeWinding& t) {
    std::string name;
    std::array<int, 3> numbers{};
    for (std::size_t w = 0; w < 3; ++w) {
      numbers[w] = network_.buses[network_.branches[t.branches[w]].from].number;
      name += fmt::format("{}-", numbers[w]);
    }
    std::string id = t.id;
    id.erase(id.find_last_not_of(' ') + 1);
    AxisValue value = axis_value(name + id, place_);
    value.parts.emplace("from", number(numbers[0]).value);
    value.parts.emplace("to", number(numbers[1]).value);
    value.parts.emplace("third", number(numbers[2]).value);
    values_.push_back(std::move(value));
  }

  void branch(const Branch& b, bool each_end) {
    const int from = network_.buses[b.from].number;
    const int to = network_.buses[b.to].number;
    std::string id = b.id;
    id.erase(id.find_last_not_of(' ') + 1);
    const std::string name = fmt::format("{}-{}-{}", from, to, id);
    for (const bool at_from : {true, false}) {
      AxisValue value = axis_value(name, place_);
      value.parts.emplace("from", number(from).value);
      value.parts.emplace("to", number(to).value);
      if (each_end) {
        value.text += fmt::format(" at {}", at_from ? from : to);
        value.parts.emplace("near", number(at_from ? from : to).value);
        value.parts.emplace("far", number(at_from ? to : from).value);
      }
      values_.push_back(std::move(value));
      if (!each_end) break;
    }
  }
};

}  // namespace

AxisValue axis_value(double number, bool whole, const Place& place) {
  AxisValue value;
  value.value.kind = Kind::NUMBER;
  value.value.number = number;
  value.value.whole = whole;
  value.value.place = place;
  value.text = fmt::format("{}", number);
  return value;
}

AxisValue axis_value(const std::string& text, const Place& place) {
  AxisValue value;
  value.value.kind = Kind::TEXT;
  value.value.text = text;
  value.value.place = place;
  value.text = text;
  return value;
}

std::vector<AxisValue> read_elements(Section& axis, const std::string& every, const Case& base) {
  const Selection selection = read_selection(axis);
  const Place place = axis.place("every");
  std::vector<AxisValue> values = Elements(base, selection, place).of(every);
  if (values.empty())
    axis.problem(axis.has("where") ? "where" : "every",
                 fmt::format("the base case has no such {} in service", every), "widen the selection");
  return values;
}

}  // namespace ballast
