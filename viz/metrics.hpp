/// \file
/// Key figures of a run, computed from its record. A figure is absent when the record has not what it needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "viz/record.hpp"

namespace ballast {

/// A value with when and where it occurred.
struct Extreme {
  double value = 0;
  double time_s = 0;
  std::string where;  ///< element name
};

struct DatacenterMetrics {
  std::string name;
  double energy_MWh = 0;  ///< drawn from the grid, trapezoidal rule over all samples
  double max_power_MW = 0, min_power_MW = 0;
  double mean_power_MW = 0;                ///< over time
  double largest_step_MW = 0;              ///< largest fall of grid power within 1 s, >= 0
  std::optional<double> ups_not_normal_s;  ///< time with a UPS mode other than 0, "normal"
};

struct StorageMetrics {
  std::string name;
  double discharged_MWh = 0, charged_MWh = 0;  ///< both >= 0
  double max_power_MW = 0, min_power_MW = 0;
  std::optional<double> min_soc, final_soc;  ///< 0 to 1
};

struct Metrics {
  double duration_s = 0;
  std::size_t samples = 0;

  std::string frequency_source;  ///< quantity the frequency figures come from, "" when none was recorded
  std::optional<Extreme> frequency_nadir_Hz, frequency_peak_Hz, frequency_end_min_Hz, frequency_end_max_Hz;
  /// Steepest mean slope over any window of kRocofWindow_s, with its sign; time_s is the end of the window.
  std::optional<Extreme> rocof_Hz_per_s;

  /// Over energised buses; a bus is energised while its "island" is not -1 (if recorded).
  std::optional<Extreme> voltage_min_pu, voltage_max_pu, voltage_end_min_pu, voltage_end_max_pu;
  std::optional<Extreme> loading_max;  ///< of branches, 1 = rating
  std::optional<std::size_t> dead_buses_at_end, islands_at_end;

  /// From the event log: sums of what events took away (power_MW < 0), split by what the event is about.
  double load_lost_MW = 0, generation_lost_MW = 0;
  std::size_t events = 0;

  std::vector<DatacenterMetrics> datacenters;
  std::vector<StorageMetrics> storage;
};

inline constexpr double kRocofWindow_s = 0.5;

[[nodiscard]] Metrics compute_metrics(const Record& record);

/// Does this event take away generation (a machine, plant or storage tripped), rather than load?
[[nodiscard]] bool concerns_generation(const LoggedEvent& event);

/// Largest |x(t) - x(t - window)| / window of a piecewise linear curve, with its sign; `time_s` is the end of
/// the window. A jump (two samples at one time) belongs to the windows that contain it. Nothing if the curve
/// is shorter.
[[nodiscard]] std::optional<Extreme> steepest_slope(const std::vector<double>& times_s,
                                                    const std::vector<double>& values, double window_s);

}  // namespace ballast
