/// \file
/// Scalar types that examine a model instead of running it.
///
///   Pattern   which inputs a result depends on: plans the sparse Jacobian
///   Complex   complex step: the independent check of Dual
///   Count     how many operations an evaluation costs: the roofline's numerator
///
/// Pattern and Count know no values, so their conditions are undecided: select_ takes both branches.
#pragma once

#include <cmath>
#include <cstdint>

#include "models/math.hpp"

namespace ballast {

/// The condition of a scalar without a value.
struct Undecided {
  friend Undecided operator&&(Undecided, Undecided) { return {}; }
  friend Undecided operator||(Undecided, Undecided) { return {}; }
  friend Undecided operator&&(Undecided, bool) { return {}; }
  friend Undecided operator||(Undecided, bool) { return {}; }
  friend Undecided operator&&(bool, Undecided) { return {}; }
  friend Undecided operator||(bool, Undecided) { return {}; }
  friend Undecided operator!(Undecided) { return {}; }
};

/// The mode of a limit when nothing is known about it: it may be anything.
struct UndecidedMode {
  UndecidedMode() = default;
  UndecidedMode(int) {}  // NOLINT: a mode is a small integer
  friend Undecided operator==(UndecidedMode, int) { return {}; }
  friend Undecided operator!=(UndecidedMode, int) { return {}; }
  friend Undecided operator<(UndecidedMode, int) { return {}; }
  friend Undecided operator>(UndecidedMode, int) { return {}; }
  friend Undecided operator<=(UndecidedMode, int) { return {}; }
  friend Undecided operator>=(UndecidedMode, int) { return {}; }
};

// ---- Pattern ----

/// Bit i is set when the result may depend on independent variable i. A model's independent variables are
/// x[0..kStates) and then in[0..kInputs), at most 64 together.
struct Pattern {
  std::uint64_t bits = 0;

  Pattern() = default;
  Pattern(double) {}  // NOLINT: a constant depends on nothing
  static Pattern seed(int i) {
    Pattern p;
    p.bits = std::uint64_t{1} << i;
    return p;
  }
  [[nodiscard]] bool depends_on(int i) const { return (bits >> i & 1U) != 0; }

  friend Pattern operator|(Pattern a, Pattern b) {
    a.bits |= b.bits;
    return a;
  }
  friend Pattern operator-(Pattern a) { return a; }
  friend Pattern operator+(Pattern a, Pattern b) { return a | b; }
  friend Pattern operator-(Pattern a, Pattern b) { return a | b; }
  friend Pattern operator*(Pattern a, Pattern b) { return a | b; }
  friend Pattern operator/(Pattern a, Pattern b) { return a | b; }
  friend Undecided operator<(Pattern, Pattern) { return {}; }
  friend Undecided operator>(Pattern, Pattern) { return {}; }
  friend Undecided operator<=(Pattern, Pattern) { return {}; }
  friend Undecided operator>=(Pattern, Pattern) { return {}; }
};
template <>
struct ModeOf<Pattern> {
  using type = UndecidedMode;
};
inline double value_of(Pattern) { return 0; }

/// Both branches count, also where a parameter decides: a pattern must hold for every parameter set.
inline Pattern select_(Undecided, Pattern a, Pattern b) { return a | b; }
inline Pattern select_(bool, Pattern a, Pattern b) { return a | b; }
inline Pattern sqrt_(Pattern x) { return x; }
inline Pattern abs_(Pattern x) { return x; }
inline Pattern exp_(Pattern x) { return x; }
inline Pattern log_(Pattern x) { return x; }
inline Pattern pow_(Pattern a, Pattern b) { return a | b; }
inline Pattern fma_(Pattern a, Pattern b, Pattern c) { return a | b | c; }
inline Pattern atan2_(Pattern y, Pattern x) { return y | x; }
inline void sincos_(Pattern x, Pattern& s, Pattern& c) { s = c = x; }

// ---- Complex ----

/// re + j im. With im = h tiny, im/h of a result is the derivative to rounding: nothing is subtracted
/// (Squire & Trapp 1998). Comparisons look at the real part. Elementary functions are those of <cmath>.
struct Complex {
  double re = 0;
  double im = 0;

  Complex() = default;
  Complex(double r, double i = 0) : re(r), im(i) {}  // NOLINT: a constant is a scalar

