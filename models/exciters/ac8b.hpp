/// \file
/// Brushless excitation system with a digital PID regulator.
#pragma once

#include "models/blocks.hpp"
#include "models/exciters/rectifier.hpp"
#include "models/need.hpp"
#include "models/saturation.hpp"

namespace ballast {

/// Alternator with rotating rectifiers and a PID regulator, IEEE 421.5 type AC8B, PSS/E AC8B.
///
///                            KIR    s KDR   VPIDMAX          VRMAX           VFE <= VFEMAX
///   Vref + Vs - Vt/(1+sTR) ─ KPR + ─── + ─────── ─────── ─► ───────── VR ─►(+)─► 1/(s TE) ─ VE ─► FEX(IN) ─►
///   Efd
///                             s   1+sTDR  VPIDMIN    KA/(1+sTA)        ▲-      >= VEMIN  │         ▲ IN = KC
///                             Ifd/VE
///                                                     VRMIN            └── VFE = KE VE + SE(VE) VE + KD Ifd
///
/// VFEMAX holds VE where KE VE + SE VE + KD Ifd = VFEMAX (non-windup). SE is quadratic, as in ESAC1A.
///
/// Deviations: the integral is itself limited to VPIDMIN..VPIDMAX (non-windup); VRMAX and VRMIN are constant,
/// also where the power stage is fed from the terminals; no inputs for over- and underexcitation limiters.
struct Ac8b : ModelDefaults {
  static constexpr const char* title = "Brushless excitation with PID regulator, IEEE type AC8B";
  static constexpr const char* source =
      "IEEE 421.5-2005 type AC8B; record order of PSS/E's AC8B as ANDES and InterPSS read it";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::EXCITER;

  enum State { SENSED, INTEGRAL, DERIVATIVE, REGULATOR, ALTERNATOR, kStates };
  enum Input { VT, IFD, VS, VREF, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit { INTEGRAL_LIMIT, PID_LIMIT, REGULATOR_LIMIT, ALTERNATOR_LIMIT, kLimits };
  enum Parameter {
    TR,
    KPR,
    KIR,
    KDR,
    TDR,
    VPIDMAX,
    VPIDMIN,
    VRMAX,
    VRMIN,
    VFEMAX,
    VEMIN,
    TA,
    KA,
    TE,
    KC,
    KD,
    KE,
    E1,
    SE1,
    E2,
    SE2,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"TR", "s", not_negative(), within(0, 0.1), "voltage measurement time constant"},
      {"KPR", "pu", not_negative(), within(0, 500), "regulator, proportional"},
      {"KIR", "pu/s", not_negative(), within(0, 500), "regulator, integral"},
      {"KDR", "pu s", not_negative(), within(0, 500), "regulator, derivative"},
      {"TDR", "s", not_negative(), within(0, 0.5), "derivative time constant"},
      {"VPIDMAX", "pu", anything(), within(0, 100), "upper limit of the PID output"},
      {"VPIDMIN", "pu", anything(), within(-100, 0), "lower limit of the PID output"},
      {"VRMAX", "pu", anything(), within(2, 100), "upper limit of the power stage"},
      {"VRMIN", "pu", anything(), within(-100, 0), "lower limit of the power stage"},
      {"VFEMAX", "pu", positive(), within(2, 100), "highest exciter field current"},
      {"VEMIN", "pu", not_negative(), within(0, 1), "lowest exciter voltage"},
      {"TA", "s", not_negative(), within(0, 0.5), "power stage time constant"},
      {"KA", "pu", positive(), within(0.5, 500), "power stage gain"},
      {"TE", "s", positive(), within(0.1, 2), "exciter time constant"},
      {"KC", "pu", not_negative(), within(0, 1), "rectifier loading factor"},
      {"KD", "pu", not_negative(), within(0, 1.5), "demagnetising factor of the exciter"},
      {"KE", "pu", anything(), within(0, 1.2), "exciter field constant"},
      {"E1", "pu", not_negative(), within(0, 10), "first exciter voltage"},
      {"SE(E1)", "1", not_negative(), within(0, 1.5), "saturation at E1"},
      {"E2", "pu", not_negative(), within(0, 10), "second exciter voltage"},
      {"SE(E2)", "1", not_negative(), within(0, 3), "saturation at E2"},
  };
  static constexpr Relation relations[] = {
      {VPIDMIN, Relation::BELOW, VPIDMAX, "no PID output would be allowed"},
      {VRMIN, Relation::BELOW, VRMAX, "no exciter field voltage would be allowed"},
  };
  static constexpr Need needs[] = {
      {KDR, TDR, "a derivative without a time constant cannot be simulated and would be left out"}};
  static constexpr StateInfo states[] = {
      {"Vc", "pu"}, {"integral", "pu"}, {"derivative", "pu"}, {"VR", "pu"}, {"VE", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"}, {"Ifd", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu", "field voltage"}};

