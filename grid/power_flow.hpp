/// \file
/// Newton power flow of a whole network: every island with its own slack, reactive limits, remote regulation,
/// ZIP loads, and the controls that the network's file asks for. docs/power-flow.md explains method and
/// conventions.
#pragma once

#include <complex>
#include <string>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

/// Which controls of the network act. What is off stays as the file has it; DC elements that are off carry
/// nothing.
struct PowerFlowControls {
  bool taps = true;            ///< transformers that hold a voltage or a var flow
  bool phase_shifters = true;  ///< transformers that hold a MW flow
  bool shunts = true;          ///< switched shunts
  bool dc = true;              ///< DC lines and FACTS devices, with all that they control
  /// Areas with a swing generator. Off: the file holds the schedule, but whether a study enforces it is a
  /// choice of its own, in PSS/E as well, and a stored solution is usually one without.
  bool interchange = false;
  [[nodiscard]] static PowerFlowControls none() { return {false, false, false, false, false}; }
};

/// What an area exports: by its tie lines, or also by its loads at buses of other areas.
enum class Interchange { TIE_LINES, TIE_LINES_AND_LOADS };

struct PowerFlowOptions {
  enum class Start { FILE, FLAT };
  Start start = Start::FILE;         ///< FLAT: 1 pu or the set point, angles from the phase shifts alone
  bool reactive_limits = true;       ///< generators (not the slack) stay within Qmin and Qmax
  double tolerance_pu = 1e-9;        ///< largest bus mismatch accepted, system base
  int max_iterations = 30;           ///< of one Newton solution
  int max_limit_rounds = 60;         ///< solutions until the set of generators at a limit settles
  double limit_tolerance_pu = 1e-6;  ///< a limit counts as exceeded, a set point as missed, beyond this
  PowerFlowControls controls;
  Interchange interchange = Interchange::TIE_LINES;
  int max_control_rounds = 500;  ///< solutions until the controls come to rest
  /// Distributed slack: share of each generator in what its island's slack would have to pick up, in any
  /// unit; empty = the slack bus alone. Units at a limit of P leave the rest to the others when
  /// `slack_limits` is set.
  std::vector<double> slack_weights;
  bool slack_limits = false;
};

/// One thing a control did, or a limit it met.
struct ControlAct {
  std::string element;   ///< "transformer bus 1 to bus 2, circuit '1'"
  std::string quantity;  ///< "ratio", "B", ...
  double from = 0, to = 0;
  std::string unit;
  std::string note;  ///< "at its limit", ...; may be empty
};

enum class ElementKind { LCC_DC, VSC_DC, POWER_TRANSFER_DC, FACTS, INDUCTION_MACHINE };

/// What an element that is neither load, shunt nor generator injects at a bus.
struct ElementInjection {
  ElementKind kind = ElementKind::LCC_DC;
  int element = 0;  ///< index into the network's list of that kind
  int bus = 0;
  double P_MW = 0, Q_Mvar = 0;
  std::string name;
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
  std::vector<ControlAct> acts;
  std::vector<ElementInjection> injections;
  /// Where the controls ended, per branch and per switched shunt.
  std::vector<double> branch_ratio, branch_angle_deg, switched_shunt_Mvar;
  int control_rounds = 1;  ///< solutions until the controls came to rest
  int iterations = 0;      ///< of the island that needed most
  double mismatch_pu = 0;  ///< largest |P| or |Q| missing at a bus, recomputed from all elements
  int worst_bus = -1;
  std::vector<Problem> warnings;

  [[nodiscard]] std::complex<double> voltage(int bus) const;  ///< pu
};

/// Throws Error naming the island, the worst bus and its mismatch when there is no solution. The network must
/// have passed check_network().
[[nodiscard]] PowerFlowResult solve_power_flow(const Network& network, const PowerFlowOptions& options = {});

/// Writes voltages, generator outputs, taps, angles and switched shunts into the network.
void store(const PowerFlowResult& result, Network& network);
/// Writes taps, angles and switched shunts only.
void store_controls(const PowerFlowResult& result, Network& network);

/// What the loads in service draw at a bus voltage, MW + j Mvar.
[[nodiscard]] std::complex<double> load_power(const Load& load, double Vm);

}  // namespace ballast
