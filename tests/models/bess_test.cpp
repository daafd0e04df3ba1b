/// Bess on a bench: static gains, smoothing against closed forms, energy, limits.
#include "models/storage/bess.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

constexpr double kMVA = 150;

/// Parameters by name, over a 2 h battery with every control off.
std::vector<double> battery(std::initializer_list<std::pair<const char*, double>> changes) {
  std::vector<double> p{2, 1,  1.1, 0,   0.02, 0.02, 0.02, 0.2,  0.05, 0,    0.0006, 0, 0.02,
                        0, 60, 0,   0.5, 0.5,  0.1,  0.9,  0.05, 0.95, 0.95, 0,      1};
  for (const auto& [name, value] : changes) {
    bool found = false;
    for (std::size_t i = 0; i < std::size(Bess::parameters); ++i)
      if (std::string(Bess::parameters[i].name) == name) {
        p[i] = value;
        found = true;
      }
    EXPECT_TRUE(found) << name;
  }
  return p;
}

struct Surroundings {
  std::function<double(double)> voltage = [](double) { return 1.0; };
  std::function<double(double)> frequency = [](double) { return 1.0; };
  std::function<double(double)> load_MW = [](double) { return 0.0; };
  std::function<double(double)> extra_P = [](double) { return 0.0; };  ///< change of Pref after rest
};
/// At rest with P, Q (pu), references found by the device.
DeviceBench<Bess> bench_of(const std::vector<double>& parameters, const Surroundings& s, double P = 0,
                           double Q = 0) {
  DeviceBench<Bess> bench(parameters, {kMVA, 100, 60});
  const double V = s.voltage(0);
  bench.out[Bess::IR] = 1.5 * (P * 0.8 + Q * 0.6) / V;
  bench.out[Bess::II] = 1.5 * (P * 0.6 - Q * 0.8) / V;
  const Outcome o =
      bench.rest_at({0.8 * V, 0.6 * V, kUnknown, s.load_MW(0), kUnknown, kUnknown, kUnknown, 0.0, kUnknown});
  EXPECT_TRUE(o.ok()) << o.quantity;
  const double Pref = bench.in[Bess::PREF];
  bench.drive = [s, Pref](double t, double* in) {
    in[Bess::VR] = 0.8 * s.voltage(t);
    in[Bess::VI] = 0.6 * s.voltage(t);
    in[Bess::FREQUENCY] = s.frequency(t);
    in[Bess::P_LOAD] = s.load_MW(t);
    in[Bess::PREF] = Pref + s.extra_P(t);
  };
  return bench;
}

TEST(Bess, RestsWhereThePowerFlowPutIt) {
  auto bench = bench_of(battery({{"droop_gain", 20},
                                 {"voltage_gain", 2},
                                 {"smoothing_gain", 1},
                                 {"soc_initial", 0.7},
                                 {"recentring_gain", 0.1}}),
                        {}, 0.4, -0.3);
  EXPECT_NEAR(bench.out[Bess::P_BESS], 0.4, 1e-12);
  EXPECT_NEAR(bench.out[Bess::Q_BESS], -0.3, 1e-12);
  for (int i = 0; i < Bess::SOC; ++i) EXPECT_NEAR(bench.rate[i], 0, 1e-9) << Bess::states[i].name;
  EXPECT_NEAR(bench.rate[Bess::SOC], -0.4 / 0.95 / 7200, 1e-12);
}

TEST(Bess, DroopGivesGainTimesFrequencyBeyondItsBand) {
  for (const double dHz : {-0.6, -0.03, 0.03, 0.6}) {
    Surroundings s;
    s.frequency = [dHz](double t) { return 1 + (t > 0 ? dHz / 60 : 0); };
    auto bench = bench_of(battery({{"droop_gain", 20}}), s);
    bench.run(2, 0.005);
    const double beyond = std::max(0.0, std::abs(dHz) / 60 - 0.0006);
    const double wanted = -std::copysign(20 * beyond, dHz);
    std::printf("%+.2f Hz: %.9f pu, wanted %.9f\n", dHz, bench.out[Bess::P_BESS], wanted);
    EXPECT_NEAR(bench.out[Bess::P_BESS], wanted, 1e-9);
  }
}

