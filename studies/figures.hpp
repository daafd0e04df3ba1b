/// \file
/// Key figures of a run, taken while it runs: the one home of what "lowest frequency" or "load lost" means,
/// for sweeps (which keep no trajectories) and for records read back (viz/metrics.hpp). Knows grid/ and the
/// recorder interface only.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "solver/recorder.hpp"

namespace ballast {

/// A value with when and where it occurred.
struct Extreme {
  double value = 0;
  double time_s = 0;
  std::string where;  ///< element name
};

/// A figure is absent when the run did not record what it needs.
struct RunFigures {
  double duration_s = 0;
  std::size_t samples = 0;

  std::string frequency_source;  ///< quantity the frequency figures come from, "" when none was recorded
  std::optional<Extreme> frequency_nadir_Hz, frequency_peak_Hz, frequency_end_min_Hz, frequency_end_max_Hz;

  /// Steepest mean slope of an island's frequency over any window of the recorder's length, with its sign;
  /// time_s is the end of the window. A dead island has no frequency, and no window spans its end.
  std::optional<Extreme> rocof_Hz_per_s;

  /// Over energised buses; a bus is energised while its "island" is not -1 (if recorded).
  std::optional<Extreme> voltage_min_pu, voltage_max_pu, voltage_end_min_pu, voltage_end_max_pu;
  std::optional<Extreme> loading_max;  ///< of branches, 1 = rating
  std::optional<std::size_t> dead_buses_at_start, islands_at_start, dead_buses_at_end, islands_at_end;

  /// From the event log: sums of what events took away (see LossCount), split by what the event is about.
  double load_lost_MW = 0, generation_lost_MW = 0;
  std::size_t events = 0;
};

/// Does this event take away generation (a machine, plant or storage tripped), rather than load?
[[nodiscard]] bool concerns_generation(const LoggedEvent& event);

/// What events take away, MW. An automaton that takes its device off the grid again after a return takes the
/// same load away: of a device counts what it took at once at most.
class LossCount {
 public:
  /// What this event adds to the load or generation lost.
  [[nodiscard]] double take(const LoggedEvent& event);

 private:
  std::map<std::string, double> most_;  ///< by device of an automaton
};

/// Where a quantity lies in a sample.
struct QuantitySpan {
  const Quantity* quantity = nullptr;
  std::size_t first = 0;
};
/// By name, or nothing.
[[nodiscard]] std::optional<QuantitySpan> find_quantity(const Schema& schema, const std::string& name);

/// Says of each element of a bus quantity whether its bus is energised; unknown counts as yes.
class Energised {
 public:
  Energised() = default;
  Energised(const Schema& schema, const Quantity& quantity);
  [[nodiscard]] bool operator()(std::span<const double> sample, std::size_t element) const {
    return element >= column_.size() || column_[element] < 0 || sample[column_[element]] >= 0;
  }

 private:
  std::vector<std::ptrdiff_t> column_;  ///< [element] of its bus's island in a sample, -1 unknown
};

/// ENTSO-E's and many grid codes' window for the rate of change of frequency (from memory).
inline constexpr double kRocofWindow_s = 0.5;

/// Largest |x(t) - x(t - window)| / window of a piecewise linear curve, with its sign; `time_s` is the end of
/// the window. A jump (two samples at one time) belongs to the windows that contain it, a value that is no
/// number breaks the curve. Nothing if the curve is shorter.
[[nodiscard]] std::optional<Extreme> steepest_slope(const std::vector<double>& times_s,
                                                    const std::vector<double>& values, double window_s);

/// Takes RunFigures from what a run tells its recorder. Extremes and slopes count from `from_s` on, so that
/// what happens during a fault can be left out; what is named "at end" is of the last sample.
class FigureRecorder : public Recorder {
 public:
  explicit FigureRecorder(double from_s = 0, double rocof_window_s = kRocofWindow_s)
      : from_s_(from_s), rocof_window_s_(rocof_window_s) {}
  void begin(const RunInfo& info, const Schema& schema, const Network& network) override;
  void sample(double time_s, std::span<const double> values) override;
  void event(const LoggedEvent& event) override;
  void end(const RunStatus& status) override;
  /// Complete after end().
  [[nodiscard]] const RunFigures& figures() const { return figures_; }

 private:
  struct Range {
    std::optional<QuantitySpan> span;
    bool positive_only = false;  ///< values of 0 and below mean "none"
    double factor = 1;
    Energised energised;
    /// A value of one element; without its name, which is copied at the end alone.
    struct Kept {
      double value = 0, time_s = 0;
      std::ptrdiff_t element = -1;  ///< none yet
    };
    Kept least, most, end_least, end_most;
    void take(double time_s, std::span<const double> values, bool counts);
    [[nodiscard]] std::optional<Extreme> extreme(const Kept& kept) const;
  };
  void count_islands(std::span<const double> values, std::optional<std::size_t>& islands,
                     std::optional<std::size_t>& dead) const;

  void find_rocof();

  double from_s_, rocof_window_s_;
  double start_s_ = 0;
  std::vector<double> times_s_;                    ///< of samples that count
  std::vector<std::vector<double>> frequency_Hz_;  ///< [element][sample], NaN while its island is dead
  Schema schema_;
  Range frequency_, voltage_, loading_;
  std::optional<QuantitySpan> island_;
  std::vector<double> last_;
  LossCount losses_;
  RunFigures figures_;
};

}  // namespace ballast
