/// \file
/// The sparse admittance matrix of a network, per unit on the system base: I = Y V, currents into the
/// network.
#pragma once

#include <Eigen/SparseCore>
#include <complex>
#include <cstdint>
#include <span>

#include "grid/branch.hpp"
#include "grid/network.hpp"

namespace ballast {

using AdmittanceMatrix = Eigen::SparseMatrix<std::complex<double>>;  ///< column-major, sorted, compressed

struct AdmittanceOptions {
  bool shunts = true;                      ///< fixed shunts, and switched ones at BINIT, in service
  bool constant_admittance_loads = false;  ///< the YP, YQ part of loads in service
  /// One per branch, nonzero = closed; empty = Branch::in_service.
  std::span<const std::uint8_t> closed = {};
};

/// Every bus has a diagonal entry and every branch, open or closed, its four places in the pattern, so that
/// the pattern does not change when breakers do. A branch to an ISOLATED bus counts as open; an isolated bus
/// keeps a zero diagonal.
[[nodiscard]] AdmittanceMatrix admittance_matrix(const Network& network,
                                                 const AdmittanceOptions& options = {});

/// Admittance to ground of one shunt (switched: at BINIT), and of the constant-admittance part of one load.
[[nodiscard]] std::complex<double> shunt_admittance(const Shunt& shunt, double base_MVA);
[[nodiscard]] std::complex<double> shunt_admittance(const SwitchedShunt& shunt, double base_MVA);
[[nodiscard]] std::complex<double> load_admittance(const Load& load, double base_MVA);

}  // namespace ballast
