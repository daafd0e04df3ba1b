#include "studies/cascade/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace ballast {
namespace {

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string when(const CascadeStep& step) {
  return step.last_s - step.first_s < 5e-4
             ? fmt::format("at {:.3f} s", step.first_s)
             : fmt::format("from {:.3f} to {:.3f} s", step.first_s, step.last_s);
}

std::string megawatts(const CascadeStep& step) {
  std::string text;
  const auto add = [&](double MW, const char* what) {
    if (MW >= 0.05) text += fmt::format("{}{:.1f} MW {}", text.empty() ? "" : ", ", MW, what);
  };
  add(step.load_lost_MW, "of load lost");
  add(step.generation_lost_MW, "of generation lost");
  add(step.returned_MW, "of load back");
  return text.empty() ? "" : " (" + text + ")";
}

/// ": bus voltage 0.4 against a setting of 0.85, across it for 10 ms": what the first event of a step saw.
std::string seen(const LoggedEvent& event) {
  if (event.quantity.empty() || event.threshold == 0) return {};
  std::string text = std::isfinite(event.value)
                         ? fmt::format(": {} {:.4g} against a setting of {:.4g}", event.quantity, event.value,
                                       event.threshold)
                         : fmt::format(": {} past a setting of {:.4g}", event.quantity, event.threshold);
  if (event.duration_s >= 1)
    text += fmt::format(", across it for {:.2f} s", event.duration_s);
  else if (event.duration_s > 0)
    text += fmt::format(", across it for {:.3g} ms", 1e3 * event.duration_s);
  return text;
}

/// "UPS A.ups: normal to battery" as a clause: "UPS A.ups went from normal to battery".
std::string clause(const CascadeStep& step, const std::vector<LoggedEvent>& events) {
  const auto colon = step.what.find(": ");
  if (events[step.events.front()].kind != "mode" || colon == std::string::npos) return step.what;
  return step.what.substr(0, colon) + " went from " + step.what.substr(colon + 2);
}

/// How the cause acted, as the end of a sentence. `cause`: "that", or what it was and when.
std::string because(const std::string& how, const std::string& cause) {
  const auto rest = [&](const char* start) { return how.substr(std::string(start).size()); };
  if (how.starts_with("it moved the voltage here"))
    return fmt::format("; {} had moved the voltage there{}", cause, rest("it moved the voltage here"));
  if (how.starts_with("it turned the frequency here"))
    return fmt::format("; {} had turned the frequency there{}", cause, rest("it turned the frequency here"));
  if (how == "the sequence of the case file") return ", as the case says";
  if (how == "its order") return ", as ordered";
  if (how == "what it watches") return fmt::format(", which watches {}", cause);
  if (how == "a delay after it") return fmt::format(", a delay after {}", cause);
  if (how.empty()) return fmt::format(", because of {}", cause);
  return fmt::format("; cause: {} ({})", cause, how);
}

std::string sentence(const Cascade& cascade, int k, const std::vector<LoggedEvent>& events, int told_before) {
  const CascadeStep& step = cascade.steps[k];
  const std::string text = fmt::format("{} {}{}", capital(when(step)), clause(step, events), megawatts(step));
  if (step.cause < 0)
    return text + (step.how == "case file" ? ", as the case says." : fmt::format(" (cause: {}).", step.how));
  const CascadeStep& cause = cascade.steps[step.cause];
  return text + seen(events[step.events.front()]) +
         because(step.how, step.cause == told_before
                               ? "that"
                               : fmt::format("{} ({})", clause(cause, events), when(cause))) +
         ".";
}

std::string range(const std::optional<Extreme>& low, const std::optional<Extreme>& high, int digits,
                  const char* unit) {
  return fmt::format("{:.{}f} to {:.{}f} {}", low->value, digits, high->value, digits, unit);
}

std::string paragraph(const IslandStory& island) {
  std::string text = fmt::format("The island of {} bus{} around bus {}", island.buses.size(),
                                 island.buses.size() == 1 ? "" : "es", island.label);
  text += island.restored     ? fmt::format(", back since {:.3f} s,", island.from_s)
          : island.parted     ? fmt::format(", separated at {:.3f} s,", island.from_s)
          : island.from_s > 0 ? fmt::format(", one since {:.3f} s,", island.from_s)
                              : "";
  switch (island.fate) {
    case Fate::SURVIVED:
      text += " survived to the end";
      break;
    case Fate::STRAINED:
      text += fmt::format(" was alive at the end but outside its limits ({})", island.why);
      break;
    case Fate::COLLAPSED:
      text += fmt::format(" collapsed ({})", island.why);
      break;
    case Fate::BLACKED_OUT:
      text += fmt::format(" went dark at {:.3f} s, without a source", island.to_s);
      break;
    case Fate::PARTED:
      text += fmt::format(" broke into several at {:.3f} s", island.to_s);
      break;
    case Fate::JOINED:
      text += fmt::format(" became part of a larger one at {:.3f} s", island.to_s);
      break;
  }
  if (island.frequency_min_Hz)
    text += "; frequency " + range(island.frequency_min_Hz, island.frequency_max_Hz, 3, "Hz");
  if (island.voltage_min_pu)
    text += "; voltage " + range(island.voltage_min_pu, island.voltage_max_pu, 3, "pu");
  return text + ".";
}

}  // namespace

Story story_of(const Cascade& cascade, const std::vector<IslandStory>& islands, const RunStatus& status,
               const std::vector<LoggedEvent>& events) {
  Story story;
  for (const int beginning : cascade.beginnings) {
    // The steps of a chain in order of time: step numbers are.
    std::vector<int> chain = {beginning};
    for (std::size_t k = 0; k < chain.size(); ++k)
      for (const int effect : cascade.steps[chain[k]].effects) chain.push_back(effect);
    std::sort(chain.begin(), chain.end());
    std::string text;
    int told = -1;
    for (const int k : chain) {
      text += (text.empty() ? "" : " ") + sentence(cascade, k, events, told);
      told = k;
    }
    story.chains.push_back(std::move(text));
  }
  for (const IslandStory& island : islands) story.islands.push_back(paragraph(island));
  story.sum =
      fmt::format("{} events in {} steps and {} chains; {:.1f} MW of load and {:.1f} MW of generation lost.",
                  events.size(), cascade.steps.size(), cascade.beginnings.size(), cascade.load_lost_MW,
                  cascade.generation_lost_MW);
  const auto most = std::max_element(cascade.beginnings.begin(), cascade.beginnings.end(), [&](int a, int b) {
    return load_lost_from(cascade, a) < load_lost_from(cascade, b);
  });
  if (most != cascade.beginnings.end() && load_lost_from(cascade, *most) > 0)
    story.sum +=
        fmt::format(" {:.1f} MW of the load went with what began {}: {}.", load_lost_from(cascade, *most),
                    when(cascade.steps[*most]), cascade.steps[*most].what);
  if (!status.completed) story.sum += " The run did not reach its end: " + status.outcome + ".";
  return story;
}

}  // namespace ballast
