/// \file
/// The Sobol' sequence in up to 32 dimensions. Private to studies/.
#pragma once

#include <cstdint>

namespace ballast {

inline constexpr int kSobolDimensions = 32;
inline constexpr std::uint64_t kSobolPoints = 1ULL << 32;

/// Coordinate of a point as 32 binary digits, from the most significant: divide by 2^32. Points count from 0
/// (the origin), dimensions from 0; points come in Gray code order, as in the program of Joe and Kuo.
[[nodiscard]] std::uint32_t sobol_digits(std::uint64_t point, int dimension);

}  // namespace ballast
