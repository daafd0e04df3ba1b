/// One source of equations gives the same bits as double, in a pack of four different scenarios, and compiled
/// by nvcc; and the method that steps it has the order it should have.
#include "tests/models/one_source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "models/pack.hpp"
#if defined(BALLAST_HAVE_CUDA)
#include "tests/models/one_source_cuda.hpp"
#endif

namespace ballast::test {

template <int W>
struct Lanes<Pack<W>> {
  static constexpr int kCount = W;
  static double get(const Pack<W>& x, int lane) { return x[lane]; }
  static void set(Pack<W>& x, int lane, double value) { x.set(lane, value); }
  static int get_mode(const ModePack<W>& m, int lane) { return m[lane]; }
  static void set_mode(ModePack<W>& m, int lane, int value) { m.set(lane, value); }
};

namespace {

using P4 = Pack<4>;
constexpr double kUnitStep = 1.0 / 240;
constexpr double kUpsStep = 0.01;

/// Dips of different depth, place and length; steps of power; machines of different inertia. Two packs.
const std::vector<UnitScenario> kUnits{
    {1.0, 0.3, 1.02, 0.2, 4, 200, 0.3, 1, 0.10, 0},    {1.3, 0.4, 1.00, 0.2, 4, 200, 0.0, 1, 0.15, 0},
    {0.6, -0.2, 0.98, 0.4, 6, 100, 0.5, 0.5, 0.3, 0},  {1.2, 0.1, 1.05, 0.1, 3, 300, 0.7, 2, 1.00, 0.2},
    {0.0, 0.0, 1.00, 0.3, 5, 50, 1.0, 0, 0, 0.3},      {1.4, 0.5, 1.03, 0.15, 2.5, 400, 0.1, 0.2, 0.2, 0},
    {0.8, 0.6, 1.04, 0.25, 7, 150, 0.9, 3, 0.5, -0.7}, {0.3, 0.2, 1.01, 0.2, 4, 200, 0.2, 1.5, 0.05, 1.0}};

const std::vector<UpsScenario> kUps{
    {1.0, 3, {0.3, 0.5, 0.0, 1}, {1, 2, 3, 9}, {0.05, 0.1, 0.2, 0}},  // locks at the third dip
    {0.8, 0, {0.7, 1, 1, 1}, {1, 9, 9, 9}, {0.2, 0, 0, 0}},           // the whole circle
    {0.5,
     2,
     {0.88, 0.88, 1.2, 1},
     {1, 4, 7, 9},
     {0.5, 0.01, 0.5, 0}},  // below dip_level, too short, too high
    {1.1, 3, {0.95, 0.9, 0.84, 1}, {1, 3, 5, 9}, {0.5, 0.5, 0.005, 0}, 1.05},  // current limit, overload
    {1.0, 0, {0.0, 1, 1, 1}, {0.5, 9, 9, 9}, {8, 0, 0, 0}},                    // battery empty
    {0.0, 1, {0.2, 1, 1, 1}, {2, 9, 9, 9}, {1, 0, 0, 0}},                      // no load, locks at once
    {0.9, 5, {0.3, 0.3, 0.3, 0.3}, {1, 1.3, 1.6, 1.9}, {0.1, 0.1, 0.1, 0.1}},
    {0.7, 3, {0.59, 0.61, 0.86, 1.11}, {1, 3, 5, 7}, {0.3, 0.3, 0.3, 0.3}}};

/// One scenario after the other as double.
template <class Thing, class Scenario, class Make>
std::vector<double> run_alone(const std::vector<Scenario>& scenarios, const Make& make, double h) {
  std::vector<double> traces(scenarios.size() * kSteps * Thing::kTrace);
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    Thing thing = make(&scenarios[i], h);
    run_all_steps(thing, traces.data() + i * kSteps * Thing::kTrace);
  }
  return traces;
}
/// Four different scenarios at a time; traces in the order of run_alone.
template <class Thing, class Scenario, class Make>
std::vector<double> run_in_packs(const std::vector<Scenario>& scenarios, const Make& make, double h) {
  constexpr std::size_t kLength = static_cast<std::size_t>(kSteps) * Thing::kTrace;
  std::vector<double> traces(scenarios.size() * kLength);
  for (std::size_t first = 0; first < scenarios.size(); first += 4) {
    Thing thing = make(&scenarios[first], h);
    std::vector<P4> trace(kLength);
    run_all_steps(thing, trace.data());
    for (std::size_t lane = 0; lane < 4; ++lane)
      for (std::size_t k = 0; k < kLength; ++k)
        traces[(first + lane) * kLength + k] = trace[k][static_cast<int>(lane)];
  }
  return traces;
}

void expect_same_bits(const std::vector<double>& found, const std::vector<double>& wanted, int width,
                      const char* what) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    ASSERT_FALSE(std::isnan(wanted[k]));
    ASSERT_EQ(detail::bits(found[k]), detail::bits(wanted[k]))
        << what << ": scenario " << k / (kSteps * static_cast<std::size_t>(width)) << ", step "
        << k / static_cast<std::size_t>(width) % kSteps << ", quantity "
        << k % static_cast<std::size_t>(width) << ": " << found[k] << " against " << wanted[k];
  }
  std::printf("%s: %zu numbers, all the same bits\n", what, wanted.size());
}
/// Values that one quantity of a scenario takes, in order, without repetition.
std::vector<double> values_of(const std::vector<double>& traces, std::size_t scenario, int width,
                              int quantity) {
  std::vector<double> values;
  for (int step = 0; step < kSteps; ++step) {
    const double v =
        traces[(scenario * kSteps + static_cast<std::size_t>(step)) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(quantity)];
    if (values.empty() || values.back() != v) values.push_back(v);
  }
  return values;
}

