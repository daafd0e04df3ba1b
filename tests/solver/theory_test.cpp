/// Runs whose answer is known from theory.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

/// A classical machine (bus 1) on a line to an infinite source (bus 2), both at 1 pu.
struct OneMachine {
  double H = 4, Pm = 0.8, X_machine = 0.25, X_line = 0.3;
  Network network;

  OneMachine() {
    network.name = "one machine";
    for (const int number : {1, 2}) {
      Bus bus;
      bus.number = number;
      bus.base_kV = 20;
      network.buses.push_back(bus);
    }
    Branch line;
    line.from = 0;
    line.to = 1;
    line.X = X_line;
    network.branches.push_back(line);
    network.index_buses();
  }
  /// Angle of bus 1 that carries Pm over the line, both voltages at 1 pu.
  [[nodiscard]] double theta() const { return std::asin(Pm * X_line); }
  [[nodiscard]] std::vector<std::complex<double>> voltage() const { return {std::polar(1.0, theta()), 1.0}; }
  [[nodiscard]] std::vector<Plant> plants() const {
    const auto v = voltage();
    const std::complex<double> s = v[0] * std::conj((v[0] - v[1]) / std::complex<double>(0, X_line)) * 100.0;
    const std::complex<double> r = v[1] * std::conj((v[1] - v[0]) / std::complex<double>(0, X_line)) * 100.0;
    Part machine{"GENCLS", "machine", {H, 0, 0, X_machine}, 100, s.real(), s.imag(), {}, {}};
    Part source{"GENCLS", "machine", {0, 0, 0, 1e-6}, 100, r.real(), r.imag(), {}, {}};
    return {{"machine", "1-1", 0, {machine}, {}}, {"machine", "2-1", 1, {source}, {}}};
  }
  /// Internal voltage and angle of the machine.
  [[nodiscard]] std::complex<double> internal() const {
    const auto v = voltage();
    return v[0] + std::complex<double>(0, X_machine) * (v[0] - v[1]) / std::complex<double>(0, X_line);
  }
};

/// True if the machine stays in step after a bolted fault at its terminal cleared after `clearing_s`.
bool survives(const OneMachine& one, double clearing_s, double tolerance) {
  System system(one.network, one.plants());
  const std::vector<double> y = initialise(system, one.voltage(), 0);
  SimulationOptions options;
  options.until_s = 4;
  options.relative_tolerance = tolerance;
  options.record = {"machine.angle"};
  options.record_step_s = 0.05;
  testing::MemoryRecorder record;
  const Disturbance fault{0.1, BusFault{0, {}, clearing_s}, {}};
  const RunResult result = simulate(system, y, {fault}, options, {}, &record);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  for (const double angle : record.series("machine.angle", "1-1"))
    if (std::abs(angle) > 200) return false;
  return true;
}

/// Critical clearing time from the phase plane: the post-fault trajectory into the unstable equilibrium,
/// followed backwards, meets the fault-on trajectory at the critical angle. With Pm/(1+w) replaced by Pm this
/// is the equal-area criterion; our torque balance divides power by speed as PSS/E does, so the areas are
/// integrated.
double critical_clearing_time(const OneMachine& one, bool divide_by_speed) {
  const double w0 = 2 * std::numbers::pi * 60;
  const std::complex<double> e = one.internal();
  const double Pmax = std::abs(e) / (one.X_machine + one.X_line);
  const double delta0 = std::arg(e);
  const double delta_u = std::numbers::pi - delta0;
  const auto torque = [&](double w) { return divide_by_speed ? one.Pm / (1 + w) : one.Pm; };
  // d(w^2/2)/d(delta) = (torque - Pmax sin delta) / (2 H w0), backwards from (delta_u, 0).
  const auto speed_needed = [&](double delta_c) {
    const int n = 200000;
    const double h = (delta_u - delta_c) / n;
    double q = 0;  // w^2/2
    for (int i = 0; i < n; ++i) {
      const double d = delta_u - i * h;
      const auto slope = [&](double at, double value) {
        return -(torque(std::sqrt(std::max(0.0, 2 * value))) - Pmax * std::sin(at)) / (2 * one.H * w0);
      };
      const double k1 = slope(d, q);
      const double k2 = slope(d - h / 2, q + h / 2 * k1);
      q += h * k2;
    }
    return std::sqrt(2 * q);
  };
  // Fault on: w + w^2/2 = Pm t / 2H (or w = Pm t / 2H), delta = delta0 + w0 int w dt.
  const auto speed_reached = [&](double t) {
    const double a = one.Pm * t / (2 * one.H);
    return divide_by_speed ? std::sqrt(1 + 2 * a) - 1 : a;
  };
  const auto angle_reached = [&](double t) {
    const int n = 2000;
    double sum = 0;
    for (int i = 0; i < n; ++i) sum += speed_reached(t * (i + 0.5) / n) * t / n;
    return delta0 + w0 * sum;
  };
  double low = 0.01;
  double high = 1.0;
  for (int i = 0; i < 40; ++i) {
    const double t = (low + high) / 2;
    const double delta = angle_reached(t);
    const bool stable = delta < delta_u && speed_reached(t) < speed_needed(delta);
    (stable ? low : high) = t;
  }
  return (low + high) / 2;
}

