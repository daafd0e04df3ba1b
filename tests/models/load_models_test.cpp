/// Dynamic loads, each alone: what their characteristics, automata and equivalent circuits do.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numbers>

#include "tests/models/load_bench.hpp"

namespace ballast::test {
namespace {

// ---- static load with frequency

TEST(Ldfr, EachPartFollowsItsOwnExponent) {
  const double V = 0.95, w = 0.98;
  const double factors[] = {0.9, 0.8};  // of P and Q
  DeviceBench<Ldfr> bench({20, 5, 30, 10, 50, 15, 0.7, 1.5, -1, 0.8, -2}, kSystem);
  ASSERT_TRUE(bench.rest_at({V, 0, kUnknown, kUnknown, 1}).ok());
  bench.in[Ldfr::P_FACTOR] = factors[0];
  bench.in[Ldfr::Q_FACTOR] = factors[1];
  bench.in[Ldfr::FRAME_SPEED] = w;
  bench.evaluate(0);
  const double P = factors[0] * (0.20 * V * V + 0.30 * V * std::pow(w, 0.8) + 0.50 * std::pow(w, 1.5));
  const double Q = factors[1] * (0.05 * V * V + 0.10 * V * std::pow(w, -2) + 0.15 * std::pow(w, -1));
  const double drawn_P = -V * bench.out[Ldfr::IR];
  const double drawn_Q = V * bench.out[Ldfr::II];
  std::printf("P %.12f, by hand %.12f; Q %.12f, by hand %.12f (tolerance 1e-11)\n", drawn_P, P, drawn_Q, Q);
  EXPECT_NEAR(drawn_P, P, 1e-11);
  EXPECT_NEAR(drawn_Q, Q, 1e-11);
}

// ---- LDELEC

/// PowerWorld's table of cases, written out.
double share_by_cases(double V, double Vmin, double Vd1, double Vd2, double Frcel) {
  Vmin = std::max(std::min(Vmin, V), Vd2);
  if (V < Vd2) return 0;
  if (V < Vd1) return V <= Vmin ? (V - Vd2) / (Vd1 - Vd2) : ((Vmin - Vd2) + Frcel * (V - Vmin)) / (Vd1 - Vd2);
  return Vmin >= Vd1 ? 1 : ((Vmin - Vd2) + Frcel * (Vd1 - Vmin)) / (Vd1 - Vd2);
}

TEST(Ldelec, OneLineGivesEveryCaseOfTheTable) {
  const auto share = make_electronic_share<double>(0.8, 0.7, 0.4);
  double worst = 0;
  int cases = 0;
  for (int v = 0; v <= 240; ++v)
    for (int m = 0; m <= 240; ++m) {
      const double V = v / 200.0;
      const double Vmin = m / 200.0;
      double rate = 0;
      const double F = electronic_share(share, V, Vmin, rate);
      worst = std::max(worst, std::abs(F - share_by_cases(V, Vmin, 0.8, 0.7, 0.4)));
      EXPECT_LE(rate, 0);
      ++cases;
    }
  std::printf("%d pairs of V and Vmin, largest difference %.1e (tolerance 1e-12)\n", cases, worst);
  EXPECT_LT(worst, 1e-12);
}

TEST(Ldelec, WhatDroppedOutReturnsByItsShare) {
  using M = Ldelec;
  LoadBench<M> bench({0.8, 0.7, 0.4, 0});
  ASSERT_TRUE(bench.start(0.9, 0.3).ok());
  // Half of the equipment drops out at 0.75 pu; 40 % of it returns.
  bench.profile({{0, 1}, {0.1, 0.75}, {0.5, 0.775}, {0.6, 1}});
  Complex low, between;
  bench.observe = [&](double t, const DeviceBench<M>&) {
    if (t < 0.5 - 1e-9) low = bench.drawn();
    if (t < 0.6 - 1e-9) between = bench.drawn();
  };
  bench.run(1, 0.001);
  EXPECT_NEAR(low.real(), 0.9 * 0.5, 1e-9);
  EXPECT_NEAR(low.imag(), 0.3 * 0.5, 1e-9);
  EXPECT_NEAR(between.real(), 0.9 * (0.5 + 0.4 * 0.25), 1e-9);
  EXPECT_NEAR(bench.drawn().real(), 0.9 * 0.7, 1e-9);
  std::printf("P = %.9f (0.45), %.9f (0.54), %.9f (0.63), tolerance 1e-9\n", low.real(), between.real(),
              bench.drawn().real());
}

TEST(Ldelec, NothingIsDrawnBelowVd2AndOnADeadBus) {
  using M = Ldelec;
  LoadBench<M> bench({0.65, 0.6, 0.8, 0});
  ASSERT_TRUE(bench.start(0.9, 0.3).ok());
  for (const double V : {0.6, 0.3, 1e-6, 0.0}) {
    bench.in[M::VR] = V;
    bench.evaluate(0);
    EXPECT_NEAR(bench.out[M::IR], 0, 1e-9) << V;
    EXPECT_NEAR(bench.out[M::II], 0, 1e-9) << V;
  }
}

TEST(Ldelec, APowerFactorOfItsOwnLeavesTheRestToAShunt) {
  using M = Ldelec;
  LoadBench<M> bench({0.65, 0.6, 0.8, 0.8});
  ASSERT_TRUE(bench.start(0.8, 0.1).ok());
  EXPECT_NEAR(bench.drawn().imag(), 0.1, 1e-12);
  bench.in[M::VR] = 0.9;
  bench.evaluate(0);
  EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-6);
  EXPECT_NEAR(bench.drawn().imag(), 0.6 - 0.5 * 0.81, 1e-6);  // the shunt gave 0.5 pu at 1 pu
}

// ---- induction motors

/// What the equivalent circuit of CIM5 draws from V at a slip, without saturation: nothing of models/ is
/// used.
Complex circuit_impedance(const std::vector<double>& p, double slip) {
  using M = Cim5;
  const Complex j(0, 1);
  const Complex first = p[M::R1] / slip;
  Complex rotor = first + j * p[M::X1];
  if (p[M::R2] > 0) {
    const Complex second = p[M::R2] / slip + j * p[M::X2];
    rotor = p[M::IT] < 1.5 ? 1.0 / (1.0 / rotor + 1.0 / second)
                           : j * p[M::X1] + 1.0 / (1.0 / first + 1.0 / second);
  }
  return p[M::RA] + j * p[M::XA] + 1.0 / (1.0 / (j * p[M::XM]) + 1.0 / rotor);
}

TEST(Motor, TwoLagsAreTheEquivalentCircuitAtEverySlip) {
  using M = Cim5;
  const Numbers linear{{M::SE1, 0}, {M::SE2, 0}, {M::RA, 0.013}};
  const std::vector<Numbers> circuits = {{},
                                         {{M::R2, 0.02}, {M::X2, 0.1}},
                                         {{M::IT, 2}, {M::R2, 0.02}, {M::X2, 0.1}},
                                         {{M::R1, 0.07}, {M::R2, 0.004}, {M::X2, 0.3}}};
  double worst = 0;
  for (const Numbers& changes : circuits) {
    const std::vector<double> p = with(with(kCim5, linear), changes);
    const auto d = M::derive<double>(p.data(), kSystem);
    for (double s = 1e-4; s <= 1.5; s *= 1.1) {
      const Complex I = motor_at_slip(d.motor, 1, s).I;
      worst = std::max(worst, std::abs(I - 1.0 / circuit_impedance(p, s)) / std::abs(I));
    }
  }
  std::printf("largest relative difference of the current %.1e (tolerance 1e-12)\n", worst);
  EXPECT_LT(worst, 1e-12);
}

TEST(Motor, StartingCurrentAndSlipAtRatedLoadAgreeWithTheClosedForm) {
  using M = Cim5;
  const std::vector<double> p = with(kCim5, {{M::SE1, 0}, {M::SE2, 0}});
  const auto d = M::derive<double>(p.data(), kSystem);
  const double starting = std::abs(motor_at_slip(d.motor, 1, 1).I);
  // Lossless stator: torque and slip are those of a resistance R1/s behind the Thevenin equivalent of the
  // stator.
  const Complex j(0, 1);
  const double share = p[M::XM] / (p[M::XA] + p[M::XM]);
  const double X = share * p[M::XA] + p[M::X1];
  EXPECT_NEAR(starting, std::abs(1.0 / circuit_impedance(p, 1)), 1e-12);
  double slip = 0;
  const double load = 0.8;
  ASSERT_TRUE(motor_slip(d.motor, 1, load, slip).ok());
  // load = share^2 r / (r^2 + X^2) with r = R1/s: a quadratic in r, whose larger root is the stable one.
  const double b = share * share / load;
  const double r = 0.5 * (b + std::sqrt(b * b - 4 * X * X));
  std::printf("starting current %.6f pu, slip at %.1f pu %.12f, closed form %.12f (tolerance 1e-12)\n",
              starting, load, slip, p[M::R1] / r);
  EXPECT_NEAR(slip, p[M::R1] / r, 1e-12);
}

TEST(Motor, PowerGoesIntoCopperShaftAndNothingElseAtConstantSlip) {
  using M = MotorCmp;
  const auto d = M::derive<double>(kMotorA.data(), kSystem);
  double worst = 0;
  for (double s = 1e-3; s <= 1; s *= 1.3) {
    const MotorPoint at = motor_at_slip(d.motor, 0.95, s);
    worst = std::max(worst, std::abs(at.power - at.torque - d.motor.Ra * std::norm(at.I)));
  }
  std::printf("power less air-gap power less stator copper: at most %.1e pu (tolerance 1e-12)\n", worst);
  EXPECT_LT(worst, 1e-12);
}

TEST(Motor, RestsAtTheSlipOfItsLoadInAnyCircuit) {
  using M = Cim5;
  LoadBench<M> bench(with(kCim5, {{M::R2, 0.02}, {M::X2, 0.1}}));
  ASSERT_TRUE(bench.start(0.8, 0.3).ok());
  EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-12);
  EXPECT_NEAR(bench.drawn().imag(), 0.3, 1e-12);
  bench.run(1, 0.0005);
  EXPECT_NEAR(bench.drawn().real(), 0.8, 1e-9);
}

