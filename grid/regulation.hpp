/// \file
/// Which generator buses hold which voltage, and which of them are at a reactive limit. Internal to grid/.
#pragma once

#include <complex>
#include <vector>

#include "grid/flow_model.hpp"

namespace ballast {

/// What regulates at one bus, generators and other var sources, seen as one.
struct Regulator {
  enum class State { FREE, AT_MAXIMUM, AT_MINIMUM };
  int bus = 0;
  int regulated_bus = 0;
  double Vset = 1;
  double Qmin_Mvar = 0, Qmax_Mvar = 0;
  double share = 1;  ///< weight among the buses that hold the same voltage
  std::vector<int> generators;
  std::vector<int> sources;  ///< VarSource indices that help at this bus
  bool limited = true;       ///< false for the slack
  State state = State::FREE;
  int switches = 0;  ///< times it went back to FREE
};

/// Regulators of one island. `island_of_bus` tells which buses belong to it; the slack regulates its own bus.
/// Sources that are not active are passed over.
[[nodiscard]] std::vector<Regulator> find_regulators(const Network& network,
                                                     const std::vector<VarSource>& sources,
                                                     const std::vector<int>& island_of_bus, int island,
                                                     int slack, std::vector<Problem>& warnings);

/// How many switch at once: all beyond a limit; only those beyond their maximum (a bus often absorbs too much
/// only because another one produces too much); or only the one that is farthest beyond.
enum class Caution { ALL, MAXIMA, WORST };

/// One round of limit switching: free regulators beyond a limit go to it; if there is none, those at a limit
/// whose voltage calls for the other direction go free. Q_Mvar is the present output of each regulator.
/// Returns the number of changes.
[[nodiscard]] int switch_limits(std::vector<Regulator>& regulators, const std::vector<double>& Q_Mvar,
                                const std::vector<double>& Vm, double Q_tolerance_Mvar, double V_tolerance,
                                Caution caution = Caution::ALL);

/// Splits the output of a bus among its units: in the proportion of `weights`, within each unit's limits, the
/// rest to those that have room. Beyond the sum of the limits the excess is shared by weight.
[[nodiscard]] std::vector<double> split_output(double total, std::vector<double> weights,
                                               const std::vector<double>& low,
                                               const std::vector<double>& high);

}  // namespace ballast
