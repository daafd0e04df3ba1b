/// A case put at rest: power flow, rest powers of all plants, the system, its initial state.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cases/reader/case.hpp"
#include "cases/reader/converter_plant.hpp"
#include "models/protection/shunt_switch.hpp"
#include "solver/channels.hpp"
#include "solver/integrator.hpp"

namespace ballast {
namespace {

/// Each pattern alone, so that the message names the place of the one that matches nothing.
void check_record(const Case& c, const System& system) {
  Problems problems;
  for (const RecordPattern& pattern : c.record) {
    try {
      (void)Channels(system, {pattern.text});
    } catch (const Error& error) {
      for (const Problem& p : error.problems()) problems.add(pattern.place.text(), p.what, p.remedy);
    }
  }
  problems.throw_if_any();
}

/// Reference steps reach inputs that something else in the plant gives only when the wiring is known.
void check_references(const Case& c, const System& system) {
  Problems problems;
  for (const Disturbance& d : c.disturbances) {
    const auto* step = std::get_if<ReferenceStep>(&d.action);
    if (step == nullptr || system.reference_signal(step->part, step->input) >= 0) continue;
    problems.add(d.place.text(),
                 fmt::format("'{}' of {} is no reference: another part gives it", step->input,
                             system.parts()[step->part].name),
                 "step the reference of the part that gives it");
  }
  problems.throw_if_any();
}

/// Every bus that the power flow supplies must be supplied in the simulation.
void check_sources(const PowerFlowResult& flow, const System& system) {
  const Network& network = system.network();
  int count = 0;
  int first = -1;
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    if (flow.Vm[b] <= 0 || system.frame_of(static_cast<int>(b)) >= 0) continue;
    if (count++ == 0) first = static_cast<int>(b);
  }
  if (count > 0)
    throw Error(
        network.bus_label(first),
        fmt::format("it and {} more buses of its island or others have no machine that forms voltage: "
                    "their generators have no dynamic data",
                    count - 1),
        "give one generator of each island a machine model, or take the island out of service");
}

/// What unbalanced faults need of the network: missing data are errors, defaults that are used are listed.
void check_sequences(const Case& c, std::vector<Problem>& warnings) {
  Problems problems;
  std::set<FaultType> types;
  for (const Disturbance& d : c.disturbances) {
    if (const auto* fault = std::get_if<BusFault>(&d.action)) types.insert(fault->type);
    if (const auto* fault = std::get_if<LineFault>(&d.action)) types.insert(fault->type);
  }
  // A fault to ground needs all that one between phases does.
  const auto ground = types.contains(FaultType::LG) ? FaultType::LG : FaultType::LLG;
  check_sequence_data(c.network, types.contains(ground) ? ground : FaultType::LL, problems);
  if (types.empty() || types == std::set{FaultType::THREE_PHASE}) return;
  problems.throw_if_any();
  warnings.insert(warnings.end(), problems.warnings().begin(), problems.warnings().end());
}

/// Shunts that load models have found at rest: a motor's reactive power follows from its active power.
std::vector<Adjustment> shunts_beside_loads(const System& system) {
  constexpr int kShown = 10;
  std::vector<Adjustment> found;
  int more = 0;
  double more_Mvar = 0;
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const int signal = system.output_signal(static_cast<int>(i), "Q_shunt");
    if (signal < 0) continue;
    const double Mvar = system.signals()[signal];
    if (std::abs(Mvar) < 1e-6) continue;
    if (found.size() < kShown) {
      found.push_back({system.parts()[i].name, fmt::format("a constant shunt that gives {:.3f} Mvar", Mvar)});
      continue;
    }
    ++more;
    more_Mvar += Mvar;
  }
  if (more > 0)
    found.push_back(
        {fmt::format("{} more loads", more), fmt::format("shunts that give {:.3f} Mvar", more_Mvar)});
  return found;
}

/// Switching of shunts starts from what the power flow has left in service.
void set_shunt_switches(std::vector<Plant>& plants, const Network& network) {
  for (Plant& plant : plants)
    for (Part& part : plant.parts)
      for (const Order& order : part.orders)
        if (part.model == ModelName<ShuntSwitch>::value && order.kind == Order::Kind::SWITCHED_SHUNT)
          part.parameters[ShuntSwitch::B_0] =
              std::clamp(network.switched_shunts[order.index].BINIT_Mvar, part.parameters[ShuntSwitch::B_MIN],
                         part.parameters[ShuntSwitch::B_MAX]);
}

