/// A data center without its detail is the load of other programs; and what a fit finds of one that is.
#include "studies/equivalent/equivalent.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>

#include "models/loads/cmldblu2_parameters.hpp"
#include "models/loads/perc1.hpp"
#include "models/registry.hpp"

namespace ballast::equivalent {
namespace {

const std::string kGrid = R"(
[case]
title = "A data center on a source"
[network]
frequency_Hz = 60
base_MVA = 100
[[bus]]
number = 1
base_kV = 230
slack = true
[[bus]]
number = 2
base_kV = 230
[[line]]
from = 1
to = 2
R = 0
X = 0.05
B = 0
[[generator]]
bus = 1
Vset = 1
base_MVA = 100
machine = { model = "VSOURCE", Rs = 0, Xs = 0.1, Tf = 0.01 }
[loads]
active = { impedance = 0, current = 0, power = 1 }
reactive = { impedance = 0, current = 0, power = 1 }
pqbrak = 0.1
[[datacenter]]
name = "campus"
bus = 2
it_power_MW = 48
workload = { kind = "constant", level = 1 }
)";
const std::string kEnd = "[simulation]\nuntil_s = 1\n";

/// A UPS without what standard models lack: battery recharge, dip counter, current limit.
std::string plain_ups(const std::string& more) {
  return "kind = \"double-conversion\"\nefficiency = 0.96\nV_high_transfer = 1.5\nV_hysteresis = 0.002\n"
         "V_gate_off = 0.05\ndip_level = 0.1\ndips_to_lock = 0\nrecharge_power = 0\ncurrent_limit = 5\n" +
         more;
}

mqt::Options alone() {
  mqt::Options options;
  options.alone = true;
  return options;
}

struct Apart {
  double P = 0, Q = 0;  ///< pu of the apparent power at rest
  double at_s = 0;
};
/// Largest distance at the samples' common grid, left and right of no jump.
Apart apart(const LoadSeries& a, const LoadSeries& b, double from_s = 0) {
  const auto value = [](const LoadSeries& s, const std::vector<double>& v, double t) {
    std::size_t k = 1;
    while (k + 1 < s.time_s.size() && s.time_s[k] < t) ++k;
    const double span = s.time_s[k] - s.time_s[k - 1];
    return span > 0 ? v[k - 1] + (t - s.time_s[k - 1]) / span * (v[k] - v[k - 1]) : v[k];
  };
  const double rest = std::hypot(a.power_MW.front(), a.reactive_Mvar.front());
  Apart most;
  for (int k = 1; k * 0.05 < a.time_s.back(); ++k) {
    const double t = k * 0.05;
    if (t < from_s) continue;
    const double P = std::abs(value(a, a.power_MW, t) - value(b, b.power_MW, t)) / rest;
    const double Q = std::abs(value(a, a.reactive_Mvar, t) - value(b, b.reactive_Mvar, t)) / rest;
    if (std::max(P, Q) > std::max(most.P, most.Q)) most.at_s = t;
    most.P = std::max(most.P, P);
    most.Q = std::max(most.Q, Q);
  }
  return most;
}

/// V_factor held at each level for its seconds, from 1.01 s: jumps lie beside the samples' grid.
mqt::Test levels(const std::vector<std::pair<double, double>>& value_for_s, double strength, double until_s) {
  mqt::Test test;
  test.name = "levels";
  test.title = "Levels";
  test.strength = strength;
  test.starts_s = 1.01;
  test.until_s = until_s;
  mqt::Move move{"V_factor", {}, {}};
  double t = 0;
  for (const auto& [value, seconds] : value_for_s) {
    for (const double end : {t, t + seconds}) {
      move.times_s.push_back(end);
      move.values.push_back(value);
    }
    t += seconds;
  }
  test.moves.push_back(std::move(move));
  return test;
}

LoadSeries precise(Case c) {
  c.simulation.relative_tolerance = 1e-9;
  c.simulation.suppress_algebraic = false;  // samples between steps hold the tolerance, too
  return observe(c);
}

void print_tests(const std::vector<Trial>& trials, const Fit& found) {
  for (std::size_t k = 0; k < trials.size(); ++k)
    std::printf("  %-40s %.2f %%\n", trials[k].test.title.c_str(),
                100 * misfit({trials[k]}, {found.series[k]}));
}

class Equivalence : public ::testing::TestWithParam<double> {};

TEST_P(Equivalence, APowerSupplyWithoutDetailIsAConstantPowerLoad) {
  const Case campus = read_case_text(kGrid + R"([datacenter.ups]
kind = "rack-psu"
curve = "none"
efficiency = 0.96
power_factor = 0.98
current_limit = 5
V_off = 0.05
bbu_s = 0
recharge_power = 0
)" + kEnd,
                                     "campus.toml");
  const mqt::Bench bench(campus, alone());
  const mqt::Test test = levels({{0.9, 0.5}, {1.1, 0.5}, {0.75, 0.3}, {1, 1}}, GetParam(), 4);
  // LDELEC far above its voltages.
  const std::vector<double> constant_power{0.06, 0.05, 1, 0};
  const Apart a =
      apart(precise(bench.build(test)), precise(bench.build_load(test, "LDELEC", constant_power)));
  std::printf("ratio %g: P %.1e, Q %.1e pu apart (tolerance 1e-6), most at %.2f s\n", GetParam(), a.P, a.Q,
              a.at_s);
  EXPECT_LT(a.P, 1e-6);
  EXPECT_LT(a.Q, 1e-6);
}

