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
#include <vector>

#include "kernels/problem.hpp"

namespace ballast::batch {

enum class Ending {
  COMPLETED,
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
  Extreme voltage_min, voltage_max;  ///< pu, over buses with a source, from Options::extremes_from_s on
  Extreme speed_min, speed_max;      ///< of the frame, pu
  std::vector<double> x, signals;    ///< at the end
  std::vector<double> sample_times, samples;  ///< [sample * watched]
};

struct Options {
  int threads = 1;
  double extremes_from_s = 0;
  std::vector<int> watch_states, watch_signals;  ///< sampled, states first
  double sample_every_s = 0;                     ///< 0: nothing; samples are interpolated between steps
  std::vector<int> only;                         ///< scenarios to run; empty: all
  std::function<void(Result&&)> done;            ///< takes each result instead of keeping it, from any thread
};

/// Runs scenarios on the processor: packs of four, one thread per pack at a time. Results by scenario.
[[nodiscard]] std::vector<Result> run_cpu(const Problem& problem, const Options& options = {});

/// Runs one scenario alone as plain numbers: what each lane of run_cpu must equal, bit for bit.
[[nodiscard]] Result run_alone(const Problem& problem, int scenario, const Options& options = {});

}  // namespace ballast::batch