std::vector<double> units_alone() { return run_alone<Unit<double>>(kUnits, make_unit<double>, kUnitStep); }
std::vector<double> ups_alone() { return run_alone<UpsUnit<double>>(kUps, make_ups<double>, kUpsStep); }

TEST(OneSource, TheUnitScenariosReachTheirLimits) {
  const auto traces = units_alone();
  constexpr int kWidth = Unit<double>::kTrace;
  for (const auto& [name, quantity] : {std::pair("field", kWidth - 2), std::pair("valve", kWidth - 1)}) {
    int moves = 0;
    for (std::size_t i = 0; i < kUnits.size(); ++i)
      moves += static_cast<int>(values_of(traces, i, kWidth, quantity).size()) - 1;
    std::printf("%s limit: %d moves in %zu scenarios\n", name, moves, kUnits.size());
    EXPECT_GE(moves, 4) << name;
  }
}
TEST(OneSource, TheUpsScenariosReachEveryMode) {
  const auto traces = ups_alone();
  constexpr int kAutomaton = int{Ups::kStates} + int{Ups::kOutputs} + int{Ups::kHeld} + int{Ups::AUTOMATON};
  std::vector<int> seen(std::size(Ups::mode_names), 0);
  for (std::size_t i = 0; i < kUps.size(); ++i) {
    std::printf("scenario %zu:", i);
    for (const double v : values_of(traces, i, UpsUnit<double>::kTrace, kAutomaton)) {
      std::printf(" %s", Ups::mode_names[static_cast<int>(v)]);
      seen[static_cast<std::size_t>(v)] = 1;
    }
    std::printf("\n");
  }
  for (std::size_t m = 0; m < seen.size(); ++m) EXPECT_TRUE(seen[m]) << Ups::mode_names[m];
}

