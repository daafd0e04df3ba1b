/// \file
/// Grid-forming converter as a virtual synchronous machine.
#pragma once

#include "models/converters/grid_forming.hpp"

namespace ballast {

/// Virtual synchronous machine, WECC REGFM_B1. A phase-locked loop observes the terminal voltage; the
/// internal voltage stands at the angle delta_PLL + delta_IT.
///
///   2H d(wm)/dt = Pref - P + (Wref - w)/(mp (1 + s Tp)) - D1 wm - D2 s/(s + wD) wm,  Dwmin..Dwmax
///                 w = wm (wFlag 0) or wPLL (wFlag 1); no droop with FFlag = 0
///   d(delta_IT)/dt = w0 (wm - wPLL), delta_min..delta_max
///   wPLL = (kpPLL + kiPLL/s) Vq, DwPLLmin..DwPLLmax, zero while V < VPLLfrz
///   E = (kpv + kiv/s)(Vcmd - V), Emin..Emax
///   Vcmd = Vref + mq (Qref - Q) (VdrpFlag 0) or Vref - mq Iq (VdrpFlag 1, only with QVflag = 1)
///   steady limits: PQflag 1 Idmax = Kf Issmax and Iqmax the rest of Issmax, PQflag 0 the other way round;
///     Emin, Emax = |V -+ Xe Iqmax + j Xe Id|;  d(delta_max)/dt = kI (Idmax - Id), 0..asin(Xe Issmax), and
///     delta_min likewise below (ESFlag 1) or 0
///   I as in grid_forming.hpp with Imax = Ifaultmax
///
/// P, Q, V and the currents in the loop's frame are measured behind Tpf, TQf, TVf and TIf. QVflag as in
/// REGFM_A1.
///
/// Two public transcriptions of the specification integrate wm alone, or wm + wPLL, into delta_IT: with
/// either, a grid off nominal frequency leaves no droop at rest. wm - wPLL is what makes delta_PLL + delta_IT
/// turn with wm.
///
/// Deviations: limits are kinks, not modes (models/blocks.hpp); the loop's freeze is spread over 0.01 pu; Tpf
/// and TQf may not be zero. Record order: PowerWorld's list of parameters up to Ifaultmax, then the filters
/// and VPLLfrz (from memory).
struct RegfmB1 : GridForming {
  static constexpr const char* title = "Grid-forming converter, virtual synchronous machine";
  static constexpr const char* source =
      "WECC REGFM_B1, NREL/TP-5D00-90260, through public transcriptions; PowerWorld for names and flags";
  static constexpr const char* validated = "";

