/// BusFrequency on a bench: phasors whose frequency is known.
#include "models/measurement/bus_frequency.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

constexpr double kTwoPi = 6.28318530717958647693;
constexpr double kF0 = 60;
const std::vector<double> kParameters{0.02, 0.05, 0.5, 0.2, 0.02};  // Ta, Tf, W, V_block, hysteresis

/// A phasor of size V(t) at angle(t) against the nominal clock, seen from a frame at frame_angle(t),
/// frame_speed(t).
struct Phasor {
  std::function<double(double)> size = [](double) { return 1.0; };
  std::function<double(double)> angle = [](double) { return 0.0; };
  std::function<double(double)> frame_angle = [](double) { return 0.0; };
  std::function<double(double)> frame_speed = [](double) { return 1.0; };
};
DeviceBench<BusFrequency> bench_of(const Phasor& p) {
  DeviceBench<BusFrequency> bench(kParameters, {100, 100, kF0});
  bench.drive = [p](double t, double* in) {
    in[BusFrequency::VR] = p.size(t) * std::cos(p.angle(t) - p.frame_angle(t));
    in[BusFrequency::VI] = p.size(t) * std::sin(p.angle(t) - p.frame_angle(t));
    in[BusFrequency::FRAME_SPEED] = p.frame_speed(t);
  };
  return bench;
}

TEST(BusFrequency, SteadyRotationIsMeasuredExactly) {
  for (const double hertz : {-3.0, -0.5, 0.1, 3.0}) {
    Phasor p;
    p.angle = [hertz](double t) { return kTwoPi * hertz * t; };
    auto bench = bench_of(p);
    ASSERT_TRUE(bench.rest().ok());
    bench.run(3, 1e-3);
    const double error = bench.out[BusFrequency::FREQUENCY] - (1 + hertz / kF0);
    std::printf("%+.1f Hz: error %.2e pu (tolerance 1e-10)\n", hertz, error);
    EXPECT_NEAR(error, 0, 1e-10);
    EXPECT_NEAR(bench.out[BusFrequency::ROCOF], 0,
                1e-3);  // e^(-3 s/0.25 s) of the first jump of speed remains
  }
}

TEST(BusFrequency, TheSpeedOfTheFrameDoesNotMatter) {
  Phasor p;
  p.angle = [](double t) { return kTwoPi * (0.4 * t + 0.3 * std::sin(2 * t)); };
  auto still = bench_of(p);
  p.frame_angle = [](double t) { return kTwoPi * (-2.0 * t + 0.5 * t * t); };
  p.frame_speed = [](double t) { return 1 + (-2.0 + 1.0 * t) / kF0; };
  auto turning = bench_of(p);
  // Both start with the memory at the bus angle and the filters at nominal speed.
  for (auto* bench : {&still, &turning}) {
    ASSERT_TRUE(bench->rest().ok());
    bench->x = {0, 1, 1};
    bench->run(4, 1e-3);
  }
  const double error = turning.out[BusFrequency::FREQUENCY] - still.out[BusFrequency::FREQUENCY];
  std::printf("difference between a still and a turning frame: %.2e pu (tolerance 1e-9)\n", error);
  EXPECT_NEAR(error, 0, 1e-9);
}

TEST(BusFrequency, FollowsASpeedStepBehindItsTwoLags) {
  // lag(Ta) lag(Tf) of a step: 1 - (Ta e^(-t/Ta) - Tf e^(-t/Tf)) / (Ta - Tf)
  Phasor p;
  p.angle = [](double t) { return kTwoPi * 0.6 * t; };
  auto bench = bench_of(p);
  ASSERT_TRUE(bench.rest().ok());
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<BusFrequency>& b) {
    const double wanted =
        0.01 * (1 - (0.02 * std::exp(-t / 0.02) - 0.05 * std::exp(-t / 0.05)) / (0.02 - 0.05));
    worst = std::max(worst, std::abs(b.out[BusFrequency::FREQUENCY] - 1 - wanted));
  };
  bench.run(0.4, 1e-3);
  std::printf("largest error against the closed form: %.2e pu (tolerance 1e-8)\n", worst);
  EXPECT_LT(worst, 1e-8);
}

