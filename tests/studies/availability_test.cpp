/// Availability of plants of many units, by the binomial law and by drawing.
#include "studies/compare/availability.hpp"

#include <gtest/gtest.h>

namespace ballast::compare {
namespace {

TEST(Availability, BinomialByHand) {
  // Three of four at 0.98: 4 x 0.98^3 x 0.02 + 0.98^4 = 0.97664; at 1 % of 5 units lost 0.99^5.
  EXPECT_NEAR(binomial_availability(4, 3, 0.98), 4 * 0.941192 * 0.02 + 0.92236816, 1e-12);
  EXPECT_NEAR(binomial_availability(5, 5, 0.99), 0.9509900499, 1e-10);
}

TEST(Availability, TheDrawsMeetTheLaw) {
  const Availability plant{"p", "p", 4, 3, 980, 20, 20, 400, 42};
  const AvailabilityResult r = availability(plant);
  std::printf("drawn %.6f, binomial %.6f (tolerance 2e-4); 95 %% of the draws %.5f to %.5f\n", r.mean,
              r.exact, r.low, r.high);
  EXPECT_NEAR(r.mean, r.exact, 2e-4);
  EXPECT_LT(r.low, r.exact);
  EXPECT_GT(r.high, r.exact);
  EXPECT_EQ(availability(plant).mean, r.mean) << "by the seed alone";
}

}  // namespace
}  // namespace ballast::compare
