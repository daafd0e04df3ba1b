/// \file
/// Power as it was measured.
#pragma once

#include "models/datacenter/piecewise_power.hpp"

namespace ballast {

/// A measured trace, joined by straight lines: P_it = offset + scale p(t - start_s + shift_s).
///
/// The samples are the part's table: time (s, ascending, the first 0) and power in turn. With repeat = 1 the
/// trace is tiled: its first sample follows its last after the mean distance of samples. Otherwise the last
/// power stays. It rests at the power of shift_s until start_s. Power below 0 is cut.
///
/// Source: the file that the case names.
///
/// Deviations: every sample is a corner at which the integrator stops: 10 ms apart are good, 1 ms are slow.
struct TraceLoad : PiecewisePower {
  static constexpr const char* title = "Measured trace of IT power";
  static constexpr const char* source = "the file that the case names";
  static constexpr const char* validated = "";

  enum Mode { AUTOMATON = kLimits, kModes };        ///< 0 resting, 1 playing, 2 ended
  enum Held { ORIGIN = kSourceHeld, NEXT, kHeld };  ///< time of sample 0 of this tile; sample to come
  enum Timer { CORNER, kTimers };
  static constexpr const char* mode_names[] = {"resting", "playing", "ended"};

  static constexpr ParameterInfo parameters[] = {
      {"scale", "1", anything(), anything(), "pu of the IT rating per unit of the trace"},
      {"offset", "pu", anything(), within(-1, 1), "added to it"},
      {"shift_s", "s", not_negative(), anything(), "time in the trace at start_s"},
      {"repeat", "1", within(0, 1), within(0, 1), "1 = tiled"},
      {"start_s", "s", not_negative(), anything(), "it begins to play; inf = never"},
  };

  template <class P>
  struct Derived {
    P scale, offset, shift_s, repeat, start_s;
  };
  template <class P>
  static Derived<P> derive(const P* p, const Ratings&) {
    return {p[0], p[1], p[2], p[3], p[4]};
  }

  /// Length of one tile, s.
  BALLAST_HD static double tile_s(std::span<const double> table) {
    const auto n = static_cast<double>(table.size() / 2);
    return table[table.size() - 2] * n / (n - 1);
  }
  /// Power at rest, pu.
  static double rest_power(const Derived<double>& d, std::span<const double> table) {
    const Spot p = spot_of(d, table);
    const double w = (p.time - p.from) / (p.to - p.from);
    return power(d, table, p.next - 1) * (1 - w) + power(d, table, p.next % (table.size() / 2)) * w;
  }

  static Outcome initialise(Rest& rest, const Derived<double>& d, double*) {
    const double samples = static_cast<double>(rest.table.size() / 2);
    if (const Outcome o = Outcome::check("samples of the trace", samples, 2, kInfinity); !o.ok()) return o;
    const double end = rest.table[rest.table.size() - 2];
    if (d.repeat < 0.5)
      if (const Outcome o = Outcome::check("shift_s (of the trace)", d.shift_s, 0, end); !o.ok()) return o;
    if (const Outcome o = rest_at(rest, rest_power(d, rest.table), "IT power (pu; the trace's)"); !o.ok())
      return o;
    const Spot p = spot_of(d, rest.table);
    rest.held[ORIGIN] = d.start_s - p.time;
    rest.held[NEXT] = static_cast<double>(p.next);
    rest.timer[CORNER] = d.start_s;
    return Outcome::fine();
  }

  BALLAST_HD static Effect advance(const Happening& happening, Automaton& a, const Derived<double>& d) {
    const double t = happening.time;
    const std::size_t samples = a.table.size() / 2;
    auto next = static_cast<std::size_t>(a.held[NEXT]);
    arrive(a, t);
    if (samples < 2) return Effect::NONE;
    a.mode[AUTOMATON] = 1;
    if (next >= samples) {
      if (d.repeat < 0.5) {
        a.mode[AUTOMATON] = 2;
        return Effect::KINK;
      }
      next = 0;
      a.held[ORIGIN] += tile_s(a.table);
    }
    const double at = a.held[ORIGIN] + a.table[2 * next];
    a.held[NEXT] = static_cast<double>(next + 1);
    a.timer[CORNER] = draw_line(a, t, power(d, a.table, next), at - t);
    return Effect::KINK;
  }

 private:
  /// Where a time lies: between samples next - 1 and next (the first of the next tile is next = samples).
  struct Spot {
    double time, from, to;
    std::size_t next;
  };
  static Spot spot_of(const Derived<double>& d, std::span<const double> table) {
    const std::size_t samples = table.size() / 2;
    const double tile = tile_s(table);
    double time = d.shift_s;
    if (d.repeat > 0.5) time -= tile * static_cast<double>(static_cast<long long>(time / tile));
    std::size_t next = 1;
    while (next < samples && table[2 * next] <= time) ++next;
    if (next == samples && d.repeat < 0.5) return {time, time, time + 1, samples};
    return {time, table[2 * (next - 1)], next < samples ? table[2 * next] : tile, next};
  }
  BALLAST_HD static double power(const Derived<double>& d, std::span<const double> table, std::size_t i) {
    const double p = d.offset + d.scale * table[2 * i + 1];
    return p > 0 ? p : 0;
  }
};
BALLAST_MODEL(TraceLoad, "TRACE");

}  // namespace ballast
