/// \file
/// Salient-pole synchronous machine.
#pragma once

#include <numbers>

#include "models/contract.hpp"
#include "models/saturation.hpp"

namespace ballast {

/// Salient-pole machine with one field and one damper winding on the d axis, one damper winding on the q
/// axis, PSS/E GENSAL. Saturation is quadratic, B (u - A)^2 / u through S(1.0) and S(1.2), of E'q and on the
/// d axis only; S(1.0) = 0 means none.
///
///   Efd ─►(+)─► 1/(s T'do) ─► E'q ─┬─► K3d ────────────────────────►(+)─► psi''d ─┐
///          ▲ - XadIfd              └─►(+)─► 1/(s T''do) ─► psi_kd ─► K4d ─┘       ├─► stator ─► id, iq
///                                      ▲ - psi_kd - (X'd - Xl) id                 │
///   (Xq - X'') iq ─►(+)─► 1/(s T''qo) ─► psi''q ──────────────────────────────────┘
///                    ▲ - psi''q
///   stator: V = psi'' - (Ra + jX'') I
///   Pm ──►  2H dw/dt = (Pm - D w)/(1 + w) - Te,   d(delta)/dt = w0 (1 + w - frame_speed)
///
/// X''q = X''d. No speed in the stator equation. The rotor angle delta is that of the q axis. Rotor and
/// network are related by [id; iq] = [sin d, -cos d; cos d, sin d][Ir; Ii] on the machine base.
/// Deviations: none known.
struct Gensal : ModelDefaults {
  static constexpr const char* title = "Salient-pole synchronous machine, quadratic saturation";
  static constexpr const char* source =
      "PSS/E model library (public descriptions), ANDES and OpenIPSL for the equations; conventions tested "
      "on PSS/E curves";
  static constexpr const char* validated = "PSS/E curve GENSAL: rotor angle within 0.0015 deg over 20 s";
  static constexpr Role role = Role::MACHINE;

  enum State { EQP, PSIKD, PSIQ, OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, EFD, PM, kInputs };
  enum Output { IR, II, SPEED, PE, IFD, VT, kOutputs };
  enum Parameter { TDOP, TDOPP, TQOPP, H, D, XD, XQ, XDP, XDPP, XL, S10, S12, RA, kParameters };
  static constexpr int kRecordParameters = RA;

