#include "solver/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "solver/agenda.hpp"
#include "solver/automaton_log.hpp"
#include "solver/event_log.hpp"
#include "solver/island_events.hpp"
#include "solver/network_solution.hpp"
#include "solver/operations.hpp"
#include "solver/sampling.hpp"
#include "solver/visits.hpp"

namespace ballast {
namespace {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Moves of one limit or automaton within kChatterWindow seconds that are no longer physics.
constexpr int kChatterMoves = 60;
constexpr double kChatterWindow = 0.01;

/// Times this close are one instant: IDA cannot step across the rounding of a time.
double same_instant(double t) { return 1e-12 * (1 + std::abs(t)); }

void check_options(const SimulationOptions& o, double start_s) {
  Problems problems;
  const auto require = [&](bool good, const char* name, double value, const char* remedy) {
    if (!good) problems.add("[simulation]", fmt::format("{} = {:g} is not possible", name, value), remedy);
  };
  require(std::isfinite(start_s), "start_s", start_s, "give a time");
  require(std::isfinite(o.until_s) && o.until_s >= start_s, "until_s", o.until_s,
          "give a time not before the start");
  require(o.relative_tolerance > 0 && o.relative_tolerance <= 0.1, "relative_tolerance", o.relative_tolerance,
          "give a value above 0, at most 0.1");
  require(o.max_step_s > 0, "max_step_s", o.max_step_s, "give a positive time");
  require(o.record_step_s > 0, "record_step_s", o.record_step_s, "give a positive time");
  require(o.merge_window_s >= 0 && o.merge_window_s <= 0.01, "merge_window_s", o.merge_window_s,
          "give 0 to 0.01 s");
  problems.throw_if_any();
}

class Simulation {
 public:
  Simulation(System& system, std::vector<double> y, const std::vector<Disturbance>& disturbances,
             const SimulationOptions& options, Recorder* recorder,
             const std::function<void(const Progress&)>& progress, const Visits& visits, double start_s)
      : system_(system),
        options_(options),
        progress_(progress),
        visits_(visits),
        log_(system),
        automata_(system, log_),
        agenda_(system),
        operations_(system, log_, disturbances, start_s),
        network_(system),
        integrator_(system, {options.relative_tolerance, options.max_step_s, options.suppress_algebraic,
                             options.linear_solver}),
        sampling_(system, integrator_, options, recorder, start_s),
        y_(std::move(y)),
        start_s_(start_s),
        t_(start_s) {}

  RunResult run(const RunInfo& info) {
    const auto start = Clock::now();
    started_ = start;
    RunResult result;
    try {
      sampling_.begin(info);
      move();
      result.status.completed = true;
      result.status.outcome = "completed";
    } catch (const Interrupted&) {
      result.status.outcome = fmt::format("interrupted at {:.6f} s", t_);
    } catch (const std::exception& error) {
      result.status.outcome = fmt::format("failed at {:.6f} s: {}", t_, error.what());
    }
    result.status.end_time_s = t_;
    const auto guarded = [&](auto&& work) {
      try {
        work();
      } catch (const std::exception& error) {
        if (result.status.completed || result.status.outcome.empty())
          result.status.outcome = fmt::format("failed at {:.6f} s: {}", t_, error.what());
        result.status.completed = false;
      }
    };
    guarded([&] {
      sampling_.last(t_, y_, result.status.completed);
      sampling_.events(log_);
    });
    guarded([&] { sampling_.end(result.status); });
    result.events = log_.events();
    result.y = y_;
    result.statistics = statistics_;
    result.statistics.integrator = integrator_.counters();
    result.statistics.recording_s = sampling_.seconds();
    result.statistics.unknowns = system_.size();
    result.statistics.states = system_.state_count();
    result.statistics.wall_s = seconds_since(start);
    return result;
  }

 private:
  System& system_;
  const SimulationOptions& options_;
  const std::function<void(const Progress&)>& progress_;
  const Visits& visits_;
  EventLog log_;
  AutomatonLog automata_;
  Agenda agenda_;
  Operations operations_;
  NetworkSolution network_;
  Integrator integrator_;
  Sampling sampling_;
  std::vector<double> y_;
  double start_s_;
  double t_;
  RunStatistics statistics_;
  Clock::time_point started_, last_progress_;
  std::size_t visited_ = 0;  ///< of visits_
  struct Chatter {
    double since = -1;
    int moves = 0;
  };
  std::vector<int> moved_;          ///< parts whose automata moved since the agenda looked at them
  std::map<int, Chatter> chatter_;  ///< by part * 64 + mode