/// The voltage at which a motor with constant load torque has its pull-out just at that torque.
TEST(Motor, StallsBelowTheVoltageOfItsPullOutAndNotAbove) {
  using M = Cim5;
  const std::vector<double> p = with(kCim5, {{M::SE1, 0}, {M::SE2, 0}, {M::D, 0}, {M::V_TRIP, 0}});
  LoadBench<M> probe(p);
  ASSERT_TRUE(probe.start(0.8, 0.4).ok());
  const double torque = probe.held[M::TORQUE0];
  const double share = p[M::XM] / (p[M::XA] + p[M::XM]);
  const double X = share * p[M::XA] + p[M::X1];
  const double critical =
      std::sqrt(torque * 2 * X) / share;  // pull-out of a lossless stator: (share V)^2/(2X)
  double speed[2] = {};
  for (const int below : {0, 1}) {
    LoadBench<M> bench(p);
    ASSERT_TRUE(bench.start(0.8, 0.4).ok());
    bench.profile({{0, 1}, {0.1, critical * (below == 1 ? 0.98 : 1.02)}});
    bench.run(30, 0.001);
    speed[below] = bench.out[M::SPEED];
  }
  std::printf("critical voltage %.4f pu; speed 2 %% above it %.4f, 2 %% below %.4f pu\n", critical, speed[0],
              speed[1]);
  EXPECT_GT(speed[0], 0.9);
  EXPECT_NEAR(speed[1], 0, 1e-3);  // stands still: constant torque does not turn it backwards
}

