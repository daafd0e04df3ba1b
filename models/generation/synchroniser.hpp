/// \file
/// Synchroniser of the breaker between a plant and the rest.
#pragma once

#include "models/generation/synchronism.hpp"

namespace ballast {

/// Closes a branch when it is told to: in synchronism, with all units of the plant trimmed to meet the far
/// side's frequency, or onto a dead far side once enough of the plant is on line.
///
///   open ── told by hand; or far side dead and share >= close_MW ──► matching
///   matching ── in synchronism ──► closing          matching ── far side dead for dead_s and share >=
///   close_MW ──► closing          closing ── closed ──► closed          closed ── opened by somebody else
///   ──► open matching ── limit_s ──► open
///
///   trim = far frequency - 1 + slip while matching with a live far side, else 0
///
/// The near side is the plant's. close_MW is rated power of units that have taken up their load (UNITTOTAL).
///
/// Source: automatic synchroniser with dead-bus closing (25, 25A); settings from memory.
///
/// Deviations: no trim of voltage, no advance for the closing time of the breaker.
struct Synchroniser : ModelDefaults {
  static constexpr const char* title = "Automatic synchroniser of a tie (25A)";
  static constexpr const char* source = "automatic synchronisers with dead-bus closing; settings from memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { kStates };
  enum Input { VR, VI, VR_FAR, VI_FAR, CLOSED, FREQUENCY, FREQUENCY_FAR, SHARE, kInputs };
  enum Output { CLOSE, TRIM, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Stage { OPEN, MATCHING, FAR_DEAD, CLOSING, CLOSED_TIE };
  enum Held { ORDER, kHeld };  ///< 1 closed
  enum Timer { STEP, LIMIT, COMMAND, kTimers };
  enum Threshold { READY, CHECK, DEAD, BREAKER, kGuards };

  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"},    {"Vi", "pu"},        {"Vr_far", "pu"},        {"Vi_far", "pu"},
      {"closed", "1"}, {"frequency", "pu"}, {"frequency_far", "pu"}, {"share", "MW"}};
  static constexpr OutputInfo outputs[] = {{"close", "1", "1 while it holds the tie closed"},
                                           {"trim", "pu", "speed that it asks of the plant, deviation"}};
  static constexpr ThresholdInfo thresholds[] = {{"power on line", "MW"},
                                                 {"angle across the breaker", "pu"},
                                                 {"voltage at the far side", "pu"},
                                                 {"breaker", "1"}};
  static constexpr const char* mode_names[] = {"open", "matching", "far side dead", "closing", "closed"};

  enum Parameter { SLIP_HZ, SLIP_LIMIT_HZ, ANGLE_DEG, VOLTAGE_PU, DEAD_S, CLOSE_MW, LIMIT_S, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"slip_Hz", "Hz", positive(), within(0.02, 0.3), "faster than the far side by this while matching"},
      {"slip_limit_Hz", "Hz", positive(), within(0.05, 0.6), "largest slip at closing"},
      {"angle_deg", "deg", within(0.1, 60), within(2, 20), "largest angle at closing"},
      {"voltage_pu", "pu", positive(), within(0.02, 0.2), "largest difference of voltage at closing"},
      {"dead_s", "s", not_negative(), within(0.1, 60), "closes onto a side dead for so long; inf = never"},
      {"close_MW", "MW", not_negative(), anything(), "closes onto a dead side from so much power on line"},
      {"limit_s", "s", positive(), within(30, 1800), "longest wait for synchronism; inf = for ever"},
  };
  static constexpr Relation relations[] = {
      {SLIP_HZ, Relation::BELOW, SLIP_LIMIT_HZ, "it would never be in synchronism"}};

  template <class P>
  struct Derived {
    P slip, dead_s, close_MW, limit_s;
    SynchronismWindow<P> window;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[SLIP_HZ] * (1 / ratings.frequency_Hz), p[DEAD_S], p[CLOSE_MW], p[LIMIT_S],
            make_window<P>(p[ANGLE_DEG], p[VOLTAGE_PU], p[SLIP_LIMIT_HZ], ratings.frequency_Hz)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    const auto stage = context.mode[AUTOMATON];
    const T none = T(-1.0);
    const T far = magnitude_(in[VR_FAR], in[VI_FAR]);
    const T dead = min_(T(kDeadBus - far), T(in[SHARE] - d.close_MW));
    const T match = select_(far > kDeadBus, T(in[FREQUENCY_FAR] - 1.0 + d.slip), T(0.0));
    out[CLOSE] = T(1.0) * context.held[ORDER];
    out[TRIM] = select_(stage == MATCHING, match, T(0.0));
    context.guard[READY] = select_(stage == OPEN, select_(d.dead_s < kLongest_s, dead, none), none);
    const T check = in_synchronism(in[VR], in[VI], in[VR_FAR], in[VI_FAR],
                                   T(in[FREQUENCY] - in[FREQUENCY_FAR]), d.window);
    context.guard[CHECK] = select_(stage == MATCHING, check, none);
    context.guard[DEAD] = select_(stage == MATCHING, dead, select_(stage == FAR_DEAD, T(-dead), none));
    context.guard[BREAKER] = select_(stage == CLOSING, T(in[CLOSED] - 0.5),
                                     select_(stage == CLOSED_TIE, T(0.5 - in[CLOSED]), none));
  }

  static Outcome initialise(Rest& rest, const Derived<double>&, double*) {
    const bool closed = rest.in[CLOSED] > 0.5;
    rest.mode[AUTOMATON] = closed ? CLOSED_TIE : OPEN;
    rest.held[ORDER] = rest.out[CLOSE] = closed ? 1 : 0;
    rest.out[TRIM] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    int& stage = a.mode[AUTOMATON];
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) {
      if (happening.index == COMMAND) {
        if (stage == OPEN) match(a, d, t);
        return Effect::KINK;
      }
      if (happening.index == LIMIT) {
        stage = OPEN;
        a.timer[STEP] = kNever;
        return Effect::KINK;
      }
      return close(a);
    }
    switch (happening.index) {
      case READY:
        match(a, d, t);
        return Effect::KINK;
      case CHECK:
        return close(a);
      case DEAD:
        stage = stage == MATCHING ? FAR_DEAD : MATCHING;
        a.timer[STEP] = stage == FAR_DEAD ? t + d.dead_s : kNever;
        return Effect::KINK;
      default:
        stage = stage == CLOSING ? CLOSED_TIE : OPEN;
        a.held[ORDER] = stage == CLOSED_TIE ? 1 : 0;
        return stage == CLOSED_TIE ? Effect::NONE : Effect::JUMP;
    }
  }

 private:
  static constexpr double kLongest_s = 1e30;  ///< beyond it dead_s means never

  BALLAST_HD static void match(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = MATCHING;
    a.timer[LIMIT] = t + d.limit_s;
  }
  BALLAST_HD static Effect close(Automaton& a) {
    a.mode[AUTOMATON] = CLOSING;
    a.held[ORDER] = 1;
    a.timer[STEP] = a.timer[LIMIT] = kNever;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(Synchroniser, "SYNCHRONISER");

}  // namespace ballast
