/// \file
/// The whole grid as one index-1 differential-algebraic system in flat arrays.
///
/// Unknowns y, in this order:
///   states       of all parts                                         dx/dt = f(x, signals)
///   voltages     Vr, Vi of every bus, pu, in its island's frame       Y V = I(x, V); V = 0 at dead buses
///   cuts         signals inside direct-feedthrough loops, if any      s = output
///   frame speed  of every living island, pu (1 = nominal)             inertia-weighted mean of its machines
///   frame angle  of every living island, rad in the nominal frame     d/dt = 2 pi f0 (speed - 1)
/// Signals are what parts hand each other: bus voltages, time, constants (references), outputs, frame speeds.
#pragma once

#include <algorithm>
#include <compare>
#include <complex>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "solver/grid_state.hpp"
#include "solver/part_group.hpp"
#include "solver/plant.hpp"

namespace ballast {

class JacobianPlan;

/// A guard counts as positive above this; guards resting exactly on their threshold do not fire.
inline constexpr double kGuardTolerance = 1e-9;

/// A part by its place in the system.
struct PartRef {
  int group = 0;  ///< index into System::groups()
  int index = 0;  ///< part within the group
  int plant = 0;
  std::string name;  ///< "Campus-A.ups"
};

class System {
 public:
  /// Builds groups, wiring and evaluation order. Throws Error with every problem found (unknown model or
  /// signal, wrong parameter count, ambiguous wiring).
  System(const Network& network, std::vector<Plant> plants);
  ~System();
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  // ---- shape
  // ------------------------------------------------------------------------------------------------
  [[nodiscard]] int size() const { return frame_at_ + 2 * frame_count_; }
  [[nodiscard]] int state_count() const { return nx_; }
  [[nodiscard]] int voltage_at(int bus) const { return nx_ + 2 * bus; }
  [[nodiscard]] int frame_count() const { return frame_count_; }
  [[nodiscard]] int frame_speed_at(int frame) const { return frame_at_ + frame; }
  [[nodiscard]] int frame_angle_at(int frame) const { return frame_at_ + frame_count_ + frame; }
  /// Frame of a bus, or -1 when its island is dead.
  [[nodiscard]] int frame_of(int bus) const { return frame_of_bus_[bus]; }
  [[nodiscard]] bool is_differential(int unknown) const {
    return unknown < nx_ || unknown >= frame_at_ + frame_count_;
  }
  /// What each unknown is weighed against in the local error: scale + |y|, or scale alone where `absolute`
  /// (angles: 1 rad; small deviations: 0.01; everything else 0.1; voltages and frame speeds 1). [size()]
  void error_scales(std::vector<double>& scale, std::vector<char>& absolute) const;
  /// States that add up what passes, which no rest holds still. [size()]
  [[nodiscard]] std::vector<char> counters() const;
  /// "GENROU 101-1.machine: omega", "bus 7: Vr", "frame 0: speed"
  [[nodiscard]] std::string unknown_name(int unknown) const;

