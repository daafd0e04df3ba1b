/// \file
/// Distributed energy resources behind a bus, as one unit.
#pragma once

#include "models/blocks.hpp"
#include "models/converters/dera1_parameters.hpp"
#include "models/loads/electronic.hpp"

namespace ballast {

/// Aggregated distributed energy resources, WECC/EPRI DER_A, PSS/E DERA1 (user model DERAU1). It stands in a
/// machine's place.
///
///   - f ─ deadband fdbd1..fdbd2 ─ Ddn where negative, Dup where positive ─►(+)
///   Pref - Pm ──────────────────────────────────────────────────────────►(+)─ femin..femax ─┐
///                               ┌ FreqFlag 1 ── Pmin..Pmax, Kpg + Kig/s ◄───────────────────┘
///                        Pref ──┴ FreqFlag 0 ─ 1/(1+s Tpord), rate dPmin..dPmax, Pmin..Pmax ─► P ─ /Vm ─► Ip
///   Qref or tan(phi) Pm (PfFlag 1) ─ /Vm ─ 1/(1+s Tiq) ──────────────────────────────►(+)─► Iq
///   Vref0 - Vm ─ deadband dbd1..dbd2 ─ Kqv ─ Iqll..Iqhl ─────────────────────────────►(+)
///   Ip, Iq ─ Imax, PQFlag 1: Ip first ─ x share/(1+s Tv) ─ 1/(1+s Tg) ─► along and across the voltage
///
/// Vm: V/(1+s Trv), no lower than 0.01 pu in divisions; f: the bus frequency's deviation behind 1/(1+s Trf);
/// Pm: P/(1+s Tp). |Ip| rises no faster than rrpwr. Ip is not negative in a generator (TypeFlag 1).
///
/// The share is that of the resources still connected, a product of two (electronic.hpp) and a trip:
///   low voltage   1 above vl1, 0 below vl0. Vm below vl1 for tvl1 makes it remember: from then on it returns
///                 to the share Vrfrac of what the lowest voltage since then has taken off, for good
///   high voltage  the same with vh1, vh0, tvh1
///   trip          0 for good: Vm below vl0 for tvl0 or above vh0 for tvh0; the frequency below fltrp for tfl
///                 or above fhtrp for tfh, while the voltage is above Vpr
///
/// Source: PowerSimulationsDynamics.jl (trip logic, current limit, Q and Ip with FreqFlag 0, share and output
/// lag), PowerSystems.jl and PowerWorld DGDER_A (meaning of the parameters), InterPSS (order of the record,
/// Pm, FreqFlag 1; there Ddn acts at low frequency, here at high frequency as PowerSystems.jl and REPC_A have
/// it).
///
/// Deviations: Pm measures the order, as in both sources, so that resources which have tripped are not made
/// up for. The memory starts at the voltage at the end of tvl1, exactly, and follows a deeper one with 10 ms.
/// A timer drops out 0.001 pu of voltage, 0.0001 pu of frequency inside its setting. dPmin..dPmax limit the
/// rate of the lag Tpord, as in REEC_B. Limits are kinks, not modes (models/blocks.hpp); below 0.2 pu the
/// current falls with the voltage, as in REGCA1; thresholds of one side less than 0.001 pu apart are spread
/// over it. There is no source reactance Xe, as in the record: the unit is a source of current.
struct Dera1 : Dera1Parameters {
  static constexpr const char* title = "Aggregated distributed energy resources (DER_A)";
  static constexpr const char* source =
      "WECC DER_A, PSS/E DERA1 as PowerSimulationsDynamics.jl, PowerSystems.jl, InterPSS and PowerWorld "
      "describe it";
  static constexpr const char* validated = "";
  static constexpr Role role = Role::MACHINE;

