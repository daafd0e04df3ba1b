/// Selecting elements by number, name, area, zone, owner and voltage.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "cases/reader/reading.hpp"
#include "grid/labels.hpp"

namespace ballast {
namespace {

/// What a selection looks at. A branch has two ends.
struct Traits {
  std::vector<int> buses, areas, zones, owners;
  std::string id;
};

void add_bus(Traits& t, const Network& network, int bus) {
  t.buses.push_back(bus);
  t.areas.push_back(network.buses[bus].area);
  t.zones.push_back(network.buses[bus].zone);
  t.owners.push_back(network.buses[bus].owner);
}

/// One condition: what it says, and whether it holds for an element.
struct Condition {
  std::string text;
  std::function<bool(const Traits&)> holds;
  std::string known;  ///< the values there are
};

/// A value or a list of values.
std::vector<const TomlValue*> values_of(const TomlValue& value) {
  std::vector<const TomlValue*> all;
  if (value.kind == TomlValue::Kind::LIST)
    for (const TomlValue& item : value.items) all.push_back(&item);
  else
    all.push_back(&value);
  return all;
}

/// Numbers of areas, zones or owners, which may be given by name.
std::vector<int> group_numbers(Section& s, const char* key, const TomlValue& value,
                               const std::vector<std::pair<int, std::string>>& groups) {
  std::vector<int> numbers;
  for (const TomlValue* one : values_of(value)) {
    if (one->kind == TomlValue::Kind::NUMBER && one->whole && std::abs(one->number) < 1e9) {
      numbers.push_back(static_cast<int>(one->number));
      continue;
    }
    std::vector<std::string> names;
    for (const auto& [number, name] : groups) {
      if (one->kind == TomlValue::Kind::TEXT && name == one->text) numbers.push_back(number);
      names.push_back(name);
    }
    const std::string hint = one->kind == TomlValue::Kind::TEXT ? nearest(one->text, names) : "";
    if (one->kind != TomlValue::Kind::TEXT || std::find(names.begin(), names.end(), one->text) == names.end())
      s.problems().add(one->place.text(),
                       fmt::format("'{}' in {} is {}, which is no {}", key, s.label(), one->described(), key),
                       hint.empty() ? fmt::format("give the number of the {}, or its name", key)
                                    : fmt::format("did you mean '{}'?", hint));
  }
  return numbers;
}

template <class Groups>
std::vector<std::pair<int, std::string>> names_of(const Groups& groups) {
  std::vector<std::pair<int, std::string>> all;
  for (const auto& g : groups) {
    const auto last = g.name.find_last_not_of(' ');
    all.emplace_back(g.number, last == std::string::npos ? "" : g.name.substr(0, last + 1));
  }
  return all;
}

bool contains(const std::vector<int>& list, int value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

/// The conditions in a table. `elements`: what could be selected, for the values there are.
std::vector<Condition> read_conditions(Section& s, const Network& network,
                                       const std::vector<Traits>& elements) {
  std::vector<Condition> conditions;
  const auto group = [&](const char* key, std::vector<int> Traits::*member, const auto& groups) {
    const TomlValue* value = s.find(key);
    if (value == nullptr) return;
    const std::vector<int> wanted = group_numbers(s, key, *value, names_of(groups));
    std::set<int> known;
    for (const Traits& t : elements) known.insert((t.*member).begin(), (t.*member).end());
    std::vector<int> first(known.begin(), known.end());
    const std::size_t count = first.size();
    if (count > 20) first.resize(20);
    conditions.push_back(
        {fmt::format("{} {}", key, fmt::join(wanted, ", ")),
         [wanted, member](const Traits& t) {
           return std::all_of((t.*member).begin(), (t.*member).end(),
                              [&](int v) { return contains(wanted, v); });
         },
         fmt::format("they are in {} {}{}", key, fmt::join(first, ", "), count > 20 ? ", ..." : "")});
  };
  group("area", &Traits::areas, network.areas);
  group("zone", &Traits::zones, network.zones);
  group("owner", &Traits::owners, network.owners);

  std::set<double> levels;
  for (const Traits& t : elements)
    for (const int bus : t.buses) levels.insert(network.buses[bus].base_kV);
  const std::string known_levels = fmt::format("they are at {} kV", fmt::join(levels, ", "));
  const auto level = [&](const std::string& text, const std::function<bool(double)>& holds) {
    conditions.push_back({text,
                          [&network, holds](const Traits& t) {
                            return std::any_of(t.buses.begin(), t.buses.end(),
                                               [&](int bus) { return holds(network.buses[bus].base_kV); });
                          },
                          known_levels});
  };
  if (const TomlValue* value = s.find("kV")) {
    std::vector<double> wanted;
    for (const TomlValue* one : values_of(*value))
      wanted.push_back(s.checked(*one, "kV", {"kV", positive()}));
    level(fmt::format("{} kV", fmt::join(wanted, ", ")), [wanted](double kV) {
      return std::any_of(wanted.begin(), wanted.end(),
                         [&](double w) { return std::abs(w - kV) <= 1e-6 * kV; });
    });
  }
  if (const auto low = s.number_if("kV_min", {"kV", positive()}))
    level(fmt::format("at least {:g} kV", *low), [v = *low](double kV) { return kV >= v; });
  if (const auto high = s.number_if("kV_max", {"kV", positive()}))
    level(fmt::format("at most {:g} kV", *high), [v = *high](double kV) { return kV <= v; });
  if (const TomlValue* value = s.find("bus")) {
    std::vector<int> wanted;
    std::vector<std::string> labels;
    for (const TomlValue* one : values_of(*value))
      if (const int bus = bus_of(*one, s, "bus", network); bus >= 0) {
        wanted.push_back(bus);
        labels.push_back(network.bus_label(bus));
      }
    conditions.push_back({fmt::format("{}", fmt::join(labels, ", ")),
                          [wanted](const Traits& t) {
                            return std::any_of(t.buses.begin(), t.buses.end(),
                                               [&](int bus) { return contains(wanted, bus); });
                          },
                          "there is none at that bus"});
  }
  if (const TomlValue* value = s.find("id")) {
    std::vector<std::string> wanted;
    for (const TomlValue* one : values_of(*value)) wanted.push_back(one->text);
    conditions.push_back(
        {fmt::format("id '{}'", fmt::join(wanted, "', '")),
         [wanted](const Traits& t) { return std::find(wanted.begin(), wanted.end(), t.id) != wanted.end(); },
         "ids are texts, such as \"1\""});
  }
  return conditions;
}

/// Indices into `elements` for which every condition in the table holds.
std::vector<int> select(Section& s, const std::string& what, const Network& network,
                        const std::vector<Traits>& elements) {
  const std::size_t before = s.problems().errors().size();
  const std::vector<Condition> conditions = read_conditions(s, network, elements);
  std::vector<int> found;
  if (conditions.empty()) {
    if (s.empty())  // else finish() says which keys it does not know
      s.problem("", fmt::format("{} does not say which", s.label()),
                "give area, zone, owner, kV, kV_min, kV_max, bus or id");
    return found;
  }
  std::vector<std::size_t> each(conditions.size(), 0);
  for (std::size_t k = 0; k < elements.size(); ++k) {
    bool all = true;
    for (std::size_t c = 0; c < conditions.size(); ++c) {
      const bool holds = conditions[c].holds(elements[k]);
      each[c] += holds ? 1 : 0;
      all = all && holds;
    }
    if (all) found.push_back(static_cast<int>(k));
  }
  if (!found.empty() || s.problems().errors().size() > before) return found;
  std::vector<std::string> texts;
  std::string remedy;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    texts.push_back(conditions[c].text);
    if (each[c] == 0 && remedy.empty()) remedy = conditions[c].known;
  }
  if (elements.empty())
    remedy = fmt::format("the case has no {} in service", what);
  else if (remedy.empty()) {
    std::vector<std::string> counts;
    for (std::size_t c = 0; c < conditions.size(); ++c)
      counts.push_back(fmt::format("{} for {}", each[c], conditions[c].text));
    remedy = fmt::format("alone they select {}", fmt::join(counts, ", "));
  }
  s.problem("", fmt::format("no {} in {} is selected by {}", what, s.label(), fmt::join(texts, " and ")),
            remedy);
  return found;
}

std::string without_blanks(const std::string& text) {
  std::string kept = text;
  std::erase(kept, ' ');
  return kept;
}

/// Loads have an area, zone and owner of their own.
Traits plant_traits(const Network& network, const Plant& plant) {
  Traits t;
  add_bus(t, network, plant.bus);
  const auto dash = plant.name.find('-');
  t.id = dash == std::string::npos ? plant.name : without_blanks(plant.name.substr(dash + 1));
  if (plant.kind != "load") return t;
  for (const Load& load : network.loads)
    if (load.bus == plant.bus && plant_name(network, load.bus, load.id) == plant.name) {
      t.areas = {load.area};
      t.zones = {load.zone};
      t.owners = {load.owner};
    }
  return t;
}

void append(std::vector<int>& to, const std::vector<int>& from) {
  for (const int k : from)
    if (!contains(to, k)) to.push_back(k);
}

/// Reads the value under a key: names go to `named`, tables to `selected`.
std::vector<int> read_selection(Section& section, std::string_view key, const std::string& what,
                                const std::function<std::vector<int>(const TomlValue&)>& named,
                                const std::function<std::vector<int>(Section&)>& selected) {
  std::vector<int> found;
  const TomlValue* value = section.find(key);
  if (value == nullptr) {
    section.missing(key, fmt::format("which {}", what));
    return found;
  }
  if (value->kind == TomlValue::Kind::LIST && value->items.empty())
    section.problem(key, fmt::format("'{}' in {} is an empty list", key, section.label()),
                    fmt::format("name a {}", what));
  for (const TomlValue* one : values_of(*value)) {
    const bool exact = one->find("from") != nullptr || one->find("to") != nullptr;
    if (one->kind != TomlValue::Kind::TABLE || exact) {
      append(found, named(*one));
      continue;
    }
    Section table(*one, fmt::format("'{}' of {}", key, section.label()), section.problems());
    append(found, selected(table));
    table.finish();
  }
  return found;
}

}  // namespace

std::vector<int> select_buses(Section& section, const Network& network) {
  std::vector<char> star(network.buses.size(), 0);  // no bus of the file
  for (const ThreeWinding& t : network.three_windings) star[t.star_bus] = 1;
  std::vector<Traits> all;
  std::vector<int> index;
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    if (star[b] != 0) continue;
    add_bus(all.emplace_back(), network, static_cast<int>(b));
    index.push_back(static_cast<int>(b));
  }
  std::vector<int> found = select(section, "bus", network, all);
  for (int& b : found) b = index[b];
  return found;
}

