/// \file
/// A batch: the scenarios of a problem in lanes.
///
///     batch::Options options;                       // threads, what to sample
///     std::vector<batch::Result> results = batch::run_cpu(problem, options);
///
/// A scenario's result has the same bits whatever lane, tile or thread it runs in and whatever runs beside
/// it.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "kernels/problem.hpp"
#include "models/contract.hpp"

namespace ballast::batch {

enum class Ending {
  COMPLETED,
  STOPPED,      ///< by its observer
  NO_SOLUTION,  ///< the voltages did not converge: collapse, or a case for IDA
  NOT_FINITE,   ///< a state ran away
  NO_REST,      ///< events at one instant that undo each other without end
};

struct Event {
  enum Kind { ACTION, TIMER, GUARD } kind = ACTION;
  double time_s = 0;
  int group = -1, part = -1, index = 0;  ///< of an action: its place among the problem's actions
  int mode_before = 0, mode_after = 0;   ///< of the automaton, if it has one
};

struct Extreme {
  double value = 0, time_s = 0;
  int bus = -1;
};

struct Result {
  int scenario = 0;
  Ending ending = Ending::COMPLETED;
  double end_s = 0;
  long steps = 0, rejected = 0;
  std::vector<Event> events;
  // Not taken where an observer is.
  Extreme voltage_min, voltage_max;  ///< pu, over buses with a source, from Options::extremes_from_s on
  Extreme speed_min, speed_max;      ///< of the frame, pu
  std::vector<double> x, signals;    ///< at the end
  std::vector<double> sample_times, samples;  ///< [sample * watched]
};

struct Lane;
template <class T>
struct Store;

/// Sees one scenario while it runs, on the thread that runs it. Stores are evaluated where they are given,
/// all outputs included.
class Observer {
 public:
  virtual ~Observer() = default;
  /// What sample() needs beside t, x, voltages, modes, active, and `turned`: of what else is in its store
  /// nothing is said. Asked once, after begin().
  enum class Reads { NOTHING, CURRENTS, OUTPUTS };
  [[nodiscard]] virtual Reads reads() const { return Reads::OUTPUTS; }
  /// The scenario stands at its start.
  virtual void begin(const Lane& lane, const Store<double>& store) = 0;
  /// On the time grid (at the first step not before it), before and after every jump, and at the end. False
  /// ends the scenario here.
  virtual bool sample(const Store<double>& store) = 0;
  /// Actions first to last - 1 of the problem are about to be applied.
  virtual void acting(int first, int last, const Store<double>& store) = 0;
  /// An automaton moved; `store` has its new modes, the network is not solved again yet. For a driver (a part
  /// without states and guards) no sample() goes before it, and its store is that of Reads::NOTHING.
  virtual void moved(int group, int part, const Happening& happening, int mode_before, Effect effect,
                     const Reason& reason, const Store<double>& store) = 0;
  /// Orders of parts are about to be carried out; `store` is as they order, all outputs included.
  virtual void obeying(const Store<double>& store) = 0;
  /// What acted and moved has come to rest for now; `network`: connections or sources changed.
  virtual void settled(const Lane& lane, const Store<double>& store, bool network) = 0;
  virtual void end(const Result& result) = 0;
};

struct Options {
  int threads = 1;
  int lanes = 0;  ///< scenarios in a pack: 4, or 8 where there is AVX-512; 0: as many as can be filled
  double extremes_from_s = 0;
  std::vector<int> watch_states, watch_signals;  ///< sampled, states first ...
  std::vector<int> watch_buses;                  ///< ... and voltage magnitudes of buses last
  double sample_every_s = 0;                     ///< 0: nothing; samples are interpolated between steps
  /// Makes the observer of a scenario; null for none. With it sample_every_s is its grid.
  std::function<std::unique_ptr<Observer>(int scenario)> observe;
  std::vector<int> only;               ///< scenarios to run; empty: all
  std::function<bool()> stop;          ///< asked before each scenario: true starts no more
  std::function<void(Result&&)> done;  ///< takes each result instead of keeping it, from any thread
};

/// Scenarios in a pack of run_cpu: what the options say, else 8 where the processor has AVX-512 and there are
/// enough of them, else 4. Throws std::invalid_argument when the options ask for what cannot be.
[[nodiscard]] int pack_width(const Problem& problem, const Options& options);

/// Runs scenarios on the processor: in packs, one thread per pack at a time. Results by scenario.
[[nodiscard]] std::vector<Result> run_cpu(const Problem& problem, const Options& options = {});

/// Runs one scenario alone as plain numbers: what each lane of run_cpu must equal, bit for bit.
[[nodiscard]] Result run_alone(const Problem& problem, int scenario, const Options& options = {});

}  // namespace ballast::batch
