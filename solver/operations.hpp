/// \file
/// Disturbances unrolled into single operations on the grid, in time order.
#pragma once

#include <functional>
#include <queue>
#include <vector>

#include "solver/algebraic.hpp"
#include "solver/disturbance.hpp"
#include "solver/event_log.hpp"

namespace ballast {

class AutomatonLog;

/// Applies a case's disturbances to the system, one operation at a time, and schedules what follows from them
/// (clearing, backup, reclosing, the end of a ramp).
class Operations {
 public:
  /// Throws Error with every disturbance that cannot be (see check_disturbances).
  Operations(System& system, EventLog& log, const std::vector<Disturbance>& disturbances, double start_s);

  /// Time of the next operation, or infinity.
  [[nodiscard]] double next_time() const { return queue_.empty() ? kNever : queue_.top().time; }
  /// What the operations applied so far did.
  struct Done {
    bool any = false;
    bool jump = false;                        ///< something jumped; false when only ramps began
    bool network = false;                     ///< admittances or connections changed
    std::vector<int> network_events;          ///< that did so
    std::vector<std::pair<int, int>> plants;  ///< event and the plant whose power it changes
  };
  /// Applies the operations due not later than `until`. A fault that depends on the voltages in y (given by
  /// its residual voltage, or unbalanced) needs a consistent y: it is taken alone, and what is due with it is
  /// left for the next call.
  Done apply_due(double until, const std::vector<double>& y);
  /// Takes what parts order at the last evaluated point as obeyed (the start of a run).
  void note_orders();
  /// Whether an order of a part (System::orders) differs from what was last obeyed; the system must be
  /// evaluated with the modes of now.
  [[nodiscard]] bool orders_changed() const;
  /// Carries out the orders that changed. The cause is the last move of the part that orders. Closing onto an
  /// unbalanced fault reads the voltages in y.
  void obey_orders(double time_s, const std::vector<double>& y, const AutomatonLog& automata, Done& done);
  /// To be called when the network has been solved again at y: logs the phase voltages that data centers see
  /// of an unbalanced fault that struck or changed.
  void settled(double time_s, const std::vector<double>& y);

 private:
  enum class Kind { START, FAULT_OFF, BACKUP, LINE_END, LINE_CLEAR, LINE_RECLOSE, RAMP_END };
  struct Operation {
    double time;
    int order;  ///< ties are taken in the order of scheduling
    Kind kind;
    int disturbance;
    int shot;   ///< of a line fault: 0 the first clearing; of a curve that is played: the point reached
    int cause;  ///< event id, or -1
  };
  struct Later {
    bool operator()(const Operation& a, const Operation& b) const {
      return a.time > b.time || (a.time == b.time && a.order > b.order);
    }
  };
  void schedule(double time, Kind kind, const Operation& after, int cause);
  void apply(const Operation& op, const std::vector<double>& y, Done& done);
  /// `until_s`: of a ramp, its end.
  int log(const Operation& op, LoggedEvent event, Done& done, bool network = true,
          double until_s = -kInfinity);
  [[nodiscard]] bool needs_solution(const Operation& op) const;

  // ---- operations.cpp
  /// Switching that the case asks for: what protection does about a fault is forbidden by nothing.
  bool is_forbidden_by_interlock(const Operation& op);
  void open_branch(int branch);
  /// A fault that is still on it is fed again, through the ends that its own protection has not opened.
  void close_branch(int branch, const Operation& op, const std::vector<double>& y);
  /// The fault on a branch, by its disturbance; -1 for none.
  [[nodiscard]] int fault_on(int branch) const;
  void take_out(const Element& element, const Operation& op, Done& done);
  /// `y` is read to close a branch.
  void switch_branch(const SwitchBranch& action, const Operation& op, Done& done,
                     const std::vector<double>& y = {});
  /// The breaker at one end alone. `y` is read where the branch has a fault on it.
  void switch_end(int branch, bool from, bool close, const Operation& op, Done& done,
                  const std::vector<double>& y);
  void switch_shunt(const SwitchShunt& action, const Operation& op, Done& done);
  void set_switched_shunt(const SetSwitchedShunt& action, const Operation& op, Done& done);
  void open_cut_set(const OpenCutSet& action, const Operation& op, Done& done);
  void trip_plant(int plant, const Operation& op, Done& done);
  void step_load(const LoadStep& step, const Operation& op, Done& done);
  void ramp_loads(const LoadRamp& ramp, const Operation& op, Done& done);
  void step_reference(const ReferenceStep& step, const Operation& op, Done& done);
  void play_reference(const PlayReference& play, const Operation& op, Done& done);
  void expire_timer(const ExpireTimer& action, const Operation& op, Done& done);

