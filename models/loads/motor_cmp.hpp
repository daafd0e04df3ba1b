/// \file
/// Three-phase motor of the composite load, as a load of its own.
#pragma once

#include "models/loads/motor.hpp"
#include "models/loads/undervoltage_stages.hpp"

namespace ballast {

/// Motor A, B or C of the composite load (PSLF motorw) as a load of its own, PowerWorld MOTOR_CMP. The motor
/// draws all of the load's active power, and its base is that power over LF; what it draws of reactive power
/// beyond the load's is given by a constant shunt found at rest.
///
///   V, island speed ──► fluxes, slip, shaft (motor.hpp) ──► I times the share that is connected
///   V ──► two under-voltage stages, each with its share and its return ──► share
///
/// The stages take shares of all motors: what is connected is 1 - Ftr1 - Ftr2, not less than nothing, while
/// both are off. Motors that return join those that run at their speed: from memory.
struct MotorCmp : ModelDefaults {
  static constexpr const char* title =
      "Three-phase motor of the composite load with two under-voltage stages";
  static constexpr const char* source =
      "equations: PSLF motorw as in ANDES motor5 and OpenIPSL; order of parameters: PSS/E CMLDBLU2 motors A "
      "to C "
      "without Mtp; stages from memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  enum State { kStates = kMotorLoadStates };
  enum Input { VR, VI, FRAME_SPEED, P_FACTOR, kInputs };
  enum Output { IR, II, SPEED, TORQUE, CONNECTED, Q_SHUNT, kOutputs };
  enum Mode { AUTOMATON = kLimits, SECOND, kModes };  ///< a StageMode each
  enum Held {
    BASE,
    TORQUE0,
    SHUNT,
    PICKUP1,
    PICKUP2,
    kHeld
  };  ///< of the system base; pu; pu of the motor's; s
  enum Timer { DELAY1, DELAY2, kTimers };
  enum Threshold { STAGE1, STAGE2, kGuards };
  enum Parameter {
    LF,
    RS,
    LS,
    LP,
    LPP,
    TPO,
    TPPO,
    H,
    ETRQ,
    VTR1,
    TTR1,
    FTR1,
    VRC1,
    TRC1,
    VTR2,
    TTR2,
    FTR2,
    VRC2,
    TRC2,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"LF", "1", within(0.05, 2), within(0.4, 1), "loading: MW of the motor per MVA of its base"},
      {"Rs", "pu", not_negative(), within(0, 0.1), "stator resistance"},
      {"Ls", "pu", positive(), within(1, 5), "synchronous reactance"},
      {"Lp", "pu", positive(), within(0.08, 0.4), "transient reactance"},
      {"Lpp", "pu", positive(), within(0.08, 0.4), "subtransient reactance"},
      {"Tpo", "s", positive(), within(0.05, 2), "transient time constant, open circuit"},
      {"Tppo", "s", not_negative(), within(0, 0.05), "subtransient time constant; 0 = a single cage"},
      {"H", "s", positive(), within(0.05, 3), "inertia, on the motor's base"},
      {"Etrq", "1", within(-2, 6), within(0, 3), "exponent of the speed in the load torque"},
      {"Vtr1", "pu", within(0, 0.99), within(0, 0.9), "stage 1: voltage below which it picks up; 0 = off"},
      {"Ttr1", "s", not_negative(), anything(), "stage 1: time until it trips"},
      {"Ftr1", "1", within(0, 1), anything(), "stage 1: share it trips"},
      {"Vrc1", "pu", within(0, 1.2), anything(), "stage 1: voltage above which the share returns"},
      {"Trc1", "s", not_negative(), anything(), "stage 1: time until it returns; 9999 or more = never"},
      {"Vtr2", "pu", within(0, 0.99), within(0, 0.9), "stage 2: voltage below which it picks up; 0 = off"},
      {"Ttr2", "s", not_negative(), anything(), "stage 2: time until it trips"},
      {"Ftr2", "1", within(0, 1), anything(), "stage 2: share it trips"},
      {"Vrc2", "pu", within(0, 1.2), anything(), "stage 2: voltage above which the share returns"},
      {"Trc2", "s", not_negative(), anything(), "stage 2: time until it returns; 9999 or more = never"},
  };
  static constexpr Relation relations[] = {
      {LP, Relation::BELOW, LS, "the cage lowers the reactance"},
      {LPP, Relation::NOT_ABOVE, LP, "the second cage lowers it further"},
  };
  static constexpr const StateInfo (&states)[kMotorLoadStates] = kMotorLoadStateInfo;
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"P_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"speed", "pu", "rotor speed"},
      {"torque", "pu", "electrical torque, motor base"},
      {"connected", "1", "share that is connected"},
      {"Q_shunt", "Mvar", "reactive power of the constant shunt beside the motor, given"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}, {"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"on", "picked up", "off", "returning"};

  template <class P>
  struct Derived {
    Motor<P> motor;
    UndervoltageStage<P> stage[2];
    P LF;
    double system_MVA;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {make_motor(p[RS], p[LS], p[LP], p[LPP], p[TPO], p[TPPO], p[H], p[ETRQ], ratings.frequency_Hz),
            {{p[VTR1], p[TTR1], p[FTR1], p[VRC1], p[TRC1]}, {p[VTR2], p[TTR2], p[FTR2], p[VRC2], p[TRC2]}},
            p[LF],
            ratings.system_MVA};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const VoltageFrame<T> frame = voltage_frame(x[FRAME_ANGLE], in[VR], in[VI]);
    const MotorFlow<T> flow =
        motor_equations(d.motor, x, frame, in[FRAME_SPEED], context.held[TORQUE0], dxdt);
    dxdt[FRAME_ANGLE] = frame.turn;
    const T off = stage_share<T>(d.stage[0], context.mode[AUTOMATON]) +
                  stage_share<T>(d.stage[1], context.mode[SECOND]);
    const T connected = max_(T(1.0 - off), T(0.0));
    const T scale = in[P_FACTOR] * context.held[BASE];
    const T motor = scale * connected;
    const T shunt = scale * context.held[SHUNT];
    inject_motor(flow, frame, motor, shunt, in[VR], in[VI], out[IR], out[II]);
    const T V = magnitude_(in[VR], in[VI]);
    out[SPEED] = 1.0 + x[MOTOR_SPEED];
    out[TORQUE] = flow.torque * connected;
    out[CONNECTED] = connected;
    out[Q_SHUNT] = shunt * V * V * d.system_MVA;
    context.guard[STAGE1] = stage_guard(d.stage[0], context.mode[AUTOMATON], V);
    context.guard[STAGE2] = stage_guard(d.stage[1], context.mode[SECOND], V);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const std::complex<double> V(rest.in[VR], rest.in[VI]);
    const std::complex<double> power = -V * std::conj(std::complex(rest.out[IR], rest.out[II]));
    const double lowest = std::max({d.stage[0].Vtr, d.stage[1].Vtr, 0.1});
    if (const Outcome o = Outcome::check("bus voltage", std::abs(V), lowest, kInfinity); !o.ok()) return o;
    return rest_motor_load<MotorCmp>(d.motor, power.real() / d.LF, V, power, rest, x);
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const int k = happening.index;  // guards and timers are numbered like the stages
    return advance_stage(d.stage[k], a, AUTOMATON + k, k, PICKUP1 + k, happening.kind, happening.time);
  }
};
BALLAST_MODEL(MotorCmp, "MOTOR_CMP");

}  // namespace ballast
