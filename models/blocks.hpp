/// \file
/// The blocks of control diagrams, written once. A block returns its output and writes its state's
/// derivative, so that a model reads like its diagram. Limits are modes: a limit block reads
/// context.mode[limit] and leaves two guards; the integrator stops where a guard becomes positive, the mode
/// changes, and goes on. Between two such points every block is smooth.
///
/// Block data (Lag, LeadLag, ...) is made in derive(); a time constant of zero makes the block a
/// pass-through (its state rests).
///
///   lag, lead_lag, washout               linear
///   limited, limited_above, limited_below, deadband, curve   algebraic, piecewise smooth
///   limited_lag, limited_integrator      the state stops at the limit (non-windup)
///   rate_limit                           the output follows no faster than a rate
///   gain_limited_integrator              integrator with a finite gain at rest
///   pi_clamped, pi_tracking              proportional-integral control with anti-windup
///   within_limits, table                 limits and characteristics without a mode, for devices in large
///                                        numbers
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// 1/(1+sT)
template <class P>
struct Lag {
  P rate;    ///< 1/T, or 0 when T = 0
  P direct;  ///< 1 when T = 0: the output is the input, the state rests
};
template <class P>
Lag<P> make_lag(const P& T) {
  const auto none = T < 1e-9;
  return {select_(none, P(0.0), 1.0 / select_(none, P(1.0), T)), select_(none, P(1.0), P(0.0))};
}
template <class T, class P>
BALLAST_HD T lag(const Lag<P>& b, const T& x, const T& u, T& dxdt) {
  dxdt = (u - x) * b.rate;
  return select_(b.direct > 0.5, u, x);
}

/// (1+sT1)/(1+sT2)
template <class P>
struct LeadLag {
  P ratio;  ///< T1/T2, or 1 when T2 = 0
  P rate;   ///< 1/T2, or 0
};
template <class P>
LeadLag<P> make_lead_lag(const P& T1, const P& T2) {
  const auto none = T2 < 1e-9;
  const P inverse = 1.0 / select_(none, P(1.0), T2);
  return {select_(none, P(1.0), T1 * inverse), select_(none, P(0.0), inverse)};
}
template <class T, class P>
BALLAST_HD T lead_lag(const LeadLag<P>& b, const T& x, const T& u, T& dxdt) {
  const T difference = u - x;
  dxdt = difference * b.rate;
  return x + difference * b.ratio;
}

/// sT/(1+sT). With T = 0 it is bypassed, as in PSS/E: the changes of u since initialisation pass.
template <class T, class P>
BALLAST_HD T washout(const Lag<P>& b, const T& x, const T& u, T& dxdt) {
  dxdt = (u - x) * b.rate;
  return u - x;
}

/// u between low and high (both may move).
template <class T, class P, class L, class H>
BALLAST_HD T limited(const T& u, const L& low, const H& high, const Context<T, P>& context, int limit) {
  const auto at_high = context.mode[limit] == 1;
  const auto at_low = context.mode[limit] == -1;
  context.guard[2 * limit] = select_(at_high, high - u, u - high);
  context.guard[2 * limit + 1] = select_(at_low, u - low, low - u);
  return select_(at_high, T(high), select_(at_low, T(low), u));
}

/// u no higher than `high` (a low-value gate): a limit with one side.
template <class T, class P, class H>
BALLAST_HD T limited_above(const T& u, const H& high, const Context<T, P>& context, int limit) {
  const auto at_high = context.mode[limit] == 1;
  context.guard[2 * limit] = select_(at_high, high - u, u - high);
  context.guard[2 * limit + 1] = T(-1.0);  // there is no lower side
  return select_(at_high, T(high), u);
}
/// u no lower than `low` (a high-value gate).
template <class T, class P, class L>
BALLAST_HD T limited_below(const T& u, const L& low, const Context<T, P>& context, int limit) {
  const auto at_low = context.mode[limit] == -1;
  context.guard[2 * limit] = T(-1.0);
  context.guard[2 * limit + 1] = select_(at_low, u - low, low - u);
  return select_(at_low, T(low), u);
}

/// Non-windup integrator dx/dt = f, low <= x <= high. `pull` (1/s) holds the state on a limit it has reached.
/// A state beside its limit by rounding enters it only while f points outward, so that it cannot chatter.
template <class T, class P, class L, class H>
BALLAST_HD T limited_integrator(const T& x, const T& f, const L& low, const H& high, double pull,
                                const Context<T, P>& context, int limit, T& dxdt) {
  const auto at_high = context.mode[limit] == 1;
  const auto at_low = context.mode[limit] == -1;
  context.guard[2 * limit] = select_(at_high, -f, min_(T(x - high), f));
  context.guard[2 * limit + 1] = select_(at_low, f, min_(T(low - x), T(-f)));
  dxdt = select_(at_high, (high - x) * pull, select_(at_low, (low - x) * pull, f));
  return select_(at_high, T(high), select_(at_low, T(low), x));
}

