/// \file
/// Grid-following battery energy storage with droop, voltage support, smoothing of a load beside it and peak
/// shaving at a meter.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Battery energy storage behind a grid-following converter.
///
///   Pref ─────────────────────────────────────────►(+)
///   1 - frequency ──► deadband ──► droop_gain ────►(+)
///   P_load ──► smoothing_gain s Tf/(1+s Tf) ──────►(+)──► P limits (soc) ──► /V ──► Ip wanted
///   soc - soc_target ──► recentring_gain ─────────►(+)
///   P_meter + P_bess - Plimit ──► the greater of both (shaving)
///
///   Qref ─────────────────────────────────────────►(+)
///   Vref - V ──► deadband ──► voltage_gain ───────►(+)──────────────────────► /V ──► Iq wanted
///
///   Ip, Iq wanted ──► current limit, priority ──► 1/(1+s T) each ──► (Ip - j Iq) along the voltage
///
/// P > 0 is discharge. Smoothing with gain 1 leaves the grid lag(Tf) of the load: the same loop that
/// flattens training swings (Tf of seconds) takes over the power of a load that its UPS drops and gives it
/// back slowly (Tf of minutes; "load-hold"). Recentring brings the state of charge back to its target. The
/// power limits shrink in proportion over the last soc_margin before empty and full. Currents are set
/// against the filtered voltage; they follow the voltage's angle without delay. Below V_block the
/// converter commands zero current.
///
/// With shaving = 1 the battery gives at least what the site draws beyond Plimit at its meter, whatever the
/// other tasks want, and charges no more than Plimit leaves room for; with 2 the frequency response comes on
/// top of that. P_meter is what flows into the site; an event that moves Plimit is a call for demand
/// response.
///
///   d soc/dt = -P/(discharge_efficiency E) for P > 0, -P charge_efficiency/E for P < 0
///
/// Source: REEC_C/REGC_A current path and state of charge (WECC), reduced to what these controls need;
/// values in docs/datacenter-models.md.
///
/// Deviations: no PLL (short-circuit ratio above about 3), no inner loops, no standby loss, no battery
/// voltage.
struct Bess : ModelDefaults {
  static constexpr const char* title = "Grid-following battery storage";
  static constexpr const char* source =
      "WECC REEC_C/REGC_A current path and state of charge, reduced; docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::STORAGE;

  enum State { VOLTAGE, LOAD_AVERAGE, IP, IQ, SOC, kStates };
  enum Input { VR, VI, FREQUENCY, P_LOAD, PREF, QREF, VREF, P_METER, PLIMIT, kInputs };
  enum Output { IR, II, P_BESS, Q_BESS, STATE_OF_CHARGE, P_MW, kOutputs };
  enum Limit {
    FREQUENCY_BAND,
    VOLTAGE_BAND,  ///< deadbands
    DISCHARGE_ROOM,
    CHARGE_ROOM,  ///< share of the power limit left near empty and full
    POWER,
    FIRST_CURRENT,
    SECOND_CURRENT,
    kLimits
  };
  enum Mode { AUTOMATON = kLimits, kModes };  ///< 0 running, 1 blocked
  enum Threshold { LOW_VOLTAGE = 2 * kLimits, kGuards };

