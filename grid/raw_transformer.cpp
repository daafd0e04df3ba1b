#include "grid/raw_transformer.hpp"

#include <cmath>
#include <limits>

namespace ballast::raw {

double turns_ratio(int CW, double WINDV, double NOMV_kV, double base_kV) {
  if (CW == 2) return WINDV / base_kV;
  if (CW == 3 && NOMV_kV != 0) return WINDV * NOMV_kV / base_kV;
  return WINDV;
}

std::complex<double> series_impedance(int CZ, double R, double X, double SBASE_MVA, double system_MVA) {
  if (CZ == 1) return {R, X};
  const double to_system = system_MVA / SBASE_MVA;
  if (CZ == 2) return {R * to_system, X * to_system};
  const double r = R / (SBASE_MVA * 1e6);
  if (std::abs(X) < std::abs(r)) return {std::numeric_limits<double>::quiet_NaN(), 0};
  return {r * to_system, std::copysign(std::sqrt(X * X - r * r), X) * to_system};
}

std::complex<double> magnetising_admittance(int CM, double MAG1, double MAG2, double SBASE_MVA,
                                            double system_MVA, double NOMV_kV, double base_kV) {
  if (CM == 1 || (MAG1 == 0 && MAG2 == 0)) return {MAG1, MAG2};
  const double volts = NOMV_kV == 0 ? 1 : base_kV / NOMV_kV;
  const double G = MAG1 / (system_MVA * 1e6) * volts * volts;
  const double Y = MAG2 * SBASE_MVA / system_MVA * volts * volts;
  if (std::abs(Y) < std::abs(G)) return {std::numeric_limits<double>::quiet_NaN(), 0};
  return {G, -std::sqrt(Y * Y - G * G)};
}

Star star_of(std::complex<double> z12, std::complex<double> z23, std::complex<double> z31) {
  return {0.5 * (z12 + z31 - z23), 0.5 * (z12 + z23 - z31), 0.5 * (z23 + z31 - z12)};
}

}  // namespace ballast::raw
