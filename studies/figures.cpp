#include "studies/figures.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string_view>

#include "grid/network.hpp"

namespace ballast {

bool concerns_generation(const LoggedEvent& event) {
  for (const std::string_view word :
       {"machine", "generator", "generation", "plant", "converter", "bess", "unit-"})
    if (event.kind.find(word) != std::string::npos) return true;
  return event.kind == "mode" && event.text.starts_with("BESS ");  // the only source with an automaton
}

double LossCount::take(const LoggedEvent& event) {
  const double lost = std::max(0.0, -event.power_MW);
  if (event.kind != "mode") return lost;
  double& most = most_[event.device];
  const double more = std::max(0.0, lost - most);
  most += more;
  return more;
}

std::optional<QuantitySpan> find_quantity(const Schema& schema, const std::string& name) {
  std::size_t first = 0;
  for (const Quantity& quantity : schema.quantities) {
    if (quantity.name == name) return QuantitySpan{&quantity, first};
    first += quantity.elements.size();
  }
  return std::nullopt;
}

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

Energised::Energised(const Schema& schema, const Quantity& quantity) {
  const auto island = find_quantity(schema, "island");
  if (!island) return;
  const std::vector<int>& buses = island->quantity->indices;
  int most = -1;
  for (const int bus : buses) most = std::max(most, bus);
  std::vector<std::ptrdiff_t> of_bus(static_cast<std::size_t>(most + 1), -1);
  for (std::size_t e = 0; e < buses.size(); ++e)
    of_bus[buses[e]] = static_cast<std::ptrdiff_t>(island->first + e);
  for (const int bus : quantity.indices) column_.push_back(bus <= most ? of_bus[bus] : -1);
}

void FigureRecorder::Range::take(double time_s, std::span<const double> values, bool counts) {
  end_least = end_most = {};
  if (!span) return;
  const std::size_t count = span->quantity->elements.size();
  for (std::size_t e = 0; e < count; ++e) {
    const double value = values[span->first + e];
    if (!std::isfinite(value) || (positive_only && value <= 0) || !energised(values, e)) continue;
    const Kept one{factor * value, time_s, static_cast<std::ptrdiff_t>(e)};
    if (end_least.element < 0 || one.value < end_least.value) end_least = one;
    if (end_most.element < 0 || one.value > end_most.value) end_most = one;
  }
  if (end_least.element < 0 || !counts) return;
  if (least.element < 0 || end_least.value < least.value) least = end_least;
  if (most.element < 0 || end_most.value > most.value) most = end_most;
}

std::optional<Extreme> FigureRecorder::Range::extreme(const Kept& kept) const {
  if (kept.element < 0) return std::nullopt;
  return Extreme{kept.value, kept.time_s, span->quantity->elements[static_cast<std::size_t>(kept.element)]};
}

void FigureRecorder::begin(const RunInfo&, const Schema& schema, const Network& network) {
  schema_ = schema;
  for (const char* name : {"frequency", "bus.frequency", "machine.speed"}) {
    frequency_.span = find_quantity(schema_, name);
    if (!frequency_.span) continue;
    figures_.frequency_source = name;
    if (name == std::string_view("machine.speed")) frequency_.factor = network.frequency_Hz;
    break;
  }
  frequency_.positive_only = true;
  voltage_.span = find_quantity(schema_, "bus.voltage");
  if (voltage_.span) voltage_.energised = Energised(schema_, *voltage_.span->quantity);
  loading_.span = find_quantity(schema_, "branch.loading");
  island_ = find_quantity(schema_, "island");
  if (frequency_.span) frequency_Hz_.resize(frequency_.span->quantity->elements.size());
}

void FigureRecorder::sample(double time_s, std::span<const double> values) {
  if (figures_.samples == 0) {
    start_s_ = time_s;
    count_islands(values, figures_.islands_at_start, figures_.dead_buses_at_start);
  }
  ++figures_.samples;
  figures_.duration_s = time_s - start_s_;
  const bool counts = time_s >= from_s_;
  frequency_.take(time_s, values, counts);
  voltage_.take(time_s, values, counts);
  loading_.take(time_s, values, counts);
  last_.assign(values.begin(), values.end());
  if (!counts) return;
  times_s_.push_back(time_s);
  for (std::size_t e = 0; e < frequency_Hz_.size(); ++e) {
    const double f = frequency_.factor * values[frequency_.span->first + e];
    frequency_Hz_[e].push_back(f > 0 ? f : std::numeric_limits<double>::quiet_NaN());
  }
}

void FigureRecorder::find_rocof() {
  for (std::size_t e = 0; e < frequency_Hz_.size(); ++e) {
    std::optional<Extreme> slope = steepest_slope(times_s_, frequency_Hz_[e], rocof_window_s_);
    if (!slope ||
        (figures_.rocof_Hz_per_s && std::abs(slope->value) <= std::abs(figures_.rocof_Hz_per_s->value)))
      continue;
    slope->where = frequency_.span->quantity->elements[e];
    figures_.rocof_Hz_per_s = slope;
  }
}

void FigureRecorder::event(const LoggedEvent& event) {
  ++figures_.events;
  (concerns_generation(event) ? figures_.generation_lost_MW : figures_.load_lost_MW) += losses_.take(event);
}

void FigureRecorder::end(const RunStatus&) {
  if (figures_.samples == 0) figures_.frequency_source.clear();
  figures_.frequency_nadir_Hz = frequency_.extreme(frequency_.least);
  figures_.frequency_peak_Hz = frequency_.extreme(frequency_.most);
  figures_.frequency_end_min_Hz = frequency_.extreme(frequency_.end_least);
  figures_.frequency_end_max_Hz = frequency_.extreme(frequency_.end_most);
  figures_.voltage_min_pu = voltage_.extreme(voltage_.least);
  figures_.voltage_max_pu = voltage_.extreme(voltage_.most);
  figures_.voltage_end_min_pu = voltage_.extreme(voltage_.end_least);
  figures_.voltage_end_max_pu = voltage_.extreme(voltage_.end_most);
  figures_.loading_max = loading_.extreme(loading_.most);
  find_rocof();
  if (figures_.samples > 0) count_islands(last_, figures_.islands_at_end, figures_.dead_buses_at_end);
}

void FigureRecorder::count_islands(std::span<const double> values, std::optional<std::size_t>& islands,
                                   std::optional<std::size_t>& dead) const {
  if (!island_) return;
  std::set<int> living;
  std::size_t without = 0;
  for (std::size_t e = 0; e < island_->quantity->elements.size(); ++e) {
    const double island = values[island_->first + e];
    if (island >= 0)
      living.insert(static_cast<int>(island));
    else
      ++without;
  }
  islands = living.size();
  dead = without;
}

}  // namespace ballast
