#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "viz/load_series.hpp"
#include "viz/page.hpp"
#include "viz/report_parts.hpp"

namespace ballast::report {
namespace {

using page::escaped;

const char* badge_of(Judgement verdict) {
  switch (verdict) {
    case Judgement::MET:
      return "good";
    case Judgement::NOT_MET:
      return "bad";
    default:
      return "open";
  }
}

std::string value_of(const std::optional<double>& value, const std::string& unit) {
  return value && std::isfinite(*value) ? fmt::format("{:.4g} {}", *value, unit) : "";
}

std::string table_html(const std::vector<Finding>& findings) {
  std::string html =
      "<table id=\"requirements\"><thead><tr><th>Load</th><th>Rule</th><th>Clause</th><th>Verdict</th>"
      "<th class=\"n\">Found</th><th class=\"n\">Limit</th><th class=\"n\">Worst, "
      "s</th><th>Why</th></tr></thead><tbody>\n";
  for (const Finding& f : findings)
    html += fmt::format(
        "<tr{}><td>{}</td><td>{}</td><td>{}</td><td><span class=\"badge {}\">{}</span></td><td "
        "class=\"n\">{}</td>"
        "<td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        f.time_s ? fmt::format(" data-time=\"{}\"", *f.time_s) : "", escaped(f.load), escaped(f.rule),
        escaped(f.clause), badge_of(f.verdict), escaped(word_of(f.verdict)),
        escaped(value_of(f.measured, f.unit)), escaped(value_of(f.limit, f.unit)),
        f.time_s ? fmt::format("{:.2f}", *f.time_s) : "", escaped(f.text));
  return html + "</tbody></table>\n";
}

// ---- the envelope: voltage against the time since it left the region of continuous operation

constexpr double kWidth = 560, kHeight = 300, kLeft = 44, kRight = 12, kTop = 10, kBottom = 34;
constexpr double kShortest_s = 0.005, kLongest_s = 20, kMost_pu = 1.3;
constexpr std::size_t kMostLines = 40;

double x_of(double seconds) {
  const double share = std::log(std::clamp(seconds, kShortest_s, kLongest_s) / kShortest_s) /
                       std::log(kLongest_s / kShortest_s);
  return kLeft + share * (kWidth - kLeft - kRight);
}
double y_of(double voltage) {
  return kTop + (1 - std::clamp(voltage, 0.0, kMost_pu) / kMost_pu) * (kHeight - kTop - kBottom);
}

/// What has to be ridden through at the side, as corners from the shortest time to the longest.
std::string staircase(const std::vector<Step>& steps, double extreme) {
  std::vector<Step> inwards(steps.rbegin(), steps.rend());
  std::string points;
  double from = kShortest_s, level = extreme;
  for (const Step& step : inwards) {
    const double until = std::min(step.seconds, kLongest_s);
    if (until > from)
      points +=
          fmt::format("{:.1f},{:.1f} {:.1f},{:.1f} ", x_of(from), y_of(level), x_of(until), y_of(level));
    from = std::max(from, until);
    level = step.level;
  }
  return points +
         fmt::format("{:.1f},{:.1f} {:.1f},{:.1f}", x_of(from), y_of(level), x_of(kLongest_s), y_of(level));
}

std::string envelope_svg(const Record& record, const Requirement& requirement) {
  const RideThrough& rule = *requirement.rule.ride_through;
  const LoadSeries series = load_series(record, requirement);
  if (series.voltage_pu.empty()) return {};
  const RideThroughResult result = check_ride_through(series, rule, requirement.averaging_s);
  std::string svg = fmt::format(
      "<figure class=\"envelope\"><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Voltage of {} against "
      "{}\">\n",
      kWidth, kHeight, escaped(requirement.load), escaped(requirement.rule.name));
  for (const double t : {0.01, 0.1, 1.0, 10.0})
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\"/>"
        "<text x=\"{0:.1f}\" y=\"{3}\" text-anchor=\"middle\">{4:g} ms</text>\n",
        x_of(t), kTop, kHeight - kBottom, kHeight - kBottom + 14, 1000 * t);
  for (const double v : {0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2})
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2}\" y2=\"{1:.1f}\"/>"
        "<text x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.0f} %</text>\n",
        kLeft, y_of(v), kWidth - kRight, kLeft - 5, y_of(v) + 3.5, 100 * v);
  svg +=
      fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">time since the voltage left</text>\n",
                  (kLeft + kWidth) / 2, kHeight - 4);
  if (!rule.low_voltage.empty())
    svg += fmt::format("<polyline class=\"rule\" points=\"{}\"/>\n", staircase(rule.low_voltage, 0));
  if (!rule.high_voltage.empty())
    svg += fmt::format("<polyline class=\"rule\" points=\"{}\"/>\n", staircase(rule.high_voltage, kMost_pu));
  std::size_t drawn = 0;
  for (std::size_t e = 0; e < result.excursions.size(); ++e) {
    const Excursion& x = result.excursions[e];
    if (x.voltage_worst_pu == 1 || ++drawn > kMostLines) continue;
    const double next =
        e + 1 < result.excursions.size() ? result.excursions[e + 1].start_s : series.time_s.back();
    std::string points;
    for (std::size_t k = 0; k < series.time_s.size(); ++k) {
      const double t = series.time_s[k] - x.start_s;
      if (t < 0 || t > kLongest_s || series.time_s[k] > next) continue;
      points += fmt::format("{:.1f},{:.1f} ", x_of(t), y_of(series.voltage_pu[k]));
    }
    const bool back = x.recovery_s && (!rule.recovery || *x.recovery_s <= rule.recovery->within_s + 1e-6);
    svg += fmt::format(
        "<polyline class=\"{}\" data-time=\"{}\" points=\"{}\"><title>{:.3f} s: {:.3f} pu, "
        "{}</title></polyline>\n",
        back ? "back" : "away", x.start_s, points, x.start_s, x.voltage_worst_pu,
        x.recovery_s ? fmt::format("back after {:.2f} s", *x.recovery_s) : "not back");
  }
  return svg +
         fmt::format(
             "</svg><figcaption>{} against {}: the voltage of each excursion; red where consumption was not "
             "back in time. Between the lines a load has to stay.</figcaption></figure>\n",
             escaped(requirement.load), escaped(requirement.rule.title));
}

}  // namespace