TEST(BusFrequency, RocofOfASteadyRampIsExactAfterTheWindow) {
  const double slope = -1.25;  // Hz/s
  Phasor p;
  p.angle = [slope](double t) { return kTwoPi * 0.5 * slope * t * t; };
  auto bench = bench_of(p);
  ASSERT_TRUE(bench.rest().ok());
  bench.run(4, 1e-3);
  const double error = bench.out[BusFrequency::ROCOF] - slope;
  std::printf("rocof %.6f Hz/s, wanted %.2f, error %.1e (tolerance 1e-6)\n", bench.out[BusFrequency::ROCOF],
              slope, error);
  EXPECT_NEAR(error, 0, 1e-6);
}

TEST(BusFrequency, AnAngleJumpIsNoFrequency) {
  for (const double jump : {0.5, -1.5, 3.0}) {
    Phasor p;
    p.angle = [jump](double t) { return t < 1 ? 0 : jump; };
    p.size = [](double t) { return t < 1 ? 1 : 0.45; };
    auto bench = bench_of(p);
    bench.breaks = {1};
    double worst = 0;
    bench.observe = [&](double, const DeviceBench<BusFrequency>& b) {
      worst = std::max(worst, std::abs(b.out[BusFrequency::FREQUENCY] - 1) * kF0);
    };
    ASSERT_TRUE(bench.rest().ok());
    bench.run(2, 1e-3);
    std::printf("jump of %+.1f rad: largest frequency seen %.1e Hz (tolerance 1e-9)\n", jump, worst);
    EXPECT_LT(worst, 1e-9);
  }
}

TEST(BusFrequency, ADeadBusHoldsTheLastFrequencyAndComesBackAtAnyAngle) {
  const double hertz = -0.8;
  Phasor p;
  p.size = [](double t) { return t < 1.5 || t >= 2 ? 1.0 : 0.0; };
  p.angle = [hertz](double t) { return kTwoPi * hertz * t + (t >= 2 ? 2.1 : 0); };
  auto bench = bench_of(p);
  bench.breaks = {1.5, 2};
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<BusFrequency>& b) {
    if (t > 1) worst = std::max(worst, std::abs(b.out[BusFrequency::FREQUENCY] - (1 + hertz / kF0)) * kF0);
  };
  ASSERT_TRUE(bench.rest().ok());
  bench.run(3, 1e-3);
  std::printf("largest error through 0.5 s of dead bus: %.1e Hz (tolerance 1e-6)\n", worst);
  EXPECT_LT(worst, 1e-6);  // what is left of the start at 1 s
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_NEAR(bench.moves[0].time, 1.5, 1e-12);
  EXPECT_EQ(bench.moves[0].to, 1);
  EXPECT_NEAR(bench.moves[1].time, 2, 1e-12);
}

TEST(BusFrequency, EverythingIsFiniteAtZeroVoltage) {
  constexpr int kN = int{BusFrequency::kStates} + int{BusFrequency::kInputs};
  using D = Dual<kN>;
  const auto derived = BusFrequency::derive(kParameters.data(), {100, 100, kF0});
  for (const int mode : {0, 1}) {
    const D x[] = {D::seed(0.3, 0), D::seed(1, 1), D::seed(1, 2)};
    const D in[] = {D::seed(0, 3), D::seed(0, 4), D::seed(1, 5)};
    D rate[3];
    D out[2];
    D guard[1];
    BusFrequency::equations(x, in, derived, Context<D, double>{&mode, nullptr, guard}, rate, out);
    for (const D& r : rate) {
      EXPECT_TRUE(std::isfinite(r.value));
      for (const double d : r.d) EXPECT_TRUE(std::isfinite(d));
    }
  }
}

}  // namespace
}  // namespace ballast::test
