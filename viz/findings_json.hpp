/// \file
/// Findings as JSON, for summary.json and requirements.json. Private to viz/.
#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "studies/requirements/finding.hpp"

namespace ballast {

[[nodiscard]] nlohmann::ordered_json findings_json(const std::vector<Finding>& findings);

}  // namespace ballast
