/// \file
/// The blocks of control diagrams, written once. A block returns its output and writes its state's
/// derivative, so that a model reads like its diagram. Limits are modes: a limit block reads
/// context.mode[limit] and leaves two guards; the integrator stops where a guard becomes positive, the mode
/// changes, and goes on. Between two such points every block is smooth.
///
/// Block data (Lag, LeadLag, ...) is made in derive(); a time constant of zero makes the block a
/// pass-through.
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

/// sT/(1+sT)
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

/// Non-windup integrator dx/dt = f, low <= x <= high. `pull` (1/s) holds the state on a limit it has reached.
template <class T, class P, class L, class H>
BALLAST_HD T limited_integrator(const T& x, const T& f, const L& low, const H& high, double pull,
                                const Context<T, P>& context, int limit, T& dxdt) {
  const auto at_high = context.mode[limit] == 1;
  const auto at_low = context.mode[limit] == -1;
  context.guard[2 * limit] = select_(at_high, -f, x - high);
  context.guard[2 * limit + 1] = select_(at_low, f, low - x);
  dxdt = select_(at_high, (high - x) * pull, select_(at_low, (low - x) * pull, f));
  return select_(at_high, T(high), select_(at_low, T(low), x));
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
  context.guard[2 * limit] = select_(at_high, select_(direct, high - u, -f), y - high);
  context.guard[2 * limit + 1] = select_(at_low, select_(direct, u - low, f), low - y);
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

}  // namespace ballast
