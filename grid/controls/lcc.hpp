/// \file
/// The steady state of a two-terminal line-commutated DC line. Internal to grid/.
///
///     E   = V EBAS TR / TAP                     open-circuit line voltage on the valve side, kV
///     Vdr = NBR (3 sqrt2/pi E cos alpha - (3/pi XC + 2 RC) Id)
///     Vdi = NBI (3 sqrt2/pi E cos gamma - (3/pi XC - 2 RC) Id)
///     Vdr = Vdi + RDC Id,   inverter holds Vdi + RCOMP Id = VSCHD
///     cos(alpha + mu) = cos alpha - sqrt2 XC Id / E,
///     tan phi = (2 mu + sin 2 alpha - sin 2(alpha + mu)) / (cos 2 alpha - cos 2(alpha + mu))
///
/// Source: Kundur, Power System Stability and Control, chapter 10 (converter equations); the use of the RAW
/// fields from memory of the PSS/E manual.
#pragma once

#include <complex>

#include "grid/dc_equipment.hpp"

namespace ballast {

struct LccPoint {
  /// Who is at a limit of its angle: nobody (the inverter holds the voltage, the rectifier the order); the
  /// inverter (voltage as its angle allows); the rectifier (minimum angle: the inverter holds the order less
  /// the margin); or both.
  enum class Limit { NONE, INVERTER, RECTIFIER, BOTH };
  Limit limit = Limit::NONE;
  bool by_current = false;  ///< power mode turned into current mode below VCMOD
  bool possible = true;     ///< false: no current satisfies the order
  double Id_A = 0, Vdr_kV = 0, Vdi_kV = 0, alpha_deg = 0, gamma_deg = 0;
  std::complex<double> rectifier_MVA, inverter_MVA;  ///< injected into the AC buses
};

/// At the voltages of the two buses (pu) and the taps as they stand.
[[nodiscard]] LccPoint lcc_point(const TwoTerminalDc& line, double V_rectifier, double V_inverter);

/// The taps that bring the angles of that point into their range: by whole steps, as few as possible, within
/// TMN and TMX; unchanged where they are in range.
struct LccTaps {
  double rectifier = 1, inverter = 1;
};
[[nodiscard]] LccTaps lcc_taps(const TwoTerminalDc& line, double V_rectifier, double V_inverter);

}  // namespace ballast
