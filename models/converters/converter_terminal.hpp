/// \file
/// What the converter models REGCA1, REGCB1 and REGCC1 have in common.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Converter of a wind, solar or storage plant: current commands in, current out. P = V Ip, Q = V Iq: Iq
/// counts positive where it delivers reactive power.
struct ConverterTerminal : ModelDefaults {
  static constexpr Role role = Role::CONVERTER;

  enum Input { VR, VI, IPCMD, IQCMD, kInputs };
  enum Output { IR, II, PE, QE, VT, kOutputs };
  enum Held { DELIVERED, kHeld };  ///< sign of the reactive power at rest: 1, 0, -1

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"Ipcmd", "pu"}, {"Iqcmd", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"Pe", "pu", "active power, device base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"Vt", "pu", "terminal voltage"},
  };

  /// 1/s: of the rate limits of Iq the rising one acts on a unit that delivered reactive power at rest, the
  /// falling one on a unit that absorbed it.
  template <class T, class P>
  BALLAST_HD static T reactive_rate(const T& wanted, const T& delivered, const P& Iqrmax, const P& Iqrmin) {
    const T fastest = select_(delivered > 0.5, T(Iqrmax), T(kUnlimited));
    const T slowest = select_(delivered < -0.5, T(Iqrmin), T(-kUnlimited));
    return clamp_(wanted, slowest, fastest);
  }

  /// Writes the outputs of a current ir + j ii (device base) into a voltage.
  template <class T, class P>
  BALLAST_HD static void deliver(const T& ir, const T& ii, const T* in, const T& V, const P& to_system,
                                 T* out) {
    out[IR] = ir * to_system;
    out[II] = ii * to_system;
    out[PE] = in[VR] * ir + in[VI] * ii;
    out[QE] = in[VI] * ir - in[VR] * ii;
    out[VT] = V;
  }

  /// What a converter injects at rest, device base.
  struct AtRest {
    double V, P, Q, Ip, Iq;
    Outcome outcome;
  };
  /// From the current wanted; tells the powers and notes the sign of Q. A converter needs a voltage to
  /// follow.
  static AtRest rest_point(Rest& rest, double to_system) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    AtRest r{};
    r.V = magnitude_(Vr, Vi);
    r.P = (Vr * rest.out[IR] + Vi * rest.out[II]) / to_system;
    r.Q = (Vi * rest.out[IR] - Vr * rest.out[II]) / to_system;
    r.outcome = Outcome::check("terminal voltage (pu, a converter needs a voltage to follow)", r.V,
                               kLowestVoltage, kInfinity);
    if (!r.outcome.ok()) return r;
    const double per_V = r.V / (Vr * Vr + Vi * Vi);
    r.Ip = r.P * per_V;
    r.Iq = r.Q * per_V;
    rest.held[DELIVERED] = r.Q > 0 ? 1 : r.Q < 0 ? -1 : 0;
    rest.out[PE] = r.P;
    rest.out[QE] = r.Q;
    rest.out[VT] = r.V;
    return r;
  }

 protected:
  static constexpr double kUnlimited = 9999;     ///< pu, pu/s
  static constexpr double kLowestVoltage = 0.2;  ///< pu
};

}  // namespace ballast
