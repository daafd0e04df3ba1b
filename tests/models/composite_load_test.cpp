/// The composite load alone: its network against an iteration, its motors' relays, air conditioners and tap
/// changer.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "tests/models/load_bench.hpp"

namespace ballast::test {
namespace {

using M = Cmldblu2;
using Bench = LoadBench<M>;

TEST(CompositeLoad, RestsWithTheLowSideInItsBandAndDrawsWhatItMust) {
  for (const double V : {0.97, 1.0, 1.04}) {
    Bench bench(composite_of_a_data_center());
    const Outcome outcome = bench.start(0.8, 0.2, V);
    ASSERT_TRUE(outcome.ok()) << outcome.quantity;
    EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-10);
    EXPECT_NEAR(bench.drawn().imag(), 0.2, 1e-10);
    EXPECT_GT(bench.out[M::V_LOW], 1.025);
    EXPECT_LT(bench.out[M::V_LOW], 1.04);
    EXPECT_GE(bench.out[M::V_FAR], 0.95);
    std::printf("bus %.2f pu: tap %.5f, low side %.4f, far end %.4f pu, compensation %.3f Mvar\n", V,
                bench.out[M::TAP_POSITION], bench.out[M::V_LOW], bench.out[M::V_FAR], bench.out[M::Q_SHUNT]);
  }
}

TEST(CompositeLoad, AFeederWhoseEndWouldBeTooLowIsMadeShorter) {
  Bench bench(with(composite_of_a_data_center(), {{C_RFDR, 0.12}, {C_XFDR, 0.12}}));
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  EXPECT_LT(bench.held[M::SCALE], 1);
  EXPECT_NEAR(bench.out[M::V_FAR], 0.95, 1e-9);
  EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-10);
  std::printf("%.1f %% of the feeder left\n", 100 * bench.held[M::SCALE]);
}

/// What a load of constant power at the far end draws from the bus, by iteration on the network's equations;
/// the numbers of the network are those the model found at rest.
Complex by_iteration(const Bench& b, const std::vector<double>& p, double V) {
  const Complex j(0, 1);
  const double tap = (b.held[M::TAP] + p[C_TFIXLS] - 1) / p[C_TFIXHS];
  const double X = p[C_XXF] * p[C_TFIXHS] * p[C_TFIXHS];
  const Complex Z = b.held[M::SCALE] * Complex(p[C_RFDR], p[C_XFDR]);
  const Complex power(b.held[M::ELECTRONIC_P], b.held[M::ELECTRONIC_Q]);
  Complex far = V;
  Complex current;
  for (int pass = 0; pass < 300; ++pass) {
    const Complex feeder = std::conj(power / far) + j * b.held[M::B2] * far;
    const Complex low = far + Z * feeder;
    current = (feeder + j * (p[C_BSS] + b.held[M::B1]) * low) * tap;
    const Complex behind = V - j * X * current;
    far = 0.7 * far + 0.3 * (behind * tap - Z * feeder);
  }
  return V * std::conj(current) * b.held[M::BASE];
}

TEST(CompositeLoad, ClosedFormWithTheInnerLagSettlesOnTheSolutionOfTheNetwork) {
  // All of it electronic: constant power above Vd1, the hardest load for a lag inside.
  const std::vector<double> p =
      with(composite_of_a_data_center(),
           {{C_FMA, 0}, {C_FEL, 1}, {C_PFEL, 0.95}, {C_BSS, 0.05}, {C_TFIXHS, 1.02}});
  Bench bench(p);
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  EXPECT_NEAR(std::abs(by_iteration(bench, p, 1) - bench.drawn()), 0, 1e-9);
  bench.profile({{0, 1}, {0.1, 0.85}});
  const Complex wanted = by_iteration(bench, p, 0.85);
  double at_once = 0, after_20_ms = 0;
  bench.observe = [&](double t, const DeviceBench<M>&) {
    const double error = std::abs(bench.drawn() - wanted) / std::abs(wanted);
    if (t < 0.1 + 1e-9) at_once = error;
    if (t < 0.12 + 1e-9) after_20_ms = error;
  };
  bench.run(0.4, 0.0005);
  const double settled = std::abs(bench.drawn() - wanted) / std::abs(wanted);
  std::printf(
      "step from 1 to 0.85 pu: error of the power at once %.3f, after 20 ms %.4f, settled %.1e (tolerance "
      "1e-9)\n",
      at_once, after_20_ms, settled);
  EXPECT_LT(at_once,
            0.4);  // an impedance draws 0.72 of the power, and the network's share of it changes, too
  EXPECT_LT(after_20_ms, 1e-3);
  EXPECT_LT(settled, 1e-9);
}

