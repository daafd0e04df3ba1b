/// Elements by the names people give them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// A number at the end of a text, as kV; NaN when there is none.
double kV_in(const std::string& text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string::npos) return kUnknown;
  char* end = nullptr;
  const double kV = std::strtod(text.c_str(), &end);
  return *end == '\0' ? kV : kUnknown;
}

/// Buses by their name, or by PSS/E's extended name: the name and the base voltage, with a blank between them
/// or with the name padded to 12 characters. The voltage counts as written, to two decimals.
std::vector<int> buses_called(const Network& network, const std::string& name) {
  const auto last_blank = name.find_last_of(' ');
  struct Reading {
    std::string name;
    double kV;
  };
  std::vector<Reading> readings;
  if (last_blank != std::string::npos)
    readings.push_back({trimmed(name.substr(0, last_blank)), kV_in(name.substr(last_blank + 1))});
  if (name.size() > 12) readings.push_back({trimmed(name.substr(0, 12)), kV_in(trimmed(name.substr(12)))});
  std::vector<int> found;
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    const Bus& bus = network.buses[b];
    const std::string own = trimmed(bus.name);
    if (own.empty()) continue;
    const bool extended = std::any_of(readings.begin(), readings.end(), [&](const Reading& r) {
      return r.name == own && std::abs(r.kV - bus.base_kV) < 0.00501;
    });
    if (own == name || extended) found.push_back(static_cast<int>(b));
  }
  return found;
}

std::string branch_text(const Network& network, const Branch& b) {
  return fmt::format("{}-{}-{}", network.buses[b.from].number, network.buses[b.to].number, b.id);
}

/// A three-winding transformer by the buses of its windings: "7-8-9-1".
std::string three_winding_text(const Network& network, const ThreeWinding& t) {
  const auto number = [&](int winding) {
    return network.buses[network.branches[t.branches[winding]].from].number;
  };
  return fmt::format("{}-{}-{}-{}", number(0), number(1), number(2), trimmed(t.id));
}

/// Branches between two bus numbers, in either direction; all ids when `id` is empty.
std::vector<int> branches_between(const Network& network, int one, int other, const std::string& id) {
  std::vector<int> found;
  for (std::size_t k = 0; k < network.branches.size(); ++k) {
    const Branch& b = network.branches[k];
    const int from = network.buses[b.from].number;
    const int to = network.buses[b.to].number;
    if (((from == one && to == other) || (from == other && to == one)) && (id.empty() || trimmed(b.id) == id))
      found.push_back(static_cast<int>(k));
  }
  return found;
}

std::vector<int> branches_called(const Network& network, const std::string& name) {
  std::vector<int> found;
  for (std::size_t k = 0; k < network.branches.size(); ++k)
    if (trimmed(network.branches[k].name) == name && !name.empty()) found.push_back(static_cast<int>(k));
  if (!found.empty()) return found;
  const auto dash = name.find('-');
  if (dash == std::string::npos) return found;
  const auto second = name.find('-', dash + 1);
  const std::string from = name.substr(0, dash);
  const std::string to = name.substr(dash + 1, second == std::string::npos ? second : second - dash - 1);
  const auto is_number = [](const std::string& t) {
    return !t.empty() && t.size() < 9 &&
           std::all_of(t.begin(), t.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!is_number(from) || !is_number(to)) return found;
  return branches_between(network, std::stoi(from), std::stoi(to),
                          second == std::string::npos ? "" : name.substr(second + 1));
}

std::string numbers_known(const Network& network) {
  if (network.buses.empty()) return "the network has no buses";
  const auto [low, high] =
      std::minmax_element(network.buses.begin(), network.buses.end(),
                          [](const Bus& a, const Bus& b) { return a.number < b.number; });
  return fmt::format("the network has {} buses, numbered {} to {}", network.buses.size(), low->number,
                     high->number);
}

}  // namespace