  [[nodiscard]] const Network& network() const { return *network_; }
  [[nodiscard]] const std::vector<Plant>& plants() const { return plants_; }
  [[nodiscard]] const std::vector<PartRef>& parts() const { return parts_; }
  [[nodiscard]] const PartGroup& group(int i) const { return *groups_[i]; }
  [[nodiscard]] PartGroup& group(int i) { return *groups_[i]; }
  [[nodiscard]] int group_count() const { return static_cast<int>(groups_.size()); }
  /// Part by plant name and part name, or -1. Plant names: "Campus-A".
  [[nodiscard]] int find_part(const std::string& plant, const std::string& part) const;
  /// Parts of a plant: indices first to last - 1.
  struct PartSpan {
    int first, last;
  };
  [[nodiscard]] PartSpan parts_of(int plant) const { return {first_part_[plant], first_part_[plant + 1]}; }
  /// Value index of a part's output among the signals, or -1.
  [[nodiscard]] int output_signal(int part, std::string_view output) const;
  /// Constant signal behind a part's HELD or ZERO input, or -1 when the input is wired.
  [[nodiscard]] int reference_signal(int part, std::string_view input) const;
  /// The output behind a signal: itself, or what a loop's unknown stands for.
  [[nodiscard]] int output_behind(int signal) const {
    for (const Cut& cut : cuts_)
      if (cut.signal == signal) return cut.output;
    return signal;
  }
  [[nodiscard]] int part_bus(int part) const { return plants_[parts_[part].plant].bus; }
  /// The bus whose voltage and frequency a part reads.
  [[nodiscard]] int measured_bus(int part) const {
    const Plant& plant = plants_[parts_[part].plant];
    const int at = plant.parts[part - first_part_[parts_[part].plant]].at_bus;
    return at < 0 ? plant.bus : at;
  }
  /// True for signals that no part gives and no event sets: voltages, time, frame speeds, breaker positions.
  [[nodiscard]] bool is_given(int signal) const {
    return signal < outputs_at_ || signal >= frame_signal_ ||
           (signal >= closed_at_ && signal < constants_at_);
  }
  /// The signal of a bus voltage for one that has it in another island's frame; else the signal itself.
  [[nodiscard]] int plain_signal(int signal) const;
  /// Value of a given signal at rest, for the unknowns y at time t.
  [[nodiscard]] double given_at_rest(int signal, double t, const double* y) const;

  // ---- wiring
  // ----------------------------------------------------------------------------------------------------
  struct Batch {  ///< consecutive parts of a group that do not read each other: evaluated together
    int group, first, last;
  };
  struct Injection {
    int signal_r, signal_i;
    int bus;
    int part;
  };
  /// All parts, every output after what it depends on.
  [[nodiscard]] std::span<const Batch> evaluation_order() const { return batches_; }
  [[nodiscard]] std::span<const Injection> injections() const { return injections_; }
  [[nodiscard]] bool has_loops() const { return !cuts_.empty(); }
  [[nodiscard]] int time_signal() const { return time_signal_; }

  // ---- what events change
  // -----------------------------------------------------------------------------------
  GridState grid;
  void set_active(int plant, bool active);
  [[nodiscard]] bool is_active(int plant) const;
  void set_reference(int signal, double value);
  /// A reference on its way, before loads were shed from it.
  struct Ramp {
    int signal;
    double start_s, over_s;
    double from, to;
    double share = 1;  ///< of it that counts (keep_share)
    [[nodiscard]] double at(double t) const {
      return from + (to - from) * std::clamp((t - start_s) / over_s, 0.0, 1.0);
    }
  };
  [[nodiscard]] std::span<const Ramp> ramps() const { return ramps_; }
  /// Moves a reference from what it is linearly to `value` at start_s + over_s, instead of any ramp it is on.
  void ramp_reference(int signal, double value, double start_s, double over_s);
  /// A part whose output "tap_ratio" is the ratio of the branch that it belongs to (Part::branch).
  struct Tap {
    int signal, branch;
  };
  [[nodiscard]] std::span<const Tap> taps() const { return taps_; }
  /// Puts the ratios that tap changers give at the last evaluated point into the network; true if any moved.
  bool move_taps();
  /// An output that operates something (Part::orders).
  struct OrderSignal {
    int signal, part;
    Order::Kind kind;
    int index;           ///< of the branch, plant, shunt or switched shunt
    int target = -1;     ///< REFERENCE: the part whose reference it is
    const Order* order;  ///< as the part has it
  };
  [[nodiscard]] std::span<const OrderSignal> orders() const { return orders_; }
  /// A signal that is 1 while a branch, one end of it or a shunt is closed, or a plant in service, else 0.
  struct Position {
    enum Kind { BRANCH, FROM_END, TO_END, SHUNT, PLANT } kind;
    int index;
    auto operator<=>(const Position&) const = default;
  };
  /// Those that parts read; the signal of the first is first_position(), the others follow it.
  [[nodiscard]] std::span<const Position> positions() const { return positions_; }
  [[nodiscard]] int first_position() const { return closed_at_; }
  /// A reference as events set it, before loads were shed from it.
  [[nodiscard]] double reference(int signal) const;
  /// From now on a reference is this share of what events set it to.
  void keep_share(int signal, double share);
  /// Replaces a part's parameters, also in plants().
  void set_parameters(int part, std::vector<double> parameters);
  /// After `grid` or set_active changed what is connected: finds living islands, moves y to the new frames
  /// (size() may change) and plans the Jacobian again if the islands changed. Buses that come alive take the
  /// voltage of a living neighbour as a first guess. Returns true if the islands or their life changed.
  bool update_topology(std::vector<double>& y);

