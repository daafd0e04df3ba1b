/// \file
/// Under-voltage stages that take a share of a load off and may bring it back, as motors and air conditioners
/// of the composite load have them.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// A voltage must be back by this much for a relay to drop out, pu: its own load leaving the bus must not
/// make it chatter.
inline constexpr double kRelayHysteresis = 1e-3;

/// V below Vtr for Ttr takes the share Ftr off; V above Vrc for Trc brings it back. Trc of 9999 s or more,
/// like Vtr = 0, means never.
template <class P>
struct UndervoltageStage {
  P Vtr, Ttr, Ftr, Vrc, Trc;
};
enum StageMode { STAGE_ON, STAGE_PICKED_UP, STAGE_OFF, STAGE_RETURNING };

/// The stage's guard at voltage V.
template <class T, class P, class M>
BALLAST_HD T stage_guard(const UndervoltageStage<P>& s, const M& mode, const T& V) {
  const T off = select_(mode == STAGE_OFF, T(V - s.Vrc), T(s.Vrc - kRelayHysteresis - V));
  const T on = select_(mode == STAGE_ON, T(s.Vtr - V), T(V - s.Vtr - kRelayHysteresis));
  return select_(mode < STAGE_OFF, on, off);
}
/// The share it takes off.
template <class T, class P, class M>
BALLAST_HD T stage_share(const UndervoltageStage<P>& s, const M& mode) {
  return select_(mode < STAGE_OFF, T(0.0), T(s.Ftr));
}

/// Moves a stage whose mode, timer and pickup time are at the places given.
BALLAST_HD inline Effect advance_stage(const UndervoltageStage<double>& s, Automaton& a, int mode, int timer,
                                       int pickup, Happening::Kind kind, double t) {
  int& now = a.mode[mode];
  const bool on = now < STAGE_OFF;
  const double setting = on ? s.Vtr : s.Vrc;
  if (kind == Happening::GUARD) {
    const bool begins = now == STAGE_ON || now == STAGE_OFF;
    now += begins ? 1 : -1;
    a.threshold = setting;
    a.held[pickup] = t;
    const double delay = on ? s.Ttr : (s.Trc < 9999 ? s.Trc : kNever);
    a.timer[timer] = begins ? t + delay : kNever;
    return Effect::NONE;
  }
  now = on ? STAGE_OFF : STAGE_ON;
  a.pickup_time = a.held[pickup];
  a.threshold = setting;
  return Effect::JUMP;
}

}  // namespace ballast