  enum State {
    POWER,
    REACTIVE,
    VOLTAGE,
    ID,
    IQ,
    OMEGA,
    WASHOUT,
    DROOP,
    DELTA_IT,
    DELTA_MAX,
    DELTA_MIN,
    EMF,
    PLL_INTEGRAL,
    DELTA_PLL,
    kStates
  };
  enum Input { VR, VI, FRAME_SPEED, PREF, QREF, VREF, WREF, kInputs };
  enum Parameter {
    WFLAG,
    VDRPFLAG,
    QVFLAG,
    PQFLAG,
    FFLAG,
    ESFLAG,
    RE,
    XE,
    MQ,
    KPV,
    KIV,
    MP,
    DWMAX,
    DWMIN,
    KPPLL,
    KIPLL,
    DWPLLMAX,
    DWPLLMIN,
    TP,
    H,
    D1,
    D2,
    WD,
    ISSMAX,
    KF,
    KI,
    IFAULTMAX,
    TPF,
    TQF,
    TVF,
    TIF,
    VPLLFRZ,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"wFlag", "1", within(0, 1), within(0, 1), "frequency of the droop: 0 wm, 1 the loop's"},
      {"VdrpFlag", "1", within(0, 1), within(0, 1), "droop of the voltage over 0 Q, 1 reactive current"},
      {"QVflag", "1", within(0, 1), within(0, 1), "1: Vref is the input, 0: Qref"},
      {"PQflag", "1", within(0, 1), within(0, 1), "1: active current first, 0: reactive current first"},
      {"FFlag", "1", within(0, 1), within(0, 1), "1: frequency droop"},
      {"ESFlag", "1", within(0, 1), within(0, 1), "1: storage, may draw power"},
      kRe,
      kXe,
      {"mq", "pu", not_negative(), within(0, 0.2), "voltage droop"},
      {"kpv", "pu", not_negative(), within(0, 10), "voltage control, proportional"},
      {"kiv", "pu/s", positive(), within(1, 50), "voltage control, integral"},
      {"mp", "pu", {0, 1, true}, within(0.005, 0.1), "frequency droop"},
      {"Dwmax", "pu", positive(), within(0.01, 0.3), "highest frequency deviation"},
      {"Dwmin", "pu", {-kInfinity, -1e-6}, within(-0.3, -0.01), "lowest frequency deviation"},
      {"kpPLL", "pu", not_negative(), within(0, 1), "phase-locked loop, proportional"},
      {"kiPLL", "pu/s", positive(), within(0.1, 20), "phase-locked loop, integral"},
      {"DwPLLmax", "pu", positive(), within(0.01, 0.5), "highest frequency deviation of the loop"},
      {"DwPLLmin", "pu", {-kInfinity, -1e-6}, within(-0.5, -0.01), "lowest frequency deviation of the loop"},
      {"Tp", "s", not_negative(), within(0, 0.5), "lag of the droop"},
      {"H", "s", positive(), within(0.1, 20), "inertia constant"},
      {"D1", "pu", not_negative(), within(0, 100), "damping"},
      {"D2", "pu", not_negative(), within(0, 500), "transient damping"},
      {"wD", "1/s", positive(), within(1, 200), "corner of the transient damping"},
      {"Issmax", "pu", not_negative(), within(0, 2), "steady current limit; 0 = 1/Xe"},
      {"Kf", "1", not_negative(), within(0, 1), "share of Issmax that has priority; 0 = 1"},
      {"kI", "rad/s/pu", not_negative(), within(0, 20), "active current limit, integral"},
      {"Ifaultmax", "pu", not_negative(), within(1, 3), "transient current limit; 0 = no limit"},
      {"Tpf", "s", positive(), within(0.005, 0.1), "power filter"},
      {"TQf", "s", positive(), within(0.005, 0.1), "reactive power filter"},
      {"TVf", "s", not_negative(), within(0, 0.1), "voltage filter"},
      {"TIf", "s", positive(), within(0.005, 0.1), "current filter"},
      {"VPLLfrz", "pu", not_negative(), within(0, 0.5), "voltage below which the loop is frozen"},
  };
  static constexpr StateInfo states[] = {{"power_filter", "pu"},
                                         {"reactive_filter", "pu"},
                                         {"voltage_filter", "pu"},
                                         {"Id_filter", "pu"},
                                         {"Iq_filter", "pu"},
                                         {"omega", "pu", StateKind::DEVIATION},
                                         {"washout", "pu", StateKind::DEVIATION},
                                         {"droop", "pu"},
                                         {"delta_IT", "rad"},
                                         {"delta_max", "rad"},
                                         {"delta_min", "rad"},
                                         {"voltage_integral", "pu"},
                                         {"pll_integral", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"Pref", "pu", Unwired::HELD},
                                         {"Qref", "pu", Unwired::HELD},
                                         {"Vref", "pu", Unwired::HELD},
                                         {"Wref", "pu", Unwired::HELD}};

