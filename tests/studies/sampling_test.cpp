/// Distributions by their statistics, Latin hypercubes by their strata, Sobol' points by published values.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "cases/reader/distribution.hpp"
#include "studies/sample_points.hpp"
#include "studies/sobol.hpp"
#include "studies/sweep.hpp"
#include "tests/studies/small_sweep.hpp"

namespace ballast {
namespace {

using Kind = Distribution::Kind;
using Method = Sampling::Method;
using Scramble = Sampling::Scramble;
using ::testing::ElementsAre;

Sampling sampling(Method method, int samples, int seed = 1, Scramble scramble = Scramble::OWEN) {
  return {method, scramble, samples, seed};
}

/// Measured beside allowed.
void expect_near(const char* what, double measured, double expected, double allowed) {
  fmt::print("{:<44} {:.6g}, expected {:.6g}, off by {:.2g} of {:.2g}\n", what, measured, expected,
             std::abs(measured - expected), allowed);
  EXPECT_NEAR(measured, expected, allowed) << what;
}

TEST(NormalQuantile, AgreesWithPublishedPercentagePointsAndItsInverse) {
  expect_near("quantile of 0.975", normal_quantile(0.975), 1.959963984540054, 1e-14);
  expect_near("quantile of 0.999", normal_quantile(0.999), 3.090232306167813, 1e-14);
  expect_near("quantile of 1e-10", normal_quantile(1e-10), -6.361340902404056, 1e-13);
  double worst = 0;
  double worst_share = 0;
  for (int k = 1; k < 2000; ++k) {
    const double u = k / 2000.0;
    worst = std::max(worst, std::abs(normal_share(normal_quantile(u)) - u));
    const double x = -8 + 0.008 * k;
    worst_share = std::max(worst_share, std::abs(normal_share(x) - 0.5 * std::erfc(-x / std::sqrt(2.0))));
  }
  expect_near("share of quantile, worst of 1999", worst, 0, 1e-15);
  expect_near("share against erfc, worst of 1999", worst_share, 0, 1e-15);
}

/// A distribution with what theory says of it.
struct Known {
  const char* name;
  Distribution d;
  double mean, deviation;
  std::function<double(double)> share;  ///< cumulative
};
std::vector<Known> known_distributions() {
  Distribution uniform;
  uniform.low = 2, uniform.high = 5;
  Distribution normal;
  normal.kind = Kind::NORMAL, normal.mean = 300, normal.deviation = 30;
  Distribution truncated = normal;  // at -1 and +2 deviations
  truncated.low = 270, truncated.high = 360;
  Distribution lognormal;
  lognormal.kind = Kind::LOGNORMAL, lognormal.mean = std::log(0.1), lognormal.deviation = 0.4;
  Distribution triangular;
  triangular.kind = Kind::TRIANGULAR, triangular.low = 1, triangular.mode = 2, triangular.high = 5;
  const auto Phi = [](double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); };
  const auto phi = [](double x) { return std::exp(-0.5 * x * x) / std::sqrt(2 * M_PI); };
  const double Z = Phi(2) - Phi(-1);
  const double shift = (phi(-1) - phi(2)) / Z;
  const double variance = 1 + (-phi(-1) - 2 * phi(2)) / Z - shift * shift;
  return {{"uniform", uniform, 3.5, 3 / std::sqrt(12.0), [](double x) { return (x - 2) / 3; }},
          {"normal", normal, 300, 30, [=](double x) { return Phi((x - 300) / 30); }},
          {"truncated normal", truncated, 300 + 30 * shift, 30 * std::sqrt(variance),
           [=](double x) { return (Phi((x - 300) / 30) - Phi(-1)) / Z; }},
          {"lognormal", lognormal, 0.1 * std::exp(0.08), 0.1 * std::exp(0.08) * std::sqrt(std::expm1(0.16)),
           [=](double x) { return Phi(std::log(x / 0.1) / 0.4); }},
          {"triangular", triangular, 8.0 / 3, std::sqrt((1 + 4 + 25 - 2 - 10 - 5) / 18.0),
           [](double x) { return x < 2 ? (x - 1) * (x - 1) / 4 : 1 - (5 - x) * (5 - x) / 12; }}};
}

TEST(Distributions, DrawsHaveTheirMeanDeviationAndShape) {
  constexpr int kDraws = 20000;
  for (const Known& k : known_distributions()) {
    std::vector<double> values;
    for (const double u : sample_points(sampling(Method::RANDOM, kDraws, 11), k.name, 0))
      values.push_back(quantile(k.d, u));
    double mean = 0;
    for (const double v : values) mean += v / kDraws;
    double square = 0;
    for (const double v : values) square += (v - mean) * (v - mean) / (kDraws - 1);
    std::sort(values.begin(), values.end());
    double departure = 0;  // Kolmogorov and Smirnov
    for (int j = 0; j < kDraws; ++j)
      departure = std::max(departure, std::abs(k.share(values[j]) - (j + 0.5) / kDraws) + 0.5 / kDraws);
    const double root = std::sqrt(static_cast<double>(kDraws));
    expect_near(fmt::format("{}: mean", k.name).c_str(), mean, k.mean, 3.3 * k.deviation / root);
    expect_near(fmt::format("{}: deviation", k.name).c_str(), std::sqrt(square), k.deviation,
                0.03 * k.deviation);
    expect_near(fmt::format("{}: distance from its curve", k.name).c_str(), departure, 0, 1.95 / root);
    EXPECT_GE(values.front(), k.d.low) << k.name;
    EXPECT_LE(values.back(), k.d.high) << k.name;
  }
}

TEST(Distributions, ChoiceFollowsWeightsAndWholeNumbersAreEquallyLikely) {
  Distribution choice;
  choice.kind = Kind::CHOICE;
  choice.values.resize(4);
  choice.weights = {1, 0, 2, 1};
  Distribution whole;
  whole.low = 3, whole.high = 6, whole.whole = true;
  std::vector<int> picked(4);
  std::vector<int> rolled(4);
  for (const double u : sample_points(sampling(Method::RANDOM, 8000, 5), "x", 0)) {
    ++picked[chosen(choice, u)];
    ++rolled.at(static_cast<std::size_t>(quantile(whole, u) - 3));
  }
  EXPECT_EQ(picked[1], 0) << "weight 0";
  expect_near("share of weight 2 in 4", picked[2] / 8000.0, 0.5, 3.3 * std::sqrt(0.25 / 8000));
  for (const int count : rolled)
    expect_near("share of one number in four", count / 8000.0, 0.25, 3.3 * std::sqrt(0.1875 / 8000));
}

TEST(LatinHypercube, EveryStratumOfEveryAxisHasOneSampleAndAxesAreNotCorrelated) {
  constexpr int kSamples = 500;
  std::vector<std::vector<double>> axes;
  for (const char* name : {"power", "clearing", "battery"})
    axes.push_back(sample_points(sampling(Method::LATIN_HYPERCUBE, kSamples, 3), name, 0));
  for (const auto& axis : axes) {
    std::set<int> strata;
    for (const double u : axis) strata.insert(static_cast<int>(u * kSamples));
    EXPECT_EQ(strata.size(), 500U);
  }
  for (const auto& [a, b] : {std::pair{0, 1}, std::pair{0, 2}, std::pair{1, 2}}) {
    double correlation = 0;
    for (int k = 0; k < kSamples; ++k) correlation += 12 * (axes[a][k] - 0.5) * (axes[b][k] - 0.5) / kSamples;
    expect_near("correlation of two axes", correlation, 0, 3.3 / std::sqrt(500.0));
  }
}

TEST(Sobol, FirstPointsAreThePublishedOnes) {
  // Five dimensions of the points that the authors' program gives for new-joe-kuo-6.21201.
  const double published[8][5] = {{0, 0, 0, 0, 0},
                                  {0.5, 0.5, 0.5, 0.5, 0.5},
                                  {0.75, 0.25, 0.25, 0.25, 0.75},
                                  {0.25, 0.75, 0.75, 0.75, 0.25},
                                  {0.375, 0.375, 0.625, 0.875, 0.375},
                                  {0.875, 0.875, 0.125, 0.375, 0.875},
                                  {0.625, 0.125, 0.875, 0.625, 0.625},
                                  {0.125, 0.625, 0.375, 0.125, 0.125}};
  for (int k = 0; k < 8; ++k)
    for (int d = 0; d < 5; ++d) EXPECT_EQ(sobol_digits(k, d) * 0x1p-32, published[k][d]) << k << " " << d;
  // Point 1000 in the first, second, twentieth and last dimension, as scipy.stats.qmc.Sobol gives it.
  EXPECT_EQ(sobol_digits(1000, 0) * 0x1p-32, 0.2197265625);
  EXPECT_EQ(sobol_digits(1000, 1) * 0x1p-32, 0.0966796875);
  EXPECT_EQ(sobol_digits(1000, 19) * 0x1p-32, 0.7255859375);
  EXPECT_EQ(sobol_digits(1000, 31) * 0x1p-32, 0.1455078125);
}

TEST(Sobol, EveryDimensionIsBalancedWithAndWithoutScrambling) {
  for (const Scramble scramble : {Scramble::OWEN, Scramble::SHIFT})
    for (int d = 0; d < kSobolDimensions; ++d) {
      std::set<int> strata;
      for (const double u : sample_points(sampling(Method::SOBOL, 256, 9, scramble), "x", d)) {
        EXPECT_GT(u, 0);
        EXPECT_LT(u, 1);
        strata.insert(static_cast<int>(u * 256));
      }
      EXPECT_EQ(strata.size(), 256U) << "dimension " << d;
    }
  // Two dimensions are a net: every box of 1/16 by 1/16 holds one of 256 points.
  for (const Scramble scramble : {Scramble::OWEN, Scramble::SHIFT}) {
    const auto x = sample_points(sampling(Method::SOBOL, 256, 9, scramble), "x", 0);
    const auto y = sample_points(sampling(Method::SOBOL, 256, 9, scramble), "y", 1);
    std::set<std::pair<int, int>> boxes;
    for (int k = 0; k < 256; ++k) boxes.insert({static_cast<int>(x[k] * 16), static_cast<int>(y[k] * 16)});
    EXPECT_EQ(boxes.size(), 256U);
  }
  EXPECT_THAT(sample_points(sampling(Method::SOBOL, 3, 9, Scramble::NONE), "x", 1),
              ElementsAre(0.5, 0.25, 0.75));
}

/// The mean of a smooth function: the reason to take better points than random ones.
TEST(Sobol, IntegratesASmoothFunctionBetterThanRandomPoints) {
  const auto error = [](Method method) {
    double square = 0;
    for (int seed = 1; seed <= 20; ++seed) {
      std::vector<std::vector<double>> axes;
      for (int d = 0; d < 4; ++d)
        axes.push_back(sample_points(sampling(method, 256, seed), std::string(1, "abcd"[d]), d));
      double mean = 0;
      for (int k = 0; k < 256; ++k) {
        double product = 1;
        for (int d = 0; d < 4; ++d) product *= 1 + 0.5 * (axes[d][k] - 0.5);
        mean += product / 256;
      }
      square += (mean - 1) * (mean - 1) / 20;
    }
    return std::sqrt(square);
  };
  const double random = error(Method::RANDOM);
  const double lhs = error(Method::LATIN_HYPERCUBE);
  const double sobol = error(Method::SOBOL);
  fmt::print("root mean square error of 256 samples: random {:.2g}, Latin hypercube {:.2g}, Sobol' {:.2g}\n",
             random, lhs, sobol);
  EXPECT_LT(lhs, random / 3);
  EXPECT_LT(sobol, lhs / 2);
}

TEST(SamplePoints, AreTheSameOnEveryMachineAndGrowWithoutChange) {
  EXPECT_EQ(sample_points(sampling(Method::RANDOM, 2, 1), "power", 0),
            (std::vector<double>{0.597780112400659, 0.8963597118664379}));
  EXPECT_EQ(sample_points(sampling(Method::LATIN_HYPERCUBE, 2, 1), "power", 0),
            (std::vector<double>{0.42418816660638825, 0.7041049648090728}));
  EXPECT_EQ(sample_points(sampling(Method::SOBOL, 2, 1), "power", 0),
            (std::vector<double>{0.9110574060439796, 0.20931311309600745}));
  for (const Method method : {Method::RANDOM, Method::SOBOL}) {
    const auto few = sample_points(sampling(method, 10, 4), "x", 2);
    auto many = sample_points(sampling(method, 50, 4), "x", 2);
    many.resize(10);
    EXPECT_EQ(few, many);
  }
  EXPECT_NE(sample_points(sampling(Method::RANDOM, 2, 1), "a", 0),
            sample_points(sampling(Method::RANDOM, 2, 2), "a", 0));
}

const char* const kSampled = R"([sweep]
title = "sampled"
case = "small.toml"
base_events = "drop"
[sampling]
method = "latin-hypercube"
samples = 8
seed = 3
[[axis]]
name = "power"
path = "datacenter.Campus-A.it_power_MW"
distribution = { kind = "normal", mean = 70, deviation = 10, low = 50, high = 90 }
[[axis]]
name = "bus"
values = [1, 2, 3]
[[axis]]
name = "length"
distribution = { kind = "triangular", low = 0.05, mode = 0.1, high = 0.2 }
[[event]]
at_s = 1
fault = { bus = "{bus}", bolted = true, duration_s = "{length}" }
)";

