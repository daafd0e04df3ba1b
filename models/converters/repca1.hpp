/// \file
/// Plant controller of wind and solar plants.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Renewable plant controller, WECC REPC_A, PSS/E REPCA1.
///
///   VCFLAG 1  |V - (Rc + jXc) I| ─┐
///   VCFLAG 0  V + Kc Q ───────────┴─ REFFLAG 1 ─┐
///   Q ────────────────────────────── REFFLAG 0 ─┴─ 1/(1+s Tfltr) ─►(-)─ deadband dbd1..dbd2 ─ emin..emax ─┐
///                                                    Vref or Qref ──▲                                     │
///        Qext ◄── (1+s Tft)/(1+s Tfv) ◄── Kp + Ki/s, Qmin..Qmax (integral frozen while V < Vfrz) ◄────────┘
///
///   1 - frequency ─ deadband fdbd1..fdbd2 ─ Ddn where negative, Dup where positive ─►(+)
///   Plant_pref - P/(1+s Tp) ────────────────────────────────────────────────────────►(+)─ femin..femax ─┐
///        Pref ◄── FFLAG 1 ── 1/(1+s Tg) ◄── Kpg + Kig/s, Pmin..Pmax ◄────────────────────────────────────┘
///
/// V is the voltage of the regulated bus (0 in the record: the terminal); P, Q and I are what enters the
/// monitored branch at its first bus (none in the record: what the unit delivers), on the unit's base, and so
/// are Rc, Xc and Kc. With FFLAG = 0 Pref rests.
///
/// Deviations: limits other than the freeze are kinks, not modes (models/blocks.hpp); the freeze ends 0.01 pu
/// above Vfrz; with no monitored branch the unit's own power is used (from memory of PSS/E's description);
/// drives one unit.
struct Repca1 : ModelDefaults {
  static constexpr const char* title = "Renewable plant controller";
  static constexpr const char* source =
      "WECC REPC_A specification and PSS/E REPCA1 (public descriptions), ANDES, PowerSimulationsDynamics.jl";
  static constexpr const char* validated =
      "PSS/E curves RENA: reactive power control (P, Q, V within 8e-6 pu) and voltage control (V within "
      "5.1e-6 pu "
      "from 1.5 s after the event on, 2.9e-4 pu before); active power and frequency control have no "
      "reference";
  static constexpr Role role = Role::PLANT_CONTROL;