TEST(Theory, CriticalClearingTimeEqualsEqualArea) {
  const OneMachine one;
  const double exact = critical_clearing_time(one, true);
  const double textbook = critical_clearing_time(one, false);
  // The textbook closed form checks the quadrature above.
  const double delta0 = std::arg(one.internal());
  const double closed_angle =
      std::acos((std::numbers::pi - 2 * delta0) * std::sin(delta0) - std::cos(delta0));
  const double closed = std::sqrt(4 * one.H * (closed_angle - delta0) / (2 * std::numbers::pi * 60 * one.Pm));
  EXPECT_NEAR(textbook, closed, 1e-5);

  double low = exact - 0.02;
  double high = exact + 0.02;
  ASSERT_TRUE(survives(one, low, 1e-7));
  ASSERT_FALSE(survives(one, high, 1e-7));
  while (high - low > 5e-5) {
    const double middle = (low + high) / 2;
    (survives(one, middle, 1e-7) ? low : high) = middle;
  }
  const double found = (low + high) / 2;
  fmt::print(
      "critical clearing time: simulated {:.5f} s, equal area {:.5f} s (power constant instead of torque: "
      "{:.5f} s), difference {:.2g} ms, tolerance 0.1 ms\n",
      found, exact, textbook, 1e3 * std::abs(found - exact));
  EXPECT_NEAR(found, exact, 1e-4);
}

TEST(Theory, ErrorFallsWithTolerance) {
  const OneMachine one;
  const auto run = [&](double tolerance) {
    System system(one.network, one.plants());
    const std::vector<double> y = initialise(system, one.voltage(), 0);
    SimulationOptions options;
    options.until_s = 3;
    options.relative_tolerance = tolerance;
    options.record = {"machine.angle"};
    testing::MemoryRecorder record;
    const RunResult result = simulate(system, y, {{0.1, BusFault{0, {}, 0.1}, {}}}, options, {}, &record);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    return record.series("machine.angle", "1-1");
  };
  const std::vector<double> reference = run(1e-10);
  double previous = 0;
  for (const double tolerance : {1e-4, 1e-5, 1e-6, 1e-7, 1e-8}) {
    const std::vector<double> series = run(tolerance);
    ASSERT_EQ(series.size(), reference.size());
    double error = 0;
    for (std::size_t i = 0; i < series.size(); ++i)
      error = std::max(error, std::abs(series[i] - reference[i]));
    fmt::print("relative tolerance {:.0e}: largest angle error {:.3e} deg{}\n", tolerance, error,
               previous > 0 ? fmt::format(", {:.1f} times less (at least 5 wanted)", previous / error) : "");
    if (previous > 0) {
      EXPECT_GE(previous / error, 5.0);
    }
    previous = error;
  }
}

TEST(Theory, SmallSwingHasTheTextbookFrequency) {
  const OneMachine one;
  System system(one.network, one.plants());
  std::vector<double> y = initialise(system, one.voltage(), 0);
  SimulationOptions options;
  options.until_s = 5;
  options.relative_tolerance = 1e-8;
  options.record = {"machine.speed"};
  options.record_step_s = 0.002;
  testing::MemoryRecorder record;
  // A very short fault starts a small swing.
  const RunResult result = simulate(system, y, {{0.1, BusFault{0, {}, 0.002}, {}}}, options, {}, &record);
  ASSERT_TRUE(result.status.completed) << result.status.outcome;
  const std::vector<double> speed = record.series("machine.speed", "1-1");
  std::vector<double> crossings;
  for (std::size_t i = 1; i < speed.size(); ++i)
    if (record.time[i] > 0.2 && speed[i - 1] < 1 && speed[i] >= 1)
      crossings.push_back(record.time[i - 1] + (record.time[i] - record.time[i - 1]) * (1 - speed[i - 1]) /
                                                   (speed[i] - speed[i - 1]));
  ASSERT_GE(crossings.size(), 3U);
  const double period = (crossings.back() - crossings.front()) / static_cast<double>(crossings.size() - 1);
  const std::complex<double> e = one.internal();
  const double stiffness = std::abs(e) / (one.X_machine + one.X_line) * std::cos(std::arg(e));
  const double expected =
      std::sqrt(stiffness * 2 * std::numbers::pi * 60 / (2 * one.H)) / (2 * std::numbers::pi);
  fmt::print("swing frequency: simulated {:.5f} Hz, sqrt(K w0 / 2H) / 2 pi = {:.5f} Hz, tolerance 0.1 %\n",
             1 / period, expected);
  EXPECT_NEAR(1 / period, expected, 1e-3 * expected);
}

}  // namespace
}  // namespace ballast