TEST_P(Equivalence, AUpsWithoutDetailIsPerc1) {
  const Case campus = read_case_text(
      kGrid + "[datacenter.ups]\n" +
          plain_ups("power_factor = 0.98\nV_low_transfer = 0.8\ndetect_s = 0\nqualify_s = 0.8\n"
                    "walk_in_delay_s = 0.4\nwalk_in_ramp_s = 1.5\n") +
          kEnd,
      "campus.toml");
  const mqt::Bench bench(campus, alone());
  const mqt::Test test =
      levels({{0.9, 0.5}, {0.5, 0.3}, {1, 5}, {0.6, 0.3}, {1, 0.5}, {0.65, 0.1}, {1, 1}}, GetParam(), 12);
  std::vector<double> p(Perc1::kParameters);
  p[Perc1::VCEASE] = 0.8;
  p[Perc1::VRECON] = 0.802;
  p[Perc1::TRECON] = 1.2;
  p[Perc1::TRAMP] = 1.5;
  p[Perc1::FCEASE] = p[Perc1::FRECON] = 1;
  p[Perc1::TV] = 1e-7;  // the UPS sees the voltage without delay
  for (const int time : {Perc1::TVP, Perc1::TVQ, Perc1::TAP, Perc1::TBP, Perc1::TAQ, Perc1::TBQ, Perc1::TF})
    p[static_cast<std::size_t>(time)] = 0.02;
  const Apart a = apart(precise(bench.build(test)), precise(bench.build_load(test, "PERC1", p)));
  std::printf("ratio %g: P %.1e, Q %.1e pu apart (tolerance 1e-6), most at %.2f s\n", GetParam(), a.P, a.Q,
              a.at_s);
  EXPECT_LT(a.P, 1e-6);
  EXPECT_LT(a.Q, 1e-6);
}
INSTANTIATE_TEST_SUITE_P(Strength, Equivalence, ::testing::Values(kForever, 10.0));

TEST(EquivalentLoad, CohortsWhoseThresholdsSpreadEvenlyAreLdelec) {
  // Ten levels from 0.8 to 0.7; of each half of the blocks come back. LDELEC is their limit, and equal to
  // them at every voltage halfway between two thresholds.
  constexpr double kHigh = 0.8, kLow = 0.7, kReturns = 0.5;
  constexpr int kLevels = 10;
  std::string blocks;
  for (int k = 0; k < kLevels; ++k)
    for (const bool returns : {true, false})
      blocks += "[[datacenter.ups]]\n" +
                plain_ups(fmt::format("power_factor = 1\nV_low_transfer = {}\ndetect_s = 0\nqualify_s = {}\n"
                                      "walk_in_delay_s = 0\nwalk_in_ramp_s = 0.01\nbattery_s = 1e6\n",
                                      kHigh - (k + 0.5) * (kHigh - kLow) / kLevels, returns ? "0" : "1e5"));
  const Case campus = read_case_text(kGrid + blocks + kEnd, "campus.toml");
  const mqt::Bench bench(campus, alone());
  constexpr double kHold_s = 0.5;
  const std::vector<double> voltages{1, 0.78, 0.75, 0.72, 0.76, 0.79, 1, 0.73, 0.71, 0.77, 1};
  std::vector<std::pair<double, double>> steps;
  for (const double v : voltages) steps.emplace_back(v, kHold_s);
  const mqt::Test test = levels(steps, kForever, 1 + kHold_s * static_cast<double>(voltages.size()));
  const LoadSeries own = precise(bench.build(test));
  const LoadSeries other =
      precise(bench.build_load(test, "LDELEC", std::vector<double>{kHigh, kLow, kReturns, 0}));
  double worst = 0;
  for (std::size_t k = 0; k < voltages.size(); ++k) {
    const double at = test.starts_s + kHold_s * (static_cast<double>(k) + 0.9);  // its Vmin has settled
    const auto power = [&](const LoadSeries& s) {
      std::size_t i = 0;
      while (i + 1 < s.time_s.size() && s.time_s[i + 1] <= at) ++i;
      return s.power_MW[i] / 50;
    };
    std::printf("%.2f pu: cohorts draw %.7f, LDELEC %.7f\n", voltages[k], power(own), power(other));
    worst = std::max(worst, std::abs(power(own) - power(other)));
  }
  std::printf("largest difference %.1e pu (tolerance 1e-6)\n", worst);
  EXPECT_LT(worst, 1e-6);
}

