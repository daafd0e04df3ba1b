#include "studies/stability_watch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ballast {
namespace {

constexpr double kTurn_deg = 360;
constexpr std::size_t kBins = 1000;  ///< of the run, for the time since which everything rests
constexpr double kNotYet = std::numeric_limits<double>::infinity();

void keep_largest(std::optional<Extreme>& kept, double value, double time_s, const std::string& where) {
  if (!kept || value > kept->value) kept = Extreme{value, time_s, where};
}

}  // namespace

StabilityWatch::StabilityWatch(const System& system, const StabilityCriteria& criteria, double until_s)
    : system_(system), criteria_(criteria), until_s_(until_s) {
  for (std::size_t i = 0; i < system.parts().size(); ++i) {
    const PartRef& part = system.parts()[i];
    const PartGroup& group = system.group(part.group);
    if (!group.forms_voltage) continue;
    rotors_.push_back({system.plants()[part.plant].name, part.plant, group.inertia(part.index)});
  }
}

void StabilityWatch::begin(const Schema& schema) {
  schema_ = schema;
  const auto angle = find_quantity(schema_, "machine.angle");
  const auto island = find_quantity(schema_, "island");
  for (Rotor& rotor : rotors_) {
    if (!angle || !island) break;
    const std::vector<std::string>& names = angle->quantity->elements;
    const auto at = std::find(names.begin(), names.end(), rotor.name);
    const std::vector<int>& buses = island->quantity->indices;
    const auto bus = std::find(buses.begin(), buses.end(), system_.plants()[rotor.plant].bus);
    if (at == names.end() || bus == buses.end()) continue;
    rotor.angle = static_cast<std::ptrdiff_t>(angle->first) + (at - names.begin());
    rotor.island = static_cast<std::ptrdiff_t>(island->first) + (bus - buses.begin());
  }
  const auto move = [&](const QuantitySpan& span, double allowed) {
    for (std::size_t e = 0; e < span.quantity->elements.size(); ++e)
      moving_.push_back({span.first + e, 0, 0, allowed});
  };
  voltage_ = find_quantity(schema_, "bus.voltage");
  if (voltage_) {
    energised_ = Energised(schema_, *voltage_->quantity);
    low_since_s_.assign(voltage_->quantity->elements.size(), kNotYet);
    lowest_pu_.assign(low_since_s_.size(), 0);
    move(*voltage_, criteria_.settled_voltage_pu);
  }
  if (const auto frequency = find_quantity(schema_, "frequency"))
    move(*frequency, criteria_.settled_frequency_Hz);
}

void StabilityWatch::sample(double time_s, std::span<const double> values) {
  last_s_ = time_s;
  watch_rotors(time_s, values);
  watch_voltages(time_s, values);
  watch_rest(time_s, values);
}

void StabilityWatch::watch_rotors(double time_s, std::span<const double> values) {
  living_.clear();
  for (Rotor& rotor : rotors_) {
    if (rotor.angle < 0 || !system_.is_active(rotor.plant)) continue;
    rotor.island_now = static_cast<int>(values[rotor.island]);
    if (rotor.island_now >= 0) living_.push_back(&rotor);
  }
  const auto earlier = [](const Rotor* a, const Rotor* b) { return a->island_now < b->island_now; };
  if (!std::is_sorted(living_.begin(), living_.end(), earlier))
    std::stable_sort(living_.begin(), living_.end(), earlier);
  for (auto first = living_.begin(); first != living_.end();) {
    const int island = (*first)->island_now;
    const auto last =
        std::find_if(first, living_.end(), [&](const Rotor* r) { return r->island_now != island; });
    const std::span<Rotor* const> rotors(first, last);
    first = last;
    // An island that is new to any of its rotors counts its turns anew, from its heaviest rotor.
    const bool changed =
        std::any_of(rotors.begin(), rotors.end(), [&](const Rotor* r) { return r->last_island != island; });
    if (changed) {
      const Rotor* heaviest = *std::max_element(
          rotors.begin(), rotors.end(), [](const Rotor* a, const Rotor* b) { return a->weight < b->weight; });
      for (Rotor* r : rotors) {
        r->last_island = island;
        r->turns_deg = kTurn_deg * std::round((values[r->angle] - values[heaviest->angle]) / kTurn_deg);
      }
    }
    watch_island(time_s, values, rotors);
  }
}

