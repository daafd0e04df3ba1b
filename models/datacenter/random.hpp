/// \file
/// Random numbers that depend on nothing but (seed, stream, counter): the n-th draw of a stream is the same
/// on every backend, in every lane and at any number of threads.
#pragma once

#include "models/math.hpp"

namespace ballast {

/// 64 well mixed bits. The finaliser is that of SplitMix64 (Steele, Lea & Flood 2014), applied to each word
/// in turn.
BALLAST_HD inline std::uint64_t random_bits(double seed, int stream, double counter) {
  const auto mix = [](std::uint64_t z) {
    z += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  };
  return mix(mix(mix(static_cast<std::uint64_t>(seed)) + static_cast<std::uint64_t>(stream)) +
             static_cast<std::uint64_t>(counter));
}
/// Uniform in (0, 1), both ends excluded.
BALLAST_HD inline double random_uniform(double seed, int stream, double counter) {
  return (static_cast<double>(random_bits(seed, stream, counter) >> 11) + 0.5) * 0x1p-53;
}
/// Standard normal (Box and Muller); uses streams `stream` and `stream + 1`.
BALLAST_HD inline double random_normal(double seed, int stream, double counter) {
  double sine = 0;
  double cosine = 0;
  sincos_(6.28318530717958647693 * random_uniform(seed, stream + 1, counter), sine, cosine);
  return sqrt_(-2 * log_(random_uniform(seed, stream, counter))) * cosine;
}
/// Exponential with mean 1.
BALLAST_HD inline double random_exponential(double seed, int stream, double counter) {
  return -log_(random_uniform(seed, stream, counter));
}

}  // namespace ballast
