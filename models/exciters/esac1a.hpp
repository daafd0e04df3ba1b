/// \file
/// Alternator-rectifier excitation system.
#pragma once

#include "models/blocks.hpp"
#include "models/exciters/rectifier.hpp"
#include "models/saturation.hpp"

namespace ballast {

/// Alternator with uncontrolled rectifiers and feedback from the exciter field, IEEE 421.5 type AC1A, PSS/E
/// ESAC1A.
///
///                                            VAMAX     VRMAX
///        1                 1 + s TC      KA  ─────     ─────   VR         1        VE
///  Vt ─────── ─►(-)──(+)─► ──────── ─► ────────── ──►  ───── ──►(+)──► ──────── ─┬─────► FEX(IN) ──► Efd
///     1 + s TR   ▲    ▲-   1 + s TB    1 + s TA        VRMIN     ▲-     s TE     │          ▲
///                │    │                ─────                     │     ─────     │  IN = KC Ifd / VE
///        Vref + Vs    VF               VAMIN                     │ VFE   0       │
///                     │    s KF                                  │               │
///                     └── ──────── ◄─────────────────────────────┴── KE VE + SE(VE) VE + KD Ifd
///                         1 + s TF
///
/// SE is quadratic, B (E - A)^2 / E through (E1, SE(E1)) and (E2, SE(E2)); the exponential of IEEE 421.5 is
/// 17 times farther from PSS/E's curve.
/// Deviations: no inputs for over- and underexcitation limiters (the gates between VA and VR are absent).
struct Esac1a : ModelDefaults {
  static constexpr const char* title = "Alternator-rectifier excitation system, IEEE type AC1A";
  static constexpr const char* source =
      "IEEE 421.5-2005 type AC1A, PSS/E model library (public descriptions), ANDES";
  static constexpr const char* validated =
      "PSS/E curves ESAC1A without and with exciter saturation: rotor angle within 0.017 and 0.012 deg, V "
      "within 5.6e-5 and 3.8e-5 pu over 20 s (both without rectifier loading, KC = KD = 0); ANDES on IEEE 39 "
      "with KC 0.2, KD 0.38: speed within 4.7e-6 pu of a swing of 1.1e-2, V within 7.9e-5 pu over 10 s";
  static constexpr Role role = Role::EXCITER;

  enum State { SENSED, LEAD_LAG, REGULATOR, ALTERNATOR, FEEDBACK, kStates };
  enum Input { VT, IFD, VS, VREF, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit { REGULATOR_LIMIT, FIELD_LIMIT, ALTERNATOR_LIMIT, kLimits };
  enum Parameter {
    TR,
    TB,
    TC,
    KA,
    TA,
    VAMAX,
    VAMIN,
    TE,
    KF,
    TF,
    KC,
    KD,
    KE,
    E1,
    SE1,
    E2,
    SE2,
    VRMAX,
    VRMIN,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"TR", "s", not_negative(), within(0, 0.1), "voltage measurement time constant"},
      {"TB", "s", not_negative(), within(0, 20), "lag time constant"},
      {"TC", "s", not_negative(), within(0, 20), "lead time constant"},
      {"KA", "pu", positive(), within(10, 1000), "regulator gain"},
      {"TA", "s", not_negative(), within(0, 0.2), "regulator time constant"},
      {"VAMAX", "pu", anything(), within(2, 20), "upper regulator limit"},
      {"VAMIN", "pu", anything(), within(-20, 0), "lower regulator limit"},
      {"TE", "s", positive(), within(0.1, 2), "exciter time constant"},
      {"KF", "pu", not_negative(), within(0, 0.3), "rate feedback gain"},
      {"TF", "s", positive(), within(0.3, 2), "rate feedback time constant"},
      {"KC", "pu", not_negative(), within(0, 1), "rectifier loading factor"},
      {"KD", "pu", not_negative(), within(0, 1.5), "demagnetising factor of the exciter"},
      {"KE", "pu", anything(), within(0, 1.2), "exciter field constant"},
      {"E1", "pu", not_negative(), within(0, 10), "first exciter voltage"},
      {"SE(E1)", "1", not_negative(), within(0, 1.5), "saturation at E1"},
      {"E2", "pu", not_negative(), within(0, 10), "second exciter voltage"},
      {"SE(E2)", "1", not_negative(), within(0, 1.5), "saturation at E2"},
      {"VRMAX", "pu", anything(), within(2, 20), "upper limit of the exciter field voltage"},
      {"VRMIN", "pu", anything(), within(-20, 0), "lower limit of the exciter field voltage"},
  };
  static constexpr Relation relations[] = {
      {VAMIN, Relation::BELOW, VAMAX, "no regulator output would be allowed"},
      {VRMIN, Relation::BELOW, VRMAX, "no exciter field voltage would be allowed"},
  };
  static constexpr StateInfo states[] = {
      {"Vc", "pu"}, {"lead_lag", "pu"}, {"VA", "pu"}, {"VE", "pu"}, {"feedback", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"}, {"Ifd", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu", "field voltage"}};

