/// \file
/// Round-rotor synchronous machine.
#pragma once

#include <numbers>

#include "models/contract.hpp"

namespace ballast {

/// Round-rotor machine with one field and one damper winding on the d axis, two damper windings on the q
/// axis, PSS/E GENROU. Saturation is quadratic, B (u - A)^2 / u through S(1.0) and S(1.2), on both axes;
/// S(1.0) = 0 means none.
///
///   Efd ─►(+)─► 1/(s T'do) ─► E'q ─┬─► K3d ────────────────────────►(+)─► psi''d ─┐
///          ▲ - XadIfd              └─►(+)─► 1/(s T''do) ─► psi_kd ─► K4d ─┘       ├─► stator ─► id, iq
///                                      ▲ - psi_kd - (X'd - Xl) id                 │
///   0 ──►(+)─► 1/(s T'qo) ─► E'd ─ ... the q axis alike, X''q = X''d ─► psi''q ───┘
///         ▲ - XaqIlq
///   stator: V = psi'' - (Ra + jX'') I
///   Pm ──►  2H dw/dt = (Pm - D w)/(1 + w) - Te,   d(delta)/dt = w0 (1 + w - frame_speed)
///
/// No speed in the stator equation. The rotor angle delta is that of the q axis. Rotor and network are
/// related by [id; iq] = [sin d, -cos d; cos d, sin d][Ir; Ii] on the machine base. Deviations: none known.
struct Genrou : ModelDefaults {
  static constexpr const char* title = "Round-rotor synchronous machine, quadratic saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), ANDES and OpenIPSL for the equations; conventions tested "
      "on PSS/E curves";
  static constexpr const char* validated =
      "PSS/E curves GENROU: rotor angle within 0.0038 deg (normal), 0.0033 (high) and 0.0040 (no saturation) "
      "over 20 s; "
      "ANDES on Kundur and IEEE 39 within 5e-6 pu of speed";
  static constexpr Role role = Role::MACHINE;

  enum State { EQP, EDP, PSIKD, PSIKQ, OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, EFD, PM, kInputs };
  enum Output { IR, II, SPEED, PE, IFD, VT, kOutputs };
  enum Parameter { TDOP, TDOPP, TQOP, TQOPP, H, D, XD, XQ, XDP, XQP, XDPP, XL, S10, S12, RA, kParameters };
  static constexpr int kRecordParameters = RA;

  static constexpr ParameterInfo parameters[] = {
      {"Tdop", "s", positive(), within(1, 15), "d-axis transient open-circuit time constant"},
      {"Tdopp", "s", positive(), within(0.01, 0.2), "d-axis subtransient open-circuit time constant"},
      {"Tqop", "s", positive(), within(0.1, 3), "q-axis transient open-circuit time constant"},
      {"Tqopp", "s", positive(), within(0.01, 0.2), "q-axis subtransient open-circuit time constant"},
      {"H", "s", positive(), within(0.5, 15), "inertia constant"},
      {"D", "pu", not_negative(), within(0, 4), "speed damping"},
      {"Xd", "pu", positive(), within(0.5, 3), "d-axis synchronous reactance"},
      {"Xq", "pu", positive(), within(0.4, 3), "q-axis synchronous reactance"},
      {"Xdp", "pu", positive(), within(0.1, 0.7), "d-axis transient reactance"},
      {"Xqp", "pu", positive(), within(0.1, 1.2), "q-axis transient reactance"},
      {"Xdpp", "pu", positive(), within(0.08, 0.4), "subtransient reactance, both axes"},
      {"Xl", "pu", not_negative(), within(0.03, 0.3), "leakage reactance"},
      {"S10", "pu", not_negative(), within(0, 0.5), "saturation at 1.0 pu flux; 0 = none"},
      {"S12", "pu", not_negative(), within(0, 1.5), "saturation at 1.2 pu flux"},
      {"Ra", "pu", not_negative(), within(0, 0.02), "stator resistance (RAW: real part of ZSOURCE)"},
  };
  static constexpr Relation relations[] = {
      {XDP, Relation::NOT_ABOVE, XD, "the field winding would have a negative reactance"},
      {XQP, Relation::NOT_ABOVE, XQ, "the first q-axis damper would have a negative reactance"},
      {XDPP, Relation::NOT_ABOVE, XDP, "the d-axis damper would have a negative reactance"},
      {XDPP, Relation::NOT_ABOVE, XQP, "the second q-axis damper would have a negative reactance"},
      {XL, Relation::NOT_ABOVE, XDPP, "leakage is a part of the subtransient reactance"},
      {XL, Relation::BELOW, XDP, "the d-axis damper would have no reactance"},
      {XL, Relation::BELOW, XQP, "the second q-axis damper would have no reactance"},
      {XL, Relation::BELOW, XD, "the d axis would have no magnetising reactance"},
      {S10, Relation::NOT_ABOVE, S12, "saturation grows with flux"},
  };
  static constexpr StateInfo states[] = {{"Eqp", "pu"},
                                         {"Edp", "pu"},
                                         {"psikd", "pu"},
                                         {"psikq", "pu"},
                                         {"omega", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"Efd", "pu", Unwired::HELD},
                                         {"Pm", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"omega", "pu", "speed deviation"},
      {"Pe", "pu", "terminal power on the machine base"},
      {"Ifd", "pu", "field current, 1 pu at 1 pu open-circuit voltage without saturation"},
      {"Vt", "pu", "terminal voltage"},
  };