  // ---- evaluation
  // -------------------------------------------------------------------------------------------
  /// Signals, rates and guards at (t, y).
  void evaluate(double t, const double* y);
  /// Guards of one part, where all else is as it was last evaluated, at y: its automaton has moved.
  void evaluate_guards(int part, const double* y);
  /// F(t, y, yp); calls evaluate.
  void residual(double t, const double* y, const double* yp, double* F);
  /// The same where the system is evaluated already.
  void residual_here(const double* y, const double* yp, double* F) const;
  /// y' of differential unknowns at the last evaluated point; zero for algebraic ones.
  void rates(const double* y, double* yp) const;
  /// Gives loop signals in y the outputs they stand for, at (t, y).
  void settle_cuts(double t, std::vector<double>& y);
  [[nodiscard]] std::span<const double> signals() const { return signals_; }
  [[nodiscard]] std::span<double> signals() { return signals_; }
  /// All guards, group after group; see guard_owner.
  [[nodiscard]] std::span<const double> guards() const { return guards_; }
  /// Moves every limit whose guard is positive at the last evaluated point; true if any moved. Appends their
  /// guards to `moved`.
  bool move_limits(std::vector<int>* moved = nullptr);
  /// Evaluates at (t, y) and moves limits until they agree with the point (a few rounds at most).
  void settle_limits(double t, const double* y, std::vector<int>* moved = nullptr);
  /// The modes of all limits, to be put back by restore_limits().
  void save_limits(std::vector<int>& modes) const;
  void restore_limits(const std::vector<int>& modes);
  /// Guards that are not of limits: what automata watch.
  [[nodiscard]] std::span<const int> watched_guards() const { return watched_guards_; }
  struct GuardOwner {
    int part;
    int index;  ///< guard within the part
  };
  [[nodiscard]] GuardOwner guard_owner(int guard) const;
  /// First guard of a part.
  [[nodiscard]] int guard_at(int part) const {
    const PartRef& r = parts_[part];
    return guard_at_[r.group] + r.index * groups_[r.group]->guards;
  }

  // ---- Jacobian: dF/dy + cj dF/dy', compressed columns
  // --------------------------------------------------------
  [[nodiscard]] std::span<const std::int64_t> column_start() const;
  [[nodiscard]] std::span<const std::int64_t> row_index() const;
  void jacobian(double t, const double* y, double cj, double* values);
  /// The same where the system is evaluated already.
  void jacobian_here(const double* y, double cj, double* values);
  /// Counts the plans made; a solver that sees it change must take the pattern anew.
  [[nodiscard]] int pattern_version() const { return pattern_version_; }

  [[nodiscard]] std::complex<double> voltage(const double* y, int bus) const {
    return {y[voltage_at(bus)], y[voltage_at(bus) + 1]};
  }

 private:
  friend class JacobianPlan;
  struct Cut {
    int output;  ///< signal computed
    int signal;  ///< signal the consumers read, an unknown
  };
  struct FrameInput {  ///< an input that reads the frame speed at a bus
    int group, at;     ///< place in the group's in_at
    int bus;
  };
  struct FarInput {  ///< an input that reads a component of the voltage at the far end of a branch
    int group, at;   ///< place in the group's in_at
    int near, far;   ///< buses
    bool imaginary;
    int turned;  ///< signal with that voltage in the frame of the near end's island, where it is another's
  };
  struct FrameWeight {
    int signal;  ///< omega of a machine
    double weight;
    int frame;
  };

