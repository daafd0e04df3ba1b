/// Rainflow counting against the worked example of ASTM E1049, and life by a curve against hand calculation.
#include "models/storage/cycle_life.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numbers>

namespace ballast {
namespace {

std::map<double, double> counts(const std::vector<double>& series) {
  std::map<double, double> by_range;
  for (const RainflowCycle& c : rainflow(series)) by_range[c.range] += c.count;
  return by_range;
}

TEST(Rainflow, TheExampleOfTheStandard) {
  // ASTM E1049-85, Fig. 6: A to I; the table of its cycle counts.
  const std::map<double, double> standard{{3, 0.5}, {4, 1.5}, {6, 0.5}, {8, 1.0}, {9, 0.5}};
  const auto ours = counts({-2, 1, -3, 5, -1, 3, -4, 4, -2});
  for (const auto& [range, count] : ours) std::printf("range %g: %g cycles\n", range, count);
  EXPECT_EQ(ours, standard);
}

TEST(Rainflow, PointsBetweenReversalsCountForNothing) {
  const std::vector<double> finer{-2, -1, 0, 1, 1, -1, -3, 0, 2, 5, 4, -1, 3, 3, 0, -4, 4, 1, -2};
  EXPECT_EQ(counts(finer), counts({-2, 1, -3, 5, -1, 3, -4, 4, -2}));
  EXPECT_TRUE(rainflow(std::vector<double>{0.5, 0.5, 0.5}).empty());
}

TEST(Rainflow, AnOscillationOnASwellGivesItsCyclesAndTheSwell) {
  // 60 s of a swell of 0.4 with 60 cycles of 0.02 on it: the small ones close inside the large one.
  std::vector<double> soc;
  for (int k = 0; k <= 60000; ++k) {
    const double t = 0.001 * k;
    soc.push_back(0.5 + 0.2 * std::sin(2 * std::numbers::pi * t / 60) +
                  0.01 * std::sin(2 * std::numbers::pi * t));
  }
  double large = 0, small = 0;
  for (const RainflowCycle& c : rainflow(soc)) (c.range > 0.1 ? large : small) += c.count;
  std::printf("%g large, %g small cycles\n", large, small);
  EXPECT_DOUBLE_EQ(large, 1.5) << "up, down, and up again: three halves";
  EXPECT_NEAR(small, 58.5, 1.0);
}

TEST(CycleLife, ByHand) {
  // A cycle of 0.1 each second for a minute. 6,000 cycles of full depth, exponent 1.5:
  // wear a cycle 0.1^1.5/6000 = 5.2705e-6, a year 166.3232: 0.00601239 years; half the time twice as long.
  std::vector<RainflowCycle> cycles(60, {0.1, 0.5, 1});
  const LifeCurve curve{6000, 1.5, 20};
  const CycleLife all = cycle_life(cycles, 60, curve), half = cycle_life(cycles, 60, curve, 0.5);
  std::printf("%.9f years, by hand 0.00601239 (tolerance 1e-8)\n", all.years);
  EXPECT_NEAR(all.full_cycles, 6, 1e-12);
  EXPECT_NEAR(all.years, 0.00601239, 1e-8);
  EXPECT_DOUBLE_EQ(half.years, 2 * all.years);
  EXPECT_DOUBLE_EQ(cycle_life({}, 60, curve).years, 20) << "the calendar";
}

TEST(CycleLife, ACurveIsReadBackFromItsText) {
  const LifeCurve curve{6000.5, 1.1, 1.0 / 3};
  const auto back = life_curve_of(text_of(curve));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->cycles, curve.cycles);
  EXPECT_EQ(back->exponent, curve.exponent);
  EXPECT_EQ(back->calendar_years, curve.calendar_years);
  EXPECT_FALSE(life_curve_of("forever").has_value());
}

}  // namespace
}  // namespace ballast
