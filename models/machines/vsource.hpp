/// \file
/// Voltage source whose magnitude, phase and frequency are set from outside: what a device is tested on.
#pragma once

#include <numbers>

#include "models/contract.hpp"

namespace ballast {

/// Voltage source behind R + jX that follows three references. Each rests at what the power flow needs and is
/// moved by events (reference_step, play): steps, ramps and measured curves of voltage, phase and frequency.
///
///   speed ──► 1/(1 + s Tf) ──► omega ──► d(delta)/dt = w0 (1 + omega - frame_speed)
///   I = (V_factor E∠(delta + phase) - V)/(R + jX)
///
/// It is the island's reference: its inertia is infinite, so the island's frame turns with it.
///
/// Source: a voltage source; PSS/E's PLBVF1 plays voltage and frequency in the same way (public description).
/// Deviations: PLBVF1 takes its curves from a file named in the record; here events carry them.
struct Vsource : ModelDefaults {
  static constexpr const char* title = "Voltage source with set magnitude, phase and frequency";
  static constexpr const char* source = "a voltage source behind an impedance";
  static constexpr const char* validated =
      "open and loaded against phasors worked out by hand (tests/models/vsource_test.cpp)";
  static constexpr Role role = Role::MACHINE;

  enum State { OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, V_FACTOR, PHASE, SPEED, kInputs };
  enum Output { IR, II, SPEED_OUT, PE, VT, kOutputs };
  enum Held { EMF, kHeld };  ///< internal voltage at rest, pu
  enum Parameter { RS, XS, TF, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"Rs", "pu", not_negative(), within(0, 0.1), "source resistance"},
      {"Xs", "pu", positive(), within(1e-6, 1), "source reactance"},
      {"Tf", "s", positive(), within(0.001, 0.1), "lag of the frequency behind its reference"},
  };
  static constexpr StateInfo states[] = {{"omega", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"V_factor", "pu", Unwired::HELD},
                                         {"phase", "deg", Unwired::HELD},
                                         {"speed", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"omega", "pu", "speed deviation"},
      {"Pe", "pu", "terminal power on the machine base"},
      {"Vt", "pu", "terminal voltage"},
  };

  template <class P>
  struct Derived {
    P G, B;  ///< 1/(R + jX)
    P Rs, Xs;
    P per_Tf, to_system, w0;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    const P per_Z2 = 1.0 / (p[RS] * p[RS] + p[XS] * p[XS]);
    d.G = p[RS] * per_Z2;
    d.B = -p[XS] * per_Z2;
    d.Rs = p[RS];
    d.Xs = p[XS];
    d.per_Tf = 1.0 / p[TF];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.w0 = P(2 * std::numbers::pi * ratings.frequency_Hz);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    T s;
    T c;
    sincos_(x[DELTA] + in[PHASE] * (std::numbers::pi / 180), s, c);
    const T E = in[V_FACTOR] * context.held[EMF];
    const T ur = E * c - in[VR];
    const T ui = E * s - in[VI];
    const T ir = d.G * ur - d.B * ui;
    const T ii = d.B * ur + d.G * ui;
    dxdt[OMEGA] = (in[SPEED] - x[OMEGA]) * d.per_Tf;
    dxdt[DELTA] = d.w0 * (1.0 + x[OMEGA] - in[FRAME_SPEED]);
    out[IR] = ir * d.to_system;
    out[II] = ii * d.to_system;
    out[SPEED_OUT] = x[OMEGA];
    out[PE] = in[VR] * ir + in[VI] * ii;
    out[VT] = magnitude_(in[VR], in[VI]);
  }

  /// The island turns with it.
  template <class P>
  static P inertia(const Derived<P>&) {
    return P(kInfinity);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double ir = rest.out[IR] / d.to_system;
    const double ii = rest.out[II] / d.to_system;
    const double er = rest.in[VR] + d.Rs * ir - d.Xs * ii;
    const double ei = rest.in[VI] + d.Rs * ii + d.Xs * ir;
    rest.held[EMF] = sqrt_(er * er + ei * ei);
    x[OMEGA] = 0;
    x[DELTA] = atan2_(ei, er);
    rest.in[V_FACTOR] = 1;
    rest.in[PHASE] = 0;
    rest.in[SPEED] = 0;
    rest.out[SPEED_OUT] = 0;
    rest.out[PE] = rest.in[VR] * ir + rest.in[VI] * ii;
    rest.out[VT] = magnitude_(rest.in[VR], rest.in[VI]);
    return Outcome::fine();
  }
};
BALLAST_MODEL(Vsource, "VSOURCE");

}  // namespace ballast