TEST(OneSource, APackOfFourUnitsHasTheBitsOfEachUnitAlone) {
  expect_same_bits(run_in_packs<Unit<P4>>(kUnits, make_unit<P4>, kUnitStep), units_alone(),
                   Unit<double>::kTrace, "unit, pack");
}
TEST(OneSource, APackOfFourUpsHasTheBitsOfEachUpsAlone) {
  expect_same_bits(run_in_packs<UpsUnit<P4>>(kUps, make_ups<P4>, kUpsStep), ups_alone(),
                   UpsUnit<double>::kTrace, "UPS, pack");
}

#if defined(BALLAST_HAVE_CUDA)
TEST(OneSource, NvccsHostCodeHasTheSameBits) {
  const auto units = units_alone();
  std::vector<double> found(units.size());
  run_units_as_nvcc_host_code(kUnits.data(), static_cast<int>(kUnits.size()), kUnitStep, found.data());
  expect_same_bits(found, units, Unit<double>::kTrace, "unit, nvcc host code");
  const auto ups = ups_alone();
  found.assign(ups.size(), 0);
  run_ups_as_nvcc_host_code(kUps.data(), static_cast<int>(kUps.size()), kUpsStep, found.data());
  expect_same_bits(found, ups, UpsUnit<double>::kTrace, "UPS, nvcc host code");
}
TEST(OneSource, TheKernelHasTheSameBitsOnADevice) {
  const auto units = units_alone();
  std::vector<double> found(units.size());
  const char* outcome =
      run_units_on_device(kUnits.data(), static_cast<int>(kUnits.size()), kUnitStep, found.data());
  if (outcome != nullptr && *outcome == '\0') GTEST_SKIP() << "no CUDA device here";
  ASSERT_EQ(outcome, nullptr) << outcome;
  expect_same_bits(found, units, Unit<double>::kTrace, "unit, device");
  const auto ups = ups_alone();
  found.assign(ups.size(), 0);
  outcome = run_ups_on_device(kUps.data(), static_cast<int>(kUps.size()), kUpsStep, found.data());
  ASSERT_EQ(outcome, nullptr) << outcome;
  expect_same_bits(found, ups, UpsUnit<double>::kTrace, "UPS, device");
}
#else
TEST(OneSource, NvccsHostCodeHasTheSameBits) { GTEST_SKIP() << "built without CUDA"; }
#endif

TEST(OneSource, HeunHasOrderTwoOnASmoothUnit) {
  // A step of the governor's reference, no dip, no limit reached: the solution is smooth.
  const UnitScenario smooth{1.0, 0.3, 1.02, 0.2, 4, 100, 1, 0, 0, 0.05};
  constexpr double kUntil = 2;
  constexpr int kX = Unit<double>::kStates;
  const auto solve = [&](int steps) {
    Unit<double> unit = make_unit<double>(&smooth, kUntil / steps);
    std::vector<double> trace(Unit<double>::kTrace);
    for (int step = 0; step < steps; ++step) {
      unit.advance(step, trace.data());
      EXPECT_EQ(trace[kX + 2], 0) << "the exciter reached its limit";
      EXPECT_EQ(trace[kX + 3], 0) << "the governor reached its limit";
    }
    return std::vector<double>(unit.x, unit.x + kX);
  };
  constexpr int kCoarsest = 240;
  const std::vector<double> exact = solve(kCoarsest * 256);
  double before = 0;
  for (int refine = 1; refine <= 8; refine *= 2) {
    const std::vector<double> x = solve(kCoarsest * refine);
    double error = 0;
    for (int i = 0; i < kX; ++i) error = std::max(error, std::abs(x[i] - exact[i]));
    const double order = std::log2(before / error);
    std::printf("h = 1/%d s: error %.3e", kCoarsest * refine / 2, error);
    if (refine > 1) {
      std::printf(", order %.3f (2 +- 0.1)", order);
      EXPECT_NEAR(order, 2, 0.1);
    }
    std::printf("\n");
    before = error;
  }
}

}  // namespace
}  // namespace ballast::test
