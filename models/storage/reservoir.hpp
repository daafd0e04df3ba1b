/// \file
/// Energy behind a grid-forming converter.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// State of charge of a battery whose converter forms the voltage (REGFM_A1, REGFM_B1), and the power order
/// it gives that converter.
///
///   Pset ───────────────────────────────►(+)
///   P_load ──► smoothing_gain s Tf/(1+s Tf)─►(+)──► P limits (soc) ──► Pref of the converter
///   soc - soc_target ──► recentring_gain ──►(+)
///
///   d soc/dt = -P/(discharge_efficiency E) for P > 0, -P charge_efficiency/E for P < 0
///
/// Beside a grid the converter's power settles at Pref; in an island it is what the loads draw, whatever Pref
/// is, which only moves the frequency. So an order near empty and full is a wish: a battery that is empty
/// while it discharges, or full while it charges, trips its converter.
///
/// Source: state of charge as in WECC REEC_C; the orders are those of BESS.
///
/// Deviations: no battery voltage, no C-rate beyond the converter's limits, no standby loss.
struct Reservoir : ModelDefaults {
  static constexpr const char* title = "Energy behind a grid-forming converter";
  static constexpr const char* source =
      "WECC REEC_C (state of charge); orders as of BESS; docs/datacenter-models.md";
  static constexpr const char* validated = "against hand calculation";
  static constexpr Role role = Role::STORAGE;

  enum State { LOAD_AVERAGE, SOC, kStates };
  enum Input { P_TERMINAL, P_LOAD, PSET, kInputs };
  enum Output { PREF, STATE_OF_CHARGE, IN_SERVICE, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Operation { RUNS, EMPTY, FULL };
  enum Threshold { RUNS_EMPTY = 2 * kLimits, RUNS_FULL, kGuards };
  enum Parameter {
    ENERGY_H,
    POWER_LIMIT,
    SMOOTHING_GAIN,
    SMOOTHING_S,
    RECENTRING_GAIN,
    SOC_TARGET,
    SOC_INITIAL,
    SOC_MIN,
    SOC_MAX,
    SOC_MARGIN,
    CHARGE_EFFICIENCY,
    DISCHARGE_EFFICIENCY,
    kParameters
  };

