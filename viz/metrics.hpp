/// \file
/// Key figures of a run, computed from its record. A figure is absent when the record has not what it needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "studies/figures.hpp"
#include "viz/record.hpp"

namespace ballast {

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

struct Metrics : RunFigures {
  /// Steepest mean slope over any window of kRocofWindow_s, with its sign; time_s is the end of the window.
  std::optional<Extreme> rocof_Hz_per_s;

  std::vector<DatacenterMetrics> datacenters;
  std::vector<StorageMetrics> storage;
};

inline constexpr double kRocofWindow_s = 0.5;

[[nodiscard]] Metrics compute_metrics(const Record& record);

/// Largest |x(t) - x(t - window)| / window of a piecewise linear curve, with its sign; `time_s` is the end of
/// the window. A jump (two samples at one time) belongs to the windows that contain it. Nothing if the curve
/// is shorter.
[[nodiscard]] std::optional<Extreme> steepest_slope(const std::vector<double>& times_s,
                                                    const std::vector<double>& values, double window_s);

}  // namespace ballast
