/// \file
/// Remedial-action scheme.
#pragma once

#include "models/protection/conditions.hpp"

namespace ballast {

/// A remedial-action scheme (special protection): conditions on what it measures, joined by two expressions,
/// arm the scheme and make it act.
///
///   unarmed ── arm holds for arm_s ──► armed ── when holds ──► picked up ── pickup_s ──► operating
///   picked up ── pickup_s, fewer than `count` of it ──► counted ── when fails ──► armed, unarmed
///   armed ── arm does not hold for disarm_s ──► unarmed      picked up ── when fails ──► armed
///   operating ── each act_k after delay_k ──► operated ── when fails for reset_s ──► armed, unarmed
///
/// A scheme that has picked up goes on although it is disarmed: what it watches often takes the flow away
/// that had armed it, for which disarm_s is there as well. reset_s = inf: it acts once. act_k is 1 until the
/// action is due, then 0; the reset makes it ready again and undoes nothing. It rests armed where the
/// expression holds at rest.
///
/// With count > 1 it acts at the count-th time that `when` has held for pickup_s, `when` having failed in
/// between; where `arm` holds no more by then, each count takes the arming with it, so that arm and when in
/// turn are one beat. Counts that began more than count_s ago begin anew.
///
/// The event of picking up or acting tells the condition that decided, its value and setting, and how long
/// ago.
///
/// Source: NERC's definition of a remedial action scheme (arming, initiating conditions, actions), PSS/E-like
/// definite times.
///
/// Deviations: no communication channel of its own (add its time to delay_k), no partial arming by amounts.
struct RemedialAction : Conditions<RemedialAction> {
  static constexpr const char* title = "Remedial-action scheme";
  static constexpr const char* source =
      "NERC definition: arming, initiating conditions, actions; definite times";
  static constexpr const char* validated = "";

  static constexpr int kActions = 8;
  enum Output { ACT_1, OPERATED_OUT = ACT_1 + kActions, kOutputs };
  enum Level { UNARMED, READY, PICKED_UP, OPERATING, OPERATED, COUNTED };
  /// 1 armed; condition that decided; time of the pick-up; counts and time of the first; of each action: 1
  /// done
  enum Held {
    ARMED = kConditionHeld,
    DECIDED,
    PICKUP_AT,
    COUNTS,
    COUNTS_FROM,
    DONE,
    kHeld = DONE + kActions
  };
  enum Timer { ARM, DISARM, PICKUP, RESET_TIMER, ACT, kTimers = ACT + kActions };

  static constexpr OutputInfo outputs[] = {{"act_1", "1", "0 once the action is done"},
                                           {"act_2", "1", "0 once the action is done"},
                                           {"act_3", "1", "0 once the action is done"},
                                           {"act_4", "1", "0 once the action is done"},
                                           {"act_5", "1", "0 once the action is done"},
                                           {"act_6", "1", "0 once the action is done"},
                                           {"act_7", "1", "0 once the action is done"},
                                           {"act_8", "1", "0 once the action is done"},
                                           {"operated", "1", "1 from its first action to its reset"}};
  static constexpr const char* mode_names[] = {"unarmed",   "armed",    "picked up",
                                               "operating", "operated", "counted"};

