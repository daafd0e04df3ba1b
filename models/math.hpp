/// \file
/// Elementary functions that give the same bits on every backend: each is written once over an arithmetic
/// type T (double on CPU and GPU, Pack in the batch) from +, -, *, /, sqrt and explicit fma.
/// Kernels follow the published fdlibm and Cephes polynomials. Ranges, and errors against long double over a
/// million arguments each (tests/models/math_test.cpp):
///   sincos_  |x| < 1e5 rad           1.6 ulp (beyond |x| = 100 absolutely where a value is below 1e-3)
///   exp_     |x| < 700               1.6 ulp
///   log_     positive and normal     0.9 ulp
///   pow_     positive base           1.1 ulp times (2 + |b log a|)
///   atan2_   everywhere              1.6 ulp; atan2_(0, 0) = 0; a signed zero counts as +0
#pragma once

#include <cstring>

#include "models/scalar.hpp"

namespace ballast {

// ---- primitives on double; pack.hpp gives the same for Pack ----
BALLAST_HD inline double sqrt_(double x) {
#if defined(__CUDA_ARCH__)
  return __dsqrt_rn(x);
#else
  return __builtin_sqrt(x);
#endif
}
BALLAST_HD inline double fma_(double a, double b, double c) {
#if defined(__CUDA_ARCH__)
  return __fma_rn(a, b, c);
#else
  return __builtin_fma(a, b, c);
#endif
}
BALLAST_HD inline double abs_(double x) { return x < 0 ? -x : x; }
/// Nearest integer, halves to even, for |x| < 2^51.
template <class T>
BALLAST_HD T round_(const T& x) {
  const double shift = 6755399441055744.0;  // 1.5 * 2^52
  return (x + shift) - shift;
}
namespace detail {
BALLAST_HD inline std::int64_t bits(double x) {
  std::int64_t b = 0;
  memcpy(&b, &x, sizeof b);
  return b;
}
BALLAST_HD inline double from_bits(std::int64_t b) {
  double x = 0;
  memcpy(&x, &b, sizeof x);
  return x;
}
/// 1.5 * 2^52: added to an integral k, it leaves k in the low bits (no conversion, no undefined case).
constexpr double kIntegerShift = 6755399441055744.0;
/// x * 2^k for integral k within the normal range.
BALLAST_HD inline double scale2(double x, double k) {
  return x * from_bits((bits(k + kIntegerShift) + 1023) << 52);
}
/// x = m * 2^k with m in [sqrt(1/2), sqrt(2)).
BALLAST_HD inline void split2(double x, double& m, double& k) {
  const std::int64_t b = bits(x);
  const std::int64_t shifted = b - 0x3fe6a09e667f3bcdLL;  // bits of sqrt(1/2)
  const std::int64_t exponent = shifted >> 52;
  k = static_cast<double>(exponent);
  m = from_bits(b - exponent * (1LL << 52));
}

template <class T>
BALLAST_HD void sincos(const T& x, T& sine, T& cosine) {
  const T k = round_(x * 0.63661977236758134308);  // 2/pi
  T r = fma_(k, T(-1.57079632673412561417e+00), x);
  r = fma_(k, T(-6.07710050650619224932e-11), r);
  const T z = r * r;
  T s = fma_(z, T(1.58969099521155010221e-10), T(-2.50507602534068634195e-08));
  s = fma_(z, s, T(2.75573137070700676789e-06));
  s = fma_(z, s, T(-1.98412698298579493134e-04));
  s = fma_(z, s, T(8.33333333332248946124e-03));
  s = fma_(z, s, T(-1.66666666666666324348e-01));
  s = fma_(r * z, s, r);
  T c = fma_(z, T(-1.13596475577881948265e-11), T(2.08757232129817482790e-09));
  c = fma_(z, c, T(-2.75573143513906633035e-07));
  c = fma_(z, c, T(2.48015872894767294178e-05));
  c = fma_(z, c, T(-1.38888888888741095749e-03));
  c = fma_(z, c, T(4.16666666666666019037e-02));
  c = fma_(z * z, c, fma_(z, T(-0.5), T(1.0)));
  const T quadrant = k - round_((k - 1.5) * 0.25) * 4.0;  // 0, 1, 2 or 3
  const auto odd = abs_(k - round_(k * 0.5) * 2.0) > 0.5;
  const T a = select_(odd, c, s);
  const T b = select_(odd, s, c);
  sine = select_(quadrant > 1.5, -a, a);
  cosine = select_(abs_(quadrant - 1.5) < 1.0, -b, b);
}

template <class T>
BALLAST_HD T exp(const T& x) {
  const T k = round_(x * 1.44269504088896338700);
  T r = fma_(k, T(-6.93145751953125E-1), x);
  r = fma_(k, T(-1.42860682030941723212E-6), r);
  const T z = r * r;
  T p = fma_(z, T(1.26177193074810590878E-4), T(3.02994407707441961300E-2));
  p = r * fma_(z, p, T(9.99999999999999999910E-1));
  T q = fma_(z, T(3.00198505138664455042E-6), T(2.52448340349684104192E-3));
  q = fma_(z, q, T(2.27265548208155028766E-1));
  q = fma_(z, q, T(2.00000000000000000005E0));
  return scale2(1.0 + 2.0 * (p / (q - p)), k);
}

template <class T>
BALLAST_HD T log(const T& x) {
  T m;
  T k;
  split2(x, m, k);
  const T f = m - 1.0;
  const T s = f / (2.0 + f);
  const T z = s * s;
  T r = fma_(z, T(1.479819860511658591e-01), T(1.531383769920937332e-01));
  r = fma_(z, r, T(1.818357216161805012e-01));
  r = fma_(z, r, T(2.222219843214978396e-01));
  r = fma_(z, r, T(2.857142874366239149e-01));
  r = fma_(z, r, T(3.999999999940941908e-01));
  r = fma_(z, r, T(6.666666666666735130e-01));
  r = r * z;
  const T half = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 - ((half - (s * (half + r) + k * 1.90821492927058770002e-10)) - f);
}

/// atan of t in [0, 1].
template <class T>
BALLAST_HD T atan_unit(const T& t) {
  const auto upper = t > 0.66;
  const T x = select_(upper, (t - 1.0) / (t + 1.0), t);
  const T z = x * x;
  T p = fma_(z, T(-8.750608600031904122785E-1), T(-1.615753718733365076637E1));
  p = fma_(z, p, T(-7.500855792314704667340E1));
  p = fma_(z, p, T(-1.228866684490136173410E2));
  p = fma_(z, p, T(-6.485021904942025371773E1));
  T q = z + 2.485846490142306297962E1;
  q = fma_(z, q, T(1.650270098316988542046E2));
  q = fma_(z, q, T(4.328810604912902668951E2));
  q = fma_(z, q, T(4.853903996359136964868E2));
  q = fma_(z, q, T(1.945506571482613964425E2));
  const T a = fma_(x, z * (p / q), x);
  return select_(upper, 0.78539816339744830962 + (a + 3.061616997868383018e-17), a);
}

template <class T>
BALLAST_HD T atan2(const T& y, const T& x) {
  const T ax = abs_(x);
  const T ay = abs_(y);
  const auto steep = ay > ax;
  const T large = select_(steep, ay, ax);
  const T small = select_(steep, ax, ay);
  const auto origin = large < 1e-300;
  const T a = atan_unit(select_(origin, T(0.0), small / select_(origin, T(1.0), large)));
  const T b = select_(steep, 1.57079632679489661923 - a, a);
  const T c = select_(x < 0.0, 3.14159265358979323846 - b, b);
  return select_(y < 0.0, -c, c);
}
}  // namespace detail

BALLAST_HD inline void sincos_(double x, double& s, double& c) { detail::sincos(x, s, c); }
BALLAST_HD inline double exp_(double x) { return detail::exp(x); }
BALLAST_HD inline double log_(double x) { return detail::log(x); }
BALLAST_HD inline double atan2_(double y, double x) { return detail::atan2(y, x); }
/// a^b for a > 0.
BALLAST_HD inline double pow_(double a, double b) { return exp_(b * log_(a)); }

// ---- derivatives ----
template <int N>
BALLAST_HD Dual<N> sqrt_(const Dual<N>& x) {
  const double r = sqrt_(x.value);
  return x.chain(r, 0.5 / r);
}
template <int N>
BALLAST_HD Dual<N> abs_(const Dual<N>& x) {
  return x.value < 0 ? -x : x;
}
template <int N>
BALLAST_HD void sincos_(const Dual<N>& x, Dual<N>& s, Dual<N>& c) {
  double sv = 0;
  double cv = 0;
  sincos_(x.value, sv, cv);
  s = x.chain(sv, cv);
  c = x.chain(cv, -sv);
}
template <int N>
BALLAST_HD Dual<N> exp_(const Dual<N>& x) {
  const double e = exp_(x.value);
  return x.chain(e, e);
}
template <int N>
BALLAST_HD Dual<N> log_(const Dual<N>& x) {
  return x.chain(log_(x.value), 1 / x.value);
}
template <int N>
BALLAST_HD Dual<N> pow_(const Dual<N>& a, double b) {
  const double p = pow_(a.value, b);
  return a.chain(p, b * p / a.value);
}
template <int N>
BALLAST_HD Dual<N> atan2_(const Dual<N>& y, const Dual<N>& x) {
  const double square = x.value * x.value + y.value * y.value;
  Dual<N> r(atan2_(y.value, x.value));
  for (int i = 0; i < N; ++i) r.d[i] = (x.value * y.d[i] - y.value * x.d[i]) / square;
  return r;
}

// ---- composed, for every scalar type ----
template <class A, class B>
BALLAST_HD auto min_(const A& a, const B& b) {
  return select_(a < b, a, b);
}
template <class A, class B>
BALLAST_HD auto max_(const A& a, const B& b) {
  return select_(a > b, a, b);
}
template <class T, class L, class H>
BALLAST_HD auto clamp_(const T& x, const L& low, const H& high) {
  return min_(max_(x, low), high);
}
/// |a + jb| with a derivative at zero: sqrt(a^2 + b^2 + 1e-12); differs from the modulus by less than 1e-6.
template <class T>
BALLAST_HD T magnitude_(const T& a, const T& b) {
  return sqrt_(a * a + b * b + 1e-12);
}

}  // namespace ballast
