/// \file
/// Turbine shaft of several masses between a governor and a machine.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Up to four masses on the turbine's side of the generator and an exciter on the other, coupled by springs:
///
///   1 ──K_1── 2 ──K_2── 3 ──K_3── 4 ──K_4── generator ──K_EXC── exciter
///
///   2 H_i dw_i/dt = F_i P_turbine/(1 + w_i) + K_(i-1) (a_(i-1) - a_i) - K_i (a_i - a_(i+1)) - D_i w_i
///   da_i/dt = w0 (w_i - w)                      a_i, rad: angle of a mass before the generator's
///   Pm = (K_4 a_4 + K_EXC a_EXC) (1 + w)
///
/// The machine's H is that of its own rotor. A mass with H = 0 is absent, and so are all before it; the
/// exciter likewise. H in s, K in pu of torque per electrical radian, all on the machine's base.
///
/// Source: IEEE First Benchmark Model for Computer Simulation of Subsynchronous Resonance, IEEE Trans. PAS
/// 96, 1977 (masses, springs and modes).
///
/// Deviations: damping against the synchronous frame, none between masses; a spring is linear. In a batch the
/// modes are above the step's reach: they are damped away.
struct Shaft : ModelDefaults {
  static constexpr const char* title = "Turbine shaft of up to six masses";
  static constexpr const char* source = "IEEE First Benchmark Model, IEEE Trans. PAS 96, 1977";
  static constexpr const char* validated = "torsional modes of the IEEE First Benchmark within 0.1 %";
  static constexpr Role role = Role::GOVERNOR;

  static constexpr int kMasses = 5;  ///< four before the generator, the exciter behind it
  enum State { TWIST, SPEED = TWIST + kMasses, kStates = SPEED + kMasses };
  enum Input { OMEGA, P_TURBINE, kInputs };
  enum Output { PM, TORQUE, TORQUE_EXC, kOutputs };
  enum Parameter {
    H_1,
    H_EXC = H_1 + kMasses - 1,
    K_1,
    K_EXC = K_1 + kMasses - 1,
    D_1,
    F_1 = D_1 + kMasses,
    kParameters = F_1 + kMasses - 1
  };

