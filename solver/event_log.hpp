/// \file
/// What happened and why: every event knows the event that caused it.
///
/// The cause of what a part does is looked for when its quantity crosses the threshold (the pickup), not when
/// its delay ends. It is the last network or injection event of its island that moved that quantity the way
/// it went: a voltage by at least a tenth of the way, a frequency by at least a fifth of what any event did
/// to its rate. So a load shed that raised the frequency is no cause of the next stage of shedding, and a
/// switched capacitor none of an under-voltage trip. Then, in this order: the ramp or driver in force; the
/// last event of the island, marked as such; the initial operating point. Where nobody calls jumped(), it is
/// the last event.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/motion.hpp"
#include "solver/recorder.hpp"
#include "solver/system.hpp"

namespace ballast {

/// What a part watches, as far as the grid can move it.
enum class Watched {
  VOLTAGE,
  FREQUENCY,
  EITHER,  ///< voltage or frequency: whichever moved
  FLOW,    ///< current, power, impedance: any change of the voltages at the bus may have moved it
  OWN,     ///< energies, temperatures, orders: moved by what its plant did before
};
/// By the name that a model gives the quantity (ThresholdInfo::quantity).
[[nodiscard]] Watched watched_of(const std::string& quantity);

/// A quantity that has just crossed its threshold.
struct Crossing {
  double time_s = 0;
  int bus = -1;
  Watched watched = Watched::VOLTAGE;
  double voltage_moved_pu = 0;    ///< since the part last moved, or since the start
  double frequency_moved_Hz = 0;  ///< the same
};

/// Why something happened.
struct Explanation {
  int event = -1;    ///< id, -1: none in the log
  std::string text;  ///< how that event did it, or what did it if no event
};

class EventLog {
 public:
  explicit EventLog(const System& system) : system_(&system) {}

  /// Adds an event, numbers it, fills in its island; returns its id.
  int add(LoggedEvent event);
  /// The same, as an event that may cause others: one that jumps (network or injection), or a ramp that is in
  /// force until `until_s`. `network`: it changed what is connected, and leads what happens with it.
  int add_cause(LoggedEvent event, bool network = false, double until_s = -kInfinity);
  /// Remembers a ramp or driver that is in force at a bus from now on; `event`: what began it, -1 none.
  void driver(double time_s, int bus, std::string text, int event = -1);
  /// What the causes added since the last call did to the grid.
  void jumped(const Motion& before, const Motion& after);
  [[nodiscard]] Explanation explain(const Crossing& crossing) const;

  [[nodiscard]] LoggedEvent& at(int id) { return events_[id]; }
  [[nodiscard]] const std::vector<LoggedEvent>& events() const { return events_; }

 private:
  struct Driver {
    double time_s;
    int bus;
    std::string text;
    int event;
  };
  /// What one jump did, where it did anything to speak of.
  struct Impact {
    std::vector<std::pair<int, float>> voltage_pu, acceleration_Hz_per_s;  ///< bus, change; by bus
  };
  struct Cause {
    int event;
    bool network;
    double until_s;
    std::shared_ptr<const std::vector<int>> islands;  ///< [bus] when it was logged, before what it changed
    std::shared_ptr<const Impact> impact;  ///< shared by what happened together; nullptr: none known
  };
  [[nodiscard]] bool same_island(const Cause& cause, int bus) const;
  /// Among causes with the impact of `last`, the one to name: of the network before others, then the one with
  /// the most power, then the latest.
  [[nodiscard]] int leader(const Cause& last, const Crossing& crossing) const;

  const System* system_;
  std::vector<LoggedEvent> events_;
  std::vector<Cause> causes_;                                     ///< network and injection events, ramps
  std::size_t weighed_ = 0;                                       ///< causes whose impact is known
  std::vector<std::shared_ptr<const std::vector<int>>> islands_;  ///< each partition in turn
  std::vector<Driver> drivers_;                                   ///< the latest of each bus
};

}  // namespace ballast
