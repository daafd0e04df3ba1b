/// \file
/// Electrical control of plants with local voltage compensation, charging limits and blocking.
#pragma once

#include "models/converters/electrical_control.hpp"
#include "models/converters/electrical_parameters.hpp"

namespace ballast {

/// Renewable electrical control, WECC REEC_D, PSS/E REECD1; diagram in electrical_control.hpp. What it has of
/// its own:
///
///   VCMPFLAG 1  |V - (Rc + jXc) I| ─┐
///   VCMPFLAG 0  V + Kc Q ───────────┴─ 1/(1+s Tr1) ─► the voltage that the loop of QFLAG = 1 holds
///
/// VDL1 and VDL2 have ten points; Ipmin = -Ke Ipmax (Ke 0: no charging, 1: both ways alike). The support acts
/// always. For |Thld| seconds after a dip the reactive command stays where the dip left it (Thld > 0) or at
/// Iqfrz (Thld < 0); for Thld2 seconds the active command and its limit stay. While Vt is at or beyond Vblkl
/// or Vblkh, and for Tblk_delay after, the converter is blocked: no current.
///
/// Deviations: what is held after a dip is the command behind its limits; the dip is judged by the filtered
/// voltage and ends 0.005 pu inside Vdip..Vup, the blocking 0.005 pu inside Vblkl..Vblkh; PFLAG = 1
/// multiplies the order by a drive train's speed, which is 1 here; the auxiliary power Paux is zero; other
/// limits are kinks, not modes (models/blocks.hpp). The record has no remote bus, as GridPACK reads it; what
/// Thld and Tblk_delay do is taken from InterPSS.
struct Reecd1 : ElectricalControl {
  static constexpr const char* title =
      "Renewable electrical control, type D: compensation, charging limit, blocking";
  static constexpr const char* source =
      "WECC REEC_D, PSS/E REECD1 (public descriptions); GridPACK for the record, InterPSS for hold and "
      "blocking";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, POWER_HOLD, BLOCKING, kModes };  ///< POWER_HOLD 1: active command held
  enum Operation { NORMAL, DIP, AFTER_DIP };
  enum Block { RUNS, BLOCKED, WAITS };  ///< of BLOCKING
  enum Held { IQ_OF_DIP, IP_OF_DIP, IPMAX_OF_DIP, kHeld };
  enum Timer { REACTIVE_HOLD_END, POWER_HOLD_END, BLOCKING_END, kTimers };
  enum Threshold { BELOW_VDIP = 2 * kLimits, ABOVE_VUP, BACK, BLOCKS, UNBLOCKS, kGuards };
  static constexpr const char* mode_names[] = {"normal", "voltage dip", "after the dip"};
  static constexpr ThresholdInfo thresholds[] = {{"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"},
                                                 {"filtered terminal voltage", "pu"}};
  enum Parameter {
    PFFLAG,
    VFLAG,
    QFLAG,
    PFLAG,
    PQFLAG,
    VCMPFLAG,
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
    VP1 = VQ1 + 20,
    RC = VP1 + 20,
    XC,
    TR1,
    KC,
    KE,
    VBLKL,
    VBLKH,
    TBLK_DELAY,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      reec::PFFLAG,
      reec::VFLAG,
      reec::QFLAG,
      reec::PFLAG,
      reec::PQFLAG,
      {"VCMPFLAG", "1", within(0, 1), within(0, 1), "1: line drop compensation, 0: droop Kc"},
      reec::Vdip,
      reec::Vup,
      reec::Trv,
      reec::dbd1,
      reec::dbd2,
      reec::Kqv,
      reec::Iqh1,
      reec::Iql1,
      reec::Vref0,
      reec::Iqfrz,
      {"Thld", "s", anything(), within(-1, 2), "reactive command held after a dip; < 0: at Iqfrz"},
      reec::Thld2,
      reec::Tp,
      reec::Qmax,
      reec::Qmin,
      reec::Vmax,
      reec::Vmin,
      reec::Kqp,
      reec::Kqi,
      reec::Kvp,
      reec::Kvi,
      reec::Vbias,
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
      reec::VDL1[8],
      reec::VDL1[9],
      reec::VDL1[10],
      reec::VDL1[11],
      reec::VDL1[12],
      reec::VDL1[13],
      reec::VDL1[14],
      reec::VDL1[15],
      reec::VDL1[16],
      reec::VDL1[17],
      reec::VDL1[18],
      reec::VDL1[19],
      reec::VDL2[0],
      reec::VDL2[1],
      reec::VDL2[2],
      reec::VDL2[3],
      reec::VDL2[4],
      reec::VDL2[5],
      reec::VDL2[6],
      reec::VDL2[7],
      reec::VDL2[8],
      reec::VDL2[9],
      reec::VDL2[10],
      reec::VDL2[11],
      reec::VDL2[12],
      reec::VDL2[13],
      reec::VDL2[14],
      reec::VDL2[15],
      reec::VDL2[16],
      reec::VDL2[17],
      reec::VDL2[18],
      reec::VDL2[19],
      {"Rc", "pu", anything(), within(0, 0.2), "line drop compensation, resistance"},
      {"Xc", "pu", anything(), within(-0.2, 0.3), "line drop compensation, reactance"},
      {"Tr1", "s", not_negative(), within(0, 0.1), "filter of the regulated voltage"},
      {"Kc", "pu", anything(), within(0, 0.2), "voltage droop per reactive power"},
      {"Ke", "1", within(0, 1), within(0, 1), "charging limit as a share of the discharging one"},
      {"Vblkl", "pu", anything(), within(-99, 0.5), "blocked at and below"},
      {"Vblkh", "pu", anything(), within(1.1, 99), "blocked at and above"},
      {"Tblk_delay", "s", not_negative(), within(0, 1), "blocked on after the voltage is back"},
  };
  static constexpr Relation relations[] = {
      {VDIP, Relation::BELOW, VUP, "every voltage would be a dip"},
      {IQL1, Relation::NOT_ABOVE, IQH1, "no support would be allowed"},
      {QMIN, Relation::NOT_ABOVE, QMAX, "no reactive power would be allowed"},
      {VMIN, Relation::NOT_ABOVE, VMAX, "no voltage reference would be allowed"},
      {PMIN, Relation::NOT_ABOVE, PMAX, "no power would be allowed"},
      {VBLKL, Relation::BELOW, VBLKH, "every voltage would block the converter"},
  };

