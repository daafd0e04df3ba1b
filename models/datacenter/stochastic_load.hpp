/// \file
/// Power of an AI job as a stochastic square wave, after Ko & Zhu.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Stochastic job of Ko & Zhu (arXiv 2508.16457v2): a square wave whose periods, levels and fast noise are
/// drawn.
///
///   T_i = 1/(f0 (1 + xi_i)), T_up = r T_i, T_dn = (1 - r) T_i
///   P_up = level (1 + Delta_up,i + eta_up(t)),   P_dn = level (1 - Delta_dn,i + eta_dn(t))
///
/// xi is normal with period_jitter, Delta_up normal about 0 and Delta_dn about `drop`, both with
/// level_jitter, eta normal with noise_up or noise_down, drawn anew every noise_s and joined by straight
/// lines. All are cut off at three deviations, the power at 0. A switch from one phase to the other is a ramp
/// of edge_s. It rests at initial_level until start_s.
///
/// Source: Ko & Zhu, arXiv 2508.16457v2, equations and ranges; docs/datacenter-models.md.
///
/// Deviations: the published switch is instantaneous, here edge_s; how often the noise is drawn is not
/// published (noise_s).
struct StochasticLoad : PiecewisePower {
  static constexpr const char* title = "Stochastic AI job (Ko and Zhu)";
  static constexpr const char* source = "Ko & Zhu, arXiv 2508.16457v2";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, PHASE, kModes };  ///< 0 resting, 1 running; 0 up, 1 down
  enum Held {
    SWITCH_AT = kSourceHeld,  ///< end of the phase
    PERIOD,                   ///< of this cycle
    LEVEL,                    ///< of this phase, without noise
    CYCLES,
    DRAWS,  ///< counters of the random streams
    kHeld
  };
  enum Timer { CORNER, kTimers };
  static constexpr const char* mode_names[] = {"resting", "running"};

  static constexpr ParameterInfo parameters[] = {
      {"frequency_Hz", "Hz", within(1e-3, 100), within(0.3, 1.5), "base frequency f0"},
      {"period_jitter", "1", within(0, 0.3), within(0, 0.1), "standard deviation of the period"},
      {"duty", "1", within(0.01, 0.99), within(0.55, 0.9), "share r of the period in the high phase"},
      {"level", "pu", within(0, 2), within(0.5, 1.05), "power of the high phase"},
      {"level_jitter", "1", within(0, 0.5), within(0, 0.05), "standard deviation of both levels, of level"},
      {"drop", "1", within(0, 1), within(0.2, 0.8), "mean drop of the low phase, of level"},
      {"noise_up", "1", within(0, 0.5), within(0, 0.05), "deviation of the fast noise in the high phase"},
      {"noise_down", "1", within(0, 0.5), within(0, 0.03), "deviation of the fast noise in the low phase"},
      {"noise_s", "s", within(1e-3, 1e4), within(0.01, 1), "between draws of the fast noise"},
      {"edge_s", "s", within(1e-4, 100), within(0.001, 0.25), "ramp from one phase to the other"},
      {"seed", "1", within(0, 9007199254740992.0), anything(), "of the random streams, a whole number"},
      {"initial_level", "pu", within(0, 2), within(0.1, 1.05), "power at rest, until start_s"},
      {"start_s", "s", not_negative(), anything(), "the job starts; inf = never"},
  };

  template <class P>
  struct Derived {
    P period, period_jitter, duty, level, level_jitter, drop, noise_up, noise_down, noise_s, edge_s, seed,
        initial_level, start_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {1.0 / p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12]};
  }

  /// Mean power, pu: an initial_level for a case that starts in mid-run.
  static double mean_power(const Derived<double>& d) { return d.level * (1 - (1 - d.duty) * d.drop); }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_seed(d.seed); !o.ok()) return o;
    const double shortest = d.period / (1 + 3 * d.period_jitter) * (d.duty < 0.5 ? d.duty : 1 - d.duty);
    if (const Outcome o = Outcome::check("edge_s", d.edge_s, 0, shortest); !o.ok()) return o;
    if (const Outcome o = rest_at(rest, d.initial_level, "IT power (pu; initial_level)"); !o.ok()) return o;
    rest.timer[CORNER] = d.start_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (on_edge(a)) arrive(a, t);
    if (a.mode[AUTOMATON] == 0) {
      a.mode[AUTOMATON] = 1;
      a.mode[PHASE] = 1;  // so that the first phase is a high one
      a.held[SWITCH_AT] = t;
    }
    double ramp = d.noise_s;
    if (t >= a.held[SWITCH_AT] - kInstant) {
      switch_phase(a, d, t);
      ramp = d.edge_s;
    }
    const bool up = a.mode[PHASE] == 0;
    const double draw = a.held[DRAWS];
    a.held[DRAWS] += 1;
    const double noise = (up ? d.noise_up : d.noise_down) * cut_normal(d.seed, up ? 6 : 8, draw);
    const double power = a.held[LEVEL] + d.level * noise;
    const double left = a.held[SWITCH_AT] - t;
    a.timer[CORNER] = draw_line(a, t, power < 0 ? 0 : power, ramp < left ? ramp : left);
    return Effect::KINK;
  }

 private:
  static constexpr double kInstant = 1e-9;  ///< s; less than this is rounding

  BALLAST_HD static void switch_phase(Automaton& a, const Derived<double>& d, double t) {
    if (a.mode[PHASE] == 1) {  // a new cycle
      a.held[PERIOD] = d.period / (1 + d.period_jitter * cut_normal(d.seed, 0, a.held[CYCLES]));
      a.held[LEVEL] = d.level * (1 + d.level_jitter * cut_normal(d.seed, 2, a.held[CYCLES]));
      a.held[SWITCH_AT] = t + d.duty * a.held[PERIOD];
      a.mode[PHASE] = 0;
      return;
    }
    const double drop = d.drop + d.level_jitter * cut_normal(d.seed, 4, a.held[CYCLES]);
    a.held[LEVEL] = d.level * (1 - drop);
    a.held[SWITCH_AT] = t + (1 - d.duty) * a.held[PERIOD];
    a.held[CYCLES] += 1;
    a.mode[PHASE] = 1;
  }
};
BALLAST_MODEL(StochasticLoad, "KOZHU");

}  // namespace ballast
