/// \file
/// "One source, really": a generating unit and a UPS with its automaton, stepped by one template that every
/// backend compiles: as double, as a pack of four scenarios, and by nvcc (one_source.cu). Host and device; no
/// SIMD type is named here.
#pragma once

#include <stdexcept>

#include "models/datacenter/ups.hpp"
#include "models/exciters/sexs.hpp"
#include "models/governors/tgov1.hpp"
#include "models/machines/genrou.hpp"

namespace ballast::test {

inline constexpr int kSteps = 1000;

/// How a scalar type holds scenarios. Specialised for Pack in the test.
template <class T>
struct Lanes;
template <>
struct Lanes<double> {
  static constexpr int kCount = 1;
  BALLAST_HD static double get(double x, int) { return x; }
  BALLAST_HD static void set(double& x, int, double value) { x = value; }
  BALLAST_HD static int get_mode(int m, int) { return m; }
  BALLAST_HD static void set_mode(int& m, int, int value) { m = value; }
};

/// The voltage source of a scenario falls to `depth` of itself from start to end.
template <class T>
struct Dip {
  T depth, start_s, end_s;
  BALLAST_HD T factor(double t) const { return select_(T(t) >= start_s && T(t) < end_s, depth, T(1.0)); }
};

/// A scenario that cannot rest is a mistake of the test.
inline void expect_rest(const Outcome& outcome) {
  if (!outcome.ok()) throw std::logic_error(outcome.quantity);
}

// ---- a generating unit on an infinite bus

struct UnitScenario {
  double P, Q, Vt;  ///< terminal power (pu on the system base) and voltage at rest
  double X;         ///< between terminal and infinite bus, pu on the system base
  double H, K;      ///< inertia (s), exciter gain
  double depth, start_s, length_s;
  double more_power;  ///< step of the governor's reference at the start, pu on the machine base
};

/// GENROU with SEXS and TGOV1 behind a reactance.
template <class T>
struct Unit {
  static constexpr int kMachine = Genrou::kStates;
  static constexpr int kExciter = Sexs::kStates;
  static constexpr int kStates = kMachine + kExciter + int{Tgov1::kStates};
  static constexpr int kTrace = kStates + 4;  ///< states, terminal voltage, the modes of the two limits

  Genrou::Derived<T> machine;
  Admittance<T> admittance;  ///< of the machine
  Sexs::Derived<T> exciter;
  Tgov1::Derived<T> governor;
  T per_X, source_r, source_i, Vref, Pref;
  Dip<T> dip;
  double h;  ///< s
  T x[kStates];
  Mode<T> mode[2];  ///< exciter, governor

  /// dx/dt at (t, states); leaves terminal voltage and guards.
  BALLAST_HD void evaluate(double t, const T* states, T* dxdt, T* voltage, T* guard) const {
    const T nothing[1] = {T(0.0)};
    const Context<T, T> no_context{nullptr, nothing, nullptr};
    T Jr;
    T Ji;
    Genrou::norton_current(states, machine, nothing, Jr, Ji);
    const T G = admittance.G;
    const T B = admittance.B - per_X;
    const T factor = dip.factor(t);
    Jr = Jr + source_i * factor * per_X;
    Ji = Ji - source_r * factor * per_X;
    const T per_Y2 = 1.0 / (G * G + B * B);
    voltage[0] = (Jr * G + Ji * B) * per_Y2;
    voltage[1] = (Ji * G - Jr * B) * per_Y2;

    T in[Genrou::kInputs];
    T out[Genrou::kOutputs];
    const T excite[Sexs::kInputs] = {magnitude_(voltage[0], voltage[1]), T(0.0), Vref};
    Sexs::equations(states + kMachine, excite, exciter, Context<T, T>{mode, nothing, guard}, dxdt + kMachine,
                    &in[Genrou::EFD]);
    const T govern[Tgov1::kInputs] = {states[Genrou::OMEGA], Pref};
    Tgov1::equations(states + kMachine + kExciter, govern, governor,
                     Context<T, T>{mode + 1, nothing, guard + 2}, dxdt + kMachine + kExciter,
                     &in[Genrou::PM]);
    in[Genrou::VR] = voltage[0];
    in[Genrou::VI] = voltage[1];
    in[Genrou::FRAME_SPEED] = T(1.0);
    Genrou::equations(states, in, machine, no_context, dxdt, out);
  }

