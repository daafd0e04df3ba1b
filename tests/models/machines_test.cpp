/// The machines and governors alone: relations between parameters, Norton form, a gate that starts on its
/// limit.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "models/governors/gast.hpp"
#include "models/machines/gencls.hpp"
#include "models/machines/genrou.hpp"
#include "models/registry.hpp"
#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

using ::testing::HasSubstr;

const std::vector<double> kGenrou = {8,   0.03, 0.4,  0.05, 6.175, 0.05, 1.8,  1.7,
                                     0.3, 0.55, 0.25, 0.2,  0.1,   0.8,  0.003};

struct Contradiction {
  const char* model;
  std::vector<double> parameters;
  const char* message;
};

TEST(Relations, ContradictingParametersAreRefusedWithBothValues) {
  const auto genrou = [](int i, double v) {
    std::vector<double> p = kGenrou;
    p[i] = v;
    return p;
  };
  const Contradiction cases[] = {
      {"GENROU", genrou(Genrou::XDP, 1.9), "Xdp = 1.9 with Xd = 1.8 is not possible"},
      {"GENROU", genrou(Genrou::XQP, 1.75), "Xqp = 1.75 with Xq = 1.7 is not possible"},
      {"GENROU", genrou(Genrou::XDPP, 0.31), "Xdpp = 0.31 with Xdp = 0.3 is not possible"},
      {"GENROU", genrou(Genrou::XQP, 0.24), "Xdpp = 0.25 with Xqp = 0.24 is not possible"},
      {"GENROU", genrou(Genrou::XL, 0.26), "Xl = 0.26 with Xdpp = 0.25 is not possible"},
      {"GENROU", genrou(Genrou::S12, 0.05), "S10 = 0.1 with S12 = 0.05 is not possible"},
      {"SEXS", {0.1, 10, 100, 0.1, 5, -5}, "EMIN = 5 with EMAX = -5 is not possible"},
      {"TGOV1", {0.05, 0.4, 0.2, 0.8, 2, 6, 0}, "VMIN = 0.8 with VMAX = 0.2 is not possible"},
      {"GAST", {0.05, 0.4, 0.1, 3, 1, 2, -0.1, 1, 0}, "VMIN = 1 with VMAX = -0.1 is not possible"},
      {"SEXS", {0.1, 10, 100, 0.1, 5}, "has 5 parameters, it needs 6"},
  };
  for (const Contradiction& c : cases) {
    Problems problems;
    check_parameters(*find_model(c.model), c.parameters, "bus 7", problems);
    ASSERT_EQ(problems.errors().size(), 1U) << c.message;
    EXPECT_THAT(problems.errors().front().text(), HasSubstr(c.message));
    EXPECT_FALSE(problems.errors().front().remedy.empty());
  }
  Problems none;
  check_parameters(*find_model("GENROU"), kGenrou, "bus 7", none);
  EXPECT_FALSE(none.any()) << none.errors().front().text();
}

/// Largest difference between the injected current and J - Y V at random states, pu.
template <class M>
double norton_difference(const std::vector<double>& parameters) {
  const auto d = M::template derive<double>(parameters.data(), Ratings{150, 100, 60});
  std::mt19937 random(20261121);
  std::uniform_real_distribution<double> uniform(-1.2, 1.2);
  double worst = 0;
  for (int trial = 0; trial < 1000; ++trial) {
    double x[M::kStates];
    double in[M::kInputs];
    double rate[M::kStates];
    double out[M::kOutputs];
    double held[room_for(held_of<M>())] = {1.1};
    for (double& v : x) v = uniform(random);
    for (double& v : in) v = uniform(random);
    M::equations(x, in, d, Context<double, double>{nullptr, held, nullptr}, rate, out);
    const Admittance<double> Y = M::norton_admittance(d);
    double Jr = 0;
    double Ji = 0;
    M::norton_current(x, d, held, Jr, Ji);
    worst = std::max(worst, std::abs(Jr - (Y.G * in[M::VR] - Y.B * in[M::VI]) - out[M::IR]));
    worst = std::max(worst, std::abs(Ji - (Y.B * in[M::VR] + Y.G * in[M::VI]) - out[M::II]));
  }
  return worst;
}

TEST(Machines, CurrentIsNortonCurrentLessAdmittanceTimesVoltage) {
  const double round_rotor = norton_difference<Genrou>(kGenrou);
  const double classical = norton_difference<Gencls>({5, 1, 0.002, 0.3});
  fmt::print("GENROU {:.1e}, GENCLS {:.1e} pu (tolerance 1e-13)\n", round_rotor, classical);
  EXPECT_LT(round_rotor, 1e-13);
  EXPECT_LT(classical, 1e-13);
}

/// A turbine at rest exactly on its temperature limit, with the parameters of the PSS/E case.
DeviceBench<Gast> gast_on_its_limit() {
  DeviceBench<Gast> bench({0.05, 0.2, 0.2, 2, 1, 2.5, 1.1, 0.01, 0}, {100, 100, 60});
  bench.out[Gast::PM] = 1;
  EXPECT_TRUE(bench.rest_at({0, kUnknown}).ok());
  return bench;
}

TEST(Gast, RestsOnItsTemperatureLimitWithoutAMove) {
  DeviceBench<Gast> bench = gast_on_its_limit();
  bench.run(20, 0.01);
  fmt::print("{} moves (tolerance 0), Pm - 1 = {:.1e}\n", bench.moved_limits, bench.out[Gast::PM] - 1);
  EXPECT_EQ(bench.moved_limits, 0);
  EXPECT_EQ(bench.out[Gast::PM], 1);
}

TEST(Gast, TemperatureLimitTakesOverOnceWhileSpeedFallsAndReleasesOnce) {
  // Speed dips to -0.5 % over 2 s and comes back above nominal: demand leaves the limit's side exactly once
  // each way.
  DeviceBench<Gast> bench = gast_on_its_limit();
  const double reference = bench.in[Gast::PREF];
  bench.drive = [=](double t, double* in) {
    in[Gast::SPEED_DEVIATION] = -0.005 * std::sin(0.5 * t);
    in[Gast::PREF] = reference;
  };
  double highest = 0;
  bench.observe = [&](double, const DeviceBench<Gast>& b) { highest = std::max(highest, b.out[Gast::PM]); };
  bench.run(9, 0.01);
  fmt::print("{} moves (claim 2), highest Pm {:.6f} (limit 1)\n", bench.moved_limits, highest);
  EXPECT_EQ(bench.moved_limits, 2);
  EXPECT_LE(highest, 1 + 1e-6);
  EXPECT_LT(bench.out[Gast::PM], 1);
}

TEST(Gast, RefusesAPowerAboveTheTemperatureLimitByName) {
  DeviceBench<Gast> bench({0.05, 0.2, 0.2, 2, 0.9, 2.5, 1.1, 0.01, 0}, {100, 100, 60});
  bench.out[Gast::PM] = 1;
  const Outcome outcome = bench.rest_at({0, kUnknown});
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(outcome.quantity, HasSubstr("temperature limit AT"));
  EXPECT_EQ(outcome.value, 1);
  EXPECT_EQ(outcome.high, 0.9);
}

}  // namespace
}  // namespace ballast::test
