/// \file
/// On-load tap changer of a transformer: the automaton; the solver puts its ratio into the branch.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Holds the voltage behind a transformer in a band by steps of the ratio at the other side.
///
///   in band ── V below V_low ──► too low ── first_s ──► raising ── move_s: a step ──► too low ── next_s ──►
///   ... too low ── V above V_low + kHysteresis ──► in band          (too high and lowering likewise) ratio =
///   ratio_rest + step position,   lowest <= position <= highest;   a lower ratio raises V
///
/// Below V_block no step begins: a tap changer does not answer faults, nor while its transformer is open. At
/// an end of its range it stays there.
///
/// Source: band, step and delays as in the composite load model (CMLD: Vmin, Vmax, step, Tdel, Ttap).
///
/// Deviations: no line-drop compensation, no inverse-time delay.
struct TapChanger : ModelDefaults {
  static constexpr const char* title = "On-load tap changer of a transformer";
  static constexpr const char* source = "band, step and delays as in CMLD (Vmin, Vmax, step, Tdel, Ttap)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { kStates };
  enum Input { VR, VI, CLOSED, kInputs };
  enum Output { TAP_RATIO, TAP_POSITION, kOutputs };
  enum Mode { AUTOMATON = kLimits, BLOCKED, POSITION, kModes };  ///< a Band; 1 below V_block; steps from rest
  enum Band { IN_BAND, TOO_LOW, TOO_HIGH, RAISING, LOWERING };
  enum Held { MOVED, kHeld };  ///< position, as the equations read it
  enum Timer { STEP, kTimers };
  enum Threshold { LOW, HIGH, BLOCK, kGuards };
  static constexpr double kHysteresis = 1e-3;  ///< pu of voltage inside the band

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"closed", "1"}};
  static constexpr OutputInfo outputs[] = {{"tap_ratio", "pu", "ratio of the transformer"},
                                           {"tap_position", "1", "steps from where it rested"}};
  static constexpr ThresholdInfo thresholds[] = {
      {"bus voltage", "pu"}, {"bus voltage", "pu"}, {"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"in band", "too low", "too high", "raising", "lowering"};

  enum Parameter {
    RATIO,
    STEP_PU,
    LOWEST,
    HIGHEST,
    V_LOW,
    V_HIGH,
    FIRST_S,
    NEXT_S,
    MOVE_S,
    V_BLOCK,
    kParameters
  };
  static constexpr ParameterInfo parameters[] = {
      {"ratio_rest", "pu", within(0.1, 10), within(0.8, 1.2), "ratio at rest"},
      {"step", "pu", within(1e-4, 0.1), within(0.005, 0.02), "change of the ratio by one step"},
      {"lowest", "1", within(-100, 0), within(-20, 0), "lowest position, in steps from rest"},
      {"highest", "1", within(0, 100), within(0, 20), "highest position, in steps from rest"},
      {"V_low", "pu", within(0.5, 1.5), within(0.9, 1.05), "lower end of the band"},
      {"V_high", "pu", within(0.5, 1.5), within(0.95, 1.1), "upper end of the band"},
      {"first_s", "s", not_negative(), within(10, 120), "outside the band before the first step"},
      {"next_s", "s", positive(), within(2, 30), "from a step to the next, if it is still outside"},
      {"move_s", "s", not_negative(), within(0, 10), "time that a step takes"},
      {"V_block", "pu", within(0, 1), within(0, 0.9), "nothing moves below; 0 = it always may"},
  };
  static constexpr Relation relations[] = {
      {V_LOW, Relation::BELOW, V_HIGH, "a band has a width"},
      {V_BLOCK, Relation::BELOW, V_LOW, "it would never raise the voltage"}};

  template <class P>
  struct Derived {
    P ratio, step, lowest, highest, V_low, V_high, first_s, next_s, move_s, V_block;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[RATIO],  p[STEP_PU], p[LOWEST], p[HIGHEST], p[V_LOW],
            p[V_HIGH], p[FIRST_S], p[NEXT_S], p[MOVE_S],  p[V_BLOCK]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[TAP_POSITION] = T(1.0) * context.held[MOVED];
    out[TAP_RATIO] = d.ratio + d.step * out[TAP_POSITION];
    const T V = magnitude_(in[VR], in[VI]);
    const T inert(-1.0);
    const auto band = context.mode[AUTOMATON];
    const T closed = in[CLOSED] - 0.5;
    const auto blocked = context.mode[BLOCKED] == 1;
    const T low = select_(band == TOO_LOW, V - d.V_low - kHysteresis,
                          select_(band == IN_BAND, min_(T(d.V_low - V), closed), inert));
    context.guard[LOW] = select_(blocked, inert, low);
    context.guard[HIGH] = select_(band == TOO_HIGH, d.V_high - kHysteresis - V,
                                  select_(band == IN_BAND, min_(T(V - d.V_high), closed), inert));
    context.guard[BLOCK] = select_(blocked, V - d.V_block - kHysteresis, d.V_block - V);
  }

  /// Rests at its ratio inside the band.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = Outcome::check("voltage to be held (pu)", magnitude_(rest.in[VR], rest.in[VI]),
                                         d.V_low, d.V_high);
        !o.ok())
      return o;
    rest.out[TAP_POSITION] = 0;
    rest.out[TAP_RATIO] = d.ratio;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& band = a.mode[AUTOMATON];
    if (happening.kind == Happening::TIMER) {
      if (band == TOO_LOW || band == TOO_HIGH) {
        const int next = a.mode[POSITION] + (band == TOO_LOW ? -1 : 1);
        if (next < d.lowest || next > d.highest) return Effect::NONE;  // at the end of its range
        band = band == TOO_LOW ? RAISING : LOWERING;
        a.timer[STEP] = t + d.move_s;
        return Effect::NONE;
      }
      a.mode[POSITION] += band == RAISING ? -1 : 1;
      a.held[MOVED] = a.mode[POSITION];
      band = a.mode[BLOCKED] == 1 ? IN_BAND : band == RAISING ? TOO_LOW : TOO_HIGH;
      if (band != IN_BAND) a.timer[STEP] = t + d.next_s;
      return Effect::JUMP;
    }
    if (happening.index == BLOCK) {
      a.mode[BLOCKED] = 1 - a.mode[BLOCKED];
      if (a.mode[BLOCKED] == 0 || band > TOO_HIGH) return Effect::NONE;  // a step that has begun is finished
      band = IN_BAND;
      a.timer[STEP] = kNever;
      return Effect::NONE;
    }
    a.threshold = happening.index == LOW ? d.V_low : d.V_high;
    band = band != IN_BAND ? IN_BAND : happening.index == LOW ? TOO_LOW : TOO_HIGH;
    a.timer[STEP] = band == IN_BAND ? kNever : t + d.first_s;
    return Effect::NONE;
  }
};
BALLAST_MODEL(TapChanger, "TAPCHANGER");

}  // namespace ballast
