/// \file
/// W scenarios side by side (T = Lanes), or one (T = double), from their starts to their ends. Private to
/// kernels/.
#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "kernels/batch.hpp"
#include "kernels/lane.hpp"
#include "kernels/stepper.hpp"

namespace ballast::batch {

// One scalar type's view of "for each lane".
template <class T>
constexpr int lanes_of_type = 1;
template <>
constexpr int lanes_of_type<Lanes> = kLanes;
inline double get(double v, int) { return v; }
inline double get(const Lanes& v, int lane) { return v[lane]; }
inline void set(double& v, int, double to) { v = to; }
inline void set(Lanes& v, int lane, double to) { v.set(lane, to); }
inline bool yes(bool m, int) { return m; }
inline bool yes(const Mask<kLanes>& m, int lane) { return m[lane]; }
inline void take(const Store<double>& from, int, Store<double>& to, bool) { to = from; }
inline void take(const Store<Lanes>& from, int lane, Store<double>& to, bool matrices) {
  take_out(from, lane, to, matrices);
}
inline void take_seen(const Store<double>& from, int, Store<double>& to) { to = from; }
inline void take_signals(const Store<double>&, int, Store<double>&, int, int) {}
inline void put_driven(const Store<double>& from, int, Store<double>& to) { to = from; }
inline void put(const Store<double>& from, int, Store<double>& to, bool) { to = from; }
inline void put(const Store<double>& from, int lane, Store<Lanes>& to, bool matrices) {
  put_back(from, lane, to, matrices);
}
inline Mask<kLanes> positive(const Lanes& v) { return v > 0.0; }
inline bool positive(double v) { return v > 0.0; }

/// W scenarios, each at its own time.
template <class T>
class Tile {
  static constexpr int kWidth = lanes_of_type<T>;

 public:
  Tile(const Evaluator& evaluator, const Options& options, std::function<int()> next,
       std::function<void(Result&&)> done)
      : evaluator_(evaluator),
        problem_(evaluator.problem()),
        options_(options),
        keeper_(evaluator, options),
        stepper_(evaluator),
        store_(evaluator.make_store<T>()),
        one_(evaluator.make_store<double>()),
        guards_(evaluator.watched().size(), T(-1.0)),
        next_(std::move(next)),
        done_(std::move(done)) {
    samples_outputs_ =
        options.sample_every_s > 0 && std::any_of(options.watch_signals.begin(), options.watch_signals.end(),
                                                  [&](int s) { return s >= 2 * problem_.buses; });
  }

  void run() {
    for (int lane = 0; lane < kWidth; ++lane) fill(lane);
    // Idle lanes hold the numbers of a live one, so that they compute nothing strange.
    while (std::any_of(lane_, lane_ + kWidth, [](const Lane& l) { return l.live(); })) step();
  }

 private:
  const Evaluator& evaluator_;
  const Problem& problem_;
  const Options& options_;
  LaneKeeper keeper_;
  Stepper<T> stepper_;
  Store<T> store_;
  Store<double> one_;
  bool samples_outputs_ = false;
  T speed_before_ = 1.0;   ///< of the frame, where the step began
  T timer_ = 0.0;          ///< next to expire
  std::vector<T> guards_;  ///< watched, where the step began
  std::function<int()> next_;
  std::function<void(Result&&)> done_;
  Lane lane_[kWidth];

  void fill(int lane) {
    for (;;) {
      const int scenario = next_();
      if (scenario < 0) {
        lane_[lane].scenario = -1;
        flags();
        return;
      }
      low_.reset(lane, 1e300);
      high_.reset(lane, -1.0);
      slow_.reset(lane, 1e300);
      fast_.reset(lane, -1e300);
      if (!keeper_.start(scenario, lane_[lane], one_)) {
        finish(lane, problem_.start_s);
        continue;
      }
      put(one_, lane, store_, true);
      forget(lane);
      for (std::size_t k = 0; k < guards_.size(); ++k)
        set(guards_[k], lane, one_.guard[evaluator_.watched()[k].guard]);
      flags();
      first_sample(lane);
      return;
    }
  }
  void forget(int lane) {
    stepper_.forget([lane](T& v, double to) { set(v, lane, to); });
  }
  void flags() {
    store_.all_active = store_.all_alive = true;
    for (int l = 0; l < kWidth; ++l) {
      if (!lane_[l].live()) continue;
      for (const T& a : store_.active) store_.all_active = store_.all_active && get(a, l) > 0.5;
      for (const T& a : store_.alive) store_.all_alive = store_.all_alive && get(a, l) > 0.5;
    }
  }
  /// `one_` holds the lane.
  void finish(int lane, double t) {
    Lane& l = lane_[lane];
    evaluator_.evaluate_all_outputs(one_);
    if (l.observer && l.result.ending == Ending::COMPLETED) l.observer->sample(one_);
    l.result.end_s = t;
    l.result.voltage_min = low_.of(lane, std::sqrt(get(low_.value, lane)));
    l.result.voltage_max = high_.of(lane, std::sqrt(get(high_.value, lane)));
    l.result.speed_min = slow_.of(lane, get(slow_.value, lane));
    l.result.speed_max = fast_.of(lane, get(fast_.value, lane));
    l.result.x = one_.x;
    l.result.signals = one_.s;
    if (l.observer) l.observer->end(l.result);
    done_(std::move(l.result));
    l = Lane();
  }

