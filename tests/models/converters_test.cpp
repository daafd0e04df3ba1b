/// Converters of wind and solar plants, each alone: what their limits, flags and automata do.
#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <cstdio>

#include "models/converters/reeca1.hpp"
#include "models/converters/reecb1.hpp"
#include "models/converters/regca1.hpp"
#include "models/converters/repca1.hpp"
#include "tests/models/device_bench.hpp"
#include "tests/models/reference_converters.hpp"

namespace ballast::test {
namespace {

const Ratings kSameBase{100, 100, 60};

std::vector<double> with(std::vector<double> parameters, const Numbers& changes) {
  for (const auto& [i, value] : changes) parameters.at(i) = value;
  return parameters;
}

// ---- REGCA1

/// Typical values, without the reactive current management unless a test wants it.
const std::vector<double> kRegca1 = {1,   0.02, 1,    0.9, 0.4, 1.22,   1.2, 0.9,
                                     0.5, -1.3, 0.02, 0.7, 100, -100.0, 0};

/// A converter at 1 pu whose voltage and commands a test moves.
struct ConverterBench : DeviceBench<Regca1> {
  using M = Regca1;
  double P = 0.9, Q = 0.2;
  explicit ConverterBench(const Numbers& changes = {}) : DeviceBench(with(kRegca1, changes), kSameBase) {}
  void start() {
    std::vector<double> inputs(M::kInputs, kUnknown);
    inputs[M::VR] = 1;
    inputs[M::VI] = 0;
    out[M::IR] = P;
    out[M::II] = -Q;
    ASSERT_TRUE(rest_at(inputs).ok());
  }
};

TEST(Regca1, DipTakesActiveCurrentAwayAndRrpwrBringsItBack) {
  using M = Regca1;
  ConverterBench bench;
  bench.start();
  const double dip_starts = 0.1;
  const double dip_ends = 0.25;
  bench.breaks = {dip_starts, dip_ends};
  bench.drive = [&](double t, double* in) {
    in[M::VR] = t >= dip_starts && t < dip_ends ? 0.2 : 1.0;
    in[M::VI] = 0;
  };
  double in_dip = 1;
  double at_300 = 0;
  double at_800 = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.24 + 1e-9) in_dip = b.x[M::IP];
    if (t < 0.3 + 1e-9) at_300 = b.out[M::PE];
    if (t < 0.8 + 1e-9) at_800 = b.out[M::PE];
  };
  bench.run(1.5, 0.001);
  EXPECT_NEAR(in_dip, 0, 1e-6);                   // LVPL is zero below Zerox
  EXPECT_NEAR((at_800 - at_300) / 0.5, 1, 1e-6);  // Rrpwr
  EXPECT_NEAR(bench.out[M::PE], 0.9, 1e-9);
  std::printf("Ip in the dip %.1e pu (0), recovery %.6f pu/s (Rrpwr = 1), afterwards P = %.9f (0.9)\n",
              in_dip, (at_800 - at_300) / 0.5, bench.out[M::PE]);
}

TEST(Regca1, LowVoltageScalesTheActiveCurrentOnTheLineFromLvpnt0ToLvpnt1) {
  using M = Regca1;
  ConverterBench bench;
  bench.start();
  bench.in[M::VR] = 0.42;  // direction (0.6, 0.8), V = 0.7
  bench.in[M::VI] = 0.56;
  bench.evaluate(0);
  EXPECT_NEAR(bench.out[M::PE], 0.9 * 0.7 * 0.5, 1e-6);
  EXPECT_NEAR(bench.out[M::QE], 0.2 * 0.7, 1e-6);
}

TEST(Regca1, HighVoltageTakesReactiveCurrentBackDownToIolim) {
  using M = Regca1;
  ConverterBench bench;
  bench.start();
  bench.in[M::VR] = 1.3;
  bench.evaluate(0);
  EXPECT_NEAR(bench.out[M::QE], 1.3 * (0.2 - 0.7 * 0.1), 1e-6);
  ConverterBench strong({{M::KHV, 100}});
  strong.start();
  strong.in[M::VR] = 1.3;
  strong.evaluate(0);
  EXPECT_NEAR(strong.out[M::QE], 1.3 * -1.3, 1e-6);
}

TEST(Regca1, TheReactiveRateThatLimitsFollowsTheSignAtRest) {
  using M = Regca1;
  for (const double sign : {1.0, -1.0}) {
    ConverterBench bench({{M::IQRMAX, 2}, {M::IQRMIN, -2}});
    bench.Q = 0.2 * sign;
    bench.start();
    bench.in[M::IQCMD] = bench.x[M::IQ] + 1;
    bench.evaluate(0);
    EXPECT_NEAR(bench.rate[M::IQ], sign > 0 ? 2 : 50, 1e-9);
    bench.in[M::IQCMD] = bench.x[M::IQ] - 1;
    bench.evaluate(0);
    EXPECT_NEAR(bench.rate[M::IQ], sign > 0 ? -50 : -2, 1e-9);
  }
}

