/// \file
/// Salient-pole synchronous machine with exponential saturation.
#pragma once

#include "models/machines/salient_pole.hpp"

namespace ballast {

/// Salient-pole machine, PSS/E GENSAE (salient_pole.hpp): the saturation S(1.0) u^X of |psi''|,
/// X = ln(S(1.2)/S(1.0))/ln 1.2, on both axes, with the share (Xq - Xl)/(Xd - Xl) on the q axis; S(1.0) = 0
/// means none. That it acts on both axes and by the subtransient flux, unlike GENSAL's, is from OpenIPSL
/// since 2020, whose authors compared it with PSS/E; older versions of OpenIPSL saturate E'q only.
/// Deviations: none known.
struct Gensae : SalientPole<ExponentialLaw, SalientSaturation::OF_AIR_GAP_FLUX> {
  static constexpr const char* title = "Salient-pole synchronous machine, exponential saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), OpenIPSL (compared with PSS/E by its authors)";
  static constexpr const char* validated =
      "no PSS/E curve; the windings as a circuit (validation/devices), given voltages and field: current, "
      "speed and field current within 1e-7 pu over 20 s";
};
BALLAST_MODEL(Gensae, "GENSAE");

}  // namespace ballast
