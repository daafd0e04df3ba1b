/// \file
/// Composite load: a feeder with three kinds of motors, air conditioners, electronic and static load at its
/// end.
#pragma once

#include "models/loads/cmldblu2_parameters.hpp"
#include "models/loads/distribution_feeder.hpp"
#include "models/loads/electronic.hpp"
#include "models/loads/motor.hpp"
#include "models/loads/single_phase_motor.hpp"

namespace ballast {

/// Composite load of WECC, PSS/E CMLDBLU2 (CMLDBLU1: the same without Frcel).
///
///   bus ── transformer, tap changer ── low side, Bss ── feeder ── motors A, B, C (motor.hpp)
///                                                                 motor D (single_phase_motor.hpp)
///                                                                 electronic load (electronic.hpp)
///                                                                 static load, compensation
///
/// The load draws at rest what the power flow says: the tap is set, then the feeder's compensation is what
/// balances the reactive power; a feeder whose end would be below 0.95 pu is made shorter.
///
/// Static and electronic load are admittances at the voltage of the far end behind a lag of kInner: a load of
/// constant power meets a step of the voltage as an impedance and is itself again within 0.1 % of it after 20
/// ms (tests/models/composite_load_test.cpp). In turn the network inside has a closed form
/// (distribution_feeder.hpp), no iteration and always a solution; at rest it is exact.
///
/// Source: order of the record and two parameter sets from files of PNNL and GridPACK; base, taps and the
/// order of their setting after PowerWorld help, CMPLDW; equations of the parts in their headers. From
/// memory: that Fb is the share at the feeder's beginning, voltage of the static load against that at rest,
/// meaning of LTC = 0 and -1, first step of the tap after Tdel + Ttap, the adjustment by LFadj.
///
/// Deviations: frequency is the island's. Below kStaticBreak of its voltage at rest the static load is an
/// impedance. P_factor is the share of the whole load that is connected.
struct Cmldblu2 : ModelDefaults {
  static constexpr const char* title = "Composite load: feeder, motors A to D, electronic and static load";
  static constexpr const char* source =
      "record: PNNL and GridPACK files; PowerWorld help, CMPLDW; motor D and initialisation in part from "
      "memory";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  static constexpr int kMotors = 3;
  enum State {
    ANGLE,   ///< of the frame of the motors' fluxes
    MOTORS,  ///< five each
    AIRCON = MOTORS + kMotors * kMotorStates,
    VMIN = AIRCON + kSinglePhaseStates,
    V_INNER,
    kStates
  };
  enum Input { VR, VI, FRAME_SPEED, P_FACTOR, kInputs };
  enum Output {
    IR,
    II,
    V_LOW,
    V_FAR,
    TAP_POSITION,
    MOTOR_SHARE,
    AIRCON_SHARE,
    ELECTRONIC_SHARE,
    Q_SHUNT,
    kOutputs
  };
  /// AUTOMATON is motor D's StallMode; STAGES are two of each motor; RELAYS are motor D's; TAP_CHANGER is 0
  /// in the band, -1 below, 1 above.
  enum Mode { AUTOMATON = kLimits, STAGES, RELAYS = STAGES + 2 * kMotors, TAP_CHANGER = RELAYS + 2, kModes };
  enum Timer {
    STALL,
    STAGE_TIMERS,
    RELAY_TIMERS = STAGE_TIMERS + 2 * kMotors,
    TAP_TIMER = RELAY_TIMERS + 2,
    kTimers
  };
  /// Guards in the order of the modes, the tap changer with one for each side.
  enum Threshold {
    STALL_GUARD,
    STAGE_GUARDS,
    RELAY_GUARDS = STAGE_GUARDS + 2 * kMotors,
    TAP_LOW = RELAY_GUARDS + 2,
    TAP_HIGH,
    kGuards
  };
  enum Held {
    BASE,   ///< of the load, over that of the system
    TAP,    ///< position of the variable tap
    SCALE,  ///< what is left of the feeder's length
    B1,
    B2,  ///< compensation, pu
    V0,  ///< voltage at the far end at rest
    STATIC_P,
    STATIC_Q,
    ELECTRONIC_P,
    ELECTRONIC_Q,  ///< pu of the base, at rest
    MOTOR_BASE,    ///< of each motor, over that of the load
    MOTOR_TORQUE = MOTOR_BASE + kMotors,
    AIRCON_BASE = MOTOR_TORQUE + kMotors,
    AIRCON_SCALE,
    PICKUP,  ///< of each timer
    kHeld = PICKUP + kTimers
  };

