/// \file
/// Overload of a branch: reported, and tripped after a time if asked for.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Definite-time overcurrent element on the current at the near end of a branch, pu of its rating.
///
///   within rating ── above pickup ──► above rating ── alarm_s ──► overloaded
///   overloaded ── trip_s after the pickup ──► tripped
///   above rating, overloaded ── below kReset pickup ──► within rating
///
/// Loading is |I| over rate_MVA at 1 pu of voltage: what heats a line or transformer. A tripped branch stays
/// open until an event closes it; the element then stays tripped.
///
/// Source: definite-time overcurrent (ANSI 51, definite-time characteristic).
///
/// Deviations: no inverse-time characteristic, no temperature.
struct Overload : ModelDefaults {
  static constexpr const char* title = "Overload of a branch";
  static constexpr const char* source = "definite-time overcurrent (ANSI 51)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { kStates };
  enum Input { IR, II, kInputs };
  enum Output { LOADING, CLOSE, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Level { WITHIN, ABOVE, OVERLOADED, TRIPPED };
  enum Held { POLE, kHeld };  ///< 1 closed
  enum Timer { DELAY, kTimers };
  enum Threshold { CURRENT, kGuards };
  static constexpr double kReset = 0.98;  ///< of the pickup

  static constexpr InputInfo inputs[] = {{"Ir_branch", "pu"}, {"Ii_branch", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"current_loading", "pu", "current over the rating at 1 pu of voltage"},
      {"close", "1", "0 once it has tripped the branch"}};
  static constexpr ThresholdInfo thresholds[] = {{"current of the branch", "pu"}};
  static constexpr const char* mode_names[] = {"within rating", "above rating", "overloaded", "tripped"};

  enum Parameter { PICKUP, ALARM_S, TRIP_S, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"pickup", "pu", positive(), within(1, 2), "current over the rating"},
      {"alarm_s", "s", not_negative(), within(0, 60), "above the pickup before it is reported"},
      {"trip_s", "s", not_negative(), within(0.1, 3600),
       "above the pickup before the branch is tripped; inf = never"},
  };
  static constexpr Relation relations[] = {
      {ALARM_S, Relation::NOT_ABOVE, TRIP_S, "it is reported before it trips"}};

  template <class P>
  struct Derived {
    P pickup, alarm_s, trip_s;
    P to_device;  ///< from pu of the system base to pu of the rating
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[PICKUP], p[ALARM_S], p[TRIP_S], P(ratings.system_MVA / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[LOADING] = d.to_device * magnitude_(in[IR], in[II]);
    out[CLOSE] = T(1.0) * context.held[POLE];
    const auto level = context.mode[AUTOMATON];
    context.guard[CURRENT] = select_(level == WITHIN, out[LOADING] - d.pickup,
                                     select_(level == TRIPPED, T(-1.0), kReset * d.pickup - out[LOADING]));
  }

  /// Rests within its rating; an overload at rest is picked up when the run begins.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    rest.out[LOADING] = d.to_device * magnitude_(rest.in[IR], rest.in[II]);
    rest.held[POLE] = rest.out[CLOSE] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& level = a.mode[AUTOMATON];
    a.threshold = d.pickup;
    if (happening.kind == Happening::GUARD) {
      level = level == WITHIN ? ABOVE : WITHIN;
      a.timer[DELAY] = level == ABOVE ? t + d.alarm_s : kNever;
      return Effect::NONE;
    }
    if (level == ABOVE) {
      level = OVERLOADED;
      a.timer[DELAY] = t + (d.trip_s - d.alarm_s);
      a.pickup_time = t - d.alarm_s;
      return Effect::NONE;
    }
    level = TRIPPED;
    a.held[POLE] = 0;
    a.pickup_time = t - d.trip_s;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(Overload, "OVERLOAD");

}  // namespace ballast
