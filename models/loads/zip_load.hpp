#pragma once
#include "models/blocks.hpp"
namespace ballast {
struct ZipLoad : ModelDefaults {
  static constexpr int kStates = 0;
  enum Input { VR, VI, PF, QF, kInputs };
  enum Output { IR, II, kOutputs };
  enum Limit { LOW, kLimits };
  static constexpr ParameterInfo parameters[] = {
      {"PZ", "MW", anything(), {}, ""},  {"QZ", "", anything(), {}, ""}, {"PI", "", anything(), {}, ""},
      {"QI", "", anything(), {}, ""},    {"PP", "", anything(), {}, ""}, {"QP", "", anything(), {}, ""},
      {"pqbrak", "", anything(), {}, ""}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"P_factor", "1", Unwired::HELD}, {"Q_factor", "1", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {{"Ir", "pu"}, {"Ii", "pu"}};
  template <class P>
  struct Derived {
    P z[2], i[2], p[2], brak;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& r) {
    const double k = 1 / r.system_MVA;
    return {{p[0] * k, p[1] * k}, {p[2] * k, p[3] * k}, {p[4] * k, p[5] * k}, p[6]};
  }
  template <class T, class P>
  static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& c, T*, T* out) {
    const T v = limited(magnitude_(in[VR], in[VI]), d.brak, T(1e9), c, LOW);
    const T w = 1.0 / v;
    const T g = (d.z[0] + (d.i[0] + d.p[0] * w) * w) * in[PF],
            b = (d.z[1] + (d.i[1] + d.p[1] * w) * w) * in[QF];
    out[IR] = -(g * in[VR] + b * in[VI]);
    out[II] = -(g * in[VI] - b * in[VR]);
  }
  static Outcome initialise(Rest& r, const Derived<double>&, double*) {
    r.in[PF] = 1;
    r.in[QF] = 1;
    return {};
  }
};
BALLAST_MODEL(ZipLoad, "ZIPLOAD");
}  // namespace ballast
