/// \file
/// Disturbances as what they change and when: the actions of a batch scenario.
#pragma once

#include <vector>

#include "kernels/problem.hpp"
#include "solver/disturbance.hpp"
#include "solver/recorder.hpp"
#include "solver/system.hpp"

namespace ballast::batch {

/// What an operation is called in the event log.
struct ToldAction {
  LoggedEvent event;
  bool network = false;  ///< it changes connections or admittances
  int plant = -1;        ///< whose power it changes
};

struct Unrolled {
  std::vector<Action> actions;
  std::vector<ToldAction> told;
  int faults = 0;  ///< that are sized when they strike
};

/// Applies the disturbances to the system in order of time, notes what each instant changed, and puts
/// everything back. The changes are those of the solver's own operations. Ramps name their signal in `index`;
/// the builder gives them their place. A three-phase fault given by what it leaves at a bus or at the end of
/// a line is sized when it strikes; inside a line, or unbalanced, it is sized at the rest point y.
[[nodiscard]] Unrolled unroll(System& system, const std::vector<double>& y,
                              const std::vector<Disturbance>& disturbances, double start_s,
                              const std::vector<int>& first_timer);

}  // namespace ballast::batch
