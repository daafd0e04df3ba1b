#include "viz/test_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "viz/file_output.hpp"
#include "viz/page.hpp"
#include "viz/paper_chart.hpp"
#include "viz/resources.hpp"

namespace ballast {
namespace {

using page::escaped;

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
    std::vector<PaperCurve> curves{{&s.time_s, &values, "simulated"}};
    if (p.measured && measured != nullptr && !measured->empty())
      curves.push_back({&p.measured->time_s, measured, "measured", p.measured_from_s});
    return curves;
  };
  const double from = s.time_s.front(), to = s.time_s.back();
  const double flat_MW = 1e-3 + (s.power_MW.empty() ? 0 : 0.02 * std::abs(s.power_MW.front()));
  html += paper_chart("Voltage, pu", with(s.voltage_pu, p.measured ? &p.measured->voltage_pu : nullptr), from,
                      to, 0.02);
  html += paper_chart("Active power drawn, MW",
                      with(s.power_MW, p.measured ? &p.measured->power_MW : nullptr), from, to, flat_MW);
  html += paper_chart("Reactive power drawn, Mvar",
                      with(s.reactive_Mvar, p.measured ? &p.measured->reactive_Mvar : nullptr), from, to,
                      flat_MW);
  if (!s.frequency_Hz.empty())
    html +=
        paper_chart("Frequency, Hz", with(s.frequency_Hz, p.measured ? &p.measured->frequency_Hz : nullptr),
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
                               {"heading", "Tests"},
                               {"overview", "overview"},
                               {"first", "Test"},
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
