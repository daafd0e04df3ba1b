/// \file
/// Magnetic saturation as PSS/E has it: a parabola or a power through two given points.
#pragma once

#include "models/math.hpp"

namespace ballast {

/// S(u) = B (u - A)^2 / u above A, nothing below. What equations need is the extra excitation u S(u).
template <class P>
struct Saturation {
  P A, B;
};

/// Through S(u1) = S1 and S(u2) = S2, in either order; none when the points do not differ. S = 0 at one of
/// the points means that saturation begins there.
template <class P>
Saturation<P> make_saturation(const P& u1, const P& S1, const P& u2, const P& S2) {
  // sqrt(u S) = sqrt(B) (u - A) is a straight line through both points.
  const P r1 = sqrt_(u1 * S1);
  const P r2 = sqrt_(u2 * S2);
  const P rise = r2 - r1;
  const auto none = abs_(rise) < 1e-12;
  const auto one_point = abs_(u2 - u1) < 1e-12;
  const P slope = select_(one_point, P(0.0), rise / select_(one_point, P(1.0), u2 - u1));
  const P A = select_(none, P(0.0), (r2 * u1 - r1 * u2) / select_(none, P(1.0), rise));
  return {A, select_(none, P(0.0), slope * slope)};
}

/// u S(u) = B (u - A)^2 above A.
template <class T, class P>
BALLAST_HD T saturation_excess(const Saturation<P>& s, const T& u) {
  const T over = max_(u - s.A, T(0.0));
  return s.B * over * over;
}
/// S(u), u > 0.
template <class T, class P>
BALLAST_HD T saturation_at(const Saturation<P>& s, const T& u) {
  return saturation_excess(s, u) / u;
}

/// S(u) = S10 u^X, the form of GENROE and GENSAE.
template <class P>
struct ExponentialSaturation {
  P S10, X;
};

/// S(u). Below u = 0.01 it stays what it is there, so that u = 0 needs no care.
template <class T, class P>
BALLAST_HD T saturation_at(const ExponentialSaturation<P>& s, const T& u) {
  return s.S10 * exp_(s.X * log_(max_(u, T(0.01))));
}

/// How a machine's saturation follows from S(1.0) and S(1.2). S(1.0) = 0 means none, whatever S(1.2).
struct QuadraticLaw {
  template <class P>
  using Curve = Saturation<P>;
  template <class P>
  static Curve<P> through(const P& S10, const P& S12) {
    return make_saturation<P>(P(1.0), S10, P(1.2), select_(S10 > 0.0, S12, P(0.0)));
  }
};
struct ExponentialLaw {
  template <class P>
  using Curve = ExponentialSaturation<P>;
  template <class P>
  static Curve<P> through(const P& S10, const P& S12) {
    const auto saturates = S10 > 0.0;
    const P growth = select_(saturates, S12, P(1.0)) / select_(saturates, S10, P(1.0));
    return {select_(saturates, S10, P(0.0)), log_(growth) * (1 / kLog12)};
  }
  static constexpr double kLog12 = 0.18232155679395462;  ///< ln 1.2
};

}  // namespace ballast
