/// \file
/// Generator/converter model of wind, solar and storage plants.
#pragma once

#include "models/converters/converter_terminal.hpp"

namespace ballast {

/// Renewable generator/converter model, WECC REGC_A, PSS/E REGCA1: a current source that follows its
/// commands.
///
///                 LVPL(V) ──┐ (Lvplsw = 1)
///   Ipcmd ──► 1/(1+s Tg) ───┴──► Ip ──► x LVACM(V) ────────────────────────► along the voltage
///             rate <= Rrpwr
///   Iqcmd ──► 1/(1+s Tg) ──────► Iq ──►(-)── Khv max(V - Volim, 0) ── >= Iolim ──► across it
///             rate within Iqrmin..Iqrmax
///
///   LVPL   0 below Zerox, Lvpl1 above Brkpt, of the voltage behind 1/(1+s Tfltr): ceiling of Ip (non-windup)
///   LVACM  0 below Lvpnt0, 1 above Lvpnt1, of the voltage itself (low-voltage active current management)
///   HVRCM  the term with Khv (high-voltage reactive current management), solved with the network exactly
///
/// Deviations: limits are kinks, not modes (models/blocks.hpp); below 0.2 pu the current falls with the
/// voltage: a source of current along a voltage that is mostly its own doing has no angle to follow, and
/// beside a bolted fault no solution (in a weak grid a fold may remain above 0.2 pu); a ceiling that drops
/// below Ip takes it along within 5 ms; steps (Zerox = Brkpt, Lvpnt0 = Lvpnt1) are spread over 0.001 pu;
/// Accel is read and not needed (it damps PSS/E's network iteration).
struct Regca1 : ConverterTerminal {
  static constexpr const char* title = "Renewable generator/converter";
  static constexpr const char* source =
      "WECC REGC_A specification and PSS/E REGCA1 (public descriptions), ANDES, PowerSimulationsDynamics.jl";
  static constexpr const char* validated =
      "PSS/E curves RENA with REECB1 and REPCA1 (a line opened): P, Q, V within 8e-6 pu from 50 ms after the "
      "event "
      "on, P within 8.5e-4 pu before; LVPL, LVACM and HVRCM have no independent reference";

  enum State { IP, IQ, VOLTAGE, kStates };
  enum Parameter {
    LVPLSW,
    TG,
    RRPWR,
    BRKPT,
    ZEROX,
    LVPL1,
    VOLIM,
    LVPNT1,
    LVPNT0,
    IOLIM,
    TFLTR,
    KHV,
    IQRMAX,
    IQRMIN,
    ACCEL,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"Lvplsw", "1", within(0, 1), within(0, 1), "1: the ceiling LVPL is in use"},
      {"Tg", "s", positive(), within(0.01, 0.1), "converter time constant"},
      {"Rrpwr", "pu/s", positive(), within(0.5, 20), "rate at which the active current recovers"},
      {"Brkpt", "pu", anything(), within(0.5, 1), "voltage above which LVPL is Lvpl1"},
      {"Zerox", "pu", anything(), within(0, 0.7), "voltage below which LVPL is zero"},
      {"Lvpl1", "pu", not_negative(), within(0.9, 2), "ceiling of the active current at Brkpt"},
      {"Volim", "pu", positive(), within(1.05, 1.4), "voltage at which reactive current is taken back"},
      {"Lvpnt1", "pu", anything(), within(0, 1), "voltage above which LVACM is 1"},
      {"Lvpnt0", "pu", anything(), within(0, 0.7), "voltage below which LVACM is 0"},
      {"Iolim", "pu", anything(), within(-2, 0), "lowest reactive current"},
      {"Tfltr", "s", not_negative(), within(0, 0.1), "voltage filter of LVPL"},
      {"Khv", "pu", not_negative(), within(0, 2), "reactive current per voltage above Volim"},
      {"Iqrmax", "pu/s", positive(), within(0.5, 10000), "rise of the reactive current"},
      {"Iqrmin", "pu/s", within(-kInfinity, -1e-6), within(-10000, -0.5), "fall of the reactive current"},
      {"Accel", "1", anything(), within(0, 1), "acceleration factor of PSS/E's iteration; not used"},
  };
  static constexpr Relation relations[] = {
      {ZEROX, Relation::NOT_ABOVE, BRKPT, "LVPL rises from Zerox to Brkpt"},
      {LVPNT0, Relation::NOT_ABOVE, LVPNT1, "LVACM rises from Lvpnt0 to Lvpnt1"},
  };
  static constexpr StateInfo states[] = {{"Ip", "pu"}, {"Iq", "pu"}, {"voltage_filter", "pu"}};