  static constexpr StateInfo states[] = {{"load_average", "pu"}, {"soc", "pu"}};
  static constexpr InputInfo inputs[] = {{"P", "pu"},  ///< of the converter, discharge positive
                                         {"P_load", "MW", Unwired::ZERO},
                                         {"Pset", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pref", "pu", "power asked of the converter, discharge positive"},
                                           {"soc", "pu", "state of charge"},
                                           {"in_service", "1", "0 once it is empty or full"}};
  static constexpr ThresholdInfo thresholds[] = {{"state of charge", "pu"}, {"state of charge", "pu"}};
  static constexpr const char* mode_names[] = {"runs", "empty", "full"};

  static constexpr ParameterInfo parameters[] = {
      {"energy_h", "h", within(0.001, 1000), within(0.25, 8), "energy over the device base"},
      {"power_limit", "pu", within(0.01, 2), within(0.8, 1), "of the order, either way"},
      {"smoothing_gain", "1", within(0, 1), within(0, 1),
       "share of the load's variation taken over; 0 = none"},
      {"smoothing_s", "s", within(0.01, 1e5), within(10, 600), "the grid sees the load behind this lag, Tf"},
      {"recentring_gain", "pu", within(0, 10), within(0, 0.2), "power per state of charge off its target"},
      {"soc_target", "pu", within(0, 1), within(0.4, 0.6), "state of charge to return to"},
      {"soc_initial", "pu", within(0, 1), within(0.1, 0.9), "state of charge at rest"},
      {"soc_min", "pu", within(0, 1), within(0, 0.2), "empty"},
      {"soc_max", "pu", within(0, 1), within(0.8, 1), "full"},
      {"soc_margin", "pu", within(0.001, 0.5), within(0.01, 0.1),
       "over which the order's limit falls to zero"},
      {"charge_efficiency", "pu", within(0.1, 1), within(0.9, 0.99), "energy kept over energy taken"},
      {"discharge_efficiency", "pu", within(0.1, 1), within(0.9, 0.99), "energy given over energy spent"},
  };
  static constexpr Relation relations[] = {{SOC_MIN, Relation::BELOW, SOC_MAX, "it would be empty and full"}};

  template <class P>
  struct Derived {
    P soc_per_energy, power_limit, smoothing_gain, load_rate, recentring_gain;
    P soc_target, soc_initial, soc_min, soc_max, per_margin, charge_efficiency, per_discharge_efficiency,
        per_MW;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {1.0 / (p[ENERGY_H] * 3600.0),
            p[POWER_LIMIT],
            p[SMOOTHING_GAIN],
            1.0 / p[SMOOTHING_S],
            p[RECENTRING_GAIN],
            p[SOC_TARGET],
            p[SOC_INITIAL],
            p[SOC_MIN],
            p[SOC_MAX],
            1.0 / p[SOC_MARGIN],
            p[CHARGE_EFFICIENCY],
            1.0 / p[DISCHARGE_EFFICIENCY],
            P(1 / ratings.device_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto runs = context.mode[AUTOMATON] == RUNS;
    // An empty battery that charges goes on: the guard is the nearer of being inside and of charging.
    context.guard[RUNS_EMPTY] = select_(runs, T(min_(T(d.soc_min - x[SOC]), in[P_TERMINAL])), T(-1.0));
    context.guard[RUNS_FULL] = select_(runs, T(min_(T(x[SOC] - d.soc_max), T(-in[P_TERMINAL]))), T(-1.0));

    const T load = in[P_LOAD] * d.per_MW;
    dxdt[LOAD_AVERAGE] = (load - x[LOAD_AVERAGE]) * d.load_rate;
    const T wanted =
        in[PSET] + d.smoothing_gain * (load - x[LOAD_AVERAGE]) + d.recentring_gain * (x[SOC] - d.soc_target);
    const T give = clamp_(T((x[SOC] - d.soc_min) * d.per_margin), T(0.0), T(1.0)) * d.power_limit;
    const T take = clamp_(T((d.soc_max - x[SOC]) * d.per_margin), T(0.0), T(1.0)) * d.power_limit;
    out[PREF] = clamp_(wanted, T(-take), give);
    out[STATE_OF_CHARGE] = x[SOC];
    out[IN_SERVICE] = select_(runs, T(1.0), T(0.0));
    const T power = in[P_TERMINAL];
    dxdt[SOC] = -select_(power > 0.0, power * d.per_discharge_efficiency, power * d.charge_efficiency) *
                d.soc_per_energy;
  }

  /// Away from P = 0 only the state of charge moves.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("soc_target", d.soc_target, d.soc_min, d.soc_max); !o.ok()) return o;
    if (const Outcome o = Outcome::check("soc_initial", d.soc_initial, d.soc_min, d.soc_max); !o.ok())
      return o;
    if (!(rest.in[P_LOAD] == rest.in[P_LOAD]))
      return {"P_load (put the part that gives it before the battery)", kUnknown, 0, 0};
    x[LOAD_AVERAGE] = rest.in[P_LOAD] * d.per_MW;
    x[SOC] = d.soc_initial;
    const double P = rest.out[PREF] == rest.out[PREF] ? rest.out[PREF] : 0;
    const double give = clamp_((x[SOC] - d.soc_min) * d.per_margin, 0.0, 1.0) * d.power_limit;
    const double take = clamp_((d.soc_max - x[SOC]) * d.per_margin, 0.0, 1.0) * d.power_limit;
    if (const Outcome o = Outcome::check("active power (pu)", P, -take, give); !o.ok()) return o;
    rest.in[PSET] = P - d.recentring_gain * (x[SOC] - d.soc_target);
    rest.out[PREF] = P;
    rest.out[STATE_OF_CHARGE] = x[SOC];
    rest.out[IN_SERVICE] = 1;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    const bool empty = happening.index == RUNS_EMPTY;
    a.mode[AUTOMATON] = empty ? EMPTY : FULL;
    a.threshold = empty ? d.soc_min : d.soc_max;
    return Effect::JUMP;  // its order trips the plant
  }
};
BALLAST_MODEL(Reservoir, "RESERVOIR");

}  // namespace ballast
