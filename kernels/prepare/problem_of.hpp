/// \file
/// From a system at rest and what is to happen to it, to a batch problem.
#pragma once

#include <vector>

#include "kernels/prepare/unroll.hpp"
#include "solver/disturbance.hpp"
#include "solver/system.hpp"

namespace ballast::batch {

struct ProblemOptions {
  double start_s = 0, until_s = 0;
  double step_s = 0;  ///< of every step; 0: by their error, half a cycle to a whole one
};

/// Collects scenarios of one system.
///
///     ProblemBuilder builder(system, y, {.until_s = 10});
///     builder.add(disturbances);                            // scenario 0
///     const Problem problem = builder.finish();
class ProblemBuilder {
 public:
  /// `y`: the system at rest. Throws Error for what a batch cannot hold (a loop of direct feedthrough).
  ProblemBuilder(System& system, const std::vector<double>& y, const ProblemOptions& options);
  void add(const std::vector<Disturbance>& disturbances);
  [[nodiscard]] Problem finish();
  /// What the actions of a scenario are called. [scenario]
  [[nodiscard]] const std::vector<std::vector<ToldAction>>& told() const { return told_; }

 private:
  void describe_groups();
  void describe_network();
  /// Throws Error for orders that a batch does not carry out.
  void describe_orders();
  /// Throws Error for a disturbance of what a part operates or measures that a batch cannot follow.
  void refuse_operated(const std::vector<Disturbance>& disturbances) const;
  void find_spans();
  void find_weights();
  void find_stiff_blocks();
  [[nodiscard]] Rest rest() const;

  System* system_;
  std::vector<double> y_;
  ProblemOptions options_;
  Problem problem_;
  std::vector<int> first_timer_;  ///< [group]
  std::vector<std::vector<ToldAction>> told_;
  std::vector<std::vector<Action>> actions_;  ///< [scenario]
};

}  // namespace ballast::batch
