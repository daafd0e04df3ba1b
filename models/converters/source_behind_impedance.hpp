/// \file
/// What the converter models REGCB1 and REGCC1 have in common: a voltage source behind an impedance.
#pragma once

#include "models/converters/converter_terminal.hpp"

namespace ballast {

/// Converter as a controlled voltage source (WECC REGC_B, REGC_C).
///
///   Ipcmd ─ (RateFlag 1: x Vt/(1+s Tfltr)) ─ 1/(1+s Tg), growing no faster than rrpwr ─ (RateFlag 1: /Vt) ─
///   Ip ─┐ Iqcmd ─ 1/(1+s Tg), rate within Iqrmin..Iqrmax
///   ────────────────────────────────────────────────────── Iq ─┤
///                                                                 Imax, PQFlag 1: Ip first, 0: Iq first ──┘
///   E = V + (Ip - j Iq)(Re + j Xe) ─ d and q each 1/(1+s Te) ─► I = (E - V)/(Re + j Xe)
///
/// Imax bounds what is asked for; while E follows the voltage with Te the current is what Re + j Xe lets
/// through.
struct SourceBehindImpedance : ConverterTerminal {
  enum State { IP, IQ, VOLTAGE, ED, EQ, kSourceStates };

  static constexpr ParameterInfo kRateFlag{"RateFlag", "1", within(0, 1), within(0, 1),
                                           "rrpwr limits 0: active current, 1: active power"};
  static constexpr ParameterInfo kPqFlag{"PQFlag", "1", within(0, 1), within(0, 1),
                                         "1: active current first, 0: reactive current first"};
  static constexpr ParameterInfo kTg{"Tg", "s", positive(), within(0.005, 0.1), "command time constant"};
  static constexpr ParameterInfo kTfltr{"Tfltr", "s", not_negative(), within(0, 0.1), "voltage filter"};
  static constexpr ParameterInfo kIqrmax{"Iqrmax", "pu/s", positive(), within(0.5, 10000),
                                         "rise of the reactive current"};
  static constexpr ParameterInfo kIqrmin{"Iqrmin", "pu/s", within(-kInfinity, -1e-6), within(-10000, -0.5),
                                         "fall of the reactive current"};
  static constexpr ParameterInfo kRrpwr{"rrpwr", "pu/s", positive(), within(0.5, 20),
                                        "rate at which active current or power grows"};
  static constexpr ParameterInfo kImax{"Imax", "pu", positive(), within(1, 2), "converter current"};
  static constexpr ParameterInfo kRe{"Re", "pu", not_negative(), within(0, 0.1),
                                     "source resistance (RAW: real part of ZSOURCE)"};
  static constexpr ParameterInfo kXe{"Xe", "pu", positive(), within(0.01, 0.5),
                                     "source reactance (RAW: imaginary part of ZSOURCE)"};

  struct Places {
    int RateFlag, PQFlag, Tg, Tfltr, Iqrmax, Iqrmin, rrpwr, Te, Imax, Re, Xe;
  };
  template <class P>
  struct Source {
    Lag<P> filter, internal;  ///< Tfltr, Te
    P RateFlag, PQFlag, per_Tg, Iqrmax, Iqrmin, rrpwr, Imax;
    P Re, Xe, G, B;  ///< G + jB = 1/(Re + j Xe)
    P to_system;     ///< device base to system base
  };
  template <class P>
  static Source<P> derive_source(const P* p, const Places& at, const Ratings& ratings) {
    const P R = p[at.Re];
    const P X = p[at.Xe];
    const P per_Z2 = 1.0 / (R * R + X * X);
    return {make_lag<P>(p[at.Tfltr]),
            make_lag<P>(p[at.Te]),
            p[at.RateFlag],
            p[at.PQFlag],
            1.0 / p[at.Tg],
            p[at.Iqrmax],
            p[at.Iqrmin],
            p[at.rrpwr],
            p[at.Imax],
            R,
            X,
            R * per_Z2,
            -X * per_Z2,
            P(ratings.device_MVA / ratings.system_MVA)};
  }

