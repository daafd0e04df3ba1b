/// \file
/// A PSS/E case (RAW and DYR) put together for a test.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "grid/power_flow.hpp"
#include "grid/readers.hpp"
#include "models/registry.hpp"
#include "solver/plant.hpp"
#include "tests/reference.hpp"

namespace ballast::testing {

struct RawCase {
  Network network;
  PowerFlowResult flow;
  std::vector<Plant> plants;
  std::vector<std::complex<double>> voltage;
};

/// Shares of impedance, current and power of every load.
struct Shares {
  double Z, I, P;
};

inline RawCase load_raw_case(const std::string& raw, const std::string& dyr, Shares k) {
  RawCase c;
  c.network = read_network(raw);
  PowerFlowOptions o;
  o.tolerance_pu = 1e-11;
  c.flow = solve_power_flow(c.network, o);
  store_controls(c.flow, c.network);
  for (std::size_t b = 0; b < c.network.buses.size(); ++b)
    c.voltage.push_back(c.flow.voltage(static_cast<int>(b)));
  std::ifstream file(dyr);
  std::stringstream all;
  all << file.rdbuf();
  std::map<std::string, std::vector<std::pair<std::string, std::vector<double>>>> records;
  std::string text = all.str();
  std::stringstream in(text);
  std::string record;
  while (std::getline(in, record, '/')) {
    std::stringstream tokens(record);
    int bus;
    std::string model, id;
    if (!(tokens >> bus >> model >> id)) continue;
    std::vector<double> p;
    for (double v; tokens >> v;) p.push_back(v);
    records[std::to_string(bus) + "-" + id].push_back({model.substr(1, model.size() - 2), p});
  }
  for (std::size_t g = 0; g < c.network.generators.size(); ++g) {
    const Generator& gen = c.network.generators[g];
    const std::string name = std::to_string(c.network.buses[gen.bus].number) + "-" + gen.id;
    Plant plant{"machine", name, gen.bus, {}, {}};
    for (auto& [model, p] : records[name]) {
      Part part;
      part.model = model;
      part.parameters = p;
      part.base_MVA = gen.base_MVA;
      const ModelInfo* info = find_model(model);
      if (info == nullptr) throw std::runtime_error("no model " + model);
      part.name = role_name(info->role);
      // What the record does not carry comes from the RAW file's ZSOURCE.
      for (std::size_t n = p.size(); n < info->parameters.size(); ++n)
        part.parameters.push_back(std::string_view(info->parameters[n].name) == "Ra" ? gen.ZR : gen.ZX);
      if (part.name == "machine") {
        part.P_MW = c.flow.generator_P_MW[g];
        part.Q_Mvar = c.flow.generator_Q_Mvar[g];
      }
      plant.parts.push_back(part);
    }
    c.plants.push_back(plant);
  }
  for (const Load& l : c.network.loads) {
    const double v = c.flow.Vm[l.bus];
    const auto s = load_power(l, v);
    Part part;
    part.model = "ZIPLOAD";
    part.name = "load";
    part.parameters = {k.Z * s.real() / v / v,
                       k.Z * s.imag() / v / v,
                       k.I * s.real() / v,
                       k.I * s.imag() / v,
                       k.P * s.real(),
                       k.P * s.imag(),
                       0.7};
    part.P_MW = -s.real();
    part.Q_Mvar = -s.imag();
    c.plants.push_back(
        {"load", std::to_string(c.network.buses[l.bus].number) + "-" + l.id, l.bus, {part}, {}});
  }
  return c;
}

}  // namespace ballast::testing