  enum State {
    VOLTAGE,
    FREQUENCY_FILTER,
    POWER,
    POWER_INTEGRAL,
    ORDER,
    REACTIVE_LAG,
    SHARE,
    IP,
    IQ,
    LOWEST,
    HIGHEST,
    kStates
  };
  enum Input { VR, VI, FREQUENCY, PREF, QREF, PF_TAN, VREF0, kInputs };
  enum Output { IR, II, PE, QE, VT, CONNECTED, kOutputs };
  /// What trips: in part, in whole, on each side of the voltage; by frequency.
  enum Trip { LOW, VERY_LOW, HIGH, VERY_HIGH, UNDERFREQUENCY, OVERFREQUENCY, kTrips };
  enum Mode { AUTOMATON = kLimits, TRIP, kModes = TRIP + kTrips };  ///< an Operation; of each trip a Stage
  enum Operation { ALL, PART, NONE_LEFT };
  enum Stage { WATCHING, PICKED_UP, ACTED };
  enum Held { PICKUP, kHeld = PICKUP + kTrips };  ///< s
  enum Timer { DELAY, kTimers = DELAY + kTrips };
  enum Threshold { FIRST = 2 * kLimits, kGuards = FIRST + kTrips };
  static constexpr const char* mode_names[] = {"connected", "tripped in part", "tripped"};
  static constexpr ThresholdInfo thresholds[] = {
      {"filtered terminal voltage", "pu"}, {"filtered terminal voltage", "pu"},
      {"filtered terminal voltage", "pu"}, {"filtered terminal voltage", "pu"},
      {"filtered frequency", "Hz"},        {"filtered frequency", "Hz"}};
  static constexpr StateInfo states[] = {{"voltage_filter", "pu"},
                                         {"frequency_filter", "pu", StateKind::DEVIATION},
                                         {"power_filter", "pu"},
                                         {"power_integral", "pu"},
                                         {"power_order", "pu"},
                                         {"reactive_current_lag", "pu"},
                                         {"share", "1"},
                                         {"Ip", "pu"},
                                         {"Iq", "pu"},
                                         {"Vmin", "pu"},
                                         {"Vmax", "pu"}};
  static constexpr InputInfo inputs[] = {
      {"Vr", "pu"},
      {"Vi", "pu"},
      {"frequency", "pu", Unwired::HELD},  ///< 1 where nothing measures it
      {"Pref", "pu", Unwired::HELD},
      {"Qref", "pu", Unwired::HELD},
      {"pf_tan", "1", Unwired::HELD},  ///< Q/P of PfFlag = 1
      {"Vref0", "pu", Unwired::HELD},
  };
  static constexpr OutputInfo outputs[] = {
      {"Ir", "pu", "current injected, system base"},
      {"Ii", "pu", "current injected, system base"},
      {"Pe", "pu", "active power, device base"},
      {"Qe", "pu", "reactive power delivered, device base"},
      {"Vt", "pu", "terminal voltage"},
      {"connected", "1", "share of the resources that is connected"},
  };

  template <class P>
  struct Derived {
    P PfFlag, FreqFlag, PQFlag, VtripFlag, FtripFlag;
    Lag<P> voltage, frequency, power, reactive, share;  ///< Trv, Trf, Tp, Tiq, Tv
    P dbd1, dbd2, Kqv, Vref0, Iqhl, Iqll;
    P Ddn, Dup, fdbd1, fdbd2, femax, femin, Kpg, Kig;
    P Pmax, Pmin, dPmax, dPmin, per_Tpord;
    P Imax, charging;              ///< charging: share of the active current's limit that may be drawn
    ElectronicShare<P> low, high;  ///< high: of the negative voltage
    P threshold[kTrips];           ///< pu; of frequency its deviation
    P delay[kTrips];               ///< s
    P per_Tg, rrpwr, Vpr;
    P frequency_Hz;
    P to_system;  ///< device base to system base
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings& ratings) {
    const P per_Hz = P(1.0 / ratings.frequency_Hz);
    const auto cease = [&](const P& begins, const P& all) {
      return make_electronic_share<P>(begins, min_(all, P(begins - kSteepest)), p[VRFRAC]);
    };
    return {p[PFFLAG],
            p[FREQFLAG],
            p[PQFLAG],
            p[VTRIPFLAG],
            p[FTRIPFLAG],
            make_lag<P>(p[TRV]),
            make_lag<P>(p[TRF]),
            make_lag<P>(p[TP]),
            make_lag<P>(p[TIQ]),
            make_lag<P>(p[TV]),
            p[DBD1],
            p[DBD2],
            p[KQV],
            p[VREF0_GIVEN],
            p[IQHL],
            p[IQLL],
            p[DDN],
            p[DUP],
            p[FDBD1],
            p[FDBD2],
            p[FEMAX],
            p[FEMIN],
            p[KPG],
            select_(p[FREQFLAG] > 0.5, p[KIG], P(0.0)),  // an idle control does not wind up
            p[PMAX],
            p[PMIN],
            p[DPMAX],
            p[DPMIN],
            1.0 / p[TPORD],
            p[IMAX],
            select_(p[TYPEFLAG] > 0.5, P(0.0), P(1.0)),
            cease(p[VL1], p[VL0]),
            cease(P(-p[VH1]), P(-p[VH0])),
            {p[VL1], p[VL0], p[VH1], p[VH0], p[FLTRP] * per_Hz - 1.0, p[FHTRP] * per_Hz - 1.0},
            {p[TVL1], p[TVL0], p[TVH1], p[TVH0], p[TFL], p[TFH]},
            1.0 / p[TG],
            p[RRPWR],
            p[VPR],
            P(ratings.frequency_Hz),
            P(ratings.device_MVA / ratings.system_MVA)};
  }