  template <class P>
  struct Derived {
    Lag<P> sensor, derivative, regulator;
    Saturation<P> saturation;
    P KPR, KIR, KDR_TDR, VPIDMAX, VPIDMIN, KA, VRMAX, VRMIN, VFEMAX, VEMIN, per_TE, KC, KD, KE;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.sensor = make_lag<P>(p[TR]);
    d.derivative = make_lag<P>(p[TDR]);
    d.regulator = make_lag<P>(p[TA]);
    d.saturation = make_saturation<P>(p[E1], p[SE1], p[E2], p[SE2]);
    d.KPR = p[KPR];
    d.KIR = p[KIR];
    d.KDR_TDR = p[KDR] * d.derivative.rate;
    d.VPIDMAX = p[VPIDMAX];
    d.VPIDMIN = p[VPIDMIN];
    d.KA = p[KA];
    d.VRMAX = p[VRMAX];
    d.VRMIN = p[VRMIN];
    d.VFEMAX = p[VFEMAX];
    d.VEMIN = p[VEMIN];
    d.per_TE = 1.0 / p[TE];
    d.KC = p[KC];
    d.KD = p[KD];
    d.KE = p[KE];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    // Regulator
    const T Vc = lag(d.sensor, x[SENSED], in[VT], dxdt[SENSED]);
    const T error = in[VREF] + in[VS] - Vc;
    const T integral = limited_integrator(x[INTEGRAL], T(d.KIR * error), d.VPIDMIN, d.VPIDMAX, kPull, context,
                                          INTEGRAL_LIMIT, dxdt[INTEGRAL]);
    const T derivative = d.KDR_TDR * (error - x[DERIVATIVE]);
    dxdt[DERIVATIVE] = (error - x[DERIVATIVE]) * d.derivative.rate;
    const T PID = limited(T(d.KPR * error + integral + derivative), d.VPIDMIN, d.VPIDMAX, context, PID_LIMIT);
    const T VR = limited_lag(d.regulator, x[REGULATOR], T(d.KA * PID), d.VRMIN, d.VRMAX, context,
                             REGULATOR_LIMIT, dxdt[REGULATOR]);

    // Exciter. Its upper limit is where VFE = VFEMAX: VE lies above it by as much as VFE above VFEMAX, in
    // sign and zero.
    const T VE = x[ALTERNATOR];
    const T VFE = d.KE * VE + saturation_excess(d.saturation, VE) + d.KD * in[IFD];
    limited_integrator(VE, T((VR - VFE) * d.per_TE), d.VEMIN, T(VE + d.VFEMAX - VFE), kPull, context,
                       ALTERNATOR_LIMIT, dxdt[ALTERNATOR]);
    out[EFD] = rectified(VE, T(d.KC * in[IFD]));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Efd = rest.out[EFD];
    const double Ifd = rest.in[IFD];
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;  // a stabilizer rests at zero
    const double VE = before_rectifier(Efd, d.KC * Ifd);
    const double VFE = d.KE * VE + saturation_excess(d.saturation, VE) + d.KD * Ifd;
    const double PID = VFE / d.KA;
    // Without an integral an error has to stay; without either gain nothing could.
    const bool integrates = d.KIR > 0;
    const double error = integrates || d.KPR <= 0 ? 0 : PID / d.KPR;
    x[SENSED] = rest.in[VT];
    x[INTEGRAL] = integrates || d.KPR <= 0 ? PID : 0;
    x[DERIVATIVE] = error;
    x[REGULATOR] = VFE;
    x[ALTERNATOR] = VE;
    rest.in[VS] = Vs;
    rest.in[VREF] = error + rest.in[VT] - Vs;
    if (d.KPR + d.KIR <= 0)
      return {"regulator gains KPR + KIR (one above zero)", d.KPR + d.KIR, 1e-6, kInfinity};
    if (const Outcome o = Outcome::check("PID output (pu, VPIDMIN..VPIDMAX)", PID, d.VPIDMIN, d.VPIDMAX,
                                         {VPIDMIN}, {VPIDMAX});
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("exciter field voltage VR (pu, VRMIN..VRMAX)", VFE, d.VRMIN, d.VRMAX,
                                         {VRMIN}, {VRMAX});
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("exciter field current VFE (pu, up to VFEMAX)", VFE, -kInfinity,
                                         d.VFEMAX, {}, {VFEMAX});
        !o.ok())
      return o;
    return Outcome::check("exciter voltage VE (pu, VEMIN..)", VE, d.VEMIN, kInfinity, {VEMIN});
  }

 private:
  static constexpr double kPull = 100;  ///< 1/s
};
BALLAST_MODEL(Ac8b, "AC8B");

}  // namespace ballast