  /// One step of Heun's method from t = step h; limits move after it. trace[kTrace] is what holds then.
  BALLAST_HD void advance(int step, T* trace) {
    const double t = step * h;
    T k1[kStates];
    T k2[kStates];
    T predicted[kStates];
    T voltage[2];
    T guard[4];
    evaluate(t, x, k1, voltage, guard);
    for (int i = 0; i < kStates; ++i) predicted[i] = x[i] + h * k1[i];
    evaluate(t + h, predicted, k2, voltage, guard);
    for (int i = 0; i < kStates; ++i) x[i] = x[i] + (0.5 * h) * (k1[i] + k2[i]);
    evaluate(t + h, x, k1, voltage, guard);
    for (int lane = 0; lane < Lanes<T>::kCount; ++lane)
      for (int g = 0; g < 4; ++g) {
        if (!(Lanes<T>::get(guard[g], lane) > 0)) continue;
        int m = Lanes<T>::get_mode(mode[g / 2], lane);
        advance_limit(&m, g % 2);
        Lanes<T>::set_mode(mode[g / 2], lane, m);
      }
    for (int i = 0; i < kStates; ++i) trace[i] = x[i];
    trace[kStates] = voltage[0];
    trace[kStates + 1] = voltage[1];
    for (int lane = 0; lane < Lanes<T>::kCount; ++lane)
      for (int m = 0; m < 2; ++m)
        Lanes<T>::set(trace[kStates + 2 + m], lane, Lanes<T>::get_mode(mode[m], lane));
  }
};

/// One unit per lane at rest, each in its own scenario.
template <class T>
Unit<T> make_unit(const UnitScenario* scenarios, double h) {
  const Ratings ratings{150, 100, 60};
  Unit<T> unit{};
  unit.h = h;
  T machine[Genrou::kParameters];
  T exciter[Sexs::kParameters];
  T governor[Tgov1::kParameters];
  for (int lane = 0; lane < Lanes<T>::kCount; ++lane) {
    const UnitScenario& s = scenarios[lane];
    const double pm[] = {6.5, 0.06, 0.7, 0.05, s.H, 1, 1.8, 1.75, 0.3, 0.6, 0.22, 0.12, 0.1, 0.4, 0.003};
    const double pe[] = {0.1, 10, s.K, 0.05, -3, 4};
    const double pg[] = {0.03, 0.2, 1.05, 0, 2.1, 7, 0};
    for (int i = 0; i < Genrou::kParameters; ++i) Lanes<T>::set(machine[i], lane, pm[i]);
    for (int i = 0; i < Sexs::kParameters; ++i) Lanes<T>::set(exciter[i], lane, pe[i]);
    for (int i = 0; i < Tgov1::kParameters; ++i) Lanes<T>::set(governor[i], lane, pg[i]);

    double x[Unit<T>::kStates] = {};
    double min[Genrou::kInputs] = {s.Vt, 0, 1, kUnknown, kUnknown};
    double mout[Genrou::kOutputs] = {s.P / s.Vt, -s.Q / s.Vt, kUnknown, kUnknown, kUnknown, kUnknown};
    Rest machine_rest{min, mout, {}, {}, {}};
    expect_rest(Genrou::initialise(machine_rest, Genrou::derive<double>(pm, ratings), x));
    double ein[Sexs::kInputs] = {mout[Genrou::VT], 0, kUnknown};
    double eout[Sexs::kOutputs] = {min[Genrou::EFD]};
    Rest exciter_rest{ein, eout, {}, {}, {}};
    expect_rest(Sexs::initialise(exciter_rest, Sexs::derive<double>(pe, ratings), x + Unit<T>::kMachine));
    double gin[Tgov1::kInputs] = {0, kUnknown};
    double gout[Tgov1::kOutputs] = {min[Genrou::PM]};
    Rest governor_rest{gin, gout, {}, {}, {}};
    expect_rest(Tgov1::initialise(governor_rest, Tgov1::derive<double>(pg, ratings),
                                  x + Unit<T>::kMachine + Unit<T>::kExciter));

    for (int i = 0; i < Unit<T>::kStates; ++i) Lanes<T>::set(unit.x[i], lane, x[i]);
    Lanes<T>::set(unit.Vref, lane, ein[Sexs::VREF]);
    Lanes<T>::set(unit.Pref, lane, gin[Tgov1::PREF] + s.more_power * pg[Tgov1::R]);
    Lanes<T>::set(unit.per_X, lane, 1 / s.X);
    // Source voltage V - jX I.
    Lanes<T>::set(unit.source_r, lane, s.Vt + s.X * mout[Genrou::II]);
    Lanes<T>::set(unit.source_i, lane, -s.X * mout[Genrou::IR]);
    Lanes<T>::set(unit.dip.depth, lane, s.depth);
    Lanes<T>::set(unit.dip.start_s, lane, s.start_s);
    Lanes<T>::set(unit.dip.end_s, lane, s.start_s + s.length_s);
    for (Mode<T>& m : unit.mode) Lanes<T>::set_mode(m, lane, 0);
  }
  unit.machine = Genrou::derive<T>(machine, ratings);
  unit.admittance = Genrou::norton_admittance(unit.machine);
  unit.exciter = Sexs::derive<T>(exciter, ratings);
  unit.governor = Tgov1::derive<T>(governor, ratings);
  return unit;
}

// ---- a UPS and a script of dips

inline constexpr int kDips = 4;
struct UpsScenario {
  double P_it;  ///< pu
  double dips_to_lock;
  double depth[kDips], start_s[kDips], length_s[kDips];
  double overload_1 = kInfinity;  ///< pu; above it four seconds end on bypass
};

template <class T>
struct UpsUnit {
  static constexpr int kTrace =
      int{Ups::kStates} + int{Ups::kOutputs} + int{Ups::kModes} + int{Ups::kHeld} + int{Ups::kTimers};
  static constexpr int kLanes = Lanes<T>::kCount;

