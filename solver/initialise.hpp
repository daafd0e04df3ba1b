/// \file
/// Putting the system at rest on a solved power flow.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "solver/system.hpp"

namespace ballast {

struct RestReport {
  double worst_rate = 0;     ///< largest |dx/dt|, 1/s
  double worst_balance = 0;  ///< largest current mismatch, pu
  std::string where;         ///< unknown with the largest residual
};

/// Finds states, references and modes of every part from the bus voltages (pu, complex) and the rest powers
/// of the injecting parts (Part::P_MW, Q_Mvar), from the network backwards: machine, then exciter and
/// governor, then stabilizer. Throws Error naming every device whose limits exclude the operating point, and,
/// when the result is not at rest within 1e-6 (rates) or 1e-6 pu (currents), the worst unknowns. Returns the
/// unknowns y at time t.
[[nodiscard]] std::vector<double> initialise(System& system, std::span<const std::complex<double>> voltage,
                                             double t, RestReport* report = nullptr);

}  // namespace ballast
