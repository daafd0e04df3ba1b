/// \file
/// Switching of capacitors and reactors by voltage.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Moves a shunt by a step of STEP_Mvar once the voltage has been below V_low (up: a capacitor in, a reactor
/// out) or above V_high (down) for delay_s, between B_min and B_max. Each step takes the delay anew; inside
/// the band the delay is lost. Below V_block (a fault, a dead bus) it does nothing.
///
/// Source: time-delayed voltage control of mechanically switched shunts, as in PSS/E's switched-shunt
/// controls.
///
/// Deviations: no lock-out against hunting, no discharge time of a capacitor beyond the delay.
struct ShuntSwitch : ModelDefaults {
  static constexpr const char* title = "Switching of capacitors and reactors by voltage";
  static constexpr const char* source = "definite-time voltage control of mechanically switched shunts";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { kStates };
  enum Input { VR, VI, kInputs };
  enum Output { B_MVAR, IN, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Level { WATCHING, LOW, HIGH };
  enum Held { SET, PICKUP_S, kHeld };  ///< Mvar in service; when the voltage left the band
  enum Timer { DELAY, kTimers };
  enum Threshold { BELOW, ABOVE, kGuards };
  static constexpr double kHysteresis = 0.002;  ///< pu

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}};
  static constexpr OutputInfo outputs[] = {{"B_Mvar", "Mvar at 1 pu", "in service, capacitive positive"},
                                           {"in", "1", "1 while anything is in service"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}, {"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"watching", "low voltage", "high voltage"};

  enum Parameter { V_LOW, V_HIGH, DELAY_S, STEP, B_MIN, B_MAX, B_0, V_BLOCK, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"V_low", "pu", within(0, 2), within(0.85, 1), "steps up below it"},
      {"V_high", "pu", within(0, 5), within(1, 1.2), "steps down above it"},
      {"delay_s", "s", positive(), within(0.1, 600), "outside the band before a step"},
      {"STEP_Mvar", "Mvar", positive(), anything(), "size of a step at 1 pu"},
      {"B_min", "Mvar", anything(), anything(), "least, reactors negative"},
      {"B_max", "Mvar", anything(), anything(), "most, capacitors positive"},
      {"B_0", "Mvar", anything(), anything(), "in service at rest"},
      {"V_block", "pu", within(0, 1), within(0, 0.8), "nothing is switched below it"},
  };
  static constexpr Relation relations[] = {
      {V_LOW, Relation::BELOW, V_HIGH, "it would switch up and down for ever"},
      {V_BLOCK, Relation::NOT_ABOVE, V_LOW, "it would never step up"},
      {B_MIN, Relation::NOT_ABOVE, B_0, "it rests between its limits"},
      {B_0, Relation::NOT_ABOVE, B_MAX, "it rests between its limits"}};

  template <class P>
  struct Derived {
    P V_low, V_high, delay_s, step, B_min, B_max, B_0, V_block;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[V_LOW], p[V_HIGH], p[DELAY_S], p[STEP], p[B_MIN], p[B_MAX], p[B_0], p[V_BLOCK]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    const T B = T(1.0) * context.held[SET];
    out[B_MVAR] = B;
    out[IN] = select_(abs_(B) > 1e-9, T(1.0), T(0.0));
    const auto level = context.mode[AUTOMATON];
    const T V = magnitude_(in[VR], in[VI]);
    const T low = min_(min_(T(d.V_low - V), T(V - d.V_block)), T(d.B_max - B - 1e-6));
    const T high = min_(T(V - d.V_high), T(B - d.B_min - 1e-6));
    const T low_ends = max_(T(V - d.V_low - kHysteresis), T(d.V_block - kHysteresis - V));
    context.guard[BELOW] = select_(level == WATCHING, low, select_(level == LOW, low_ends, T(-1.0)));
    context.guard[ABOVE] =
        select_(level == WATCHING, high, select_(level == HIGH, T(d.V_high - kHysteresis - V), T(-1.0)));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    rest.held[SET] = rest.out[B_MVAR] = d.B_0;
    rest.out[IN] = abs_(d.B_0) > 1e-9 ? 1 : 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    int& level = a.mode[AUTOMATON];
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) {
      a.threshold = happening.index == BELOW ? d.V_low : d.V_high;
      level = level != WATCHING ? WATCHING : happening.index == BELOW ? LOW : HIGH;
      a.held[PICKUP_S] = t;
      a.timer[DELAY] = level == WATCHING ? kNever : t + d.delay_s;
      return Effect::NONE;
    }
    const bool up = level == LOW;
    a.guard = up ? BELOW : ABOVE;
    a.threshold = up ? d.V_low : d.V_high;
    a.pickup_time = a.held[PICKUP_S];
    a.held[SET] = up ? min_(a.held[SET] + d.step, d.B_max) : max_(a.held[SET] - d.step, d.B_min);
    level = WATCHING;  // outside the band still, it picks up again
    return Effect::JUMP;
  }
};
BALLAST_MODEL(ShuntSwitch, "SHUNTSWITCH");

}  // namespace ballast
