/// \file
/// Grid-forming converter by droop.
#pragma once

#include "models/converters/grid_forming.hpp"

namespace ballast {

/// Droop-controlled grid-forming inverter, WECC REGFM_A1. P, Q and V are measured behind 1/(1 + s Tpf),
/// 1/(1 + s Tqf), 1/(1 + s Tvf).
///
///   mp (Pref - P) + PI(Pmax - P) at most 0 + PI(Pmin - P) at least 0 ─► frequency
///   d(delta)/dt = w0 (1 + frequency - frame_speed)
///   Vcmd = Vref + mq (Qref - Q) + PI(Qmax - Q) at most 0 + PI(Qmin - Q) at least 0
///   Vflag 0: E = Vcmd;  Vflag 1: E = (kpv + kiv/s)(Vcmd - V);  within Emin..Emax
///   the PI of P: kppmax + kipmax/s, of Q: kpqmax + kiqmax/s;  I as in grid_forming.hpp
///
/// QVflag 1: Vref is the input and Qref = 0 at rest; 0: Qref is the input and Vref rests at the voltage.
///
/// mp, kppmax and kipmax are per unit of frequency per unit of power (5 % droop: mp = 0.05). WECC's
/// specification gives mp in rad/s per unit, 377 times as much; such a value is refused. GridPACK reads the
/// record in this order and multiplies by w0, but falls back on 3.77 where mp is missing: that is rad/s.
/// The state omega follows the frequency within 4 ms, for the record and the island's frame; nothing else
/// reads it. Its weight in that frame is Tpf/(2 mp) seconds, the inertia constant of which the filtered droop
/// has the rate of change of frequency.
///
/// Deviations: limits are kinks, not modes (models/blocks.hpp); Tpf and Tqf may not be zero: frequency and E
/// are functions of states, not of the power that they cause; no plant control moves it.
struct RegfmA1 : GridForming {
  static constexpr const char* title = "Grid-forming converter, droop";
  static constexpr const char* source =
      "WECC REGFM_A1 (public descriptions: PowerWorld); GridPACK for record order and equations";
  static constexpr const char* validated = "";

  enum State {
    POWER,
    REACTIVE,
    VOLTAGE,
    DELTA,
    EMF,
    PMAX_INTEGRAL,
    PMIN_INTEGRAL,
    QMAX_INTEGRAL,
    QMIN_INTEGRAL,
    OMEGA,
    kStates
  };
  enum Input { VR, VI, FRAME_SPEED, PREF, QREF, VREF, kInputs };
  enum Parameter {
    VFLAG,
    QVFLAG,
    TPF,
    TQF,
    TVF,
    IMAX,
    EMAX,
    EMIN,
    PMAX,
    PMIN,
    QMAX,
    QMIN,
    MP,
    MQ,
    KPPMAX,
    KIPMAX,
    KPQMAX,
    KIQMAX,
    KPV,
    KIV,
    RE,
    XE,
    kParameters
  };
  static constexpr int kRecordParameters = RE;