std::size_t count_of(const std::vector<Plant>& plants, const char* kind) {
  std::size_t count = 0;
  for (const Plant& plant : plants) count += plant.kind == kind ? 1 : 0;
  return count;
}

}  // namespace

Network power_flow_network(const Case& c) {
  Network network = c.network;
  for (const CampusRest& campus : c.campuses) {
    const Plant& plant = c.plants[campus.plant];
    Load load;
    load.bus = plant.bus;
    load.id = plant.name;
    load.P_MW = campus.total_MVA().real();
    load.Q_Mvar = campus.total_MVA().imag();
    load.place = plant.place;
    network.loads.push_back(std::move(load));
  }
  return network;
}

PreparedCase prepare(const Case& c) {
  PreparedCase ready;
  std::vector<Problem> sequence_warnings;
  check_sequences(c, sequence_warnings);
  ready.flow = solve_power_flow(power_flow_network(c), c.power_flow);
  ready.warnings = ready.flow.warnings;
  ready.warnings.insert(ready.warnings.end(), sequence_warnings.begin(), sequence_warnings.end());
  ready.network = std::make_unique<Network>(c.network);
  store_controls(ready.flow, *ready.network);

  std::vector<Plant> plants = c.plants;
  const std::span<Plant> all(plants);
  set_branch_meters(plants, *ready.network);
  set_shunt_switches(plants, *ready.network);
  const std::size_t machines = count_of(plants, "machine") + count_of(plants, "netted");
  set_machine_rest(all.first(machines), c.network, ready.flow, c.netted.value_or(LoadConversion{}));
  set_load_rest(all.subspan(machines, count_of(plants, "load")), c.network, ready.flow, c.load_conversions);
  for (const CampusRest& campus : c.campuses)
    for (Part& part : plants[campus.plant].parts) {
      if (part.name != "non_it") continue;
      const Part at_rest =
          zip_part(campus.non_it_MVA, ready.flow.Vm[plants[campus.plant].bus], campus.non_it);
      part.parameters = at_rest.parameters;
      part.P_MW = at_rest.P_MW;
      part.Q_Mvar = at_rest.Q_Mvar;
    }

  for (Plant& element : element_plants(*ready.network, ready.flow)) plants.push_back(std::move(element));
  ready.system = std::make_unique<System>(*ready.network, std::move(plants));
  ready.system->grid.sequence_ratio = c.sequence_ratio;
  check_record(c, *ready.system);
  check_references(c, *ready.system);
  std::vector<std::complex<double>> voltage;
  for (std::size_t b = 0; b < c.network.buses.size(); ++b)
    voltage.push_back(ready.flow.voltage(static_cast<int>(b)));
  check_sources(ready.flow, *ready.system);
  ready.y = initialise(*ready.system, voltage, 0, &ready.rest, c.at_limits);
  ready.adjustments = shunts_beside_loads(*ready.system);
  return ready;
}

RunInfo run_info(const Case& c) {
  RunInfo info;
  info.title = c.title;
  info.case_path = c.path.string();
  info.case_text = c.text;
  info.versions = {{"ballast", BALLAST_VERSION}, {"integrator", sundials_version()}};
  const SimulationOptions& o = c.simulation;
  info.options = {{"until_s", fmt::format("{:g}", o.until_s)},
                  {"relative_tolerance", fmt::format("{:g}", o.relative_tolerance)},
                  {"max_step_s", fmt::format("{:g}", o.max_step_s)},
                  {"record_step_s", fmt::format("{:g}", o.record_step_s)},
                  {"linear_solver", o.linear_solver == LinearSolverKind::KLU ? "klu" : "stamp"},
                  {"merge_window_s", fmt::format("{:g}", o.merge_window_s)},
                  {"reactive_limits", c.power_flow.reactive_limits ? "true" : "false"}};
  for (const StorageLife& one : c.storage_life)
    info.options.emplace_back("life of " + one.name, text_of(one.curve));
  for (const AssumedDefault& a : c.assumed)
    info.options.emplace_back(fmt::format("assumed {} {}", a.device, a.parameter),
                              fmt::format("{}{}{} ({})", a.value, a.unit == "1" || a.unit.empty() ? "" : " ",
                                          a.unit == "1" ? "" : a.unit, a.source));
  return info;
}

}  // namespace ballast
