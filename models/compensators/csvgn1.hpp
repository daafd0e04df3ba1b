/// \file
/// Static var compensator: a fixed capacitor and a controlled reactor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Static var compensator, PSS/E CSVGN1: it stands in a machine's place.
///
///                    1 + s T1   1 + s T2    VMAX       1       1
///   V - Vref - Vs ─► ──────── ─ ──────── ─ K ──── ─► ──────── ─── ─► y      B = CBASE/MBASE - y
///                    1 + s T3   1 + s T4    VMIN      1 + s T5  RMIN/MBASE
///
/// y is the reactor's susceptance, B what is left of the capacitor's, both on MBASE, the unit's base.
/// (OpenIPSL's CSVGN1 has K in both lead-lags, which is K squared, and rests for K = 1 alone; GridDyn, from
/// the same block diagram, has it once.)
///
/// Deviations: the voltage is that of the unit's own bus.
struct Csvgn1 : ModelDefaults {
  static constexpr const char* title = "Static var compensator";
  static constexpr const char* source =
      "PSS/E CSVGN1 (public descriptions); PowerWorld and GridDyn for diagram and record";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MACHINE;

  enum State { FIRST, SECOND, REACTOR, kStates };
  enum Input { VR, VI, VS, VREF, kInputs };
  enum Output { IR, II, QE, VT, kOutputs };
  enum Limit { REGULATOR_LIMIT, REACTOR_LIMIT, kLimits };
  enum Parameter { K, T1, T2, T3, T4, T5, RMIN, VMAX, VMIN, CBASE, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"K", "pu", positive(), within(1, 500), "gain"},
      {"T1", "s", not_negative(), within(0, 1), "first lead"},
      {"T2", "s", not_negative(), within(0, 1), "second lead"},
      {"T3", "s", not_negative(), within(0, 20), "first lag"},
      {"T4", "s", not_negative(), within(0, 20), "second lag"},
      {"T5", "s", not_negative(), within(0, 0.2), "thyristor firing"},
      {"RMIN", "Mvar", not_negative(), within(0, 100), "least output of the reactor"},
      {"VMAX", "pu", anything(), within(0.5, 2), "upper limit of the regulator"},
      {"VMIN", "pu", anything(), within(-1, 0.5), "lower limit of the regulator"},
      {"CBASE", "Mvar", not_negative(), within(0, 1000), "output of the capacitor"},
  };
  static constexpr Relation relations[] = {
      {VMIN, Relation::BELOW, VMAX, "no regulator output would be allowed"}};
  static constexpr StateInfo states[] = {{"regulator_1", "pu"}, {"regulator_2", "pu"}, {"reactor", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"Vt", "pu", "terminal voltage"},
  };

  template <class P>
  struct Derived {
    LeadLag<P> first, second;
    Lag<P> firing;
    P K, VMAX, VMIN, least, capacitor, to_system;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {make_lead_lag<P>(p[T1], p[T3]),
            make_lead_lag<P>(p[T2], p[T4]),
            make_lag<P>(p[T5]),
            p[K],
            p[VMAX],
            p[VMIN],
            p[RMIN] * (1 / ratings.device_MVA),
            p[CBASE] * (1 / ratings.device_MVA),
            P(ratings.device_MVA / ratings.system_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T V = magnitude_(in[VR], in[VI]);
    const T first = lead_lag(d.first, x[FIRST], T(V - in[VREF] - in[VS]), dxdt[FIRST]);
    const T second = lead_lag(d.second, x[SECOND], first, dxdt[SECOND]);
    const T wanted = limited(T(d.K * second), d.VMIN, d.VMAX, context, REGULATOR_LIMIT);
    const T y =
        limited_lag(d.firing, x[REACTOR], wanted, d.least, 1.0, context, REACTOR_LIMIT, dxdt[REACTOR]);
    const T B = d.capacitor - y;
    out[IR] = B * in[VI] * d.to_system;
    out[II] = -B * in[VR] * d.to_system;
    out[QE] = B * (in[VR] * in[VR] + in[VI] * in[VI]);
    out[VT] = V;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    const double P = (Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
    const double Q = (Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
    const double y = V > 0 ? d.capacitor - Q / (Vr * Vr + Vi * Vi) : 0;
    const double error = y / d.K;
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;
    x[FIRST] = error;
    x[SECOND] = error;
    x[REACTOR] = y;
    rest.in[VS] = Vs;
    rest.in[VREF] = V - Vs - error;
    rest.out[QE] = Q;
    rest.out[VT] = V;
    if (const Outcome o = Outcome::check("active power (pu, a compensator delivers none)", P, -1e-6, 1e-6);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("reactor output (pu, RMIN/MBASE..1)", y, d.least, 1); !o.ok())
      return o;
    return Outcome::check("regulator output (pu, VMIN..VMAX)", y, d.VMIN, d.VMAX, {VMIN}, {VMAX});
  }
};
BALLAST_MODEL(Csvgn1, "CSVGN1");

}  // namespace ballast
