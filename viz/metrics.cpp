#include "viz/metrics.hpp"

#include <algorithm>
#include <cmath>
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

/// What a sweep would have said of the same run.
void measure_figures(const Record& record, Metrics& metrics) {
  FigureRecorder recorder;
  replay(record, recorder);
  static_cast<RunFigures&>(metrics) = recorder.figures();
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
      for (const auto& [option, text] : record.info.options)
        if (option == "life of " + one.name)
          if (const auto curve = life_curve_of(text))
            one.life = cycle_life(rainflow(*soc), metrics.duration_s, *curve);
    }
    metrics.storage.push_back(std::move(one));
  }
}

}  // namespace

Metrics compute_metrics(const Record& record) {
  Metrics metrics;
  measure_figures(record, metrics);
  measure_datacenters(record, metrics);
  measure_storage(record, metrics);
  return metrics;
}

}  // namespace ballast