/// The fifth-order motor as PSLF, PSAT and ANDES write it, E' and E'' as phasors of the network's frame, by
/// its own Runge-Kutta steps: nothing of models/ but the parameters.
struct FifthOrderMotor {
  const std::vector<double>& p;
  Complex Ep, Epp;
  double slip = 0, torque = 0;
  [[nodiscard]] Complex current(double V, const Complex& E) const {
    return (V - E) / Complex(p[MotorCmp::RS], p[MotorCmp::LPP]);
  }
  void step(double V, double h) {
    struct Rate {
      Complex Ep, Epp;
      double slip;
    };
    using M = MotorCmp;
    const Complex j(0, 1);
    const double w0 = 2 * std::numbers::pi * 60;
    const auto rate = [&](const Complex& ep, const Complex& epp, double s) {
      const Complex I = current(V, epp);
      Rate r;
      r.Ep = (-ep + j * (p[M::LS] - p[M::LP]) * I) / p[M::TPO] - j * w0 * s * ep;
      r.Epp = (ep - epp + j * (p[M::LP] - p[M::LPP]) * I) / p[M::TPPO] - j * w0 * s * epp + r.Ep +
              j * w0 * s * ep;
      r.slip = (torque * std::pow(1 - s, p[M::ETRQ]) - (epp * std::conj(I)).real()) / (2 * p[M::H]);
      return r;
    };
    const Rate a = rate(Ep, Epp, slip);
    const Rate b = rate(Ep + 0.5 * h * a.Ep, Epp + 0.5 * h * a.Epp, slip + 0.5 * h * a.slip);
    const Rate c = rate(Ep + 0.5 * h * b.Ep, Epp + 0.5 * h * b.Epp, slip + 0.5 * h * b.slip);
    const Rate d = rate(Ep + h * c.Ep, Epp + h * c.Epp, slip + h * c.slip);
    Ep += h / 6 * (a.Ep + 2.0 * b.Ep + 2.0 * c.Ep + d.Ep);
    Epp += h / 6 * (a.Epp + 2.0 * b.Epp + 2.0 * c.Epp + d.Epp);
    slip += h / 6 * (a.slip + 2 * b.slip + 2 * c.slip + d.slip);
  }
};

