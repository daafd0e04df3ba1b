/// Saturation of a transformer against the fundamental of the current that its flux drives, integrated.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "models/loads/transformer_saturation.hpp"
#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

using M = TransformerSaturation;
constexpr double kKnee = 1.15, kXac = 0.3, kBase = 600;

DeviceBench<M> core(double ratio = 1) { return DeviceBench<M>({kKnee, kXac, ratio}, {kBase, 100, 50}); }
void at(DeviceBench<M>& bench, double V, double f = 1, double closed = 1, double degrees = 40) {
  const double angle = degrees * std::numbers::pi / 180;
  bench.in = {V * std::cos(angle), V * std::sin(angle), f, closed};
  M::equations<double, double>(nullptr, bench.in.data(), bench.derived, {nullptr, nullptr, nullptr}, nullptr,
                               bench.out.data());
}
/// Current beyond the knee over one period, its component in phase with the flux; pu on the transformer's
/// base.
double fundamental(double flux) {
  constexpr int kPoints = 200000;
  double sum = 0;
  for (int k = 0; k < kPoints; ++k) {
    const double s = std::sin(2 * std::numbers::pi * (k + 0.5) / kPoints);
    const double beyond = std::max(std::abs(flux * s) - kKnee, 0.0);
    sum += std::copysign(beyond, s) / kXac * s;
  }
  return 2 * sum / kPoints;
}

TEST(TransformerSaturation, DrawsTheFundamentalOfWhatTheFluxDrivesBeyondTheKnee) {
  auto bench = core();
  double largest = 0;
  for (const double V : {0.0, 0.9, 1.15, 1.16, 1.2, 1.3, 1.5, 2.0}) {
    at(bench, V);
    const double expected = V * fundamental(V);
    fmt::print("V {:.2f} pu: Q {:.6f} pu, integrated {:.6f}\n", V, bench.out[M::Q], expected);
    largest = std::max(largest, std::abs(bench.out[M::Q] - expected));
    // Purely reactive, lagging; injected on the system base.
    const double P = bench.in[M::VR] * bench.out[M::IR] + bench.in[M::VI] * bench.out[M::II];
    const double Q = bench.in[M::VI] * bench.out[M::IR] - bench.in[M::VR] * bench.out[M::II];
    EXPECT_NEAR(P, 0, 1e-12);
    // The magnitude of a voltage is taken with 1e-12 pu^2 more under the root.
    EXPECT_NEAR(-Q, bench.out[M::Q] * kBase / 100, 1e-12 * (1 - Q));
  }
  fmt::print("largest difference {:.2e} pu (1e-6)\n", largest);
  EXPECT_LT(largest, 1e-6);
}

TEST(TransformerSaturation, FluxIsVoltageOverFrequencyAndTurns) {
  auto bench = core();
  at(bench, 1.2);
  const double current = bench.out[M::Q] / 1.2;
  at(bench, 1.2 * 0.95, 0.95);  // same flux, same current in a core of given inductance
  EXPECT_NEAR(bench.out[M::FLUX], 1.2, 1e-9);
  EXPECT_NEAR(bench.out[M::Q] / (1.2 * 0.95), current, 1e-9);
  auto fewer = core(0.96);
  at(fewer, 1.2 * 0.96);
  EXPECT_NEAR(fewer.out[M::FLUX], 1.2, 1e-9);
}

TEST(TransformerSaturation, DrawsNothingOutOfServiceOrOnADeadBus) {
  auto bench = core();
  at(bench, 1.4, 1, 0);
  EXPECT_EQ(bench.out[M::Q], 0);
  at(bench, 0);
  EXPECT_EQ(bench.out[M::IR], 0);
  EXPECT_EQ(bench.out[M::II], 0);
}

}  // namespace
}  // namespace ballast::test
