/// \file
/// Demand response of a data center: tiers of IT load that are curtailed in order and come back in steps.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// Four tiers of IT load, the first to be curtailed first (free use, contracted interfaces, paid products,
/// ...); what no tier holds always runs.
///
///   P_it = P_req kept,   kept ──► 1 - sum of the shares of the tiers that are off, at ramp_down or ramp_up
///
/// Tiers that are off: as many as `order` asks for (a command), or as frequency and voltage have taken, the
/// larger of the two. Below f_k or V_k (the next tier's) for delay_s tier k goes; above f_return and
/// V_return for return_s one tier comes back, and so on: reconnection in steps, each limited by ramp_up.
///
/// Source: tiers by product as in public statements on priorities when compute is short; all settings are
/// the site's own, docs/datacenter-models.md.
///
/// Deviations: a tier is a share of whatever the job asks for; the job does not know that it is curtailed.
struct Curtailment : ModelDefaults {
  static constexpr const char* title = "Demand-response tiers of a data center";
  static constexpr const char* source = "own logic, docs/datacenter-models.md";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::DATACENTER;

  static constexpr int kTiers = 4;
  enum State { kStates };
  enum Input { VR, VI, FREQUENCY, P_REQ, TIME, ORDER, kInputs };
  enum Output { P_IT, KEPT, TIERS_OFF, kOutputs };
  enum Mode {
    AUTOMATON = kLimits,  ///< tiers off, 0 to kTiers
    ORDERED,              ///< of them by command
    TAKEN,                ///< of them by frequency or voltage
    PICKED_UP,            ///< 1 below the levels of the next tier
    RETURNING,            ///< 1 above the levels of return
    kModes
  };
  enum Held { RAMP_VALUE, RAMP_SLOPE, RAMP_START, RAMP_END, kHeld };  ///< kept: value + slope (t - start)
  enum Timer { RAMP, RELAY, RETURN, kTimers };
  enum Threshold { COMMAND, SHORT, GOOD, kGuards };
  enum Parameter {
    SHARE,
    LEAST_F = SHARE + kTiers,
    LEAST_V = LEAST_F + kTiers,
    DELAY_S = LEAST_V + kTiers,
    F_RETURN,
    V_RETURN,
    RETURN_S,
    RAMP_DOWN,
    RAMP_UP,
    kParameters
  };
  static constexpr double kHysteresis = 1e-4;  ///< pu of frequency, and of voltage times ten

  static constexpr InputInfo inputs[] = {{"Vr", "pu"},    {"Vi", "pu"},  {"frequency", "pu", Unwired::HELD},
                                         {"P_req", "pu"}, {"time", "s"}, {"order", "1", Unwired::ZERO}};
  static constexpr OutputInfo outputs[] = {{"P_it", "pu", "power of the IT load, of its rating"},
                                           {"kept", "1", "share of the IT load that is not curtailed"},
                                           {"tiers_off", "1", "tiers that are curtailed"}};
  static constexpr ThresholdInfo thresholds[] = {
      {"tiers ordered off", "1"}, {"frequency or voltage", "pu"}, {"frequency or voltage", "pu"}};
  static constexpr const char* mode_names[] = {"all served", "tier 1 off", "tiers 1 to 2 off",
                                               "tiers 1 to 3 off", "tiers 1 to 4 off"};

