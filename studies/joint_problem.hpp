/// \file
/// Scenarios of a sweep that share no case at rest, side by side in the batch engine. Private to studies/.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kernels/prepare/mirror.hpp"
#include "studies/batch_problem.hpp"

namespace ballast {

/// Scenarios that share a case at rest.
struct RestGroup {
  std::vector<int> scenarios;
  SharedCase* shared = nullptr;     ///< null: to be prepared
  std::unique_ptr<SharedCase> own;  ///< what was prepared for it
  BatchProblem made;                ///< its problem goes to the joint one
  std::unique_ptr<batch::MirrorPool> pool;
};

/// Groups that are held in memory at once for each thread: two for each of its lanes.
inline constexpr std::size_t kGroupsPerThread = 16;

/// Puts the groups at rest, `threads` at a time, and makes their problems. `stopped`: the rest stays as it
/// is.
void prepare_groups(const Sweep& sweep, std::vector<RestGroup>& groups, int threads,
                    const std::function<bool()>& stopped);

/// Groups whose problems are alike, as one.
struct JointProblem {
  batch::Problem problem;
  struct Place {
    RestGroup* group;
    int index;  ///< in made.scenario_of and made.told
  };
  std::vector<Place> place;  ///< [scenario of the problem]
  double record_step_s = 0;  ///< of their cases
};
/// Takes the problems of the groups, which must stay where they are.
[[nodiscard]] std::vector<JointProblem> join_groups(std::vector<RestGroup>& groups);

}  // namespace ballast