TEST(Bess, VoltageSupportGivesGainTimesVoltageBeyondItsBand) {
  Surroundings s;
  s.voltage = [](double t) { return t > 0 ? 0.93 : 1.0; };
  auto bench = bench_of(battery({{"voltage_gain", 3}}), s);
  bench.run(2, 0.005);
  std::printf("Q at 0.93 pu: %.9f, wanted %.9f\n", bench.out[Bess::Q_BESS], 3 * 0.05);
  EXPECT_NEAR(bench.out[Bess::Q_BESS], 3 * 0.05, 1e-9);
}

TEST(Bess, ActivePowerAnswersAsAFirstOrderLag) {
  Surroundings s;
  s.extra_P = [](double t) { return t >= 1 ? 0.5 : 0.0; };
  auto bench = bench_of(battery({{"active_response_s", 0.05}}), s);
  bench.breaks = {1};
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<Bess>& b) {
    const double wanted = t < 1 ? 0 : 0.5 * (1 - std::exp(-(t - 1) / 0.05));
    worst = std::max(worst, std::abs(b.out[Bess::P_BESS] - wanted));
  };
  bench.run(1.5, 0.001);
  std::printf("largest error against 1 - exp(-t/T): %.1e (tolerance 1e-8)\n", worst);
  EXPECT_LT(worst, 1e-8);
}

TEST(Bess, SmoothingLeavesTheGridALaggedLoad) {
  // The load falls by 120 MW at once, as when its UPS takes it off; the grid sees 120 e^(-t/Tf) go, but for
  // the converter's own lag T.
  Surroundings s;
  s.load_MW = [](double t) { return t >= 1 ? 30.0 : 150.0; };
  auto bench = bench_of(battery({{"smoothing_gain", 1}, {"smoothing_s", 30}}), s);
  bench.breaks = {1};
  double worst = 0;
  bench.observe = [&](double t, const DeviceBench<Bess>& b) {
    const double T = 0.02;
    const double Tf = 30;
    const double since = std::max(0.0, t - 1);
    const double wanted = -120 * Tf / (Tf - T) * (std::exp(-since / Tf) - std::exp(-since / T));
    worst = std::max(worst, std::abs(b.out[Bess::P_MW] - wanted));
  };
  bench.run(301, 0.001);
  const double energy = (bench.x[Bess::SOC] - 0.5) * 7200 * kMVA / 0.95;  // taken from the grid, MW s
  std::printf("largest error %.1e MW (tolerance 1e-4); energy %.4f MW s, dP Tf (1 - e^-10) = %.4f\n", worst,
              energy, 120 * 30 * (1 - std::exp(-10.0)));
  EXPECT_LT(worst, 1e-4);
  EXPECT_NEAR(energy, 120 * 30 * (1 - std::exp(-10.0)), 120 * 0.02 * 1.01);  // less what the lag T let pass
}

TEST(Bess, StateOfChargeBalancesWithBothEfficiencies) {
  // An hour of charging at 0.5 pu, an hour of discharging at 0.4 pu.
  Surroundings s;
  s.extra_P = [](double t) { return t < 1 ? 0 : t < 3601 ? -0.5 : 0.4; };
  auto bench = bench_of(battery({{"active_response_s", 0.1}, {"soc_max", 1}}), s);
  bench.breaks = {1, 3601};
  bench.run(7201, 0.02);
  // The lag's area: it starts from 0, and passes from -0.5 to 0.4 in between (signs change at t = 0.1
  // ln(9/4)).
  const double T = 0.1;
  const double zero = std::log(0.9 / 0.4);
  const double charged = 0.5 * (3600 - T) + (0.9 * (1 - std::exp(-zero)) - 0.4 * zero) * T;
  const double discharged = 0.4 * (3600 - zero * T) - T * (0.9 * std::exp(-zero));
  const double wanted = 0.5 + (charged * 0.95 - discharged / 0.95) / 7200;
  std::printf("state of charge %.9f, closed form %.9f (tolerance 1e-7)\n", bench.x[Bess::SOC], wanted);
  EXPECT_NEAR(bench.x[Bess::SOC], wanted, 1e-7);
}

