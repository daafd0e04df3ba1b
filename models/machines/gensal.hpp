/// \file
/// Salient-pole synchronous machine.
#pragma once

#include "models/machines/salient_pole.hpp"

namespace ballast {

/// Salient-pole machine, PSS/E GENSAL (salient_pole.hpp). Saturation is quadratic, B (u - A)^2 / u through
/// S(1.0) and S(1.2), of E'q and on the d axis only; S(1.0) = 0 means none. Deviations: none known.
struct Gensal : SalientPole<QuadraticLaw, SalientSaturation::OF_EQP> {
  static constexpr const char* title = "Salient-pole synchronous machine, quadratic saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), ANDES and OpenIPSL for the equations; conventions tested "
      "on PSS/E curves";
  static constexpr const char* validated = "PSS/E curve GENSAL: rotor angle within 0.0015 deg over 20 s";
};
BALLAST_MODEL(Gensal, "GENSAL");

}  // namespace ballast
