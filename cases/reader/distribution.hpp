/// \file
/// Distributions that a setting of a case or the axis of a sweep can follow, by their quantile: one number
/// between 0 and 1 becomes one value. For cases/reader/ and studies/.
#pragma once

#include <limits>
#include <vector>

#include "cases/reader/section.hpp"

namespace ballast {

struct Distribution {
  enum class Kind { UNIFORM, NORMAL, LOGNORMAL, TRIANGULAR, CHOICE } kind = Kind::UNIFORM;
  double low = -std::numeric_limits<double>::infinity();  ///< ends; a normal one is truncated there
  double high = std::numeric_limits<double>::infinity();
  double mean = 0, deviation = 1;  ///< NORMAL; LOGNORMAL: of the natural logarithm
  double mode = 0;                 ///< TRIANGULAR
  bool whole = false;              ///< UNIFORM over the whole numbers from low to high
  std::vector<TomlValue> values;   ///< CHOICE
  std::vector<double> weights;     ///< CHOICE: as many, their sum is above 0
};

/// Share of a standard normal distribution below x; absolute error below 1e-15.
[[nodiscard]] double normal_share(double x);
/// The inverse, 0 < share < 1; relative error about 1e-16.
[[nodiscard]] double normal_quantile(double share);

/// The value below which the share u of the distribution lies; 0 < u < 1. Not for CHOICE.
[[nodiscard]] double quantile(const Distribution& d, double u);
/// Place in Distribution::values; CHOICE only.
[[nodiscard]] std::size_t chosen(const Distribution& d, double u);

/// A table that describes a distribution. Keys that it does not know are left to the caller, which finishes
/// the section. What is wrong is a problem there; then the distribution is not to be used.
[[nodiscard]] Distribution read_distribution(Section& section);

}  // namespace ballast
