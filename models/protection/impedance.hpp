/// \file
/// What relays that measure an impedance share. Nothing is divided by the current: a circle is compared in
/// volts.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// A mho circle in the plane of the measured impedance V/I.
template <class P>
struct Mho {
  P R, X;    ///< centre, pu
  P radius;  ///< pu
  /// How far V/I is inside a circle with this centre and `grown` times this radius, times |I|: pu of voltage.
  template <class T>
  BALLAST_HD T inside(const T& Vr, const T& Vi, const T& Ir, const T& Ii, double grown = 1) const {
    const T across_r = Vr - (R * Ir - X * Ii);
    const T across_i = Vi - (R * Ii + X * Ir);
    return grown * (radius * magnitude_(Ir, Ii)) - magnitude_(across_r, across_i);
  }
};
/// |V/I|, for the log.
BALLAST_HD inline double impedance(double Vr, double Vi, double Ir, double Ii) {
  const double I = magnitude_(Ir, Ii);
  return I > 1e-9 ? magnitude_(Vr, Vi) / I : 1e9;
}

}  // namespace ballast
