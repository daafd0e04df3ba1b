/// \file
/// Who tripped whom: the events of a run as a graph. What is alike (the same model, the same move, one cause)
/// is one step, so that sixty UPS that transfer for one fault read as one line.
#pragma once

#include <string>
#include <vector>

#include "solver/recorder.hpp"

namespace ballast {

/// Events with one cause that are the same move of the same kind of thing.
struct CascadeStep {
  std::vector<int> events;  ///< ids, in order of time
  double first_s = 0, last_s = 0;
  std::string what;  ///< "line 8-9 '1' opened" or "23 UPS: normal to battery"
  std::string how;   ///< how the cause acted, or what it was if no event (LoggedEvent::cause_text)
  double load_lost_MW = 0, generation_lost_MW = 0;  ///< by these events alone, also what was lost before
  double load_counted_MW = 0;  ///< of load_lost_MW, what counts in sums: a device's load once (LossCount)
  double returned_MW = 0;      ///< load that came back
  int island = -1;             ///< of the first
  int cause = -1;              ///< step, -1: the beginning of a chain
  std::vector<int> effects;    ///< steps
  int depth = 0;               ///< steps between it and the beginning
};

struct Cascade {
  std::vector<CascadeStep> steps;  ///< in order of first_s; a cause stands before its effects
  std::vector<int> step_of;        ///< [event id]
  std::vector<int> beginnings;     ///< steps without a cause in the log
  std::vector<int> unexplained;    ///< events with neither a cause nor a word about it: none in a sound log
  double load_lost_MW = 0, generation_lost_MW = 0;
};

/// Throws Error when a cause does not stand before its effect.
[[nodiscard]] Cascade cascade_of(const std::vector<LoggedEvent>& events);

/// What a step and everything that follows from it took away, MW of load.
[[nodiscard]] double load_lost_from(const Cascade& cascade, int step);

/// The graph for Graphviz: a box per step with time, what, MW and island; red where load or generation was
/// lost; an arrow from cause to effect with how it acted.
[[nodiscard]] std::string cascade_dot(const Cascade& cascade, const std::string& title);

}  // namespace ballast
