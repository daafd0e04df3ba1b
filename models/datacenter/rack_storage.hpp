/// \file
/// Storage in the rack that smooths its power: capacitors in the power supplies, capacitor shelf, battery
/// shelf.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Storage between rack and supply: the supply sees a lag of the load, the storage gives the rest.
///
///   G' = (P_req + (E_ref - E)/recentring_s - G)/smoothing_s   within +-ramp_limit
///   b  = G - P_req   within +-power_limit, and within what is left: -E/taper_s .. (E_full - E)/taper_s
///   P_it = P_req + b,   E' = b charge_efficiency (charging) or b/discharge_efficiency
///
/// Where the storage is empty or full the load passes: a square wave of swing dP, duty r and period T needs
/// dP r (1 - r) T to be flattened, less storage leaves the rest of the swing.
///
/// Source: NVIDIA on GB300 power supplies (65 J per GPU); control as in docs/datacenter-models.md (a
/// modelling proposal); sizing: arithmetic.
///
/// Deviations: energy, not voltage, is the state; a dead supply does not change what it does.
struct RackStorage : ModelDefaults {
  static constexpr const char* title = "Storage in the rack that smooths its power";
  static constexpr const char* source =
      "NVIDIA blog on GB300 NVL72 (65 J per GPU); handbook proposal (control)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  enum State { SUPPLY, ENERGY, LOST, kStates };
  enum Input { P_REQ, kInputs };
  enum Output { P_IT, STORAGE_POWER, SOC, E_LOST, kOutputs };

  static constexpr StateInfo states[] = {
      {"P_wanted", "pu"}, {"energy", "pu s"}, {"lost", "MWh", StateKind::COUNTER}};
  static constexpr InputInfo inputs[] = {{"P_req", "pu"}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power drawn from the supply, of the IT rating"},
                                           {"P_storage", "pu", "into the storage"},
                                           {"soc", "1", "state of charge"},
                                           {"E_lost", "MWh", "energy lost in the storage"}};

  static constexpr ParameterInfo parameters[] = {
      {"energy_s", "s", within(1e-4, 1e5), within(0.02, 300), "energy, seconds of the rating"},
      {"power_limit", "pu", within(1e-3, 10), within(0.1, 1.5), "most power of the storage"},
      {"smoothing_s", "s", within(1e-3, 1e4), within(0.1, 60), "lag of the supply behind the load"},
      {"recentring_s", "s", within(1e-2, 1e6), within(1, 600),
       "brings the energy back; at least 4 smoothing_s"},
      {"ramp_limit", "pu/s", positive(), within(0.01, 100), "of the power drawn; inf = none"},
      {"taper_s", "s", within(1e-4, 1e3), within(0.001, 5), "before empty and full the power fades"},
      {"soc_target", "1", within(0, 1), within(0.3, 0.9), "state of charge it returns to"},
      {"charge_efficiency", "1", within(0.3, 1), within(0.9, 1), "energy kept over energy charged"},
      {"discharge_efficiency", "1", within(0.3, 1), within(0.9, 1), "energy given over energy taken out"},
  };
  static constexpr Relation relations[] = {{5, Relation::NOT_ABOVE, 0, "the power would fade everywhere"}};

  template <class P>
  struct Derived {
    P full, power_limit, per_smoothing, recentring, ramp, per_taper, target, charge, per_discharge, to_MWh;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[0],       p[1],        1.0 / p[2], 1.0 / p[3], p[4],
            1.0 / p[5], p[6] * p[0], p[7],       1.0 / p[8], P(ratings.device_MVA / 3600)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    const T wanted = in[P_REQ] + (d.target - x[ENERGY]) * d.recentring;
    dxdt[SUPPLY] = clamp_(T((wanted - x[SUPPLY]) * d.per_smoothing), T(-d.ramp), T(d.ramp));
    const T give = min_(T(x[ENERGY] * d.per_taper), T(d.power_limit));
    const T take = min_(T((d.full - x[ENERGY]) * d.per_taper), T(d.power_limit));
    const T charging = clamp_(T(x[SUPPLY] - in[P_REQ]), T(-give), take);
    dxdt[ENERGY] = charging * select_(charging > 0.0, T(d.charge), T(d.per_discharge));
    dxdt[LOST] = (charging - dxdt[ENERGY]) * d.to_MWh;
    out[P_IT] = in[P_REQ] + charging;
    out[STORAGE_POWER] = charging;
    out[SOC] = x[ENERGY] / d.full;
    out[E_LOST] = x[LOST];
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double P_req = rest.in[P_REQ];
    if (rest.out[P_IT] == rest.out[P_IT])
      if (const Outcome o = Outcome::check("IT power (pu; storage at rest)", rest.out[P_IT], P_req, P_req);
          !o.ok())
        return o;
    x[SUPPLY] = P_req;
    x[ENERGY] = d.target;
    x[LOST] = 0;
    rest.out[P_IT] = P_req;
    rest.out[STORAGE_POWER] = 0;
    rest.out[SOC] = d.target / d.full;
    rest.out[E_LOST] = 0;
    return Outcome::fine();
  }
};
BALLAST_MODEL(RackStorage, "RACKSTORE");

}  // namespace ballast