std::vector<int> select_branches(Section& section, std::string_view key, const Network& network,
                                 std::string_view what) {
  const auto is_kind = [&](const Branch& b) {
    return what == "branch" || b.transformer == (what == "transformer");
  };
  return read_selection(
      section, key, std::string(what),
      [&](const TomlValue& value) {
        std::vector<int> found = branches_of(value, section, key, network);
        for (const int k : found)
          if (!is_kind(network.branches[k])) {
            section.problems().add(value.place.text(),
                                   fmt::format("{} is no {}", branch_label(network, k), what),
                                   "use the key branch for either");
            return std::vector<int>{};
          }
        return found;
      },
      [&](Section& table) {
        // Three windings are one element: selected by the buses of its windings, all its branches or none.
        std::vector<char> leg(network.branches.size(), 0);
        std::vector<Traits> all;
        std::vector<std::vector<int>> branches;
        for (const ThreeWinding& t : network.three_windings) {
          for (const int k : t.branches) leg[k] = 1;
          if (what == "line") continue;
          Traits traits;
          for (const int k : t.branches) add_bus(traits, network, network.branches[k].from);
          traits.id = without_blanks(t.id);
          all.push_back(std::move(traits));
          branches.emplace_back(t.branches.begin(), t.branches.end());
        }
        for (std::size_t k = 0; k < network.branches.size(); ++k) {
          const Branch& b = network.branches[k];
          if (leg[k] != 0 || !is_kind(b)) continue;
          Traits t;
          add_bus(t, network, b.from);
          add_bus(t, network, b.to);
          t.id = without_blanks(b.id);
          all.push_back(std::move(t));
          branches.push_back({static_cast<int>(k)});
        }
        std::vector<int> found;
        for (const int element : select(table, std::string(what), network, all))
          append(found, branches[element]);
        return found;
      });
}

