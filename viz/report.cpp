#include "viz/report.hpp"

#include <fmt/format.h>

#include "viz/file_output.hpp"
#include "viz/page.hpp"
#include "viz/report_parts.hpp"
#include "viz/resources.hpp"

namespace ballast {
namespace report {
namespace {

using page::escaped;

std::string figures_html(const std::vector<KeyFigure>& figures) {
  std::string html;
  for (const KeyFigure& figure : figures) {
    html += figure.time_s >= 0
                ? fmt::format("<div data-time=\"{}\" title=\"Show that moment\">", figure.time_s)
                : "<div>";
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(figure.name), escaped(figure.value));
    if (!figure.note.empty()) html += fmt::format("<dd class=\"note\">{}</dd>", escaped(figure.note));
    html += "</div>\n";
  }
  return html;
}

std::string table_html(const char* caption, const std::vector<std::pair<std::string, std::string>>& rows) {
  if (rows.empty()) return {};
  std::string html = fmt::format("<table><thead><tr><th colspan=\"2\">{}</th></tr></thead><tbody>", caption);
  for (const auto& [name, value] : rows)
    html += fmt::format("<tr><td>{}</td><td>{}</td></tr>", escaped(name), escaped(value));
  return html + "</tbody></table>";
}

/// The library without the comment that points at its source map, which a single file cannot have.
std::string without_source_map(std::string_view text) {
  std::string_view kept = text.substr(0, text.find("//# sourceMappingURL"));
  kept = kept.substr(0, kept.find("/*# sourceMappingURL"));
  return std::string(kept);
}

}  // namespace
}  // namespace report

void write_report(const Record& record, const ReportSummary& summary, const std::filesystem::path& path) {
  using namespace report;
  const bool running = record.status.outcome == "running";
  const Metrics metrics = compute_metrics(record);
  std::vector<KeyFigure> figures = summary.figures;
  const std::vector<KeyFigure> computed = figures_of(record, metrics);
  figures.insert(figures.end(), computed.begin(), computed.end());
  bool thinned = false;
  const std::string data = page_data(record, thinned);
  const std::string title = record.info.title.empty() ? "Untitled run" : record.info.title;
  const std::string case_path =
      record.info.case_path.empty() ? "" : " &middot; " + escaped(record.info.case_path);
  const page::Values values = {
      {"title", escaped(title)},
      {"case_path", case_path},
      {"badge", running                   ? "open"
                : record.status.completed ? "good"
                                          : "bad"},
      {"badge_text", running                   ? "Not finished"
                     : record.status.completed ? "Completed"
                                               : "Failed"},
      {"verdict", escaped(summary.verdict.empty() ? verdict_of(record, metrics) : summary.verdict)},
      {"figures", figures_html(figures)},
      {"map", network_svg(record)},
      {"map_hidden", record.network.buses.empty() ? " hidden" : ""},
      {"thinned", thinned
                      ? "Long curves are thinned for the screen; extremes and instants of events are kept. "
                        "The record holds every sample."
                      : ""},
      {"requirements", requirements_html(record, summary.requirements, summary.findings)},
      {"cascade", cascade_html(tell_run(record))},
      {"case_text", escaped(record.info.case_text)},
      {"tables", table_html("Versions", record.info.versions) + table_html("Options", record.info.options)},
      {"data", data},
      {"style", std::string(resources::kReportStyle)},
      {"script", std::string(resources::kReportScript)},
      {"dygraph", without_source_map(resources::kDygraph)},
      {"dygraph_style", without_source_map(resources::kDygraphStyle)}};
  write_whole_file(path, page::filled(resources::kReportHtml, values));
}

}  // namespace ballast
