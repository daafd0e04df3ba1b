#include "studies/cascade/islands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "grid/network.hpp"

namespace ballast {
namespace {

constexpr double kNever_s = std::numeric_limits<double>::infinity();

std::vector<int> columns_of(const std::optional<QuantitySpan>& span, std::size_t buses) {
  std::vector<int> column(buses, -1);
  if (span)
    for (std::size_t e = 0; e < span->quantity->indices.size(); ++e)
      column[span->quantity->indices[e]] = static_cast<int>(e);
  return column;
}

void widen(std::optional<Extreme>& low, std::optional<Extreme>& high, double value, double time_s,
           const std::string& where) {
  if (!low || value < low->value) low = {value, time_s, where};
  if (!high || value > high->value) high = {value, time_s, where};
}

}  // namespace

const char* name_of(Fate fate) {
  constexpr const char* kNames[] = {"survived", "strained", "collapsed", "blacked out", "parted", "joined"};
  return kNames[static_cast<int>(fate)];
}

void IslandWatch::begin(const RunInfo&, const Schema& schema, const Network& network) {
  schema_ = schema;
  nominal_Hz_ = network.frequency_Hz;
  island_ = find_quantity(schema_, "island");
  voltage_ = find_quantity(schema_, "bus.voltage");
  frequency_ = find_quantity(schema_, "bus.frequency");
  int most = -1;
  for (const auto* span : {&island_, &voltage_, &frequency_})
    if (*span)
      for (const int bus : (*span)->quantity->indices) most = std::max(most, bus);
  label_.assign(most + 1, "");
  if (island_)
    for (std::size_t e = 0; e < island_->quantity->indices.size(); ++e)
      label_[island_->quantity->indices[e]] = island_->quantity->elements[e];
  voltage_column_ = columns_of(voltage_, label_.size());
  frequency_column_ = columns_of(frequency_, label_.size());
  low_since_s_.assign(label_.size(), kNever_s);
}

double IslandWatch::value(const std::optional<QuantitySpan>& span, const std::vector<int>& column, int bus,
                          std::span<const double> values) const {
  return span && column[bus] >= 0 ? values[span->first + column[bus]]
                                  : std::numeric_limits<double>::quiet_NaN();
}

void IslandWatch::sample(double time_s, std::span<const double> values) {
  if (!island_) return;
  const std::size_t n = island_->quantity->elements.size();
  const std::span<const double> numbers = values.subspan(island_->first, n);
  if (numbers_.empty() || !std::equal(numbers.begin(), numbers.end(), numbers_.begin())) {
    regroup(time_s, numbers);
    numbers_.assign(numbers.begin(), numbers.end());
  }
  for (const std::size_t i : alive_) watch(islands_[i], time_s, values);
  last_s_ = time_s;
}

void IslandWatch::regroup(double time_s, std::span<const double> numbers) {
  std::map<double, std::vector<int>> groups;  // by number
  for (std::size_t e = 0; e < numbers.size(); ++e)
    if (numbers[e] >= 0) groups[numbers[e]].push_back(island_->quantity->indices[e]);
  const std::vector<std::size_t> before = alive_;
  alive_.clear();
  std::vector<char> stays(before.size(), 0);
  std::vector<std::size_t> old_of(label_.size(), before.size());  // [bus] its island before
  for (std::size_t k = 0; k < before.size(); ++k)
    for (const int bus : islands_[before[k]].buses) old_of[bus] = k;
  std::vector<int> pieces(before.size(), 0);
  std::vector<char> joins(before.size(), 0);
  std::vector<IslandStory> born;
  for (auto& [number, buses] : groups) {
    std::vector<std::size_t> from;  // old islands; before.size() for dead buses
    for (const int bus : buses)
      if (std::find(from.begin(), from.end(), old_of[bus]) == from.end()) from.push_back(old_of[bus]);
    const bool dead_before = std::find(from.begin(), from.end(), before.size()) != from.end();
    std::erase(from, before.size());
    for (const std::size_t k : from) {
      ++pieces[k];
      joins[k] = joins[k] || from.size() > 1 || dead_before ? 1 : 0;
    }
    if (from.size() == 1 && !dead_before && islands_[before[from.front()]].buses == buses) {
      stays[from.front()] = 1;
      alive_.push_back(before[from.front()]);
      continue;
    }
    IslandStory story;
    story.buses = std::move(buses);
    story.label = label_[story.buses.front()];
    story.from_s = time_s;
    story.restored = dead_before && !numbers_.empty();
    story.parted = from.size() == 1 && !dead_before;
    born.push_back(std::move(story));
  }
  for (std::size_t k = 0; k < before.size(); ++k)
    if (stays[k] == 0)
      close(before[k], time_s,
            pieces[k] == 0  ? Fate::BLACKED_OUT
            : joins[k] != 0 ? Fate::JOINED
                            : Fate::PARTED);
  for (IslandStory& story : born) {
    for (const int bus : story.buses) low_since_s_[bus] = kNever_s;
    alive_.push_back(islands_.size());
    islands_.push_back(std::move(story));
  }
}

void IslandWatch::close(std::size_t island, double time_s, Fate fate) {
  IslandStory& story = islands_[island];
  story.to_s = time_s;
  if (story.fate != Fate::COLLAPSED) story.fate = fate;
}

void IslandWatch::watch(IslandStory& island, double time_s, std::span<const double> values) {
  island.voltage_end_min_pu.reset();
  island.voltage_end_max_pu.reset();
  const auto collapses = [&](std::string why) {
    if (island.fate == Fate::COLLAPSED) return;
    island.fate = Fate::COLLAPSED;
    island.why = std::move(why);
  };
  for (const int bus : island.buses) {
    if (const double V = value(voltage_, voltage_column_, bus, values); std::isfinite(V)) {
      widen(island.voltage_min_pu, island.voltage_max_pu, V, time_s, label_[bus]);
      widen(island.voltage_end_min_pu, island.voltage_end_max_pu, V, time_s, label_[bus]);
      double& since = low_since_s_[bus];
      since = V < criteria_.collapse_voltage_pu ? std::min(since, time_s) : kNever_s;
      if (time_s - since >= criteria_.collapse_for_s)
        collapses(fmt::format("voltage: bus {} below {:g} pu from {:.2f} s on for {:g} s", label_[bus],
                              criteria_.collapse_voltage_pu, since, criteria_.collapse_for_s));
    }
    const double f = value(frequency_, frequency_column_, bus, values);
    if (!std::isfinite(f) || f <= 0) continue;
    widen(island.frequency_min_Hz, island.frequency_max_Hz, f, time_s, label_[bus]);
    island.frequency_end_Hz = f;
    if (std::abs(f / nominal_Hz_ - 1) > criteria_.collapse_frequency)
      collapses(fmt::format("frequency: {:.2f} Hz at {:.2f} s", f, time_s));
  }
}

void IslandWatch::end(const RunStatus& status) {
  for (const std::size_t i : alive_) {
    IslandStory& island = islands_[i];
    close(i, last_s_, Fate::SURVIVED);
    if (island.fate == Fate::COLLAPSED) continue;
    if (!status.completed) {
      island.fate = Fate::STRAINED;
      island.why = "the run ended early: " + status.outcome;
      continue;
    }
    const auto strained = [&](std::string why) {
      island.fate = Fate::STRAINED;
      island.why += (island.why.empty() ? "" : "; ") + why;
    };
    if (island.frequency_end_Hz &&
        std::abs(*island.frequency_end_Hz / nominal_Hz_ - 1) > criteria_.held_frequency)
      strained(fmt::format("{:.2f} Hz at the end", *island.frequency_end_Hz));
    if (island.voltage_end_min_pu && island.voltage_end_min_pu->value < criteria_.held_low_pu)
      strained(fmt::format("{:.3f} pu at bus {} at the end", island.voltage_end_min_pu->value,
                           island.voltage_end_min_pu->where));
    if (island.voltage_end_max_pu && island.voltage_end_max_pu->value > criteria_.held_high_pu)
      strained(fmt::format("{:.3f} pu at bus {} at the end", island.voltage_end_max_pu->value,
                           island.voltage_end_max_pu->where));
  }
}

}  // namespace ballast
