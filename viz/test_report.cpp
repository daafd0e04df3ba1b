#include "viz/test_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "viz/file_output.hpp"
#include "viz/page.hpp"
#include "viz/resources.hpp"

namespace ballast {
namespace {

using page::escaped;

// ---- charts
constexpr double kWidth = 680, kHeight = 148, kLeft = 52, kRight = 8, kTop = 16, kBottom = 16;
constexpr std::size_t kPoints = 1500;  ///< of a curve on paper

struct Curve {
  const std::vector<double>* times_s;
  const std::vector<double>* values;
  const char* style;
  double shift_s = 0;
};

double round_step(double raw) {
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double m : {1.0, 2.0, 5.0})
    if (m * power >= raw) return m * power;
  return 10 * power;
}

/// The least and the greatest of every stretch of a long curve, in their order.
std::string points_of(const Curve& curve, const auto& x, const auto& y) {
  const std::size_t n = curve.values->size();
  const std::size_t stride = std::max<std::size_t>(1, n / (kPoints / 2));
  std::string points;
  const auto put = [&](std::size_t k) {
    points += fmt::format("{:.1f},{:.1f} ", x((*curve.times_s)[k] + curve.shift_s), y((*curve.values)[k]));
  };
  for (std::size_t first = 0; first < n; first += stride) {
    const auto begin = curve.values->begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = curve.values->begin() + static_cast<std::ptrdiff_t>(std::min(first + stride, n));
    const auto [low, high] = std::minmax_element(begin, end);
    const auto a = static_cast<std::size_t>(std::min(low, high) - curve.values->begin());
    const auto b = static_cast<std::size_t>(std::max(low, high) - curve.values->begin());
    put(a);
    if (b != a) put(b);
  }
  return points;
}

std::string chart(const std::string& name, const std::vector<Curve>& curves, double from, double to,
                  double least_span) {
  double low = kForever, high = -kForever;
  for (const Curve& curve : curves)
    for (const double v : *curve.values) low = std::min(low, v), high = std::max(high, v);
  if (!(low <= high)) return {};
  if (high - low < least_span) {  // a flat line is drawn flat
    const double middle = 0.5 * (low + high);
    low = middle - least_span / 2;
    high = middle + least_span / 2;
  }
  const double pad = 0.06 * (high - low);
  low -= pad;
  high += pad;
  const auto x = [&](double t) {
    return kLeft + (t - from) / std::max(to - from, 1e-9) * (kWidth - kLeft - kRight);
  };
  const auto y = [&](double v) { return kTop + (high - v) / (high - low) * (kHeight - kTop - kBottom); };
  std::string svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n", kWidth,
                                kHeight, escaped(name));
  const double step = round_step((high - low) / 4);
  const int digits = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  for (double v = std::ceil(low / step) * step; v <= high; v += step)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{}\" y=\"{:.1f}\" "
        "text-anchor=\"end\">{:.{}f}</text>\n",
        kLeft, kWidth - kRight, y(v), y(v), kLeft - 4, y(v) + 3, v + 0.0, digits);
  const double second = round_step((to - from) / 8);
  for (double t = std::ceil(from / second) * second; t <= to * (1 + 1e-9); t += second)
    svg += fmt::format(
        "<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/><text x=\"{0:.1f}\" "
        "y=\"{3}\" text-anchor=\"middle\">{4:g} s</text>\n",
        x(t), kTop, kHeight - kBottom, kHeight - 4, t + 0.0);
  for (const Curve& curve : curves) {
    if (std::none_of(curve.values->begin(), curve.values->end(), [](double v) { return std::isnan(v); })) {
      svg += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", curve.style, points_of(curve, x, y));
      continue;
    }
    std::string points;  // what is not a number is a gap
    for (std::size_t k = 0; k <= curve.values->size(); ++k) {
      const bool gap = k == curve.values->size() || std::isnan((*curve.values)[k]);
      if (!gap)
        points +=
            fmt::format("{:.1f},{:.1f} ", x((*curve.times_s)[k] + curve.shift_s), y((*curve.values)[k]));
      if (!gap || points.empty()) continue;
      svg += fmt::format("<polyline class=\"{}\" points=\"{}\"/>\n", curve.style, points);
      points.clear();
    }
  }
  return svg + fmt::format("<text class=\"name\" x=\"{}\" y=\"10\">{}</text></svg>\n", kLeft, escaped(name));
}

