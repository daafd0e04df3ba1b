/// \file
/// A batch problem: one system and the scenarios it is to go through, in flat arrays that know nothing of
/// cases, files or the network's records. What it needs to run lies in it, so that it can travel as one file.
#pragma once

#include <array>
#include <limits>
#include <string>
#include <vector>

namespace ballast::batch {

/// A 2x2 complex admittance, pu: ff, ft, tf, tt, each real then imaginary.
using Block = std::array<double, 8>;

/// All parts of one model. Indices as in the solver's PartGroup.
struct Group {
  std::string model;
  std::vector<int> plant, x_at, out_at;  ///< [part]
  std::vector<int> in_at;                ///< [part * inputs] signal of each input
  std::vector<double> parameters;        ///< [part * parameters], but of Problem::own_parts
  std::vector<double> device_MVA;        ///< [part], but of Problem::own_parts
  std::vector<double> tables;            ///< of the parts, one after another (Part::table)
  std::vector<int> table_at;             ///< [part + 1] where each begins in `tables`
  int mode_first = 0, held_first = 0, timer_first = 0,
      guard_first = 0;  ///< of part 0; parts follow each other
  [[nodiscard]] int count() const { return static_cast<int>(plant.size()); }
  [[nodiscard]] bool operator==(const Group&) const = default;
};

/// Parts first to last - 1 of a group, evaluated together.
struct Span {
  int group = 0, first = 0, last = 0;
  bool currents_only = false;  ///< nothing but Ir and Ii is asked for
  [[nodiscard]] bool operator==(const Span&) const = default;
};

/// Where a part injects its current.
struct Injection {
  int signal_r = 0, signal_i = 0, bus = 0, plant = 0;
  [[nodiscard]] bool operator==(const Injection&) const = default;
};

struct Branch {
  int from = 0, to = 0;
  bool closed = true;
  [[nodiscard]] bool operator==(const Branch&) const = default;
};

/// A machine's share in the frame speed.
struct Weight {
  int state = -1;  ///< its speed deviation
  int plant = 0, bus = 0;
  [[nodiscard]] bool operator==(const Weight&) const = default;
};

/// The sparse block LU of the bus matrix, 2x2 blocks, rows in elimination order. Row k: blocks of L, the
/// inverted diagonal block, blocks of U.
struct FactorPattern {
  std::vector<int> bus;                    ///< [position]
  std::vector<int> position;               ///< [bus]
  std::vector<int> row_start;              ///< [position + 1]
  std::vector<int> column;                 ///< [entry] position, ascending in a row
  std::vector<int> diagonal;               ///< [position] entry
  std::vector<std::array<int, 4>> branch;  ///< [branch] entries of ff, ft, tf, tt
  [[nodiscard]] bool operator==(const FactorPattern&) const = default;
};

/// States of one plant that the explicit part of the step cannot take: they get a matrix of their own.
struct StiffBlock {
  int bus = 0;
  std::vector<int> states;  ///< positions in x
  int matrix_at = 0;        ///< of the inverse, states x states, row by row
  [[nodiscard]] bool operator==(const StiffBlock&) const = default;
};

/// How the system rests before anything happens, and the numbers it has: several where scenarios differ by
/// more than events.
struct Rest {
  std::vector<double> x, signals, held, timer;
  std::vector<int> mode;
  std::vector<double> shunt_G, shunt_B;  ///< [bus] pu
  std::vector<Block> block;  ///< [branch] closed; zero when it never carries current (an end out of service)
  std::vector<double> inertia;  ///< [weight] s on the system base; infinite for a source of fixed frequency
  std::vector<double> parameters;  ///< of the parts in Problem::own_parts, one after another
  std::vector<double> device_MVA;  ///< [own part]
  [[nodiscard]] bool operator==(const Rest&) const = default;
};

/// What happens to one scenario at one time.
struct Action {
  enum Kind {
    BRANCH,     ///< index: branch; value: its block; flag: it connects its ends
    BUS_SHUNT,  ///< index: bus; value[0..1]: all admittance to ground there, G and B
    PLANT,      ///< index: plant; flag: active
    SIGNAL,     ///< index: constant signal; value[0]: its value, at once
    RAMP,       ///< index: place in Problem::ramped; value[0], value[1]: from, to; value[2]: s
    TIMER,      ///< index: timer, which expires now
  };
  double time_s = 0;
  int kind = BRANCH, index = 0, flag = 0;
  Block value{};
  /// A fault by a reactance of its own beside `value`: at the bus, or at an end of the branch (0 from, 1 to).
  /// It is one of the scenario's `faults`; -1: none.
  int fault = -1;
  int end = 0;
  /// pu; the reactance is found that leaves this the moment it strikes. Negative: it has been found before.
  double residual = -1;
  [[nodiscard]] bool operator==(const Action&) const = default;
};

/// What a part operates by an output (ballast::Order), in every scenario.
struct Order {
  enum Kind {
    BRANCH,  ///< index: branch
    PLANT,   ///< index: plant
    DEMAND,  ///< index: plant; the share of its demand that stays
  };
  int signal = 0, kind = BRANCH, index = 0;
  bool once = false;  ///< done when the signal falls below 0.5, and not undone
  double value = 0;   ///< of what is done once: 1 closes, 0 opens; the share that stays
  [[nodiscard]] bool operator==(const Order&) const = default;
};

struct Scenario {
  int rest = 0;
  int first_action = 0, last_action = 0;  ///< in Problem::actions, ascending times
  int faults = 0;                         ///< that are sized when they strike
  [[nodiscard]] bool operator==(const Scenario&) const = default;
};

inline constexpr int kMostStiffLengths = 4;

struct Problem {
  double base_MVA = 100, frequency_Hz = 60;
  double start_s = 0, until_s = 0;
  double step_s = 0;  ///< the longest step
  /// Steps are this long after a jump and grow while their error allows it; equal to step_s: all are alike.
  double least_step_s = 0;
  int buses = 0, states = 0, signals = 0, modes = 0, held = 0, timers = 0, guards = 0, plants = 0;
  int time_signal = 0, frame_signal = 0;
  std::vector<Group> groups;
  std::vector<Span> order;            ///< all parts, every output after what it depends on
  std::vector<Span> read;             ///< of these, parts that give something other parts read
  std::vector<Span> before, network;  ///< what currents need: independent of voltages; dependent on them
  std::vector<Injection> injections;
  std::vector<int> injecting_buses;  ///< ascending
  std::vector<Weight> weights;
  std::vector<Branch> branches;
  std::vector<int> in_service;                     ///< [bus]
  std::vector<std::array<int, 2>> closed_signals;  ///< signal, branch
  std::vector<std::array<int, 2>> active_signals;  ///< signal, plant
  std::vector<Order> orders;
  std::vector<std::array<int, 2>> demands;    ///< constant signal that an order sheds, plant
  std::vector<int> ramped;                    ///< constant signals that ramp in some scenario
  std::vector<std::array<int, 2>> own_parts;  ///< group, part: parameters differ between rests
  FactorPattern factor;
  std::vector<StiffBlock> stiff;
  int stiff_entries = 0;
  /// Lengths of step that have stiff matrices of their own: the longest, its half, ... the least.
  [[nodiscard]] int stiff_lengths() const {
    int lengths = 1;
    for (double h = step_s; h > 1.5 * least_step_s && lengths < kMostStiffLengths; h /= 2) ++lengths;
    return lengths;
  }
  std::vector<Rest> rests;
  std::vector<Action> actions;
  std::vector<Scenario> scenarios;
  [[nodiscard]] bool operator==(const Problem&) const = default;
};

}  // namespace ballast::batch
