/// \file
/// Newton's method for the power flow equations of one island in polar coordinates. Internal to grid/:
/// power_flow.cpp says which equation each bus has, this file solves them.
///
/// Every bus has two unknowns, angle and magnitude, and two equations. The first is the balance of P, or the
/// given angle of the slack. The second depends on the bus: balance of Q; "the voltage of bus r is Vset" (r
/// is the bus itself for local, another bus for remote regulation); or "my generation of Q and that of bus r
/// are in a given proportion", for generators that share a regulated bus.
#pragma once

#include <complex>
#include <memory>
#include <vector>

namespace ballast {

enum class Equation { REACTIVE_BALANCE, VOLTAGE, SHARE };

struct NewtonBus {
  bool angle_given = false;  ///< slack: the angle of the start stays
  Equation second = Equation::REACTIVE_BALANCE;
  int reference = -1;  ///< VOLTAGE: the regulated bus; SHARE: the other generator bus
  double target = 0;   ///< VOLTAGE: set point, pu
  double weight = 1;   ///< SHARE: Q / weight = Q_reference / reference_weight
  double reference_weight = 1;
  std::complex<double> power;    ///< given injection, generation less load, pu
  std::complex<double> current;  ///< constant-current injection at nominal voltage (times V), pu
};

/// Admittance rows of one island; the diagonal is one of the entries of its row.
struct NewtonNetwork {
  struct Entry {
    int column;
    std::complex<double> y;
  };
  std::vector<std::vector<Entry>> rows;
};

struct NewtonState {
  std::vector<double> Vm, Va;  ///< pu, rad
};

struct NewtonOutcome {
  bool converged = false;
  int iterations = 0;
  double mismatch = 0;  ///< largest |dP| or |dQ| at the last state, pu
  int worst_bus = -1;
  bool worst_is_reactive = false;
  bool singular = false;
};

struct NewtonOptions {
  double tolerance = 1e-9;  ///< pu
  int max_iterations = 30;
};

/// Improves `state` in place. A step is shortened until the sum of squares decreases.
[[nodiscard]] NewtonOutcome newton(const NewtonNetwork& network, const std::vector<NewtonBus>& buses,
                                   NewtonState& state, const NewtonOptions& options);

/// The equations linearised at a solved state: how the state moves when the network draws more.
class LinearFlow {
 public:
  LinearFlow(const NewtonNetwork& network, const std::vector<NewtonBus>& buses, const NewtonState& state);
  ~LinearFlow();
  LinearFlow(const LinearFlow&) = delete;
  LinearFlow& operator=(const LinearFlow&) = delete;
  /// Change of angle (rad) and magnitude (pu) of every bus, alternating, per additional power drawn at each
  /// bus (pu). Empty when the equations are singular.
  [[nodiscard]] std::vector<double> response(const std::vector<std::complex<double>>& drawn) const;

 private:
  struct Factored;
  std::unique_ptr<Factored> factored_;
};

/// P + jQ drawn by the network at each bus.
[[nodiscard]] std::vector<std::complex<double>> injections(const NewtonNetwork& network,
                                                           const NewtonState& state);

}  // namespace ballast
