/// Modes against textbook machines, against each other and against runs; the reduced V-Q matrix against two
/// buses.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <numbers>
#include <tuple>

#include "cases/reader/case.hpp"
#include "solver/network_solution.hpp"
#include "solver/small_signal/modes.hpp"
#include "solver/small_signal/voltage_stiffness.hpp"
#include "solver/visits.hpp"
#include "tests/solver/raw_case.hpp"
#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;

PreparedCase shipped(const std::string& name) {
  return prepare(read_case(std::string(BALLAST_SOURCE_DIR) + "/cases/" + name));
}

/// The eigenvalue with the frequency nearest to this one.
Complex nearest_in_frequency(const std::vector<Complex>& eigenvalues, double Hz) {
  return *std::min_element(eigenvalues.begin(), eigenvalues.end(), [&](Complex a, Complex b) {
    const double at = 2 * std::numbers::pi * Hz;
    return std::abs(a.imag() - at) < std::abs(b.imag() - at);
  });
}

TEST(Modes, OneMachineOnAnInfiniteBusSwingsAsTheFormulaSays) {
  const PreparedCase ready = shipped("smib");
  const LinearModel model = linear_model(*ready.system, 0, ready.y);
  const std::vector<Complex> all = all_eigenvalues(model);
  // E' behind 0.3 pu, transformer 0.15, lines 0.5 and 0.93 in parallel; P = 0.9, voltages 1 and 0.90081.
  constexpr double H = 3.5, P = 0.9, V = 1, VB = 0.90081, X = 0.15 + 0.5 * 0.93 / 1.43,
                   omega0 = 2 * std::numbers::pi * 60;
  const Complex v = std::polar(V, std::asin(P * X / V / VB));
  const Complex e = v + Complex(0, 0.3) * (v - VB) / Complex(0, X);
  const double stiffness = std::abs(e) * VB / (X + 0.3 + 1e-6) * std::cos(std::arg(e));
  // 2H d(omega)/dt = P / omega - Pe: constant power damps as P / 4H.
  const double real = -P / (4 * H);
  const double imaginary = std::sqrt(stiffness * omega0 / (2 * H) - real * real);
  const Complex found = nearest_in_frequency(all, imaginary / (2 * std::numbers::pi));
  fmt::print("swing mode {:.6f} {:+.6f}j, formula {:.6f} {:+.6f}j, tolerance 1e-4\n", found.real(),
             found.imag(), real, imaginary);
  EXPECT_NEAR(found.real(), real, 1e-4);
  EXPECT_NEAR(found.imag(), imaginary, 1e-4);

  const Eigenmode mode = describe_mode(*ready.system, model, found);
  EXPECT_NEAR(std::abs(mode.eigenvalue - found), 0, 1e-8);
  EXPECT_LT(mode.error, 1e-8);
  for (const int k : {0, 1}) EXPECT_NEAR(mode.states[k].participation, 0.5, 1e-3);
}

/// Every oscillating eigenvalue of the two-area system with GENROU, SEXS and TGOV1 (validation/andes).
TEST(Modes, AreThoseOfAndes) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/kundur-twoarea_v33.raw");
  BALLAST_NEEDS_REFERENCE(dyr, "networks/kundur-twoarea.dyr");
  const testing::RawCase c = testing::load_raw_case(raw, dyr, {1, 0, 0});
  System system(c.network, c.plants);
  const std::vector<double> y = initialise(system, c.voltage, 0);
  const std::vector<Complex> found = all_eigenvalues(linear_model(system, 0, y));
  std::ifstream file(std::string(BALLAST_SOURCE_DIR) + "/validation/andes/kundur_modes.csv");
  std::string line;
  std::getline(file, line);
  int compared = 0;
  double worst = 0;
  for (double real = 0, imaginary = 0; std::getline(file, line); ++compared) {
    ASSERT_EQ(std::sscanf(line.c_str(), "%lf,%lf", &real, &imaginary), 2) << line;
    double nearest = 1e9;
    for (const Complex& e : found) nearest = std::min(nearest, std::abs(e - Complex(real, imaginary)));
    worst = std::max(worst, nearest);
  }
  fmt::print("{} eigenvalues, largest difference {:.1e} 1/s, tolerance 1e-4\n", compared, worst);
  EXPECT_EQ(compared, 8);
  EXPECT_LT(worst, 1e-4);
}

