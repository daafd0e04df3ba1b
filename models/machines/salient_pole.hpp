/// \file
/// Salient-pole synchronous machine, for both saturation laws.
#pragma once

#include "models/machines/synchronous.hpp"

namespace ballast {

/// What saturates: GENSAL's field by E'q alone, GENSAE both axes by |psi''|.
enum class SalientSaturation { OF_EQP, OF_AIR_GAP_FLUX };

/// One damper winding on the q axis, one on the d axis (synchronous.hpp):
///
///   (Xq - X'') iq ─►(+)─► 1/(s T''qo) ─► psi''q
///                    ▲ - psi''q (1 + S (Xq - Xl)/(Xd - Xl))
///
template <class Law, SalientSaturation kSaturates>
struct SalientPole : SynchronousMachine {
  enum State { EQP, PSIKD, PSIQ, OMEGA, DELTA, kStates };
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

  template <class P>
  struct Derived : Common<P> {
    P rate_qopp;  ///< 1/s
    typename Law::template Curve<P> saturation;
  };

  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    derive_common<SalientPole>(p, ratings, d);
    d.rate_qopp = 1.0 / p[TQOPP];
    d.saturation = Law::through(p[S10], p[S12]);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    const T psi_d = d.K3d * x[EQP] + d.K4d * x[PSIKD];
    const Stator<T> r = stator(x[DELTA], in, psi_d, x[PSIQ], d);
    T field_excess;
    T q_excess = T(0.0);
    if constexpr (kOfFlux) {
      const T S = saturation_at(d.saturation, magnitude_(psi_d, x[PSIQ]));
      field_excess = S * psi_d;
      q_excess = S * x[PSIQ] * d.q_share;
    } else {
      field_excess = saturation_excess(d.saturation, x[EQP]);
    }
    const T XadIfd = direct_axis(x[EQP], x[PSIKD], r.id, field_excess, in[EFD], d, dxdt[EQP], dxdt[PSIKD]);
    dxdt[PSIQ] = (d.Xq_Xpp * r.iq - x[PSIQ] - q_excess) * d.rate_qopp;
    shaft_and_outputs(x[OMEGA], in, r, XadIfd, d, dxdt[OMEGA], dxdt[DELTA], out);
  }

  template <class T, class P>
  BALLAST_HD static void norton_current(const T* x, const Derived<P>& d, const P*, T& Jr, T& Ji) {
    norton_current_of(x[DELTA], T(d.K3d * x[EQP] + d.K4d * x[PSIKD]), x[PSIQ], d, Jr, Ji);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const SubtransientFlux e = flux_at_rest(rest, d);
    double S = 0;
    if constexpr (kOfFlux) S = saturation_at(d.saturation, magnitude_(e.real, e.imaginary));
    const RotorFrame f = rotor_frame(rest, e, S * d.q_share, d);
    x[DELTA] = f.delta;
    x[EQP] = f.psi_d + d.Xdp_Xpp * f.id;
    x[PSIKD] = x[EQP] - d.Xdp_Xl * f.id;
    x[PSIQ] = f.psi_q;
    x[OMEGA] = 0;
    double excess = S * f.psi_d;
    if constexpr (!kOfFlux) excess = saturation_excess(d.saturation, x[EQP]);
    finish_at_rest(rest, f, x[EQP] + excess + d.Xd_Xdp * f.id, d);
    return Outcome::fine();
  }

 private:
  static constexpr bool kOfFlux = kSaturates == SalientSaturation::OF_AIR_GAP_FLUX;
};

}  // namespace ballast
