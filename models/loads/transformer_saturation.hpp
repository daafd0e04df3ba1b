/// \file
/// Magnetising current of a saturated transformer.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// What a transformer's core draws beyond its knee, at the bus of its first winding.
///
///   flux = V / (ratio f)         B = N(knee / flux) / (Xac f)          I = j B V, drawn, reactive
///   N(d) = 1 - 2/pi (arcsin d + d sqrt(1 - d^2)), d < 1; 0 below the knee
///
/// The core is linear with infinite inductance up to the knee, and has the air-core inductance of the winding
/// beyond it. N is the fundamental of the current that a sinusoidal flux then drives: the describing function
/// of a dead zone. The current begins softly, with the power 3/2 of what the flux exceeds the knee by, and
/// tends to that of the air-core reactance. Nothing is drawn while the transformer is out of service.
///
/// Source: fundamental of the two-slope magnetising curve; describing function of a dead zone (Gelb and
/// Vander Velde 1968).
///
/// Deviations: no harmonics, hysteresis, losses or inrush; a branch open at one end counts as closed; the
/// ratio is that at rest.
struct TransformerSaturation : ModelDefaults {
  static constexpr const char* title = "Saturation of a transformer";
  static constexpr const char* source = "fundamental of a two-slope magnetising curve";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::LOAD;

  static constexpr int kStates = 0;
  enum Input { VR, VI, FRAME_SPEED, CLOSED, kInputs };
  enum Output { IR, II, FLUX, Q, kOutputs };
  enum Parameter { KNEE, XAC, RATIO, kParameters };
  static constexpr double kTwoOverPi = 0.6366197723675814;

  static constexpr ParameterInfo parameters[] = {
      {"knee_pu", "pu", positive(), within(1.05, 1.4),
       "flux at which the core saturates, 1 at rated V and f"},
      {"Xac", "pu", positive(), within(0.15, 0.7), "air-core reactance of the winding, device base"},
      {"ratio", "1", positive(), within(0.8, 1.2), "turns of the winding over nominal"},
  };
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"closed", "1"}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected (minus what is drawn), system base"},
      {"Ii", "pu", "current injected (minus what is drawn), system base"},
      {"flux", "pu", "of the core, 1 at rated voltage and frequency"},
      {"Q", "pu", "reactive power drawn, device base"}};

  template <class P>
  struct Derived {
    P knee, ratio;
    P per_Xac;  ///< 1 / Xac on the system base
    P to_device;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const double to_device = ratings.system_MVA / ratings.device_MVA;
    return {p[KNEE], p[RATIO], 1.0 / (p[XAC] * to_device), P(to_device)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>&, T*,
                                   T* out) {
    const T V = magnitude_(in[VR], in[VI]);
    const T flux = V / (d.ratio * in[FRAME_SPEED]);
    const auto saturated = flux > d.knee;
    const T share = d.knee / max_(flux, T(d.knee));
    const T beside = sqrt_(max_(1.0 - share * share, T(1e-14)));  // its slope at 0 is infinite
    const T N = 1.0 - kTwoOverPi * (atan2_(share, beside) + share * beside);
    const T B = select_(saturated, in[CLOSED] * N * d.per_Xac / in[FRAME_SPEED], T(0.0));
    out[IR] = -(B * in[VI]);
    out[II] = B * in[VR];
    out[FLUX] = flux;
    out[Q] = B * V * V * d.to_device;
  }

  /// The power flow knows no saturation: above the knee the core cannot rest.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const Context<double, double> none{nullptr, nullptr, nullptr};
    equations(x, rest.in.data(), d, none, static_cast<double*>(nullptr), rest.out.data());
    return Outcome::check("flux of the core (pu, 0..knee_pu)", rest.out[FLUX], 0, d.knee, {}, {KNEE});
  }
};
BALLAST_MODEL(TransformerSaturation, "XFMRSAT");

}  // namespace ballast
