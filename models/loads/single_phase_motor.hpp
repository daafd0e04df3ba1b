/// \file
/// Motor D of the composite load: single-phase air conditioners as their performance in tests, not as
/// machines.
#pragma once

#include "models/loads/undervoltage_stages.hpp"

namespace ballast {

/// Air conditioners on the base of their MVA at rest (power over CompLF). V is the voltage behind a lag Tv.
///
///   running      P = P0 + Kp1 (V - Vbrk)^Np1 above Vbrk, P0 + Kp2 (Vbrk - V)^Np2 below; Q likewise
///   stalled      1/(Rstall + j Xstall), after V < Vstall for Tstall; the share Frst restarts after V > Vrst
///   for Trst contactors   open along Vc1off..Vc2off as V falls, close along Vc2on..Vc1on as it rises thermal
///   Tth dh/dt = I^2 Rstall - h; the share tripped rises from none at Th1t to all at Th2t, for good relays V
///   < UVtr1 for Ttr1, or V < UVtr2 for Ttr2, trips the share Fuvr, for good
///
/// The running curves are scaled to the power at rest. Below the voltage where they meet the stalled
/// impedance they are that impedance.
template <class P>
struct SinglePhaseMotor {
  P Vbrk, Vstall, Tstall, Frst, Vrst, Trst;
  P P0, Q0, Kp1, Np1, Kq1, Nq1, Kp2, Np2, Kq2, Nq2;
  P G, B;  ///< of the stalled motors
  P Rstall, CompLF;
  P CmpKpf, CmpKqf;
  P Vc1off, Vc2off, Vc1on, Vc2on;
  P per_Tth, Th1t, Th2t;
  P per_Tv, per_Tf;
  P Fuvr;
  UndervoltageStage<P> relay[2];
};

/// What a running air conditioner draws at V, with its curves as they stand in the tables.
template <class T>
struct RunningPower {
  T P, Q;
};
template <class T, class P>
BALLAST_HD RunningPower<T> running_power(const SinglePhaseMotor<P>& m, const T& V) {
  const auto above = V > m.Vbrk;
  const T up = max_(T(V - m.Vbrk), T(1e-9));
  const T down = max_(T(m.Vbrk - V), T(1e-9));
  return {m.P0 + select_(above, T(m.Kp1 * pow_(up, m.Np1)), T(m.Kp2 * pow_(down, m.Np2))),
          m.Q0 + select_(above, T(m.Kq1 * pow_(up, m.Nq1)), T(m.Kq2 * pow_(down, m.Nq2)))};
}

/// States of motor D, in this order from its first.
enum SinglePhaseState {
  D_VOLTAGE,
  D_FREQUENCY,
  D_CONTACTOR,  ///< share of closed contactors
  D_HEAT_R,     ///< temperature of those that restart, and of those that do not
  D_HEAT_S,
  D_WARM_R,  ///< shares that no thermal switch has tripped
  D_WARM_S,
  kSinglePhaseStates
};
inline constexpr double kSwitchRate = 100;  ///< 1/s: contactors and thermal switches follow within 10 ms

/// What its automaton is in: both groups run, or both have stalled, or the first has restarted.
enum StallMode { RUNNING, STALLING, STALLED, RESTARTING, RESTARTED, STALLING_AGAIN };

/// The admittance of motor D on its base, at the share that relays leave; `V` is the voltage at its
/// terminals, per_power scales the curves to the power at rest. Writes the rates of the states at x.
template <class T>
struct SinglePhaseFlow {
  T G, B;  ///< drawn: P = G V^2, Q = B V^2
};
template <class T, class P, class M, class H>
BALLAST_HD SinglePhaseFlow<T> single_phase_motor(const SinglePhaseMotor<P>& m, const T* x, const T& V,
                                                 const T& df, const M& stall, const H& per_power,
                                                 const T& kept, T* dxdt) {
  const T Vf = x[D_VOLTAGE];
  dxdt[D_VOLTAGE] = (V - Vf) * m.per_Tv;
  dxdt[D_FREQUENCY] = (df - x[D_FREQUENCY]) * m.per_Tf;
  const T f = x[D_FREQUENCY];
  const RunningPower<T> curve = running_power(m, Vf);
  const T square = max_(T(Vf * Vf), T(1e-4));
  const T scale = m.CompLF * per_power / square;
  const T runs_G = min_(T(curve.P * scale), T(m.G)) * (1.0 + m.CmpKpf * f);
  const T runs_B = min_(T(curve.Q * scale), T(m.B)) * (1.0 + m.CmpKqf * f);
  const auto all_stalled = stall == STALLED || stall == RESTARTING;
  const auto any_stalled = stall > STALLING;
  const T R_G = select_(all_stalled, T(m.G), runs_G);
  const T R_B = select_(all_stalled, T(m.B), runs_B);
  const T S_G = select_(any_stalled, T(m.G), runs_G);
  const T S_B = select_(any_stalled, T(m.B), runs_B);

  const T opens = clamp_(T((Vf - m.Vc2off) / (m.Vc1off - m.Vc2off)), T(0.0), T(1.0));
  const T closes = clamp_(T((Vf - m.Vc2on) / (m.Vc1on - m.Vc2on)), T(0.0), T(1.0));
  dxdt[D_CONTACTOR] = (clamp_(x[D_CONTACTOR], min_(closes, opens), opens) - x[D_CONTACTOR]) * kSwitchRate;
  const T heat = V * V * m.Rstall;
  const T per_width = T(1.0) / (m.Th2t - m.Th1t);
  const auto thermal = [&](const T& G, const T& B, int temperature, int warm) {
    dxdt[temperature] = ((G * G + B * B) * heat * x[D_CONTACTOR] - x[temperature]) * m.per_Tth;
    const T left = clamp_(T((m.Th2t - x[temperature]) * per_width), T(0.0), T(1.0));
    dxdt[warm] = min_(T((left - x[warm]) * kSwitchRate), T(0.0));
  };
  thermal(R_G, R_B, D_HEAT_R, D_WARM_R);
  thermal(S_G, S_B, D_HEAT_S, D_WARM_S);
  const T on = kept * x[D_CONTACTOR];
  const T share_R = on * m.Frst * x[D_WARM_R];
  const T share_S = on * (1.0 - m.Frst) * x[D_WARM_S];
  return {share_R * R_G + share_S * S_G, share_R * R_B + share_S * S_B};
}

/// The guard of its automaton.
template <class T, class P, class M>
BALLAST_HD T stall_guard(const SinglePhaseMotor<P>& m, const M& stall, const T& Vf) {
  const auto runs = stall == RUNNING || stall == RESTARTED;
  const auto stalling = stall == STALLING || stall == STALLING_AGAIN;
  return select_(runs, T(m.Vstall - Vf),
                 select_(stalling, T(Vf - m.Vstall - kRelayHysteresis),
                         select_(stall == STALLED, T(Vf - m.Vrst), T(m.Vrst - kRelayHysteresis - Vf))));
}
/// Moves it; mode, timer and pickup time are at the places given.
BALLAST_HD inline Effect advance_stall(const SinglePhaseMotor<double>& m, Automaton& a, int mode, int timer,
                                       int pickup, Happening::Kind kind, double t) {
  int& now = a.mode[mode];
  const bool at_restart = now == STALLED || now == RESTARTING;
  a.threshold = at_restart ? m.Vrst : m.Vstall;
  if (kind == Happening::GUARD) {
    a.held[pickup] = t;
    const bool begins = now == RUNNING || now == STALLED || now == RESTARTED;
    const double delay = at_restart ? m.Trst : m.Tstall;
    now += begins ? 1 : -1;
    a.timer[timer] = begins && delay < 9999 ? t + delay : kNever;
    return Effect::NONE;
  }
  a.pickup_time = a.held[pickup];
  now = at_restart ? RESTARTED : STALLED;
  return Effect::JUMP;
}

/// The states at rest at V, and the factor that scales the running curves to a unit of power; the outcome
/// says why it cannot rest there.
inline Outcome rest_single_phase(const SinglePhaseMotor<double>& m, double V, double* x, double& per_power) {
  const double lowest = max_(m.Vstall, max_(m.Vc1on, max_(m.relay[0].Vtr, m.relay[1].Vtr)));
  if (const Outcome o = Outcome::check("voltage at the air conditioners", V, lowest, kInfinity); !o.ok())
    return o;
  const RunningPower<double> run = running_power(m, V);
  if (const Outcome o = Outcome::check("power of the air conditioners' curve", run.P, 1e-3, kInfinity);
      !o.ok())
    return o;
  per_power = 1 / run.P;
  const double scale = m.CompLF * per_power / (V * V);
  const double G = run.P * scale;
  const double B = run.Q * scale;
  if (const Outcome o = Outcome::check("running admittance of the air conditioners", G, 0, m.G); !o.ok())
    return o;
  if (const Outcome o = Outcome::check("running susceptance of the air conditioners", B, -kInfinity, m.B);
      !o.ok())
    return o;
  const double heat = (G * G + B * B) * V * V * m.Rstall;
  if (const Outcome o = Outcome::check("temperature of the air conditioners", heat, 0, m.Th1t); !o.ok())
    return o;
  x[D_VOLTAGE] = V;
  x[D_FREQUENCY] = 0;
  x[D_CONTACTOR] = x[D_WARM_R] = x[D_WARM_S] = 1;
  x[D_HEAT_R] = x[D_HEAT_S] = heat;
  return Outcome::fine();
}

}  // namespace ballast