TEST(CompositeLoad, ElectronicLoadDropsOutAndReturnsByFrcel) {
  Bench bench(composite_of_a_data_center());
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  bench.profile({{0, 1}, {0.1, 0.4}, {0.3, 1}});
  double low = 1;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.3 - 1e-9) low = b.out[M::ELECTRONIC_SHARE];
  };
  bench.run(2, 0.0005);
  EXPECT_NEAR(low, 0, 1e-12);
  EXPECT_NEAR(bench.out[M::ELECTRONIC_SHARE], 0.8, 1e-9);  // all fell out, Frcel = 0.8 returned
  std::printf("share in the dip %.3f (0), afterwards %.9f (0.8)\n", low, bench.out[M::ELECTRONIC_SHARE]);
}

/// Air conditioners alone on a short feeder.
std::vector<double> air_conditioners() {
  return with(
      composite_of_a_data_center(),
      {{C_FMA, 0}, {C_FEL, 0}, {C_FMD, 1}, {C_RFDR, 0}, {C_XFDR, 0}, {C_XXF, 0.001}, {C_LTC, -1}, {FUVR, 0}});
}

TEST(CompositeLoad, AirConditionersStallAfterTstallAndTheirShareRestarts) {
  for (const double dip : {0.03, 0.3}) {
    Bench bench(
        with(air_conditioners(), {{TSTALL, 0.05}, {VC1OFF, 0.2}, {VC2OFF, 0.1}, {VC1ON, 0.2}, {VC2ON, 0.1}}));
    ASSERT_TRUE(bench.start(0.8, 0.2).ok());
    bench.profile({{0, 1}, {0.1, 0.3}, {0.1 + dip, 1}});
    Complex soon;
    bench.observe = [&](double t, const DeviceBench<M>&) {
      if (t < 0.1 + dip + 0.25) soon = bench.drawn();
    };
    bench.run(1.2, 0.0005);
    if (dip < 0.05) {
      EXPECT_TRUE(std::none_of(bench.moves.begin(), bench.moves.end(),
                               [](const Move& m) { return m.to == STALLED; }));
      EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-6);
      continue;
    }
    // Stalled: 1/(0.1 + j0.1) on the base of the air conditioners, at about 1 pu: five times their power.
    const double base = bench.held[M::AIRCON_BASE] * bench.held[M::BASE];
    EXPECT_NEAR(soon.real(), 5 * base, 0.1 * base);
    const auto restarted =
        std::find_if(bench.moves.begin(), bench.moves.end(), [](const Move& m) { return m.to == RESTARTED; });
    ASSERT_NE(restarted, bench.moves.end());
    EXPECT_NEAR(restarted->time - restarted->pickup_time, 0.3, 1e-6);  // Trst
    // A fifth runs again, the rest stays stalled.
    EXPECT_NEAR(bench.drawn().real(), (0.2 + 0.8 * 5) * base, 0.1 * base);
    std::printf("stalled %.3f, after the restart %.3f of the base (5, 4.2)\n", soon.real() / base,
                bench.drawn().real() / base);
  }
}