  // ---- orders.cpp
  /// An order at the last evaluated point as it counts: 1 or 0, or a number.
  [[nodiscard]] double ordered(std::size_t k) const;
  /// Whether a branch, an end, a plant or a shunt is in or out already.
  [[nodiscard]] bool is_as_ordered(const System::OrderSignal& order, bool in) const;
  /// The interlock that forbids an element to be tripped (opened) or closed now; nullptr: none.
  [[nodiscard]] const PartRef* interlock(Order::Kind kind, int index, bool trips) const;
  /// The same, telling the log what was not done.
  bool is_forbidden(Order::Kind kind, int index, bool trips, const Operation& op);
  /// One of the orders on a load's demand went from `before` to `after`, shares of it left connected.
  void shed_demand(int plant, double before, double after, const Operation& op, Done& done);

  // ---- fault_operations.cpp
  void bus_fault(const BusFault& fault, const Operation& op, const std::vector<double>& y, Done& done);
  void line_fault(const LineFault& fault, const Operation& op, const std::vector<double>& y, Done& done);
  void line_struck(const LineFault& fault, const Operation& op, const std::vector<double>& y, Done& done);
  void line_cleared(const LineFault& fault, const Operation& op, Done& done);
  void line_reclosed(const LineFault& fault, const Operation& op, const std::vector<double>& y, Done& done);
  /// Schedules what the protection of a line does after a fault.
  void schedule_clearing(const LineFault& fault, const Operation& op, int cause);
  [[nodiscard]] static FaultPlace place_of(const LineFault& fault);

  // ---- fault_shunts.cpp
  void strike(int disturbance, double t, const FaultPlace& place, FaultType type,
              const FaultStrength& strength, const std::vector<double>& y);
  void remove(int disturbance);
  /// The fault of a line with other ends closed than before: its impedance stays.
  void restrike(int disturbance, double t, const FaultPlace& place, const std::vector<double>& y);
  [[nodiscard]] std::complex<double> place_voltage(const FaultPlace& place, std::complex<double> admittance,
                                                   const double* y) const;
  /// For a fault impedance Zf: sets the shunt that stands for it, and gives the voltage of the faulted phases
  /// as a function of the positive-sequence voltage at the place.
  using FaultMeasure = std::function<std::function<double(std::complex<double>)>(
      std::complex<double> Zf, std::complex<double>& admittance)>;
  /// Reactance of a fault that leaves `wanted` pu the moment it strikes.
  std::complex<double> size_fault(double t, const FaultPlace& place, double wanted,
                                  const std::vector<double>& y, const FaultMeasure& measure);
  [[nodiscard]] SequenceConditions sequence_conditions(const std::vector<double>& y) const;
  /// Of each load record of the sequence data: how much of its conductance and susceptance is there now, as
  /// trips, steps and ramps left the load; nothing of a load that is out of service.
  [[nodiscard]] std::vector<std::complex<double>> sequence_load_shares() const;

  /// A fault of a disturbance: what it is, and the shunt that stands for it while it is on.
  struct Struck {
    bool on = false;
    bool isolated = false;            ///< another event opened its line: nothing feeds it
    FaultPlace place;                 ///< with the ends that its own protection left closed
    std::complex<double> Zf;          ///< its own impedance
    std::complex<double> admittance;  ///< in the positive sequence, pu
  };

  System& system_;
  EventLog& log_;
  std::vector<Disturbance> disturbances_;
  AlgebraicSolver trial_;       ///< for sizing faults
  std::vector<Struck> struck_;  ///< [disturbance]
  std::vector<double> obeyed_;  ///< [System::orders()] what was last carried out
  int announce_ = -1;           ///< event whose phase voltages settled() is to log
  std::priority_queue<Operation, std::vector<Operation>, Later> queue_;
  int order_ = 0;
};

}  // namespace ballast
