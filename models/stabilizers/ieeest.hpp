/// \file
/// Single-input power system stabilizer.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Single-input power system stabilizer, PSS/E IEEEST.
///
///               1 + A5 s + A6 s2             1 + s T1   1 + s T3      s T5     LSMAX
///  signal ─► ────────────────────────── ──► ──────── ─► ──────── ─► KS ────── ─► ───── ─► gate ─► Vs
///            (1+A1 s+A2 s2)(1+A3 s+A4 s2)   1 + s T2   1 + s T4     1 + s T6    LSMIN
///
/// ICS chooses the signal: 1 speed deviation, 3 electrical power, 4 accelerating power Pm - Pe, 5 terminal
/// voltage; powers on the machine base. The gate gives zero while Vt is above VCU or below VCL; VCU = 0 and
/// VCL = 0 mean no such bound. A lead-lag or a filter section whose denominator is zero passes its input.
/// Deviations: signals 2 (bus frequency) and 6 (rate of voltage), and signals of another bus (IB), are
/// refused at initialisation; VCU and VCL are voltages, not deviations from the initial one.
struct Ieeest : ModelDefaults {
  static constexpr const char* title = "Single-input power system stabilizer";
  static constexpr const char* source = "PSS/E model library (public descriptions), OpenIPSL, ANDES";
  static constexpr const char* validated =
      "PSS/E curves IEEEST with and without its filter, on SEXS: Efd within 1.2e-5 and 2.1e-4 pu, V within "
      "6.0e-6 and 7.6e-6 pu over 20 s (without the stabilizer Efd is 5.6e-2 pu off); "
      "ANDES on IEEE 39 within 4.7e-6 pu of speed";
  static constexpr Role role = Role::STABILIZER;

  enum State { FILTER_1, FILTER_1_RATE, FILTER_2, FILTER_2_RATE, FIRST, SECOND, WASHOUT, kStates };
  enum Input { SPEED_DEVIATION, PE, PM, VT, kInputs };
  enum Output { VS, kOutputs };
  enum Limit { OUTPUT_LIMIT, VOLTAGE_GATE, kLimits };
  enum Parameter {
    ICS,
    IB,
    A1,
    A2,
    A3,
    A4,
    A5,
    A6,
    T1,
    T2,
    T3,
    T4,
    T5,
    T6,
    KS,
    LSMAX,
    LSMIN,
    VCU,
    VCL,
    kParameters
  };

  static constexpr ParameterInfo parameters[] = {
      {"ICS", "1", within(1, 6), within(1, 6),
       "input signal: 1 speed, 3 power, 4 accelerating power, 5 voltage"},
      {"IB", "1", not_negative(), within(0, 0), "bus of the signal; 0 = the machine's own", false, 0},
      {"A1", "s", not_negative(), within(0, 2), "filter denominator"},
      {"A2", "s2", not_negative(), within(0, 1), "filter denominator"},
      {"A3", "s", not_negative(), within(0, 2), "filter denominator"},
      {"A4", "s2", not_negative(), within(0, 1), "filter denominator"},
      {"A5", "s", anything(), within(0, 2), "filter numerator"},
      {"A6", "s2", anything(), within(0, 1), "filter numerator"},
      {"T1", "s", not_negative(), within(0, 10), "first lead time constant"},
      {"T2", "s", not_negative(), within(0, 10), "first lag time constant"},
      {"T3", "s", not_negative(), within(0, 10), "second lead time constant"},
      {"T4", "s", not_negative(), within(0, 10), "second lag time constant"},
      {"T5", "s", positive(), within(0.5, 20), "washout numerator"},
      {"T6", "s", positive(), within(0.5, 20), "washout time constant"},
      {"KS", "pu", anything(), within(-50, 100), "gain"},
      {"LSMAX", "pu", anything(), within(0.02, 0.3), "upper output limit"},
      {"LSMIN", "pu", anything(), within(-0.3, -0.02), "lower output limit"},
      {"VCU", "pu", not_negative(), within(0, 1.5), "voltage above which the output is zero; 0 = none"},
      {"VCL", "pu", not_negative(), within(0, 1), "voltage below which the output is zero; 0 = none"},
  };
  static constexpr Relation relations[] = {{LSMIN, Relation::BELOW, LSMAX, "no output would be allowed"}};
  static constexpr StateInfo states[] = {
      {"filter_1", "pu"},   {"filter_1_rate", "pu/s"}, {"filter_2", "pu"}, {"filter_2_rate", "pu/s"},
      {"lead_lag_1", "pu"}, {"lead_lag_2", "pu"},      {"washout", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"omega", "pu"}, {"Pe", "pu", Unwired::ZERO}, {"Pm", "pu", Unwired::ZERO}, {"Vt", "pu"}};
  static constexpr OutputInfo outputs[] = {
      {"Vs", "pu", "stabilizing signal, added to the voltage reference"}};

  /// 1/(1 + a s + b s2) with its first two derivatives; a first-order lag when b = 0, nothing when a = 0 too.
  template <class P>
  struct Section {
    P a, per_a, per_b;
    P order;
  };
  /// A signal and its derivatives, as far as they are known without differentiating it.
  template <class T>
  struct Jet {
    T value, rate, second;
  };

  template <class P>
  struct Derived {
    Section<P> first, second;
    P A5, A6;
    LeadLag<P> lead_lag_1, lead_lag_2;
    P per_T6, gain;  ///< gain = KS T5 / T6
    P LSMAX, LSMIN, VCU, VCL;
    P speed, power, mechanical, voltage;  ///< the share of each input in the signal
    P signal, bus, numerator_order;
  };

