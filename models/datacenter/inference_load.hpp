/// \file
/// Power of an inference (serving) load: many independent requests around a mean.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Inference load: the sum of many independent requests, an Ornstein-Uhlenbeck process drawn at the instants
/// start_s + k sample_s and joined by straight lines, around a mean that autoscaling moves by steps.
///
///   P_it(k) = base(k) + sigma z(k)
///   z(k+1) = a z(k) + sqrt(1 - a^2) xi(k),   a = exp(-sample_s/correlation_s)
///
/// z has unit variance and correlation exp(-dt/correlation_s) at the instants; between them the straight
/// line loses variance, little while sample_s is well below correlation_s. P_it is cut at 0 and peak_level.
///
/// Autoscaling: at an instant, with probability sample_s/step_interval_s, the target of the mean becomes one
/// of mean_level (1 - step), mean_level, mean_level (1 + step); base moves there at mean_level step/step_s.
/// P_it is piecewise linear; its corners are timers (kinks). It rests at mean_level until start_s.
///
/// Source: a modelling proposal; standard deviation 2-5 % of the mean, correlation 5-60 s, autoscaling steps
/// 1-5 % in 10-60 s (docs/datacenter-models.md).
///
/// Deviations: no diurnal curve (beyond the minutes of a run); prompt spikes of single requests average out.
struct InferenceLoad : PiecewisePower {
  static constexpr const char* title = "AI inference load";
  static constexpr const char* source =
      "handbook proposal: Ornstein-Uhlenbeck around a mean, as in docs/datacenter-models.md";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, kModes };  ///< 0 resting, 1 serving
  enum Held {
    NOISE = kSourceHeld,  ///< z
    BASE,                 ///< mean now
    GOAL,                 ///< where autoscaling takes it
    DRAWS,                ///< counter of the random streams
    kHeld
  };
  enum Timer { CORNER, kTimers };

  static constexpr const char* mode_names[] = {"resting", "serving"};

  static constexpr ParameterInfo parameters[] = {
      {"mean_level", "pu", within(0, 2), within(0.3, 0.9), "mean power"},
      {"deviation", "1", within(0, 1), within(0.02, 0.05), "standard deviation over the mean"},
      {"correlation_s", "s", positive(), within(5, 60), "correlation time"},
      {"sample_s", "s", within(1e-3, 1e5), within(0.2, 5), "between the instants that are drawn"},
      {"peak_level", "pu", within(0, 2), within(0.8, 1.05), "most that the hall can draw"},
      {"seed", "1", within(0, 9007199254740992.0), anything(), "of the random streams, a whole number"},
      {"start_s", "s", not_negative(), anything(), "variation starts"},
      {"step", "1", within(0, 1), within(0.01, 0.05), "autoscaling step over the mean; 0 = none"},
      {"step_interval_s", "s", positive(), within(30, 600), "mean time between steps; inf = none"},
      {"step_s", "s", within(1e-3, 1e5), within(10, 60), "time one step takes"},
  };

  template <class P>
  struct Derived {
    P mean, sigma, correlation, innovation, sample_s, peak, seed, start_s;  ///< innovation: sqrt(1 - a^2)
    P step, step_chance, step_travel;  ///< pu; per instant; pu of travel per instant
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.mean = p[0];
    d.sigma = p[0] * p[1];
    d.correlation = exp_(-min_(p[3] / p[2], P(500.0)));  // independent long before 500
    d.innovation = sqrt_(1.0 - d.correlation * d.correlation);
    d.sample_s = p[3];
    d.peak = p[4];
    d.seed = p[5];
    d.start_s = p[6];
    d.step = p[0] * p[7];
    d.step_chance = p[3] / p[8];
    d.step_travel = d.step * p[3] / p[9];
    return d;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_seed(d.seed); !o.ok()) return o;
    if (const Outcome o = Outcome::check("mean_level", d.mean, 0, d.peak); !o.ok()) return o;
    if (const Outcome o = rest_at(rest, d.mean, "IT power (pu; mean_level)"); !o.ok()) return o;
    rest.held[BASE] = d.mean;
    rest.held[GOAL] = d.mean;
    rest.timer[CORNER] = d.start_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    a.mode[AUTOMATON] = 1;
    const double draw = a.held[DRAWS];
    a.held[DRAWS] += 1;
    a.held[NOISE] = d.correlation * a.held[NOISE] + d.innovation * random_normal(d.seed, 0, draw);
    if (random_uniform(d.seed, 2, draw) < d.step_chance) {
      const double which = random_uniform(d.seed, 3, draw) * 3;
      a.held[GOAL] = d.mean + d.step * (which < 1 ? -1 : which < 2 ? 0 : 1);
    }
    const double travel = a.held[GOAL] - a.held[BASE];
    a.held[BASE] += travel > d.step_travel    ? d.step_travel
                    : travel < -d.step_travel ? -d.step_travel
                                              : travel;
    const double wanted = a.held[BASE] + d.sigma * a.held[NOISE];
    const double next = wanted < 0 ? 0 : wanted > d.peak ? d.peak : wanted;
    arrive(a, t);
    a.timer[CORNER] = draw_line(a, t, next, d.sample_s);
    return Effect::KINK;
  }
};
BALLAST_MODEL(InferenceLoad, "INFERENCE");

}  // namespace ballast
