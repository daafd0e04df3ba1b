/// \file
/// The diode bridge behind an alternator: its voltage falls as its current commutates.
#pragma once

#include <numbers>

#include "models/math.hpp"

namespace ballast {

/// Direct voltage FEX(IN) * VE of a bridge fed with VE and loaded with I = KC * Ifd, IN = I / VE (IEEE 421.5,
/// annex D):
///   IN <= sqrt(3)/4      VE - I / sqrt(3)
///   IN <= 3/4            sqrt(3/4 VE^2 - I^2)
///   IN <= 1              sqrt(3) (VE - I)
///   beyond               0
/// The standard rounds sqrt(3) to 0.433, 0.577 and 1.732; with the exact numbers the pieces join smoothly.
/// Left are two kinks, at I = 0 and at I = VE. Written without IN, so that VE = 0 needs no care.
template <class T>
BALLAST_HD T rectified(const T& VE, const T& I) {
  constexpr double kRoot3 = std::numbers::sqrt3;
  const T light = VE - I * (1 / kRoot3);
  const T medium = sqrt_(max_(0.75 * VE * VE - I * I, T(1e-18)));
  const T heavy = kRoot3 * (VE - I);
  const T loaded =
      select_(I < VE * (kRoot3 / 4), light, select_(I < 0.75 * VE, medium, select_(I < VE, heavy, T(0.0))));
  return select_(I < 0.0, VE, loaded);
}

/// The alternator voltage VE that gives Efd > 0 under the current I: the inverse of rectified().
inline double before_rectifier(double Efd, double I) {
  constexpr double kRoot3 = std::numbers::sqrt3;
  if (I <= 0) return Efd;
  if (Efd >= kRoot3 * I) return Efd + I / kRoot3;
  if (Efd >= I / kRoot3) return sqrt_((Efd * Efd + I * I) / 0.75);
  return Efd / kRoot3 + I;
}

}  // namespace ballast
