/// \file
/// Classical machine, and the source of fixed voltage and frequency.
#pragma once

#include <numbers>

#include "models/contract.hpp"

namespace ballast {

/// Classical machine: constant voltage behind Ra + jX'd at the angle of a rotor that swings, PSS/E GENCLS.
/// H = 0 makes it an infinite source: the voltage stays at a fixed angle of the nominal frame.
///
///   Pm ──► 2H dw/dt = (Pm - D w)/(1 + w) - Te ──► w ──► d(delta)/dt = w0 (1 + w - frame_speed) ──► E∠delta
///   I = (E∠delta - V)/(Ra + jX'd),  Te = Re(E∠delta I*)
///
/// Deviations: none known.
struct Gencls : ModelDefaults {
  static constexpr const char* title = "Classical machine; with H = 0 an infinite source";
  static constexpr const char* source =
      "PSS/E model library (public descriptions); ZSOURCE of the RAW file as impedance";
  static constexpr const char* validated =
      "critical clearing time within 0.05 ms of the equal-area value; as infinite source in all PSS/E curves "
      "of GENROU and SEXS";
  static constexpr Role role = Role::MACHINE;

  enum State { OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, PM, kInputs };
  enum Output { IR, II, SPEED, PE, VT, kOutputs };
  enum Held { EMF, kHeld };  ///< internal voltage, pu
  enum Parameter { H, D, RA, XDP, kParameters };
  static constexpr int kRecordParameters = RA;

  static constexpr ParameterInfo parameters[] = {
      {"H", "s", not_negative(), within(0, 15), "inertia constant; 0 = infinite source"},
      {"D", "pu", not_negative(), within(0, 4), "speed damping"},
      {"Ra", "pu", not_negative(), within(0, 0.02), "resistance (RAW: real part of ZSOURCE)"},
      {"Xdp", "pu", positive(), within(1e-6, 1), "transient reactance (RAW: imaginary part of ZSOURCE)"},
  };
  static constexpr StateInfo states[] = {{"omega", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"Pm", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"omega", "pu", "speed deviation"},
      {"Pe", "pu", "terminal power on the machine base"},
      {"Vt", "pu", "terminal voltage"},
  };

  template <class P>
  struct Derived {
    P per_2H;  ///< 0 for the infinite source
    P D, H;    ///< H on the system base
    P G, B;    ///< 1/(Ra + jX'd)
    P Ra, Xdp;
    P to_system, w0;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    const auto swings = p[H] > 0.0;
    d.per_2H = select_(swings, 0.5 / select_(swings, p[H], P(1.0)), P(0.0));
    d.D = p[D];
    const P per_Z2 = 1.0 / (p[RA] * p[RA] + p[XDP] * p[XDP]);
    d.G = p[RA] * per_Z2;
    d.B = -p[XDP] * per_Z2;
    d.Ra = p[RA];
    d.Xdp = p[XDP];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.w0 = P(2 * std::numbers::pi * ratings.frequency_Hz);
    d.H = p[H] * d.to_system;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    T s;
    T c;
    sincos_(x[DELTA], s, c);
    const auto E = context.held[EMF];
    const T ur = E * c - in[VR];
    const T ui = E * s - in[VI];
    const T ir = d.G * ur - d.B * ui;
    const T ii = d.B * ur + d.G * ui;
    const T Te = E * (c * ir + s * ii);
    dxdt[OMEGA] = ((in[PM] - d.D * x[OMEGA]) / (1.0 + x[OMEGA]) - Te) * d.per_2H;
    dxdt[DELTA] = d.w0 * (1.0 + x[OMEGA] - in[FRAME_SPEED]);
    out[IR] = ir * d.to_system;
    out[II] = ii * d.to_system;
    out[SPEED] = x[OMEGA];
    out[PE] = in[VR] * ir + in[VI] * ii;
    out[VT] = magnitude_(in[VR], in[VI]);
  }

  /// 1/(Ra + jX'd) on the system base.
  template <class P>
  static Admittance<P> norton_admittance(const Derived<P>& d) {
    return {d.G * d.to_system, d.B * d.to_system};
  }
  /// The current behind it: the internal voltage times the admittance.
  template <class T, class P>
  BALLAST_HD static void norton_current(const T* x, const Derived<P>& d, const P* held, T& Jr, T& Ji) {
    T s;
    T c;
    sincos_(x[DELTA], s, c);
    const P E = held[EMF] * d.to_system;
    Jr = E * (d.G * c - d.B * s);
    Ji = E * (d.B * c + d.G * s);
  }

  /// Weight in the island's frame speed, MW s per MVA of the system base; infinite for the infinite source.
  template <class P>
  static P inertia(const Derived<P>& d) {
    return select_(d.per_2H > 0.0, d.H, P(kInfinity));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double ir = rest.out[IR] / d.to_system;
    const double ii = rest.out[II] / d.to_system;
    const double er = rest.in[VR] + d.Ra * ir - d.Xdp * ii;
    const double ei = rest.in[VI] + d.Ra * ii + d.Xdp * ir;
    rest.held[EMF] = sqrt_(er * er + ei * ei);
    x[OMEGA] = 0;
    x[DELTA] = atan2_(ei, er);
    rest.in[PM] = er * ir + ei * ii;
    rest.out[SPEED] = 0;
    rest.out[PE] = rest.in[VR] * ir + rest.in[VI] * ii;
    rest.out[VT] = magnitude_(rest.in[VR], rest.in[VI]);
    return Outcome::fine();
  }
};
BALLAST_MODEL(Gencls, "GENCLS");

}  // namespace ballast