TEST(Regca1, ADeadBusGetsNoCurrent) {
  using M = Regca1;
  ConverterBench bench;
  bench.start();
  for (const double V : {0.01, 1e-6, 0.0}) {
    bench.in[M::VR] = V;
    bench.evaluate(0);
    EXPECT_NEAR(bench.out[M::II], -0.2 * V / 0.2, 1e-6) << V;
    EXPECT_NEAR(bench.out[M::IR], 0, 1e-12) << V;
  }
}

// ---- REECA1

const std::vector<double> kReeca1 = {0,  0, 0,    0,   0,   0,   0.9,  1.1,   0.01, -0.05, 0.05, 2,   1.05,
                                     -1, 0, 0.15, 0.1, 0.3, 0,   0.44, -0.44, 1.1,  0.9,   1,    0.5, 2,
                                     20, 0, 0.02, 99,  -99, 1.1, 0,    1.2,   0.02, -1,    2,    2,   2,
                                     0,  0, 0,    0,   0.5, 0.6, 1,    1.1,   2,    1.1,   0,    0};

struct ControlBench : DeviceBench<Reeca1> {
  using M = Reeca1;
  explicit ControlBench(const Numbers& changes = {}) : DeviceBench(with(kReeca1, changes), kSameBase) {}
  void start(double V, double P, double Q) {
    std::vector<double> inputs(M::kInputs, kUnknown);
    set_voltage(inputs.data(), V);
    inputs[M::PE] = P;
    inputs[M::QE] = Q;
    out[M::IPCMD] = P / V;
    out[M::IQCMD] = Q / V;
    const Outcome o = rest_at(inputs);
    ASSERT_TRUE(o.ok()) << o.quantity;
  }
  static void set_voltage(double* in, double V) {
    in[M::VT] = in[M::VR] = V;
    in[M::VI] = 0;
  }
};

TEST(Reeca1, DipInjectsFreezesAndLeavesItsTraces) {
  using M = Reeca1;
  ControlBench bench;
  bench.start(1, 0.8, 0.1);
  bench.breaks = {0.1, 0.4};
  bench.drive = [](double t, double* in) {
    ControlBench::set_voltage(in, t >= 0.1 && t < 0.4 ? 0.75 : 1.0);
    in[M::PREF] = t >= 0.2 ? 0.5 : 0.8;
  };
  double in_dip = 0;
  double order_in_dip = 0;
  double after = 0;
  double limit_after = 0;
  double later = 0;
  double limit_later = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.39 + 1e-9) in_dip = b.out[M::IQCMD], order_in_dip = b.x[M::POWER_ORDER];
    if (t < 0.48 + 1e-9) after = b.out[M::IQCMD], limit_after = b.out[M::IPMAX];
    if (t < 0.65 + 1e-9) later = b.out[M::IQCMD], limit_later = b.out[M::IPMAX];
  };
  bench.run(1, 0.001);
  ASSERT_EQ(bench.moves.size(), 3U);
  EXPECT_EQ(bench.moves[0].to, M::DIP);
  EXPECT_NEAR(bench.moves[0].time, 0.1 + 0.01 * std::log(0.25 / 0.15), 1e-7);  // Vt behind Trv passes 0.9
  EXPECT_EQ(bench.moves[1].to, M::AFTER_DIP);
  EXPECT_EQ(bench.moves[2].to, M::NORMAL);
  EXPECT_NEAR(bench.moves[2].time - bench.moves[1].time, 0.1, 1e-9);  // Thld
  // The lag Tiq stands still where it was when the dip began: 0.1 pu, a little more for the falling voltage.
  const double frozen = bench.x[M::CURRENT_LAG];
  EXPECT_NEAR(in_dip, 0.1 + 2 * (0.25 - 0.05), 0.002);
  EXPECT_NEAR(order_in_dip, 0.8, 1e-12);
  EXPECT_NEAR(after, 0.1 + 0.15, 0.001);            // Iqfrz
  EXPECT_NEAR(limit_after, 0.6 + 0.8 * 0.5, 0.05);  // VDL2 near the end of the dip, on its way up
  EXPECT_EQ(limit_later, limit_after);              // Thld2 = 0.3 s
  EXPECT_NEAR(later, 0.1, 1e-4);
  EXPECT_NEAR(bench.out[M::IPMAX], 1.1, 1e-9);  // VDL2 again
  EXPECT_NEAR(bench.x[M::POWER_ORDER], 0.5, 1e-6);
  std::printf("Iq in the dip %.4f (0.5), after it %.4f (0.25), later %.6f (0.1); lag at the end %.6f\n",
              in_dip, after, later, frozen);
}

