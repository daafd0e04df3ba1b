/// \file
/// Induction motor load with one or two cages.
#pragma once

#include "models/loads/motor.hpp"
#include "models/loads/undervoltage_stages.hpp"
#include "models/need.hpp"

namespace ballast {

/// Induction motor of one or two cages, PSS/E CIM5BL: all of a load's active power is drawn by the motor;
/// what the motor draws of reactive power beyond the load's is given by a constant shunt found at rest.
///
///   V, island speed ──► fluxes, slip, shaft (motor.hpp) ──► I
///   V < VI for TI cycles, then TB cycles of the breaker ──► off, for good; the shunt stays
///
/// MBASE > 0 is the motor's base in MVA; with MBASE = 0 it is PMULT times the MW of the load.
///
/// Source: PowerWorld help, CIM5 (record and meaning of MBASE, D, VI, TI, TB); circuits of types 1 and 2 and
/// the place of saturation after OpenIPSL-based models of the same name. Load torque T0 w^D: from memory.
///
/// Deviations: TNOM concerns starting from standstill, which no power flow asks for; the load torque is found
/// at rest. The motor does not turn backwards.
struct Cim5 : ModelDefaults {
  static constexpr const char* title = "Induction motor with one or two cages and an under-voltage relay";
  static constexpr const char* source =
      "PowerWorld help, CIM5; circuits and saturation after OpenIPSL-based models; load torque T0 w^D from "
      "memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  enum State { kStates = kMotorLoadStates };
  enum Input { VR, VI, FRAME_SPEED, P_FACTOR, kInputs };
  enum Output { IR, II, SPEED, TORQUE, CONNECTED, Q_SHUNT, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< a Relay
  enum Relay { ON, PICKED_UP, OPENING, OFF };
  enum Held { BASE, TORQUE0, SHUNT, PICKUP, kHeld };  ///< of the system base; pu; pu of the motor's base; s
  enum Timer { DELAY, kTimers };
  enum Threshold { LOW_VOLTAGE, kGuards };
  enum Parameter {
    IT,
    RA,
    XA,
    XM,
    R1,
    X1,
    R2,
    X2,
    E1,
    SE1,
    E2,
    SE2,
    MBASE,
    PMULT,
    H,
    V_TRIP,
    TI,
    TB,
    D,
    TNOM,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"IT", "1", within(1, 2), anything(), "circuit: 1 cages side by side, 2 one behind the other"},
      {"RA", "pu", not_negative(), within(0, 0.1), "stator resistance"},
      {"XA", "pu", positive(), within(0.02, 0.3), "stator leakage reactance"},
      {"XM", "pu", positive(), within(1, 10), "magnetising reactance"},
      {"R1", "pu", positive(), within(0.003, 0.2), "resistance of the first cage"},
      {"X1", "pu", not_negative(), within(0.01, 0.5), "leakage reactance of the first cage"},
      {"R2", "pu", not_negative(), within(0, 0.3), "resistance of the second cage; 0 = there is none"},
      {"X2", "pu", not_negative(), within(0, 0.5), "leakage reactance of the second cage"},
      {"E1", "pu", not_negative(), within(0, 1.2), "first voltage of the saturation curve"},
      {"SE1", "1", not_negative(), within(0, 0.5), "saturation at E1"},
      {"E2", "pu", not_negative(), within(0, 1.5), "second voltage of the saturation curve"},
      {"SE2", "1", not_negative(), within(0, 2), "saturation at E2"},
      {"MBASE", "MVA", not_negative(), anything(), "base of the motor; 0 = PMULT times the MW of the load"},
      {"PMULT", "1", not_negative(), within(0, 2), "MVA of the motor per MW of the load, where MBASE is 0"},
      {"H", "s", positive(), within(0.1, 3), "inertia, on the motor's base"},
      {"VI", "pu", within(0, 0.99), within(0, 0.9), "voltage below which the relay picks up; 0 = no relay"},
      {"TI", "cycles", not_negative(), within(0, 300), "time below VI until the relay trips"},
      {"TB", "cycles", not_negative(), within(0, 30), "opening time of the breaker"},
      {"D", "1", within(-2, 6), within(0, 3), "exponent of the speed in the load torque"},
      {"TNOM", "pu", not_negative(), anything(), "load torque at nominal speed for starting; not used"},
  };
  static constexpr Need needs[] = {{R2, X2, "a second cage has a resistance and a leakage reactance"},
                                   {X2, R2, "a second cage has a resistance and a leakage reactance"}};
  static constexpr const StateInfo (&states)[kMotorLoadStates] = kMotorLoadStateInfo;
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"P_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"speed", "pu", "rotor speed"},
      {"torque", "pu", "electrical torque, motor base"},
      {"connected", "1", "1 while the breaker is closed"},
      {"Q_shunt", "Mvar", "reactive power of the constant shunt beside the motor, given"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"on", "picked up", "opening", "off"};

