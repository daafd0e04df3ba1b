/// \file
/// Starting values for the equipment of a data center where a case gives none. Every one that is used is
/// listed by `ballast check` and in the record. docs/datacenter-models.md gives the sources in full.
/// Private to cases/reader/.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

/// Kinds of workload; "training" and "fine-tuning" are TRAINING, "inference" and "cloud" INFERENCE.
[[nodiscard]] std::vector<std::string> workload_kinds();
[[nodiscard]] const char* workload_model(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> workload_defaults(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> ups_defaults();
[[nodiscard]] std::vector<HandbookDefault> meter_defaults();
/// For a battery with these tasks: "smoothing", "load-hold", "frequency-response", "voltage-support".
[[nodiscard]] std::vector<HandbookDefault> bess_defaults(const std::vector<std::string>& control);

}  // namespace ballast
