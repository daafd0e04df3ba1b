/// \file
/// Active power at every bus of a record: what machines and batteries give, less what loads and data centers
/// draw, against what the branches take away by the recorded voltages. The branch equations here are written
/// anew; nothing of the solver is used.
#pragma once

#include <cmath>
#include <complex>
#include <numbers>
#include <set>
#include <string>

#include "tests/cases/recorded.hpp"

namespace ballast::testing {

struct GridBalance {
  double worst_MW = 0, at_s = 0, throughput_MW = 0;  ///< throughput: the most that is generated at any sample
  int bus = 0;
  double rms_MW = 0;                                               ///< over samples and buses
  double generation_MWs = 0, consumption_MWs = 0, losses_MWs = 0;  ///< integrals, trapezoidal
};

/// Adds to a case's record what the balance needs.
inline void record_balance(Case& c) {
  for (const char* quantity :
       {"bus.voltage", "bus.angle", "machine.power", "load.power", "branch.in_service"})
    c.simulation.record.push_back(quantity);
}

/// `without`: buses with a fault, whose power nobody records.
inline GridBalance grid_balance(const Case& c, const Record& record, const std::set<int>& without = {}) {
  const Network& net = c.network;
  const auto series = [&](const char* quantity) { return record.find(quantity); };
  const auto V = series("bus.voltage"), angle = series("bus.angle"), closed = series("branch.in_service");
  GridBalance result;
  if (!V || !angle || !closed) {
    ADD_FAILURE() << "record_balance() was not called";
    return result;
  }
  const auto number = [](const std::string& name) { return std::stoi(name.substr(0, name.find('-'))); };
  double before = 0, sum = 0, last[3] = {};
  std::size_t terms = 0;
  for (std::size_t k = 0; k < record.samples(); ++k) {
    std::vector<double> balance(net.buses.size());
    std::vector<std::complex<double>> voltage(net.buses.size());
    double now[3] = {};  // generation, consumption, losses
    for (std::size_t b = 0; b < net.buses.size(); ++b)
      voltage[b] = std::polar(record.at(*V, k, b), record.at(*angle, k, b) * std::numbers::pi / 180);
    for (const auto& [quantity, sign] : {std::pair{"machine.power", 1.0},
                                         {"bess.power", 1.0},
                                         {"load.power", -1.0},
                                         {"datacenter.power", -1.0}}) {
      const auto q = record.find(quantity);
      if (!q) continue;
      const auto& names = record.schema.quantities[*q].elements;
      for (std::size_t e = 0; e < names.size(); ++e) {
        int bus = -1;
        for (const Plant& plant : c.plants)
          if (plant.name == names[e] && std::string(quantity).starts_with(plant.kind)) bus = plant.bus;
        if (bus < 0) bus = net.find_bus(number(names[e]));
        const double P = record.at(*q, k, e);
        balance[static_cast<std::size_t>(bus)] += sign * P;
        now[sign > 0 ? 0 : 1] += P;
      }
    }
    result.throughput_MW = std::max(result.throughput_MW, now[0]);
    for (std::size_t i = 0; i < net.branches.size(); ++i) {
      const Branch& b = net.branches[i];
      if (record.at(*closed, k, i) < 0.5) continue;
      const std::complex<double> y = 1.0 / std::complex<double>(b.R, b.X), half(0, b.B / 2);
      const std::complex<double> t = std::polar(b.ratio, b.angle_deg * std::numbers::pi / 180);
      const auto Vf = voltage[static_cast<std::size_t>(b.from)], Vt = voltage[static_cast<std::size_t>(b.to)];
      const auto from = (y + half) * Vf / std::norm(t) - y * Vt / std::conj(t),
                 to = (y + half) * Vt - y * Vf / t;
      const double P_from = net.base_MVA * (Vf * std::conj(from)).real(),
                   P_to = net.base_MVA * (Vt * std::conj(to)).real();
      balance[static_cast<std::size_t>(b.from)] -= P_from;
      balance[static_cast<std::size_t>(b.to)] -= P_to;
      now[2] += P_from + P_to;
    }
    for (std::size_t b = 0; b < net.buses.size(); ++b) {
      if (without.contains(net.buses[b].number)) continue;
      sum += balance[b] * balance[b];
      ++terms;
      if (std::abs(balance[b]) > result.worst_MW) {
        result.worst_MW = std::abs(balance[b]);
        result.at_s = record.times_s[k];
        result.bus = net.buses[b].number;
      }
    }
    const double step = k == 0 ? 0 : record.times_s[k] - before;
    result.generation_MWs += step * 0.5 * (now[0] + last[0]);
    result.consumption_MWs += step * 0.5 * (now[1] + last[1]);
    result.losses_MWs += step * 0.5 * (now[2] + last[2]);
    before = record.times_s[k];
    std::copy(now, now + 3, last);
  }
  result.rms_MW = std::sqrt(sum / static_cast<double>(terms));
  fmt::print(
      "balance of {} samples, {} buses: worst {:.3g} MW (bus {} at {:.3f} s), rms {:.3g} MW, of {:.0f} MW "
      "generated; energies {:.9g} = {:.9g} + {:.6g} MW.s, off by {:.2g}\n",
      record.samples(), net.buses.size(), result.worst_MW, result.bus, result.at_s, result.rms_MW,
      result.throughput_MW, result.generation_MWs, result.consumption_MWs, result.losses_MWs,
      result.generation_MWs - result.consumption_MWs - result.losses_MWs);
  return result;
}

}  // namespace ballast::testing