  enum Parameter {
    ARM_S = kConditionParameters,
    DISARM_S,
    PICKUP_S,
    RESET_S,
    COUNT,
    COUNT_S,
    DELAY_1,
    kParameters = DELAY_1 + kActions
  };
  static constexpr ParameterInfo parameters[] = {
      {"sense_1", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_1", "unit", anything(), anything(), "holds beyond it"},
      {"reset_1", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_2", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_2", "unit", anything(), anything(), "holds beyond it"},
      {"reset_2", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_3", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_3", "unit", anything(), anything(), "holds beyond it"},
      {"reset_3", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_4", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_4", "unit", anything(), anything(), "holds beyond it"},
      {"reset_4", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_5", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_5", "unit", anything(), anything(), "holds beyond it"},
      {"reset_5", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_6", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_6", "unit", anything(), anything(), "holds beyond it"},
      {"reset_6", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_7", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_7", "unit", anything(), anything(), "holds beyond it"},
      {"reset_7", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_8", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_8", "unit", anything(), anything(), "holds beyond it"},
      {"reset_8", "unit", anything(), anything(), "holds no longer inside it"},
      {"arm_s", "s", not_negative(), within(0, 600), "arm holds for so long before it is armed"},
      {"disarm_s", "s", not_negative(), within(0.1, 600), "arm fails for so long before it is disarmed"},
      {"pickup_s", "s", not_negative(), within(0, 60), "when holds for so long before it acts"},
      {"reset_s", "s", not_negative(), anything(),
       "when fails for so long before it is ready again; inf: once"},
      {"count", "1", within(1, 100), within(1, 10), "picks up so many times before it acts"},
      {"count_s", "s", positive(), anything(), "within so long from the first of them"},
      {"delay_1", "s", not_negative(), anything(), "from acting to action 1; inf: none"},
      {"delay_2", "s", not_negative(), anything(), "from acting to action 2; inf: none"},
      {"delay_3", "s", not_negative(), anything(), "from acting to action 3; inf: none"},
      {"delay_4", "s", not_negative(), anything(), "from acting to action 4; inf: none"},
      {"delay_5", "s", not_negative(), anything(), "from acting to action 5; inf: none"},
      {"delay_6", "s", not_negative(), anything(), "from acting to action 6; inf: none"},
      {"delay_7", "s", not_negative(), anything(), "from acting to action 7; inf: none"},
      {"delay_8", "s", not_negative(), anything(), "from acting to action 8; inf: none"},
  };

  template <class P>
  struct Derived {
    Settings<P> condition;
    P arm_s, disarm_s, pickup_s, reset_s, count, count_s, delay_s[kActions];
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d{settings(p), p[ARM_S], p[DISARM_S], p[PICKUP_S], p[RESET_S], p[COUNT], p[COUNT_S], {}};
    for (int k = 0; k < kActions; ++k) d.delay_s[k] = p[DELAY_1 + k];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    for (int k = 0; k < kActions; ++k) out[ACT_1 + k] = 1.0 - T(1.0) * context.held[DONE + k];
    const auto level = context.mode[AUTOMATON];
    out[OPERATED_OUT] = select_(level == OPERATING, T(1.0), select_(level == OPERATED, T(1.0), T(0.0)));
    watch(in, d.condition, context);
  }

  /// Rests armed or not by what it reads, as far as it is known.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    const bool known = known_at_rest(rest, d.condition);
    const int* met = rest.mode.data() + MET;
    const bool armed = Expression::holds(expression(rest.table, 0), met);
    const bool acts = armed && Expression::holds(expression(rest.table, 1), met);
    rest.held[LOOKED] = known && !acts ? 1 : 0;
    rest.held[ARMED] = armed ? 1 : 0;
    rest.mode[AUTOMATON] = armed ? READY : UNARMED;
    for (int k = 0; k < kActions; ++k) rest.out[static_cast<std::size_t>(ACT_1 + k)] = 1;
    rest.out[OPERATED_OUT] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) return condition_changed(happening, a, d);
    switch (happening.index) {
      case ARM:
      case DISARM:
        a.held[ARMED] = happening.index == ARM ? 1 : 0;
        return weigh(a, d, t, false);
      case PICKUP:
        return counted(a, d, t) ? Effect::NONE : operate(a, d, t);
      case RESET_TIMER:
        return release(a, d, t);
      default:
        a.held[DONE + happening.index - ACT] = 1;
        return acted(a, d, t);
    }
  }

