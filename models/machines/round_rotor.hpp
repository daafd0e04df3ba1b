/// \file
/// Round-rotor synchronous machine, for both saturation laws.
#pragma once

#include "models/machines/synchronous.hpp"

namespace ballast {

/// Two damper windings on the q axis, one on the d axis (synchronous.hpp):
///
///   0 ──►(+)─► 1/(s T'qo) ─► E'd ─┬─► K3q ───────────────────────►(+)─► psi''q
///         ▲ - XaqIlq              └─►(+)─► 1/(s T''qo) ─► psi_kq ─► K4q
///                                     ▲ - psi_kq + (X'q - Xl) iq
///
/// Saturation S(|psi''|) on both axes, with the share (Xq - Xl)/(Xd - Xl) on the q axis.
template <class Law>
struct RoundRotor : SynchronousMachine {
  enum State { EQP, EDP, PSIKD, PSIKQ, OMEGA, DELTA, kStates };
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

  template <class P>
  struct Derived : Common<P> {
    P K1q, K3q, K4q, Xq_Xqp, Xqp_Xl, Xqp_Xpp;
    P rate_qop, rate_qopp;  ///< 1/s
    typename Law::template Curve<P> saturation;
  };

  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    derive_common<RoundRotor>(p, ratings, d);
    d.Xqp_Xl = p[XQP] - p[XL];
    d.Xqp_Xpp = p[XQP] - p[XDPP];
    d.Xq_Xqp = p[XQ] - p[XQP];
    d.K1q = d.Xqp_Xpp * d.Xq_Xqp / (d.Xqp_Xl * d.Xqp_Xl);
    d.K3q = (p[XDPP] - p[XL]) / d.Xqp_Xl;
    d.K4q = d.Xqp_Xpp / d.Xqp_Xl;
    d.rate_qop = 1.0 / p[TQOP];
    d.rate_qopp = 1.0 / p[TQOPP];
    d.saturation = Law::through(p[S10], p[S12]);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    const T psi_d = d.K3d * x[EQP] + d.K4d * x[PSIKD];
    const T psi_q = d.K3q * x[EDP] + d.K4q * x[PSIKQ];
    const Stator<T> r = stator(x[DELTA], in, psi_d, psi_q, d);
    const T S = saturation_at(d.saturation, magnitude_(psi_d, psi_q));
    const T XadIfd = direct_axis(x[EQP], x[PSIKD], r.id, T(S * psi_d), in[EFD], d, dxdt[EQP], dxdt[PSIKD]);
    const T lag_q = x[EDP] - x[PSIKQ] + d.Xqp_Xl * r.iq;
    const T XaqIlq = x[EDP] - d.Xq_Xqp * r.iq + d.K1q * lag_q + S * psi_q * d.q_share;
    dxdt[EDP] = -XaqIlq * d.rate_qop;
    dxdt[PSIKQ] = lag_q * d.rate_qopp;
    shaft_and_outputs(x[OMEGA], in, r, XadIfd, d, dxdt[OMEGA], dxdt[DELTA], out);
  }

  template <class T, class P>
  BALLAST_HD static void norton_current(const T* x, const Derived<P>& d, const P*, T& Jr, T& Ji) {
    norton_current_of(x[DELTA], T(d.K3d * x[EQP] + d.K4d * x[PSIKD]), T(d.K3q * x[EDP] + d.K4q * x[PSIKQ]), d,
                      Jr, Ji);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    // |psi''| does not depend on delta, so saturation is known before it.
    const SubtransientFlux e = flux_at_rest(rest, d);
    const double S = saturation_at(d.saturation, magnitude_(e.real, e.imaginary));
    const RotorFrame f = rotor_frame(rest, e, S * d.q_share, d);
    x[DELTA] = f.delta;
    x[EQP] = f.psi_d + d.Xdp_Xpp * f.id;
    x[EDP] = f.psi_q - d.Xqp_Xpp * f.iq;
    x[PSIKD] = x[EQP] - d.Xdp_Xl * f.id;
    x[PSIKQ] = x[EDP] + d.Xqp_Xl * f.iq;
    x[OMEGA] = 0;
    finish_at_rest(rest, f, x[EQP] + d.Xd_Xdp * f.id + S * f.psi_d, d);
    return Outcome::fine();
  }
};

}  // namespace ballast
