/// \file
/// Coolant of a data center: thermal mass, and the IT load that follows its temperature.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Coolant at the racks and facility water as two thermal masses, and what the IT load does when it gets hot.
///
///   rack_s_per_K dT_rack/dt  = heat - circulation (T_rack - T_water)/approach_K
///   loop_s_per_K dT_water/dt = circulation (T_rack - T_water)/approach_K - Q_cool
///   P_it = P_req share(T_rack) ramp;   share: 1 up to throttle_C, straight to throttle_level at shutdown_C
///
///   normal ── throttle_C ──► throttled ── shutdown_C ──► shut down (ramp to 0 over shutdown_s)
///   shut down ── below resume_C ──► cooled ── resume_s ──► restarting ── restart_s ──► normal
///   throttled ── kHysteresis_K below throttle_C ──► normal      cooled ── above resume_C ──► shut down
///   restarting ── shutdown_C ──► shut down
///
/// Heat is what the IT load draws, from the grid or from batteries; it and Q_cool are in pu of the IT rating.
/// Without circulation only the coolant at the racks is there to take it; with circulation and without
/// chillers the water of the whole loop is.
///
/// Source: ride-through times and the rise at which racks stop, docs/datacenter-models.md; the reduction is
/// ours.
///
/// Deviations: one temperature for all racks; losses of UPS and power supplies heat rooms, not this coolant;
/// no heat to the surroundings; the job does not know that it is throttled.
struct Coolant : ModelDefaults {
  static constexpr const char* title = "Coolant of a data center, and the IT load that follows it";
  static constexpr const char* source = "own reduction; thermal ride-through: docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { RACK, WATER, kStates };
  enum Input { P_REQ, HEAT, Q_COOL, CIRCULATION, TIME, kInputs };
  enum Output { P_IT, T_RACK, T_WATER, IT_SHARE, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< an Operation
  enum Operation { NORMAL, THROTTLED, SHUT_DOWN, COOLED, RESTARTING };
  enum Held { RAMP_VALUE, RAMP_SLOPE, RAMP_START, kHeld };  ///< IT load that may run: value + slope (t-start)
  enum Timer { STEP, kTimers };
  enum Threshold { WARM, HOT, kGuards };
  enum Parameter {
    APPROACH_K,
    RACK_S_PER_K,
    LOOP_S_PER_K,
    THROTTLE_C,
    THROTTLE_LEVEL,
    SHUTDOWN_C,
    SHUTDOWN_S,
    RESUME_C,
    RESUME_S,
    RESTART_S,
    kParameters
  };
  static constexpr double kHysteresis_K = 1;

