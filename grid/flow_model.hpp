/// \file
/// What a power flow solves at one moment: the network with its controls where they stand, and what its DC
/// lines, FACTS devices and induction machines do at the buses. Internal to grid/; controls change it between
/// Newton solutions.
#pragma once

#include <complex>
#include <cstddef>
#include <string>
#include <vector>

#include "grid/network.hpp"

namespace ballast {

/// Power an element injects at a bus: power + current Vm, pu. The second term carries a voltage-dependent
/// injection to first order, so that Newton's method sees its slope.
struct Injection {
  int bus = 0;
  std::complex<double> power, current;
};

/// An element that holds a voltage with its reactive power, as a generator does.
struct VarSource {
  std::string name;
  int bus = 0, regulated_bus = 0;
  bool active = false;
  double Vset = 1;
  double Qmin_Mvar = 0, Qmax_Mvar = 0;
  double share_percent = 100;
  double Q_Mvar = 0;  ///< of the last solution
};

/// A DC line between areas: metered where one of its injections is.
struct DcTie {
  std::size_t metered = 0;  ///< injection
  int other_bus = 0;
};

struct FlowModel {
  Network network;
  std::vector<Injection> injections;
  std::vector<VarSource> sources;
  std::vector<DcTie> dc_ties;
};

}  // namespace ballast
