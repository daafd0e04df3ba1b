/// The Jacobian of a whole system against complex step.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "solver/initialise.hpp"
#include "tests/solver/complex_system.hpp"
#include "tests/solver/raw_case.hpp"

namespace ballast {
namespace {

TEST(SystemJacobian, EqualsComplexStepAtRandomStates) {
  BALLAST_NEEDS_REFERENCE(raw, "networks/kundur-twoarea_v33.raw");
  BALLAST_NEEDS_REFERENCE(dyr, "networks/kundur-twoarea.dyr");
  const testing::RawCase c = testing::load_raw_case(raw, dyr, {0.4, 0.3, 0.3});
  System system(c.network, c.plants);
  std::vector<double> y0 = initialise(system, c.voltage, 0);
  const testing::ComplexSystem oracle(system);
  const unsigned seed = 20261121;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  const auto start = system.column_start();
  const auto row = system.row_index();
  double worst = 0;
  std::string where;
  for (int trial = 0; trial < 100; ++trial) {
    std::vector<double> y = y0;
    // Most trials wander around rest; every fifth one far away, down to dead voltages; +-5 % frequency;
    // limits at random.
    const double spread = trial % 5 == 4 ? 0.5 : 0.1;
    for (int i = 0; i < system.size(); ++i) y[i] += spread * normal(random);
    for (int b = 0; b < system.grid.bus_count(); ++b) {
      const double factor = trial % 10 == 9 ? 0.0 : trial % 10 == 8 ? 0.01 : 1.0;
      y[system.voltage_at(b)] *= factor;
      y[system.voltage_at(b) + 1] *= factor;
    }
    for (int k = 0; k < system.frame_count(); ++k)
      y[system.frame_speed_at(k)] = 1 + 0.05 * std::tanh(normal(random));
    for (int g = 0; g < system.group_count(); ++g) {
      PartGroup& group = system.group(g);
      for (int i = 0; i < group.count; ++i)
        for (int l = 0; l < group.limits; ++l)
          group.mode[static_cast<std::size_t>(i) * group.modes + l] = static_cast<int>(random() % 3) - 1;
    }
    const double cj = 10;
    std::vector<double> values(row.size());
    system.jacobian(0, y.data(), cj, values.data());
    for (int j = 0; j < system.size(); ++j) {
      constexpr double h = 1e-30;
      std::vector<Complex> z(y.size());
      for (int i = 0; i < system.size(); ++i) z[i] = Complex(y[i], i == j ? h : 0.0);
      const std::vector<Complex> F = oracle.residual(0, z);
      std::vector<double> column(system.size(), 0.0);
      for (std::int64_t k = start[j]; k < start[j + 1]; ++k) column[row[k]] = values[k];
      double largest = 0;
      for (int i = 0; i < system.size(); ++i) largest = std::max(largest, std::abs(column[i]));
      for (int i = 0; i < system.size(); ++i) {
        const double exact = F[i].im / h + (i == j && system.is_differential(i) ? cj : 0.0);
        const double error = std::abs(column[i] - exact) / std::max({std::abs(exact), 1e-6 * largest, 1e-9});
        if (error > worst) {
          worst = error;
          where = system.unknown_name(i) + " by " + system.unknown_name(j);
        }
      }
    }
  }
  fmt::print(
      "{} unknowns, 100 random states (seed {}): largest relative difference {:.2e} at {}, tolerance 1e-6\n",
      system.size(), seed, worst, where);
  EXPECT_LE(worst, 1e-6);
}

}  // namespace
}  // namespace ballast