  void step() {
    T h(0.0);
    timer_ = T(std::numeric_limits<double>::infinity());
    for (const T& expiry : store_.timer) timer_ = min_(timer_, expiry);
    for (int l = 0; l < kWidth; ++l)
      if (lane_[l].live()) set(h, l, next_step(l, get(timer_, l)));
    const auto live = positive(h);
    speed_before_ = store_.s[problem_.frame_signal];
    const auto failed = stepper_.step(store_, h, live);
    auto crossed = positive(T(0.0));
    for (const Evaluator::Watched& w : evaluator_.watched())
      crossed = crossed || store_.guard[w.guard] > kGuardTolerance;
    const T error = stepper_.error(store_, h);
    auto again = positive(T(0.0));
    auto gone = positive(T(0.0));  // ended within the step; another scenario may have the lane
    for (int l = 0; l < kWidth; ++l) {
      if (!lane_[l].live()) continue;
      ++lane_[l].result.steps;
      const bool bad = yes(failed, l) || !std::isfinite(get(error, l));
      if (bad || (yes(crossed, l) && !located(l, get(h, l)))) {
        if (bad && !shorten(l, get(h, l))) {
          set_yes(gone, l);
          continue;
        }
        set_yes(again, l);
      } else if (!yes(crossed, l) && too_coarse(l, get(h, l), get(error, l))) {
        set_yes(again, l);
      }
    }
    if (any(again)) go_back(again);
    const auto accepted = live && !again && !gone;
    bool outputs = samples_outputs_;
    bool currents = false;
    for (int l = 0; l < kWidth; ++l) {
      if (lane_[l].reads == Observer::Reads::NOTHING || !wants_sample(l)) continue;
      (lane_[l].reads == Observer::Reads::OUTPUTS ? outputs : currents) = true;
    }
    if (outputs)
      evaluator_.evaluate_all_outputs(store_);
    else if (currents)
      evaluator_.evaluate_currents(store_);
    // The frame's own angle by the trapezoidal rule.
    const T& speed = store_.s[problem_.frame_signal];
    const T turn = h * (0.5 * kTurn * problem_.frequency_Hz) * ((speed - 1.0) + (speed_before_ - 1.0));
    store_.turned = select_(accepted, store_.turned + turn, store_.turned);
    extremes(accepted);
    stepper_.accept(store_, h, accepted);
    for (int l = 0; l < kWidth; ++l) {
      if (!lane_[l].live() || yes(again, l) || yes(gone, l)) continue;
      lane_[l].attempts = 0;
      lane_[l].redo_step = 0;
      lane_[l].pace =
          next_pace(lane_[l].pace, get(h, l), get(error, l), problem_.least_step_s, problem_.step_s);
      sample(l);
      if (observed(l)) events(l, yes(crossed, l));
    }
    remember_guards(accepted);
  }

  static void set_yes(bool& m, int) { m = true; }
  static void set_yes(Mask<kLanes>& m, int lane) { m.v[lane] = -1; }

  [[nodiscard]] double next_step(int l, double timer) const {
    const Lane& lane = lane_[l];
    if (lane.redo_step > 0) return lane.redo_step;
    const double left = keeper_.next_stop(lane, timer) - get(store_.t, l);
    if (left <= kStretch * lane.pace) return left;
    return left < 2 * lane.pace ? left / 2 : lane.pace;
  }

