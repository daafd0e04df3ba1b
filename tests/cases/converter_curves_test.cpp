/// The converter models against PSS/E's own curves: a plant of REGCA1, REECB1 and REPCA1 at bus 103 of a
/// three-bus system, a line opened at 1 s.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "cases/reader/assemble.hpp"
#include "grid/readers.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/reference.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

/// Rows of numbers; a heading is skipped, and so is the second of two rows at one time (the event, printed
/// before and after it).
std::vector<std::vector<double>> read_curve(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<double>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == 't') continue;
    std::vector<double> row;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) row.push_back(std::stod(cell));
    if (rows.empty() || row[0] != rows.back()[0]) rows.push_back(row);
  }
  return rows;
}

struct Column {
  const char* name;
  const char* quantity;
  const char* element;
  double scale;
  double outside, inside;  ///< tolerance away from and within `settling_s` after the event
};

void compare(const std::string& curve_name, const std::string& dyr, int from, int to, LoadShares shares,
             double settling_s, const std::vector<Column>& columns) {
  BALLAST_NEEDS_REFERENCE(curve_path, "psse/RENA/" + curve_name);
  BALLAST_NEEDS_REFERENCE(raw_path, "psse/RENA/ThreeBusRenewable.raw");
  BALLAST_NEEDS_REFERENCE(dyr_path, "psse/RENA/" + dyr);
  const Network network = read_network(raw_path);
  PowerFlowOptions flow_options;
  flow_options.tolerance_pu = 1e-11;
  const PowerFlowResult flow = solve_power_flow(network, flow_options);
  Problems problems;
  const auto records = read_dyr(dyr_path, problems);
  check_dyr(records, problems);
  std::vector<Plant> plants = assemble_machines(network, flow, records, problems);
  problems.throw_if_any();
  for (Plant& load : assemble_loads(network, flow, {shares, shares})) plants.push_back(std::move(load));
  System system(network, plants);
  std::vector<std::complex<double>> voltage;
  for (std::size_t b = 0; b < network.buses.size(); ++b) voltage.push_back(flow.voltage(static_cast<int>(b)));
  const auto y = initialise(system, voltage, 0);
  int line = -1;
  for (std::size_t k = 0; k < network.branches.size(); ++k)
    if (network.buses[network.branches[k].from].number == from &&
        network.buses[network.branches[k].to].number == to)
      line = static_cast<int>(k);
  ASSERT_GE(line, 0);
  const auto rows = read_curve(curve_path);
  SimulationOptions options;
  options.until_s = 0.005 * static_cast<double>(rows.size() - 1);
  options.relative_tolerance = 1e-7;
  options.record_step_s = 0.005;
  options.record = {"bus.voltage", "bus.angle", "machine.power", "machine.reactive_power"};
  testing::MemoryRecorder record;
  const RunResult result = simulate(system, y, {{1.0, SwitchBranch{line, false}, {}}}, options, {}, &record);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const Column& column = columns[c];
    const int at = record.column(column.quantity, column.element);
    ASSERT_GE(at, 0) << column.quantity;
    double outside = 0;
    double inside = 0;
    std::size_t k = 0;
    for (std::size_t i = 0; i < record.time.size() && k < rows.size(); ++i) {
      if (i > 0 && record.time[i] - record.time[i - 1] < 1e-6) continue;  // after the event
      const double error = std::abs(record.rows[i][at] * column.scale - rows[k][c + 1]);
      double& worst = k >= 200 && static_cast<double>(k - 200) <= settling_s / 0.005 ? inside : outside;
      worst = std::max(worst, error);
      ++k;
    }
    EXPECT_EQ(k, rows.size());
    fmt::print("{}, {}: within {:.2e} (tolerance {:.1e}), in the first {:g} s {:.2e} ({:.1e})\n", curve_name,
               column.name, outside, column.outside, settling_s, inside, column.inside);
    EXPECT_LT(outside, column.outside) << column.name;
    EXPECT_LT(inside, column.inside) << column.name;
  }
}

TEST(ConverterCurves, ReactivePowerControlledPlant) {
  compare("TEST_RENA_DEFAULT_FLAGS.csv", "ThreeBus_REN_A_DEFAULT_FLAG.dyr", 101, 103, {1, 0, 0}, 0.05,
          {{"P", "machine.power", "103-1", 0.01, 1e-5, 1e-3},
           {"Q", "machine.reactive_power", "103-1", 0.01, 1e-5, 1e-3},
           {"V103", "bus.voltage", "103", 1, 1e-5, 1e-3}});
}

/// The two integrals make a ringing of 5.5 Hz, which the 5 ms steps of PSS/E's explicit method shift by half
/// a step: up to 3e-4 pu until it has died out.
TEST(ConverterCurves, VoltageControlledPlant) {
  compare("TEST_RENA_NOFREQ_REF_FLAG.csv", "ThreeBus_REN_A_NOFREQFLAG_with_REF_FLAG.dyr", 101, 103, {1, 0, 0},
          1.5,
          {{"angle 103", "bus.angle", "103", 1, 2e-3, 1e-2}, {"V103", "bus.voltage", "103", 1, 1e-5, 4e-4}});
}

}  // namespace
}  // namespace ballast
