/// \file
/// Round-rotor synchronous machine with exponential saturation.
#pragma once

#include "models/machines/round_rotor.hpp"

namespace ballast {

/// Round-rotor machine, PSS/E GENROE: GENROU (round_rotor.hpp) with the saturation S(1.0) u^X,
/// X = ln(S(1.2)/S(1.0))/ln 1.2; S(1.0) = 0 means none. Deviations: none known.
struct Genroe : RoundRotor<ExponentialLaw> {
  static constexpr const char* title = "Round-rotor synchronous machine, exponential saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), OpenIPSL (compared with PSS/E by its authors)";
  static constexpr const char* validated =
      "no PSS/E curve; the windings as a circuit (validation/devices), given voltages and field: current, "
      "speed and field current within 1e-7 pu over 20 s";
};
BALLAST_MODEL(Genroe, "GENROE");

}  // namespace ballast
