/// \file
/// Transfer switch between two sources: the automaton; the solver operates the branches of its two poles.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Feeds a load from its preferred source, or from the alternate one while the preferred one is bad.
///
///   each source   good ── outside [V_low, V_high] ──► suspect ── detect_s ──► bad
///                 suspect ── inside ──► good         bad ── inside ──► returning
///                 returning ── outside ──► bad       returning ── qualify_s ──► good
///
///   on preferred ── preferred bad, alternate good ──► both open ── transfer_s ──► on alternate
///   on alternate ── alternate bad, preferred good ──► both open ── transfer_s ──► on preferred
///   on alternate ── preferred inside for retransfer_s ──► both open ── transfer_s ──► on preferred
///
/// A bad source without a good other one stays connected. A source that turned bad during the open transition
/// is not closed on: the first good one is. retransfer_s = inf: the load stays on the alternate source while
/// that is good. A static and an automatic transfer switch differ in their times alone.
///
/// Source: break-before-make transfer between qualified sources; times of docs/datacenter-models.md.
///
/// Deviations: voltage magnitude alone qualifies a source (no frequency, no phase angle between the sources);
/// no inhibition by a fault behind the switch; positive sequence, so that an unbalanced dip is as deep as its
/// positive-sequence voltage.
struct TransferSwitch : ModelDefaults {
  static constexpr const char* title = "Static or automatic transfer switch";
  static constexpr const char* source =
      "break-before-make transfer between qualified sources; times of docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { kStates };
  enum Input { VR_PREFERRED, VI_PREFERRED, VR_ALTERNATE, VI_ALTERNATE, kInputs };
  enum Output { CLOSE_PREFERRED, CLOSE_ALTERNATE, kOutputs };
  enum Mode { AUTOMATON = kLimits, PREFERRED, ALTERNATE, kModes };  ///< a Position; two of Quality
  enum Position { ON_PREFERRED, TO_ALTERNATE, ON_ALTERNATE, TO_PREFERRED };
  enum Quality { GOOD, SUSPECT, BAD, RETURNING };
  enum Held { POLE_PREFERRED, POLE_ALTERNATE, kHeld };  ///< 1 closed
  enum Timer { SOURCE_P, SOURCE_A, MOVE, RETRANSFER, kTimers };
  enum Threshold { WINDOW_P, WINDOW_A, kGuards };
  static constexpr double kHysteresis = 0.005;  ///< pu inside the window, for a source that comes back

  static constexpr InputInfo inputs[] = {
      {"Vr_preferred", "pu"}, {"Vi_preferred", "pu"}, {"Vr_alternate", "pu"}, {"Vi_alternate", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"close_preferred", "1", "1 while the pole to the preferred source is closed"},
      {"close_alternate", "1", "1 while the pole to the alternate source is closed"}};
  static constexpr ThresholdInfo thresholds[] = {{"voltage of the preferred source", "pu"},
                                                 {"voltage of the alternate source", "pu"}};
  static constexpr const char* mode_names[] = {"on preferred", "open to alternate", "on alternate",
                                               "open to preferred"};

