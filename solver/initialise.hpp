/// \file
/// Putting the system at rest on a solved power flow.
#pragma once

#include <complex>
#include <span>
#include <vector>

#include "solver/system.hpp"

namespace ballast {

/// What happens to a limit that excludes the operating point.
enum class AtLimits {
  REFUSE,  ///< an error names it
  RELAX,   ///< the parameter behind it moves to the operating point, and the move is listed
};

/// A limit that was moved to the operating point.
struct MovedLimit {
  int part = 0;  ///< of the system
  int parameter = 0;
  double from = 0, to = 0;  ///< in the parameter's unit
  const char* quantity = "";
};

struct RestReport {
  double worst_rate = 0;     ///< largest |dx/dt|, 1/s
  double worst_balance = 0;  ///< largest current mismatch, pu
  std::string where;         ///< unknown with the largest residual
  std::vector<MovedLimit> moved_limits;
};

/// Finds states, references and modes of every part from the bus voltages (pu, complex) and the rest powers
/// of the injecting parts (Part::P_MW, Q_Mvar), from the network backwards: machine, then exciter and
/// governor, then stabilizer. A limit that excludes the operating point is moved to it, if the model says
/// which parameter sets it and at_limits is RELAX; the moved parameters stay in System::plants(). Throws
/// Error naming every device whose limits exclude the operating point otherwise, and, when the result is not
/// at rest within 1e-6 (rates) or 1e-6 pu (currents), the worst unknowns. Returns the unknowns y at time t.
[[nodiscard]] std::vector<double> initialise(System& system, std::span<const std::complex<double>> voltage,
                                             double t, RestReport* report = nullptr,
                                             AtLimits at_limits = AtLimits::REFUSE);

}  // namespace ballast
