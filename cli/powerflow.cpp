/// `ballast powerflow`: the static solution of a case or network file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "cases/reader/slack_weights.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "grid/readers.hpp"

namespace ballast {
namespace {

/// A text in CSV: quoted, quotes doubled.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

void print_csv(const Network& network, const PowerFlowResult& flow) {
  std::vector<double> P(network.buses.size(), 0.0);
  std::vector<double> Q(network.buses.size(), 0.0);
  for (std::size_t g = 0; g < network.generators.size(); ++g) {
    P[network.generators[g].bus] += flow.generator_P_MW[g];
    Q[network.generators[g].bus] += flow.generator_Q_Mvar[g];
  }
  fmt::print("bus,name,base_kV,V_pu,angle_deg,generation_MW,generation_Mvar\n");
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    const Bus& bus = network.buses[b];
    fmt::print("{},{},{:g},{:.9f},{:.9f},{:.6f},{:.6f}\n", bus.number, quoted(bus.name), bus.base_kV,
               flow.Vm[b], flow.Va_deg[b], P[b], Q[b]);
  }
}

void print_acts(const PowerFlowResult& flow) {
  constexpr std::size_t kShown = 40;
  if (flow.acts.empty()) return;
  fmt::print("controls: {} acts in {} solutions\n", flow.acts.size(), flow.control_rounds);
  for (std::size_t k = 0; k < std::min(kShown, flow.acts.size()); ++k) {
    const ControlAct& act = flow.acts[k];
    fmt::print("  {}: {} {:.6g} -> {:.6g} {}{}{}\n", act.element, act.quantity, act.from, act.to, act.unit,
               act.note.empty() ? "" : "; ", act.note);
  }
  if (flow.acts.size() > kShown) fmt::print("  and {} more\n", flow.acts.size() - kShown);
}

/// The buses that the controls move most.
void print_differences(const Network& network, const PowerFlowResult& with, const PowerFlowResult& without) {
  std::vector<std::size_t> order(network.buses.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const auto dV = [&](std::size_t i) { return with.Vm[i] - without.Vm[i]; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return std::abs(dV(a)) > std::abs(dV(b)); });
  fmt::print("with controls less without: voltages that differ most\n");
  for (std::size_t k = 0; k < std::min<std::size_t>(10, order.size()); ++k) {
    const std::size_t i = order[k];
    fmt::print("  {}: {:+.6f} pu ({:.6f} against {:.6f}), {:+.5f} degrees\n",
               network.bus_label(static_cast<int>(i)), dV(i), with.Vm[i], without.Vm[i],
               with.Va_deg[i] - without.Va_deg[i]);
  }
}

/// Switches off "bus" or "bus-id"; every generator of the bus without an id.
void trip(Network& network, const std::string& name) {
  bool found = false;
  for (Generator& generator : network.generators) {
    const std::string bus = std::to_string(network.buses[generator.bus].number);
    if (!generator.in_service || (name != bus && name != bus + "-" + generator.id)) continue;
    generator.in_service = false;
    found = true;
  }
  if (!found)
    throw Error("--trip " + name, "no generator in service has this name",
                "give its bus number, or bus-id, e.g. 101-1");
}

void set_controls(const PowerFlowArguments& arguments, PowerFlowOptions& options) {
  PowerFlowControls& controls = options.controls;
  if (arguments.no_taps) controls.taps = false;
  if (arguments.no_shunts) controls.shunts = false;
  if (arguments.no_phase_shifters) controls.phase_shifters = false;
  if (arguments.no_dc) controls.dc = false;
  if (arguments.interchange || arguments.interchange_and_loads) controls.interchange = true;
  if (arguments.interchange_and_loads) options.interchange = Interchange::TIE_LINES_AND_LOADS;
  if (arguments.no_limits) options.reactive_limits = false;
}

SlackShare slack_share(const std::string& word) {
  if (word == "inertia") return SlackShare::INERTIA;
  return word == "governor" ? SlackShare::GOVERNOR : SlackShare::PARTICIPATION;
}

/// The dispatch before the loss, then the loss with everything but the slack as it was: what the schedule and
/// the lost generators' output leave is shared.
void lose_generators(const PowerFlowArguments& arguments, const std::vector<Plant>& plants, Network& network,
                     PowerFlowOptions& options) {
  if (!arguments.trips.empty()) store(solve_power_flow(network, options), network);
  for (const std::string& name : arguments.trips) trip(network, name);
  if (arguments.slack.empty()) return;
  options.slack_weights = slack_weights(network, plants, slack_share(arguments.slack));
  options.slack_limits =
      arguments.slack != "inertia";  // in the first instants a turbine's limit does not act
}

}  // namespace

ExitCode power_flow_command(const PowerFlowArguments& arguments) {
  Network network;
  PowerFlowOptions options;
  std::vector<Plant> plants;
  if (is_network_file(arguments.path)) {
    Problems problems;
    network = read_network(arguments.path.string(), problems);
    problems.throw_if_any();
    print_warnings(problems.warnings());
  } else {
    const Case c = read_case(arguments.path);
    print_warnings(c.warnings);
    network = power_flow_network(c);
    options = c.power_flow;
    plants = c.plants;
  }
  set_controls(arguments, options);
  lose_generators(arguments, plants, network, options);
  const PowerFlowResult flow = solve_power_flow(network, options);
  print_warnings(flow.warnings);
  if (arguments.csv)
    print_csv(network, flow);
  else
    print_flow_summary(network, flow);
  if (!arguments.csv) print_acts(flow);
  if (arguments.compare_controls && !arguments.csv) {
    options.controls = PowerFlowControls::none();
    options.controls.dc = !arguments.no_dc;  // DC lines carry power in both
    print_differences(network, flow, solve_power_flow(network, options));
  }
  return ExitCode::OK;
}

}  // namespace ballast
