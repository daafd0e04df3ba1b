/// \file
/// A converter plant behind a weak or strong grid, for tests.
#pragma once

#include "grid/network.hpp"

namespace ballast {

/// Reactances in pu on 100 MVA.
/// Grid (bus 1) - two lines - point of connection (2) - transformer - plant (3).
inline Network plant_network(double line_X = 0.2, double source_X = 0.2) {
  Network network;
  network.name = "a plant";
  for (const int number : {1, 2, 3}) {
    Bus bus;
    bus.number = number;
    bus.base_kV = 230;
    bus.type = number == 1 ? BusType::SLACK : number == 3 ? BusType::PV : BusType::PQ;
    network.buses.push_back(bus);
  }
  network.index_buses();
  const auto branch = [&](int from, int to, const char* id, double X) {
    Branch b;
    b.from = from;
    b.to = to;
    b.id = id;
    b.R = 0.005;
    b.X = X;
    network.branches.push_back(b);
  };
  branch(0, 1, "1", line_X);
  branch(1, 0, "2", line_X);
  branch(1, 2, "1", 0.1);
  Generator g;
  g.Vset = 1;
  g.ZX = source_X;
  network.generators.push_back(g);
  g.bus = 2;
  g.P_MW = 80;
  g.Vset = 1.02;
  g.base_MVA = 120;
  network.generators.push_back(g);
  Load load;
  load.bus = 1;
  load.P_MW = 30;
  load.Q_Mvar = 5;
  network.loads.push_back(load);
  return network;
}

}  // namespace ballast
