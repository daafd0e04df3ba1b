/// `ballast check`: what a case contains, what it assumes, and whether it rests.
#include <fmt/format.h>

#include <map>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"

namespace ballast {
namespace {

void print_counts(const Case& c) {
  const Network& n = c.network;
  fmt::print("network: {} buses, {} branches, {} generators, {} loads, {} shunts; {:g} MVA, {:g} Hz\n",
             n.buses.size(), n.branches.size(), n.generators.size(), n.loads.size(), n.shunts.size(),
             n.base_MVA, n.frequency_Hz);
  std::map<std::string, int> models;
  for (const Plant& plant : c.plants)
    for (const Part& part : plant.parts) ++models[part.model];
  fmt::print("models:");
  const char* separator = " ";
  for (const auto& [name, count] : models) {
    fmt::print("{}{} {}", separator, count, name);
    separator = ", ";
  }
  fmt::print("\nevents: {}, until {:g} s\n", c.disturbances.size(), c.simulation.until_s);
}

void print_assumed(const Case& c) {
  if (c.assumed.empty()) return;
  fmt::print("assumed, because the case does not say:\n");
  std::string device;
  for (const AssumedDefault& a : c.assumed) {
    if (a.device != device) fmt::print("  {}\n", a.device);
    device = a.device;
    fmt::print("    {:<22} {:>10} {:<5} {}\n", a.parameter, fmt::format("{:g}", a.value),
               a.unit == "1" ? "" : a.unit, a.source);
  }
}

}  // namespace

ExitCode check_command(const std::filesystem::path& case_path) {
  const Case c = read_case(case_path);
  fmt::print("{}: {}\n", c.path.string(), c.title);
  print_warnings(c.warnings);
  print_counts(c);
  print_assumed(c);
  const PreparedCase ready = prepare(c);
  print_warnings(ready.warnings);
  print_flow_summary(power_flow_network(c), ready.flow);
  for (const CampusRest& campus : c.campuses)
    fmt::print("  data center {}: {:.2f} MW, {:.2f} Mvar at rest\n", c.plants[campus.plant].name,
               campus.total_MVA().real(), campus.total_MVA().imag());
  fmt::print(
      "at rest: {} unknowns ({} states), largest rate {:.1e} 1/s, largest current mismatch {:.1e} pu, in "
      "{}\n",
      ready.system->size(), ready.system->state_count(), ready.rest.worst_rate, ready.rest.worst_balance,
      ready.rest.where);
  return ExitCode::OK;
}

}  // namespace ballast