int bus_of(const TomlValue& value, Section& section, std::string_view key, const Network& network) {
  const auto problem = [&](const std::string& what, const std::string& remedy) {
    section.problems().add(value.place.text(), what, remedy);
    return -1;
  };
  if (value.kind == TomlValue::Kind::NUMBER && value.whole && std::abs(value.number) < 1e9) {
    const int index = network.find_bus(static_cast<int>(value.number));
    if (index < 0)
      problem(fmt::format("bus {:g} in {} does not exist", value.number, section.label()),
              numbers_known(network));
    return index;
  }
  if (value.kind != TomlValue::Kind::TEXT)
    return problem(fmt::format("'{}' in {} is {}, not a bus", key, section.label(), value.described()),
                   "give a bus number, or its name as a text");
  const std::vector<int> found = buses_called(network, trimmed(value.text));
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    std::vector<std::string> names;
    for (const Bus& bus : network.buses) {
      names.push_back(trimmed(bus.name));
      names.push_back(fmt::format("{} {:g}", trimmed(bus.name), bus.base_kV));
    }
    const std::string hint = nearest(value.text, names);
    return problem(fmt::format("bus '{}' in {} does not exist", value.text, section.label()),
                   hint.empty() ? numbers_known(network) : fmt::format("did you mean '{}'?", hint));
  }
  return problem(fmt::format("{} buses are called '{}', among them {} and {}", found.size(), value.text,
                             network.bus_label(found[0]), network.bus_label(found[1])),
                 "give the bus number, or the name with its kV ('NAME 230')");
}

int read_bus(Section& section, std::string_view key, const Network& network, std::string_view meaning) {
  const TomlValue* value = section.find(key);
  if (value != nullptr) return bus_of(*value, section, key, network);
  section.missing(key, meaning);
  return -1;
}

std::vector<int> branches_of(const TomlValue& value, Section& section, std::string_view key,
                             const Network& network) {
  const auto problem = [&](const std::string& what, const std::string& remedy) {
    section.problems().add(value.place.text(), what, remedy);
    return std::vector<int>{};
  };
  std::vector<int> found;
  std::string asked;
  if (value.kind == TomlValue::Kind::TEXT) {
    asked = value.text;
    const std::string name = trimmed(asked);
    for (const ThreeWinding& t : network.three_windings)
      if ((!trimmed(t.name).empty() && trimmed(t.name) == name) || three_winding_text(network, t) == name)
        return {t.branches.begin(), t.branches.end()};
    found = branches_called(network, name);
  } else if (value.kind == TomlValue::Kind::TABLE) {
    Section ends(value, fmt::format("'{}' of {}", key, section.label()), section.problems());
    const int from = read_bus(ends, "from", network, "bus at one end");
    const int to = read_bus(ends, "to", network, "bus at the other end");
    const std::string id = ends.text_if("id").value_or("");
    ends.finish();
    if (from < 0 || to < 0) return {};
    asked = fmt::format("{}-{}{}{}", network.buses[from].number, network.buses[to].number,
                        id.empty() ? "" : "-", id);
    found = branches_between(network, network.buses[from].number, network.buses[to].number, id);
  } else {
    return problem(fmt::format("'{}' in {} is {}, not a branch", key, section.label(), value.described()),
                   "give \"7-8-1\", a name, or { from = 7, to = 8, id = \"1\" }");
  }
  if (found.size() == 1) return found;
  if (found.empty()) {
    std::vector<std::string> names;
    for (const Branch& b : network.branches) names.push_back(branch_text(network, b));
    const std::string hint = nearest(asked, names);
    return problem(
        fmt::format("no line or transformer '{}' in {}", asked, section.label()),
        hint.empty() ? "branches are named \"from-to-id\"" : fmt::format("did you mean '{}'?", hint));
  }
  return problem(fmt::format("{} circuits are '{}'", found.size(), asked),
                 fmt::format("give the id, such as '{}'", branch_text(network, network.branches[found[0]])));
}

int read_branch(Section& section, std::string_view key, const Network& network) {
  const TomlValue* value = section.find(key);
  if (value == nullptr) {
    section.missing(key, "a line or transformer", fmt::format("add {} = \"7-8-1\"", key));
    return -1;
  }
  const std::vector<int> found = branches_of(*value, section, key, network);
  if (found.size() > 1)
    section.problem(key, fmt::format("'{}' is a transformer of three windings", value->text),
                    "name one of its branches, from the winding's bus to the star bus");
  return found.size() == 1 ? found.front() : -1;
}