  static constexpr ParameterInfo parameters[] = {
      {"Tdop", "s", positive(), within(1, 15), "d-axis transient open-circuit time constant"},
      {"Tdopp", "s", positive(), within(0.01, 0.2), "d-axis subtransient open-circuit time constant"},
      {"Tqopp", "s", positive(), within(0.01, 0.2), "q-axis subtransient open-circuit time constant"},
      {"H", "s", positive(), within(0.5, 15), "inertia constant"},
      {"D", "pu", not_negative(), within(0, 4), "speed damping"},
      {"Xd", "pu", positive(), within(0.5, 3), "d-axis synchronous reactance"},
      {"Xq", "pu", positive(), within(0.3, 3), "q-axis synchronous reactance"},
      {"Xdp", "pu", positive(), within(0.1, 0.7), "d-axis transient reactance"},
      {"Xdpp", "pu", positive(), within(0.08, 0.4), "subtransient reactance, both axes"},
      {"Xl", "pu", not_negative(), within(0.03, 0.3), "leakage reactance"},
      {"S10", "pu", not_negative(), within(0, 0.5), "saturation at 1.0 pu flux; 0 = none"},
      {"S12", "pu", not_negative(), within(0, 1.5), "saturation at 1.2 pu flux"},
      {"Ra", "pu", not_negative(), within(0, 0.02), "stator resistance (RAW: real part of ZSOURCE)"},
  };
  static constexpr Relation relations[] = {
      {XDP, Relation::NOT_ABOVE, XD, "the field winding would have a negative reactance"},
      {XDPP, Relation::NOT_ABOVE, XDP, "the d-axis damper would have a negative reactance"},
      {XDPP, Relation::NOT_ABOVE, XQ, "the q-axis damper would have a negative reactance"},
      {XL, Relation::NOT_ABOVE, XDPP, "leakage is a part of the subtransient reactance"},
      {XL, Relation::BELOW, XDP, "the d-axis damper would have no reactance"},
      {S10, Relation::NOT_ABOVE, S12, "saturation grows with flux"},
  };
  static constexpr StateInfo states[] = {{"Eqp", "pu"},
                                         {"psikd", "pu"},
                                         {"psiq", "pu"},
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
    P K1d, K3d, K4d;
    P rate_dop, rate_dopp, rate_qopp;  ///< 1/s
    P per_2H, D, H;                    ///< H on the system base
    P Xd_Xdp, Xdp_Xl, Xdp_Xpp, Xq_Xpp, Xpp, Ra;
    Saturation<P> saturation;
    P per_Z2;     ///< 1/(Ra^2 + X''^2)
    P to_system;  ///< machine base to system base
    P w0;         ///< rad/s
  };

  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.Xdp_Xl = p[XDP] - p[XL];
    d.Xdp_Xpp = p[XDP] - p[XDPP];
    d.Xd_Xdp = p[XD] - p[XDP];
    d.Xq_Xpp = p[XQ] - p[XDPP];
    d.Xpp = p[XDPP];
    d.Ra = p[RA];
    d.K1d = d.Xdp_Xpp * d.Xd_Xdp / (d.Xdp_Xl * d.Xdp_Xl);
    d.K3d = (p[XDPP] - p[XL]) / d.Xdp_Xl;
    d.K4d = d.Xdp_Xpp / d.Xdp_Xl;
    d.rate_dop = 1.0 / p[TDOP];
    d.rate_dopp = 1.0 / p[TDOPP];
    d.rate_qopp = 1.0 / p[TQOPP];
    d.per_2H = 0.5 / p[H];
    d.D = p[D];
    d.saturation = make_saturation<P>(P(1.0), p[S10], P(1.2), select_(p[S10] > 0.0, p[S12], P(0.0)));
    d.per_Z2 = 1.0 / (p[RA] * p[RA] + p[XDPP] * p[XDPP]);
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.w0 = P(2 * std::numbers::pi * ratings.frequency_Hz);
    d.H = p[H] * d.to_system;
    return d;
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
    const T ed = x[PSIQ] - vd;
    const T eq = psi_d - vq;
    const T id = (d.Ra * ed + d.Xpp * eq) * d.per_Z2;
    const T iq = (d.Ra * eq - d.Xpp * ed) * d.per_Z2;
    const T Te = (psi_d - d.Xpp * id) * iq + (x[PSIQ] + d.Xpp * iq) * id;

    // Rotor
    const T lag_d = x[EQP] - x[PSIKD] - d.Xdp_Xl * id;
    const T XadIfd = x[EQP] + saturation_excess(d.saturation, x[EQP]) + d.Xd_Xdp * id + d.K1d * lag_d;
    dxdt[EQP] = (in[EFD] - XadIfd) * d.rate_dop;
    dxdt[PSIKD] = lag_d * d.rate_dopp;
    dxdt[PSIQ] = (d.Xq_Xpp * iq - x[PSIQ]) * d.rate_qopp;
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
    const T er = s * x[PSIQ] + c * psi_d;
    const T ei = s * psi_d - c * x[PSIQ];
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
    // The q axis is the direction of V + (Ra + jXq) I.
    const double Xq = d.Xq_Xpp + d.Xpp;
    x[DELTA] = atan2_(rest.in[VI] + d.Ra * ii + Xq * ir, rest.in[VR] + d.Ra * ir - Xq * ii);
    double s = 0;
    double c = 0;
    sincos_(x[DELTA], s, c);
    const double id = s * ir - c * ii;
    const double iq = c * ir + s * ii;
    const double psi_d = c * rest.in[VR] + s * rest.in[VI] + d.Ra * iq + d.Xpp * id;
    x[EQP] = psi_d + d.Xdp_Xpp * id;
    x[PSIKD] = x[EQP] - d.Xdp_Xl * id;
    x[PSIQ] = d.Xq_Xpp * iq;
    x[OMEGA] = 0;
    rest.in[EFD] = x[EQP] + saturation_excess(d.saturation, x[EQP]) + d.Xd_Xdp * id;
    rest.in[PM] = (psi_d - d.Xpp * id) * iq + (x[PSIQ] + d.Xpp * iq) * id;
    rest.out[SPEED] = 0;
    rest.out[IFD] = rest.in[EFD];
    rest.out[VT] = magnitude_(rest.in[VR], rest.in[VI]);
    rest.out[PE] = rest.in[VR] * ir + rest.in[VI] * ii;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Gensal, "GENSAL");

}  // namespace ballast
