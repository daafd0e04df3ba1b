/// \file
/// The columns of a sweep's results, and their values of one run. Private to studies/.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "solver/simulate.hpp"
#include "studies/losses.hpp"
#include "studies/result.hpp"
#include "studies/sweep.hpp"

namespace ballast {

/// Name, unit and meaning of each cell of a result.
struct FigureColumn {
  std::string name, unit, meaning;
  bool is_text = false;
};
/// `system`: any scenario's, it knows the units of recorded quantities.
[[nodiscard]] std::vector<FigureColumn> figure_columns(const Sweep& sweep, const System& system);

/// Is this the name of a column that every table of results has?
[[nodiscard]] bool is_standard_column(const std::string& name);

/// Columns of numbers that a verdict may be about: figures and metrics.
[[nodiscard]] std::vector<std::string> judgeable_columns(const Sweep& sweep);

/// The metrics of the file and those that every sweep has: times below thresholds, energies.
[[nodiscard]] std::vector<MetricSpec> all_metrics(const Sweep& sweep);
/// The quantity, with only the elements that a metric's pattern names; nothing when this system has none.
[[nodiscard]] std::optional<Quantity> metric_elements(const MetricSpec& metric, const System& system);
/// Throws Error for a metric that names nothing, or more than one quantity.
void check_metrics(const Sweep& sweep, const System& system);

[[nodiscard]] std::vector<Cell> cells_of(const Sweep& sweep, const RunResult& run, const RunFigures& figures,
                                         const StabilityFigures& stability, const LossWatch& losses,
                                         const std::vector<Meter>& meters);
/// Of a scenario that did not run.
[[nodiscard]] std::vector<Cell> empty_cells(const Sweep& sweep);

}  // namespace ballast
