/// \file
/// What a case does to the grid, and when.
#pragma once

#include <complex>
#include <limits>
#include <string>
#include <variant>
#include <vector>

#include "grid/error.hpp"

namespace ballast {

/// How a fault is described: by its impedance (pu on the system base, 0 = bolted), or by the voltage it
/// leaves at its place the moment it strikes (then a reactance is found that does so).
struct FaultStrength {
  std::complex<double> impedance = 0;
  double residual_voltage_pu = std::numeric_limits<double>::quiet_NaN();  ///< NaN: use the impedance
};

/// Three-phase fault at a bus, removed by itself after `duration_s`.
struct BusFault {
  int bus = 0;
  FaultStrength strength;
  double duration_s = 0;
};

/// Three-phase fault at one end of a branch, cleared by opening the branch `clearing_s` later, then reclosed
/// after each dead time. The first `shots_onto_fault` reclosings meet the fault again and are cleared in the
/// same time; a later one finds the line sound and stays in. If all shots meet the fault the branch is locked
/// out.
struct LineFault {
  int branch = 0;
  bool at_from_end = true;
  FaultStrength strength;
  double clearing_s = 0;
  std::vector<double> reclose_after_s;  ///< dead time before each shot
  int shots_onto_fault = std::numeric_limits<int>::max();
};

struct SwitchBranch {
  int branch = 0;
  bool close = false;
};

/// Trips a plant: its injections stop, it does not come back.
struct TripPlant {
  int plant = 0;
};

/// Multiplies the demand of a load plant (inputs P_factor, Q_factor of its parts).
struct LoadStep {
  int plant = 0;
  double P_factor = 1, Q_factor = 1;
};

/// Adds to (or sets) a reference of a part, such as Pref.
struct ReferenceStep {
  int part = 0;
  std::string input;
  double value = 0;
  bool relative = true;
};

/// Lets a timer of a part expire now: what a person does at a device, such as resetting a locked UPS.
struct ExpireTimer {
  int part = 0;
  int timer = 0;     ///< of the part's model
  std::string what;  ///< "reset by hand"
};

struct Disturbance {
  double at_s = 0;
  std::variant<BusFault, LineFault, SwitchBranch, TripPlant, LoadStep, ReferenceStep, ExpireTimer> action;
  Place place;  ///< in the case file
};

}  // namespace ballast
