/// \file
/// Auto-recloser of a branch.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Closes a branch again that protection has opened (79): one dead time before each of up to four shots.
///
///   ready ── opened by a trip ──► dead, shot 1 ── dead_1 ──► (synchronism?) ──► reclaim ── reclaim_s ──►
///   ready reclaim ── opened by a trip ──► dead, next shot; after the last one ──► locked out dead, waiting,
///   locked out ── closed by somebody else ──► ready
///
/// A shot closes when the voltages at the two ends are within angle_deg of each other, or one end is dead
/// (below kDead); it waits for that, sync_s at most, and is then locked out. Trips that start it are the
/// `trip` outputs of relays; a branch that an operator opens stays open. `dead` is the time since the branch
/// opened.
///
/// Of two reclosers that each close their own end (END 1, 2) the leader closes onto a dead line from a live
/// bus, or, where the other end is closed, in synchronism; the follower in synchronism alone. Both voltages
/// are above live_pu then, and all this has held for hold_s. The line has the voltage of the bus at its
/// closed end.
///
/// Source: shots, dead times and reclaim time of auto-reclosing relays (docs/protection.md).
///
/// Deviations: the voltage along an open-ended line (its charging) is not counted in the check.
struct Recloser : ModelDefaults {
  static constexpr const char* title = "Auto-recloser (79)";
  static constexpr const char* source = "auto-reclosing relays: dead times, reclaim time, synchronism check";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { kStates };
  enum Input { TRIP_1, TRIP_2, TRIP_3, CLOSED, VR, VI, VR_FAR, VI_FAR, FAR_CLOSED, kInputs };
  enum Output { CLOSE, SHOT, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Level { READY, DEAD, WAITING, RECLAIM, LOCKED_OUT, HOLDING };
  enum Held { ORDER, SHOTS, OPENED, kHeld };  ///< 1 closed; shots made; when it opened
  enum Timer { CLOCK, HOLD, kTimers };
  enum Threshold { OPENS, SYNCHRONISM, BY_HAND, kGuards };
  static constexpr int kShots = 4;
  static constexpr double kDead = 0.3;  ///< pu

