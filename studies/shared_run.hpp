/// \file
/// One sweep on many ranks: rank 0 hands out chunks of scenarios and keeps the journal, every rank, itself
/// too, runs them by a LocalRun of its own. Private to studies/.
///
/// A rank says that it lives twice a second. One that has been silent for kLost_s is lost: its chunk goes to
/// others, which costs what it had done of it. If it was only slow its results are welcome: they are the same
/// bits as those of the others.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "studies/local_run.hpp"
#include "studies/team.hpp"

namespace ballast {

inline constexpr double kSign_s = 0.5;  ///< between two signs of life
inline constexpr double kLost_s = 5;    ///< of silence, and a rank is lost
inline constexpr double kAlone_s = 60;  ///< of silence of rank 0, and the others end

/// Rank 0. Runs what `found` lacks of the scenarios, with results in a journal in `journals` and in `found`.
/// `watch` is called on this thread. Ends the other ranks, whatever comes.
[[nodiscard]] LocalRun::End run_shared(const Sweep& sweep, const SweepOptions& options, LocalRun& local,
                                       const std::vector<int>& scenarios, const RunWatch& watch,
                                       JournalFolder& journals, std::map<int, ScenarioResult>& found);

/// The other ranks: run what rank 0 hands out until it says that this is the end.
void serve_shared(const Sweep& sweep, Team& team, LocalRun& local);

}  // namespace ballast
