/// \file
/// What GENROU, GENROE, GENSAL and GENSAE share: the stator, the d axis with a field and one damper winding,
/// the shaft, the Norton form. Their q axes and saturation differ (round_rotor.hpp, salient_pole.hpp).
#pragma once

#include <numbers>

#include "models/contract.hpp"
#include "models/saturation.hpp"

namespace ballast {

/// A machine with X''q = X''d and no speed in the stator equation, V = psi'' - (Ra + jX'') I.
///
///   Efd ─►(+)─► 1/(s T'do) ─► E'q ─┬─► K3d ────────────────────────►(+)─► psi''d ─┐
///          ▲ - XadIfd              └─►(+)─► 1/(s T''do) ─► psi_kd ─► K4d ─┘       ├─► stator ─► id, iq
///                                      ▲ - psi_kd - (X'd - Xl) id                 │
///   q axis of the machine ───────────────────────────────────────► psi''q ────────┘
///   Pm ──►  2H dw/dt = (Pm - D w)/(1 + w) - Te,   d(delta)/dt = w0 (1 + w - frame_speed)
///
/// The rotor angle delta is that of the q axis. Rotor and network are related by
/// [id; iq] = [sin d, -cos d; cos d, sin d][Ir; Ii] on the machine base.
struct SynchronousMachine : ModelDefaults {
  static constexpr Role role = Role::MACHINE;

  enum Input { VR, VI, FRAME_SPEED, EFD, PM, kInputs };
  enum Output { IR, II, SPEED, PE, IFD, VT, kOutputs };
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
  struct Common {
    P K1d, K3d, K4d, Xd_Xdp, Xdp_Xl, Xdp_Xpp;
    P rate_dop, rate_dopp;  ///< 1/s
    P Xq_Xpp, Xpp, Ra;
    P q_share;       ///< of saturation on the q axis, (Xq - Xl)/(Xd - Xl)
    P per_2H, D, H;  ///< H on the system base
    P per_Z2;        ///< 1/(Ra^2 + X''^2)
    P to_system;     ///< machine base to system base
    P w0;            ///< rad/s
  };

  /// Fills the common part of d from the parameters that every machine M has.
  template <class M, class P>
  static void derive_common(const P* p, const Ratings& ratings, Common<P>& d) {
    d.Xdp_Xl = p[M::XDP] - p[M::XL];
    d.Xdp_Xpp = p[M::XDP] - p[M::XDPP];
    d.Xd_Xdp = p[M::XD] - p[M::XDP];
    d.Xq_Xpp = p[M::XQ] - p[M::XDPP];
    d.Xpp = p[M::XDPP];
    d.Ra = p[M::RA];
    d.K1d = d.Xdp_Xpp * d.Xd_Xdp / (d.Xdp_Xl * d.Xdp_Xl);
    d.K3d = (p[M::XDPP] - p[M::XL]) / d.Xdp_Xl;
    d.K4d = d.Xdp_Xpp / d.Xdp_Xl;
    d.rate_dop = 1.0 / p[M::TDOP];
    d.rate_dopp = 1.0 / p[M::TDOPP];
    d.q_share = (p[M::XQ] - p[M::XL]) / (p[M::XD] - p[M::XL]);
    d.per_2H = 0.5 / p[M::H];
    d.D = p[M::D];
    d.per_Z2 = 1.0 / (p[M::RA] * p[M::RA] + p[M::XDPP] * p[M::XDPP]);
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.w0 = P(2 * std::numbers::pi * ratings.frequency_Hz);
    d.H = p[M::H] * d.to_system;
  }

  /// Voltage and current in the rotor's frame, torque; machine base.
  template <class T>
  struct Stator {
    T sine, cosine, vd, vq, id, iq, Te;
  };
  template <class T, class P>
  BALLAST_HD static Stator<T> stator(const T& delta, const T* in, const T& psi_d, const T& psi_q,
                                     const Common<P>& d) {
    Stator<T> r;
    sincos_(delta, r.sine, r.cosine);
    r.vd = r.sine * in[VR] - r.cosine * in[VI];
    r.vq = r.cosine * in[VR] + r.sine * in[VI];
    const T ed = psi_q - r.vd;
    const T eq = psi_d - r.vq;
    r.id = (d.Ra * ed + d.Xpp * eq) * d.per_Z2;
    r.iq = (d.Ra * eq - d.Xpp * ed) * d.per_Z2;
    r.Te = (psi_d - d.Xpp * r.id) * r.iq + (psi_q + d.Xpp * r.iq) * r.id;
    return r;
  }