TEST(MotorCmp, MovesAsTheFifthOrderMotorOfOtherPrograms) {
  using M = MotorCmp;
  const std::vector<double> p = with(kMotorA, {{M::H, 0.3}, {M::ETRQ, 2}, {M::VTR1, 0}, {M::VTR2, 0}});
  LoadBench<M> bench(p);
  ASSERT_TRUE(bench.start(0.8, 0.3).ok());
  FifthOrderMotor other{p, {}, {}, -bench.x[MOTOR_SPEED], bench.held[M::TORQUE0]};
  other.Ep = Complex(bench.x[E1_D], bench.x[E1_Q]);
  other.Epp = other.Ep + Complex(bench.x[E2_D], bench.x[E2_Q]);
  bench.profile({{0, 1}, {0.1, 0.55}, {0.3, 0.95}});
  constexpr double h = 0.0001;
  double worst_speed = 0;
  double worst_power = 0;
  double t_other = 0;
  double slowest = 1;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    for (; t_other < t - 0.5 * h; t_other += h) {
      const double V = t_other < 0.1 - 0.5 * h ? 1 : t_other < 0.3 - 0.5 * h ? 0.55 : 0.95;
      other.step(V, h);
    }
    const double V = b.in[M::VR];
    const double scale = b.held[M::BASE];
    worst_speed = std::max(worst_speed, std::abs(b.out[M::SPEED] - (1 - other.slip)));
    worst_power = std::max(worst_power,
                           std::abs(bench.drawn().real() - scale * V * other.current(V, other.Epp).real()));
    slowest = std::min(slowest, b.out[M::SPEED]);
  };
  bench.run(1, h);
  std::printf("speed down to %.4f pu; speed within %.1e pu, power within %.1e pu (tolerances 1e-7, 1e-6)\n",
              slowest, worst_speed, worst_power);
  EXPECT_LT(worst_speed, 1e-7);
  EXPECT_LT(worst_power, 1e-6);
}

