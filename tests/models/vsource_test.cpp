/// The voltage source on which devices are tested: rest, references and curves that are played into them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <numbers>

#include "models/machines/vsource.hpp"
#include "solver/initialise.hpp"
#include "solver/klu_solver.hpp"
#include "solver/simulate.hpp"
#include "tests/models/device_bench.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
using test::DeviceBench;

TEST(Vsource, RestsAtTheWantedPowerAndFollowsItsReferences) {
  const double R = 0.01, X = 0.2;
  DeviceBench<Vsource> bench({R, X, 0.005}, {200, 100, 60});
  const Complex V = std::polar(0.98, 0.3), S(0.7, 0.2);  // on 200 MVA
  const Complex I = std::conj(S / V);
  bench.out[Vsource::IR] = 2 * I.real();
  bench.out[Vsource::II] = 2 * I.imag();
  std::vector<double> in(Vsource::kInputs, kUnknown);
  in[Vsource::VR] = V.real();
  in[Vsource::VI] = V.imag();
  in[Vsource::FRAME_SPEED] = 1;
  ASSERT_TRUE(bench.rest_at(in).ok());
  const Complex E = V + Complex(R, X) * I;
  const auto difference = [&](Complex wanted) {
    bench.evaluate(0);
    return std::abs(Complex(bench.out[Vsource::IR], bench.out[Vsource::II]) - wanted);
  };
  const double at_rest = difference(2.0 * I);
  bench.in[Vsource::V_FACTOR] = 0.4;
  bench.in[Vsource::PHASE] = -20;
  const Complex moved = 0.4 * E * std::polar(1.0, -20 * std::numbers::pi / 180);
  const double after = difference(2.0 * (moved - V) / Complex(R, X));
  fmt::print("current differs by {:.1e} at rest, {:.1e} when moved (tolerance 1e-13)\n", at_rest, after);
  EXPECT_LT(at_rest, 1e-13);
  EXPECT_LT(after, 1e-13);
  bench.in[Vsource::SPEED] = 0.01;
  bench.evaluate(0);
  EXPECT_NEAR(bench.rate[Vsource::OMEGA], 0.01 / 0.005, 1e-12);
}

/// A source of 1e-4 pu and an impedance of 1 pu behind a reactance of 0.1 pu.
struct Played {
  testing::MemoryRecorder record;
  RunResult result;
  explicit Played(const std::vector<PlayReference>& plays) {
    Network network;
    for (const int number : {1, 2}) {
      Bus bus;
      bus.number = number;
      bus.base_kV = 230;
      network.buses.push_back(bus);
    }
    Branch line;
    line.to = 1;
    line.X = 0.1;
    network.branches.push_back(line);
    network.index_buses();
    const Complex V1 = 1.0, V2 = V1 / (1.0 + Complex(0, 0.1));
    const Complex S1 = 100.0 * V1 * std::conj(V2);  // the current through 1 pu of resistance is V2
    Part source{"VSOURCE", "machine", {0, 1e-4, 0.005}, 100, S1.real(), S1.imag(), {}, {}};
    const double P = 100 * std::norm(V2);
    Part load{"ZIPLOAD", "load", {100, 0, 0, 0, 0, 0, 0.7}, 100, -P, 0, {}, {}};
    System system(network, {{"machine", "1-1", 0, {source}, {}}, {"load", "2-1", 1, {load}, {}}});
    const std::vector<double> y = initialise(system, std::vector<Complex>{V1, V2}, 0);
    SimulationOptions options;
    options.until_s = 4;
    options.relative_tolerance = 1e-6;
    options.record_step_s = 0.01;
    options.record = {"bus.*", "frequency"};
    std::vector<Disturbance> disturbances;
    for (const PlayReference& play : plays) disturbances.push_back({1, play, {}});
    result = simulate(system, y, disturbances, options, {}, &record);
  }
};

TEST(PlayReference, StraightLinesBetweenPointsAndAJumpWhereTwoHaveOneTime) {
  const Played run({{0, "V_factor", {0, 1, 1, 2}, {1, 0.9, 0.5, 0.7}}});
  ASSERT_TRUE(run.result.status.completed) << run.result.status.outcome;
  const std::vector<double> V = run.record.series("bus.voltage", "2");
  double worst = 0;
  const double at_rest = V.front();
  for (std::size_t k = 0; k < V.size(); ++k) {
    const double t = run.record.time[k];
    if (std::abs(t - 2) < 1e-9) continue;  // two samples, before and after
    const double wanted = t <= 1 ? 1 : t < 2 ? 1 - 0.1 * (t - 1) : t <= 3 ? 0.5 + 0.2 * (t - 2) : 0.7;
    worst = std::max(worst, std::abs(V[k] / at_rest - wanted));
  }
  fmt::print("voltage differs by {:.1e} of itself (tolerance 1e-6, that of the run)\n", worst);
  EXPECT_LT(worst, 1e-6);
  ASSERT_EQ(run.record.events.size(), 1U);
  EXPECT_EQ(run.record.events[0].kind, "reference-play");
}

TEST(PlayReference, TheIslandTurnsWithTheSource) {
  const Played run({{0, "speed", {0, 1, 2}, {0, 0.01, 0.01}}});
  ASSERT_TRUE(run.result.status.completed) << run.result.status.outcome;
  const std::vector<double> f = run.record.series("frequency", "system");
  // Behind its reference by the lag of 5 ms, and at it when the ramp is over.
  double mid = 0;
  for (std::size_t k = 0; k < f.size(); ++k)
    if (std::abs(run.record.time[k] - 1.5) < 1e-9) mid = f[k];
  fmt::print("{:.6f} Hz in the middle of the ramp, {:.6f} Hz at the end\n", mid, f.back());
  EXPECT_NEAR(mid, 60 * (1 + 0.01 * (0.5 - 0.005)), 1e-4);
  EXPECT_NEAR(f.back(), 60.6, 1e-6);
}

TEST(PlayReference, ACurveThatIsNoneIsRefused) {
  EXPECT_THROW(Played({{0, "V_factor", {0, 1}, {1}}}), Error);
  EXPECT_THROW(Played({{0, "V_factor", {0, 1, 0.5}, {1, 1, 1}}}), Error);
  EXPECT_THROW(Played({{0, "Pm", {0, 1}, {1, 1}}}), Error);
}

TEST(KluSolver, PivotsThatNoLongerServeAreChosenAnew) {
  // The first pivot of the second matrix is all but gone; its condition is 2.6, so a bound on that does not
  // see it.
  const std::vector<std::int64_t> start{0, 2, 4}, index{0, 1, 0, 1};
  KluSolver solver(start, index);
  const std::vector<double> first{2, 1, 1, 2}, second{1e-17, 1, 1, 1};
  ASSERT_TRUE(solver.factor(first.data()));
  ASSERT_TRUE(solver.factor(second.data()));
  std::vector<double> x{1, 2};
  solver.solve(x.data());
  fmt::print("x = {:.15f}, {:.15f}: 1 and 1 wanted\n", x[0], x[1]);
  EXPECT_NEAR(x[0], 1, 1e-14);
  EXPECT_NEAR(x[1], 1, 1e-14);
}

}  // namespace
}  // namespace ballast
