/// Controls of engine sets, each alone: AC8B, DEGOV and DEGOV1 against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdio>
#include <numbers>

#include "models/exciters/ac8b.hpp"
#include "models/governors/degov.hpp"
#include "models/governors/degov1.hpp"
#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

const Ratings kSameBase{100, 100, 60};

// T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN
const std::vector<double> kDegov{0.01, 0.02, 0.2, 10, 0.25, 0.009, 0.0384, 0.05, 1.1, 0};
// M, T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN, DROOP, TE
const std::vector<double> kDegov1{0, 0.02, 0.01, 0.1, 20, 0.2, 0.05, 0.04, 0.05, 1.1, 0, 0.05, 0.02};

TEST(Degov1, SettlesOnItsDroopFromThrottleAndFromElectricalPower) {
  using M = Degov1;
  for (const double by_power : {0.0, 1.0}) {
    std::vector<double> parameters = kDegov1;
    parameters[M::M] = by_power;
    DeviceBench<M> bench(parameters, kSameBase);
    bench.out[M::PM] = 0.5;
    ASSERT_TRUE(bench.rest_at({0, 0.5, kUnknown}).ok());
    // An ideal grid takes what the engine gives: Pe follows Pm.
    bench.drive = [&](double, double* in) {
      in[M::SPEED_DEVIATION] = 0.01;
      in[M::PE] = bench.out[M::PM];
    };
    bench.run(20, 0.002);
    // -w = DROOP (r - 0.5): throttle 0.3, power 0.3 * 1.01; or power 0.3.
    const double expected = by_power > 0.5 ? 0.3 : 0.3 * 1.01;
    std::printf("DEGOV1 M = %g: Pm %.9f, by hand %.9f\n", by_power, bench.out[M::PM], expected);
    EXPECT_NEAR(bench.out[M::PM], expected, 1e-7);
  }
}

TEST(Degov, IntegratesTheSpeedErrorAndTheEngineIsLateByItsDelay) {
  using M = Degov;
  double late[2];
  for (const bool delayed : {false, true}) {
    std::vector<double> parameters = kDegov;
    if (!delayed) parameters[M::TD] = 0;
    DeviceBench<M> bench(parameters, kSameBase);
    bench.out[M::PM] = 0.5;
    ASSERT_TRUE(bench.rest_at({0, kUnknown}).ok());
    bench.in[M::SPEED_DEVIATION] = -0.002;
    bench.run(5, 0.001);
    const double at_5 = bench.out[M::PM];
    bench.run(6, 0.001);
    const double slope = bench.out[M::PM] - at_5;
    EXPECT_NEAR(slope, 10 * 0.002 * (1 - 0.002), 1e-9);  // K times the error, torque times speed
    late[delayed ? 1 : 0] = bench.out[M::PM] / slope;
    std::printf("DEGOV TD = %g: %.9f pu/s, by hand %.9f\n", parameters[M::TD], slope, 10 * 0.002 * 0.998);
  }
  std::printf("the ramp is late by %.9f s, TD = 0.05\n", late[0] - late[1]);
  EXPECT_NEAR(late[0] - late[1], 0.05, 1e-6);
}

TEST(TransportDelay, ItsPhaseAndGainAreThoseOfADelayUpTo15RadPerSecond) {
  // The transfer function of the states, by hand: x = (1 + sT/2 + (sT)^2/12)^-1 u, out = u - sT x.
  const auto lag = make_lag<double>(0.1);
  double worst = 0;
  for (const double w : {1.0, 5.0, 10.0, 15.0}) {
    const std::complex<double> s(0, w);
    // d_position = velocity rate, d_velocity = (u - position - velocity/2) 12 rate, solved at s for u = 1.
    const double r = lag.rate;
    const std::complex<double> velocity = 1.0 / (s / (12 * r) + r / s + 0.5);
    const std::complex<double> out = 1.0 - velocity;
    const std::complex<double> exact = std::exp(-s * 0.1);
    worst = std::max(worst, std::abs(std::arg(out / exact)));
    EXPECT_NEAR(std::abs(out), 1, 1e-12);
  }
  double dp = 0;
  double dv = 0;
  EXPECT_NEAR(delayed(lag, 0.3, 0.2, 0.7, dp, dv), 0.7 - 0.2, 1e-15);
  EXPECT_NEAR(dp, 0.2 * 10, 1e-12);
  EXPECT_NEAR(dv, (0.7 - 0.3 - 0.1) * 120, 1e-12);
  std::printf("phase off by %.4f degrees at most up to wT = 1.5 (allowed 0.6)\n",
              worst * 180 / std::numbers::pi);
  EXPECT_LT(worst * 180 / std::numbers::pi, 0.6);
}

