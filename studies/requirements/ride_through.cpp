/// Ride-through: excursions against the envelope, and what the load did after them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "studies/requirements/curve.hpp"
#include "studies/requirements/finding.hpp"

namespace ballast {
namespace {

/// Stretches of time in which a curve is beyond a level: below it (side -1) or above it (side 1).
struct Stretch {
  double from, to;
};
std::vector<Stretch> beyond(const std::vector<double>& t, const std::vector<double>& v, double level,
                            int side) {
  std::vector<Stretch> all;
  const auto add = [&](double from, double to) {
    if (!all.empty() && from <= all.back().to)
      all.back().to = to;
    else
      all.push_back({from, to});
  };
  for (std::size_t k = 1; k < t.size(); ++k) {
    const double a = side * (v[k - 1] - level), b = side * (v[k] - level);
    if (t[k] <= t[k - 1]) continue;  // a jump takes no time
    if (a > 0 && b > 0)
      add(t[k - 1], t[k]);
    else if (a > 0)
      add(t[k - 1], t[k - 1] + (t[k] - t[k - 1]) * a / (a - b));
    else if (b > 0)
      add(t[k] - (t[k] - t[k - 1]) * b / (b - a), t[k]);
  }
  return all;
}

/// What is outside the region of continuous operation, and when it became too much.
struct Envelope {
  const char* quantity;
  const char* unit;
  const std::vector<double>* values;
  const std::vector<Step>* steps;
  int side;
  double window_s;
};

/// First instant in (from, to] at which the time beyond the step, summed over the window, reaches what it
/// allows; forever: never.
double exceeded_at(const std::vector<Stretch>& stretches, double allowed_s, double window_s, double from,
                   double to) {
  for (std::size_t k = 0; k < stretches.size(); ++k) {
    const Stretch& s = stretches[k];
    if (s.from > to || s.to < from) continue;
    double earlier = 0;
    for (std::size_t j = 0; j < k; ++j) {
      const double oldest = window_s == kForever ? from : s.from - window_s;
      earlier += std::max(0.0, stretches[j].to - std::max(stretches[j].from, oldest));
    }
    const double at = s.from + std::max(0.0, allowed_s - earlier);
    // To the microsecond: a fault cleared at the very limit has been ridden through.
    if (at < std::min(s.to, to) - 1e-6) return at;
  }
  return kForever;
}

std::vector<Excursion> excursions_of(const LoadSeries& series, const std::vector<Envelope>& envelopes) {
  std::vector<Stretch> all;
  for (const Envelope& e : envelopes)
    if (!e.steps->empty())
      for (const Stretch& s : beyond(series.time_s, *e.values, e.steps->front().level, e.side))
        all.push_back(s);
  std::sort(all.begin(), all.end(), [](const Stretch& a, const Stretch& b) { return a.from < b.from; });
  std::vector<Excursion> result;
  for (const Stretch& s : all) {
    if (!result.empty() && s.from <= result.back().end_s) {
      result.back().end_s = std::max(result.back().end_s, s.to);
    } else {
      Excursion excursion;
      excursion.start_s = s.from;
      excursion.end_s = s.to;
      result.push_back(excursion);
    }
  }
  for (Excursion& x : result) {
    x.ended = x.end_s < series.time_s.back();
    for (const Envelope& e : envelopes) {
      for (std::size_t k = 0; k < series.time_s.size(); ++k) {
        if (series.time_s[k] < x.start_s || series.time_s[k] > x.end_s) continue;
        if (e.steps->empty() || e.side * ((*e.values)[k] - e.steps->front().level) <= 0) continue;
        const bool voltage = e.values == &series.voltage_pu;
        double& worst = voltage ? x.voltage_worst_pu : x.frequency_worst_Hz;
        const double reference = voltage ? 1 : 0;
        if (worst == reference || e.side * ((*e.values)[k] - worst) > 0) worst = (*e.values)[k];
      }
      for (const Step& step : *e.steps) {
        const double at = exceeded_at(beyond(series.time_s, *e.values, step.level, e.side), step.seconds,
                                      e.window_s, x.start_s, x.end_s);
        if (at >= x.exceeded_s) continue;
        x.exceeded_s = at;
        x.exceeded_what =
            fmt::format("{} {} {:g} {} for more than the {:g} s to be ridden through", e.quantity,
                        e.side < 0 ? "below" : "above", step.level, e.unit, step.seconds);
      }
    }
  }
  return result;
}

constexpr double kBefore_s = 5;  // of consumption before, where the load does not swing more slowly

/// How long after `from` consumption is back, looking up to `until`; nothing: not by then.
std::optional<double> recovery_after(const Curve& power, const Recovery& rule, double before_MW, double from,
                                     double until, double averaging_s) {
  const double step = 1e-3;  // s; what a recovery time is known to
  const double least = rule.share * before_MW * (1 - 1e-9);
  const double most = rule.share_most * before_MW;
  for (double t = from; t <= until; t += step) {
    const double now = power.mean(t, std::min(t + averaging_s, power.end()));
    if (now >= least && now <= most) return t - from;
  }
  return std::nullopt;
}

Finding start(const char* clause) {
  Finding finding;
  finding.clause = clause;
  return finding;
}

std::string described(const Excursion& x) {
  std::string text = fmt::format("excursion at {:.3f} s for {:.3f} s", x.start_s, x.end_s - x.start_s);
  if (x.voltage_worst_pu != 1) text += fmt::format(", voltage to {:.3f} pu", x.voltage_worst_pu);
  if (x.frequency_worst_Hz != 0) text += fmt::format(", frequency to {:.3f} Hz", x.frequency_worst_Hz);
  return text;
}

Finding check_recovery(const LoadSeries& series, const Recovery& rule, double averaging_s,
                       std::vector<Excursion>& excursions) {
  Finding finding = start("recovery");
  finding.unit = "s";
  finding.limit = rule.within_s;
  if (excursions.empty()) {
    finding.verdict = Judgement::NOT_TESTED;
    finding.text = "voltage and frequency never left the region of continuous operation";
    return finding;
  }
  const Curve power(series.time_s, series.power_MW);
  const double before_s = std::max(kBefore_s, averaging_s);
  double before = 0;
  bool whole = true;  // the load was all there before this excursion
  std::size_t met = 0, beyond_it = 0, undecided = 0;
  bool away = false;  // rightly: it left in an excursion that was too much
  double slowest = 0, slowest_at = excursions.front().end_s;
  for (std::size_t k = 0; k < excursions.size(); ++k) {
    Excursion& x = excursions[k];
    if (whole) {
      const double from = std::max(power.start(), x.start_s - before_s);
      // Whole periods of a load that swings; an excursion right at the start has nothing before it.
      double span = x.start_s - from;
      if (averaging_s > 0 && span >= averaging_s) span = averaging_s * std::floor(span / averaging_s + 1e-9);
      before = span > 0 ? power.mean(x.start_s - span, x.start_s) : power.before(x.start_s);
    }
    x.before_MW = before;
    // The next excursion may come before the time is up: then its clock decides.
    const double next = k + 1 < excursions.size() ? excursions[k + 1].start_s : power.end();
    if (x.ended) x.recovery_s = recovery_after(power, rule, before, x.end_s, next, averaging_s);
    whole = x.recovery_s.has_value();
    if (x.exceeded_s < kForever) away = true;
    const bool in_time = whole && *x.recovery_s <= rule.within_s + 1e-6;
    if (in_time) {
      ++met;
      away = false;
      if (*x.recovery_s >= slowest) slowest = *x.recovery_s, slowest_at = x.end_s;
    } else if (away) {
      ++beyond_it;
      if (whole) away = false;
    } else if (!x.ended || next < x.end_s + rule.within_s - 1e-6) {
      ++undecided;
    } else {
      finding.verdict = Judgement::NOT_MET;
      finding.time_s = x.end_s + rule.within_s;
      const double there = power.mean(*finding.time_s, std::min(*finding.time_s + averaging_s, power.end()));
      finding.text =
          fmt::format("{}: {:.0f} % of {:.1f} MW is back {:g} s after it, {:.0f} % demanded; ", described(x),
                      100 * there / std::max(before, 1e-9), before, rule.within_s, 100 * rule.share);
      if (whole) {
        finding.measured = *x.recovery_s;
        finding.text += fmt::format("it takes {:.2f} s", *x.recovery_s);
      } else {
        finding.text += fmt::format("it is not back by {:.1f} s", next);
      }
      return finding;
    }
  }
  finding.time_s = slowest_at;
  if (met > 0) finding.measured = slowest;
  finding.verdict = undecided > 0 ? Judgement::UNDECIDED : beyond_it > 0 ? Judgement::BEYOND : Judgement::MET;
  finding.text = fmt::format("{} of {} excursions recovered from in time", met, excursions.size());
  if (met > 0) finding.text += fmt::format(", the slowest in {:.2f} s", slowest);
  if (beyond_it > 0) {
    const auto worst = std::find_if(excursions.begin(), excursions.end(),
                                    [](const Excursion& x) { return x.exceeded_s < kForever; });
    finding.time_s = worst->exceeded_s;
    finding.text += fmt::format("; not after {}: {}", described(*worst), worst->exceeded_what);
  }
  if (undecided > 0)
    finding.text +=
        fmt::format("; {} could not be judged: the series ends, or the next one begins, first", undecided);
  return finding;
}

/// Where no recovery is demanded, staying connected is all there is: some power is drawn again after it.
Finding check_connected(const LoadSeries& series, double averaging_s, std::vector<Excursion>& excursions) {
  Finding finding = check_recovery(series, Recovery{0.1, kForever, 1.0, 0, 2}, averaging_s, excursions);
  finding.clause = "stays connected";
  if (finding.verdict == Judgement::NOT_MET) finding.text += " (our reading: a tenth of it after 1 s)";
  return finding;
}

Finding check_counting(const LoadSeries& series) {
  Finding finding = start("no counting of dips");
  if (!series.events_known) {
    finding.text = "a series without events does not say why load left";
    return finding;
  }
  if (series.locks.empty()) {
    finding.verdict = Judgement::MET;
    finding.text = "no dip counter kept load on backup";
    return finding;
  }
  finding.verdict = Judgement::NOT_MET;
  finding.time_s = series.locks.front().time_s;
  finding.text =
      fmt::format("{} at {:.3f} s{}", series.locks.front().text, series.locks.front().time_s,
                  series.locks.size() > 1 ? fmt::format(", and {} more", series.locks.size() - 1) : "");
  return finding;
}

/// Steepest change of the frequency's mean slope over the window.
Finding check_rocof(const LoadSeries& series, const RideThrough& rule) {
  Finding finding = start("rate of change of frequency");
  finding.unit = "Hz/s";
  finding.limit = *rule.rocof_Hz_per_s;
  if (series.frequency_Hz.empty()) {
    finding.text = "the frequency was not measured";
    return finding;
  }
  const Curve frequency(series.time_s, series.frequency_Hz);
  double worst = 0;
  for (const double t : series.time_s) {
    const double from = t - rule.rocof_window_s;
    if (from < frequency.start() || frequency.at(t) <= 0 || frequency.at(from) <= 0) continue;
    const double slope = std::abs(frequency.at(t) - frequency.at(from)) / rule.rocof_window_s;
    if (slope > worst) worst = slope, finding.time_s = t;
  }
  finding.measured = worst;
  finding.verdict = Judgement::NOT_TESTED;
  finding.text = fmt::format(
      "the grid's frequency changes by at most {:.3f} Hz/s over {:g} s; {:g} Hz/s are to be "
      "withstood, which recovery shows",
      worst, rule.rocof_window_s, *rule.rocof_Hz_per_s);
  return finding;
}

}  // namespace

const char* word_of(Judgement verdict) {
  switch (verdict) {
    case Judgement::MET:
      return "met";
    case Judgement::NOT_MET:
      return "NOT MET";
    case Judgement::BEYOND:
      return "beyond the rule";
    case Judgement::NOT_TESTED:
      return "not tested";
    case Judgement::UNDECIDED:
      return "undecided";
  }
  return "";
}

RideThroughResult check_ride_through(const LoadSeries& series, const RideThrough& rule, double averaging_s) {
  RideThroughResult result;
  // Where a rule has no voltage table the clock of its recovery still needs to know when the voltage was
  // away.
  std::vector<Step> low = rule.low_voltage, high = rule.high_voltage;
  if (rule.recovery) {
    if (low.empty()) low.push_back({rule.recovery->V_low, kForever});
    if (high.empty()) high.push_back({rule.recovery->V_high, kForever});
  }
  std::vector<Envelope> envelopes;
  if (!series.voltage_pu.empty()) {
    envelopes.push_back({"voltage", "pu", &series.voltage_pu, &low, -1, rule.voltage_window_s});
    envelopes.push_back({"voltage", "pu", &series.voltage_pu, &high, 1, rule.voltage_window_s});
  }
  if (!series.frequency_Hz.empty()) {
    envelopes.push_back(
        {"frequency", "Hz", &series.frequency_Hz, &rule.low_frequency, -1, rule.frequency_window_s});
    envelopes.push_back(
        {"frequency", "Hz", &series.frequency_Hz, &rule.high_frequency, 1, rule.frequency_window_s});
  }
  if (series.time_s.size() < 2 || envelopes.empty()) {
    Finding finding = start("ride-through");
    finding.text = "neither voltage nor frequency was measured";
    result.findings.push_back(finding);
    return result;
  }
  result.excursions = excursions_of(series, envelopes);
  result.findings.push_back(rule.recovery
                                ? check_recovery(series, *rule.recovery, averaging_s, result.excursions)
                                : check_connected(series, averaging_s, result.excursions));
  if (rule.counting_prohibited) result.findings.push_back(check_counting(series));
  if (rule.rocof_Hz_per_s) result.findings.push_back(check_rocof(series, rule));
  return result;
}

std::vector<Finding> check_rule(const LoadSeries& series, const Rule& rule, const std::string& load,
                                double averaging_s) {
  std::vector<Finding> findings;
  if (rule.ride_through) findings = check_ride_through(series, *rule.ride_through, averaging_s).findings;
  for (Finding& more : check_variation(series, rule.variation)) findings.push_back(std::move(more));
  for (Finding& finding : findings) {
    finding.load = load;
    finding.rule = rule.name;
  }
  return findings;
}

}  // namespace ballast
