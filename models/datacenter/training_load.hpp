/// \file
/// Power of a synchronous AI training job: the driver behind a UPS or a load.
#pragma once

#include "models/contract.hpp"
#include "models/datacenter/random.hpp"

namespace ballast {

/// Synchronous training: all accelerators compute together, then all exchange gradients together.
///
///   P_it ▲     warm-up  ┌──────────┐        ┌───   compute_level: forward and backward pass
///        │        ╱─────┘          │        │
///        │       ╱      ◄── r T ──►└──┐  ┌──┘      compute_level - swing (1 - overlap): all-reduce
///        │──────╱                     └──┘         bubble_level: pipeline bubble
///        └───── start_s ─────────────────────► t   edges are ramps of edge_up_s, edge_down_s
///
/// P_it is piecewise linear in time; its corners are timers (kinks, never jumps). At rest, before start_s,
/// it is initial_level: the job's idle power, or its mean power for a case that starts in mid-run. At
/// start_s it ramps to compute_level in warm_up_s and iterates: compute for compute_fraction of the
/// iteration, the rest is exposed communication, of which the last bubble_fraction is a pipeline bubble.
/// An edge belongs to the phase it leads into.
///
/// An iteration that ends after the checkpoint is due is followed by a checkpoint. A crash falls to
/// idle_level, stays there for restart_s, and warms up again; crashes come at crash_at_s and, at random,
/// with crash_rate_per_h. At stop_s the job ramps to idle_level for good. With jitter, iteration i lasts
/// T/(1 + xi), xi normal with that standard deviation, cut off at three (Ko & Zhu).
///
/// Fine-tuning: other parameters (docs/datacenter-models.md); inference and mixed halls: InferenceLoad.
///
/// Source: waveform after arXiv 2508.14318 and 2508.16457; values in docs/datacenter-models.md.
///
/// Deviations: fast noise within a phase and intra-batch dips are left out; edges are straight.
struct TrainingLoad : ModelDefaults {
  static constexpr const char* title = "Synchronous AI training load";
  static constexpr const char* source =
      "arXiv 2508.14318 (shape), Llama 3 paper (crash rate), docs/datacenter-models.md for each value";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { kStates };
  enum Input { TIME, kInputs };
  enum Output { P_IT, kOutputs };
  enum Mode {
    AUTOMATON = kLimits,  ///< a Job
    PHASE,                ///< of a running job: a Phase
    EDGE,                 ///< 1 on the ramp into job or phase
    kModes
  };
  enum Job { RESTING, WARM_UP, RUNNING, CHECKPOINT, CRASHED, STOPPED };
  enum Phase { COMPUTE, EXCHANGE, BUBBLE };
  enum Held {
    VALUE,
    SLOPE,
    START,  ///< P_it = value + slope (t - start)
    TARGET,
    PHASE_END,  ///< of the phase
    ITERATION_START,
    ITERATION_END,
    ITERATIONS,
    CRASHES,  ///< begun; counters of the random streams
    CHECKPOINT_DUE,
    kHeld
  };
  enum Timer { CORNER, CRASH, STOP, kTimers };

