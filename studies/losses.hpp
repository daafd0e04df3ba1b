/// \file
/// What a run lost, through what, and what began it: from the event log alone. Private to studies/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "studies/figures.hpp"

namespace ballast {

struct LossFigures {
  /// Load that events took away, MW, by what took it: it tripped or was stepped down, its UPS or another
  /// automaton left the grid, its island died. Their sum is RunFigures::load_lost_MW.
  double tripped_MW = 0, automata_MW = 0, dead_MW = 0;
  std::string load_cause;    ///< beginning of the chain of causes that took most load; "" when none was lost
  int ups_locked = 0;        ///< UPS that locked, each counted once
  double ups_locked_MW = 0;  ///< what these took off the grid, each at its largest loss
  std::optional<double> ups_locked_s;  ///< when the first did
  std::string ups_locked_first;        ///< which: "Campus-A.ups"
};

/// Listens to the events of one run.
class LossWatch {
 public:
  void event(const LoggedEvent& event);
  [[nodiscard]] LossFigures figures() const;
  /// The beginning of the chain of causes of the first event that took load or generation away; without one,
  /// of the last fault, switching or trip up to `instability_s` (a loss of synchronism, a collapse), if
  /// given; else "".
  [[nodiscard]] std::string first_cause(std::optional<double> instability_s) const;

 private:
  struct Known {
    double time_s;
    int cause;
    double lost_MW;  ///< load or generation
    bool load;
    bool from_outside;  ///< a fault, switching or a trip rather than an automaton's answer
    std::string text;   ///< its own, or that of a cause which is no event
  };
  std::vector<Known> events_;  ///< [LoggedEvent::id]
  std::vector<std::string> locked_;
  LossCount count_;
  std::map<std::string, double> lost_by_;  ///< device of an automaton: its losses as counted
  LossFigures figures_;

  [[nodiscard]] const std::string& beginning(std::size_t event) const;
};

}  // namespace ballast
