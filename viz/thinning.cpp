#include "viz/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace ballast {
namespace {

constexpr double kBefore_s = 0.2, kAfter_s = 1.0;  // of an event, shown in more detail

}  // namespace

Thinning::Thinning(const Record& record, std::size_t rows) {
  const std::vector<double>& times = record.times_s;
  const std::size_t count = times.size();
  if (count <= rows) {
    for (std::size_t k = 0; k <= count; ++k) starts_.push_back(k);
    times_s_ = times;
    return;
  }
  const auto first_at = [&](double time) {
    return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), time) - times.begin());
  };
  const auto first_after = [&](double time) {
    return static_cast<std::size_t>(std::upper_bound(times.begin(), times.end(), time) - times.begin());
  };
  const std::size_t buckets = std::max<std::size_t>(rows / 2, 8);
  std::set<std::size_t> starts = {0, count};
  const double duration_s = times.back() - times.front();
  for (std::size_t b = 1; b < buckets / 2; ++b)
    starts.insert(
        first_at(times.front() + duration_s * static_cast<double>(b) / (static_cast<double>(buckets) / 2)));

  std::set<double> instants;
  for (const LoggedEvent& event : record.events) instants.insert(event.time_s);
  // Each event has its share of the rows; of very many events, some share a bucket.
  const std::size_t share = instants.empty() ? 0 : buckets / 2 / instants.size();
  const std::size_t skip = share > 0 ? 1 : 1 + 2 * instants.size() / buckets;
  std::size_t number = 0;
  for (const double instant : instants) {
    if (number++ % skip != 0) continue;
    for (std::size_t k = first_at(instant); k <= first_after(instant) && k < count; ++k) starts.insert(k);
    const std::size_t from = first_at(instant - kBefore_s), to = first_after(instant + kAfter_s);
    const std::size_t step = std::max<std::size_t>(1, (to - from) / std::max<std::size_t>(share, 1));
    for (std::size_t k = from; share > 0 && k < to; k += step) starts.insert(k);
  }
  starts_.assign(starts.begin(), starts.end());

  for (std::size_t b = 0; b + 1 < starts_.size(); ++b) {
    const double first_s = times[starts_[b]], last_s = times[starts_[b + 1] - 1];
    const std::size_t size = starts_[b + 1] - starts_[b];
    times_s_.push_back(size <= 2 ? first_s : first_s + 0.25 * (last_s - first_s));
    if (size >= 2) times_s_.push_back(size == 2 ? last_s : first_s + 0.75 * (last_s - first_s));
  }
}

std::vector<double> Thinning::series(std::span<const double> table, std::size_t columns,
                                     std::size_t column) const {
  constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> values;
  values.reserve(times_s_.size());
  for (std::size_t b = 0; b + 1 < starts_.size(); ++b) {
    const std::size_t from = starts_[b], to = starts_[b + 1];
    if (to - from <= 2) {
      for (std::size_t k = from; k < to; ++k) values.push_back(table[k * columns + column]);
      continue;
    }
    double min = kGap, max = kGap;
    std::size_t at_min = from, at_max = from;
    for (std::size_t k = from; k < to; ++k) {
      const double value = table[k * columns + column];
      if (std::isnan(value)) continue;
      if (!(value >= min)) min = value, at_min = k;  // also when there was none before
      if (!(value <= max)) max = value, at_max = k;
    }
    values.push_back(at_min <= at_max ? min : max);
    values.push_back(at_min <= at_max ? max : min);
  }
  return values;
}

}  // namespace ballast