TEST(Cim5, RelayTripsAfterItsCyclesAndTheBreakersAndNotBefore) {
  using M = Cim5;  // VI = 0.6, TI = 12 cycles, TB = 3 cycles
  for (const double dip : {0.19, 0.21}) {
    LoadBench<M> bench(kCim5);
    ASSERT_TRUE(bench.start(0.8, 0.4).ok());
    bench.profile({{0, 1}, {0.1, 0.55}, {0.1 + dip, 1}});
    bench.run(1, 0.0005);
    if (dip < 0.2) {
      EXPECT_EQ(bench.mode[M::AUTOMATON], M::ON);
      EXPECT_NEAR(bench.drawn().real(), 0.8, 5e-3);
    } else {
      ASSERT_FALSE(bench.moves.empty());
      EXPECT_EQ(bench.moves.back().to, M::OFF);
      EXPECT_NEAR(bench.moves.back().time, 0.1 + 15.0 / 60, 1e-6);
      EXPECT_NEAR(bench.moves.back().pickup_time, 0.1, 1e-6);
      EXPECT_NEAR(bench.drawn().real(), 0, 1e-12);
      EXPECT_NEAR(bench.drawn().imag(), -bench.held[M::SHUNT] * bench.held[M::BASE],
                  1e-6);  // the shunt stays
    }
  }
}

TEST(MotorCmp, StagesTripTheirSharesAndReturnByTheirOwnTimers) {
  using M = MotorCmp;  // stage 1: below 0.65 for 0.5 s trips 0.3, never returns; stage 2: 0.5, 0.25 s, 0.6,
                       // 0.65, 0.1 s
  LoadBench<M> bench(kMotorA);
  ASSERT_TRUE(bench.start(0.8, 0.3).ok());
  bench.profile({{0, 1}, {0.1, 0.4}, {0.45, 0.6}, {0.7, 1}});
  std::vector<std::pair<double, double>> shares{{0, 1}};
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (std::abs(b.out[M::CONNECTED] - shares.back().second) > 1e-9)
      shares.emplace_back(t, b.out[M::CONNECTED]);
  };
  bench.run(2, 0.0005);
  const std::vector<std::pair<double, double>> expected{{0, 1}, {0.35, 0.4}, {0.6, 0.1}, {0.8, 0.7}};
  ASSERT_EQ(shares.size(), expected.size());
  for (std::size_t k = 0; k < shares.size(); ++k) {
    EXPECT_NEAR(shares[k].first, expected[k].first, 1e-6);
    EXPECT_NEAR(shares[k].second, expected[k].second, 1e-12);
  }
}

// ---- PERC1

/// Cease below 0.5 pu for 10 ms, back above 0.6 for 50 ms, ramp of 1 s to 0.7 of what ceased (80 %).
const std::vector<double> kPerc1 = {0.5,  0.01, 0.6,  0.05, 1,    0.8,     0.7,    0.02, 0, 0.02, 0,
                                    0.02, 0,    0.02, 0,    0.02, -0.0006, 0.0006, 0,    0, 0.02};