int plant_of(const TomlValue& value, Section& section, std::string_view key, const std::string& kind,
             const std::vector<Plant>& plants) {
  if (value.kind != TomlValue::Kind::TEXT) {
    section.problems().add(
        value.place.text(),
        fmt::format("'{}' in {} is {}, not a text", key, section.label(), value.described()), "give a text");
    return -1;
  }
  const std::string& name = value.text;
  int only = -1;
  int count = 0;
  std::vector<std::string> names;
  for (std::size_t p = 0; p < plants.size(); ++p) {
    if (plants[p].kind != kind) continue;
    if (plants[p].name == name) return static_cast<int>(p);
    names.push_back(plants[p].name);
    const auto dash = plants[p].name.find('-');
    if (dash != std::string::npos && plants[p].name.substr(0, dash) == name) {
      only = static_cast<int>(p);
      ++count;
    }
  }
  if (count == 1 && (kind == "machine" || kind == "load")) return only;
  const std::string hint = nearest(name, names);
  section.problems().add(value.place.text(),
                         count > 1 ? fmt::format("bus {} has {} units of kind {}", name, count, kind)
                                   : fmt::format("no {} '{}' in service", kind, name),
                         !hint.empty() ? fmt::format("did you mean '{}'?", hint)
                         : kind == "machine" || kind == "load"
                             ? "they are named \"bus-id\", such as \"101-1\""
                             : "it must be in the case");
  return -1;
}

int read_plant(Section& section, std::string_view key, const std::string& kind,
               const std::vector<Plant>& plants) {
  const TomlValue* value = section.find(key);
  if (value != nullptr) return plant_of(*value, section, key, kind, plants);
  section.missing(key, fmt::format("the name of a {}", kind));
  return -1;
}

std::optional<Position> read_position(Section& section) {
  const bool map = section.has("lon") || section.has("lat");
  const bool plane = section.has("x") || section.has("y");
  const auto lon = section.number_if("lon", {"degrees", within(-180, 180)});
  const auto lat = section.number_if("lat", {"degrees", within(-90, 90)});
  const auto x = section.number_if("x", {});
  const auto y = section.number_if("y", {});
  if (map && plane) {
    section.problem("x", fmt::format("{} has both lon, lat and x, y", section.label()),
                    "keep one of the two");
    return {};
  }
  if (lon && lat) return Position{*lon, *lat};
  if (x && y) return Position{*x, *y};
  if (map || plane)
    section.problem(map ? (lon ? "lon" : "lat") : (x ? "x" : "y"),
                    fmt::format("{} has only one coordinate", section.label()),
                    "give both lon and lat, or x and y");
  return {};
}

int read_switched_shunt(Section& section, std::string_view key, const Network& network) {
  const std::string name = section.text(key, "its name, \"bus-id\" or \"bus\"");
  if (name.empty()) return -1;
  std::vector<std::string> names;
  std::vector<int> exact, at_bus;
  for (std::size_t k = 0; k < network.switched_shunts.size(); ++k) {
    const SwitchedShunt& shunt = network.switched_shunts[k];
    names.push_back(plant_name(network, shunt.bus, shunt.id));
    if (names.back() == name) exact.push_back(static_cast<int>(k));
    if (std::to_string(network.buses[shunt.bus].number) == name) at_bus.push_back(static_cast<int>(k));
  }
  if (exact.empty() && at_bus.size() == 1) exact = at_bus;
  if (!exact.empty()) return exact.front();
  const std::string hint = nearest(name, names);
  section.problem(key, fmt::format("no switched shunt '{}'", name),
                  hint.empty() ? "they come with a RAW file; a [[shunt]] is switched by open and close"
                               : fmt::format("did you mean '{}'?", hint));
  return -1;
}

std::string read_plant_name(Section& section, const std::vector<Plant>& plants, const std::string& fallback) {
  std::string name;
  if (fallback.empty())
    name = section.text("name", "name of the plant, used in results");
  else
    name = section.text_if("name").value_or(fallback);
  if (name.empty()) {
    if (section.has("name")) section.problem("name", fmt::format("the name in {} is empty", section.label()));
    return name;
  }
  if (section.has("name") && name.find_first_of("./*\"'\n") != std::string::npos)
    section.problem(
        "name", fmt::format("the name '{}' contains one of . / * or a quote", name),
        "these separate the words of recorded quantities; use letters, digits, blanks and dashes");
  const auto same =
      std::find_if(plants.begin(), plants.end(), [&](const Plant& p) { return p.name == name; });
  if (same != plants.end())
    section.problem(
        "name",
        fmt::format("the name '{}' is already used by the {} at {}", name, same->kind, same->place.text()),
        "give every plant its own name");
  return name;
}

}  // namespace ballast
