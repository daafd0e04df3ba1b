#include <cmath>

#include <fmt/format.h>

#include "viz/page.hpp"
#include "viz/report_parts.hpp"
#include "viz/run_story.hpp"

namespace ballast::report {
namespace {

using page::escaped;

constexpr int kMostSteps = 300;  // of the tree; summary.json has them all

std::string megawatts(const CascadeStep& step) {
  std::string html;
  const auto add = [&](double MW, const char* sign, const char* what) {
    if (MW >= 0.05) html += fmt::format(" <b class=\"mw\">{}{:.1f} MW {}</b>", sign, MW, what);
  };
  add(step.load_lost_MW, "−", "load");
  add(step.generation_lost_MW, "−", "generation");
  add(step.returned_MW, "+", "back");
  return html;
}

/// A step and what follows from it, as a list item; `left` counts down the steps that may still be shown.
std::string tree(const Cascade& cascade, int k, int& left) {
  if (--left < 0) return {};
  const CascadeStep& step = cascade.steps[k];
  const std::string times = step.last_s - step.first_s < 5e-4
                                ? fmt::format("{:.3f} s", step.first_s)
                                : fmt::format("{:.3f} to {:.3f} s", step.first_s, step.last_s);
  std::string html =
      fmt::format("<li><span class=\"at\" data-time=\"{}\">{}</span> {}{}{}", step.first_s, times,
                  escaped(step.what), megawatts(step),
                  step.how.empty() ? "" : fmt::format(" <span class=\"sub\">{}</span>", escaped(step.how)));
  std::string effects;
  for (const int effect : step.effects) effects += tree(cascade, effect, left);
  if (!effects.empty()) html += "<ul>" + effects + "</ul>";
  return html + "</li>\n";
}

std::string range(const std::optional<Extreme>& low, const std::optional<Extreme>& high, int digits) {
  return low ? fmt::format("{:.{}f} to {:.{}f}", low->value, digits, high->value, digits) : "";
}

std::string islands_html(const RunStory& run) {
  if (run.islands.empty()) return {};
  std::string html =
      "<table><thead><tr><th>Island around bus</th><th class=\"n\">Buses</th><th class=\"n\">From, s</th><th "
      "class=\"n\">To, s</th><th>Fate</th><th class=\"n\">Hz</th><th "
      "class=\"n\">pu</th></tr></thead><tbody>\n";
  for (const IslandStory& island : run.islands) {
    const bool lost = island.fate == Fate::COLLAPSED || island.fate == Fate::BLACKED_OUT;
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{:.3f}</td><td class=\"n\">{:.3f}</td>"
        "<td><span class=\"badge {}\">{}</span> {}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
        escaped(island.label), island.buses.size(), island.from_s, island.to_s,
        lost                            ? "bad"
        : island.fate == Fate::SURVIVED ? "good"
                                        : "open",
        name_of(island.fate), escaped(island.why), range(island.frequency_min_Hz, island.frequency_max_Hz, 3),
        range(island.voltage_min_pu, island.voltage_max_pu, 3));
  }
  return html + "</tbody></table>\n";
}

}  // namespace

std::string cascade_html(const RunStory& run) {
  if (run.cascade.steps.empty() && run.islands.empty()) return {};
  const Cascade& cascade = run.cascade;
  std::string html = fmt::format(
      "<section class=\"card\" id=\"cascade\"><h2>What led to what <span class=\"sub\">{} events in {} "
      "steps, "
      "{} chains</span></h2>\n<ul class=\"tree\">\n",
      cascade.step_of.size(), cascade.steps.size(), cascade.beginnings.size());
  int left = kMostSteps;
  for (const int beginning : cascade.beginnings) html += tree(cascade, beginning, left);
  html += "</ul>\n";
  if (left < 0)
    html += fmt::format("<p class=\"hint\">{} more steps are in summary.json and cascade.dot.</p>\n", -left);
  html += islands_html(run);
  html += "<details><summary><h2>In sentences</h2></summary>\n";
  for (const std::string& chain : run.story.chains) html += "<p>" + escaped(chain) + "</p>\n";
  for (const std::string& island : run.story.islands) html += "<p>" + escaped(island) + "</p>\n";
  return html + "<p>" + escaped(run.story.sum) + "</p></details></section>\n";
}

}  // namespace ballast::report
