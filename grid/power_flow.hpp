/// \file
/// Newton power flow of a whole network: every island with its own slack, reactive limits, remote regulation,
/// ZIP loads. docs/power-flow.md explains method and conventions.
#pragma once

#include <complex>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

struct PowerFlowOptions {
  enum class Start { FILE, FLAT };
  Start start = Start::FILE;         ///< FLAT: 1 pu or the set point, angles from the phase shifts alone
  bool reactive_limits = true;       ///< generators (not the slack) stay within Qmin and Qmax
  double tolerance_pu = 1e-9;        ///< largest bus mismatch accepted, system base
  int max_iterations = 30;           ///< of one Newton solution
  int max_limit_rounds = 60;         ///< solutions until the set of generators at a limit settles
  double limit_tolerance_pu = 1e-6;  ///< a limit counts as exceeded, a set point as missed, beyond this
};

/// A bus whose generators cannot hold their voltage.
struct LimitedBus {
  int bus = 0;
  bool at_maximum = false;  ///< else at minimum
  double Q_Mvar = 0;        ///< of the bus's generators
};

struct IslandFlow {
  std::vector<int> buses;
  int slack_bus = -1;          ///< -1: no source, dead
  double slack_pickup_MW = 0;  ///< generation at the slack bus beyond its schedule
  int iterations = 0;          ///< Newton steps, over all limit rounds
  int limit_rounds = 0;
  double unserved_MW = 0;  ///< constant-power load at nominal voltage in a dead island
};

struct PowerFlowResult {
  std::vector<double> Vm;  ///< pu per bus; 0 where dead or isolated
  std::vector<double> Va_deg;
  std::vector<double> generator_P_MW;  ///< per generator; 0 out of service
  std::vector<double> generator_Q_Mvar;
  std::vector<IslandFlow> islands;
  std::vector<LimitedBus> at_limit;
  int iterations = 0;      ///< of the island that needed most
  double mismatch_pu = 0;  ///< largest |P| or |Q| missing at a bus, recomputed from all elements
  int worst_bus = -1;
  std::vector<Problem> warnings;

  [[nodiscard]] std::complex<double> voltage(int bus) const;  ///< pu
};

/// Throws Error naming the island, the worst bus and its mismatch when there is no solution. The network must
/// have passed check_network().
[[nodiscard]] PowerFlowResult solve_power_flow(const Network& network, const PowerFlowOptions& options = {});

/// Writes voltages and generator outputs into the network.
void store(const PowerFlowResult& result, Network& network);

/// What the loads in service draw at a bus voltage, MW + j Mvar.
[[nodiscard]] std::complex<double> load_power(const Load& load, double Vm);

}  // namespace ballast
