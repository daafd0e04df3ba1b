/// \file
/// Electronic load.
#pragma once

#include "models/loads/electronic.hpp"

namespace ballast {

/// Electronic load: constant power above Vd1, nothing below Vd2, and of what was lost the share Frcel
/// returns.
///
///   V ──► share F (electronic.hpp) ──► P = F P0,  Q = F Q0
///          ▲ │
///          └ Vmin
///
/// P0 and Q0 are what the power flow gives. With pfel the load has a power factor of its own (negative: it
/// gives reactive power), and the rest of the load's reactive power is a constant shunt.
///
/// Deviations: Vmin follows a falling voltage with 10 ms, so that a dip of a few milliseconds takes off less
/// than a program would whose Vmin is the lowest voltage of any of its steps.
struct Ldelec : ModelDefaults {
  static constexpr const char* title = "Electronic load that drops out with the voltage and returns in part";
  static constexpr const char* source =
      "PowerWorld help, LDELEC (equations and order of the record); dynawo ElectronicLoad (lag of Vmin)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  enum State { VMIN, kStates };
  enum Input { VR, VI, P_FACTOR, Q_FACTOR, kInputs };
  enum Output { IR, II, CONNECTED, kOutputs };
  enum Held { P0, Q0, B, kHeld };  ///< pu on the system base; B: shunt, capacitive positive
  enum Parameter { VD1, VD2, FRCEL, PFEL, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"Vd1", "pu", within(0.05, 1.5), within(0.5, 0.9), "voltage below which equipment begins to drop out"},
      {"Vd2", "pu", within(0.01, 1.5), within(0.3, 0.8), "voltage below which all of it has dropped out"},
      {"Frcel", "1", within(0, 1), anything(), "share of what dropped out that returns with the voltage"},
      {"pfel", "1", within(-1, 1), anything(), "power factor, negative when leading; 0 = Q of the load"},
  };
  static constexpr Relation relations[] = {{VD2, Relation::BELOW, VD1, "equipment drops out between them"}};
  static constexpr StateInfo states[] = {{"Vmin", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"P_factor", "1", Unwired::HELD}, {"Q_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"connected", "1", "share of the equipment that is connected"}};

  template <class P>
  struct Derived {
    ElectronicShare<P> share;
    P pfel;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {make_electronic_share(p[VD1], p[VD2], p[FRCEL]), p[PFEL]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T V = magnitude_(in[VR], in[VI]);
    const T F = electronic_share(d.share, V, x[VMIN], dxdt[VMIN]);
    const T divisor = max_(V, T(d.share.Vd2));  // below it F is zero
    const T per_V2 = F / (divisor * divisor);
    const T G = in[P_FACTOR] * context.held[P0] * per_V2;
    const T Bq = in[Q_FACTOR] * (context.held[Q0] * per_V2 - context.held[B]);
    out[IR] = -(G * in[VR] + Bq * in[VI]);
    out[II] = Bq * in[VR] - G * in[VI];
    out[CONNECTED] = F;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double V = magnitude_(rest.in[VR], rest.in[VI]);
    if (!(V > d.share.Vd2)) return {"bus voltage", V, d.share.Vd2, kInfinity};
    double rate = 0;
    x[VMIN] = clamp_(V, d.share.Vd2, d.share.Vd1);
    const double F = electronic_share(d.share, V, x[VMIN], rate);
    const double P = -(rest.in[VR] * rest.out[IR] + rest.in[VI] * rest.out[II]);
    const double Q = -(rest.in[VI] * rest.out[IR] - rest.in[VR] * rest.out[II]);
    rest.held[P0] = P / F;
    const double own_Q =
        d.pfel == 0 ? Q : P * sqrt_(1 - d.pfel * d.pfel) / d.pfel;  // the sign of pfel is that of Q
    rest.held[Q0] = own_Q / F;
    rest.held[B] = (own_Q - Q) / (V * V);
    rest.in[P_FACTOR] = 1;
    rest.in[Q_FACTOR] = 1;
    rest.out[CONNECTED] = F;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Ldelec, "LDELEC");

}  // namespace ballast
