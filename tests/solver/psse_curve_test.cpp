/// The engine against PSS/E's own curves, column by column, inside the tolerances beside them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/reference.hpp"
#include "tests/solver/memory_recorder.hpp"
#include "tests/solver/raw_case.hpp"

namespace ballast {
namespace {

struct Tolerance {
  std::string column;
  double outside, inside;
};

/// The rows of tolerances.csv for one curve.
std::vector<Tolerance> tolerances(const std::string& path, const std::string& curve) {
  std::ifstream file(path);
  std::vector<Tolerance> found;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
    if (cells.size() == 7 && cells[0] == curve)
      found.push_back({cells[1], std::stod(cells[5]), std::stod(cells[6])});
  }
  return found;
}

/// Samples by column, at k * 0.005 s; the row after the event (the doubled one) apart.
struct Curve {
  std::vector<std::vector<double>> rows;
  std::vector<double> after_event;
};

Curve read_curve(const std::string& path) {
  std::ifstream file(path);
  Curve curve;
  for (std::string line; std::getline(file, line);) {
    std::vector<double> row;
    std::stringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) row.push_back(std::stod(cell));
    if (row.empty()) continue;
    if (!curve.rows.empty() && row[0] == curve.rows.back()[0])
      curve.after_event = row;
    else
      curve.rows.push_back(row);
  }
  return curve;
}

void compare(const std::string& folder, const std::string& curve_name, const std::string& dyr,
             const std::vector<std::pair<std::string, std::pair<std::string, std::string>>>& columns,
             testing::Shares loads = {1, 0, 0}) {
  BALLAST_NEEDS_REFERENCE(curve_path, "psse/" + folder + "/" + curve_name);
  BALLAST_NEEDS_REFERENCE(raw_path, "psse/" + folder + "/ThreeBusMulti.raw");
  BALLAST_NEEDS_REFERENCE(dyr_path, "psse/" + folder + "/" + dyr);
  BALLAST_NEEDS_REFERENCE(tolerance_path, "psse/tolerances.csv");
  const testing::RawCase c = testing::load_raw_case(raw_path, dyr_path, loads);
  System system(c.network, c.plants);
  const std::vector<double> y = initialise(system, c.voltage, 0);
  SimulationOptions options;
  options.until_s = 20;
  options.relative_tolerance = 1e-7;
  options.record_step_s = 0.005;
  options.record = {"machine.angle", "bus.voltage",           "bus.angle",
                    "branch.*",      "machine.field_voltage", "machine.mechanical_power",
                    "machine.speed"};
  int line = -1;
  for (std::size_t k = 0; k < c.network.branches.size(); ++k)
    if (c.network.buses[c.network.branches[k].from].number == 101 &&
        c.network.buses[c.network.branches[k].to].number == 102)
      line = static_cast<int>(k);
  testing::MemoryRecorder record;
  const RunResult result = simulate(system, y, {{1.0, SwitchBranch{line, false}, {}}}, options, {}, &record);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  fmt::print("{} steps, {} residuals, {} jacobians\n", result.statistics.integrator.steps,
             result.statistics.integrator.residuals, result.statistics.integrator.jacobians);
  const Curve curve = read_curve(curve_path);
  std::vector<std::vector<double>> rows;
  std::vector<double> after;
  for (std::size_t i = 0; i < record.rows.size(); ++i) {
    if (i > 0 && record.time[i] - record.time[i - 1] < 1e-6)
      after = record.rows[i];
    else
      rows.push_back(record.rows[i]);
  }
  const auto limits = tolerances(tolerance_path, folder + "/" + curve_name);
  ASSERT_FALSE(limits.empty());
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const auto tol = std::find_if(limits.begin(), limits.end(),
                                  [&](const Tolerance& t) { return t.column == columns[k].first; });
    if (tol == limits.end()) continue;
    const int at = record.column(columns[k].second.first, columns[k].second.second);
    ASSERT_GE(at, 0) << columns[k].second.first;
    const double origin = columns[k].second.first == "machine.speed" ? 1 : 0;  // PSS/E prints the deviation
    double outside = 0, inside = 0;
    const std::size_t n = std::min(rows.size(), curve.rows.size());
    for (std::size_t i = 0; i < n; ++i) {
      const double t = 0.005 * static_cast<double>(i);
      const double e = std::abs(rows[i][at] - origin - curve.rows[i][k + 1]);
      if (t > 0.9999 && t < 1.0501)
        inside = std::max(inside, e);
      else
        outside = std::max(outside, e);
    }
    fmt::print(
        "{} {}: outside {:.2e} (tolerance {:.1e}), inside [1.00, 1.05] s {:.2e} ({:.1e}), samples {}\n",
        curve_name, columns[k].first, outside, tol->outside, inside, tol->inside, n);
    EXPECT_LE(outside, tol->outside);
    EXPECT_LE(inside, tol->inside);
  }
}