  template <class T, class P>
  BALLAST_HD static void equations(const T* x, const T* in, const Derived<P>& d, const Context<T, P>& context,
                                   T* dxdt, T* out) {
    const T V = magnitude_(in[VR], in[VI]);
    const T Vm = lag(d.voltage, x[VOLTAGE], V, dxdt[VOLTAGE]);
    const T f = lag(d.frequency, x[FREQUENCY_FILTER], T(in[FREQUENCY] - 1.0), dxdt[FREQUENCY_FILTER]);
    const T Pm = lag(d.power, x[POWER], x[ORDER], dxdt[POWER]);
    const T per_V = 1.0 / max_(Vm, T(kLowestDivisor));

    // Power order
    const T error = clamp_(T(in[PREF] + droop(d, f) - Pm), d.femin, d.femax);
    dxdt[POWER_INTEGRAL] = within_limits(x[POWER_INTEGRAL], T(d.Kig * error), d.Pmin, d.Pmax, kPull);
    const T controlled = clamp_(T(d.Kpg * error + x[POWER_INTEGRAL]), d.Pmin, d.Pmax);
    const T wanted = select_(d.FreqFlag > 0.5, controlled, in[PREF]);
    const T order_rate = clamp_(T((wanted - x[ORDER]) * d.per_Tpord), d.dPmin, d.dPmax);
    dxdt[ORDER] = within_limits(x[ORDER], order_rate, d.Pmin, d.Pmax, kPull);

    // Currents wanted, and their limit: the one with priority first
    const T Ip_wanted = x[ORDER] * per_V;
    const T Qref = select_(d.PfFlag > 0.5, T(Pm * in[PF_TAN]), in[QREF]);
    const T Iq_wanted =
        lag(d.reactive, x[REACTIVE_LAG], T(Qref * per_V), dxdt[REACTIVE_LAG]) + support(d, in[VREF0], Vm);
    const auto active_first = d.PQFlag > 0.5;
    const T Ip_first = clamp_(Ip_wanted, T(-d.charging * d.Imax), T(d.Imax));
    const T Iqmax = select_(active_first, rest_of(d, Ip_first), T(d.Imax));
    const T Iq = clamp_(Iq_wanted, T(-Iqmax), Iqmax);
    const T Ipmax = select_(active_first, T(d.Imax), rest_of(d, Iq));
    const T Ip = clamp_(Ip_wanted, T(-d.charging * Ipmax), Ipmax);

    // Share that is connected
    const auto tripped = context.mode[AUTOMATON] == NONE_LEFT;
    const auto* const stage = context.mode + TRIP;
    T falls, rises;
    const T low = electronic_share(d.low, Vm, x[LOWEST], falls);
    const T high = electronic_share(d.high, T(-Vm), T(-x[HIGHEST]), rises);
    dxdt[LOWEST] = select_(stage[LOW] == ACTED, falls, T(0.0));
    dxdt[HIGHEST] = select_(stage[HIGH] == ACTED, T(-rises), T(0.0));
    const T by_voltage = select_(d.VtripFlag > 0.5, T(low * high), T(1.0));
    const T left = select_(tripped, T(0.0), by_voltage);
    const T share = lag(d.share, x[SHARE], left, dxdt[SHARE]);

    // Output; back towards zero the active current may move as it likes
    const T rise = d.rrpwr + max_(T(-x[IP]), 0.0) * d.per_Tg;
    const T fall = d.rrpwr + max_(x[IP], T(0.0)) * d.per_Tg;
    dxdt[IP] = clamp_(T((Ip * share - x[IP]) * d.per_Tg), T(-fall), rise);
    dxdt[IQ] = (Iq * share - x[IQ]) * d.per_Tg;
    const T per_direction = 1.0 / max_(V, T(kLowestVoltage));
    const T ir = (x[IP] * in[VR] + x[IQ] * in[VI]) * per_direction;
    const T ii = (x[IP] * in[VI] - x[IQ] * in[VR]) * per_direction;
    out[IR] = ir * d.to_system;
    out[II] = ii * d.to_system;
    out[PE] = in[VR] * ir + in[VI] * ii;
    out[QE] = in[VI] * ir - in[VR] * ii;
    out[VT] = V;
    out[CONNECTED] = share;

    // Trips: how far beyond a setting, or back inside it
    const T alive = V - d.Vpr;
    for (int k = 0; k < kTrips; ++k) {
      const bool of_voltage = k < UNDERFREQUENCY;
      const T above = (of_voltage ? Vm : f) - d.threshold[k];
      const T over = k == HIGH || k == VERY_HIGH || k == OVERFREQUENCY ? above : T(-above);
      const T beyond = of_voltage ? over : T(min_(over, alive));
      const T inside = of_voltage ? T(-over - kHysteresis)
                                  : T(max_(T(-over - kFrequencyHysteresis), T(-alive - kHysteresis)));
      const T armed = select_(stage[k] == PICKED_UP, inside, select_(stage[k] == ACTED, T(-1.0), beyond));
      const T enabled = select_((of_voltage ? d.VtripFlag : d.FtripFlag) > 0.5, armed, T(-1.0));
      context.guard[FIRST + k] = select_(tripped, T(-1.0), enabled);
    }
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double* x) {
    const double Vr = rest.in[VR];
    const double Vi = rest.in[VI];
    const double V = magnitude_(Vr, Vi);
    const auto unknown = [](double v) { return !(v == v); };
    if (const Outcome o = Outcome::check("terminal voltage (pu, a converter needs a voltage to follow)", V,
                                         kLowestVoltage, kInfinity);
        !o.ok())
      return o;
    const double P = (Vr * rest.out[IR] + Vi * rest.out[II]) / d.to_system;
    const double Q = (Vi * rest.out[IR] - Vr * rest.out[II]) / d.to_system;
    if (unknown(rest.in[FREQUENCY])) rest.in[FREQUENCY] = 1;
    if (unknown(rest.in[VREF0])) rest.in[VREF0] = d.Vref0 != 0 ? d.Vref0 : V;
    const double f = rest.in[FREQUENCY] - 1;
    const double Qref = Q - V * support(d, rest.in[VREF0], V);
    x[VOLTAGE] = V;
    x[FREQUENCY_FILTER] = f;
    x[POWER] = P;
    x[POWER_INTEGRAL] = P;
    x[ORDER] = P;
    x[REACTIVE_LAG] = Qref / V;
    x[SHARE] = 1;
    x[IP] = P / V;
    x[IQ] = Q / V;
    x[LOWEST] = d.low.Vd1;
    x[HIGHEST] = -d.high.Vd1;
    rest.in[PREF] = P - (d.FreqFlag > 0.5 ? droop(d, f) : 0);
    rest.in[QREF] = Qref;
    rest.in[PF_TAN] = P != 0 ? Qref / P : 0;
    rest.out[PE] = P;
    rest.out[QE] = Q;
    rest.out[VT] = V;
    rest.out[CONNECTED] = 1;
    if (d.PfFlag > 0.5 && Qref != 0 && P < 1e-6 && P > -1e-6)
      return {"active power (pu, PfFlag = 1 makes reactive power from it)", P, 1e-6, kInfinity};
    if (d.charging < 0.5)
      if (const Outcome o = Outcome::check("active power (pu, a generator gives it)", P, 0, kInfinity);
          !o.ok())
        return o;
    if (const Outcome o = Outcome::check("power order (pu, Pmin..Pmax)", P, d.Pmin, d.Pmax, {PMIN}, {PMAX});
        !o.ok())
      return o;
    if (const Outcome o =
            Outcome::check("current (pu, up to Imax)", magnitude_(P, Q) / V, 0, d.Imax, {}, {IMAX});
        !o.ok())
      return o;
    if (d.VtripFlag > 0.5)
      if (const Outcome o = Outcome::check("terminal voltage (pu, vl1..vh1)", V, d.threshold[LOW],
                                           d.threshold[HIGH], {VL1}, {VH1});
          !o.ok())
        return o;
    if (d.FtripFlag < 0.5) return Outcome::fine();
    return Outcome::check("frequency (Hz, fltrp..fhtrp)", (1 + f) * d.frequency_Hz,
                          (1 + d.threshold[UNDERFREQUENCY]) * d.frequency_Hz,
                          (1 + d.threshold[OVERFREQUENCY]) * d.frequency_Hz, {FLTRP}, {FHTRP});
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    const bool crossed = happening.kind == Happening::GUARD;
    const int trip = happening.index - (crossed ? static_cast<int>(FIRST) : static_cast<int>(DELAY));
    const double Vm = d.voltage.direct > 0.5 ? magnitude_(a.in[VR], a.in[VI]) : a.x[VOLTAGE];
    tell(a, d, trip, Vm);
    int& stage = a.mode[TRIP + trip];
    if (crossed) {
      stage = stage == WATCHING ? PICKED_UP : WATCHING;
      a.held[PICKUP + trip] = t;
      a.timer[DELAY + trip] = stage == PICKED_UP ? t + d.delay[trip] : kNever;
      return Effect::NONE;
    }
    stage = ACTED;
    a.pickup_time = a.held[PICKUP + trip];
    if (trip == LOW || trip == HIGH) {
      a.mode[AUTOMATON] = PART;
      if (trip == LOW) a.x[LOWEST] = clamp_(Vm, d.low.Vd2, d.low.Vd1);
      if (trip == HIGH) a.x[HIGHEST] = clamp_(Vm, -d.high.Vd1, -d.high.Vd2);
      return Effect::KINK;
    }
    a.mode[AUTOMATON] = NONE_LEFT;
    for (int k = 0; k < kTrips; ++k) a.timer[DELAY + k] = kNever;
    return Effect::KINK;
  }

