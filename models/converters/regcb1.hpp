/// \file
/// Generator/converter model as a voltage source, with an ideal angle.
#pragma once

#include "models/converters/source_behind_impedance.hpp"

namespace ballast {

/// Renewable generator/converter model, WECC REGC_B, PSS/E REGCB1; diagram in source_behind_impedance.hpp.
/// The d axis is the terminal voltage: there is no phase-locked loop.
///
/// Deviations: the d axis follows the voltage's angle in the island's frame within 4 ms, a quarter of a
/// cycle, where a program with a time step has the angle of the step before: with none the plant behind a
/// deep fault has no angle to follow and the network no solution. Limits are kinks, not modes
/// (models/blocks.hpp). Record order as GridPACK reads it; GridPACK itself reads PQFlag and Imax but does not
/// use them.
struct Regcb1 : SourceBehindImpedance {
  static constexpr const char* title = "Renewable generator/converter, voltage source";
  static constexpr const char* source =
      "WECC REGC_B specification and PSS/E REGCB1 (public descriptions), GridPACK";
  static constexpr const char* validated = "";

  enum State { DELTA = kSourceStates, kStates };
  enum Parameter { RATEFLAG, PQFLAG, TG, TFLTR, IQRMAX, IQRMIN, RRPWR, TE, IMAX, RE, XE, kParameters };
  static constexpr int kRecordParameters = RE;

  static constexpr ParameterInfo parameters[] = {
      kRateFlag, kPqFlag, kTg,    kTfltr,
      kIqrmax,   kIqrmin, kRrpwr, {"Te", "s", not_negative(), within(0, 0.1), "source voltage time constant"},
      kImax,     kRe,     kXe,
  };
  static constexpr StateInfo states[] = {{"Ip", "pu"}, {"Iq", "pu"}, {"voltage_filter", "pu"},
                                         {"Ed", "pu"}, {"Eq", "pu"}, {"angle", "rad", StateKind::ANGLE}};

  template <class P>
  struct Derived {
    Source<P> source;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {
        derive_source(p, {RATEFLAG, PQFLAG, TG, TFLTR, IQRMAX, IQRMIN, RRPWR, TE, IMAX, RE, XE}, ratings)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T magnitude = magnitude_(in[VR], in[VI]);
    const Axes<T> axes(x[DELTA]);
    const Phasor<T> V = axes.of(in[VR], in[VI]);
    dxdt[DELTA] = V.q / max_(magnitude, T(kLowestVoltage)) * (1 / kFollowing);
    const Phasor<T> wanted = asked(x, in, magnitude, T(context.held[DELIVERED]), d.source, dxdt);
    const Phasor<T> I = current(x, wanted, V, d.source, dxdt);
    deliver(axes.real(I), axes.imaginary(I), in, magnitude, d.source.to_system, out);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    x[DELTA] = atan2_(rest.in[VI], rest.in[VR]);
    return rest_source(rest, d.source, IMAX, x);
  }

 private:
  static constexpr double kFollowing = 0.004;  ///< s
};
BALLAST_MODEL(Regcb1, "REGCB1");

}  // namespace ballast
