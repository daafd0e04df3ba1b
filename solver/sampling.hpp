/// \file
/// What a run hands its recorder, and when: the time grid, both sides of every jump, the event log.
#pragma once

#include <optional>
#include <vector>

#include "solver/channels.hpp"
#include "solver/event_log.hpp"
#include "solver/integrator.hpp"
#include "solver/recorder.hpp"
#include "solver/simulate.hpp"

namespace ballast {

/// Does nothing without a recorder. Errors of the recorder pass through.
class Sampling {
 public:
  Sampling(System& system, const Integrator& integrator, const SimulationOptions& options, Recorder* recorder,
           double start_s);

  void begin(const RunInfo& info);
  /// Keeps the sample before an event; y is where the system was last evaluated.
  void before_event(const std::vector<double>& y);
  /// The event is over. After a jump both its sides are written, at the start of a run the rest point.
  void after_event(double t, const std::vector<double>& y, bool jumped, bool initial);
  /// Samples of the time grid up to t, the end of the integrator's last step, from its interpolant; true if
  /// there were any. A limit that moved within the step is shown where each sample has it.
  bool grid(double t);
  /// The point where the run ended: y when it completed, else how it stood when the event struck that could
  /// not be solved.
  void last(double t, const std::vector<double>& y, bool completed);
  /// Events that are new in the log.
  void events(const EventLog& log);
  void end(const RunStatus& status);

  /// Spent here so far, wall time.
  [[nodiscard]] double seconds() const { return seconds_; }

 private:
  void sample(const std::vector<double>& y, std::vector<double>& values);
  void write(double t, const std::vector<double>& values);

  System& system_;
  const Integrator& integrator_;
  Recorder* recorder_;
  std::optional<Channels> channels_;
  double start_s_, step_s_;
  double seconds_ = 0;
  double last_written_s_;
  long written_ = 0;         ///< samples of the grid
  std::size_t flushed_ = 0;  ///< events handed over
  bool in_event_ = false;    ///< before_ holds a sample that has not been written
  std::vector<double> values_, before_, interpolated_;
  std::vector<int> limits_;
};

}  // namespace ballast
