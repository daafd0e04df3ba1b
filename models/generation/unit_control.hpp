/// \file
/// Controller of one generating unit in a plant: start sequence, synchronising, loading, load sharing.
#pragma once

#include "models/blocks.hpp"
#include "models/generation/synchronism.hpp"

namespace ballast {

/// Starts a unit, closes its breaker, gives its governor the speed reference, and takes it off.
///
///   standby ── bus below V_start, or mean loading above load_start, for start_delay_s; by hand ──► queued
///   queued ── order_s ──► purge and ignition ── purge_s ──► acceleration ── accelerate_s ──► synchronising
///   synchronising ── in synchronism, or bus dead for dead_s ──► closing ── breaker closed ──► on line
///   synchronising ── sync_limit_s ──► standby (it tries again when it is wanted again)
///   on line ── stopped by hand ──► unloading ── power below 2 % ──► standby
///   any ── its machine trips, or its breaker is opened by somebody else ──► locked out
///
/// On line it takes up load by `ramp`: loading L goes from 0 to 1. A unit that closed onto a dead bus is
/// alone and has L = 1 at once. With p the unit's power over its rating and `mean` that of the plant's units
/// on line:
///
///   isochronous   target = L mean         the sum of all targets is the load: no droop is left
///   droop         target = L set          also isochronous units while `parallel` (a stiff grid beside them)
///   set           follows mean until then (bumpless), then goes to Pset no faster than `ramp`
///   Pref = trim + lag(filter_s) of R (target - p),   trim = bus frequency - 1 + slip while synchronising
///
/// The governor is one without a droop of its own (GGOV1 with Rselect = 0, DEGOV1 with DROOP = 0): its Pref
/// is a reference of speed.
///
/// Source: isochronous load sharing as of digital unit controllers; sequence and times of a cold start of an
/// aeroderivative unit as in docs/power-plants.md; our own reduction.
///
/// Deviations: the rotor of a unit that stands still is not simulated: behind its open breaker the machine
/// turns at no load, and purge, ignition and acceleration are times. No sharing of reactive power (regulators
/// hold terminal voltages behind their transformers), no advance for the closing time of the breaker, no
/// failed start.
struct UnitControl : ModelDefaults {
  static constexpr const char* title = "Unit controller: start sequence, synchronising, load sharing";
  static constexpr const char* source =
      "isochronous load sharing and start sequences of unit controllers; own reduction, docs/power-plants.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::PROTECTION;

  enum State { LOADING, BIAS, SET, kStates };
  enum Input {
    VR,
    VI,
    VR_FAR,
    VI_FAR,
    CLOSED,
    OMEGA,
    PE,
    IN_SERVICE,
    FREQUENCY,
    VR_WATCHED,
    VI_WATCHED,
    MEAN,
    PSET,
    PLANT_TRIM,
    PARALLEL,
    kInputs
  };
  enum Output { BREAKER, P_MW, SHARE_MW, PREF, LOADING_OUT, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Stage {
    STANDBY,
    BUS_LOW,
    LOAD_HIGH,
    QUEUED,
    PURGE,
    ACCELERATION,
    SYNCHRONISING,
    BUS_DEAD,
    CLOSING,
    ON_LINE,
    UNLOADING,
    LOCKED_OUT
  };
  enum Held { ORDER, RATE, ALONE, kHeld };  ///< 1 closed; of loading, 1/s; 1 closing onto a dead bus
  enum Timer { STEP, LIMIT, START, STOP, kTimers };
  enum Threshold { LOW, HIGH, CHECK, DEAD, BREAKER_CLOSED, LOST, UNLOADED, kGuards };

