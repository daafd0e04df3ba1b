/// \file
/// What the sources of IT power share: a power that is piecewise linear in time.
#pragma once

#include "models/contract.hpp"
#include "models/datacenter/random.hpp"

namespace ballast {

/// A source of IT power, P_it(t) = value + slope (t - start), in pu of the rating. Its corners are timers
/// (kinks, never jumps), so that the integrator stops on them and does not restart. A model derives from it,
/// continues its enum Held at kSourceHeld, and draws the lines in advance().
struct PiecewisePower : ModelDefaults {
  static constexpr Role role = Role::DATACENTER;
  enum State { kStates };
  enum Input { TIME, kInputs };
  enum Output { P_IT, kOutputs };
  enum SourceHeld { VALUE, SLOPE, START, TARGET, PHASE_END, kSourceHeld };

  static constexpr InputInfo inputs[] = {{"time", "s"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"}};

  template <class T, class P, class D>
  BALLAST_HD static void equations(const T*, const T* in, const D&, const Context<T, P>& context, T*,
                                   T* out) {
    out[P_IT] = (in[TIME] - context.held[START]) * context.held[SLOPE] + context.held[VALUE];
  }

  /// Rests at `level`; a consumer that has been put at rest before must agree. `named` says in the message
  /// which parameter the level is.
  static Outcome rest_at(Rest& rest, double level, const char* named) {
    const double wanted = rest.out[P_IT];
    if (wanted == wanted)  // not NaN
      if (const Outcome o = Outcome::check(named, wanted, level, level); !o.ok()) return o;
    rest.out[P_IT] = level;
    rest.held[VALUE] = level;
    rest.held[TARGET] = level;
    return Outcome::fine();
  }
  /// A seed is a whole number.
  static Outcome check_seed(double seed) {
    const double whole = round_(seed);
    if (seed != whole) return {"seed (a whole number)", seed, whole, whole};
    return Outcome::fine();
  }

  BALLAST_HD static double power_at(const Automaton& a, double t) {
    return a.held[VALUE] + a.held[SLOPE] * (t - a.held[START]);
  }
  /// From the present power to `level` in a straight line of `ramp` seconds, and on at that level. Returns
  /// when the line ends.
  BALLAST_HD static double draw_line(Automaton& a, double t, double level, double ramp) {
    const double now = power_at(a, t);
    a.held[TARGET] = level;
    a.held[VALUE] = now;
    a.held[SLOPE] = (level - now) / ramp;
    a.held[START] = t;
    return t + ramp;
  }
  /// The line has arrived: constant from here.
  BALLAST_HD static void arrive(Automaton& a, double t) {
    a.held[VALUE] = a.held[TARGET];
    a.held[SLOPE] = 0;
    a.held[START] = t;
  }
  /// Whether a line is on its way.
  BALLAST_HD static bool on_edge(const Automaton& a) { return a.held[SLOPE] != 0; }

  /// Towards `level` within `edge` seconds, there until `end`; the timer `corner` marks both.
  BALLAST_HD static void go_to(Automaton& a, double t, double level, double edge, double end, int corner) {
    a.held[PHASE_END] = end;
    if (level == power_at(a, t)) {
      a.held[TARGET] = level;
      arrive(a, t);
      a.timer[corner] = end;
      return;
    }
    a.timer[corner] = draw_line(a, t, level, edge < end - t ? edge : end - t);
  }
  /// At a corner: true when a line has arrived and its level lasts on; false when the phase is over.
  BALLAST_HD static bool still_in_phase(Automaton& a, double t, int corner) {
    if (!on_edge(a)) return false;
    arrive(a, t);
    a.timer[corner] = a.held[PHASE_END];
    return a.held[PHASE_END] > t;
  }
  /// Normal with deviation 1, cut off at three (Ko & Zhu).
  BALLAST_HD static double cut_normal(double seed, int stream, double counter) {
    const double normal = random_normal(seed, stream, counter);
    return normal > 3 ? 3 : normal < -3 ? -3 : normal;
  }
};

}  // namespace ballast
