/// \file
/// Pack<W>: W scenarios side by side in one SIMD register (GCC vector extensions; 4 doubles are one AVX2
/// register, 8 one of AVX-512). Lane i of every operation has the same bits as the operation on double, so a
/// batch equals its scenarios run alone. Host only: on a GPU a lane is a thread and its scalar is double.
#pragma once

#include <cstdint>
#include <cstring>

#include "models/math.hpp"

namespace ballast {

namespace detail {
/// The compiler's vector types. g++ 12 drops a vector size that depends on a template parameter: spelled out.
template <int W>
struct Vectors;
template <>
struct Vectors<2> {
  using Vector [[gnu::vector_size(16)]] = double;
  using Bits [[gnu::vector_size(16)]] = std::int64_t;
};
template <>
struct Vectors<4> {
  using Vector [[gnu::vector_size(32)]] = double;
  using Bits [[gnu::vector_size(32)]] = std::int64_t;
};
template <>
struct Vectors<8> {
  using Vector [[gnu::vector_size(64)]] = double;
  using Bits [[gnu::vector_size(64)]] = std::int64_t;
};
}  // namespace detail

/// One yes or no per lane.
template <int W>
struct Mask {
  using Bits = typename detail::Vectors<W>::Bits;
  Bits v;  ///< all ones where true

  [[nodiscard]] bool operator[](int lane) const { return v[lane] != 0; }
  [[nodiscard]] bool any() const {
#if defined(__AVX__) && !defined(__clang__)
    if constexpr (W == 4) return __builtin_ia32_movmskpd256((typename detail::Vectors<W>::Vector)v) != 0;
#endif
#if defined(__AVX512DQ__) && !defined(__clang__)
    if constexpr (W == 8) return __builtin_ia32_cvtq2mask512((__attribute__((vector_size(64))) long long)v);
#endif
    std::int64_t all_bits = 0;
    for (int i = 0; i < W; ++i) all_bits |= v[i];
    return all_bits != 0;
  }
  [[nodiscard]] bool all() const { return !(!*this).any(); }
  friend Mask operator&&(Mask a, Mask b) { return {a.v & b.v}; }
  friend Mask operator||(Mask a, Mask b) { return {a.v | b.v}; }
  friend Mask operator!(Mask a) { return {~a.v}; }
  friend Mask operator&&(Mask a, bool b) { return a && of(b); }
  friend Mask operator||(Mask a, bool b) { return a || of(b); }
  friend Mask operator&&(bool a, Mask b) { return of(a) && b; }
  friend Mask operator||(bool a, Mask b) { return of(a) || b; }
  static Mask of(bool b) { return {Bits{} - static_cast<std::int64_t>(b)}; }
};

template <int W>
struct Pack {
  using Vector = typename detail::Vectors<W>::Vector;
  using Bits = typename Mask<W>::Bits;
  static constexpr int kLanes = W;
  Vector v{};

  Pack() = default;
  Pack(double x) : v(Vector{} + x) {}  // NOLINT: a constant is a scalar
  explicit Pack(Vector x) : v(x) {}
  static Pack load(const double* from) {
    Pack p;
    std::memcpy(&p.v, from, sizeof p.v);
    return p;
  }
  void store(double* to) const { std::memcpy(to, &v, sizeof v); }
  [[nodiscard]] double operator[](int lane) const { return v[lane]; }
  void set(int lane, double x) { v[lane] = x; }

  friend Pack operator-(Pack a) { return Pack(-a.v); }
  friend Pack operator+(Pack a, Pack b) { return Pack(a.v + b.v); }
  friend Pack operator-(Pack a, Pack b) { return Pack(a.v - b.v); }
  friend Pack operator*(Pack a, Pack b) { return Pack(a.v * b.v); }
  friend Pack operator/(Pack a, Pack b) { return Pack(a.v / b.v); }
  friend Mask<W> operator<(Pack a, Pack b) { return {a.v < b.v}; }
  friend Mask<W> operator>(Pack a, Pack b) { return {a.v > b.v}; }
  friend Mask<W> operator<=(Pack a, Pack b) { return {a.v <= b.v}; }
  friend Mask<W> operator>=(Pack a, Pack b) { return {a.v >= b.v}; }

