/// \file
/// What relays with definite-time elements share: pick-up, drop-out, delay, trip, breaker, latch.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// How far a quantity is beyond its setting (positive: an idle element picks up), and how far back inside it,
/// hysteresis included (positive: an element that has picked up drops out).
template <class T>
struct Reach {
  T beyond, inside;
};

/// A relay of N elements that share a trip and a breaker.
///
///   watching ── an element picks up ──► picked up ── its delay_s ──► tripped ── breaker_s ──► open
///   picked up ── every element drops out ──► watching
///
/// Each element has a timer of its own, which starts when it picks up and is lost when it drops out. A trip
/// is sealed in: the elements are not looked at any more. `open` is latched; a relay of a branch (REARMS)
/// watches again once the branch is closed again by anything.
///
/// The event of a trip tells the quantity, its value, the setting and how long it had been crossed, and its
/// cause is looked for at the pick-up; that of the opening tells the same with the breaker's time added.
///
/// A relay derives from this with its own inputs, parameters, and
///   template <class P> struct Derived { P delay_s[N], threshold[N], breaker_s; ... };
///   template <class T, class P> static Reach<T> reach(const T* in, const Derived<P>&, int element)
///   static double measured(const double* in, const Derived<double>&, int element)   in the setting's unit
///   template <class T> static void order(T connected, T* out, ...)                  1 until it is open
template <class Relay, int N, bool REARMS = false>
struct DefiniteTime : ModelDefaults {
  enum State { kStates };
  enum Mode { AUTOMATON, ELEMENT, kModes = ELEMENT + N };  ///< a Level; of each element: 1 picked up
  enum Level { WATCHING, PICKED_UP, TRIPPED, OPEN };
  enum Held {
    CONNECTED,
    ACTED,
    PICKUP,
    SEEN_OPEN = PICKUP + N,
    kHeld = SEEN_OPEN + (REARMS ? 1 : 0)
  };  ///< 1 closed; element that tripped; pick-up times; 1 once the branch has opened after a trip
  enum Timer { BREAKER, DELAY, kTimers = DELAY + N };
  enum Threshold { FIRST, REARM = FIRST + N, kGuards = REARM + (REARMS ? 1 : 0) };
  static constexpr Role role = Role::PROTECTION;
  static constexpr const char* mode_names[] = {"watching", "picked up", "tripped", "open"};

  template <class T, class P, class D>
  BALLAST_HD static void equations(const T*, const T* in, const D& d, const Context<T, P>& context, T*,
                                   T* out) {
    Relay::order(T(1.0) * context.held[CONNECTED], d, out);
    const auto level = context.mode[AUTOMATON];
    for (int k = 0; k < N; ++k) {
      const Reach<T> reach = Relay::reach(in, d, k);
      const T armed = select_(context.mode[ELEMENT + k] == 1, reach.inside, reach.beyond);
      context.guard[FIRST + k] = select_(level == TRIPPED, T(-1.0), select_(level == OPEN, T(-1.0), armed));
    }
    if constexpr (REARMS)  // first the branch opens, then somebody closes it
      context.guard[REARM] = select_(
          level == OPEN, (T(2.0) * context.held[SEEN_OPEN] - 1.0) * (in[Relay::CLOSED] - 0.5), T(-1.0));
  }

  /// Rests watching; what is beyond a setting at rest is picked up when the run begins.
  template <class D>
  static Outcome initialise(Rest& rest, const D& d, double*) {
    rest.held[CONNECTED] = 1;
    Relay::order(1.0, d, rest.out.data());
    return Outcome::fine();
  }

  template <class D>
  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const D& d) {
    const double t = happening.time;
    int& level = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD && REARMS && happening.index == REARM) {
      a.held[SEEN_OPEN] = 1 - a.held[SEEN_OPEN];
      if (a.held[SEEN_OPEN] > 0) return Effect::NONE;
      level = WATCHING;
      a.held[CONNECTED] = 1;
      return Effect::JUMP;
    }
    if (happening.kind == Happening::GUARD) {
      const int k = happening.index - FIRST;
      tell(a, d, k);
      int& picked_up = a.mode[ELEMENT + k];
      picked_up = 1 - picked_up;
      a.held[PICKUP + k] = t;
      a.timer[DELAY + k] = picked_up == 1 ? t + d.delay_s[k] : kNever;
      bool any = false;
      for (int j = 0; j < N; ++j) any = any || a.mode[ELEMENT + j] == 1;
      level = any ? PICKED_UP : WATCHING;
      return Effect::NONE;
    }
    if (happening.index != BREAKER) {
      const int k = happening.index - DELAY;
      a.held[ACTED] = k;
      level = TRIPPED;
      for (int j = 0; j < N; ++j) {
        a.mode[ELEMENT + j] = 0;
        a.timer[DELAY + j] = kNever;
      }
      if (d.breaker_s > 0) a.timer[BREAKER] = t + d.breaker_s;
    }
    const int acted = static_cast<int>(a.held[ACTED]);
    tell(a, d, acted);
    a.pickup_time = a.held[PICKUP + acted];
    if (happening.index != BREAKER && d.breaker_s > 0) return Effect::NONE;
    level = OPEN;
    a.held[CONNECTED] = 0;
    return Effect::JUMP;
  }

 private:
  template <class D>
  BALLAST_HD static void tell(Automaton& a, const D& d, int element) {
    a.guard = FIRST + element;
    a.threshold = d.threshold[element];
    a.value = Relay::measured(a.in.data(), d, element);
  }
};

}  // namespace ballast
