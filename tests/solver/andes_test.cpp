/// Trajectories against ANDES (validation/andes), same network, machines and fault.
///
/// ANDES was run with PSS/E's torque balance (see validation/andes/README.md) and a fixed-step trapezoid of
/// 1/480 s, whose own error is what remains.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"
#include "tests/solver/raw_case.hpp"
#include "tests/solver/same_unit.hpp"

namespace ballast {
namespace {

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
};

Table read_table(const std::string& path) {
  std::ifstream file(path);
  Table table;
  std::string line;
  std::getline(file, line);
  std::stringstream header(line);
  for (std::string cell; std::getline(header, cell, ',');) table.names.push_back(cell);
  while (std::getline(file, line)) {
    table.rows.emplace_back();
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) table.rows.back().push_back(std::stod(cell));
  }
  return table;
}

void compare(const std::string& csv, const testing::RawCase& c, int bus, double clearing_s, double until_s,
             double speed_tolerance, double voltage_tolerance) {
  const Table reference = read_table(std::string(BALLAST_SOURCE_DIR) + "/validation/andes/" + csv);
  ASSERT_FALSE(reference.rows.empty());
  System system(c.network, c.plants);
  const std::vector<double> y = initialise(system, c.voltage, 0);
  SimulationOptions options;
  options.until_s = until_s;
  options.relative_tolerance = 1e-7;
  options.record = {"machine.speed", "bus.voltage"};
  testing::MemoryRecorder record;
  BusFault fault{c.network.find_bus(bus), {{0, 1e-3}}, clearing_s};
  const RunResult result = simulate(system, y, {{1.0, fault, {}}}, options, {}, &record);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  // One row per grid time: the last sample at it.
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    const double k = record.time[i] / 0.01;
    if (std::abs(k - std::round(k)) > 1e-6) continue;
    const auto at = static_cast<std::size_t>(std::llround(k));
    rows.resize(std::max(rows.size(), at + 1));
    rows[at] = record.rows[i];
  }
  double speed_max = 0;
  double voltage_max = 0;
  double swing = 0;
  for (std::size_t column = 1; column < reference.names.size(); ++column) {
    const std::string& name = reference.names[column];
    const bool speed = name.starts_with("speed_");
    const std::string number = name.substr(name.find('_') + 1);
    const int at = record.column(speed ? "machine.speed" : "bus.voltage", speed ? number + "-1" : number);
    ASSERT_GE(at, 0) << name;
    double sum = 0;
    double largest = 0;
    std::size_t n = 0;
    for (std::size_t i = 0; i < std::min(rows.size(), reference.rows.size()); ++i) {
      const double t = reference.rows[i][0];
      // At the two switching instants the programs print different sides.
      if (std::abs(t - 1.0) < 0.011 || std::abs(t - 1.0 - clearing_s) < 0.011) continue;
      const double difference = std::abs(rows[i][at] - reference.rows[i][column]);
      sum += difference * difference;
      largest = std::max(largest, difference);
      if (speed) swing = std::max(swing, std::abs(rows[i][at] - 1));
      ++n;
    }
    fmt::print("{} {}: RMS {:.2e}, maximum {:.2e} pu\n", csv, name, std::sqrt(sum / static_cast<double>(n)),
               largest);
    (speed ? speed_max : voltage_max) = std::max(speed ? speed_max : voltage_max, largest);
  }
  fmt::print(
      "{}: speed {:.2e} of a swing of {:.2e} pu (tolerance {:.1e}), voltage {:.2e} pu (tolerance {:.1e})\n",
      csv, speed_max, swing, speed_tolerance, voltage_max, voltage_tolerance);
  EXPECT_LE(speed_max, speed_tolerance);
  EXPECT_LE(voltage_max, voltage_tolerance);
}

TEST(Andes, KundurFaultAtTheMidPoint) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/kundur-twoarea_v33.raw");
  BALLAST_NEEDS_REFERENCE(dyr, "networks/kundur-twoarea.dyr");
  compare("kundur.csv", testing::load_raw_case(raw, dyr, {1, 0, 0}), 8, 0.05, 20, 1e-5, 2e-4);
}

void compare_new_england(const std::string& csv, testing::Unit unit) {
  BALLAST_NEEDS_REFERENCE(path, "networks/case39.m");
  testing::RawCase c;
  c.network = read_network(path);
  PowerFlowOptions options;
  options.reactive_limits = false;
  const PowerFlowResult flow = solve_power_flow(c.network, options);
  for (std::size_t b = 0; b < c.network.buses.size(); ++b)
    c.voltage.push_back(flow.voltage(static_cast<int>(b)));
  c.plants = testing::same_unit_everywhere(c.network, flow, unit);
  compare(csv, c, 16, 0.1, 10, 1e-5, 2e-4);
}

TEST(Andes, NewEnglandFaultAtBus16) { compare_new_england("ieee39.csv", testing::plain_unit); }
TEST(Andes, NewEnglandWithExst1IeeestIeeeg1) {
  compare_new_england("ieee39_steam.csv", testing::unlimited_steam_unit);
}
TEST(Andes, NewEnglandWithEsac1aAndIeeeg1OnItsLimits) {
  compare_new_england("ieee39_limits.csv", testing::limited_unit);
}

}  // namespace
}  // namespace ballast