  template <class T>
  struct Phasor {
    T d, q;  ///< q leads; a current that delivers reactive power has q < 0
  };
  /// Axes at an angle.
  template <class T>
  struct Axes {
    T s, c;
    BALLAST_HD explicit Axes(const T& angle) { sincos_(angle, s, c); }
    BALLAST_HD Phasor<T> of(const T& re, const T& im) const { return {re * c + im * s, im * c - re * s}; }
    BALLAST_HD T real(const Phasor<T>& p) const { return p.d * c - p.q * s; }
    BALLAST_HD T imaginary(const Phasor<T>& p) const { return p.d * s + p.q * c; }
  };

  /// The current asked for, behind its rates and limits.
  template <class T, class P>
  BALLAST_HD static Phasor<T> asked(const T* x, const T* in, const T& V, const T& delivered,
                                    const Source<P>& s, T* dxdt) {
    const T Vf = max_(lag(s.filter, x[VOLTAGE], V, dxdt[VOLTAGE]), T(kLowestFiltered));
    const auto by_power = s.RateFlag > 0.5;
    const T command = select_(by_power, T(in[IPCMD] * Vf), in[IPCMD]);
    const auto draws = x[IP] < 0.0;
    dxdt[IP] = clamp_(T((command - x[IP]) * s.per_Tg), T(select_(draws, T(-s.rrpwr), T(-kUnlimited))),
                      T(select_(draws, T(kUnlimited), T(s.rrpwr))));
    dxdt[IQ] = reactive_rate(T((in[IQCMD] - x[IQ]) * s.per_Tg), delivered, s.Iqrmax, s.Iqrmin);
    const T Ip = clamp_(T(select_(by_power, T(x[IP] / Vf), x[IP])), T(-s.Imax), T(s.Imax));
    const T Iq = clamp_(x[IQ], T(-s.Imax), T(s.Imax));
    const T Iq_left = rest_of(s, Ip);
    const T Ip_left = rest_of(s, Iq);
    const auto active_first = s.PQFlag > 0.5;
    return {select_(active_first, Ip, T(clamp_(Ip, T(-Ip_left), Ip_left))),
            -select_(active_first, T(clamp_(Iq, T(-Iq_left), Iq_left)), Iq)};
  }
  /// The current through the impedance while the source follows what gives `wanted` at voltage V.
  template <class T, class P>
  BALLAST_HD static Phasor<T> current(const T* x, const Phasor<T>& wanted, const Phasor<T>& V,
                                      const Source<P>& s, T* dxdt) {
    const T Ed = lag(s.internal, x[ED], T(V.d + s.Re * wanted.d - s.Xe * wanted.q), dxdt[ED]);
    const T Eq = lag(s.internal, x[EQ], T(V.q + s.Re * wanted.q + s.Xe * wanted.d), dxdt[EQ]);
    return through({Ed, Eq}, V, s);
  }
  template <class T, class P>
  BALLAST_HD static Phasor<T> through(const Phasor<T>& E, const Phasor<T>& V, const Source<P>& s) {
    const T d = E.d - V.d;
    const T q = E.q - V.q;
    return {s.G * d - s.B * q, s.B * d + s.G * q};
  }

  /// States and commands at rest, with the voltage along the d axis.
  static Outcome rest_source(Rest& rest, const Source<double>& s, int Imax, double* x) {
    const AtRest r = rest_point(rest, s.to_system);
    if (!r.outcome.ok()) return r.outcome;
    x[IP] = s.RateFlag > 0.5 ? r.P : r.Ip;
    x[IQ] = r.Iq;
    x[VOLTAGE] = r.V;
    x[ED] = r.V + s.Re * r.Ip + s.Xe * r.Iq;
    x[EQ] = s.Xe * r.Ip - s.Re * r.Iq;
    rest.in[IPCMD] = r.Ip;
    rest.in[IQCMD] = r.Iq;
    return Outcome::check("current (pu, up to Imax)", magnitude_(r.Ip, r.Iq), 0, s.Imax, {}, {Imax});
  }

 private:
  /// What the other current leaves of Imax; the root keeps a derivative (off by 1e-6 at most).
  template <class T, class P>
  BALLAST_HD static T rest_of(const Source<P>& s, const T& current) {
    return sqrt_(max_(T(s.Imax * s.Imax - current * current), 0.0) + 1e-12);
  }
  static constexpr double kLowestFiltered = 0.01;  ///< pu, of divisions
};

}  // namespace ballast
