/// [loads]: what static loads become in the simulation.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/reading.hpp"

namespace ballast {
namespace {

/// Loads that share a conversion: all that match every criterion given.
struct LoadGroup {
  std::string label;
  std::vector<double> area, zone, owner;
  LoadConversion conversion;
  int count = 0;
  [[nodiscard]] bool holds(const Load& load) const {
    const auto among = [](const std::vector<double>& list, int number) {
      return list.empty() || std::find(list.begin(), list.end(), number) != list.end();
    };
    return among(area, load.area) && among(zone, load.zone) && among(owner, load.owner);
  }
};

constexpr const char* kShares = " = { impedance = ..., current = ..., power = ... }";

/// active, reactive and frequency of a table; the problem is reported when one of them is missing.
LoadConversion read_conversion(Section& section, double pqbrak) {
  const auto active = read_shares(section, "active");
  const auto reactive = read_shares(section, "reactive");
  if (!active) section.missing("active", "what active power depends on", std::string("add active") + kShares);
  if (!reactive)
    section.missing("reactive", "what reactive power depends on", std::string("add reactive") + kShares);
  LoadConversion conversion{active.value_or(LoadShares{1, 0, 0}), reactive.value_or(LoadShares{1, 0, 0}),
                            pqbrak};
  if (auto table = section.section_if("frequency")) {
    const auto exponent = [&](const char* key, const char* of) {
      return table->number(key, {"", within(-20, 20)}, std::string("exponent of frequency of ") + of);
    };
    conversion.frequency = {exponent("m", "constant active power"), exponent("n", "constant reactive power"),
                            exponent("r", "active constant current"),
                            exponent("s", "reactive constant current")};
    table->finish();
  }
  return conversion;
}

std::optional<LoadGroup> read_group(Section& section, double pqbrak) {
  LoadGroup group;
  section.relabel("[[loads.group]]");
  group.label = section.place().text();
  const NumberInfo number{"", within(0, 9999)};
  const auto list = [&](const char* key) {
    return section.numbers_if(key, number).value_or(std::vector<double>{});
  };
  group.area = list("area");
  group.zone = list("zone");
  group.owner = list("owner");
  const bool any = !group.area.empty() || !group.zone.empty() || !group.owner.empty();
  if (!any)
    section.problem("area", "[[loads.group]] names no area, zone or owner",
                    "give area = [1, 2], zone = [...] or owner = [...]; all given must match");
  group.conversion =
      read_conversion(section, section.number_if("pqbrak", {"pu", within(0.1, 0.99)}).value_or(pqbrak));
  section.finish();
  return any ? std::optional(group) : std::nullopt;
}

}  // namespace

std::optional<LoadShares> read_shares(Section& section, std::string_view key) {
  auto table = section.section_if(key);
  if (!table) return {};
  const NumberInfo share{"", within(0, 1)};
  LoadShares shares;
  shares.impedance = table->number("impedance", share, "share of constant impedance");
  shares.current = table->number("current", share, "share of constant current");
  shares.power = table->number("power", share, "share of constant power");
  const bool complete = table->has("impedance") && table->has("current") && table->has("power");
  const double sum = shares.impedance + shares.current + shares.power;
  if (complete && std::abs(sum - 1) > 1e-6)
    section.problem(key, fmt::format("the shares in {} add up to {:g}", table->label(), sum),
                    "impedance + current + power must be 1");
  table->finish();
  return shares;
}

void read_load_tables(Section& root, Reading& reading) {
  const Network& network = reading.result.network;
  LoadConversion all;
  std::vector<LoadGroup> groups;
  if (auto section = root.section_if("loads")) {
    section->relabel("[loads]");
    const auto pqbrak = section->number_if("pqbrak", {"pu", within(0.1, 0.99)});
    if (pqbrak)
      all.pqbrak = *pqbrak;
    else
      reading.result.assumed.push_back(
          {"loads", "pqbrak", all.pqbrak, "pu", "PSS/E solution parameter PQBRAK"});
    for (Section& table : section->sections("group"))
      if (auto group = read_group(table, all.pqbrak)) groups.push_back(std::move(*group));
    // Groups alone are enough when they, or dynamic models, hold every load.
    if (groups.empty() || section->has("active") || section->has("reactive")) {
      all = read_conversion(*section, all.pqbrak);
      reading.general_conversion = all;
    }
    section->finish();
  }
  int without = 0;
  double total_MW = 0;
  for (std::size_t k = 0; k < network.loads.size(); ++k) {
    const Load& load = network.loads[k];
    const auto own = reading.own_conversion.find(k);
    LoadGroup* group = nullptr;
    for (LoadGroup& g : groups) {
      if (own != reading.own_conversion.end() || !g.holds(load)) continue;
      if (group == nullptr)
        group = &g;
      else
        reading.problems.add(load.place.text(),
                             fmt::format("load {} belongs to two groups of [loads], at {} and {}",
                                         plant_name(network, load.bus, load.id), group->label, g.label),
                             "make the groups exclude each other");
    }
    if (group != nullptr) ++group->count;
    reading.result.load_conversions.push_back(own != reading.own_conversion.end() ? own->second
                                              : group != nullptr                  ? group->conversion
                                                                                  : all);
    if (own != reading.own_conversion.end() || group != nullptr || reading.general_conversion ||
        !load.in_service || reading.result.load_models[k])
      continue;
    ++without;
    total_MW += load.P_MW;
  }
  for (const LoadGroup& group : groups)
    if (group.count == 0) reading.problems.warn(group.label, "no load belongs to this group of [loads]");
  if (without > 0)
    root.missing(
        "loads", fmt::format("what {} static loads, {:g} MW, become in the simulation", without, total_MW),
        "add [loads] with active = { impedance = ..., current = ..., power = ... } and reactive = { ... }");
}

}  // namespace ballast
