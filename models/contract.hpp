/// \file
/// The contract between a device model and everything that uses it: one header, equations written once.
///
/// A model is a struct derived from ModelDefaults with
///   enum State {..., kStates}      differential states, x
///   enum Input {..., kInputs}      signals it reads, in
///   enum Output {..., kOutputs}    signals it gives, out
///   enum Limit {..., kLimits}      limit blocks; limit i owns mode[i] and guards 2i (upper) and 2i+1 (lower)
///   enum Mode {AUTOMATON = kLimits, ..., kModes}   further modes, moved by advance()
///   enum Held {..., kHeld}         numbers the automaton holds (counters, ramp corners, latched values)
///   enum Timer {..., kTimers}      expiry times
///   enum Threshold {FIRST = 2 * kLimits, ..., kGuards}   further guards, watched for the automaton
///   static constexpr const char* title, source, validated   for the model list; validated "" when only
///   loadable static constexpr Role role static constexpr ParameterInfo parameters[]    in the order of the
///   DYR record; kRecordParameters of them are in
///                                                  the record, those after come from the network (default:
///                                                  all)
///   static constexpr Relation relations[]          which parameters bound each other (default: none do)
///   static constexpr StateInfo states[]; InputInfo inputs[]; OutputInfo outputs[]
///   template <class P> struct Derived              everything that depends on parameters alone
///   template <class P> static Derived<P> derive(const P* parameters, const Ratings&)
///   template <class T, class P> static void equations(const T* x, const T* in, const Derived<P>&,
///                                                     const Context<T, P>&, T* dxdt, T* out)
///   static Outcome initialise(Rest&, const Derived<double>&, double* x)
/// A device whose current is I = J(x) - (G + jB) V with a constant admittance may also say so, for solvers
/// that factor the network once and iterate on nothing:
///   template <class P> static Admittance<P> norton_admittance(const Derived<P>&)
///   template <class T, class P> static void norton_current(const T* x, const Derived<P>&, const P* held, T&
///   Jr,
///                                                          T& Ji)
/// and the marker BALLAST_MODEL(Type, "NAME"); after it. What a model does not have it does not mention.
///
/// Rules for equations: no `if` on a scalar, no heap, no std:: mathematics; `out` may depend on an input only
/// if that input is known without this model's own output (the system finds the order and refuses a loop).
/// Signals are wired by name inside a plant. Names given by the system: "Vr", "Vi" (bus voltage, pu, in the
/// island's frame), "frame_speed" (pu, 1 = nominal), "time" (s); "Vr_far", "Vi_far" (voltage at the far end
/// of the branch a part measures) and "closed" (1 while that branch is closed, else 0). Outputs "Ir", "Ii"
/// are currents injected into the bus, pu on the system base.
#pragma once

#include <array>
#include <limits>
#include <span>
#include <type_traits>

#include "models/math.hpp"
#include "models/scalar.hpp"

