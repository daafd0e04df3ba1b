/// \file
/// Frequency of a bus, measured from its voltage phasor.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Bus frequency and its rate of change: a filtered derivative of the voltage angle.
///
///   angle(V) ──►(+)── e ──► 1 / (w0 Ta) ──► 1/(1+sTf) ──┬──────────────► frequency (pu, 1 = nominal)
///                ▲-                                     └─► f0 s/(1+s W/2) ──► rocof (Hz/s)
///                │    ┌───────┐
///             memory ◄┤ e/Ta  │   memory turns with nominal speed plus e/Ta, seen from the island's frame
///                     └───────┘
///
/// With b the bus angle against a nominal clock, memory = lag(Ta) b, so e = Ta lag(Ta) db/dt: frequency is
/// the true bus frequency behind lag(Ta) lag(Tf), whatever the speed of the frame. Only the difference of
/// two angles appears, so nothing wraps while |frequency - 1| < pi/(w0 Ta) (8 % at Ta = 0.1 s, 60 Hz).
///
/// A network change moves the angle at once without any frequency: on_jump() shifts the memory by the same
/// angle. Below V_block the angle means nothing: frequency holds its last value, rocof decays to zero, and
/// the memory is set again when the voltage is back. rocof is a first-order filter whose delay equals that
/// of a sliding window of length W (W/2).
///
/// Source: angle-derivative measurement as usual in positive-sequence programs; the jump correction is ours.
///
/// Deviations: no harmonics, no phasor-estimation window; both would show as further delay (a few cycles).
struct BusFrequency : ModelDefaults {
  static constexpr const char* title = "Bus frequency and RoCoF";
  static constexpr const char* source =
      "ANDES BusFreq and PSS/E practice, reworked to be immune to angle jumps";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MEASUREMENT;

  enum State { MEMORY, FREQUENCY_FILTER, ROCOF_FILTER, kStates };
  enum Input { VR, VI, FRAME_SPEED, kInputs };
  enum Output { FREQUENCY, ROCOF, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< 0 measuring, 1 blocked
  enum Threshold { VOLTAGE = 2 * kLimits, kGuards };

  static constexpr StateInfo states[] = {
      {"angle_memory", "rad", StateKind::ANGLE}, {"frequency_filter", "pu"}, {"rocof_filter", "pu"}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"frequency", "pu", "bus frequency, 1 = nominal"},
      {"rocof", "Hz/s", "rate of change of frequency over the declared window"}};
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"measuring", "blocked"};

  static constexpr ParameterInfo parameters[] = {
      {"angle_s", "s", within(0.005, 0.1), within(0.01, 0.05), "derivative time constant Ta"},
      {"filter_s", "s", within(0.001, 10), within(0.01, 0.2), "frequency filter Tf"},
      {"rocof_window_s", "s", within(0.02, 10), within(0.1, 0.5), "RoCoF window W"},
      {"V_block", "pu", within(0.01, 0.9), within(0.05, 0.5), "measurement blocked below this voltage"},
      {"V_block_hysteresis", "pu", within(0.001, 0.1), within(0.01, 0.05),
       "voltage above V_block at which measurement starts again"},
  };

  template <class P>
  struct Derived {
    P angle_rate;   ///< 1/Ta, 1/s
    P gain;         ///< 1/(w0 Ta), pu/rad
    P filter_rate;  ///< 1/Tf
    P rocof_rate;   ///< 2/W
    P rocof_gain;   ///< f0 2/W, Hz/s per pu
    P base_speed;   ///< w0, rad/s
    P V_block, V_release;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.base_speed = P(6.28318530717958647693 * ratings.frequency_Hz);
    d.angle_rate = 1.0 / p[0];
    d.gain = d.angle_rate / d.base_speed;
    d.filter_rate = 1.0 / p[1];
    d.rocof_rate = 2.0 / p[2];
    d.rocof_gain = d.rocof_rate * ratings.frequency_Hz;
    d.V_block = p[3];
    d.V_release = p[3] + p[4];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto blocked = context.mode[AUTOMATON] == 1;
    const T V = magnitude_(in[VR], in[VI]);
    context.guard[VOLTAGE] = select_(blocked, V - d.V_release, d.V_block - V);

    // Angle from the memory to the voltage. A vanishing phasor has none; it is blocked long before.
    T s;
    T c;
    sincos_(x[MEMORY], s, c);
    const auto vanishing = V < 1e-3;
    const T across = select_(vanishing, T(0.0), in[VI] * c - in[VR] * s);
    const T along = select_(vanishing, T(1.0), in[VR] * c + in[VI] * s);
    const T ahead = atan2_(across, along);

    const T held = (x[FREQUENCY_FILTER] - 1.0) / d.gain;
    const T error = select_(blocked, held, ahead);
    dxdt[MEMORY] = error * d.angle_rate - (in[FRAME_SPEED] - 1.0) * d.base_speed;
    dxdt[FREQUENCY_FILTER] = (1.0 + error * d.gain - x[FREQUENCY_FILTER]) * d.filter_rate;
    dxdt[ROCOF_FILTER] = (x[FREQUENCY_FILTER] - x[ROCOF_FILTER]) * d.rocof_rate;
    out[FREQUENCY] = x[FREQUENCY_FILTER];
    out[ROCOF] = (x[FREQUENCY_FILTER] - x[ROCOF_FILTER]) * d.rocof_gain;
  }

  /// Rests at the frame's speed; a bus already below V_block starts blocked.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double speed = rest.in[FRAME_SPEED];
    const double V = magnitude_(rest.in[VR], rest.in[VI]);
    rest.mode[AUTOMATON] = V < d.V_block ? 1 : 0;
    x[FREQUENCY_FILTER] = speed;
    x[ROCOF_FILTER] = speed;
    set_memory(x, rest.in.data(), d);
    rest.out[FREQUENCY] = speed;
    rest.out[ROCOF] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    const bool was_blocked = a.mode[AUTOMATON] == 1;
    a.mode[AUTOMATON] = was_blocked ? 0 : 1;
    if (was_blocked) set_memory(a.x.data(), a.in.data(), d);
    a.threshold = was_blocked ? d.V_release : d.V_block;
    return Effect::KINK;
  }

  /// The network changed and the phasor moved from `before` to `after`: the memory moves by the same angle.
  BALLAST_HD static void on_jump(double* x, const double* before, const double* after,
                                 const Derived<double>&) {
    const double along = before[VR] * after[VR] + before[VI] * after[VI];
    const double across = before[VR] * after[VI] - before[VI] * after[VR];
    if (along * along + across * across < 1e-12)
      return;  // one of the two has no angle: blocked, set at release
    x[MEMORY] += atan2_(across, along);
  }

 private:
  BALLAST_HD static void set_memory(double* x, const double* in, const Derived<double>& d) {
    x[MEMORY] = atan2_(in[VI], in[VR]) - (x[FREQUENCY_FILTER] - 1.0) / d.gain;
  }
};
BALLAST_MODEL(BusFrequency, "BUSFREQ");

}  // namespace ballast