  template <class P>
  struct Derived {
    Controls<P, 10> controls;
    P VCMPFLAG, Iqfrz, Thld, Thld2, Rc, Xc, Kc, Ke, Vblkl, Vblkh, Tblk_delay;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    auto& c = d.controls;
    read(c, p, {PFFLAG, VFLAG, QFLAG,       PQFLAG, VDIP,  VUP,  TRV,  DBD1, DBD2, KQV,
                IQH1,   IQL1,  VREF0_GIVEN, TP,     QMAX,  QMIN, VMAX, VMIN, KQP,  KQI,
                KVP,    KVI,   TIQ,         DPMAX,  DPMIN, PMAX, PMIN, IMAX, TPORD});
    c.compensation = make_lag<P>(p[TR1]);
    c.Vbias = p[VBIAS];
    c.VDL1 = table_of<10>(p + VQ1, c.misplaced);
    c.VDL2 = table_of<10>(p + VP1, c.misplaced);
    d.VCMPFLAG = p[VCMPFLAG];
    d.Iqfrz = p[IQFRZ];
    d.Thld = p[THLD];
    d.Thld2 = p[THLD2];
    d.Rc = p[RC];
    d.Xc = p[XC];
    d.Kc = p[KC];
    d.Ke = p[KE];
    d.Vblkl = p[VBLKL];
    d.Vblkh = p[VBLKH];
    d.Tblk_delay = p[TBLK_DELAY];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto dip = context.mode[AUTOMATON] == DIP;
    const auto blocked = context.mode[BLOCKING] == BLOCKED;
    const auto runs = context.mode[BLOCKING] == RUNS;
    ByState<T, P> type{{}, d};
    type.available = select_(runs, T(1.0), T(0.0));
    type.keeps_Iq = select_(context.mode[AUTOMATON] == AFTER_DIP, T(1.0), T(0.0));
    type.Iq = select_(d.Thld > 0.0, T(context.held[IQ_OF_DIP]), T(d.Iqfrz));
    type.keeps_Ip = select_(context.mode[POWER_HOLD] == 1, T(1.0), T(0.0));
    type.Ip = T(context.held[IP_OF_DIP]);
    type.highest_Ip = T(context.held[IPMAX_OF_DIP]);
    const T Vt = control(x, in, d.controls, dip, type, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
    const T inside = min_(T(Vt - d.Vblkl), T(d.Vblkh - Vt));
    context.guard[BLOCKS] = select_(blocked, T(-1.0), T(-inside));
    context.guard[UNBLOCKS] = select_(blocked, T(inside - kHysteresis), T(-1.0));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("terminal voltage (pu, Vblkl..Vblkh)", rest.in[VT], d.Vblkl, d.Vblkh,
                                         {VBLKL}, {VBLKH});
        !o.ok())
      return o;
    ByState<double, double> type{{}, d};
    type.available = 1;
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   true, d.Ke, type, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind == Happening::TIMER) {
      if (happening.index == REACTIVE_HOLD_END) a.mode[AUTOMATON] = NORMAL;
      if (happening.index == POWER_HOLD_END) a.mode[POWER_HOLD] = 0;
      if (happening.index == BLOCKING_END) a.mode[BLOCKING] = RUNS;
      return Effect::KINK;
    }
    const double Vt = a.x[VT_FILTER];
    if (happening.index == BLOCKS || happening.index == UNBLOCKS) {
      a.threshold = Vt < 0.5 * (d.Vblkl + d.Vblkh) ? d.Vblkl : d.Vblkh;
      const bool waits = happening.index == UNBLOCKS && d.Tblk_delay > 0;
      a.mode[BLOCKING] = happening.index == BLOCKS ? BLOCKED : waits ? WAITS : RUNS;
      a.timer[BLOCKING_END] = waits ? happening.time + d.Tblk_delay : kNever;
      return Effect::KINK;
    }
    a.threshold = crossed(d.controls, happening.index - BELOW_VDIP, Vt);
    if (happening.index != BACK) {
      a.mode[AUTOMATON] = DIP;
      a.mode[POWER_HOLD] = 0;
      a.timer[REACTIVE_HOLD_END] = kNever;
      a.timer[POWER_HOLD_END] = kNever;
      return Effect::KINK;
    }
    a.mode[AUTOMATON] = d.Thld != 0 ? AFTER_DIP : NORMAL;
    a.timer[REACTIVE_HOLD_END] = d.Thld != 0 ? happening.time + abs_(d.Thld) : kNever;
    a.held[IQ_OF_DIP] = a.out[IQCMD];
    if (d.Thld2 > 0) {
      a.mode[POWER_HOLD] = 1;
      a.held[IP_OF_DIP] = a.out[IPCMD];
      a.held[IPMAX_OF_DIP] = a.out[IPMAX];
      a.timer[POWER_HOLD_END] = happening.time + d.Thld2;
    }
    return Effect::KINK;
  }

 private:
  template <class T, class P>
  struct ByState : Type<T> {
    const Derived<P>& d;
    T available{};                     ///< 0 while blocked, else 1
    T keeps_Iq{}, Iq{};                ///< 1 where the reactive command is held, and at what
    T keeps_Ip{}, Ip{}, highest_Ip{};  ///< likewise the active one, and its limit
    BALLAST_HD ByState(const Type<T>& base, const Derived<P>& derived) : Type<T>(base), d(derived) {}
    BALLAST_HD T reactive(const T& loops, const T& support) const {
      return select_(keeps_Iq > 0.5, Iq, T(loops + support));
    }
    BALLAST_HD T active(const T& wanted) const { return select_(keeps_Ip > 0.5, Ip, wanted); }
    BALLAST_HD T Ipmax(const T& left) const { return available * select_(keeps_Ip > 0.5, highest_Ip, left); }
    BALLAST_HD T Ipmin(const T& left) const { return -d.Ke * Ipmax(left); }
    BALLAST_HD T Iqmax(const T& left) const { return available * left; }
    BALLAST_HD T regulated(const T* in) const {
      const T per_V = 1.0 / max_(in[VT], T(kLowestVoltage));
      const T along = in[VT] - (d.Rc * in[PE] + d.Xc * in[QE]) * per_V;
      const T across = (d.Xc * in[PE] - d.Rc * in[QE]) * per_V;
      return select_(d.VCMPFLAG > 0.5, magnitude_(along, across), T(in[VT] + d.Kc * in[QE]));
    }
  };
};
BALLAST_MODEL(Reecd1, "REECD1");

}  // namespace ballast
