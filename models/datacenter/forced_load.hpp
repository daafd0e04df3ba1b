/// \file
/// Power that is forced to oscillate: square, bi-periodic or triangular.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// Forced oscillation of a load, as PNNL's PSS/E user model LINJBL applies it (Flag3 0, 1, 2):
///
///   square        ┌─────┐     ┌──      low + amplitude for duty T, then low
///                 ┘     └─────┘
///   bi-periodic   ┌┐┌┐┌┐      ┌┐       while the slow wave is high, a fast one of frequency_fast_Hz and
///                 ┘└┘└┘└──────┘        duty_fast falls by amplitude_fast
///   triangular     ╱╲    ╱╲            up for duty T, down for the rest
///                 ╱  ╲  ╱  ╲
///
/// from start_s for `cycles` cycles (inf: for ever), then low for good. It rests at `low`. Edges are ramps of
/// edge_s. With amplitude 0 it is a constant load.
///
/// Source: PNNL, LL-risk-assessment, UDM/README.md (names of CONs X, D, D_Fast, Freq, Fast_Freq, NC, Amp,
/// Amp1; its example A.1 gives Amp1 as the peak-to-peak of the fast component).
///
/// Deviations: P only (LINJBL can oscillate Q); how the load depends on voltage is that of the UPS; LINJBL
/// switches at once.
struct ForcedLoad : PiecewisePower {
  static constexpr const char* title = "Forced oscillation of a load";
  static constexpr const char* source = "PNNL LL-risk-assessment, user model LINJBL (UDM/README.md)";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, HIGH, FAST_LOW, kModes };  ///< 0 resting, 1 oscillating, 2 ended
  enum Held { CYCLE_START = kSourceHeld, HIGH_END, CYCLES, kHeld };
  enum Timer { CORNER, kTimers };
  enum Waveform { SQUARE, BI_PERIODIC, TRIANGULAR };
  static constexpr const char* mode_names[] = {"resting", "oscillating", "ended"};

  static constexpr ParameterInfo parameters[] = {
      {"waveform", "1", within(0, 2), within(0, 2), "0 square, 1 bi-periodic, 2 triangular (Flag3)"},
      {"start_s", "s", not_negative(), anything(), "start (X); inf = never"},
      {"duty", "1", within(0.01, 0.99), within(0.1, 0.9), "share of the period that is high (D)"},
      {"duty_fast", "1", within(0.01, 0.99), within(0.1, 0.9),
       "share of the fast period that is high (D_Fast)"},
      {"frequency_Hz", "Hz", within(1e-4, 100), within(0.05, 30), "frequency (Freq)"},
      {"frequency_fast_Hz", "Hz", within(1e-4, 100), within(0.05, 30), "of the fast component (Fast_Freq)"},
      {"cycles", "1", positive(), anything(), "number of cycles (NC); inf = for ever"},
      {"low", "pu", within(0, 2), within(0, 1), "power at rest and while the wave is low"},
      {"amplitude", "pu", within(0, 2), within(0, 1), "peak to peak (Amp)"},
      {"amplitude_fast", "pu", within(0, 2), within(0, 1), "peak to peak of the fast component (Amp1)"},
      {"edge_s", "s", within(1e-4, 100), within(0.001, 0.25), "ramp of an edge"},
  };

  template <class P>
  struct Derived {
    P waveform, start_s, duty, duty_fast, period, period_fast, cycles, low, amplitude, amplitude_fast, edge_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[0], p[1], p[2], p[3], 1.0 / p[4], 1.0 / p[5], p[6], p[7], p[8], p[9], p[10]};
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    const double whole = round_(d.waveform);
    if (d.waveform != whole) return {"waveform (a whole number)", d.waveform, whole, whole};
    if (const Outcome o = Outcome::check("edge_s", d.edge_s, 0, shortest_phase(d)); !o.ok()) return o;
    if (is(d, BI_PERIODIC))
      if (const Outcome o = Outcome::check("amplitude_fast", d.amplitude_fast, 0, d.low + d.amplitude);
          !o.ok())
        return o;
    if (const Outcome o = rest_at(rest, d.low, "IT power (pu; low)"); !o.ok()) return o;
    rest.timer[CORNER] = d.start_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    if (still_in_phase(a, t, CORNER)) return Effect::KINK;
    if (a.mode[AUTOMATON] == 0) {
      a.mode[AUTOMATON] = 1;
      a.held[CYCLE_START] = t;
      begin_cycle(a, d, t);
      return Effect::KINK;
    }
    if (a.mode[HIGH] == 1 && t < a.held[HIGH_END] - kInstant) {  // a phase of the fast wave is over
      a.mode[FAST_LOW] = 1 - a.mode[FAST_LOW];
      fast_phase(a, d, t);
      return Effect::KINK;
    }
    const double cycle_end = a.held[CYCLE_START] + d.period;
    if (a.mode[HIGH] == 1) {
      a.mode[HIGH] = 0;
      a.mode[FAST_LOW] = 0;
      const double down = is(d, TRIANGULAR) ? cycle_end - t : d.edge_s;
      go_to(a, t, d.low, down, cycle_end, CORNER);
      return Effect::KINK;
    }
    a.held[CYCLES] += 1;
    a.held[CYCLE_START] = cycle_end;
    if (a.held[CYCLES] >= d.cycles) {
      a.mode[AUTOMATON] = 2;
      return Effect::KINK;
    }
    begin_cycle(a, d, t);
    return Effect::KINK;
  }

 private:
  BALLAST_HD static bool is(const Derived<double>& d, Waveform form) {
    return static_cast<int>(d.waveform) == form;
  }
  static constexpr double kInstant = 1e-9;  ///< s; less than this is rounding

  static double shortest_phase(const Derived<double>& d) {
    double shortest = d.period * (d.duty < 0.5 ? d.duty : 1 - d.duty);
    if (is(d, BI_PERIODIC)) {
      const double fast = d.period_fast * (d.duty_fast < 0.5 ? d.duty_fast : 1 - d.duty_fast);
      shortest = fast < shortest ? fast : shortest;
    }
    return shortest;
  }
  BALLAST_HD static void begin_cycle(Automaton& a, const Derived<double>& d, double t) {
    a.mode[HIGH] = 1;
    a.held[HIGH_END] = a.held[CYCLE_START] + d.duty * d.period;
    if (is(d, BI_PERIODIC)) return fast_phase(a, d, t);
    const double up = is(d, TRIANGULAR) ? a.held[HIGH_END] - t : d.edge_s;
    go_to(a, t, d.low + d.amplitude, up, a.held[HIGH_END], CORNER);
  }
  /// The high or low part of the fast wave that begins at t.
  BALLAST_HD static void fast_phase(Automaton& a, const Derived<double>& d, double t) {
    const bool low = a.mode[FAST_LOW] == 1;
    const double end = t + d.period_fast * (low ? 1 - d.duty_fast : d.duty_fast);
    go_to(a, t, d.low + d.amplitude - (low ? d.amplitude_fast : 0), d.edge_s,
          end < a.held[HIGH_END] ? end : a.held[HIGH_END], CORNER);
  }
};
BALLAST_MODEL(ForcedLoad, "FORCED");

}  // namespace ballast
