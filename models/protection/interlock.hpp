/// \file
/// Interlock.
#pragma once

#include "models/protection/conditions.hpp"

namespace ballast {

/// While its expression holds, the elements that its output names are not tripped or not closed
/// (Order::Act::FORBID_TRIP, FORBID_CLOSE): what anybody orders meanwhile is lost.
///
///   free ── while holds ──► blocking ── while fails ──► free
///
/// What is switched at the same instant as the order does not count yet.
///
/// Source: interlocking of switchgear.
///
/// Deviations: no delay.
struct Interlock : Conditions<Interlock> {
  static constexpr const char* title = "Interlock of breakers and units";
  static constexpr const char* source = "interlocking of switchgear";
  static constexpr const char* validated = "";

  enum Output { FREE_OUT, kOutputs };
  enum Level { FREE, BLOCKING };
  enum Held { IS_FREE = kConditionHeld, kHeld };
  static constexpr OutputInfo outputs[] = {{"free", "1", "0 while it forbids"}};
  static constexpr const char* mode_names[] = {"free", "blocking"};
  enum Parameter { kParameters = kConditionParameters };
  static constexpr ParameterInfo parameters[] = {
      {"sense_1", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_1", "unit", anything(), anything(), "holds beyond it"},
      {"reset_1", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_2", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_2", "unit", anything(), anything(), "holds beyond it"},
      {"reset_2", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_3", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_3", "unit", anything(), anything(), "holds beyond it"},
      {"reset_3", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_4", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_4", "unit", anything(), anything(), "holds beyond it"},
      {"reset_4", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_5", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_5", "unit", anything(), anything(), "holds beyond it"},
      {"reset_5", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_6", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_6", "unit", anything(), anything(), "holds beyond it"},
      {"reset_6", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_7", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_7", "unit", anything(), anything(), "holds beyond it"},
      {"reset_7", "unit", anything(), anything(), "holds no longer inside it"},
      {"sense_8", "1", within(-1, 1), anything(), "1: holds above, -1: below, 0: not used"},
      {"threshold_8", "unit", anything(), anything(), "holds beyond it"},
      {"reset_8", "unit", anything(), anything(), "holds no longer inside it"},
  };

  template <class P>
  struct Derived {
    Settings<P> condition;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {settings(p)};
  }
  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    out[FREE_OUT] = T(1.0) * context.held[IS_FREE];
    watch(in, d.condition, context);
  }
  /// Rests free or blocking, as far as what it reads is known.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    rest.held[LOOKED] = known_at_rest(rest, d.condition) ? 1 : 0;
    const bool blocks = Expression::holds(expression(rest.table, 0), rest.mode.data() + MET);
    rest.mode[AUTOMATON] = blocks ? BLOCKING : FREE;
    rest.held[IS_FREE] = rest.out[FREE_OUT] = blocks ? 0 : 1;
    return Outcome::fine();
  }
  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    return condition_changed(happening, a, d);
  }
  BALLAST_HD static Effect weigh(Automaton& a, const Derived<double>&, double, bool) {
    const int blocks = Expression::holds(expression(a.table, 0), a.mode.data() + MET) ? BLOCKING : FREE;
    if (blocks == a.mode[AUTOMATON]) return Effect::NONE;
    a.mode[AUTOMATON] = blocks;
    a.held[IS_FREE] = blocks == FREE ? 1 : 0;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(Interlock, "INTERLOCK");

}  // namespace ballast