class SampledSweep : public testing::SweepFolderTest {
 protected:
  Sweep read(const std::string& text) { return read_sweep_text(text, folder / "sweep.toml"); }
};

TEST_F(SampledSweep, SampledAxesGoTogetherAndCountOnceInAProduct) {
  const Sweep sweep = read(kSampled);
  ASSERT_EQ(sweep.scenarios, 24) << "8 samples at the place of the first of their axes, 3 buses";
  std::set<std::string> cases;
  for (int k = 0; k < 24; ++k) {
    const std::vector<int> choice = choice_of(sweep, k);
    EXPECT_EQ(choice, (std::vector<int>{k / 3, k % 3, k / 3}));
    cases.insert(case_key(sweep, k));
  }
  EXPECT_EQ(cases.size(), 8U) << "one case at rest per power";
  const Sweep again = read(kSampled);
  for (int k = 0; k < 24; ++k) EXPECT_EQ(scenario_text(sweep, k), scenario_text(again, k));
  EXPECT_NE(scenario_text(read(testing::replaced(kSampled, "seed = 3", "seed = 4")), 0),
            scenario_text(sweep, 0));
}

TEST_F(SampledSweep, ZipTakesSamplesAndListsTogether) {
  std::string text = testing::replaced(kSampled, "[sampling]", "combine = \"zip\"\n[sampling]");
  text = testing::replaced(text, "samples = 8", "samples = 3");
  const Sweep sweep = read(text);
  ASSERT_EQ(sweep.scenarios, 3);
  EXPECT_EQ(choice_of(sweep, 2), (std::vector<int>{2, 2, 2}));
}

TEST_F(SampledSweep, AnAxisWithDrawsOfItsOwnIsAnAxisLikeAnyOther) {
  const Sweep sweep = read(testing::replaced(kSampled, "mode = 0.1,", "samples = 5, mode = 0.1,"));
  EXPECT_EQ(sweep.scenarios, 8 * 3 * 5);
  EXPECT_FALSE(sweep.axes[2].sampled);
}

TEST_F(SampledSweep, DrawsOfAFewValuesShareTheirCases) {
  const Sweep sweep =
      read(testing::replaced(kSampled, "kind = \"normal\", mean = 70, deviation = 10, low = 50, high = 90",
                             "kind = \"choice\", values = [60, 80], weights = [1, 3]"));
  std::set<std::string> cases;
  for (int k = 0; k < sweep.scenarios; ++k) cases.insert(case_key(sweep, k));
  EXPECT_EQ(cases.size(), 2U);
  int heavy = 0;
  for (const AxisValue& v : sweep.axes[0].values) heavy += v.text == "80" ? 1 : 0;
  EXPECT_EQ(heavy, 6) << "a Latin hypercube of 8 has 3 in 4 of them exactly";
}

}  // namespace
}  // namespace ballast
