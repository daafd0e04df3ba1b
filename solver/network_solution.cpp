#include "solver/network_solution.hpp"

#include <fmt/format.h>

#include <cmath>

namespace ballast {

/// Solves the network and moves the limits that the solution crosses, until both agree: a constant-power load
/// has no solution at the voltages at which it is an impedance.
AlgebraicResult NetworkSolution::settle(double t, std::vector<double>& y) {
  AlgebraicResult result;
  for (int round = 0; round < 30; ++round) {
    result = algebraic_.solve(t, y);
    if (!result.converged || !system_.move_limits()) break;
  }
  return result;
}

/// Faults grow from nothing to their full admittance, each step from the last solution.
AlgebraicResult NetworkSolution::grow_faults(double t, std::vector<double>& y) {
  AlgebraicResult result;
  for (double exponent = -8; exponent <= 0; exponent += 0.125) {
    system_.grid.fault_scale = std::pow(10.0, exponent);
    system_.grid.rebuild_matrix();
    result = settle(t, y);
    if (!result.converged) break;
  }
  system_.grid.fault_scale = 1;
  system_.grid.rebuild_matrix();
  return result.converged ? settle(t, y) : result;
}

/// A bus whose voltage a fault has all but removed has no angle that means anything: a converter there would
/// take its current's direction from rounding, and when the fault goes Newton may find the network's other
/// solution, with the converter in antiphase, which its phase-locked loop could not hold. Such buses start
/// from 1 pu at the angle of the nearest bus that still has a voltage.
void NetworkSolution::lift_dead_voltages(std::vector<double>& y) const {
  constexpr double kMeaningful = 0.3;  // pu
  const GridState& grid = system_.grid;
  std::vector<int> queue;
  std::vector<std::uint8_t> seen(grid.bus_count(), 0);
  for (int b = 0; b < grid.bus_count(); ++b) {
    if (system_.frame_of(b) >= 0 && std::abs(system_.voltage(y.data(), b)) < kMeaningful) continue;
    seen[b] = 1;
    if (system_.frame_of(b) >= 0) queue.push_back(b);
  }
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const int from = queue[next];
    for (int k = grid.row_start[from]; k < grid.row_start[from + 1]; ++k) {
      const int to = grid.column[k];
      if (seen[to] != 0 || grid.value[k] == 0.0) continue;
      seen[to] = 1;
      const std::complex<double> v = system_.voltage(y.data(), from);
      y[system_.voltage_at(to)] = v.real() / std::abs(v);
      y[system_.voltage_at(to) + 1] = v.imag() / std::abs(v);
      queue.push_back(to);
    }
  }
}

void NetworkSolution::solve(double t, std::vector<double>& y) {
  const std::vector<double> guess = y;
  lift_dead_voltages(y);
  AlgebraicResult result = settle(t, y);
  if (result.converged) return;
  y = guess;
  result = settle(t, y);
  if (result.converged) return;
  if (system_.grid.has_fault()) {
    y = guess;
    result = grow_faults(t, y);
    if (result.converged) return;
  }
  // A flat start where voltages were low.
  y = guess;
  for (int b = 0; b < system_.grid.bus_count(); ++b) {
    if (system_.frame_of(b) < 0 || std::abs(system_.voltage(guess.data(), b)) > 0.5) continue;
    y[system_.voltage_at(b)] = 1;
    y[system_.voltage_at(b) + 1] = 0;
  }
  result = settle(t, y);
  if (result.converged) return;
  y = guess;
  throw Error("",
              fmt::format("the network has no solution at {:.6f} s: mismatch {:.3g} pu at {}", t,
                          result.mismatch, system_.unknown_name(result.worst)),
              "voltage collapse: constant-power demand exceeds what the network can carry there");
}

}  // namespace ballast
