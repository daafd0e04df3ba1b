/// \file
/// Loss-of-field protection of a synchronous machine.
#pragma once

#include "models/protection/definite_time.hpp"
#include "models/protection/impedance.hpp"

namespace ballast {

/// Trips its machine once the impedance at its terminals, V/I with I out of the machine, has been inside one
/// of two mho circles for its time (40). Both circles begin at -offset on the reactance axis and reach down:
///
///          X
///   ───────┼─────── R
///          │ offset            circle k: diameter_k, centre at X = -(offset + diameter_k/2)
///        ( ┴ )                 pu on the machine's base
///      (       )
///
/// A machine that has lost its field draws reactive power: its impedance moves from the load into the
/// circles. An element drops out outside 102 % of its radius. A trip is latched.
///
/// Source: IEEE C37.102, from memory: offset X'd/2, diameters 1.0 pu and Xd.
struct LossOfField : DefiniteTime<LossOfField, 2> {
  static constexpr const char* title = "Loss of field (40)";
  static constexpr const char* source = "two offset mho circles, IEEE C37.102 from memory";
  static constexpr const char* validated = "";

  enum Input { VR, VI, IR, II, kInputs };
  enum Output { CONNECTED_OUT, kOutputs };
  static constexpr double kReset = 1.02;  ///< of the radius

  static constexpr InputInfo inputs[] = {{"Vr", "pu"}, {"Vi", "pu"}, {"Ir", "pu"}, {"Ii", "pu"}};
  static constexpr OutputInfo outputs[] = {{"connected", "1", "0 once it has tripped the machine"}};
  static constexpr ThresholdInfo thresholds[] = {{"impedance", "pu"}, {"impedance", "pu"}};

  enum Parameter { OFFSET, DIAMETER_1, TIME_1, DIAMETER_2, TIME_2, TB, kParameters };
  static constexpr ParameterInfo parameters[] = {
      {"offset", "pu", not_negative(), within(0.05, 0.5),
       "below the origin where both circles begin (X'd/2)"},
      {"diameter_1", "pu", positive(), within(0.5, 2), "of the first circle (1.0)"},
      {"time_1", "s", not_negative(), within(0.05, 2), "inside it before it trips"},
      {"diameter_2", "pu", positive(), within(0.5, 3), "of the second circle (Xd)"},
      {"time_2", "s", not_negative(), within(0.1, 5), "inside it before it trips"},
      {"TB", "s", not_negative(), within(0, 0.2), "breaker time"},
  };
  static constexpr Relation relations[] = {
      {DIAMETER_1, Relation::NOT_ABOVE, DIAMETER_2, "the second circle is the wider and slower one"},
      {TIME_1, Relation::NOT_ABOVE, TIME_2, "the second circle is the wider and slower one"}};

  template <class P>
  struct Derived {
    P delay_s[2], threshold[2], breaker_s;
    Mho<P> circle[2];  ///< pu on the system base
    P to_device;       ///< impedance from the system base to the machine's
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.to_device = P(ratings.device_MVA / ratings.system_MVA);
    for (int k = 0; k < 2; ++k) {
      const P diameter = p[k == 0 ? DIAMETER_1 : DIAMETER_2];
      d.delay_s[k] = p[k == 0 ? TIME_1 : TIME_2];
      d.threshold[k] = p[OFFSET] + diameter;
      d.circle[k] = {P(0.0), -(p[OFFSET] + 0.5 * diameter) / d.to_device, 0.5 * diameter / d.to_device};
    }
    d.breaker_s = p[TB];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static Reach<T> reach(const T* in, const Derived<P>& d, int element) {
    const Mho<P>& c = d.circle[element];
    return {c.inside(in[VR], in[VI], in[IR], in[II]), -c.inside(in[VR], in[VI], in[IR], in[II], kReset)};
  }
  BALLAST_HD static double measured(const double* in, const Derived<double>& d, int) {
    return impedance(in[VR], in[VI], in[IR], in[II]) * d.to_device;
  }
  template <class T, class P>
  BALLAST_HD static void order(const T& connected, const Derived<P>&, T* out) {
    out[CONNECTED_OUT] = connected;
  }
};
BALLAST_MODEL(LossOfField, "LOSSFIELD");

}  // namespace ballast
