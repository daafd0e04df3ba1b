/// \file
/// Out-of-step protection with a single blinder.
#pragma once

#include "models/protection/impedance.hpp"

namespace ballast {

/// Trips when the impedance V/I passes through a mho circle from one side of a pair of blinders to the other,
/// and does so slowly enough to be a swing (78).
///
///      circle, from -reverse to +forward on the reactance axis; blinders at R = -blinder and R = +blinder
///
///   outside ── enters the circle beside the blinders ──► inside (right or left)
///   inside  ── crosses its own blinder ──► between
///   between ── crosses the other one, crossing_s or more after ──► slipped: trips when it leaves the circle
///   between ── crosses the other one sooner, or goes back ──► inside, on the side it is on: no slip
///   slipped ── leaves the circle ──► tripped ── TB ──► open
///
/// It trips on the way out, so that the breaker does not part voltages in opposition. A fault enters the
/// circle between the blinders, or crosses both at once: neither is a slip. I flows out of the machine (or
/// into the branch); `open` is latched.
///
/// Source: single-blinder scheme, IEEE PES-TR79; the settings from memory (docs/protection.md).
///
/// Deviations: trips at the first slip; no counting.
struct OutOfStep : ModelDefaults {
  static constexpr const char* title = "Out of step, single blinder (78)";
  static constexpr const char* source = "single-blinder scheme with mho supervision, PES-TR79";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { kStates };
  enum Input { VR, VI, IR, II, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  enum Mode {
    AUTOMATON = kLimits,
    SIDE,
    kModes
  };  ///< SIDE: +1 came from the right, -1 from the left, 0 neither
  enum Level { OUTSIDE, INSIDE, BETWEEN, SLIPPED, TRIPPED, OPEN };
  enum Held { CONNECTED, CROSSED, kHeld };  ///< 1 closed; when it crossed the first blinder
  enum Timer { BREAKER, kTimers };
  enum Threshold { CIRCLE, RIGHT, LEFT, kGuards };

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"Ir", "pu"}, {"Ii", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped"}};
  static constexpr ThresholdInfo thresholds[] = {
      {"impedance", "pu"}, {"resistance", "pu"}, {"resistance", "pu"}};
  static constexpr const char* mode_names[] = {"outside", "inside", "between", "slipped", "tripped", "open"};

  enum Parameter { FORWARD, REVERSE, BLINDER, CROSSING_S, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"forward", "pu", positive(), within(0.02, 2), "reach of the circle into the system"},
      {"reverse", "pu", not_negative(), within(0.1, 3), "reach of the circle into the machine"},
      {"blinder", "pu", positive(), within(0.02, 1), "distance of the blinders from the reactance axis"},
      {"crossing_s", "s", not_negative(), within(0.02, 0.2), "between the blinders, for a swing"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };

  template <class P>
  struct Derived {
    Mho<P> circle;  ///< pu on the system base
    P blinder, crossing_s, breaker_s;
    P reach, setting;  ///< of the circle and the blinders as given
    P to_device;       ///< impedance from the system base to that of the device
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.to_device = P(ratings.device_MVA / ratings.system_MVA);
    d.circle = {P(0.0), 0.5 * (p[FORWARD] - p[REVERSE]) / d.to_device,
                0.5 * (p[FORWARD] + p[REVERSE]) / d.to_device};
    d.blinder = p[BLINDER] / d.to_device;
    d.crossing_s = p[CROSSING_S];
    d.breaker_s = p[TB];
    d.reach = p[FORWARD];
    d.setting = p[BLINDER];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[CONNECTED_OUT] = T(1.0) * context.held[CONNECTED];
    const auto level = context.mode[AUTOMATON];
    const auto side = context.mode[SIDE];
    const T none = T(-1.0);
    const T circle = d.circle.inside(in[VR], in[VI], in[IR], in[II]);
    // In the circle or slipped it waits for the way out, outside for the way in.
    const T leaves = select_(level == TRIPPED, none, select_(level == OPEN, none, -circle));
    context.guard[CIRCLE] = select_(level == OUTSIDE, circle, leaves);
    const T beyond_right = beyond(in, d, 1);  // positive: to the right of the right blinder
    const T beyond_left = beyond(in, d, -1);
    // Inside, the blinder of its side is crossed inward; between, either is crossed outward.
    const T inward_right = select_(side == 1, -beyond_right, none);
    const T inward_left = select_(side == -1, -beyond_left, none);
    context.guard[RIGHT] =
        select_(level == INSIDE, inward_right, select_(level == BETWEEN, beyond_right, none));
    context.guard[LEFT] = select_(level == INSIDE, inward_left, select_(level == BETWEEN, beyond_left, none));
  }

  /// Rests outside; an impedance inside at rest is found when the run begins.
  static Outcome initialise(Rest& rest, const Derived<double>&, double*) {
    rest.held[CONNECTED] = rest.out[CONNECTED_OUT] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    int& level = a.mode[AUTOMATON];
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) {
      tell(a, d);
      return open(a);
    }
    if (happening.index == CIRCLE) {
      a.threshold = d.reach;
      a.guard = CIRCLE;
      a.value = impedance(a.in[VR], a.in[VI], a.in[IR], a.in[II]) * d.to_device;
      if (level == OUTSIDE) {
        level = INSIDE;
        a.mode[SIDE] = beyond(a.in.data(), d, 1) > 0 ? 1 : beyond(a.in.data(), d, -1) > 0 ? -1 : 0;
        return Effect::NONE;
      }
      if (level != SLIPPED) {
        level = OUTSIDE;
        return Effect::NONE;
      }
      tell(a, d);
      level = TRIPPED;
      if (!(d.breaker_s > 0)) return open(a);
      a.timer[BREAKER] = t + d.breaker_s;
      return Effect::NONE;
    }
    const int crossed = happening.index == RIGHT ? 1 : -1;
    a.threshold = d.setting;
    a.guard = happening.index;
    a.value = d.setting;
    if (level == INSIDE) {
      // A jump over both blinders is a fault, not a swing.
      const bool over_both = beyond(a.in.data(), d, -crossed) > 0;
      level = over_both ? INSIDE : BETWEEN;
      if (over_both) a.mode[SIDE] = -crossed;
      a.held[CROSSED] = t;
      return Effect::NONE;
    }
    const bool slip = crossed != a.mode[SIDE] && t - a.held[CROSSED] >= d.crossing_s;
    level = slip ? SLIPPED : INSIDE;
    a.mode[SIDE] = crossed;
    if (slip) a.pickup_time = a.held[CROSSED];
    return Effect::NONE;
  }

 private:
  /// How far the impedance is beyond a blinder, outward, times |I|^2: Re(V conj I) against blinder |I|^2.
  template <class T, class P>
  BALLAST_HD static T beyond(const T* in, const Derived<P>& d, double side) {
    const T power = in[VR] * in[IR] + in[VI] * in[II];
    return side * power - d.blinder * (in[IR] * in[IR] + in[II] * in[II]);
  }
  BALLAST_HD static void tell(Automaton& a, const Derived<double>& d) {
    a.pickup_time = a.held[CROSSED];
    a.guard = RIGHT;
    a.threshold = a.value = d.setting;
  }
  BALLAST_HD static Effect open(Automaton& a) {
    a.mode[AUTOMATON] = OPEN;
    a.held[CONNECTED] = 0;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(OutOfStep, "OUTOFSTEP");

}  // namespace ballast
