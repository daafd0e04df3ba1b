/// `ballast powerflow`: the static solution of a case or network file.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "grid/readers.hpp"

namespace ballast {
namespace {

bool is_network_file(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".raw" || extension == ".m";
}

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

}  // namespace

ExitCode power_flow_command(const PowerFlowArguments& arguments) {
  Network network;
  PowerFlowOptions options;
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
  }
  if (arguments.no_limits) options.reactive_limits = false;
  const PowerFlowResult flow = solve_power_flow(network, options);
  print_warnings(flow.warnings);
  if (arguments.csv)
    print_csv(network, flow);
  else
    print_flow_summary(network, flow);
  return ExitCode::OK;
}

}  // namespace ballast
