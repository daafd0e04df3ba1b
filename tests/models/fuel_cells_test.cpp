/// Fuel cells and their power conditioning, each alone, against figures worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"
#include "tests/models/reference_sources.hpp"

namespace ballast::test {
namespace {

const Ratings kBase{100, 100, 60};

/// With U = 0.85 and I = 300 A: 2 Kr = 1.98994e-6 kmol/(s A), pH2 = (1/0.85 - 1) 2 Kr I/K_H2 = 0.1250 atm,
/// pH2O = 2 Kr I/K_H2O = 2.1245 atm, pO2 = (2 Kr I/(0.85 r_HO) - Kr I)/K_O2 = 0.1250 atm; V = 384 (1.18 +
/// 0.05485 ln(pH2 sqrt(pO2)/pH2O)) - 0.126 300.
TEST(Sofc, ThreeHundredAmperesAreTheHandbooksVoltageAndPower) {
  const double F = 96485.33212, fed = 384 / (2 * F * 1000), I = 300;
  const double pH2 = (1 / 0.85 - 1) * fed * I / 8.43e-4, pH2O = fed * I / 2.81e-4;
  const double pO2 = (fed * I / 0.85 / 1.145 - fed / 2 * I) / 2.52e-3;
  const double V =
      384 * (1.18 + 8.31446261815324 * 1273 / (2 * F) * std::log(pH2 * std::sqrt(pO2) / pH2O)) - 0.126 * I;
  DeviceBench<Sofc> bench(kSofc, kBase);
  bench.out[Sofc::P_DC] = V * I / 1e5;
  ASSERT_TRUE(bench.rest_at({kUnknown}).ok());
  std::printf("V %.4f V (by hand %.4f, handbook 333.8), I %.6f A (300), P %.4f kW (handbook 100.1)\n",
              bench.out[Sofc::V_STACK], V, bench.out[Sofc::I_STACK], V * I / 1000);
  EXPECT_NEAR(bench.out[Sofc::V_STACK], V, 1e-9);
  EXPECT_NEAR(bench.out[Sofc::V_STACK], 333.8, 0.1);
  EXPECT_NEAR(bench.out[Sofc::I_STACK], 300, 1e-9);
  EXPECT_NEAR(V * I / 1000, 100.1, 0.05);
}

/// At fixed fuel the current may move between 0.8/0.85 and 0.9/0.85 of what it was: 282.35 and 317.65 A.
TEST(Sofc, TheFastWindowIsSixPerCentEitherWay) {
  for (const double side : {-1.0, 1.0}) {
    std::vector<double> parameters = kSofc;
    parameters[Sofc::TAU_F] = 1e9;  // fuel stands still
    parameters[Sofc::RISE] = parameters[Sofc::FALL] = 10;
    parameters[Sofc::PMAX] = 2;
    DeviceBench<Sofc> bench(parameters, kBase);
    bench.out[Sofc::P_DC] = 1.0;
    ASSERT_TRUE(bench.rest_at({kUnknown}).ok());
    const double before = bench.out[Sofc::I_STACK];
    bench.drive = [side](double, double* in) { in[Sofc::P_SOURCE] = 1 + 0.3 * side; };
    bench.run(12, 1e-3);
    const double expected = before * (side > 0 ? 0.9 : 0.8) / 0.85;
    std::printf("%.3f A, by hand %.3f A (%+.2f %%; tolerance 1e-3 A)\n", bench.out[Sofc::I_STACK], expected,
                100 * (expected / before - 1));
    EXPECT_NEAR(bench.out[Sofc::I_STACK], expected, 1e-3);
    EXPECT_NEAR(std::abs(expected / before - 1), 0.0588, 1e-4);
  }
}

/// Ramp, then the compressor's lag: after t s of a ramp at rate k the lag T is behind it by k T (1 -
/// exp(-t/T)).
TEST(Pem, FollowsItsRampBehindItsLag) {
  DeviceBench<Pem> bench({0.3, 0.1, 1, 0.3, 0.5}, kBase);
  bench.out[Pem::P_DC] = 0.4;
  ASSERT_TRUE(bench.rest_at({kUnknown}).ok());
  bench.drive = [](double, double* in) { in[Pem::P_SOURCE] = 0.9; };
  bench.run(1.0, 1e-3);
  const double expected = 0.4 + 0.3 * (1.0 - 0.3 * (1 - std::exp(-1.0 / 0.3)));
  std::printf("P_dc %.6f, by hand %.6f (tolerance 1e-4)\n", bench.out[Pem::P_DC], expected);
  EXPECT_NEAR(bench.out[Pem::P_DC], expected, 1e-4);
}

/// A step of 0.3 pu that the source does not follow: the buffer of 2 pu s gives 0.3/0.97 pu, and falls by
/// that over 2 each second; when only the last tenth is left it gives less, and in the end the plant has what
/// the source gives.
TEST(Pcs, TheBufferGivesAtOnceAndOnlyWhatItHas) {
  std::vector<double> parameters = {1, 1.1, 0.97, 2, 0.5, 0.6, 20, 0.005, 0.005, 0.02, 0, 0.02, 0.2, 0.05};
  DeviceBench<Pcs> bench(parameters, kBase);
  bench.out[Pcs::IR] = 0.5;
  bench.out[Pcs::II] = 0;
  ASSERT_TRUE(bench.rest_at({1, 0, kUnknown, kUnknown, kUnknown, kUnknown}).ok());
  const double source = bench.in[Pcs::P_DC];
  EXPECT_NEAR(source, 0.5 / 0.97, 1e-12);
  bench.drive = [source](double, double* in) {
    in[Pcs::PREF] = 0.8;
    in[Pcs::P_DC] = source;
  };
  bench.run(1.0, 1e-3);
  // Of the first second the lag of 5 ms gives away 5 ms.
  const double expected = 0.6 - 0.3 / 0.97 / 2 * (1.0 - 0.005);
  std::printf("after 1 s: P %.6f (0.8), buffer %.6f, by hand %.6f (tolerance 2e-4)\n", bench.out[Pcs::PE],
              bench.out[Pcs::STORE_OUT], expected);
  EXPECT_NEAR(bench.out[Pcs::PE], 0.8, 1e-6);
  EXPECT_NEAR(bench.out[Pcs::STORE_OUT], expected, 2e-4);
  // It asks the source for what it gives, and for its charge back.
  EXPECT_NEAR(bench.out[Pcs::P_SOURCE], 0.8 / 0.97 + (0.6 - expected) * 2 / 20, 1e-4);
  bench.run(60.0, 1e-3);
  std::printf("after a minute: P %.6f (0.5, what the source gives; tolerance 1e-3), buffer %.6f\n",
              bench.out[Pcs::PE], bench.out[Pcs::STORE_OUT]);
  EXPECT_NEAR(bench.out[Pcs::PE], 0.5, 1e-3);
  EXPECT_GE(bench.out[Pcs::STORE_OUT], 0);
}

}  // namespace
}  // namespace ballast::test