  static constexpr ParameterInfo parameters[] = {
      {"Vflag", "1", within(0, 1), within(0, 1), "1: voltage control, 0: E set directly"},
      {"QVflag", "1", within(0, 1), within(0, 1), "1: Vref is the input, 0: Qref"},
      {"Tpf", "s", positive(), within(0.005, 0.1), "power filter"},
      {"Tqf", "s", positive(), within(0, 0.1), "reactive power filter"},
      {"Tvf", "s", not_negative(), within(0, 0.1), "voltage filter"},
      {"Imax", "pu", not_negative(), within(1, 3), "converter current; 0 = no limit"},
      {"Emax", "pu", positive(), within(1.05, 2), "highest internal voltage"},
      {"Emin", "pu", anything(), within(-2, 1), "lowest internal voltage"},
      {"Pmax", "pu", anything(), within(0.5, 1.2), "highest power"},
      {"Pmin", "pu", anything(), within(-1.2, 0.5), "lowest power"},
      {"Qmax", "pu", anything(), within(0, 1.2), "highest reactive power"},
      {"Qmin", "pu", anything(), within(-1.2, 0), "lowest reactive power"},
      {"mp", "pu", within(0, 1), within(0.005, 0.1), "frequency droop"},
      {"mq", "pu", not_negative(), within(0, 0.2), "voltage droop"},
      {"kppmax", "pu", not_negative(), within(0, 0.1), "power limits, proportional"},
      {"kipmax", "pu/s", not_negative(), within(0, 1), "power limits, integral"},
      {"kpqmax", "pu", not_negative(), within(0, 10), "reactive power limits, proportional"},
      {"kiqmax", "pu/s", not_negative(), within(0, 50), "reactive power limits, integral"},
      {"kpv", "pu", not_negative(), within(0, 10), "voltage control, proportional"},
      {"kiv", "pu/s", positive(), within(1, 50), "voltage control, integral"},
      {kRe.name, kRe.unit, kRe.possible, kRe.usual, "coupling resistance (RAW: real part of ZSOURCE)"},
      {kXe.name, kXe.unit, kXe.possible, kXe.usual, "coupling reactance (RAW: imaginary part of ZSOURCE)"},
  };
  static constexpr Relation relations[] = {
      {EMIN, Relation::BELOW, EMAX, "no internal voltage would be allowed"},
      {PMIN, Relation::BELOW, PMAX, "no power would be allowed"},
      {QMIN, Relation::BELOW, QMAX, "no reactive power would be allowed"},
  };
  static constexpr StateInfo states[] = {{"power_filter", "pu"},     {"reactive_filter", "pu"},
                                         {"voltage_filter", "pu"},   {"delta", "rad", StateKind::ANGLE},
                                         {"voltage_integral", "pu"}, {"Pmax_integral", "pu"},
                                         {"Pmin_integral", "pu"},    {"Qmax_integral", "pu"},
                                         {"Qmin_integral", "pu"},    {"omega", "pu", StateKind::DEVIATION}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"Pref", "pu", Unwired::HELD},
                                         {"Qref", "pu", Unwired::HELD},
                                         {"Vref", "pu", Unwired::HELD}};

  template <class P>
  struct Derived {
    Source<P> source;
    Lag<P> voltage;
    P Vflag, QVflag, per_Tpf, per_Tqf, Emax, Emin, Pmax, Pmin, Qmax, Qmin, mp, mq;
    P kppmax, kipmax, kpqmax, kiqmax, kpv, kiv;
    P H;  ///< s on the system base, weight of the frame
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const Source<P> source = make_source<P>(p[RE], p[XE], p[IMAX], ratings);
    const auto controlled = p[VFLAG] > 0.5;
    return {source,
            make_lag<P>(p[TVF]),
            p[VFLAG],
            p[QVFLAG],
            1.0 / p[TPF],
            1.0 / p[TQF],
            p[EMAX],
            p[EMIN],
            p[PMAX],
            p[PMIN],
            p[QMAX],
            p[QMIN],
            p[MP],
            p[MQ],
            p[KPPMAX],
            p[KIPMAX],
            p[KPQMAX],
            p[KIQMAX],
            select_(controlled, p[KPV], P(0.0)),
            select_(controlled, p[KIV], P(0.0)),
            p[TPF] * 0.5 / max_(p[MP], P(kLeastDroop)) * source.to_system};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    // Frequency, of states alone
    const T power = x[POWER];
    const T frequency = d.mp * (in[PREF] - power) +
                        above(x[PMAX_INTEGRAL], T(d.Pmax - power), d.kppmax, d.kipmax, dxdt[PMAX_INTEGRAL]) +
                        below(x[PMIN_INTEGRAL], T(d.Pmin - power), d.kppmax, d.kipmax, dxdt[PMIN_INTEGRAL]);
    dxdt[DELTA] = d.source.w0 * (1.0 + frequency - in[FRAME_SPEED]);
    dxdt[OMEGA] = (frequency - x[OMEGA]) * (1 / kFollowing);