  static constexpr const ParameterInfo (&parameters)[kCompositeParameters] = kCompositeTable;
  static constexpr Relation relations[] = {
      {C_TMIN, Relation::BELOW, C_TMAX, "the tap moves between them"},
      {C_VMIN, Relation::BELOW, C_VMAX, "the tap changer has a band"},
      {C_VD2, Relation::BELOW, C_VD1, "equipment drops out between them"},
      {VC2OFF, Relation::BELOW, VC1OFF, "contactors open one after the other"},
      {VC2ON, Relation::BELOW, VC1ON, "contactors close one after the other"},
      {TH1T, Relation::BELOW, TH2T, "thermal switches trip one after the other"},
      {motor_place(MOTOR_A, M_LP), Relation::BELOW, motor_place(MOTOR_A, M_LS),
       "the cage lowers the reactance"},
      {motor_place(MOTOR_B, M_LP), Relation::BELOW, motor_place(MOTOR_B, M_LS),
       "the cage lowers the reactance"},
      {motor_place(MOTOR_C, M_LP), Relation::BELOW, motor_place(MOTOR_C, M_LS),
       "the cage lowers the reactance"},
      {motor_place(MOTOR_A, M_LPP), Relation::NOT_ABOVE, motor_place(MOTOR_A, M_LP),
       "the second cage lowers it further"},
      {motor_place(MOTOR_B, M_LPP), Relation::NOT_ABOVE, motor_place(MOTOR_B, M_LP),
       "the second cage lowers it further"},
      {motor_place(MOTOR_C, M_LPP), Relation::NOT_ABOVE, motor_place(MOTOR_C, M_LP),
       "the second cage lowers it further"},
  };
  static constexpr StateInfo states[] = {{"frame_angle", "rad", StateKind::ANGLE},
                                         {"A_E1_d", "pu"},
                                         {"A_E1_q", "pu"},
                                         {"A_E2_d", "pu"},
                                         {"A_E2_q", "pu"},
                                         {"A_speed_deviation", "pu", StateKind::DEVIATION},
                                         {"B_E1_d", "pu"},
                                         {"B_E1_q", "pu"},
                                         {"B_E2_d", "pu"},
                                         {"B_E2_q", "pu"},
                                         {"B_speed_deviation", "pu", StateKind::DEVIATION},
                                         {"C_E1_d", "pu"},
                                         {"C_E1_q", "pu"},
                                         {"C_E2_d", "pu"},
                                         {"C_E2_q", "pu"},
                                         {"C_speed_deviation", "pu", StateKind::DEVIATION},
                                         {"D_V_filter", "pu"},
                                         {"D_f_filter", "pu", StateKind::DEVIATION},
                                         {"D_contactor", "1"},
                                         {"D_temperature_restarting", "pu"},
                                         {"D_temperature_stalled", "pu"},
                                         {"D_not_tripped_restarting", "1"},
                                         {"D_not_tripped_stalled", "1"},
                                         {"Vmin", "pu"},
                                         {"V_inner", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"P_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"V_low", "pu", "voltage at the low side of the transformer"},
      {"V_far", "pu", "voltage at the end of the feeder"},
      {"tap", "1", "variable tap"},
      {"motors", "1", "share of motors A to C that is connected, by their bases"},
      {"air_conditioners", "1", "share of motor D that relays leave connected"},
      {"electronic", "1", "share of the electronic load that is connected"},
      {"Q_shunt", "Mvar", "reactive power of the feeder's compensation, given"}};
  static constexpr const char* mode_names[] = {"running",    "stalling",  "stalled",
                                               "restarting", "restarted", "stalling again"};

  static constexpr double kInner = 0.002;      ///< s
  static constexpr double kStaticBreak = 0.7;  ///< of the voltage at rest
  static constexpr double kShortest = 0.95;    ///< pu: lowest voltage of the far end at rest

  template <class P>
  struct Derived {
    P MVA, Bss, Rfdr, Xfdr, Fb, X, Tfixhs, Tfixls, LTC, Tmin, Tmax, step, Vmin, Vmax, Tdel, Ttap, Rcmp, Xcmp;
    P share[kMotors + 2];  ///< motors A to D, electronic
    P tan_electronic, tan_static;
    P P1e, P1c, P2e, P2c, Pfrq, Q1e, Q1c, Q2e, Q2c, Qfrq;
    Motor<P> motor[kMotors];
    P LF[kMotors];
    UndervoltageStage<P> stage[2 * kMotors];
    SinglePhaseMotor<P> aircon;
    ElectronicShare<P> electronic;
    double system_MVA;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d{};
    d.system_MVA = ratings.system_MVA;
    d.MVA = p[C_MVA];
    d.Bss = p[C_BSS];
    d.Rfdr = p[C_RFDR];
    d.Xfdr = p[C_XFDR];
    d.Fb = p[C_FB];
    d.X = p[C_XXF] * p[C_TFIXHS] * p[C_TFIXHS];
    d.Tfixhs = p[C_TFIXHS];
    d.Tfixls = p[C_TFIXLS];
    d.LTC = p[C_LTC];
    d.Tmin = p[C_TMIN];
    d.Tmax = p[C_TMAX];
    d.step = p[C_STEP];
    d.Vmin = p[C_VMIN];
    d.Vmax = p[C_VMAX];
    d.Tdel = p[C_TDEL];
    d.Ttap = p[C_TTAP];
    d.Rcmp = p[C_RCMP];
    d.Xcmp = p[C_XCMP];
    for (int k = 0; k < kMotors + 2; ++k) d.share[k] = p[C_FMA + k];
    d.tan_electronic = tangent(p[C_PFEL]);
    d.tan_static = tangent(p[C_PFS]);
    d.P1e = p[C_P1E];
    d.P1c = p[C_P1C];
    d.P2e = p[C_P2E];
    d.P2c = p[C_P2C];
    d.Pfrq = p[C_PFRQ];
    d.Q1e = p[C_Q1E];
    d.Q1c = p[C_Q1C];
    d.Q2e = p[C_Q2E];
    d.Q2c = p[C_Q2C];
    d.Qfrq = p[C_QFRQ];
    for (int k = 0; k < kMotors; ++k) {
      const P* m = p + MOTOR_A + k * int{kCompositeMotorParameters};
      d.motor[k] = make_motor(m[M_RS], m[M_LS], m[M_LP], m[M_LPP], m[M_TPO], m[M_TPPO], m[M_H], m[M_ETRQ],
                              ratings.frequency_Hz);
      d.LF[k] = m[M_LF];
      d.stage[2 * k] = {m[M_VTR1], m[M_TTR1], m[M_FTR1], m[M_VRC1], m[M_TRC1]};
      d.stage[2 * k + 1] = {m[M_VTR2], m[M_TTR2], m[M_FTR2], m[M_VRC2], m[M_TRC2]};
    }
    d.aircon = make_aircon(p);
    d.electronic = make_electronic_share(p[C_VD1], p[C_VD2], p[C_FRCEL]);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto* held = context.held;
    const VoltageFrame<T> frame = voltage_frame(x[ANGLE], in[VR], in[VI]);
    dxdt[ANGLE] = frame.turn;
    const T df = in[FRAME_SPEED] - 1.0;

    // What is at the far end: Y V - J.
    const T Vi = x[V_INNER];
    const T square = max_(T(Vi * Vi), T(1e-4));
    const T F = electronic_share(d.electronic, Vi, x[VMIN], dxdt[VMIN]);
    const T u = max_(T(Vi / held[V0]), T(kStaticBreak));
    const T per_static = T(1.0) / (u * u * held[V0] * held[V0]);
    const T law_P = d.P1c * pow_(u, d.P1e) + d.P2c * pow_(u, d.P2e) + (1.0 - d.P1c - d.P2c);
    const T law_Q = d.Q1c * pow_(u, d.Q1e) + d.Q2c * pow_(u, d.Q2e) + (1.0 - d.Q1c - d.Q2c);
    const T G = F * held[ELECTRONIC_P] / square + held[STATIC_P] * law_P * (1.0 + d.Pfrq * df) * per_static;
    const T Bq = F * held[ELECTRONIC_Q] / square + held[STATIC_Q] * law_Q * (1.0 + d.Qfrq * df) * per_static;
    const T tripped = max_(stage_share<T>(d.aircon.relay[0], context.mode[RELAYS]),
                           stage_share<T>(d.aircon.relay[1], context.mode[RELAYS + 1]));
    // Motor D sees the far end behind the same lag, and its own.
    T aircon_rate[kSinglePhaseStates];
    const SinglePhaseFlow<T> D = single_phase_motor(d.aircon, x + AIRCON, Vi, df, context.mode[AUTOMATON],
                                                    held[AIRCON_SCALE], T(1.0 - tripped), aircon_rate);
    for (int k = 0; k < kSinglePhaseStates; ++k) dxdt[AIRCON + k] = aircon_rate[k];
    Phasor<T> Y{G + held[AIRCON_BASE] * D.G, held[B2] - Bq - held[AIRCON_BASE] * D.B};
    Phasor<T> J{T(0.0), T(0.0)};
    T connected[kMotors];
    for (int k = 0; k < kMotors; ++k) {
      const T off = stage_share<T>(d.stage[2 * k], context.mode[STAGES + 2 * k]) +
                    stage_share<T>(d.stage[2 * k + 1], context.mode[STAGES + 2 * k + 1]);
      connected[k] = max_(T(1.0 - off), T(0.0)) * held[MOTOR_BASE + k];
      const T* e = x + MOTORS + k * int{kMotorStates};
      const Phasor<T> y{connected[k] * d.motor[k].G, connected[k] * d.motor[k].B};
      Y = Y + y;
      J = J + y * Phasor<T>{e[E1_D] + e[E2_D], e[E1_Q] + e[E2_Q]};
    }

    const T tap = (held[TAP] + d.Tfixls - 1.0) / d.Tfixhs;
    const Feeder<T> feeder{
        tap, T(d.X), T(d.Bss + held[B1]), {T(d.Rfdr * held[SCALE]), T(d.Xfdr * held[SCALE])}};
    const FeederFlow<T> flow = solve_feeder(feeder, {frame.Vd, frame.Vq}, Y, J);
    const T V_far = magnitude_(flow.far.re, flow.far.im);
    const T V_low = magnitude_(flow.low.re, flow.low.im);
    dxdt[V_INNER] = (V_far - Vi) * (1 / kInner);

    VoltageFrame<T> at_motors = frame;
    at_motors.Vd = flow.far.re;
    at_motors.Vq = flow.far.im;
    T running(0.0);
    T all(0.0);
    for (int k = 0; k < kMotors; ++k) {
      const int first = MOTORS + k * int{kMotorStates};
      (void)motor_equations(d.motor[k], x + first, at_motors, in[FRAME_SPEED], held[MOTOR_TORQUE + k],
                            dxdt + first);
      running = running + connected[k];
      all = all + held[MOTOR_BASE + k];
    }

    const T scale = in[P_FACTOR] * held[BASE];
    out[IR] = -scale * (flow.current.re * frame.cosine - flow.current.im * frame.sine);
    out[II] = -scale * (flow.current.re * frame.sine + flow.current.im * frame.cosine);
    out[V_LOW] = V_low;
    out[V_FAR] = V_far;
    out[TAP_POSITION] = T(held[TAP]);
    out[MOTOR_SHARE] = running / max_(all, T(1e-9));
    out[AIRCON_SHARE] = 1.0 - tripped;
    out[ELECTRONIC_SHARE] = F;
    out[Q_SHUNT] = scale * d.system_MVA * (held[B1] * V_low * V_low + held[B2] * V_far * V_far);

    context.guard[STALL_GUARD] = stall_guard(d.aircon, context.mode[AUTOMATON], x[AIRCON + int{D_VOLTAGE}]);
    for (int k = 0; k < 2 * kMotors; ++k)
      context.guard[STAGE_GUARDS + k] = stage_guard(d.stage[k], context.mode[STAGES + k], V_far);
    for (int k = 0; k < 2; ++k)
      context.guard[RELAY_GUARDS + k] =
          stage_guard(d.aircon.relay[k], context.mode[RELAYS + k], x[AIRCON + int{D_VOLTAGE}]);
    const Phasor<T> compensated = flow.low - Phasor<T>{T(d.Rcmp), T(d.Xcmp)} * flow.feeder;
    const T Vc = magnitude_(compensated.re, compensated.im);
    const auto changer = context.mode[TAP_CHANGER];
    const auto moves = d.LTC > 0.5;
    const T low = select_(changer == -1, T(Vc - d.Vmin), select_(changer == 0, T(d.Vmin - Vc), T(-1.0)));
    const T high = select_(changer == 1, T(d.Vmax - Vc), select_(changer == 0, T(Vc - d.Vmax), T(-1.0)));
    context.guard[TAP_LOW] = select_(moves, low, T(-1.0));
    context.guard[TAP_HIGH] = select_(moves, high, T(-1.0));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x);

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    const bool guard = happening.kind == Happening::GUARD;
    // Guards and timers are numbered alike up to the tap changer.
    const int k = happening.index;
    if (k == STALL)
      return advance_stall(d.aircon, a, AUTOMATON, STALL, PICKUP + int{STALL}, happening.kind, t);
    if (k < RELAY_TIMERS)
      return advance_stage(d.stage[k - STAGE_TIMERS], a, AUTOMATON + k, k, PICKUP + k, happening.kind, t);
    if (k < TAP_TIMER)
      return advance_stage(d.aircon.relay[k - RELAY_TIMERS], a, AUTOMATON + k, k, PICKUP + k, happening.kind,
                           t);
    if (guard) {
      const int side = k == TAP_LOW ? -1 : 1;
      const bool leaves = a.mode[TAP_CHANGER] == 0;
      a.mode[TAP_CHANGER] = leaves ? side : 0;
      a.held[PICKUP + int{TAP_TIMER}] = t;
      a.threshold = side < 0 ? d.Vmin : d.Vmax;
      a.timer[TAP_TIMER] = leaves ? t + d.Tdel + d.Ttap : kNever;
      return Effect::NONE;
    }
    const double next = a.held[TAP] - a.mode[TAP_CHANGER] * d.step;
    if (next < d.Tmin - 1e-9 || next > d.Tmax + 1e-9) return Effect::NONE;  // at its end
    a.held[TAP] = next;
    a.pickup_time = a.held[PICKUP + int{TAP_TIMER}];
    a.threshold = a.mode[TAP_CHANGER] < 0 ? d.Vmin : d.Vmax;
    a.timer[TAP_TIMER] = t + d.Ttap;
    return Effect::JUMP;
  }

