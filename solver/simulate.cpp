#include "solver/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "solver/algebraic.hpp"
#include "solver/channels.hpp"
#include "solver/event_log.hpp"
#include "solver/operations.hpp"

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
             const std::function<void(const Progress&)>& progress, double start_s)
      : system_(system),
        options_(options),
        recorder_(recorder),
        progress_(progress),
        log_(system),
        operations_(system, log_, disturbances, start_s),
        algebraic_(system),
        integrator_(system, {options.relative_tolerance, options.max_step_s, options.suppress_algebraic}),
        channels_(system, options.record.empty() ? default_record() : options.record),
        y_(std::move(y)),
        start_s_(start_s),
        t_(start_s) {}

  RunResult run(const RunInfo& info) {
    const auto start = Clock::now();
    started_ = start;
    RunResult result;
    try {
      if (recorder_ != nullptr) recorder_->begin(info, channels_.schema(), system_.network());
      move();
      result.status.completed = true;
      result.status.outcome = "completed";
    } catch (const Interrupted&) {
      result.status.outcome = fmt::format("interrupted at {:.6f} s", t_);
    } catch (const std::exception& error) {
      result.status.outcome = fmt::format("failed at {:.6f} s: {}", t_, error.what());
    }
    result.status.end_time_s = t_;
    if (recorder_ != nullptr) {
      try {
        if (result.status.completed)
          record_last();
        else if (in_event_ && last_written_s_ < t_)
          write(t_, before_);  // how it stood when the event struck that could not be solved
        flush_events();
      } catch (const std::exception& error) {
        result.status.completed = false;
        result.status.outcome = fmt::format("failed at {:.6f} s: {}", t_, error.what());
      }
      try {
        recorder_->end(result.status);
      } catch (const std::exception& error) {
        result.status.completed = false;
        if (result.status.outcome == "completed")
          result.status.outcome = fmt::format("failed at {:.6f} s: {}", t_, error.what());
      }
    }
    result.events = log_.events();
    result.y = y_;
    result.statistics = statistics_;
    result.statistics.integrator = integrator_.counters();
    result.statistics.unknowns = system_.size();
    result.statistics.states = system_.state_count();
    result.statistics.wall_s = seconds_since(start);
    return result;
  }

 private:
  System& system_;
  const SimulationOptions& options_;
  Recorder* recorder_;
  const std::function<void(const Progress&)>& progress_;
  EventLog log_;
  Operations operations_;
  AlgebraicSolver algebraic_;
  Integrator integrator_;
  Channels channels_;
  std::vector<double> y_;
  double start_s_;
  double t_;
  RunStatistics statistics_;
  Clock::time_point started_, last_progress_;
  long recorded_ = 0;        ///< grid samples written
  std::size_t flushed_ = 0;  ///< events handed to the recorder
  double last_written_s_ = -kInfinity;
  bool in_event_ = false;  ///< before_ holds the sample before an event that has not been written
  std::vector<double> values_, before_, interpolated_;
  std::vector<int> limits_;
  struct Chatter {
    double since = -1;
    int moves = 0;
  };
  std::map<int, Chatter> chatter_;  ///< by part * 64 + mode

  void move() {
    happen({}, /*initial=*/true);
    recorded_ = 1;
    integrator_.start(t_, y_);
    while (t_ + same_instant(t_) < options_.until_s) {
      const double stop = std::min({options_.until_s, operations_.next_time(), next_timer()});
      if (stop > t_ + same_instant(t_)) {
        const Integrator::Stop why = integrator_.step(stop);
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
        if (record_grid()) system_.evaluate(t_, y_.data());
        tell_progress();
        if (why == Integrator::Stop::GUARD) {
          happen(integrator_.crossed(), false);
          continue;
        }
      }
      if (t_ + same_instant(t_) >= std::min(operations_.next_time(), next_timer()) || guard_positive())
        happen({}, false);
    }
  }

  [[nodiscard]] double next_timer() const {
    double next = kNever;
    for (int g = 0; g < system_.group_count(); ++g)
      for (const double expiry : system_.group(g).timer) next = std::min(next, expiry);
    return next;
  }
  [[nodiscard]] bool guard_positive() const {
    return std::any_of(system_.guards().begin(), system_.guards().end(),
                       [](double g) { return g > kGuardTolerance; });
  }

  /// An event whose change of its plant's power is known once the network is solved again.
  struct PowerChange {
    int event, plant;
    double before_MW;
  };
  /// What a plant gave or drew when it was last calm: a UPS whose rectifier stops within the dip transfers
  /// milliseconds later, and what it took away is counted from before the dip.
  struct Calm {
    double power_MW = 0;
    double time_s = -kInfinity;
  };
  std::vector<Calm> calm_ = std::vector<Calm>(system_.plants().size());  ///< [plant]
  static constexpr double kCalmFor_s = 2;  ///< how long before a pickup a disturbance may lie

  /// True while the automaton of a plant's injecting part is in its first mode (normal, running).
  [[nodiscard]] bool is_calm(int plant) const {
    for (int i = system_.parts_of(plant).first; i < system_.parts_of(plant).last; ++i) {
      const PartRef& r = system_.parts()[i];
      const PartGroup& g = system_.group(r.group);
      if (g.modes > g.limits && g.find_output("Ir") >= 0 &&
          g.mode[static_cast<std::size_t>(r.index) * g.modes + g.limits] != 0)
        return false;
    }
    return true;
  }
  /// Remembers the power of every calm plant; call before a disturbance is applied.
  void remember_calm() {
    for (std::size_t p = 0; p < calm_.size(); ++p)
      if (is_calm(static_cast<int>(p))) calm_[p] = {plant_power(static_cast<int>(p)), t_};
  }
  void settle_powers(const std::vector<PowerChange>& powers) {
    for (const PowerChange& p : powers) {
      const double now = plant_power(p.plant);
      log_.at(p.event).power_MW = now - p.before_MW;
      calm_[p.plant] = {now, t_};
    }
  }

  /// Everything that happens at t_: operations, timers, guards, until nothing more fires.
  void happen(std::vector<int> crossed, bool initial) {
    const auto start = Clock::now();
    bool network = false;
    bool injection = false;
    bool restart = !crossed.empty();  // the integrator has stepped past the guard it found
    system_.evaluate(t_, y_.data());
    sample(y_, before_);
    in_event_ = true;
    for (int round = 0;; ++round) {
      if (round == 200)
        throw Error("", fmt::format("events at {:.6f} s do not come to rest after 200 rounds", t_),
                    "look for two devices that undo each other");
      // Once the integrator restarts anyway, events just ahead share the restart and keep their own times.
      const double window = t_ + (network || injection ? std::max(options_.merge_window_s, same_instant(t_))
                                                       : same_instant(t_));
      std::vector<PowerChange> powers;
      if (operations_.next_time() <= window) remember_calm();
      const Operations::Done done = operations_.apply_due(window, y_);
      for (const auto& [event, plant] : done.plants) powers.push_back({event, plant, plant_power(plant)});
      Effect effect = done.any ? Effect::JUMP : Effect::NONE;
      bool any = done.any;
      any = move_timers(window, effect, powers) || any;
      // Guards count where everything else has come to rest: what moved just now may have changed them.
      if (crossed.empty() && !any)
        for (std::size_t g = 0; g < system_.guards().size(); ++g)
          if (system_.guards()[g] > kGuardTolerance) crossed.push_back(static_cast<int>(g));
      for (const int g : crossed) {
        const System::GuardOwner owner = system_.guard_owner(g);
        restart = restart || owner.index >= 2 * system_.group(system_.parts()[owner.part].group).limits;
        advance(owner.part, {Happening::GUARD, owner.index, t_}, effect, powers);
        any = true;
      }
      crossed.clear();
      if (!any) break;
      if (effect != Effect::JUMP) {
        system_.evaluate(t_, y_.data());
        settle_powers(powers);
        continue;
      }
      network = network || done.network;
      injection = true;
      resolve(done);
      settle_powers(powers);
    }
    in_event_ = false;
    if (injection && last_written_s_ < t_) write(t_, before_);
    if (injection || initial) {
      sample(y_, values_);
      write(t_, values_);
    }
    flush_events();
    if (initial) return;
    if (injection || restart)
      integrator_.start(t_, y_);
    else
      integrator_.take_limits();
    EventCost& cost = statistics_.events[network ? "network" : injection ? "injection" : "kink"];
    ++cost.count;
    cost.wall_s += seconds_since(start);
  }

  /// MW a plant gives (machines, storage) or draws (loads, data centers), at the last evaluated point.
  [[nodiscard]] double plant_power(int plant) const {
    const std::string& kind = system_.plants()[plant].kind;
    double drawn = 0;
    for (int i = system_.parts_of(plant).first; i < system_.parts_of(plant).last; ++i) drawn += part_power(i);
    return kind == "load" || kind == "datacenter" ? drawn : -drawn;
  }
  /// MW drawn by one part.
  [[nodiscard]] double part_power(int part) const {
    const int re = system_.output_signal(part, "Ir");
    if (re < 0) return 0;
    const std::complex<double> current(system_.signals()[re],
                                       system_.signals()[system_.output_signal(part, "Ii")]);
    return -system_.network().base_MVA *
           (system_.voltage(y_.data(), system_.part_bus(part)) * std::conj(current)).real();
  }

  bool move_timers(double until, Effect& effect, std::vector<PowerChange>& powers) {
    bool any = false;
    for (std::size_t i = 0; i < system_.parts().size(); ++i) {
      const PartRef& r = system_.parts()[i];
      PartGroup& g = system_.group(r.group);
      for (int k = 0; k < g.timers; ++k) {
        double& expiry = g.timer[static_cast<std::size_t>(r.index) * g.timers + k];
        if (expiry > until) continue;
        const double time = expiry;
        expiry = kNever;
        advance(static_cast<int>(i), {Happening::TIMER, k, time}, effect, powers);
        any = true;
      }
    }
    return any;
  }

  void advance(int part, const Happening& happening, Effect& effect, std::vector<PowerChange>& powers) {
    const PartRef& r = system_.parts()[part];
    PartGroup& g = system_.group(r.group);
    const int* mode = g.mode.data() + static_cast<std::ptrdiff_t>(r.index) * g.modes;
    const int automaton_before = g.modes > g.limits ? mode[g.limits] : 0;
    double pickup = kUnknown;
    double threshold = kUnknown;
    const Effect own = g.advance(r.index, happening, y_.data(), system_.signals().data(), pickup, threshold);
    effect = std::max(effect, own);
    if (happening.kind == Happening::GUARD) count_chatter(part, happening.index);
    const int bus = system_.part_bus(part);
    if (g.modes > g.limits && mode[g.limits] != automaton_before && !g.mode_names.empty()) {
      LoggedEvent event;
      event.time_s = happening.time;
      event.kind = "mode";
      event.device = r.name;
      event.bus = bus;
      event.text = fmt::format("{} {}: {} to {}", g.model, r.name, g.mode_names[automaton_before],
                               g.mode_names[mode[g.limits]]);
      if (happening.kind == Happening::GUARD && happening.index >= 2 * g.limits) {
        const int index = happening.index - 2 * g.limits;
        if (index < static_cast<int>(g.thresholds.size())) event.quantity = g.thresholds[index].quantity;
      }
      const double since = std::isnan(pickup) ? happening.time : pickup;
      event.duration_s = happening.time - since;
      if (!std::isnan(threshold)) event.threshold = threshold;
      event.value = std::abs(system_.voltage(y_.data(), bus));
      if (g.thresholds.empty())
        event.cause_text = "its own schedule";  // a driver that watches nothing
      else
        log_.find_cause(event, since);
      const bool jump = own == Effect::JUMP;
      const int id = jump ? log_.add_cause(std::move(event)) : log_.add(std::move(event));
      if (g.find_output("Ir") >= 0) {
        const Calm& calm = calm_[r.plant];
        const bool recent = automaton_before != 0 || calm.time_s >= since - kCalmFor_s;
        powers.push_back({id, r.plant, recent ? calm.power_MW : plant_power(r.plant)});
      }
    } else if (happening.kind == Happening::TIMER && own == Effect::KINK) {
      log_.driver(happening.time, bus, fmt::format("a ramp of {}", r.name));
    }
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
    if (done.network) {
      std::vector<int> frame_before(system_.grid.bus_count());
      std::vector<int> island_before = system_.grid.island;
      for (int b = 0; b < system_.grid.bus_count(); ++b) frame_before[b] = system_.frame_of(b);
      const std::vector<double> loads = bus_loads();
      if (system_.update_topology(y_)) log_islands(frame_before, island_before, loads, done);
    }
    system_.evaluate(t_, y_.data());
    const std::vector<double> before(system_.signals().begin(), system_.signals().end());
    solve_network();
    system_.evaluate(t_, y_.data());
    for (const PartRef& r : system_.parts())
      system_.group(r.group).on_jump(r.index, before.data(), system_.signals().data(), y_.data());
    system_.evaluate(t_, y_.data());
  }

  /// Solves the network and moves the limits that the solution crosses, until both agree: a constant-power
  /// load has no solution at the voltages at which it is an impedance.
  AlgebraicResult settle() {
    AlgebraicResult result;
    for (int round = 0; round < 30; ++round) {
      result = algebraic_.solve(t_, y_);
      if (!result.converged || !system_.move_limits()) break;
    }
    return result;
  }

  void solve_network() {
    const std::vector<double> guess = y_;
    AlgebraicResult result = settle();
    if (result.converged) return;
    // Homotopy: faults grow from nothing to their full admittance, each step from the last solution.
    const auto faults = system_.grid.fault;
    if (std::any_of(faults.begin(), faults.end(), [](auto f) { return f != 0.0; })) {
      y_ = guess;
      for (double exponent = -8; exponent <= 0; exponent += 0.125) {
        for (std::size_t b = 0; b < faults.size(); ++b)
          system_.grid.fault[b] = faults[b] * std::pow(10.0, exponent);
        system_.grid.rebuild_matrix();
        result = settle();
        if (!result.converged) break;
      }
      system_.grid.fault = faults;
      system_.grid.rebuild_matrix();
      if (result.converged) result = settle();
      if (result.converged) return;
    }
    // A flat start where voltages were low.
    y_ = guess;
    for (int b = 0; b < system_.grid.bus_count(); ++b) {
      if (system_.frame_of(b) < 0 || std::abs(system_.voltage(guess.data(), b)) > 0.5) continue;
      y_[system_.voltage_at(b)] = 1;
      y_[system_.voltage_at(b) + 1] = 0;
    }
    result = settle();
    if (result.converged) return;
    y_ = guess;
    throw Error("",
                fmt::format("the network has no solution at {:.6f} s: mismatch {:.3g} pu at {}", t_,
                            result.mismatch, system_.unknown_name(result.worst)),
                "voltage collapse: constant-power demand exceeds what the network can carry there");
  }

  [[nodiscard]] std::vector<double> bus_loads() const {
    std::vector<double> loads(system_.grid.bus_count(), 0.0);
    for (std::size_t i = 0; i < system_.parts().size(); ++i)
      loads[system_.part_bus(static_cast<int>(i))] += part_power(static_cast<int>(i));
    return loads;
  }

  void log_islands(const std::vector<int>& frame_before, const std::vector<int>& island_before,
                   const std::vector<double>& loads, const Operations::Done& done) {
    const Network& net = system_.network();
    // The last of the network events that happened in the island as it was, or as it is now.
    const auto cause_at = [&](int bus) {
      for (auto id = done.network_events.rbegin(); id != done.network_events.rend(); ++id)
        if (const int place = log_.events()[*id].bus; island_before[place] == island_before[bus] ||
                                                      system_.grid.island[place] == system_.grid.island[bus])
          return *id;
      return -1;
    };
    struct Summary {
      int first = -1, buses = 0, died = 0, revived = 0;
      double load = 0;
      std::vector<int> from;
    };
    std::vector<Summary> now(system_.grid.island_count);
    for (int b = 0; b < system_.grid.bus_count(); ++b) {
      if (system_.grid.island[b] < 0) continue;
      Summary& s = now[system_.grid.island[b]];
      if (s.first < 0) s.first = b;
      ++s.buses;
      if (std::find(s.from.begin(), s.from.end(), island_before[b]) == s.from.end())
        s.from.push_back(island_before[b]);
      if (frame_before[b] >= 0 && system_.frame_of(b) < 0) {
        ++s.died;
        s.load += loads[b];
      }
      if (frame_before[b] < 0 && system_.frame_of(b) >= 0) ++s.revived;
    }
    std::map<int, int> pieces;  // old island -> living pieces
    for (const Summary& s : now)
      if (s.first >= 0 && system_.frame_of(s.first) >= 0 && s.from.size() == 1) ++pieces[s.from.front()];
    const auto tell = [&](const char* kind, int bus, std::string text, double power) {
      LoggedEvent event;
      event.time_s = t_;
      event.kind = kind;
      event.device = net.bus_label(bus);
      event.bus = bus;
      event.text = std::move(text);
      event.power_MW = power;
      event.cause = cause_at(bus);
      log_.add(std::move(event));
    };
    for (const Summary& s : now) {
      const bool lives = system_.frame_of(s.first) >= 0;
      const std::string label = net.bus_label(s.first);
      if (s.died > 0)
        tell("island-dead", s.first,
             fmt::format("{} buses around {} are dead: no source is left in their island", s.died, label),
             -s.load);
      if (s.revived > 0)
        tell("island-energised", s.first,
             fmt::format("{} buses around {} are energised again", s.revived, label), 0);
      if (lives && s.from.size() > 1 && s.revived == 0)
        tell("island-merged", s.first, fmt::format("islands joined around {}: {} buses", label, s.buses), 0);
      if (lives && s.from.size() == 1 && pieces[s.from.front()] > 1)
        tell("island-split", s.first,
             fmt::format("an island of {} buses around {} stands alone", s.buses, label), 0);
    }
  }

  // ---- recording
  // ----------------------------------------------------------------------------------------------
  /// Channel values at y, where the system was last evaluated.
  void sample(const std::vector<double>& y, std::vector<double>& values) {
    if (recorder_ == nullptr) return;
    const auto start = Clock::now();
    channels_.sample(system_, y, values);
    statistics_.recording_s += seconds_since(start);
  }
  void write(double t, const std::vector<double>& values) {
    if (recorder_ == nullptr) return;
    const auto start = Clock::now();
    recorder_->sample(t, values);
    last_written_s_ = t;
    statistics_.recording_s += seconds_since(start);
  }
  /// Samples of the time grid up to t_, from the integrator's interpolant; true if there were any. A limit
  /// that moved within the step is shown where each sample has it.
  bool record_grid() {
    if (recorder_ == nullptr) return false;
    bool any = false;
    for (;; ++recorded_) {
      const double t = start_s_ + static_cast<double>(recorded_) * options_.record_step_s;
      if (t > t_ + 1e-12 * (1 + std::abs(t_))) break;
      if (!any) system_.save_limits(limits_);
      any = true;
      const double at = std::min(t, t_);
      integrator_.interpolate(at, interpolated_);
      system_.settle_limits(at, interpolated_.data());
      sample(interpolated_, values_);
      write(at, values_);
    }
    if (any) system_.restore_limits(limits_);
    return any;
  }
  /// The point where the run ended, when the time grid does not meet it.
  void record_last() {
    if (last_written_s_ >= t_ - same_instant(t_)) return;
    system_.evaluate(t_, y_.data());
    sample(y_, values_);
    write(t_, values_);
  }
  void flush_events() {
    if (recorder_ == nullptr) return;
    for (; flushed_ < log_.events().size(); ++flushed_) recorder_->event(log_.events()[flushed_]);
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
  return Simulation(system, std::move(y), disturbances, options, recorder, progress, start_s).run(info);
}

}  // namespace ballast
