/// \file
/// What schemes with conditions written in the case share: conditions on measured quantities, and expressions
/// of them.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// An expression of conditions in postfix order: the number of a condition, or what joins the one or two
/// values before it. An empty one holds.
struct Expression {
  static constexpr double kAnd = -1, kOr = -2, kNot = -3;
  static constexpr int kDeepest = 16;  ///< values that wait at once

  BALLAST_HD static bool holds(std::span<const double> tokens, const int* met) {
    bool stack[kDeepest] = {true};
    int top = tokens.empty() ? 1 : 0;
    for (const double token : tokens) {
      if (token >= 0) {
        stack[top++] = met[static_cast<int>(token)] == 1;
      } else if (token == kNot) {
        stack[top - 1] = !stack[top - 1];
      } else {
        --top;
        stack[top - 1] = token == kAnd ? stack[top - 1] && stack[top] : stack[top - 1] || stack[top];
      }
    }
    return stack[0];
  }
};

/// Conditions q_1 .. q_8 that a scheme looks at, each with a threshold and where it resets. What they are
/// joined to is in the part's table: the length of each expression before its tokens.
///
/// What holds at rest is known there; where an input is not, or a scheme has to act, it is seen when the run
/// begins, all of it before anything is made of it (LOOK).
///
/// A scheme derives from this with its own parameters after kConditionParameters, held numbers after
/// kConditionHeld, and
///   template <class P> struct Derived { Settings<P> condition; ... };
///   static Effect weigh(Automaton&, const Derived<double>&, double t, bool first)   a condition changed
template <class Scheme>
struct Conditions : ModelDefaults {
  static constexpr int kConditions = 8;
  static constexpr int kConditionParameters = 3 * kConditions;
  static constexpr Role role = Role::PROTECTION;
  enum State { kStates };
  enum Input { FIRST_QUANTITY, kInputs = kConditions };
  enum Mode { AUTOMATON, MET, kModes = MET + kConditions };  ///< the scheme's; of each condition: 1 holds
  enum ConditionHeld { LOOKED, CHANGED, kConditionHeld };  ///< 1 once it looked; condition that changed last
  enum Threshold { FIRST, LOOK = kConditions, kGuards };
  enum ConditionParameter { SENSE, THRESHOLD, RESET };  ///< of the first; three of each follow each other

  static constexpr InputInfo inputs[] = {{"q_1", "unit", Unwired::ZERO}, {"q_2", "unit", Unwired::ZERO},
                                         {"q_3", "unit", Unwired::ZERO}, {"q_4", "unit", Unwired::ZERO},
                                         {"q_5", "unit", Unwired::ZERO}, {"q_6", "unit", Unwired::ZERO},
                                         {"q_7", "unit", Unwired::ZERO}, {"q_8", "unit", Unwired::ZERO}};
  static constexpr ThresholdInfo thresholds[] = {
      {"condition", "unit"}, {"condition", "unit"}, {"condition", "unit"}, {"condition", "unit"},
      {"condition", "unit"}, {"condition", "unit"}, {"condition", "unit"}, {"condition", "unit"}};

  template <class P>
  struct Settings {
    P sense[kConditions], threshold[kConditions], reset[kConditions];
  };
  template <class P>
  BALLAST_HD static Settings<P> settings(const P* p) {
    Settings<P> s;
    for (int k = 0; k < kConditions; ++k) {
      s.sense[k] = p[3 * k + SENSE];
      s.threshold[k] = p[3 * k + THRESHOLD];
      s.reset[k] = p[3 * k + RESET];
    }
    return s;
  }
  template <class T, class P>
  BALLAST_HD static void watch(const T* in, const Settings<P>& s, const Context<T, P>& context) {
    for (int k = 0; k < kConditions; ++k)
      context.guard[FIRST + k] = select_(context.mode[MET + k] == 1, T(s.sense[k] * (s.reset[k] - in[k])),
                                         T(s.sense[k] * (in[k] - s.threshold[k])));
    context.guard[LOOK] = 0.5 - T(1.0) * context.held[LOOKED];
  }
  /// Conditions as they are at rest; false: an input is not known there.
  static bool known_at_rest(Rest& rest, const Settings<double>& s) {
    bool known = true;
    for (int k = 0; k < kConditions; ++k) {
      const double beyond = s.sense[k] * (rest.in[static_cast<std::size_t>(k)] - s.threshold[k]);
      known = known && beyond == beyond;  // no NaN
      rest.mode[static_cast<std::size_t>(MET + k)] = beyond > 0 ? 1 : 0;
    }
    return known;
  }
  template <class D>
  BALLAST_HD static Effect condition_changed(const Happening& happening, Automaton& a, const D& d) {
    if (happening.index == LOOK) {
      a.held[LOOKED] = 1;
      return Scheme::weigh(a, d, happening.time, true);
    }
    const int k = happening.index - FIRST;
    tell(a, d.condition, k);
    a.mode[MET + k] = 1 - a.mode[MET + k];
    a.held[CHANGED] = k;
    return a.held[LOOKED] > 0 ? Scheme::weigh(a, d, happening.time, false) : Effect::NONE;
  }
  /// The n-th expression of a table; empty where there is none.
  BALLAST_HD static std::span<const double> expression(std::span<const double> table, int n) {
    for (; !table.empty(); --n) {
      const auto length = static_cast<std::size_t>(table[0]);
      if (n == 0) return table.subspan(1, length);
      table = table.subspan(1 + length);
    }
    return {};
  }
  template <class P>
  BALLAST_HD static void tell(Automaton& a, const Settings<P>& s, int condition) {
    a.guard = FIRST + condition;
    a.threshold = s.threshold[condition];
    a.value = a.in[static_cast<std::size_t>(condition)];
  }
};

}  // namespace ballast
