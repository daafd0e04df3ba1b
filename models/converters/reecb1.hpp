/// \file
/// Electrical control of photovoltaic plants.
#pragma once

#include "models/converters/electrical_control.hpp"

namespace ballast {

/// Renewable electrical control, WECC REEC_B, PSS/E REECB1; diagram in electrical_control.hpp. Unlike REECA1
/// its voltage support acts always, there are no tables over the voltage, and nothing outlasts a dip.
///
/// A remote bus is the one whose voltage the loop of QFLAG = 1 holds; everything else sees the terminal.
///
/// Deviations: the dip is judged by the filtered voltage and ends 0.005 pu inside Vdip..Vup; limits are
/// kinks, not modes (models/blocks.hpp).
struct Reecb1 : ElectricalControl {
  static constexpr const char* title = "Renewable electrical control, type B";
  static constexpr const char* source =
      "WECC REEC_B specification and PSS/E REECB1 (public descriptions), PowerSimulationsDynamics.jl";
  static constexpr const char* validated =
      "PSS/E curves RENA: P, Q, V within 8e-6 pu (QFLAG 0); V within 5.1e-6 pu from 1.5 s after the event "
      "on, "
      "2.9e-4 pu before, in a ringing of 5.5 Hz that PSS/E samples at 5 ms (QFLAG 1, VFLAG 0)";

  enum Mode { AUTOMATON = kLimits, kModes };
  enum Operation { NORMAL, DIP };
  enum Threshold { BELOW_VDIP = 2 * kLimits, ABOVE_VUP, BACK, kGuards };
  static constexpr const char* mode_names[] = {"normal", "voltage dip"};
  enum Parameter {
    REMOTE_BUS,
    PFFLAG,
    VFLAG,
    QFLAG,
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
    TP,
    QMAX,
    QMIN,
    VMAX,
    VMIN,
    KQP,
    KQI,
    KVP,
    KVI,
    TIQ,
    DPMAX,
    DPMIN,
    PMAX,
    PMIN,
    IMAX,
    TPORD,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"bus", "1", within(0, 999997), anything(), "remote bus of the voltage loop; 0 = the terminal"},
      {"PFFLAG", "1", within(0, 1), within(0, 1), "1: power factor control, 0: Qext"},
      {"VFLAG", "1", within(0, 1), within(0, 1), "1: reactive loop, 0: voltage reference"},
      {"QFLAG", "1", within(0, 1), within(0, 1), "1: voltage loop, 0: constant power factor or Q"},
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
      {"Tp", "s", not_negative(), within(0, 0.1), "power filter"},
      {"Qmax", "pu", anything(), within(0, 1), "highest reactive power"},
      {"Qmin", "pu", anything(), within(-1, 0), "lowest reactive power"},
      {"Vmax", "pu", anything(), within(1, 1.2), "highest voltage reference"},
      {"Vmin", "pu", anything(), within(0.8, 1), "lowest voltage reference"},
      {"Kqp", "pu", not_negative(), within(0, 10), "reactive loop, proportional"},
      {"Kqi", "pu/s", not_negative(), within(0, 50), "reactive loop, integral"},
      {"Kvp", "pu", not_negative(), within(0, 50), "voltage loop, proportional"},
      {"Kvi", "pu/s", not_negative(), within(0, 200), "voltage loop, integral"},
      {"Tiq", "s", not_negative(), within(0, 0.1), "reactive current lag"},
      {"dPmax", "pu/s", positive(), within(0.01, 99), "rise of the power order"},
      {"dPmin", "pu/s", within(-kInfinity, -1e-6), within(-99, -0.01), "fall of the power order"},
      {"Pmax", "pu", anything(), within(0.5, 1.5), "highest power order"},
      {"Pmin", "pu", anything(), within(-1, 0.5), "lowest power order"},
      {"Imax", "pu", positive(), within(1, 2), "converter current"},
      {"Tpord", "s", not_negative(), within(0, 0.2), "power order lag"},
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
    c.Vbias = P(0.0);
    c.dPmax = p[DPMAX];
    c.dPmin = p[DPMIN];
    c.Pmax = p[PMAX];
    c.Pmin = p[PMIN];
    c.Imax = p[IMAX];
    const P u[4] = {P(0.0), P(0.0), P(0.0), P(0.0)};  // no tables: flat at Imax
    const P y[4] = {p[IMAX], p[IMAX], p[IMAX], p[IMAX]};
    c.VDL1 = make_table(u, y);
    c.VDL2 = c.VDL1;
    c.misplaced = P(0.0);
    silence_idle_loops(c);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto dip = context.mode[AUTOMATON] == DIP;
    const auto same = [](const T& value) { return value; };
    const T Vt = control(x, in, d.controls, dip, same, same, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   true, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    a.threshold = crossed(d.controls, happening.index - BELOW_VDIP, a.x[VT_FILTER]);
    a.mode[AUTOMATON] = happening.index == BACK ? NORMAL : DIP;
    return Effect::KINK;
  }
};
BALLAST_MODEL(Reecb1, "REECB1");

}  // namespace ballast