  Ups::Derived<T> derived;
  Ups::Derived<double> own[kLanes];  ///< of each lane, for its automaton
  T P_it;
  Dip<T> dips[kDips];
  double h;  ///< s
  T x[Ups::kStates];
  T held[Ups::kHeld];
  Mode<T> mode[Ups::kModes];
  double timer[kLanes][Ups::kTimers];

  BALLAST_HD void evaluate(double t, const T* states, T* in, T* dxdt, T* out, T* guard) const {
    T V(1.0);
    for (const Dip<T>& dip : dips) V = V * dip.factor(t);
    in[Ups::VR] = 0.8 * V;
    in[Ups::VI] = 0.6 * V;
    in[Ups::P_IT] = P_it;
    in[Ups::TIME] = T(t);
    in[Ups::FREQUENCY] = T(1.0);
    in[Ups::ROCOF] = in[Ups::GENERATOR] = T(0.0);
    Ups::equations(states, in, derived, Context<T, T>{mode, held, guard}, dxdt, out);
  }

  BALLAST_HD void advance(int step, T* trace) {
    const double t = step * h;
    T in[Ups::kInputs];
    T out[Ups::kOutputs];
    T guard[Ups::kGuards];
    T k1[Ups::kStates];
    T k2[Ups::kStates];
    T predicted[Ups::kStates];
    evaluate(t, x, in, k1, out, guard);
    for (int i = 0; i < Ups::kStates; ++i) predicted[i] = x[i] + h * k1[i];
    evaluate(t + h, predicted, in, k2, out, guard);
    for (int i = 0; i < Ups::kStates; ++i) x[i] = x[i] + (0.5 * h) * (k1[i] + k2[i]);
    evaluate(t + h, x, in, k1, out, guard);
    for (int lane = 0; lane < kLanes; ++lane) happen(lane, t + h, in, out, guard);
    record(out, trace);
  }