TEST(CompositeLoad, StalledAirConditionersWarmUpAndTrip) {
  Bench bench(with(air_conditioners(),
                   {{TSTALL, 0.05}, {FRST, 0}, {VC1OFF, 0.2}, {VC2OFF, 0.1}, {VC1ON, 0.2}, {VC2ON, 0.1}}));
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  const double h0 = bench.x[M::AIRCON + int{D_HEAT_S}];
  bench.profile({{0, 1}, {0.1, 0.3}, {0.4, 1}});
  double half = 0, all = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    const double left = b.x[M::AIRCON + int{D_WARM_S}];
    if (left > 0.5) half = t;
    if (left > 1e-3) all = t;
  };
  bench.run(12, 0.002);
  // I^2 R = 50 V^2 0.1 = 5 V^2 heats with 15 s: from h0 the temperature is 5 V^2 (1 - e^(-t/15)) + h0
  // e^(-t/15).
  const double V = bench.out[M::V_FAR];
  const auto reaches = [&](double h) { return 0.4 + 15 * std::log((5 * V * V - h0) / (5 * V * V - h)); };
  std::printf("half tripped after %.2f s (%.2f), all after %.2f s (%.2f)\n", half, reaches(1.3), all,
              reaches(1.9));
  EXPECT_NEAR(half, reaches(1.3), 0.3);
  EXPECT_NEAR(all, reaches(1.9), 0.3);
}

TEST(CompositeLoad, ContactorsOpenAndCloseAlongTheirLines) {
  Bench bench(with(air_conditioners(), {{TSTALL, 9999}}));
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  bench.profile({{0, 1}, {0.1, 0.45}, {0.6, 0.55}, {1.1, 0.7}});
  double falling = 0, rising = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.6 - 1e-9) falling = b.x[M::AIRCON + int{D_CONTACTOR}];
    if (t < 1.1 - 1e-9) rising = b.x[M::AIRCON + int{D_CONTACTOR}];
  };
  bench.run(1.6, 0.0005);
  const double V_falling = 0.45, V_rising = 0.55;  // of the bus; the far end is a little below
  EXPECT_NEAR(falling, (V_falling - 0.4) / 0.1, 0.05);
  EXPECT_NEAR(rising, (V_rising - 0.5) / 0.1, 0.05);
  EXPECT_NEAR(bench.x[M::AIRCON + int{D_CONTACTOR}], 1, 1e-9);
  std::printf("closed at 0.45 pu %.3f (0.5), back at 0.55 pu %.3f (0.5)\n", falling, rising);
}

TEST(CompositeLoad, MotorStagesAndTheRelayOfMotorDTripTheirShares) {
  Bench bench(with(composite_of_a_data_center(), {{C_FEL, 0.4}, {C_FMD, 0.4}, {TSTALL, 9999}, {C_LTC, -1}}));
  ASSERT_TRUE(bench.start(0.6, 0.2).ok());
  bench.profile({{0, 1}, {0.1, 0.45}, {0.5, 1}});
  bench.run(2, 0.0005);
  EXPECT_NEAR(bench.out[M::AIRCON_SHARE], 0.9, 1e-12);  // below 0.6 for 0.2 s: Fuvr = 0.1
  EXPECT_NEAR(bench.out[M::MOTOR_SHARE], 1, 1e-12);     // stage 2 tripped 0.6 after 0.25 s and returned
}

TEST(CompositeLoad, TapChangerWaitsThenStepsUntilItsBandIsReached) {
  const std::vector<double> p = composite_of_a_data_center();
  Bench bench(p);
  ASSERT_TRUE(bench.start(0.8, 0.2).ok());
  bench.profile({{0, 1}, {1, 0.97}});
  const double before = bench.held[M::TAP];
  std::vector<double> steps;
  double tap = before;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (b.held[M::TAP] != tap) steps.push_back(t);
    tap = b.held[M::TAP];
  };
  bench.run(120, 0.005);
  ASSERT_GE(steps.size(), 2U);
  EXPECT_NEAR(steps[0], 1 + 30 + 5, 0.05);  // Tdel + Ttap after the voltage left the band
  for (std::size_t k = 1; k < steps.size(); ++k) EXPECT_NEAR(steps[k] - steps[k - 1], 5, 1e-6);
  EXPECT_NEAR(tap - before, 0.00625 * static_cast<double>(steps.size()), 1e-12);
  EXPECT_GT(bench.out[M::V_LOW], 1.025);
  std::printf("%zu steps from %.2f s on, low side %.4f pu\n", steps.size(), steps[0], bench.out[M::V_LOW]);
}

}  // namespace
}  // namespace ballast::test