  template <class P>
  struct Derived {
    Motor<P> motor;
    P MBASE, PMULT;  ///< of the system base
    P V_trip, TI, TB;
    double system_MVA;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d{};
    const MotorCircuit<P> circuit{p[IT], p[RA], p[XA], p[XM], p[R1], p[X1], p[R2], p[X2]};
    d.motor = make_motor(circuit, p[H], p[D], ratings.frequency_Hz);
    d.motor.saturation = make_saturation(p[E1], p[SE1], p[E2], p[SE2]);
    d.MBASE = p[MBASE] / ratings.system_MVA;
    d.PMULT = p[PMULT];
    d.V_trip = p[V_TRIP];
    d.TI = p[TI] / ratings.frequency_Hz;
    d.TB = p[TB] / ratings.frequency_Hz;
    d.system_MVA = ratings.system_MVA;
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto relay = context.mode[AUTOMATON];
    const VoltageFrame<T> frame = voltage_frame(x[FRAME_ANGLE], in[VR], in[VI]);
    const MotorFlow<T> flow =
        motor_equations(d.motor, x, frame, in[FRAME_SPEED], context.held[TORQUE0], dxdt);
    dxdt[FRAME_ANGLE] = frame.turn;
    const T connected = select_(relay == OFF, T(0.0), T(1.0));
    const T scale = in[P_FACTOR] * context.held[BASE];
    const T motor = scale * connected;
    const T shunt = scale * context.held[SHUNT];
    inject_motor(flow, frame, motor, shunt, in[VR], in[VI], out[IR], out[II]);
    const T V = magnitude_(in[VR], in[VI]);
    out[SPEED] = 1.0 + x[MOTOR_SPEED];
    out[TORQUE] = flow.torque * connected;
    out[CONNECTED] = connected;
    out[Q_SHUNT] = shunt * V * V * d.system_MVA;
    context.guard[LOW_VOLTAGE] = select_(
        relay == ON, d.V_trip - V, select_(relay == PICKED_UP, V - d.V_trip - kRelayHysteresis, T(-1.0)));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const std::complex<double> V(rest.in[VR], rest.in[VI]);
    const std::complex<double> power = -V * std::conj(std::complex(rest.out[IR], rest.out[II]));
    if (const Outcome o = Outcome::check("bus voltage", std::abs(V), std::max(d.V_trip, 0.1), kInfinity);
        !o.ok())
      return o;
    const double base = d.MBASE > 0 ? d.MBASE : d.PMULT * power.real();
    if (!(base > 0)) return {"base of the motor (pu of the system base)", base, 0, kInfinity};
    return rest_motor_load<Cim5>(d.motor, base, V, power, rest, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind == Happening::GUARD) {
      const bool falls = a.mode[AUTOMATON] == ON;
      a.threshold = d.V_trip;
      a.mode[AUTOMATON] = falls ? PICKED_UP : ON;
      a.held[PICKUP] = happening.time;
      a.timer[DELAY] = falls ? happening.time + d.TI : kNever;
      return Effect::NONE;
    }
    if (a.mode[AUTOMATON] == PICKED_UP) {
      a.mode[AUTOMATON] = OPENING;
      a.timer[DELAY] = happening.time + d.TB;
      return Effect::NONE;
    }
    a.mode[AUTOMATON] = OFF;
    a.pickup_time = a.held[PICKUP];
    a.threshold = d.V_trip;
    return Effect::JUMP;
  }
};
BALLAST_MODEL(Cim5, "CIM5BL");

}  // namespace ballast
