/// \file
/// Round-rotor synchronous machine.
#pragma once

#include "models/machines/round_rotor.hpp"

namespace ballast {

/// Round-rotor machine, PSS/E GENROU (round_rotor.hpp). Saturation is quadratic, B (u - A)^2 / u through
/// S(1.0) and S(1.2), on both axes; S(1.0) = 0 means none. Deviations: none known.
struct Genrou : RoundRotor<QuadraticLaw> {
  static constexpr const char* title = "Round-rotor synchronous machine, quadratic saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), ANDES and OpenIPSL for the equations; conventions tested "
      "on PSS/E curves";
  static constexpr const char* validated =
      "PSS/E curves GENROU: rotor angle within 0.0038 deg (normal), 0.0033 (high) and 0.0040 (no saturation) "
      "over 20 s; ANDES on Kundur and IEEE 39 within 5e-6 pu of speed";
};
BALLAST_MODEL(Genrou, "GENROU");

}  // namespace ballast