std::vector<int> select_plants(Section& section, std::string_view key, const std::string& kind,
                               const Network& network, const std::vector<Plant>& plants) {
  return read_selection(
      section, key, kind,
      [&](const TomlValue& value) {
        const int plant = plant_of(value, section, key, kind, plants);
        return plant < 0 ? std::vector<int>{} : std::vector<int>{plant};
      },
      [&](Section& table) {
        std::vector<Traits> all;
        std::vector<int> index;
        for (std::size_t p = 0; p < plants.size(); ++p) {
          if (plants[p].kind != kind) continue;
          all.push_back(plant_traits(network, plants[p]));
          index.push_back(static_cast<int>(p));
        }
        std::vector<int> found = select(table, kind, network, all);
        for (int& p : found) p = index[p];
        return found;
      });
}

std::vector<int> select_shunts(Section& section, std::string_view key, const Network& network) {
  return read_selection(
      section, key, "shunt",
      [&](const TomlValue& value) -> std::vector<int> {
        std::vector<std::string> names;
        std::vector<int> at_bus;
        for (std::size_t k = 0; k < network.shunts.size(); ++k) {
          const Shunt& s = network.shunts[k];
          names.push_back(plant_name(network, s.bus, without_blanks(s.id)));
          if (value.kind == TomlValue::Kind::TEXT && names.back() == value.text) return {static_cast<int>(k)};
          if (value.text == std::to_string(network.buses[s.bus].number))
            at_bus.push_back(static_cast<int>(k));
        }
        if (at_bus.size() == 1) return at_bus;
        const std::string hint = nearest(value.text, names);
        section.problems().add(
            value.place.text(),
            value.kind != TomlValue::Kind::TEXT
                ? fmt::format("'{}' in {} is {}, not a shunt", key, section.label(), value.described())
            : at_bus.size() > 1 ? fmt::format("bus {} has {} shunts", value.text, at_bus.size())
                                : fmt::format("no shunt '{}' in {}", value.text, section.label()),
            hint.empty() ? "they are named \"bus-id\", such as \"101-1\""
                         : fmt::format("did you mean '{}'?", hint));
        return {};
      },
      [&](Section& table) {
        std::vector<Traits> all(network.shunts.size());
        for (std::size_t k = 0; k < all.size(); ++k) {
          add_bus(all[k], network, network.shunts[k].bus);
          all[k].id = without_blanks(network.shunts[k].id);
        }
        return select(table, "shunt", network, all);
      });
}

