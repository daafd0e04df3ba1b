/// \file
/// The part of an electronic load that a voltage leaves connected, shared by LDELEC and the composite load;
/// of DERA1 the part that stays on line.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Electronic equipment of scattered thresholds: it drops out one by one as the voltage falls from Vd1 to
/// Vd2, and the share Frcel of what has dropped out comes back with the voltage. Vmin is the lowest voltage
/// so far.
///
///   F = (min(u, m) - Vd2 + Frcel max(u - m, 0)) / (Vd1 - Vd2),  u and m: V and Vmin between Vd2 and Vd1
///
/// which is PowerWorld's table of six cases in one line.
template <class P>
struct ElectronicShare {
  P Vd1, Vd2, Frcel;
  P per_width;  ///< 1/(Vd1 - Vd2)
};
template <class P>
ElectronicShare<P> make_electronic_share(const P& Vd1, const P& Vd2, const P& Frcel) {
  return {Vd1, Vd2, Frcel, 1.0 / (Vd1 - Vd2)};
}

/// How fast Vmin follows a falling voltage, 1/s (10 ms as in dynawo's ElectronicLoad); the other programs
/// track it step by step.
inline constexpr double kVminRate = 100;

/// The connected share at voltage V; dVmin is the rate of the memory Vmin, which never rises.
template <class T, class P>
BALLAST_HD T electronic_share(const ElectronicShare<P>& e, const T& V, const T& Vmin, T& dVmin) {
  const T u = clamp_(V, T(e.Vd2), T(e.Vd1));
  const T m = clamp_(Vmin, T(e.Vd2), T(e.Vd1));
  dVmin = min_(T((u - Vmin) * kVminRate), T(0.0));
  return (min_(u, m) - e.Vd2 + e.Frcel * max_(T(u - m), T(0.0))) * e.per_width;
}

}  // namespace ballast