  enum Parameter { V_LOW, V_HIGH, DETECT_S, TRANSFER_S, QUALIFY_S, RETRANSFER_S, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"V_low", "pu", within(0.1, 1), within(0.7, 0.95), "a source below it is bad"},
      {"V_high", "pu", within(1, 2), within(1.05, 1.2), "a source above it is bad"},
      {"detect_s", "s", not_negative(), within(0.001, 10),
       "outside the window before a source counts as bad"},
      {"transfer_s", "s", not_negative(), within(0, 1), "both poles open"},
      {"qualify_s", "s", not_negative(), within(0, 60),
       "inside the window before a bad source counts as good"},
      {"retransfer_s", "s", not_negative(), within(1, 3600),
       "preferred source inside the window before the load returns; inf = it stays"},
  };
  static constexpr Relation relations[] = {
      {QUALIFY_S, Relation::NOT_ABOVE, RETRANSFER_S, "the load would return to a source not yet good"}};

  template <class P>
  struct Derived {
    P V_low, V_high, detect_s, transfer_s, qualify_s, retransfer_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[V_LOW], p[V_HIGH], p[DETECT_S], p[TRANSFER_S], p[QUALIFY_S], p[RETRANSFER_S]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[CLOSE_PREFERRED] = T(1.0) * context.held[POLE_PREFERRED];
    out[CLOSE_ALTERNATE] = T(1.0) * context.held[POLE_ALTERNATE];
    for (int k = 0; k < 2; ++k) {
      const T V = magnitude_(in[2 * k], in[2 * k + 1]);
      const auto quality = context.mode[PREFERRED + k];
      const T outside = max_(T(d.V_low - V), T(V - d.V_high));
      context.guard[WINDOW_P + k] = select_(quality == SUSPECT, -outside - kHysteresis,
                                            select_(quality == BAD, -outside - kHysteresis, outside));
    }
  }

  /// Rests on a good preferred source; an alternate source outside its window is bad from the start.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o =
            Outcome::check("voltage of the preferred source (pu)",
                           magnitude_(rest.in[VR_PREFERRED], rest.in[VI_PREFERRED]), d.V_low, d.V_high);
        !o.ok())
      return o;
    const double V = magnitude_(rest.in[VR_ALTERNATE], rest.in[VI_ALTERNATE]);
    rest.mode[ALTERNATE] = V < d.V_low || V > d.V_high ? BAD : GOOD;
    rest.held[POLE_PREFERRED] = rest.out[CLOSE_PREFERRED] = 1;
    rest.held[POLE_ALTERNATE] = rest.out[CLOSE_ALTERNATE] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) {
      const int k = happening.index - WINDOW_P;
      int& quality = a.mode[PREFERRED + k];
      const bool leaves = quality == GOOD || quality == RETURNING;
      quality = quality == GOOD ? SUSPECT : quality == SUSPECT ? GOOD : quality == BAD ? RETURNING : BAD;
      a.timer[SOURCE_P + k] = quality == SUSPECT     ? t + d.detect_s
                              : quality == RETURNING ? t + d.qualify_s
                                                     : kNever;
      if (k == 0) a.timer[RETRANSFER] = leaves ? kNever : t + d.retransfer_s;
      return decide(a, d, t);
    }
    if (happening.index == MOVE) return close(a, d, t);
    if (happening.index == RETRANSFER) {
      a.pickup_time = t - d.retransfer_s;
      if (a.mode[AUTOMATON] != ON_ALTERNATE || a.mode[PREFERRED] == SUSPECT || a.mode[PREFERRED] == BAD)
        return Effect::NONE;
      a.mode[PREFERRED] = GOOD;  // qualify_s may end in this instant
      a.timer[SOURCE_P] = kNever;
      return open(a, d, t);
    }
    const int k = happening.index - SOURCE_P;
    int& quality = a.mode[PREFERRED + k];
    a.pickup_time = t - (quality == SUSPECT ? d.detect_s : d.qualify_s);
    if (quality == SUSPECT)
      a.threshold = magnitude_(a.in[2 * k], a.in[2 * k + 1]) < d.V_low ? d.V_low : d.V_high;
    quality = quality == SUSPECT ? BAD : GOOD;
    return decide(a, d, t);
  }

 private:
  /// Leaves a bad source for a good one.
  BALLAST_HD static Effect decide(Automaton& a, const Derived<double>& d, double t) {
    const int at = a.mode[AUTOMATON];
    if (at == ON_PREFERRED && a.mode[PREFERRED] == BAD && a.mode[ALTERNATE] == GOOD) return open(a, d, t);
    if (at == ON_ALTERNATE && a.mode[ALTERNATE] == BAD && a.mode[PREFERRED] == GOOD) return open(a, d, t);
    const bool stranded = (at == TO_ALTERNATE || at == TO_PREFERRED) && a.timer[MOVE] == kNever;
    return stranded ? close(a, d, t) : Effect::NONE;
  }
  BALLAST_HD static Effect open(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = a.mode[AUTOMATON] == ON_PREFERRED ? TO_ALTERNATE : TO_PREFERRED;
    a.held[POLE_PREFERRED] = a.held[POLE_ALTERNATE] = 0;
    a.timer[MOVE] = t + d.transfer_s;
    return Effect::JUMP;
  }
  /// Closes on the source it was going to, or on the other one if only that is good; else it stays open.
  BALLAST_HD static Effect close(Automaton& a, const Derived<double>& d, double t) {
    const bool to_alternate = a.mode[AUTOMATON] == TO_ALTERNATE;
    const int wanted = a.mode[to_alternate ? ALTERNATE : PREFERRED];
    const int other = a.mode[to_alternate ? PREFERRED : ALTERNATE];
    if (wanted != GOOD && wanted != SUSPECT && other != GOOD) return Effect::NONE;
    const bool alternate = to_alternate == (wanted == GOOD || wanted == SUSPECT);
    a.mode[AUTOMATON] = alternate ? ON_ALTERNATE : ON_PREFERRED;
    a.held[alternate ? POLE_ALTERNATE : POLE_PREFERRED] = 1;
    if (alternate && a.mode[PREFERRED] == GOOD && a.timer[RETRANSFER] == kNever)
      a.timer[RETRANSFER] = t + d.retransfer_s;  // it came back good during the transition
    return Effect::JUMP;
  }
};
BALLAST_MODEL(TransferSwitch, "TRANSFER");

}  // namespace ballast
