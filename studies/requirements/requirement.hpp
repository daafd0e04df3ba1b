/// \file
/// A rule applied to a load of a case.
#pragma once

#include <string>
#include <vector>

#include "studies/requirements/rule.hpp"

namespace ballast {

struct Requirement {
  std::string load;                 ///< a data center
  std::vector<std::string> beside;  ///< batteries behind the same meter: what they inject is not drawn
  int bus = 0;                      ///< number of the bus whose voltage and frequency count
  double averaging_s = 0;           ///< period of a load that swings (check_ride_through)
  Rule rule;
};

}  // namespace ballast
