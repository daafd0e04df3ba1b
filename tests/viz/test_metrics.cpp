#include "viz/metrics.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "tests/viz/synthetic_run.hpp"

namespace ballast {
namespace {

using namespace test;

/// A record of one element per quantity, from functions of time on [0, end].
Record record_of(const std::vector<std::pair<std::string, double (*)(double)>>& curves, double end_s,
                 double step_s) {
  MemoryRecorder memory;
  Schema schema;
  for (const auto& [name, f] : curves) schema.quantities.push_back({name, "", "", {"it"}, {}});
  memory.begin({}, schema, Network{});
  const int count = static_cast<int>(std::lround(end_s / step_s));
  for (int k = 0; k <= count; ++k) {
    std::vector<double> values;
    for (const auto& [name, f] : curves) values.push_back(f(k * step_s));
    memory.sample(k * step_s, values);
  }
  memory.end({true, "completed", end_s});
  return memory.record();
}

TEST(Metrics, NadirAndPeakAreFoundWithTheirTimes) {
  const Metrics metrics =
      compute_metrics(record_of({{"frequency", [](double t) { return 60 - 0.5 * std::sin(t); }}}, 6, 0.01));
  EXPECT_NEAR(metrics.frequency_nadir_Hz->value, 59.5, 1e-5);
  EXPECT_NEAR(metrics.frequency_nadir_Hz->time_s, M_PI / 2, 0.01);
  EXPECT_NEAR(metrics.frequency_peak_Hz->value, 60.5, 1e-5);
  EXPECT_NEAR(metrics.frequency_peak_Hz->time_s, 3 * M_PI / 2, 0.01);
  EXPECT_EQ(metrics.frequency_nadir_Hz->where, "it");
}

TEST(Metrics, RocofOfARampIsItsSlopeAndOfAShorterRampItsMeanOverTheWindow) {
  const auto ramp = [](double t) { return 60 - 0.8 * std::clamp(t - 1, 0.0, 2.0); };
  EXPECT_NEAR(compute_metrics(record_of({{"frequency", ramp}}, 5, 0.03)).rocof_Hz_per_s->value, -0.8, 1e-9);
  const auto blip = [](double t) { return 60 - 0.8 * std::clamp(t - 1, 0.0, 0.1); };  // 0.08 Hz in 0.1 s
  EXPECT_NEAR(compute_metrics(record_of({{"frequency", blip}}, 5, 0.1)).rocof_Hz_per_s->value, -0.16, 1e-9);
}

TEST(Metrics, RocofNeedsARunAsLongAsItsWindow) {
  EXPECT_FALSE(
      compute_metrics(record_of({{"frequency", [](double t) { return 60 - t; }}}, 0.4, 0.1)).rocof_Hz_per_s);
}

TEST(Metrics, RocofOnUnevenStepsIsTheSameAsOnEvenOnes) {
  std::vector<double> even_t, even_f, uneven_t, uneven_f;
  const auto f = [](double t) { return 60 + 0.3 * std::sin(2 * t); };
  for (int k = 0; k <= 6000; ++k) even_t.push_back(0.001 * k), even_f.push_back(f(even_t.back()));
  for (double t = 0; t <= 6; t += 0.0005 + 0.004 * std::abs(std::sin(40 * t)))
    uneven_t.push_back(t), uneven_f.push_back(f(t));
  // (f(t) - f(t - w)) / w of A sin(bt) is at most 2 A sin(b w / 2) / w
  const double exact = 2 * 0.3 * std::sin(0.5) / 0.5;
  EXPECT_NEAR(std::abs(steepest_slope(even_t, even_f, 0.5)->value), exact, 1e-5);
  EXPECT_NEAR(std::abs(steepest_slope(uneven_t, uneven_f, 0.5)->value), exact, 1e-4);
}

TEST(Metrics, SpeedStandsInForFrequency) {
  const Metrics metrics =
      compute_metrics(record_of({{"machine.speed", [](double) { return 0.99; }}}, 1, 0.5));
  EXPECT_EQ(metrics.frequency_source, "machine.speed");
  EXPECT_NEAR(metrics.frequency_nadir_Hz->value, 59.4, 1e-12);
}

TEST(Metrics, EnergyIsTheIntegralOfPower) {
  const Metrics metrics =
      compute_metrics(record_of({{"datacenter.power", [](double t) { return 360 * t; }},
                                 {"bess.power", [](double t) { return t < 5 ? -36.0 : 72.0; }}},
                                10, 0.5));
  EXPECT_NEAR(metrics.datacenters.at(0).energy_MWh, 360 * 50.0 / 3600, 1e-12);
  EXPECT_NEAR(metrics.datacenters.at(0).mean_power_MW, 1800, 1e-9);
  EXPECT_NEAR(metrics.storage.at(0).charged_MWh, 36 * 4.75 / 3600, 1e-12);     // last trapezium crosses zero,
  EXPECT_NEAR(metrics.storage.at(0).discharged_MWh, 72 * 5.25 / 3600, 1e-12);  // each side keeps its half
}

TEST(Metrics, ADeadBusIsNotAVoltageMinimum) {
  MemoryRecorder memory;
  play(memory);
  Record record = memory.record();
  const auto voltage = record.find("bus.voltage");
  const auto island = record.find("island");
  for (std::size_t k = 0; k < record.samples(); ++k)
    if (record.at(*island, k, 4) < 0) record.values[*voltage][5 * k + 4] = 0;
  const Metrics metrics = compute_metrics(record);
  EXPECT_NEAR(metrics.voltage_min_pu->value, 1.03 - 0.4 / 7 - 0.6, 1e-12);
  EXPECT_EQ(metrics.voltage_min_pu->where, "2105");
  EXPECT_GT(metrics.voltage_end_min_pu->value, 0.9);
  EXPECT_EQ(metrics.dead_buses_at_end, 1U);
  EXPECT_EQ(metrics.islands_at_end, 1U);
}

TEST(Metrics, MegawattsLostAndTimeOnUpsComeFromTheRun) {
  MemoryRecorder memory;
  play(memory);
  const Metrics metrics = compute_metrics(memory.record());
  EXPECT_EQ(metrics.load_lost_MW, 300);
  EXPECT_EQ(metrics.generation_lost_MW, 0);
  EXPECT_EQ(metrics.datacenters.at(0).largest_step_MW, 300);
  EXPECT_EQ(metrics.datacenters.at(1).largest_step_MW, 0);
  EXPECT_NEAR(*metrics.datacenters.at(0).ups_not_normal_s, 199 * 0.02 - 1.25, 1e-9);
}

TEST(Metrics, AnEmptyRecordHasNone) {
  const Metrics metrics = compute_metrics(Record{});
  EXPECT_FALSE(metrics.frequency_nadir_Hz);
  EXPECT_FALSE(metrics.voltage_min_pu);
  EXPECT_EQ(metrics.duration_s, 0);
}

}  // namespace
}  // namespace ballast
