/// \file
/// Generator/converter model as a voltage source, with current control and a phase-locked loop.
#pragma once

#include <numbers>

#include "models/converters/source_behind_impedance.hpp"

namespace ballast {

/// Renewable generator/converter model, WECC REGC_C, PSS/E REGCC1; diagram in source_behind_impedance.hpp.
/// What it has of its own, in the frame of a phase-locked loop:
///
///   Vq ─ Kppll + Kipll/s, wmin..wmax ─► dw ─► d(delta)/dt = dw - w0 (frame_speed - 1)
///   Ip, Iq asked for ─►(-I)─ Kip + Kii/s ─► the currents from which E is made
///
/// The angle goes on turning with dw where the voltage is gone, so that a bolted fault needs no care.
///
/// Deviations: limits are kinks, not modes (models/blocks.hpp). Record order as GridPACK reads it; GridPACK
/// itself reads PQFlag and Imax but does not use them.
struct Regcc1 : SourceBehindImpedance {
  static constexpr const char* title = "Renewable generator/converter, voltage source with phase-locked loop";
  static constexpr const char* source =
      "WECC REGC_C specification and PSS/E REGCC1 (public descriptions), GridPACK";
  static constexpr const char* validated = "";

  enum State { IP_INTEGRAL = kSourceStates, IQ_INTEGRAL, PLL_INTEGRAL, DELTA, kStates };
  enum Input { FRAME_SPEED = ConverterTerminal::kInputs, kInputs };
  enum Parameter {
    RATEFLAG,
    PQFLAG,
    TG,
    TFLTR,
    IQRMAX,
    IQRMIN,
    RRPWR,
    TE,
    IMAX,
    KIP,
    KII,
    KPPLL,
    KIPLL,
    WMAX,
    WMIN,
    RE,
    XE,
    kParameters
  };
  static constexpr int kRecordParameters = RE;

  static constexpr ParameterInfo parameters[] = {
      kRateFlag,
      kPqFlag,
      kTg,
      kTfltr,
      kIqrmax,
      kIqrmin,
      kRrpwr,
      {"Te", "s", positive(), within(0.001, 0.1), "source voltage time constant"},
      kImax,
      {"Kip", "pu", not_negative(), within(0, 10), "current control, proportional"},
      {"Kii", "pu/s", positive(), within(1, 200), "current control, integral"},
      {"Kppll", "rad/s/pu", not_negative(), within(0, 200), "phase-locked loop, proportional"},
      {"Kipll", "rad/s2/pu", positive(), within(1, 10000), "phase-locked loop, integral"},
      {"wmax", "rad/s", positive(), within(5, 400), "highest frequency deviation of the loop"},
      {"wmin", "rad/s", within(-kInfinity, -1e-6), within(-400, -5),
       "lowest frequency deviation of the loop"},
      kRe,
      kXe,
  };
  static constexpr StateInfo states[] = {{"Ip", "pu"},
                                         {"Iq", "pu"},
                                         {"voltage_filter", "pu"},
                                         {"Ed", "pu"},
                                         {"Eq", "pu"},
                                         {"Ip_integral", "pu"},
                                         {"Iq_integral", "pu"},
                                         {"pll_integral", "rad/s"},
                                         {"pll_angle", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"Ipcmd", "pu"}, {"Iqcmd", "pu"}, {"frame_speed", "pu"}};

  template <class P>
  struct Derived {
    Source<P> source;
    P Kip, Kii, Kppll, Kipll, wmax, wmin, w0;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {derive_source(p, {RATEFLAG, PQFLAG, TG, TFLTR, IQRMAX, IQRMIN, RRPWR, TE, IMAX, RE, XE}, ratings),
            p[KIP],
            p[KII],
            p[KPPLL],
            p[KIPLL],
            p[WMAX],
            p[WMIN],
            P(2 * std::numbers::pi * ratings.frequency_Hz)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T magnitude = magnitude_(in[VR], in[VI]);
    const Axes<T> axes(x[DELTA]);
    const Phasor<T> V = axes.of(in[VR], in[VI]);
    dxdt[PLL_INTEGRAL] = within_limits(x[PLL_INTEGRAL], T(d.Kipll * V.q), d.wmin, d.wmax, kPull);
    const T dw = clamp_(T(d.Kppll * V.q + x[PLL_INTEGRAL]), d.wmin, d.wmax);
    dxdt[DELTA] = dw - d.w0 * (in[FRAME_SPEED] - 1.0);

    // The current that flows is the states' and the voltage's, so the control closes no algebraic loop.
    const Phasor<T> I = through(Phasor<T>{x[ED], x[EQ]}, V, d.source);
    const Phasor<T> reference = asked(x, in, magnitude, T(context.held[DELIVERED]), d.source, dxdt);
    dxdt[IP_INTEGRAL] = d.Kii * (reference.d - I.d);
    dxdt[IQ_INTEGRAL] = d.Kii * (reference.q - I.q);
    const Phasor<T> wanted{d.Kip * (reference.d - I.d) + x[IP_INTEGRAL],
                           d.Kip * (reference.q - I.q) + x[IQ_INTEGRAL]};
    current(x, wanted, V, d.source, dxdt);
    deliver(axes.real(I), axes.imaginary(I), in, magnitude, d.source.to_system, out);
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const Outcome o = rest_source(rest, d.source, IMAX, x);
    x[IP_INTEGRAL] = rest.in[IPCMD];
    x[IQ_INTEGRAL] = -rest.in[IQCMD];
    x[PLL_INTEGRAL] = 0;
    x[DELTA] = atan2_(rest.in[VI], rest.in[VR]);
    return o;
  }

 private:
  static constexpr double kPull = 200;  ///< 1/s
};
BALLAST_MODEL(Regcc1, "REGCC1");

}  // namespace ballast