  template <class P>
  static Section<P> make_section(const P& a, const P& b) {
    const auto quadratic = b > kNothing;
    const auto linear = a > kNothing;
    return {a, 1.0 / select_(linear, a, P(1.0)), 1.0 / select_(quadratic, b, P(1.0)),
            select_(quadratic, P(2.0), select_(linear, P(1.0), P(0.0)))};
  }
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    const auto is = [&](double code) { return select_(abs_(p[ICS] - code) < 0.5, P(1.0), P(0.0)); };
    Derived<P> d;
    d.first = make_section<P>(p[A1], p[A2]);
    d.second = make_section<P>(p[A3], p[A4]);
    d.A5 = p[A5];
    d.A6 = p[A6];
    d.lead_lag_1 = make_lead_lag<P>(p[T1], p[T2]);
    d.lead_lag_2 = make_lead_lag<P>(p[T3], p[T4]);
    d.per_T6 = 1.0 / p[T6];
    d.gain = p[KS] * p[T5] * d.per_T6;
    d.LSMAX = p[LSMAX];
    d.LSMIN = p[LSMIN];
    d.VCU = select_(p[VCU] < kNothing, P(kNoBound), p[VCU]);
    d.VCL = select_(p[VCL] < kNothing, P(-kNoBound), p[VCL]);
    d.speed = is(1);
    d.power = is(3) - is(4);
    d.mechanical = is(4);
    d.voltage = is(5);
    d.signal = p[ICS];
    d.bus = p[IB];
    d.numerator_order =
        select_(abs_(p[A6]) > kNothing, P(2.0), select_(abs_(p[A5]) > kNothing, P(1.0), P(0.0)));
    return d;
  }

  /// One section: x is its output, v the output's rate where that is a state.
  template <class T, class P>
  BALLAST_HD static Jet<T> pass(const Section<P>& s, const T& x, const T& v, const Jet<T>& u, T& dx, T& dv) {
    const auto quadratic = s.order > 1.5;
    const auto direct = s.order < 0.5;
    const T slope = (u.value - x) * s.per_a;
    const T rate = select_(direct, u.rate, select_(quadratic, v, slope));
    const T bend = (u.value - x - s.a * v) * s.per_b;
    dx = select_(direct, T(0.0), rate);
    dv = select_(quadratic, bend, T(0.0));
    return {select_(direct, u.value, x), rate,
            select_(direct, u.second, select_(quadratic, bend, T((u.rate - slope) * s.per_a)))};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T signal =
        d.speed * in[SPEED_DEVIATION] + d.power * in[PE] + d.mechanical * in[PM] + d.voltage * in[VT];
    const Jet<T> u{signal, T(0.0), T(0.0)};
    const Jet<T> a = pass(d.first, x[FILTER_1], x[FILTER_1_RATE], u, dxdt[FILTER_1], dxdt[FILTER_1_RATE]);
    const Jet<T> b = pass(d.second, x[FILTER_2], x[FILTER_2_RATE], a, dxdt[FILTER_2], dxdt[FILTER_2_RATE]);
    const T filtered = b.value + d.A5 * b.rate + d.A6 * b.second;
    const T first = lead_lag(d.lead_lag_1, x[FIRST], filtered, dxdt[FIRST]);
    const T second = lead_lag(d.lead_lag_2, x[SECOND], first, dxdt[SECOND]);
    dxdt[WASHOUT] = (second - x[WASHOUT]) * d.per_T6;
    const T Vs = limited(T(d.gain * (second - x[WASHOUT])), d.LSMIN, d.LSMAX, context, OUTPUT_LIMIT);
    limited(in[VT], d.VCL, d.VCU, context, VOLTAGE_GATE);
    out[VS] = select_(context.mode[VOLTAGE_GATE] == 0, Vs, T(0.0));
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const auto known = [](double value) { return value == value ? value : 0; };
    const double signal = d.speed * known(rest.in[SPEED_DEVIATION]) + d.power * known(rest.in[PE]) +
                          d.mechanical * known(rest.in[PM]) + d.voltage * known(rest.in[VT]);
    x[FILTER_1] = signal;
    x[FILTER_1_RATE] = 0;
    x[FILTER_2] = signal;
    x[FILTER_2_RATE] = 0;
    x[FIRST] = signal;
    x[SECOND] = signal;
    x[WASHOUT] = signal;
    rest.out[VS] = 0;
    if (d.speed + d.mechanical + d.voltage == 0 && d.power != 1)
      return {"input signal ICS (1, 3, 4 and 5 are supported)", d.signal, 3, 5};
    if (const Outcome o = Outcome::check("bus of the signal IB (only the machine's own, 0)", d.bus, 0, 0);
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("order of the filter's numerator (A5, A6; not above its denominator's)",
                           d.numerator_order, 0, d.first.order + d.second.order);
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("output Vs at rest (pu, LSMIN..LSMAX)", 0, d.LSMIN, d.LSMAX, {LSMIN}, {LSMAX});
        !o.ok())
      return o;
    return Outcome::check("terminal voltage Vt (pu, VCL..VCU)", known(rest.in[VT]), d.VCL, d.VCU, {VCL},
                          {VCU});
  }

 private:
  static constexpr double kNothing = 1e-9;
  static constexpr double kNoBound = 1000;  ///< pu, a voltage never reached
};
BALLAST_MODEL(Ieeest, "IEEEST");

}  // namespace ballast
