#include "viz/metrics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

namespace ballast {
namespace {

constexpr double kSecondsPerHour = 3600;

/// One element of one quantity over time.
std::vector<double> curve(const Record& record, std::size_t quantity, std::size_t element) {
  std::vector<double> values(record.samples());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = record.at(quantity, k, element);
  return values;
}

/// Trapezoidal integral of max(f, 0) for sign > 0, of max(-f, 0) for sign < 0, of f for sign = 0;
/// not-a-number samples count as zero.
double integral(const std::vector<double>& times_s, const std::vector<double>& values, int sign) {
  const auto part = [&](std::size_t k) {
    const double value = std::isfinite(values[k]) ? values[k] : 0;
    return sign == 0 ? value : std::max(sign * value, 0.0);
  };
  double sum = 0;
  for (std::size_t k = 1; k < values.size(); ++k)
    sum += 0.5 * (part(k - 1) + part(k)) * (times_s[k] - times_s[k - 1]);
  return sum;
}

/// Which (sample, element) pairs count.
template <class Counts>
void find_extremes(const Record& record, std::size_t quantity, std::size_t first_sample, Counts counts,
                   std::optional<Extreme>& least, std::optional<Extreme>& most) {
  const std::vector<std::string>& names = record.schema.quantities[quantity].elements;
  std::array<std::size_t, 2> low{}, high{};
  double min = std::numeric_limits<double>::infinity(), max = -min;
  for (std::size_t k = first_sample; k < record.samples(); ++k)
    for (std::size_t e = 0; e < names.size(); ++e) {
      const double value = record.at(quantity, k, e);
      if (!std::isfinite(value) || !counts(k, e)) continue;
      if (value < min) min = value, low = {k, e};
      if (value > max) max = value, high = {k, e};
    }
  if (!(min <= max)) return;
  least = Extreme{min, record.times_s[low[0]], names[low[1]]};
  most = Extreme{max, record.times_s[high[0]], names[high[1]]};
}

/// Is the bus of this element energised? Unknown counts as yes.
class Energised {
 public:
  Energised(const Record& record, std::size_t quantity) : record_(record), island_(record.find("island")) {
    if (!island_) return;
    std::vector<std::size_t> column(record.network.buses.size(), kNone);
    const std::vector<int>& buses = record.schema.quantities[*island_].indices;
    for (std::size_t e = 0; e < buses.size(); ++e) column[buses[e]] = e;
    for (const int bus : record.schema.quantities[quantity].indices) columns_.push_back(column[bus]);
  }
  bool operator()(std::size_t sample, std::size_t element) const {
    if (!island_ || element >= columns_.size() || columns_[element] == kNone) return true;
    return record_.at(*island_, sample, columns_[element]) >= 0;
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  const Record& record_;
  std::optional<std::size_t> island_;
  std::vector<std::size_t> columns_;  // per element of the quantity, its column in "island"
};

void measure_frequency(const Record& record, Metrics& metrics) {
  double to_Hz = 1;
  std::optional<std::size_t> quantity = record.find("frequency");
  if (!quantity) quantity = record.find("bus.frequency");
  if (!quantity) {
    quantity = record.find("machine.speed");
    to_Hz = record.network.frequency_Hz;
  }
  if (!quantity || record.samples() == 0) return;
  metrics.frequency_source = record.schema.quantities[*quantity].name;
  const auto all = [&](std::size_t k, std::size_t e) { return record.at(*quantity, k, e) > 0; };
  find_extremes(record, *quantity, 0, all, metrics.frequency_nadir_Hz, metrics.frequency_peak_Hz);
  find_extremes(record, *quantity, record.samples() - 1, all, metrics.frequency_end_min_Hz,
                metrics.frequency_end_max_Hz);
  for (auto* extreme : {&metrics.frequency_nadir_Hz, &metrics.frequency_peak_Hz,
                        &metrics.frequency_end_min_Hz, &metrics.frequency_end_max_Hz})
    if (*extreme) (*extreme)->value *= to_Hz;
  for (std::size_t e = 0; e < record.elements(*quantity); ++e) {
    std::optional<Extreme> slope =
        steepest_slope(record.times_s, curve(record, *quantity, e), kRocofWindow_s);
    if (!slope) continue;
    slope->value *= to_Hz;
    slope->where = record.schema.quantities[*quantity].elements[e];
    if (!metrics.rocof_Hz_per_s || std::abs(slope->value) > std::abs(metrics.rocof_Hz_per_s->value))
      metrics.rocof_Hz_per_s = slope;
  }
}

void measure_network(const Record& record, Metrics& metrics) {
  if (record.samples() == 0) return;
  const std::size_t last = record.samples() - 1;
  if (const auto quantity = record.find("bus.voltage")) {
    const Energised energised(record, *quantity);
    find_extremes(record, *quantity, 0, energised, metrics.voltage_min_pu, metrics.voltage_max_pu);
    find_extremes(record, *quantity, last, energised, metrics.voltage_end_min_pu, metrics.voltage_end_max_pu);
  }
  if (const auto quantity = record.find("branch.loading")) {
    std::optional<Extreme> least;
    find_extremes(
        record, *quantity, 0, [](std::size_t, std::size_t) { return true; }, least, metrics.loading_max);
  }
  if (const auto quantity = record.find("island")) {
    std::set<int> islands;
    std::size_t dead = 0;
    for (std::size_t e = 0; e < record.elements(*quantity); ++e) {
      const double island = record.at(*quantity, last, e);
      if (island >= 0) islands.insert(static_cast<int>(island));
      if (island < 0) ++dead;
    }
    metrics.dead_buses_at_end = dead;
    metrics.islands_at_end = islands.size();
  }
}

/// The column of `name` in another quantity, if both are recorded.
std::optional<std::vector<double>> sibling(const Record& record, std::string_view quantity,
                                           const std::string& name) {
  const auto found = record.find(quantity);
  if (!found) return std::nullopt;
  const std::vector<std::string>& elements = record.schema.quantities[*found].elements;
  const auto at = std::find(elements.begin(), elements.end(), name);
  if (at == elements.end()) return std::nullopt;
  return curve(record, *found, static_cast<std::size_t>(at - elements.begin()));
}

void measure_datacenters(const Record& record, Metrics& metrics) {
  const auto quantity = record.find("datacenter.power");
  if (!quantity || record.samples() == 0) return;
  for (std::size_t e = 0; e < record.elements(*quantity); ++e) {
    const std::vector<double> power = curve(record, *quantity, e);
    DatacenterMetrics one;
    one.name = record.schema.quantities[*quantity].elements[e];
    one.energy_MWh = integral(record.times_s, power, 0) / kSecondsPerHour;
    const auto [min, max] = std::minmax_element(power.begin(), power.end());
    one.min_power_MW = *min;
    one.max_power_MW = *max;
    one.mean_power_MW =
        metrics.duration_s > 0 ? one.energy_MWh * kSecondsPerHour / metrics.duration_s : power.front();
    // Largest fall within one second: the highest value of the last second is the front of a falling queue.
    std::vector<std::size_t> queue;
    std::size_t head = 0;
    for (std::size_t k = 0; k < power.size(); ++k) {
      while (queue.size() > head && power[queue.back()] <= power[k]) queue.pop_back();
      queue.push_back(k);
      while (record.times_s[queue[head]] < record.times_s[k] - 1.0) ++head;
      one.largest_step_MW = std::max(one.largest_step_MW, power[queue[head]] - power[k]);
    }
    auto mode = sibling(record, "datacenter.ups.mode", one.name);
    if (!mode) mode = sibling(record, "datacenter.ups_mode", one.name);
    if (mode) {
      double ups_not_normal_s = 0;  // a mode holds from its sample to the next
      for (std::size_t k = 1; k < mode->size(); ++k)
        if ((*mode)[k - 1] != 0) ups_not_normal_s += record.times_s[k] - record.times_s[k - 1];
      one.ups_not_normal_s = ups_not_normal_s;
    }
    metrics.datacenters.push_back(std::move(one));
  }
}

void measure_storage(const Record& record, Metrics& metrics) {
  const auto quantity = record.find("bess.power");
  if (!quantity || record.samples() == 0) return;
  for (std::size_t e = 0; e < record.elements(*quantity); ++e) {
    const std::vector<double> power = curve(record, *quantity, e);
    StorageMetrics one;
    one.name = record.schema.quantities[*quantity].elements[e];
    one.discharged_MWh = integral(record.times_s, power, 1) / kSecondsPerHour;
    one.charged_MWh = integral(record.times_s, power, -1) / kSecondsPerHour;
    const auto [min, max] = std::minmax_element(power.begin(), power.end());
    one.min_power_MW = *min;
    one.max_power_MW = *max;
    auto soc = sibling(record, "bess.battery.soc", one.name);
    if (!soc) soc = sibling(record, "bess.soc", one.name);
    if (soc) {
      one.min_soc = *std::min_element(soc->begin(), soc->end());
      one.final_soc = soc->back();
    }
    metrics.storage.push_back(std::move(one));
  }
}

}  // namespace

std::optional<Extreme> steepest_slope(const std::vector<double>& times_s, const std::vector<double>& values,
                                      double window_s) {
  const std::size_t count = times_s.size();
  if (count < 2 || times_s.back() - times_s.front() < window_s) return std::nullopt;
  // The value just before (side -1) or just after (side +1) a time, from the segment that ends or begins
  // there; `segment` only moves forward, as the times asked for do.
  const auto value_at = [&](double time, std::size_t& segment) {
    while (segment + 2 < count && times_s[segment + 1] < time) ++segment;
    const double span = times_s[segment + 1] - times_s[segment];
    if (span <= 0) return values[segment + 1];
    const double share = std::clamp((time - times_s[segment]) / span, 0.0, 1.0);
    return values[segment] + share * (values[segment + 1] - values[segment]);
  };
  std::optional<Extreme> steepest;
  const auto consider = [&](double start, double end, double end_s) {
    const double slope = (end - start) / window_s;
    if (std::isfinite(slope) && (!steepest || std::abs(slope) > std::abs(steepest->value)))
      steepest = Extreme{slope, end_s, {}};
  };
  // The difference of two piecewise linear curves is steepest where one of them has a corner.
  std::size_t behind = 0, ahead = 0;
  for (std::size_t k = 0; k < count; ++k) {
    const double start_s = times_s[k] - window_s, end_s = times_s[k] + window_s;
    if (start_s >= times_s.front()) consider(value_at(start_s, behind), values[k], times_s[k]);
    if (end_s <= times_s.back()) consider(values[k], value_at(end_s, ahead), end_s);
  }
  return steepest;
}

bool concerns_generation(const LoggedEvent& event) {
  for (const std::string_view word :
       {"machine", "generator", "generation", "plant", "converter", "bess", "unit-"})
    if (event.kind.find(word) != std::string::npos) return true;
  return false;
}

Metrics compute_metrics(const Record& record) {
  Metrics metrics;
  metrics.samples = record.samples();
  if (record.samples() > 0) metrics.duration_s = record.times_s.back() - record.times_s.front();
  measure_frequency(record, metrics);
  measure_network(record, metrics);
  measure_datacenters(record, metrics);
  measure_storage(record, metrics);
  metrics.events = record.events.size();
  for (const LoggedEvent& event : record.events)
    if (event.power_MW < 0)
      (concerns_generation(event) ? metrics.generation_lost_MW : metrics.load_lost_MW) -= event.power_MW;
  return metrics;
}

}  // namespace ballast
