/// \file
/// Disturbances unrolled into single operations on the grid, in time order.
#pragma once

#include <queue>
#include <vector>

#include "solver/algebraic.hpp"
#include "solver/disturbance.hpp"
#include "solver/event_log.hpp"

namespace ballast {

/// Applies a case's disturbances to the system, one operation at a time, and schedules what follows from them
/// (clearing, reclosing).
class Operations {
 public:
  /// Throws Error with every disturbance that cannot be (see check_disturbances).
  Operations(System& system, EventLog& log, const std::vector<Disturbance>& disturbances, double start_s);

  /// Time of the next operation, or infinity.
  [[nodiscard]] double next_time() const { return queue_.empty() ? kNever : queue_.top().time; }
  /// What the operations applied so far did.
  struct Done {
    bool any = false;
    bool network = false;                     ///< admittances or connections changed
    std::vector<int> network_events;          ///< that did so
    std::vector<std::pair<int, int>> plants;  ///< event and the plant whose power it changes
  };
  /// Applies the operations due not later than `until`. A fault given by residual voltage is sized on the
  /// voltages in y by solving the network, so y must be consistent: it is taken alone, and what is due with
  /// it is left for the next call.
  Done apply_due(double until, const std::vector<double>& y);

 private:
  enum class Kind { FAULT_ON, FAULT_OFF, LINE_FAULT, LINE_CLEAR, LINE_RECLOSE, SIMPLE };
  struct Operation {
    double time;
    int order;  ///< ties are taken in the order of scheduling
    Kind kind;
    int disturbance;
    int shot;   ///< of a line fault: 0 the first clearing
    int cause;  ///< event id, or -1
  };
  struct Later {
    bool operator()(const Operation& a, const Operation& b) const {
      return a.time > b.time || (a.time == b.time && a.order > b.order);
    }
  };
  void schedule(double time, Kind kind, int disturbance, int shot, int cause);
  void apply(const Operation& op, const std::vector<double>& y, Done& done);
  void apply_simple(const Operation& op, Done& done);
  std::complex<double> fault_admittance(double t, int bus, const FaultStrength& strength,
                                        const std::vector<double>& y);
  [[nodiscard]] bool is_sized(const Operation& op) const;
  int log(const Operation& op, LoggedEvent event, Done& done);

  System& system_;
  EventLog& log_;
  std::vector<Disturbance> disturbances_;
  AlgebraicSolver trial_;                         ///< for sizing faults
  std::vector<std::complex<double>> admittance_;  ///< [disturbance] of its fault while it is on, else 0
  std::vector<std::complex<double>> struck_;      ///< [disturbance] of its fault when it first struck
  std::priority_queue<Operation, std::vector<Operation>, Later> queue_;
  int order_ = 0;
};

}  // namespace ballast