  /// The d axis: rates of E'q and psi_kd; returns the field current XadIfd. `saturated` is its extra
  /// excitation.
  template <class T, class P>
  BALLAST_HD static T direct_axis(const T& Eqp, const T& psi_kd, const T& id, const T& saturated,
                                  const T& Efd, const Common<P>& d, T& dEqp, T& dpsi_kd) {
    const T lag = Eqp - psi_kd - d.Xdp_Xl * id;
    const T XadIfd = Eqp + d.Xd_Xdp * id + d.K1d * lag + saturated;
    dEqp = (Efd - XadIfd) * d.rate_dop;
    dpsi_kd = lag * d.rate_dopp;
    return XadIfd;
  }

  /// The shaft's rates and everything a machine gives.
  template <class T, class P>
  BALLAST_HD static void shaft_and_outputs(const T& omega, const T* in, const Stator<T>& r, const T& XadIfd,
                                           const Common<P>& d, T& domega, T& ddelta, T* out) {
    domega = ((in[PM] - d.D * omega) / (1.0 + omega) - r.Te) * d.per_2H;
    ddelta = d.w0 * (1.0 + omega - in[FRAME_SPEED]);
    out[IR] = (r.sine * r.id + r.cosine * r.iq) * d.to_system;
    out[II] = (r.sine * r.iq - r.cosine * r.id) * d.to_system;
    out[SPEED] = omega;
    out[PE] = r.vd * r.id + r.vq * r.iq;
    out[IFD] = XadIfd;
    out[VT] = magnitude_(in[VR], in[VI]);
  }

  /// 1/(Ra + jX'') on the system base: constant, whatever the rotor does, since X''q = X''d.
  template <class P>
  static Admittance<P> norton_admittance(const Common<P>& d) {
    const P k = d.per_Z2 * d.to_system;
    return {d.Ra * k, -(d.Xpp * k)};
  }
  /// The current behind it: psi'' turned into the network's frame, times the admittance.
  template <class T, class P>
  BALLAST_HD static void norton_current_of(const T& delta, const T& psi_d, const T& psi_q, const Common<P>& d,
                                           T& Jr, T& Ji) {
    T s;
    T c;
    sincos_(delta, s, c);
    const T er = s * psi_q + c * psi_d;
    const T ei = s * psi_d - c * psi_q;
    const P G = d.Ra * d.per_Z2 * d.to_system;
    const P B = -(d.Xpp * d.per_Z2 * d.to_system);
    Jr = G * er - B * ei;
    Ji = B * er + G * ei;
  }

  /// Weight in the island's frame speed, MW s per MVA of the system base.
  template <class P>
  static P inertia(const Common<P>& d) {
    return d.H;
  }

  /// psi'' = V + (Ra + jX'') I at rest, in the network's frame, machine base.
  struct SubtransientFlux {
    double real, imaginary;
  };
  static SubtransientFlux flux_at_rest(const Rest& rest, const Common<double>& d) {
    const double ir = rest.out[IR] / d.to_system;
    const double ii = rest.out[II] / d.to_system;
    return {rest.in[VR] + d.Ra * ir - d.Xpp * ii, rest.in[VI] + d.Ra * ii + d.Xpp * ir};
  }

  /// The machine at rest in the rotor's frame, machine base. `delta` is found from S q_share, the saturation
  /// of the q axis (0: none): the q axis is the direction of psi''(1 + S q_share) + j(Xq - X'') I.
  struct RotorFrame {
    double delta, id, iq, psi_d, psi_q;
  };
  static RotorFrame rotor_frame(const Rest& rest, const SubtransientFlux& e, double q_saturation,
                                const Common<double>& d) {
    const double ir = rest.out[IR] / d.to_system;
    const double ii = rest.out[II] / d.to_system;
    const double k = 1 + q_saturation;
    RotorFrame f{};
    f.delta = atan2_(e.imaginary * k + d.Xq_Xpp * ir, e.real * k - d.Xq_Xpp * ii);
    double s = 0;
    double c = 0;
    sincos_(f.delta, s, c);
    f.id = s * ir - c * ii;
    f.iq = c * ir + s * ii;
    f.psi_q = s * e.real - c * e.imaginary;
    f.psi_d = c * e.real + s * e.imaginary;
    return f;
  }

  /// What the machine asks for and gives at rest, once its rotor is known.
  static void finish_at_rest(Rest& rest, const RotorFrame& f, double Efd, const Common<double>& d) {
    rest.in[EFD] = Efd;
    rest.in[PM] = (f.psi_d - d.Xpp * f.id) * f.iq + (f.psi_q + d.Xpp * f.iq) * f.id;
    rest.out[SPEED] = 0;
    rest.out[IFD] = Efd;
    rest.out[VT] = magnitude_(rest.in[VR], rest.in[VI]);
    rest.out[PE] = (rest.in[VR] * rest.out[IR] + rest.in[VI] * rest.out[II]) / d.to_system;
  }
};

}  // namespace ballast
