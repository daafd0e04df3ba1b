#include "studies/losses.hpp"

#include <algorithm>
#include <map>

#include "models/datacenter/ups.hpp"

namespace ballast {
namespace {

bool is_locking(const LoggedEvent& event) {
  static const std::string kEnd = std::string(" to ") + Ups::mode_names[Ups::LOCKED];
  return event.kind == "mode" && event.text.starts_with("UPS ") && event.text.ends_with(kEnd);
}

}  // namespace

void LossWatch::event(const LoggedEvent& event) {
  const bool automaton = event.kind == "mode";
  Known known{event.time_s,
              event.cause,
              count_.take(event),
              !concerns_generation(event),
              !automaton && event.kind != "limit" && event.kind != "phase-voltages",
              event.text};
  if (event.cause < 0 && automaton && !event.cause_text.empty()) known.text = event.cause_text;
  if (known.load && known.lost_MW > 0)
    (automaton                     ? figures_.automata_MW
     : event.kind == "island-dead" ? figures_.dead_MW
                                   : figures_.tripped_MW) += known.lost_MW;
  if (automaton) lost_by_[event.device] += known.lost_MW;
  if (is_locking(event) && std::find(locked_.begin(), locked_.end(), event.device) == locked_.end()) {
    if (locked_.empty()) {
      figures_.ups_locked_s = event.time_s;
      figures_.ups_locked_first = event.device;
    }
    locked_.push_back(event.device);
    ++figures_.ups_locked;
  }
  events_.push_back(std::move(known));
}

const std::string& LossWatch::beginning(std::size_t event) const {
  // A cause stands before what it causes, so this ends.
  while (events_[event].cause >= 0 && static_cast<std::size_t>(events_[event].cause) < event)
    event = static_cast<std::size_t>(events_[event].cause);
  return events_[event].text;
}

LossFigures LossWatch::figures() const {
  LossFigures figures = figures_;
  for (const std::string& device : locked_) figures.ups_locked_MW += lost_by_.at(device);
  std::map<std::string, double> by_cause;
  for (std::size_t e = 0; e < events_.size(); ++e)
    if (events_[e].load && events_[e].lost_MW > 0) by_cause[beginning(e)] += events_[e].lost_MW;
  const auto most = std::max_element(by_cause.begin(), by_cause.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most != by_cause.end()) figures.load_cause = most->first;
  return figures;
}

std::string LossWatch::first_cause(std::optional<double> instability_s) const {
  for (std::size_t e = 0; e < events_.size(); ++e)
    if (events_[e].lost_MW > 0) return beginning(e);
  if (!instability_s) return "";
  for (std::size_t e = events_.size(); e-- > 0;)
    if (events_[e].from_outside && events_[e].time_s <= *instability_s) return beginning(e);
  return "";
}

}  // namespace ballast
