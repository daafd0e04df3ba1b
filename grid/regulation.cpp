#include "grid/regulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace ballast {
namespace {

/// Times a bus may return from its limit; then it stays there, so that the rounds always end.
constexpr int kMaxReturns = 4;

void add_source(const Network& network, const VarSource& source, int index,
                const std::vector<int>& island_of_bus, int slack, std::map<int, Regulator>& by_bus,
                std::vector<Problem>& warnings) {
  const auto island_of = [&](int bus) { return island_of_bus[static_cast<std::size_t>(bus)]; };
  if (source.regulated_bus == slack || source.bus == slack ||
      island_of(source.regulated_bus) != island_of(source.bus)) {
    warnings.push_back({source.name,
                        fmt::format("does not regulate {}: {}", network.bus_label(source.regulated_bus),
                                    island_of(source.regulated_bus) != island_of(source.bus)
                                        ? "it is in another island"
                                        : "the slack holds the voltage there"),
                        ""});
    return;
  }
  const auto [found, fresh] = by_bus.try_emplace(source.bus);
  Regulator& regulator = found->second;
  if (fresh) {
    regulator.bus = source.bus;
    regulator.regulated_bus = source.regulated_bus;
    regulator.Vset = source.Vset;
    regulator.share = source.share_percent;
  } else if (regulator.Vset != source.Vset || regulator.regulated_bus != source.regulated_bus) {
    warnings.push_back(
        {source.name,
         fmt::format("wants {} at {} pu, its bus regulates {} at {} pu; the latter is followed",
                     network.bus_label(source.regulated_bus), source.Vset,
                     network.bus_label(regulator.regulated_bus), regulator.Vset),
         ""});
  }
  regulator.Qmin_Mvar += source.Qmin_Mvar;
  regulator.Qmax_Mvar += source.Qmax_Mvar;
  regulator.sources.push_back(index);
}

}  // namespace

std::vector<Regulator> find_regulators(const Network& network, const std::vector<VarSource>& sources,
                                       const std::vector<int>& island_of_bus, int island, int slack,
                                       std::vector<Problem>& warnings) {
  std::map<int, Regulator> by_bus;
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    const Generator& generator = network.generators[g];
    const auto at = static_cast<std::size_t>(generator.bus);
    if (!generator.in_service || island_of_bus[at] != island) continue;
    const bool is_slack = generator.bus == slack;
    if (network.buses[at].type == BusType::PQ && !is_slack) continue;  // fixed output
    const std::string where =
        fmt::format("{}, generator '{}'", network.bus_label(generator.bus), generator.id);
    int regulated = generator.regulated_bus < 0 ? generator.bus : generator.regulated_bus;
    if (regulated != generator.bus &&
        (island_of_bus[static_cast<std::size_t>(regulated)] != island || regulated == slack || is_slack)) {
      if (!is_slack) {
        warnings.push_back(
            {where,
             fmt::format("cannot regulate {}, which is {}; it holds its own bus at {} pu",
                         network.bus_label(regulated),
                         regulated == slack ? "the slack bus" : "in another island", generator.Vset),
             ""});
      } else {
        warnings.push_back({where,
                            fmt::format("regulates {}; as slack it holds its own bus at {} pu",
                                        network.bus_label(regulated), generator.Vset),
                            ""});
      }
      regulated = generator.bus;
    }
    const auto [found, fresh] = by_bus.try_emplace(generator.bus);
    Regulator& regulator = found->second;
    if (fresh) {
      regulator.bus = generator.bus;
      regulator.regulated_bus = regulated;
      regulator.Vset = generator.Vset;
      regulator.limited = !is_slack;
      regulator.share = generator.share_percent;
    } else if (regulator.Vset != generator.Vset || regulator.regulated_bus != regulated) {
      warnings.push_back(
          {where,
           fmt::format("wants {} at {} pu, the first generator of the bus {} at {} pu; the first is followed",
                       network.bus_label(regulated), generator.Vset,
                       network.bus_label(regulator.regulated_bus), regulator.Vset),
           ""});
    }
    regulator.Qmin_Mvar += generator.Qmin_Mvar;
    regulator.Qmax_Mvar += generator.Qmax_Mvar;
    regulator.generators.push_back(static_cast<int>(g));
  }
  for (std::size_t k = 0; k < sources.size(); ++k) {
    if (sources[k].active && island_of_bus[static_cast<std::size_t>(sources[k].bus)] == island)
      add_source(network, sources[k], static_cast<int>(k), island_of_bus, slack, by_bus, warnings);
  }
  std::vector<Regulator> regulators;
  regulators.reserve(by_bus.size());
  for (auto& [bus, regulator] : by_bus) regulators.push_back(std::move(regulator));
  std::map<int, const Regulator*> first;
  for (Regulator& regulator : regulators) {
    const auto [found, fresh] = first.emplace(regulator.regulated_bus, &regulator);
    if (!fresh && found->second->Vset != regulator.Vset) {
      warnings.push_back({network.bus_label(regulator.bus),
                          fmt::format("wants {} at {} pu, {} wants {} pu; the first is followed",
                                      network.bus_label(regulator.regulated_bus), regulator.Vset,
                                      network.bus_label(found->second->bus), found->second->Vset),
                          ""});
      regulator.Vset = found->second->Vset;
    }
  }
  return regulators;
}

