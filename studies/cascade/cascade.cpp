#include "studies/cascade/cascade.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "grid/error.hpp"
#include "studies/figures.hpp"

namespace ballast {
namespace {

/// "UPS Campus-A.ups: normal to battery" -> {"UPS", "normal to battery"}; a reference on a ramp -> its part's
/// name and what it does; else the kind, "".
std::pair<std::string, std::string> move_of(const LoggedEvent& event) {
  if (event.kind == "reference-ramp" && event.text.starts_with(event.device + ": ")) {
    const auto dot = event.device.rfind('.');
    return {dot == std::string::npos ? event.device : event.device.substr(dot + 1),
            event.text.substr(event.device.size() + 2)};
  }
  if (event.kind != "mode") return {event.kind, ""};
  const std::string mark = " " + event.device + ": ";
  const auto at = event.text.find(mark);
  if (at == std::string::npos) return {event.text, ""};
  return {event.text.substr(0, at), event.text.substr(at + mark.size())};
}

/// What nothing in the log caused is gathered only while less than this apart, s.
constexpr double kOnePeriod = 1;

/// Moves of automata are alike by model and move, references by part and ramp; trips and shed loads by their
/// kind; everything else stands alone.
bool may_gather(const LoggedEvent& event) {
  return event.kind == "mode" || event.kind == "reference-ramp" || event.kind == "load-shed" ||
         event.kind.ends_with("-tripped") || event.kind == "limit";
}

/// "48 machines tripped": many events of one kind.
std::string many(std::size_t count, const std::string& kind) {
  constexpr std::string_view kTripped = "-tripped";
  if (kind == "load-shed") return fmt::format("{} stages of load were shed", count);
  if (!kind.ends_with(kTripped)) return fmt::format("{} times: {}", count, kind);
  const std::string what = kind.substr(0, kind.size() - kTripped.size());
  return fmt::format("{} {} tripped", count,
                     what == "bess"     ? "batteries"
                     : what == "netted" ? "generators"
                                        : what + "s");
}

std::string what_of(const CascadeStep& step, const std::vector<LoggedEvent>& events) {
  const LoggedEvent& first = events[step.events.front()];
  if (step.events.size() == 1) return first.text;
  const auto [model, move] = move_of(first);
  return move.empty() ? many(step.events.size(), model)
                      : fmt::format("{} {}: {}", step.events.size(), model, move);
}

}  // namespace

Cascade cascade_of(const std::vector<LoggedEvent>& events) {
  Cascade cascade;
  LossCount losses;
  // Events have one step when their causes have: step of the cause, model or kind, move.
  std::map<std::tuple<int, std::string, std::string>, int> gathered;
  for (std::size_t e = 0; e < events.size(); ++e) {
    const LoggedEvent& event = events[e];
    const int id = static_cast<int>(e);
    if (event.id != id || event.cause >= id)
      throw Error(fmt::format("event {} of the record", id),
                  fmt::format("its number is {}, its cause {}: causes come before their effects", event.id,
                              event.cause),
                  "the record is damaged; run the case again");
    if (event.cause < 0 && event.cause_text.empty()) cascade.unexplained.push_back(id);
    const int cause = event.cause < 0 ? -1 : cascade.step_of[event.cause];
    const auto [model, move] = move_of(event);
    int step = -1;
    if (may_gather(event)) {
      const auto [found, fresh] =
          gathered.try_emplace({cause, model, move}, static_cast<int>(cascade.steps.size()));
      if (!fresh && (cause >= 0 || event.time_s - cascade.steps[found->second].last_s < kOnePeriod))
        step = found->second;
      else
        found->second = static_cast<int>(cascade.steps.size());
    }
    if (step < 0) {
      step = static_cast<int>(cascade.steps.size());
      CascadeStep& s = cascade.steps.emplace_back();
      s.first_s = event.time_s;
      s.how = event.cause_text;
      s.island = event.island;
      s.cause = cause;
      s.depth = cause < 0 ? 0 : cascade.steps[cause].depth + 1;
      if (cause < 0)
        cascade.beginnings.push_back(step);
      else
        cascade.steps[cause].effects.push_back(step);
    }
    CascadeStep& s = cascade.steps[step];
    s.events.push_back(id);
    s.last_s = event.time_s;
    const double counted = losses.take(event);
    if (concerns_generation(event)) {
      s.generation_lost_MW += counted;
    } else {
      s.load_lost_MW += std::max(0.0, -event.power_MW);
      s.load_counted_MW += counted;
      s.returned_MW += std::max(0.0, event.power_MW);
    }
    cascade.step_of.push_back(step);
  }
  for (CascadeStep& s : cascade.steps) {
    s.what = what_of(s, events);
    cascade.load_lost_MW += s.load_counted_MW;
    cascade.generation_lost_MW += s.generation_lost_MW;
  }
  return cascade;
}

double load_lost_from(const Cascade& cascade, int step) {
  double lost = cascade.steps[step].load_counted_MW;
  for (const int effect : cascade.steps[step].effects) lost += load_lost_from(cascade, effect);
  return lost;
}

}  // namespace ballast
