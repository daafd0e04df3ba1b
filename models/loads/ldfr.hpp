/// \file
/// Static load that depends on frequency.
#pragma once

#include "models/loads/zip_load.hpp"

namespace ballast {

/// ZIPLOAD whose constant-power part follows the frequency w (pu) as P w^m, Q w^n, and its constant-current
/// part as w^r, w^s; the constant-impedance part does not, as in PSS/E's LDFRBL. w is the speed of the
/// island's frame, the mean of its machines weighted by their inertia: the swings between areas that a bus
/// frequency would show are left out.
struct Ldfr : ModelDefaults {
  static constexpr const char* title = "Static load that depends on frequency";
  static constexpr const char* source =
      "PSS/E load-frequency model LDFRBL, its form and the names m, n, r, s from memory; ZIPLOAD";
  static constexpr const char* validated = "against ZIPLOAD at nominal frequency, and by hand beside it";
  static constexpr Role role = Role::LOAD;

  static constexpr int kStates = 0;
  enum Input { VR, VI, P_FACTOR, Q_FACTOR, FRAME_SPEED, kInputs };
  enum Output { IR, II, kOutputs };
  enum Limit { LOW_VOLTAGE, kLimits };
  enum Parameter { PZ, QZ, PI, QI, PP, QP, PQBRAK, M, N, R, S, kParameters };
  static_assert(int{LOW_VOLTAGE} == int{ZipLoad::LOW_VOLTAGE} && int{P_FACTOR} == int{ZipLoad::P_FACTOR} &&
                int{Q_FACTOR} == int{ZipLoad::Q_FACTOR} && int{M} == int{ZipLoad::kParameters});

  static constexpr ParameterInfo parameters[] = {
      ZipLoad::parameters[PZ],
      ZipLoad::parameters[QZ],
      ZipLoad::parameters[PI],
      ZipLoad::parameters[QI],
      ZipLoad::parameters[PP],
      ZipLoad::parameters[QP],
      ZipLoad::parameters[PQBRAK],
      {"m", "1", within(-20, 20), within(0, 3), "exponent of frequency, constant active power"},
      {"n", "1", within(-20, 20), within(-3, 3), "exponent of frequency, constant reactive power"},
      {"r", "1", within(-20, 20), within(0, 3), "exponent of frequency, active constant current"},
      {"s", "1", within(-20, 20), within(-3, 3), "exponent of frequency, reactive constant current"},
  };
  static constexpr InputInfo inputs[] = {ZipLoad::inputs[VR],
                                         ZipLoad::inputs[VI],
                                         ZipLoad::inputs[P_FACTOR],
                                         ZipLoad::inputs[Q_FACTOR],
                                         {"frame_speed", "pu"}};
  static constexpr OutputInfo outputs[] = {ZipLoad::outputs[IR], ZipLoad::outputs[II]};

  template <class P>
  struct Derived {
    ZipLoad::Derived<P> zip;
    P m, n, r, s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {ZipLoad::derive(p, ratings), p[M], p[N], p[R], p[S]};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    const T log_w = log_(in[FRAME_SPEED]);
    ZipLoad::draw(in, d.zip, d.zip.PI * exp_(d.r * log_w), d.zip.QI * exp_(d.s * log_w),
                  d.zip.PP * exp_(d.m * log_w), d.zip.QP * exp_(d.n * log_w), context, out);
  }

  /// As ZIPLOAD; at another frequency than the nominal one the power is another than in the power flow.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    return ZipLoad::initialise(rest, d.zip, x);
  }
};
BALLAST_MODEL(Ldfr, "LDFR");

}  // namespace ballast
