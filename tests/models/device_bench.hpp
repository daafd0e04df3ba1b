/// \file
/// One device alone on a bench: its inputs are given as functions of time, its states move by the classical
/// Runge-Kutta method, its guards and timers are obeyed. For tests of one device's claims; no network.
#pragma once

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "models/contract.hpp"

namespace ballast::test {

/// A move of the automaton's main mode.
struct Move {
  double time;
  int from, to;
  double pickup_time, threshold;
};

template <class M>
class DeviceBench {
 public:
  using Drive = std::function<void(double time, double* in)>;
  using Observer = std::function<void(double time, const DeviceBench&)>;

  typename M::template Derived<double> derived;
  std::vector<double> x, in, out, held, timer, rate, guard;
  std::vector<int> mode;
  std::vector<double> table;  ///< data beside the parameters
  std::vector<Move> moves;
  int moved_limits = 0, jumps = 0;
  double t = 0;
  Drive drive;
  std::vector<double> breaks;  ///< instants at which `drive` jumps, ascending
  Observer observe = [](double, const DeviceBench&) {};

  DeviceBench(const std::vector<double>& parameters, const Ratings& ratings)
      : derived(M::template derive<double>(parameters.data(), ratings)),
        x(room_for(M::kStates)),
        in(room_for(M::kInputs)),
        out(room_for(M::kOutputs), kUnknown),
        held(room_for(held_of<M>())),
        timer(room_for(timers_of<M>()), kNever),
        rate(room_for(M::kStates)),
        guard(room_for(guards_of<M>())),
        mode(room_for(modes_of<M>())) {
    if (parameters.size() != std::size(M::parameters))
      throw std::logic_error("the bench has the wrong number of parameters");
  }

  /// Puts the device at rest with the inputs of time zero.
  Outcome rest() {
    t = 0;
    if (drive) drive(0, in.data());
    return rest_at(in);
  }
  /// Puts it at rest with inputs given (NaN where the device is to find them).
  Outcome rest_at(std::vector<double> inputs) {
    in = std::move(inputs);
    Rest r{in, out, mode, held, timer, table};
    const Outcome outcome = M::initialise(r, derived, x.data());
    if (outcome.ok()) evaluate(t);
    return outcome;
  }

  void run(double until, double step) {
    std::size_t next_break = 0;
    while (next_break < breaks.size() && breaks[next_break] < t) ++next_break;
    settle();
    observe(t, *this);
    while (t < until) {
      double end = std::min({until, t + step, *std::min_element(timer.begin(), timer.end())});
      const bool lands_on_break = next_break < breaks.size() && breaks[next_break] <= end;
      if (lands_on_break) end = breaks[next_break];
      const std::vector<double> start = x;
      advance_states(start, t, end);
      bool crossed = false;
      if (!lands_on_break || end > t) crossed = locate(start, end);
      t = end;
      if (lands_on_break && !crossed) {
        const std::vector<double> before = in;
        ++next_break;
        after_break_ = true;
        evaluate(t);
        if constexpr (requires { M::on_jump(x.data(), before.data(), in.data(), derived); })
          M::on_jump(x.data(), before.data(), in.data(), derived);
      }
      evaluate(t);
      settle();
      observe(t, *this);
      after_break_ = false;
    }
  }

  void evaluate(double time) { evaluate(time, x); }

 private:
  bool after_break_ = false;

  void evaluate(double time, const std::vector<double>& states) {
    // Inside a step the drive is that of the piece before a break; at the break itself the new one counts.
    if (drive) drive(after_break_ || time == 0 ? time : time - 1e-12, in.data());
    if constexpr (requires { M::TIME; }) in[M::TIME] = time;
    const Context<double, double> context{mode.data(), held.data(), guard.data()};
    M::equations(states.data(), in.data(), derived, context, rate.data(), out.data());
  }

  void advance_states(const std::vector<double>& from, double begin, double end) {
    const double h = end - begin;
    std::vector<double> stage = from;
    x = from;
    constexpr double share[] = {0, 0.5, 0.5, 1};
    constexpr double weight[] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
    after_break_ = true;  // the first stage sees what came after a break at `begin`
    for (int k = 0; k < 4; ++k) {
      for (std::size_t i = 0; i < x.size() && k > 0; ++i) stage[i] = from[i] + share[k] * h * rate[i];
      evaluate(begin + share[k] * h, stage);
      after_break_ = false;
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += weight[k] * h * rate[i];
    }
    evaluate(end);
  }

  /// Shortens the step to the first crossing, by bisection.
  bool locate(const std::vector<double>& start, double& end) {
    if (!fires()) return false;
    double low = t;
    double high = end;
    for (int i = 0; i < 60 && high - low > 1e-13; ++i) {
      const double middle = 0.5 * (low + high);
      advance_states(start, t, middle);
      (fires() ? high : low) = middle;
    }
    advance_states(start, t, high);
    const bool shortened = high < end;
    end = high;
    return shortened;
  }

  [[nodiscard]] bool fires() const {
    return std::any_of(guard.begin(), guard.begin() + guards_of<M>(), [](double g) { return g > 0; });
  }

  /// Timers and guards, until nothing more happens.
  void settle() {
    for (int round = 0; round < 100; ++round) {
      bool any = false;
      for (int k = 0; k < timers_of<M>(); ++k) {
        if (timer[k] > t) continue;
        const double expiry = timer[k];
        timer[k] = kNever;
        happen({Happening::TIMER, k, expiry});
        any = true;
      }
      for (int g = 0; g < guards_of<M>() && !any; ++g) {
        if (!(guard[g] > 0)) continue;
        if (g < 2 * limits_of<M>()) {
          advance_limit(mode.data(), g);
          ++moved_limits;
        } else {
          happen({Happening::GUARD, g, t});
        }
        any = true;
      }
      if (!any) return;
      after_break_ = true;
      evaluate(t);
    }
    throw std::runtime_error("the device chatters at t = " + std::to_string(t));
  }

  [[nodiscard]] std::vector<double> outputs_and_rates() const {
    std::vector<double> rates(room_for(static_cast<int>(M::kStates)));
    std::vector<double> result(room_for(static_cast<int>(M::kOutputs)));
    std::vector<double> guards(room_for(guards_of<M>()));
    M::equations(x.data(), in.data(), derived,
                 Context<double, double>{mode.data(), held.data(), guards.data()}, rates.data(),
                 result.data());
    for (std::size_t k = 0; k < std::size(M::outputs); ++k)
      for (const char* told : {"iso_class", "dips", "shot"})  // for the record alone: they feed nothing
        if (std::string_view(M::outputs[k].name) == told) result[k] = 0;
    result.insert(result.end(), rates.begin(), rates.end());
    return result;
  }

  void happen(const Happening& happening) {
    if constexpr (requires(Automaton & a) { M::advance(happening, a, derived); }) {
      const int before = mode[limits_of<M>()];
      Automaton a{mode, held, timer, x, in, out};
      a.table = table;
      const auto outputs_before = outputs_and_rates();
      const Effect effect = M::advance(happening, a, derived);
      if (effect == Effect::JUMP) ++jumps;
      // A run goes on within its step where only the automaton has moved.
      if (effect == Effect::NONE && outputs_and_rates() != outputs_before)
        throw std::runtime_error("a move that is called bookkeeping changes outputs or rates at t = " +
                                 std::to_string(t));
      const int after = mode[limits_of<M>()];
      if (after != before) moves.push_back({happening.time, before, after, a.pickup_time, a.threshold});
    }
  }
};

}  // namespace ballast::test
