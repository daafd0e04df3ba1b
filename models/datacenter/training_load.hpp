/// \file
/// Power of a synchronous AI training job: the driver behind a UPS or a load.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Synchronous training: all accelerators compute together, then all exchange gradients together.
///
///   P_it ▲     warm-up    ┌───────┐        ┌──   compute_level: backward pass (and forward, if not apart)
///        │        ╱───────┘       │        │     forward_level: forward pass, forward_fraction of compute
///        │       ╱      ◄── r T ──►└──┐  ┌─┘     compute_level - swing (1 - overlap): all-reduce
///        │──────╱                     └──┘       bubble_level: pipeline bubble
///        └───── start_s ─────────────────────► t   edges are ramps of edge_up_s, edge_down_s
///
/// P_it is piecewise linear in time; its corners are timers (kinks, never jumps). At rest, before start_s,
/// it is initial_level: the job's idle power, or its mean power for a case that starts in mid-run. At
/// start_s it ramps to compute_level in warm_up_s and iterates: compute for compute_fraction of the
/// iteration, the rest is exposed communication, of which the last bubble_fraction is a pipeline bubble.
/// An edge belongs to the phase it leads into.
///
/// A straggler (with straggler_chance per iteration) holds all others up before the all-reduce, at
/// straggler_level, for a random time of mean straggler_s: that iteration lasts longer by it.
///
/// An iteration that ends after the checkpoint is due is followed by a checkpoint, one that ends after the
/// evaluation is due by an evaluation (the checkpoint first). A crash falls to idle_level, stays there for
/// restart_s, and warms up again; crashes come at crash_at_s and, at random, with crash_rate_per_h. At stop_s
/// the job ramps to idle_level for good. With jitter, iteration i lasts T/(1 + xi), xi normal with that
/// standard deviation, cut off at three (Ko & Zhu).
///
/// Fine-tuning: other parameters (docs/datacenter-models.md). Reinforcement learning:
/// ReinforcementLoad; inference and mixed halls: InferenceLoad, ServingLoad.
///
/// Source: waveform after arXiv 2508.14318 and 2508.16457; values in docs/datacenter-models.md.
///
/// Deviations: fast noise within a phase and intra-batch dips are left out (StochasticLoad has noise); edges
/// are straight.
struct TrainingLoad : PiecewisePower {
  static constexpr const char* title = "Synchronous AI training load";
  static constexpr const char* source =
      "arXiv 2508.14318 (shape), Llama 3 paper (crash rate), docs/datacenter-models.md for each value";
  static constexpr const char* validated = "";

  enum Mode {
    AUTOMATON = kLimits,  ///< a Job
    PHASE,                ///< of a running job: a Phase
    kModes
  };
  enum Job { RESTING, WARM_UP, RUNNING, CHECKPOINT, CRASHED, STOPPED, EVALUATION };
  enum Phase { COMPUTE, EXCHANGE, BUBBLE, FORWARD, STALL };
  enum Held {
    ITERATION_START = kSourceHeld,
    ITERATION_END,
    ITERATIONS,
    CRASHES,  ///< begun; counters of the random streams
    CHECKPOINT_DUE,
    EVALUATION_DUE,
    kHeld
  };
  enum Timer { CORNER, CRASH, STOP, kTimers };

  static constexpr const char* mode_names[] = {"resting", "warm-up", "running",   "checkpoint",
                                               "crashed", "stopped", "evaluation"};

