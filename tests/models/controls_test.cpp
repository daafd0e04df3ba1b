/// Claims about the pieces that exciters share.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/exciters/rectifier.hpp"
#include "models/saturation.hpp"

namespace ballast {
namespace {

TEST(Saturation, PassesItsTwoPointsInEitherOrder) {
  const auto up = make_saturation(4.0, 0.4, 5.0, 0.6);
  const auto down = make_saturation(5.0, 0.6, 4.0, 0.4);
  EXPECT_NEAR(saturation_excess(up, 4.0) / 4.0, 0.4, 1e-14);
  EXPECT_NEAR(saturation_excess(up, 5.0) / 5.0, 0.6, 1e-14);
  EXPECT_NEAR(up.A, down.A, 1e-13);
  EXPECT_NEAR(up.B, down.B, 1e-13);
}
TEST(Saturation, IsNoneWithoutPointsAndBeginsWhereItIsZero) {
  EXPECT_EQ(saturation_excess(make_saturation(0.0, 0.0, 0.0, 0.0), 7.0), 0);
  const auto begins = make_saturation(3.0, 0.0, 4.0, 0.2);
  EXPECT_EQ(saturation_excess(begins, 3.0), 0);
  EXPECT_NEAR(saturation_excess(begins, 4.0), 0.8, 1e-14);
}

TEST(Rectifier, PiecesJoinSmoothlyAndInvert) {
  constexpr double kStep = 1e-7;
  double jump = 0;
  double bend = 0;
  double lost = 0;
  for (const double boundary : {std::numbers::sqrt3 / 4, 0.75}) {
    const double left = rectified(1.0, boundary - kStep);
    const double middle = rectified(1.0, boundary);
    const double right = rectified(1.0, boundary + kStep);
    jump = std::max(jump, std::abs(right - left));
    bend = std::max(bend, std::abs(right - 2 * middle + left) / kStep);
  }
  for (double I = -0.2; I < 3; I += 0.01)
    for (const double Efd : {0.05, 0.5, 2.0, 5.0})
      lost = std::max(lost, std::abs(rectified(before_rectifier(Efd, I), I) - Efd));
  fmt::print(
      "change over {} of current {:.1e} (tolerance 4e-7), of slope {:.1e} (1e-5), inverse {:.1e} (1e-14)\n",
      2 * kStep, jump, bend, lost);
  EXPECT_LT(jump, 4e-7);
  EXPECT_LT(bend, 1e-5);
  EXPECT_LT(lost, 1e-14);
}
TEST(Rectifier, GivesNothingBeyondItsShortCircuitCurrent) {
  EXPECT_EQ(rectified(1.0, 1.5), 0);
  EXPECT_EQ(rectified(0.0, 0.1), 0);
  EXPECT_EQ(rectified(1.0, -0.5), 1);
}

}  // namespace
}  // namespace ballast
