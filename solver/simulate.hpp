/// \file
/// One run: the system moves through its disturbances, events are located and logged, the record is kept.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "solver/disturbance.hpp"
#include "solver/integrator.hpp"
#include "solver/recorder.hpp"
#include "solver/system.hpp"

namespace ballast {

struct SimulationOptions {
  double until_s = 10;
  double relative_tolerance = 1e-5;
  double max_step_s = 0.5;
  double record_step_s = 0.01;      ///< grid of samples between events
  std::vector<std::string> record;  ///< patterns of solver/channels.hpp; empty: default_record()
  double merge_window_s = 1e-4;     ///< events this close share one restart and keep their own times
  bool suppress_algebraic = true;
  LinearSolverKind linear_solver = LinearSolverKind::STAMP;
};

/// Where a run stands; handed to a progress display about every 20 ms of wall time.
struct Progress {
  double time_s, until_s, step_s, wall_s;
  long steps;
  int events;
};

/// Thrown by a progress display to stop the run; its record is closed with the outcome "interrupted at ...
/// s".
struct Interrupted {};

/// What a class of events cost.
struct EventCost {
  long count = 0;
  double wall_s = 0;
};

struct RunStatistics {
  IntegratorCounters integrator;
  std::map<std::string, EventCost> events;  ///< "network", "injection", "kink"
  double wall_s = 0;                        ///< whole run
  double recording_s = 0;                   ///< sampling and writing
  int unknowns = 0, states = 0;
};

struct RunResult {
  RunStatus status;
  std::vector<LoggedEvent> events;
  RunStatistics statistics;
  std::vector<double> y;  ///< last point reached
};

/// Runs from y at `start_s` to options.until_s. The recorder may be null. A run that cannot go on ends with
/// status.completed = false and an outcome that says what, where and when; its record is closed and kept.
/// Errors of the recorder (disk full) end the run the same way.
[[nodiscard]] RunResult simulate(System& system, std::vector<double> y,
                                 const std::vector<Disturbance>& disturbances,
                                 const SimulationOptions& options, const RunInfo& info, Recorder* recorder,
                                 const std::function<void(const Progress&)>& progress = {},
                                 double start_s = 0);

}  // namespace ballast