// ---- verdicts
const char* class_of(Judgement verdict) {
  return verdict == Judgement::MET ? "met" : verdict == Judgement::NOT_MET ? "not" : "open";
}
Judgement worst_of(const std::vector<Finding>& findings) {
  Judgement worst = Judgement::MET;
  for (const Finding& f : findings) {
    if (f.verdict == Judgement::NOT_MET) return f.verdict;
    if (f.verdict != Judgement::MET) worst = f.verdict;
  }
  return worst;
}
const char* sign_of(Judgement verdict) {
  return verdict == Judgement::MET ? "&#10003;" : verdict == Judgement::NOT_MET ? "&#10007;" : "~";
}

std::string page_html(const TestPage& p, std::size_t number) {
  std::string html =
      fmt::format("<section class=\"page\" id=\"t{}\">\n<p class=\"eyebrow\">{}</p>\n<h1>{}</h1>\n", number,
                  escaped(p.source), escaped(p.title));
  const bool judged = p.mark.empty();
  html += fmt::format("<table class=\"findings\"><thead><tr><th>{}</th>{}<th>{}</th></tr></thead><tbody>\n",
                      judged ? "Criterion" : "Quantity", judged ? "<th>Verdict</th>" : "",
                      judged ? "Why" : "Distance");
  for (const Finding& f : p.findings)
    html += fmt::format(
        "<tr><td>{}</td>{}<td>{}</td></tr>\n", escaped(f.clause),
        judged ? fmt::format("<td class=\"{}\">{}</td>", class_of(f.verdict), escaped(word_of(f.verdict)))
               : "",
        escaped(f.text));
  html += "</tbody></table>\n";
  if (p.series.time_s.size() < 2)
    return html + "<p class=\"hint\">There is nothing to draw: the test did not start.</p></section>\n";
  const LoadSeries& s = p.series;
  const auto with = [&](const std::vector<double>& values, const std::vector<double>* measured) {
    std::vector<Curve> curves{{&s.time_s, &values, "simulated"}};
    if (p.measured && measured != nullptr && !measured->empty())
      curves.push_back({&p.measured->time_s, measured, "measured", p.measured_from_s});
    return curves;
  };
  const double from = s.time_s.front(), to = s.time_s.back();
  const double flat_MW = 1e-3 + (s.power_MW.empty() ? 0 : 0.02 * std::abs(s.power_MW.front()));
  html += chart("Voltage, pu", with(s.voltage_pu, p.measured ? &p.measured->voltage_pu : nullptr), from, to,
                0.02);
  html += chart("Active power drawn, MW", with(s.power_MW, p.measured ? &p.measured->power_MW : nullptr),
                from, to, flat_MW);
  html += chart("Reactive power drawn, Mvar",
                with(s.reactive_Mvar, p.measured ? &p.measured->reactive_Mvar : nullptr), from, to, flat_MW);
  if (!s.frequency_Hz.empty())
    html += chart("Frequency, Hz", with(s.frequency_Hz, p.measured ? &p.measured->frequency_Hz : nullptr),
                  from, to, 0.02);
  if (p.measured)
    html += fmt::format("<p class=\"hint\">Blue: {}. Orange, dashed: {}.</p>\n", escaped(p.series_name),
                        escaped(p.measured_name));
  return html + "</section>\n";
}

void needed(const Record& record, const char* quantity, std::vector<double>& values, double sign) {
  const auto q = record.find(quantity);
  if (!q || record.elements(*q) == 0)
    throw Error(record.path.string(), fmt::format("the record has no {}", quantity));
  values.resize(record.samples());
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = sign * record.at(*q, k, 0);
}

}  // namespace

LoadSeries series_at_branch(const Record& record) {
  LoadSeries s;
  s.time_s = record.times_s;
  needed(record, "branch.power_to", s.power_MW, -1);
  needed(record, "branch.reactive_power_to", s.reactive_Mvar, -1);
  const int to = record.network.branches.at(0).to;
  for (const auto& [name, values] :
       {std::pair{"bus.voltage", &s.voltage_pu}, std::pair{"bus.frequency", &s.frequency_Hz}}) {
    const auto q = record.find(name);
    if (!q) continue;
    const std::vector<int>& buses = record.schema.quantities[*q].indices;
    const auto at = std::find(buses.begin(), buses.end(), to);
    if (at == buses.end()) continue;
    for (std::size_t k = 0; k < record.samples(); ++k)
      values->push_back(record.at(*q, k, static_cast<std::size_t>(at - buses.begin())));
  }
  s.events_known = true;
  for (const LoggedEvent& event : record.events)
    if (event.text.find(" to locked") != std::string::npos) s.locks.push_back({event.time_s, event.text});
  return s;
}

