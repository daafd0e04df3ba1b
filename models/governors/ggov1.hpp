/// \file
/// General governor and turbine: gas turbines, combined cycle, diesel engines.
#pragma once

#include "models/blocks.hpp"
#include "models/delay.hpp"
#include "models/need.hpp"

namespace ballast {

/// General-purpose governor and turbine, PSS/E GGOV1.
///
///  Pref + reset - w - R r ─► deadband db ─► MINERR..MAXERR ─► PID (Kpgov, Kigov, Kdgov, Tdgov) ─► FSRN ─┐
///  Ldref/Kturb + Wfnl - texh ─► PI (Kpload, Kiload), at most 1 ─────────────────────────────────► FSRT ─►
///  min ─┐ fsr(t - dt) + Ka dt (Aset - s w/(1 + s Ta)) ─────────────────────────────────────────────────►
///  FSRA ─┘      │
///   ┌──────────────────────────────────────── fsr within VMIN..VMAX
///   ◄──────────────────────────────────────────┘ │      ROPEN                  wf = v (1 + w) with Flag = 1
///   │    1 ─────   1
///   └─►  ── ───── ─── v ──► wf ─┬─► Kturb (wf - Wfnl) ─► delay Teng ─► (1 + s Tc)/(1 + s Tb) ──► Pm - Dm w
///   (Dm > 0)
///       Tact ────  s            └─► (1 + w)^Dm (Dm < 0) ─► (1 + s Tsa)/(1 + s Tsb) ─► 1/(1 + s Tfload) ─►
///       texh
///          RCLOSE
///   reset = Kimw/s (Pmwset - Pe') within +-1.1 R;   Pe' = Pe/(1 + s Tpelec)
///   r: Rselect = 1 Pe', 0 none (isochronous), -1 valve stroke v, -2 governor output fsr
///
/// A controller that loses the low-value selection follows fsr: its integral is driven by (Ki/Kp)(fsr - its
/// output). The acceleration limit is, in a program with a time step, a limit Ka (Aset - acceleration) on how
/// fast fsr may rise. Powers are on the base of the turbine, Trate MW; Trate = 0 means the machine's MVA
/// base. Deviations: dt, the program's time step in PSS/E, is 1/240 s here whatever the integrator does, and
/// the fsr fed back by Rselect = -2 is older by it; Teng is a second-order Pade approximation; Rup and Rdown
/// limit how fast an operator moves Ldref, which does not move here. Sources differ on Dm > 0 (Dm times the
/// speed in OpenIPSL and InterPSS, its deviation in IEEE PES-TR1): the deviation is used, so that Wfnl is the
/// flow at no load.
struct Ggov1 : ModelDefaults {
  static constexpr const char* title = "General governor and turbine";
  static constexpr const char* source =
      "IEEE PES-TR1 (2013) and PSS/E model library (public descriptions); OpenIPSL and InterPSS for record, "
      "selection and tracking";
  static constexpr const char* validated =
      "no PSS/E curve; the diagram step by step (validation/devices), every feedback and limit: Pm within "
      "6.5e-5 pu over 60 s";
  static constexpr Role role = Role::GOVERNOR;

