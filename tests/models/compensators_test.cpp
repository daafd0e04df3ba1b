/// Compensators, each alone, against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"
#include "tests/models/reference_compensators.hpp"

namespace ballast::test {
namespace {

template <class M>
DeviceBench<M> at_rest(double Q, double device_MVA = 100) {
  DeviceBench<M> bench(reference_row<M>().parameters, {device_MVA, 100, 60});
  bench.out[M::IR] = 0;
  bench.out[M::II] = -Q;
  const Outcome o = bench.rest_at({1, 0, 0, kUnknown});
  EXPECT_TRUE(o.ok()) << o.quantity << " " << o.value;
  return bench;
}

TEST(Csvgn1, ItsGainCountsOnceAndTheReactorIsWhatTheCapacitorLacks) {
  using M = Csvgn1;
  // 150 MVA, capacitor 100 Mvar, Q = 10 Mvar: y = (100 - 10)/150.
  DeviceBench<M> bench = at_rest<M>(0.1, 150);
  EXPECT_NEAR(bench.x[M::REACTOR], 0.6, 1e-12);
  bench.in[M::VR] = 1.002;
  bench.run(10, 0.001);
  // K = 50 on 0.002 pu: y = 0.7, of 1.002^2 V^2.
  const double Q = (100.0 / 150 - 0.7) * 1.002 * 1.002;
  std::printf("CSVGN1: reactor %.9f (0.7), Q %.9f pu, by hand %.9f\n", bench.x[M::REACTOR], bench.out[M::QE],
              Q);
  EXPECT_NEAR(bench.x[M::REACTOR], 0.7, 1e-8);
  EXPECT_NEAR(bench.out[M::QE], Q, 1e-8);
}

TEST(Csvgn1, SaturatedItIsACapacitorOrAReactor) {
  using M = Csvgn1;
  for (const double V : {0.8, 1.2}) {
    DeviceBench<M> bench = at_rest<M>(0.1, 150);
    bench.in[M::VR] = V;
    bench.run(10, 0.001);
    const double B = V < 1 ? 90.0 / 150 : -50.0 / 150;  // RMIN = 10 Mvar, MBASE = 150
    EXPECT_NEAR(bench.out[M::QE], B * V * V, 1e-9);
  }
}

TEST(Statcom, ItsCurrentAtTheLimitDoesNotDependOnTheVoltage) {
  using M = Statcom;
  for (const double V : {0.9, 0.6, 0.35}) {
    DeviceBench<M> bench = at_rest<M>(0);
    bench.in[M::VR] = V;
    bench.run(1, 0.001);
    EXPECT_NEAR(bench.out[M::QE], V * 1.0, 1e-6) << V;
  }
}

TEST(Statcom, RestsOnItsSlope) {
  using M = Statcom;
  DeviceBench<M> bench = at_rest<M>(0);
  bench.in[M::VR] = 0.985;
  bench.run(10, 0.001);  // 1/(Ki Xs) = 0.33 s
  std::printf("STATCOM: %.9f pu of current, by hand %.9f\n", bench.x[M::CURRENT], 0.015 / 0.03);
  EXPECT_NEAR(bench.x[M::CURRENT], 0.015 / 0.03, 1e-9);
}

TEST(Statcom, BlocksUnderVoltageAndRestartsAfterItsDelay) {
  using M = Statcom;
  DeviceBench<M> bench = at_rest<M>(0.5);
  bench.breaks = {1, 1.2, 1.5};
  bench.drive = [](double t, double* in) { in[M::VR] = t < 1 ? 1 : t < 1.2 ? 0.25 : t < 1.5 ? 0.55 : 0.9; };
  bench.run(1.1, 0.001);
  EXPECT_NEAR(bench.out[M::QE], 0, 0.25 * 0.5 * std::exp(-0.1 / 0.01) * 1.01);
  bench.run(1.45, 0.001);
  EXPECT_NEAR(bench.out[M::QE], 0, 1e-9) << "0.55 pu is below Vrestart";
  bench.run(2.5, 0.001);
  ASSERT_EQ(bench.moves.size(), 3U);
  EXPECT_EQ(bench.moves[0].time, 1);
  EXPECT_EQ(bench.moves[1].time, 1.5);
  EXPECT_NEAR(bench.moves[2].time, 1.6, 1e-12);
  EXPECT_NEAR(bench.out[M::QE], 0.9, 1e-6);  // at its limit, at 0.9 pu
}

}  // namespace
}  // namespace ballast::test