void StabilityWatch::watch_island(double time_s, std::span<const double> values,
                                  std::span<Rotor* const> rotors) {
  const bool infinite =
      std::any_of(rotors.begin(), rotors.end(), [](const Rotor* r) { return std::isinf(r->weight); });
  double weight = 0;
  double centre = 0;
  const Rotor* ahead = rotors.front();
  const Rotor* behind = rotors.front();
  const auto angle = [&](const Rotor* r) { return values[r->angle] - r->turns_deg; };
  for (const Rotor* r : rotors) {
    const double w = infinite ? (std::isinf(r->weight) ? 1 : 0) : r->weight;
    weight += w;
    centre += w * angle(r);
    if (angle(r) > angle(ahead)) ahead = r;
    if (angle(r) < angle(behind)) behind = r;
  }
  if (!(weight > 0)) return;
  centre /= weight;
  const Rotor* furthest = angle(ahead) - centre >= centre - angle(behind) ? ahead : behind;
  const double departure = std::abs(angle(furthest) - centre);
  keep_largest(figures_.departure_deg, departure, time_s, furthest->name);
  if (!figures_.loss && departure > criteria_.angle_deg)
    figures_.loss = Extreme{departure, time_s, furthest->name};
  const double difference = angle(ahead) - angle(behind);
  if (!figures_.difference_deg || difference > figures_.difference_deg->value)
    figures_.difference_deg = Extreme{difference, time_s, fmt::format("{} to {}", ahead->name, behind->name)};
}

void StabilityWatch::watch_voltages(double time_s, std::span<const double> values) {
  if (!voltage_) return;
  for (std::size_t e = 0; e < low_since_s_.size(); ++e) {
    const double voltage = values[voltage_->first + e];
    if (!(voltage < criteria_.collapse_voltage_pu) || !energised_(values, e)) {
      low_since_s_[e] = kNotYet;
      continue;
    }
    if (low_since_s_[e] == kNotYet) {
      low_since_s_[e] = time_s;
      lowest_pu_[e] = voltage;
    }
    lowest_pu_[e] = std::min(lowest_pu_[e], voltage);
    if (!figures_.collapse && time_s - low_since_s_[e] >= criteria_.collapse_for_s)
      figures_.collapse = Extreme{lowest_pu_[e], time_s, voltage_->quantity->elements[e]};
  }
}

void StabilityWatch::remember_ranges(double time_s, std::span<const double> values) {
  if (!(until_s_ > 0)) return;
  const double share = std::clamp(time_s / until_s_, 0.0, 1.0);
  const std::size_t bin = std::min(static_cast<std::size_t>(share * kBins), kBins - 1);
  constexpr float kInfinitely = std::numeric_limits<float>::infinity();
  while (ranges_.size() <= bin) ranges_.emplace_back(moving_.size(), std::pair(kInfinitely, -kInfinitely));
  for (std::size_t m = 0; m < moving_.size(); ++m) {
    const auto value = static_cast<float>(values[moving_[m].column]);
    auto& [least, most] = ranges_[bin][m];
    least = std::min(least, value);
    most = std::max(most, value);
  }
}

double StabilityWatch::settled_from() const {
  std::size_t latest = 0;  // the first bin from which on every value rests
  for (std::size_t m = 0; m < moving_.size(); ++m) {
    auto [least, most] = ranges_.back()[m];
    for (std::size_t bin = ranges_.size(); bin-- > latest;) {
      least = std::min(least, ranges_[bin][m].first);
      most = std::max(most, ranges_[bin][m].second);
      if (most - least <= moving_[m].allowed) continue;
      latest = bin + 1;
      break;
    }
  }
  return static_cast<double>(latest) * until_s_ / kBins;
}

void StabilityWatch::watch_rest(double time_s, std::span<const double> values) {
  remember_ranges(time_s, values);
  if (time_s < until_s_ - criteria_.settled_window_s) return;
  for (Moving& m : moving_) {
    const double value = values[m.column];
    m.least = in_window_ ? std::min(m.least, value) : value;
    m.most = in_window_ ? std::max(m.most, value) : value;
  }
  in_window_ = true;
}

StabilityFigures StabilityWatch::figures() const {
  StabilityFigures figures = figures_;
  if (in_window_ && last_s_ >= until_s_ * (1 - 1e-9))
    figures.settled = !figures.loss && std::all_of(moving_.begin(), moving_.end(), [](const Moving& m) {
      return m.most - m.least <= m.allowed;
    });
  if (figures.settled.value_or(false) && !ranges_.empty()) figures.settled_from_s = settled_from();
  return figures;
}

}  // namespace ballast