  void move() {
    happen({}, /*initial=*/true);
    integrator_.start(t_, y_);
    visit_if_due();
    while (t_ + same_instant(t_) < options_.until_s) {
      const double stop =
          std::min({options_.until_s, operations_.next_time(), agenda_.next_stop(), next_visit()});
      const double pause = std::min(stop, agenda_.next());
      if (pause > t_ + same_instant(t_)) {
        const Integrator::Stop why = integrator_.step(stop, pause);
        if (why == Integrator::Stop::FAILED)
          throw Error("", fmt::format("the integrator cannot go on: {}", integrator_.failure()),
                      fmt::format("largest local error in {}; last events are in the log",
                                  integrator_.worst_unknown()));
        t_ = integrator_.time();
        y_ = integrator_.y();
        for (const int guard : integrator_.moved_limits()) {
          const System::GuardOwner owner = system_.guard_owner(guard);
          count_chatter(owner.part, owner.index);
        }
        const bool crossed = why == Integrator::Stop::GUARD;
        const bool due = crossed || is_due();
        if ((sampling_.grid(t_) && due) || t_ + same_instant(t_) >= next_visit())
          system_.evaluate(t_, y_.data());
        visit_if_due();
        tell_progress();
        if (due) happen(crossed ? integrator_.crossed() : std::vector<int>{}, false);
      } else if (is_due()) {
        happen({}, false);
      }
    }
  }

  [[nodiscard]] double next_visit() const {
    return visited_ < visits_.at_s.size() ? visits_.at_s[visited_] : kNever;
  }
  void visit_if_due() {
    for (; t_ + same_instant(t_) >= next_visit(); ++visited_) visits_.look(t_, system_, y_);
  }

  /// Whether anything happens at t_, where the system is evaluated.
  [[nodiscard]] bool is_due() const {
    if (t_ + same_instant(t_) >= std::min(operations_.next_time(), agenda_.next())) return true;
    return std::any_of(system_.guards().begin(), system_.guards().end(),
                       [](double g) { return g > kGuardTolerance; });
  }

  /// Everything that happens at t_: operations, timers, guards, until nothing more fires.
  void happen(std::vector<int> crossed, bool initial) {
    const auto start = Clock::now();
    bool network = false;
    bool injection = false;
    Effect most = Effect::NONE;
    if (initial) {
      system_.evaluate(t_, y_.data());
      automata_.begin(y_.data());
      operations_.note_orders();
      agenda_.look_at_all(y_);
    }
    bool sampled = false;
    const auto sample_before = [&] {
      if (!sampled) sampling_.before_event(y_);
      sampled = true;
    };
    if (initial || !moves_only_automata(crossed)) sample_before();
    for (int round = 0;; ++round) {
      if (round == 200)
        throw Error("", fmt::format("events at {:.6f} s do not come to rest after 200 rounds", t_),
                    "look for two devices that undo each other");
      // Once the integrator restarts anyway, events just ahead share the restart and keep their own times.
      const double window = t_ + (network || injection ? std::max(options_.merge_window_s, same_instant(t_))
                                                       : same_instant(t_));
      if (operations_.next_time() <= window) automata_.remember_calm(t_, y_.data());
      Operations::Done done = operations_.apply_due(window, y_);
      for (const auto& [event, plant] : done.plants) automata_.expect(event, plant, y_.data());
      Effect effect = !done.any ? Effect::NONE : done.jump ? Effect::JUMP : Effect::KINK;
      bool any = done.any;
      if (done.any)
        agenda_.look_at_all(y_);
      else
        look_at_moved();
      any = move_timers(window, effect) || any;
      // Guards count where everything else has come to rest: what moved just now may have changed them.
      if (crossed.empty() && !any)
        for (std::size_t g = 0; g < system_.guards().size(); ++g)
          if (system_.guards()[g] > kGuardTolerance) crossed.push_back(static_cast<int>(g));
      for (const int g : crossed) {
        const System::GuardOwner owner = system_.guard_owner(g);
        advance(owner.part, {Happening::GUARD, owner.index, t_}, effect);
        any = true;
      }
      crossed.clear();
      if (!any) break;
      most = std::max(most, effect);
      if (effect != Effect::JUMP) {
        if (effect == Effect::NONE)
          for (const int part : moved_) system_.evaluate_guards(part, y_.data());
        else
          system_.evaluate(t_, y_.data());
        automata_.settle(t_, y_.data());
        continue;
      }
      if (!system_.orders().empty()) obey(done);
      network = network || done.network;
      injection = true;
      sample_before();
      resolve(done);
      operations_.settled(t_, y_);
      automata_.settle(t_, y_.data());
    }
    sampling_.after_event(t_, y_, injection, initial);
    sampling_.events(log_);
    look_at_moved();
    if (initial) return;
    // A step that is past a kink was computed without it; a state that was set is none the integrator has.
    if (injection || (most != Effect::NONE && integrator_.is_past()) || y_ != integrator_.y())
      integrator_.start(t_, y_);
    else
      integrator_.take_limits();
    EventCost& cost = statistics_.events[network ? "network" : injection ? "injection" : "kink"];
    ++cost.count;
    cost.wall_s += seconds_since(start);
  }

