/// \file
/// Cooling motors on line: pumps, fans and compressors behind contactors.
#pragma once

#include "models/loads/motor.hpp"

namespace ballast {

/// Induction motors straight on line, held in by contactors that a dip drops out.
///
///                V below V_drop           drop_s
///   running ──────────────────► dropping ────────► open ◄─────── V below V_close ───────┐
///      ▲  ▲                         │                └── V above V_close ──► returning ──┤
///      │  └───── V back in time ────┘                                            │
///      └───────────────────────── restart_s ─────────────────────────────────────┘
///   running ── current above overload for overload_s ──► tripped (stays)
///
/// While open a motor draws nothing and coasts under its load torque, its flux decaying with Tpo; closed
/// again it starts direct on line from the speed it has left, with the inrush that its circuit gives.
/// Reactive power beyond the motors' own is a capacitor beside them, switched with them.
///
/// Flow is in proportion to speed: `circulation` of the coolant, `rejection` of heat at the chillers.
///
/// Source: motor as in motor.hpp (PSLF motorw); contactor levels from memory, docs/datacenter-models.md.
///
/// Deviations: one machine stands for the motors of a group; residual flux at reclosing has no phase (it is
/// gone after some Tpo).
struct CoolingMotor : ModelDefaults {
  static constexpr const char* title = "Cooling motors on line behind contactors";
  static constexpr const char* source =
      "motor: PSLF motorw; contactor and restart: docs/datacenter-models.md, from memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { kStates = kMotorLoadStates };
  enum Input { VR, VI, FRAME_SPEED, kInputs };
  enum Output { IR, II, SPEED, P_LOAD, CIRCULATION, REJECTION, Q_SHUNT, kOutputs };
  enum Mode { AUTOMATON = kLimits, OVERLOADED, kModes };  ///< an Operation; 1 current above overload
  enum Operation { RUNNING, DROPPING, OPEN, RETURNING, TRIPPED };
  enum Held { TORQUE0, SHUNT, FULL_SPEED, PICKUP, kHeld };  ///< pu of the base; pu; pu; s
  enum Timer { STEP, RELAY, kTimers };
  enum Threshold { CONTACTOR, OVERCURRENT, kGuards };
  enum Parameter {
    RS,
    LS,
    LP,
    LPP,
    TPO,
    TPPO,
    H,
    ETRQ,
    V_DROP,
    DROP_S,
    V_CLOSE,
    RESTART_S,
    OVERLOAD,
    OVERLOAD_S,
    CIRCULATION_SHARE,
    REJECTION_SHARE,
    kParameters
  };
  static constexpr double kHysteresis = 0.01;  ///< pu of voltage or current inside a level that clears it

