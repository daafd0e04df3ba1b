#include "solver/phase_voltages.hpp"

namespace ballast {

std::complex<double> fault_place_voltage(const System& system, const double* y, const FaultPlace& place,
                                         std::complex<double> admittance) {
  if (place.bus >= 0) return system.voltage(y, place.bus);
  const Branch branch = corrected_branch(system.network(), system.network().branches[place.branch]);
  FaultedLine line = place.line;
  line.admittance = admittance;
  return fault_voltage(branch, line, system.voltage(y, branch.from), system.voltage(y, branch.to));
}

SequenceVoltages sequence_voltages(const System& system, const double* y, int bus) {
  SequenceVoltages v{system.voltage(y, bus), 0, 0};
  for (const auto& [disturbance, on] : system.grid.unbalanced) {
    const std::complex<double> V = fault_place_voltage(system, y, on.place, on.fault.admittance);
    v.negative += on.fault.negative[bus] * V;
    v.zero += on.fault.zero[bus] * V;
  }
  return v;
}

}  // namespace ballast
