/// \file
/// Static load of constant impedance, current and power.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Static load:  P = P_factor (PZ V^2 + PI V + PP),  Q = Q_factor (QZ V^2 + QI V + QP).
/// Below pqbrak the constant-current and constant-power parts become the impedances that meet them there, so
/// that a solution exists at any voltage (PSS/E's PQBRAK; there a smooth elliptic curve, here the impedance
/// itself). Powers in MW and Mvar at 1 pu voltage, consumed; no dependence on frequency.
struct ZipLoad : ModelDefaults {
  static constexpr const char* title = "Static load of constant impedance, current and power";
  static constexpr const char* source = "common practice; PQBRAK as in the PSS/E solution parameters";
  static constexpr const char* validated =
      "PSS/E curves LOAD: bus voltages within 4.6e-6 pu and angles within 0.0039 deg with constant current, "
      "4.9e-6 pu "
      "and 0.0043 deg with constant power, over 20 s outside the 50 ms after the event; constant impedance "
      "in the "
      "curves of GENROU and SEXS";
  static constexpr Role role = Role::LOAD;

  static constexpr int kStates = 0;
  enum Input { VR, VI, P_FACTOR, Q_FACTOR, kInputs };
  enum Output { IR, II, kOutputs };
  enum Limit { LOW_VOLTAGE, kLimits };
  enum Parameter { PZ, QZ, PI, QI, PP, QP, PQBRAK, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"PZ", "MW", anything(), anything(), "constant-impedance active power at 1 pu"},
      {"QZ", "Mvar", anything(), anything(), "constant-impedance reactive power at 1 pu"},
      {"PI", "MW", anything(), anything(), "constant-current active power at 1 pu"},
      {"QI", "Mvar", anything(), anything(), "constant-current reactive power at 1 pu"},
      {"PP", "MW", anything(), anything(), "constant active power"},
      {"QP", "Mvar", anything(), anything(), "constant reactive power"},
      {"pqbrak", "pu", within(0.1, 0.99), within(0.5, 0.85), "voltage below which all parts are impedances"},
  };
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"P_factor", "1", Unwired::HELD}, {"Q_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"}};

  template <class P>
  struct Derived {
    P PZ, QZ, PI, QI, PP, QP;  ///< pu on the system base
    P pqbrak;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const double k = 1 / ratings.system_MVA;
    return {p[PZ] * k, p[QZ] * k, p[PI] * k, p[QI] * k, p[PP] * k, p[QP] * k, p[PQBRAK]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    draw(in, d, d.PI, d.QI, d.PP, d.QP, context, out);
  }
  /// The current of a load whose constant-current and constant-power parts are these.
  template <class T, class P, class Part>
  BALLAST_HD static void draw(const T* in, const Derived<P>& d, const Part& PI_now, const Part& QI_now,
                              const Part& PP_now, const Part& QP_now, const Context<T, P>& context, T* out) {
    const T V = limited_below(magnitude_(in[VR], in[VI]), d.pqbrak, context, LOW_VOLTAGE);
    const T per_V = 1.0 / V;
    const T G = in[P_FACTOR] * (d.PZ + (PI_now + PP_now * per_V) * per_V);
    const T B = in[Q_FACTOR] * (d.QZ + (QI_now + QP_now * per_V) * per_V);
    out[IR] = -(G * in[VR] + B * in[VI]);
    out[II] = B * in[VR] - G * in[VI];
  }

  /// The load draws what the power flow says it does when its parameters were made from it.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    rest.in[P_FACTOR] = 1;
    rest.in[Q_FACTOR] = 1;
    if (magnitude_(rest.in[VR], rest.in[VI]) < d.pqbrak) rest.mode[LOW_VOLTAGE] = -1;
    return Outcome::fine();
  }
};
BALLAST_MODEL(ZipLoad, "ZIPLOAD");

}  // namespace ballast