TEST(Reeca1, NegativeThldKeepsTheSupportAndZeroEndsItWithTheDip) {
  using M = Reeca1;
  for (const double Thld : {-0.2, 0.0}) {
    ControlBench bench({{M::THLD, Thld}});
    bench.start(1, 0.8, 0.1);
    bench.breaks = {0.1, 0.2};
    bench.drive = [](double t, double* in) {  // back inside the window, but below the deadband
      ControlBench::set_voltage(in, t < 0.1 ? 1.0 : t < 0.2 ? 0.7 : 0.93);
    };
    double after = 0;
    bench.observe = [&](double t, const DeviceBench<M>& b) {
      if (t < 0.35 + 1e-9) after = b.out[M::IQCMD];
    };
    bench.run(0.5, 0.001);
    EXPECT_NEAR(after, 0.1 / 0.93 + (Thld < 0 ? 2 * (0.07 - 0.05) : 0), 1e-4) << Thld;
  }
}

TEST(Reeca1, TheCurrentWithPriorityLeavesTheOtherTheRestOfImax) {
  using M = Reeca1;
  // Both wanted: 1.0 active, 0.9 reactive, Imax = 1.2.
  ControlBench reactive_first({{M::VUP, 99}});
  reactive_first.start(1, 0.5, 0.1);
  reactive_first.drive = [](double, double* in) {
    in[M::PREF] = 1.0;
    in[M::QEXT] = 0.9;
  };
  reactive_first.run(1, 0.001);
  EXPECT_NEAR(reactive_first.out[M::IQCMD], 0.9, 1e-9);
  EXPECT_NEAR(reactive_first.out[M::IPCMD], std::sqrt(1.44 - 0.81), 1e-6);

  ControlBench active_first({{M::VUP, 99}, {M::PQFLAG, 1}});
  active_first.start(1, 0.5, 0.1);
  active_first.drive = reactive_first.drive;
  active_first.run(1, 0.001);
  EXPECT_NEAR(active_first.out[M::IPCMD], 1.0, 1e-9);
  EXPECT_NEAR(active_first.out[M::IQCMD], std::sqrt(1.44 - 1), 1e-6);
}

TEST(Reeca1, PowerFactorControlMakesReactivePowerFromThePower) {
  using M = Reeca1;
  ControlBench bench({{M::PFFLAG, 1}});
  bench.start(1, 0.8, 0.2);
  bench.drive = [](double, double* in) { in[M::PE] = 0.4; };
  bench.run(1, 0.001);
  EXPECT_NEAR(bench.out[M::IQCMD], 0.1, 1e-9);
}

TEST(Reeca1, VoltageLoopIntegratesTheErrorOfTheRegulatedBusToItsLimit) {
  using M = Reeca1;
  ControlBench bench({{M::QFLAG, 1}, {M::KVP, 0}, {M::KVI, 2}, {M::VBIAS, 1}});
  bench.start(1, 0.8, 0.1);
  EXPECT_NEAR(bench.in[M::QEXT], 0, 1e-12);  // the reference counts from Vbias
  bench.drive = [](double, double* in) { in[M::QEXT] = 0.05; };
  double at_one = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 1 + 1e-9) at_one = b.out[M::IQCMD];
  };
  bench.run(20, 0.001);
  EXPECT_NEAR(at_one, 0.1 + 2 * 0.05 * 1, 1e-9);
  EXPECT_NEAR(bench.out[M::IQCMD], 1.2, 1e-9);  // Imax; VDL1 allows 2
}

TEST(Reeca1, ReactiveLoopHoldsTheReactivePower) {
  using M = Reeca1;
  ControlBench bench({{M::QFLAG, 1}, {M::VFLAG, 1}, {M::KQP, 0}, {M::KQI, 1}});
  bench.start(1, 0.8, 0.1);
  EXPECT_NEAR(bench.in[M::QEXT], 0.1, 1e-12);
  bench.drive = [](double, double* in) { in[M::QEXT] = 0.9; };  // beyond Qmax = 0.44
  double at_tenth = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.1 + 1e-9) at_tenth = b.x[M::Q_INTEGRAL];
  };
  bench.run(2, 0.001);
  EXPECT_NEAR(at_tenth, 1 + 0.1 * (0.44 - 0.1), 1e-9);
  EXPECT_NEAR(bench.x[M::Q_INTEGRAL], 1.1, 1e-6);  // Vmax
}

