/// \file
/// What the electrical controls REECA1, REECB1, REECC1 and REECD1 have in common.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Local control of a renewable plant's converter: power orders in, current commands out (WECC REEC_A,
/// REEC_B, REEC_C, REEC_D).
///
///   PFFLAG 1  pf_tan x Pe/(1+s Tp) ─┐
///   PFFLAG 0  Qext ─────────────────┴─ Qref ─┬─ Qmin..Qmax ─►(-Qe)─► Kqp + Kqi/s ── VFLAG 1 ─┐
///                                            ├─ + Vbias ─────────── Vmin..Vmax ──── VFLAG 0 ─┴─ Vmin..Vmax
///                                            │                                                  │
///                                            │      QFLAG 1 ── Kvp + Kvi/s, +-Iqmax ◄─ (-Vc) ◄──┘
///                                            └─ /Vt ─ 1/(1+s Tiq) ── QFLAG 0 ─┐
///   Vref0 - Vt ─ deadband dbd1..dbd2 ─ Kqv ─ Iql1..Iqh1 ─ Iqinj ──────────────►(+)─ +-Iqmax ──► Iqcmd
///
///   Pref ─ 1/(1+s Tpord), rate dPmin..dPmax, Pmin..Pmax ─ /Vt ─ Ipmin..Ipmax ───────────────────► Ipcmd
///
/// Vt is the terminal voltage behind 1/(1+s Trv), in divisions no lower than 0.01 pu; Vc that of the
/// regulated bus. While Vt is outside Vdip..Vup (a voltage dip) both integrals, the lag Tiq and the power
/// order stand still. The priority (PQFLAG) says which current may use Imax first; the other gets the rest.
/// Ipmin is zero unless the type can charge.
struct ElectricalControl : ModelDefaults {
  static constexpr Role role = Role::ELECTRICAL_CONTROL;

  enum State {
    VT_FILTER,
    VC_FILTER,
    POWER_FILTER,
    Q_INTEGRAL,
    V_INTEGRAL,
    CURRENT_LAG,
    POWER_ORDER,
    kStates
  };
  enum Input { VT, VR, VI, PE, QE, PREF, QEXT, PF_TAN, VREF0, kInputs };
  enum Output { IPCMD, IQCMD, IPMAX, kOutputs };

