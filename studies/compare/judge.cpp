/// The table: figures of every remedy, verdicts, and claims against them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/storage/cycle_life.hpp"
#include "studies/compare/comparison.hpp"

namespace ballast::compare {
namespace {

const char* verdict(double value, const Bounds& bounds, bool falling) {
  const auto within = [&](double bound) { return falling ? value >= bound : value <= bound; };
  return within(bounds.yes) ? "yes" : within(bounds.possibly) ? "possibly" : "no";
}

/// The storage that lasts least, at the swings of this run.
void wear(const Comparison& c, const Case& model, const Observed& observed, double from_s, Row& row) {
  const auto first = std::lower_bound(observed.times_s.begin(), observed.times_s.end(), from_s);
  const auto skip = first - observed.times_s.begin();
  for (const StorageLife& one : model.storage_life) {
    const auto soc = observed.series.find("bess.battery.soc/" + one.name);
    if (soc == observed.series.end()) continue;
    const std::vector<double> counted(soc->second.begin() + skip, soc->second.end());
    const double duration = observed.times_s.back() - *first;
    const CycleLife life = cycle_life(rainflow(counted), duration, one.curve, c.training_share);
    if (row.life_years && *row.life_years <= life.years) continue;
    row.life_years = life.years;
    row.full_cycles_per_year = life.full_cycles / duration * c.training_share * 365.25 * 24 * 3600;
  }
}

void burn(const std::vector<Fuel>& fuels, const Observed& observed, double from_s, Row& row) {
  double energy_MWh = 0, fuel_GJ = 0;
  for (const Fuel& fuel : fuels) {
    const std::vector<double>& power = observed.at("machine.power/" + fuel.machine);
    double MWs = 0;
    for (std::size_t k = 1; k < power.size(); ++k)
      if (observed.times_s[k - 1] >= from_s)
        MWs += 0.5 * (power[k] + power[k - 1]) * (observed.times_s[k] - observed.times_s[k - 1]);
    energy_MWh += MWs / 3600;
    fuel_GJ += MWs / 3600 * fuel.heat_rate_GJ_per_MWh;
  }
  if (energy_MWh <= 0) return;
  row.fuel_GJ_per_MWh = fuel_GJ / energy_MWh;
  row.fuel_GJ_per_h = fuel_GJ / (observed.times_s.back() - from_s) * 3600;
}

/// The most of several trials.
void take_worst(const RideThroughFigures& one, RideThroughFigures& all) {
  all.before_MW = std::max(all.before_MW, one.before_MW);
  all.lost_MW = std::max(all.lost_MW, one.lost_MW);
  all.lost_end_MW = std::max(all.lost_end_MW, one.lost_end_MW);
  all.dips += one.dips;
  all.ridden += one.ridden;
}

std::string number(double value) {
  if (std::isinf(value)) return "unlimited";
  const double size = std::abs(value);
  return fmt::format("{:.{}f}", value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4);
}

}  // namespace

std::vector<Row> judge(const Comparison& c, const std::vector<std::vector<Observed>>& observed) {
  std::vector<Row> rows;
  for (std::size_t m = 0; m < c.mitigations.size(); ++m) {
    const Mitigation& mitigation = c.mitigations[m];
    Row row;
    row.mitigation = &mitigation;
    for (std::size_t d = 0; d < c.disturbances.size(); ++d)
      if (!observed[m][d].failed.empty() && row.failed.empty())
        row.failed = fmt::format("{}: {}", c.disturbances[d].name, observed[m][d].failed);
    if (!row.failed.empty()) {
      row.smoothing_verdict = row.ride_through_verdict = row.flexible_verdict = "failed";
      rows.push_back(std::move(row));
      continue;
    }
    for (std::size_t d = 0; d < c.disturbances.size(); ++d) {
      const Trial& disturbance = c.disturbances[d];
      const Observed& run = observed[m][d];
      if (disturbance.events) {
        take_worst(ride_through_figures(c, disturbance, run), row.ride_through);
        continue;
      }
      const Case model = variant(c, mitigation, disturbance);
      row.smoothing = smoothing_figures(c, run.times_s, meter_power(c, run), disturbance.from_s);
      const SmoothingFigures& bare = rows.empty() ? row.smoothing : rows.front().smoothing;
      row.deviation_share = row.smoothing.deviation_MW / bare.deviation_MW;
      row.flexible = flexible_figures(c, mitigation, model, bare.mean_MW - row.smoothing.mean_MW);
      wear(c, model, run, disturbance.from_s, row);
      burn(mitigation.fuels, run, disturbance.from_s, row);
    }
    if (mitigation.area_acre > 0) row.area_acre_per_100MW = mitigation.area_acre * 100 / c.declared_MW;
    row.smoothing_verdict = verdict(row.deviation_share, c.smoothing, false);
    const double site_MW = rows.empty() ? row.ride_through.before_MW : rows.front().ride_through.before_MW;
    row.lost_share = row.ride_through.lost_MW / site_MW;
    row.ride_through_verdict = verdict(row.lost_share, c.ride_through, false);
    row.flexible_verdict = verdict(row.flexible.minutes, c.flexible_min, true);
    if (row.flexible.gensets && std::isfinite(row.flexible.minutes) && row.flexible_verdict == "yes")
      row.flexible_verdict = "possibly";  // a permit for so many hours and no more
    rows.push_back(std::move(row));
  }
  return rows;
}

Figures figures_of(const std::vector<Row>& rows, const std::vector<AvailabilityResult>& availabilities) {
  Figures f;
  for (const Row& row : rows) {
    const std::string name = row.mitigation->name + ".";
    const auto put = [&](const char* figure, const std::optional<double>& value) {
      if (value) f.numbers[name + figure] = *value;
    };
    f.verdicts[name + "smoothing"] = row.smoothing_verdict;
    f.verdicts[name + "ride_through"] = row.ride_through_verdict;
    f.verdicts[name + "flexible"] = row.flexible_verdict;
    if (!row.failed.empty()) continue;
    put("smoothing", row.deviation_share);
    put("ride_through", row.lost_share);
    put("flexible", row.flexible.minutes);
    put("life_years", row.life_years);
    put("area_acre_per_100MW", row.area_acre_per_100MW);
    put("fuel_GJ_per_MWh", row.fuel_GJ_per_MWh);
  }
  for (const AvailabilityResult& a : availabilities) f.numbers[a.of->name + ".availability"] = a.exact;
  return f;
}

std::vector<Answer> answers(const Comparison& c, const Figures& figures) {
  std::vector<Answer> all;
  const auto find = [&](const std::string& name) {
    const auto found = figures.numbers.find(name);
    return found == figures.numbers.end() ? std::optional<double>() : found->second;
  };
  for (const Claim& claim : c.claims) {
    Answer answer{&claim, "cannot be computed", claim.cannot};
    std::optional<double> value = find(claim.figure);
    if (value && !claim.over.empty()) {
      const std::optional<double> over = find(claim.over);
      value = over ? std::optional(*value / *over) : std::nullopt;
    }
    if (!claim.cannot.empty()) {
      all.push_back(std::move(answer));
      continue;
    }
    if (!claim.is.empty()) {
      const std::string& ours = figures.verdicts.at(claim.figure);
      answer.verdict = ours == claim.is ? "agree" : "differ";
      answer.ours = value ? fmt::format("{} ({})", ours, number(*value)) : ours;
    } else if (value) {
      const bool inside =
          *value >= claim.at_least.value_or(-kInfinity) && *value <= claim.at_most.value_or(kInfinity);
      answer.verdict = inside ? "agree" : "differ";
      answer.ours = claim.figure.ends_with(".availability") ? fmt::format("{:.7f}", *value) : number(*value);
    } else {
      answer.ours = "the case and its run do not give this figure";
    }
    all.push_back(std::move(answer));
  }
  return all;
}

}  // namespace ballast::compare
