/// \file
/// Potential-source controlled-rectifier excitation system.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Bus-fed thyristor excitation system, IEEE 421.5 type ST1A, PSS/E ESST1A.
///
///             Vs (VOS = 1), VUEL (UEL = 1)        VAMAX  Vs (VOS = 2)                        Vt VRMAX - KC
///             Ifd
///        1      │  VIMAX                           ─────    │                                 ─────
///  Vt ─────── ─(+)─► ─── ─► HV ─► lead-lag ─► KA/(1+sTA) ─►(+)──┬─► HV ──────► LV ─► ─────── ──► Efd
///     1 + s TR  ▲    VIMIN  ▲      x 2         ─────  VA    ▲-   │   ▲          ▲      ─────
///        Vref   │-        VUEL                VAMIN         │    │ VUEL        VOEL   Vt VRMIN
///               │        (UEL = 2)                          │    │(UEL = 3)
///               │          s KF           KLR max(0, Ifd - ILR)  │
///               └───────  ──────── ◄─────────────────────────────┘
///                         1 + s TF
///
/// The lead-lags are (1 + s TC)/(1 + s TB) and (1 + s TC1)/(1 + s TB1). VUEL and VOEL are what limiters would
/// give; without one they rest at 0 (UEL = 1) or where their gates do not act. UEL = 0 is UEL = 1 and VOS = 0
/// is VOS = 1 with nothing connected.
/// Deviations: KF with TF = 0 (an ideal derivative) or with TA = 0 (an algebraic loop) is refused.
struct Esst1a : ModelDefaults {
  static constexpr const char* title = "Potential-source static excitation system, IEEE type ST1A";
  static constexpr const char* source =
      "IEEE 421.5-2005 type ST1A, PSS/E model library (public descriptions), ANDES and OpenIPSL";
  static constexpr const char* validated =
      "PSS/E curve ESST1A (GENSAL, HYGOV): V within 3.0e-4, speed within 4.9e-5, Efd within 9.9e-3 pu over "
      "20 "
      "s; its limits and gates against a second computation (validation/devices): Efd within 8.7e-5 pu";
  static constexpr Role role = Role::EXCITER;