/// Non-windup integrator dx/dt = f with a lower limit only, x >= low.
template <class T, class P, class L>
BALLAST_HD T integrator_above(const T& x, const T& f, const L& low, double pull, const Context<T, P>& context,
                              int limit, T& dxdt) {
  const auto at_low = context.mode[limit] == -1;
  context.guard[2 * limit] = T(-1.0);  // there is no upper limit
  context.guard[2 * limit + 1] = select_(at_low, f, min_(T(low - x), T(-f)));
  dxdt = select_(at_low, (low - x) * pull, f);
  return select_(at_low, T(low), x);
}

/// Non-windup lag: 1/(1+sT) with low <= x <= high; with T = 0 an algebraic limit.
template <class T, class P, class L, class H>
BALLAST_HD T limited_lag(const Lag<P>& b, const T& x, const T& u, const L& low, const H& high,
                         const Context<T, P>& context, int limit, T& dxdt) {
  const auto direct = b.direct > 0.5;
  const auto at_high = context.mode[limit] == 1;
  const auto at_low = context.mode[limit] == -1;
  const T f = (u - x) * b.rate;
  const T y = select_(direct, u, x);
  context.guard[2 * limit] = select_(at_high, select_(direct, T(high - u), T(-f)),
                                     select_(direct, T(u - high), min_(T(x - high), f)));
  context.guard[2 * limit + 1] =
      select_(at_low, select_(direct, T(u - low), f), select_(direct, T(low - u), min_(T(low - x), T(-f))));
  dxdt = select_(at_high, (high - x) * b.rate, select_(at_low, (low - x) * b.rate, f));
  return select_(at_high, T(high), select_(at_low, T(low), y));
}

/// Zero between low and high, the excess outside.
template <class T, class P, class L, class H>
BALLAST_HD T deadband(const T& u, const L& low, const H& high, const Context<T, P>& context, int limit) {
  const auto above = context.mode[limit] == 1;
  const auto below = context.mode[limit] == -1;
  context.guard[2 * limit] = select_(above, high - u, u - high);
  context.guard[2 * limit + 1] = select_(below, u - low, low - u);
  return select_(above, u - high, select_(below, u - low, 0.0 * u));
}

/// Follows u through a lag, rising no faster than `rise`, falling no faster than `fall` (u's unit per second;
/// fall < 0 < rise).
/// The lag's T is short but not zero: without it there would be no rate to limit.
template <class T, class P, class L, class H>
BALLAST_HD T rate_limit(const Lag<P>& b, const T& x, const T& u, const L& fall, const H& rise,
                        const Context<T, P>& context, int limit, T& dxdt) {
  dxdt = limited(T((u - x) * b.rate), fall, rise, context, limit);
  return x;
}

/// K/(s + K/G): an integrator of gain K whose gain at rest is G instead of infinite.
template <class P>
struct GainLimitedIntegrator {
  P gain;  ///< K, 1/s
  P leak;  ///< K/G, 1/s; 0 when G is infinite
};
template <class P>
GainLimitedIntegrator<P> make_gain_limited_integrator(const P& K, const P& G) {
  return {K, K / G};
}
template <class T, class P>
BALLAST_HD T gain_limited_integrator(const GainLimitedIntegrator<P>& b, const T& x, const T& u, T& dxdt) {
  dxdt = b.gain * u - b.leak * x;
  return x;
}

/// Proportional-integral control, Kp + Ki/s, output between low and high.
template <class P>
struct Pi {
  P Kp;
  P Ki;             ///< 1/s
  P tracking_rate;  ///< 1/s; of pi_tracking
};

/// Anti-windup by clamping: the integral itself is a non-windup integrator between the output's limits (WECC
/// REPC, REEC). Owns limits `limit` (integral) and `limit + 1` (output).
///
/// The third usual form, an integral frozen while the output is limited (IEEE 421.5-2016 annex E), is left
/// out: it slides along the limit by switching without end where the error falls slowly.
template <class T, class P, class L, class H>
BALLAST_HD T pi_clamped(const Pi<P>& b, const T& x, const T& error, const L& low, const H& high, double pull,
                        const Context<T, P>& context, int limit, T& dxdt) {
  const T integral = limited_integrator(x, T(b.Ki * error), low, high, pull, context, limit, dxdt);
  return limited(T(b.Kp * error + integral), low, high, context, limit + 1);
}

