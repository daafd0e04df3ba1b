/// "Every bus", "every line": the elements of the base case that an axis runs over.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "studies/element_selection.hpp"
#include "studies/sweep_parts.hpp"

namespace ballast {
namespace {

using Kind = TomlValue::Kind;

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
        if (every == "transformer" && selection_.three_winding(network_, t)) three_winding(t);
      }
      for (std::size_t k = 0; k < network_.branches.size(); ++k) {
        const Branch& b = network_.branches[k];
        if (leg[k] == 0 && b.in_service && b.transformer == (every == "transformer") &&
            selection_.branch(network_, b))
          branch(b, every == "line-end");
      }
    } else {
      for (const Plant& plant : case_.plants)
        if (plant.kind == every && selection_.plant(case_, plant)) {
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

AxisValue axis_value(const TomlValue& value) {
  const std::string text = value.kind == Kind::TEXT   ? value.text
                           : value.kind == Kind::FLAG ? (value.flag ? "true" : "false")
                                                      : fmt::format("{}", value.number);
  return {value, text, {}, {}};
}

std::vector<AxisValue> read_elements(Section& axis, const std::string& every, const Case& base) {
  const Selection selection = read_selection(axis);
  const Place place = axis.place("every");
  if (selection.by_rating() && every != "line" && every != "line-end" && every != "transformer" &&
      every != "machine")
    axis.problem("where",
                 fmt::format("'where' in {} selects by rating, which a {} has not", axis.label(), every),
                 "lines, transformers and machines have one");
  std::vector<AxisValue> values = Elements(base, selection, place).of(every);
  if (values.empty())
    axis.problem(axis.has("where") ? "where" : "every",
                 fmt::format("the base case has no such {} in service", every), "widen the selection");
  return values;
}

}  // namespace ballast