  static constexpr ParameterInfo parameters[] = {
      {"iteration_s", "s", within(0.01, 1e4), within(0.3, 10), "iteration period T"},
      {"compute_fraction", "1", within(0.01, 0.99), within(0.55, 0.9),
       "share r of T in forward and backward"},
      {"compute_level", "pu", within(0, 2), within(0.85, 1.05), "power while computing"},
      {"swing", "pu", within(0, 2), within(0.2, 0.8), "fall of power in the all-reduce without overlap"},
      {"overlap", "1", within(0, 1), within(0, 1),
       "communication hidden under compute: 0 square wave, 1 flat"},
      {"bubble_fraction", "1", within(0, 0.98), within(0, 0.2),
       "share of T in the pipeline bubble; 0 = none"},
      {"bubble_level", "pu", within(0, 2), within(0.1, 0.7), "power in the pipeline bubble"},
      {"edge_up_s", "s", within(1e-4, 100), within(0.001, 0.25), "ramp up into a phase"},
      {"edge_down_s", "s", within(1e-4, 100), within(0.001, 0.25), "ramp down into a phase"},
      {"jitter", "1", within(0, 0.3), within(0, 0.1), "relative standard deviation of the period"},
      {"seed", "1", within(0, 9007199254740992.0), anything(), "of the random streams, a whole number"},
      {"initial_level", "pu", within(0, 2), within(0.1, 1.05), "power at rest, until start_s"},
      {"start_s", "s", not_negative(), anything(), "the job starts; inf = never"},
      {"warm_up_s", "s", within(1e-3, 1e5), within(5, 60), "ramp from rest or idle to compute_level"},
      {"idle_level", "pu", within(0, 2), within(0.1, 0.3), "power after a crash or stop"},
      {"stop_s", "s", not_negative(), anything(), "the job stops; inf = never"},
      {"stop_ramp_s", "s", within(1e-3, 1e5), within(0.1, 60), "ramp from the power at stop_s to idle_level"},
      {"checkpoint_interval_s", "s", positive(), within(300, 14400), "between checkpoints; inf = none"},
      {"checkpoint_s", "s", within(1e-3, 1e5), within(0.1, 120),
       "length of a checkpoint; an asynchronous one takes less than 1 s"},
      {"checkpoint_level", "pu", within(0, 2), within(0.1, 0.4), "power during a checkpoint"},
      {"crash_at_s", "s", not_negative(), anything(), "the job crashes at this time; inf = never"},
      {"crash_rate_per_h", "1/h", within(0, 3600), within(0, 10),
       "rate of random crashes while the job runs"},
      {"crash_fall_s", "s", within(1e-3, 1e4), within(0.1, 1), "ramp to idle_level in a crash"},
      {"restart_s", "s", not_negative(), within(300, 3600),
       "idle before the warm-up that follows; inf = never"},
      {"forward_fraction", "1", within(0, 0.98), within(0, 0.5),
       "share of the compute phase in the forward pass; 0 = not apart"},
      {"forward_level", "pu", within(0, 2), within(0.5, 1.05), "power in the forward pass"},
      {"evaluation_interval_s", "s", positive(), within(600, 86400), "between evaluations; inf = none"},
      {"evaluation_s", "s", within(1e-3, 1e5), within(5, 600), "length of an evaluation"},
      {"evaluation_level", "pu", within(0, 2), within(0.1, 0.8), "power during an evaluation"},
      {"straggler_chance", "1", within(0, 1), within(0, 0.1), "of an iteration that waits for a straggler"},
      {"straggler_s", "s", within(1e-3, 1e4), within(0.1, 10), "mean wait for a straggler"},
      {"straggler_level", "pu", within(0, 2), within(0.1, 0.7), "power while all wait for it"},
  };

  template <class P>
  struct Derived {
    P iteration_s, compute_fraction, bubble_fraction, compute_level, exchange_level, bubble_level;
    P edge_up_s, edge_down_s, jitter, seed;
    P initial_level, start_s, warm_up_s, idle_level, stop_s, stop_ramp_s;
    P checkpoint_interval_s, checkpoint_s, checkpoint_level;
    P crash_at_s, crash_rate, crash_fall_s, restart_s;  ///< rate in 1/s
    P forward_fraction, forward_level;
    P evaluation_interval_s, evaluation_s, evaluation_level;
    P straggler_chance, straggler_s, straggler_level;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.iteration_s = p[0];
    d.compute_fraction = p[1];
    d.compute_level = p[2];
    d.exchange_level = p[2] - p[3] * (1.0 - p[4]);
    d.bubble_fraction = p[5];
    d.bubble_level = p[6];
    d.edge_up_s = p[7];
    d.edge_down_s = p[8];
    d.jitter = p[9];
    d.seed = p[10];
    d.initial_level = p[11];
    d.start_s = p[12];
    d.warm_up_s = p[13];
    d.idle_level = p[14];
    d.stop_s = p[15];
    d.stop_ramp_s = p[16];
    d.checkpoint_interval_s = p[17];
    d.checkpoint_s = p[18];
    d.checkpoint_level = p[19];
    d.crash_at_s = p[20];
    d.crash_rate = p[21] / 3600.0;
    d.crash_fall_s = p[22];
    d.restart_s = p[23];
    d.forward_fraction = p[24];
    d.forward_level = p[25];
    d.evaluation_interval_s = p[26];
    d.evaluation_s = p[27];
    d.evaluation_level = p[28];
    d.straggler_chance = p[29];
    d.straggler_s = p[30];
    d.straggler_level = p[31];
    return d;
  }

