/// The case of 28 April 2025: it is what its script writes, its start is that of the tables, and it rests.
/// `ballast validate` compares it with what was published.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "cases/reader/case.hpp"
#include "grid/power_flow.hpp"
#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

const std::string kFolder = std::string(BALLAST_SOURCE_DIR) + "/cases/iberia-2025";

TEST(Iberia2025, CaseIsWhatItsScriptWrites) {
  if (std::system("python3 -c 'import tomllib' 2>/dev/null") != 0) GTEST_SKIP() << "needs Python 3.11";
  EXPECT_EQ(std::system(("python3 '" + kFolder + "/make_case.py' --check").c_str()), 0);
}

/// Demand 25,184 and 5,870 MW, San Servan 411 kV and Olmedilla 413 kV; no source but the machines holds a
/// voltage, and none of the zones' shunts hides a capacitor of more than 100 Mvar.
TEST(Iberia2025, StartIsThatOfTheTables) {
  const Case c = read_case(kFolder);
  double demand_MW = 0;
  for (const Load& load : c.network.loads)
    if (c.network.buses[static_cast<std::size_t>(load.bus)].area <= 2 && load.id == "1")
      demand_MW += load.P_MW;
  const PowerFlowResult flow = solve_power_flow(c.network, {});
  const auto kV = [&](int number) {
    for (std::size_t b = 0; b < c.network.buses.size(); ++b)
      if (c.network.buses[b].number == number) return flow.Vm[b] * c.network.buses[b].base_kV;
    return std::nan("");
  };
  double worst_Mvar = -1e9;
  for (const Shunt& shunt : c.network.shunts)
    if (shunt.id == "R" && c.network.buses[static_cast<std::size_t>(shunt.bus)].area <= 2)
      worst_Mvar = std::max(worst_Mvar, shunt.B_Mvar);
  fmt::print("{:.1f} MW, San Servan {:.3f} kV, Olmedilla {:.3f} kV, largest residual {:.1f} Mvar\n",
             demand_MW, kV(418), kV(414), worst_Mvar);
  EXPECT_NEAR(demand_MW, 25184 + 5870, 0.01);
  EXPECT_NEAR(kV(418), 411, 0.01);
  EXPECT_NEAR(kV(414), 413, 0.01);
  EXPECT_LT(worst_Mvar, 100);
}

TEST(Iberia2025, RestsWithoutEvents) {
  Case c = read_case(kFolder);
  c.disturbances.clear();
  c.simulation.until_s = 20;
  c.simulation.record = {"bus.voltage", "frequency"};
  const Record record = testing::run_in_memory(c);
  const auto drift = [&](const std::string& of, const std::string& element) {
    const std::vector<double> values = testing::recorded(record, of, element);
    return std::abs(values.back() - values.front());
  };
  fmt::print("after 20 s: {:.2g} pu at bus 418 (at most 1e-6), {:.2g} Hz (at most 1e-6)\n",
             drift("bus.voltage", "418"), drift("frequency", "system"));
  EXPECT_LT(drift("bus.voltage", "418"), 1e-6);
  EXPECT_LT(drift("frequency", "system"), 1e-6);
}

}  // namespace
}  // namespace ballast