int switch_limits(std::vector<Regulator>& regulators, const std::vector<double>& Q_Mvar,
                  const std::vector<double>& Vm, double Q_tolerance_Mvar, double V_tolerance,
                  Caution caution) {
  using State = Regulator::State;
  std::vector<std::size_t> beyond;
  std::vector<double> excess(regulators.size(), 0);
  for (std::size_t r = 0; r < regulators.size(); ++r) {
    const Regulator& regulator = regulators[r];
    if (!regulator.limited || regulator.state != State::FREE) continue;
    const double above = Q_Mvar[r] - regulator.Qmax_Mvar, below = regulator.Qmin_Mvar - Q_Mvar[r];
    excess[r] = std::max(above, below);
    if (excess[r] > Q_tolerance_Mvar && (caution != Caution::MAXIMA || above > below)) beyond.push_back(r);
  }
  if (caution == Caution::WORST && !beyond.empty()) {
    beyond = {*std::max_element(beyond.begin(), beyond.end(),
                                [&excess](std::size_t a, std::size_t b) { return excess[a] < excess[b]; })};
  }
  for (const std::size_t r : beyond) {
    regulators[r].state = Q_Mvar[r] > regulators[r].Qmax_Mvar ? State::AT_MAXIMUM : State::AT_MINIMUM;
  }
  if (!beyond.empty()) return static_cast<int>(beyond.size());
  int changes = 0;
  for (Regulator& regulator : regulators) {
    if (regulator.state == State::FREE || regulator.switches >= kMaxReturns) continue;
    const double error = Vm[static_cast<std::size_t>(regulator.regulated_bus)] - regulator.Vset;
    const bool released = regulator.state == State::AT_MAXIMUM ? error > V_tolerance : error < -V_tolerance;
    if (!released) continue;
    regulator.state = State::FREE;
    ++regulator.switches;
    ++changes;
  }
  return changes;
}

std::vector<double> split_output(double total, std::vector<double> weights, const std::vector<double>& low,
                                 const std::vector<double>& high) {
  const std::size_t n = weights.size();
  std::vector<double> share(n, 0);
  std::vector<bool> fixed(n, false);
  double rest = total;
  for (std::size_t round = 0; round <= n + 1; ++round) {
    double weight = 0;
    for (std::size_t k = 0; k < n; ++k) weight += fixed[k] ? 0 : weights[k];
    if (!(weight > 0)) {  // only units without a weight have room
      bool room = false;
      for (std::size_t k = 0; k < n; ++k) {
        if (fixed[k]) continue;
        weights[k] = 1;
        room = true;
      }
      if (!room) break;
      continue;
    }
    double excess_high = 0, excess_low = 0;
    for (std::size_t k = 0; k < n; ++k) {
      if (fixed[k]) continue;
      share[k] = rest * weights[k] / weight;
      excess_high += std::max(share[k] - high[k], 0.0);
      excess_low += std::max(low[k] - share[k], 0.0);
    }
    if (excess_high == 0 && excess_low == 0) return share;
    // Fix the side that is exceeded more; the other side may come right by itself.
    for (std::size_t k = 0; k < n; ++k) {
      if (fixed[k]) continue;
      if (excess_high >= excess_low ? share[k] <= high[k] : share[k] >= low[k]) continue;
      share[k] = excess_high >= excess_low ? high[k] : low[k];
      rest -= share[k];
      fixed[k] = true;
    }
  }
  // All are at a limit: what is left over (the slack may exceed its limits) goes by weight.
  double sum = 0, weight = 0;
  for (std::size_t k = 0; k < n; ++k) {
    sum += share[k];
    weight += weights[k];
  }
  for (std::size_t k = 0; k < n; ++k)
    share[k] += (total - sum) * (weight > 0 ? weights[k] / weight : 1.0 / static_cast<double>(n));
  return share;
}

}  // namespace ballast