  /// "case.toml:3:1: GENROU '101-1.machine' at bus 101"
  [[nodiscard]] std::string part_label(const Plant& plant, const Part& part) const;
  void check_plants(Problems& problems) const;
  void build_groups(Problems& problems);
  [[nodiscard]] int find_part_of(int plant, std::string_view part) const;
  /// Signal of a name given by the system, for a part of a plant at `bus`; -1 when there is none.
  [[nodiscard]] int given_signal(std::string_view name, const Part& part, int bus) const;
  /// Signal of a wire's "bus 101.Vr"; -1 when it is none.
  [[nodiscard]] int bus_signal(std::string_view source) const;
  /// What a wire's "branch 12.closed" says; nothing when it says no position.
  [[nodiscard]] std::optional<Position> position_of(std::string_view source) const;
  [[nodiscard]] int position_signal(const Position& position) const;
  [[nodiscard]] bool is_in(const Position& position) const;
  void read_positions();
  void number_signals();
  void wire(Problems& problems);
  /// What an output of a part operates, found and checked.
  void take_order(const Order& order, int self, const std::string& label, Problems& problems);
  /// Ordered references must be ones: known when everything is wired.
  void check_ordered_references(Problems& problems) const;
  void order_parts(Problems& problems);
  void find_frames();
  /// A meter of a branch with a fault on it measures what flows into the faulted branch.
  void set_branch_meters();
  void plan_frames(std::vector<double>& y, const std::vector<int>& old_frame_of_bus, int old_frame_count);

  const Network* network_;
  std::vector<Plant> plants_;
  std::vector<char> plant_active_;
  std::vector<std::unique_ptr<PartGroup>> groups_;
  std::vector<PartRef> parts_;             ///< plant after plant
  std::vector<int> first_part_;            ///< [plant + 1]
  std::vector<std::vector<int>> part_at_;  ///< [group][index]: part
  std::vector<int> giver_;     ///< [signal] part that gives it, -1: no part (inputs' side of a cut)
  std::vector<int> guard_at_;  ///< [group] first guard

  int nx_ = 0;
  int cut_at_ = 0;    ///< first cut unknown
  int frame_at_ = 0;  ///< first frame unknown
  int frame_count_ = 0;
  std::vector<int> frame_of_bus_;

  // Signals: voltages, time, one, outputs, breaker positions, constants, cuts, frame speeds.
  int time_signal_ = 0;
  int one_signal_ = 0;               ///< frame speed seen in a dead island
  int outputs_at_ = 0;               ///< first output
  int closed_at_ = 0;                ///< first position
  int constants_at_ = 0;             ///< first constant
  int frame_signal_ = 0;             ///< first frame speed signal
  std::vector<Position> positions_;  ///< ascending
  std::vector<FrameInput> frame_inputs_;
  std::vector<FarInput> far_inputs_;
  std::vector<int> turned_;  ///< of far_inputs_, those that read across islands
  std::vector<double> signals_;
  std::vector<double> f_;
  std::vector<double> guards_;
  std::vector<int> watched_guards_;
  std::vector<Ramp> ramps_;
  std::vector<Tap> taps_;
  std::vector<OrderSignal> orders_;
  struct Kept {
    int signal;
    double share, whole;  ///< the share kept of a reference, and the reference as events set it
  };
  bool meters_see_fault_ = false;
  std::vector<Kept> kept_;      ///< references of which a share was ever shed
  std::vector<Batch> batches_;  ///< in evaluation order
  std::vector<Injection> injections_;
  std::vector<Cut> cuts_;
  std::vector<FrameWeight> frame_weights_;
  std::unique_ptr<JacobianPlan> plan_;
  int pattern_version_ = 0;
};

}  // namespace ballast
