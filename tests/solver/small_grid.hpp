/// \file
/// Two small areas on a tie, for tests of events: machine 1 - load 2 = tie = load 3 - machine 4.
#pragma once

#include "grid/power_flow.hpp"
#include "solver/initialise.hpp"
#include "solver/simulate.hpp"
#include "tests/solver/memory_recorder.hpp"

namespace ballast::testing {

struct SmallGrid {
  Network network;
  std::vector<Plant> plants;
  std::vector<std::complex<double>> voltage;
  static constexpr int kLine12 = 0, kTie = 1, kTie2 = 2, kLine34 = 3;

  /// Loads: constant power below `constant_power` = 1, else impedance.
  explicit SmallGrid(double constant_power = 0, double load_2_MW = 90, double load_3_MW = 60,
                     double pqbrak = 0.7) {
    network.name = "two small areas";
    for (int number = 1; number <= 4; ++number) {
      Bus bus;
      bus.number = number;
      bus.base_kV = 230;
      bus.type = number == 1 ? BusType::SLACK : number == 4 ? BusType::PV : BusType::PQ;
      network.buses.push_back(bus);
    }
    const auto line = [&](int from, int to, double x, const char* id) {
      Branch b;
      b.from = from;
      b.to = to;
      b.id = id;
      b.R = 0.1 * x;
      b.X = x;
      b.rate_MVA = 200;
      network.branches.push_back(b);
    };
    line(0, 1, 0.05, "1");
    line(1, 2, 0.2, "1");
    line(1, 2, 0.2, "2");
    line(2, 3, 0.05, "1");
    const auto unit = [&](int bus, double P) {
      Generator g;
      g.bus = bus;
      g.P_MW = P;
      g.Vset = 1.02;
      g.base_MVA = 120;
      network.generators.push_back(g);
    };
    unit(0, 80);
    unit(3, 70);
    const auto load = [&](int bus, double P) {
      Load l;
      l.bus = bus;
      l.P_MW = P;
      l.Q_Mvar = 0.2 * P;
      network.loads.push_back(l);
    };
    load(1, load_2_MW);
    load(2, load_3_MW);
    network.index_buses();
    PowerFlowOptions options;
    options.tolerance_pu = 1e-11;
    const PowerFlowResult flow = solve_power_flow(network, options);
    for (int b = 0; b < 4; ++b) voltage.push_back(flow.voltage(b));
    for (std::size_t g = 0; g < 2; ++g) {
      Part machine{"GENROU",
                   "machine",
                   {8, 0.03, 0.4, 0.05, 4, 0, 1.8, 1.7, 0.3, 0.55, 0.25, 0.2, 0.04, 0.3, 0},
                   120,
                   flow.generator_P_MW[g],
                   flow.generator_Q_Mvar[g],
                   {},
                   {}};
      Part exciter{"SEXS", "exciter", {0.1, 10, 100, 0.05, -5, 5}, 120, 0, 0, {}, {}};
      Part governor{"TGOV1", "governor", {0.05, 0.4, 1.1, 0, 2, 6, 0}, 120, 0, 0, {}, {}};
      plants.push_back({"machine", g == 0 ? "1-1" : "4-1", g == 0 ? 0 : 3, {machine, exciter, governor}, {}});
    }
    for (const Load& l : network.loads) {
      const double v = std::abs(voltage[l.bus]);
      const double z = (1 - constant_power) / v / v;
      Part part{"ZIPLOAD",
                "load",
                {z * l.P_MW, z * l.Q_Mvar, 0, 0, constant_power * l.P_MW, constant_power * l.Q_Mvar, pqbrak},
                100,
                -l.P_MW,
                -l.Q_Mvar,
                {},
                {}};
      plants.push_back({"load", std::to_string(l.bus + 1) + "-1", l.bus, {part}, {}});
    }
  }
};

struct Ran {
  MemoryRecorder record;
  RunResult result;
};

/// Runs disturbances on a grid and keeps everything.
inline Ran run(const SmallGrid& grid, const std::vector<Disturbance>& disturbances, double until_s,
               std::vector<std::string> record = {"bus.*", "machine.*", "frequency", "island", "load.*"},
               double tolerance = 1e-6) {
  System system(grid.network, grid.plants);
  const std::vector<double> y = initialise(system, grid.voltage, 0);
  SimulationOptions options;
  options.until_s = until_s;
  options.relative_tolerance = tolerance;
  options.record = std::move(record);
  Ran ran;
  ran.result = simulate(system, y, disturbances, options, {}, &ran.record);
  return ran;
}

}  // namespace ballast::testing
