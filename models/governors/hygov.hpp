/// \file
/// Hydro turbine and governor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Hydro turbine with an inelastic water column and a governor with temporary droop, PSS/E HYGOV.
///
///                          rate within +-VELM
///                 1         1 + s Tr    GMAX       1      g
///  Pref ─►(+)─► ─────── ─► ────────── ─────── c ─────── ──► h = (q/g)^2 ──► TW dq/dt = 1 - h
///        -▲ ▲-  1 + s Tf     s r Tr     GMIN │  1 + s Tg
///     w ──┘ └──────────── R ◄────────────────┘              Pm = At h (q - qNL) - Dturb g w
///
/// The gate demand c is one state: its rate is (x/Tr + dx/dt)/r, x being the filtered error.
/// Deviations: in h the gate is never below 0.01, so that a closed gate has a head (and no pole faster
/// than 200/TW per second); Tf = 0 and Tr = 0 are refused.
struct Hygov : ModelDefaults {
  static constexpr const char* title = "Hydro turbine and governor";
  static constexpr const char* source = "PSS/E model library (public descriptions), ANDES and OpenIPSL";
  static constexpr const char* validated =
      "PSS/E curve HYGOV on SEXS: V within 1.3e-5 pu, rotor angle within 0.0062 deg, speed within 3.4e-6 pu "
      "over 20 s (a weak test: without the governor V differs by 2.3e-5 pu only)";
  static constexpr Role role = Role::GOVERNOR;

  enum State { ERROR, DEMAND, GATE, FLOW, kStates };
  enum Input { SPEED_DEVIATION, PREF, kInputs };
  enum Output { PM, kOutputs };
  enum Limit { VELOCITY, POSITION, kLimits };
  enum Parameter { R, TEMPORARY_DROOP, TR, TF, TG, VELM, GMAX, GMIN, TW, AT, DTURB, QNL, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"R", "pu", not_negative(), within(0.01, 0.1), "permanent droop"},
      {"r", "pu", positive(), within(0.05, 2), "temporary droop"},
      {"Tr", "s", positive(), within(1, 30), "governor (dashpot) time constant"},
      {"Tf", "s", positive(), within(0.01, 0.5), "filter time constant"},
      {"Tg", "s", not_negative(), within(0.02, 1), "gate servo time constant"},
      {"VELM", "pu/s", positive(), within(0.05, 0.5), "gate velocity limit"},
      {"GMAX", "pu", anything(), within(0.5, 1.2), "upper gate limit"},
      {"GMIN", "pu", not_negative(), within(0, 0.3), "lower gate limit"},
      {"TW", "s", positive(), within(0.3, 5), "water starting time"},
      {"At", "pu", positive(), within(0.8, 2), "turbine gain"},
      {"Dturb", "pu", not_negative(), within(0, 0.5), "turbine damping"},
      {"qNL", "pu", not_negative(), within(0, 0.15), "no-load flow"},
  };
  static constexpr Relation relations[] = {{GMIN, Relation::BELOW, GMAX, "the gate could not move"}};
  static constexpr StateInfo states[] = {{"error", "pu"}, {"demand", "pu"}, {"gate", "pu"}, {"flow", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"Pref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Pm", "pu", "mechanical power on the machine base"}};

  template <class P>
  struct Derived {
    Lag<P> servo;
    P R, per_r, per_Tr, per_Tf, VELM, GMAX, GMIN, per_TW, At, Dturb, qNL;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_lag<P>(p[TG]),
            p[R],
            1.0 / p[TEMPORARY_DROOP],
            1.0 / p[TR],
            1.0 / p[TF],
            p[VELM],
            p[GMAX],
            p[GMIN],
            1.0 / p[TW],
            p[AT],
            p[DTURB],
            p[QNL]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T w = in[SPEED_DEVIATION];
    dxdt[ERROR] = (in[PREF] - w - d.R * x[DEMAND] - x[ERROR]) * d.per_Tf;
    const T wanted = (x[ERROR] * d.per_Tr + dxdt[ERROR]) * d.per_r;
    const T velocity = limited(wanted, -d.VELM, d.VELM, context, VELOCITY);
    const T demand =
        limited_integrator(x[DEMAND], velocity, d.GMIN, d.GMAX, kPull, context, POSITION, dxdt[DEMAND]);
    const T gate = lag(d.servo, x[GATE], demand, dxdt[GATE]);
    const T ratio = x[FLOW] / max_(gate, T(kSmallestGate));
    const T head = ratio * ratio;
    dxdt[FLOW] = (1.0 - head) * d.per_TW;
    out[PM] = d.At * head * (x[FLOW] - d.qNL) - d.Dturb * gate * w;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double gate = rest.out[PM] / d.At + d.qNL;
    x[ERROR] = 0;
    x[DEMAND] = gate;
    x[GATE] = gate;
    x[FLOW] = gate;
    rest.in[SPEED_DEVIATION] = 0;
    rest.in[PREF] = d.R * gate;
    if (const Outcome o =
            Outcome::check("gate opening Pm/At + qNL (pu, GMIN..GMAX)", gate, d.GMIN, d.GMAX, {GMIN}, {GMAX});
        !o.ok())
      return o;
    return Outcome::check("gate opening Pm/At + qNL (pu, a turbine needs flow)", gate, kSmallestGate,
                          kInfinity);
  }

 private:
  static constexpr double kSmallestGate = 0.01;
  static constexpr double kPull = 100;  ///< 1/s
};
BALLAST_MODEL(Hygov, "HYGOV");

}  // namespace ballast
