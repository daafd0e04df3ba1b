#include "solver/event_log.hpp"

#include <algorithm>

namespace ballast {

int EventLog::add(LoggedEvent event) {
  event.id = static_cast<int>(events_.size());
  if (event.bus >= 0) event.island = system_->grid.island[event.bus];
  events_.push_back(std::move(event));
  return events_.back().id;
}

int EventLog::add_cause(LoggedEvent event) {
  const int id = add(std::move(event));
  if (islands_.empty() || *islands_.back() != system_->grid.island)
    islands_.push_back(std::make_shared<const std::vector<int>>(system_->grid.island));
  causes_.push_back({id, islands_.back()});
  return id;
}

void EventLog::driver(double time_s, int bus, std::string text) {
  const auto found =
      std::find_if(drivers_.begin(), drivers_.end(), [&](const Driver& d) { return d.bus == bus; });
  if (found == drivers_.end())
    drivers_.push_back({time_s, bus, std::move(text)});
  else
    *found = {time_s, bus, std::move(text)};
}

void EventLog::find_cause(LoggedEvent& event, double pickup_time_s) const {
  const auto together = [&](const std::vector<int>& island, int bus) {
    return event.bus < 0 || bus < 0 || island[bus] == island[event.bus];
  };
  const auto same_island = [&](int bus) { return together(system_->grid.island, bus); };
  for (auto it = causes_.rbegin(); it != causes_.rend(); ++it) {
    const LoggedEvent& candidate = events_[it->event];
    // Opening a branch acts on both islands it makes, closing one on both it joins.
    if (candidate.time_s <= pickup_time_s + 1e-9 &&
        (together(*it->islands, candidate.bus) || same_island(candidate.bus))) {
      event.cause = candidate.id;
      return;
    }
  }
  const Driver* latest = nullptr;
  for (const Driver& d : drivers_)
    if (d.time_s <= pickup_time_s + 1e-9 && same_island(d.bus) &&
        (latest == nullptr || d.time_s > latest->time_s))
      latest = &d;
  event.cause_text = latest != nullptr ? latest->text : "the initial operating point";
}

}  // namespace ballast
