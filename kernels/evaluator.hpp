/// \file
/// Rates of one or of W scenarios side by side: outputs, network, outputs, rates. The same code for both.
#pragma once

#include <memory>
#include <vector>

#include "kernels/device_group.hpp"
#include "kernels/method_constants.hpp"

namespace ballast::batch {

inline bool any(bool b) { return b; }
inline bool any(const Mask<kLanes>& m) { return m.any(); }

/// true or false, one per lane of T.
template <class T>
using Yes = decltype(T() < T());

/// A problem bound to its models.
class Evaluator {
 public:
  /// Throws std::runtime_error for a model that this build does not know.
  explicit Evaluator(const Problem& problem);
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  [[nodiscard]] const Problem& problem() const { return problem_; }
  /// pu, of the network's iteration.
  [[nodiscard]] double voltage_tolerance() const { return voltage_tolerance_; }
  [[nodiscard]] const DeviceGroup& group(int i) const { return *groups_[i]; }
  /// Guards that automata watch.
  struct Watched {
    int guard, group, part, index;
  };
  [[nodiscard]] const std::vector<Watched>& watched() const { return watched_; }
  struct Clock {
    int timer, group, part, index;
    bool driver;  ///< of a part without states, guards and limits: a timer moves its outputs continuously
  };
  [[nodiscard]] const std::vector<Clock>& clocks() const { return clocks_; }
  template <class T>
  [[nodiscard]] Store<T> make_store() const;

  /// Scratch of one thread for one scalar type.
  template <class T>
  struct Scratch {
    std::vector<T> right;  ///< [2 * bus]
    long iterations = 0;   ///< of the network, counted for the profile
  };
  template <class T>
  [[nodiscard]] Scratch<T> make_scratch() const {
    return {std::vector<T>(2 * static_cast<std::size_t>(problem_.buses)), 0};
  }

  /// Everything at (t, x) in `lanes`: voltages solved from those in s, limits moved until they agree. Says in
  /// which lanes the voltages did not converge. What a lane gets does not depend on the others.
  template <class T>
  Yes<T> evaluate(Store<T>& store, const Yes<T>& lanes, Scratch<T>& scratch) const;

  /// Outputs that no part reads, too, at an evaluated point: for samples and results.
  template <class T>
  void evaluate_all_outputs(Store<T>& store) const;
  /// Of these the currents into the network alone.
  template <class T>
  void evaluate_currents(Store<T>& store) const {
    run(problem_.network, store);
  }

  // ---- one scenario: what events need
  /// dI/dV of every injecting bus at the present point, into store.slope.
  void find_slopes(Store<double>& store) const;
  /// Factors the bus matrix Y - dI/dV. False when a diagonal block is singular.
  bool factorise(const std::vector<Block>& branch_block, const std::vector<double>& shunt_G,
                 const std::vector<double>& shunt_B, Store<double>& store) const;
  /// Inverse matrices of the stiff blocks, at the present point and factor.
  void find_stiff(Store<double>& store, Scratch<double>& scratch) const;
  /// d(rates of a stiff block's states)/d(its states) with the bus's own voltage following, [states x
  /// states].
  [[nodiscard]] std::vector<double> stiff_jacobian(const std::vector<int>& states, int bus,
                                                   Store<double>& store, Scratch<double>& scratch) const;
  template <class T>
  void solve_factor(const Store<T>& store, T* right) const;

 private:
  template <class T>
  void given_signals(Store<T>& store) const;
  template <class T>
  void run(const std::vector<Span>& spans, Store<T>& store) const;
  template <class T>
  Yes<T> network(Store<T>& store, Yes<T> todo, Scratch<T>& scratch) const;
  /// What of one plant is evaluated when its states move: its parts within the spans of the problem, and
  /// those that have states.
  struct PlantWork {
    std::vector<Span> before, network, read, moving;
  };
  void find_plants();
  void rates(const PlantWork& plant, Store<double>& store) const;
  /// The bus's own reaction to a current into it.
  void driving_point(int bus, const Store<double>& store, Scratch<double>& scratch, double (&Z)[2][2]) const;

  const Problem& problem_;
  double voltage_tolerance_;
  std::vector<std::unique_ptr<DeviceGroup>> groups_;
  std::vector<Watched> watched_;
  std::vector<Clock> clocks_;
  std::vector<PlantWork> plants_;
  std::vector<int> plant_of_;  ///< [state]
};

}  // namespace ballast::batch
