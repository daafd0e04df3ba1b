/// \file
/// SUNDIALS IDA behind one small class: the only file that knows SUNDIALS' names.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/linear_solver.hpp"
#include "solver/system.hpp"

namespace ballast {

struct IntegratorOptions {
  double relative_tolerance = 1e-5;
  double max_step_s = 0.5;
  bool suppress_algebraic = true;  ///< leave algebraic unknowns out of the local error test
  LinearSolverKind linear_solver = LinearSolverKind::STAMP;
};

struct IntegratorCounters {
  long steps = 0, residuals = 0, jacobians = 0, nonlinear_iterations = 0, error_test_failures = 0,
       convergence_failures = 0, guard_evaluations = 0, restarts = 0, limit_moves = 0;
  void operator+=(const IntegratorCounters& other);
};

/// Variable-order, variable-step BDF with the system's exact Jacobian. Where a guard of an
/// automaton crosses zero within a step is searched on the step's interpolant. Limits are not searched: every
/// attempt at a step takes the limit modes that agree with its predicted end, keeps them through its Newton
/// iterations, and the step that is accepted leaves the modes that agree with its end. The local error test
/// sees a kink as a difference between prediction and result and shortens the step only where the kink
/// matters; nothing restarts.
class Integrator {
 public:
  enum class Stop { STEP, STOP_TIME, GUARD, FAILED };

  Integrator(System& system, const IntegratorOptions& options);
  ~Integrator();
  Integrator(const Integrator&) = delete;
  Integrator& operator=(const Integrator&) = delete;

  /// Starts at (t, y) with y' from the system. Call again after every jump, and after a kink at a time that
  /// the last step is past.
  /// `first_step` is a hint in s, 0 = let IDA choose.
  void start(double t, const std::vector<double>& y, double first_step = 0);
  /// To the end of a step that is not beyond `stop`, or, earlier, to where the guard of an automaton becomes
  /// positive or to `pause`: the step itself may reach beyond these (is_past()), and holds where what happens
  /// there changes no rate and no voltage; the next call then goes on within it. The system is left evaluated
  /// at time(), with its limits where they belong.
  Stop step(double stop, double pause = kNever);
  /// Whether the last step reaches beyond time().
  [[nodiscard]] bool is_past() const;
  /// Guards of the limits that moved in the last step.
  [[nodiscard]] const std::vector<int>& moved_limits() const;
  /// Says that limits moved without a restart.
  void take_limits();
  [[nodiscard]] double time() const;
  /// Where the step started from.
  [[nodiscard]] double previous_time() const;
  /// Solution at time().
  [[nodiscard]] const std::vector<double>& y() const;
  /// Solution at a time within the last step.
  void interpolate(double t, std::vector<double>& y) const;
  /// Guards that became positive at time(); valid after GUARD.
  [[nodiscard]] const std::vector<int>& crossed() const;
  [[nodiscard]] double last_step() const;
  [[nodiscard]] IntegratorCounters counters() const;
  /// Why the last step failed.
  [[nodiscard]] const std::string& failure() const;
  /// Unknowns that weigh most in the local error, for messages: "GENROU 1-1.machine: omega".
  [[nodiscard]] std::string worst_unknown() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// "SUNDIALS 6.4.1"
[[nodiscard]] std::string sundials_version();

}  // namespace ballast
