/// \file
/// Points in the unit cube for axes that follow distributions. Private to studies/.
///
/// Every coordinate is a function of the method, the seed, the name of its axis (for Sobol' points also of
/// its place among the sampled axes) and the number of the sample: the same on every machine, and none of it
/// changes when another axis is added behind it.
#pragma once

#include <string>
#include <vector>

namespace ballast {

struct Sampling {
  enum class Method {
    RANDOM,           ///< independent
    LATIN_HYPERCUBE,  ///< one sample in each of `samples` equal intervals, along every axis
    SOBOL
  };
  enum class Scramble {
    OWEN,   ///< nested uniform scrambling: each digit by a random bit that depends on those before it
    SHIFT,  ///< digital shift: all points by the same random digits
    NONE    ///< the published sequence without its first point, the origin
  };
  Method method = Method::RANDOM;
  Scramble scramble = Scramble::OWEN;
  int samples = 0;
  int seed = 1;
};

/// Coordinates of all samples along one axis, each strictly between 0 and 1. `dimension` counts the sampled
/// axes from 0 (below kSobolDimensions).
[[nodiscard]] std::vector<double> sample_points(const Sampling& sampling, const std::string& axis,
                                                int dimension);

}  // namespace ballast
