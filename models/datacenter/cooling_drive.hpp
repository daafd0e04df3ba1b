/// \file
/// Variable-speed drives of a cooling plant: DC link, trips, restart.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Pumps and fans behind variable-speed drives, as one block: constant power out of a DC link that a diode
/// bridge feeds.
///
///   grid ──► diode bridge ──► DC link, w = v^2 ──► inverter ──► P = n^3
///   link_s dw/dt = P_in - P,   P_in = P + link_s (V^2 - w)/kBridge_s within 0 and current_limit V
///
///   running ── v below V_trip, or above V_high_trip ──► tripped ── V above V_good ──► waiting ── restart_s
///   ──► starting ── ramp_s ──► running          waiting ── V below V_good ──► tripped
///
/// link_s is the energy of the link at 1 pu; it follows from ride_s, the time that rated load takes to run an
/// unfed link from 1 pu down to V_trip. The bridge blocks while the link is above the line, so that after a
/// dip nothing is drawn until the link has come down to it; the link of a stopped drive is charged through a
/// resistor (kPrecharge). n is the speed, 1 at rest: a ramp after a restart. Flow follows speed behind
/// coast_s: water and fans run on. Kinetic buffering is a longer ride_s.
///
/// Source: trip levels, ride-through and restart delay from docs/datacenter-models.md; the reduction is ours.
///
/// Deviations: average bridge without ripple or choke; cube law of centrifugal loads; constant power factor.
struct CoolingDrive : ModelDefaults {
  static constexpr const char* title = "Variable-speed drives of a cooling plant";
  static constexpr const char* source = "incident reports and common practice, docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { LINK, FLOW, kStates };
  enum Input { VR, VI, TIME, kInputs };
  enum Output { IR, II, P_LOAD, LINK_VOLTAGE, CIRCULATION, REJECTION, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< an Operation
  enum Operation { RUNNING, STARTING, TRIPPED, WAITING };
  enum Held { RAMP_VALUE, RAMP_SLOPE, RAMP_START, kHeld };  ///< speed: value + slope (t - start)
  enum Timer { STEP, kTimers };
  enum Threshold { LOW, HIGH, LINE, kGuards };
  enum Parameter {
    POWER_FACTOR,
    CURRENT_LIMIT,
    V_TRIP,
    V_HIGH_TRIP,
    RIDE_S,
    V_GOOD,
    RESTART_S,
    RAMP_S,
    COAST_S,
    CIRCULATION_SHARE,
    REJECTION_SHARE,
    kParameters
  };
  static constexpr double kBridge_s = 0.01;     ///< how fast the link follows the line, while it is fed
  static constexpr double kPrecharge = 0.05;    ///< pu of current that charges the link of a stopped drive
  static constexpr double kHysteresis = 0.01;   ///< pu of voltage
  static constexpr double kLeastVoltage = 0.1;  ///< pu; below it the bridge is an impedance