  /// Mean power of the undisturbed iteration, pu: an initial_level for a case that starts in mid-run.
  static double mean_power(const Derived<double>& d) {
    const double exchange = 1 - d.compute_fraction - d.bubble_fraction;
    double mean = 0;
    double before = d.bubble_fraction > 0 ? d.bubble_level : d.exchange_level;
    const auto phase = [&](double level, double share) {  // the edge into it takes half of the step away
      const double step = level - before;
      mean += level * share - 0.5 * step * (step > 0 ? d.edge_up_s : d.edge_down_s) / d.iteration_s;
      before = level;
    };
    if (d.forward_fraction > 0) phase(d.forward_level, d.forward_fraction * d.compute_fraction);
    phase(d.compute_level, (1 - d.forward_fraction) * d.compute_fraction);
    phase(d.exchange_level, exchange);
    if (d.bubble_fraction > 0) phase(d.bubble_level, d.bubble_fraction);
    return mean;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_settings(d); !o.ok()) return o;
    if (const Outcome o = rest_at(rest, d.initial_level, "IT power (pu; initial_level)"); !o.ok()) return o;
    rest.timer[CORNER] = d.start_s;
    rest.timer[STOP] = d.stop_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    switch (happening.index) {
      case CORNER:
        if (!still_in_phase(a, t, CORNER)) go_on(a, d, t);
        return Effect::KINK;
      case CRASH:
        a.held[CRASHES] += 1;
        a.timer[CRASH] = kNever;
        a.mode[AUTOMATON] = CRASHED;
        ramp_to(a, t, d.idle_level, d.crash_fall_s, t + d.crash_fall_s + d.restart_s);
        return Effect::KINK;
      case STOP:
        a.timer[CRASH] = kNever;
        a.mode[AUTOMATON] = STOPPED;
        ramp_to(a, t, d.idle_level, d.stop_ramp_s, kNever);
        return Effect::KINK;
      default:
        return Effect::NONE;
    }
  }

 private:
  static constexpr double kInstant = 1e-9;  ///< s; a phase shorter than this is rounding

  static Outcome check_settings(const Derived<double>& d) {
    const double exchange = 1 - d.compute_fraction - d.bubble_fraction;
    if (const Outcome o = Outcome::check("compute_fraction + bubble_fraction", 1 - exchange, 0, 1); !o.ok())
      return o;
    if (const Outcome o = Outcome::check("power in the all-reduce", d.exchange_level, 0, kInfinity); !o.ok())
      return o;
    // The shortest phase of the shortest iteration must hold its edge.
    const double shortest = d.iteration_s / (1 + 3 * d.jitter);
    const double first = d.forward_fraction > 0 ? d.forward_fraction : 1;
    if (const Outcome o = Outcome::check("edge_up_s", d.edge_up_s, 0, first * d.compute_fraction * shortest);
        !o.ok())
      return o;
    if (d.forward_fraction > 0) {
      const double edge = d.compute_level > d.forward_level ? d.edge_up_s : d.edge_down_s;
      const double backward = (1 - d.forward_fraction) * d.compute_fraction * shortest;
      if (const Outcome o = Outcome::check("edge into the backward pass", edge, 0, backward); !o.ok())
        return o;
    }
    const double low = exchange > 1e-9 ? exchange : d.bubble_fraction;
    if (const Outcome o = Outcome::check("edge_down_s", d.edge_down_s, 0, low * shortest); !o.ok()) return o;
    if (d.bubble_fraction > 0) {
      const double edge = d.bubble_level > d.exchange_level ? d.edge_up_s : d.edge_down_s;
      if (const Outcome o = Outcome::check("edge into the bubble", edge, 0, d.bubble_fraction * shortest);
          !o.ok())
        return o;
    }
    return check_seed(d.seed);
  }

  /// Ramps from the present power to `level` within `edge` seconds, stays until `end`.
  BALLAST_HD static void ramp_to(Automaton& a, double t, double level, double edge, double end) {
    go_to(a, t, level, edge, end, CORNER);
  }
  BALLAST_HD static void enter(Automaton& a, const Derived<double>& d, int job, int phase, double t,
                               double level, double end) {
    a.mode[AUTOMATON] = job;
    a.mode[PHASE] = phase;
    ramp_to(a, t, level, level > power_at(a, t) ? d.edge_up_s : d.edge_down_s, end);
  }
  /// A level has lasted long enough: what comes next.
  BALLAST_HD static void go_on(Automaton& a, const Derived<double>& d, double t) {
    const int job = a.mode[AUTOMATON];
    if (job == RESTING || job == CRASHED) {
      schedule_crash(a, d, t);
      a.held[CHECKPOINT_DUE] = t + d.warm_up_s + d.checkpoint_interval_s;
      a.held[EVALUATION_DUE] = t + d.warm_up_s + d.evaluation_interval_s;
      a.mode[AUTOMATON] = WARM_UP;
      return ramp_to(a, t, d.compute_level, d.warm_up_s, t + d.warm_up_s);
    }
    if (job != RUNNING) return between_iterations(a, d, t);
    const int phase = a.mode[PHASE];
    if (phase == FORWARD)
      return enter(
          a, d, RUNNING, COMPUTE, t, d.compute_level,
          a.held[ITERATION_START] + d.compute_fraction * (a.held[ITERATION_END] - a.held[ITERATION_START]));
    if (phase == COMPUTE && wait_for_straggler(a, d, t)) return;
    const double end = a.held[ITERATION_END];
    const double bubble_at = end - d.bubble_fraction * (end - a.held[ITERATION_START]);
    if ((phase == COMPUTE || phase == STALL) && bubble_at > t + kInstant)
      return enter(a, d, RUNNING, EXCHANGE, t, d.exchange_level, bubble_at);
    if (phase != BUBBLE && end > t + kInstant) return enter(a, d, RUNNING, BUBBLE, t, d.bubble_level, end);
    between_iterations(a, d, t);
  }
  /// The checkpoint or the evaluation that is due, else the next iteration.
  BALLAST_HD static void between_iterations(Automaton& a, const Derived<double>& d, double t) {
    if (t >= a.held[CHECKPOINT_DUE]) {
      a.held[CHECKPOINT_DUE] = t + d.checkpoint_s + d.checkpoint_interval_s;
      return enter(a, d, CHECKPOINT, COMPUTE, t, d.checkpoint_level, t + d.checkpoint_s);
    }
    if (t >= a.held[EVALUATION_DUE]) {
      a.held[EVALUATION_DUE] = t + d.evaluation_s + d.evaluation_interval_s;
      return enter(a, d, EVALUATION, COMPUTE, t, d.evaluation_level, t + d.evaluation_s);
    }
    begin_iteration(a, d, t);
  }
  /// Draws whether this iteration waits, and moves what is left of it back.
  BALLAST_HD static bool wait_for_straggler(Automaton& a, const Derived<double>& d, double t) {
    if (!(random_uniform(d.seed, 3, a.held[ITERATIONS]) < d.straggler_chance)) return false;
    const double wait = d.straggler_s * random_exponential(d.seed, 4, a.held[ITERATIONS]);
    a.held[ITERATION_START] += wait;
    a.held[ITERATION_END] += wait;
    enter(a, d, RUNNING, STALL, t, d.straggler_level, t + wait);
    return true;
  }
  BALLAST_HD static void begin_iteration(Automaton& a, const Derived<double>& d, double t) {
    const double deviation = d.jitter * cut_normal(d.seed, 0, a.held[ITERATIONS]);
    const double length = d.iteration_s / (1 + deviation);
    a.held[ITERATIONS] += 1;
    a.held[ITERATION_START] = t;
    a.held[ITERATION_END] = t + length;
    const double computed = t + d.compute_fraction * length;
    if (d.forward_fraction > 0)
      return enter(a, d, RUNNING, FORWARD, t, d.forward_level,
                   t + d.forward_fraction * d.compute_fraction * length);
    enter(a, d, RUNNING, COMPUTE, t, d.compute_level, computed);
  }
  /// The next crash of a job that starts or restarts at t: the given one if it is still ahead, or a random
  /// one.
  BALLAST_HD static void schedule_crash(Automaton& a, const Derived<double>& d, double t) {
    double next = d.crash_at_s > t ? d.crash_at_s : kNever;
    if (d.crash_rate > 0) {
      const double random = t + random_exponential(d.seed, 2, a.held[CRASHES]) / d.crash_rate;
      next = random < next ? random : next;
    }
    a.timer[CRASH] = next;
  }
};
BALLAST_MODEL(TrainingLoad, "TRAINING");

}  // namespace ballast
