/// The network after a jump: limits that agree with its solution, or an error that says which do not.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "solver/network_solution.hpp"
#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::SmallGrid;

/// The small grid with a load of constant power at bus 3, `times` its demand at rest; the voltages of its
/// lower solution.
struct OverloadedGrid {
  SmallGrid grid;
  System system;
  AlgebraicSolver solver;
  std::vector<double> y;
  static constexpr int kBus = 2;

  OverloadedGrid(double pqbrak, double times)
      : grid(with_load(pqbrak)), system(grid.network, grid.plants), solver(system) {
    y = initialise(system, grid.voltage, 0);
    const int load = system.find_part("3-1", "load");
    for (const char* factor : {"P_factor", "Q_factor"})
      system.set_reference(system.reference_signal(load, factor), times);
  }
  static SmallGrid with_load(double pqbrak) {
    SmallGrid grid;
    grid.plants[3].parts[0].parameters = {0, 0, 0, 0, 60, 12, pqbrak};
    return grid;
  }
  [[nodiscard]] double voltage() const { return std::abs(system.voltage(y.data(), kBus)); }
  /// Solves from a voltage that is low and lags.
  bool find_lower_solution() {
    const std::complex<double> V = system.voltage(y.data(), kBus) * std::polar(0.45, -0.6);
    y[system.voltage_at(kBus)] = V.real();
    y[system.voltage_at(kBus) + 1] = V.imag();
    return solver.solve(0, y).converged;
  }
};

TEST(NetworkSolution, SaysWhichLimitsDoNotAgreeWithAnySolution) {
  // A load of constant power has a lower solution, at which an impedance of the same power would have a
  // higher voltage: with pqbrak between the two it is never what its voltage says.
  double times = 2;
  double low = 0;
  std::vector<double> y;
  for (; times < 12 && !(low > 0.52 && low < 0.65); times += 0.25) {
    OverloadedGrid probe(0.1, times);
    if (!probe.find_lower_solution()) continue;
    low = probe.voltage();
    y = probe.y;
  }
  times -= 0.25;
  fmt::print("lower solution at {} times the demand: {:.6f} pu\n", times, low);
  ASSERT_GT(low, 0.52);
  ASSERT_LT(low, 0.65);
  OverloadedGrid between(low + 1e-3, times);
  NetworkSolution network(between.system);
  try {
    network.solve(0, y);
    FAIL() << "accepted with " << std::abs(between.system.voltage(y.data(), OverloadedGrid::kBus)) << " pu";
  } catch (const Error& error) {
    fmt::print("{}\n", error.what());
    EXPECT_THAT(error.what(), HasSubstr("limit 0 of ZIPLOAD"));
    EXPECT_THAT(error.what(), HasSubstr("kept moving"));
  }
}

}  // namespace
}  // namespace ballast
