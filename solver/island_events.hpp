/// \file
/// What an event did to the islands, told in the log.
#pragma once

#include <vector>

#include "solver/event_log.hpp"
#include "solver/system.hpp"

namespace ballast {

/// The islands before an event, per bus.
struct IslandsBefore {
  std::vector<int> frame, island;
  std::vector<double> draw_MW;  ///< of each bus
  explicit IslandsBefore(const System& system, const double* y);
};

/// Logs islands that died, came alive, joined or stand alone now. `network_events` are the ids of what
/// happened; the last of them that lies in an island is its cause.
void log_islands(const System& system, EventLog& log, double t, const IslandsBefore& before,
                 const std::vector<int>& network_events);

}  // namespace ballast