  static constexpr StateInfo states[] = {{"T_rack", "degC"}, {"T_water", "degC"}};
  static constexpr InputInfo inputs[] = {
      {"P_req", "pu"}, {"heat", "MW"}, {"Q_cool", "MW"}, {"circulation", "1", Unwired::HELD}, {"time", "s"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"},
                                           {"T_rack", "degC", "coolant at the racks"},
                                           {"T_water", "degC", "facility water"},
                                           {"it_share", "1", "share of the IT load that heat allows"}};
  static constexpr ThresholdInfo thresholds[] = {{"coolant temperature", "degC"},
                                                 {"coolant temperature", "degC"}};
  static constexpr const char* mode_names[] = {"normal", "throttled", "shut down", "cooled", "restarting"};

  static constexpr ParameterInfo parameters[] = {
      {"approach_K", "K", within(0.1, 60), within(3, 20), "racks above water at rated heat and full flow"},
      {"rack_s_per_K", "s/K", within(0.01, 1000), within(1, 60),
       "heat capacity at the racks over the IT rating"},
      {"loop_s_per_K", "s/K", within(0.01, 10000), within(5, 300), "the same of the facility water"},
      {"throttle_C", "degC", within(0, 120), within(25, 70), "the IT load is throttled above"},
      {"throttle_level", "1", within(0, 1), within(0.3, 1), "share of it that runs at shutdown_C"},
      {"shutdown_C", "degC", within(0, 120), within(30, 75), "the IT load shuts down"},
      {"shutdown_s", "s", within(0.01, 3600), within(0.1, 60), "time in which it does"},
      {"resume_C", "degC", within(0, 120), within(20, 65), "cool enough to start again"},
      {"resume_s", "s", not_negative(), anything(), "below resume_C before it starts; inf = by hand only"},
      {"restart_s", "s", within(0.01, 7200), within(10, 1800), "time in which it comes back"},
  };
  static constexpr Relation relations[] = {
      {THROTTLE_C, Relation::BELOW, SHUTDOWN_C, "throttling comes first"},
      {RESUME_C, Relation::BELOW, SHUTDOWN_C, "it would start only to shut down"}};

  template <class P>
  struct Derived {
    P per_approach, per_rack, per_loop, throttle_C, per_K, most_lost, shutdown_C, shutdown_s, resume_C,
        resume_s, restart_s, per_MW;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const P lost = 1.0 - p[THROTTLE_LEVEL];
    return {1.0 / p[APPROACH_K],
            1.0 / p[RACK_S_PER_K],
            1.0 / p[LOOP_S_PER_K],
            p[THROTTLE_C],
            lost / (p[SHUTDOWN_C] - p[THROTTLE_C]),
            lost,
            p[SHUTDOWN_C],
            p[SHUTDOWN_S],
            p[RESUME_C],
            p[RESUME_S],
            p[RESTART_S],
            P(1 / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T carried = in[CIRCULATION] * (x[RACK] - x[WATER]) * d.per_approach;
    dxdt[RACK] = (in[HEAT] * d.per_MW - carried) * d.per_rack;
    dxdt[WATER] = (carried - in[Q_COOL] * d.per_MW) * d.per_loop;

    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T share = (1.0 - clamp_(T((x[RACK] - d.throttle_C) * d.per_K), T(0.0), T(d.most_lost))) * ramp;
    out[P_IT] = in[P_REQ] * share;
    out[T_RACK] = x[RACK];
    out[T_WATER] = x[WATER];
    out[IT_SHARE] = share;

    const auto operation = context.mode[AUTOMATON];
    const T inert(-1.0);
    const T warm = x[RACK] - d.throttle_C;
    const T cool = d.resume_C - x[RACK];
    context.guard[WARM] =
        select_(operation == NORMAL, warm,
                select_(operation == THROTTLED, -warm - kHysteresis_K,
                        select_(operation == SHUT_DOWN, cool,
                                select_(operation == COOLED, -cool - kHysteresis_K, inert))));
    const T hot = x[RACK] - d.shutdown_C;
    context.guard[HOT] = select_(operation == SHUT_DOWN, inert, select_(operation == COOLED, inert, hot));
  }

  /// Rests below throttle_C, the chillers taking all heat.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const auto unknown = [](double v) { return !(v == v); };
    if (unknown(rest.in[CIRCULATION])) rest.in[CIRCULATION] = 1;
    if (const Outcome o = Outcome::check("circulation at rest", rest.in[CIRCULATION], 1e-3, kInfinity);
        !o.ok())
      return o;
    if (unknown(rest.in[HEAT])) return {"IT heat (MW; nothing gives it at rest)", rest.in[HEAT], 0, 0};
    if (unknown(rest.out[T_WATER]))
      return {"water temperature (degC; no chiller gives it at rest)", rest.out[T_WATER], 0, 0};
    const double heat = rest.in[HEAT] * d.per_MW;
    if (unknown(rest.in[Q_COOL])) rest.in[Q_COOL] = rest.in[HEAT];
    const double cooled = rest.in[Q_COOL] * d.per_MW;
    if (const Outcome o =
            Outcome::check("heat taken by the chillers (pu of the IT rating)", cooled, heat, heat);
        !o.ok())
      return o;
    x[WATER] = rest.out[T_WATER];
    x[RACK] = x[WATER] + heat / (rest.in[CIRCULATION] * d.per_approach);
    if (const Outcome o =
            Outcome::check("coolant temperature at the racks (degC)", x[RACK], -kInfinity, d.throttle_C);
        !o.ok())
      return o;
    if (unknown(rest.in[P_REQ])) rest.in[P_REQ] = rest.out[P_IT];
    const double P_it = unknown(rest.out[P_IT]) ? rest.in[P_REQ] : rest.out[P_IT];
    if (const Outcome o = Outcome::check("IT power (pu; as asked for)", P_it, rest.in[P_REQ], rest.in[P_REQ]);
        !o.ok())
      return o;
    rest.held[RAMP_VALUE] = 1;
    rest.out[P_IT] = rest.in[P_REQ];
    rest.out[T_RACK] = x[RACK];
    rest.out[IT_SHARE] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD && happening.index == HOT) {
      const double now = a.held[RAMP_VALUE] + a.held[RAMP_SLOPE] * (t - a.held[RAMP_START]);
      operation = SHUT_DOWN;
      a.threshold = d.shutdown_C;
      ramp(a, t, now, -now / d.shutdown_s);
      a.timer[STEP] = t + d.shutdown_s;
      return Effect::KINK;
    }
    if (happening.kind == Happening::GUARD) {
      if (operation <= THROTTLED) {
        operation = operation == NORMAL ? THROTTLED : NORMAL;
        a.threshold = d.throttle_C;
        return Effect::KINK;
      }
      // A coolant that is cool before the ramp down has ended waits for its end, too.
      operation = operation == SHUT_DOWN ? COOLED : SHUT_DOWN;
      a.threshold = d.resume_C;
      if (a.held[RAMP_SLOPE] == 0) a.timer[STEP] = operation == COOLED ? t + d.resume_s : kNever;
      return Effect::NONE;
    }
    if (operation == RESTARTING) {
      operation = NORMAL;
      ramp(a, t, 1, 0);
      return Effect::KINK;
    }
    if (a.held[RAMP_SLOPE] != 0) {  // the ramp down ends
      ramp(a, t, 0, 0);
      a.timer[STEP] = operation == COOLED ? t + d.resume_s : kNever;
      return Effect::KINK;
    }
    a.pickup_time = t - d.resume_s;
    a.threshold = d.resume_C;
    operation = RESTARTING;
    a.timer[STEP] = t + d.restart_s;
    ramp(a, t, 0, 1 / d.restart_s);
    return Effect::KINK;
  }

 private:
  BALLAST_HD static void ramp(Automaton& a, double t, double value, double slope) {
    a.held[RAMP_START] = t;
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
  }
};
BALLAST_MODEL(Coolant, "COOLANT");

}  // namespace ballast