  template <class P>
  struct Derived {
    Lag<P> filter;
    P per_Tg, Rrpwr;
    P Zerox, per_LVPL, Lvpl1, unlimited;
    P Lvpnt0, per_LVACM;
    P Volim, Khv, Iolim, Iqrmax, Iqrmin;
    P to_system;  ///< device base to system base
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {make_lag<P>(p[TFLTR]),
            1.0 / p[TG],
            p[RRPWR],
            p[ZEROX],
            1.0 / max_(P(p[BRKPT] - p[ZEROX]), P(kSteepest)),
            p[LVPL1],
            select_(p[LVPLSW] > 0.5, P(0.0), P(kUnlimited)),
            p[LVPNT0],
            1.0 / max_(P(p[LVPNT1] - p[LVPNT0]), P(kSteepest)),
            p[VOLIM],
            p[KHV],
            p[IOLIM],
            p[IQRMAX],
            p[IQRMIN],
            P(ratings.device_MVA / ratings.system_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T V = magnitude_(in[VR], in[VI]);
    const T filtered = lag(d.filter, x[VOLTAGE], V, dxdt[VOLTAGE]);

    // Active current
    const T ceiling = LVPL(d, filtered);
    const T rise = min_(T((in[IPCMD] - x[IP]) * d.per_Tg), d.Rrpwr);
    dxdt[IP] = min_(rise, T((ceiling - x[IP]) * kPull));
    const T Ip = x[IP] * LVACM(d, V);

    // Reactive current
    dxdt[IQ] =
        reactive_rate(T((in[IQCMD] - x[IQ]) * d.per_Tg), T(context.held[DELIVERED]), d.Iqrmax, d.Iqrmin);
    const T Iq = max_(T(x[IQ] - HVRCM(d, V)), d.Iolim);

    const T per_direction = 1.0 / max_(V, T(kLowestVoltage));
    const T ir = (Ip * in[VR] + Iq * in[VI]) * per_direction;
    const T ii = (Ip * in[VI] - Iq * in[VR]) * per_direction;
    deliver(ir, ii, in, V, d.to_system, out);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const AtRest r = rest_point(rest, d.to_system);
    if (!r.outcome.ok()) return r.outcome;
    const double gain = LVACM(d, r.V);
    if (r.P != 0 && gain < 1e-3)
      return {"terminal voltage (pu, no active current below Lvpnt0)", r.V, d.Lvpnt0, kInfinity};
    const double Ip = r.P == 0 ? 0 : r.Ip / gain;
    x[IP] = Ip;
    x[IQ] = r.Iq + HVRCM(d, r.V);
    x[VOLTAGE] = r.V;
    rest.in[IPCMD] = x[IP];
    rest.in[IQCMD] = x[IQ];
    if (const Outcome o = Outcome::check("active current (pu, up to LVPL)", Ip, -kInfinity, LVPL(d, r.V));
        !o.ok())
      return o;
    return Outcome::check("reactive current (pu, Iolim..)", r.Iq, d.Iolim, kInfinity);
  }

 private:
  template <class T, class P>
  BALLAST_HD static T LVPL(const Derived<P>& d, const T& V) {
    return d.unlimited + d.Lvpl1 * clamp_(T((V - d.Zerox) * d.per_LVPL), 0.0, 1.0);
  }
  template <class T, class P>
  BALLAST_HD static T LVACM(const Derived<P>& d, const T& V) {
    return clamp_(T((V - d.Lvpnt0) * d.per_LVACM), 0.0, 1.0);
  }
  template <class T, class P>
  BALLAST_HD static T HVRCM(const Derived<P>& d, const T& V) {
    return d.Khv * max_(T(V - d.Volim), 0.0);
  }

  static constexpr double kPull = 200;       ///< 1/s
  static constexpr double kSteepest = 1e-3;  ///< pu of voltage
};
BALLAST_MODEL(Regca1, "REGCA1");

}  // namespace ballast
