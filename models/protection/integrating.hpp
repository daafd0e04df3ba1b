/// \file
/// What relays share that trip when something has filled up: the travel of a disc, a temperature.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// A relay of a branch with one state.
///
///   watching ── current above the pick-up ──► picked up ── state at its limit ──► tripped ── TB ──► open
///   picked up ── current below kReset of the pick-up ──► watching
///   open ── the branch is closed again ──► watching
///
/// A relay derives from this with Parameter {PICKUP, ..., TB}, and
///   template <class P> struct Derived { P pickup, breaker_s; P to_device; ... };
///   template <class T, class P> static T rate(const T& x, const T& multiple, const T& picked_up, const
///   Derived<P>&)
///       dx/dt, 1/s; `multiple` of the pick-up, picked_up 1 or 0
///   template <class P> static P limit(const Derived<P>&)              of the state
///   static double rest(double multiple, const Derived<double>&)       of the state
///   static bool forgets(const Derived<double>&)                       its state is zero once it drops out
template <class Relay>
struct IntegratingRelay : ModelDefaults {
  enum State { FILLED, kStates };
  enum Input { IR, II, CLOSED, kInputs };
  enum Output { CLOSE, TRIP, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Level { WATCHING, PICKED_UP, TRIPPED, OPEN };
  enum Held { CONNECTED, PICKUP_S, SEEN_OPEN, kHeld };  ///< as of DefiniteTime
  enum Timer { BREAKER, kTimers };
  enum Threshold { CURRENT, FULL, REARM, kGuards };
  static constexpr double kReset = 0.98;  ///< of the pick-up
  static constexpr Role role = Role::PROTECTION;

  static constexpr InputInfo inputs[] = {{"Ir_branch", "pu"}, {"Ii_branch", "pu"}, {"closed", "1"}};
  static constexpr OutputInfo outputs[] = {{"close", "1", "0 while it holds the branch open"},
                                           {"trip", "1", "1 while it holds the branch open"}};
  static constexpr ThresholdInfo thresholds[] = {{"current", "pu"}, {"current", "pu"}, {"breaker", "1"}};
  static constexpr const char* mode_names[] = {"watching", "picked up", "tripped", "open"};

  template <class T, class P, class D>
  BALLAST_HD static void equations(const T* x, const T* in, const D& d, const Context<T, P>& context, T* dxdt,
                                   T* out) {
    out[CLOSE] = T(1.0) * context.held[CONNECTED];
    out[TRIP] = 1.0 - out[CLOSE];
    const auto level = context.mode[AUTOMATON];
    const T multiple = magnitude_(in[IR], in[II]) * d.to_device / d.pickup;
    dxdt[FILLED] = Relay::rate(x[FILLED], multiple, select_(level == PICKED_UP, T(1.0), T(0.0)), d);
    const T none = T(-1.0);
    context.guard[CURRENT] =
        select_(level == WATCHING, multiple - 1.0, select_(level == PICKED_UP, kReset - multiple, none));
    context.guard[FULL] = select_(level == PICKED_UP, x[FILLED] - Relay::limit(d), none);
    // First the branch opens, then somebody closes it.
    context.guard[REARM] =
        select_(level == OPEN, (T(2.0) * context.held[SEEN_OPEN] - 1.0) * (in[CLOSED] - 0.5), none);
  }

  template <class D>
  static Outcome initialise(Rest& rest, const D& d, double* x) {
    x[FILLED] = Relay::rest(magnitude_(rest.in[IR], rest.in[II]) * d.to_device / d.pickup, d);
    rest.held[CONNECTED] = rest.out[CLOSE] = 1;
    rest.out[TRIP] = 0;
    return Outcome::fine();
  }

  template <class D>
  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const D& d) {
    int& level = a.mode[AUTOMATON];
    const double t = happening.time;
    a.guard = CURRENT;
    a.threshold = d.pickup;
    a.value = magnitude_(a.in[IR], a.in[II]) * d.to_device;
    if (happening.kind == Happening::GUARD && happening.index == CURRENT) {
      level = level == WATCHING ? PICKED_UP : WATCHING;
      a.held[PICKUP_S] = t;
      if (level == WATCHING && Relay::forgets(d)) a.x[FILLED] = 0;
      return Effect::KINK;
    }
    if (happening.kind == Happening::GUARD && happening.index == REARM) {
      a.held[SEEN_OPEN] = 1 - a.held[SEEN_OPEN];
      if (a.held[SEEN_OPEN] > 0) return Effect::NONE;
      level = WATCHING;
      a.held[CONNECTED] = 1;
      if (Relay::forgets(d)) a.x[FILLED] = 0;
      return Effect::JUMP;
    }
    a.pickup_time = a.held[PICKUP_S];
    if (level == PICKED_UP && d.breaker_s > 0) {
      level = TRIPPED;
      a.timer[BREAKER] = t + d.breaker_s;
      return Effect::KINK;
    }
    level = OPEN;
    a.held[CONNECTED] = 0;
    return Effect::JUMP;
  }
};

}  // namespace ballast