 private:
  /// Q/P of a power factor whose sign is that of Q; 0 is taken as 1.
  template <class P>
  static P tangent(const P& factor) {
    const auto none = abs_(factor) < 1e-6;
    const P f = select_(none, P(1.0), factor);
    return sqrt_(max_(1.0 - f * f, P(0.0))) / f;
  }
  template <class P>
  static SinglePhaseMotor<P> make_aircon(const P* p) {
    SinglePhaseMotor<P> m{};
    const P loading = 1.0 + p[LF_ADJ] * (p[COMP_LF] - 1.0);
    m.Vbrk = p[VBRK] * loading;
    m.Vstall = p[VSTALL] * loading;
    m.Tstall = p[TSTALL];
    m.Frst = p[FRST];
    m.Vrst = p[VRST];
    m.Trst = p[TRST];
    m.Kp1 = p[KP1];
    m.Np1 = p[NP1];
    m.Kq1 = p[KQ1];
    m.Nq1 = p[NQ1];
    m.Kp2 = p[KP2];
    m.Np2 = p[NP2];
    m.Kq2 = p[KQ2];
    m.Nq2 = p[NQ2];
    const P above = max_(1.0 - m.Vbrk, P(1e-9));
    m.P0 = 1.0 - m.Kp1 * pow_(above, m.Np1);
    m.Q0 = tangent(p[COMP_PF]) - m.Kq1 * pow_(above, m.Nq1);
    const P per = 1.0 / (p[RSTALL] * p[RSTALL] + p[XSTALL] * p[XSTALL]);
    m.G = p[RSTALL] * per;
    m.B = p[XSTALL] * per;
    m.Rstall = p[RSTALL];
    m.CompLF = p[COMP_LF];
    m.CmpKpf = p[CMP_KPF];
    m.CmpKqf = p[CMP_KQF];
    m.Vc1off = p[VC1OFF];
    m.Vc2off = p[VC2OFF];
    m.Vc1on = p[VC1ON];
    m.Vc2on = p[VC2ON];
    m.per_Tth = 1.0 / p[TTH];
    m.Th1t = p[TH1T];
    m.Th2t = p[TH2T];
    m.per_Tv = 1.0 / p[D_TV];
    m.per_Tf = 1.0 / p[D_TF];
    m.relay[0] = {p[UVTR1], p[D_TTR1], p[FUVR], P(1000.0), P(9999.0)};
    m.relay[1] = {p[UVTR2], p[D_TTR2], p[FUVR], P(1000.0), P(9999.0)};
    return m;
  }
};
BALLAST_MODEL(Cmldblu2, "CMLDBLU2");

}  // namespace ballast

#include "models/loads/cmldblu2_rest.hpp"