  enum State { SENSED, LEAD_LAG, SECOND_LEAD_LAG, REGULATOR, FEEDBACK, kStates };
  enum Input { VT, IFD, VS, VREF, VUEL, VOEL, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit {
    ERROR_LIMIT,
    ERROR_GATE,
    REGULATOR_LIMIT,
    FIELD_CURRENT,
    UNDEREXCITATION_GATE,
    OVEREXCITATION_GATE,
    FIELD_LIMIT,
    kLimits
  };
  enum Parameter {
    UEL,
    VOS,
    TR,
    VIMAX,
    VIMIN,
    TC,
    TB,
    TC1,
    TB1,
    KA,
    TA,
    VAMAX,
    VAMIN,
    VRMAX,
    VRMIN,
    KC,
    KF,
    TF,
    KLR,
    ILR,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"UEL", "1", within(0, 3), within(0, 3), "where an underexcitation limiter acts: 1 sum, 2 and 3 gates"},
      {"VOS", "1", within(0, 2), within(0, 2), "where a stabilizer acts: 1 error, 2 regulator output"},
      {"TR", "s", not_negative(), within(0, 0.1), "voltage measurement time constant"},
      {"VIMAX", "pu", anything(), within(0.05, 100), "upper limit of the voltage error"},
      {"VIMIN", "pu", anything(), within(-100, 0), "lower limit of the voltage error"},
      {"TC", "s", not_negative(), within(0, 20), "first lead time constant"},
      {"TB", "s", not_negative(), within(0, 20), "first lag time constant"},
      {"TC1", "s", not_negative(), within(0, 20), "second lead time constant"},
      {"TB1", "s", not_negative(), within(0, 20), "second lag time constant"},
      {"KA", "pu", positive(), within(10, 1000), "regulator gain"},
      {"TA", "s", not_negative(), within(0, 0.2), "regulator time constant"},
      {"VAMAX", "pu", anything(), within(1, 1000), "upper limit of the regulator"},
      {"VAMIN", "pu", anything(), within(-1000, 3), "lower limit of the regulator"},
      {"VRMAX", "pu", anything(), within(1, 1000), "ceiling at 1 pu terminal voltage"},
      {"VRMIN", "pu", anything(), within(-1000, 0), "floor at 1 pu terminal voltage"},
      {"KC", "pu", not_negative(), within(0, 0.6), "rectifier loading factor"},
      {"KF", "pu", not_negative(), within(0, 0.3), "rate feedback gain"},
      {"TF", "s", not_negative(), within(0, 2), "rate feedback time constant"},
      {"KLR", "pu", not_negative(), within(0, 10), "gain of the field current limiter; 0 = none"},
      {"ILR", "pu", anything(), within(0, 10), "field current above which it acts"},
  };
  static constexpr Relation relations[] = {
      {VIMIN, Relation::BELOW, VIMAX, "no voltage error would pass"},
      {VAMIN, Relation::BELOW, VAMAX, "no regulator output would be allowed"},
      {VRMIN, Relation::BELOW, VRMAX, "no field voltage would be allowed"},
  };
  static constexpr StateInfo states[] = {
      {"Vc", "pu"}, {"lead_lag", "pu"}, {"second_lead_lag", "pu"}, {"VA", "pu"}, {"feedback", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vt", "pu"},
                                         {"Ifd", "pu"},
                                         {"Vs", "pu", Unwired::ZERO},
                                         {"Vref", "pu", Unwired::HELD},
                                         {"VUEL", "pu", Unwired::HELD},
                                         {"VOEL", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu", "field voltage"}};

  template <class P>
  struct Derived {
    Lag<P> sensor, regulator, feedback;
    LeadLag<P> first, second;
    P VIMAX, VIMIN, KA, VAMAX, VAMIN, VRMAX, VRMIN, KC, KF_TF, KLR, ILR;
    P error_stabilizer, output_stabilizer;        ///< 1 where the stabilizer acts, else 0
    P error_uel, error_gate_uel, field_gate_uel;  ///< 1 where the underexcitation limiter acts, else 0
    P derivative;                                 ///< KF when TF = 0: must be 0
    P loop;                                       ///< KF when TA = 0: must be 0
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    const auto is = [](const P& value, double code) {
      return select_(abs_(value - code) < 0.5, P(1.0), P(0.0));
    };
    Derived<P> d;
    d.sensor = make_lag<P>(p[TR]);
    d.regulator = make_lag<P>(p[TA]);
    d.feedback = make_lag<P>(p[TF]);
    d.first = make_lead_lag<P>(p[TC], p[TB]);
    d.second = make_lead_lag<P>(p[TC1], p[TB1]);
    d.VIMAX = p[VIMAX];
    d.VIMIN = p[VIMIN];
    d.KA = p[KA];
    d.VAMAX = p[VAMAX];
    d.VAMIN = p[VAMIN];
    d.VRMAX = p[VRMAX];
    d.VRMIN = p[VRMIN];
    d.KC = p[KC];
    d.KF_TF = p[KF] * d.feedback.rate;
    d.KLR = p[KLR];
    d.ILR = select_(p[KLR] > 0.0, p[ILR], P(kAbsent));
    d.output_stabilizer = is(p[VOS], 2);
    d.error_stabilizer = 1.0 - d.output_stabilizer;
    d.error_gate_uel = is(p[UEL], 2);
    d.field_gate_uel = is(p[UEL], 3);
    d.error_uel = 1.0 - d.error_gate_uel - d.field_gate_uel;
    d.derivative = p[KF] * d.feedback.direct;
    d.loop = p[KF] * d.regulator.direct;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T over = limited_below(T(in[IFD] - d.ILR), 0.0, context, FIELD_CURRENT);
    const T added = d.output_stabilizer * in[VS] - d.KLR * over;
    const T change = x[REGULATOR] + added - x[FEEDBACK];
    dxdt[FEEDBACK] = change * d.feedback.rate;

    const T Vc = lag(d.sensor, x[SENSED], in[VT], dxdt[SENSED]);
    const T error = in[VREF] - Vc + d.error_stabilizer * in[VS] + d.error_uel * in[VUEL] - d.KF_TF * change;
    const T VI = limited(error, d.VIMIN, d.VIMAX, context, ERROR_LIMIT);
    const T gated = limited_below(VI, gate(d.error_gate_uel, in[VUEL]), context, ERROR_GATE);
    const T y = lead_lag(d.first, x[LEAD_LAG], gated, dxdt[LEAD_LAG]);
    const T z = lead_lag(d.second, x[SECOND_LEAD_LAG], y, dxdt[SECOND_LEAD_LAG]);
    const T VA = limited_lag(d.regulator, x[REGULATOR], T(d.KA * z), d.VAMIN, d.VAMAX, context,
                             REGULATOR_LIMIT, dxdt[REGULATOR]);
    const T raised =
        limited_below(T(VA + added), gate(d.field_gate_uel, in[VUEL]), context, UNDEREXCITATION_GATE);
    const T lowered = limited_above(raised, in[VOEL], context, OVEREXCITATION_GATE);
    out[EFD] =
        limited(lowered, T(in[VT] * d.VRMIN), T(in[VT] * d.VRMAX - d.KC * in[IFD]), context, FIELD_LIMIT);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const auto known = [](double value, double otherwise) { return value == value ? value : otherwise; };
    const double Efd = rest.out[EFD];
    const double Vt = rest.in[VT];
    const double Vs = known(rest.in[VS], 0);  // a stabilizer rests at zero
    const double VUEL_at_rest = known(rest.in[VUEL], d.error_uel > 0.5 ? 0 : -kAbsent);
    const double over = rest.in[IFD] - d.ILR;
    const double added = d.output_stabilizer * Vs - d.KLR * (over > 0 ? over : 0);
    const double VA = Efd - added;
    const double VI = VA / d.KA;
    rest.mode[FIELD_CURRENT] = over > 0 ? 0 : -1;
    x[SENSED] = Vt;
    x[LEAD_LAG] = VI;
    x[SECOND_LEAD_LAG] = VI;
    x[REGULATOR] = VA;
    x[FEEDBACK] = Efd;
    rest.in[VS] = Vs;
    rest.in[VUEL] = VUEL_at_rest;
    rest.in[VOEL] = known(rest.in[VOEL], kAbsent);
    rest.in[VREF] = VI + Vt - d.error_stabilizer * Vs - d.error_uel * VUEL_at_rest;
    const Outcome wanted[] = {
        Outcome::check("rate feedback gain KF with TF = 0 (an ideal derivative)", d.derivative, 0, 0),
        Outcome::check("rate feedback gain KF with TA = 0 (an algebraic loop)", d.loop, 0, 0),
        Outcome::check("voltage error VI (pu, VIMIN..VIMAX)", VI, d.VIMIN, d.VIMAX, {VIMIN}, {VIMAX}),
        Outcome::check("regulator output VA (pu, VAMIN..VAMAX)", VA, d.VAMIN, d.VAMAX, {VAMIN}, {VAMAX}),
        Outcome::check("field voltage Efd (pu, Vt VRMIN..Vt VRMAX - KC Ifd)", Efd, Vt * d.VRMIN,
                       Vt * d.VRMAX - d.KC * rest.in[IFD], {VRMIN, Vt}, {VRMAX, Vt}),
    };
    for (const Outcome& o : wanted)
      if (!o.ok()) return o;
    return Outcome::fine();
  }

 private:
  static constexpr double kAbsent = 1000;  ///< pu: where a gate without a limiter rests

  /// The floor of a gate: VUEL where the limiter acts there, far below otherwise.
  template <class T, class P>
  BALLAST_HD static T gate(const P& acts, const T& VUEL_in) {
    return select_(acts > 0.5, VUEL_in, T(-kAbsent));
  }
};
BALLAST_MODEL(Esst1a, "ESST1A");

}  // namespace ballast
