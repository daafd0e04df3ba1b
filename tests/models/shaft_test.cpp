/// Torsional modes of the shaft of several masses.
#include "models/governors/shaft.hpp"

#include <gtest/gtest.h>

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <complex>
#include <cstdio>
#include <numbers>

#include "tests/models/reference_governors.hpp"

namespace ballast::test {
namespace {

constexpr double kGeneratorH = 0.868495;  ///< of the First Benchmark, s

/// The shaft and its generator's rotor, 2 H dw/dt = Pm/(1 + w) - Te: rates by state, the last is w.
std::vector<double> rates(const std::vector<double>& x) {
  const auto d = Shaft::derive<double>(kFirstBenchmark.data(), {892.4, 100, 60});
  const double in[] = {x.back(), 1};
  double dxdt[Shaft::kStates], out[Shaft::kOutputs];
  Shaft::equations(x.data(), in, d, Context<double, double>{nullptr, nullptr, nullptr}, dxdt, out);
  std::vector<double> all(dxdt, dxdt + Shaft::kStates);
  all.push_back((out[Shaft::PM] / (1 + x.back()) - 1) / (2 * kGeneratorH));
  return all;
}

TEST(Shaft, ModesAreThoseOfTheFirstBenchmark) {
  constexpr int n = Shaft::kStates + 1;
  std::vector<double> rest(n, 0.0);
  Eigen::MatrixXd A(n, n);
  for (int j = 0; j < n; ++j) {
    std::vector<double> up = rest, down = rest;
    up[j] += 1e-6;
    down[j] -= 1e-6;
    const auto f = rates(up), g = rates(down);
    for (int i = 0; i < n; ++i) A(i, j) = (f[i] - g[i]) / 2e-6;
  }
  std::vector<double> found;
  for (const std::complex<double> e : A.eigenvalues())
    if (e.imag() > 1) found.push_back(e.imag() / (2 * std::numbers::pi));
  std::sort(found.begin(), found.end());
  ASSERT_EQ(found.size(), 5U);
  const std::array<double, 5> published = {15.71, 20.21, 25.55, 32.28, 47.46};
  for (std::size_t k = 0; k < 5; ++k) {
    std::printf("mode %zu: %.4f Hz, published %.2f (%+.3f %%, tolerance 0.1 %%)\n", k + 1, found[k],
                published[k], 100 * (found[k] / published[k] - 1));
    EXPECT_NEAR(found[k] / published[k], 1, 1e-3);
  }
}

/// At rest every spring carries what the masses before it give.
TEST(Shaft, RestsWithTheTwistThatCarriesItsPower) {
  const auto d = Shaft::derive<double>(kFirstBenchmark.data(), {892.4, 100, 60});
  std::array<double, Shaft::kInputs> in{kUnknown, kUnknown};
  std::array<double, Shaft::kOutputs> out{0.9, kUnknown, kUnknown};
  std::array<double, Shaft::kStates> x{}, dxdt{};
  Rest rest{in, out, {}, {}, {}};
  ASSERT_TRUE(Shaft::initialise(rest, d, x.data()).ok());
  const double a4 = 0.9 / 70.858, a3 = a4 + 0.9 * 0.78 / 52.038, a2 = a3 + 0.9 * 0.56 / 34.929,
               a1 = a2 + 0.9 * 0.3 / 19.303;
  std::printf("twist of the first mass %.9f rad, by hand %.9f\n", x[Shaft::TWIST], a1);
  EXPECT_NEAR(x[Shaft::TWIST], a1, 1e-12);
  EXPECT_EQ(in[Shaft::P_TURBINE], 0.9);
  Shaft::equations(x.data(), in.data(), d, Context<double, double>{nullptr, nullptr, nullptr}, dxdt.data(),
                   out.data());
  for (const double rate : dxdt) EXPECT_NEAR(rate, 0, 1e-12);
  EXPECT_NEAR(out[Shaft::PM], 0.9, 1e-12);
}

}  // namespace
}  // namespace ballast::test