  /// Whether the end of the step is where the automaton's guard crossed. If not, the step is taken again up
  /// to there.
  bool located(int l, double h) {
    Lane& lane = lane_[l];
    if (lane.attempts >= kAttempts || h <= kLocated * problem_.least_step_s) return true;
    double share = 1;
    for (std::size_t k = 0; k < evaluator_.watched().size(); ++k) {
      const double now = get(store_.guard[evaluator_.watched()[k].guard], l);
      if (!(now > kGuardTolerance)) continue;
      const double was = get(guards_[k], l);
      share = std::min(share, was < 0 ? -was / (now - was) : 0.0);
    }
    const double crossing = share * h;
    if (h - crossing <= kLocated * problem_.least_step_s) return true;
    ++lane.attempts;
    ++lane.result.rejected;
    lane.redo_step = std::max(crossing, 0.0) + 0.5 * kLocated * problem_.least_step_s;
    return false;
  }

  /// A step whose error is far too large is taken again at half its length.
  bool too_coarse(int l, double h, double error) {
    Lane& lane = lane_[l];
    if (!(error > kTooCoarse * kStepError) || lane.redo_step > 0 || h <= problem_.least_step_s) return false;
    ++lane.result.rejected;
    lane.redo_step = h / 2;
    return true;
  }

  /// A step whose network did not converge is taken again at half its length; false when that has been tried.
  bool shorten(int l, double h) {
    Lane& lane = lane_[l];
    ++lane.result.rejected;
    if (h > kShortest * problem_.least_step_s) {
      lane.redo_step = h / 2;
      return true;
    }
    take(store_, l, one_, true);
    lane.result.ending = std::isfinite(std::accumulate(one_.x.begin(), one_.x.end(), 0.0))
                             ? Ending::NO_SOLUTION
                             : Ending::NOT_FINITE;
    finish(l, get(stepper_.t, l));
    fill(l);
    return false;
  }

  void go_back(const Yes<T>& lanes) {
    for (std::size_t i = 0; i < store_.x.size(); ++i) {
      store_.x[i] = select_(lanes, stepper_.u[i], store_.x[i]);
      store_.f[i] = select_(lanes, stepper_.f[i], store_.f[i]);
    }
    for (std::size_t k = 0; k < stepper_.V.size(); ++k)
      store_.s[k] = select_(lanes, stepper_.V[k], store_.s[k]);
    store_.t = select_(lanes, stepper_.t, store_.t);
  }

  [[nodiscard]] bool wants_sample(int l) const {
    const Lane& lane = lane_[l];
    const double t = get(store_.t, l);
    return lane.observer && t + LaneKeeper::same_instant(t) >= lane.next_sample && t < problem_.until_s;
  }
  /// The observer's samples on the time grid; false when it ended the scenario.
  bool observed(int l) {
    if (!wants_sample(l)) return true;
    Lane& lane = lane_[l];
    const double t = get(store_.t, l);
    lane.next_sample =
        problem_.start_s +
        options_.sample_every_s * (std::floor((t - problem_.start_s) / options_.sample_every_s + 1e-9) + 1);
    take_seen(store_, l, one_);
    if (lane.reads == Observer::Reads::OUTPUTS) {
      take_signals(store_, l, one_, 0, problem_.signals);
    } else {
      take_signals(store_, l, one_, 0, 2 * problem_.buses);
      if (lane.reads == Observer::Reads::CURRENTS)
        for (const Injection& i : problem_.injections) {
          take_signals(store_, l, one_, i.signal_r, i.signal_r + 1);
          take_signals(store_, l, one_, i.signal_i, i.signal_i + 1);
        }
    }
    if (lane.observer->sample(one_)) return true;
    take(store_, l, one_, false);
    stop(l);
    return false;
  }
  /// `one_` holds the lane.
  void stop(int l) {
    lane_[l].result.ending = Ending::STOPPED;
    finish(l, one_.t);
    fill(l);
  }

  void events(int l, bool crossed) {
    const double t = get(store_.t, l);
    Lane& lane = lane_[l];
    const double due = t + LaneKeeper::same_instant(t);
    const bool over = due >= problem_.until_s;
    if (!crossed && keeper_.next_stop(lane, get(timer_, l)) > due) return;
    if (!crossed && !over &&
        keeper_.only_drivers(lane, due, [&](int timer) { return get(store_.timer[timer], l); })) {
      take_seen(store_, l, one_);
      take_signals(store_, l, one_, 0, problem_.signals);
      keeper_.drive(lane, one_);
      put_driven(one_, l, store_);
      return;
    }
    take(store_, l, one_, true);
    one_.all_active = store_.all_active;
    one_.all_alive = store_.all_alive;
    bool jumped = false;
    if (lane.observer) {
      evaluator_.evaluate_all_outputs(one_);
      if (!lane.observer->sample(one_)) return stop(l);
    }
    const bool goes_on = keeper_.happen(lane, one_, jumped);
    if (!goes_on || over) {
      finish(l, t);
      fill(l);
      return;
    }
    if (lane.observer && jumped && !lane.observer->sample(one_)) return stop(l);
    put(one_, l, store_, jumped);
    if (jumped) {
      forget(l);
      lane_[l].pace = problem_.least_step_s;
      flags();
      after_jump(l);
    }
  }

