#include "studies/sobol.hpp"

#include <array>

namespace ballast {
namespace {

constexpr int kDigits = 32;

/// A primitive polynomial over GF(2), x^degree + ... + 1, its inner coefficients as the bits of `inner`, and
/// the first direction numbers.
struct Direction {
  int degree;
  unsigned inner;
  std::array<std::uint32_t, 7> first;
};

// S. Joe and F. Y. Kuo, Constructing Sobol sequences with better two-dimensional projections, SIAM J. Sci.
// Comput. 30 (2008): the first lines of new-joe-kuo-6.21201, which begin with the second dimension.
constexpr std::array<Direction, kSobolDimensions - 1> kDirections{{
    {1, 0, {1}},
    {2, 1, {1, 3}},
    {3, 1, {1, 3, 1}},
    {3, 2, {1, 1, 1}},
    {4, 1, {1, 1, 3, 3}},
    {4, 4, {1, 3, 5, 13}},
    {5, 2, {1, 1, 5, 5, 17}},
    {5, 4, {1, 1, 5, 5, 5}},
    {5, 7, {1, 1, 7, 11, 19}},
    {5, 11, {1, 1, 5, 1, 1}},
    {5, 13, {1, 1, 1, 3, 11}},
    {5, 14, {1, 3, 5, 5, 31}},
    {6, 1, {1, 3, 3, 9, 7, 49}},
    {6, 13, {1, 1, 1, 15, 21, 21}},
    {6, 16, {1, 3, 1, 13, 27, 49}},
    {6, 19, {1, 1, 1, 15, 7, 5}},
    {6, 22, {1, 3, 1, 15, 13, 25}},
    {6, 25, {1, 1, 5, 5, 19, 61}},
    {7, 1, {1, 3, 7, 11, 23, 15, 103}},
    {7, 4, {1, 3, 7, 13, 13, 15, 69}},
    {7, 7, {1, 1, 3, 13, 7, 35, 63}},
    {7, 8, {1, 3, 5, 9, 1, 25, 53}},
    {7, 14, {1, 3, 1, 13, 9, 35, 107}},
    {7, 19, {1, 3, 1, 5, 27, 61, 31}},
    {7, 21, {1, 1, 5, 11, 19, 41, 61}},
    {7, 28, {1, 3, 5, 3, 3, 13, 69}},
    {7, 31, {1, 1, 7, 13, 1, 19, 1}},
    {7, 32, {1, 3, 7, 5, 13, 19, 59}},
    {7, 37, {1, 1, 3, 9, 25, 29, 41}},
    {7, 41, {1, 3, 5, 13, 23, 1, 55}},
    {7, 42, {1, 3, 7, 3, 13, 59, 17}},
}};

/// Direction numbers of a dimension as binary fractions: what each digit of the Gray code of a point toggles.
std::array<std::uint32_t, kDigits> fractions(int dimension) {
  std::array<std::uint32_t, kDigits> v{};
  if (dimension == 0) {
    for (int k = 0; k < kDigits; ++k) v[k] = 1U << (kDigits - 1 - k);
    return v;
  }
  const Direction& d = kDirections[dimension - 1];
  for (int k = 0; k < kDigits; ++k) {
    if (k < d.degree) {
      v[k] = d.first[k] << (kDigits - 1 - k);
      continue;
    }
    v[k] = v[k - d.degree] ^ (v[k - d.degree] >> d.degree);
    for (int j = 1; j < d.degree; ++j)
      if (((d.inner >> (d.degree - 1 - j)) & 1U) != 0) v[k] ^= v[k - j];
  }
  return v;
}

std::array<std::array<std::uint32_t, kDigits>, kSobolDimensions> all_fractions() {
  std::array<std::array<std::uint32_t, kDigits>, kSobolDimensions> all{};
  for (int d = 0; d < kSobolDimensions; ++d) all[d] = fractions(d);
  return all;
}

}  // namespace

std::uint32_t sobol_digits(std::uint64_t point, int dimension) {
  static const auto kFractions = all_fractions();
  const std::uint64_t gray = point ^ (point >> 1);
  std::uint32_t digits = 0;
  for (int k = 0; k < kDigits; ++k)
    if (((gray >> k) & 1U) != 0) digits ^= kFractions[dimension][k];
  return digits;
}

}  // namespace ballast