 private:
  /// Change of the power order by frequency.
  template <class T, class P>
  BALLAST_HD static T droop(const Derived<P>& d, const T& f) {
    const T error = excess(T(-f), d.fdbd1, d.fdbd2);
    return d.Ddn * min_(error, T(0.0)) + d.Dup * max_(error, T(0.0));
  }
  /// Reactive current asked for by the voltage support.
  template <class T, class P>
  BALLAST_HD static T support(const Derived<P>& d, const T& Vref0, const T& Vm) {
    return clamp_(T(d.Kqv * excess(T(Vref0 - Vm), d.dbd1, d.dbd2)), d.Iqll, d.Iqhl);
  }
  /// What the other current leaves of Imax; at Imax itself the root keeps a derivative (off by 1e-6 at most).
  template <class T, class P>
  BALLAST_HD static T rest_of(const Derived<P>& d, const T& current) {
    return sqrt_(max_(T(d.Imax * d.Imax - current * current), T(0.0)) + 1e-12);
  }
  /// For the event log.
  BALLAST_HD static void tell(Automaton& a, const Derived<double>& d, int trip, double Vm) {
    const bool by_voltage = trip < UNDERFREQUENCY;
    const double f = d.frequency.direct > 0.5 ? a.in[FREQUENCY] - 1 : a.x[FREQUENCY_FILTER];
    a.guard = FIRST + trip;
    a.threshold = by_voltage ? d.threshold[trip] : (1 + d.threshold[trip]) * d.frequency_Hz;
    a.value = by_voltage ? Vm : (1 + f) * d.frequency_Hz;
  }

  static constexpr double kPull = 200;                  ///< 1/s
  static constexpr double kLowestVoltage = 0.2;         ///< pu, below it the current falls with the voltage
  static constexpr double kLowestDivisor = 0.01;        ///< pu
  static constexpr double kSteepest = 1e-3;             ///< pu, from the first to the last that ceases
  static constexpr double kHysteresis = 1e-3;           ///< pu
  static constexpr double kFrequencyHysteresis = 1e-4;  ///< pu
};
BALLAST_MODEL(Dera1, "DERA1");

}  // namespace ballast