  enum State { MEASURED, REACTIVE_INTEGRAL, REACTIVE_LEAD, POWER_FILTER, POWER_INTEGRAL, POWER_LAG, kStates };
  enum Input { VR, VI, IR, II, P_BRANCH, Q_BRANCH, FREQUENCY, VREF, QREF, PLANT_PREF, kInputs };
  enum Output { PREF, QEXT, kOutputs };
  enum Limit { FREEZE, kLimits };
  enum Parameter {
    REMOTE_BUS,
    FROM_BUS,
    TO_BUS,
    CIRCUIT,
    VCFLAG,
    REFFLAG,
    FFLAG,
    TFLTR,
    KP,
    KI,
    TFT,
    TFV,
    VFRZ,
    RC,
    XC,
    KC,
    EMAX,
    EMIN,
    DBD1,
    DBD2,
    QMAX,
    QMIN,
    KPG,
    KIG,
    TP,
    FDBD1,
    FDBD2,
    FEMAX,
    FEMIN,
    PMAX,
    PMIN,
    TG,
    DDN,
    DUP,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"bus", "1", within(0, 999997), anything(), "regulated bus; 0 = the terminal"},
      {"from", "1", within(0, 999997), anything(), "monitored branch, first bus; 0 = none"},
      {"to", "1", within(0, 999997), anything(), "monitored branch, second bus"},
      {"ckt", "1", anything(), anything(), "monitored branch, circuit", true},
      {"VCFLAG", "1", within(0, 1), within(0, 1), "1: line drop compensation, 0: droop Kc"},
      {"REFFLAG", "1", within(0, 1), within(0, 1), "1: voltage control, 0: reactive power control"},
      {"FFLAG", "1", within(0, 1), within(0, 1), "1: active power and frequency control"},
      {"Tfltr", "s", not_negative(), within(0, 0.1), "filter of the voltage or reactive power"},
      {"Kp", "pu", not_negative(), within(0, 50), "reactive control, proportional"},
      {"Ki", "pu/s", not_negative(), within(0, 50), "reactive control, integral"},
      {"Tft", "s", not_negative(), within(0, 1), "lead time constant"},
      {"Tfv", "s", not_negative(), within(0, 5), "lag time constant"},
      {"Vfrz", "pu", not_negative(), within(0, 0.9), "voltage below which the reactive integral is frozen"},
      {"Rc", "pu", anything(), within(0, 0.2), "line drop compensation, resistance"},
      {"Xc", "pu", anything(), within(-0.2, 0.3), "line drop compensation, reactance"},
      {"Kc", "pu", anything(), within(0, 0.2), "voltage droop per reactive power"},
      {"emax", "pu", not_negative(), within(0, 99), "highest error"},
      {"emin", "pu", within(-kInfinity, 0), within(-99, 0), "lowest error"},
      {"dbd1", "pu", within(-kInfinity, 0), within(-1, 0), "deadband of the error, lower end"},
      {"dbd2", "pu", not_negative(), within(0, 1), "deadband of the error, upper end"},
      {"Qmax", "pu", anything(), within(0, 1.2), "highest reactive command"},
      {"Qmin", "pu", anything(), within(-1, 1), "lowest reactive command"},
      {"Kpg", "pu", not_negative(), within(0, 10), "active control, proportional"},
      {"Kig", "pu/s", not_negative(), within(0, 10), "active control, integral"},
      {"Tp", "s", not_negative(), within(0, 1), "power filter"},
      {"fdbd1", "pu", within(-kInfinity, 0), within(-1, 0), "frequency deadband, overfrequency"},
      {"fdbd2", "pu", not_negative(), within(0, 1), "frequency deadband, underfrequency"},
      {"femax", "pu", not_negative(), within(0, 999), "highest power error"},
      {"femin", "pu", within(-kInfinity, 0), within(-999, 0), "lowest power error"},
      {"Pmax", "pu", anything(), within(0.5, 1.5), "highest power order"},
      {"Pmin", "pu", anything(), within(-1, 0.5), "lowest power order"},
      {"Tg", "s", not_negative(), within(0, 2), "power order lag"},
      {"Ddn", "pu", not_negative(), within(0, 126), "power per overfrequency"},
      {"Dup", "pu", not_negative(), within(0, 126), "power per underfrequency"},
  };
  static constexpr Relation relations[] = {
      {QMIN, Relation::NOT_ABOVE, QMAX, "no reactive command would be allowed"},
      {PMIN, Relation::NOT_ABOVE, PMAX, "no power order would be allowed"},
  };
  static constexpr StateInfo states[] = {{"measured", "pu"},       {"reactive_integral", "pu"},
                                         {"reactive_lead", "pu"},  {"power_filter", "pu"},
                                         {"power_integral", "pu"}, {"power_lag", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"},  ///< of the regulated bus
      {"Vi", "pu"},
      {"Ir_branch", "pu"},  ///< system base
      {"Ii_branch", "pu"},
      {"P_branch", "pu"},  ///< device base
      {"Q_branch", "pu"},
      {"frequency", "pu", Unwired::HELD},  ///< 1 where nothing measures it
      {"Vref", "pu", Unwired::HELD},
      {"Qref", "pu", Unwired::HELD},
      {"Plant_pref", "pu", Unwired::HELD},
  };
  static constexpr OutputInfo outputs[] = {
      {"Pref", "pu", "power order of the unit, device base"},
      {"Qext", "pu", "reactive command of the unit, device base"},
  };

  template <class P>
  struct Derived {
    P VCFLAG, REFFLAG, FFLAG;
    Lag<P> filter, power, order;  ///< Tfltr, Tp, Tg
    LeadLag<P> lead;
    P Kp, Ki, Vfrz, Rc, Xc, Kc, emax, emin, dbd1, dbd2, Qmax, Qmin;
    P Kpg, Kig, fdbd1, fdbd2, femax, femin, Pmax, Pmin, Ddn, Dup;
    P to_device;  ///< system base to device base
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const auto active = p[FFLAG] > 0.5;
    Derived<P> d;
    d.VCFLAG = p[VCFLAG];
    d.REFFLAG = p[REFFLAG];
    d.FFLAG = p[FFLAG];
    d.filter = make_lag<P>(p[TFLTR]);
    d.power = make_lag<P>(p[TP]);
    d.order = make_lag<P>(p[TG]);
    d.order = {select_(active, d.order.rate, P(0.0)), select_(active, d.order.direct, P(0.0))};
    d.lead = make_lead_lag<P>(p[TFT], p[TFV]);
    d.Kp = p[KP];
    d.Ki = p[KI];
    d.Vfrz = p[VFRZ];
    d.Rc = p[RC];
    d.Xc = p[XC];
    d.Kc = p[KC];
    d.emax = p[EMAX];
    d.emin = p[EMIN];
    d.dbd1 = p[DBD1];
    d.dbd2 = p[DBD2];
    d.Qmax = p[QMAX];
    d.Qmin = p[QMIN];
    d.Kpg = select_(active, p[KPG], P(0.0));
    d.Kig = select_(active, p[KIG], P(0.0));
    d.fdbd1 = p[FDBD1];
    d.fdbd2 = p[FDBD2];
    d.femax = p[FEMAX];
    d.femin = p[FEMIN];
    d.Pmax = p[PMAX];
    d.Pmin = p[PMIN];
    d.Ddn = p[DDN];
    d.Dup = p[DUP];
    d.to_device = P(ratings.system_MVA / ratings.device_MVA);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    // Reactive power
    const T V = magnitude_(in[VR], in[VI]);
    const auto frozen = context.mode[FREEZE] == -1;
    context.guard[2 * FREEZE] = T(-1.0);  // there is no upper side
    context.guard[2 * FREEZE + 1] = select_(frozen, T(V - d.Vfrz - kHysteresis), T(d.Vfrz - V));
    const T measured = lag(d.filter, x[MEASURED], quantity(d, in, V), dxdt[MEASURED]);
    const T reference = select_(d.REFFLAG > 0.5, in[VREF], in[QREF]);
    const T error = clamp_(excess(T(reference - measured), d.dbd1, d.dbd2), d.emin, d.emax);
    const T integral_rate = within_limits(x[REACTIVE_INTEGRAL], T(d.Ki * error), d.Qmin, d.Qmax, kPull);
    dxdt[REACTIVE_INTEGRAL] = select_(frozen, T(0.0), integral_rate);
    const T command = clamp_(T(d.Kp * error + x[REACTIVE_INTEGRAL]), d.Qmin, d.Qmax);
    out[QEXT] = lead_lag(d.lead, x[REACTIVE_LEAD], command, dxdt[REACTIVE_LEAD]);

    // Active power
    const T power = lag(d.power, x[POWER_FILTER], in[P_BRANCH], dxdt[POWER_FILTER]);
    const T deviation = excess(T(1.0 - in[FREQUENCY]), d.fdbd1, d.fdbd2);
    const T droop = d.Ddn * min_(deviation, 0.0) + d.Dup * max_(deviation, 0.0);
    const T power_error = clamp_(T(in[PLANT_PREF] - power + droop), d.femin, d.femax);
    dxdt[POWER_INTEGRAL] =
        select_(d.FFLAG > 0.5,
                T(within_limits(x[POWER_INTEGRAL], T(d.Kig * power_error), d.Pmin, d.Pmax, kPull)), T(0.0));
    const T order = clamp_(T(d.Kpg * power_error + x[POWER_INTEGRAL]), d.Pmin, d.Pmax);
    out[PREF] = lag(d.order, x[POWER_LAG], order, dxdt[POWER_LAG]);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double V = magnitude_(rest.in[VR], rest.in[VI]);
    const double measured = quantity(d, rest.in.data(), V);
    const double P = rest.in[P_BRANCH];
    const double Pref = rest.out[PREF];
    const double Qext = rest.out[QEXT];
    const auto unknown = [](double v) { return !(v == v); };
    if (unknown(rest.in[FREQUENCY])) rest.in[FREQUENCY] = 1;
    const double deviation = excess(1.0 - rest.in[FREQUENCY], d.fdbd1, d.fdbd2);
    const double droop = d.Ddn * min_(deviation, 0.0) + d.Dup * max_(deviation, 0.0);
    rest.in[VREF] = measured;
    rest.in[QREF] = measured;
    rest.in[PLANT_PREF] = P - droop;
    x[MEASURED] = measured;
    x[REACTIVE_INTEGRAL] = Qext;
    x[REACTIVE_LEAD] = Qext;
    x[POWER_FILTER] = P;
    x[POWER_INTEGRAL] = Pref;
    x[POWER_LAG] = Pref;
    if (const Outcome o =
            Outcome::check("voltage of the regulated bus (pu, Vfrz..)", V, d.Vfrz, kInfinity, {VFRZ});
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("reactive command Qext (pu, Qmin..Qmax)", Qext, d.Qmin, d.Qmax, {QMIN}, {QMAX});
        !o.ok())
      return o;
    if (d.FFLAG < 0.5) return Outcome::fine();
    return Outcome::check("power order Pref (pu, Pmin..Pmax)", Pref, d.Pmin, d.Pmax, {PMIN}, {PMAX});
  }

 private:
  /// What the reactive control holds.
  template <class T, class P>
  BALLAST_HD static T quantity(const Derived<P>& d, const T* in, const T& V) {
    const T ir = in[IR] * d.to_device;
    const T ii = in[II] * d.to_device;
    const T compensated = magnitude_(T(in[VR] - d.Rc * ir + d.Xc * ii), T(in[VI] - d.Rc * ii - d.Xc * ir));
    const T voltage = select_(d.VCFLAG > 0.5, compensated, T(V + d.Kc * in[Q_BRANCH]));
    return T(select_(d.REFFLAG > 0.5, voltage, in[Q_BRANCH]));
  }

  static constexpr double kPull = 200;         ///< 1/s
  static constexpr double kHysteresis = 0.01;  ///< pu
};
BALLAST_MODEL(Repca1, "REPCA1");

}  // namespace ballast
