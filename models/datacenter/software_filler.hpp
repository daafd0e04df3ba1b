/// \file
/// A second kernel on the accelerators that burns power while the job does not.
#pragma once

#include "models/datacenter/activity.hpp"

namespace ballast {

/// Software filler (Firefly): activity counters see the job pause, and a second kernel fills its power up.
///
///   F' = (max(0, level - P_req) while active, else 0  -  F)/response_s
///   P_it = min(P_req + F, cap)
///
/// A notch as long as the reaction passes at each fall of the job, a bump of the same size, cut at `cap`, at
/// each rise. Active from the moment P_req exceeds activation_level until it has been below for release_s.
///
/// Source: arXiv 2508.14318 (Firefly: a secondary kernel, activity counters, can hold 100 % of TDP).
///
/// Deviations: the reaction is a lag, not a period of polling; the up to 5 % that the job loses belong into
/// its iteration_s.
struct SoftwareFiller : ModelDefaults {
  static constexpr const char* title = "Software filler of accelerator power";
  static constexpr const char* source = "arXiv 2508.14318 (Firefly)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { FILL, WASTED, kStates };
  enum Input { P_REQ, kInputs };
  enum Output { P_IT, P_WASTED, E_WASTED, kOutputs };
  enum Mode { AUTOMATON = kLimits, LOAD, kModes };
  enum Timer { RELEASE, kTimers };
  enum Threshold { ACTIVITY = 2 * kLimits, kGuards };

  static constexpr StateInfo states[] = {{"fill", "pu"}, {"wasted", "MWh", StateKind::COUNTER}};
  static constexpr InputInfo inputs[] = {{"P_req", "pu"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"},
                                           {"P_wasted", "pu", "drawn beyond what the job asks for"},
                                           {"E_wasted", "MWh", "energy drawn beyond what the job asks for"}};
  static constexpr ThresholdInfo thresholds[] = {{"power asked for", "pu"}};
  static constexpr const char* mode_names[] = {"inactive", "active"};

  static constexpr ParameterInfo parameters[] = {
      {"level", "pu", within(0, 2), within(0.5, 1), "power that is filled up to"},
      {"cap", "pu", within(0.01, 2), within(0.8, 1.2), "most power"},
      {"response_s", "s", within(1e-3, 100), within(0.002, 0.1), "reaction of the filler"},
      {"activation_level", "pu", within(0, 2), within(0.15, 0.5), "power above which it is active"},
      {"release_s", "s", not_negative(), within(0, 600), "its life below that; inf = for ever"},
  };

  template <class P>
  struct Derived {
    P level, cap, per_response, activation_level, release_s, to_MWh;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[0], p[1], 1.0 / p[2], p[3], p[4], P(ratings.device_MVA / 3600)};
  }

  /// Power at rest while P_req is constant, pu.
  static double rest_power(const Derived<double>& d, double P_req) {
    return min_(P_req > d.activation_level ? max_(P_req, d.level) : P_req, d.cap);
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T wanted = select_(context.mode[AUTOMATON] == 1, max_(d.level - in[P_REQ], T(0.0)), T(0.0));
    dxdt[FILL] = (wanted - x[FILL]) * d.per_response;
    out[P_IT] = min_(in[P_REQ] + x[FILL], T(d.cap));
    out[P_WASTED] = max_(out[P_IT] - in[P_REQ], T(0.0));
    out[E_WASTED] = x[WASTED];
    dxdt[WASTED] = out[P_WASTED] * d.to_MWh;
    context.guard[ACTIVITY] = Activity::guard(in[P_REQ], d.activation_level, context.mode[LOAD]);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("level (not above cap)", d.level, 0, d.cap); !o.ok()) return o;
    const double P_req = rest.in[P_REQ];
    const bool active = P_req > d.activation_level;
    if (active) rest.mode[AUTOMATON] = rest.mode[LOAD] = 1;
    x[FILL] = active ? max_(d.level - P_req, 0.0) : 0;
    x[WASTED] = 0;
    const double power = rest_power(d, P_req);
    if (rest.out[P_IT] == rest.out[P_IT])
      if (const Outcome o = Outcome::check("IT power (pu; filled up)", rest.out[P_IT], power, power); !o.ok())
        return o;
    rest.out[P_IT] = power;
    rest.out[P_WASTED] = max_(power - P_req, 0.0);
    rest.out[E_WASTED] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind == Happening::TIMER) {
      a.mode[AUTOMATON] = 0;
      return Effect::KINK;
    }
    a.threshold = d.activation_level;
    return Activity::cross(a, happening.time, d.release_s, AUTOMATON, LOAD, RELEASE) ? Effect::KINK
                                                                                     : Effect::NONE;
  }
};
BALLAST_MODEL(SoftwareFiller, "FILLER");

}  // namespace ballast
