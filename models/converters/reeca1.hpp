/// \file
/// Electrical control of wind and solar plants with a state machine for voltage dips.
#pragma once

#include "models/converters/electrical_control.hpp"

namespace ballast {

/// Renewable electrical control, WECC REEC_A, PSS/E REECA1; diagram in electrical_control.hpp.
///
/// The voltage support Iqinj acts by a state machine: nothing in normal operation; Kqv times the voltage
/// error during a voltage dip; after it, for |Thld| seconds, Iqfrz (Thld > 0) or still Kqv times the error
/// (Thld < 0). For Thld2 seconds after a dip the limit of the active current stays where the dip left it.
/// VDL1 and VDL2 bound the currents over the filtered terminal voltage; a point whose voltage does not ascend
/// must be (0, 0) and ends the table.
///
/// A remote bus is the one whose voltage the loop of QFLAG = 1 holds; everything else sees the terminal.
///
/// Deviations: the dip is judged by the filtered voltage and ends 0.005 pu inside Vdip..Vup, so that its own
/// effect cannot end it at once; PFLAG = 1 multiplies the order by the speed of a drive train, of which there
/// is no model: the speed is 1; limits are kinks, not modes (models/blocks.hpp).
struct Reeca1 : ElectricalControl {
  static constexpr const char* title = "Renewable electrical control, type A";
  static constexpr const char* source =
      "WECC REEC_A specification and PSS/E REECA1 (public descriptions), ANDES, PowerSimulationsDynamics.jl";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, POWER_HOLD, kModes };  ///< POWER_HOLD 1: the active current limit is held
  enum Operation { NORMAL, DIP, AFTER_DIP };
  enum Held { IPMAX_OF_DIP, kHeld };
  enum Timer { SUPPORT_END, POWER_HOLD_END, kTimers };
  enum Threshold { BELOW_VDIP = 2 * kLimits, ABOVE_VUP, BACK, kGuards };
  static constexpr const char* mode_names[] = {"normal", "voltage dip", "after the dip"};
  enum Parameter {
    REMOTE_BUS,
    PFFLAG,
    VFLAG,
    QFLAG,
    PFLAG,
    PQFLAG,
    VDIP,
    VUP,
    TRV,
    DBD1,
    DBD2,
    KQV,
    IQH1,
    IQL1,
    VREF0_GIVEN,
    IQFRZ,
    THLD,
    THLD2,
    TP,
    QMAX,
    QMIN,
    VMAX,
    VMIN,
    KQP,
    KQI,
    KVP,
    KVI,
    VBIAS,
    TIQ,
    DPMAX,
    DPMIN,
    PMAX,
    PMIN,
    IMAX,
    TPORD,
    VQ1,
    VP1 = VQ1 + 8,
    kParameters = VP1 + 8
  };

