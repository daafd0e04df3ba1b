/// \file
/// The answer of a system to power that swings at a bus: amplitudes at one frequency, by the linearised
/// equations.
#pragma once

#include <complex>
#include <vector>

#include "solver/small_signal/linear_model.hpp"

namespace ballast {

/// Phasors of what swings; amplitudes or peak to peak, as the power that is fed in.
struct ForcedResponse {
  std::vector<std::complex<double>> voltage_pu;    ///< [bus] magnitude of the voltage; 0 at dead buses
  std::vector<std::complex<double>> frequency_Hz;  ///< [bus]
};

/// To power_MVA (MW + j Mvar) fed into a bus, swinging with `Hz`. Small amplitudes: nothing
/// reaches a limit or threshold that it had not reached. Throws Error where the bus is dead or an undamped
/// mode has this frequency.
[[nodiscard]] ForcedResponse forced_response(const System& system, const LinearModel& model,
                                             const std::vector<double>& y, int bus,
                                             std::complex<double> power_MVA, double Hz);

}  // namespace ballast