  static constexpr StateInfo states[] = {{"voltage_filter", "pu"},   {"regulated_voltage_filter", "pu"},
                                         {"power_filter", "pu"},     {"reactive_integral", "pu"},
                                         {"voltage_integral", "pu"}, {"reactive_current_lag", "pu"},
                                         {"power_order", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"},
      {"Vr", "pu"},  ///< of the regulated bus
      {"Vi", "pu"},
      {"Pe", "pu"},
      {"Qe", "pu"},
      {"Pref", "pu", Unwired::HELD},
      {"Qext", "pu", Unwired::HELD},   ///< with VFLAG = 0 and QFLAG = 1 a voltage, counted from Vbias
      {"pf_tan", "1", Unwired::HELD},  ///< Q/P of PFFLAG = 1
      {"Vref0", "pu", Unwired::HELD},
  };
  static constexpr OutputInfo outputs[] = {
      {"Ipcmd", "pu", "active current command, device base"},
      {"Iqcmd", "pu", "reactive current command, delivering positive, device base"},
      {"Ipmax", "pu", "active current limit in force, device base"},
  };
  static constexpr ThresholdInfo thresholds[] = {{"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"}};

  template <class P, int N = 4>
  struct Controls {
    P PFFLAG, VFLAG, QFLAG, PQFLAG;
    P Vdip, Vup;
    Lag<P> sensor, power, current, order;  ///< Trv, Tp, Tiq, Tpord
    Lag<P> compensation;                   ///< of the regulated voltage: Trv unless the type says otherwise
    P dbd1, dbd2, Kqv, Iqh1, Iql1, Vref0;
    P Qmax, Qmin, Vmax, Vmin, Kqp, Kqi, Kvp, Kvi, Vbias;
    P dPmax, dPmin, Pmax, Pmin, Imax;
    Table<P, N> VDL1, VDL2;  ///< Iq and Ip over Vt
    P misplaced;             ///< points of the tables that do not ascend and are not (0, 0)
  };
  /// Where the numbers that all types have stand among a model's parameters.
  struct Places {
    int PFFLAG, VFLAG, QFLAG, PQFLAG, Vdip, Vup, Trv, dbd1, dbd2, Kqv, Iqh1, Iql1, Vref0, Tp, Qmax, Qmin,
        Vmax, Vmin, Kqp, Kqi, Kvp, Kvi, Tiq, dPmax, dPmin, Pmax, Pmin, Imax, Tpord;
  };
  /// Everything but the tables; Vbias is zero.
  template <class P, int N>
  static void read(Controls<P, N>& c, const P* p, const Places& at) {
    c.PFFLAG = p[at.PFFLAG];
    c.VFLAG = p[at.VFLAG];
    c.QFLAG = p[at.QFLAG];
    c.PQFLAG = p[at.PQFLAG];
    c.Vdip = p[at.Vdip];
    c.Vup = p[at.Vup];
    c.sensor = make_lag<P>(p[at.Trv]);
    c.compensation = c.sensor;
    c.power = make_lag<P>(p[at.Tp]);
    c.current = make_lag<P>(p[at.Tiq]);
    c.order = make_lag<P>(p[at.Tpord]);
    c.dbd1 = p[at.dbd1];
    c.dbd2 = p[at.dbd2];
    c.Kqv = p[at.Kqv];
    c.Iqh1 = p[at.Iqh1];
    c.Iql1 = p[at.Iql1];
    c.Vref0 = p[at.Vref0];
    c.Qmax = p[at.Qmax];
    c.Qmin = p[at.Qmin];
    c.Vmax = p[at.Vmax];
    c.Vmin = p[at.Vmin];
    c.Kqp = p[at.Kqp];
    c.Kqi = p[at.Kqi];
    c.Kvp = p[at.Kvp];
    c.Kvi = p[at.Kvi];
    c.Vbias = P(0.0);
    c.dPmax = p[at.dPmax];
    c.dPmin = p[at.dPmin];
    c.Pmax = p[at.Pmax];
    c.Pmin = p[at.Pmin];
    c.Imax = p[at.Imax];
    c.misplaced = P(0.0);
    // An idle loop has no gain, so that nothing winds up in it.
    const auto voltage_loop = c.QFLAG > 0.5;
    const auto reactive_loop = voltage_loop && c.VFLAG > 0.5;
    c.Kvp = select_(voltage_loop, c.Kvp, P(0.0));
    c.Kvi = select_(voltage_loop, c.Kvi, P(0.0));
    c.Kqp = select_(reactive_loop, c.Kqp, P(0.0));
    c.Kqi = select_(reactive_loop, c.Kqi, P(0.0));
  }
  /// A table of N points written as voltage, current; counts those that neither ascend nor are (0, 0).
  template <int N, class P>
  static Table<P, N> table_of(const P* points, P& misplaced) {
    P u[N];
    P y[N];
    for (int k = 0; k < N; ++k) {
      u[k] = points[2 * k];
      y[k] = points[2 * k + 1];
    }
    auto there = u[0] < kInfinity;
    for (int k = 1; k < N; ++k) {
      there = there && u[k - 1] < u[k];
      const auto written = !there && (abs_(u[k]) > 0.0 || abs_(y[k]) > 0.0);
      misplaced = misplaced + select_(written, P(1.0), P(0.0));
    }
    return make_table(u, y);
  }

  /// What the types do differently; a type hides what it changes.
  template <class T>
  struct Type {
    /// Reactive current wanted, of that from the loops and that from the support.
    BALLAST_HD T reactive(const T& loops, const T& support) const { return loops + support; }
    /// Active current wanted.
    BALLAST_HD T active(const T& wanted) const { return wanted; }
    /// Limits of the active current, of what tables and Imax leave.
    BALLAST_HD T Ipmax(const T& left) const { return left; }
    BALLAST_HD T Ipmin(const T&) const { return T(0.0); }
    /// Limit of the reactive current, likewise.
    BALLAST_HD T Iqmax(const T& left) const { return left; }
    /// The voltage that the loop of QFLAG = 1 holds.
    BALLAST_HD T regulated(const T* in) const { return magnitude_(in[VR], in[VI]); }
  };

  /// Reactive current asked for by the voltage support, without its deadband's switch.
  template <class T, class C>
  BALLAST_HD static T support(const C& c, const T& Vref0, const T& Vt) {
    return clamp_(T(c.Kqv * excess(T(Vref0 - Vt), c.dbd1, c.dbd2)), c.Iql1, c.Iqh1);
  }

  /// `frozen`: a voltage dip is on. Returns the filtered terminal voltage.
  template <class T, class C, class Frozen, class Kind>
  BALLAST_HD static T control(const T* x, const T* in, const C& c, const Frozen& frozen, const Kind& type,
                              T* dxdt, T* out) {
    const T Vt = lag(c.sensor, x[VT_FILTER], in[VT], dxdt[VT_FILTER]);
    const T Vc = lag(c.compensation, x[VC_FILTER], type.regulated(in), dxdt[VC_FILTER]);
    const T power = lag(c.power, x[POWER_FILTER], in[PE], dxdt[POWER_FILTER]);
    const T per_V = 1.0 / max_(Vt, T(kLowestVoltage));

    // Active power
    const T order_rate = clamp_(T((in[PREF] - x[POWER_ORDER]) * c.order.rate), c.dPmin, c.dPmax);
    dxdt[POWER_ORDER] =
        select_(frozen, T(0.0), T(within_limits(x[POWER_ORDER], order_rate, c.Pmin, c.Pmax, kPull)));
    const T order = select_(c.order.direct > 0.5, T(clamp_(in[PREF], c.Pmin, c.Pmax)), x[POWER_ORDER]);
    const T Ip_wanted = type.active(T(order * per_V));

    // Limits: the current with priority first
    const auto active_first = c.PQFLAG > 0.5;
    const T table1 = max_(table(c.VDL1, Vt), 0.0);
    const T table2 = max_(table(c.VDL2, Vt), 0.0);
    const T left_first = min_(table2, c.Imax);
    const T Ipmax_first = type.Ipmax(left_first);
    const T Ip_first = clamp_(Ip_wanted, type.Ipmin(left_first), Ipmax_first);
    const T Iqmax = type.Iqmax(T(min_(table1, T(select_(active_first, rest_of(c, Ip_first), T(c.Imax))))));

    // Reactive power
    const T Qref = select_(c.PFFLAG > 0.5, T(power * in[PF_TAN]), in[QEXT]);
    const T Q_error = clamp_(Qref, c.Qmin, c.Qmax) - in[QE];
    dxdt[Q_INTEGRAL] =
        select_(frozen, T(0.0), T(within_limits(x[Q_INTEGRAL], T(c.Kqi * Q_error), c.Vmin, c.Vmax, kPull)));
    const T Q_loop = clamp_(T(c.Kqp * Q_error + x[Q_INTEGRAL]), c.Vmin, c.Vmax);
    const T Vref = clamp_(T(select_(c.VFLAG > 0.5, Q_loop, T(Qref + c.Vbias))), c.Vmin, c.Vmax);
    const T V_error = Vref - Vc;
    dxdt[V_INTEGRAL] =
        select_(frozen, T(0.0), T(within_limits(x[V_INTEGRAL], T(c.Kvi * V_error), T(-Iqmax), Iqmax, kPull)));
    const T V_loop = clamp_(T(c.Kvp * V_error + x[V_INTEGRAL]), T(-Iqmax), Iqmax);
    T lag_rate;
    const T direct = lag(c.current, x[CURRENT_LAG], T(Qref * per_V), lag_rate);
    dxdt[CURRENT_LAG] = select_(frozen, T(0.0), lag_rate);
    const T loops = select_(c.QFLAG > 0.5, V_loop, direct);
    const T Iq_wanted = type.reactive(loops, support(c, in[VREF0], Vt));

    out[IQCMD] = clamp_(Iq_wanted, T(-Iqmax), Iqmax);
    const T left = select_(active_first, left_first, T(min_(table2, rest_of(c, out[IQCMD]))));
    out[IPMAX] = type.Ipmax(left);
    out[IPCMD] = clamp_(Ip_wanted, type.Ipmin(left), out[IPMAX]);
    return Vt;
  }

  /// Where the limits that initialisation may move stand among a model's parameters.
  struct LimitParameters {
    int Vdip, Vup, Qmax, Qmin, Vmax, Vmin, Pmax, Pmin, Imax;
  };

  /// `always_injects`: the support acts also without a dip. `charging`: share of the active current's limit
  /// that may be drawn.
  template <class C, class Kind>
  static Outcome rest(Rest& rest, const C& c, const LimitParameters& at, bool always_injects, double charging,
                      const Kind& type, double* x) {
    const double Vt = rest.in[VT];
    const double Vc = type.regulated(rest.in.data());
    const double V = max_(Vt, kLowestVoltage);
    const double Ip = rest.out[IPCMD];
    const double Iq = rest.out[IQCMD];
    if (rest.in[VREF0] != rest.in[VREF0]) rest.in[VREF0] = c.Vref0 != 0 ? c.Vref0 : Vt;
    const double base = Iq - (always_injects ? support(c, rest.in[VREF0], Vt) : 0.0);
    const bool voltage_loop = c.QFLAG > 0.5;
    const bool reactive_loop = voltage_loop && c.VFLAG > 0.5;
    const double Qref = !voltage_loop ? base * V : reactive_loop ? rest.in[QE] : Vc - c.Vbias;
    const double table1 = max_(table(c.VDL1, Vt), 0.0);
    const double table2 = max_(table(c.VDL2, Vt), 0.0);
    const bool active_first = c.PQFLAG > 0.5;
    const double Iqmax = min_(table1, active_first ? rest_of(c, Ip) : c.Imax);
    const double Ipmax = min_(table2, active_first ? c.Imax : rest_of(c, Iq));

    x[VT_FILTER] = Vt;
    x[VC_FILTER] = Vc;
    x[POWER_FILTER] = rest.in[PE];
    x[Q_INTEGRAL] = clamp_(Vc, c.Vmin, c.Vmax);
    x[V_INTEGRAL] = voltage_loop ? base : 0;
    x[CURRENT_LAG] = Qref / V;
    x[POWER_ORDER] = Ip * V;
    rest.in[PREF] = Ip * V;
    rest.in[QEXT] = Qref;
    rest.in[PF_TAN] = rest.in[PE] != 0 ? Qref / rest.in[PE] : 0;
    rest.out[IPMAX] = Ipmax;

    if (const Outcome o =
            Outcome::check("points of VDL1, VDL2 whose voltage does not ascend (count)", c.misplaced, 0, 0);
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("terminal voltage (pu, Vdip..Vup)", Vt, c.Vdip, c.Vup, {at.Vdip}, {at.Vup});
        !o.ok())
      return o;
    if (c.PFFLAG > 0.5 && Qref != 0)
      if (const double P = rest.in[PE]; P < 1e-6 && P > -1e-6)
        return {"active power (pu, PFFLAG = 1 makes reactive power from it)", P, 1e-6, kInfinity};
    if (const Outcome o =
            Outcome::check("power order (pu, Pmin..Pmax)", Ip * V, c.Pmin, c.Pmax, {at.Pmin}, {at.Pmax});
        !o.ok())
      return o;
    // Imax gives way to the operating point where it binds, the tables do not.
    const double needed = magnitude_(Ip, Iq) * (1 + 1e-9);  // beyond rounding
    const auto by_Imax = [&](double table, double limit, double value) {
      return limit < table && limit < value && needed > c.Imax
                 ? Movable{at.Imax, (value - limit) / (needed - c.Imax)}
                 : Movable{};
    };
    const auto opposite = [](Movable m) { return Movable{m.parameter, -m.slope}; };
    const Movable reactive = by_Imax(table1, Iqmax, abs_(Iq));
    if (const Outcome o = Outcome::check("reactive current (pu, within VDL1 and Imax)", Iq, -Iqmax, Iqmax,
                                         opposite(reactive), reactive);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("active current (pu, up to VDL2 and Imax)", Ip, -charging * Ipmax,
                                         Ipmax, {}, by_Imax(table2, Ipmax, Ip));
        !o.ok())
      return o;
    if (reactive_loop)
      if (const Outcome o =
              Outcome::check("reactive power (pu, Qmin..Qmax)", Qref, c.Qmin, c.Qmax, {at.Qmin}, {at.Qmax});
          !o.ok())
        return o;
    if (voltage_loop)
      if (const Outcome o =
              Outcome::check("regulated voltage (pu, Vmin..Vmax)", Vc, c.Vmin, c.Vmax, {at.Vmin}, {at.Vmax});
          !o.ok())
        return o;
    if (voltage_loop)
      return Outcome::check("reactive current of the voltage loop (pu, within VDL1 and Imax)", base, -Iqmax,
                            Iqmax);
    return Outcome::fine();
  }

 protected:
  /// What the other current leaves of Imax; at Imax itself the root keeps a derivative (off by 1e-6 at most).
  template <class T, class C>
  BALLAST_HD static T rest_of(const C& c, const T& current) {
    return sqrt_(max_(T(c.Imax * c.Imax - current * current), 0.0) + 1e-12);
  }

  /// Guards of the voltage dip: below Vdip, above Vup, back between them.
  template <class T, class C, class Dip>
  BALLAST_HD static void watch_dip(const C& c, const T& Vt, const Dip& in_dip, T* guard) {
    guard[0] = select_(in_dip, T(-1.0), T(c.Vdip - Vt));
    guard[1] = select_(in_dip, T(-1.0), T(Vt - c.Vup));
    guard[2] = select_(in_dip, T(min_(T(Vt - c.Vdip), T(c.Vup - Vt)) - kHysteresis), T(-1.0));
  }
  /// The setting that guard `which` of watch_dip() crossed.
  template <class C>
  BALLAST_HD static double crossed(const C& c, int which, double Vt) {
    const bool lower = Vt < 0.5 * (c.Vdip + c.Vup);
    if (which == 0) return c.Vdip;
    if (which == 1) return c.Vup;
    return lower ? c.Vdip + kHysteresis : c.Vup - kHysteresis;
  }

  static constexpr double kPull = 200;            ///< 1/s
  static constexpr double kLowestVoltage = 0.01;  ///< pu, of divisions
  static constexpr double kHysteresis = 0.005;    ///< pu, that the voltage must be back inside Vdip..Vup
};

}  // namespace ballast
