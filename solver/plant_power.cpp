#include "solver/plant_power.hpp"

namespace ballast {

double part_power_MW(const System& system, const double* y, int part) {
  const int re = system.output_signal(part, "Ir");
  if (re < 0) return 0;
  const std::complex<double> current(system.signals()[re],
                                     system.signals()[system.output_signal(part, "Ii")]);
  return -system.network().base_MVA * (system.voltage(y, system.part_bus(part)) * std::conj(current)).real();
}

double plant_power_MW(const System& system, const double* y, int plant) {
  const std::string& kind = system.plants()[plant].kind;
  double drawn = 0;
  for (int i = system.parts_of(plant).first; i < system.parts_of(plant).last; ++i)
    drawn += part_power_MW(system, y, i);
  return is_consumer(kind) ? drawn : -drawn;
}

std::vector<double> bus_draws_MW(const System& system, const double* y) {
  std::vector<double> draws(system.grid.bus_count(), 0.0);
  for (int i = 0; i < static_cast<int>(system.parts().size()); ++i) {
    const int plant = system.parts()[i].plant;
    if (is_consumer(system.plants()[plant].kind) && system.is_active(plant))
      draws[system.part_bus(i)] += part_power_MW(system, y, i);
  }
  return draws;
}

}  // namespace ballast