const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kAngle = {
    {"angle", {"machine.angle", "102-1"}}};
const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kSexs = {
    {"V2", {"bus.voltage", "102"}},
    {"P13", {"branch.power", "101-103-1"}},
    {"Q13", {"branch.reactive_power", "101-103-1"}},
    {"P31", {"branch.power_to", "101-103-1"}},
    {"Q31", {"branch.reactive_power_to", "101-103-1"}},
    {"Efd", {"machine.field_voltage", "102-1"}}};

const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kLoad = {
    {"V2", {"bus.voltage", "102"}},
    {"a2", {"bus.angle", "102"}},
    {"V3", {"bus.voltage", "103"}},
    {"a3", {"bus.angle", "103"}}};

const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kAngleAndVoltage = {
    {"angle", {"machine.angle", "102-1"}}, {"V2", {"bus.voltage", "102"}}};
const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kAngleAndField = {
    {"angle", {"machine.angle", "102-1"}}, {"Efd", {"machine.field_voltage", "102-1"}}};

const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kFieldAndVoltage = {
    {"Efd", {"machine.field_voltage", "102-1"}}, {"V2", {"bus.voltage", "102"}}};
const std::vector<std::pair<std::string, std::pair<std::string, std::string>>> kVoltageAngleSpeed = {
    {"V2", {"bus.voltage", "102"}},
    {"angle", {"machine.angle", "102-1"}},
    {"speed", {"machine.speed", "102-1"}}};

TEST(PsseCurve, Genrou) { compare("GENROU", "TEST_GENROU.csv", "ThreeBus_GENROU.dyr", kAngle); }
TEST(PsseCurve, GenrouHighSaturation) {
  compare("GENROU", "TEST_GENROU_HIGH_SAT.csv", "ThreeBus_GENROU_HIGH_SAT.dyr", kAngle);
}
TEST(PsseCurve, GenrouNoSaturation) {
  compare("GENROU", "TEST_GENROU_NO_SAT.csv", "ThreeBus_GENROU_NO_SAT.dyr", kAngle);
}
TEST(PsseCurve, ConstantCurrentLoad) {
  compare("LOAD", "constantcurrent.csv", "ThreeBus_GENROU.dyr", kLoad, {0, 1, 0});
}
TEST(PsseCurve, ConstantPowerLoad) {
  compare("LOAD", "constantpower.csv", "ThreeBus_GENROU.dyr", kLoad, {0, 0, 1});
}
TEST(PsseCurve, Sexs) { compare("SEXS", "SEXS_RESULTS.csv", "ThreeBus_SEXS.dyr", kSexs); }
TEST(PsseCurve, SexsWithoutTE) { compare("SEXS", "SEXS_RESULTS_NoTE.csv", "ThreeBus_SEXS_noTE.dyr", kSexs); }
TEST(PsseCurve, Esac1a) { compare("AC1A", "TEST_ESAC1A.csv", "ThreeBus_ESAC1A.dyr", kAngleAndVoltage); }
TEST(PsseCurve, Esac1aSaturated) {
  compare("AC1A", "TEST_ESAC1A_SAT.csv", "ThreeBus_ESAC1A_SAT.dyr", kAngleAndVoltage);
}
TEST(PsseCurve, Ieeest) {
  compare("IEEEST", "IEEEST_SEXS_RESULTS_NOFILT.csv", "ThreeBus_IEEEST.dyr", kFieldAndVoltage);
}
TEST(PsseCurve, IeeestWithFilter) {
  compare("IEEEST", "IEEEST_SEXS_RESULTS_FILT.csv", "ThreeBus_IEEEST_with_filter.dyr", kFieldAndVoltage);
}
TEST(PsseCurve, Gensal) { compare("GENSAL", "TEST_GENSAL.csv", "ThreeBus_GENSAL.dyr", kAngle); }
TEST(PsseCurve, Hygov) { compare("HYGOV", "HYGOV_RESULTS.csv", "ThreeBus_HYGOV.dyr", kVoltageAngleSpeed); }
TEST(PsseCurve, Tgov1) { compare("TGOV1", "TEST_TGOV1.csv", "ThreeBus_TGOV1.dyr", kAngleAndField); }
TEST(PsseCurve, Gast) { compare("GAST", "GAST_TEST.csv", "ThreeBus_GAST.dyr", kAngleAndField); }
}  // namespace
}  // namespace ballast
