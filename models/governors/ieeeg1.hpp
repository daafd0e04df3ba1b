/// \file
/// Steam turbine and governor with up to four stages.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Steam turbine with up to four stages and its governor, PSS/E IEEEG1.
///
///                               UO         PMAX
///        1 + s T2              1  ─       1  ─
///  w ─► K ──────── ─►(-)─►(+)─► ── ─ ──► ─── ─┬─► 1/(1+sT4) ─┬─► 1/(1+sT5) ─┬─► 1/(1+sT6) ─┬─► 1/(1+sT7) ─┐
///        1 + s T1    Pref ▲-   T3 ─       s  ─│       K1     │       K3     │       K5     │       K7     │
///                         │       UC     PMIN │       └───►(+)──────►(+)───────────►(+)────────────►(+)──►
///                         Pm └───────────────────┘
///
/// A stage with a time constant of zero passes its steam on at once.
/// Deviations: cross-compound units (JBUS other than 0) are refused; the power K2, K4, K6, K8 of their
/// second shaft is not used. T3 = 0 is refused.
struct Ieeeg1 : ModelDefaults {
  static constexpr const char* title = "Steam turbine and governor, IEEE type 1";
  static constexpr const char* source =
      "IEEE Committee Report 1973, PSS/E model library (public descriptions), ANDES and OpenIPSL";
  static constexpr const char* validated =
      "ANDES on IEEE 39 (a fault, limits not binding): speed within 4.7e-6 pu of a swing of 8.9e-3, V within "
      "1.5e-4 pu over 10 s; with UO, UC and PMAX binding: speed within 4.7e-6 pu of a swing of 1.1e-2";
  static constexpr Role role = Role::GOVERNOR;

