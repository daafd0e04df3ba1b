/// \file
/// Static compensator: reactive current from a converter, whatever the voltage.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Generic STATCOM: it stands in a machine's place.
///
///                          Kp + Ki/s      Imax        1
///   Vref + Vs - V/(1+s Tm) ───────── ─► ──────── ─► ──────── ─┬─► Iq, delivered across the voltage
///        ▲- Xs Iq                        -Imax       1 + s To  │
///        └──────────────────────────────────────────────────────┘
///
/// The current's limit does not depend on the voltage. Below Vblock the converter blocks: its current goes to
/// zero with To and the integral stands still; Trestart after the voltage is back above Vrestart it goes on.
///
/// It is the part of WECC's SVSMO3 that moves a STATCOM: of that model are left out slow reset control,
/// deadband, non-linear slope, short-term rating and its I2t limit, limits falling with high voltage, trips
/// and switched shunts. The order of SVSMO3's record was in no source at hand, so this record has a name and
/// an order of its own.
///
/// Deviations: the block acts on the voltage itself; below 0.2 pu the current falls with the voltage, as in
/// REGCA1; limits are kinks, not modes (models/blocks.hpp).
struct Statcom : ModelDefaults {
  static constexpr const char* title = "Static compensator (STATCOM), generic";
  static constexpr const char* source =
      "a proportional-integral control on a slope; parameters named after WECC SVSMO3 (PowerWorld)";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MACHINE;

  enum State { SENSED, INTEGRAL, CURRENT, kStates };
  enum Input { VR, VI, VS, VREF, kInputs };
  enum Output { IR, II, QE, VT, kOutputs };
  enum Mode { AUTOMATON = kLimits, kModes };
  enum Operation { RUNS, BLOCKED, WAITS };
  enum Timer { RESTART, kTimers };
  enum Threshold { LOW = 2 * kLimits, BACK, LOW_AGAIN, kGuards };
  static constexpr const char* mode_names[] = {"runs", "blocked", "waits to restart"};
  static constexpr ThresholdInfo thresholds[] = {
      {"terminal voltage", "pu"}, {"terminal voltage", "pu"}, {"terminal voltage", "pu"}};
  enum Parameter { TM, KP, KI, XS, TO, IMAX, VBLOCK, VRESTART, TRESTART, kParameters };

  static constexpr ParameterInfo parameters[] = {
      {"Tm", "s", not_negative(), within(0, 0.05), "voltage measurement time constant"},
      {"Kp", "pu", not_negative(), within(0, 20), "voltage control, proportional"},
      {"Ki", "pu/s", positive(), within(10, 1000), "voltage control, integral"},
      {"Xs", "pu", not_negative(), within(0, 0.1), "slope: voltage per reactive current"},
      {"To", "s", positive(), within(0.002, 0.05), "converter time constant"},
      {"Imax", "pu", positive(), within(0.5, 1.5), "converter current"},
      {"Vblock", "pu", not_negative(), within(0, 0.5), "blocked below"},
      {"Vrestart", "pu", not_negative(), within(0.2, 0.9), "voltage at which the restart begins"},
      {"Trestart", "s", not_negative(), within(0, 1), "delay of the restart"},
  };
  static constexpr Relation relations[] = {
      {VBLOCK, Relation::BELOW, VRESTART, "it would block as it restarts"}};
  static constexpr StateInfo states[] = {{"Vm", "pu"}, {"integral", "pu"}, {"Iq", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"}, {"Vi", "pu"}, {"Vs", "pu", Unwired::ZERO}, {"Vref", "pu", Unwired::HELD}};
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"Vt", "pu", "terminal voltage"},
  };

  template <class P>
  struct Derived {
    Lag<P> sensor;
    P Kp, Ki, Xs, per_To, Imax, Vblock, Vrestart, Trestart, to_system;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    return {make_lag<P>(p[TM]),
            p[KP],
            p[KI],
            p[XS],
            1.0 / p[TO],
            p[IMAX],
            p[VBLOCK],
            p[VRESTART],
            p[TRESTART],
            P(ratings.device_MVA / ratings.system_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto runs = context.mode[AUTOMATON] == RUNS;
    const auto blocked = context.mode[AUTOMATON] == BLOCKED;
    const auto waits = context.mode[AUTOMATON] == WAITS;
    const T V = magnitude_(in[VR], in[VI]);
    context.guard[LOW] = select_(runs, T(d.Vblock - V), T(-1.0));
    context.guard[BACK] = select_(blocked, T(V - d.Vrestart), T(-1.0));
    context.guard[LOW_AGAIN] = select_(waits, T(d.Vblock - V), T(-1.0));

    const T Vm = lag(d.sensor, x[SENSED], V, dxdt[SENSED]);
    const T error = in[VREF] + in[VS] - Vm - d.Xs * x[CURRENT];
    dxdt[INTEGRAL] =
        select_(runs, T(within_limits(x[INTEGRAL], T(d.Ki * error), T(-d.Imax), T(d.Imax), kPull)), T(0.0));
    const T order = select_(runs, T(clamp_(T(d.Kp * error + x[INTEGRAL]), T(-d.Imax), T(d.Imax))), T(0.0));
    dxdt[CURRENT] = (order - x[CURRENT]) * d.per_To;

    const T per_direction = x[CURRENT] / max_(V, T(kLowestVoltage));
    const T ir = in[VI] * per_direction;
    const T ii = -in[VR] * per_direction;
    out[IR] = ir * d.to_system;
    out[II] = ii * d.to_system;
    out[QE] = in[VI] * ir - in[VR] * ii;
    out[VT] = V;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    const double P = (Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
    const double Q = (Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
    const double Iq = Q * V / (Vr * Vr + Vi * Vi);
    const double Vs = rest.in[VS] == rest.in[VS] ? rest.in[VS] : 0;
    x[SENSED] = V;
    x[INTEGRAL] = Iq;
    x[CURRENT] = Iq;
    rest.in[VS] = Vs;
    rest.in[VREF] = V + d.Xs * Iq - Vs;
    rest.out[QE] = Q;
    rest.out[VT] = V;
    if (const Outcome o =
            Outcome::check("terminal voltage (pu, Vblock..)", V, max_(d.Vblock, kLowestVoltage), kInfinity);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("active power (pu, a compensator delivers none)", P, -1e-6, 1e-6);
        !o.ok())
      return o;
    return Outcome::check("reactive current (pu, -Imax..Imax)", Iq, -d.Imax, d.Imax, {IMAX, -1}, {IMAX});
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind == Happening::TIMER) {
      a.mode[AUTOMATON] = RUNS;
      return Effect::KINK;
    }
    const bool back = happening.index == BACK;
    a.threshold = back ? d.Vrestart : d.Vblock;
    a.mode[AUTOMATON] = !back ? BLOCKED : d.Trestart > 0 ? WAITS : RUNS;
    a.timer[RESTART] = back && d.Trestart > 0 ? happening.time + d.Trestart : kNever;
    return Effect::KINK;
  }

 private:
  static constexpr double kPull = 200;           ///< 1/s
  static constexpr double kLowestVoltage = 0.2;  ///< pu
};
BALLAST_MODEL(Statcom, "STATCOM");

}  // namespace ballast
