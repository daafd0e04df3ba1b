/// \file
/// Electrical control of photovoltaic plants.
#pragma once

#include "models/converters/electrical_control.hpp"
#include "models/converters/electrical_parameters.hpp"

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
      reec::bus,   reec::PFFLAG, reec::VFLAG, reec::QFLAG, reec::PQFLAG, reec::Vdip,  reec::Vup, reec::Trv,
      reec::dbd1,  reec::dbd2,   reec::Kqv,   reec::Iqh1,  reec::Iql1,   reec::Vref0, reec::Tp,  reec::Qmax,
      reec::Qmin,  reec::Vmax,   reec::Vmin,  reec::Kqp,   reec::Kqi,    reec::Kvp,   reec::Kvi, reec::Tiq,
      reec::dPmax, reec::dPmin,  reec::Pmax,  reec::Pmin,  reec::Imax,   reec::Tpord,
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
    read(c, p, {PFFLAG, VFLAG, QFLAG,       PQFLAG, VDIP,  VUP,  TRV,  DBD1, DBD2, KQV,
                IQH1,   IQL1,  VREF0_GIVEN, TP,     QMAX,  QMIN, VMAX, VMIN, KQP,  KQI,
                KVP,    KVI,   TIQ,         DPMAX,  DPMIN, PMAX, PMIN, IMAX, TPORD});
    const P u[4] = {P(0.0), P(0.0), P(0.0), P(0.0)};  // no tables: flat at Imax
    const P y[4] = {p[IMAX], p[IMAX], p[IMAX], p[IMAX]};
    c.VDL1 = make_table(u, y);
    c.VDL2 = c.VDL1;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto dip = context.mode[AUTOMATON] == DIP;
    const T Vt = control(x, in, d.controls, dip, Type<T>{}, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   true, 0, Type<double>{}, x);
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
