/// \file
/// What is to be simulated besides the passive network: plants made of parts (device models wired by signal
/// name).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "grid/error.hpp"

namespace ballast {

/// What an output of a part orders done, whenever its value changes. What else operates the same element in
/// between is left as it is.
struct Order {
  enum class Kind {
    BRANCH,    ///< below 0.5 open, else closed
    FROM_END,  ///< the breaker at one end of a branch, by itself: below 0.5 open, else closed
    TO_END,
    PLANT,   ///< below 0.5 tripped; a plant that has tripped does not come back
    DEMAND,  ///< the share of a load that this output leaves connected, 0 to 1. The outputs that shed one
             ///< load trip different feeders of it: what they shed adds up, to all of it at most. What
             ///< events of the case make of the demand is multiplied by what is left.
    SHUNT,   ///< a fixed shunt: below 0.5 out, else in
    SWITCHED_SHUNT,  ///< what is in service of it, Mvar at 1 pu, capacitive positive
    REFERENCE,       ///< a reference of a part of a plant; only as Act::ONCE
  };
  enum class Act {
    FOLLOW,        ///< the element follows the output
    ONCE,          ///< below 0.5 the output does it; back above, nothing is undone, and it may do it again
    FORBID_TRIP,   ///< while its automaton is in any mode but the first nobody else trips or opens it
    FORBID_CLOSE,  ///< the same for closing
  };
  /// What ONCE does: BRANCH, SHUNT: 1 closes, 0 opens; DEMAND: the share that stays; SWITCHED_SHUNT: Mvar;
  /// REFERENCE: the value set or, if `relative`, added, over over_s.
  struct Once {
    double value = 0;
    std::string part, input;  ///< REFERENCE: of the plant
    bool relative = true;
    double over_s = 0;
  };
  std::string output;
  Kind kind = Kind::BRANCH;
  int index = -1;  ///< among the network's branches, shunts or switched shunts
  std::string
      plant_kind;  ///< PLANT, DEMAND, REFERENCE: "machine", "load"; with the name, as plants are unique
  std::string plant;
  Act act = Act::FOLLOW;
  Once once = {};
  static Order branch(std::string output, int index) {
    return {std::move(output), Kind::BRANCH, index, {}, {}};
  }
};

/// What a threshold of a part watches, where that is wired by the case and not said by the model.
struct Watch {
  std::string quantity;  ///< for the log: "flow of 7-8-1"
  int bus = -1;          ///< where it is measured; -1: that of the part
  std::string device;    ///< whose switching it is (LoggedEvent::device); empty: none
  std::string event;     ///< how the kinds of those events begin: "branch-"
};

/// One device model with its numbers.
struct Part {
  std::string model;               ///< record name: "GENROU", "SEXS", "UPS", ...
  std::string name;                ///< within the plant: "machine", "exciter", "ups"
  std::vector<double> parameters;  ///< in the order of the model's parameter table
  double base_MVA = 100;
  /// Rest power injected into the bus by a part with outputs Ir, Ii (consumption is negative).
  double P_MW = 0, Q_Mvar = 0;
  /// Explicit wiring of inputs: {"P_load", "ups.P_grid"} inside the plant, or "Campus-A/ups.P_grid"
  /// elsewhere, or "bus 101.Vr", "bus 101.Vi", or a position, 1 or 0: "branch 12.closed" (index; also
  /// "from_closed", "to_closed" for its ends), "shunt
  /// 3.closed" (index), "machine 101-1.in_service" (kind and name of a plant). Inputs not listed take the
  /// plant's output of the same name, if exactly one part gives it.
  std::vector<std::pair<std::string, std::string>> wires;
  Place place;
  /// Data of a model beside its parameters, such as a measured curve; nullptr: none.
  std::shared_ptr<const std::vector<double>> table = nullptr;
  int at_bus = -1;  ///< bus whose Vr, Vi and frame_speed it reads; -1: the plant's (injecting parts: always)
  int branch = -1;  ///< branch it measures (Vr_far, Vi_far, closed), at_bus being its near end; -1: none
  std::vector<Order> orders = {};   ///< what its outputs operate
  std::vector<Watch> watches = {};  ///< [threshold] where the model's own thresholds do not say it
  /// One of many alike, such as "ups-17": what they are together, "ups". Its quantities are recorded under
  /// this name for the element "Campus-A/ups-17", and only where a pattern has a '/'.
  std::string family = {};
};

/// A machine with its controls, a load, a campus: parts at one bus that trip together.
struct Plant {
  std::string kind;  ///< "machine", "load", "datacenter", "bess": the first word of its recorded quantities
  std::string name;  ///< unique among plants of a kind: "101-1", "Campus-A"
  int bus = 0;       ///< dense index into Network::buses
  std::vector<Part> parts;
  Place place;
};

}  // namespace ballast
