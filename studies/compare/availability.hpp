/// \file
/// How often a plant of equal units is able to do what is needed: by the binomial law, and by a Monte Carlo
/// of units that fail and are repaired.
#pragma once

#include <cstdint>
#include <string>

namespace ballast::compare {

/// [[availability]]: `units` of which `needed` must run; each fails after an exponential time of mean mtbf_h
/// and is repaired after one of mean mttr_h, independently of the others.
struct Availability {
  std::string name, title;
  int units = 0, needed = 0;
  double mtbf_h = 0, mttr_h = 0;
  double years = 0;  ///< of one draw
  int draws = 0;
  std::uint64_t seed = 0;
};

struct AvailabilityResult {
  const Availability* of = nullptr;
  double unit = 0;                     ///< mtbf/(mtbf + mttr)
  double exact = 0;                    ///< binomial
  double mean = 0, low = 0, high = 0;  ///< of the draws, 2.5 and 97.5 percentiles
};

[[nodiscard]] double binomial_availability(int units, int needed, double unit);
[[nodiscard]] AvailabilityResult availability(const Availability& plant);

}  // namespace ballast::compare
