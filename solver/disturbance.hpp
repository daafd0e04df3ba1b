/// \file
/// What a case does to the grid, and when.
#pragma once

#include <complex>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "grid/error.hpp"
#include "grid/sequence_network.hpp"

namespace ballast {

/// How a fault is described: by its impedance (pu on the system base, 0 = bolted), or by the voltage it
/// leaves at its place the moment it strikes (then a reactance is found that does so). The voltage is that of
/// the faulted phases: all three, A (LG), B and C to ground (LLG), between B and C over sqrt(3) (LL).
struct FaultStrength {
  std::complex<double> impedance = 0;
  double residual_voltage_pu = std::numeric_limits<double>::quiet_NaN();  ///< NaN: use the impedance
};

/// Something that a breaker can take out: by index among branches, plants or shunts.
struct Element {
  enum class Kind { BRANCH, PLANT, SHUNT } kind = Kind::BRANCH;
  int index = 0;
};

/// A breaker that does not clear a fault at a bus, and what then does.
struct BusBreakerFailure {
  Element stuck;
  double backup_s = 0;  ///< after the fault
  std::vector<Element> backup;
};

/// Fault at a bus, removed after `duration_s` by opening `trips` (by itself when there are none). When the
/// breaker of `stuck` (one of the trips) fails, the others open, the fault stays until `backup_s` after it
/// struck, and then `stuck` and `backup` open.
struct BusFault {
  int bus = 0;
  FaultStrength strength;
  double duration_s = 0;
  FaultType type = FaultType::THREE_PHASE;
  std::vector<Element> trips = {};
  using BreakerFailure = BusBreakerFailure;
  std::optional<BreakerFailure> breaker_failure = {};
};

/// The breaker at one end of a line does not open: the fault is fed from there until `backup` opens.
struct LineBreakerFailure {
  bool near_end = true;
  double backup_s = 0;  ///< after the fault
  std::vector<Element> backup;
};

/// Fault on a branch, cleared by opening the branch `clearing_s` later, then reclosed after each dead time.
/// The first `shots_onto_fault` reclosings meet the fault again and are cleared in the same time; a later one
/// finds the line sound and stays in. If all shots meet the fault the branch is locked out.
struct LineFault {
  int branch = 0;
  bool at_from_end = true;  ///< the near end is `from`
  FaultStrength strength;
  double clearing_s = 0;
  std::vector<double> reclose_after_s;  ///< dead time before each shot
  int shots_onto_fault = std::numeric_limits<int>::max();
  double share = 0;  ///< distance from the near end as a share of the length, 0 to 1
  FaultType type = FaultType::THREE_PHASE;
  double far_clearing_s = std::numeric_limits<double>::quiet_NaN();  ///< of the far end; NaN: as the near one
  using BreakerFailure = LineBreakerFailure;
  std::optional<BreakerFailure> breaker_failure = {};  ///< not with reclosing
};

struct SwitchBranch {
  int branch = 0;
  bool close = false;
};

struct SwitchShunt {
  int shunt = 0;
  bool close = false;
};

/// Moves a switched shunt to a total, Mvar at V = 1 pu, capacitive positive.
struct SetSwitchedShunt {
  int shunt = 0;  ///< index among the switched shunts
  double B_Mvar = 0;
};

/// Opens branches together: an operator parts the grid.
struct OpenCutSet {
  std::vector<int> branches;
  std::string what;  ///< "area 2 is islanded"
};

/// Trips a plant: its injections stop, it does not come back.
struct TripPlant {
  int plant = 0;
};

/// Multiplies the demand of a load plant (inputs P_factor, Q_factor of its parts).
struct LoadStep {
  int plant = 0;
  double P_factor = 1, Q_factor = 1;
  bool trip = false;  ///< for the log: a share of the load is tripped
};

/// Moves the demand of load plants linearly over a time. The loads share a change in MW and Mvar in
/// proportion to what they demand when the ramp begins (at the voltage of the start of the run).
struct LoadRamp {
  std::vector<int> plants;
  double P_change = 0, Q_change = 0;  ///< MW and Mvar of all together, or shares of the demand of each
  bool in_MW = false;
  double over_s = 0;
};

/// Adds to (or sets) a reference of a part, such as Pref, at once or linearly over a time.
struct ReferenceStep {
  int part = 0;
  std::string input;
  double value = 0;
  bool relative = true;
  double over_s = 0;
};

/// Plays a measured curve into a reference of a part: straight lines between its points, a jump where two
/// have one time. After the last point it stays.
struct PlayReference {
  int part = 0;
  std::string input;
  std::vector<double> after_s;  ///< of each point after the event, from 0, not decreasing
  std::vector<double> values;
};

/// Lets a timer of a part expire now: what a person does at a device, such as resetting a locked UPS.
struct ExpireTimer {
  int part = 0;
  int timer = 0;     ///< of the part's model
  std::string what;  ///< "reset by hand"
};

using Action = std::variant<BusFault, LineFault, SwitchBranch, TripPlant, LoadStep, ReferenceStep,
                            ExpireTimer, SwitchShunt, OpenCutSet, LoadRamp, SetSwitchedShunt, PlayReference>;

struct Disturbance {
  double at_s = 0;
  Action action;
  Place place;  ///< in the case file
};

}  // namespace ballast
