/// \file
/// The network inside a composite load: transformer with taps, substation shunt, feeder with compensation.
///
///   bus ── jXxf ──┤tap├── low side ── R + jX ── far end
///                          │ Bss, B1            │ B2, loads
///
/// At the far end everything is an admittance and motors behind theirs, so the network is solved in closed
/// form.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

template <class T>
struct Phasor {
  T re, im;
  BALLAST_HD friend Phasor operator+(const Phasor& a, const Phasor& b) { return {a.re + b.re, a.im + b.im}; }
  BALLAST_HD friend Phasor operator-(const Phasor& a, const Phasor& b) { return {a.re - b.re, a.im - b.im}; }
  BALLAST_HD friend Phasor operator*(const Phasor& a, const Phasor& b) {
    return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
  }
  BALLAST_HD friend Phasor operator*(const Phasor& a, const T& k) { return {a.re * k, a.im * k}; }
  BALLAST_HD friend Phasor operator/(const Phasor& a, const Phasor& b) {
    const T per = T(1.0) / (b.re * b.re + b.im * b.im);
    return {(a.re * b.re + a.im * b.im) * per, (a.im * b.re - a.re * b.im) * per};
  }
};

/// Numbers of the network, pu on the load's base.
template <class T>
struct Feeder {
  T tap;        ///< low side over high side, fixed taps included
  T X;          ///< of the transformer, high side
  T B;          ///< shunts at the low side, capacitive
  Phasor<T> Z;  ///< of the feeder
};
template <class T>
struct FeederFlow {
  Phasor<T> far, low;         ///< voltages
  Phasor<T> current, feeder;  ///< out of the bus, and into the feeder
};
/// The far end draws Y V - J (compensation B2 in Y).
template <class T>
BALLAST_HD FeederFlow<T> solve_feeder(const Feeder<T>& f, const Phasor<T>& bus, const Phasor<T>& Y,
                                      const Phasor<T>& J) {
  const Phasor<T> jB{T(0.0), f.B};
  const Phasor<T> jX{T(0.0), f.X * f.tap};
  const T per_tap = T(1.0) / f.tap;
  // Per unit of far voltage: low voltage, current behind the transformer, bus voltage; then without it.
  const Phasor<T> low = Phasor<T>{T(1.0), T(0.0)} + f.Z * Y;
  const Phasor<T> bus_V = low * per_tap + jX * (Y + jB * low);
  const Phasor<T> low0 = f.Z * J;  // with its sign turned
  const Phasor<T> bus0 = low0 * per_tap + jX * (J + jB * low0);
  FeederFlow<T> flow;
  flow.far = (bus + bus0) / bus_V;
  flow.feeder = Y * flow.far - J;
  flow.low = flow.far + f.Z * flow.feeder;
  flow.current = (flow.feeder + jB * flow.low) * f.tap;
  return flow;
}

}  // namespace ballast
