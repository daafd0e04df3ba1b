#pragma once
#include "models/blocks.hpp"
namespace ballast {
struct Genrou : ModelDefaults {
  enum State { EQP, EDP, PSIKD, PSIKQ, OMEGA, DELTA, kStates };
  enum Input { VR, VI, FRAME_SPEED, EFD, PM, kInputs };
  enum Output { IR, II, SPEED, PE, IFD, VT, kOutputs };
  static constexpr ParameterInfo parameters[] = {
      {"Tdop", "s", positive(), {}, ""},  {"Tdopp", "s", positive(), {}, ""},
      {"Tqop", "s", positive(), {}, ""},  {"Tqopp", "s", positive(), {}, ""},
      {"H", "s", positive(), {}, ""},     {"D", "pu", anything(), {}, ""},
      {"Xd", "pu", positive(), {}, ""},   {"Xq", "pu", positive(), {}, ""},
      {"Xdp", "pu", positive(), {}, ""},  {"Xqp", "pu", positive(), {}, ""},
      {"Xdpp", "pu", positive(), {}, ""}, {"Xl", "pu", positive(), {}, ""},
      {"S10", "", anything(), {}, ""},    {"S12", "", anything(), {}, ""},
      {"Ra", "pu", anything(), {}, ""}};
  static constexpr StateInfo states[] = {{"Eqp", "pu"},
                                         {"Edp", "pu"},
                                         {"psikd", "pu"},
                                         {"psikq", "pu"},
                                         {"omega", "pu", StateKind::DEVIATION},
                                         {"delta", "rad", StateKind::ANGLE}};
  static constexpr InputInfo inputs[] = {{"Vr", "pu"},
                                         {"Vi", "pu"},
                                         {"frame_speed", "pu"},
                                         {"Efd", "pu", Unwired::HELD},
                                         {"Pm", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Ir", "pu"}, {"Ii", "pu"},  {"omega", "pu"},
                                           {"Pe", "pu"}, {"Ifd", "pu"}, {"Vt", "pu"}};
  template <class P>
  struct Derived {
    P k1d, k3d, k4d, k1q, k3q, k4q, iTdop, iTdopp, iTqop, iTqopp, inv2H, D, Xd, Xq, Xdp, Xqp, Xpp, Xl, Ra, A,
        B, g, Ydet, scale, w0, H;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& r) {
    Derived<P> d{};
    d.iTdop = 1.0 / p[0];
    d.iTdopp = 1.0 / p[1];
    d.iTqop = 1.0 / p[2];
    d.iTqopp = 1.0 / p[3];
    d.inv2H = 0.5 / p[4];
    d.D = p[5];
    d.Xd = p[6];
    d.Xq = p[7];
    d.Xdp = p[8];
    d.Xqp = p[9];
    d.Xpp = p[10];
    d.Xl = p[11];
    d.Ra = p[14];
    d.k3d = (d.Xpp - d.Xl) / (d.Xdp - d.Xl);
    d.k4d = (d.Xdp - d.Xpp) / (d.Xdp - d.Xl);
    d.k1d = (d.Xdp - d.Xpp) * (d.Xd - d.Xdp) / ((d.Xdp - d.Xl) * (d.Xdp - d.Xl));
    d.k3q = (d.Xpp - d.Xl) / (d.Xqp - d.Xl);
    d.k4q = (d.Xqp - d.Xpp) / (d.Xqp - d.Xl);
    d.k1q = (d.Xqp - d.Xpp) * (d.Xq - d.Xqp) / ((d.Xqp - d.Xl) * (d.Xqp - d.Xl));
    d.g = (d.Xq - d.Xl) / (d.Xd - d.Xl);
    d.A = 1;
    d.B = 0;
    if (p[12] > 0) {
      const P q = sqrt_(1.2 * p[13] / p[12]);
      d.A = (q - 1.2) / (q - 1.0);
      d.B = p[12] / ((1.0 - d.A) * (1.0 - d.A));
    }
    d.Ydet = 1.0 / (d.Ra * d.Ra + d.Xpp * d.Xpp);
    d.scale = r.device_MVA / r.system_MVA;
    d.w0 = 2 * 3.14159265358979323846 * r.frequency_Hz;
    d.H = p[4] * d.scale;
    return d;
  }
  template <class T, class P>
  static T saturation(const T& u, const Derived<P>& d) {
    const T over = max_(u - d.A, T(0.0));
    return d.B * over * over / u;
  }
  template <class T, class P>
  static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&, T* dx, T* out) {
    T s, c;
    sincos_(x[DELTA], s, c);
    const T ud = s * in[VR] - c * in[VI], uq = c * in[VR] + s * in[VI];
    const T pd = d.k3d * x[EQP] + d.k4d * x[PSIKD], pq = d.k3q * x[EDP] + d.k4q * x[PSIKQ];
    const T a = pq - ud, b = pd - uq;
    const T id = (d.Ra * a + d.Xpp * b) * d.Ydet, iq = (d.Ra * b - d.Xpp * a) * d.Ydet;
    const T te = (pd - d.Xpp * id) * iq + (pq + d.Xpp * iq) * id;
    const T u = sqrt_(pd * pd + pq * pq + 1e-12);
    const T se = saturation(u, d);
    const T dd = x[EQP] - x[PSIKD] - (d.Xdp - d.Xl) * id, dq = x[EDP] - x[PSIKQ] + (d.Xqp - d.Xl) * iq;
    const T ifd = x[EQP] + (d.Xd - d.Xdp) * id + d.k1d * dd + se * pd;
    const T ilq = x[EDP] - (d.Xq - d.Xqp) * iq + d.k1q * dq + se * pq * d.g;
    dx[EQP] = (in[EFD] - ifd) * d.iTdop;
    dx[EDP] = -ilq * d.iTqop;
    dx[PSIKD] = dd * d.iTdopp;
    dx[PSIKQ] = dq * d.iTqopp;
    dx[OMEGA] = ((in[PM] - d.D * x[OMEGA]) / (1.0 + x[OMEGA]) - te) * d.inv2H;
    dx[DELTA] = d.w0 * (1.0 + x[OMEGA] - in[FRAME_SPEED]);
    out[IR] = (s * id + c * iq) * d.scale;
    out[II] = (s * iq - c * id) * d.scale;
    out[SPEED] = x[OMEGA];
    out[PE] = ud * id + uq * iq;
    out[IFD] = ifd;
    out[VT] = magnitude_(in[VR], in[VI]);
  }
  template <class P>
  static P inertia(const Derived<P>& d) {
    return d.H;
  }
  static Outcome initialise(Rest& r, const Derived<double>& d, double* x) {
    const double ir = r.out[IR] / d.scale, ii = r.out[II] / d.scale;
    const double er = r.in[VR] + d.Ra * ir - d.Xpp * ii, ei = r.in[VI] + d.Ra * ii + d.Xpp * ir;
    const double u = std::sqrt(er * er + ei * ei), se = saturation(u, d), k = 1 + d.g * se, X = d.Xq - d.Xpp;
    x[DELTA] = atan2_(ei * k + X * ir, er * k - X * ii);
    double s, c;
    sincos_(x[DELTA], s, c);
    const double id = s * ir - c * ii, iq = c * ir + s * ii, pq = s * er - c * ei, pd = c * er + s * ei;
    x[EQP] = pd + (d.Xdp - d.Xpp) * id;
    x[EDP] = pq - (d.Xqp - d.Xpp) * iq;
    x[PSIKD] = x[EQP] - (d.Xdp - d.Xl) * id;
    x[PSIKQ] = x[EDP] + (d.Xqp - d.Xl) * iq;
    x[OMEGA] = 0;
    r.in[EFD] = x[EQP] + (d.Xd - d.Xdp) * id + se * pd;
    r.in[PM] = (pd - d.Xpp * id) * iq + (pq + d.Xpp * iq) * id;
    r.out[SPEED] = 0;
    r.out[IFD] = r.in[EFD];
    r.out[VT] = magnitude_(r.in[VR], r.in[VI]);
    r.out[PE] = (s * r.in[VR] - c * r.in[VI]) * id + (c * r.in[VR] + s * r.in[VI]) * iq;
    return {};
  }
};
BALLAST_MODEL(Genrou, "GENROU");
}  // namespace ballast
