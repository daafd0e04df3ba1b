/// \file
/// What the electrical controls REECA1 and REECB1 have in common.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Local control of a renewable plant's converter: power orders in, current commands out (WECC REEC_A,
/// REEC_B).
///
///   PFFLAG 1  pf_tan x Pe/(1+s Tp) ─┐
///   PFFLAG 0  Qext ─────────────────┴─ Qref ─┬─ Qmin..Qmax ─►(-Qe)─► Kqp + Kqi/s ── VFLAG 1 ─┐
///                                            ├─ + Vbias ─────────── Vmin..Vmax ──── VFLAG 0 ─┴─ Vmin..Vmax
///                                            │                                                  │
///                                            │      QFLAG 1 ── Kvp + Kvi/s, +-Iqmax ◄─ (-Vc) ◄──┘
///                                            └─ /Vt ─ 1/(1+s Tiq) ── QFLAG 0 ─┐
///   Vref0 - Vt ─ deadband dbd1..dbd2 ─ Kqv ─ Iql1..Iqh1 ─ Iqinj ──────────────►(+)─ +-Iqmax ──► Iqcmd
///
///   Pref ─ 1/(1+s Tpord), rate dPmin..dPmax, Pmin..Pmax ─ /Vt ─ 0..Ipmax ───────────────────────► Ipcmd
///
/// Vt is the terminal voltage behind 1/(1+s Trv), in divisions no lower than 0.01 pu; Vc that of the
/// regulated bus. While Vt is outside Vdip..Vup (a voltage dip) both integrals, the lag Tiq and the power
/// order stand still. The priority (PQFLAG) says which current may use Imax first; the other gets the rest.
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

  template <class P>
  struct Controls {
    P PFFLAG, VFLAG, QFLAG, PQFLAG;
    P Vdip, Vup;
    Lag<P> sensor, power, current, order;  ///< Trv, Tp, Tiq, Tpord
    P dbd1, dbd2, Kqv, Iqh1, Iql1, Vref0;
    P Qmax, Qmin, Vmax, Vmin, Kqp, Kqi, Kvp, Kvi, Vbias;
    P dPmax, dPmin, Pmax, Pmin, Imax;
    Table<P, 4> VDL1, VDL2;  ///< Iq and Ip over Vt
    P misplaced;             ///< points of the tables that do not ascend and are not (0, 0)
  };
  /// An idle loop has no gain, so that nothing winds up in it.
  template <class P>
  static void silence_idle_loops(Controls<P>& c) {
    const auto voltage_loop = c.QFLAG > 0.5;
    const auto reactive_loop = voltage_loop && c.VFLAG > 0.5;
    c.Kvp = select_(voltage_loop, c.Kvp, P(0.0));
    c.Kvi = select_(voltage_loop, c.Kvi, P(0.0));
    c.Kqp = select_(reactive_loop, c.Kqp, P(0.0));
    c.Kqi = select_(reactive_loop, c.Kqi, P(0.0));
  }

  /// Reactive current asked for by the voltage support, without its deadband's switch.
  template <class T, class P>
  BALLAST_HD static T support(const Controls<P>& c, const T& Vref0, const T& Vt) {
    return clamp_(T(c.Kqv * excess(T(Vref0 - Vt), c.dbd1, c.dbd2)), c.Iql1, c.Iqh1);
  }

  /// `frozen`: a voltage dip is on. `injection(Iqv)` is what of the support is used; `limit(Ipmax)` what
  /// becomes of the active current limit. Returns the filtered terminal voltage.
  template <class T, class P, class Frozen, class Injection, class Limit>
  BALLAST_HD static T control(const T* x, const T* in, const Controls<P>& c, const Frozen& frozen,
                              const Injection& injection, const Limit& limit, T* dxdt, T* out) {
    const T Vt = lag(c.sensor, x[VT_FILTER], in[VT], dxdt[VT_FILTER]);
    const T Vc = lag(c.sensor, x[VC_FILTER], magnitude_(in[VR], in[VI]), dxdt[VC_FILTER]);
    const T power = lag(c.power, x[POWER_FILTER], in[PE], dxdt[POWER_FILTER]);
    const T per_V = 1.0 / max_(Vt, T(kLowestVoltage));

    // Active power
    const T order_rate = clamp_(T((in[PREF] - x[POWER_ORDER]) * c.order.rate), c.dPmin, c.dPmax);
    dxdt[POWER_ORDER] =
        select_(frozen, T(0.0), T(within_limits(x[POWER_ORDER], order_rate, c.Pmin, c.Pmax, kPull)));
    const T order = select_(c.order.direct > 0.5, T(clamp_(in[PREF], c.Pmin, c.Pmax)), x[POWER_ORDER]);
    const T Ip_wanted = order * per_V;

    // Limits: the current with priority first
    const auto active_first = c.PQFLAG > 0.5;
    const T table1 = max_(table(c.VDL1, Vt), 0.0);
    const T table2 = max_(table(c.VDL2, Vt), 0.0);
    const T Ipmax_first = limit(T(min_(table2, c.Imax)));
    const T Ip_first = clamp_(Ip_wanted, 0.0, Ipmax_first);
    const T Iqmax = min_(table1, T(select_(active_first, rest_of(c, Ip_first), T(c.Imax))));

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
    const T Iq_wanted = select_(c.QFLAG > 0.5, V_loop, direct) + injection(support(c, in[VREF0], Vt));

    out[IQCMD] = clamp_(Iq_wanted, T(-Iqmax), Iqmax);
    out[IPMAX] = select_(active_first, Ipmax_first, limit(T(min_(table2, rest_of(c, out[IQCMD])))));
    out[IPCMD] = clamp_(Ip_wanted, 0.0, out[IPMAX]);
    return Vt;
  }

  /// Where the limits that initialisation may move stand among a model's parameters.
  struct LimitParameters {
    int Vdip, Vup, Qmax, Qmin, Vmax, Vmin, Pmax, Pmin, Imax;
  };

  /// `always_injects`: the support acts also without a dip.
  static Outcome rest(Rest& rest, const Controls<double>& c, const LimitParameters& at, bool always_injects,
                      double* x) {
    const double Vt = rest.in[VT];
    const double Vc = magnitude_(rest.in[VR], rest.in[VI]);
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
    if (const Outcome o = Outcome::check("active current (pu, up to VDL2 and Imax)", Ip, 0, Ipmax, {},
                                         by_Imax(table2, Ipmax, Ip));
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
  template <class T, class P>
  BALLAST_HD static T rest_of(const Controls<P>& c, const T& current) {
    return sqrt_(max_(T(c.Imax * c.Imax - current * current), 0.0) + 1e-12);
  }

  /// Guards of the voltage dip: below Vdip, above Vup, back between them.
  template <class T, class P, class Dip>
  BALLAST_HD static void watch_dip(const Controls<P>& c, const T& Vt, const Dip& in_dip, T* guard) {
    guard[0] = select_(in_dip, T(-1.0), T(c.Vdip - Vt));
    guard[1] = select_(in_dip, T(-1.0), T(Vt - c.Vup));
    guard[2] = select_(in_dip, T(min_(T(Vt - c.Vdip), T(c.Vup - Vt)) - kHysteresis), T(-1.0));
  }
  /// The setting that guard `which` of watch_dip() crossed.
  BALLAST_HD static double crossed(const Controls<double>& c, int which, double Vt) {
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
