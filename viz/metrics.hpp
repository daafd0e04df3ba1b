/// \file
/// Key figures of a run, computed from its record. A figure is absent when the record has not what it needs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/storage/cycle_life.hpp"
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
  std::optional<CycleLife> life;             ///< of a run that repeats for ever; where the case gives a curve
};

struct Metrics : RunFigures {
  std::vector<DatacenterMetrics> datacenters;
  std::vector<StorageMetrics> storage;
};

[[nodiscard]] Metrics compute_metrics(const Record& record);

}  // namespace ballast
