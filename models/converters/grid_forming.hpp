/// \file
/// What the grid-forming converter models REGFM_A1 and REGFM_B1 have in common.
#pragma once

#include <numbers>

#include "models/blocks.hpp"

namespace ballast {

/// Converter that forms a voltage: E at an angle of its own behind Re + j Xe, its current limited in
/// magnitude at its own angle. It stands in a machine's place, alone: an island with nothing else lives by
/// it.
///
///   I = (E - V)/(Re + j Xe), and I Imax/|I| where |I| > Imax
struct GridForming : ModelDefaults {
  static constexpr Role role = Role::MACHINE;

  enum Output { IR, II, SPEED, PE, QE, VT, kOutputs };
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"omega", "pu", "frequency deviation of the internal voltage"},
      {"Pe", "pu", "active power, device base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"Vt", "pu", "terminal voltage"},
  };

  static constexpr ParameterInfo kRe{"Re", "pu", not_negative(), within(0, 0.1), "coupling resistance"};
  static constexpr ParameterInfo kXe{"Xe", "pu", positive(), within(0.02, 0.5), "coupling reactance"};

  template <class P>
  struct Source {
    P Re, Xe, G, B;   ///< G + jB = 1/(Re + j Xe)
    P Imax;           ///< pu; infinite for none
    P to_system, w0;  ///< device base to system base; rad/s
  };
  /// Imax = 0: none.
  template <class P>
  static Source<P> make_source(const P& Re, const P& Xe, const P& Imax, const Ratings& ratings) {
    const P per_Z2 = 1.0 / (Re * Re + Xe * Xe);
    return {Re,
            Xe,
            Re * per_Z2,
            -Xe * per_Z2,
            select_(Imax > 0.0, Imax, P(kNoLimit)),
            P(ratings.device_MVA / ratings.system_MVA),
            P(2 * std::numbers::pi * ratings.frequency_Hz)};
  }

  template <class T>
  struct Flow {
    T ir, ii, P, Q, V;  ///< device base
  };
  /// What E at `angle` drives into V.
  template <class T, class P>
  BALLAST_HD static Flow<T> flow(const T& E, const T& angle, const T& Vr, const T& Vi, const Source<P>& s) {
    T sine;
    T cosine;
    sincos_(angle, sine, cosine);
    const T ur = E * cosine - Vr;
    const T ui = E * sine - Vi;
    const T ir = s.G * ur - s.B * ui;
    const T ii = s.B * ur + s.G * ui;
    const T share = s.Imax / max_(magnitude_(ir, ii), T(s.Imax));
    Flow<T> f;
    f.ir = ir * share;
    f.ii = ii * share;
    f.P = Vr * f.ir + Vi * f.ii;
    f.Q = Vi * f.ir - Vr * f.ii;
    f.V = magnitude_(Vr, Vi);
    return f;
  }
  template <class T, class P>
  BALLAST_HD static void deliver(const Flow<T>& f, const T& omega, const Source<P>& s, T* out) {
    out[IR] = f.ir * s.to_system;
    out[II] = f.ii * s.to_system;
    out[SPEED] = omega;
    out[PE] = f.P;
    out[QE] = f.Q;
    out[VT] = f.V;
  }

  /// Rest: the internal voltage behind the current that is wanted.
  struct AtRest {
    double E, delta, V, P, Q, I;
  };
  static AtRest rest_point(Rest& rest, double Vr, double Vi, const Source<double>& s) {
    const double ir = rest.out[IR] / s.to_system;
    const double ii = rest.out[II] / s.to_system;
    const double er = Vr + s.Re * ir - s.Xe * ii;
    const double ei = Vi + s.Re * ii + s.Xe * ir;
    AtRest r{};
    r.E = sqrt_(er * er + ei * ei);
    r.delta = atan2_(ei, er);
    r.V = magnitude_(Vr, Vi);
    r.P = Vr * ir + Vi * ii;
    r.Q = Vi * ir - Vr * ii;
    r.I = magnitude_(ir, ii);
    rest.out[SPEED] = 0;
    rest.out[PE] = r.P;
    rest.out[QE] = r.Q;
    rest.out[VT] = r.V;
    return r;
  }

 protected:
  static constexpr double kNoLimit = 1e4;  ///< pu
  static constexpr double kPull = 200;     ///< 1/s
};

}  // namespace ballast
