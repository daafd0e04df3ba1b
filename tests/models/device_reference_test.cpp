/// Single devices against the second computation in validation/devices: the same parameters and inputs, read
/// from its files, other equations.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <string_view>

#include "models/exciters/esst1a.hpp"
#include "models/exciters/exst1.hpp"
#include "models/governors/ggov1.hpp"
#include "models/machines/genroe.hpp"
#include "models/machines/gensae.hpp"
#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

struct Wave {
  std::string input;
  double amplitude, frequency_Hz;
};
struct DeviceRun {
  std::string model;
  double base_MVA = 0;
  std::vector<double> parameters;
  std::vector<std::pair<std::string, double>> known, wanted;  ///< inputs and outputs at rest
  std::vector<Wave> waves;
  std::vector<std::string> columns;  ///< outputs
  std::vector<double> time;
  std::vector<std::vector<double>> rows;
};

DeviceRun read_run(const std::string& name) {
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/validation/devices/" + name);
  DeviceRun run;
  for (std::string line; std::getline(file, line);) {
    std::stringstream text(line);
    if (line.starts_with("#")) {
      std::string mark;
      std::string key;
      std::string signal;
      text >> mark >> key;
      if (key == "model") text >> run.model;
      if (key == "base_MVA") text >> run.base_MVA;
      if (key == "parameters")
        for (double v = 0; text >> v;) run.parameters.push_back(v);
      if (key == "known" || key == "wanted") {
        double value = 0;
        text >> signal >> value;
        (key == "known" ? run.known : run.wanted).emplace_back(signal, value);
      }
      if (key == "wave") {
        Wave wave;
        text >> wave.input >> wave.amplitude >> wave.frequency_Hz;
        run.waves.push_back(wave);
      }
      continue;
    }
    std::vector<std::string> cells;
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (cells.empty()) continue;
    if (cells[0] == "time") {
      run.columns.assign(cells.begin() + 1, cells.end());
      continue;
    }
    run.time.push_back(std::stod(cells[0]));
    run.rows.emplace_back();
    for (std::size_t k = 1; k < cells.size(); ++k) run.rows.back().push_back(std::stod(cells[k]));
  }
  return run;
}

/// Place of a signal by its name.
template <class Table>
int place(const Table& table, std::string_view name) {
  int at = 0;
  for (const auto& entry : table) {
    if (entry.name == name) return at;
    ++at;
  }
  ADD_FAILURE() << "no signal " << name;
  return 0;
}

/// Runs the device and holds every output of the file to its tolerance (pu).
template <class M>
void compare(const std::string& name, double tolerance) {
  const DeviceRun run = read_run(name);
  ASSERT_FALSE(run.rows.empty()) << name;
  ASSERT_EQ(run.model, ModelName<M>::value);
  ASSERT_EQ(run.parameters.size(), static_cast<std::size_t>(M::kParameters));
  DeviceBench<M> bench(run.parameters, {run.base_MVA, 100, 60});
  std::vector<double> inputs(M::kInputs, kUnknown);
  for (int i = 0; i < M::kInputs; ++i)
    if (M::inputs[i].unwired == Unwired::ZERO) inputs[i] = 0;
  for (const auto& [signal, value] : run.known) inputs[place(M::inputs, signal)] = value;
  for (const auto& [signal, value] : run.wanted) bench.out[place(M::outputs, signal)] = value;
  const Outcome rest = bench.rest_at(inputs);
  ASSERT_TRUE(rest.ok()) << name << ": " << rest.quantity << " " << rest.value;
  const std::vector<double> middle = bench.in;
  bench.drive = [&](double t, double* in) {
    for (int i = 0; i < M::kInputs; ++i) in[i] = middle[i];
    for (const Wave& w : run.waves)
      in[place(M::inputs, w.input)] += w.amplitude * std::sin(2 * std::numbers::pi * w.frequency_Hz * t);
  };
  std::vector<double> largest(run.columns.size());
  std::vector<double> swing(run.columns.size());
  std::size_t next = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (next >= run.time.size() || std::abs(t - run.time[next]) > 1e-9) return;
    for (std::size_t k = 0; k < run.columns.size(); ++k) {
      const double value = b.out[place(M::outputs, run.columns[k])];
      largest[k] = std::max(largest[k], std::abs(value - run.rows[next][k]));
      swing[k] = std::max(swing[k], std::abs(run.rows[next][k] - run.rows[0][k]));
    }
    ++next;
  };
  for (std::size_t i = 0; i < run.time.size(); ++i) bench.run(run.time[i], 0.001);
  EXPECT_EQ(next, run.time.size()) << "samples met";
  for (std::size_t k = 0; k < run.columns.size(); ++k) {
    fmt::print("{} {}: {:.1e} of a swing of {:.2g} pu (tolerance {:.0e}), {} moves of limits\n", name,
               run.columns[k], largest[k], swing[k], tolerance, bench.moved_limits);
    EXPECT_LE(largest[k], tolerance) << run.columns[k];
  }
}

TEST(DeviceReference, Genroe) { compare<Genroe>("genroe.csv", 1e-7); }
TEST(DeviceReference, Gensae) { compare<Gensae>("gensae.csv", 1e-7); }
TEST(DeviceReference, Exst1OnItsLimits) { compare<Exst1>("exst1.csv", 1e-5); }
TEST(DeviceReference, Esst1aWithLimiterInTheSum) { compare<Esst1a>("esst1a_sum.csv", 1e-5); }
TEST(DeviceReference, Esst1aWithGateOnTheError) { compare<Esst1a>("esst1a_error_gate.csv", 1e-5); }
TEST(DeviceReference, Esst1aWithGatesOnTheOutput) { compare<Esst1a>("esst1a_output_gates.csv", 2e-4); }
TEST(DeviceReference, Ggov1OnPowerDroop) { compare<Ggov1>("ggov1_power.csv", 1e-4); }
TEST(DeviceReference, Ggov1OnItsLoadLimit) { compare<Ggov1>("ggov1_load_limit.csv", 1e-4); }
TEST(DeviceReference, Ggov1OnItsAccelerationLimit) { compare<Ggov1>("ggov1_acceleration.csv", 2e-4); }
TEST(DeviceReference, Ggov1Isochronous) { compare<Ggov1>("ggov1_isochronous.csv", 1e-4); }

}  // namespace
}  // namespace ballast::test
