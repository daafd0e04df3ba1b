/// \file
/// Bus-fed static excitation system.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Bus-fed static excitation system, IEEE 1981 type ST1, PSS/E EXST1.
///
///                          VIMAX                           Vt VRMAX - KC Ifd
///        1                 ─────   1 + s TC      KA    VA   ─────
///  Vt ─────── ─►(-)──(+)─► ───── ─ ──────── ─► ────── ─┬──► ───── ──► Efd
///     1 + s TR   ▲    ▲-   VIMIN   1 + s TB    1 + s TA│  Vt VRMIN - KC Ifd
///        Vref + Vs    │                   s KF         │
///                     └────────────────  ──────── ◄────┘
///                                        1 + s TF
///
/// The rate feedback is taken before the output limit; the regulator state VA itself is not limited.
/// Deviations: no inputs for over- and underexcitation limiters; TA = 0 is refused (with the rate feedback
/// it would be an algebraic loop).
struct Exst1 : ModelDefaults {
  static constexpr const char* title = "Bus-fed static excitation system, IEEE type ST1";
  static constexpr const char* source =
      "IEEE Committee Report 1981 type ST1, PSS/E model library (public descriptions), OpenIPSL";
  static constexpr const char* validated =
      "ANDES on IEEE 39 (a fault, limits not binding): speed within 4.7e-6 pu of a swing of 8.9e-3, V within "
      "1.5e-4 pu over 10 s; its limits against a second computation (validation/devices): Efd within 4.4e-7 "
      "pu";
  static constexpr Role role = Role::EXCITER;

  enum State { SENSED, LEAD_LAG, REGULATOR, FEEDBACK, kStates };
  enum Input { VT, IFD, VS, VREF, kInputs };
  enum Output { EFD, kOutputs };
  enum Limit { ERROR_LIMIT, FIELD_LIMIT, kLimits };
  enum Parameter { TR, VIMAX, VIMIN, TC, TB, KA, TA, VRMAX, VRMIN, KC, KF, TF, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"TR", "s", not_negative(), within(0, 0.1), "voltage measurement time constant"},
      {"VIMAX", "pu", anything(), within(0.05, 10), "upper limit of the voltage error"},
      {"VIMIN", "pu", anything(), within(-10, 0), "lower limit of the voltage error"},
      {"TC", "s", not_negative(), within(0, 20), "lead time constant"},
      {"TB", "s", not_negative(), within(0, 20), "lag time constant"},
      {"KA", "pu", positive(), within(10, 1000), "regulator gain"},
      {"TA", "s", positive(), within(0.005, 0.2), "regulator time constant"},
      {"VRMAX", "pu", anything(), within(2, 15), "ceiling at 1 pu terminal voltage"},
      {"VRMIN", "pu", anything(), within(-15, 0), "floor at 1 pu terminal voltage"},
      {"KC", "pu", not_negative(), within(0, 0.5), "rectifier loading factor"},
      {"KF", "pu", not_negative(), within(0, 0.3), "rate feedback gain"},
      {"TF", "s", positive(), within(0.3, 2), "rate feedback time constant"},
  };
  static constexpr Relation relations[] = {
      {VIMIN, Relation::BELOW, VIMAX, "no voltage error would pass"},
      {VRMIN, Relation::BELOW, VRMAX, "no field voltage would be allowed"},
  };
  static constexpr StateInfo states[] = {{"Vc", "pu"}, {"lead_lag", "pu"}, {"VA", "pu"}, {"feedback", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vt", "pu"}, {"Ifd", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Efd", "pu", "field voltage"}};

  template <class P>
  struct Derived {
    Lag<P> sensor;
    LeadLag<P> lead_lag;
    P VIMAX, VIMIN, KA, per_TA, VRMAX, VRMIN, KC, KF_TF, per_TF;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    const P per_TF = 1.0 / p[TF];
    return {make_lag<P>(p[TR]),
            make_lead_lag<P>(p[TC], p[TB]),
            p[VIMAX],
            p[VIMIN],
            p[KA],
            1.0 / p[TA],
            p[VRMAX],
            p[VRMIN],
            p[KC],
            p[KF] * per_TF,
            per_TF};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T Vc = lag(d.sensor, x[SENSED], in[VT], dxdt[SENSED]);
    const T change = x[REGULATOR] - x[FEEDBACK];
    dxdt[FEEDBACK] = change * d.per_TF;
    const T error =
        limited(T(in[VREF] + in[VS] - Vc - d.KF_TF * change), d.VIMIN, d.VIMAX, context, ERROR_LIMIT);
    const T y = lead_lag(d.lead_lag, x[LEAD_LAG], error, dxdt[LEAD_LAG]);
    dxdt[REGULATOR] = (d.KA * y - x[REGULATOR]) * d.per_TA;
    const T drop = d.KC * in[IFD];
    out[EFD] =
        limited(x[REGULATOR], T(in[VT] * d.VRMIN - drop), T(in[VT] * d.VRMAX - drop), context, FIELD_LIMIT);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Efd = rest.out[EFD];
    const double Vt = rest.in[VT];
    const double drop = d.KC * rest.in[IFD];
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;  // a stabilizer rests at zero
    x[SENSED] = Vt;
    x[LEAD_LAG] = Efd / d.KA;
    x[REGULATOR] = Efd;
    x[FEEDBACK] = Efd;
    rest.in[VS] = Vs;
    rest.in[VREF] = Efd / d.KA + Vt - Vs;
    if (const Outcome o = Outcome::check("voltage error Efd/KA (pu, VIMIN..VIMAX)", Efd / d.KA, d.VIMIN,
                                         d.VIMAX, {VIMIN}, {VIMAX});
        !o.ok())
      return o;
    return Outcome::check("field voltage Efd (pu, Vt VRMIN - KC Ifd..Vt VRMAX - KC Ifd)", Efd,
                          Vt * d.VRMIN - drop, Vt * d.VRMAX - drop, {VRMIN, Vt}, {VRMAX, Vt});
  }
};
BALLAST_MODEL(Exst1, "EXST1");

}  // namespace ballast
