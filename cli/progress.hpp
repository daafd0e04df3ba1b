/// \file
/// A progress line for a person at a terminal.
#pragma once

#include "solver/simulate.hpp"

namespace ballast {

/// One line on the standard error output, rewritten as the run goes on: bar, simulated time, step, events,
/// time left. Shows nothing when that is no terminal.
class ProgressLine {
 public:
  explicit ProgressLine(bool wanted);
  ~ProgressLine();  ///< clears the line
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  void show(const Progress& progress);

 private:
  bool active_;
  bool drawn_ = false;
  double last_wall_s_ = -1;
};

}  // namespace ballast
