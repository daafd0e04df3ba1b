/// \file
/// Three-phase induction motor: rotor fluxes, slip and shaft, shared by CIM5BL, MOTOR_CMP and the composite
/// load.
///
/// Currents INTO the motor, pu on its base. Stator transients are neglected. In steps of the slip the rotor
/// answers with two lags, which any pair of cages comes to exactly (partial fractions of the operational
/// reactance):
///
///   V = (Ra + j X_fast) I + E1 + E2          X(p) = X_fast + A1/(1 + p T1) + A2/(1 + p T2)
///   T1 dE1/dt = j A1 I - E1 - S(|E|) E - j w0 s T1 E1,   E = E1 + E2
///   T2 dE2/dt = j A2 I - E2            - j w0 s T2 E2
///   2H dw/dt = Re(E I*) - T0 w^D,  s = island speed - w
///
/// With A1 = Ls - Lp, A2 = Lp - Lpp, X_fast = Lpp this is the fifth-order motor of PSLF motorw, ANDES motor5
/// and PSAT (E1 = E', E2 = E'' - E'). Saturation S adds to the slow flux, as in OpenIPSL-based CIM5 models.
#pragma once

#include <algorithm>
#include <complex>
#include <numbers>

#include "models/blocks.hpp"
#include "models/saturation.hpp"

