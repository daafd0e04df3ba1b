/// How power varies: ramps, swings, bands, spectra.
#include <fmt/format.h>

#include <cmath>
#include <complex>
#include <deque>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "studies/requirements/curve.hpp"
#include "studies/requirements/finding.hpp"

namespace ballast {
namespace {

/// A series at equal distances.
struct Uniform {
  double start_s = 0, step_s = 1;
  std::vector<double> values;
  [[nodiscard]] double time(std::size_t k) const { return start_s + static_cast<double>(k) * step_s; }
};

Uniform resampled(const Curve& curve, double step_s) {
  Uniform u{curve.start(), step_s, {}};
  const auto n = static_cast<std::size_t>(std::floor((curve.end() - curve.start()) / step_s + 1e-9)) + 1;
  u.values.reserve(n);
  for (std::size_t k = 0; k < n; ++k) u.values.push_back(curve.at(u.time(k)));
  return u;
}

struct Worst {
  double value = 0;
  double time_s = 0;  ///< where it is complete
};

/// Greatest less least within any window; a value that is no number begins anew.
Worst widest(const std::vector<double>& t, const std::vector<double>& v, double window_s) {
  std::deque<std::size_t> falling, rising;  // candidates for greatest and least
  Worst worst;
  for (std::size_t k = 0; k < v.size(); ++k) {
    if (!std::isfinite(v[k])) {
      falling.clear();
      rising.clear();
      continue;
    }
    while (!falling.empty() && v[falling.back()] <= v[k]) falling.pop_back();
    while (!rising.empty() && v[rising.back()] >= v[k]) rising.pop_back();
    falling.push_back(k);
    rising.push_back(k);
    const double oldest = t[k] - window_s * (1 + 1e-12);
    while (t[falling.front()] < oldest) falling.pop_front();
    while (t[rising.front()] < oldest) rising.pop_front();
    if (const double now = v[falling.front()] - v[rising.front()]; now > worst.value) worst = {now, t[k]};
  }
  return worst;
}

/// A second-order section, direct form II transposed.
class Biquad {
 public:
  /// Butterworth's, by the bilinear transform with its corner prewarped (R. Bristow-Johnson's forms).
  Biquad(double corner_Hz, double quality, double rate_Hz, bool high_pass) {
    const double w = 2 * std::numbers::pi * corner_Hz / rate_Hz;
    const double alpha = std::sin(w) / (2 * quality), cosine = std::cos(w), a0 = 1 + alpha;
    b1_ = (high_pass ? -(1 + cosine) : 1 - cosine) / a0;
    b0_ = b2_ = (high_pass ? 1 + cosine : 1 - cosine) / 2 / a0;
    a1_ = -2 * cosine / a0;
    a2_ = (1 - alpha) / a0;
  }
  /// As if x had been there for ever.
  double rest_at(double x) {
    const double y = x * (b0_ + b1_ + b2_) / (1 + a1_ + a2_);
    s2_ = b2_ * x - a2_ * y;
    s1_ = b1_ * x - a1_ * y + s2_;
    return y;
  }
  double next(double x) {
    const double y = b0_ * x + s1_;
    s1_ = b1_ * x - a1_ * y + s2_;
    s2_ = b2_ * x - a2_ * y;
    return y;
  }

