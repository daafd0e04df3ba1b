/// \file
/// Small networks for the tests of grid/.
#pragma once

#include <string>

#include "grid/network.hpp"

namespace ballast::testing {

inline Bus make_bus(int number, BusType type, double Vm = 1) {
  Bus bus;
  bus.number = number;
  bus.base_kV = 230;
  bus.type = type;
  bus.Vm = Vm;
  return bus;
}

inline Branch make_line(int from, int to, double R, double X, double B = 0, const std::string& id = "1") {
  Branch branch;
  branch.from = from;
  branch.to = to;
  branch.id = id;
  branch.R = R;
  branch.X = X;
  branch.B = B;
  return branch;
}

inline Generator make_generator(int bus, double P_MW, double Vset, double Qmin = -9999, double Qmax = 9999) {
  Generator generator;
  generator.bus = bus;
  generator.P_MW = P_MW;
  generator.Vset = Vset;
  generator.Qmin_Mvar = Qmin;
  generator.Qmax_Mvar = Qmax;
  return generator;
}

inline Load make_load(int bus, double P_MW, double Q_Mvar) {
  Load load;
  load.bus = bus;
  load.P_MW = P_MW;
  load.Q_Mvar = Q_Mvar;
  return load;
}

/// Slack, line of reactance X, load: solvable by hand.
inline Network two_bus(double X, double P_MW, double Q_Mvar) {
  Network net;
  net.name = "two-bus";
  net.buses = {make_bus(1, BusType::SLACK), make_bus(2, BusType::PQ)};
  net.branches = {make_line(0, 1, 0, X)};
  net.generators = {make_generator(0, 0, 1.0)};
  net.loads = {make_load(1, P_MW, Q_Mvar)};
  net.index_buses();
  return net;
}

}  // namespace ballast::testing