  enum State { LEAD_LAG, VALVE, STAGE_4, STAGE_5, STAGE_6, STAGE_7, kStates };
  enum Input { SPEED_DEVIATION, PREF, kInputs };
  enum Output { PM, kOutputs };
  enum Limit { VELOCITY, POSITION, kLimits };
  enum Parameter {
    JBUS,
    M,
    K,
    T1,
    T2,
    T3,
    UO,
    UC,
    PMAX,
    PMIN,
    T4,
    K1,
    K2,
    T5,
    K3,
    K4,
    T6,
    K5,
    K6,
    T7,
    K7,
    K8,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"JBUS", "1", not_negative(), within(0, 0), "bus of the second shaft's machine; 0 = one shaft", false,
       0},
      {"M", "1", anything(), anything(), "id of the second shaft's machine", true, 0},
      {"K", "pu", positive(), within(5, 30), "governor gain, 1/droop"},
      {"T1", "s", not_negative(), within(0, 5), "lag time constant"},
      {"T2", "s", not_negative(), within(0, 10), "lead time constant"},
      {"T3", "s", positive(), within(0.04, 1), "valve positioner time constant"},
      {"UO", "pu/s", positive(), within(0.01, 1), "fastest opening"},
      {"UC", "pu/s", anything(), within(-10, -0.01), "fastest closing (negative)"},
      {"PMAX", "pu", anything(), within(0.5, 1.2), "upper valve limit"},
      {"PMIN", "pu", anything(), within(-0.5, 0.5), "lower valve limit"},
      {"T4", "s", not_negative(), within(0, 1), "steam chest time constant"},
      {"K1", "1", not_negative(), within(0, 1), "share of the power after T4"},
      {"K2", "1", not_negative(), within(0, 1), "the same on the second shaft"},
      {"T5", "s", not_negative(), within(0, 10), "reheater time constant"},
      {"K3", "1", not_negative(), within(0, 1), "share of the power after T5"},
      {"K4", "1", not_negative(), within(0, 1), "the same on the second shaft"},
      {"T6", "s", not_negative(), within(0, 10), "crossover or second reheater time constant"},
      {"K5", "1", not_negative(), within(0, 1), "share of the power after T6"},
      {"K6", "1", not_negative(), within(0, 1), "the same on the second shaft"},
      {"T7", "s", not_negative(), within(0, 10), "crossover time constant"},
      {"K7", "1", not_negative(), within(0, 1), "share of the power after T7"},
      {"K8", "1", not_negative(), within(0, 1), "the same on the second shaft"},
  };
  static constexpr Relation relations[] = {
      {UC, Relation::BELOW, UO, "the valve could not move"},
      {PMIN, Relation::BELOW, PMAX, "no turbine power would be allowed"},
  };
  static constexpr StateInfo states[] = {{"lead_lag", "pu"}, {"valve", "pu"},   {"stage_4", "pu"},
                                         {"stage_5", "pu"},  {"stage_6", "pu"}, {"stage_7", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  template <class P>
  struct Derived {
    LeadLag<P> lead_lag;
    Lag<P> stage_4, stage_5, stage_6, stage_7;
    P K, per_T3, UO, UC, PMAX, PMIN, K1, K3, K5, K7;
    P shares;  ///< K1 + K3 + K5 + K7
    P second_shaft;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    Derived<P> d;
    d.lead_lag = make_lead_lag<P>(p[T2], p[T1]);
    d.stage_4 = make_lag<P>(p[T4]);
    d.stage_5 = make_lag<P>(p[T5]);
    d.stage_6 = make_lag<P>(p[T6]);
    d.stage_7 = make_lag<P>(p[T7]);
    d.K = p[K];
    d.per_T3 = 1.0 / p[T3];
    d.UO = p[UO];
    d.UC = p[UC];
    d.PMAX = p[PMAX];
    d.PMIN = p[PMIN];
    d.K1 = p[K1];
    d.K3 = p[K3];
    d.K5 = p[K5];
    d.K7 = p[K7];
    d.shares = p[K1] + p[K3] + p[K5] + p[K7];
    d.second_shaft = p[JBUS];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T speed = lead_lag(d.lead_lag, x[LEAD_LAG], in[SPEED_DEVIATION], dxdt[LEAD_LAG]);
    const T velocity =
        limited(T((in[PREF] - d.K * speed - x[VALVE]) * d.per_T3), d.UC, d.UO, context, VELOCITY);
    const T valve =
        limited_integrator(x[VALVE], velocity, d.PMIN, d.PMAX, kPull, context, POSITION, dxdt[VALVE]);
    const T s4 = lag(d.stage_4, x[STAGE_4], valve, dxdt[STAGE_4]);
    const T s5 = lag(d.stage_5, x[STAGE_5], s4, dxdt[STAGE_5]);
    const T s6 = lag(d.stage_6, x[STAGE_6], s5, dxdt[STAGE_6]);
    const T s7 = lag(d.stage_7, x[STAGE_7], s6, dxdt[STAGE_7]);
    out[PM] = d.K1 * s4 + d.K3 * s5 + d.K5 * s6 + d.K7 * s7;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o =
            Outcome::check("bus of a second shaft JBUS (only single shafts, 0)", d.second_shaft, 0, 0);
        !o.ok())
      return o;
    if (!(d.shares > 0)) return {"sum of the power shares K1 + K3 + K5 + K7", d.shares, 1, 1};
    const double valve = rest.out[PM] / d.shares;
    x[LEAD_LAG] = 0;
    x[VALVE] = valve;
    x[STAGE_4] = valve;
    x[STAGE_5] = valve;
    x[STAGE_6] = valve;
    x[STAGE_7] = valve;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PREF] = valve;
    return Outcome::check("valve opening Pm/(K1 + K3 + K5 + K7) (pu, PMIN..PMAX)", valve, d.PMIN, d.PMAX,
                          {PMIN}, {PMAX});
  }

 private:
  static constexpr double kPull = 100;  ///< 1/s
};
BALLAST_MODEL(Ieeeg1, "IEEEG1");

}  // namespace ballast