  // Hidden friends, so that constants convert.
  friend Pack select_(Mask<W> condition, Pack a, Pack b) { return Pack(condition.v ? a.v : b.v); }
  friend Pack select_(bool condition, Pack a, Pack b) { return condition ? a : b; }
  friend Pack abs_(Pack x) { return Pack(x.v < 0.0 ? -x.v : x.v); }
  friend Pack sqrt_(Pack x) {
#if defined(__AVX__) && !defined(__clang__)
    if constexpr (W == 4) return Pack(__builtin_ia32_sqrtpd256(x.v));
#endif
#if defined(__AVX512F__) && !defined(__clang__)
    if constexpr (W == 8) return Pack(__builtin_ia32_sqrtpd512_mask(x.v, x.v, -1, kAsSet));
#endif
    for (int i = 0; i < W; ++i) x.v[i] = __builtin_sqrt(x.v[i]);
    return x;
  }
  friend Pack fma_(Pack a, Pack b, Pack c) {
#if defined(__FMA__) && !defined(__clang__)
    if constexpr (W == 4) return Pack(__builtin_ia32_vfmaddpd256(a.v, b.v, c.v));
#endif
#if defined(__AVX512F__) && !defined(__clang__)
    if constexpr (W == 8) return Pack(__builtin_ia32_vfmaddpd512_mask(a.v, b.v, c.v, -1, kAsSet));
#endif
    for (int i = 0; i < W; ++i) c.v[i] = __builtin_fma(a.v[i], b.v[i], c.v[i]);
    return c;
  }
  /// x * 2^k for integral k within the normal range.
  friend Pack scale2(Pack x, Pack k) { return x * from_bits((bits(k + detail::kIntegerShift) + 1023) << 52); }
  /// x = m * 2^k with m in [sqrt(1/2), sqrt(2)).
  friend void split2(Pack x, Pack& m, Pack& k) {
    const Bits b = bits(x);
    const Bits exponent = (b - 0x3fe6a09e667f3bcdLL) >> 52;
    k = from_bits(bits(Pack(detail::kIntegerShift)) + exponent) - detail::kIntegerShift;
    m = from_bits(b - (exponent << 52));
  }
  friend void sincos_(Pack x, Pack& s, Pack& c) { detail::sincos(x, s, c); }
  friend Pack exp_(Pack x) { return detail::exp(x); }
  friend Pack log_(Pack x) { return detail::log(x); }
  friend Pack atan2_(Pack y, Pack x) { return detail::atan2(y, x); }
  friend Pack pow_(Pack a, Pack b) { return exp_(b * log_(a)); }

 private:
  static constexpr int kAsSet = 4;  ///< rounding as the processor is set (_MM_FROUND_CUR_DIRECTION)
  static Bits bits(Pack x) { return (Bits)x.v; }
  static Pack from_bits(Bits b) { return Pack((Vector)b); }
};

/// A choice between constants, lane by lane.
template <int W>
Pack<W> select_(Mask<W> condition, double a, double b) {
  return select_(condition, Pack<W>(a), Pack<W>(b));
}

/// The mode of each lane.
template <int W>
struct ModePack {
  typename Mask<W>::Bits v{};

  ModePack() = default;
  ModePack(int m) : v(typename Mask<W>::Bits{} + m) {}  // NOLINT: the same mode in every lane
  [[nodiscard]] int operator[](int lane) const { return static_cast<int>(v[lane]); }
  void set(int lane, int m) { v[lane] = m; }
  friend Mask<W> operator==(ModePack a, int b) { return {a.v == b}; }
  friend Mask<W> operator!=(ModePack a, int b) { return {a.v != b}; }
  friend Mask<W> operator<(ModePack a, int b) { return {a.v < b}; }
  friend Mask<W> operator>(ModePack a, int b) { return {a.v > b}; }
  friend Mask<W> operator<=(ModePack a, int b) { return {a.v <= b}; }
  friend Mask<W> operator>=(ModePack a, int b) { return {a.v >= b}; }
};
template <int W>
struct ModeOf<Pack<W>> {
  using type = ModePack<W>;
};

template <int W>
struct HeldOf<Pack<W>> {
  using type = Pack<W>;
};

/// The first lane, for printing.
template <int W>
double value_of(const Pack<W>& x) {
  return x[0];
}

}  // namespace ballast