TEST(Perc1, CeasesWaitsAndRampsToItsFinalShare) {
  using M = Perc1;
  LoadBench<M> bench(kPerc1);
  ASSERT_TRUE(bench.start(1, 0.2).ok());
  bench.profile({{0, 1}, {0.1, 0.3}, {0.3, 1}});
  // The filter (20 ms) passes 0.5 on the way from 1 to 0.3, and 0.6 on the way back.
  const double passes_low = 0.1 + 0.02 * std::log(0.7 / 0.2);
  const double at_end = 0.3 + 0.7 * std::exp(-0.2 / 0.02);
  const double passes_high = 0.3 + 0.02 * std::log((1 - at_end) / 0.4);
  bench.run(3, 0.0005);
  ASSERT_EQ(bench.moves.size(), 4U);
  EXPECT_NEAR(bench.moves[0].time, passes_low + 0.01, 1e-6);
  EXPECT_EQ(bench.moves[0].to, M::CEASED);
  EXPECT_NEAR(bench.moves[1].time, passes_high, 1e-6);
  EXPECT_EQ(bench.moves[1].to, M::WAITING);
  EXPECT_NEAR(bench.moves[2].time, passes_high + 0.05, 1e-6);
  EXPECT_EQ(bench.moves[2].to, M::RAMPING);
  EXPECT_NEAR(bench.moves[3].time, passes_high + 1.05, 1e-6);
  EXPECT_NEAR(bench.drawn().real(), 1 - 0.8 + 0.7 * 0.8, 1e-9);
  EXPECT_NEAR(bench.drawn().imag(), 0.2 * (1 - 0.8 + 0.7 * 0.8), 1e-9);
  std::printf("ceased %.6f s (%.6f), back %.6f s (%.6f), at the end %.9f (0.76)\n", bench.moves[0].time,
              passes_low + 0.01, bench.moves[3].time, passes_high + 1.05, bench.drawn().real());
}

TEST(Perc1, RidesThroughADipShorterThanItsTimerAndCeasesAgainDuringTheRamp) {
  using M = Perc1;
  LoadBench<M> brief(kPerc1);
  ASSERT_TRUE(brief.start(1, 0.2).ok());
  brief.profile({{0, 1}, {0.1, 0.3}, {0.13, 1}});  // the filtered voltage is below 0.5 for about 8 ms
  brief.run(1, 0.0005);
  EXPECT_TRUE(brief.moves.empty());
  EXPECT_NEAR(brief.drawn().real(), 1, 1e-9);

  LoadBench<M> again(kPerc1);
  ASSERT_TRUE(again.start(1, 0.2).ok());
  again.profile({{0, 1}, {0.1, 0.3}, {0.3, 1}, {0.9, 0.3}, {1.1, 1}});
  double between = 0;
  again.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 1.09) between = b.out[M::CONNECTED];
  };
  again.run(4, 0.0005);
  EXPECT_NEAR(between, 0.2, 1e-12);
  EXPECT_NEAR(again.out[M::CONNECTED], 0.76, 1e-12);
}

TEST(Perc1, FallingVoltageLowersTheLoadForATimeAndFrequencyBeyondTheDeadBandMovesIt) {
  using M = Perc1;
  LoadBench<M> bench(with(kPerc1, {{M::KVP, 0.5}, {M::TVP, 0.5}, {M::TV, 0.005}, {M::TBP, 0}}));
  ASSERT_TRUE(bench.start(1, 0).ok());
  bench.profile({{0, 1}, {0.1, 0.9}});
  double soon = 0;
  bench.observe = [&](double t, const DeviceBench<M>&) {
    if (t < 0.6) soon = bench.drawn().real();
  };
  bench.run(6, 0.0005);
  // Washout of a filtered step: -0.1 (e^(-t/0.5) - e^(-t/0.005))/(1 - 0.005/0.5)
  EXPECT_NEAR(soon, 1 - 0.5 * 0.1 * std::exp(-1.0) / (1 - 0.01), 1e-4);
  EXPECT_NEAR(bench.drawn().real(), 1, 1e-4);

  LoadBench<M> slow(with(kPerc1, {{M::KFP, 10}}));
  ASSERT_TRUE(slow.start(1, 0).ok());
  slow.in[M::FRAME_SPEED] = 0.999;
  slow.run(1, 0.001);
  EXPECT_NEAR(slow.drawn().real(), 1 - 10 * 0.0004, 1e-9);
}

}  // namespace
}  // namespace ballast::test
