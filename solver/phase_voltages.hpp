/// \file
/// Sequence voltages while an unbalanced fault is on: the positive sequence from the simulation, the others
/// from what the fault's currents leave.
#pragma once

#include <complex>

#include "solver/system.hpp"

namespace ballast {

/// Voltages of a bus in its island's frame, pu. Negative and zero are 0 without an unbalanced fault.
struct SequenceVoltages {
  std::complex<double> positive, negative, zero;
};
[[nodiscard]] SequenceVoltages sequence_voltages(const System& system, const double* y, int bus);

/// Positive-sequence voltage at a fault's place, pu; `admittance` is the fault's.
[[nodiscard]] std::complex<double> fault_place_voltage(const System& system, const double* y,
                                                       const FaultPlace& place,
                                                       std::complex<double> admittance);

}  // namespace ballast