  template <class P>
  struct Derived {
    Lag<P> sensor, regulator;
    LeadLag<P> lead_lag;
    Saturation<P> saturation;
    P KA, VAMAX, VAMIN, VRMAX, VRMIN;
    P per_TE, per_TF, KF_TF, KC, KD, KE;
    P saturation_rise;  ///< of E SE(E) from the lower to the upper of the two points
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.sensor = make_lag<P>(p[TR]);
    d.regulator = make_lag<P>(p[TA]);
    d.lead_lag = make_lead_lag<P>(p[TC], p[TB]);
    d.saturation = make_saturation<P>(p[E1], p[SE1], p[E2], p[SE2]);
    d.KA = p[KA];
    d.VAMAX = p[VAMAX];
    d.VAMIN = p[VAMIN];
    d.VRMAX = p[VRMAX];
    d.VRMIN = p[VRMIN];
    d.per_TE = 1.0 / p[TE];
    d.per_TF = 1.0 / p[TF];
    d.KF_TF = p[KF] * d.per_TF;
    d.KC = p[KC];
    d.KD = p[KD];
    d.KE = p[KE];
    d.saturation_rise = (p[E2] * p[SE2] - p[E1] * p[SE1]) * select_(p[E2] < p[E1], P(-1.0), P(1.0));
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T VE = x[ALTERNATOR];
    const T load = d.KD * in[IFD];
    const T VFE = d.KE * VE + saturation_excess(d.saturation, VE) + load;
    const T VF = d.KF_TF * (VFE - x[FEEDBACK]);
    dxdt[FEEDBACK] = (VFE - x[FEEDBACK]) * d.per_TF;

    const T Vc = lag(d.sensor, x[SENSED], in[VT], dxdt[SENSED]);
    const T error = in[VREF] + in[VS] - Vc - VF;
    const T y = lead_lag(d.lead_lag, x[LEAD_LAG], error, dxdt[LEAD_LAG]);
    const T VA = limited_lag(d.regulator, x[REGULATOR], d.KA * y, d.VAMIN, d.VAMAX, context, REGULATOR_LIMIT,
                             dxdt[REGULATOR]);
    const T VR = limited(VA, d.VRMIN, d.VRMAX, context, FIELD_LIMIT);
    const T exciter = integrator_above(x[ALTERNATOR], (VR - VFE) * d.per_TE, 0.0, kPull, context,
                                       ALTERNATOR_LIMIT, dxdt[ALTERNATOR]);
    out[EFD] = rectified(exciter, d.KC * in[IFD]);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Efd = rest.out[EFD];
    const double Ifd = rest.in[IFD];
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;  // a stabilizer rests at zero
    const double VE = before_rectifier(Efd, d.KC * Ifd);
    const double VFE = d.KE * VE + saturation_excess(d.saturation, VE) + d.KD * Ifd;
    x[SENSED] = rest.in[VT];
    x[LEAD_LAG] = VFE / d.KA;
    x[REGULATOR] = VFE;
    x[ALTERNATOR] = VE;
    x[FEEDBACK] = VFE;
    rest.in[VS] = Vs;
    rest.in[VREF] = VFE / d.KA + rest.in[VT] - Vs;
    if (const Outcome o =
            Outcome::check("growth of exciter saturation E SE(E) from the lower to the upper point",
                           d.saturation_rise, 0, kInfinity);
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("field voltage Efd (pu, a rectifier gives no negative one)", Efd, 0, kInfinity);
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("regulator output VA (pu, VAMIN..VAMAX)", VFE, d.VAMIN, d.VAMAX, {VAMIN}, {VAMAX});
        !o.ok())
      return o;
    return Outcome::check("exciter field voltage VR (pu, VRMIN..VRMAX)", VFE, d.VRMIN, d.VRMAX, {VRMIN},
                          {VRMAX});
  }

 private:
  static constexpr double kPull = 100;  ///< 1/s
};
BALLAST_MODEL(Esac1a, "ESAC1A");

}  // namespace ballast