/// Anti-windup by tracking (back-calculation): what the limit takes away drives the integral back with
/// `tracking_rate` (Astrom & Hagglund 2006, section 3.5).
template <class T, class P, class L, class H>
BALLAST_HD T pi_tracking(const Pi<P>& b, const T& x, const T& error, const L& low, const H& high,
                         const Context<T, P>& context, int limit, T& dxdt) {
  const T wanted = b.Kp * error + x;
  const T y = limited(wanted, low, high, context, limit);
  dxdt = b.Ki * error + (y - wanted) * b.tracking_rate;
  return y;
}

/// Straight lines through N points with ascending u; beyond the ends the end lines go on (for a flat end give
/// two points of equal y). Every inner point is a kink.
template <class P, int N>
struct Curve {
  static_assert(N >= 2, "a curve has at least two points");
  P u[N];
  P y0;
  P slope;    ///< of the first line
  P bend[N];  ///< change of slope at inner point k
};
template <class P, int N>
Curve<P, N> make_curve(const P (&u)[N], const P (&y)[N]) {
  Curve<P, N> c{};
  c.y0 = y[0];
  c.slope = (y[1] - y[0]) / (u[1] - u[0]);
  P before = c.slope;
  for (int k = 0; k < N; ++k) c.u[k] = u[k];
  for (int k = 1; k + 1 < N; ++k) {
    const P after = (y[k + 1] - y[k]) / (u[k + 1] - u[k]);
    c.bend[k] = after - before;
    before = after;
  }
  return c;
}
/// Owns limits `limit` to `limit + N - 3`, one per kink: mode 1 above it, 0 below it.
template <class T, class P, int N>
BALLAST_HD T curve(const Curve<P, N>& b, const T& u, const Context<T, P>& context, int limit) {
  T y = b.y0 + (u - b.u[0]) * b.slope;
  for (int k = 1; k + 1 < N; ++k) {
    const int kink = limit + k - 1;
    const auto above = context.mode[kink] == 1;
    const T beyond = u - b.u[k];
    context.guard[2 * kink] = select_(above, -beyond, beyond);
    context.guard[2 * kink + 1] = T(-1.0);  // there is no lower limit
    y = y + select_(above, beyond * b.bend[k], T(0.0));
  }
  return y;
}

// ---- limits without modes
// Converters come in hundreds, and a fault drives each through a dozen limits within milliseconds. Their
// limits are continuous functions with kinks instead: no event, no guard; the error control sees to the kink.

/// The rate of a state whose own rate is f, 1/s: within [low, high] it is f; beside a limit (fixed or moving)
/// no more than brings the state back to the limit at `pull` (1/s). A limit is reached within about f/pull.
template <class T, class F, class L, class H>
BALLAST_HD T within_limits(const T& x, const F& f, const L& low, const H& high, double pull) {
  return min_(max_(T(f), T((low - x) * pull)), T((high - x) * pull));
}

/// Zero between low and high, the excess outside (the deadband without a mode).
template <class T, class L, class H>
BALLAST_HD T excess(const T& u, const L& low, const H& high) {
  return u - clamp_(u, T(low), T(high));
}

/// Straight lines through N points with ascending u, flat beyond the ends. A point whose u does not ascend
/// ends the table.
template <class P, int N>
struct Table {
  P u[N];      ///< where line k begins
  P width[N];  ///< of line k; 0 when it is not there
  P slope[N];
  P y0;
};
template <class P, int N>
Table<P, N> make_table(const P (&u)[N], const P (&y)[N]) {
  Table<P, N> t{};
  t.y0 = y[0];
  auto there = u[0] < kInfinity;
  for (int k = 0; k + 1 < N; ++k) {
    there = there && u[k] < u[k + 1];
    t.u[k] = u[k];
    t.width[k] = select_(there, u[k + 1] - u[k], P(0.0));
    t.slope[k] = select_(there, (y[k + 1] - y[k]) / select_(there, t.width[k], P(1.0)), P(0.0));
  }
  return t;
}
template <class T, class P, int N>
BALLAST_HD T table(const Table<P, N>& t, const T& u) {
  T y = T(t.y0);
  for (int k = 0; k + 1 < N; ++k) y = y + t.slope[k] * clamp_(T(u - t.u[k]), T(0.0), T(t.width[k]));
  return y;
}

}  // namespace ballast
