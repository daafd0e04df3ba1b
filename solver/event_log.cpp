#include "solver/event_log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <tuple>

namespace ballast {
namespace {

constexpr double kNoticed_pu = 1e-3;        ///< changes of voltage below this are not kept
constexpr double kNoticed_Hz_per_s = 1e-4;  ///< the same of an island's rate of change of frequency
constexpr double kShareOfWay = 0.1;         ///< of the way a voltage went, that one event must have done
constexpr double kShareOfLargest = 0.2;     ///< of the largest effect on the frequency
constexpr double kMoved_pu = 0.02;          ///< of "voltage or frequency": the voltage moved
constexpr double kSwing_s = 2;              ///< in which a swing goes on after what began it
constexpr double kSwing_Hz_per_s = 0.1;     ///< what turns the frequency less begins none
constexpr double kEarly = 1e-9;             ///< s: events share an instant

double change_at(const std::vector<std::pair<int, float>>& changes, int bus) {
  const auto found = std::lower_bound(changes.begin(), changes.end(), bus,
                                      [](const auto& change, int b) { return change.first < b; });
  return found != changes.end() && found->first == bus ? found->second : 0;
}

std::vector<std::pair<int, float>> changes_of(const std::vector<double>& before,
                                              const std::vector<double>& after, double noticed) {
  std::vector<std::pair<int, float>> changes;
  for (std::size_t b = 0; b < before.size(); ++b)
    if (const double change = after[b] - before[b]; std::abs(change) >= noticed)
      changes.emplace_back(static_cast<int>(b), static_cast<float>(change));
  return changes;
}

}  // namespace

Watched watched_of(const std::string& quantity) {
  const auto names = [&](const char* word) { return quantity.find(word) != std::string::npos; };
  if ((names("voltage") && names("frequency")) || names("volts per hertz")) return Watched::EITHER;
  if (names("voltage")) return Watched::VOLTAGE;
  if (names("frequency") || quantity == "speed") return Watched::FREQUENCY;
  for (const char* word : {"current", "loading", "impedance", "resistance", "synchronism", "flow"})
    if (names(word)) return Watched::FLOW;
  return Watched::OWN;
}

int EventLog::add(LoggedEvent event) {
  event.id = static_cast<int>(events_.size());
  if (event.bus >= 0) event.island = system_->grid.island[event.bus];
  events_.push_back(std::move(event));
  return events_.back().id;
}

int EventLog::add_cause(LoggedEvent event, bool network, double until_s) {
  const int id = add(std::move(event));
  if (islands_.empty() || *islands_.back() != system_->grid.island)
    islands_.push_back(std::make_shared<const std::vector<int>>(system_->grid.island));
  causes_.push_back({id, network, until_s, islands_.back(), nullptr});
  return id;
}

void EventLog::driver(double time_s, int bus, std::string text, int event) {
  const auto found =
      std::find_if(drivers_.begin(), drivers_.end(), [&](const Driver& d) { return d.bus == bus; });
  Driver now{time_s, bus, std::move(text), event};
  if (found == drivers_.end())
    drivers_.push_back(std::move(now));
  else
    *found = std::move(now);
}

void EventLog::jumped(const Motion& before, const Motion& after) {
  if (weighed_ == causes_.size()) return;
  const auto impact = std::make_shared<const Impact>(
      Impact{changes_of(before.voltage_pu, after.voltage_pu, kNoticed_pu),
             changes_of(before.acceleration_Hz_per_s, after.acceleration_Hz_per_s, kNoticed_Hz_per_s)});
  for (; weighed_ < causes_.size(); ++weighed_)
    if (causes_[weighed_].until_s == -kInfinity) causes_[weighed_].impact = impact;
}

bool EventLog::same_island(const Cause& cause, int bus) const {
  // Opening a branch acts on both islands it makes, closing one on both it joins.
  const int at = events_[cause.event].bus;
  if (bus < 0 || at < 0) return true;
  return (*cause.islands)[at] == (*cause.islands)[bus] ||
         system_->grid.island[at] == system_->grid.island[bus];
}

int EventLog::leader(const Cause& last, const Crossing& crossing) const {
  if (last.impact == nullptr) return last.event;
  const Cause* best = &last;
  const auto rank = [&](const Cause& c) {
    return std::tuple(c.network, std::abs(events_[c.event].power_MW), c.event);
  };
  for (auto it = causes_.rbegin(); it != causes_.rend(); ++it)
    if (it->impact == last.impact && same_island(*it, crossing.bus) && rank(*it) > rank(*best)) best = &*it;
  return best->event;
}

Explanation EventLog::explain(const Crossing& crossing) const {
  std::vector<const Cause*> candidates;  // the latest first
  for (auto it = causes_.rbegin(); it != causes_.rend(); ++it)
    if (events_[it->event].time_s <= crossing.time_s + kEarly && same_island(*it, crossing.bus))
      candidates.push_back(&*it);
  if (weighed_ == 0 && !candidates.empty())  // nobody says what events did
    return {candidates.front()->event, "the last event of its island"};
  const auto voltage = [&](const Cause& c) {
    return c.impact == nullptr ? 0 : change_at(c.impact->voltage_pu, crossing.bus);
  };
  const auto surge = [&](const Cause& c) {
    return c.impact == nullptr ? 0 : change_at(c.impact->acceleration_Hz_per_s, crossing.bus);
  };
  const Watched watched = crossing.watched != Watched::EITHER                ? crossing.watched
                          : std::abs(crossing.voltage_moved_pu) >= kMoved_pu ? Watched::VOLTAGE
                                                                             : Watched::FREQUENCY;
  const auto effect = [&](const Cause& c) {  // positive: the way the quantity went
    switch (watched) {
      case Watched::VOLTAGE:
        return std::copysign(1.0, crossing.voltage_moved_pu) * voltage(c);
      case Watched::FREQUENCY:
        return std::copysign(1.0, crossing.frequency_moved_Hz) * surge(c);
      case Watched::FLOW:
        return std::abs(voltage(c));
      case Watched::EITHER:
      case Watched::OWN:
        break;
    }
    return 0.0;
  };
  double largest = 0;
  for (const Cause* c : candidates) largest = std::max(largest, effect(*c));
  const double enough = watched == Watched::VOLTAGE
                            ? std::min(largest, kShareOfWay * std::abs(crossing.voltage_moved_pu))
                            : kShareOfLargest * largest;
  for (const Cause* c : candidates) {
    if (c->until_s >= crossing.time_s - kEarly) return {c->event, "a ramp in force at the pickup"};
    if (largest <= 0 || effect(*c) < enough || effect(*c) <= 0) continue;
    return {leader(*c, crossing), watched == Watched::FREQUENCY
                                      ? fmt::format("it turned the frequency here by {:+.3g} Hz/s", surge(*c))
                                      : fmt::format("it moved the voltage here by {:+.3f} pu", voltage(*c))};
  }
  // None moved it this way at once: a swing crosses thresholds both ways after what began it.
  const Cause* began = nullptr;
  double swing = watched == Watched::FREQUENCY ? kSwing_Hz_per_s : kNoticed_pu;
  for (const Cause* c : candidates) {
    if (events_[c->event].time_s < crossing.time_s - kSwing_s) break;
    const double moved = std::abs(watched == Watched::FREQUENCY ? surge(*c) : voltage(*c));
    if (moved <= swing) continue;
    swing = moved;
    began = c;
  }
  if (began != nullptr)
    return {leader(*began, crossing),
            watched == Watched::FREQUENCY
                ? fmt::format("a swing since it turned the frequency here by {:+.3g} Hz/s", surge(*began))
                : fmt::format("a swing since it moved the voltage here by {:+.3f} pu", voltage(*began))};
  const Driver* latest = nullptr;
  for (const Driver& d : drivers_)
    if (d.time_s <= crossing.time_s + kEarly &&
        (crossing.bus < 0 || system_->grid.island[d.bus] == system_->grid.island[crossing.bus]) &&
        (latest == nullptr || d.time_s > latest->time_s))
      latest = &d;
  if (latest != nullptr) return {latest->event, latest->text};
  if (!candidates.empty())
    return {leader(*candidates.front(), crossing),
            "the last event of its island; none moved the quantity at once"};
  return {-1, "the initial operating point"};
}

}  // namespace ballast
