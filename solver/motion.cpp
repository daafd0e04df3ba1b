#include "solver/motion.hpp"

#include <cmath>

namespace ballast {

Motion motion_of(const System& system, const double* y) {
  std::vector<double> rates(system.size());
  system.rates(y, rates.data());
  std::vector<double> weight(system.frame_count(), 0.0), sum(system.frame_count(), 0.0);
  for (std::size_t p = 0; p < system.parts().size(); ++p) {
    const PartRef& r = system.parts()[p];
    const PartGroup& g = system.group(r.group);
    const int frame = g.forms_voltage && g.active[r.index] != 0
                          ? system.frame_of(system.part_bus(static_cast<int>(p)))
                          : -1;
    if (frame < 0) continue;
    const int omega = g.find_state("omega");
    const double inertia = g.inertia(r.index);
    weight[frame] += inertia;  // an infinite source holds its island: the quotient is 0
    if (omega >= 0 && std::isfinite(inertia)) sum[frame] += inertia * rates[g.x_at[r.index] + omega];
  }
  const int buses = system.grid.bus_count();
  Motion motion{std::vector<double>(buses, 0.0), std::vector<double>(buses, 0.0)};
  for (int b = 0; b < buses; ++b) {
    const int frame = system.frame_of(b);
    if (frame < 0) continue;
    motion.voltage_pu[b] = std::abs(system.voltage(y, b));
    if (weight[frame] > 0)
      motion.acceleration_Hz_per_s[b] = system.network().frequency_Hz * sum[frame] / weight[frame];
  }
  return motion;
}

}  // namespace ballast