 private:
  /// Everything that fires in one lane at `now`: due timers, then guards, each once.
  BALLAST_HD void happen(int lane, double now, const T* in, const T* out, const T* guard) {
    int m[Ups::kModes];
    double numbers[Ups::kHeld];
    double states[Ups::kStates];
    double inputs[Ups::kInputs];
    double outputs[Ups::kOutputs];
    for (int i = 0; i < Ups::kModes; ++i) m[i] = Lanes<T>::get_mode(mode[i], lane);
    for (int i = 0; i < Ups::kHeld; ++i) numbers[i] = Lanes<T>::get(held[i], lane);
    for (int i = 0; i < Ups::kStates; ++i) states[i] = Lanes<T>::get(x[i], lane);
    for (int i = 0; i < Ups::kInputs; ++i) inputs[i] = Lanes<T>::get(in[i], lane);
    for (int i = 0; i < Ups::kOutputs; ++i) outputs[i] = Lanes<T>::get(out[i], lane);
    Automaton automaton{m, numbers, timer[lane], states, inputs, outputs};
    for (int k = 0; k < Ups::kTimers; ++k) {
      if (!(timer[lane][k] <= now)) continue;
      const double expiry = timer[lane][k];
      timer[lane][k] = kNever;
      Ups::advance({Happening::TIMER, k, expiry}, automaton, own[lane]);
    }
    for (int g = 0; g < Ups::kGuards; ++g) {
      if (!(Lanes<T>::get(guard[g], lane) > 0)) continue;
      if (g < 2 * Ups::kLimits)
        advance_limit(m, g);
      else
        Ups::advance({Happening::GUARD, g, now}, automaton, own[lane]);
    }
    for (int i = 0; i < Ups::kModes; ++i) Lanes<T>::set_mode(mode[i], lane, m[i]);
    for (int i = 0; i < Ups::kHeld; ++i) Lanes<T>::set(held[i], lane, numbers[i]);
    for (int i = 0; i < Ups::kStates; ++i) Lanes<T>::set(x[i], lane, states[i]);
  }
  BALLAST_HD void record(const T* out, T* trace) const {
    for (int i = 0; i < Ups::kStates; ++i) *trace++ = x[i];
    for (int i = 0; i < Ups::kOutputs; ++i) *trace++ = out[i];
    for (int i = 0; i < Ups::kHeld; ++i) *trace++ = held[i];
    for (int i = 0; i < Ups::kModes; ++i, ++trace)
      for (int lane = 0; lane < kLanes; ++lane)
        Lanes<T>::set(*trace, lane, Lanes<T>::get_mode(mode[i], lane));
    for (int i = 0; i < Ups::kTimers; ++i, ++trace)
      for (int lane = 0; lane < kLanes; ++lane) Lanes<T>::set(*trace, lane, timer[lane][i]);
  }
};

/// One UPS per lane at rest, each with its own script. Delays are short, so that ten seconds hold whole
/// circles.
template <class T>
UpsUnit<T> make_ups(const UpsScenario* scenarios, double h) {
  const Ratings ratings{300, 100, 60};
  UpsUnit<T> ups{};
  ups.h = h;
  T parameters[sizeof(Ups::parameters) / sizeof(Ups::parameters[0])];
  for (int lane = 0; lane < Lanes<T>::kCount; ++lane) {
    const UpsScenario& s = scenarios[lane];
    const double first[] = {0.96, 0.98,           1.2, 0.85, 1.1,    0.02, 0.6, 0.01, 0.5,  0.2,   1, 0.9,
                            0.02, s.dips_to_lock, 6,   0.1,  kNever, 5,    0.1, 0.05, 0.95, kNever};
    double p[Ups::kParameters];
    for (int k = 0; k < Ups::kParameters; ++k)
      p[k] = k < Ups::DIRECT ? first[k] : Ups::kPlain[k - Ups::DIRECT];
    p[UpsSettings::OVERLOAD_1] = s.overload_1;
    p[UpsSettings::OVERLOAD_1_S] = 4;
    int i = 0;
    for (const double value : p) Lanes<T>::set(parameters[i++], lane, value);
    ups.own[lane] = Ups::derive<double>(p, ratings);
    // An overload begins with the first step.
    double in[Ups::kInputs] = {0.8, 0.6, s.P_it < s.overload_1 ? s.P_it : s.overload_1, 0, 1, 0, 0};
    double out[Ups::kOutputs];
    for (double& value : out) value = kUnknown;
    int mode[Ups::kModes] = {};
    double held[Ups::kHeld] = {};
    double x[Ups::kStates] = {};
    for (double& t : ups.timer[lane]) t = kNever;
    Rest rest{in, out, mode, held, ups.timer[lane]};
    expect_rest(Ups::initialise(rest, ups.own[lane], x));
    for (int k = 0; k < Ups::kStates; ++k) Lanes<T>::set(ups.x[k], lane, x[k]);
    for (int k = 0; k < Ups::kHeld; ++k) Lanes<T>::set(ups.held[k], lane, held[k]);
    for (int k = 0; k < Ups::kModes; ++k) Lanes<T>::set_mode(ups.mode[k], lane, mode[k]);
    Lanes<T>::set(ups.P_it, lane, s.P_it);
    for (int k = 0; k < kDips; ++k) {
      Lanes<T>::set(ups.dips[k].depth, lane, s.depth[k]);
      Lanes<T>::set(ups.dips[k].start_s, lane, s.start_s[k]);
      Lanes<T>::set(ups.dips[k].end_s, lane, s.start_s[k] + s.length_s[k]);
    }
  }
  ups.derived = Ups::derive<T>(parameters, ratings);
  return ups;
}

/// All steps; trace[kSteps * Thing::kTrace].
template <class Thing, class T>
BALLAST_HD void run_all_steps(Thing& thing, T* trace) {
  for (int step = 0; step < kSteps; ++step) thing.advance(step, trace + step * Thing::kTrace);
}

}  // namespace ballast::test
