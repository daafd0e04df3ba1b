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
    BRANCH,  ///< below 0.5 open, else closed
    PLANT,   ///< below 0.5 tripped; a plant that has tripped does not come back
    DEMAND,  ///< the share of a load that this output leaves connected, 0 to 1. The outputs that shed one
             ///< load trip different feeders of it: what they shed adds up, to all of it at most. What
             ///< events of the case make of the demand is multiplied by what is left.
    SHUNT,   ///< a fixed shunt: below 0.5 out, else in
    SWITCHED_SHUNT,  ///< what is in service of it, Mvar at 1 pu, capacitive positive
  };
  std::string output;
  Kind kind = Kind::BRANCH;
  int index = -1;          ///< among the network's branches, shunts or switched shunts
  std::string plant_kind;  ///< PLANT, DEMAND: "machine", "load"; with the name, as plants are unique
  std::string plant;
  static Order branch(std::string output, int index) {
    return {std::move(output), Kind::BRANCH, index, {}, {}};
  }
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
  /// elsewhere, or "bus 101.Vr", "bus 101.Vi". Inputs not listed take the plant's output of the same name, if
  /// exactly one part gives it.
  std::vector<std::pair<std::string, std::string>> wires;
  Place place;
  /// Data of a model beside its parameters, such as a measured curve; nullptr: none.
  std::shared_ptr<const std::vector<double>> table = nullptr;
  int at_bus = -1;  ///< bus whose Vr, Vi and frame_speed it reads; -1: the plant's (injecting parts: always)
  int branch = -1;  ///< branch it measures (Vr_far, Vi_far, closed), at_bus being its near end; -1: none
  std::vector<Order> orders = {};  ///< what its outputs operate
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