TEST(Degov, LeavesItsTorqueLimitAtOnceWhenTheErrorTurns) {
  using M = Degov;
  DeviceBench<M> bench(kDegov, kSameBase);
  bench.out[M::PM] = 0.5;
  ASSERT_TRUE(bench.rest_at({0, kUnknown}).ok());
  bench.breaks = {20};
  bench.drive = [](double t, double* in) { in[M::SPEED_DEVIATION] = t < 20 ? -0.01 : 0.01; };
  bench.run(20, 0.002);
  EXPECT_NEAR(bench.out[M::PM], 1.1 * 1.01, 1.1 * 0.021);
  EXPECT_NEAR(bench.x[M::INTEGRAL], 1.1, 1e-6);  // nothing wound up
  bench.run(21, 0.002);
  // K w t, and the step of the error through the box's net lead T3 - T1; lost is what the box still gives
  // upwards in the first quarter of a millisecond.
  const double by_hand = 1.1 - 10 * 0.01 * 1 - 10 * 0.02 * (0.2 - 0.01);
  std::printf("integral 1 s after the error turned: %.6f, by hand %.6f\n", bench.x[M::INTEGRAL], by_hand);
  EXPECT_NEAR(bench.x[M::INTEGRAL], by_hand, 1e-4);
}

// TR, KPR, KIR, KDR, TDR, VPIDMAX, VPIDMIN, VRMAX, VRMIN, VFEMAX, VEMIN, TA, KA, TE, KC, KD, KE, E1, SE1, E2,
// SE2
const std::vector<double> kAc8b{0, 80, 5,   10,  0.1, 35, 0,   35,  0, 8,  0,
                                0, 1,  1.2, 0.3, 0.4, 1,  4.5, 0.1, 6, 0.4};

DeviceBench<Ac8b> excited() {
  using M = Ac8b;
  DeviceBench<M> bench(kAc8b, kSameBase);
  bench.out[M::EFD] = 2.4;
  std::vector<double> inputs(M::kInputs, kUnknown);
  inputs[M::VT] = 1;
  inputs[M::IFD] = 2.4;
  inputs[M::VS] = 0;
  EXPECT_TRUE(bench.rest_at(inputs).ok());
  return bench;
}

TEST(Ac8b, AStepInReferenceGivesProportionalIntegralAndDerivative) {
  using M = Ac8b;
  DeviceBench<M> bench = excited();
  const double Vref = bench.in[M::VREF];
  bench.in[M::VREF] = Vref + 0.01;
  bench.evaluate(0);
  std::printf("rates after a step of 0.01: VE %.9f, integral %.9f\n", bench.rate[M::ALTERNATOR],
              bench.rate[M::INTEGRAL]);
  EXPECT_NEAR(bench.rate[M::ALTERNATOR], (80 + 10 / 0.1) * 0.01 / 1.2, 1e-9);  // both at once, through TE
  EXPECT_NEAR(bench.rate[M::INTEGRAL], 5 * 0.01, 1e-12);
}

TEST(Ac8b, ExciterFieldCurrentIsHeldAtVfemaxAndComesBack) {
  using M = Ac8b;
  DeviceBench<M> bench = excited();
  const double Vref = bench.in[M::VREF];
  const double rested = bench.x[M::ALTERNATOR];
  bench.breaks = {5};
  bench.drive = [&](double t, double* in) { in[M::VREF] = t < 5 ? Vref + 0.3 : Vref - 0.3; };
  bench.run(5, 0.001);
  const double VE = bench.x[M::ALTERNATOR];
  // The saturation by hand: sqrt(E SE) is a straight line through both points.
  const double r1 = std::sqrt(4.5 * 0.1);
  const double r2 = std::sqrt(6 * 0.4);
  const double slope = (r2 - r1) / 1.5;
  const double over = std::max(VE - (4.5 - r1 / slope), 0.0);
  const double VFE = VE + slope * slope * over * over + 0.4 * 2.4;
  std::printf("VFE %.9f, VFEMAX 8; VE %.4f from %.4f\n", VFE, VE, rested);
  EXPECT_NEAR(VFE, 8, 1e-6);
  bench.run(5.2, 0.001);
  EXPECT_LT(bench.x[M::ALTERNATOR], VE - 0.5);  // VR at its floor takes it down at once
}

}  // namespace
}  // namespace ballast::test