std::vector<Element> select_elements(Section& section, const Network& network,
                                     const std::vector<Plant>& plants) {
  std::vector<Element> all;
  bool any = false;
  const auto add = [&](Element::Kind kind, const std::vector<int>& found) {
    for (const int k : found)
      if (std::none_of(all.begin(), all.end(),
                       [&](const Element& e) { return e.kind == kind && e.index == k; }))
        all.push_back({kind, k});
  };
  const auto given = [&](const char* key) {
    (void)section.find(key);
    any = any || section.has(key);
    return section.has(key);
  };
  for (const char* key : {"branch", "line", "transformer"})
    if (given(key)) add(Element::Kind::BRANCH, select_branches(section, key, network, key));
  if (given("shunt")) add(Element::Kind::SHUNT, select_shunts(section, "shunt", network));
  for (const char* kind : {"machine", "load", "datacenter", "bess"})
    if (given(kind)) add(Element::Kind::PLANT, select_plants(section, kind, kind, network, plants));
  if (given("bus")) {  // everything that is connected there
    const std::vector<int> buses = read_selection(
        section, "bus", "bus",
        [&](const TomlValue& value) {
          const int bus = bus_of(value, section, "bus", network);
          return bus < 0 ? std::vector<int>{} : std::vector<int>{bus};
        },
        [&](Section& table) { return select_buses(table, network); });
    std::vector<int> branches, shunts, own;
    for (std::size_t k = 0; k < network.branches.size(); ++k)
      if (contains(buses, network.branches[k].from) || contains(buses, network.branches[k].to))
        branches.push_back(static_cast<int>(k));
    for (std::size_t k = 0; k < network.shunts.size(); ++k)
      if (contains(buses, network.shunts[k].bus)) shunts.push_back(static_cast<int>(k));
    for (std::size_t p = 0; p < plants.size(); ++p)
      if (contains(buses, plants[p].bus)) own.push_back(static_cast<int>(p));
    add(Element::Kind::BRANCH, branches);
    add(Element::Kind::SHUNT, shunts);
    add(Element::Kind::PLANT, own);
  }
  if (!any)
    section.problem("", fmt::format("{} names nothing", section.label()),
                    "give branch, line, transformer, shunt, bus, machine, load, datacenter or bess");
  return all;
}

}  // namespace ballast
