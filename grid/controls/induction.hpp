/// \file
/// The steady state of an induction machine. Internal to grid/.
///
///              RA + jXA          jX3
///     V  o──────~~~~──────┬──────~~~~──┬────────┐
///                        jXM        R1/s + jX1  R2/s + jX2
///     (pu of MBASE and RATEKV; a cage of 999 is not there)
#pragma once

#include <complex>

#include "grid/dc_equipment.hpp"

namespace ballast {

struct InductionPoint {
  bool possible = false;  ///< false: PSET is beyond the breakdown torque
  double slip = 0;
  std::complex<double> drawn_MVA;
  double shaft_MW = 0;
};

/// At a slip, voltage V in pu of RATEKV.
[[nodiscard]] InductionPoint induction_at_slip(const InductionMachine& machine, double V, double slip);
/// At the slip between standstill and synchronous speed (or above it, generating) on the stable side that
/// gives PSET: the shaft power (PCODE 1) or the electrical power (PCODE 2). Beyond breakdown: the breakdown
/// point, not possible.
[[nodiscard]] InductionPoint induction_point(const InductionMachine& machine, double V);

}  // namespace ballast
