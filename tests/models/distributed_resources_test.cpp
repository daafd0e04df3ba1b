/// Aggregated distributed energy resources, alone, against values worked out by hand.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"
#include "tests/models/reference_der.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

using M = Dera1;
using Bench = DeviceBench<M>;

/// A unit that rests at P + jQ and 1 pu, on the system base, with constant power order unless told otherwise.
Bench unit(const Numbers& changes, double P, double Q) {
  std::vector<double> parameters = reference_row<M>().parameters;
  parameters[M::FREQFLAG] = 0;
  for (const auto& [i, value] : changes) parameters.at(i) = value;
  Bench bench(parameters, {100, 100, 60});
  bench.out[M::IR] = P;
  bench.out[M::II] = -Q;
  std::vector<double> inputs(M::kInputs, kUnknown);
  inputs[M::VR] = 1;
  inputs[M::VI] = 0;
  inputs[M::FREQUENCY] = 1;
  const Outcome o = bench.rest_at(inputs);
  EXPECT_TRUE(o.ok()) << o.quantity << " " << o.value;
  return bench;
}
/// The same without voltage support, at a voltage and a frequency that jump between levels.
Bench driven(const Numbers& changes, double P, const Levels& voltage, const Levels& frequency = {{0, 1}}) {
  Bench bench = unit(changes, P, 0);
  bench.breaks = times_of(voltage);
  for (const double t : times_of(frequency)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  bench.drive = [=](double t, double* in) {
    in[M::VR] = level_at(voltage, t);
    in[M::FREQUENCY] = level_at(frequency, t);
  };
  return bench;
}
const Numbers kNoSupport = {{M::KQV, 0}};

/// Runs to `t` and compares the power.
void expect_power(Bench& bench, double t, double P, double tolerance) {
  bench.run(t, 0.0005);
  std::printf("t = %g s: P %.9f pu, by hand %.9f (tolerance %g)\n", t, bench.out[M::PE], P, tolerance);
  EXPECT_NEAR(bench.out[M::PE], P, tolerance);
}

TEST(Dera1, SupportBeginsAtItsDeadbandAndEndsAtItsLimits) {
  const struct {
    double V, support;
  } points[] = {{0.96, 0}, {0.9, 5 * (0.1 - 0.05)}, {1.12, -5 * (0.12 - 0.05)}, {0.72, 1}};
  for (const auto& [V, support] : points) {
    Bench bench = unit({}, 0.2, 0.1);
    bench.in[M::VR] = V;
    bench.run(2, 0.001);
    const double Iq = 0.1 / V + support;
    std::printf("%.2f pu: Iq %.9f, by hand %.9f (tolerance 1e-9)\n", V, bench.out[M::QE] / V, Iq);
    EXPECT_NEAR(bench.out[M::QE], V * Iq, 1e-9);
    EXPECT_NEAR(bench.out[M::PE], 0.2, 1e-9);
  }
}

TEST(Dera1, ReactivePowerFollowsTheOrderAtConstantPowerFactor) {
  Bench bench = unit({{M::PFFLAG, 1}}, 0.5, 0.25);
  bench.in[M::PREF] = 0.8;
  bench.run(2, 0.001);
  std::printf("Q %.9f pu, by hand 0.4 (tolerance 1e-9)\n", bench.out[M::QE]);
  EXPECT_NEAR(bench.out[M::PE], 0.8, 1e-9);
  EXPECT_NEAR(bench.out[M::QE], 0.4, 1e-9);
}

TEST(Dera1, ImaxLeavesTheOtherCurrentWhatThePriorityLeavesIt) {
  const double V = 0.8;
  for (const double active_first : {0.0, 1.0})
    for (const double P : {0.9, -0.9}) {
      Bench bench = unit({{M::PQFLAG, active_first}, {M::TYPEFLAG, 0}, {M::PMIN, -1}, {M::KQV, 0}}, P, 0.6);
      bench.in[M::VR] = V;
      bench.run(2, 0.001);
      const double Ip = active_first > 0.5 ? 0.9 / V : std::sqrt(1.2 * 1.2 - 0.75 * 0.75);
      const double Iq = active_first > 0.5 ? std::sqrt(1.2 * 1.2 - Ip * Ip) : 0.6 / V;
      std::printf("PQFlag %g: Ip %+.9f, by hand %+.9f; Iq %.9f, by hand %.9f (tolerance 1e-9)\n",
                  active_first, bench.x[M::IP], P > 0 ? Ip : -Ip, bench.x[M::IQ], Iq);
      EXPECT_NEAR(bench.x[M::IP], P > 0 ? Ip : -Ip, 1e-9);
      EXPECT_NEAR(bench.x[M::IQ], Iq, 1e-9);
    }
}

TEST(Dera1, AGeneratorDoesNotChargeAndStorageDoes) {
  for (const double generator : {0.0, 1.0}) {
    Bench bench = unit({{M::TYPEFLAG, generator}, {M::PMIN, -1}}, 0.5, 0);
    bench.in[M::PREF] = -0.5;
    bench.run(3, 0.001);
    EXPECT_NEAR(bench.out[M::PE], generator > 0.5 ? 0 : -0.5, 1e-9);
  }
}

TEST(Dera1, FrequencyMovesThePowerByItsDroopBetweenPminAndPmax) {
  const struct {
    double frequency, P0, P;
  } points[] = {{0.9995, 0.5, 0.5},                        // inside the deadband
                {0.998, 0.5, 0.5 + 10 * (0.002 - 0.001)},  // Dup
                {1.003, 0.5, 0.5 - 20 * (0.003 - 0.001)},  // Ddn
                {0.95, 0.8, 1},
                {1.05, 0.5, 0}};
  for (const auto& [frequency, P0, P] : points) {
    Bench bench = unit({{M::FREQFLAG, 1}, {M::FTRIPFLAG, 0}}, P0, 0);
    bench.in[M::FREQUENCY] = frequency;
    bench.run(6, 0.001);
    std::printf("%.4f pu: P %.9f, by hand %.9f (tolerance 1e-9)\n", frequency, bench.out[M::PE], P);
    EXPECT_NEAR(bench.out[M::PE], P, 1e-9);
  }
}

TEST(Dera1, ThePowerOrderMovesAtItsRates) {
  Bench bench = unit({{M::DPMAX, 0.1}, {M::DPMIN, -0.2}}, 0.5, 0);
  bench.in[M::PREF] = 1;
  expect_power(bench, 2, 0.5 + 0.1 * (2 - 0.02), 1e-9);  // Tg behind the ramp
  bench.in[M::PREF] = 0;
  expect_power(bench, 4, 0.7 - 0.2 * (2 - 0.02), 1e-9);
}

// vl1 = 0.7 and vl0 = 0.5 pu, tvl1 = 0.3 s, tvl0 = 0.16 s, Vrfrac = 0.4, Trv = 0.02 s

TEST(Dera1, WhatHasCeasedForTvl1TripsAndVrfracOfItReturns) {
  Bench bench =
      driven(kNoSupport, 0.6, {{0, 1}, {1, 0.6}, {2, 0.9}, {3, 0.65}, {4, 0.55}, {5, 0.65}, {6, 1}});
  const double pickup = 1 + 0.02 * std::log(0.4 / 0.1);  // 0.6 + 0.4 e^(-t/Trv) = 0.7
  expect_power(bench, 1.3, 0.6 * 0.5, 1e-4);             // half has ceased, the rest gives 0.6 at 0.6 pu
  ASSERT_EQ(bench.moves.size(), 0U);
  expect_power(bench, 1.99, 0.6 * 0.5, 1e-9);
  ASSERT_EQ(bench.moves.size(), 1U);
  std::printf("tripped in part at %.9f s, by hand %.9f\n", bench.moves[0].time, pickup + 0.3);
  EXPECT_NEAR(bench.moves[0].time, pickup + 0.3, 1e-9);
  EXPECT_NEAR(bench.moves[0].pickup_time, pickup, 1e-9);
  EXPECT_EQ(bench.moves[0].threshold, 0.7);
  EXPECT_EQ(bench.moves[0].to, M::PART);
  expect_power(bench, 2.99, 0.6 * (0.1 + 0.4 * 0.1) / 0.2, 1e-6);  // 0.5 stays, 0.2 of the other 0.5 returns
  expect_power(bench, 3.99, 0.6 * (0.1 + 0.4 * 0.05) / 0.2, 1e-6);
  expect_power(bench, 4.99, 0.6 * 0.05 / 0.2, 1e-6);  // the memory follows to 0.55 pu
  expect_power(bench, 5.99, 0.6 * (0.05 + 0.4 * 0.1) / 0.2, 1e-6);
  expect_power(bench, 6.99, 0.6 * (0.05 + 0.4 * 0.15) / 0.2, 1e-6);
  EXPECT_EQ(bench.moves.size(), 1U);
}

TEST(Dera1, AShorterDipIsRiddenThrough) {
  Bench bench = driven(kNoSupport, 0.6, {{0, 1}, {1, 0.6}, {1.3, 1}, {2, 0.3}, {2.15, 1}});
  expect_power(bench, 1.29, 0.6 * 0.5, 1e-4);
  expect_power(bench, 1.99, 0.6, 1e-9);
  expect_power(bench, 2.149, 0, 0.01);  // all has ceased below vl0, behind three lags of 0.02 s
  bench.run(2.25, 0.0005);
  const double before = bench.out[M::PE];
  expect_power(bench, 2.35, before + 2 * 0.1, 1e-9);  // rrpwr
  expect_power(bench, 3.99, 0.6, 1e-9);
  EXPECT_EQ(bench.moves.size(), 0U);
}

TEST(Dera1, AllOfItTripsBelowVl0ForTvl0) {
  Bench bench = driven(kNoSupport, 0.6, {{0, 1}, {1, 0.3}, {1.2, 1}});
  const double pickup = 1 + 0.02 * std::log(0.7 / 0.2);
  expect_power(bench, 2.99, 0, 1e-9);
  ASSERT_EQ(bench.moves.size(), 1U);
  std::printf("tripped at %.9f s, by hand %.9f\n", bench.moves[0].time, pickup + 0.16);
  EXPECT_NEAR(bench.moves[0].time, pickup + 0.16, 1e-9);
  EXPECT_EQ(bench.moves[0].threshold, 0.5);
  EXPECT_EQ(bench.moves[0].to, M::NONE_LEFT);
}

TEST(Dera1, HighVoltageDoesTheSame) {
  // vh1 = 1.15, vh0 = 1.2 pu, tvh1 = 0.3, tvh0 = 0.16 s
  Bench bench = driven(kNoSupport, 0.6, {{0, 1}, {1, 1.18}, {2, 1}, {3, 1.25}});
  expect_power(bench, 1.99, 0.6 * 0.02 / 0.05, 1e-9);
  expect_power(bench, 2.99, 0.6 * (0.02 + 0.4 * 0.03) / 0.05, 1e-6);
  expect_power(bench, 3.99, 0, 1e-9);
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_NEAR(bench.moves[0].time, 1 + 0.02 * std::log(0.18 / 0.03) + 0.3, 1e-9);
  EXPECT_NEAR(bench.moves[1].time, 3 + 0.02 * std::log(0.25 / 0.05) + 0.16, 1e-9);
}

TEST(Dera1, FrequencyTripsItUnlessTheVoltageIsBelowVpr) {
  const Numbers frequency_alone = {{M::KQV, 0}, {M::VTRIPFLAG, 0}};
  for (const double Hz : {59.0, 61.0}) {
    const double setting = Hz < 60 ? 59.3 : 60.5;
    Bench bench = driven(frequency_alone, 0.6, {{0, 1}}, {{0, 1}, {1, Hz / 60}});
    bench.run(2, 0.0005);
    const double pickup = 1 + 0.02 * std::log((Hz - 60) / (Hz - setting));
    ASSERT_EQ(bench.moves.size(), 1U);
    std::printf("%g Hz: tripped at %.9f s, by hand %.9f\n", Hz, bench.moves[0].time, pickup + 0.16);
    EXPECT_NEAR(bench.moves[0].time, pickup + 0.16, 1e-8);
    EXPECT_NEAR(bench.moves[0].threshold, setting, 1e-9);
    expect_power(bench, 2.99, 0, 1e-9);
  }
  // Blocked from 0.5 s on; the delay begins again when the voltage is back, and is lost in the second dip.
  Bench bench = driven(frequency_alone, 0.6, {{0, 1}, {0.5, 0.25}, {3, 0.9}, {3.1, 0.25}, {4, 0.9}},
                       {{0, 1}, {1, 59.0 / 60}});
  bench.run(5, 0.0005);
  ASSERT_EQ(bench.moves.size(), 1U);
  EXPECT_NEAR(bench.moves[0].time, 4.16, 1e-9);
  // A shorter excursion trips nothing.
  Bench brief = driven(frequency_alone, 0.6, {{0, 1}}, {{0, 1}, {1, 59.0 / 60}, {1.15, 1}});
  expect_power(brief, 2, 0.6, 1e-9);
  EXPECT_EQ(brief.moves.size(), 0U);
}

}  // namespace
}  // namespace ballast::test
