/// Our elementary functions against <cmath> in long double: largest error in units in the last place, over
/// the documented ranges; and the same bits in a pack as alone.
#include "models/math.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <random>
#include <type_traits>

#include "models/pack.hpp"

namespace ballast::test {
namespace {

constexpr int kSamples = 1'000'000;
constexpr unsigned kSeed = 20240710;

/// Error of `found` in ulp of double at `exact`; below `least` (1 for values that may vanish by cancellation
/// of their argument's own rounding) in ulp at `least`.
double ulp_error(double found, long double exact, double least = 0x1p-1021) {
  const double size = std::max(std::abs(static_cast<double>(exact)), least);
  const double ulp = std::ldexp(1.0, std::ilogb(size) - 52);
  return static_cast<double>(std::abs(static_cast<long double>(found) - exact)) / ulp;
}

struct Worst {
  double error = 0;
  double at = 0;
  double at2 = 0;
  void take(double e, double x, double y = 0) {
    if (e > error || e != e) error = e, at = x, at2 = y;
  }
};
void report(const char* what, const Worst& w, double tolerance) {
  std::printf("%-34s largest error %6.3f ulp at %.17g, %.17g (tolerance %g ulp; seed %u)\n", what, w.error,
              w.at, w.at2, tolerance, kSeed);
  EXPECT_LT(w.error, tolerance) << what;
}
/// Log-uniform magnitudes, so that small arguments count.
template <class Random>
double spread(Random& random, double low, double high) {
  return std::exp(std::uniform_real_distribution(std::log(low), std::log(high))(random));
}

static_assert(std::numeric_limits<long double>::digits >= 64, "the reference has 11 bits more than double");

TEST(Math, SineAndCosineAnglesOfAMachine) {
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution angle(-100.0, 100.0);
  Worst sine;
  Worst cosine;
  for (int i = 0; i < kSamples; ++i) {
    const double x = i % 2 == 0 ? angle(random) : spread(random, 1e-10, 100);
    double s = 0;
    double c = 0;
    sincos_(x, s, c);
    sine.take(ulp_error(s, std::sin(static_cast<long double>(x))), x);
    cosine.take(ulp_error(c, std::cos(static_cast<long double>(x))), x);
  }
  report("sin, |x| < 100", sine, 2);
  report("cos, |x| < 100", cosine, 2);
}
TEST(Math, SineAndCosineUpToTheirDocumentedRange) {
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution angle(-1e5, 1e5);
  Worst sine;
  Worst cosine;
  for (int i = 0; i < kSamples; ++i) {
    const double x = angle(random);
    double s = 0;
    double c = 0;
    sincos_(x, s, c);
    sine.take(ulp_error(s, std::sin(static_cast<long double>(x)), 1e-3), x);
    cosine.take(ulp_error(c, std::cos(static_cast<long double>(x)), 1e-3), x);
  }
  report("sin, |x| < 1e5, absolute < 1e-3", sine, 2);
  report("cos, |x| < 1e5, absolute < 1e-3", cosine, 2);
}
TEST(Math, Exponential) {
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution wide(-700.0, 700.0);
  Worst worst;
  for (int i = 0; i < kSamples; ++i) {
    const double x = i % 2 == 0 ? wide(random) : (i % 4 == 1 ? 1 : -1) * spread(random, 1e-12, 10);
    worst.take(ulp_error(exp_(x), std::exp(static_cast<long double>(x))), x);
  }
  report("exp, |x| < 700", worst, 2);
}
TEST(Math, Logarithm) {
  std::mt19937_64 random(kSeed);
  Worst worst;
  for (int i = 0; i < kSamples; ++i) {
    const double x = i % 2 == 0 ? spread(random, 1e-300, 1e300) : spread(random, 0.5, 2);
    worst.take(ulp_error(log_(x), std::log(static_cast<long double>(x))), x);
  }
  report("log, x > 0", worst, 2);
}
TEST(Math, PowerLosesWhatItsExponentMagnifies) {
  // exp(b log a): the rounding of b log a is magnified by its size; documented as ulp * (2 + |b log a|).
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution exponent(-4.0, 4.0);
  Worst usual;
  Worst scaled;
  for (int i = 0; i < kSamples; ++i) {
    const double a = spread(random, 1e-3, 1e3);
    const double b = exponent(random);
    const double e =
        ulp_error(pow_(a, b), std::pow(static_cast<long double>(a), static_cast<long double>(b)));
    scaled.take(e / (2 + std::abs(b * std::log(a))), a, b);
    if (a > 0.5 && a < 1.5) usual.take(e, a, b);
  }
  report("pow, 0.5 < a < 1.5, |b| < 4", usual, 1.5 * (2 + 4 * std::log(2.0)));
  report("pow, over (2 + |b log a|)", scaled, 1.5);
}
TEST(Math, ArcTangentOfTwo) {
  std::mt19937_64 random(kSeed);
  Worst worst;
  for (int i = 0; i < kSamples; ++i) {
    const double y = (i & 1 ? 1 : -1) * spread(random, 1e-6, 1e3);
    const double x = (i & 2 ? 1 : -1) * spread(random, 1e-6, 1e3);
    worst.take(ulp_error(atan2_(y, x), std::atan2(static_cast<long double>(y), static_cast<long double>(x))),
               y, x);
  }
  report("atan2, all quadrants", worst, 2);
}
TEST(Math, ArcTangentOnTheAxesAndAtTheOrigin) {
  const double pi = 3.14159265358979323846;
  EXPECT_EQ(atan2_(0.0, 0.0), 0);
  EXPECT_EQ(atan2_(0.0, 2.0), 0);
  EXPECT_EQ(atan2_(0.0, -2.0), pi);
  EXPECT_EQ(atan2_(2.0, 0.0), pi / 2);
  EXPECT_EQ(atan2_(-2.0, 0.0), -pi / 2);
}
TEST(Math, RootAndFmaAreTheProcessorsOwn) {
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 10'000; ++i) {
    const double x = spread(random, 1e-300, 1e300);
    ASSERT_EQ(sqrt_(x), std::sqrt(x));
    const double a = spread(random, 1e-3, 1e3);
    ASSERT_EQ(fma_(a, a, -a), std::fma(a, a, -a));
  }
}
TEST(Math, RoundsHalvesToEven) {
  EXPECT_EQ(round_(0.5), 0);
  EXPECT_EQ(round_(1.5), 2);
  EXPECT_EQ(round_(-2.5), -2);
  EXPECT_EQ(round_(-0.7), -1);
}
TEST(Math, MagnitudeIsWithin1e6OfTheModulusAndSmoothAtZero) {
  EXPECT_NEAR(magnitude_(0.0, 0.0), 1e-6, 1e-18);
  EXPECT_NEAR(magnitude_(3e-6, 4e-6), std::sqrt(26.0) * 1e-6, 1e-18);
  EXPECT_NEAR(magnitude_(0.6, 0.8), 1, 1e-12);
  const auto at_zero = magnitude_(Dual<2>::seed(0, 0), Dual<2>::seed(0, 1));
  EXPECT_EQ(at_zero.d[0], 0);
  EXPECT_EQ(at_zero.d[1], 0);
}

template <class P>
class MathPack : public ::testing::Test {};
using Packs = ::testing::Types<Pack<2>, Pack<4>>;  // Pack<8> needs AVX-512
TYPED_TEST_SUITE(MathPack, Packs);
TYPED_TEST(MathPack, EveryLaneHasTheBitsOfDouble) {
  using P = TypeParam;
  std::mt19937_64 random(kSeed);
  std::uniform_real_distribution uniform(-20.0, 20.0);
  for (int i = 0; i < 20'000; ++i) {
    P a;
    P b;
    for (int l = 0; l < P::kLanes; ++l)
      a.set(l, i % 50 == 0 ? 0.0 : uniform(random)), b.set(l, uniform(random));
    const P positive = abs_(a) + 1e-3;
    P s;
    P c;
    sincos_(a, s, c);
    const P packed[] = {s,
                        c,
                        exp_(a),
                        log_(positive),
                        pow_(positive, b),
                        atan2_(a, b),
                        sqrt_(positive),
                        fma_(a, b, a),
                        abs_(a),
                        magnitude_(a, b)};
    for (int l = 0; l < P::kLanes; ++l) {
      double sine = 0;
      double cosine = 0;
      const double x = a[l];
      const double y = b[l];
      const double p = positive[l];
      sincos_(x, sine, cosine);
      const double alone[] = {sine,         cosine,   exp_(x),       log_(p), pow_(p, y),
                              atan2_(x, y), sqrt_(p), fma_(x, y, x), abs_(x), magnitude_(x, y)};
      for (std::size_t f = 0; f < std::size(alone); ++f)
        ASSERT_EQ(detail::bits(packed[f][l]), detail::bits(alone[f]))
            << "function " << f << " at " << x << ", " << y;
    }
  }
}

}  // namespace
}  // namespace ballast::test
