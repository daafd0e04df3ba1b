/// \file
/// Power of a reinforcement-learning job: roll-outs and updates take turns.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Reinforcement learning: the model answers (roll-out, as in inference), the answers are judged (reward),
/// the model learns from them (update, as in training), again and again.
///
///   P_it ▲  ┌──────────╲            ┌─┐ ┌─┐ ┌─┐    ┌──   rollout_level, falling to tail_level while the
///        │  │           ╲           │ │ │ │ │ │    │     last answers are still being written
///        │──┘            ╲──────────┘ └─┘ └─┘ └────┘     reward_level; update_level and exchange_level
///        └──◄ rollout_s ─►◄ reward ►◄ updates T ►───► t
///
/// Roll-out i lasts rollout_s/(1 + xi), xi normal with `jitter`, cut off at three; the last tail_fraction of
/// it is the fall to tail_level. The reward takes reward_s, and with stall_chance a random time of mean
/// stall_s more (mode "stalled"). The update is `updates` iterations of update_s, computing for
/// compute_fraction. Edges are ramps of edge_s. The job rests at initial_level until start_s and ends with a
/// ramp of edge_s to idle_level at stop_s.
///
/// Source: phases after the public descriptions in docs/datacenter-models.md; a modelling proposal, no
/// published power curve is known to us.
///
/// Deviations: roll-outs on other accelerators than the updates are two jobs of a mixed campus.
struct ReinforcementLoad : PiecewisePower {
  static constexpr const char* title = "Reinforcement-learning load";
  static constexpr const char* source = "handbook proposal, as in docs/datacenter-models.md";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, PHASE, kModes };
  enum Job { RESTING, RUNNING, STALLED, STOPPED };
  enum Phase { ROLLOUT, TAIL, REWARD, COMPUTE, EXCHANGE };
  enum Held { ROLLOUTS = kSourceHeld, ITERATIONS, TAIL_END, kHeld };  ///< counts; s
  enum Timer { CORNER, STOP, kTimers };
  static constexpr const char* mode_names[] = {"resting", "running", "stalled", "stopped"};

  static constexpr ParameterInfo parameters[] = {
      {"rollout_s", "s", within(0.1, 1e5), within(5, 600), "length of a roll-out"},
      {"rollout_level", "pu", within(0, 2), within(0.4, 1), "power while all write answers"},
      {"tail_fraction", "1", within(0, 0.95), within(0, 0.6),
       "share of the roll-out in which answers end one by one"},
      {"tail_level", "pu", within(0, 2), within(0.1, 0.7), "power when the last answer ends"},
      {"jitter", "1", within(0, 0.3), within(0, 0.2), "relative standard deviation of the roll-out"},
      {"reward_s", "s", within(1e-3, 1e4), within(0.5, 60), "time the reward takes"},
      {"reward_level", "pu", within(0, 2), within(0.1, 0.5), "power meanwhile"},
      {"stall_chance", "1", within(0, 1), within(0, 0.2), "of a reward that keeps the model waiting"},
      {"stall_s", "s", within(1e-3, 1e5), within(1, 300), "mean further wait"},
      {"updates", "1", within(1, 1e6), within(1, 100), "iterations of an update, a whole number"},
      {"update_s", "s", within(0.01, 1e4), within(0.3, 10), "one of them"},
      {"compute_fraction", "1", within(0.01, 0.99), within(0.55, 0.9), "share of it that computes"},
      {"update_level", "pu", within(0, 2), within(0.85, 1.05), "power while computing"},
      {"exchange_level", "pu", within(0, 2), within(0.25, 0.7), "power while exchanging gradients"},
      {"edge_s", "s", within(1e-4, 100), within(0.001, 0.5), "ramp into a phase"},
      {"seed", "1", within(0, 9007199254740992.0), anything(), "of the random streams, a whole number"},
      {"initial_level", "pu", within(0, 2), within(0.1, 1.05), "power at rest, until start_s"},
      {"start_s", "s", not_negative(), anything(), "the job starts; inf = never"},
      {"stop_s", "s", not_negative(), anything(), "the job stops; inf = never"},
      {"idle_level", "pu", within(0, 2), within(0.1, 0.3), "power after the stop"},
  };

  template <class P>
  struct Derived {
    P rollout_s, rollout_level, tail_fraction, tail_level, jitter, reward_s, reward_level, stall_chance,
        stall_s, updates, update_s, compute_fraction, update_level, exchange_level, edge_s, seed,
        initial_level, start_s, stop_s, idle_level;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[0],  p[1],  p[2],  p[3],  p[4],  p[5],  p[6],  p[7],  p[8],  p[9],
            p[10], p[11], p[12], p[13], p[14], p[15], p[16], p[17], p[18], p[19]};
  }

  /// Mean power of a cycle without stalls, pu: an initial_level for a case that starts in mid-run.
  static double mean_power(const Derived<double>& d) {
    const double update = d.updates * d.update_s;
    const double tail = d.rollout_s * d.tail_fraction;
    const double e = 0.5 * d.edge_s;  // an edge into a phase takes half of the step away
    const double energy =
        d.rollout_level * (d.rollout_s - tail) + 0.5 * (d.rollout_level + d.tail_level) * tail +
        d.reward_level * d.reward_s +
        (d.update_level * d.compute_fraction + d.exchange_level * (1 - d.compute_fraction)) * update -
        e * (d.rollout_level - d.exchange_level) -
        e * (d.reward_level - (d.tail_fraction > 0 ? d.tail_level : d.rollout_level)) -
        e * (d.update_level - d.reward_level);  // further edges of the update cancel, but for the last
    return (energy - e * (d.exchange_level - d.update_level)) / (d.rollout_s + d.reward_s + update);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_seed(d.seed); !o.ok()) return o;
    const double whole = round_(d.updates);
    if (d.updates != whole) return {"updates (a whole number)", d.updates, whole, whole};
    const double half = d.compute_fraction < 0.5 ? d.compute_fraction : 1 - d.compute_fraction;
    const double rollout = d.rollout_s / (1 + 3 * d.jitter) * (1 - d.tail_fraction);
    for (const double phase : {rollout, d.reward_s, half * d.update_s})
      if (const Outcome o = Outcome::check("edge_s", d.edge_s, 0, phase); !o.ok()) return o;
    if (const Outcome o = rest_at(rest, d.initial_level, "IT power (pu; initial_level)"); !o.ok()) return o;
    rest.timer[CORNER] = d.start_s;
    rest.timer[STOP] = d.stop_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.index == STOP) {
      a.mode[AUTOMATON] = STOPPED;
      go_to(a, t, d.idle_level, d.edge_s, kNever, CORNER);
      return Effect::KINK;
    }
    if (!still_in_phase(a, t, CORNER) && a.mode[AUTOMATON] != STOPPED) go_on(a, d, t);
    return Effect::KINK;
  }

 private:
  BALLAST_HD static void enter(Automaton& a, const Derived<double>& d, int phase, double t, double level,
                               double length) {
    a.mode[PHASE] = phase;
    go_to(a, t, level, d.edge_s, t + length, CORNER);
  }
  /// A phase has lasted long enough: what comes next.
  BALLAST_HD static void go_on(Automaton& a, const Derived<double>& d, double t) {
    if (a.mode[AUTOMATON] == RESTING) {
      a.mode[AUTOMATON] = RUNNING;
      return begin_rollout(a, d, t);
    }
    switch (a.mode[PHASE]) {
      case ROLLOUT:
        if (a.held[TAIL_END] > t) {
          a.mode[PHASE] = TAIL;
          return go_to(a, t, d.tail_level, a.held[TAIL_END] - t, a.held[TAIL_END], CORNER);
        }
        return enter(a, d, REWARD, t, d.reward_level, d.reward_s);
      case TAIL:
        return enter(a, d, REWARD, t, d.reward_level, d.reward_s);
      case REWARD:
        if (a.mode[AUTOMATON] == RUNNING && random_uniform(d.seed, 2, a.held[ROLLOUTS]) < d.stall_chance) {
          a.mode[AUTOMATON] = STALLED;
          const double wait = d.stall_s * random_exponential(d.seed, 3, a.held[ROLLOUTS]);
          return enter(a, d, REWARD, t, d.reward_level, wait);
        }
        a.mode[AUTOMATON] = RUNNING;
        a.held[ITERATIONS] = 0;
        return enter(a, d, COMPUTE, t, d.update_level, d.compute_fraction * d.update_s);
      case COMPUTE:
        return enter(a, d, EXCHANGE, t, d.exchange_level, (1 - d.compute_fraction) * d.update_s);
      default:
        a.held[ITERATIONS] += 1;
        if (a.held[ITERATIONS] >= d.updates) return begin_rollout(a, d, t);
        return enter(a, d, COMPUTE, t, d.update_level, d.compute_fraction * d.update_s);
    }
  }
  BALLAST_HD static void begin_rollout(Automaton& a, const Derived<double>& d, double t) {
    const double length = d.rollout_s / (1 + d.jitter * cut_normal(d.seed, 0, a.held[ROLLOUTS]));
    a.held[ROLLOUTS] += 1;
    a.held[TAIL_END] = d.tail_fraction > 0 ? t + length : t;
    enter(a, d, ROLLOUT, t, d.rollout_level, (1 - d.tail_fraction) * length);
  }
};
BALLAST_MODEL(ReinforcementLoad, "RLTRAIN");

}  // namespace ballast