  static constexpr InputInfo inputs[] = {{"trip_1", "1", Unwired::ZERO},
                                         {"trip_2", "1", Unwired::ZERO},
                                         {"trip_3", "1", Unwired::ZERO},
                                         {"closed", "1"},
                                         {"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"Vr_far", "pu"},
                                         {"Vi_far", "pu"},
                                         {"far_closed", "1", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {{"close", "1", "1 while it holds the branch closed"},
                                           {"shot", "1", "shots made since it was ready"}};
  static constexpr ThresholdInfo thresholds[] = {{"trip", "1"}, {"synchronism", "pu"}, {"breaker", "1"}};
  static constexpr const char* mode_names[] = {"ready",   "dead time",  "waiting for synchronism",
                                               "reclaim", "locked out", "checking"};

  enum Parameter { DEAD_1, DEAD_2, DEAD_3, DEAD_4, RECLAIM_S, ANGLE, SYNC_S, END, LIVE, HOLD_S, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"dead_1", "s", not_negative(), anything(), "from opening to the first shot; inf = none"},
      {"dead_2", "s", not_negative(), anything(), "to the second shot; inf = none"},
      {"dead_3", "s", not_negative(), anything(), "to the third shot; inf = none"},
      {"dead_4", "s", not_negative(), anything(), "to the fourth shot; inf = none"},
      {"reclaim_s", "s", positive(), within(3, 180), "closed for so long, it is ready for all shots again"},
      {"angle_deg", "deg", within(0, 180), within(10, 60), "largest angle across the open branch; 180: any"},
      {"sync_s", "s", not_negative(), within(0, 600), "longest wait for synchronism"},
      {"END", "1", within(0, 2), anything(), "0: both ends together; 1: its own, as leader; 2: as follower"},
      {"live_pu", "pu", within(0.3, 1.1), within(0.5, 0.95), "one end alone: live above it"},
      {"hold_s", "s", not_negative(), within(0, 1), "one end alone: its check holds for so long"},
  };

  template <class P>
  struct Derived {
    P dead_s[kShots], reclaim_s, cosine, sync_s, end, live, hold_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    P sine;
    P cosine;
    sincos_(p[ANGLE] * 0.017453292519943295, sine, cosine);
    return {{p[DEAD_1], p[DEAD_2], p[DEAD_3], p[DEAD_4]},
            p[RECLAIM_S],
            cosine,
            p[SYNC_S],
            p[END],
            p[LIVE],
            p[HOLD_S]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[CLOSE] = T(1.0) * context.held[ORDER];
    out[SHOT] = T(1.0) * context.held[SHOTS];
    const auto level = context.mode[AUTOMATON];
    const T none = T(-1.0);
    const T trip = max_(in[TRIP_1], max_(in[TRIP_2], in[TRIP_3])) - 0.5;
    const T opens = min_(trip, 0.5 - in[CLOSED]);
    context.guard[OPENS] = select_(level == READY, opens, select_(level == RECLAIM, opens, none));
    const T check = may_close(in, d);
    context.guard[SYNCHRONISM] = select_(level == WAITING, check, select_(level == HOLDING, T(-check), none));
    const T closed = in[CLOSED] - 0.5;
    context.guard[BY_HAND] =
        select_(level == DEAD, closed,
                select_(level == WAITING, closed,
                        select_(level == HOLDING, closed, select_(level == LOCKED_OUT, closed, none))));
  }

  static Outcome initialise(Rest& rest, const Derived<double>&, double*) {
    rest.held[ORDER] = rest.out[CLOSE] = 1;
    rest.out[SHOT] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    int& level = a.mode[AUTOMATON];
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) {
      if (happening.index == HOLD) {
        a.pickup_time = a.held[OPENED];
        return close(a, d, t);
      }
      if (level == DEAD) {
        a.pickup_time = a.held[OPENED];
        if (d.hold_s <= 0 && may_close(a.in.data(), d) > 0) return close(a, d, t);
        level = d.sync_s > 0 ? WAITING : LOCKED_OUT;
        if (level == WAITING) a.timer[CLOCK] = t + d.sync_s;
        return Effect::NONE;
      }
      if (level == WAITING || level == HOLDING) {
        level = LOCKED_OUT;
        a.timer[HOLD] = kNever;
        return Effect::NONE;
      }
      level = READY;  // reclaimed
      a.held[SHOTS] = 0;
      return Effect::NONE;
    }
    if (happening.index == OPENS) {
      a.held[OPENED] = t;
      a.held[ORDER] = 0;
      const int shot = level == READY ? 0 : static_cast<int>(a.held[SHOTS]);
      const bool more = shot < kShots && d.dead_s[shot] < kNever;
      level = more ? DEAD : LOCKED_OUT;
      a.held[SHOTS] = shot;
      a.timer[CLOCK] = more ? t + d.dead_s[shot] : kNever;
      return Effect::JUMP;  // the branch is open already: its order follows
    }
    if (happening.index == SYNCHRONISM) {
      a.pickup_time = a.held[OPENED];
      if (d.hold_s <= 0) return close(a, d, t);
      level = level == WAITING ? HOLDING : WAITING;
      a.timer[HOLD] = level == HOLDING ? t + d.hold_s : kNever;
      return Effect::NONE;
    }
    level = READY;
    a.timer[HOLD] = kNever;
    a.held[ORDER] = 1;
    a.held[SHOTS] = 0;
    a.timer[CLOCK] = kNever;
    return Effect::JUMP;
  }

 private:
  /// Positive when the ends are in step or one of them is dead; for one end alone: when its check says so.
  template <class T, class P>
  BALLAST_HD static T may_close(const T* in, const Derived<P>& d) {
    const T near = magnitude_(in[VR], in[VI]);
    const T far = magnitude_(in[VR_FAR], in[VI_FAR]);
    const T along = in[VR] * in[VR_FAR] + in[VI] * in[VI_FAR];
    // 1e-6: at angle_deg = 180 any angle will do.
    const T in_step = along - d.cosine * near * far + 1e-6;
    const T together = max_(in_step, T(kDead - min_(near, far)));
    const T line_live = in[FAR_CLOSED] - 0.5;  // from the other end
    const T follow = min_(line_live, min_(in_step, T(min_(near, far) - d.live)));
    const T lead = max_(follow, min_(T(near - d.live), T(-line_live)));
    return select_(d.end < 0.5, together, select_(d.end < 1.5, lead, follow));
  }
  BALLAST_HD static Effect close(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = RECLAIM;
    a.timer[HOLD] = kNever;
    a.held[ORDER] = 1;
    a.held[SHOTS] += 1;
    a.timer[CLOCK] = t + d.reclaim_s;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(Recloser, "RECLOSER");

}  // namespace ballast
