/// \file
/// What happened and why: every event knows the event that caused it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "solver/recorder.hpp"
#include "solver/system.hpp"

namespace ballast {

class EventLog {
 public:
  explicit EventLog(const System& system) : system_(&system) {}

  /// Adds an event, numbers it, fills in its island; returns its id.
  int add(LoggedEvent event);
  /// The same, as a network or injection event that may cause others.
  int add_cause(LoggedEvent event);
  /// Remembers a ramp or driver that is in force at a bus, for causes that are no events.
  void driver(double time_s, int bus, std::string text);
  /// Sets cause (or cause_text) of an event from its bus's island: the last network or injection event not
  /// later than `pickup_time_s`, else the driver in force, else the start of the run.
  void find_cause(LoggedEvent& event, double pickup_time_s) const;

  [[nodiscard]] LoggedEvent& at(int id) { return events_[id]; }
  [[nodiscard]] const std::vector<LoggedEvent>& events() const { return events_; }

 private:
  struct Driver {
    double time_s;
    int bus;
    std::string text;
  };
  const System* system_;
  std::vector<LoggedEvent> events_;
  struct Cause {
    int event;
    std::shared_ptr<const std::vector<int>> islands;  ///< [bus] when it was logged, before what it changed
  };
  std::vector<Cause> causes_;                                     ///< network and injection events
  std::vector<std::shared_ptr<const std::vector<int>>> islands_;  ///< each partition in turn
  std::vector<Driver> drivers_;                                   ///< the latest of each bus
};

}  // namespace ballast