  static constexpr StateInfo states[] = {
      {"twist_1", "rad"}, {"twist_2", "rad"}, {"twist_3", "rad"}, {"twist_4", "rad"}, {"twist_exc", "rad"},
      {"w_1", "pu"},      {"w_2", "pu"},      {"w_3", "pu"},      {"w_4", "pu"},      {"w_exc", "pu"}};
  static constexpr InputInfo inputs[] = {{"omega", "pu"}, {"P_turbine", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Pm", "pu", "power of the shaft's torque at the generator"},
      {"torque", "pu", "between the last turbine and the generator"},
      {"torque_exc", "pu", "between the generator and the exciter, towards the generator"}};
  static constexpr ParameterInfo parameters[] = {
      {"H_1", "s", not_negative(), within(0, 5), "inertia of the first mass; 0 = absent"},
      {"H_2", "s", not_negative(), within(0, 5), "inertia of the second mass; 0 = absent"},
      {"H_3", "s", not_negative(), within(0, 5), "inertia of the third mass; 0 = absent"},
      {"H_4", "s", positive(), within(0.05, 5), "inertia of the mass beside the generator"},
      {"H_EXC", "s", not_negative(), within(0, 1), "inertia of the exciter; 0 = absent"},
      {"K_1", "pu/rad", not_negative(), within(0, 200), "spring between masses 1 and 2"},
      {"K_2", "pu/rad", not_negative(), within(0, 200), "spring between masses 2 and 3"},
      {"K_3", "pu/rad", not_negative(), within(0, 200), "spring between masses 3 and 4"},
      {"K_4", "pu/rad", positive(), within(5, 200), "spring between mass 4 and the generator"},
      {"K_EXC", "pu/rad", not_negative(), within(0, 20), "spring between generator and exciter"},
      {"D_1", "pu", not_negative(), within(0, 1), "damping of mass 1"},
      {"D_2", "pu", not_negative(), within(0, 1), "damping of mass 2"},
      {"D_3", "pu", not_negative(), within(0, 1), "damping of mass 3"},
      {"D_4", "pu", not_negative(), within(0, 1), "damping of mass 4"},
      {"D_EXC", "pu", not_negative(), within(0, 1), "damping of the exciter"},
      {"F_1", "1", within(0, 1), within(0, 1), "share of the turbine's power at mass 1"},
      {"F_2", "1", within(0, 1), within(0, 1), "share of the turbine's power at mass 2"},
      {"F_3", "1", within(0, 1), within(0, 1), "share of the turbine's power at mass 3"},
      {"F_4", "1", within(0, 1), within(0, 1), "share of the turbine's power at mass 4"},
  };

  template <class P>
  struct Derived {
    P per_2H[kMasses], D[kMasses];
    P K[kMasses];  ///< 0 where a mass at its end is absent
    P F[kMasses - 1];
    P w0;
    P shares;  ///< sum of F
    P gaps;    ///< masses without a spring or between others, springs and shares without a mass
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.shares = P(0.0);
    d.gaps = P(0.0);
    P before(0.0);  // 1: the mass before is there
    for (int i = 0; i < kMasses; ++i) {
      const auto none = p[H_1 + i] < 1e-9;
      const P here = select_(none, P(0.0), P(1.0));
      d.per_2H[i] = 0.5 * here / select_(none, P(1.0), p[H_1 + i]);
      d.D[i] = p[D_1 + i];
      d.K[i] = here * p[K_1 + i];
      d.gaps = d.gaps + abs_(here - select_(p[K_1 + i] < 1e-9, P(0.0), P(1.0)));
      if (i + 1 == kMasses) break;
      d.F[i] = here * p[F_1 + i];
      d.shares = d.shares + p[F_1 + i];
      d.gaps = d.gaps + before * (1.0 - here) + (1.0 - here) * p[F_1 + i];
      before = here;
    }
    d.w0 = P(6.28318530717958647692 * ratings.frequency_Hz);
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>&,
                                   T* dxdt, T* out) {
    T before(0.0);  // torque from the mass before
    for (int i = 0; i < kMasses; ++i) {
      const bool exciter = i == kMasses - 1;
      const T& w = x[SPEED + i];
      // The next mass; beside the generator its own angle, 0.
      const T next = i + 2 < kMasses ? x[TWIST + i + 1] : T(0.0);
      const T after = d.K[i] * (x[TWIST + i] - next);
      T torque = (exciter ? T(0.0) : before) - after - d.D[i] * w;
      if (!exciter) torque = torque + d.F[i] * in[P_TURBINE] / (1.0 + w);
      dxdt[SPEED + i] = torque * d.per_2H[i];
      dxdt[TWIST + i] = select_(d.per_2H[i] > 0.0, T(d.w0 * (w - in[OMEGA])), T(0.0));
      before = after;
      if (i == kMasses - 2) out[TORQUE] = after;
      if (exciter) out[TORQUE_EXC] = after;
    }
    out[PM] = (out[TORQUE] + out[TORQUE_EXC]) * (1.0 + in[OMEGA]);
  }

  /// Rests at the speed of the frame with the twist that carries the machine's power.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = Outcome::check("sum of F_1 to F_4", d.shares, 1 - 1e-6, 1 + 1e-6); !o.ok())
      return o;
    if (const Outcome o = Outcome::check("masses, springs and shares that do not go together", d.gaps, 0, 0);
        !o.ok())
      return o;
    const double P = rest.out[PM];
    rest.in[OMEGA] = 0;
    rest.in[P_TURBINE] = P;
    double through[kMasses - 1];
    double sum = 0;
    for (int i = 0; i + 1 < kMasses; ++i) through[i] = sum += d.F[i] * P;
    double angle = 0;
    for (int i = kMasses - 2; i >= 0; --i) x[TWIST + i] = angle += d.K[i] > 0 ? through[i] / d.K[i] : 0;
    for (int i = 0; i + 1 < kMasses; ++i)
      if (d.per_2H[i] == 0) x[TWIST + i] = 0;
    x[TWIST + kMasses - 1] = 0;
    for (int i = 0; i < kMasses; ++i) x[SPEED + i] = 0;
    rest.out[TORQUE] = P;
    rest.out[TORQUE_EXC] = 0;
    return Outcome::fine();
  }
};
BALLAST_MODEL(Shaft, "SHAFT");

}  // namespace ballast