namespace ballast {

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();
inline constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
inline constexpr double kNever = std::numeric_limits<double>::infinity();

/// Where in a plant a model belongs; also the name of its part.
enum class Role {
  MACHINE,
  EXCITER,
  GOVERNOR,
  STABILIZER,
  CONVERTER,           ///< grid converter of a wind, solar or battery plant: it stands in the machine's place
  ELECTRICAL_CONTROL,  ///< gives a converter its current commands
  PLANT_CONTROL,       ///< gives an electrical control its power orders
  LOAD,
  DATACENTER,
  STORAGE,
  MEASUREMENT,
  PROTECTION  ///< a relay: its outputs order what it protects (Part::orders)
};

/// A closed interval, or one that excludes its lower end.
struct Range {
  double low = -kInfinity;
  double high = kInfinity;
  bool open = false;  ///< low itself is excluded
  [[nodiscard]] constexpr bool contains(double v) const { return (open ? v > low : v >= low) && v <= high; }
};
constexpr Range anything() { return {}; }
constexpr Range positive() { return {0, kInfinity, true}; }
constexpr Range not_negative() { return {0, kInfinity, false}; }
constexpr Range within(double low, double high) { return {low, high, false}; }

/// Outside `possible` a value is refused, outside `usual` it is listed as a warning.
struct ParameterInfo {
  const char* name;  ///< the standard's spelling
  const char* unit;
  Range possible;
  Range usual;
  const char* meaning;
  bool is_name = false;  ///< an identifier such as a circuit: its text counts, its value is 0
  /// What the standard documents a blank field of a DYR record to mean; NaN: nothing, a value must be given.
  double blank = kUnknown;
};

/// What must hold between two parameters of one device, by their places in the parameter table.
struct Relation {
  int lower;
  enum Order { BELOW, NOT_ABOVE } order;
  int upper;
  const char* meaning;  ///< why: what would not exist otherwise
};

/// An admittance G + jB, pu on the system base.
template <class P>
struct Admittance {
  P G, B;
};

enum class StateKind {
  ORDINARY,
  ANGLE,      ///< rad, measured in the island's frame: turns with it, weighted absolutely
  DEVIATION,  ///< small about zero, such as a speed deviation in pu: weighted against 0.01
  COUNTER,    ///< adds up what passes (an energy), nothing depends on it: may move at rest
};
struct StateInfo {
  const char* name;
  const char* unit;
  StateKind kind = StateKind::ORDINARY;
};

/// What an input is when nothing in the plant gives a signal of its name.
enum class Unwired {
  HELD,     ///< a constant found at initialisation (a reference); events may change it
  ZERO,     ///< zero
  REFUSED,  ///< the case is wrong
};
struct InputInfo {
  const char* name;
  const char* unit;
  Unwired unwired = Unwired::REFUSED;
};
struct OutputInfo {
  const char* name;
  const char* unit;
  const char* meaning = "";
};

/// A guard the automaton watches: what it compares, for the event log.
struct ThresholdInfo {
  const char* quantity;
  const char* unit;
};

struct Ratings {
  double device_MVA = 100;
  double system_MVA = 100;
  double frequency_Hz = 60;
};

/// What equations see of the discrete state, and where they leave their guards.
template <class T, class P>
struct Context {
  const Mode<T>* mode;  ///< [kModes], limits first: 0 free, +1 at the upper limit, -1 at the lower limit
  const ballast::Held<T>* held;  ///< [kHeld]
  T* guard;                      ///< [kGuards]; a guard that becomes positive fires
};

/// The operating point seen by one device: known entries are numbers, unknown ones NaN. initialise() reads
/// what is known, writes the inputs it needs and the outputs it gives. At an injector, out[Ir], out[Ii] are
/// wanted.
struct Rest {
  std::span<double> in;
  std::span<double> out;
  std::span<int> mode;                 ///< zero on entry
  std::span<double> held;              ///< zero on entry
  std::span<double> timer;             ///< kNever on entry
  std::span<const double> table = {};  ///< data of the part beside its parameters (Part::table)
};

/// The parameter behind a limit, which initialisation may move to the operating point: a change of 1 in the
/// parameter moves the limit by `slope`. Default: a limit that nobody may move.
struct Movable {
  int parameter = -1;
  double slope = 1;
};

/// Whether a device can rest at the wanted point; if not, which quantity is outside which limits.
struct Outcome {
  const char* quantity = nullptr;  ///< nullptr: it can
  double value = 0, low = 0, high = 0;
  Movable lower = {}, upper = {};  ///< what sets low and high
  [[nodiscard]] bool ok() const { return quantity == nullptr; }
  static Outcome fine() { return {}; }
  /// Refuses when value is outside [low, high] by more than rounding.
  static Outcome check(const char* quantity, double value, double low, double high, Movable lower = {},
                       Movable upper = {}) {
    const double slack = 1e-9 * (1 + (value < 0 ? -value : value));
    if (value >= low - slack && value <= high + slack) return {};
    return {quantity, value, low, high, lower, upper};
  }
};

/// What happened to an automaton.
struct Happening {
  enum Kind { GUARD, TIMER } kind;
  int index;  ///< Threshold or Timer
  double time;
};

/// What an automaton's move does to the right-hand side.
enum class Effect {
  NONE,  ///< bookkeeping only (a timer armed)
  KINK,  ///< continuous: the integrator stops on it and goes on
  JUMP,  ///< injections or orders (Part::orders) jump: the network is solved again, the integrator restarts
};

/// Why an automaton moved, for the event log.
struct Reason {
  double pickup_time = kUnknown;  ///< when the quantity crossed its threshold; NaN: now
  double threshold = kUnknown;    ///< the setting that was crossed
  double value = kUnknown;        ///< of the quantity at the move; NaN: the voltage at the part's bus counts
  int guard = -1;                 ///< the Threshold whose quantity it is; -1: the guard that fired
};

/// The discrete state an automaton moves. All of it plain numbers, so that lanes of a batch hold the same.
struct Automaton {
  std::span<int> mode;
  std::span<double> held;
  std::span<double> timer;
  std::span<double> x;  ///< states may be reset
  std::span<const double> in;
  std::span<const double> out;
  double pickup_time = kUnknown;  ///< set when the move ends a delay: when the quantity crossed its threshold
  double threshold = kUnknown;    ///< set with it: the setting that was crossed
  std::span<const double> table = {};  ///< data of the part beside its parameters, shared by all scenarios
  double value = kUnknown;             ///< set by a relay: the quantity that made it move, as it is now
  int guard = -1;                      ///< set by a relay: the Threshold that watches this quantity
  [[nodiscard]] Reason reason() const { return {pickup_time, threshold, value, guard}; }
};

/// Defaults for what a model does not have.
struct ModelDefaults {
  static constexpr int kLimits = 0;
  static constexpr int kHeld = 0;
  static constexpr int kTimers = 0;
};

template <class... Models>
struct TypeList {};

template <class Model>
struct ModelName;

/// The record name of a model, as in a DYR file.
#define BALLAST_MODEL(Type, record)              \
  template <>                                    \
  struct ModelName<Type> {                       \
    static constexpr const char* value = record; \
  }

// ---- counts with defaults ----
template <class M>
constexpr int limits_of() {
  return static_cast<int>(M::kLimits);
}
template <class M>
constexpr int modes_of() {
  if constexpr (requires { M::kModes; }) return static_cast<int>(M::kModes);
  return limits_of<M>();
}
template <class M>
constexpr int guards_of() {
  if constexpr (requires { M::kGuards; }) return static_cast<int>(M::kGuards);
  return 2 * limits_of<M>();
}
template <class M>
constexpr int held_of() {
  return static_cast<int>(M::kHeld);
}
template <class M>
constexpr int timers_of() {
  return static_cast<int>(M::kTimers);
}
template <class M>
constexpr int parameters_of() {
  return static_cast<int>(std::size(M::parameters));
}
/// Storage of at least one element, so that a model may have none.
constexpr int room_for(int n) { return n > 0 ? n : 1; }

/// Moves limit i after its guard fired: into the limit, or out of it.
BALLAST_HD inline void advance_limit(int* mode, int guard) {
  int& m = mode[guard / 2];
  const int side = guard % 2 == 0 ? 1 : -1;
  m = m == side ? 0 : side;
}

}  // namespace ballast
