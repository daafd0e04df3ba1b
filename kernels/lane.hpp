/// \file
/// One scenario while it runs: its own network, what is still to happen to it, and its result so far. Private
/// to kernels/.
#pragma once

#include "kernels/batch.hpp"
#include "kernels/evaluator.hpp"

namespace ballast::batch {

struct Lane {
  int scenario = -1;  ///< -1: idle
  int next_action = 0, last_action = 0;
  int attempts = 0;      ///< at locating the present event
  double pace = 0;       ///< the length of the next step, if nothing is due before its end
  double redo_step = 0;  ///< the step to take again, up to an event; 0: none
  double next_sample = 0;
  std::vector<Block> block;    ///< [branch] as it is now
  std::vector<char> connects;  ///< [branch]
  std::vector<double> shunt_G, shunt_B;
  std::vector<double> tap;      ///< [tap changer] ratio at rest over that of now
  std::vector<double> fault_B;  ///< of the faults sized so far
  std::vector<double> obeyed;   ///< [order] what was last carried out
  struct Demand {
    double kept = 1;          ///< share that orders leave
    double from = 1, to = 1;  ///< as events set it: before and after its ramp
  };
  std::vector<Demand> demand;   ///< [Problem::demands]
  std::vector<double> sampled;  ///< watched values at the last step
  double sampled_at = 0;
  std::unique_ptr<Observer> observer;
  Observer::Reads reads = Observer::Reads::NOTHING;  ///< the observer
  Result result;

  [[nodiscard]] bool live() const { return scenario >= 0; }
};

/// What one scenario needs between its steps: starting, events, ending. Works on plain numbers.
class LaneKeeper {
 public:
  LaneKeeper(const Evaluator& evaluator, const Options& options)
      : evaluator_(evaluator),
        problem_(evaluator.problem()),
        options_(options),
        scratch_(evaluator.make_scratch<double>()),
        started_(evaluator.make_store<double>()),
        taps_(find_taps(problem_)) {}

  /// Puts a scenario at its start; events due there happen. False when it ends at once.
  bool start(int scenario, Lane& lane, Store<double>& store);
  /// Everything that happens at store.t, until nothing more fires. `store` is evaluated there. Sets `jumped`
  /// when voltages jumped; otherwise states, factor and voltages are as they were. False when the lane ends.
  bool happen(Lane& lane, Store<double>& store, bool& jumped);
  /// Whether nothing is due but timers of drivers; `expiry`: of a timer.
  template <class Expiry>
  [[nodiscard]] bool only_drivers(const Lane& lane, double due, Expiry&& expiry) const {
    if (lane.next_action < lane.last_action && problem_.actions[lane.next_action].time_s <= due) return false;
    for (const Evaluator::Clock& clock : evaluator_.clocks())
      if (!clock.driver && expiry(clock.timer) <= due) return false;
    return true;
  }
  /// Timers of drivers that are due at store.t. They move continuously, so that nothing is evaluated.
  void drive(Lane& lane, Store<double>& store);
  /// A time at which something is due, or the end.
  [[nodiscard]] double next_stop(const Lane& lane, double timer) const;
  /// Solves the network from scratch (full Newton), factors it there and makes the stiff matrices. With an
  /// action that sizes a fault, its susceptance is found with the voltages.
  bool solve(Lane& lane, Store<double>& store, const Action* sizing = nullptr);
  /// Due: no later than this beside t.
  [[nodiscard]] static double same_instant(double t) { return 1e-12 * (1 + (t < 0 ? -t : t)); }

 private:
  /// The start of every scenario with this rest, before anything happens. False: no solution.
  bool stand(const Rest& rest, Lane& lane, Store<double>& store);
  bool apply_actions(Lane& lane, Store<double>& store, bool& jump, bool& network, const Action*& sizing);
  /// The change of susceptance at a bus after which its voltage is as wanted, seen through the factor.
  [[nodiscard]] double susceptance_for(int bus, double wanted_pu, const Store<double>& store);
  /// Puts the fault of an action where it belongs, with susceptance B.
  void place_fault(Lane& lane, const Action& action, double B) const;
  /// Puts the ratios that tap changers give into the blocks of their branches.
  void move_taps(Lane& lane, Store<double>& store) const;
  void set_closed(Lane& lane, Store<double>& store, int branch, bool closed, const Block& block) const;
  void set_active(Store<double>& store, int plant, bool active) const;
  /// An order at the last evaluated outputs, as it counts.
  [[nodiscard]] double ordered(const Lane& lane, std::size_t k, const Store<double>& store) const;
  /// Carries out the orders that changed.
  void obey_orders(Lane& lane, Store<double>& store, bool& network) const;
  /// What orders leave of a demand as events set it, into its signal.
  void put_demand(const Lane& lane, std::size_t k, Store<double>& store) const;
  /// Place of a signal among Problem::demands, or -1.
  [[nodiscard]] int demand_at(int signal) const;
  void find_islands(const Lane& lane, Store<double>& store) const;
  void lift_dead_voltages(const Lane& lane, Store<double>& store) const;
  Effect advance(Lane& lane, Store<double>& store, int group, int part, const Happening& what);

  struct Tap {
    int signal, branch;
  };
  [[nodiscard]] static std::vector<Tap> find_taps(const Problem& problem);

  const Evaluator& evaluator_;
  const Problem& problem_;
  const Options& options_;
  Evaluator::Scratch<double> scratch_;
  int started_rest_ = -1;  ///< the rest whose start is in started_
  Store<double> started_;
  std::vector<Tap> taps_;
};

}  // namespace ballast::batch