  static constexpr StateInfo states[] = {{"link", "pu"}, {"flow", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"time", "s"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_load", "MW", "active power drawn"},
      {"link_voltage", "pu", "voltage of the DC link"},
      {"circulation", "1", "share of the coolant's flow"},
      {"rejection", "1", "share of the heat rejection"},
  };
  static constexpr ThresholdInfo thresholds[] = {
      {"DC link energy", "pu"}, {"DC link energy", "pu"}, {"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"running", "starting", "tripped", "waiting"};

  static constexpr ParameterInfo parameters[] = {
      {"power_factor", "pu", within(0.5, 1), within(0.85, 1), "of the drives, lagging"},
      {"current_limit", "pu", within(1, 10), within(1.2, 4), "input current while the link is charged"},
      {"V_trip", "pu", within(0.1, 0.95), within(0.7, 0.85), "link voltage of the undervoltage trip"},
      {"V_high_trip", "pu", within(1.01, 3), within(1.1, 1.4), "link voltage of the overvoltage trip"},
      {"ride_s", "s", within(1e-3, 60), within(0.01, 0.05), "an unfed link carries rated load to V_trip"},
      {"V_good", "pu", within(0.1, 1), within(0.8, 0.95), "voltage from which a restart may begin"},
      {"restart_s", "s", not_negative(), anything(),
       "voltage above V_good before the restart; inf = by hand only"},
      {"ramp_s", "s", within(0.01, 3600), within(5, 120), "from standstill to full speed"},
      {"coast_s", "s", within(0.01, 600), within(0.5, 20), "flow runs on after the drive"},
      {"circulation", "1", within(0, 1), anything(), "share of the coolant's flow that they give"},
      {"rejection", "1", within(0, 1), anything(), "share of the heat rejection that they give"},
  };
  static constexpr Relation relations[] = {
      {V_TRIP, Relation::BELOW, V_GOOD, "the restart would trip at once"}};

  template <class P>
  struct Derived {
    P tangent, current_limit, w_low, w_high, link_s, per_link, V_good, restart_s, ramp_s, per_coast,
        circulation, rejection, to_system, device_MW;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const P link_s = p[RIDE_S] / (1.0 - p[V_TRIP] * p[V_TRIP]);
    return {sqrt_(1.0 - p[POWER_FACTOR] * p[POWER_FACTOR]) / p[POWER_FACTOR],
            p[CURRENT_LIMIT],
            p[V_TRIP] * p[V_TRIP],
            p[V_HIGH_TRIP] * p[V_HIGH_TRIP],
            link_s,
            1.0 / link_s,
            p[V_GOOD],
            p[RESTART_S],
            p[RAMP_S],
            1.0 / p[COAST_S],
            p[CIRCULATION_SHARE],
            p[REJECTION_SHARE],
            P(ratings.device_MVA / ratings.system_MVA),
            P(ratings.device_MVA)};
  }
  /// Reactive power drawn at rest per active power: what the power flow has to know.
  static double rest_tangent(const Derived<double>& d) { return d.tangent; }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto turning = operation < TRIPPED;
    const T zero(0.0);
    const T V = magnitude_(in[VR], in[VI]);
    const T ramp =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    const T speed = select_(turning, ramp, zero);
    const T shaft = speed * speed * speed;
    const T most = V * select_(turning, T(d.current_limit), T(kPrecharge));
    const T fed = clamp_(T(shaft + (V * V - x[LINK]) * d.link_s * (1 / kBridge_s)), zero, most);
    dxdt[LINK] = (fed - shaft) * d.per_link;
    dxdt[FLOW] = (speed - x[FLOW]) * d.per_coast;

    const T divisor = max_(V, T(kLeastVoltage));
    const T P_over_V2 = fed * d.to_system / (divisor * divisor);
    const T Q_over_V2 = P_over_V2 * d.tangent;
    out[IR] = -(P_over_V2 * in[VR] + Q_over_V2 * in[VI]);
    out[II] = -(P_over_V2 * in[VI] - Q_over_V2 * in[VR]);
    out[P_LOAD] = P_over_V2 * V * V / d.to_system * d.device_MW;
    out[LINK_VOLTAGE] = sqrt_(max_(x[LINK], T(1e-6)));
    out[CIRCULATION] = x[FLOW] * d.circulation;
    out[REJECTION] = x[FLOW] * d.rejection;

    const T inert(-1.0);
    context.guard[LOW] = select_(turning, d.w_low - x[LINK], inert);
    context.guard[HIGH] = select_(turning, x[LINK] - d.w_high, inert);
    context.guard[LINE] = select_(operation == TRIPPED, V - d.V_good,
                                  select_(operation == WAITING, d.V_good - kHysteresis - V, inert));
  }

  /// Rests at full speed with rated power.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_good, sqrt_(d.w_high)); !o.ok()) return o;
    if (rest.out[IR] == rest.out[IR]) {  // not NaN: the power flow has decided
      const double P = -(Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
      const double Q = -(Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
      if (const Outcome o = Outcome::check("active power drawn (pu)", P, 1, 1); !o.ok()) return o;
      if (const Outcome o = Outcome::check("reactive power drawn (pu)", Q, d.tangent, d.tangent); !o.ok())
        return o;
    }
    if (const Outcome o = Outcome::check("active power drawn (pu)", 1, 0, V * d.current_limit); !o.ok())
      return o;
    x[LINK] = V * V;
    x[FLOW] = 1;
    rest.held[RAMP_VALUE] = 1;
    const double per_V2 = d.to_system / (V * V);
    rest.out[IR] = -per_V2 * (Vr + d.tangent * Vi);
    rest.out[II] = -per_V2 * (Vi - d.tangent * Vr);
    rest.out[P_LOAD] = d.device_MW;
    rest.out[LINK_VOLTAGE] = V;
    rest.out[CIRCULATION] = d.circulation;
    rest.out[REJECTION] = d.rejection;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD) {
      if (happening.index == LINE) {
        operation = operation == TRIPPED ? WAITING : TRIPPED;
        a.timer[STEP] = operation == WAITING ? t + d.restart_s : kNever;
        a.threshold = d.V_good;
        return Effect::NONE;
      }
      a.threshold = happening.index == LOW ? d.w_low : d.w_high;
      operation = TRIPPED;
      a.timer[STEP] = kNever;
      ramp(a, t, 0, 0);
      return Effect::JUMP;
    }
    if (operation == WAITING) {
      a.pickup_time = t - d.restart_s;
      a.threshold = d.V_good;
      operation = STARTING;
      a.timer[STEP] = t + d.ramp_s;
      ramp(a, t, 0, 1 / d.ramp_s);
      return Effect::KINK;
    }
    operation = RUNNING;
    ramp(a, t, 1, 0);
    return Effect::KINK;
  }

 private:
  BALLAST_HD static void ramp(Automaton& a, double t, double value, double slope) {
    a.held[RAMP_START] = t;
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
  }
};
BALLAST_MODEL(CoolingDrive, "COOLDRIVE");

}  // namespace ballast