std::string requirements_html(const Record& record, const std::vector<Requirement>& requirements,
                              const std::vector<Finding>& findings) {
  if (findings.empty()) return {};
  const auto count = [&](Judgement verdict) {
    return std::count_if(findings.begin(), findings.end(),
                         [&](const Finding& f) { return f.verdict == verdict; });
  };
  std::string html = fmt::format(
      "<section class=\"card\"><h2>Requirements <span class=\"sub\">{} of {} clauses met, {} not "
      "met</span></h2>\n",
      count(Judgement::MET), findings.size(), count(Judgement::NOT_MET));
  html += table_html(findings);
  std::string figures;
  for (const Requirement& r : requirements)
    if (r.rule.ride_through && !r.rule.ride_through->low_voltage.empty()) figures += envelope_svg(record, r);
  if (!figures.empty()) html += "<div class=\"envelopes\">" + figures + "</div>\n";
  html += "<ul class=\"hint\">\n";
  std::vector<std::string> told;
  for (const Requirement& r : requirements) {
    if (std::find(told.begin(), told.end(), r.rule.name) != told.end()) continue;
    told.push_back(r.rule.name);
    html += fmt::format("<li>{}: {}. Source: {} ({}).</li>\n", escaped(r.rule.name), escaped(r.rule.title),
                        escaped(r.rule.source), escaped(r.rule.confidence));
  }
  return html + "</ul></section>\n";
}

}  // namespace ballast::report
