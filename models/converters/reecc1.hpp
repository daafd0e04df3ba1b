/// \file
/// Electrical control of battery plants with their state of charge.
#pragma once

#include "models/converters/electrical_control.hpp"
#include "models/converters/electrical_parameters.hpp"

namespace ballast {

/// Renewable electrical control, WECC REEC_C, PSS/E REECC1 (REECCU1); diagram in electrical_control.hpp. As
/// in REECB1 the voltage support acts always and nothing outlasts a dip; as in REECA1 VDL1 and VDL2 bound the
/// currents over the filtered terminal voltage. Ipmin = -Ipmax: the unit may charge.
///
///   Pe ─► -1/(s T) from SOCini ─► SOC:  at SOCmin Ipmax = 0, at SOCmax Ipmin = 0
///
/// T is the time in which rated power empties the storage from 1 to 0. The state of charge is a counter: it
/// may move at rest, since no rate and no output depends on it, only the guards of its limits.
///
/// Deviations: a limit of charge is left 0.001 inside, so that it cannot chatter; no losses, as in REEC_C;
/// the auxiliary power Paux is zero; the dip is judged by the filtered voltage and ends 0.005 pu inside
/// Vdip..Vup; the other limits are kinks, not modes (models/blocks.hpp).
struct Reecc1 : ElectricalControl {
  static constexpr const char* title = "Renewable electrical control, type C: storage with state of charge";
  static constexpr const char* source =
      "WECC REEC_C specification and PSS/E REECC1 (public descriptions), OpenIPSL, InterPSS";
  static constexpr const char* validated = "";

  enum State { SOC = ElectricalControl::kStates, kStates };
  enum Limit { CHARGE, kLimits };  ///< +1 full, -1 empty
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
    VQ1,
    VP1 = VQ1 + 8,
    DISCHARGE = VP1 + 8,
    SOCINI,
    SOCMAX,
    SOCMIN,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      reec::bus,
      reec::PFFLAG,
      reec::VFLAG,
      reec::QFLAG,
      reec::PQFLAG,
      reec::Vdip,
      reec::Vup,
      reec::Trv,
      reec::dbd1,
      reec::dbd2,
      reec::Kqv,
      reec::Iqh1,
      reec::Iql1,
      reec::Vref0,
      reec::Tp,
      reec::Qmax,
      reec::Qmin,
      reec::Vmax,
      reec::Vmin,
      reec::Kqp,
      reec::Kqi,
      reec::Kvp,
      reec::Kvi,
      reec::Tiq,
      reec::dPmax,
      reec::dPmin,
      reec::Pmax,
      {"Pmin", "pu", anything(), within(-1.5, 0.5), "lowest power order; below 0 where it charges"},
      reec::Imax,
      reec::Tpord,
      reec::VDL1[0],
      reec::VDL1[1],
      reec::VDL1[2],
      reec::VDL1[3],
      reec::VDL1[4],
      reec::VDL1[5],
      reec::VDL1[6],
      reec::VDL1[7],
      reec::VDL2[0],
      reec::VDL2[1],
      reec::VDL2[2],
      reec::VDL2[3],
      reec::VDL2[4],
      reec::VDL2[5],
      reec::VDL2[6],
      reec::VDL2[7],
      {"T", "s", positive(), within(600, 50000), "time in which rated power empties the storage"},
      {"SOCini", "1", within(0, 1), within(0, 1), "state of charge at the start"},
      {"SOCmax", "1", within(0, 1), within(0.5, 1), "highest state of charge"},
      {"SOCmin", "1", within(0, 1), within(0, 0.5), "lowest state of charge"},
  };
  static constexpr Relation relations[] = {
      {VDIP, Relation::BELOW, VUP, "every voltage would be a dip"},
      {IQL1, Relation::NOT_ABOVE, IQH1, "no support would be allowed"},
      {QMIN, Relation::NOT_ABOVE, QMAX, "no reactive power would be allowed"},
      {VMIN, Relation::NOT_ABOVE, VMAX, "no voltage reference would be allowed"},
      {PMIN, Relation::NOT_ABOVE, PMAX, "no power would be allowed"},
      {SOCMIN, Relation::BELOW, SOCMAX, "no charge would be allowed"},
  };
  static constexpr StateInfo states[] = {{"voltage_filter", "pu"},   {"regulated_voltage_filter", "pu"},
                                         {"power_filter", "pu"},     {"reactive_integral", "pu"},
                                         {"voltage_integral", "pu"}, {"reactive_current_lag", "pu"},
                                         {"power_order", "pu"},      {"soc", "1", StateKind::COUNTER}};

  template <class P>
  struct Derived {
    Controls<P> controls;
    P per_T, SOCini, SOCmax, SOCmin;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    Controls<P>& c = d.controls;
    read(c, p, {PFFLAG, VFLAG, QFLAG,       PQFLAG, VDIP,  VUP,  TRV,  DBD1, DBD2, KQV,
                IQH1,   IQL1,  VREF0_GIVEN, TP,     QMAX,  QMIN, VMAX, VMIN, KQP,  KQI,
                KVP,    KVI,   TIQ,         DPMAX,  DPMIN, PMAX, PMIN, IMAX, TPORD});
    c.VDL1 = table_of<4>(p + VQ1, c.misplaced);
    c.VDL2 = table_of<4>(p + VP1, c.misplaced);
    d.per_T = 1.0 / p[DISCHARGE];
    d.SOCini = p[SOCINI];
    d.SOCmax = p[SOCMAX];
    d.SOCmin = p[SOCMIN];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto dip = context.mode[AUTOMATON] == DIP;
    const auto full = context.mode[CHARGE] == 1;
    const auto empty = context.mode[CHARGE] == -1;
    const T soc = x[SOC];
    context.guard[2 * CHARGE] = select_(full, T(d.SOCmax - kChargeBand - soc), T(soc - d.SOCmax));
    context.guard[2 * CHARGE + 1] = select_(empty, T(soc - d.SOCmin - kChargeBand), T(d.SOCmin - soc));
    dxdt[SOC] = -in[PE] * d.per_T;

    ByCharge<T> type;
    type.gives = select_(empty, T(0.0), T(1.0));
    type.takes = select_(full, T(0.0), T(1.0));
    const T Vt = control(x, in, d.controls, dip, type, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    x[SOC] = d.SOCini;
    if (const Outcome o =
            Outcome::check("state of charge SOCini (SOCmin..SOCmax)", d.SOCini, d.SOCmin, d.SOCmax);
        !o.ok())
      return o;
    // An empty battery gives nothing, a full one takes nothing.
    const double Ip = rest.out[IPCMD];
    if (const Outcome o =
            Outcome::check("active current (pu) at this state of charge", Ip,
                           d.SOCini < d.SOCmax ? -kInfinity : 0, d.SOCini > d.SOCmin ? kInfinity : 0);
        !o.ok())
      return o;
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   true, 1, Type<double>{}, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    a.threshold = crossed(d.controls, happening.index - BELOW_VDIP, a.x[VT_FILTER]);
    a.mode[AUTOMATON] = happening.index == BACK ? NORMAL : DIP;
    return Effect::KINK;
  }

 private:
  template <class T>
  struct ByCharge : Type<T> {
    T gives, takes;  ///< 1 where the storage can
    BALLAST_HD T Ipmax(const T& left) const { return gives * left; }
    BALLAST_HD T Ipmin(const T& left) const { return -takes * left; }
  };
  static constexpr double kChargeBand = 0.001;  ///< that the charge must be back inside its limit
};
BALLAST_MODEL(Reecc1, "REECC1");

}  // namespace ballast