  template <class P>
  struct Derived {
    Source<P> source;
    Lag<P> droop, voltage;  ///< Tp, TVf
    P wFlag, by_current, QVflag, PQflag, charges;
    P mq, kpv, kiv, per_mp, Dwmax, Dwmin, kpPLL, kiPLL, DwPLLmax, DwPLLmin;
    P per_2H, D1, D2, wD, Issmax, Kf, kI, delta_limit, per_Tpf, per_TQf, per_TIf, VPLLfrz;
    P weight;  ///< H on the system base
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.source = make_source<P>(p[RE], p[XE], p[IFAULTMAX], ratings);
    d.droop = make_lag<P>(p[TP]);
    d.voltage = make_lag<P>(p[TVF]);
    d.wFlag = p[WFLAG];
    d.QVflag = p[QVFLAG];
    d.by_current = select_(p[QVFLAG] > 0.5, p[VDRPFLAG], P(0.0));
    d.PQflag = p[PQFLAG];
    d.charges = select_(p[ESFLAG] > 0.5, P(1.0), P(0.0));
    d.mq = p[MQ];
    d.kpv = p[KPV];
    d.kiv = p[KIV];
    d.per_mp = select_(p[FFLAG] > 0.5, P(1.0 / p[MP]), P(0.0));
    d.Dwmax = p[DWMAX];
    d.Dwmin = p[DWMIN];
    d.kpPLL = p[KPPLL];
    d.kiPLL = p[KIPLL];
    d.DwPLLmax = p[DWPLLMAX];
    d.DwPLLmin = p[DWPLLMIN];
    d.per_2H = 0.5 / p[H];
    d.D1 = p[D1];
    d.D2 = p[D2];
    d.wD = p[WD];
    const P per_Xe = 1.0 / p[XE];
    d.Issmax = select_(p[ISSMAX] > 0.0, P(min_(p[ISSMAX], per_Xe)), per_Xe);
    d.Kf = select_(p[KF] > 0.0, p[KF], P(1.0));
    d.kI = p[KI];
    const P sine = p[XE] * d.Issmax;
    d.delta_limit = atan2_(sine, P(sqrt_(max_(P(1.0 - sine * sine), P(0.0)))));
    d.per_Tpf = 1.0 / p[TPF];
    d.per_TQf = 1.0 / p[TQF];
    d.per_TIf = 1.0 / p[TIF];
    d.VPLLfrz = p[VPLLFRZ];
    d.weight = p[H] * d.source.to_system;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    // Phase-locked loop
    T s;
    T c;
    sincos_(x[DELTA_PLL], s, c);
    const T V = magnitude_(in[VR], in[VI]);
    const T Vq = in[VI] * c - in[VR] * s;
    const T awake = clamp_(T((V - d.VPLLfrz) * (1 / kFreezeBand)), T(0.0), T(1.0));
    dxdt[PLL_INTEGRAL] =
        within_limits(x[PLL_INTEGRAL], T(awake * d.kiPLL * Vq), d.DwPLLmin, d.DwPLLmax, kPull);
    const T wPLL = awake * clamp_(T(d.kpPLL * Vq + x[PLL_INTEGRAL]), d.DwPLLmin, d.DwPLLmax);
    dxdt[DELTA_PLL] = d.source.w0 * (1.0 + wPLL - in[FRAME_SPEED]);

    // Swing
    const T wm = x[OMEGA];
    const T droop =
        lag(d.droop, x[DROOP], T((in[WREF] - select_(d.wFlag > 0.5, wPLL, wm)) * d.per_mp), dxdt[DROOP]);
    dxdt[WASHOUT] = d.wD * (wm - x[WASHOUT]);
    const T accelerating = in[PREF] + droop - x[POWER] - d.D1 * wm - d.D2 * (wm - x[WASHOUT]);
    dxdt[OMEGA] = within_limits(wm, T(accelerating * d.per_2H), d.Dwmin, d.Dwmax, kPull);

    // Steady limits
    const Limits<T> most = limits(x[ID], x[IQ], d);
    dxdt[DELTA_MAX] =
        within_limits(x[DELTA_MAX], T(d.kI * (most.Id - x[ID])), T(0.0), T(d.delta_limit), kPull);
    dxdt[DELTA_MIN] = within_limits(x[DELTA_MIN], T(d.kI * (-most.Id - x[ID])), T(-d.charges * d.delta_limit),
                                    T(0.0), kPull);
    dxdt[DELTA_IT] =
        within_limits(x[DELTA_IT], T(d.source.w0 * (wm - wPLL)), x[DELTA_MIN], x[DELTA_MAX], kPull);
    const T delta = x[DELTA_PLL] + clamp_(x[DELTA_IT], x[DELTA_MIN], x[DELTA_MAX]);

