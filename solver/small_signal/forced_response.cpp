#include "solver/small_signal/forced_response.hpp"

#include <cmath>
#include <numbers>

namespace ballast {

ForcedResponse forced_response(const System& system, const LinearModel& model, const std::vector<double>& y,
                               int bus, std::complex<double> power_MVA, double Hz) {
  if (system.frame_of(bus) < 0)
    throw Error(system.network().bus_label(bus), "no power can be fed into a dead bus",
                "name an energised one");
  const std::complex<double> s(0, 2 * std::numbers::pi * Hz);
  const std::complex<double> current =
      std::conj(power_MVA / system.network().base_MVA / system.voltage(y.data(), bus));
  std::vector<std::complex<double>> x(model.size());
  x[system.voltage_at(bus)] = current.real();
  x[system.voltage_at(bus) + 1] = current.imag();
  ShiftedFactor(model, s).solve(x);
  ForcedResponse response;
  for (int b = 0; b < system.grid.bus_count(); ++b) {
    const int at = system.voltage_at(b), frame = system.frame_of(b);
    const double size = std::hypot(y[at], y[at + 1]);
    if (frame < 0 || size == 0) {
      response.voltage_pu.emplace_back(0);
      response.frequency_Hz.emplace_back(0);
      continue;
    }
    const std::complex<double> angle = (y[at] * x[at + 1] - y[at + 1] * x[at]) / (size * size);
    response.voltage_pu.push_back((y[at] * x[at] + y[at + 1] * x[at + 1]) / size);
    response.frequency_Hz.push_back(s * angle / (2 * std::numbers::pi) +
                                    system.network().frequency_Hz * x[system.frame_speed_at(frame)]);
  }
  return response;
}

}  // namespace ballast