  /// Whether what is due now only moves automata; the system is evaluated at t_.
  bool moves_only_automata(const std::vector<int>& crossed) {
    const double now = t_ + same_instant(t_);
    if (operations_.next_time() <= now || agenda_.next_stop() <= now) return false;
    if (crossed.empty()) return agenda_.next() <= now;
    return std::all_of(crossed.begin(), crossed.end(), [&](int g) {
      const System::GuardOwner owner = system_.guard_owner(g);
      return agenda_.foresee(owner.part, {Happening::GUARD, owner.index, t_}, y_) == Effect::NONE;
    });
  }
  void look_at_moved() {
    for (const int part : moved_) agenda_.look_at(part, y_);
    moved_.clear();
  }

  /// Carries out what parts order in their modes of now.
  void obey(Operations::Done& done) {
    system_.evaluate(t_, y_.data());
    if (!operations_.orders_changed()) return;
    automata_.remember_calm(t_, y_.data());
    const std::size_t known = done.plants.size();
    operations_.obey_orders(t_, y_, automata_, done);
    for (std::size_t k = known; k < done.plants.size(); ++k)
      automata_.expect(done.plants[k].first, done.plants[k].second, y_.data());
  }

  bool move_timers(double until, Effect& effect) {
    if (agenda_.next() > until) return false;
    bool any = false;
    for (std::size_t i = 0; i < system_.parts().size(); ++i) {
      if (agenda_.next_of(static_cast<int>(i)) > until) continue;
      const PartRef& r = system_.parts()[i];
      PartGroup& g = system_.group(r.group);
      for (int k = 0; k < g.timers; ++k) {
        double& expiry = g.timer[static_cast<std::size_t>(r.index) * g.timers + k];
        if (expiry > until) continue;
        const double time = expiry;
        expiry = kNever;
        advance(static_cast<int>(i), {Happening::TIMER, k, time}, effect);
        any = true;
      }
    }
    return any;
  }

  void advance(int part, const Happening& happening, Effect& effect) {
    const PartRef& r = system_.parts()[part];
    PartGroup& g = system_.group(r.group);
    const int* mode = g.mode.data() + static_cast<std::ptrdiff_t>(r.index) * g.modes;
    const int before = g.modes > g.limits ? mode[g.limits] : 0;
    Reason reason;
    const Effect own = g.advance(r.index, happening, y_.data(), system_.signals().data(), reason);
    effect = std::max(effect, own);
    moved_.push_back(part);
    if (happening.kind == Happening::GUARD) count_chatter(part, happening.index);
    automata_.moved(part, happening, before, own, reason, y_.data());
  }

  void count_chatter(int part, int guard) {
    const PartGroup& g = system_.group(system_.parts()[part].group);
    const int block = guard < 2 * g.limits ? guard / 2 : guard;
    Chatter& c = chatter_[part * 64 + block];
    if (c.since < 0 || t_ - c.since > kChatterWindow) c = {t_, 0};
    if (++c.moves > kChatterMoves)
      throw Error(
          fmt::format("{} '{}' at {}", g.model, system_.parts()[part].name,
                      system_.network().bus_label(system_.part_bus(part))),
          fmt::format("its {} {} moved {} times within {:g} ms", guard < 2 * g.limits ? "limit" : "threshold",
                      block, c.moves, 1e3 * kChatterWindow),
          "two limits or thresholds contradict each other; check its parameters");
  }

  /// The network after a jump: topology, voltages, memories that must not see the jump as motion.
  void resolve(const Operations::Done& done) {
    system_.evaluate(t_, y_.data());
    const Motion motion_before = motion_of(system_, y_.data());
    if (done.network) {
      const IslandsBefore before(system_, y_.data());
      if (system_.update_topology(y_)) log_islands(system_, log_, t_, before, done.network_events);
    }
    system_.evaluate(t_, y_.data());
    system_.move_taps();
    const std::vector<double> before(system_.signals().begin(), system_.signals().end());
    network_.solve(t_, y_);
    system_.evaluate(t_, y_.data());
    for (const PartRef& r : system_.parts())
      system_.group(r.group).on_jump(r.index, before.data(), system_.signals().data(), y_.data());
    system_.evaluate(t_, y_.data());
    log_.jumped(motion_before, motion_of(system_, y_.data()));
  }

  void tell_progress() {
    if (!progress_) return;
    const auto now = Clock::now();
    if (std::chrono::duration<double>(now - last_progress_).count() < 0.02) return;
    last_progress_ = now;
    progress_({t_, options_.until_s, integrator_.last_step(), seconds_since(started_),
               integrator_.counters().steps, static_cast<int>(log_.events().size())});
  }
};

}  // namespace

RunResult simulate(System& system, std::vector<double> y, const std::vector<Disturbance>& disturbances,
                   const SimulationOptions& options, const RunInfo& info, Recorder* recorder,
                   const std::function<void(const Progress&)>& progress, double start_s) {
  check_options(options, start_s);
  return Simulation(system, std::move(y), disturbances, options, recorder, progress, {}, start_s).run(info);
}

RunResult simulate_with_visits(System& system, std::vector<double> y,
                               const std::vector<Disturbance>& disturbances, const SimulationOptions& options,
                               const Visits& visits) {
  check_options(options, 0);
  return Simulation(system, std::move(y), disturbances, options, nullptr, {}, visits, 0).run({});
}

}  // namespace ballast