TEST(Bess, PowerFadesBeforeEmptyAndFullAndTheStateOfChargeStaysInside) {
  for (const double P : {1.0, -1.0}) {
    Surroundings s;
    s.extra_P = [P](double t) { return t > 0 ? P : 0.0; };
    auto bench = bench_of(battery({{"energy_h", 0.05}}), s);
    double low = 1;
    double high = 0;
    bench.observe = [&](double, const DeviceBench<Bess>& b) {
      low = std::min(low, b.x[Bess::SOC]);
      high = std::max(high, b.x[Bess::SOC]);
      const double room = P > 0 ? (b.x[Bess::SOC] - 0.1) / 0.05 : (0.9 - b.x[Bess::SOC]) / 0.05;
      EXPECT_LE(std::abs(b.out[Bess::P_BESS]), std::min(1.0, room) + 0.02);  // the converter's lag
    };
    bench.run(300, 0.02);
    std::printf("order %+.0f pu: state of charge between %.6f and %.6f, %d limit moves\n", P, low, high,
                bench.moved_limits);
    EXPECT_GE(low, 0.1);
    EXPECT_LE(high, 0.9);
    EXPECT_LE(bench.moved_limits, 4);
  }
}

TEST(Bess, RecentringBringsTheStateOfChargeBackAtItsRate) {
  // dsoc/dt = -K (soc - target) efficiency/E while charging: an exponential.
  auto bench = bench_of(battery({{"energy_h", 0.02}, {"recentring_gain", 0.5}, {"soc_initial", 0.5}}), {});
  bench.x[Bess::SOC] = 0.3;
  bench.run(100, 0.01);
  const double rate = 0.5 * 0.95 / 72;
  const double wanted = 0.5 - 0.2 * std::exp(-rate * 100);
  std::printf("state of charge %.6f; without the converter's lag %.6f (tolerance 1e-4)\n", bench.x[Bess::SOC],
              wanted);
  EXPECT_NEAR(bench.x[Bess::SOC], wanted, 1e-4);
}

TEST(Bess, PeakShavingGivesWhatIsBeyondTheLimitAndChargesNoFurtherThanIt) {
  // The limit at the meter is 1 pu, recentring wants to charge 0.15 pu; the meter shows the site less the
  // battery. At 59.4 Hz droop wants 0.188 pu more.
  struct Row {
    double shaving, site, hertz, wanted;
  };
  constexpr double kDroop = 20 * (0.01 - 0.0006);
  for (const Row& row :
       {Row{1, 1.5, 60, 0.5}, Row{1, 0.9, 60, -0.1}, Row{1, 0.7, 60, -0.15}, Row{0, 1.5, 60, -0.15},
        Row{1, 1.5, 59.4, 0.5}, Row{2, 1.5, 59.4, 0.5 + kDroop}, Row{2, 1.5, 60, 0.5}}) {
    auto bench = bench_of(battery({{"shaving", row.shaving},
                                   {"meter_limit", 1},
                                   {"energy_h", 1000},
                                   {"recentring_gain", 0.5},
                                   {"droop_gain", 20}}),
                          {});
    bench.x[Bess::SOC] = 0.2;
    const auto drive = bench.drive;
    bench.drive = [&bench, drive, row](double t, double* in) {
      drive(t, in);
      in[Bess::FREQUENCY] = row.hertz / 60;
      in[Bess::P_METER] = row.site - bench.out[Bess::P_BESS];
    };
    bench.run(2, 0.001);
    std::printf("task %g, site %.1f pu, %.1f Hz: %.6f pu, wanted %.6f (tolerance 1e-4)\n", row.shaving,
                row.site, row.hertz, bench.out[Bess::P_BESS], row.wanted);
    EXPECT_NEAR(bench.out[Bess::P_BESS], row.wanted, 1e-4);
  }
}