  static constexpr StateInfo states[] = {
      {"voltage_filter", "pu"}, {"load_average", "pu"}, {"Ip", "pu"}, {"Iq", "pu"}, {"soc", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"},
      {"Vi", "pu"},
      {"frequency", "pu"},
      {"P_load", "MW", Unwired::ZERO},  ///< drawn by the load whose power is smoothed
      {"Pref", "pu", Unwired::HELD},
      {"Qref", "pu", Unwired::HELD},
      {"Vref", "pu", Unwired::HELD},
      {"P_meter", "pu", Unwired::ZERO},  ///< drawn by the site with its battery
      {"Plimit", "pu", Unwired::HELD},   ///< most of it
  };
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"P_bess", "pu", "active power, discharge positive, device base"},
      {"Q_bess", "pu", "reactive power injected, device base"},
      {"soc", "pu", "state of charge"},
      {"P_bess_MW", "MW", "active power, discharge positive"},
  };
  static constexpr ThresholdInfo thresholds[] = {{"bus voltage", "pu"}};
  static constexpr const char* mode_names[] = {"running", "blocked"};

  static constexpr ParameterInfo parameters[] = {
      {"energy_h", "h", within(0.001, 1000), within(0.25, 8), "energy over the device base"},
      {"power_limit", "pu", within(0.01, 2), within(0.8, 1), "active power, either way"},
      {"current_limit", "pu", within(0.1, 3), within(1.0, 1.3), "converter current"},
      {"reactive_priority", "1", within(0, 1), within(0, 1),
       "0: active current first, 1: reactive current first"},
      {"active_response_s", "s", within(0.001, 10), within(0.01, 0.1), "lag of the active current"},
      {"reactive_response_s", "s", within(0.001, 10), within(0.01, 0.1), "lag of the reactive current"},
      {"voltage_filter_s", "s", within(0.001, 1), within(0.01, 0.05), "voltage measurement"},
      {"V_block", "pu", within(0.01, 0.9), within(0.05, 0.5), "no current below this voltage"},
      {"V_block_hysteresis", "pu", within(0.001, 0.2), within(0.01, 0.1),
       "voltage above V_block that ends it"},
      {"droop_gain", "pu", within(0, 1000), within(0, 100),
       "power per frequency deviation, 1/droop; 0 = none"},
      {"frequency_band", "pu", within(1e-5, 0.1), within(0.00028, 0.001), "frequency deadband, half width"},
      {"voltage_gain", "pu", within(0, 100), within(0, 10), "reactive power per voltage deviation; 0 = none"},
      {"voltage_band", "pu", within(1e-4, 1), within(0.01, 0.1), "voltage deadband, half width"},
      {"smoothing_gain", "1", within(0, 1), within(0, 1),
       "share of the load's variation taken over; 0 = none"},
      {"smoothing_s", "s", within(0.01, 1e5), within(10, 600), "the grid sees the load behind this lag, Tf"},
      {"recentring_gain", "pu", within(0, 10), within(0, 0.2), "power per state of charge off its target"},
      {"soc_target", "pu", within(0, 1), within(0.4, 0.6), "state of charge to return to"},
      {"soc_initial", "pu", within(0, 1), within(0.1, 0.9), "state of charge at rest"},
      {"soc_min", "pu", within(0, 1), within(0, 0.2), "empty"},
      {"soc_max", "pu", within(0, 1), within(0.8, 1), "full"},
      {"soc_margin", "pu", within(0.001, 0.5), within(0.01, 0.1), "over which the power limit falls to zero"},
      {"charge_efficiency", "pu", within(0.1, 1), within(0.9, 0.99), "energy kept over energy taken"},
      {"discharge_efficiency", "pu", within(0.1, 1), within(0.9, 0.99), "energy given over energy spent"},
      {"shaving", "1", within(0, 2), within(0, 2),
       "0: none, 1: the limit at the meter before all, 2: frequency response on top of it"},
      {"meter_limit", "pu", anything(), within(0, 10), "most that the site draws at its meter, at rest"},
  };

  template <class P>
  struct Derived {
    P soc_per_energy;  ///< 1/(pu s)
    P power_limit, current_limit, current_limit_square, reactive_first;
    P active_rate, reactive_rate, voltage_rate, load_rate;  ///< 1/s
    P V_block, V_release;
    P droop_gain, frequency_band, voltage_gain, voltage_band, smoothing_gain, recentring_gain;
    P soc_target, soc_initial, soc_min, soc_max, per_margin, charge_efficiency, per_discharge_efficiency;
    P to_system, device_MW, per_MW;
    P shaving, meter_limit;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.soc_per_energy = 1.0 / (p[0] * 3600.0);
    d.power_limit = p[1];
    d.current_limit = p[2];
    d.current_limit_square = p[2] * p[2];
    d.reactive_first = p[3];
    d.active_rate = 1.0 / p[4];
    d.reactive_rate = 1.0 / p[5];
    d.voltage_rate = 1.0 / p[6];
    d.V_block = p[7];
    d.V_release = p[7] + p[8];
    d.droop_gain = p[9];
    d.frequency_band = p[10];
    d.voltage_gain = p[11];
    d.voltage_band = p[12];
    d.smoothing_gain = p[13];
    d.load_rate = 1.0 / p[14];
    d.recentring_gain = p[15];
    d.soc_target = p[16];
    d.soc_initial = p[17];
    d.soc_min = p[18];
    d.soc_max = p[19];
    d.per_margin = 1.0 / p[20];
    d.charge_efficiency = p[21];
    d.per_discharge_efficiency = 1.0 / p[22];
    d.to_system = P(ratings.device_MVA / ratings.system_MVA);
    d.device_MW = P(ratings.device_MVA);
    d.per_MW = P(1 / ratings.device_MVA);
    d.shaving = p[23];
    d.meter_limit = p[24];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const auto blocked = context.mode[AUTOMATON] == 1;
    const T V = magnitude_(in[VR], in[VI]);
    context.guard[LOW_VOLTAGE] = select_(blocked, V - d.V_release, d.V_block - V);
    dxdt[VOLTAGE] = (V - x[VOLTAGE]) * d.voltage_rate;

    // (Ip - j Iq) in the direction of the voltage; below V_block, where there is none to follow, an impedance
    const T per_direction = d.to_system / max_(V, T(d.V_block));
    out[IR] = (x[IP] * in[VR] + x[IQ] * in[VI]) * per_direction;
    out[II] = (x[IP] * in[VI] - x[IQ] * in[VR]) * per_direction;
    const T power = (out[IR] * in[VR] + out[II] * in[VI]) / d.to_system;

    // Orders
    const T load = in[P_LOAD] * d.per_MW;
    dxdt[LOAD_AVERAGE] = (load - x[LOAD_AVERAGE]) * d.load_rate;
    const T frequency_error =
        deadband(1.0 - in[FREQUENCY], -d.frequency_band, d.frequency_band, context, FREQUENCY_BAND);
    const T response = d.droop_gain * frequency_error;
    const T others =
        in[PREF] + d.smoothing_gain * (load - x[LOAD_AVERAGE]) + d.recentring_gain * (x[SOC] - d.soc_target);
    const T beyond = in[P_METER] + power - in[PLIMIT];
    const T P_order =
        select_(d.shaving > 1.5, T(max_(others, beyond) + response),
                select_(d.shaving > 0.5, T(max_(T(others + response), beyond)), T(others + response)));
    const T voltage_error =
        deadband(in[VREF] - x[VOLTAGE], -d.voltage_band, d.voltage_band, context, VOLTAGE_BAND);
    const T Q_order = in[QREF] + d.voltage_gain * voltage_error;

    // Power limits: less near empty and full
    const T discharge_room = limited((x[SOC] - d.soc_min) * d.per_margin, 0.0, 1.0, context, DISCHARGE_ROOM);
    const T charge_room = limited((d.soc_max - x[SOC]) * d.per_margin, 0.0, 1.0, context, CHARGE_ROOM);
    const T P_limited =
        limited(P_order, -(charge_room * d.power_limit), discharge_room * d.power_limit, context, POWER);

    // Currents: the one with priority takes what it wants, the other what is left
    const T per_V = 1.0 / max_(x[VOLTAGE], T(d.V_block));
    const T Ip_wanted = P_limited * per_V;
    const T Iq_wanted = Q_order * per_V;
    const auto reactive_first = d.reactive_first > 0.5;
    const T first = limited(select_(reactive_first, Iq_wanted, Ip_wanted), -d.current_limit, d.current_limit,
                            context, FIRST_CURRENT);
    const T left = sqrt_(max_(d.current_limit_square - first * first, T(0.0)) + 1e-12);
    const T second =
        limited(select_(reactive_first, Ip_wanted, Iq_wanted), -left, left, context, SECOND_CURRENT);
    const T Ip_command = select_(blocked, T(0.0), select_(reactive_first, second, first));
    const T Iq_command = select_(blocked, T(0.0), select_(reactive_first, first, second));
    dxdt[IP] = (Ip_command - x[IP]) * d.active_rate;
    dxdt[IQ] = (Iq_command - x[IQ]) * d.reactive_rate;

    out[P_BESS] = power;
    out[Q_BESS] = (out[IR] * in[VI] - out[II] * in[VR]) / d.to_system;
    out[P_MW] = power * d.device_MW;
    out[STATE_OF_CHARGE] = x[SOC];
    dxdt[SOC] = -select_(power > 0.0, power * d.per_discharge_efficiency, power * d.charge_efficiency) *
                d.soc_per_energy;
  }

  /// Rests at the power flow's power, or at none. Away from P = 0 only the state of charge moves.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    if (const Outcome o = check_settings(d); !o.ok()) return o;
    const auto unknown = [](double v) { return !(v == v); };
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    if (const Outcome o = Outcome::check("bus voltage", V, d.V_block, kInfinity); !o.ok()) return o;
    if (unknown(rest.in[P_LOAD]))
      return {"P_load (put the part that gives it before the battery)", kUnknown, 0, 0};
    if (unknown(rest.in[FREQUENCY])) rest.in[FREQUENCY] = 1;
    if (unknown(rest.in[VREF])) rest.in[VREF] = V;
    if (unknown(rest.in[PLIMIT])) rest.in[PLIMIT] = d.meter_limit;
    if (unknown(rest.out[IR])) rest.out[IR] = rest.out[II] = 0;

    const double P = (Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
    const double Q = (Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
    const double soc = d.soc_initial;
    const double discharge_room = set_room(rest.mode[DISCHARGE_ROOM], (soc - d.soc_min) * d.per_margin);
    const double charge_room = set_room(rest.mode[CHARGE_ROOM], (d.soc_max - soc) * d.per_margin);
    if (const Outcome o = Outcome::check("active power (pu)", P, -charge_room * d.power_limit,
                                         discharge_room * d.power_limit);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("converter current (pu)", magnitude_(P, Q) / V, 0, d.current_limit);
        !o.ok())
      return o;
    if (d.shaving > 0.5 && !unknown(rest.in[P_METER]))
      if (const Outcome o = Outcome::check("power at the meter (pu, at most meter_limit)", rest.in[P_METER],
                                           -kInfinity, rest.in[PLIMIT]);
          !o.ok())
        return o;
    x[VOLTAGE] = V;
    x[LOAD_AVERAGE] = rest.in[P_LOAD] * d.per_MW;
    x[IP] = P / V;
    x[IQ] = Q / V;
    x[SOC] = soc;
    const double f_error = set_band(rest.mode[FREQUENCY_BAND], 1 - rest.in[FREQUENCY], d.frequency_band);
    const double v_error = set_band(rest.mode[VOLTAGE_BAND], rest.in[VREF] - V, d.voltage_band);
    rest.in[PREF] = P - d.droop_gain * f_error - d.recentring_gain * (soc - d.soc_target);
    rest.in[QREF] = Q - d.voltage_gain * v_error;
    rest.out[P_BESS] = P;
    rest.out[Q_BESS] = Q;
    rest.out[P_MW] = P * d.device_MW;
    rest.out[STATE_OF_CHARGE] = soc;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    if (happening.kind != Happening::GUARD) return Effect::NONE;
    a.mode[AUTOMATON] = 1 - a.mode[AUTOMATON];
    a.threshold = a.mode[AUTOMATON] == 1 ? d.V_block : d.V_release;
    return Effect::KINK;
  }

 private:
  static Outcome check_settings(const Derived<double>& d) {
    const double whole = round_(d.reactive_first);
    if (d.reactive_first != whole) return {"reactive_priority (0 or 1)", d.reactive_first, whole, whole};
    const double task = round_(d.shaving);
    if (d.shaving != task) return {"shaving (0, 1 or 2)", d.shaving, task, task};
    if (const Outcome o = Outcome::check("soc_max", d.soc_max, d.soc_min, 1); !o.ok()) return o;
    if (const Outcome o = Outcome::check("soc_target", d.soc_target, d.soc_min, d.soc_max); !o.ok()) return o;
    return Outcome::check("soc_initial", d.soc_initial, d.soc_min, d.soc_max);
  }
  static double set_room(int& mode, double room) {
    mode = room > 1 ? 1 : room < 0 ? -1 : 0;
    return room > 1 ? 1 : room < 0 ? 0 : room;
  }
  static double set_band(int& mode, double error, double half_width) {
    mode = error > half_width ? 1 : error < -half_width ? -1 : 0;
    return mode == 0 ? 0 : error - mode * half_width;
  }
};
BALLAST_MODEL(Bess, "BESS");

}  // namespace ballast
