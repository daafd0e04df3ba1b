#include "studies/joint_problem.hpp"

#include <algorithm>
#include <exception>
#include <mutex>

#include "kernels/prepare/join.hpp"

namespace ballast {

void prepare_groups(const Sweep& sweep, std::vector<RestGroup>& groups, int threads,
                    const std::function<bool()>& stopped) {
  const auto prepare = [&](RestGroup& group) {
    if (group.shared == nullptr) {
      group.own = prepare_shared(sweep, group.scenarios.front());
      group.shared = group.own.get();
    }
    group.made = batch_problem(sweep, *group.shared, group.scenarios);
    if (!group.made.scenario_of.empty() && group.pool == nullptr)
      group.pool = std::make_unique<batch::MirrorPool>(*group.shared->ready.system);
  };
  std::exception_ptr failure;
  std::mutex failing;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
  for (std::size_t k = 0; k < groups.size(); ++k) try {
      if (!stopped()) prepare(groups[k]);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(failing);
      failure = std::current_exception();
    }
  if (failure) std::rethrow_exception(failure);
}

std::vector<JointProblem> join_groups(std::vector<RestGroup>& groups) {
  const auto step_of = [](const RestGroup& group) { return group.shared->model.simulation.record_step_s; };
  std::vector<std::vector<RestGroup*>> families;
  for (RestGroup& group : groups) {
    if (group.made.scenario_of.empty()) continue;
    const auto family = std::find_if(families.begin(), families.end(), [&](const auto& f) {
      return step_of(*f.front()) == step_of(group) &&
             batch::alike(f.front()->made.problem, group.made.problem);
    });
    (family == families.end() ? families.emplace_back() : *family).push_back(&group);
  }
  std::vector<JointProblem> joints;
  for (const std::vector<RestGroup*>& family : families) {
    JointProblem& joint = joints.emplace_back();
    joint.record_step_s = step_of(*family.front());
    std::vector<batch::Problem> problems;
    for (RestGroup* group : family) {
      problems.push_back(std::move(group->made.problem));
      for (std::size_t k = 0; k < group->made.scenario_of.size(); ++k)
        joint.place.push_back({group, static_cast<int>(k)});
    }
    joint.problem = batch::join(std::move(problems));
  }
  return joints;
}

}  // namespace ballast
