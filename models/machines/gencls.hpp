#pragma once
#include "models/contract.hpp"
namespace ballast {
struct Gencls : ModelDefaults {
  enum State { OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, PM, kInputs };
  enum Output { IR, II, SPEED, PE, VT, kOutputs };
  static constexpr ParameterInfo parameters[] = {{"H", "s", not_negative(), within(1, 10), ""},
                                                 {"D", "pu", not_negative(), within(0, 3), ""},
                                                 {"Ra", "pu", not_negative(), within(0, 0.1), ""},
                                                 {"Xdp", "pu", positive(), within(0.1, 1), ""}};
  static constexpr StateInfo states[] = {{"omega", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"frame_speed", "pu"}, {"Pm", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu"}, {"Ii", "pu"}, {"omega", "pu"}, {"Pe", "pu"}, {"Vt", "pu"}};
  template <class P>
  struct Derived {
    P inv2H, D, infinite, H, g, b, scale, w0, E;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& r) {
    Derived<P> d{};
    d.infinite = p[0] > 0 ? 0.0 : 1.0;
    d.inv2H = p[0] > 0 ? 1 / (2 * p[0]) : 0.0;
    d.D = p[1];
    d.H = p[0] * r.device_MVA / r.system_MVA;
    const P z2 = p[2] * p[2] + p[3] * p[3];
    d.g = p[2] / z2;
    d.b = -p[3] / z2;
    d.scale = r.device_MVA / r.system_MVA;
    d.w0 = 2 * 3.14159265358979323846 * r.frequency_Hz;
    d.E = 1;
    return d;
  }
  enum HeldNumber { EMF, kHeld };
  template <class T, class P>
  static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& c, T* dx, T* out) {
    T s, k;
    sincos_(x[DELTA], s, k);
    const P E = c.held[EMF];
    const T ur = E * k - in[VR], ui = E * s - in[VI];
    const T ir = d.g * ur - d.b * ui, ii = d.b * ur + d.g * ui;
    const T pe = E * (k * ir + s * ii);
    out[IR] = ir * d.scale;
    out[II] = ii * d.scale;
    out[SPEED] = x[OMEGA];
    out[PE] = in[VR] * ir + in[VI] * ii;
    out[VT] = magnitude_(in[VR], in[VI]);
    dx[OMEGA] = ((in[PM] - d.D * x[OMEGA]) / (1.0 + x[OMEGA]) - pe) * d.inv2H;
    dx[DELTA] = d.w0 * (1.0 + x[OMEGA] - in[FRAME_SPEED]);
  }
  template <class P>
  static P inertia(const Derived<P>& d) {
    return d.infinite > 0.5 ? kInfinity : d.H;
  }
  static Outcome initialise(Rest& r, const Derived<double>& d, double* x) {
    const double ir = r.out[IR] / d.scale, ii = r.out[II] / d.scale;
    const double y2 = d.g * d.g + d.b * d.b;
    const double R = d.g / y2, X = -d.b / y2;
    const double er = r.in[VR] + R * ir - X * ii, ei = r.in[VI] + R * ii + X * ir;
    r.held[EMF] = std::sqrt(er * er + ei * ei);
    x[OMEGA] = 0;
    x[DELTA] = atan2_(ei, er);
    r.in[PM] = er * ir + ei * ii;
    r.out[SPEED] = 0;
    return {};
  }
};
BALLAST_MODEL(Gencls, "GENCLS");
}  // namespace ballast