namespace ballast {

/// Fluxes are kept in a frame that turns with the bus voltage, so that they mean the same in whatever frame
/// an island has; the frame is only a choice of coordinates and follows the voltage as a phase-locked loop
/// would.
template <class T>
struct VoltageFrame {
  T sine, cosine;
  T Vd, Vq;  ///< the voltage in it
  T turn;    ///< its own speed against the island's frame, rad/s
};
inline constexpr double kFrameRate = 20;  ///< rad/s per pu of quadrature voltage
template <class T>
BALLAST_HD VoltageFrame<T> voltage_frame(const T& angle, const T& Vr, const T& Vi) {
  VoltageFrame<T> f;
  sincos_(angle, f.sine, f.cosine);
  f.Vd = Vr * f.cosine + Vi * f.sine;
  f.Vq = Vi * f.cosine - Vr * f.sine;
  f.turn = f.Vq * kFrameRate;
  return f;
}

/// States of one motor, in this order from its first.
enum MotorState { E1_D, E1_Q, E2_D, E2_Q, MOTOR_SPEED, kMotorStates };
/// States of a load that is one motor: those of the motor, then the angle of its frame.
enum MotorLoadState { FRAME_ANGLE = kMotorStates, kMotorLoadStates };
inline constexpr StateInfo kMotorLoadStateInfo[] = {{"E1_d", "pu"},
                                                    {"E1_q", "pu"},
                                                    {"E2_d", "pu"},
                                                    {"E2_q", "pu"},
                                                    {"speed_deviation", "pu", StateKind::DEVIATION},
                                                    {"frame_angle", "rad", StateKind::ANGLE}};

template <class P>
struct Motor {
  P Ra, X_fast;
  P G, B;  ///< 1/(Ra + j X_fast)
  P A1, A2;
  P rate1, rate2;  ///< 1/T1, 1/T2
  P w0;            ///< rad/s
  P per_2H;        ///< 1/s
  P exponent;      ///< D of the load torque
  Saturation<P> saturation;
};

/// The motor of operational reactances Ls, Lp, Lpp and time constants Tpo, Tppo (s). Lpp = Lp or Tppo = 0: a
/// single cage.
template <class P>
Motor<P> make_motor(const P& Ra, const P& Ls, const P& Lp, const P& Lpp, const P& Tpo, const P& Tppo,
                    const P& H, const P& exponent, double frequency_Hz) {
  const auto single = Tppo < 1e-4;
  Motor<P> m{};
  m.Ra = Ra;
  m.X_fast = select_(single, Lp, Lpp);
  m.A1 = Ls - Lp;
  m.A2 = Lp - m.X_fast;
  m.rate1 = 1.0 / Tpo;
  m.rate2 = 1.0 / select_(single, Tpo, Tppo);
  m.w0 = P(2 * std::numbers::pi * frequency_Hz);
  m.per_2H = 0.5 / H;
  m.exponent = exponent;
  const P square = Ra * Ra + m.X_fast * m.X_fast;
  m.G = Ra / square;
  m.B = -m.X_fast / square;
  return m;
}

/// The equivalent circuit of CIM5: type 1 has both cages side by side, R1/s + jX1 and R2/s + jX2; type 2 has
/// jX1 before R1/s beside R2/s + jX2. R2 = X2 = 0: a single cage.
template <class P>
struct MotorCircuit {
  P type, Ra, Xa, Xm, R1, X1, R2, X2;
};
template <class P>
Motor<P> make_motor(const MotorCircuit<P>& c, const P& H, const P& exponent, double frequency_Hz) {
  const double w0 = 2 * std::numbers::pi * frequency_Hz;
  const auto two = c.R2 > 0.0;
  const auto in_series = c.type > 1.5;
  const P k1 = c.R1 * w0;
  const P k2 = select_(two, c.R2, P(1.0)) * w0;
  // X(p) - Xa = Xm (1 + n1 p + n2 p^2)/(1 + b p + c p^2)
  const P per = 1.0 / (k1 * k2);
  const P n2 = c.X1 * c.X2 * per;
  const P n1 = select_(in_series, (c.X1 * (k1 + k2) + c.X2 * k1) * per, c.X1 / k1 + c.X2 / k2);
  const P q = select_(in_series, (c.X1 + c.Xm) * c.X2 * per, (c.X1 * c.X2 + c.Xm * (c.X1 + c.X2)) * per);
  const P b = n1 + c.Xm * (k1 + k2) * per;
  const P root = sqrt_(max_(b * b - 4.0 * q, P(0.0)));
  const P T1 = 0.5 * (b + root);
  const P T2 = select_(two, q, T1) / T1;  // their product is q
  const P slow = c.Xm * (1.0 - n1 / T1 + n2 / (T1 * T1)) / (1.0 - T2 / T1);
  const P fast = c.Xm * (1.0 - n1 / T2 + n2 / (T2 * T2)) / (1.0 - T1 / T2);
  // One cage alone.
  const P T = (c.X1 + c.Xm) / k1;
  const P X = c.X1 * c.Xm / (c.X1 + c.Xm);
  const P A1 = select_(two, slow, c.Xm - X);
  const P A2 = select_(two, fast, P(0.0));
  const P Ls = c.Xa + c.Xm;
  return make_motor(c.Ra, Ls, P(Ls - A1), P(Ls - A1 - A2), P(select_(two, T1, T)),
                    P(select_(two, T2, P(0.0))), H, exponent, frequency_Hz);
}

/// What a motor draws, in the voltage's frame, and its torque; pu on its base.
template <class T>
struct MotorFlow {
  T id, iq, torque;
};
/// How fast a stopped shaft is held at standstill, 1/s: load torque does not turn it backwards.
inline constexpr double kStandstillPull = 100;

/// What a motor at x draws, and its torque.
template <class T, class P>
BALLAST_HD MotorFlow<T> motor_flow(const Motor<P>& m, const T* x, const VoltageFrame<T>& frame) {
  const T Ed = x[E1_D] + x[E2_D];
  const T Eq = x[E1_Q] + x[E2_Q];
  const T ud = frame.Vd - Ed;
  const T uq = frame.Vq - Eq;
  MotorFlow<T> flow{ud * m.G - uq * m.B, ud * m.B + uq * m.G, T(0.0)};
  flow.torque = Ed * flow.id + Eq * flow.iq;
  return flow;
}

/// Rate of the speed deviation under an electrical torque; load_torque is T0.
template <class T, class P, class L>
BALLAST_HD T shaft_rate(const Motor<P>& m, const T& speed, const T& torque, const L& load_torque) {
  const T mechanical = load_torque * pow_(max_(speed, T(1e-3)), m.exponent);
  return max_(T((torque - mechanical) * m.per_2H), T(-speed * kStandstillPull));
}

/// Rates of the five states at x; load_torque is T0.
template <class T, class P, class L>
BALLAST_HD MotorFlow<T> motor_equations(const Motor<P>& m, const T* x, const VoltageFrame<T>& frame,
                                        const T& island_speed, const L& load_torque, T* dxdt) {
  const MotorFlow<T> flow = motor_flow(m, x, frame);
  const T Ed = x[E1_D] + x[E2_D];
  const T Eq = x[E1_Q] + x[E2_Q];
  const T speed = 1.0 + x[MOTOR_SPEED];
  const T turn = (island_speed - speed) * m.w0 + frame.turn;
  const T S = saturation_at(m.saturation, magnitude_(Ed, Eq));
  dxdt[E1_D] = (-flow.iq * m.A1 - x[E1_D] - S * Ed) * m.rate1 + turn * x[E1_Q];
  dxdt[E1_Q] = (flow.id * m.A1 - x[E1_Q] - S * Eq) * m.rate1 - turn * x[E1_D];
  dxdt[E2_D] = (-flow.iq * m.A2 - x[E2_D]) * m.rate2 + turn * x[E2_Q];
  dxdt[E2_Q] = (flow.id * m.A2 - x[E2_Q]) * m.rate2 - turn * x[E2_D];
  dxdt[MOTOR_SPEED] = shaft_rate(m, speed, flow.torque, load_torque);
  return flow;
}

/// The current a motor load injects and the shunt beside it; `motor` and `shunt` scale them to the system
/// base.
template <class T>
BALLAST_HD void inject_motor(const MotorFlow<T>& flow, const VoltageFrame<T>& frame, const T& motor,
                             const T& shunt, const T& Vr, const T& Vi, T& Ir, T& Ii) {
  Ir = shunt * Vi - motor * (flow.id * frame.cosine - flow.iq * frame.sine);
  Ii = -(shunt * Vr + motor * (flow.id * frame.sine + flow.iq * frame.cosine));
}

// ---- at rest

/// A motor at constant slip.
struct MotorPoint {
  std::complex<double> I, E1, E2;
  double power = 0, reactive = 0, torque = 0;
};
/// At voltage V and slip s.
inline MotorPoint motor_at_slip(const Motor<double>& m, double V, double slip) {
  const std::complex<double> j(0, 1);
  const std::complex<double> slow = 1.0 + j * (m.w0 * slip / m.rate1);
  const std::complex<double> fast = 1.0 + j * (m.w0 * slip / m.rate2);
  const std::complex<double> stator(m.Ra, m.X_fast);
  MotorPoint at;
  double S = 0;
  for (int pass = 0; pass < 200; ++pass) {
    const std::complex<double> e2 = j * m.A2 / fast;  // per unit of current
    const std::complex<double> e1 = (j * m.A1 - S * e2) / (slow + S);
    at.I = V / (stator + e1 + e2);
    at.E1 = e1 * at.I;
    at.E2 = e2 * at.I;
    const double next = saturation_at(m.saturation, std::max(std::abs(at.E1 + at.E2), 1e-6));
    if (std::abs(next - S) < 1e-16) break;
    S = 0.5 * (S + next);
  }
  const std::complex<double> power = V * std::conj(at.I);
  at.power = power.real();
  at.reactive = power.imag();
  at.torque = ((at.E1 + at.E2) * std::conj(at.I)).real();
  return at;
}

/// The stable slip at which the motor draws `power` (pu on its base) from V; the outcome says between which
/// powers there is one.
inline Outcome motor_slip(const Motor<double>& m, double V, double power, double& slip) {
  const double least = motor_at_slip(m, V, 0).power;
  double low = 0;
  double most = least;
  constexpr const char* kQuantity = "active power of the motor (pu on its base)";
  if (!(power >= least)) return {kQuantity, power, least, kInfinity};
  for (double s = 1e-6; s < 1; s *= 1.02) {
    const double drawn = motor_at_slip(m, V, s).power;
    if (drawn >= power) {
      double high = s;
      for (int k = 0; k < 200 && high - low > 0; ++k) {
        const double middle = 0.5 * (low + high);
        if (middle <= low || middle >= high) break;
        (motor_at_slip(m, V, middle).power < power ? low : high) = middle;
      }
      slip = high;
      return Outcome::fine();
    }
    if (drawn < most) break;  // beyond the pull-out
    most = drawn;
    low = s;
  }
  return {kQuantity, power, least, most};
}

/// Puts the five states at a slip that was found with a real voltage; returns the load torque T0 that holds
/// it there (at island speed 1).
inline double rest_motor(const Motor<double>& m, const MotorPoint& at, double slip, double* x) {
  x[E1_D] = at.E1.real();
  x[E1_Q] = at.E1.imag();
  x[E2_D] = at.E2.real();
  x[E2_Q] = at.E2.imag();
  x[MOTOR_SPEED] = -slip;
  return at.torque / pow_(1 - slip, m.exponent);
}

/// A motor load M at rest that draws the active power (pu of the system base) on its base (of the system's);
/// the shunt beside it gives the reactive power that the load as a whole does not draw.
template <class M>
Outcome rest_motor_load(const Motor<double>& m, double base, std::complex<double> V,
                        std::complex<double> power, Rest& rest, double* x) {
  if (!(base > 0)) return {"base of the motor (pu of the system base)", base, 0, kInfinity};
  double slip = 0;
  if (const Outcome o = motor_slip(m, std::abs(V), power.real() / base, slip); !o.ok()) return o;
  const MotorPoint at = motor_at_slip(m, std::abs(V), slip);
  x[FRAME_ANGLE] = atan2_(V.imag(), V.real());
  rest.held[M::BASE] = base;
  rest.held[M::TORQUE0] = rest_motor(m, at, slip, x);
  rest.held[M::SHUNT] = (at.reactive - power.imag() / base) / std::norm(V);
  rest.in[M::P_FACTOR] = 1;
  rest.out[M::SPEED] = 1 - slip;
  rest.out[M::TORQUE] = at.torque;
  rest.out[M::CONNECTED] = 1;
  return Outcome::fine();
}

}  // namespace ballast
