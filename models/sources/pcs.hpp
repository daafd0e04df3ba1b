/// \file
/// Power conditioning of a direct-current source: an inverter behind a buffer on the DC bus.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Grid-following inverter between a source that is slow (a fuel cell, a rectified turbine) and the grid,
/// with a buffer on its DC bus (supercapacitors; a bare DC link is a buffer of milliseconds) that gives at
/// once what the source gives later.
///
///   Pref ──► 0 .. Pmax, 0 .. efficiency (P_dc + what the buffer can give) ──► /V ──► Ip wanted
///   Qext ──► Vref - V ──► dead-band ──► Kqv ──►(+)──────────────────────────► /V ──► Iq wanted
///   Ip first, Iq what current is left ──► 1/(1+s T) each ──► (Ip - j Iq) along the voltage
///
///   d store/dt = (P_dc - P/efficiency) / store_s           0 empty, 1 full: a chopper burns what is too much
///   P_source = max(P, Pref)/efficiency + (store_target - store) store_s/recentre_s
///
/// The buffer gives up to Pburst, less over the last tenth of its charge, so that an empty one leaves the
/// plant with what the source gives. Below V_block the inverter commands no current and the source is asked
/// for what recharges the buffer.
///
/// Source: the arrangement of US 2026/0074522 (storage on the DC bus of fuel cells for data centers),
/// REGC_A's current path; values in docs/datacenter-models.md.
///
/// Deviations: no PLL (short-circuit ratio above about 3), no DC voltage: the buffer is its charge, losses
/// are one efficiency.
struct Pcs : ModelDefaults {
  static constexpr const char* title = "Power conditioning with a buffer on the DC bus";
  static constexpr const char* source =
      "US 2026/0074522 (arrangement), WECC REGC_A current path; docs/datacenter-models.md";
  static constexpr const char* validated = "against hand calculation of buffer and current limit";
  static constexpr Role role = Role::CONVERTER;

  enum State { VOLTAGE, IP, IQ, STORE, kStates };
  enum Input { VR, VI, P_DC, PREF, QEXT, VREF, kInputs };
  enum Output { IR, II, PE, QE, P_SOURCE, STORE_OUT, kOutputs };
  enum Limit { VOLTAGE_BAND, ROOM, POWER, ACTIVE_CURRENT, REACTIVE_CURRENT, CHARGE, kLimits };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< 0 running, 1 blocked
  enum Threshold { LOW_VOLTAGE = 2 * kLimits, kGuards };
  enum Parameter {
    PMAX,
    IMAX,
    EFFICIENCY,
    STORE_S,
    PBURST,
    STORE_TARGET,
    RECENTRE_S,
    TP,
    TQ,
    TV,
    KQV,
    DBV,
    V_BLOCK,
    V_BLOCK_HYSTERESIS,
    kParameters
  };