 private:
  double b0_, b1_, b2_, a1_, a2_, s1_ = 0, s2_ = 0;
};

/// Between low and high, each edge a causal Butterworth filter of fourth order that starts at rest at the
/// mean.
void band_pass(Uniform& u, double low_Hz, double high_Hz) {
  const double rate = 1 / u.step_s;
  std::vector<Biquad> sections;
  for (const double quality : {0.541196100146197, 1.306562964876377}) {  // of Butterworth's fourth order
    sections.emplace_back(low_Hz, quality, rate, true);
    sections.emplace_back(high_Hz, quality, rate, false);
  }
  double rest = 0;
  for (const double v : u.values) rest += v / static_cast<double>(u.values.size());
  for (Biquad& section : sections) rest = section.rest_at(rest);
  for (double& v : u.values)
    for (Biquad& section : sections) v = section.next(v);
}

/// Median distance of samples: what the series resolves.
double resolution_s(const std::vector<double>& t) {
  std::vector<double> steps;
  for (std::size_t k = 1; k < t.size(); ++k)
    if (t[k] > t[k - 1]) steps.push_back(t[k] - t[k - 1]);
  if (steps.empty()) return kForever;
  std::nth_element(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2), steps.end());
  return steps[steps.size() / 2];
}

/// Share of the energy in the band of all but the mean's, in the worst window; Hann, half overlapping.
Worst largest_share(const Uniform& u, double window_s, double low_Hz, double high_Hz) {
  const auto n = static_cast<std::size_t>(std::llround(window_s / u.step_s));
  Eigen::FFT<double> fft;
  Worst worst;
  for (std::size_t first = 0; first + n <= u.values.size(); first += n / 2) {
    std::vector<double> part(u.values.begin() + static_cast<std::ptrdiff_t>(first),
                             u.values.begin() + static_cast<std::ptrdiff_t>(first + n));
    double mean = 0;
    for (const double v : part) mean += v / static_cast<double>(n);
    for (std::size_t k = 0; k < n; ++k)
      part[k] = (part[k] - mean) * 0.5 *
                (1 - std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n)));
    std::vector<std::complex<double>> lines;
    fft.fwd(lines, part);
    double inside = 0, all = 0;
    for (std::size_t k = 1; k <= n / 2; ++k) {
      const double f = static_cast<double>(k) / (static_cast<double>(n) * u.step_s);
      const double energy = std::norm(lines[k]);
      all += energy;
      if (f >= low_Hz && f <= high_Hz) inside += energy;
    }
    const double share = all > 1e-12 ? inside / all : 0;
    if (share >= worst.value) worst = {share, u.time(first + n - 1)};
  }
  return worst;
}

const char* unit_of(VariationLimit::Kind kind) {
  using Kind = VariationLimit::Kind;
  switch (kind) {
    case Kind::RAMP:
      return "MW/min";
    case Kind::SPECTRAL_SHARE:
      return "of the energy";
    case Kind::VOLTAGE_FLUCTUATION:
      return "pu";
    default:
      return "MW";
  }
}

class Check {
 public:
  Check(const LoadSeries& series, const VariationLimit& limit)
      : series_(series), limit_(limit), power_(series.time_s, series.power_MW) {
    finding_.clause = limit.name;
    finding_.unit = unit_of(limit.kind);
    double most = limit.most;
    if (limit.most_of_peak < kForever)
      most = std::min(most,
                      limit.most_of_peak * *std::max_element(series.power_MW.begin(), series.power_MW.end()));
    finding_.limit = most;
  }

  Finding run() {
    using Kind = VariationLimit::Kind;
    switch (limit_.kind) {
      case Kind::RAMP:
        ramp();
        break;
      case Kind::SPAN:
        span();
        break;
      case Kind::BAND:
        band();
        break;
      case Kind::SPECTRAL_SHARE:
        share();
        break;
      case Kind::VOLTAGE_FLUCTUATION:
        fluctuation();
        break;
    }
    return std::move(finding_);
  }

 private:
  const LoadSeries& series_;
  const VariationLimit& limit_;
  Curve power_;
  Finding finding_;