  static constexpr StateInfo states[] = {{"loading_state", "pu"}, {"bias", "pu"}, {"set", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"Vr_far", "pu"},
                                         {"Vi_far", "pu"},
                                         {"closed", "1"},
                                         {"omega", "pu"},
                                         {"Pe", "pu"},
                                         {"in_service", "1"},
                                         {"frequency", "pu"},
                                         {"Vr_watched", "pu"},
                                         {"Vi_watched", "pu"},
                                         {"mean", "pu"},
                                         {"Pset", "pu", Unwired::HELD},
                                         {"plant_trim", "pu", Unwired::ZERO},
                                         {"parallel", "1", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {
      {"breaker", "1", "1 while it holds the unit's breaker closed"},
      {"P_unit", "MW", "active power of the unit at its terminals, 0 while its breaker is open"},
      {"share", "MW", "rated power that has taken up its load"},
      {"Pref", "pu", "speed reference, deviation from nominal"},
      {"loading", "1", "share of its part of the load that the unit has taken up"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"},
                                                 {"mean loading", "pu"},
                                                 {"angle across the breaker", "pu"},
                                                 {"life of its bus", "pu"},
                                                 {"breaker", "1"},
                                                 {"unit in service", "1"},
                                                 {"power", "pu"}};
  static constexpr const char* mode_names[] = {"standby",       "standby, bus low",   "standby, load high",
                                               "queued",        "purge and ignition", "acceleration",
                                               "synchronising", "bus dead",           "closing",
                                               "on line",       "unloading",          "locked out"};

  enum Parameter {
    P_RATED,
    ISOCHRONOUS,
    R,
    FILTER_S,
    RAMP,
    V_START,
    LOAD_START,
    START_DELAY_S,
    ORDER_S,
    PURGE_S,
    ACCELERATE_S,
    SLIP_HZ,
    SLIP_LIMIT_HZ,
    ANGLE_DEG,
    VOLTAGE_PU,
    SYNC_LIMIT_S,
    DEAD_S,
    STANDBY_SET,
    kParameters
  };
  static constexpr ParameterInfo parameters[] = {
      {"P_rated_MW", "MW", positive(), within(1, 600), "rated power of the unit"},
      {"isochronous", "1", within(0, 1), anything(), "1: isochronous load sharing; 0: droop"},
      {"R", "pu", positive(), within(0.02, 0.1), "droop, about the mean loading where isochronous"},
      {"filter_s", "s", within(0.05, 20), within(0.1, 5), "lag of the measured power"},
      {"ramp", "pu/s", positive(), within(0.0005, 0.2), "how fast it takes up and gives up load"},
      {"V_start", "pu", not_negative(), within(0, 0.95),
       "starts below this voltage of the bus watched; 0 = no"},
      {"load_start", "pu", positive(), within(0.5, 1.2), "starts above this mean loading; inf = no"},
      {"start_delay_s", "s", not_negative(), within(0, 60), "for so long, before it starts"},
      {"order_s", "s", not_negative(), within(0, 600), "wait for its place in the plant's sequence"},
      {"purge_s", "s", not_negative(), within(1, 600), "purge and ignition, or cranking"},
      {"accelerate_s", "s", not_negative(), within(1, 600), "acceleration to nominal speed"},
      {"slip_Hz", "Hz", positive(), within(0.02, 0.3), "faster than the bus by this while synchronising"},
      {"slip_limit_Hz", "Hz", positive(), within(0.05, 0.6), "largest slip at closing"},
      {"angle_deg", "deg", within(0.1, 60), within(2, 20), "largest angle at closing"},
      {"voltage_pu", "pu", positive(), within(0.02, 0.2), "largest difference of voltage at closing"},
      {"sync_limit_s", "s", positive(), within(30, 1800), "longest wait for synchronism; inf = for ever"},
      {"dead_s", "s", not_negative(), within(0.1, 60), "closes onto a bus dead for so long; inf = never"},
      {"standby_set", "pu", not_negative(), within(0, 1), "Pset of a unit in standby at rest"},
  };
  static constexpr Relation relations[] = {
      {SLIP_HZ, Relation::BELOW, SLIP_LIMIT_HZ, "it would never be in synchronism"}};

  template <class P>
  struct Derived {
    P P_rated, to_MW, isochronous, R, filter_rate, ramp, V_start, load_start, slip;
    P start_delay_s, order_s, purge_s, accelerate_s, sync_limit_s, dead_s, standby_set;
    SynchronismWindow<P> window;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.P_rated = p[P_RATED];
    d.to_MW = P(ratings.device_MVA);
    d.isochronous = p[ISOCHRONOUS];
    d.R = p[R];
    d.filter_rate = 1.0 / p[FILTER_S];
    d.ramp = p[RAMP];
    d.V_start = p[V_START];
    d.load_start = p[LOAD_START];
    d.slip = p[SLIP_HZ] * (1 / ratings.frequency_Hz);
    d.start_delay_s = p[START_DELAY_S];
    d.order_s = p[ORDER_S];
    d.purge_s = p[PURGE_S];
    d.accelerate_s = p[ACCELERATE_S];
    d.sync_limit_s = p[SYNC_LIMIT_S];
    d.dead_s = p[DEAD_S];
    d.standby_set = p[STANDBY_SET];
    d.window = make_window<P>(p[ANGLE_DEG], p[VOLTAGE_PU], p[SLIP_LIMIT_HZ], ratings.frequency_Hz);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto stage = context.mode[AUTOMATON];
    const T connected = in[CLOSED] * in[IN_SERVICE];
    const T p = in[PE] * d.to_MW / d.P_rated;

    // Load sharing
    const auto shares = d.isochronous - in[PARALLEL] > 0.5;
    const T to_Pset = min_(max_(T((in[PSET] - x[SET]) * kPull), T(-d.ramp)), T(d.ramp));
    dxdt[SET] = select_(shares, T(connected * (in[MEAN] - x[SET])), to_Pset);
    const T target = x[LOADING] * select_(shares, in[MEAN], x[SET]);
    dxdt[BIAS] = (connected * d.R * (target - p) - x[BIAS]) * d.filter_rate;
    dxdt[LOADING] = T(1.0) * context.held[RATE];
    const T far = magnitude_(in[VR_FAR], in[VI_FAR]);
    const T slip = in[OMEGA] + 1.0 - in[FREQUENCY];
    const T match = select_(far > kDeadBus, T(in[FREQUENCY] - 1.0 + d.slip), T(0.0));
    const T trim = select_(stage == SYNCHRONISING, match, T(connected * in[PLANT_TRIM]));
    out[BREAKER] = T(1.0) * context.held[ORDER];
    out[P_MW] = connected * in[PE] * d.to_MW;
    out[SHARE_MW] = connected * x[LOADING] * d.P_rated;
    out[PREF] = trim + x[BIAS];
    out[LOADING_OUT] = x[LOADING];

    // Conditions
    const T none = T(-1.0);
    const T low = d.V_start - magnitude_(in[VR_WATCHED], in[VI_WATCHED]);
    const T high = in[MEAN] - d.load_start;
    context.guard[LOW] = select_(stage == STANDBY, low, select_(stage == BUS_LOW, T(-low), none));
    context.guard[HIGH] = select_(stage == STANDBY, high, select_(stage == LOAD_HIGH, T(-high), none));
    const T check = in_synchronism(in[VR], in[VI], in[VR_FAR], in[VI_FAR], slip, d.window);
    context.guard[CHECK] = select_(stage == SYNCHRONISING, check, none);
    context.guard[DEAD] = select_(stage == SYNCHRONISING, T(kDeadBus - far),
                                  select_(stage == BUS_DEAD, T(far - kDeadBus), none));
    context.guard[BREAKER_CLOSED] = select_(stage == CLOSING, T(in[CLOSED] - 0.5), none);
    context.guard[UNLOADED] = select_(stage == UNLOADING, T(kUnloaded - p), none);
    const T gone = 0.5 - in[IN_SERVICE];
    const T lost = select_(stage == ON_LINE, max_(gone, T(0.5 - in[CLOSED])),
                           select_(stage == UNLOADING, max_(gone, T(0.5 - in[CLOSED])), gone));
    context.guard[LOST] = select_(stage == LOCKED_OUT, none, lost);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const bool runs = rest.in[CLOSED] > 0.5;
    const double p = rest.in[PE] * d.to_MW / d.P_rated;
    rest.mode[AUTOMATON] = runs ? ON_LINE : STANDBY;
    rest.held[ORDER] = x[LOADING] = runs ? 1 : 0;
    x[BIAS] = 0;
    x[SET] = rest.in[PSET] = runs ? p : d.standby_set;
    rest.out[BREAKER] = rest.out[LOADING_OUT] = rest.held[ORDER];
    rest.out[P_MW] = runs ? p * d.P_rated : 0;
    rest.out[SHARE_MW] = runs ? d.P_rated : 0;
    rest.out[PREF] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    int& stage = a.mode[AUTOMATON];
    const double t = happening.time;
    if (happening.kind == Happening::TIMER) return timer_expired(happening.index, a, d, t);
    switch (happening.index) {
      case LOW:
      case HIGH: {
        const bool wanted = stage == STANDBY;
        a.threshold = happening.index == LOW ? d.V_start : d.load_start;
        if (happening.index == HIGH) a.value = a.in[MEAN];
        stage = !wanted ? STANDBY : happening.index == LOW ? BUS_LOW : LOAD_HIGH;
        a.timer[STEP] = wanted ? t + d.start_delay_s : kNever;
        return Effect::NONE;
      }
      case CHECK:
        a.held[ALONE] = 0;
        return close(a);
      case DEAD:
        stage = stage == SYNCHRONISING ? BUS_DEAD : SYNCHRONISING;
        a.timer[STEP] = stage == BUS_DEAD ? t + d.dead_s : kNever;
        return Effect::KINK;
      case BREAKER_CLOSED: {
        stage = ON_LINE;
        a.x[LOADING] = a.held[ALONE] > 0.5 ? 1 : 0;
        a.held[RATE] = a.held[ALONE] > 0.5 ? 0 : d.ramp;
        a.timer[STEP] = a.held[ALONE] > 0.5 ? kNever : t + 1 / d.ramp;
        return Effect::KINK;
      }
      case UNLOADED:
        stage = STANDBY;
        return off(a);
      default:
        break;
    }
    stage = LOCKED_OUT;
    return off(a);
  }

 private:
  static constexpr double kPull = 2;         ///< 1/s
  static constexpr double kUnloaded = 0.02;  ///< pu of the rating

  BALLAST_HD static Effect close(Automaton& a) {
    a.mode[AUTOMATON] = CLOSING;
    a.held[ORDER] = 1;
    a.timer[STEP] = a.timer[LIMIT] = kNever;
    return Effect::JUMP;
  }
  BALLAST_HD static Effect off(Automaton& a) {
    a.held[ORDER] = a.held[RATE] = 0;
    a.x[LOADING] = a.x[BIAS] = 0;
    a.timer[STEP] = a.timer[LIMIT] = kNever;
    return Effect::JUMP;
  }
  BALLAST_HD static Effect timer_expired(int timer, Automaton& a, const Derived<double>& d, double t) {
    int& stage = a.mode[AUTOMATON];
    if (timer == START) {
      if (stage != STANDBY && stage != BUS_LOW && stage != LOAD_HIGH) return Effect::NONE;
      stage = QUEUED;
      a.timer[STEP] = t + d.order_s;
      return Effect::NONE;
    }
    if (timer == STOP) {
      if (stage != ON_LINE) return Effect::NONE;
      stage = UNLOADING;
      a.held[RATE] = -d.ramp;
      a.timer[STEP] = t + a.x[LOADING] / d.ramp;
      return Effect::KINK;
    }
    if (timer == LIMIT) {
      stage = STANDBY;
      a.timer[STEP] = kNever;
      return Effect::KINK;
    }
    switch (stage) {
      case BUS_LOW:
      case LOAD_HIGH:
        a.pickup_time = t - d.start_delay_s;
        a.threshold = stage == BUS_LOW ? d.V_start : d.load_start;
        a.guard = stage == BUS_LOW ? LOW : HIGH;
        stage = QUEUED;
        a.timer[STEP] = t + d.order_s;
        return Effect::NONE;
      case QUEUED:
        stage = PURGE;
        a.timer[STEP] = t + d.purge_s;
        return Effect::NONE;
      case PURGE:
        stage = ACCELERATION;
        a.timer[STEP] = t + d.accelerate_s;
        return Effect::NONE;
      case ACCELERATION:
        stage = SYNCHRONISING;
        a.timer[STEP] = kNever;
        a.timer[LIMIT] = t + d.sync_limit_s;
        return Effect::KINK;
      case BUS_DEAD:
        a.held[ALONE] = 1;
        return close(a);
      case ON_LINE:    // all its load is taken up
      case UNLOADING:  // or given up
        a.x[LOADING] = stage == ON_LINE ? 1 : 0;
        a.held[RATE] = 0;
        return Effect::KINK;
      default:
        return Effect::NONE;
    }
  }
};
BALLAST_MODEL(UnitControl, "UNITCONTROL");

}  // namespace ballast