  static constexpr StateInfo states[] = {
      {"voltage_filter", "pu"}, {"Ip", "pu"}, {"Iq", "pu"}, {"store", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"},
      {"Vi", "pu"},
      {"P_dc", "pu"},  ///< from the source
      {"Pref", "pu", Unwired::HELD},
      {"Qext", "pu", Unwired::HELD},
      {"Vref", "pu", Unwired::HELD},
  };
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"Pe", "pu", "active power, device base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"P_source", "pu", "DC power asked of the source, device base"},
      {"store", "pu", "charge of the buffer"},
  };
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"running", "blocked"};

  static constexpr ParameterInfo parameters[] = {
      {"Pmax", "pu", within(0.01, 2), within(0.9, 1.2), "active power"},
      {"Imax", "pu", within(0.1, 3), within(1.0, 1.3), "inverter current"},
      {"efficiency", "pu", within(0.5, 1), within(0.94, 0.99), "of the inverter"},
      {"store_s", "s", within(0.001, 1e5), within(0.02, 60), "energy of the buffer over the device base"},
      {"Pburst", "pu", within(0, 3), within(0.1, 1), "DC power of the buffer beyond the source's"},
      {"store_target", "pu", within(0.1, 1), within(0.4, 0.8), "charge that it returns to"},
      {"recentre_s", "s", within(0.01, 1e5), within(1, 120), "time constant of that return"},
      {"Tp", "s", within(0.001, 10), within(0.005, 0.1), "lag of the active current"},
      {"Tq", "s", within(0.001, 10), within(0.005, 0.1), "lag of the reactive current"},
      {"Tv", "s", within(0.001, 1), within(0.01, 0.05), "voltage measurement"},
      {"Kqv", "pu", within(0, 100), within(0, 10), "reactive power per voltage deviation; 0 = none"},
      {"dbv", "pu", within(1e-4, 1), within(0.01, 0.1), "dead-band of it, half width"},
      {"V_block", "pu", within(0.01, 0.9), within(0.05, 0.5), "no current below this voltage"},
      {"V_block_hysteresis", "pu", within(0.001, 0.2), within(0.01, 0.1),
       "voltage above V_block that ends it"},
  };

  template <class P>
  struct Derived {
    P Pmax, Imax, Imax_square, efficiency, per_efficiency, store_rate, Pburst, store_target, recentre_gain;
    P active_rate, reactive_rate, voltage_rate, Kqv, dbv, V_block, V_release, to_system;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {p[PMAX],
            p[IMAX],
            p[IMAX] * p[IMAX],
            p[EFFICIENCY],
            1.0 / p[EFFICIENCY],
            1.0 / p[STORE_S],
            p[PBURST],
            p[STORE_TARGET],
            p[STORE_S] / p[RECENTRE_S],
            1.0 / p[TP],
            1.0 / p[TQ],
            1.0 / p[TV],
            p[KQV],
            p[DBV],
            p[V_BLOCK],
            p[V_BLOCK] + p[V_BLOCK_HYSTERESIS],
            P(ratings.device_MVA / ratings.system_MVA)};
  }
  static constexpr double kLastCharge = 0.1;  ///< over which the buffer gives less
  static constexpr double kPull = 100;        ///< 1/s, holds the charge on a limit

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto blocked = context.mode[AUTOMATON] == 1;
    const T V = magnitude_(in[VR], in[VI]);
    context.guard[LOW_VOLTAGE] = select_(blocked, V - d.V_release, d.V_block - V);
    dxdt[VOLTAGE] = (V - x[VOLTAGE]) * d.voltage_rate;

    const T room = limited(T(x[STORE] * (1 / kLastCharge)), 0.0, 1.0, context, ROOM);
    const T available = min_(T(d.Pmax), T(d.efficiency * (in[P_DC] + room * d.Pburst)));
    const T P_limited = limited(in[PREF], 0.0, available, context, POWER);
    const T voltage_error = deadband(in[VREF] - x[VOLTAGE], -d.dbv, d.dbv, context, VOLTAGE_BAND);
    const T Q_order = in[QEXT] + d.Kqv * voltage_error;

    const T per_V = 1.0 / max_(x[VOLTAGE], T(d.V_block));
    const T Ip_limited = limited(P_limited * per_V, -d.Imax, d.Imax, context, ACTIVE_CURRENT);
    const T left = sqrt_(max_(d.Imax_square - Ip_limited * Ip_limited, T(0.0)) + 1e-12);
    const T Iq_limited = limited(Q_order * per_V, -left, left, context, REACTIVE_CURRENT);
    dxdt[IP] = (select_(blocked, T(0.0), Ip_limited) - x[IP]) * d.active_rate;
    dxdt[IQ] = (select_(blocked, T(0.0), Iq_limited) - x[IQ]) * d.reactive_rate;

    // (Ip - j Iq) in the direction of the voltage; below V_block, where there is none to follow, an impedance
    const T per_direction = d.to_system / max_(V, T(d.V_block));
    out[IR] = (x[IP] * in[VR] + x[IQ] * in[VI]) * per_direction;
    out[II] = (x[IP] * in[VI] - x[IQ] * in[VR]) * per_direction;
    out[PE] = (out[IR] * in[VR] + out[II] * in[VI]) / d.to_system;
    out[QE] = (out[IR] * in[VI] - out[II] * in[VR]) / d.to_system;
    const T drawn = out[PE] * d.per_efficiency;
    const T store = limited_integrator(x[STORE], (in[P_DC] - drawn) * d.store_rate, 0.0, 1.0, kPull, context,
                                       CHARGE, dxdt[STORE]);
    const T ordered = clamp_(in[PREF], T(0.0), T(d.Pmax)) * d.per_efficiency;
    out[P_SOURCE] =
        select_(blocked, drawn, max_(drawn, ordered)) + (d.store_target - store) * d.recentre_gain;
    out[STORE_OUT] = store;
  }

  /// Rests at the power flow's power, the buffer at its target.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const auto unknown = [](double v) { return !(v == v); };
    const double V = magnitude_(rest.in[VR], rest.in[VI]);
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_block, kInfinity); !o.ok()) return o;
    if (unknown(rest.in[VREF])) rest.in[VREF] = V;
    const double P = (rest.in[VR] * rest.out[IR] + rest.in[VI] * rest.out[II]) / d.to_system;
    const double Q = (rest.in[VI] * rest.out[IR] - rest.in[VR] * rest.out[II]) / d.to_system;
    if (const Outcome o = Outcome::check("active power (pu)", P, 0, d.Pmax); !o.ok()) return o;
    if (const Outcome o = Outcome::check("inverter current (pu)", magnitude_(P, Q) / V, 0, d.Imax); !o.ok())
      return o;
    x[VOLTAGE] = V;
    x[IP] = P / V;
    x[IQ] = Q / V;
    x[STORE] = d.store_target;
    const double error = rest.in[VREF] - V;
    const int side = error > d.dbv ? 1 : error < -d.dbv ? -1 : 0;
    rest.mode[VOLTAGE_BAND] = side;
    rest.mode[ROOM] = d.store_target > kLastCharge ? 1 : 0;
    rest.in[P_DC] = P * d.per_efficiency;
    rest.in[PREF] = P;
    rest.in[QEXT] = Q - d.Kqv * (side == 0 ? 0 : error - side * d.dbv);
    rest.out[PE] = P;
    rest.out[QE] = Q;
    rest.out[P_SOURCE] = rest.in[P_DC];
    rest.out[STORE_OUT] = x[STORE];
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    a.mode[AUTOMATON] = 1 - a.mode[AUTOMATON];
    a.threshold = a.mode[AUTOMATON] == 1 ? d.V_block : d.V_release;
    return Effect::KINK;
  }
};
BALLAST_MODEL(Pcs, "PCS");

}  // namespace ballast
