/// A 300 MW campus in the whole system: training load, UPS, battery and frequency meter on a line to a strong
/// grid.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "models/datacenter/ups.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

constexpr double kInitial = 0.8;  // IT power at rest, of 300 MW
constexpr double kEfficiency = 0.96;
constexpr double kX = 0.02;  // line and source, pu on 100 MVA: 5,000 MVA of fault level
constexpr double kRest_MW = 300 * kInitial / kEfficiency;

constexpr double kEdge_s = 0.2;       // at the connection point: 20 to 250 ms
constexpr double kResponse_s = 0.01;  // of the battery's converter

std::vector<double> training(double start_s) {
  return {1,        0.7,     1, 0.5, 0,      0,   0.3,    kEdge_s, kEdge_s, 0,      1,
          kInitial, start_s, 5, 0.2, kNever, 0.5, kNever, 20,      0.25,    kNever, 0,
          0.5,      60,      0, 1,   kNever, 60,  0.45,   0,       1,       0.45};
}
const std::vector<double> kUps = [] {
  std::vector<double> p{kEfficiency, 1,    1.2, 0.85, 1.1, 0.02,      0.6, 0.01, 10,   3,    10,
                        0.9,         0.01, 3,   60,   0,   kInfinity, 300, 0.1,  0.05, 0.95, 15};
  p.insert(p.end(), std::begin(Ups::kPlain), std::end(Ups::kPlain));
  return p;
}();
const std::vector<double> kMeter{0.02, 0.05, 0.5, 0.2, 0.02};
std::vector<double> bess(double smoothing_s) {
  return {1, 1,           1.2, 0,   kResponse_s, kResponse_s, 0.02, 0.2,  0.05, 20,   0.0006, 0, 0.02,
          1, smoothing_s, 0,   0.5, 0.5,         0.1,         0.9,  0.05, 0.95, 0.95, 0,      0};
}

struct CampusRun {
  RunResult result;
  testing::MemoryRecorder record;
  RestReport rest;
};
/// Dips at the campus bus as (start, length) in s, residual voltage 0.3 pu.
void simulate_campus(CampusRun& run, double start_s, double smoothing_s,
                     const std::vector<std::pair<double, double>>& dips, double until_s) {
  Network network;
  network.name = "campus";
  for (const int number : {1, 2}) {
    Bus bus;
    bus.number = number;
    bus.base_kV = 230;
    network.buses.push_back(bus);
  }
  Branch line;
  line.from = 0;
  line.to = 1;
  line.X = kX;
  network.branches.push_back(line);
  network.index_buses();

  // Voltage at the campus: V2 = 1 - jX conj(S/V2), a fixed point.
  std::complex<double> v2 = 1;
  for (int i = 0; i < 100; ++i) v2 = 1.0 - std::complex<double>(0, kX) * std::conj(kRest_MW / 100 / v2);
  const std::complex<double> s1 = 100.0 * std::conj((1.0 - v2) / std::complex<double>(0, kX));

  const Part source{"GENCLS", "machine", {0, 0, 0, 1e-6}, 100, s1.real(), s1.imag(), {}, {}};
  const Part job{"TRAINING", "job", training(start_s), 300, 0, 0, {}, {}};
  const Part ups{"UPS", "ups", kUps, 300, -kRest_MW, 0, {}, {}};
  const Part meter{"BUSFREQ", "meter", kMeter, 300, 0, 0, {}, {}};
  Plant campus{"datacenter", "Campus-A", 1, {job, ups, meter}, {}};
  if (smoothing_s > 0) campus.parts.push_back({"BESS", "battery", bess(smoothing_s), 300, 0, 0, {}, {}});
  System system(network, {{"machine", "1-1", 0, {source}, {}}, campus});
  const std::vector<double> y = initialise(system, std::vector<std::complex<double>>{1.0, v2}, 0, &run.rest);

  std::vector<Disturbance> disturbances;
  for (const auto& [at, length] : dips) {
    FaultStrength strength;
    strength.residual_voltage_pu = 0.3;
    disturbances.emplace_back().at_s = at;
    disturbances.back().action.emplace<BusFault>(BusFault{1, strength, length});
  }
  SimulationOptions options;
  options.until_s = until_s;
  options.record = {"branch.power", "bus.voltage", "datacenter.*"};
  options.record_step_s = 0.01;
  run.result = simulate(system, y, disturbances, options, {}, &run.record);
}

/// Largest and smallest of a series from a time on.
std::pair<double, double> extremes(const CampusRun& run, const std::vector<double>& series, double from) {
  double low = kInfinity;
  double high = -kInfinity;
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (run.record.time[i] < from) continue;
    low = std::min(low, series[i]);
    high = std::max(high, series[i]);
  }
  return {low, high};
}

