/// \file
/// Gas turbine and governor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Gas turbine and governor, PSS/E GAST.
///
///                            VMAX
///   Pref - w/R ──►┌─────┐   ──────────  x1      1      x2
///                 │ min ├─► 1/(1 + s T1) ──► ──────── ─┬─►(+)──► Pm
///          ┌─────►└─────┘   ──────────       1 + s T2  │   ▲ - Dturb w
///          │                 VMIN                      ▼
///   AT + KT (AT - x3) ◄──────────────────── x3 ◄── 1/(1 + s T3)
///
/// The low-value gate is a limit of the governor's demand: the turbine temperature limit takes over where it
/// binds. Deviations: none known.
struct Gast : ModelDefaults {
  static constexpr const char* title = "Gas turbine and governor";
  static constexpr const char* source = "PSS/E model library (public descriptions), OpenIPSL";
  static constexpr const char* validated =
      "PSS/E curve GAST with ESAC1A: rotor angle within 0.018 deg, Efd within 3.9e-3 pu over 20 s; starts "
      "with "
      "its low-value gate at the limit";
  static constexpr Role role = Role::GOVERNOR;

  enum State { FUEL, TURBINE, EXHAUST, kStates };
  enum Input { SPEED_DEVIATION, PREF, kInputs };
  enum Output { PM, kOutputs };
  enum Limit { TEMPERATURE, FUEL_LIMIT, kLimits };
  enum Parameter { R, T1, T2, T3, AT, KT, VMAX, VMIN, DTURB, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"R", "pu", positive(), within(0.01, 0.1), "permanent droop"},
      {"T1", "s", not_negative(), within(0.05, 1), "governor time constant"},
      {"T2", "s", not_negative(), within(0.05, 1), "combustion chamber time constant"},
      {"T3", "s", not_negative(), within(1, 10), "exhaust temperature measurement time constant"},
      {"AT", "pu", positive(), within(0.7, 1.2), "ambient temperature load limit"},
      {"KT", "pu", not_negative(), within(0, 5), "temperature limiter gain"},
      {"VMAX", "pu", anything(), within(0.5, 1.2), "upper fuel limit"},
      {"VMIN", "pu", anything(), within(-0.1, 0.5), "lower fuel limit"},
      {"Dturb", "pu", not_negative(), within(0, 0.5), "turbine damping"},
  };
  static constexpr Relation relations[] = {
      {VMIN, Relation::BELOW, VMAX, "no turbine power would be allowed"}};
  static constexpr StateInfo states[] = {{"fuel", "pu"}, {"turbine", "pu"}, {"exhaust", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  template <class P>
  struct Derived {
    Lag<P> fuel, turbine, exhaust;
    P per_R, AT, KT, VMAX, VMIN, Dturb;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lag<P>(p[T1]),
            make_lag<P>(p[T2]),
            make_lag<P>(p[T3]),
            1.0 / p[R],
            p[AT],
            p[KT],
            p[VMAX],
            p[VMIN],
            p[DTURB]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T temperature_limit = d.AT + d.KT * (d.AT - x[EXHAUST]);
    const T demand =
        limited_above(T(in[PREF] - in[SPEED_DEVIATION] * d.per_R), temperature_limit, context, TEMPERATURE);
    const T fuel = limited_lag(d.fuel, x[FUEL], demand, d.VMIN, d.VMAX, context, FUEL_LIMIT, dxdt[FUEL]);
    const T turbine = lag(d.turbine, x[TURBINE], fuel, dxdt[TURBINE]);
    lag(d.exhaust, x[EXHAUST], turbine, dxdt[EXHAUST]);
    out[PM] = turbine - d.Dturb * in[SPEED_DEVIATION];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Pm = rest.out[PM];
    x[FUEL] = Pm;
    x[TURBINE] = Pm;
    x[EXHAUST] = Pm;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PREF] = Pm;
    if (const Outcome o =
            Outcome::check("mechanical power Pm (pu, temperature limit AT)", Pm, -kInfinity, d.AT, {}, {AT});
        !o.ok())
      return o;
    return Outcome::check("mechanical power Pm (pu, VMIN..VMAX)", Pm, d.VMIN, d.VMAX, {VMIN}, {VMAX});
  }
};
BALLAST_MODEL(Gast, "GAST");

}  // namespace ballast
