/// \file
/// Emergency generators of a data center: start, block loading, run, cool-down.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Gensets behind the transfer switches of the supply blocks, as one machine on a bus of its own: a local
/// balance of power, no part of the grid's network.
///
///   P_off (IT load off the grid) above start_level for sense_s ──► starting ── start_s ──► on load
///   on load: backup = 1; blocks follow one by one (their backup_delay_s) and draw P_backup
///   on load ── nothing off the grid for cool_s ──► standby          on load ── speed below trip_speed ──►
///   failed
///
///   speed error ──► governor_gain, governor_s (PI) ──► boost limit ──► 1/(1 + s engine_s) ──► Pm
///   boost limit: Pm may be at most boost + step_limit, boost = lag(boost_s) of Pm: what a turbocharger that
///   runs up leaves of a block load;   2 H d(speed)/dt = (Pm - P_backup)/speed
///
/// While on load, its mode is the strictest class of ISO 8528-5 that everything so far has met: transient
/// speed dip and rise, and time until the speed is back in the steady band, counted from leaving it. 0: not
/// even G1.
///
/// Source: ISO 8528-5 limits and step data as listed in docs/datacenter-models.md; the boost limit is ours.
///
/// Deviations: no voltage regulator (voltage dips are not checked), equal sharing, no reverse power, no load
/// of its own; the grid's return is in the blocks (retransfer_s, parallel_return).
struct Genset : ModelDefaults {
  static constexpr const char* title = "Emergency gensets of a data center";
  static constexpr const char* source =
      "ISO 8528-5 and vendor data, docs/datacenter-models.md; own reduction";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { SPEED, POWER, INTEGRAL, BOOST, kStates };
  enum Input { P_OFF, P_BACKUP, kInputs };
  enum Output { BACKUP, SPEED_PU, P_GEN, ISO_CLASS, kOutputs };
  static constexpr int kClasses = 3;  ///< G3, G2, G1 in this order
  enum Mode {
    AUTOMATON = kLimits,  ///< an Operation
    DEMAND,               ///< 1 enough load is off the grid
    BAND,                 ///< 1 outside the steady band of a class, one mode each
    kModes = BAND + kClasses
  };
  enum Operation { STANDBY, SENSING, STARTING, G3, G2, G1, NO_CLASS, COOLING, FAILED };
  enum Timer { STEP, RECOVERY, kTimers = RECOVERY + kClasses };
  enum Threshold { LOAD, TRIP, SWING, STEADY = SWING + kClasses, kGuards = STEADY + kClasses };

