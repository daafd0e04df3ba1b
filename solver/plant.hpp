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

/// One device model with its numbers.
struct Part {
  std::string model;               ///< record name: "GENROU", "SEXS", "UPS", ...
  std::string name;                ///< within the plant: "machine", "exciter", "ups"
  std::vector<double> parameters;  ///< in the order of the model's parameter table
  double base_MVA = 100;
  /// Rest power injected into the bus by a part with outputs Ir, Ii (consumption is negative).
  double P_MW = 0, Q_Mvar = 0;
  /// Explicit wiring of inputs: {"P_load", "ups.P_grid"} inside the plant, or "Campus-A/ups.P_grid"
  /// elsewhere. Inputs not listed take the plant's output of the same name, if exactly one part gives it.
  std::vector<std::pair<std::string, std::string>> wires;
  Place place;
  /// Data of a model beside its parameters, such as a measured curve; nullptr: none.
  std::shared_ptr<const std::vector<double>> table = nullptr;
  int at_bus = -1;  ///< bus whose Vr, Vi and frame_speed it reads; -1: the plant's (injecting parts: always)
  int branch = -1;  ///< branch it measures (Vr_far, Vi_far, closed), at_bus being its near end; -1: none
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