  template <class P>
  struct Derived {
    P K1d, K3d, K4d, K1q, K3q, K4q;
    P rate_dop, rate_dopp, rate_qop, rate_qopp;  ///< 1/s
    P per_2H, D, H;                              ///< H on the system base
    P Xd_Xdp, Xq_Xqp, Xdp_Xl, Xqp_Xl, Xdp_Xpp, Xqp_Xpp, Xq_Xpp, Xpp, Ra;
    P A, B, q_share;  ///< saturation, and its share on the q axis (Xq - Xl)/(Xd - Xl)
    P per_Z2;         ///< 1/(Ra^2 + X''^2)
    P to_system;      ///< machine base to system base
    P w0;             ///< rad/s
  };

  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.Xdp_Xl = p[XDP] - p[XL];
    d.Xqp_Xl = p[XQP] - p[XL];
    d.Xdp_Xpp = p[XDP] - p[XDPP];
    d.Xqp_Xpp = p[XQP] - p[XDPP];
    d.Xd_Xdp = p[XD] - p[XDP];
    d.Xq_Xqp = p[XQ] - p[XQP];
    d.Xq_Xpp = p[XQ] - p[XDPP];
    d.Xpp = p[XDPP];
    d.Ra = p[RA];
    d.K1d = d.Xdp_Xpp * d.Xd_Xdp / (d.Xdp_Xl * d.Xdp_Xl);
    d.K3d = (p[XDPP] - p[XL]) / d.Xdp_Xl;
    d.K4d = d.Xdp_Xpp / d.Xdp_Xl;
    d.K1q = d.Xqp_Xpp * d.Xq_Xqp / (d.Xqp_Xl * d.Xqp_Xl);
    d.K3q = (p[XDPP] - p[XL]) / d.Xqp_Xl;
    d.K4q = d.Xqp_Xpp / d.Xqp_Xl;
    d.rate_dop = 1.0 / p[TDOP];
    d.rate_dopp = 1.0 / p[TDOPP];
    d.rate_qop = 1.0 / p[TQOP];
    d.rate_qopp = 1.0 / p[TQOPP];
    d.per_2H = 0.5 / p[H];
    d.D = p[D];
    // A and B through B (1 - A)^2 = S(1.0) and B (1.2 - A)^2 / 1.2 = S(1.2).
    const auto saturates = p[S10] > 0.0;
    const P ratio = sqrt_(1.2 * p[S12] / select_(saturates, p[S10], P(1.0)));
    d.A = select_(saturates, (ratio - 1.2) / (ratio - 1.0), P(1.0));
    d.B = select_(saturates, p[S10] / ((1.0 - d.A) * (1.0 - d.A)), P(0.0));
    d.q_share = (p[XQ] - p[XL]) / (p[XD] - p[XL]);
    d.per_Z2 = 1.0 / (p[RA] * p[RA] + p[XDPP] * p[XDPP]);
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.w0 = P(2 * std::numbers::pi * ratings.frequency_Hz);
    d.H = p[H] * d.to_system;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static T saturation(const T& flux, const Derived<P>& d) {
    const T over = max_(flux - d.A, T(0.0));
    return d.B * over * over / flux;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    T s;
    T c;
    sincos_(x[DELTA], s, c);
    const T vd = s * in[VR] - c * in[VI];
    const T vq = c * in[VR] + s * in[VI];

    // Stator
    const T psi_d = d.K3d * x[EQP] + d.K4d * x[PSIKD];
    const T psi_q = d.K3q * x[EDP] + d.K4q * x[PSIKQ];
    const T ed = psi_q - vd;
    const T eq = psi_d - vq;
    const T id = (d.Ra * ed + d.Xpp * eq) * d.per_Z2;
    const T iq = (d.Ra * eq - d.Xpp * ed) * d.per_Z2;
    const T Te = (psi_d - d.Xpp * id) * iq + (psi_q + d.Xpp * iq) * id;

    // Rotor
    const T flux = magnitude_(psi_d, psi_q);
    const T S = saturation(flux, d);
    const T lag_d = x[EQP] - x[PSIKD] - d.Xdp_Xl * id;
    const T lag_q = x[EDP] - x[PSIKQ] + d.Xqp_Xl * iq;
    const T XadIfd = x[EQP] + d.Xd_Xdp * id + d.K1d * lag_d + S * psi_d;
    const T XaqIlq = x[EDP] - d.Xq_Xqp * iq + d.K1q * lag_q + S * psi_q * d.q_share;
    dxdt[EQP] = (in[EFD] - XadIfd) * d.rate_dop;
    dxdt[EDP] = -XaqIlq * d.rate_qop;
    dxdt[PSIKD] = lag_d * d.rate_dopp;
    dxdt[PSIKQ] = lag_q * d.rate_qopp;
    dxdt[OMEGA] = ((in[PM] - d.D * x[OMEGA]) / (1.0 + x[OMEGA]) - Te) * d.per_2H;
    dxdt[DELTA] = d.w0 * (1.0 + x[OMEGA] - in[FRAME_SPEED]);

    out[IR] = (s * id + c * iq) * d.to_system;
    out[II] = (s * iq - c * id) * d.to_system;
    out[SPEED] = x[OMEGA];
    out[PE] = vd * id + vq * iq;
    out[IFD] = XadIfd;
    out[VT] = magnitude_(in[VR], in[VI]);
  }

