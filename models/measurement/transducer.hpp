/// \file
/// A measured quantity out of others.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Sum or magnitude of up to four signals or pairs of them, scaled: the flow over an interface, an apparent
/// power, a voltage, a frequency in Hz.
///
///   value = scale (a_1 + a_2 + a_3 + a_4), or with magnitude = 1: scale |sum of a_k + j b_k|
///
/// Source: definition.
///
/// Deviations: no delay.
struct Transducer : ModelDefaults {
  static constexpr const char* title = "Sum or magnitude of signals";
  static constexpr const char* source = "definition";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MEASUREMENT;

  static constexpr int kStates = 0;
  static constexpr int kPairs = 4;
  enum Input { A_1, B_1, kInputs = 2 * kPairs };
  enum Output { VALUE, kOutputs };
  enum Parameter { SCALE, MAGNITUDE, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"scale", "unit", anything(), anything(), "of the value in the signals' unit"},
      {"magnitude", "1", within(0, 1), anything(), "1: of the sums of a and b; 0: the sum of a"}};
  static constexpr InputInfo inputs[] = {{"a_1", "unit", Unwired::ZERO}, {"b_1", "unit", Unwired::ZERO},
                                         {"a_2", "unit", Unwired::ZERO}, {"b_2", "unit", Unwired::ZERO},
                                         {"a_3", "unit", Unwired::ZERO}, {"b_3", "unit", Unwired::ZERO},
                                         {"a_4", "unit", Unwired::ZERO}, {"b_4", "unit", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {{"value", "unit", "scaled sum or magnitude"}};

  template <class P>
  struct Derived {
    P scale, magnitude;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[SCALE], p[MAGNITUDE]};
  }
  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>&, T*,
                                   T* out) {
    T a = in[A_1];
    T b = in[B_1];
    for (int k = 1; k < kPairs; ++k) {
      a = a + in[A_1 + 2 * k];
      b = b + in[B_1 + 2 * k];
    }
    out[VALUE] = d.scale * select_(d.magnitude > 0.5, magnitude_(a, b), a);
  }
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const Context<double, double> none{nullptr, nullptr, nullptr};
    equations(x, rest.in.data(), d, none, static_cast<double*>(nullptr), rest.out.data());
    return Outcome::fine();
  }
};
BALLAST_MODEL(Transducer, "TRANSDUCER");

}  // namespace ballast