TEST(Modes, ArnoldiFindsWhatTheDenseMatrixHas) {
  const PreparedCase ready = shipped("new-england-campuses");
  const LinearModel model = linear_model(*ready.system, 0, ready.y);
  const std::vector<Complex> all = all_eigenvalues(model);
  ModeSearch search;
  search.dense_up_to = 0;
  const FoundModes found = find_modes(model, search);
  double worst = 0;
  for (const Complex& e : found.eigenvalues) {
    double nearest = 1e9;
    for (const Complex& other : all) nearest = std::min(nearest, std::abs(e - other));
    worst = std::max(worst, nearest);
  }
  int missed = 0;
  for (const Complex& e : all) {
    if (e.imag() < 2 * std::numbers::pi * search.from_Hz || e.imag() > 2 * std::numbers::pi * search.to_Hz)
      continue;
    if (std::abs(e.real()) > found.reach - 0.02) continue;
    if (std::none_of(found.eigenvalues.begin(), found.eigenvalues.end(),
                     [&](Complex other) { return std::abs(other - e) < 1e-5; }))
      ++missed;
  }
  fmt::print(
      "{} of {} states; {} modes within {:.2f} 1/s of the axis, largest difference {:.1e} 1/s, tolerance "
      "1e-6\n",
      model.state_count(), model.size(), found.eigenvalues.size(), found.reach, worst);
  EXPECT_GE(found.eigenvalues.size(), 9U) << "ten machines have nine swing modes";
  EXPECT_LT(worst, 1e-6);
  EXPECT_EQ(missed, 0);
}

/// The case is moved along the shape of one mode and let go: it rings at that mode's frequency and dies as it
/// says.
TEST(Modes, ARunRingsAsTheModeSays) {
  const PreparedCase ready = shipped("ercot-2021");
  System& system = *ready.system;
  const LinearModel model = linear_model(system, 0, ready.y);
  const Complex shift(0, 2 * std::numbers::pi * 0.79);
  const Eigenmode mode = describe_mode(system, model, nearest_eigenvalues(model, shift, 10).front());
  std::vector<double> y = ready.y;
  for (const ModeState& s : mode.states) y[s.unknown] += 1e-4 * s.shape.real();
  system.evaluate(0, y.data());
  NetworkSolution(system).solve(0, y);
  SimulationOptions options;
  options.until_s = 8;
  options.relative_tolerance = 1e-7;
  constexpr double kStep = 0.02;
  std::vector<double> swing;
  const int one = system.output_signal(system.find_part("15-L8", "machine"), "omega");
  const int other = system.output_signal(system.find_part("14-L1", "machine"), "omega");
  Visits visits;
  for (int k = 0; k <= 400; ++k) visits.at_s.push_back(k * kStep);
  visits.look = [&](double, System& at, const std::vector<double>&) {
    swing.push_back(at.signals()[one] - at.signals()[other]);
  };
  ASSERT_TRUE(simulate_with_visits(system, y, {}, options, visits).status.completed);
  ASSERT_EQ(swing.size(), visits.at_s.size());
  // Prony's method for one pair: x(t + 2T) = a x(t + T) + b x(t), with T about a quarter of a period.
  constexpr int kLag = 16;
  double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
  for (std::size_t k = 0; k + 2 * kLag < swing.size(); ++k) {
    const double p = swing[k + kLag], q = swing[k], r = swing[k + 2 * kLag];
    xx += p * p, xy += p * q, yy += q * q, xz += p * r, yz += q * r;
  }
  const double det = xx * yy - xy * xy, a = (xz * yy - yz * xy) / det, b = (yz * xx - xz * xy) / det;
  const Complex measured = std::log(a / 2 + std::sqrt(Complex(a * a / 4 + b))) / (kLag * kStep);
  const double Hz = std::abs(measured.imag()) / (2 * std::numbers::pi),
               ratio = -measured.real() / std::abs(measured);
  fmt::print("run {:.5f} Hz, damping ratio {:.5f}; mode {:.5f} Hz, {:.5f}; tolerances 0.001 Hz and 0.0005\n",
             Hz, ratio, mode.frequency_Hz(), mode.damping());
  EXPECT_NEAR(Hz, mode.frequency_Hz(), 0.001);
  EXPECT_NEAR(ratio, mode.damping(), 0.0005);
}

