/// \file
/// Power smoothing in the accelerator's firmware: floor, cap, ramps, hysteresis.
#pragma once

#include "models/datacenter/activity.hpp"

namespace ballast {

/// GPU power smoothing (GB200 and later): the power drawn follows the power asked for inside a bounding box.
///
///   target = min(max(P_req, floor while active), cap)
///   following  dP/dt = (target - P)/tracking_s within 0 and ramp_up
///   holding    P stays (the accelerator burns) once target is `deadband` below it
///   falling    after hysteresis_s: dP/dt = (target - P)/tracking_s within -ramp_down and 0, until
///              target is reached within half the deadband; a rise of target above P ends both
///
///   P ▲   ┌─────────holding─────────╲ falling at ramp_down
///     │  ╱ramp_up                    ╲__________ floor (while active) or P_req
///     │─╱   └──┐ P_req  ┌──┐  ┌─────
///
/// The floor is active from the moment P_req exceeds activation_level until it has been below for release_s:
/// after a job has stopped its power is held for hysteresis_s, falls to the floor, and, released, on to idle.
/// E_wasted counts what is drawn beyond what is asked for. P_withheld is what cap and ramp_up keep back: the
/// job is delayed by it, which the job's own clock does not know.
///
/// Source: NVML API reference (power smoothing), arXiv 2508.14318 (controller), logic as in
/// docs/datacenter-models.md.
///
/// Deviations: one box for all accelerators; the secondary floor and the lifetime budget of the circuit
/// (years) are left out; activation by level and time instead of NVML's window multipliers.
struct PowerSmoothing : ModelDefaults {
  static constexpr const char* title = "GPU power smoothing";
  static constexpr const char* source = "NVML API reference (power smoothing); arXiv 2508.14318";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { POWER, WASTED, kStates };
  enum Input { P_REQ, kInputs };
  enum Output { P_IT, P_WASTED, P_WITHHELD, E_WASTED, kOutputs };
  enum Mode { AUTOMATON = kLimits, LOAD, SHAPE, kModes };
  enum Shape { FOLLOWING, HOLDING, FALLING };
  enum Timer { HYSTERESIS, RELEASE, kTimers };
  enum Threshold { BOX = 2 * kLimits, ACTIVITY, kGuards };

  static constexpr StateInfo states[] = {{"P", "pu"}, {"wasted", "MWh", StateKind::COUNTER}};
  static constexpr InputInfo inputs[] = {{"P_req", "pu"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"},
                                           {"P_wasted", "pu", "drawn beyond what the job asks for"},
                                           {"P_withheld", "pu", "asked for and not given"},
                                           {"E_wasted", "MWh", "energy drawn beyond what the job asks for"}};
  static constexpr ThresholdInfo thresholds[] = {{"power asked for", "pu"}, {"power asked for", "pu"}};
  static constexpr const char* mode_names[] = {"inactive", "active"};

  static constexpr ParameterInfo parameters[] = {
      {"floor", "pu", within(0, 2), within(0, 0.9), "least power while active (PERCENT_TMP_FLOOR)"},
      {"cap", "pu", within(0.01, 2), within(0.5, 1.2), "most power (EDPp cap)"},
      {"ramp_up", "pu/s", positive(), within(0.01, 10), "fastest rise (RAMP_UP_RATE); inf = none"},
      {"ramp_down", "pu/s", positive(), within(0.01, 1), "fastest fall (RAMP_DOWN_RATE); inf = none"},
      {"hysteresis_s", "s", within(0, 3600), within(0, 10), "held before a fall (RAMP_DOWN_HYSTERESIS)"},
      {"deadband", "pu", within(1e-4, 0.5), within(0.002, 0.05), "fall of the target that is one"},
      {"tracking_s", "s", within(1e-3, 10), within(0.005, 0.1), "of the power controller"},
      {"activation_level", "pu", within(0, 2), within(0.15, 0.5), "power above which the floor is active"},
      {"release_s", "s", not_negative(), within(0, 600), "the floor's life below it; inf = for ever"},
  };

  template <class P>
  struct Derived {
    P floor, cap, up, down, hysteresis_s, deadband, per_tracking, activation_level, release_s, to_MWh;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[0], p[1], p[2], p[3], p[4], p[5], 1.0 / p[6], p[7], p[8], P(ratings.device_MVA / 3600)};
  }

  /// Power at rest while P_req is constant, pu.
  static double rest_power(const Derived<double>& d, double P_req) {
    const double least = P_req > d.activation_level ? d.floor : 0;
    return min_(max_(P_req, least), d.cap);
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto shape = context.mode[SHAPE];
    const T floored = select_(context.mode[AUTOMATON] == 1, max_(in[P_REQ], T(d.floor)), in[P_REQ]);
    const T target = min_(floored, T(d.cap));
    const T pull = (target - x[POWER]) * d.per_tracking;
    dxdt[POWER] = select_(shape == FOLLOWING, clamp_(pull, T(0.0), T(d.up)),
                          select_(shape == HOLDING, T(0.0), clamp_(pull, T(-d.down), T(0.0))));
    out[P_IT] = x[POWER];
    out[P_WASTED] = max_(x[POWER] - in[P_REQ], T(0.0));
    out[P_WITHHELD] = max_(in[P_REQ] - x[POWER], T(0.0));
    out[E_WASTED] = x[WASTED];
    dxdt[WASTED] = out[P_WASTED] * d.to_MWh;

    const T above = target - x[POWER];
    context.guard[BOX] = select_(shape == FOLLOWING, -above - d.deadband,
                                 select_(shape == HOLDING, above, above + d.deadband * 0.5));
    context.guard[ACTIVITY] = Activity::guard(in[P_REQ], d.activation_level, context.mode[LOAD]);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("floor (not above cap)", d.floor, 0, d.cap); !o.ok()) return o;
    const double P_req = rest.in[P_REQ];
    if (P_req > d.activation_level) rest.mode[AUTOMATON] = rest.mode[LOAD] = 1;
    x[POWER] = rest_power(d, P_req);
    x[WASTED] = 0;
    if (rest.out[P_IT] == rest.out[P_IT])
      if (const Outcome o =
              Outcome::check("IT power (pu; inside the box)", rest.out[P_IT], x[POWER], x[POWER]);
          !o.ok())
        return o;
    rest.out[P_IT] = x[POWER];
    rest.out[P_WASTED] = max_(x[POWER] - P_req, 0.0);
    rest.out[P_WITHHELD] = max_(P_req - x[POWER], 0.0);
    rest.out[E_WASTED] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) {
      if (happening.index == HYSTERESIS) a.mode[SHAPE] = FALLING;
      if (happening.index == RELEASE) a.mode[AUTOMATON] = 0;
      return Effect::KINK;
    }
    if (happening.index == ACTIVITY) {
      a.threshold = d.activation_level;
      return Activity::cross(a, t, d.release_s, AUTOMATON, LOAD, RELEASE) ? Effect::KINK : Effect::NONE;
    }
    if (a.mode[SHAPE] == FOLLOWING) {
      a.mode[SHAPE] = HOLDING;
      a.timer[HYSTERESIS] = t + d.hysteresis_s;
    } else {
      a.mode[SHAPE] = FOLLOWING;
      a.timer[HYSTERESIS] = kNever;
    }
    return Effect::KINK;
  }
};
BALLAST_MODEL(PowerSmoothing, "PWRSMOOTH");

}  // namespace ballast