  /// False when the series is too short.
  bool long_enough(double needed_s) {
    if (power_.end() - power_.start() >= needed_s * (1 - 1e-9)) return true;
    finding_.text =
        fmt::format("the series has {:g} s, this needs {:g} s", power_.end() - power_.start(), needed_s);
    return false;
  }
  void judge(const Worst& worst, int digits) {
    finding_.measured = worst.value;
    finding_.time_s = worst.time_s;
    finding_.verdict = worst.value <= *finding_.limit ? Judgement::MET : Judgement::NOT_MET;
    finding_.text =
        fmt::format("{:.{}f} {} at {:.2f} s, at most {:.{}f} {} ({})", worst.value, digits, finding_.unit,
                    worst.time_s, *finding_.limit, digits, finding_.unit, limit_.note);
  }
  /// A limit that seems to be met says nothing where the samples cannot show its upper frequencies.
  void judge_resolution() {
    const double step = resolution_s(series_.time_s);
    if (finding_.verdict != Judgement::MET || step <= 0.5 / limit_.f_high_Hz * (1 + 1e-9)) return;
    finding_.verdict = Judgement::UNDECIDED;
    finding_.text +=
        fmt::format("; samples every {:.3g} s show no more than {:.3g} Hz: record every {:.3g} s", step,
                    0.5 / step, 0.5 / limit_.f_high_Hz);
  }

  void ramp() {
    if (!long_enough(limit_.mean_s + limit_.window_s)) return;
    Worst worst{0, power_.start() + limit_.mean_s + limit_.window_s};
    const double step = std::min(limit_.mean_s, limit_.window_s) / 60;
    for (double t = worst.time_s; t <= power_.end() * (1 + 1e-12); t += step) {
      const double change = power_.mean(t - limit_.mean_s, t) -
                            power_.mean(t - limit_.window_s - limit_.mean_s, t - limit_.window_s);
      const double rate = 60 * change / limit_.window_s;
      const double counts = limit_.direction == 0 ? std::abs(rate) : limit_.direction * rate;
      if (counts > worst.value) worst = {counts, t};
    }
    judge(worst, 1);
  }
  void span() {
    if (!long_enough(limit_.window_s)) return;
    std::vector<double> t = series_.time_s, v = series_.power_MW;
    const Uniform fine = resampled(power_, limit_.window_s / 100);  // a window's ends need not be samples
    for (std::size_t k = 0; k < fine.values.size(); ++k)
      t.push_back(fine.time(k)), v.push_back(fine.values[k]);
    std::vector<std::size_t> order(t.size());
    for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return t[a] < t[b]; });
    std::vector<double> times, values;
    for (const std::size_t k : order) times.push_back(t[k]), values.push_back(v[k]);
    judge(widest(times, values, limit_.window_s), 2);
  }
  void band() {
    const double settle_s = 2 / limit_.f_low_Hz;  // the filters forget the start to 1 %
    if (!long_enough(settle_s + limit_.window_s)) return;
    Uniform u = resampled(power_, 1 / std::max(120.0, 4 * limit_.f_high_Hz));
    band_pass(u, limit_.f_low_Hz, limit_.f_high_Hz);
    std::vector<double> times, values;
    for (std::size_t k = 0; k < u.values.size(); ++k)
      if (u.time(k) >= u.start_s + settle_s) times.push_back(u.time(k)), values.push_back(u.values[k]);
    judge(widest(times, values, limit_.window_s), 2);
    judge_resolution();
  }
  void share() {
    if (!long_enough(limit_.window_s)) return;
    judge(largest_share(resampled(power_, 1 / (4 * limit_.f_high_Hz)), limit_.window_s, limit_.f_low_Hz,
                        limit_.f_high_Hz),
          3);
    judge_resolution();
  }
  void fluctuation() {
    if (series_.voltage_pu.empty()) {
      finding_.text = "the voltage was not measured";
      return;
    }
    if (!long_enough(limit_.window_s)) return;
    std::vector<double> inside = series_.voltage_pu;
    for (double& v : inside)
      if (v < 0.9 || v > 1.1) v = std::nan("");
    judge(widest(series_.time_s, inside, limit_.window_s), 4);
  }
};

}  // namespace

std::vector<Finding> check_variation(const LoadSeries& series, const std::vector<VariationLimit>& limits) {
  std::vector<Finding> findings;
  for (const VariationLimit& limit : limits) findings.push_back(Check(series, limit).run());
  return findings;
}

}  // namespace ballast