TEST(Visits, ComeAtTheirTimesBeforeWhatHappensThere) {
  const testing::SmallGrid grid;
  System system(grid.network, grid.plants);
  const std::vector<double> y = initialise(system, grid.voltage, 0);
  SimulationOptions options;
  options.until_s = 1.5;
  std::vector<double> times, voltages;
  const Visits visits{{0, 0.25, 1, 1.1, 9}, [&](double t, System& at, const std::vector<double>& unknowns) {
                        times.push_back(t);
                        voltages.push_back(std::abs(at.voltage(unknowns.data(), 2)));
                      }};
  const BusFault fault{2, {}, 0.2};
  ASSERT_TRUE(simulate_with_visits(system, y, {{1.0, fault, {}}}, options, visits).status.completed);
  ASSERT_EQ(times, (std::vector<double>{0, 0.25, 1, 1.1})) << "9 s is after the end";
  EXPECT_NEAR(voltages[2], voltages[0], 1e-6) << "before the fault";
  EXPECT_LT(voltages[3], 1e-3) << "during the fault";
}

/// A load of constant power behind 0.4 pu, on both branches of its curve.
TEST(VoltageStiffness, OfALoadBehindAReactance) {
  constexpr double X = 0.4, E = 1.0, P = 0.6;
  for (const double V : {0.95, 0.5}) {
    Network network;
    for (const int number : {1, 2}) {
      Bus bus;
      bus.number = number;
      bus.base_kV = number == 1 ? 20 : 400;
      bus.type = number == 1 ? BusType::SLACK : BusType::PQ;
      network.buses.push_back(bus);
    }
    Branch line;
    line.from = 0;
    line.to = 1;
    line.id = "1";
    line.X = X;
    network.branches.push_back(line);
    network.index_buses();
    const Complex source = E, load = std::polar(V, -std::asin(P * X / E / V));
    const Complex current = (source - load) / Complex(0, X);
    const Complex sent = source * std::conj(current), drawn = load * std::conj(current);
    std::vector<Plant> plants;
    plants.push_back(
        {"machine",
         "1-1",
         0,
         {{"GENCLS", "machine", {0, 0, 0, 1e-6}, 100, 100 * sent.real(), 100 * sent.imag(), {}, {}}},
         {}});
    plants.push_back({"load",
                      "2-1",
                      1,
                      {{"ZIPLOAD",
                        "load",
                        {0, 0, 0, 0, 100 * drawn.real(), 100 * drawn.imag(), 0.3},
                        100,
                        -100 * drawn.real(),
                        -100 * drawn.imag(),
                        {},
                        {}}},
                      {}});
    System system(network, plants);
    const std::vector<double> y = initialise(system, std::vector<Complex>{source, load}, 0);
    const VoltageStiffness found = voltage_stiffness(system, linear_model(system, 0, y), y, 200);
    const double formula = (2 * V - E * E * V / std::sqrt(E * E * V * V - P * P * X * X)) / X;
    fmt::print("at {} pu: {:.6f} pu/pu, formula {:.6f}, tolerance 1e-4\n", V, found.smallest, formula);
    EXPECT_NEAR(found.smallest, formula, 1e-4);
    EXPECT_EQ(found.negative, formula < 0 ? 1 : 0);
    ASSERT_EQ(found.buses.size(), 1U) << "20 kV is not looked at";
    EXPECT_EQ(found.buses[0].bus, 1);
  }
}

TEST(NoSolution, IsCalledCollapseOnlyWhenVoltagesSank) {
  const testing::SmallGrid grid;
  System system(grid.network, grid.plants);
  const std::vector<double> before = initialise(system, grid.voltage, 0);
  const auto says = [&](double from, double to) {  // in shares of the voltage at rest, about 1 pu
    std::vector<double> start = before, reached = before;
    for (int k = 0; k < 2; ++k) {
      start[system.voltage_at(2) + k] *= from;
      reached[system.voltage_at(2) + k] *= to;
    }
    return why_no_solution(system, start, reached, system.voltage_at(2) + 1);
  };
  for (const auto& [from, to, words] : {std::tuple{1.0, 0.5, "voltage collapse, constant-power demand"},
                                        {0.8, 1.3, "voltage collapse, constant-power demand"},
                                        {1.2, 0.5, "ran upward, no voltage collapse"},
                                        {1.2, 1.3, "ran upward, no voltage collapse"},
                                        {1.0, 1.3, "no equilibrium"}})
    EXPECT_NE(says(from, to).find(words), std::string::npos) << says(from, to);
}

}  // namespace
}  // namespace ballast
