/// What stands for a fault: its shunt, what the other sequences have in it, its size by the voltage it
/// leaves.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "grid/labels.hpp"
#include "solver/network_solution.hpp"
#include "solver/operations.hpp"
#include "solver/phase_voltages.hpp"

namespace ballast {
namespace {

using Complex = std::complex<double>;
constexpr double kBoltedAdmittance = 1e7;  // pu: leaves a few 1e-6 pu of voltage

/// Whether a record of sequence data is that of a load plant. Up to version 32 a record is for all loads of
/// its bus and has no id.
bool is_of(const ShuntSequence& record, const Plant& plant, const Network& net) {
  if (record.bus != plant.bus) return false;
  return record.id.empty() ? plant.kind == "load"
                           : plant.name == fmt::format("{}-{}", net.buses[record.bus].number, record.id);
}

}  // namespace

std::complex<double> Operations::place_voltage(const FaultPlace& place, Complex admittance,
                                               const double* y) const {
  return fault_place_voltage(system_, y, place, admittance);
}

std::vector<std::complex<double>> Operations::sequence_load_shares() const {
  const Network& net = system_.network();
  std::vector<Complex> shares;
  if (!net.sequence) return shares;
  for (const ShuntSequence& record : net.sequence->loads) {
    // A record for all loads of a bus goes with their sum.
    double P = 0, Q = 0, P_now = 0, Q_now = 0;
    for (std::size_t p = 0; p < system_.plants().size(); ++p) {
      const int plant = static_cast<int>(p);
      const Plant& load = system_.plants()[p];
      if (load.kind != "load" || !is_of(record, load, net)) continue;
      for (int i = system_.parts_of(plant).first; i < system_.parts_of(plant).last; ++i) {
        const Part& part = load.parts[i - system_.parts_of(plant).first];
        const auto factor = [&](const char* name) {
          const int signal = system_.reference_signal(i, name);
          return !system_.is_active(plant) ? 0.0 : signal < 0 ? 1.0 : system_.signals()[signal];
        };
        // A load at rest at zero counts as one of 1 MVA.
        const double weight_P = part.P_MW == 0 ? 1 : std::abs(part.P_MW);
        const double weight_Q = part.Q_Mvar == 0 ? 1 : std::abs(part.Q_Mvar);
        P += weight_P;
        Q += weight_Q;
        P_now += weight_P * factor("P_factor");
        Q_now += weight_Q * factor("Q_factor");
      }
    }
    shares.push_back(P == 0 ? Complex(0) : Complex(P_now / P, Q_now / Q));
  }
  return shares;
}

SequenceConditions Operations::sequence_conditions(const std::vector<double>& y) const {
  const Network& net = system_.network();
  SequenceConditions now{system_.grid.branch_closed,
                         system_.grid.shunt_closed,
                         std::vector<std::uint8_t>(net.generators.size(), 0),
                         system_.grid.switched_shunt_Mvar,
                         std::vector<Complex>(net.buses.size(), 0.0),
                         system_.grid.sequence_ratio,
                         sequence_load_shares()};
  for (std::size_t i = 0; i < system_.parts().size(); ++i) {
    const int part = static_cast<int>(i);
    const PartRef& r = system_.parts()[i];
    const PartGroup& g = system_.group(r.group);
    if (!system_.is_active(r.plant)) continue;
    const Plant& plant = system_.plants()[r.plant];
    if (g.forms_voltage)
      for (std::size_t k = 0; k < net.generators.size(); ++k)
        if (net.generators[k].in_service && net.generators[k].bus == plant.bus &&
            plant.name == fmt::format("{}-{}", net.buses[plant.bus].number, net.generators[k].id))
          now.generator_running[k] = 1;
    // Generators and DC equipment that stand as negative loads are no passive admittances.
    if ((g.model != "ZIPLOAD" && g.model != "LDFR") || plant.kind == "netted" || plant.kind == "element")
      continue;
    const bool has_data =
        net.sequence &&
        std::any_of(net.sequence->loads.begin(), net.sequence->loads.end(), [&](const ShuntSequence& record) {
          return record.Yneg != 0.0 && is_of(record, plant, net);
        });
    const Complex V = system_.voltage(y.data(), plant.bus);
    if (has_data || std::abs(V) < 1e-3) continue;
    const Complex I(system_.signals()[system_.output_signal(part, "Ir")],
                    system_.signals()[system_.output_signal(part, "Ii")]);
    now.load_admittance[plant.bus] -= I / V;
  }
  if (net.sequence)  // converters count as sources only where the data says so
    for (const GeneratorSequence& record : net.sequence->generators)
      if (net.generators[record.generator].in_service) {
        const Generator& g = net.generators[record.generator];
        for (std::size_t p = 0; p < system_.plants().size(); ++p)
          if (system_.plants()[p].bus == g.bus && system_.is_active(static_cast<int>(p)) &&
              system_.plants()[p].name == fmt::format("{}-{}", net.buses[g.bus].number, g.id) &&
              system_.plants()[p].kind != "load")
            now.generator_running[record.generator] = 1;
      }
  return now;
}

void Operations::strike(int disturbance, double t, const FaultPlace& place, FaultType type,
                        const FaultStrength& strength, const std::vector<double>& y) {
  Struck& s = struck_[disturbance];
  if (place.bus < 0 && system_.grid.line_fault.contains(place.branch))
    throw Error(disturbances_[disturbance].place.text(),
                fmt::format("a second fault on {} at {:g} s, before the first is cleared",
                            branch_label(system_.network(), place.branch), t),
                "let one fault be cleared before the next");
  UnbalancedFault seen;
  if (type != FaultType::THREE_PHASE) {
    if (!system_.grid.unbalanced.empty())
      throw Error(disturbances_[disturbance].place.text(),
                  fmt::format("a second unbalanced fault at {:g} s, while another is on", t),
                  "simultaneous unbalanced faults are not represented");
    const SequenceConditions now = sequence_conditions(y);
    const SequenceImpedance negative = sequence_impedance(system_.network(), Sequence::NEGATIVE, now, place);
    SequenceImpedance zero;
    if (type != FaultType::LL) zero = sequence_impedance(system_.network(), Sequence::ZERO, now, place);
    const auto measured = [&](const UnbalancedFault& fault, Complex V1) {
      const PhaseVoltages v = phase_voltages(V1, fault.negative_at_place * V1, fault.zero_at_place * V1);
      return type == FaultType::LG   ? std::abs(v.a)
             : type == FaultType::LL ? std::abs(v.b - v.c) / std::sqrt(3.0)
                                     : std::abs(v.b);
    };
    s.Zf = strength.impedance;
    if (!std::isnan(strength.residual_voltage_pu))
      s.Zf = size_fault(t, place, strength.residual_voltage_pu, y, [&](Complex Zf, Complex& admittance) {
        const UnbalancedFault fault = unbalanced_fault(type, Zf, negative, zero);
        admittance = fault.admittance;
        return [fault, measured](Complex V1) { return measured(fault, V1); };
      });
    seen = unbalanced_fault(type, s.Zf, negative, zero);
    s.admittance = seen.admittance;
    system_.grid.unbalanced[disturbance] = {place, seen};
  } else {
    s.Zf = strength.impedance;
    if (!std::isnan(strength.residual_voltage_pu))
      s.Zf = size_fault(t, place, strength.residual_voltage_pu, y, [&](Complex Zf, Complex& admittance) {
        admittance = 1.0 / Zf;
        return [](Complex V1) { return std::abs(V1); };
      });
    s.admittance = std::abs(s.Zf) < 1 / kBoltedAdmittance ? kBoltedAdmittance : 1.0 / s.Zf;
  }
  s.place = place;
  s.on = true;
  if (place.bus >= 0) {
    system_.grid.fault[place.bus] += s.admittance;
  } else {
    FaultedLine line = place.line;
    line.admittance = s.admittance;
    system_.grid.line_fault[place.branch] = line;
  }
}

void Operations::restrike(int disturbance, double t, const FaultPlace& place, const std::vector<double>& y) {
  const auto type = std::get<LineFault>(disturbances_[disturbance].action).type;
  const FaultStrength same{struck_[disturbance].Zf, kUnknown};
  remove(disturbance);
  strike(disturbance, t, place, type, same, y);
}

void Operations::remove(int disturbance) {
  Struck& s = struck_[disturbance];
  if (!s.on) return;
  s.on = s.isolated = false;
  system_.grid.unbalanced.erase(disturbance);
  if (s.place.bus < 0) {
    system_.grid.line_fault.erase(s.place.branch);
    return;
  }
  Complex& fault = system_.grid.fault[s.place.bus];
  fault -= s.admittance;
  if (std::abs(fault) < 1e-9) fault = 0;
}

std::complex<double> Operations::size_fault(double t, const FaultPlace& place, double wanted,
                                            const std::vector<double>& y, const FaultMeasure& measure) {
  // A reactance that leaves this voltage the moment it strikes: |V| falls as the susceptance grows.
  // Limits that the low voltage reaches (loads turning to impedance) move with it; automata wait for the
  // event.
  const int bus = place.bus >= 0 ? place.bus : system_.network().branches[place.branch].from;
  const auto reactance = [](double log_susceptance) { return Complex(0, std::exp(-log_susceptance)); };
  if (system_.frame_of(bus) < 0) return 0;  // no voltage to hold at a dead bus
  const double lightest = std::log(1e-4);
  const double deepest = std::log(kBoltedAdmittance);
  std::vector<std::vector<int>> modes;
  modes.reserve(system_.group_count());
  for (int g = 0; g < system_.group_count(); ++g) modes.push_back(system_.group(g).mode);
  const auto standing_bus = system_.grid.fault[bus];
  std::vector<double> trial;
  SettledResult result;
  const auto voltage = [&](double log_susceptance) {
    trial = y;
    Complex admittance;
    const auto of_V1 = measure(reactance(log_susceptance), admittance);
    if (place.bus >= 0) {
      system_.grid.fault[bus] = standing_bus + admittance;
    } else {
      FaultedLine line = place.line;
      line.admittance = admittance;
      system_.grid.line_fault[place.branch] = line;
    }
    system_.grid.rebuild_matrix();
    result = settle(system_, trial_, t, trial);
    for (int g = 0; g < system_.group_count(); ++g) system_.group(g).mode = modes[g];
    // No solution: loads that the network can no longer feed; the voltage sought is on the strong side.
    return result.converged ? of_V1(place_voltage(place, admittance, trial.data())) : 0.0;
  };
  const auto restore = [&] {
    if (place.bus >= 0)
      system_.grid.fault[bus] = standing_bus;
    else
      system_.grid.line_fault.erase(place.branch);
    system_.grid.rebuild_matrix();
    system_.evaluate(t, y.data());
  };
  double above = voltage(lightest) - wanted;
  if (above < 0) {
    restore();
    throw Error(
        place.bus >= 0 ? system_.network().bus_label(bus) : branch_label(system_.network(), place.branch),
        fmt::format("a fault at {:.6f} s is to leave {:g} pu where the voltage is {:.6g} pu", t, wanted,
                    above + wanted),
        "a fault only lowers the voltage: give a smaller residual voltage");
  }
  // Regula falsi with the Illinois rule, halving while it gains less than that.
  double low = lightest;
  double high = deepest;
  double below = -wanted;
  double found = high;
  double miss = 0;
  for (int i = 0; i < 100 && high - low > 1e-12; ++i) {
    const bool halve = i % 3 == 2 || !(above > 0 && below < 0);
    found = halve ? (low + high) / 2 : low + (high - low) * above / (above - below);
    miss = voltage(found) - wanted;
    if (std::abs(miss) < 1e-12) break;
    if (miss > 0) {
      low = found;
      above = miss;
      below /= 2;
    } else {
      high = found;
      below = miss;
      above /= 2;
    }
  }
  restore();
  if (result.converged && !result.settled)
    throw Error(
        place.bus >= 0 ? system_.network().bus_label(bus) : branch_label(system_.network(), place.branch),
        fmt::format("no fault at {:.6f} s leaves {:g} pu: {} kept moving with it", t, wanted,
                    limit_names(system_, result.moving)),
        "two limits contradict each other, or a load has two solutions there; give the impedance of "
        "the fault");
  return reactance(found);
}

}  // namespace ballast
