/// \file
/// A cascade in plain sentences, for a planner's report.
#pragma once

#include <string>
#include <vector>

#include "studies/cascade/cascade.hpp"
#include "studies/cascade/islands.hpp"

namespace ballast {

/// One paragraph per chain of events, one per island, one that sums up; no markup, times in s from the start
/// of the run.
struct Story {
  std::vector<std::string> chains;   ///< in order of their beginnings
  std::vector<std::string> islands;  ///< in order of birth
  std::string sum;
};

[[nodiscard]] Story story_of(const Cascade& cascade, const std::vector<IslandStory>& islands,
                             const RunStatus& status, const std::vector<LoggedEvent>& events);

}  // namespace ballast