  void remember_guards(const Yes<T>& lanes) {
    for (std::size_t k = 0; k < guards_.size(); ++k)
      guards_[k] = select_(lanes, store_.guard[evaluator_.watched()[k].guard], guards_[k]);
  }

  // ---- what is kept of a run
  /// A running extreme of each lane: value, time, bus.
  struct Running {
    T value, time, bus;
    void take(const Yes<T>& counts, const T& now, const T& t, double at) {
      value = select_(counts, now, value);
      time = select_(counts, t, time);
      bus = select_(counts, T(at), bus);
    }
    void reset(int lane, double to) {
      set(value, lane, to);
      set(time, lane, 0.0);
      set(bus, lane, -1.0);
    }
    [[nodiscard]] Extreme of(int lane, double v) const {
      return {v, get(time, lane), static_cast<int>(get(bus, lane))};
    }
  };
  Running low_, high_, slow_, fast_;  ///< voltages squared, frame speeds
  void extremes(const Yes<T>& accepted) {
    if (options_.observe) return;  // the observer takes its own
    const auto counts = accepted && store_.t >= options_.extremes_from_s;
    if (!any(counts)) return;
    const T& t = store_.t;
    for (int b = 0; b < problem_.buses; ++b) {
      const T size = store_.s[2 * b] * store_.s[2 * b] + store_.s[2 * b + 1] * store_.s[2 * b + 1];
      const auto here = counts && store_.alive[b] > 0.5;
      low_.take(here && size < low_.value, size, t, b);
      high_.take(here && size > high_.value, size, t, b);
    }
    const T& speed = store_.s[problem_.frame_signal];
    slow_.take(counts && speed < slow_.value, speed, t, -1);
    fast_.take(counts && speed > fast_.value, speed, t, -1);
  }
  [[nodiscard]] double watched(std::size_t k, int l) const {
    const std::size_t states = options_.watch_states.size();
    const std::size_t signals = options_.watch_signals.size();
    if (k < states) return get(store_.x[options_.watch_states[k]], l);
    if (k < states + signals) return get(store_.s[options_.watch_signals[k - states]], l);
    const int bus = options_.watch_buses[k - states - signals];
    return std::hypot(get(store_.s[2 * bus], l), get(store_.s[2 * bus + 1], l));
  }
  [[nodiscard]] std::size_t watch_count() const {
    return options_.watch_states.size() + options_.watch_signals.size() + options_.watch_buses.size();
  }
  void first_sample(int l) {
    after_jump(l);
    sample(l);
  }
  void after_jump(int l) {
    if (!(options_.sample_every_s > 0)) return;
    Lane& lane = lane_[l];
    lane.sampled.resize(watch_count());
    for (std::size_t k = 0; k < lane.sampled.size(); ++k) lane.sampled[k] = watched(k, l);
    lane.sampled_at = get(store_.t, l);
  }
  void sample(int l) {
    if (!(options_.sample_every_s > 0) || watch_count() == 0) return;
    Lane& lane = lane_[l];
    const double t = get(store_.t, l);
    while (lane.next_sample <= t + LaneKeeper::same_instant(t)) {
      const double share =
          t > lane.sampled_at
              ? std::clamp((lane.next_sample - lane.sampled_at) / (t - lane.sampled_at), 0.0, 1.0)
              : 1.0;
      lane.result.sample_times.push_back(lane.next_sample);
      for (std::size_t k = 0; k < watch_count(); ++k)
        lane.result.samples.push_back(lane.sampled[k] + share * (watched(k, l) - lane.sampled[k]));
      lane.next_sample = problem_.start_s +
                         options_.sample_every_s *
                             std::round((lane.next_sample - problem_.start_s) / options_.sample_every_s + 1);
    }
    after_jump(l);
  }
};

}  // namespace ballast::batch
