#include "solver/network_solution.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

constexpr double kCollapsed =
    0.4;  ///< pu, below the usual pqbrak; a load that keeps its power further down may not be found
constexpr int kRounds = 30;      ///< in which limits move together
constexpr int kOneAtATime = 60;  ///< further rounds, in which one moves

bool good(const SettledResult& result) { return result.converged && result.settled; }

}  // namespace

std::string limit_names(const System& system, const std::vector<int>& guards) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string> names;
  for (const int guard : guards) {
    const System::GuardOwner owner = system.guard_owner(guard);
    const PartRef& part = system.parts()[owner.part];
    std::string name =
        fmt::format("limit {} of {} '{}' at {}", owner.index / 2, system.group(part.group).model, part.name,
                    system.network().bus_label(system.part_bus(owner.part)));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  std::string text;
  for (std::size_t k = 0; k < std::min(names.size(), kNamed); ++k) text += (k == 0 ? "" : ", ") + names[k];
  if (names.size() > kNamed) text += fmt::format(" and {} more", names.size() - kNamed);
  return text;
}

SettledResult settle(System& system, AlgebraicSolver& solver, double t, std::vector<double>& y) {
  SettledResult result;
  std::vector<int> before;
  for (int round = 0; round < kRounds + kOneAtATime; ++round) {
    static_cast<AlgebraicResult&>(result) = solver.solve(t, y);
    result.moving.clear();
    if (!result.converged) return result;
    system.save_limits(before);
    if (!system.move_limits(&result.moving)) return result;
    if (round < kRounds || result.moving.size() < 2) continue;
    const System::GuardOwner first = system.guard_owner(result.moving.front());
    const PartRef& part = system.parts()[first.part];
    PartGroup& group = system.group(part.group);
    system.restore_limits(before);
    advance_limit(group.mode.data() + static_cast<std::ptrdiff_t>(part.index) * group.modes, first.index);
  }
  result.settled = false;
  return result;
}

/// Faults grow from nothing to their full admittance, each step from the last solution.
SettledResult NetworkSolution::grow_faults(double t, std::vector<double>& y) {
  SettledResult result;
  for (double exponent = -8; exponent <= 0; exponent += 0.125) {
    system_.grid.fault_scale = std::pow(10.0, exponent);
    system_.grid.rebuild_matrix();
    result = settle(system_, algebraic_, t, y);
    if (!good(result)) break;
  }
  system_.grid.fault_scale = 1;
  system_.grid.rebuild_matrix();
  return good(result) ? settle(system_, algebraic_, t, y) : result;
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

std::string why_no_solution(const System& system, const std::vector<double>& before,
                            const std::vector<double>& reached, int worst_unknown) {
  constexpr double kLow = 0.9, kHigh = 1.1;  // pu
  const int bus = (worst_unknown - system.voltage_at(0)) / 2;
  if (worst_unknown < system.voltage_at(0) || bus >= system.grid.bus_count())
    return "no equilibrium: a device's signals have none there";
  const double from = std::abs(system.voltage(before.data(), bus));
  const double to = std::abs(system.voltage(reached.data(), bus));
  const std::string where = fmt::format("{} went from {:.3f} to {:.3f} pu before Newton's iteration gave up",
                                        system.network().bus_label(bus), from, to);
  if (from > kHigh)
    return where +
           ": voltages ran upward, no voltage collapse; look for what absorbed reactive power and is gone";
  if (from < kLow || to < kLow)
    return where + ": voltage collapse, constant-power demand exceeds what the network can carry there";
  return where + ": no equilibrium; look at what switched last";
}

void NetworkSolution::solve(double t, std::vector<double>& y) {
  const std::vector<double> guess = y;
  lift_dead_voltages(y);
  SettledResult result = settle(system_, algebraic_, t, y);
  if (good(result)) return;
  y = guess;
  result = settle(system_, algebraic_, t, y);
  if (good(result)) return;
  const std::vector<double> reached = y;
  const int worst = result.worst;
  if (system_.grid.has_fault()) {
    y = guess;
    result = grow_faults(t, y);
    if (good(result)) return;
  }
  // A flat start where voltages were low.
  y = guess;
  for (int b = 0; b < system_.grid.bus_count(); ++b) {
    if (system_.frame_of(b) < 0 || std::abs(system_.voltage(guess.data(), b)) > 0.5) continue;
    y[system_.voltage_at(b)] = 1;
    y[system_.voltage_at(b) + 1] = 0;
  }
  result = settle(system_, algebraic_, t, y);
  if (good(result)) return;
  // A collapsed start: so low that constant-power loads are impedances and converters block.
  y = guess;
  std::vector<int> limits;
  system_.save_limits(limits);
  for (int b = 0; b < system_.grid.bus_count(); ++b) {
    const double V = std::abs(system_.voltage(guess.data(), b));
    if (system_.frame_of(b) < 0 || V < kCollapsed) continue;
    y[system_.voltage_at(b)] *= kCollapsed / V;
    y[system_.voltage_at(b) + 1] *= kCollapsed / V;
  }
  system_.settle_limits(t, y.data());
  result = settle(system_, algebraic_, t, y);
  if (good(result)) return;
  system_.restore_limits(limits);
  y = guess;
  if (!result.settled)
    throw Error(
        "",
        fmt::format("the network has a solution at {:.6f} s for every position of its limits, but none "
                    "with which they agree: {} kept moving",
                    t, limit_names(system_, result.moving)),
        "two limits contradict each other, or a load has two solutions there; check their parameters");
  throw Error("",
              fmt::format("the network has no solution at {:.6f} s: mismatch {:.3g} pu at {}", t,
                          result.mismatch, system_.unknown_name(result.worst)),
              why_no_solution(system_, guess, reached, worst));
}

}  // namespace ballast