  static constexpr ParameterInfo parameters[] = {
      {"bus", "1", within(0, 999997), anything(), "remote bus of the voltage loop; 0 = the terminal"},
      {"PFFLAG", "1", within(0, 1), within(0, 1), "1: power factor control, 0: Qext"},
      {"VFLAG", "1", within(0, 1), within(0, 1), "1: reactive loop, 0: voltage reference"},
      {"QFLAG", "1", within(0, 1), within(0, 1), "1: voltage loop, 0: constant power factor or Q"},
      {"PFLAG", "1", within(0, 1), within(0, 1), "1: order times the drive train's speed"},
      {"PQFLAG", "1", within(0, 1), within(0, 1), "1: active current first, 0: reactive current first"},
      {"Vdip", "pu", anything(), within(-99, 0.95), "a voltage dip below"},
      {"Vup", "pu", anything(), within(1.05, 99), "a voltage dip above"},
      {"Trv", "s", not_negative(), within(0, 0.1), "voltage filter"},
      {"dbd1", "pu", within(-kInfinity, 0), within(-0.2, 0), "deadband of the support, overvoltage"},
      {"dbd2", "pu", not_negative(), within(0, 0.2), "deadband of the support, undervoltage"},
      {"Kqv", "pu", not_negative(), within(0, 10), "support: reactive current per voltage error"},
      {"Iqh1", "pu", anything(), within(0, 1.5), "highest support"},
      {"Iql1", "pu", anything(), within(-1.5, 0), "lowest support"},
      {"Vref0", "pu", not_negative(), within(0, 1.1), "reference of the support; 0 = voltage at rest"},
      {"Iqfrz", "pu", anything(), within(-1, 1), "support after a dip"},
      {"Thld", "s", anything(), within(-1, 2), "length of the support after a dip"},
      {"Thld2", "s", not_negative(), within(0, 2), "active current limit held after a dip"},
      {"Tp", "s", not_negative(), within(0, 0.1), "power filter"},
      {"Qmax", "pu", anything(), within(0, 1), "highest reactive power"},
      {"Qmin", "pu", anything(), within(-1, 0), "lowest reactive power"},
      {"Vmax", "pu", anything(), within(1, 1.2), "highest voltage reference"},
      {"Vmin", "pu", anything(), within(0.8, 1), "lowest voltage reference"},
      {"Kqp", "pu", not_negative(), within(0, 10), "reactive loop, proportional"},
      {"Kqi", "pu/s", not_negative(), within(0, 50), "reactive loop, integral"},
      {"Kvp", "pu", not_negative(), within(0, 50), "voltage loop, proportional"},
      {"Kvi", "pu/s", not_negative(), within(0, 200), "voltage loop, integral"},
      {"Vbias", "pu", anything(), within(0, 1.1), "added to the reference of VFLAG = 0 (Vref1)"},
      {"Tiq", "s", not_negative(), within(0, 0.1), "reactive current lag"},
      {"dPmax", "pu/s", positive(), within(0.01, 99), "rise of the power order"},
      {"dPmin", "pu/s", within(-kInfinity, -1e-6), within(-99, -0.01), "fall of the power order"},
      {"Pmax", "pu", anything(), within(0.5, 1.5), "highest power order"},
      {"Pmin", "pu", anything(), within(-1, 0.5), "lowest power order"},
      {"Imax", "pu", positive(), within(1, 2), "converter current"},
      {"Tpord", "s", not_negative(), within(0, 0.2), "power order lag"},
      {"Vq1", "pu", anything(), within(-1, 2), "VDL1, voltage"},
      {"Iq1", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
      {"Vq2", "pu", anything(), within(-1, 2), "VDL1, voltage"},
      {"Iq2", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
      {"Vq3", "pu", anything(), within(-1, 2), "VDL1, voltage"},
      {"Iq3", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
      {"Vq4", "pu", anything(), within(-1, 2), "VDL1, voltage"},
      {"Iq4", "pu", not_negative(), within(0, 2), "VDL1, reactive current"},
      {"Vp1", "pu", anything(), within(-1, 2), "VDL2, voltage"},
      {"Ip1", "pu", not_negative(), within(0, 2), "VDL2, active current"},
      {"Vp2", "pu", anything(), within(-1, 2), "VDL2, voltage"},
      {"Ip2", "pu", not_negative(), within(0, 2), "VDL2, active current"},
      {"Vp3", "pu", anything(), within(-1, 2), "VDL2, voltage"},
      {"Ip3", "pu", not_negative(), within(0, 2), "VDL2, active current"},
      {"Vp4", "pu", anything(), within(-1, 2), "VDL2, voltage"},
      {"Ip4", "pu", not_negative(), within(0, 2), "VDL2, active current"},
  };
  static constexpr Relation relations[] = {
      {VDIP, Relation::BELOW, VUP, "every voltage would be a dip"},
      {IQL1, Relation::NOT_ABOVE, IQH1, "no support would be allowed"},
      {QMIN, Relation::NOT_ABOVE, QMAX, "no reactive power would be allowed"},
      {VMIN, Relation::NOT_ABOVE, VMAX, "no voltage reference would be allowed"},
      {PMIN, Relation::NOT_ABOVE, PMAX, "no power would be allowed"},
  };

  template <class P>
  struct Derived {
    Controls<P> controls;
    P Iqfrz, Thld, Thld2;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    Controls<P>& c = d.controls;
    c.PFFLAG = p[PFFLAG];
    c.VFLAG = p[VFLAG];
    c.QFLAG = p[QFLAG];
    c.PQFLAG = p[PQFLAG];
    c.Vdip = p[VDIP];
    c.Vup = p[VUP];
    c.sensor = make_lag<P>(p[TRV]);
    c.power = make_lag<P>(p[TP]);
    c.current = make_lag<P>(p[TIQ]);
    c.order = make_lag<P>(p[TPORD]);
    c.dbd1 = p[DBD1];
    c.dbd2 = p[DBD2];
    c.Kqv = p[KQV];
    c.Iqh1 = p[IQH1];
    c.Iql1 = p[IQL1];
    c.Vref0 = p[VREF0_GIVEN];
    c.Qmax = p[QMAX];
    c.Qmin = p[QMIN];
    c.Vmax = p[VMAX];
    c.Vmin = p[VMIN];
    c.Kqp = p[KQP];
    c.Kqi = p[KQI];
    c.Kvp = p[KVP];
    c.Kvi = p[KVI];
    c.Vbias = p[VBIAS];
    c.dPmax = p[DPMAX];
    c.dPmin = p[DPMIN];
    c.Pmax = p[PMAX];
    c.Pmin = p[PMIN];
    c.Imax = p[IMAX];
    c.misplaced = P(0.0);
    c.VDL1 = table_of(p + VQ1, c.misplaced);
    c.VDL2 = table_of(p + VP1, c.misplaced);
    silence_idle_loops(c);
    d.Iqfrz = p[IQFRZ];
    d.Thld = p[THLD];
    d.Thld2 = p[THLD2];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto dip = context.mode[AUTOMATON] == DIP;
    const auto normal = context.mode[AUTOMATON] == NORMAL;
    const auto held = context.mode[POWER_HOLD] == 1;
    const auto keeps_Iqfrz = d.Thld > 0.0;
    const T Vt = control(
        x, in, d.controls, dip,
        [&](const T& support) {
          const T after = select_(keeps_Iqfrz, T(d.Iqfrz), support);
          return T(select_(normal, T(0.0), T(select_(dip, support, after))));
        },
        [&](const T& Ipmax) { return T(select_(held, T(context.held[IPMAX_OF_DIP]), Ipmax)); }, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   false, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind == Happening::TIMER) {
      if (happening.index == POWER_HOLD_END) a.mode[POWER_HOLD] = 0;
      if (happening.index == SUPPORT_END) a.mode[AUTOMATON] = NORMAL;
      return Effect::KINK;
    }
    a.threshold = crossed(d.controls, happening.index - BELOW_VDIP, a.x[VT_FILTER]);
    if (happening.index != BACK) {
      a.mode[AUTOMATON] = DIP;
      a.mode[POWER_HOLD] = 0;
      a.timer[SUPPORT_END] = kNever;
      a.timer[POWER_HOLD_END] = kNever;
      return Effect::KINK;
    }
    a.mode[AUTOMATON] = d.Thld != 0 ? AFTER_DIP : NORMAL;
    a.timer[SUPPORT_END] = d.Thld != 0 ? happening.time + abs_(d.Thld) : kNever;
    if (d.Thld2 > 0) {
      a.mode[POWER_HOLD] = 1;
      a.held[IPMAX_OF_DIP] = a.out[IPMAX];
      a.timer[POWER_HOLD_END] = happening.time + d.Thld2;
    }
    return Effect::KINK;
  }

 private:
  template <class P>
  static Table<P, 4> table_of(const P* points, P& misplaced) {
    const P u[4] = {points[0], points[2], points[4], points[6]};
    const P y[4] = {points[1], points[3], points[5], points[7]};
    auto there = u[0] < kInfinity;
    for (int k = 1; k < 4; ++k) {
      there = there && u[k - 1] < u[k];
      const auto written = !there && (abs_(u[k]) > 0.0 || abs_(y[k]) > 0.0);
      misplaced = misplaced + select_(written, P(1.0), P(0.0));
    }
    return make_table(u, y);
  }
};
BALLAST_MODEL(Reeca1, "REECA1");

}  // namespace ballast