  static constexpr ParameterInfo parameters[] = {
      {"share_1", "1", within(0, 1), anything(), "of the IT load, curtailed first"},
      {"share_2", "1", within(0, 1), anything(), "of the IT load, curtailed second"},
      {"share_3", "1", within(0, 1), anything(), "of the IT load, curtailed third"},
      {"share_4", "1", within(0, 1), anything(), "of the IT load, curtailed last"},
      {"f_1", "Hz", not_negative(), anything(), "frequency below which tier 1 goes; 0 = it does not matter"},
      {"f_2", "Hz", not_negative(), anything(), "frequency below which tier 2 goes; 0 = it does not matter"},
      {"f_3", "Hz", not_negative(), anything(), "frequency below which tier 3 goes; 0 = it does not matter"},
      {"f_4", "Hz", not_negative(), anything(), "frequency below which tier 4 goes; 0 = it does not matter"},
      {"V_1", "pu", within(0, 1), anything(), "voltage below which tier 1 goes; 0 = it does not matter"},
      {"V_2", "pu", within(0, 1), anything(), "voltage below which tier 2 goes; 0 = it does not matter"},
      {"V_3", "pu", within(0, 1), anything(), "voltage below which tier 3 goes; 0 = it does not matter"},
      {"V_4", "pu", within(0, 1), anything(), "voltage below which tier 4 goes; 0 = it does not matter"},
      {"delay_s", "s", not_negative(), within(0.05, 60), "below these levels before a tier goes"},
      {"f_return", "Hz", not_negative(), anything(), "frequency from which tiers come back"},
      {"V_return", "pu", within(0, 1.2), within(0.8, 1), "voltage from which tiers come back"},
      {"return_s", "s", not_negative(), anything(),
       "above both before each tier comes back; inf = by command only"},
      {"ramp_down", "pu/s", positive(), within(0.001, 10), "fastest fall of the IT load"},
      {"ramp_up", "pu/s", positive(), within(1e-5, 1), "fastest rise when tiers come back"},
  };

  template <class P>
  struct Derived {
    P kept[kTiers + 1];  ///< with so many tiers off
    P least_f[kTiers], least_V[kTiers];
    P delay_s, f_return, V_return, return_s, ramp_down, ramp_up;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    Derived<P> d;
    d.kept[0] = P(1.0);
    for (int k = 0; k < kTiers; ++k) {
      d.kept[k + 1] = d.kept[k] - p[SHARE + k];
      d.least_f[k] = p[LEAST_F + k] / ratings.frequency_Hz;
      d.least_V[k] = p[LEAST_V + k];
    }
    d.delay_s = p[DELAY_S];
    d.f_return = p[F_RETURN] / ratings.frequency_Hz;
    d.V_return = p[V_RETURN];
    d.return_s = p[RETURN_S];
    d.ramp_down = p[RAMP_DOWN];
    d.ramp_up = p[RAMP_UP];
    return d;
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T*, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T*, T* out) {
    const T kept =
        (in[TIME] - context.held[RAMP_START]) * context.held[RAMP_SLOPE] + context.held[RAMP_VALUE];
    out[P_IT] = in[P_REQ] * kept;
    out[KEPT] = kept;
    T off(0.0);
    for (int k = 1; k <= kTiers; ++k) off = select_(context.mode[AUTOMATON] == k, T(double(k)), off);
    out[TIERS_OFF] = off;

    T ordered(0.0);
    T least_f(0.0);
    T least_V(0.0);
    const auto taken = context.mode[TAKEN];
    for (int k = 0; k < kTiers; ++k) {
      ordered = select_(context.mode[ORDERED] == k + 1, T(double(k + 1)), ordered);
      least_f = select_(taken == k, T(d.least_f[k]), least_f);
      least_V = select_(taken == k, T(d.least_V[k]), least_V);
    }
    context.guard[COMMAND] = abs_(in[ORDER] - ordered) - 0.5;
    const T V = magnitude_(in[VR], in[VI]);
    const T f = in[FREQUENCY];
    // Voltage counts a tenth: both hystereses are usual ones then.
    const T missing = max_(T(least_f - f), T((least_V - V) * 0.1));
    context.guard[SHORT] = select_(context.mode[PICKED_UP] == 1, -missing - kHysteresis, missing);
    const T spare = min_(T(f - d.f_return), T((V - d.V_return) * 0.1));
    context.guard[GOOD] =
        select_(taken == 0, T(-1.0), select_(context.mode[RETURNING] == 1, -spare - kHysteresis, spare));
  }