TEST(Reecb1, SupportsTheVoltageWithoutADip) {
  using M = Reecb1;
  const ReferenceRow row = reference_row<M>();
  DeviceBench<M> bench(row.parameters, kSameBase);
  std::vector<double> inputs(M::kInputs, kUnknown);
  inputs[M::VT] = inputs[M::VR] = 1;
  inputs[M::VI] = 0;
  inputs[M::PE] = 0.5;
  inputs[M::QE] = 0.1;
  bench.out[M::IPCMD] = 0.5;
  bench.out[M::IQCMD] = 0.1;
  ASSERT_TRUE(bench.rest_at(inputs).ok());
  bench.drive = [](double, double* in) { in[M::VT] = in[M::VR] = 0.92; };
  bench.run(1, 0.001);
  EXPECT_TRUE(bench.moves.empty());
  EXPECT_NEAR(bench.out[M::IQCMD], 0.1 / 0.92 + 2 * (0.08 - 0.05), 1e-9);
}

// ---- REPCA1

struct PlantBench : DeviceBench<Repca1> {
  using M = Repca1;
  explicit PlantBench(const Numbers& changes = {})
      : DeviceBench(with(reference_row<M>().parameters, changes), kSameBase) {}
  void start(double V, double P, double Q) {
    std::vector<double> inputs(M::kInputs, kUnknown);
    inputs[M::VR] = V;
    inputs[M::VI] = 0;
    inputs[M::IR] = P / V;
    inputs[M::II] = -Q / V;
    inputs[M::P_BRANCH] = P;
    inputs[M::Q_BRANCH] = Q;
    out[M::PREF] = P;
    out[M::QEXT] = Q;
    const Outcome o = rest_at(inputs);
    ASSERT_TRUE(o.ok()) << o.quantity;
  }
};

TEST(Repca1, FrequencyMovesThePowerByTheDroopOutsideItsDeadband) {
  using M = Repca1;
  PlantBench bench({{M::KIG, 0}});  // the branch's power does not answer here: no integral
  bench.start(1, 0.5, 0.1);
  bench.drive = [](double, double* in) { in[M::FREQUENCY] = 0.99; };
  bench.run(2, 0.001);
  EXPECT_NEAR(bench.out[M::PREF], 0.5 + 20 * (0.01 - 0.0006), 1e-6);
  PlantBench fast({{M::KIG, 0}});
  fast.start(1, 0.5, 0.1);
  fast.drive = [](double, double* in) { in[M::FREQUENCY] = 1.01; };
  fast.run(2, 0.001);
  EXPECT_NEAR(fast.out[M::PREF], 0.5 - 20 * (0.01 - 0.0006), 1e-6);
  PlantBench off({{M::FFLAG, 0}});
  off.start(1, 0.5, 0.1);
  off.drive = bench.drive;
  off.run(2, 0.001);
  EXPECT_EQ(off.out[M::PREF], 0.5);
}

TEST(Repca1, VoltageErrorIsThatBehindTheLineDrop) {
  using M = Repca1;
  PlantBench bench;
  bench.start(1, 0.5, 0.1);
  const std::complex<double> behind =
      1.0 - std::complex<double>(0.01, 0.03) * std::complex<double>(0.5, -0.1);
  EXPECT_NEAR(bench.in[M::VREF], std::abs(behind), 1e-9);
  PlantBench droop({{M::VCFLAG, 0}});
  droop.start(1, 0.5, 0.1);
  EXPECT_NEAR(droop.in[M::VREF], 1 + 0.02 * 0.1, 1e-9);
  PlantBench reactive({{M::REFFLAG, 0}});
  reactive.start(1, 0.5, 0.1);
  EXPECT_NEAR(reactive.in[M::QREF], 0.1, 1e-12);
}

TEST(Repca1, TheIntegralStandsStillBelowVfrz) {
  using M = Repca1;
  PlantBench bench({{M::KP, 0}, {M::TFT, 0}, {M::TFV, 0}});
  bench.start(1, 0.5, 0.1);
  bench.breaks = {0.1, 0.5};
  bench.drive = [](double t, double* in) { in[M::VR] = t >= 0.1 && t < 0.5 ? 0.6 : 1.0; };
  double in_dip = 0;
  bench.observe = [&](double t, const DeviceBench<M>& b) {
    if (t < 0.45 + 1e-9) in_dip = b.out[M::QEXT];
  };
  bench.run(0.5, 0.001);
  EXPECT_NEAR(in_dip, 0.1, 1e-9);
  EXPECT_EQ(bench.moved_limits, 2);
}

}  // namespace
}  // namespace ballast::test
