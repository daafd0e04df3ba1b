/// Figures of one remedy, from what was recorded.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <unsupported/Eigen/FFT>

#include "models/registry.hpp"
#include "studies/compare/comparison.hpp"
#include "studies/requirements/curve.hpp"

namespace ballast::compare {
namespace {

/// rms by band of the power from a time on: Hann's window, its energy made good.
std::vector<double> band_rms(const Curve& power, double from_s,
                             const std::vector<std::pair<double, double>>& bands) {
  double highest = 0;
  for (const auto& [low, high] : bands) highest = std::max(highest, high);
  const double step = 1 / (4 * highest);
  const auto n = static_cast<std::size_t>((power.end() - from_s) / step);
  std::vector<double> part(n);
  double mean = 0;
  for (std::size_t k = 0; k < n; ++k) mean += (part[k] = power.at(from_s + static_cast<double>(k) * step));
  mean /= static_cast<double>(n);
  double window_energy = 0;
  for (std::size_t k = 0; k < n; ++k) {
    const double w =
        0.5 * (1 - std::cos(2 * std::numbers::pi * static_cast<double>(k) / static_cast<double>(n)));
    part[k] = (part[k] - mean) * w;
    window_energy += w * w;
  }
  Eigen::FFT<double> fft;
  std::vector<std::complex<double>> lines;
  fft.fwd(lines, part);
  std::vector<double> rms;
  for (const auto& [low, high] : bands) {
    double energy = 0;
    for (std::size_t k = 1; k <= n / 2; ++k) {
      const double f = static_cast<double>(k) / (static_cast<double>(n) * step);
      if (f >= low && f < high) energy += 2 * std::norm(lines[k]);
    }
    rms.push_back(std::sqrt(energy / (static_cast<double>(n) * window_energy)));
  }
  return rms;
}

double parameter(const Part& part, const char* name) {
  const ModelInfo& model = *find_model(part.model);
  for (std::size_t k = 0; k < model.parameters.size(); ++k)
    if (std::string_view(model.parameters[k].name) == name) return part.parameters[k];
  throw Error(part.model, fmt::format("it has no parameter {}", name));
}

}  // namespace

const std::vector<double>& Observed::at(const std::string& name) const {
  const auto found = series.find(name);
  if (found == series.end()) throw Error(name, "the run has no such quantity");
  return found->second;
}

std::vector<double> meter_power(const Comparison& c, const Observed& observed) {
  std::vector<double> sum(observed.times_s.size(), 0.0);
  for (const std::string& branch : c.meter) {
    const std::vector<double>& one = observed.at("branch.power/" + branch);
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += one[k];
  }
  return sum;
}

SmoothingFigures smoothing_figures(const Comparison& c, const std::vector<double>& t,
                                   const std::vector<double>& power, double from_s) {
  const Curve curve(t, power);
  SmoothingFigures f;
  f.mean_MW = curve.mean(from_s, curve.end());
  double square = 0;
  for (std::size_t k = 1; k < t.size(); ++k) {
    if (t[k - 1] < from_s) continue;
    const double a = power[k - 1] - f.mean_MW, b = power[k] - f.mean_MW;
    square += (a * a + a * b + b * b) / 3 * (t[k] - t[k - 1]);  // of a straight line
  }
  f.deviation_MW = std::sqrt(square / (curve.end() - from_s));
  for (double at = from_s + c.ramp_window_s; at <= curve.end(); at += 0.1 * c.ramp_window_s)
    f.ramp_MW_per_s =
        std::max(f.ramp_MW_per_s, std::abs(curve.at(at) - curve.at(at - c.ramp_window_s)) / c.ramp_window_s);
  f.bands_MW = band_rms(curve, from_s, c.bands_Hz);
  return f;
}

RideThroughFigures ride_through_figures(const Comparison& c, const Trial& d, const Observed& observed) {
  const std::vector<double> power = meter_power(c, observed);
  const Curve curve(observed.times_s, power);
  RideThroughFigures f;
  const double first = d.dips_s.front();
  f.before_MW = curve.mean(d.from_s, first);
  const double span = c.average_s;
  for (double at = first + 2 * span; at <= curve.end() * (1 + 1e-12); at += 0.1 * span) {
    const double lost = f.before_MW - curve.mean(at - span, at);
    f.lost_MW = std::max(f.lost_MW, lost);
    f.lost_end_MW = lost;
  }
  const auto total = observed.series.find("datacenter.total.P_off/" + c.datacenter);
  const std::vector<double>& off =
      total != observed.series.end() ? total->second : observed.at("datacenter.ups.P_off/" + c.datacenter);
  const double site_MW = *std::max_element(observed.at("datacenter.power/" + c.datacenter).begin(),
                                           observed.at("datacenter.power/" + c.datacenter).end());
  for (std::size_t n = 0; n < d.dips_s.size(); ++n) {
    const double end = n + 1 < d.dips_s.size() ? d.dips_s[n + 1] : curve.end();
    double before = 0, most = 0;
    for (std::size_t k = 0; k < off.size(); ++k) {
      if (observed.times_s[k] < d.dips_s[n]) before = off[k];
      if (observed.times_s[k] >= d.dips_s[n] && observed.times_s[k] < end) most = std::max(most, off[k]);
    }
    ++f.dips;
    if (most - before < 0.01 * site_MW && before < 0.01 * site_MW) ++f.ridden;
  }
  return f;
}

FlexibleFigures flexible_figures(const Comparison& c, const Mitigation& m, const Case& model,
                                 double avoided_MW) {
  FlexibleFigures f;
  f.avoided_MW = std::max(avoided_MW, 0.0);
  double battery_MWh = 0;
  for (const Plant& plant : model.plants)
    for (const Part& part : plant.parts) {
      if (part.model == "BESS") {
        f.storage_MW += parameter(part, "power_limit") * part.base_MVA;
        f.storage_MWh += (parameter(part, "soc_initial") - parameter(part, "soc_min")) *
                         parameter(part, "energy_h") * part.base_MVA *
                         parameter(part, "discharge_efficiency");
      }
      if (plant.name != c.datacenter) continue;
      if (part.model == "UPS") battery_MWh += parameter(part, "battery_s") / 3600 * part.base_MVA;
      if (part.model == "GENSET") f.gensets = true;
    }
  f.battery_min = 60 * battery_MWh / c.declared_MW;
  const double left_MW = c.declared_MW - f.avoided_MW;
  if (left_MW <= 0.01 * c.declared_MW) {
    f.minutes = kInfinity;
    f.how = "generation on the site";
  } else if (f.gensets) {
    f.minutes = kInfinity;
    f.how = "gensets";
    if (m.hours_per_year) {
      f.minutes = 60 * *m.hours_per_year;
      f.how = fmt::format("gensets, {:g} h a year", *m.hours_per_year);
    }
  } else {
    const double storage_min = f.storage_MW >= left_MW ? 60 * f.storage_MWh / left_MW : 0;
    f.minutes = std::max(storage_min, f.battery_min);
    f.how = storage_min > f.battery_min ? "storage" : "battery of the UPS";
    if (f.storage_MW > 0 && f.storage_MW < left_MW)
      f.how += fmt::format("; storage gives {:.0f} of {:.0f} MW", f.storage_MW, left_MW);
  }
  return f;
}

}  // namespace ballast::compare
