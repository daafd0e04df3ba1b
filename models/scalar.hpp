/// \file
/// The scalar types that one set of model equations serves, and the few operations equations may use.
///
///   double          a residual, a lane on the GPU
///   Dual<N>         value and N directional derivatives: the exact Jacobian for IDA
///   Pack<W>         W scenarios side by side: the SIMD batch (pack.hpp)
///   Complex         complex step: the independent check of Dual (check_scalars.hpp)
///   Pattern, Count  which inputs a result depends on; how many operations it costs (check_scalars.hpp)
///
/// Equations contain no `if` on a scalar: they compare (`a < b` gives a condition of the type's own kind) and
/// choose with select_(condition, a, b). Mathematical functions are our own (math.hpp), the same bits
/// everywhere.
#pragma once

#include <cmath>
#include <cstdint>

#if defined(__CUDACC__)
#define BALLAST_HD __host__ __device__
#else
#define BALLAST_HD
#endif

namespace ballast {

/// Value with N derivatives. Mixed operations with double are cheaper than lifting the double.
template <int N>
struct Dual {
  double value = 0;
  double d[N] = {};

  Dual() = default;
  BALLAST_HD Dual(double v) : value(v) {}  // NOLINT: a constant is a scalar
  /// The i-th independent variable.
  BALLAST_HD static Dual seed(double v, int i) {
    Dual x(v);
    x.d[i] = 1;
    return x;
  }

  /// A result with value v whose derivatives are k * this one's.
  BALLAST_HD Dual chain(double v, double k) const {
    Dual r(v);
    for (int i = 0; i < N; ++i) r.d[i] = k * d[i];
    return r;
  }

  BALLAST_HD friend Dual operator-(const Dual& a) { return a.chain(-a.value, -1); }
  BALLAST_HD friend Dual operator+(const Dual& a, const Dual& b) {
    Dual r(a.value + b.value);
    for (int i = 0; i < N; ++i) r.d[i] = a.d[i] + b.d[i];
    return r;
  }
  BALLAST_HD friend Dual operator-(const Dual& a, const Dual& b) {
    Dual r(a.value - b.value);
    for (int i = 0; i < N; ++i) r.d[i] = a.d[i] - b.d[i];
    return r;
  }
  BALLAST_HD friend Dual operator*(const Dual& a, const Dual& b) {
    Dual r(a.value * b.value);
    for (int i = 0; i < N; ++i) r.d[i] = a.d[i] * b.value + a.value * b.d[i];
    return r;
  }
  BALLAST_HD friend Dual operator/(const Dual& a, const Dual& b) {
    const double inverse = 1 / b.value;
    Dual r(a.value / b.value);
    for (int i = 0; i < N; ++i) r.d[i] = (a.d[i] - r.value * b.d[i]) * inverse;
    return r;
  }
  BALLAST_HD friend Dual operator+(Dual a, double b) { return a.value += b, a; }
  BALLAST_HD friend Dual operator+(double a, Dual b) { return b.value = a + b.value, b; }
  BALLAST_HD friend Dual operator-(Dual a, double b) { return a.value -= b, a; }
  BALLAST_HD friend Dual operator-(double a, const Dual& b) { return b.chain(a - b.value, -1); }
  BALLAST_HD friend Dual operator*(const Dual& a, double b) { return a.chain(a.value * b, b); }
  BALLAST_HD friend Dual operator*(double a, const Dual& b) { return b.chain(a * b.value, a); }
  BALLAST_HD friend Dual operator/(const Dual& a, double b) { return a.chain(a.value / b, 1 / b); }
  BALLAST_HD friend Dual operator/(double a, const Dual& b) {
    const double quotient = a / b.value;
    return b.chain(quotient, -quotient / b.value);
  }

  BALLAST_HD friend bool operator<(const Dual& a, const Dual& b) { return a.value < b.value; }
  BALLAST_HD friend bool operator>(const Dual& a, const Dual& b) { return a.value > b.value; }
  BALLAST_HD friend bool operator<(const Dual& a, double b) { return a.value < b; }
  BALLAST_HD friend bool operator>(const Dual& a, double b) { return a.value > b; }
  BALLAST_HD friend bool operator<(double a, const Dual& b) { return a < b.value; }
  BALLAST_HD friend bool operator>(double a, const Dual& b) { return a > b.value; }
};

/// choose a where the condition holds, else b; both are evaluated.
BALLAST_HD inline double select_(bool condition, double a, double b) { return condition ? a : b; }
template <int N>
BALLAST_HD Dual<N> select_(bool condition, const Dual<N>& a, const Dual<N>& b) {
  return condition ? a : b;
}
template <int N>
BALLAST_HD Dual<N> select_(bool condition, const Dual<N>& a, double b) {
  return condition ? a : Dual<N>(b);
}
template <int N>
BALLAST_HD Dual<N> select_(bool condition, double a, const Dual<N>& b) {
  return condition ? Dual<N>(a) : b;
}

/// The mode of a limit or automaton, as equations see it: one small integer per scenario.
template <class T>
struct ModeOf {
  using type = int;
};
template <class T>
using Mode = typename ModeOf<T>::type;

/// A number an automaton holds (a counter, a ramp's corner), as equations see it: one per scenario, never
/// differentiated.
template <class T>
struct HeldOf {
  using type = double;
};
template <class T>
using Held = typename HeldOf<T>::type;

/// The value without derivatives, for checks and printing.
BALLAST_HD inline double value_of(double x) { return x; }
template <int N>
BALLAST_HD double value_of(const Dual<N>& x) {
  return x.value;
}

}  // namespace ballast