TEST(EquivalentLoad, AFitFindsTheParametersOfADataCenterThatIsPerc1) {
  const Case campus = read_case_text(
      kGrid + "[datacenter.ups]\n" +
          plain_ups("power_factor = 0.98\nV_low_transfer = 0.74\ndetect_s = 0\nqualify_s = 0.8\n"
                    "walk_in_delay_s = 0.4\nwalk_in_ramp_s = 1.5\n") +
          kEnd,
      "campus.toml");
  const mqt::Bench bench(campus, alone());
  const double returns_s = return_time(bench);
  EXPECT_NEAR(returns_s, 2.7, 0.1) << "qualify, delay, ramp";
  const std::vector<Trial> trials = observe_all(bench, fitting_tests(returns_s, 60));
  const Fit found = fit(bench, trials, "PERC1", 100);
  const ModelInfo& info = *find_model("PERC1");
  for (const Fitted& f : found.fitted)
    std::printf("%s: start %.5f, found %.5f\n", info.parameters[static_cast<std::size_t>(f.parameter)].name,
                f.start, f.value);
  print_tests(trials, found);
  std::printf("misfit %.3f %% (at most 2 %%), at start %.3f %%, %d evaluations\n", 100 * found.misfit,
              100 * found.misfit_at_start, found.evaluations);
  EXPECT_LT(found.misfit, 0.02);
  EXPECT_LE(found.misfit, found.misfit_at_start);
  EXPECT_NEAR(found.parameters[Perc1::VCEASE], 0.74, 0.01);
  EXPECT_NEAR(found.parameters[Perc1::TRECON], 1.2, 0.1);
  EXPECT_NEAR(found.parameters[Perc1::TRAMP], 1.5, 0.15);
  EXPECT_NEAR(found.parameters[Perc1::FCEASE], 1, 0.02);
  EXPECT_NEAR(found.parameters[Perc1::FRECON], 1, 0.02);
}

TEST(EquivalentLoad, AFitOfTheCompositeLoadFindsTheBandInWhichEquipmentDropsOut) {
  const Case campus = read_case_text(
      kGrid + "[datacenter.ups]\n" +
          plain_ups(
              "power_factor = 1\ndetect_s = 0\nqualify_s = 0\nwalk_in_delay_s = 0\nwalk_in_ramp_s = 0.01\n") +
          "[datacenter.ups.cohorts]\ncount = 40\nseed = 3\n"
          "V_low_transfer = { kind = \"uniform\", low = 0.66, high = 0.78 }\n" +
          kEnd,
      "campus.toml");
  const mqt::Bench bench(campus, alone());
  const std::vector<Trial> trials = observe_all(bench, fitting_tests(return_time(bench), 60));
  const Fit found = fit(bench, trials, "CMLDBLU2", 40);
  print_tests(trials, found);
  std::printf(
      "misfit %.3f %% (at most 3 %%), at start %.3f %%; Vd1 %.4f (0.78), Vd2 %.4f (0.66), Fel %.3f (1), "
      "Frcel %.3f (1)\n",
      100 * found.misfit, 100 * found.misfit_at_start, found.parameters[C_VD1], found.parameters[C_VD2],
      found.parameters[C_FEL], found.parameters[C_FRCEL]);
  EXPECT_LT(found.misfit, 0.03);
  EXPECT_NEAR(found.parameters[C_VD1], 0.78, 0.02);
  EXPECT_NEAR(found.parameters[C_VD2], 0.66, 0.02);
  EXPECT_NEAR(found.parameters[C_FEL], 1, 0.05);
  EXPECT_NEAR(found.parameters[C_FRCEL], 1, 0.05);
}

TEST(EquivalentLoad, AModelThatCannotBeFittedIsRefusedByName) {
  const Case campus = read_case_text(kGrid + "[datacenter.ups]\n" + plain_ups("") + kEnd, "campus.toml");
  const mqt::Bench bench(campus, alone());
  const std::vector<Trial> trials = observe_all(bench, fitting_tests(2, 60));
  EXPECT_THAT([&] { (void)fit(bench, trials, "LDELEC", 10); },
              ::testing::ThrowsMessage<Error>(::testing::HasSubstr("no fit for a model 'LDELEC'")));
}

}  // namespace
}  // namespace ballast::equivalent
