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
  causes_.push_back(id);
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
  const auto same_island = [&](int bus) {
    return event.bus < 0 || bus < 0 || system_->grid.island[bus] == system_->grid.island[event.bus];
  };
  for (auto it = causes_.rbegin(); it != causes_.rend(); ++it) {
    const LoggedEvent& candidate = events_[*it];
    if (candidate.time_s <= pickup_time_s + 1e-9 && same_island(candidate.bus)) {
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
