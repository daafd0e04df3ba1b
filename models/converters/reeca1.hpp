/// \file
/// Electrical control of wind and solar plants with a state machine for voltage dips.
#pragma once

#include "models/converters/electrical_control.hpp"
#include "models/converters/electrical_parameters.hpp"

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
      reec::bus,     reec::PFFLAG,  reec::VFLAG,   reec::QFLAG,   reec::PFLAG,   reec::PQFLAG,  reec::Vdip,
      reec::Vup,     reec::Trv,     reec::dbd1,    reec::dbd2,    reec::Kqv,     reec::Iqh1,    reec::Iql1,
      reec::Vref0,   reec::Iqfrz,   reec::Thld,    reec::Thld2,   reec::Tp,      reec::Qmax,    reec::Qmin,
      reec::Vmax,    reec::Vmin,    reec::Kqp,     reec::Kqi,     reec::Kvp,     reec::Kvi,     reec::Vbias,
      reec::Tiq,     reec::dPmax,   reec::dPmin,   reec::Pmax,    reec::Pmin,    reec::Imax,    reec::Tpord,
      reec::VDL1[0], reec::VDL1[1], reec::VDL1[2], reec::VDL1[3], reec::VDL1[4], reec::VDL1[5], reec::VDL1[6],
      reec::VDL1[7], reec::VDL2[0], reec::VDL2[1], reec::VDL2[2], reec::VDL2[3], reec::VDL2[4], reec::VDL2[5],
      reec::VDL2[6], reec::VDL2[7],
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
    read(c, p, {PFFLAG, VFLAG, QFLAG,       PQFLAG, VDIP,  VUP,  TRV,  DBD1, DBD2, KQV,
                IQH1,   IQL1,  VREF0_GIVEN, TP,     QMAX,  QMIN, VMAX, VMIN, KQP,  KQI,
                KVP,    KVI,   TIQ,         DPMAX,  DPMIN, PMAX, PMIN, IMAX, TPORD});
    c.Vbias = p[VBIAS];
    c.VDL1 = table_of<4>(p + VQ1, c.misplaced);
    c.VDL2 = table_of<4>(p + VP1, c.misplaced);
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
    const auto keeps_Iqfrz = d.Thld > 0.0;
    ByState<T> type;
    type.share = select_(normal, T(0.0), T(select_(dip, T(1.0), T(select_(keeps_Iqfrz, T(0.0), T(1.0))))));
    type.kept = select_(normal, T(0.0), T(select_(dip, T(0.0), T(select_(keeps_Iqfrz, T(d.Iqfrz), T(0.0))))));
    type.holds = select_(context.mode[POWER_HOLD] == 1, T(1.0), T(0.0));
    type.held = T(context.held[IPMAX_OF_DIP]);
    const T Vt = control(x, in, d.controls, dip, type, dxdt, out);
    watch_dip(d.controls, Vt, dip, context.guard + BELOW_VDIP);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    return ElectricalControl::rest(rest, d.controls, {VDIP, VUP, QMAX, QMIN, VMAX, VMIN, PMAX, PMIN, IMAX},
                                   false, 0, Type<double>{}, x);
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
  /// The support's state machine and the limit held after a dip.
  template <class T>
  struct ByState : Type<T> {
    T share;        ///< of the support, 1 or 0
    T kept;         ///< Iqfrz where it stands for the support
    T holds, held;  ///< 1 where the limit is held, and the limit
    BALLAST_HD T reactive(const T& loops, const T& support) const { return loops + (share * support + kept); }
    BALLAST_HD T Ipmax(const T& left) const { return select_(holds > 0.5, held, left); }
  };
};
BALLAST_MODEL(Reeca1, "REECA1");

}  // namespace ballast