    // Voltage
    const T measured = lag(d.voltage, x[VOLTAGE], V, dxdt[VOLTAGE]);
    const T along = d.source.Xe * x[ID];
    const T Emin = magnitude_(T(measured - d.source.Xe * most.Iq), along);
    const T Emax = magnitude_(T(measured + d.source.Xe * most.Iq), along);
    const T drop = select_(d.by_current > 0.5, x[IQ], T(x[REACTIVE] - in[QREF]));
    const T error = in[VREF] - d.mq * drop - measured;
    dxdt[EMF] = within_limits(x[EMF], T(d.kiv * error), Emin, Emax, kPull);
    const T E = clamp_(T(d.kpv * error + x[EMF]), Emin, Emax);

    const Flow<T> f = flow(E, delta, in[VR], in[VI], d.source);
    dxdt[POWER] = (f.P - x[POWER]) * d.per_Tpf;
    dxdt[REACTIVE] = (f.Q - x[REACTIVE]) * d.per_TQf;
    dxdt[ID] = (f.ir * c + f.ii * s - x[ID]) * d.per_TIf;
    dxdt[IQ] = (f.ir * s - f.ii * c - x[IQ]) * d.per_TIf;
    deliver(f, wm, d.source, out);
  }

  /// Weight in the island's frame, MW s per MVA of the system base.
  template <class P>
  static P inertia(const Derived<P>& d) {
    return d.weight;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const AtRest r = rest_point(rest, Vr, Vi, d.source);
    const double pll = atan2_(Vi, Vr);
    for (int i = 0; i < kStates; ++i) x[i] = 0;
    x[POWER] = r.P;
    x[REACTIVE] = r.Q;
    x[VOLTAGE] = r.V;
    const double per_V2 = 1 / (Vr * Vr + Vi * Vi);
    x[ID] = r.P * sqrt_(per_V2);
    x[IQ] = r.Q * sqrt_(per_V2);
    x[DELTA_PLL] = pll;
    // The angle of E from V, without a jump of 2 pi.
    x[DELTA_IT] = atan2_(d.source.Xe * x[ID] - d.source.Re * x[IQ],
                         sqrt_(1 / per_V2) + d.source.Re * x[ID] + d.source.Xe * x[IQ]);
    x[DELTA_MAX] = d.delta_limit;
    x[DELTA_MIN] = -d.charges * d.delta_limit;
    x[EMF] = r.E;
    rest.in[PREF] = r.P;
    rest.in[QREF] = d.QVflag > 0.5 ? 0 : r.Q;
    rest.in[VREF] = r.V + d.mq * (d.by_current > 0.5 ? x[IQ] : r.Q - rest.in[QREF]);
    rest.in[WREF] = 0;
    const Limits<double> most = limits(x[ID], x[IQ], d);
    if (const Outcome o = Outcome::check("terminal voltage (pu, VPLLfrz..)", r.V, d.VPLLfrz + kFreezeBand,
                                         kInfinity, {VPLLFRZ});
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("current (pu, up to Ifaultmax)", r.I, 0, d.source.Imax, {}, {IFAULTMAX});
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("active current (pu, up to the steady limit)", x[ID],
                                         -d.charges * most.Id, most.Id);
        !o.ok())
      return o;
    return Outcome::check("reactive current (pu, up to the steady limit)", x[IQ], -most.Iq, most.Iq);
  }

 private:
  template <class T>
  struct Limits {
    T Id, Iq;
  };
  /// Steady limits of the currents: the one with priority has Kf Issmax, the other the rest.
  template <class T, class P>
  BALLAST_HD static Limits<T> limits(const T& Id, const T& Iq, const Derived<P>& d) {
    const auto active_first = d.PQflag > 0.5;
    const T other = select_(active_first, Id, Iq);
    const T left = sqrt_(max_(T(d.Issmax * d.Issmax - other * other), 0.0) + 1e-12);
    const T first = T(d.Kf * d.Issmax);
    return {select_(active_first, first, left), select_(active_first, left, first)};
  }
  static constexpr double kFreezeBand = 0.01;  ///< pu
};
BALLAST_MODEL(RegfmB1, "REGFM_B1");

}  // namespace ballast
