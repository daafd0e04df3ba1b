/// \file
/// Power-electronic load that ceases and reconnects.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Power-electronic reconnecting and ceasing load: constant power that ceases below Vcease and ramps back.
///
///   V ──► 1/(1+sTv) ──► washout Kvp, Tvp ──►(+)──► (1+sTap)/(1+sTbp) ──►(1+)──► x P0 x connected ──► P
///            │                               ▲
///            │    df ──► 1/(1+sTf) ──► dead-band Dbfl, Dbfh ──► Kfp              (Q: the same with Kvq ...)
///            ▼
///     below Vcease for Tcease ──► ceased ── above Vrecon for Trecon ──► ramp in Tramp to
///                                                                       1 - Fcease + Frecon Fcease
///
/// Ceasing takes the share Fcease off; the rest stays connected. A load that has come back may cease again.
///
/// Source: PowerWorld help, PERC1 and LDEV1 (structure, cease, reconnection, final share). The order of the
/// parameters, the gains Kfp, Kfq and the lag Tf, which the description does not name, are from memory.
///
/// Deviations: below Vcease, until it has ceased, the load is the impedance that meets its power there.
/// QPRatio concerns component loads and is not here. Frequency is the island's.
struct Perc1 : ModelDefaults {
  static constexpr const char* title = "Power-electronic load that ceases at low voltage and ramps back";
  static constexpr const char* source =
      "PowerWorld help, PERC1 and LDEV1 (structure); order of parameters, Kfp, Kfq and Tf from memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  enum State { V_FILTER, F_FILTER, P_WASHOUT, Q_WASHOUT, P_LEAD, Q_LEAD, kStates };
  enum Input { VR, VI, FRAME_SPEED, TIME, P_FACTOR, Q_FACTOR, kInputs };
  enum Output { IR, II, CONNECTED, kOutputs };
  enum Mode { AUTOMATON = kLimits, LOW, kModes };  ///< an Operation; 1 while V is below Vcease
  enum Operation { ON, CEASED, WAITING, RAMPING };
  enum Held { P0, Q0, RAMP_VALUE, RAMP_SLOPE, RAMP_START, PICKUP, kHeld };
  enum Timer { CEASE, RECONNECT, RAMP, kTimers };
  enum Threshold { FALLS, RETURNS, kGuards };
  enum Parameter {
    VCEASE,
    TCEASE,
    VRECON,
    TRECON,
    TRAMP,
    FCEASE,
    FRECON,
    TV,
    KVP,
    TVP,
    KVQ,
    TVQ,
    TAP,
    TBP,
    TAQ,
    TBQ,
    DBFL,
    DBFH,
    KFP,
    KFQ,
    TF,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"Vcease", "pu", within(0.05, 1), within(0.3, 0.9), "voltage below which the load ceases"},
      {"Tcease", "s", not_negative(), within(0, 1), "time below Vcease until it does"},
      {"Vrecon", "pu", within(0.05, 1.2), within(0.4, 1), "voltage above which it reconnects"},
      {"Trecon", "s", not_negative(), within(0, 60), "time above Vrecon until it does"},
      {"Tramp", "s", not_negative(), within(0, 60), "ramp of the reconnection"},
      {"Fcease", "1", within(0, 1), anything(), "share of the load that ceases"},
      {"Frecon", "1", within(0, 1), anything(), "share of what ceased that reconnects"},
      {"Tv", "s", positive(), within(0.005, 0.1), "voltage filter"},
      {"Kvp", "1", anything(), within(0, 5), "gain of the voltage's changes into active power"},
      {"Tvp", "s", positive(), within(0.005, 10), "washout of these changes"},
      {"Kvq", "1", anything(), within(0, 5), "gain of the voltage's changes into reactive power"},
      {"Tvq", "s", positive(), within(0.005, 10), "washout of these changes"},
      {"Tap", "s", not_negative(), within(0, 1), "lead of the active power"},
      {"Tbp", "s", not_negative(), within(0, 1), "lag of the active power"},
      {"Taq", "s", not_negative(), within(0, 1), "lead of the reactive power"},
      {"Tbq", "s", not_negative(), within(0, 1), "lag of the reactive power"},
      {"Dbfl", "pu", within(-1, 0), within(-0.02, 0), "dead-band of low frequency"},
      {"Dbfh", "pu", within(0, 1), within(0, 0.02), "dead-band of high frequency"},
      {"Kfp", "1", anything(), within(-50, 50), "active power per frequency beyond the dead-band"},
      {"Kfq", "1", anything(), within(-50, 50), "reactive power per frequency beyond the dead-band"},
      {"Tf", "s", positive(), within(0.01, 1), "frequency filter"},
  };
  static constexpr Relation relations[] = {
      {VCEASE, Relation::BELOW, VRECON, "it reconnects where it does not cease"}};
  static constexpr StateInfo states[] = {{"V_filter", "pu"},   {"f_filter", "pu", StateKind::DEVIATION},
                                         {"P_washout", "pu"},  {"Q_washout", "pu"},
                                         {"P_lead_lag", "pu"}, {"Q_lead_lag", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"time", "s"},
                                         {"P_factor", "1", Unwired::HELD},
                                         {"Q_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"connected", "1", "share that is connected"}};
  static constexpr ThresholdInfo thresholds[] = {{"filtered voltage", "pu"}, {"filtered voltage", "pu"}};
  static constexpr const char* mode_names[] = {"on", "ceased", "waiting", "ramping"};

  template <class P>
  struct Derived {
    P Vcease, Tcease, Vrecon, Trecon, Tramp, Fcease, Frecon;
    Lag<P> voltage, frequency, P_washout, Q_washout;
    LeadLag<P> P_lead, Q_lead;
    P Kvp, Kvq, Kfp, Kfq, Dbfl, Dbfh;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[VCEASE],
            p[TCEASE],
            p[VRECON],
            p[TRECON],
            p[TRAMP],
            p[FCEASE],
            p[FRECON],
            make_lag(p[TV]),
            make_lag(p[TF]),
            make_lag(p[TVP]),
            make_lag(p[TVQ]),
            make_lead_lag(p[TAP], p[TBP]),
            make_lead_lag(p[TAQ], p[TBQ]),
            p[KVP],
            p[KVQ],
            p[KFP],
            p[KFQ],
            p[DBFL],
            p[DBFH]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const T V = magnitude_(in[VR], in[VI]);
    const T Vf = lag(d.voltage, x[V_FILTER], V, dxdt[V_FILTER]);
    const T f = lag(d.frequency, x[F_FILTER], T(in[FRAME_SPEED] - 1.0), dxdt[F_FILTER]);
    const T df = excess(f, d.Dbfl, d.Dbfh);
    const T dP = d.Kvp * washout(d.P_washout, x[P_WASHOUT], Vf, dxdt[P_WASHOUT]) + d.Kfp * df;
    const T dQ = d.Kvq * washout(d.Q_washout, x[Q_WASHOUT], Vf, dxdt[Q_WASHOUT]) + d.Kfq * df;
    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T connected = 1.0 - d.Fcease + d.Fcease * ramp;
    const T divisor = max_(V, T(d.Vcease));
    const T per_V2 = connected / (divisor * divisor);
    const T G =
        in[P_FACTOR] * context.held[P0] * (1.0 + lead_lag(d.P_lead, x[P_LEAD], dP, dxdt[P_LEAD])) * per_V2;
    const T B =
        in[Q_FACTOR] * context.held[Q0] * (1.0 + lead_lag(d.Q_lead, x[Q_LEAD], dQ, dxdt[Q_LEAD])) * per_V2;
    out[IR] = -(G * in[VR] + B * in[VI]);
    out[II] = B * in[VR] - G * in[VI];
    out[CONNECTED] = connected;

    const auto on = operation == ON || operation == RAMPING;
    const auto below = context.mode[LOW] == 1;
    const T falls = select_(below, T(Vf - d.Vcease - kHysteresis), T(d.Vcease - Vf));
    context.guard[FALLS] = select_(on, falls, T(-1.0));
    const T returns = select_(operation == CEASED, T(Vf - d.Vrecon), T(d.Vrecon - kHysteresis - Vf));
    context.guard[RETURNS] = select_(on, T(-1.0), returns);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double V = magnitude_(rest.in[VR], rest.in[VI]);
    if (const Outcome o = Outcome::check("bus voltage", V, d.Vcease, kInfinity); !o.ok()) return o;
    rest.held[P0] = -(rest.in[VR] * rest.out[IR] + rest.in[VI] * rest.out[II]);
    rest.held[Q0] = -(rest.in[VI] * rest.out[IR] - rest.in[VR] * rest.out[II]);
    rest.held[RAMP_VALUE] = 1;
    x[V_FILTER] = x[P_WASHOUT] = x[Q_WASHOUT] = V;
    x[F_FILTER] = x[P_LEAD] = x[Q_LEAD] = 0;
    rest.in[P_FACTOR] = 1;
    rest.in[Q_FACTOR] = 1;
    rest.out[CONNECTED] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) {
      a.held[PICKUP] = t;
      if (happening.index == FALLS) {
        a.mode[LOW] = 1 - a.mode[LOW];
        a.threshold = d.Vcease;
        a.timer[CEASE] = a.mode[LOW] == 1 ? t + d.Tcease : kNever;
      } else {
        const bool back = a.mode[AUTOMATON] == CEASED;
        a.mode[AUTOMATON] = back ? WAITING : CEASED;
        a.threshold = d.Vrecon;
        a.timer[RECONNECT] = back ? t + d.Trecon : kNever;
      }
      return Effect::NONE;
    }
    a.pickup_time = a.held[PICKUP];
    if (happening.index == CEASE) {
      a.mode[AUTOMATON] = CEASED;
      a.mode[LOW] = 0;
      a.timer[RAMP] = kNever;
      a.threshold = d.Vcease;
      set_ramp(a, 0, 0, t);
      return Effect::JUMP;
    }
    if (happening.index == RECONNECT) {
      a.threshold = d.Vrecon;
      if (d.Tramp > 0) {
        a.mode[AUTOMATON] = RAMPING;
        set_ramp(a, 0, d.Frecon / d.Tramp, t);
        a.timer[RAMP] = t + d.Tramp;
        return Effect::KINK;
      }
    }
    a.mode[AUTOMATON] = ON;
    set_ramp(a, d.Frecon, 0, t);
    return happening.index == RAMP ? Effect::KINK : Effect::JUMP;
  }

 private:
  /// Voltage by which a threshold must be left again before its timer is reset, pu.
  static constexpr double kHysteresis = 1e-3;
  BALLAST_HD static void set_ramp(Automaton& a, double value, double slope, double t) {
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
    a.held[RAMP_START] = t;
  }
};
BALLAST_MODEL(Perc1, "PERC1");

}  // namespace ballast
