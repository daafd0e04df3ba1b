#include "cli/messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace ballast {
namespace {

/// More warnings than this are counted, not shown: a large network file may have thousands.
constexpr std::size_t kWarningsShown = 20;

}  // namespace

bool is_network_file(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension == ".raw" || extension == ".m";
}

void print_errors(const Error& error) {
  for (const Problem& p : error.problems()) fmt::print(stderr, "error: {}\n", p.text());
  if (error.problems().size() > 1) fmt::print(stderr, "{} errors\n", error.problems().size());
}

void print_warnings(const std::vector<Problem>& warnings) {
  for (std::size_t k = 0; k < std::min(kWarningsShown, warnings.size()); ++k)
    fmt::print(stderr, "warning: {}\n", warnings[k].text());
  if (warnings.size() > kWarningsShown)
    fmt::print(stderr, "warning: and {} more\n", warnings.size() - kWarningsShown);
}

void print_flow_summary(const Network& network, const PowerFlowResult& flow) {
  double load_MW = 0;
  double generation_MW = 0;
  for (const Load& load : network.loads)
    if (load.in_service) load_MW += load_power(load, flow.Vm[load.bus]).real();
  for (const double p : flow.generator_P_MW) generation_MW += p;
  fmt::print("power flow: {} iterations, largest mismatch {:.1e} pu\n", flow.iterations, flow.mismatch_pu);
  fmt::print("  generation {:.2f} MW, load {:.2f} MW, losses {:.2f} MW\n", generation_MW, load_MW,
             generation_MW - load_MW);
  int low = -1;
  int high = -1;
  for (std::size_t b = 0; b < network.buses.size(); ++b) {
    if (flow.Vm[b] <= 0) continue;
    const int i = static_cast<int>(b);
    if (low < 0 || flow.Vm[b] < flow.Vm[low]) low = i;
    if (high < 0 || flow.Vm[b] > flow.Vm[high]) high = i;
  }
  if (low >= 0)
    fmt::print("  voltage {:.4f} pu ({}) to {:.4f} pu ({})\n", flow.Vm[low], network.bus_label(low),
               flow.Vm[high], network.bus_label(high));
  for (const IslandFlow& island : flow.islands) {
    if (island.slack_bus < 0) continue;
    fmt::print("  island of {} buses: slack {}, {:+.3f} MW beyond its schedule\n", island.buses.size(),
               network.bus_label(island.slack_bus), std::round(1e3 * island.slack_pickup_MW) / 1e3 + 0.0);
  }
  if (!flow.at_limit.empty()) {
    fmt::print("  at a reactive limit:");
    for (std::size_t k = 0; k < std::min<std::size_t>(flow.at_limit.size(), 10); ++k)
      fmt::print("{} {} ({} {:.1f} Mvar)", k == 0 ? "" : ",", network.buses[flow.at_limit[k].bus].number,
                 flow.at_limit[k].at_maximum ? "max" : "min", flow.at_limit[k].Q_Mvar);
    if (flow.at_limit.size() > 10) fmt::print(" and {} more", flow.at_limit.size() - 10);
    fmt::print("\n");
  }
}

}  // namespace ballast
