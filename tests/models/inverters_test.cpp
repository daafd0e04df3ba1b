/// Converters as voltage sources and the controls of storage plants, each alone, against values worked out by
/// hand.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdio>

#include "tests/models/device_bench.hpp"
#include "tests/models/reference_inverters.hpp"

namespace ballast::test {
namespace {

using std::numbers::pi;
const Ratings kSameBase{100, 100, 60};

std::vector<double> with(std::vector<double> parameters, const Numbers& changes) {
  for (const auto& [i, value] : changes) parameters.at(i) = value;
  return parameters;
}

/// An electrical control that rests at P + jQ and 1 pu.
template <class M>
DeviceBench<M> control(const Numbers& changes, double P, double Q) {
  DeviceBench<M> bench(with(reference_row<M>().parameters, changes), kSameBase);
  bench.out[M::IPCMD] = P;
  bench.out[M::IQCMD] = Q;
  std::vector<double> inputs(M::kInputs, kUnknown);
  inputs[M::VT] = inputs[M::VR] = 1;
  inputs[M::VI] = 0;
  inputs[M::PE] = P;
  inputs[M::QE] = Q;
  const Outcome o = bench.rest_at(inputs);
  EXPECT_TRUE(o.ok()) << o.quantity << " " << o.value;
  return bench;
}

// ---- REECC1

TEST(Reecc1, StopsDischargingWhenEmptyAndChargingWhenFull) {
  using M = Reecc1;
  for (const double P : {1.0, -1.0}) {
    // 100 s from full to empty, started at 0.5 between 0.2 and 0.8.
    DeviceBench<M> bench = control<M>({{M::DISCHARGE, 100}}, P, 0);
    double stops = 0;
    bench.drive = [&](double, double* in) {
      in[M::PE] = bench.out[M::IPCMD];
    };  // the converter obeys at once
    bench.observe = [&](double t, const DeviceBench<M>& b) {
      if (stops == 0 && b.out[M::IPCMD] == 0) stops = t;
    };
    bench.run(40, 0.01);
    std::printf("P = %+g: stops at %.6f s (30), state of charge %.6f\n", P, stops, bench.x[M::SOC]);
    EXPECT_NEAR(stops, 30, 1e-6);
    EXPECT_NEAR(bench.x[M::SOC], P > 0 ? 0.2 : 0.8, 1e-6);
    bench.in[M::PREF] = -P;  // the other way is free
    bench.run(41, 0.01);
    EXPECT_NEAR(bench.out[M::IPCMD], -P, 1e-6);
  }
}

TEST(Reecc1, ChargingCurrentHasWhatReactiveCurrentLeaves) {
  using M = Reecc1;
  DeviceBench<M> bench = control<M>({{M::PMIN, -1.5}, {M::QMAX, 2}, {M::QMIN, -2}}, -0.5, 0);
  bench.in[M::QEXT] = 1.0;
  bench.in[M::PREF] = -1.4;
  bench.run(1, 0.001);
  // Iq first: 1.0 of Imax 1.3.
  EXPECT_NEAR(bench.out[M::IPCMD], -std::sqrt(1.3 * 1.3 - 1.0), 1e-6);
}

// ---- REECD1

TEST(Reecd1, HoldsTheVoltageBehindItsCompensation) {
  using M = Reecd1;
  for (const double line_drop : {0.0, 1.0}) {
    DeviceBench<M> bench = control<M>({{M::VCMPFLAG, line_drop}, {M::QFLAG, 1}, {M::KC, 0.04}}, 0.6, 0.2);
    const std::complex<double> V = 1;
    const std::complex<double> I = std::conj(std::complex<double>(0.6, 0.2) / V);
    const double expected =
        line_drop > 0.5 ? std::abs(V - std::complex<double>(0.01, 0.05) * I) : 1 + 0.04 * 0.2;
    EXPECT_NEAR(bench.x[M::VC_FILTER], expected, 1e-9);
    std::printf("VCMPFLAG %g: %.9f pu, by hand %.9f\n", line_drop, bench.x[M::VC_FILTER], expected);
  }
}

TEST(Reecd1, KeBoundsTheChargingCurrent) {
  using M = Reecd1;
  DeviceBench<M> bench = control<M>({{M::KE, 0.5}, {M::PMIN, -1.5}}, 0.2, 0);
  bench.in[M::PREF] = -1.4;
  bench.run(1, 0.001);
  EXPECT_NEAR(bench.out[M::IPCMD], -0.5 * 1.1, 1e-6);  // half of VDL2 at 1 pu
}

TEST(Reecd1, ADipFreezesHoldsAndBlocksAsLongAsItsTimersSay) {
  using M = Reecd1;
  // Dip from 1 s to 1.5 s, below Vblkl from 1.1 s to 1.2 s; the filter of 1 ms sees them up to 1.2 ms later.
  DeviceBench<M> bench =
      control<M>({{M::TRV, 0.001}, {M::THLD, 0.1}, {M::THLD2, 0.2}, {M::TBLK_DELAY, 0.05}}, 0.5, 0);
  bench.breaks = {1, 1.1, 1.2, 1.5};
  bench.drive = [](double t, double* in) {
    in[M::VT] = t < 1 || t >= 1.5 ? 1 : t >= 1.1 && t < 1.2 ? 0.1 : 0.7;
    in[M::VR] = in[M::VT];
  };
  bench.run(1.05, 0.001);
  // 2 (1 - 0.7 - 0.05) of support at 0.7 pu; the order 0.5 asks for 0.5/0.7.
  EXPECT_NEAR(bench.out[M::IQCMD], 0.5, 1e-9);
  EXPECT_NEAR(bench.out[M::IPCMD], 0.5 / 0.7, 1e-9);
  bench.run(1.15, 0.001);
  EXPECT_EQ(bench.out[M::IQCMD], 0);
  EXPECT_EQ(bench.out[M::IPCMD], 0);
  bench.run(1.2499, 0.0001);
  EXPECT_EQ(bench.out[M::IPCMD], 0) << "Tblk_delay";
  bench.run(1.3, 0.001);
  EXPECT_NEAR(bench.out[M::IPCMD], 0.5 / 0.7, 1e-9);
  bench.run(1.59, 0.001);
  // The dip ends at 0.905 pu: 2 (1 - 0.905 - 0.05) and 0.5/0.905 are held.
  EXPECT_NEAR(bench.out[M::IQCMD], 0.09, 1e-9) << "held for Thld";
  EXPECT_NEAR(bench.out[M::IPCMD], 0.5 / 0.905, 1e-9) << "held for Thld2";
  bench.run(1.69, 0.001);
  EXPECT_NEAR(bench.out[M::IQCMD], 0, 1e-6);
  EXPECT_NEAR(bench.out[M::IPCMD], 0.5 / 0.905, 1e-9);
  bench.run(1.72, 0.001);
  EXPECT_NEAR(bench.out[M::IPCMD], 0.5, 1e-6);
}

// ---- REGCB1, REGCC1

/// A converter that rests at P + jQ and 1 pu.
template <class M>
DeviceBench<M> converter(const Numbers& changes, double P, double Q) {
  DeviceBench<M> bench(with(reference_row<M>().parameters, changes), kSameBase);
  bench.out[M::IR] = P;
  bench.out[M::II] = -Q;
  std::vector<double> inputs(M::kInputs, kUnknown);
  inputs[M::VR] = 1;
  inputs[M::VI] = 0;
  if constexpr (requires { M::FRAME_SPEED; }) inputs[M::FRAME_SPEED] = 1;
  const Outcome o = bench.rest_at(inputs);
  EXPECT_TRUE(o.ok()) << o.quantity << " " << o.value;
  return bench;
}

TEST(Regcb1, AStepOfVoltageDrivesACurrentThatDiesWithTe) {
  using M = Regcb1;
  DeviceBench<M> bench = converter<M>({}, 0.8, 0.2);
  bench.in[M::VR] = 0.98;
  bench.run(0.03, 0.0005);
  // I = wanted + (0.02 / Z) e^(-t/Te), Z = 0.01 + j 0.15, Te = 0.02 s
  const std::complex<double> I =
      std::complex<double>(0.8, -0.2) + 0.02 / std::complex<double>(0.01, 0.15) * std::exp(-0.03 / 0.02);
  std::printf("after 30 ms: %.9f %+.9fj pu, by hand %.9f %+.9fj\n", bench.out[M::IR], bench.out[M::II],
              I.real(), I.imag());
  EXPECT_NEAR(bench.out[M::IR], I.real(), 1e-8);
  EXPECT_NEAR(bench.out[M::II], I.imag(), 1e-8);
}

TEST(Regcb1, ImaxLeavesTheOtherCurrentWhatPqflagLeavesIt) {
  using M = Regcb1;
  for (const double active_first : {0.0, 1.0}) {
    DeviceBench<M> bench = converter<M>({{M::PQFLAG, active_first}}, 0.5, 0.1);
    bench.in[M::IPCMD] = 1;
    bench.in[M::IQCMD] = 1;
    bench.run(1, 0.001);
    const double rest = std::sqrt(1.15 * 1.15 - 1);
    EXPECT_NEAR(bench.out[M::PE], active_first > 0.5 ? 1 : rest, 1e-6);
    EXPECT_NEAR(bench.out[M::QE], active_first > 0.5 ? rest : 1, 1e-6);
  }
}

TEST(Regcb1, RrpwrLimitsCurrentOrPowerInBothDirections) {
  using M = Regcb1;
  for (const double by_power : {0.0, 1.0})
    for (const double sign : {1.0, -1.0}) {
      DeviceBench<M> bench = converter<M>({{M::RATEFLAG, by_power}, {M::RRPWR, 0.5}}, 0.1 * sign, 0);
      bench.in[M::VR] = 0.5;
      bench.in[M::IPCMD] = sign;
      bench.run(0.3, 0.001);
      const double before = bench.out[M::PE];
      bench.run(0.5, 0.001);
      const double grown = std::abs(bench.out[M::PE] - before);
      const double expected = by_power > 0.5 ? 0.5 * 0.2 : 0.5 * 0.2 * 0.5;  // the current at 0.5 pu
      std::printf("RateFlag %g: power grows by %.9f pu in 0.2 s, by hand %.9f\n", by_power, grown, expected);
      EXPECT_NEAR(grown, expected, 1e-6);
    }
}

TEST(Regcc1, ThePhaseLockedLoopAnswersAPhaseJumpAsASecondOrderSystem) {
  using M = Regcc1;
  DeviceBench<M> bench = converter<M>({}, 0.5, 0);
  const double jump = 1e-3;
  bench.in[M::VR] = std::cos(jump);
  bench.in[M::VI] = std::sin(jump);
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    const double w = std::sqrt(1400.0);
    const double z = 60 / (2 * w);
    const double wd = w * std::sqrt(1 - z * z);
    const double error = jump * std::exp(-z * w * t) * (std::cos(wd * t) - z * w / wd * std::sin(wd * t));
    worst = std::max(worst, std::abs(jump - b.x[M::DELTA] - error));
  };
  bench.run(0.3, 0.0005);
  std::printf("angle within %.1e rad of the second-order answer (jump %.0e, tolerance 1e-9)\n", worst, jump);
  EXPECT_LT(worst, 1e-9);
}

TEST(Regcc1, FollowsAFrequencyAndDeliversWhatIsCommanded) {
  using M = Regcc1;
  DeviceBench<M> bench = converter<M>({}, 0.5, 0.1);
  // The frame turns with the island at 59.4 Hz, the voltage rests in it.
  bench.in[M::FRAME_SPEED] = 0.99;
  bench.in[M::IPCMD] = 0.7;
  bench.in[M::IQCMD] = -0.2;
  bench.run(4, 0.001);
  EXPECT_NEAR(bench.x[M::PLL_INTEGRAL], -0.01 * 2 * pi * 60, 1e-6);
  EXPECT_NEAR(bench.out[M::PE], 0.7, 1e-6);
  EXPECT_NEAR(bench.out[M::QE], -0.2, 1e-6);
}

// ---- REGFM_A1, REGFM_B1

TEST(RegfmA1, ItsFrequencyIsTheDroopOfItsFilteredPower) {
  using M = RegfmA1;
  DeviceBench<M> bench = converter<M>({}, 0.5, 0.1);
  bench.in[M::PREF] = 0.7;
  bench.evaluate(0);
  EXPECT_NEAR(bench.rate[M::OMEGA], 0.02 * 0.2 / 0.004, 1e-9);  // told behind 4 ms
  EXPECT_NEAR(bench.rate[M::DELTA], 0.02 * 0.2 * 2 * pi * 60, 1e-9);
  // A step of power moves it at -mp dP/Tpf, which is -dP/(2H) with the H of its weight.
  bench.x[M::POWER] = 0.5 - 1e-3;
  bench.evaluate(0);
  const double H = RegfmA1::inertia<double>(bench.derived);
  std::printf("weight %.6f s, Tpf/(2 mp) = %.6f s\n", H, 0.02 / (2 * 0.02));
  EXPECT_NEAR(0.02 * bench.rate[M::POWER], 1e-3 / (2 * H), 1e-9);
}

TEST(RegfmA1, AFaultGetsImaxAtTheAngleOfTheUnlimitedCurrent) {
  using M = RegfmA1;
  DeviceBench<M> bench = converter<M>({}, 0.5, 0.1);
  for (const double V : {0.5, 0.1, 0.0}) {
    bench.in[M::VR] = V;
    bench.evaluate(0);
    const std::complex<double> I(bench.out[M::IR], bench.out[M::II]);
    const std::complex<double> free =
        (std::polar(bench.x[M::EMF], bench.x[M::DELTA]) - V) / std::complex<double>(0.01, 0.15);
    EXPECT_NEAR(std::abs(I), 1.5, 1e-9) << V;
    EXPECT_NEAR(std::arg(I / free), 0, 1e-9) << V;
  }
}

TEST(RegfmA1, HoldsItsPowerLimitsAgainstAStiffGrid) {
  using M = RegfmA1;
  // A grid at 0.99 asks for 0.5 + 0.01/0.02 = 1.0 pu and gets Pmax = 0.8.
  DeviceBench<M> bench = converter<M>({{M::PMAX, 0.8}, {M::IMAX, 0}}, 0.5, 0);
  bench.in[M::FRAME_SPEED] = 0.99;
  bench.run(20, 0.0005);
  std::printf("REGFM_A1: %.6f pu (Pmax 0.8), frequency deviation %.6f\n", bench.out[M::PE],
              bench.out[M::SPEED]);
  EXPECT_NEAR(bench.out[M::PE], 0.8, 1e-5);
  EXPECT_NEAR(bench.out[M::SPEED], -0.01, 1e-7);
}

TEST(RegfmA1, ADroopInRadiansPerSecondIsRefused) {
  EXPECT_FALSE(RegfmA1::parameters[RegfmA1::MP].possible.contains(3.77));
  EXPECT_TRUE(RegfmA1::parameters[RegfmA1::MP].usual.contains(3.77 / (2 * pi * 60)));
}

TEST(RegfmB1, SharesByDroopAndSwingsWithItsInertia) {
  using M = RegfmB1;
  DeviceBench<M> bench = converter<M>({}, 0.4, 0.1);
  bench.in[M::PREF] = 0.5;
  bench.evaluate(0);
  EXPECT_NEAR(bench.rate[M::OMEGA], 0.1 / (2 * 0.5), 1e-9);
  bench.in[M::PREF] = 0.4;
  bench.in[M::FRAME_SPEED] = 0.995;
  bench.run(10, 0.0005);
  std::printf("REGFM_B1: %.6f pu at 0.995, by hand %.6f\n", bench.out[M::PE], 0.4 + 0.005 / 0.02);
  EXPECT_NEAR(bench.out[M::PE], 0.4 + 0.005 / 0.02, 1e-6);
  EXPECT_NEAR(bench.out[M::SPEED], -0.005, 1e-8);
}

TEST(RegfmB1, ItsActiveCurrentStaysWithinTheSteadyLimit) {
  using M = RegfmB1;
  DeviceBench<M> bench = converter<M>({}, 0.4, 0.1);
  bench.in[M::PREF] = 1.2;
  bench.run(30, 0.0005);
  std::printf("REGFM_B1: active current %.6f pu, Kf Issmax = 0.9\n", bench.x[M::ID]);
  EXPECT_NEAR(bench.x[M::ID], 0.9, 1e-5);
  EXPECT_NEAR(bench.out[M::PE], 0.9, 1e-5);
}

TEST(RegfmB1, TheLoopSleepsWhileTheVoltageIsGone) {
  using M = RegfmB1;
  DeviceBench<M> bench = converter<M>({}, 0.4, 0.1);
  bench.in[M::VR] = 0.03;
  bench.in[M::VI] = 0.03;
  bench.evaluate(0);
  EXPECT_EQ(bench.rate[M::DELTA_PLL], 0);
  EXPECT_EQ(bench.rate[M::PLL_INTEGRAL], 0);
  EXPECT_NEAR(std::hypot(bench.out[M::IR], bench.out[M::II]), 1.5, 1e-9);  // Ifaultmax
}

}  // namespace
}  // namespace ballast::test
