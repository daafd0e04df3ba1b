/// \file
/// Steam turbine and governor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Steam turbine and governor, PSS/E TGOV1.
///
///                  VMAX
///   Pref - w    1 ─────────  valve    1 + s T2
///  ──────────► ─── 1 + s T1 ───────► ────────── ──►(+)──► Pm
///               R ─────────           1 + s T3      ▲ - Dt w
///                  VMIN
/// Deviations: none known.
struct Tgov1 : ModelDefaults {
  static constexpr const char* title = "Steam turbine and governor";
  static constexpr const char* source = "PSS/E model library (public descriptions), OpenIPSL, ANDES";
  static constexpr const char* validated =
      "PSS/E curve TGOV1 with ESAC1A: rotor angle within 0.019 deg, Efd within 3.8e-3 pu over 20 s; "
      "ANDES on Kundur and IEEE 39 within 5e-6 pu of speed; droop at rest exact";
  static constexpr Role role = Role::GOVERNOR;

  enum State { VALVE, REHEAT, kStates };
  enum Input { SPEED_DEVIATION, PREF, kInputs };
  enum Output { PM, kOutputs };
  enum Limit { VALVE_LIMIT, kLimits };
  enum Parameter { R, T1, VMAX, VMIN, T2, T3, DT, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"R", "pu", positive(), within(0.01, 0.1), "permanent droop"},
      {"T1", "s", not_negative(), within(0.05, 2), "steam bowl time constant"},
      {"VMAX", "pu", anything(), within(0.5, 1.2), "upper valve limit"},
      {"VMIN", "pu", anything(), within(0, 0.5), "lower valve limit"},
      {"T2", "s", not_negative(), within(0, 10), "lead: fraction of the high-pressure turbine times T3"},
      {"T3", "s", positive(), within(0.5, 20), "reheater time constant"},
      {"Dt", "pu", not_negative(), within(0, 0.5), "turbine damping"},
  };
  static constexpr Relation relations[] = {
      {VMIN, Relation::BELOW, VMAX, "no turbine power would be allowed"}};
  static constexpr StateInfo states[] = {{"valve", "pu"}, {"reheat", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  template <class P>
  struct Derived {
    Lag<P> valve;
    LeadLag<P> reheat;
    P R, per_R, VMAX, VMIN, Dt;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lag<P>(p[T1]), make_lead_lag<P>(p[T2], p[T3]), p[R], 1.0 / p[R], p[VMAX], p[VMIN], p[DT]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T demand = (in[PREF] - in[SPEED_DEVIATION]) * d.per_R;
    const T valve = limited_lag(d.valve, x[VALVE], demand, d.VMIN, d.VMAX, context, VALVE_LIMIT, dxdt[VALVE]);
    out[PM] = lead_lag(d.reheat, x[REHEAT], valve, dxdt[REHEAT]) - d.Dt * in[SPEED_DEVIATION];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Pm = rest.out[PM];
    x[VALVE] = Pm;
    x[REHEAT] = Pm;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PREF] = Pm * d.R;
    return Outcome::check("mechanical power Pm (pu, VMIN..VMAX)", Pm, d.VMIN, d.VMAX, {VMIN}, {VMAX});
  }
};
BALLAST_MODEL(Tgov1, "TGOV1");

}  // namespace ballast