    // Voltage
    const T Vcmd = in[VREF] + d.mq * (in[QREF] - x[REACTIVE]) +
                   above(x[QMAX_INTEGRAL], T(d.Qmax - x[REACTIVE]), d.kpqmax, d.kiqmax, dxdt[QMAX_INTEGRAL]) +
                   below(x[QMIN_INTEGRAL], T(d.Qmin - x[REACTIVE]), d.kpqmax, d.kiqmax, dxdt[QMIN_INTEGRAL]);
    const T measured = lag(d.voltage, x[VOLTAGE], magnitude_(in[VR], in[VI]), dxdt[VOLTAGE]);
    const T error = Vcmd - measured;
    dxdt[EMF] = within_limits(x[EMF], T(d.kiv * error), d.Emin, d.Emax, kPull);
    const T E = clamp_(T(select_(d.Vflag > 0.5, T(d.kpv * error + x[EMF]), Vcmd)), d.Emin, d.Emax);

    const Flow<T> f = flow(E, x[DELTA], in[VR], in[VI], d.source);
    dxdt[POWER] = (f.P - x[POWER]) * d.per_Tpf;
    dxdt[REACTIVE] = (f.Q - x[REACTIVE]) * d.per_Tqf;
    deliver(f, x[OMEGA], d.source, out);
  }

  /// Weight in the island's frame, MW s per MVA of the system base.
  template <class P>
  static P inertia(const Derived<P>& d) {
    return d.H;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const AtRest r = rest_point(rest, rest.in[VR], rest.in[VI], d.source);
    const bool controlled = d.Vflag > 0.5;
    const bool by_voltage = d.QVflag > 0.5;
    for (int i = 0; i < kStates; ++i) x[i] = 0;
    x[POWER] = r.P;
    x[REACTIVE] = r.Q;
    x[VOLTAGE] = r.V;
    x[DELTA] = r.delta;
    x[EMF] = controlled ? r.E : clamp_(r.E, d.Emin, d.Emax);
    rest.in[PREF] = r.P;
    rest.in[QREF] = by_voltage ? 0 : r.Q;
    rest.in[VREF] = (controlled ? r.V : r.E) + (by_voltage ? d.mq * r.Q : 0);
    if (const Outcome o = Outcome::check("current (pu, up to Imax)", r.I, 0, d.source.Imax, {}, {IMAX});
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("internal voltage E (pu, Emin..Emax)", r.E, d.Emin, d.Emax, {EMIN}, {EMAX});
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("power (pu, Pmin..Pmax)", r.P, d.Pmin, d.Pmax, {PMIN}, {PMAX});
        !o.ok())
      return o;
    return Outcome::check("reactive power (pu, Qmin..Qmax)", r.Q, d.Qmin, d.Qmax, {QMIN}, {QMAX});
  }

 private:
  /// PI control that acts downwards alone: kp error + ki/s error, at most 0.
  template <class T, class P>
  BALLAST_HD static T above(const T& x, const T& error, const P& kp, const P& ki, T& dxdt) {
    dxdt = within_limits(x, T(ki * error), T(-kNoLimit), T(0.0), kPull);
    return min_(T(kp * error + x), T(0.0));
  }
  /// Upwards alone.
  template <class T, class P>
  BALLAST_HD static T below(const T& x, const T& error, const P& kp, const P& ki, T& dxdt) {
    dxdt = within_limits(x, T(ki * error), T(0.0), T(kNoLimit), kPull);
    return max_(T(kp * error + x), T(0.0));
  }
  static constexpr double kLeastDroop = 1e-3;  ///< of the weight
  static constexpr double kFollowing = 0.004;  ///< s
};
BALLAST_MODEL(RegfmA1, "REGFM_A1");

}  // namespace ballast