  friend Complex operator-(Complex a) { return {-a.re, -a.im}; }
  friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
  friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
  friend Complex operator*(Complex a, Complex b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  friend Complex operator/(Complex a, Complex b) {
    const double square = b.re * b.re + b.im * b.im;
    return {(a.re * b.re + a.im * b.im) / square, (a.im * b.re - a.re * b.im) / square};
  }
  friend bool operator<(Complex a, Complex b) { return a.re < b.re; }
  friend bool operator>(Complex a, Complex b) { return a.re > b.re; }
  friend bool operator<=(Complex a, Complex b) { return a.re <= b.re; }
  friend bool operator>=(Complex a, Complex b) { return a.re >= b.re; }
};
inline double value_of(Complex x) { return x.re; }
inline Complex select_(bool condition, Complex a, Complex b) { return condition ? a : b; }
/// Principal root; the imaginary part is found without subtraction.
inline Complex sqrt_(Complex x) {
  const double r = std::sqrt((std::abs(x.re) + std::hypot(x.re, x.im)) / 2);
  if (r == 0) return {0, 0};
  if (x.re >= 0) return {r, x.im / (2 * r)};
  return {std::abs(x.im) / (2 * r), x.im < 0 ? -r : r};
}
inline Complex abs_(Complex x) { return x.re < 0 ? -x : x; }
inline Complex exp_(Complex x) {
  const double e = std::exp(x.re);
  return {e * std::cos(x.im), e * std::sin(x.im)};
}
inline Complex log_(Complex x) { return {std::log(std::hypot(x.re, x.im)), std::atan2(x.im, x.re)}; }
inline Complex pow_(Complex a, Complex b) { return exp_(b * log_(a)); }
inline Complex fma_(Complex a, Complex b, Complex c) { return a * b + c; }
/// To first order in the imaginary parts: the closed form loses them by cancellation.
inline Complex atan2_(Complex y, Complex x) {
  const double square = x.re * x.re + y.re * y.re;
  return {std::atan2(y.re, x.re), (x.re * y.im - y.re * x.im) / square};
}
inline void sincos_(Complex x, Complex& s, Complex& c) {
  const double sine = std::sin(x.re);
  const double cosine = std::cos(x.re);
  s = {sine * std::cosh(x.im), cosine * std::sinh(x.im)};
  c = {cosine * std::cosh(x.im), -sine * std::sinh(x.im)};
}

// ---- Count ----

/// Operations by kind, as written in the equations (constants count like variables).
struct Tally {
  long add = 0;       ///< + and -
  long multiply = 0;  ///< *
  long fma = 0;
  long divide = 0;
  long root = 0;
  long function = 0;  ///< sincos, exp, log, pow, atan2: about 25 operations each
  long choose = 0;    ///< comparisons and selections
  [[nodiscard]] long flops() const { return add + multiply + 2 * fma + divide + root + 25 * function; }
};

/// Adds every operation to the tally of its thread.
struct Count {
  Count() = default;
  Count(double) {}  // NOLINT: a constant costs nothing
  static Tally& tally() {
    thread_local Tally tally;
    return tally;
  }

  friend Count operator-(Count) { return tallied(&Tally::add); }
  friend Count operator+(Count, Count) { return tallied(&Tally::add); }
  friend Count operator-(Count, Count) { return tallied(&Tally::add); }
  friend Count operator*(Count, Count) { return tallied(&Tally::multiply); }
  friend Count operator/(Count, Count) { return tallied(&Tally::divide); }
  friend Undecided operator<(Count, Count) { return compared(); }
  friend Undecided operator>(Count, Count) { return compared(); }
  friend Undecided operator<=(Count, Count) { return compared(); }
  friend Undecided operator>=(Count, Count) { return compared(); }
  friend Count select_(Undecided, Count, Count) { return tallied(&Tally::choose); }
  friend Count select_(bool, Count, Count) { return tallied(&Tally::choose); }
  friend Count abs_(Count) { return tallied(&Tally::choose); }
  friend Count fma_(Count, Count, Count) { return tallied(&Tally::fma); }
  friend Count sqrt_(Count) { return tallied(&Tally::root); }
  friend Count exp_(Count) { return tallied(&Tally::function); }
  friend Count log_(Count) { return tallied(&Tally::function); }
  friend Count pow_(Count, Count) { return tallied(&Tally::function); }
  friend Count atan2_(Count, Count) { return tallied(&Tally::function); }
  friend void sincos_(Count, Count& s, Count& c) { s = c = tallied(&Tally::function); }

 private:
  static Count tallied(long Tally::*kind) {
    ++(tally().*kind);
    return {};
  }
  static Undecided compared() {
    ++tally().choose;
    return {};
  }
};
template <>
struct ModeOf<Count> {
  using type = UndecidedMode;
};
inline double value_of(Count) { return 0; }

}  // namespace ballast