TEST(CampusSystem, RestsAndStaysAtRest) {
  CampusRun r;
  simulate_campus(r, kNever, 30, {}, 5);
  ASSERT_TRUE(r.result.status.completed) << r.result.status.outcome;
  const auto [low, high] = extremes(r, r.record.series("branch.power", "1-2-1"), 0);
  fmt::print("residuals at rest {:.1e} and {:.1e}; power {:.9f} to {:.9f} MW (rest {:.9f}), {} steps\n",
             r.rest.worst_rate, r.rest.worst_balance, low, high, kRest_MW,
             r.result.statistics.integrator.steps);
  EXPECT_LT(r.rest.worst_rate, 1e-9);
  EXPECT_LT(r.rest.worst_balance, 1e-9);
  EXPECT_NEAR(low, kRest_MW, 1e-6);
  EXPECT_NEAR(high, kRest_MW, 1e-6);
  EXPECT_TRUE(r.result.events.empty());
}

TEST(CampusSystem, TrainingSwingsReachTheGridAndSmoothingTakesThemAway) {
  CampusRun bare;
  simulate_campus(bare, 1, 0, {}, 20);
  ASSERT_TRUE(bare.result.status.completed) << bare.result.status.outcome;
  const auto power = bare.record.series("branch.power", "1-2-1");
  const auto [low, high] = extremes(bare, power, 7);
  fmt::print("bare: {:.4f} to {:.4f} MW (wanted {:.4f} to {:.4f})\n", low, high, 150 / kEfficiency,
             300 / kEfficiency);
  EXPECT_NEAR(low, 150 / kEfficiency, 1e-3);
  EXPECT_NEAR(high, 300 / kEfficiency, 1e-3);

  CampusRun smooth;
  simulate_campus(smooth, 1, 10, {}, 80);
  ASSERT_TRUE(smooth.result.status.completed) << smooth.result.status.outcome;
  const auto grid = smooth.record.series("branch.power", "1-2-1");
  const auto [calm_low, calm_high] = extremes(smooth, grid, 70);
  // What is left peak to peak: the average moves by swing r (1-r) T/Tf in an iteration, and the converter is
  // late by its response on every edge, up and down.
  const double swing = 150 / kEfficiency;
  const double left = swing * (0.7 * 0.3 / 10 + 2 * kResponse_s / kEdge_s);
  fmt::print("smoothed: {:.2f} to {:.2f} MW, swing {:.2f} of {:.2f} MW, at most {:.2f}\n", calm_low,
             calm_high, calm_high - calm_low, high - low, left);
  EXPECT_LT(calm_high - calm_low, left);
  EXPECT_GT(calm_high - calm_low, 0.5 * left);
  EXPECT_NEAR(0.5 * (calm_high + calm_low), 0.85 * 300 / kEfficiency, 0.02 * swing);  // the mean power
  EXPECT_EQ(smooth.result.statistics.events.count("injection"), 0U);  // ramps only: nothing is solved again
}

TEST(CampusSystem, VirginiaDipsLockTheUpsAtTheThirdWithItsCause) {
  const std::vector<std::pair<double, double>> dips{
      {0, 0.042}, {0.532, 0.066}, {15.860, 0.058}, {21.279, 0.050}};
  std::vector<std::pair<double, double>> later;
  for (const auto& [at, length] : dips) later.emplace_back(at + 1, length);
  CampusRun bare;
  simulate_campus(bare, kNever, 0, later, 40);
  ASSERT_TRUE(bare.result.status.completed) << bare.result.status.outcome;
  double locked = kNever;
  for (const LoggedEvent& e : bare.result.events) {
    fmt::print("{:3} {:8.4f} s  cause {:3}  {:14} {:10} {}\n", e.id, e.time_s, e.cause, e.kind, e.device,
               e.text);
    if (e.text.find("to locked") == std::string::npos) continue;
    locked = e.time_s;
    ASSERT_GE(e.cause, 0);
    EXPECT_EQ(bare.result.events[e.cause].kind, "fault");
    EXPECT_NEAR(bare.result.events[e.cause].time_s, 16.860, 1e-6);
  }
  EXPECT_NEAR(locked, 16.870, 1e-3);
  const auto power = bare.record.series("branch.power", "1-2-1");
  EXPECT_NEAR(power.back(), 0, 1e-6);

  CampusRun held;
  simulate_campus(held, kNever, 600, {{1, 0.05}, {2, 0.05}, {3, 0.05}}, 40);
  ASSERT_TRUE(held.result.status.completed) << held.result.status.outcome;
  const auto with = held.record.series("branch.power", "1-2-1");
  // 37 s after the transfer the grid still carries rest e^(-37/600): the battery charges in the load's place.
  const double wanted = kRest_MW * std::exp(-(40 - 1.01) / 600);
  fmt::print("grid power at the end: {:.2f} MW without, {:.2f} MW with the battery (lag alone: {:.2f})\n",
             power.back(), with.back(), wanted);
  EXPECT_NEAR(with.back(), wanted, 0.01 * kRest_MW);
}

}  // namespace
}  // namespace ballast
