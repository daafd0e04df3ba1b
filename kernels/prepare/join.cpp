#include "kernels/prepare/join.hpp"

#include <algorithm>
#include <utility>

namespace ballast::batch {
namespace {

/// What problems must have in common to be joined.
Problem common(const Problem& p) {
  Problem rest = p;
  for (Group& group : rest.groups) {
    group.parameters.clear();
    group.device_MVA.clear();
  }
  rest.rests.clear();
  rest.actions.clear();
  rest.scenarios.clear();
  return rest;
}

int width(const Group& group) {
  return group.count() == 0 ? 0 : static_cast<int>(group.parameters.size()) / group.count();
}

bool same_part(const Group& a, const Group& b, int part) {
  const auto first = static_cast<std::ptrdiff_t>(part) * width(a);
  return a.device_MVA[part] == b.device_MVA[part] &&
         std::equal(a.parameters.begin() + first, a.parameters.begin() + first + width(a),
                    b.parameters.begin() + first);
}

}  // namespace

bool alike(const Problem& a, const Problem& b) { return common(a) == common(b); }

Problem join(std::vector<Problem>&& problems) {
  Problem joint = std::move(problems.front());
  for (std::size_t g = 0; g < joint.groups.size(); ++g)
    for (int i = 0; i < joint.groups[g].count(); ++i)
      if (std::any_of(problems.begin() + 1, problems.end(),
                      [&](const Problem& p) { return !same_part(joint.groups[g], p.groups[g], i); }))
        joint.own_parts.push_back({static_cast<int>(g), i});
  const auto take_own = [&](const std::vector<Group>& groups, Rest& rest) {
    for (const auto& [g, i] : joint.own_parts) {
      const auto first = groups[g].parameters.begin() + static_cast<std::ptrdiff_t>(i) * width(groups[g]);
      rest.parameters.insert(rest.parameters.end(), first, first + width(groups[g]));
      rest.device_MVA.push_back(groups[g].device_MVA[i]);
    }
  };
  take_own(joint.groups, joint.rests.front());
  for (std::size_t k = 1; k < problems.size(); ++k) {
    Problem& p = problems[k];
    take_own(p.groups, p.rests.front());
    const auto actions = static_cast<int>(joint.actions.size());
    for (Scenario s : p.scenarios) {
      s.rest = static_cast<int>(joint.rests.size());
      s.first_action += actions;
      s.last_action += actions;
      joint.scenarios.push_back(s);
    }
    joint.actions.insert(joint.actions.end(), p.actions.begin(), p.actions.end());
    joint.rests.push_back(std::move(p.rests.front()));
  }
  return joint;
}

}  // namespace ballast::batch
