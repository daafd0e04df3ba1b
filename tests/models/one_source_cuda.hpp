/// \file
/// What one_source.cu, compiled by nvcc, gives the test: the body of its kernels run as host code, and the
/// kernels themselves where there is a device.
#pragma once

#include "tests/models/one_source.hpp"

namespace ballast::test {

/// One scenario per element; the trace of scenario i begins at i * kSteps * kTrace.
[[gnu::visibility("default")]] void run_units_as_nvcc_host_code(const UnitScenario* scenarios, int count,
                                                                double h, double* traces);
[[gnu::visibility("default")]] void run_ups_as_nvcc_host_code(const UpsScenario* scenarios, int count,
                                                              double h, double* traces);

/// nullptr when it ran; "" when there is no device; else the error.
[[gnu::visibility("default")]] const char* run_units_on_device(const UnitScenario* scenarios, int count,
                                                               double h, double* traces);
[[gnu::visibility("default")]] const char* run_ups_on_device(const UpsScenario* scenarios, int count,
                                                             double h, double* traces);

}  // namespace ballast::test