Deviation deviation(const std::vector<double>& times_s, const std::vector<double>& simulated,
                    const std::vector<double>& measured_times_s, const std::vector<double>& measured) {
  Deviation d;
  double sum = 0;
  std::size_t k = 1;
  for (std::size_t m = 0; m < measured.size(); ++m) {
    const double t = std::clamp(measured_times_s[m], times_s.front(), times_s.back());
    // The second of two samples at one time is compared with what is there after a jump.
    const bool after = m > 0 && measured_times_s[m] == measured_times_s[m - 1];
    while (k + 1 < times_s.size() && (times_s[k] < t || (after && times_s[k] == t))) ++k;
    const double span = times_s[k] - times_s[k - 1];
    const double share = span > 0 ? (t - times_s[k - 1]) / span : 1;
    const double off = simulated[k - 1] + share * (simulated[k] - simulated[k - 1]) - measured[m];
    sum += off * off;
    if (std::abs(off) > std::abs(d.largest)) d.largest = off, d.largest_at_s = measured_times_s[m];
  }
  if (!measured.empty()) d.rms = std::sqrt(sum / static_cast<double>(measured.size()));
  return d;
}

namespace {
constexpr const char* kVerdicts =
    "&#10003; every criterion met &middot; &#10007; one not met &middot; ~ beyond what the rule demands, "
    "undecided, or not tested &middot; &ndash; not run. Each links to its page.";
constexpr const char* kNoVerdicts =
    "Distance from the data center, rms, of its power at rest. Each links to its page.";
}  // namespace

void write_test_report(const TestReport& report, const std::filesystem::path& path) {
  std::string about;
  for (const auto& [name, value] : report.about)
    about += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
  // Tests down, sources across.
  std::vector<std::string> tests, sources;
  std::map<std::pair<std::string, std::string>, std::size_t> at;
  std::size_t met = 0, judged = 0;
  std::string pages;
  for (std::size_t k = 0; k < report.pages.size(); ++k) {
    const TestPage& p = report.pages[k];
    for (const auto& [list, name] : {std::pair{&tests, &p.title}, std::pair{&sources, &p.source}})
      if (std::find(list->begin(), list->end(), *name) == list->end()) list->push_back(*name);
    at[{p.title, p.source}] = k;
    if (worst_of(p.findings) == Judgement::MET) ++met;
    if (p.mark.empty()) ++judged;
    pages += page_html(p, k);
  }
  std::string columns, rows;
  for (const std::string& source : sources) columns += fmt::format("<th>{}</th>", escaped(source));
  for (const std::string& test : tests) {
    rows += fmt::format("<tr><td>{}</td>", escaped(test));
    for (const std::string& source : sources) {
      const auto found = at.find({test, source});
      if (found == at.end()) {
        rows += "<td>&ndash;</td>";
        continue;
      }
      const TestPage& p = report.pages[found->second];
      const Judgement verdict = worst_of(p.findings);
      rows += fmt::format("<td><a class=\"{}\" href=\"#t{}\">{}</a></td>", class_of(verdict), found->second,
                          p.mark.empty() ? sign_of(verdict) : escaped(p.mark));
    }
    rows += "</tr>\n";
  }
  const page::Values values = {{"title", escaped(report.title)},
                               {"style", std::string(resources::kTestsStyle)},
                               {"about", about},
                               {"kind", escaped(report.kind)},
                               {"legend", judged > 0 ? kVerdicts : kNoVerdicts},
                               {"count", judged > 0 ? fmt::format("{} of {} met in full", met, judged) : ""},
                               {"columns", columns},
                               {"rows", rows},
                               {"pages", pages}};
  write_whole_file(path, page::filled(resources::kTestsHtml, values));
}

void write_test_table(const TestReport& report, const std::filesystem::path& path) {
  const auto quoted = [](const std::string& text) {
    std::string q = "\"";
    for (const char c : text) q += c == '"' ? std::string("\"\"") : std::string(1, c);
    return q + '"';
  };
  std::string csv = "test,source,criterion,verdict,text\n";
  for (const TestPage& p : report.pages)
    for (const Finding& f : p.findings)
      csv += fmt::format("{},{},{},{},{}\n", quoted(p.title), quoted(p.source), quoted(f.clause),
                         word_of(f.verdict), quoted(f.text));
  write_whole_file(path, csv);
}

}  // namespace ballast