  /// Arms and disarms; picks up and drops out. At first what holds has held for long.
  BALLAST_HD static Effect weigh(Automaton& a, const Derived<double>& d, double t, bool first) {
    const int* met = a.mode.data() + MET;
    const bool arm = Expression::holds(expression(a.table, 0), met);
    if (arm == (a.held[ARMED] > 0)) {
      a.timer[ARM] = a.timer[DISARM] = kNever;
    } else {
      const double delay_s = arm ? d.arm_s : d.disarm_s;
      double& timer = a.timer[arm ? ARM : DISARM];
      if (first || delay_s <= 0)
        a.held[ARMED] = arm ? 1 : 0;
      else if (timer == kNever)
        timer = t + delay_s;
    }
    const bool when = Expression::holds(expression(a.table, 1), met);
    int& level = a.mode[AUTOMATON];
    if (level == OPERATING) return Effect::NONE;
    if (level == OPERATED) return reset_later(a, d, t, when);
    if ((level == PICKED_UP || level == COUNTED) && when) return Effect::NONE;
    a.timer[PICKUP] = kNever;
    level = a.held[ARMED] > 0 ? READY : UNARMED;
    if (level != READY || !when) return Effect::NONE;
    level = PICKED_UP;
    a.held[PICKUP_AT] = t;
    a.held[DECIDED] = a.held[CHANGED];
    a.timer[PICKUP] = t + d.pickup_s;  // not before all that changes at this instant has been seen
    return Effect::NONE;
  }

 private:
  /// Counts a pick-up; whether more are needed.
  BALLAST_HD static bool counted(Automaton& a, const Derived<double>& d, double t) {
    if (a.held[COUNTS] == 0 || t - a.held[COUNTS_FROM] > d.count_s) {
      a.held[COUNTS] = 0;
      a.held[COUNTS_FROM] = t;
    }
    a.held[COUNTS] += 1;
    if (a.held[COUNTS] >= d.count) {
      a.held[COUNTS] = 0;
      return false;
    }
    tell(a, d.condition, static_cast<int>(a.held[DECIDED]));
    a.pickup_time = a.held[PICKUP_AT];
    a.mode[AUTOMATON] = COUNTED;
    if (!Expression::holds(expression(a.table, 0), a.mode.data() + MET)) {
      a.held[ARMED] = 0;
      a.timer[DISARM] = kNever;
    }
    return true;
  }
  BALLAST_HD static Effect operate(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = OPERATING;
    for (int k = 0; k < kActions; ++k) {
      if (d.delay_s[k] <= 0) a.held[DONE + k] = 1;
      a.timer[ACT + k] = d.delay_s[k] > 0 ? t + d.delay_s[k] : kNever;  // inf: never
    }
    return acted(a, d, t);
  }
  /// An action was done, the last one perhaps.
  BALLAST_HD static Effect acted(Automaton& a, const Derived<double>& d, double t) {
    tell(a, d.condition, static_cast<int>(a.held[DECIDED]));
    a.pickup_time = a.held[PICKUP_AT];
    for (int k = 0; k < kActions; ++k)
      if (a.timer[ACT + k] < kNever) return Effect::JUMP;
    a.mode[AUTOMATON] = OPERATED;
    (void)reset_later(a, d, t, Expression::holds(expression(a.table, 1), a.mode.data() + MET));
    return Effect::JUMP;
  }
  /// The reset of a scheme that has operated: waited for while `when` fails.
  BALLAST_HD static Effect reset_later(Automaton& a, const Derived<double>& d, double t, bool when) {
    if (when || !(d.reset_s < kNever))
      a.timer[RESET_TIMER] = kNever;
    else if (a.timer[RESET_TIMER] == kNever)
      a.timer[RESET_TIMER] = t + d.reset_s;
    return Effect::NONE;
  }
  BALLAST_HD static Effect release(Automaton& a, const Derived<double>& d, double t) {
    for (int k = 0; k < kActions; ++k) a.held[DONE + k] = 0;
    a.mode[AUTOMATON] = READY;
    (void)weigh(a, d, t, false);
    return Effect::JUMP;  // its outputs are back
  }
};
BALLAST_MODEL(RemedialAction, "REMEDIAL");

}  // namespace ballast