  /// Rests with all tiers served.
  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    if (const Outcome o = Outcome::check("share of all tiers", 1 - d.kept[kTiers], 0, 1); !o.ok()) return o;
    if (!(rest.in[FREQUENCY] == rest.in[FREQUENCY])) rest.in[FREQUENCY] = 1;
    if (const Outcome o =
            Outcome::check("frequency (pu; above f_1)", rest.in[FREQUENCY], d.least_f[0], kInfinity);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("bus voltage (above V_1)", magnitude_(rest.in[VR], rest.in[VI]),
                                         d.least_V[0], kInfinity);
        !o.ok())
      return o;
    for (int k = 1; k < kTiers; ++k) {
      if (const Outcome o = Outcome::check("f of a tier (pu; not above that of the tier before)",
                                           d.least_f[k], 0, d.least_f[k - 1]);
          !o.ok())
        return o;
      if (const Outcome o = Outcome::check("V of a tier (not above that of the tier before)", d.least_V[k], 0,
                                           d.least_V[k - 1]);
          !o.ok())
        return o;
    }
    if (const Outcome o = Outcome::check("f_return (pu; above f_1)", d.f_return, d.least_f[0], kInfinity);
        !o.ok())
      return o;
    if (const Outcome o = Outcome::check("V_return (above V_1)", d.V_return, d.least_V[0], kInfinity);
        !o.ok())
      return o;
    const double P_req = rest.in[P_REQ];
    if (rest.out[P_IT] == rest.out[P_IT])
      if (const Outcome o = Outcome::check("IT power (pu; as asked for)", rest.out[P_IT], P_req, P_req);
          !o.ok())
        return o;
    rest.held[RAMP_VALUE] = rest.held[RAMP_END] = 1;
    rest.out[P_IT] = P_req;
    rest.out[KEPT] = 1;
    rest.out[TIERS_OFF] = 0;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (happening.kind == Happening::GUARD) {
      if (happening.index == COMMAND) {
        const double order = round_(a.in[ORDER]);
        a.mode[ORDERED] = static_cast<int>(order < 0 ? 0 : order > kTiers ? kTiers : order);
        return aim(a, d, t);
      }
      const bool is_short = happening.index == SHORT;
      int& now = a.mode[is_short ? PICKED_UP : RETURNING];
      now = 1 - now;
      a.timer[is_short ? RELAY : RETURN] = now == 1 ? t + (is_short ? d.delay_s : d.return_s) : kNever;
      return Effect::NONE;
    }
    if (happening.index == RAMP) {
      ramp(a, t, a.held[RAMP_END], 0);
      return Effect::KINK;
    }
    const bool down = happening.index == RELAY;
    a.pickup_time = t - (down ? d.delay_s : d.return_s);
    if (down) {
      ++a.mode[TAKEN];
      a.mode[PICKED_UP] = a.mode[RETURNING] = 0;
      a.timer[RETURN] = kNever;
    } else {
      --a.mode[TAKEN];
      a.timer[RETURN] = a.mode[TAKEN] > 0 ? t + d.return_s : kNever;
      if (a.mode[TAKEN] == 0) a.mode[RETURNING] = 0;
    }
    return aim(a, d, t);
  }

 private:
  /// Sets out for the share that is kept now.
  BALLAST_HD static Effect aim(Automaton& a, const Derived<double>& d, double t) {
    a.mode[AUTOMATON] = a.mode[ORDERED] > a.mode[TAKEN] ? a.mode[ORDERED] : a.mode[TAKEN];
    const double now = a.held[RAMP_VALUE] + a.held[RAMP_SLOPE] * (t - a.held[RAMP_START]);
    const double end = d.kept[a.mode[AUTOMATON]];
    a.held[RAMP_END] = end;
    if (end == now) return Effect::NONE;
    const double rate = end > now ? d.ramp_up : -d.ramp_down;
    ramp(a, t, now, rate);
    a.timer[RAMP] = t + (end - now) / rate;
    return Effect::KINK;
  }
  BALLAST_HD static void ramp(Automaton& a, double t, double value, double slope) {
    a.held[RAMP_START] = t;
    a.held[RAMP_VALUE] = value;
    a.held[RAMP_SLOPE] = slope;
  }
};
BALLAST_MODEL(Curtailment, "CURTAIL");

}  // namespace ballast
