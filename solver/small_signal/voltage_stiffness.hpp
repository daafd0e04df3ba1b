/// \file
/// How stiffly the voltages are held: the reduced V-Q matrix of Gao, Morison and Kundur ("Voltage stability
/// evaluation using modal analysis", IEEE Trans. Power Systems 7(4), 1992), J_R = J_QV - J_Qd J_Pd^-1 J_PV,
/// so that dQ = J_R dV.
#pragma once

#include <vector>

#include "solver/small_signal/linear_model.hpp"

namespace ballast {

struct VoltageStiffness {
  /// Smallest eigenvalue of J_R by its real part, pu of reactive power on the system base per pu of voltage.
  /// Positive: reactive power fed in raises every voltage of its pattern; near 0 little of it moves them far;
  /// negative: the operating point does not hold.
  double smallest = 0;
  int negative = 0;  ///< how many eigenvalues have a negative real part
  struct Share {
    int bus = 0;
    double participation = 0;  ///< in the smallest, 0 to 1
  };
  std::vector<Share> buses;  ///< all that were looked at, by participation, largest first
};

/// Of a linear model of `system` at y. Every device answers as it does once it has settled (`settled_s`: its
/// equations at the real frequency 1 / settled_s), with discrete devices where they are. Mechanical powers
/// and frequency are held; the bus of each island's heaviest machine makes up for active power. Reactive
/// power is varied at the buses of `least_kV` or more and held at the others (unit terminals have soft
/// eigenvalues of their own). No eigenvalue counts whose voltages are held to a billionth of the softest.
[[nodiscard]] VoltageStiffness voltage_stiffness(const System& system, const LinearModel& model,
                                                 const std::vector<double>& y, double least_kV = 0,
                                                 double settled_s = 1e4);

}  // namespace ballast