  static constexpr InputInfo inputs[] = {{"time", "s"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"}};
  static constexpr const char* mode_names[] = {"resting",    "warm-up", "running",
                                               "checkpoint", "crashed", "stopped"};

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
      {"checkpoint_s", "s", within(1e-3, 1e5), within(1, 120), "length of a checkpoint"},
      {"checkpoint_level", "pu", within(0, 2), within(0.1, 0.4), "power during a checkpoint"},
      {"crash_at_s", "s", not_negative(), anything(), "the job crashes at this time; inf = never"},
      {"crash_rate_per_h", "1/h", within(0, 3600), within(0, 10),
       "rate of random crashes while the job runs"},
      {"crash_fall_s", "s", within(1e-3, 1e4), within(0.1, 1), "ramp to idle_level in a crash"},
      {"restart_s", "s", not_negative(), within(300, 3600),
       "idle before the warm-up that follows; inf = never"},
  };

  template <class P>
  struct Derived {
    P iteration_s, compute_fraction, bubble_fraction, compute_level, exchange_level, bubble_level;
    P edge_up_s, edge_down_s, jitter, seed;
    P initial_level, start_s, warm_up_s, idle_level, stop_s, stop_ramp_s;
    P checkpoint_interval_s, checkpoint_s, checkpoint_level;
    P crash_at_s, crash_rate, crash_fall_s, restart_s;  ///< rate in 1/s
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
    phase(d.compute_level, d.compute_fraction);
    phase(d.exchange_level, exchange);
    if (d.bubble_fraction > 0) phase(d.bubble_level, d.bubble_fraction);
    return mean;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>&, const Context<T, P>& context, T*,
                                   T* out) {
    out[P_IT] = (in[TIME] - context.held[START]) * context.held[SLOPE] + context.held[VALUE];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_settings(d); !o.ok()) return o;
    const double wanted = rest.out[P_IT];
    if (wanted == wanted) {  // not NaN: a consumer has been put at rest already
      if (const Outcome o =
              Outcome::check("IT power (pu; initial_level)", wanted, d.initial_level, d.initial_level);
          !o.ok())
        return o;
    }
    rest.out[P_IT] = d.initial_level;
    rest.held[VALUE] = d.initial_level;
    rest.held[TARGET] = d.initial_level;
    rest.timer[CORNER] = d.start_s;
    rest.timer[STOP] = d.stop_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    switch (happening.index) {
      case CORNER:
        if (a.mode[EDGE] == 1) {
          settle(a, t);
          if (a.held[PHASE_END] > t) return Effect::KINK;
        }
        go_on(a, d, t);
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
    if (const Outcome o = Outcome::check("edge_up_s", d.edge_up_s, 0, d.compute_fraction * shortest); !o.ok())
      return o;
    const double low = exchange > 1e-9 ? exchange : d.bubble_fraction;
    if (const Outcome o = Outcome::check("edge_down_s", d.edge_down_s, 0, low * shortest); !o.ok()) return o;
    if (d.bubble_fraction > 0) {
      const double edge = d.bubble_level > d.exchange_level ? d.edge_up_s : d.edge_down_s;
      if (const Outcome o = Outcome::check("edge into the bubble", edge, 0, d.bubble_fraction * shortest);
          !o.ok())
        return o;
    }
    const double whole = round_(d.seed);
    if (d.seed != whole) return {"seed (a whole number)", d.seed, whole, whole};
    return Outcome::fine();
  }

  BALLAST_HD static double power_at(const Automaton& a, double t) {
    return a.held[VALUE] + a.held[SLOPE] * (t - a.held[START]);
  }
  /// Ramps from the present power to `level` within `edge` seconds, stays until `end`.
  BALLAST_HD static void ramp_to(Automaton& a, double t, double level, double edge, double end) {
    const double now = power_at(a, t);
    a.held[TARGET] = level;
    a.held[PHASE_END] = end;
    if (level == now) return settle(a, t);
    const double ramp = edge < end - t ? edge : end - t;
    a.mode[EDGE] = 1;
    a.held[VALUE] = now;
    a.held[SLOPE] = (level - now) / ramp;
    a.held[START] = t;
    a.timer[CORNER] = t + ramp;
  }
  BALLAST_HD static void enter(Automaton& a, const Derived<double>& d, int job, int phase, double t,
                               double level, double end) {
    a.mode[AUTOMATON] = job;
    a.mode[PHASE] = phase;
    ramp_to(a, t, level, level > power_at(a, t) ? d.edge_up_s : d.edge_down_s, end);
  }
  /// The ramp has arrived.
  BALLAST_HD static void settle(Automaton& a, double t) {
    a.mode[EDGE] = 0;
    a.held[VALUE] = a.held[TARGET];
    a.held[SLOPE] = 0;
    a.held[START] = t;
    a.timer[CORNER] = a.held[PHASE_END];
  }

  /// A level has lasted long enough: what comes next.
  BALLAST_HD static void go_on(Automaton& a, const Derived<double>& d, double t) {
    const int job = a.mode[AUTOMATON];
    if (job == RESTING || job == CRASHED) {
      schedule_crash(a, d, t);
      a.held[CHECKPOINT_DUE] = t + d.warm_up_s + d.checkpoint_interval_s;
      a.mode[AUTOMATON] = WARM_UP;
      return ramp_to(a, t, d.compute_level, d.warm_up_s, t + d.warm_up_s);
    }
    if (job != RUNNING) return begin_iteration(a, d, t);
    const double end = a.held[ITERATION_END];
    const double bubble_at = end - d.bubble_fraction * (end - a.held[ITERATION_START]);
    const int phase = a.mode[PHASE];
    if (phase == COMPUTE && bubble_at > t + kInstant)
      return enter(a, d, RUNNING, EXCHANGE, t, d.exchange_level, bubble_at);
    if (phase != BUBBLE && end > t + kInstant) return enter(a, d, RUNNING, BUBBLE, t, d.bubble_level, end);
    if (t < a.held[CHECKPOINT_DUE]) return begin_iteration(a, d, t);
    a.held[CHECKPOINT_DUE] = t + d.checkpoint_s + d.checkpoint_interval_s;
    enter(a, d, CHECKPOINT, COMPUTE, t, d.checkpoint_level, t + d.checkpoint_s);
  }
  BALLAST_HD static void begin_iteration(Automaton& a, const Derived<double>& d, double t) {
    const double normal = random_normal(d.seed, 0, a.held[ITERATIONS]);
    const double deviation = d.jitter * (normal > 3 ? 3 : normal < -3 ? -3 : normal);
    const double length = d.iteration_s / (1 + deviation);
    a.held[ITERATIONS] += 1;
    a.held[ITERATION_START] = t;
    a.held[ITERATION_END] = t + length;
    enter(a, d, RUNNING, COMPUTE, t, d.compute_level, t + d.compute_fraction * length);
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
