#include "cases/reader/distribution.hpp"

#include <algorithm>
#include <cmath>

#include "models/math.hpp"

namespace ballast {
namespace {

using Kind = Distribution::Kind;

/// c[0] + c[1] x + ... + c[7] x^7
double polynomial(const double (&c)[8], double x) {
  double sum = 0;
  for (int k = 7; k >= 0; --k) sum = sum * x + c[k];
  return sum;
}

/// A standard normal quantile within the shares that truncation leaves.
double truncated(const Distribution& d, double low, double high, double u) {
  const double from = normal_share((low - d.mean) / d.deviation);
  const double to = normal_share((high - d.mean) / d.deviation);
  const double share = std::clamp(from + u * (to - from), 0x1p-54, 1 - 0x1p-53);
  return std::clamp(d.mean + d.deviation * normal_quantile(share), low, high);
}

}  // namespace

double normal_share(double x) {
  // G. Marsaglia, Evaluating the normal distribution (2004): 1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...).
  constexpr double kBeyond = 8.5;  // both tails are below 1e-17
  if (x > kBeyond) return 1;
  if (x < -kBeyond) return 0;
  constexpr double kInverseRootOf2Pi = 0.39894228040143267794;
  double sum = x;
  double term = x;
  for (int k = 3; sum + term != sum; k += 2) {
    term *= x * x / k;
    sum += term;
  }
  return 0.5 + kInverseRootOf2Pi * sum * exp_(-0.5 * x * x);
}

double normal_quantile(double share) {
  // M. J. Wichura, Algorithm AS 241: The percentage points of the normal distribution (1988), PPND16.
  static constexpr double a[]{3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3,
                              1.3731693765509461125e+4, 4.5921953931549871457e+4, 6.7265770927008700853e+4,
                              3.3430575583588128105e+4, 2.5090809287301226727e+3};
  static constexpr double b[]{1.0,
                              4.2313330701600911252e+1,
                              6.8718700749205790830e+2,
                              5.3941960214247511077e+3,
                              2.1213794301586595867e+4,
                              3.9307895800092710610e+4,
                              2.8729085735721942674e+4,
                              5.2264952788528545610e+3};
  static constexpr double c[]{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                              3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                              2.27238449892691845833e-2, 7.74545014278341407640e-4};
  static constexpr double d[]{1.0,
                              2.05319162663775882187e0,
                              1.67638483018380384940e0,
                              6.89767334985100004550e-1,
                              1.48103976427480074590e-1,
                              1.51986665636164571966e-2,
                              5.47593808499534494600e-4,
                              1.05075007164441684324e-9};
  static constexpr double e[]{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                              2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                              2.71155556874348757815e-5, 2.01033439929228813265e-7};
  static constexpr double f[]{1.0,
                              5.99832206555887937690e-1,
                              1.36929880922735805310e-1,
                              1.48753612908506148525e-2,
                              7.86869131145613259100e-4,
                              1.84631831751005468180e-5,
                              1.42151175831644588870e-7,
                              2.04426310338993978564e-15};
  const double q = share - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(a, r) / polynomial(b, r);
  }
  double r = sqrt_(-log_(q < 0 ? share : 1 - share));
  double x = 0;
  if (r <= 5) {
    r -= 1.6;
    x = polynomial(c, r) / polynomial(d, r);
  } else {
    r -= 5;
    x = polynomial(e, r) / polynomial(f, r);
  }
  return q < 0 ? -x : x;
}

double quantile(const Distribution& d, double u) {
  switch (d.kind) {
    case Kind::UNIFORM:
      if (d.whole) return std::min(d.high, d.low + std::floor(u * (d.high - d.low + 1)));
      return d.low + u * (d.high - d.low);
    case Kind::NORMAL:
      return truncated(d, d.low, d.high, u);
    case Kind::LOGNORMAL: {
      const double value = exp_(truncated(d, d.low > 0 ? log_(d.low) : -kInfinity,
                                          std::isfinite(d.high) ? log_(d.high) : kInfinity, u));
      return std::clamp(value, std::max(d.low, 0.0), d.high);
    }
    case Kind::TRIANGULAR: {
      const double rising = d.mode - d.low;
      const double falling = d.high - d.mode;
      const double base = d.high - d.low;
      return u * base < rising ? d.low + sqrt_(u * base * rising) : d.high - sqrt_((1 - u) * base * falling);
    }
    case Kind::CHOICE:
      break;
  }
  return kUnknown;
}

std::size_t chosen(const Distribution& d, double u) {
  double sum = 0;
  for (const double w : d.weights) sum += w;
  double below = 0;
  std::size_t last = 0;
  for (std::size_t k = 0; k < d.weights.size(); ++k) {
    if (!(d.weights[k] > 0)) continue;
    last = k;
    below += d.weights[k];
    if (u * sum < below) return k;
  }
  return last;
}

}  // namespace ballast