  static constexpr StateInfo states[] = {{"speed", "pu", StateKind::DEVIATION},
                                         {"engine_power", "pu"},
                                         {"governor_integral", "pu"},
                                         {"boost", "pu"}};
  static constexpr InputInfo inputs[] = {{"P_off", "MW", Unwired::ZERO}, {"P_backup", "MW", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {
      {"backup", "1", "1 while its bus is alive and takes load"},
      {"speed", "pu", "speed, 1 = nominal; 0 at standstill"},
      {"P_genset", "MW", "engine power"},
      {"iso_class", "1", "strictest class of ISO 8528-5 met so far: 3, 2, 1, or 0"}};
  static constexpr ThresholdInfo thresholds[] = {
      {"IT load off the grid", "pu"}, {"genset speed", "pu"}, {"genset speed", "pu"}, {"genset speed", "pu"},
      {"genset speed", "pu"},         {"genset speed", "pu"}, {"genset speed", "pu"}, {"genset speed", "pu"}};
  static constexpr const char* mode_names[] = {"standby",
                                               "sensing",
                                               "starting",
                                               "on load, class G3",
                                               "on load, class G2",
                                               "on load, class G1",
                                               "on load, in no class",
                                               "cooling down",
                                               "failed"};

  enum Parameter {
    START_LEVEL,
    SENSE_S,
    START_S,
    COOL_S,
    H,
    DROOP,
    GOVERNOR_GAIN,
    GOVERNOR_S,
    ENGINE_S,
    STEP_LIMIT,
    BOOST_S,
    POWER_LIMIT,
    TRIP_SPEED,
    kParameters
  };
  static constexpr ParameterInfo parameters[] = {
      {"start_level", "pu", within(0.001, 1), within(0.005, 0.1), "IT load off the grid that starts them"},
      {"sense_s", "s", not_negative(), within(0.5, 5), "for this long"},
      {"start_s", "s", not_negative(), within(8, 60),
       "start signal to ready for load; inf = they do not start"},
      {"cool_s", "s", not_negative(), within(60, 600), "run without load before standstill"},
      {"H", "s", within(0.05, 20), within(0.3, 2), "inertia constant"},
      {"droop", "pu", within(0, 0.2), within(0, 0.08), "speed droop; 0 = isochronous"},
      {"governor_gain", "pu", within(0.1, 200), within(5, 40), "power per speed error"},
      {"governor_s", "s", within(0.01, 100), within(0.2, 5), "reset time"},
      {"engine_s", "s", within(0.01, 10), within(0.05, 0.5), "actuator and combustion"},
      {"step_limit", "pu", within(0.01, 2), within(0.2, 1), "power at once beyond what the boost allows"},
      {"boost_s", "s", within(0.05, 60), within(0.5, 10), "run-up of the turbocharger"},
      {"power_limit", "pu", within(0.1, 2), within(1, 1.1), "engine power"},
      {"trip_speed", "pu", within(0.1, 0.99), within(0.7, 0.9), "they stop below this speed"},
  };

  // ISO 8528-5, G3, G2, G1: dip on load and rise on load rejection (pu of speed), steady band (half width,
  // pu), recovery time (s).
  BALLAST_HD static constexpr double of_class(int k, double g3, double g2, double g1) {
    return k == 0 ? g3 : k == 1 ? g2 : g1;
  }
  BALLAST_HD static constexpr double dip(int k) { return of_class(k, 0.07, 0.10, 0.15); }
  BALLAST_HD static constexpr double rise(int k) { return of_class(k, 0.10, 0.12, 0.18); }
  BALLAST_HD static constexpr double band(int k) { return of_class(k, 0.0025, 0.0075, 0.0125); }
  BALLAST_HD static constexpr double recovery_s(int k) { return of_class(k, 3, 5, 10); }

  template <class P>
  struct Derived {
    P start_level, sense_s, start_s, cool_s, per_2H, droop, gain, per_reset, engine_rate, step_limit,
        boost_rate, power_limit, trip_speed, per_MW, device_MW;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[START_LEVEL],       p[SENSE_S],
            p[START_S],           p[COOL_S],
            0.5 / p[H],           p[DROOP],
            p[GOVERNOR_GAIN],     p[GOVERNOR_GAIN] / p[GOVERNOR_S],
            1.0 / p[ENGINE_S],    p[STEP_LIMIT],
            1.0 / p[BOOST_S],     p[POWER_LIMIT],
            p[TRIP_SPEED],        P(1 / ratings.device_MVA),
            P(ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto before = operation < G3;
    const auto after = operation > COOLING;
    const T zero(0.0);
    const auto turns = [&](const T& rate) { return select_(before, zero, select_(after, zero, rate)); };

    const T load = in[P_BACKUP] * d.per_MW;
    const T error = -x[SPEED] - d.droop * x[POWER];
    const T most = min_(x[BOOST] + d.step_limit, T(d.power_limit));
    const T order = d.gain * error + x[INTEGRAL];
    const T fuel = clamp_(order, zero, most);
    dxdt[SPEED] = turns((x[POWER] - load) * d.per_2H / max_(1.0 + x[SPEED], T(0.1)));
    dxdt[POWER] = turns((fuel - x[POWER]) * d.engine_rate);
    // Back-calculation: what the limit takes away does not wind the integral up.
    dxdt[INTEGRAL] = turns(d.per_reset * (error + (fuel - order) / d.gain));
    dxdt[BOOST] = turns((x[POWER] - x[BOOST]) * d.boost_rate);

    const T alive = turns(T(1.0));
    out[BACKUP] = select_(operation == COOLING, zero, alive);
    out[SPEED_PU] = alive * (1.0 + x[SPEED]);
    out[P_GEN] = alive * x[POWER] * d.device_MW;
    out[ISO_CLASS] = turns(select_(operation == G3, T(3.0),
                                   select_(operation == G2, T(2.0), select_(operation == G1, T(1.0), zero))));

    const T inert(-1.0);
    const T off = in[P_OFF] * d.per_MW;
    context.guard[LOAD] = select_(context.mode[DEMAND] == 1, 0.5 * d.start_level - off, off - d.start_level);
    const auto on_load = [&](const T& guard) {
      return select_(before, inert, select_(operation > NO_CLASS, inert, guard));
    };
    context.guard[TRIP] = on_load(d.trip_speed - 1.0 - x[SPEED]);
    const T settled = abs_(x[SPEED] + d.droop * load);  // from where the speed rests at this load
    for (int k = 0; k < kClasses; ++k) {
      const T beyond = max_(-x[SPEED] - dip(k), x[SPEED] - rise(k));
      context.guard[SWING + k] = select_(operation == G3 + k, beyond, inert);
      context.guard[STEADY + k] =
          on_load(select_(context.mode[BAND + k] == 1, band(k) - settled, settled - band(k)));
    }
  }

  /// Rests at standstill.
  static Outcome initialise(Rest& rest, const Derived<double>&, double* x) {
    for (int k = 0; k < kStates; ++k) x[k] = 0;
    for (double& value : rest.in)
      if (!(value == value)) value = 0;
    for (int k = 0; k < kOutputs; ++k) rest.out[k] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD) {
      if (happening.index == LOAD) return cross_demand(a, d, t);
      if (happening.index == TRIP) {
        a.threshold = d.trip_speed;
        return stop(a, FAILED);
      }
      if (happening.index < STEADY) {
        const int k = happening.index - SWING;
        a.threshold = a.x[SPEED] < 0 ? 1 - dip(k) : 1 + rise(k);
        return leave_class(a, k);
      }
      const int k = happening.index - STEADY;
      a.mode[BAND + k] = 1 - a.mode[BAND + k];
      a.timer[RECOVERY + k] = a.mode[BAND + k] == 1 ? t + recovery_s(k) : kNever;
      return Effect::NONE;
    }
    if (happening.index >= RECOVERY) return leave_class(a, happening.index - RECOVERY);
    switch (operation) {
      case SENSING:
        operation = STARTING;
        a.timer[STEP] = t + d.start_s;
        return Effect::NONE;
      case STARTING:
        operation = G3;
        return Effect::KINK;
      case COOLING:
        return stop(a, STANDBY);
      default:
        return Effect::NONE;
    }
  }

 private:
  BALLAST_HD static bool on_load(const Automaton& a) {
    return a.mode[AUTOMATON] >= G3 && a.mode[AUTOMATON] <= NO_CLASS;
  }
  /// Load has left the grid, or all of it is back.
  BALLAST_HD static Effect cross_demand(Automaton& a, const Derived<double>& d, double t) {
    a.mode[DEMAND] = 1 - a.mode[DEMAND];
    a.threshold = a.mode[DEMAND] == 1 ? d.start_level : 0.5 * d.start_level;
    int& operation = a.mode[AUTOMATON];
    if (a.mode[DEMAND] == 1) {
      if (operation == STANDBY) {
        operation = SENSING;
        a.timer[STEP] = t + d.sense_s;
      } else if (operation == COOLING) {
        operation = G3;
        a.timer[STEP] = kNever;
      }
      return Effect::KINK;
    }
    if (operation == SENSING) {
      operation = STANDBY;
      a.timer[STEP] = kNever;
    } else if (operation == STARTING || on_load(a)) {
      operation = COOLING;
      a.timer[STEP] = t + d.cool_s;
    }
    return Effect::KINK;
  }
  BALLAST_HD static Effect leave_class(Automaton& a, int k) {
    if (on_load(a) && a.mode[AUTOMATON] <= G3 + k) a.mode[AUTOMATON] = G3 + k + 1;
    return Effect::NONE;
  }
  BALLAST_HD static Effect stop(Automaton& a, int to) {
    a.mode[AUTOMATON] = to;
    for (int k = 0; k < kClasses; ++k) {
      a.mode[BAND + k] = 0;
      a.timer[RECOVERY + k] = kNever;
    }
    for (double& state : a.x) state = 0;
    return Effect::KINK;
  }
};
BALLAST_MODEL(Genset, "GENSET");

}  // namespace ballast
