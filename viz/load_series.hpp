/// \file
/// What a data center did, as a meter saw it: taken from a record, or from a file of measurements; and the
/// check of what is demanded of it.
#pragma once

#include <filesystem>
#include <vector>

#include "studies/requirements/finding.hpp"
#include "studies/requirements/requirement.hpp"
#include "viz/record.hpp"

namespace ballast {

/// Power drawn through the meter, voltage and frequency at its bus. Throws Error, naming the quantity, when
/// the record does not have the power.
[[nodiscard]] LoadSeries load_series(const Record& record, const Requirement& requirement);
/// CSV with a header line: time_s, power_MW, and what else was measured of voltage_pu, frequency_Hz,
/// reactive_Mvar, angle_deg; other columns are left out. Throws Error with line and value.
[[nodiscard]] LoadSeries read_load_series(const std::filesystem::path& csv);

/// Every clause of every requirement, in their order.
[[nodiscard]] std::vector<Finding> check_requirements(const Record& record,
                                                      const std::vector<Requirement>& requirements);

}  // namespace ballast