  /// 1/(Ra + jX'') on the system base: constant, whatever the rotor does, since X''q = X''d.
  template <class P>
  static Admittance<P> norton_admittance(const Derived<P>& d) {
    const P k = d.per_Z2 * d.to_system;
    return {d.Ra * k, -(d.Xpp * k)};
  }
  /// The current behind it: psi'' turned into the network's frame, times the admittance.
  template <class T, class P>
  BALLAST_HD static void norton_current(const T* x, const Derived<P>& d, const P*, T& Jr, T& Ji) {
    T s;
    T c;
    sincos_(x[DELTA], s, c);
    const T psi_d = d.K3d * x[EQP] + d.K4d * x[PSIKD];
    const T psi_q = d.K3q * x[EDP] + d.K4q * x[PSIKQ];
    const T er = s * psi_q + c * psi_d;
    const T ei = s * psi_d - c * psi_q;
    const P G = d.Ra * d.per_Z2 * d.to_system;
    const P B = -(d.Xpp * d.per_Z2 * d.to_system);
    Jr = G * er - B * ei;
    Ji = B * er + G * ei;
  }

  /// Weight in the island's frame speed, MW s per MVA of the system base.
  template <class P>
  static P inertia(const Derived<P>& d) {
    return d.H;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double ir = rest.out[IR] / d.to_system;
    const double ii = rest.out[II] / d.to_system;
    // psi'' = V + (Ra + jX'') I has a magnitude that does not depend on delta, so saturation is known; at
    // rest the q axis is the direction of psi''(1 + S q_share) + j(Xq - X'') I.
    const double er = rest.in[VR] + d.Ra * ir - d.Xpp * ii;
    const double ei = rest.in[VI] + d.Ra * ii + d.Xpp * ir;
    const double S = saturation(magnitude_(er, ei), d);
    const double k = 1 + S * d.q_share;
    x[DELTA] = atan2_(ei * k + d.Xq_Xpp * ir, er * k - d.Xq_Xpp * ii);
    double s = 0;
    double c = 0;
    sincos_(x[DELTA], s, c);
    const double id = s * ir - c * ii;
    const double iq = c * ir + s * ii;
    const double psi_q = s * er - c * ei;
    const double psi_d = c * er + s * ei;
    x[EQP] = psi_d + d.Xdp_Xpp * id;
    x[EDP] = psi_q - d.Xqp_Xpp * iq;
    x[PSIKD] = x[EQP] - d.Xdp_Xl * id;
    x[PSIKQ] = x[EDP] + d.Xqp_Xl * iq;
    x[OMEGA] = 0;
    rest.in[EFD] = x[EQP] + d.Xd_Xdp * id + S * psi_d;
    rest.in[PM] = (psi_d - d.Xpp * id) * iq + (psi_q + d.Xpp * iq) * id;
    rest.out[SPEED] = 0;
    rest.out[IFD] = rest.in[EFD];
    rest.out[VT] = magnitude_(rest.in[VR], rest.in[VI]);
    rest.out[PE] = rest.in[VR] * ir + rest.in[VI] * ii;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Genrou, "GENROU");

}  // namespace ballast
