/// \file
/// All islands of a model, solved together; and how they respond to a small change. Internal to grid/.
#pragma once

#include <complex>
#include <functional>
#include <vector>

#include "grid/branch.hpp"
#include "grid/island_solver.hpp"

namespace ballast {

/// The voltages a little away from a solution: V(bus) when the change has the size h.
class FlowResponse {
 public:
  FlowResponse(const IslandSolver* island, std::vector<double> change)
      : island_(island), change_(std::move(change)) {}
  [[nodiscard]] bool known() const { return !change_.empty(); }
  [[nodiscard]] std::complex<double> V(int bus, double h) const;
  [[nodiscard]] double dVm(int bus) const { return change_[2 * island_->local(bus) + 1]; }

 private:
  const IslandSolver* island_;
  std::vector<double> change_;
};

class FlowSolver {
 public:
  FlowSolver(FlowModel& model, const PowerFlowOptions& options);

  /// Solves the model as it stands. False when an island has no solution; `failures` says why.
  [[nodiscard]] bool solve(Problems& failures);

  [[nodiscard]] const PowerFlowOptions& options() const { return options_; }
  [[nodiscard]] const Islands& islands() const { return islands_; }
  [[nodiscard]] std::vector<IslandSolver>& solvers() { return solvers_; }
  /// The solver of a living island; nullptr where the bus is isolated or dead.
  [[nodiscard]] const IslandSolver* at(int bus) const;
  [[nodiscard]] IslandSolver* at(int bus);
  [[nodiscard]] bool alive(int bus) const { return at(bus) != nullptr; }
  [[nodiscard]] double Vm(int bus) const;  ///< pu; 0 where dead
  [[nodiscard]] std::complex<double> V(int bus) const;

  /// Response to a change of one branch; `move` changes a copy of it by h. Not known when the branch is open
  /// or dead.
  [[nodiscard]] FlowResponse response(const Branch& branch, const std::function<void(Branch&, double)>& move);
  /// Response to a growing susceptance at a bus, per pu.
  [[nodiscard]] FlowResponse response_to_susceptance(int bus);

  [[nodiscard]] PowerFlowResult result() const;

 private:
  FlowModel& model_;
  const PowerFlowOptions& options_;
  Islands islands_;
  std::vector<IslandSolver> solvers_;
};

/// Step of the numerical derivatives of a control.
constexpr double kProbe = 1e-6;

}  // namespace ballast