  enum State {
    POWER,
    RESET,
    INTEGRAL,
    DERIVATIVE,
    LOAD_INTEGRAL,
    ACCELERATION,
    FOLLOWED,
    VALVE,
    DELAY,
    DELAY_RATE,
    TURBINE,
    EXHAUST_LEAD,
    EXHAUST,
    kStates
  };
  enum Input { SPEED_DEVIATION, PE, PREF, PMWSET, kInputs };
  enum Output { PM, kOutputs };
  enum Limit {
    RESET_LIMIT,
    DEADBAND,
    ERROR_LIMIT,
    LOAD_GATE,
    ACCELERATION_GATE,
    POSITION,
    VELOCITY,
    kLimits
  };
  enum Parameter {
    RSELECT,
    FLAG,
    R,
    TPELEC,
    MAXERR,
    MINERR,
    KPGOV,
    KIGOV,
    KDGOV,
    TDGOV,
    VMAX,
    VMIN,
    TACT,
    KTURB,
    WFNL,
    TB,
    TC,
    TENG,
    TFLOAD,
    KPLOAD,
    KILOAD,
    LDREF,
    DM,
    ROPEN,
    RCLOSE,
    KIMW,
    ASET,
    KA,
    TA,
    TRATE,
    DB,
    TSA,
    TSB,
    RUP,
    RDOWN,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"Rselect", "1", within(-2, 1), within(-2, 1), "droop feedback: 1 power, 0 none, -1 valve, -2 fsr"},
      {"Flag", "1", within(0, 1), within(0, 1), "1: fuel flow is proportional to speed"},
      {"R", "pu", not_negative(), within(0, 0.1), "permanent droop"},
      {"Tpelec", "s", not_negative(), within(0, 10), "electrical power measurement time constant"},
      {"maxerr", "pu", anything(), within(0, 1), "upper limit of the speed error"},
      {"minerr", "pu", anything(), within(-1, 0), "lower limit of the speed error"},
      {"Kpgov", "pu", not_negative(), within(0.5, 50), "governor proportional gain"},
      {"Kigov", "pu/s", not_negative(), within(0, 20), "governor integral gain"},
      {"Kdgov", "pu s", not_negative(), within(0, 20), "governor derivative gain"},
      {"Tdgov", "s", not_negative(), within(0, 2), "governor derivative time constant"},
      {"Vmax", "pu", anything(), within(0.5, 1.2), "upper valve limit"},
      {"Vmin", "pu", anything(), within(-0.5, 0.3), "lower valve limit"},
      {"Tact", "s", positive(), within(0.02, 5), "actuator time constant"},
      {"Kturb", "pu", positive(), within(1, 3), "turbine gain"},
      {"Wfnl", "pu", not_negative(), within(0, 0.4), "fuel flow at no load"},
      {"Tb", "s", not_negative(), within(0, 10), "turbine lag time constant"},
      {"Tc", "s", not_negative(), within(0, 10), "turbine lead time constant"},
      {"Teng", "s", not_negative(), within(0, 0.5), "transport delay of an engine"},
      {"Tfload", "s", not_negative(), within(0, 20), "load limiter measurement time constant"},
      {"Kpload", "pu", not_negative(), within(0, 20), "load limiter proportional gain"},
      {"Kiload", "pu/s", not_negative(), within(0, 20), "load limiter integral gain"},
      {"Ldref", "pu", anything(), within(0.5, 20), "load limit"},
      {"Dm", "pu", anything(), within(-2, 2), "speed damping (> 0) or exponent of the fuel limit (< 0)"},
      {"Ropen", "pu/s", positive(), within(0.01, 100), "fastest opening"},
      {"Rclose", "pu/s", {-kInfinity, -1e-9}, within(-100, -0.01), "fastest closing (negative)"},
      {"Kimw", "1/s", not_negative(), within(0, 0.1), "gain of the supervisory load controller; 0 = none"},
      {"Aset", "pu/s", not_negative(), within(0.005, 100), "acceleration above which the fuel is reduced"},
      {"Ka", "pu", not_negative(), within(0, 100), "acceleration limiter gain; 0 = none"},
      {"Ta", "s", positive(), within(0.01, 1), "acceleration limiter time constant"},
      {"Trate", "MW", not_negative(), within(0, 5000), "turbine rating; 0 = the machine's base"},
      {"db", "pu", not_negative(), within(0, 0.01), "deadband of the speed error"},
      {"Tsa", "s", not_negative(), within(0, 20), "temperature detection lead time constant"},
      {"Tsb", "s", not_negative(), within(0, 20), "temperature detection lag time constant"},
      {"Rup", "pu/s", anything(), anything(), "fastest rise of Ldref"},
      {"Rdown", "pu/s", anything(), anything(), "fastest fall of Ldref (negative)"},
  };
  static constexpr Relation relations[] = {
      {MINERR, Relation::BELOW, MAXERR, "no speed error would pass"},
      {VMIN, Relation::BELOW, VMAX, "no fuel would be allowed"},
  };
  static constexpr Need needs[] = {
      {KDGOV, TDGOV, "a derivative without a time constant cannot be simulated and would be left out"}};
  static constexpr StateInfo states[] = {
      {"power", "pu"},         {"reset", "pu"},        {"integral", "pu"}, {"derivative", "pu"},
      {"load_integral", "pu"}, {"acceleration", "pu"}, {"followed", "pu"}, {"valve", "pu"},
      {"delay", "pu"},         {"delay_rate", "pu"},   {"turbine", "pu"},  {"exhaust_lead", "pu"},
      {"exhaust", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"omega", "pu"}, {"Pe", "pu"}, {"Pref", "pu", Unwired::HELD}, {"Pmwset", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  template <class P>
  struct Derived {
    Lag<P> power, derivative, exhaust, delay;
    LeadLag<P> turbine, exhaust_lead;
    Pi<P> speed, load;
    P R, maxerr, minerr, Kd_Td, highest, lowest, per_Tact, Kturb, Wfnl, Ropen, Rclose;
    P load_reference;  ///< Ldref/Kturb + Wfnl
    P Kimw, reset_limit, Ka, Aset, per_Ta, db;
    P damping, fuel_exponent;                  ///< Dm above and below zero
    P power_droop, valve_droop, output_droop;  ///< R where the feedback is taken, else 0
    P fuel_by_speed;                           ///< 1 or 0
    P to_machine;                              ///< turbine base to machine base
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const auto is = [](const P& value, double code) {
      return select_(abs_(value - code) < 0.5, P(1.0), P(0.0));
    };
    // With Kp = 0 the integral follows with Ki itself.
    const auto pi = [](const P& Kp, const P& Ki) {
      return Pi<P>{Kp, Ki, select_(Kp > 0.0, Ki / select_(Kp > 0.0, Kp, P(1.0)), Ki)};
    };
    Derived<P> d;
    d.power = make_lag<P>(p[TPELEC]);
    d.derivative = make_lag<P>(p[TDGOV]);
    d.exhaust = make_lag<P>(p[TFLOAD]);
    d.delay = make_lag<P>(p[TENG]);
    d.turbine = make_lead_lag<P>(p[TC], p[TB]);
    d.exhaust_lead = make_lead_lag<P>(p[TSA], p[TSB]);
    d.speed = pi(p[KPGOV], p[KIGOV]);
    d.load = pi(p[KPLOAD], p[KILOAD]);
    d.R = p[R];
    d.maxerr = p[MAXERR];
    d.minerr = p[MINERR];
    d.Kd_Td = p[KDGOV] * d.derivative.rate;
    // FSRT is at most 1, so fsr is.
    d.highest = min_(p[VMAX], P(1.0));
    d.lowest = p[VMIN];
    d.per_Tact = 1.0 / p[TACT];
    d.Kturb = p[KTURB];
    d.Wfnl = p[WFNL];
    d.Ropen = p[ROPEN];
    d.Rclose = p[RCLOSE];
    d.load_reference = p[LDREF] / p[KTURB] + p[WFNL];
    d.Kimw = p[KIMW];
    d.reset_limit = 1.1 * p[R];
    d.Ka = p[KA];
    d.Aset = p[ASET];
    d.per_Ta = 1.0 / p[TA];
    d.db = p[DB];
    d.damping = max_(p[DM], P(0.0));
    d.fuel_exponent = min_(p[DM], P(0.0));
    d.power_droop = p[R] * is(p[RSELECT], 1);
    d.valve_droop = p[R] * is(p[RSELECT], -1);
    d.output_droop = p[R] * is(p[RSELECT], -2);
    d.fuel_by_speed = is(p[FLAG], 1);
    d.to_machine = select_(p[TRATE] > 0.0, p[TRATE] * (1 / ratings.device_MVA), P(1.0));
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T w = in[SPEED_DEVIATION];

    // Supervisory load control and droop
    const T power = lag(d.power, x[POWER], T(in[PE] / d.to_machine), dxdt[POWER]);
    const T reset = limited_integrator(x[RESET], T(d.Kimw * (in[PMWSET] - power)), -d.reset_limit,
                                       d.reset_limit, kPull, context, RESET_LIMIT, dxdt[RESET]);
    const T droop = d.power_droop * power + d.valve_droop * x[VALVE] + d.output_droop * x[FOLLOWED];
    const T speed_error = in[PREF] + reset - w - droop;
    const T banded = deadband(speed_error, -d.db, d.db, context, DEADBAND);
    // Without a band the error passes as it is: at rest its mode would follow the last bit of a zero.
    const auto has_band = d.db > 0.0;
    const T outside = select_(has_band, banded, speed_error);
    for (const int side : {2 * DEADBAND, 2 * DEADBAND + 1})
      context.guard[side] = select_(has_band, context.guard[side], T(-1.0));
    const T error = limited(outside, d.minerr, d.maxerr, context, ERROR_LIMIT);

    // The three controllers and the selection of the lowest
    const T fsrn = d.speed.Kp * error + x[INTEGRAL] + d.Kd_Td * (error - x[DERIVATIVE]);
    dxdt[DERIVATIVE] = (error - x[DERIVATIVE]) * d.derivative.rate;
    const T load_error = d.load_reference - exhaust_temperature(x, w, d, dxdt);
    const T fsrt = d.load.Kp * load_error + x[LOAD_INTEGRAL];
    const T acceleration = (w - x[ACCELERATION]) * d.per_Ta;
    dxdt[ACCELERATION] = acceleration;
    // Ka = 0: no limit, as PSS/E's Ka dt (..) = 0 would hold fsr where it is.
    const T fsra = select_(d.Ka > 0.0, x[FOLLOWED] + d.Ka * kStep * (d.Aset - acceleration), T(kAbsent));
    const T lower = limited_above(fsrn, fsrt, context, LOAD_GATE);
    const T lowest = limited_above(lower, fsra, context, ACCELERATION_GATE);
    const T fsr = limited(lowest, d.lowest, d.highest, context, POSITION);
    dxdt[INTEGRAL] = d.speed.Ki * error + (fsr - fsrn) * d.speed.tracking_rate;
    dxdt[LOAD_INTEGRAL] = d.load.Ki * load_error + (fsr - fsrt) * d.load.tracking_rate;
    dxdt[FOLLOWED] = (fsr - x[FOLLOWED]) * (1 / kStep);

    // Valve and turbine
    dxdt[VALVE] = limited(T((fsr - x[VALVE]) * d.per_Tact), d.Rclose, d.Ropen, context, VELOCITY);
    const T flow = fuel_flow(x, w, d);
    const T power_of_flow = delayed(d.delay, x[DELAY], x[DELAY_RATE], T(d.Kturb * (flow - d.Wfnl)),
                                    dxdt[DELAY], dxdt[DELAY_RATE]);
    const T turbine = lead_lag(d.turbine, x[TURBINE], power_of_flow, dxdt[TURBINE]);
    out[PM] = (turbine - d.damping * w) * d.to_machine;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double power = rest.out[PM] / d.to_machine;
    const double Pe = rest.in[PE] == rest.in[PE] ? rest.in[PE] / d.to_machine : power;
    const double valve = power / d.Kturb + d.Wfnl;
    for (int i = 0; i < kStates; ++i) x[i] = 0;
    x[POWER] = Pe;
    x[INTEGRAL] = valve;
    // The load limiter's integral rests where following fsr and its own error balance.
    const double load_error = d.load_reference - valve;
    const double following = d.load.tracking_rate;
    x[LOAD_INTEGRAL] =
        following > 0 ? valve - d.load.Kp * load_error + d.load.Ki / following * load_error : valve;
    x[FOLLOWED] = valve;
    x[VALVE] = valve;
    x[DELAY] = power;
    x[TURBINE] = power;
    x[EXHAUST_LEAD] = valve;
    x[EXHAUST] = valve;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PE] = Pe * d.to_machine;
    rest.in[PMWSET] = Pe;
    rest.in[PREF] = d.power_droop * Pe + (d.valve_droop + d.output_droop) * valve;
    if (const Outcome o = Outcome::check("valve opening Pm/Kturb + Wfnl (pu, Vmin..Vmax and at most 1)",
                                         valve, d.lowest, d.highest);
        !o.ok())
      return o;
    return Outcome::check("valve opening Pm/Kturb + Wfnl (pu, load limit Ldref/Kturb + Wfnl)", valve,
                          -kInfinity, d.load_reference);
  }

 private:
  static constexpr double kStep = 1.0 / 240;  ///< s
  static constexpr double kPull = 100;        ///< 1/s
  static constexpr double kAbsent = 1000;     ///< pu: where a limit without a gain is

  template <class T, class P>
  BALLAST_HD static T fuel_flow(const T* x, const T& w, const Derived<P>& d) {
    return x[VALVE] * (1.0 + d.fuel_by_speed * w);
  }

  template <class T, class P>
  BALLAST_HD static T exhaust_temperature(const T* x, const T& w, const Derived<P>& d, T* dxdt) {
    const T permitted = fuel_flow(x, w, d) * exp_(d.fuel_exponent * log_(max_(T(1.0 + w), T(0.1))));
    const T led = lead_lag(d.exhaust_lead, x[EXHAUST_LEAD], permitted, dxdt[EXHAUST_LEAD]);
    return lag(d.exhaust, x[EXHAUST], led, dxdt[EXHAUST]);
  }
};
BALLAST_MODEL(Ggov1, "GGOV1");

}  // namespace ballast
