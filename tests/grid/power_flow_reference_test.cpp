// The power flow against pandapower's Newton solver on the same MATPOWER arrays. The reference voltages were
// made by validation/power_flow/make_reference.py; nothing stored in a case file is compared with.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "tests/reference.hpp"

namespace ballast {
namespace {

struct Reference {
  double Vm_free, Va_free, Vm_limited, Va_limited;
  int limit;  ///< 1 at maximum, -1 at minimum
};

std::map<int, Reference> load_reference(const std::string& name) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/validation/power_flow/" + name + ".csv");
  std::map<int, Reference> rows;
  std::string line;
  std::getline(file, line);  // heading
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream fields(line);
    int bus = 0;
    Reference r{};
    if (fields >> bus >> r.Vm_free >> r.Va_free >> r.Vm_limited >> r.Va_limited >> r.limit) rows[bus] = r;
  }
  return rows;
}

struct Difference {
  double Vm = 0, Va_deg = 0;
  void take(double dV, double dA) {
    Vm = std::max(Vm, std::abs(dV));
    Va_deg = std::max(Va_deg, std::abs(std::remainder(dA, 360.0)));
  }
};

class AgainstPandapower : public ::testing::TestWithParam<const char*> {};

TEST_P(AgainstPandapower, VoltagesAgreeWithoutReactiveLimits) {
  BALLAST_NEEDS_REFERENCE(path, std::string("networks/") + GetParam() + ".m");
  const Network net = read_network(path);
  const auto reference = load_reference(GetParam());
  ASSERT_EQ(reference.size(), net.buses.size());
  for (const PowerFlowOptions::Start start : {PowerFlowOptions::Start::FILE, PowerFlowOptions::Start::FLAT}) {
    PowerFlowOptions options;
    options.reactive_limits = false;
    options.start = start;
    const PowerFlowResult flow = solve_power_flow(net, options);
    Difference difference;
    for (std::size_t i = 0; i < net.buses.size(); ++i) {
      const Reference& r = reference.at(net.buses[i].number);
      difference.take(flow.Vm[i] - r.Vm_free, flow.Va_deg[i] - r.Va_free);
    }
    std::cout << "  " << GetParam()
              << (start == PowerFlowOptions::Start::FILE ? " file start: " : " flat start: ") << difference.Vm
              << " pu, " << difference.Va_deg << " deg, mismatch " << flow.mismatch_pu << " pu, "
              << flow.iterations << " iterations\n";
    EXPECT_LE(difference.Vm, 1e-8);      // pu; measured at most 5.0e-10, the rounding of the reference file
    EXPECT_LE(difference.Va_deg, 1e-7);  // degrees
    EXPECT_LT(flow.mismatch_pu, 1e-9);
  }
}

TEST_P(AgainstPandapower, ReactiveLimitsAgreeOrEachDifferenceIsExplained) {
  BALLAST_NEEDS_REFERENCE(path, std::string("networks/") + GetParam() + ".m");
  const Network net = read_network(path);
  const auto reference = load_reference(GetParam());
  const PowerFlowResult flow = solve_power_flow(net);
  std::map<int, int> ours;
  for (const LimitedBus& limited : flow.at_limit) ours[limited.bus] = limited.at_maximum ? 1 : -1;
  Difference difference;
  int same = 0, only_ours = 0, only_theirs = 0, both_sides = 0, wrong_side = 0;
  for (std::size_t i = 0; i < net.buses.size(); ++i) {
    const Reference& r = reference.at(net.buses[i].number);
    double Qmin = 0, Qmax = 0;
    for (const Generator& g : net.generators) {
      if (!g.in_service || g.bus != static_cast<int>(i)) continue;
      Qmin += g.Qmin_Mvar;
      Qmax += g.Qmax_Mvar;
    }
    const int mine = ours.count(static_cast<int>(i)) != 0 ? ours[static_cast<int>(i)] : 0;
    difference.take(flow.Vm[i] - r.Vm_limited, flow.Va_deg[i] - r.Va_limited);
    // At a bus whose range is a single value the side is a matter of convention.
    const bool agree = mine == r.limit || (Qmax - Qmin < 1e-9 && mine != 0 && r.limit != 0);
    if (agree) {
      same += mine != 0 ? 1 : 0;
      continue;
    }
    if (r.limit == 0) {
      ++only_ours;
    } else if (mine == 0) {
      ++only_theirs;
    } else {
      ++both_sides;
    }
    double Vset = 0;
    for (const Generator& g : net.generators) {
      if (g.in_service && g.bus == static_cast<int>(i)) Vset = g.Vset;
    }
    // pandapower never releases a generator from its limit, so that its state can hold a bus at the maximum
    // above its set point or at the minimum below. Ours is the state that regulators would take; see the
    // checks below.
    const char* const sides[] = {"minimum", "regulating", "maximum"};
    std::cout << "    " << net.bus_label(static_cast<int>(i)) << ": ours " << sides[mine + 1]
              << " with V - Vset = " << flow.Vm[i] - Vset << ", pandapower " << sides[r.limit + 1] << " with "
              << r.Vm_limited - Vset << " pu\n";
    const bool unnatural = r.limit * (r.Vm_limited - Vset) > 0;
    wrong_side += unnatural ? 1 : 0;
  }
  std::cout << "  " << GetParam() << ": " << same << " buses at the same limit, " << only_ours
            << " only ours, " << only_theirs << " only pandapower's, " << both_sides
            << " at opposite limits, " << wrong_side
            << " of these held by pandapower at a limit that their voltage contradicts; largest difference "
            << difference.Vm << " pu, " << difference.Va_deg << " deg; our mismatch " << flow.mismatch_pu
            << " pu\n";
  EXPECT_LT(flow.mismatch_pu, 1e-9);
  if (only_ours + only_theirs + both_sides == 0) {
    EXPECT_LE(difference.Vm, 1e-8);
    EXPECT_LE(difference.Va_deg, 1e-7);
  }
  // Whatever the other program does, ours must be consistent: no regulating bus off its set point while it
  // has reserve in the direction needed, none beyond its range.
  std::map<int, std::pair<double, double>> range;
  std::map<int, double> output, set_point;
  for (std::size_t g = 0; g < net.generators.size(); ++g) {
    const Generator& generator = net.generators[g];
    if (!generator.in_service || net.buses[static_cast<std::size_t>(generator.bus)].type != BusType::PV)
      continue;
    range[generator.bus].first += generator.Qmin_Mvar;
    range[generator.bus].second += generator.Qmax_Mvar;
    output[generator.bus] += flow.generator_Q_Mvar[g];
    set_point.emplace(generator.bus, generator.Vset);
  }
  for (const auto& [bus, Q] : output) {
    EXPECT_LE(Q, range[bus].second + 2e-4) << net.bus_label(bus);
    EXPECT_GE(Q, range[bus].first - 2e-4) << net.bus_label(bus);
    const double error = flow.Vm[static_cast<std::size_t>(bus)] - set_point[bus];
    if (error < -2e-6) {
      EXPECT_NEAR(Q, range[bus].second, 1e-3)
          << net.bus_label(bus) << " is below its set point with reserve left";
    }
    if (error > 2e-6) {
      EXPECT_NEAR(Q, range[bus].first, 1e-3)
          << net.bus_label(bus) << " is above its set point with reserve left";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, AgainstPandapower,
                         ::testing::Values("case9", "case14", "case39", "case118", "case300", "case2383wp",
                                           "case_ACTIVSg2000", "case_ACTIVSg10k"));

}  // namespace
}  // namespace ballast
