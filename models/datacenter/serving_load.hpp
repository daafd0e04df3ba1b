/// \file
/// Power of an inference fleet from its requests: arrivals, batches, time of day.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Requests arrive, wait for a slot, are read (prefill) and answered (decode) in batches:
///
///   rate(t)  = requests_per_s (1 + diurnal cos(2 pi (hour(t) - peak_hour)/24))
///   arrivals in sample_s: normal, mean rate sample_s, variance burstiness^2 of that mean (Gamma-distributed
///              intervals of that coefficient of variation), not below 0
///   in service Q: each request leaves after service_s on average; Q is at most servers batch, the rest waits
///   busy     = 1 - exp(-Q/servers)              servers with at least one request, spread at random
///   reading  = admitted rate prefill_s/servers, at most busy
///   P_it     = idle_level + (decode_level - idle_level) busy + (prefill_level - decode_level) reading
///
/// A server that answers draws decode_level however many requests share its batch: that is why the power
/// of a fleet saturates while its requests grow. Drawn every sample_s and joined by straight lines; at
/// rest, until start_s, everything is at its mean of the hour.
///
/// Source: arrivals after BurstGPT (arXiv 2401.17644: Gamma intervals); the rest is a modelling proposal,
/// docs/datacenter-models.md.
///
/// Deviations: a fluid, good for more than about 100 requests in service; lengths of requests are one mean.
struct ServingLoad : PiecewisePower {
  static constexpr const char* title = "Inference from requests, batches and the hour";
  static constexpr const char* source = "BurstGPT, arXiv 2401.17644 (arrivals); handbook proposal";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, kModes };  ///< 0 resting, 1 serving, 2 full: requests wait
  enum Held { IN_SERVICE = kSourceHeld, WAITING, DRAWS, kHeld };  ///< requests; counter of the stream
  enum Timer { CORNER, kTimers };
  static constexpr const char* mode_names[] = {"resting", "serving", "full"};

  static constexpr ParameterInfo parameters[] = {
      {"requests_per_s", "1/s", positive(), anything(), "mean rate of the day"},
      {"burstiness", "1", within(0, 100), within(0.5, 4), "variation of the intervals; 1 = Poisson"},
      {"service_s", "s", within(0.01, 1e4), within(1, 60), "mean time a request is in service"},
      {"servers", "1", positive(), anything(), "groups of accelerators that hold a model each"},
      {"batch", "1", within(1, 1e5), within(1, 512), "requests that one of them takes together"},
      {"prefill_s", "s", not_negative(), within(0.02, 2), "time to read a request, before its answer"},
      {"idle_level", "pu", within(0, 2), within(0.1, 0.3), "power of the idle fleet"},
      {"decode_level", "pu", within(0, 2), within(0.5, 0.9), "power while all answer"},
      {"prefill_level", "pu", within(0, 2), within(0.7, 1.05), "power while all read"},
      {"diurnal", "1", within(0, 1), within(0, 0.6), "amplitude of the day over the mean; 0 = none"},
      {"hour", "h", within(0, 24), anything(), "local time at t = 0"},
      {"peak_hour", "h", within(0, 24), anything(), "local time of most requests"},
      {"sample_s", "s", within(1e-3, 1e5), within(0.1, 5), "between the instants that are drawn"},
      {"seed", "1", within(0, 9007199254740992.0), anything(), "of the random streams, a whole number"},
      {"start_s", "s", not_negative(), anything(), "variation starts; inf = never"},
  };

  template <class P>
  struct Derived {
    P rate, burstiness, service_s, servers, slots, prefill, idle, decode, prefill_more, diurnal, phase_s,
        sample_s, seed, start_s;
    P kept, held_of_arrivals;  ///< of those in service after sample_s; of those that arrived during it
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.rate = p[0];
    d.burstiness = p[1];
    d.service_s = p[2];
    d.servers = p[3];
    d.slots = p[3] * p[4];
    d.prefill = p[5] / p[3];
    d.idle = p[6];
    d.decode = p[7];
    d.prefill_more = p[8] - p[7];
    d.diurnal = p[9];
    d.phase_s = (p[10] - p[11]) * 3600.0;
    d.sample_s = p[12];
    d.seed = p[13];
    d.start_s = p[14];
    d.kept = exp_(-min_(p[12] / p[2], P(500.0)));
    d.held_of_arrivals = (1.0 - d.kept) * p[2] / p[12];
    return d;
  }

  /// Requests per second expected at time t.
  BALLAST_HD static double rate_at(const Derived<double>& d, double t) {
    double sine = 0;
    double cosine = 0;
    sincos_(6.28318530717958647693 / 86400 * (t + d.phase_s), sine, cosine);
    return d.rate * (1 + d.diurnal * cosine);
  }
  /// Power with `in_service` requests while `admitted` more are taken on per second, pu.
  BALLAST_HD static double power(const Derived<double>& d, double in_service, double admitted) {
    const double busy = 1 - exp_(-(in_service / d.servers < 500 ? in_service / d.servers : 500.0));
    const double reading = admitted * d.prefill;
    return d.idle + (d.decode - d.idle) * busy + d.prefill_more * (reading < busy ? reading : busy);
  }
  /// Power at rest, pu: the mean of the hour.
  static double rest_power(const Derived<double>& d) {
    return power(d, rate_at(d, 0) * d.service_s, rate_at(d, 0));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = check_seed(d.seed); !o.ok()) return o;
    const double in_service = rate_at(d, 0) * d.service_s;
    if (const Outcome o = Outcome::check("requests in service (of servers x batch)", in_service, 0, d.slots);
        !o.ok())
      return o;
    if (const Outcome o = rest_at(rest, rest_power(d), "IT power (pu; that of the requests)"); !o.ok())
      return o;
    rest.held[IN_SERVICE] = in_service;
    rest.timer[CORNER] = d.start_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    const double expected = rate_at(d, t) * d.sample_s;
    const double drawn = expected + d.burstiness * sqrt_(expected) * random_normal(d.seed, 0, a.held[DRAWS]);
    a.held[DRAWS] += 1;
    const double wanting = a.held[WAITING] + (drawn > 0 ? drawn : 0);
    const double staying = a.held[IN_SERVICE] * d.kept;
    const double room = (d.slots - staying) / d.held_of_arrivals;
    const double admitted = wanting < room ? wanting : room;
    a.held[WAITING] = wanting - admitted;
    a.held[IN_SERVICE] = staying + admitted * d.held_of_arrivals;
    a.mode[AUTOMATON] = a.held[WAITING] > 0 ? 2 : 1;
    arrive(a, t);
    a.timer[CORNER] = draw_line(a, t, power(d, a.held[IN_SERVICE], admitted / d.sample_s), d.sample_s);
    return Effect::KINK;
  }
};
BALLAST_MODEL(ServingLoad, "SERVING");

}  // namespace ballast
