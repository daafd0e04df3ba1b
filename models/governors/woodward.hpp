/// \file
/// What the diesel governors DEGOV and DEGOV1 have in common.
#pragma once

#include "models/delay.hpp"
#include "models/need.hpp"

namespace ballast {

/// Woodward diesel governor: electric control box, actuator and engine.
///
///   error     1 + s T3          K  TMAX   1 + s T4       1      TMAX
///   ────► ───────────────── ─► ─── ──── ► ──────── ► ──────── ─ ──── ─┬─► engine delay TD ─► x (1 + w) ─► Pm
///         1 + s T1 + s^2 T1 T2   s  TMIN   1 + s T5   1 + s T6   TMIN   └─► throttle
///
/// The limits bind the integral (non-windup) and the throttle. With T5 = 0 the lead T4 is left out, with
/// T2 = 0 the control box is of first order, with T1 = 0 it passes the error.
struct Woodward : ModelDefaults {
  static constexpr Role role = Role::GOVERNOR;

  enum State { BOX, BOX_RATE, INTEGRAL, LEAD, ACTUATOR, DELAY, DELAY_RATE, kCoreStates };
  enum Limit { INTEGRAL_LIMIT, THROTTLE_LIMIT, kLimits };
  enum Output { PM, kOutputs };
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  /// Places of the numbers both records have.
  struct Places {
    int T1, T2, T3, K, T4, T5, T6, TD, TMAX, TMIN;
  };
  template <class P>
  struct Core {
    P T1, per_T1, per_T1T2, T3;  ///< rates are 0 where their time constant is
    P has_box, has_rate;         ///< 1 or 0: T1 > 0; T1 and T2 > 0
    P K, TMAX, TMIN;
    LeadLag<P> lead;
    Lag<P> actuator, delay;
  };
  template <class P>
  static Core<P> derive_core(const P* p, const Places& at) {
    const auto box = p[at.T1] > 1e-9;
    const auto rate = box && p[at.T2] > 1e-9;
    Core<P> c;
    c.T1 = p[at.T1];
    c.T3 = p[at.T3];
    c.per_T1 = make_lag<P>(p[at.T1]).rate;
    c.per_T1T2 = c.per_T1 * make_lag<P>(p[at.T2]).rate;
    c.has_box = select_(box, P(1.0), P(0.0));
    c.has_rate = select_(rate, P(1.0), P(0.0));
    c.K = p[at.K];
    c.TMAX = p[at.TMAX];
    c.TMIN = p[at.TMIN];
    c.lead = make_lead_lag<P>(p[at.T4], p[at.T5]);
    c.actuator = make_lag<P>(p[at.T6]);
    c.delay = make_lag<P>(p[at.TD]);
    return c;
  }

  /// The throttle, of states alone unless both T5 and T6 are zero (then of the integral).
  template <class T, class P>
  BALLAST_HD static T throttle(const T* x, const Core<P>& c, const Context<T, P>& context, T* dxdt) {
    const T integral = x[INTEGRAL];
    const T led = lead_lag(c.lead, x[LEAD], integral, dxdt[LEAD]);
    const T actuator = lag(c.actuator, x[ACTUATOR], led, dxdt[ACTUATOR]);
    return limited(actuator, c.TMIN, c.TMAX, context, THROTTLE_LIMIT);
  }
  /// What the speed error makes of the integral, and the throttle of the power.
  template <class T, class P>
  BALLAST_HD static T power(const T* x, const T& error, const T& throttle, const T& w, const Core<P>& c,
                            const Context<T, P>& context, T* dxdt) {
    const auto has_rate = c.has_rate > 0.5;
    const T velocity = select_(has_rate, x[BOX_RATE], T((error - x[BOX]) * c.per_T1));
    dxdt[BOX] = velocity * c.has_box;
    dxdt[BOX_RATE] = (error - x[BOX] - c.T1 * x[BOX_RATE]) * c.per_T1T2;
    const T box = select_(c.has_box > 0.5, T(x[BOX] + c.T3 * velocity), error);
    limited_integrator(x[INTEGRAL], T(c.K * box), c.TMIN, c.TMAX, kPull, context, INTEGRAL_LIMIT,
                       dxdt[INTEGRAL]);
    return delayed(c.delay, x[DELAY], x[DELAY_RATE], throttle, dxdt[DELAY], dxdt[DELAY_RATE]) * (1.0 + w);
  }
  static void rest_core(double torque, double* x) {
    for (int i = 0; i < kCoreStates; ++i) x[i] = 0;
    for (const int i : {INTEGRAL, LEAD, ACTUATOR, DELAY}) x[i] = torque;
  }

 protected:
  static constexpr double kPull = 100;  ///< 1/s
};

}  // namespace ballast
