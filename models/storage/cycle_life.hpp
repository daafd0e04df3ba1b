/// \file
/// How long a battery lasts at what it does: rainflow cycles of its state of charge against a declared curve
/// of cycle life.
///
///     const std::vector<RainflowCycle> cycles = rainflow(soc);
///     const CycleLife life = cycle_life(cycles, duration_s, curve);      // life.years
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ballast {

/// A cycle of a series: its range, its mean, and 1 or 1/2 of it.
struct RainflowCycle {
  double range = 0, mean = 0, count = 0;
};

/// ASTM E1049-85 (2017), 5.4.4: rainflow counting. Ranges of `least` and below are no reversals. The cycles
/// come in the order in which they close; what is left at the end counts half.
[[nodiscard]] inline std::vector<RainflowCycle> rainflow(std::span<const double> series, double least = 0) {
  std::vector<double> reversals;
  for (const double value : series) {
    const std::size_t n = reversals.size();
    if (n > 0 && std::abs(value - reversals.back()) <= least) continue;
    const bool goes_on = n > 1 && (value - reversals[n - 1]) * (reversals[n - 1] - reversals[n - 2]) > 0;
    if (goes_on)
      reversals.back() = value;
    else
      reversals.push_back(value);
  }
  std::vector<RainflowCycle> cycles;
  const auto add = [&](double a, double b, double count) {
    cycles.push_back({std::abs(b - a), 0.5 * (a + b), count});
  };
  std::vector<double> open;  // reversals that no cycle has taken yet; the first is the standard's S
  for (const double reversal : reversals) {
    open.push_back(reversal);
    while (open.size() >= 3) {
      const std::size_t n = open.size();
      const double X = std::abs(open[n - 1] - open[n - 2]), Y = std::abs(open[n - 2] - open[n - 3]);
      if (X < Y) break;
      add(open[n - 3], open[n - 2], n == 3 ? 0.5 : 1);
      if (n == 3)
        open.erase(open.begin());
      else
        open.erase(open.end() - 3, open.end() - 1);
    }
  }
  for (std::size_t k = 1; k < open.size(); ++k) add(open[k - 1], open[k], 0.5);
  return cycles;
}

/// Cycles to the end of life: `cycles` of depth 1, cycles / depth^exponent of a smaller one; and never longer
/// than the calendar. Exponent 1: the throughput alone counts.
struct LifeCurve {
  double cycles = 0;          ///< of full depth
  double exponent = 1;        ///< of the depth
  double calendar_years = 0;  ///< whatever it does
};

struct CycleLife {
  double full_cycles = 0;  ///< sum of count x range: equivalent full cycles
  double deepest = 0;      ///< largest range
  double wear = 0;         ///< share of the cycle life that was used (Miner's sum)
  double cycle_years = 0;  ///< if it goes on like this: infinite without any cycle
  double years = 0;        ///< the lesser of that and the calendar
};

/// A series of this duration that repeats for `share` of the time, at rest otherwise.
[[nodiscard]] inline CycleLife cycle_life(std::span<const RainflowCycle> cycles, double duration_s,
                                          const LifeCurve& curve, double share = 1) {
  constexpr double kYear_s = 365.25 * 24 * 3600;
  CycleLife life;
  for (const RainflowCycle& c : cycles) {
    life.full_cycles += c.count * c.range;
    life.deepest = std::max(life.deepest, c.range);
    life.wear += c.count * std::pow(c.range, curve.exponent) / curve.cycles;
  }
  life.cycle_years =
      life.wear > 0 ? duration_s / (life.wear * share * kYear_s) : std::numeric_limits<double>::infinity();
  life.years = std::min(life.cycle_years, curve.calendar_years);
  return life;
}

/// A curve as records keep it, and back; nothing when the text is none.
[[nodiscard]] inline std::string text_of(const LifeCurve& curve) {
  char text[160];
  std::snprintf(text, sizeof text, "%.17g cycles of full depth, exponent %.17g, %.17g years", curve.cycles,
                curve.exponent, curve.calendar_years);
  return text;
}
[[nodiscard]] inline std::optional<LifeCurve> life_curve_of(const std::string& text) {
  LifeCurve curve;
  if (std::sscanf(text.c_str(), "%lg cycles of full depth, exponent %lg, %lg years", &curve.cycles,
                  &curve.exponent, &curve.calendar_years) != 3)
    return std::nullopt;
  return curve;
}

}  // namespace ballast
