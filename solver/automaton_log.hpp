/// \file
/// What automata did, told in the event log: from which mode to which, why, and what power came or went with
/// it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "solver/event_log.hpp"

namespace ballast {

class AutomatonLog {
 public:
  AutomatonLog(const System& system, EventLog& log);

  /// The start of the run: what the parts see at rest.
  void begin(const double* y);
  /// Remembers the power of every calm part at y; call before a disturbance is applied.
  void remember_calm(double t, const double* y);
  /// An event of the log changes the power of a plant: settle() will say by how much. Power before: that at
  /// y.
  void expect(int event, int plant, const double* y);
  /// A move of a part's automaton, from mode `before` to the one it has now; `y`: before the network is
  /// solved again.
  void moved(int part, const Happening& happening, int before, Effect effect, const Reason& reason,
             const double* y);
  /// The event of a part's last move that was logged, or -1.
  [[nodiscard]] int last_move(int part) const { return last_move_[part]; }
  /// The network is solved, or nothing jumped: what the expected changes came to.
  void settle(double t, const double* y);

 private:
  /// An event whose change of power, of a plant or of one part, is known once the network is solved again.
  struct PowerChange {
    int event;
    int plant, part;  ///< part -1: the whole plant
    double before_MW;
    double ramped_MW = -kInfinity;  ///< the most lately, of a part that was not in its first mode
  };
  /// What a part gave or drew when it was last calm: a UPS whose rectifier stops within the dip transfers
  /// milliseconds later, and what it took away is counted from before the dip.
  struct Calm {
    double power_MW = 0;
    double time_s = -kInfinity;
  };
  /// What a part saw when one of its guards last fired, and why it did.
  struct Pickup {
    double time_s = kUnknown;
    std::string quantity;
    Explanation explanation;
    double dip_pu = 0;  ///< by which the voltage fell since a guard of the part fired before
    Watched watched = Watched::OWN;
  };
  /// What a part sees of the grid.
  struct Seen {
    double voltage_pu = 1, frequency_Hz = 0;
  };
  [[nodiscard]] Seen seen(const double* y, int bus) const;
  /// What the case says that a threshold watches; nullptr: the model says it.
  [[nodiscard]] const Watch* watch_of(int part, int threshold) const;
  /// The last event of the element whose switching a threshold watches; -1: none.
  [[nodiscard]] int last_switching(const Watch& watch) const;
  /// A guard of a part fired: why.
  [[nodiscard]] Pickup picked_up(int part, const Happening& happening, const double* y);
  /// The operator's action on a part at this time; -1: none.
  [[nodiscard]] int order_to(int part, double time_s) const;
  /// The last event of the part's plant, that of the part before others; -1: none.
  [[nodiscard]] int own_event(int part) const;
  /// The last event that left buses without a source; -1: none.
  [[nodiscard]] int last_death() const;
  /// True for an injecting part without an automaton, or with its automaton in the first mode (normal,
  /// running).
  [[nodiscard]] bool is_calm(int part) const;
  /// A relay that orders nothing: it only alarms, and causes nothing.
  [[nodiscard]] bool only_alarms(int part) const;
  /// MW a part gives (machines, storage) or draws (loads, data centers).
  [[nodiscard]] double power_MW(const double* y, int part) const;

  const System& system_;
  EventLog& log_;
  std::vector<Calm> calm_;       ///< [part]
  std::vector<Calm> ramped_;     ///< [part] the most that one not in its first mode gave or drew lately
  std::vector<Pickup> deepest_;  ///< [part] of its pickups the one with which its voltage fell most
  std::vector<Pickup> latest_;   ///< [part] the last of its own guards
  std::vector<Seen> seen_;       ///< [part] when one of its guards last fired, or at the start
  std::map<std::pair<int, int>, Seen>
      watched_;  ///< [part, threshold] the same where the case says what it watches
  std::map<std::pair<int, int>, Pickup> pickups_;  ///< [part, guard] the last of each
  std::vector<int> last_move_;                     ///< [part] event, -1: none
  std::vector<PowerChange> expected_;
  static constexpr double kCalmFor_s = 2;  ///< how long before a pickup a disturbance may lie
};

}  // namespace ballast