TEST(Bess, TheCurrentLimitServesThePriorityFirst) {
  for (const double reactive_first : {0.0, 1.0}) {
    Surroundings s;
    s.voltage = [](double t) { return t > 0 ? 0.7 : 1.0; };
    s.extra_P = [](double t) { return t > 0 ? 0.6 : 0.0; };
    auto bench = bench_of(battery({{"voltage_gain", 2.5}, {"reactive_priority", reactive_first}}), s);
    bench.run(2, 0.002);
    const double P = bench.out[Bess::P_BESS] / 0.7;
    const double Q = bench.out[Bess::Q_BESS] / 0.7;
    const double wanted_P = 0.6 / 0.7;
    const double wanted_Q = 2.5 * (0.3 - 0.02) / 0.7;
    std::printf("priority %s: Ip %.6f (wants %.6f), Iq %.6f (wants %.6f), |I| %.9f of 1.1\n",
                reactive_first > 0 ? "reactive" : "active", P, wanted_P, Q, wanted_Q, std::hypot(P, Q));
    EXPECT_NEAR(std::hypot(P, Q), 1.1, 1e-9);
    if (reactive_first > 0)
      EXPECT_NEAR(Q, wanted_Q, 1e-9);
    else
      EXPECT_NEAR(P, wanted_P, 1e-9);
  }
}

TEST(Bess, BlocksAtADeadBusAndComesBack) {
  Surroundings s;
  s.voltage = [](double t) { return t >= 1 && t < 1.2 ? 0.0 : 1.0; };
  auto bench = bench_of(battery({{"voltage_gain", 2}}), s, 0.5, 0.1);
  bench.breaks = {1, 1.2};
  bench.observe = [](double t, const DeviceBench<Bess>& b) {
    if (t > 1.0001 && t < 1.1999) {
      EXPECT_EQ(b.out[Bess::IR], 0);
    }
  };
  bench.run(3, 0.001);
  ASSERT_EQ(bench.moves.size(), 2U);
  EXPECT_NEAR(bench.moves[0].time, 1, 1e-9);
  EXPECT_NEAR(bench.moves[1].time, 1.2, 1e-9);
  EXPECT_NEAR(bench.out[Bess::P_BESS], 0.5, 1e-6);
}

TEST(Bess, RefusesARestThatItCannotHold) {
  const auto refused = [](std::initializer_list<std::pair<const char*, double>> changes, double P,
                          double load) {
    DeviceBench<Bess> bench(battery(changes), {kMVA, 100, 60});
    bench.out[Bess::IR] = 1.5 * P;
    bench.out[Bess::II] = 0;
    const Outcome o = bench.rest_at({1, 0, 1, load, kUnknown, kUnknown, kUnknown, 0.0, kUnknown});
    return std::string(o.ok() ? "" : o.quantity);
  };
  EXPECT_EQ(refused({}, 0.5, 0), "");
  EXPECT_EQ(refused({}, 1.05, 0), "active power (pu)");
  EXPECT_EQ(refused({{"power_limit", 2}}, 1.2, 0), "converter current (pu)");
  EXPECT_EQ(refused({{"soc_initial", 0.95}}, 0, 0), "soc_initial");
  EXPECT_EQ(refused({{"soc_initial", 0.1}}, 0.1, 0), "active power (pu)");
  EXPECT_EQ(refused({{"reactive_priority", 0.5}}, 0, 0), "reactive_priority (0 or 1)");
  EXPECT_EQ(refused({}, 0, kUnknown), "P_load (put the part that gives it before the battery)");
}

}  // namespace
}  // namespace ballast::test