  static constexpr ParameterInfo parameters[] = {
      {"Rs", "pu", not_negative(), within(0, 0.1), "stator resistance"},
      {"Ls", "pu", positive(), within(1, 5), "synchronous reactance"},
      {"Lp", "pu", positive(), within(0.08, 0.4), "transient reactance"},
      {"Lpp", "pu", positive(), within(0.08, 0.4), "subtransient reactance"},
      {"Tpo", "s", positive(), within(0.05, 2), "transient time constant, open circuit"},
      {"Tppo", "s", not_negative(), within(0, 0.05), "subtransient time constant; 0 = a single cage"},
      {"H", "s", positive(), within(0.05, 3), "inertia, on the motor's base"},
      {"Etrq", "1", within(-2, 6), within(0, 3), "exponent of the speed in the load torque"},
      {"V_drop", "pu", within(0, 0.95), within(0.4, 0.75), "contactors drop out below; 0 = they never do"},
      {"drop_s", "s", within(0, 10), within(0.01, 0.05), "after this time below V_drop"},
      {"V_close", "pu", within(0.1, 1), within(0.7, 0.9), "voltage from which they may close again"},
      {"restart_s", "s", not_negative(), anything(),
       "voltage above V_close before they close; inf = by hand only"},
      {"overload", "pu", positive(), anything(), "current that heats the overload relay; inf = no relay"},
      {"overload_s", "s", not_negative(), within(5, 30), "then it trips, for good"},
      {"circulation", "1", within(0, 1), anything(), "share of the coolant's flow that they give"},
      {"rejection", "1", within(0, 1), anything(), "share of the heat rejection that they give"},
  };
  static constexpr Relation relations[] = {
      {LP, Relation::BELOW, LS, "the cage lowers the reactance"},
      {LPP, Relation::NOT_ABOVE, LP, "the second cage lowers it further"},
      {V_DROP, Relation::BELOW, V_CLOSE, "contactors would close only to drop out"},
  };
  static constexpr const StateInfo (&states)[kMotorLoadStates] = kMotorLoadStateInfo;
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"speed", "pu", "rotor speed"},
      {"P_load", "MW", "active power drawn"},
      {"circulation", "1", "share of the coolant's flow"},
      {"rejection", "1", "share of the heat rejection"},
      {"Q_shunt", "Mvar", "reactive power of the capacitor beside the motors, given"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}, {"motor current", "pu"}};
  static constexpr const char* mode_names[] = {"running", "dropping out", "open", "returning", "tripped"};

  template <class P>
  struct Derived {
    Motor<P> motor;
    P V_drop, drop_s, V_close, restart_s, overload, overload_s, circulation, rejection, to_system;
    double system_MVA;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {make_motor(p[RS], p[LS], p[LP], p[LPP], p[TPO], p[TPPO], p[H], p[ETRQ], ratings.frequency_Hz),
            p[V_DROP],
            p[DROP_S],
            p[V_CLOSE],
            p[RESTART_S],
            min_(p[OVERLOAD], P(1e6)),  // infinity would make 0 times infinity
            p[OVERLOAD_S],
            p[CIRCULATION_SHARE],
            p[REJECTION_SHARE],
            P(ratings.device_MVA / ratings.system_MVA),
            ratings.system_MVA};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto operation = context.mode[AUTOMATON];
    const auto closed = operation < OPEN;
    const VoltageFrame<T> frame = voltage_frame(x[FRAME_ANGLE], in[VR], in[VI]);
    const MotorFlow<T> flow =
        motor_equations(d.motor, x, frame, in[FRAME_SPEED], context.held[TORQUE0], dxdt);
    dxdt[FRAME_ANGLE] = frame.turn;
    const T speed = 1.0 + x[MOTOR_SPEED];
    for (int k = E1_D; k <= E2_Q; ++k) dxdt[k] = select_(closed, dxdt[k], -x[k] * d.motor.rate1);
    dxdt[MOTOR_SPEED] =
        select_(closed, dxdt[MOTOR_SPEED], shaft_rate(d.motor, speed, T(0.0), context.held[TORQUE0]));

    const T scale = select_(closed, T(d.to_system), T(0.0));
    const T shunt = scale * context.held[SHUNT];
    inject_motor(flow, frame, scale, shunt, in[VR], in[VI], out[IR], out[II]);
    const T V = magnitude_(in[VR], in[VI]);
    out[SPEED] = speed;
    out[P_LOAD] = -(in[VR] * out[IR] + in[VI] * out[II]) * d.system_MVA;
    const T running = max_(speed, T(0.0)) / context.held[FULL_SPEED];
    out[CIRCULATION] = running * d.circulation;
    out[REJECTION] = running * d.rejection;
    out[Q_SHUNT] = shunt * V * V * d.system_MVA;

    const T inert(-1.0);
    const T in_service = select_(operation == RUNNING, d.V_drop - V, V - d.V_drop - kHysteresis);
    const T out_of_service = select_(operation == OPEN, V - d.V_close,
                                     select_(operation == RETURNING, d.V_close - kHysteresis - V, inert));
    context.guard[CONTACTOR] = select_(closed, in_service, out_of_service);
    const T current = magnitude_(flow.id, flow.iq);
    context.guard[OVERCURRENT] = select_(
        closed,
        select_(context.mode[OVERLOADED] == 1, d.overload - kHysteresis - current, current - d.overload),
        inert);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const std::complex<double> V(rest.in[VR], rest.in[VI]);
    const std::complex<double> power = -V * std::conj(std::complex(rest.out[IR], rest.out[II]));
    if (const Outcome o = Outcome::check("bus voltage", std::abs(V), std::max(d.V_close, 0.1), kInfinity);
        !o.ok())
      return o;
    double slip = 0;
    if (const Outcome o = motor_slip(d.motor, std::abs(V), power.real() / d.to_system, slip); !o.ok())
      return o;
    const MotorPoint at = motor_at_slip(d.motor, std::abs(V), slip);
    if (const Outcome o = Outcome::check("motor current (pu)", std::abs(at.I), 0, d.overload); !o.ok())
      return o;
    x[FRAME_ANGLE] = atan2_(V.imag(), V.real());
    rest.held[TORQUE0] = rest_motor(d.motor, at, slip, x);
    rest.held[SHUNT] = (at.reactive - power.imag() / d.to_system) / std::norm(V);
    rest.held[FULL_SPEED] = 1 - slip;
    rest.out[SPEED] = 1 - slip;
    rest.out[P_LOAD] = power.real() * d.system_MVA;
    rest.out[CIRCULATION] = d.circulation;
    rest.out[REJECTION] = d.rejection;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    int& operation = a.mode[AUTOMATON];
    if (happening.kind == Happening::GUARD && happening.index == OVERCURRENT) {
      a.mode[OVERLOADED] = 1 - a.mode[OVERLOADED];
      a.timer[RELAY] = a.mode[OVERLOADED] == 1 ? t + d.overload_s : kNever;
      return Effect::NONE;
    }
    if (happening.kind == Happening::TIMER && happening.index == RELAY) {
      a.pickup_time = t - d.overload_s;
      a.threshold = d.overload;
      return open(a, TRIPPED);
    }
    if (happening.kind == Happening::GUARD) {
      const bool closed = operation < OPEN;
      const bool begins = operation == RUNNING || operation == OPEN;
      a.threshold = closed ? d.V_drop : d.V_close;
      a.held[PICKUP] = t;
      a.timer[STEP] = begins ? t + (closed ? d.drop_s : d.restart_s) : kNever;
      operation += begins ? 1 : -1;
      return Effect::NONE;
    }
    a.pickup_time = a.held[PICKUP];
    if (operation == DROPPING) {
      a.threshold = d.V_drop;
      return open(a, OPEN);
    }
    a.threshold = d.V_close;
    operation = RUNNING;
    return Effect::JUMP;
  }

 private:
  BALLAST_HD static Effect open(Automaton& a, int to) {
    a.mode[AUTOMATON] = to;
    a.mode[OVERLOADED] = 0;
    a.timer[RELAY] = a.timer[STEP] = kNever;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(CoolingMotor, "COOLMOTOR");

}  // namespace ballast
