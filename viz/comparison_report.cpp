#include "viz/comparison_report.hpp"

#include <fmt/format.h>

#include <cmath>

#include "viz/file_output.hpp"
#include "viz/page.hpp"
#include "viz/paper_chart.hpp"
#include "viz/resources.hpp"

namespace ballast {
namespace {

using page::escaped;

constexpr std::size_t kChartsOnAPage = 5;

std::string rows_html(const ComparisonReport::Block& block) {
  std::string html;
  for (const auto& row : block.rows) {
    html += "<tr>";
    for (const ComparisonReport::Cell& cell : row)
      html += fmt::format("<td class=\"{}\">{}</td>", cell.style, escaped(cell.text));
    html += "</tr>\n";
  }
  return html;
}

std::string block_html(const ComparisonReport::Block& block) {
  std::string html = fmt::format("<h2>{}</h2><table><thead><tr>", escaped(block.title));
  for (const std::string& column : block.columns) html += fmt::format("<th>{}</th>", escaped(column));
  html += "</tr></thead><tbody>" + rows_html(block) + "</tbody></table>";
  return html + (block.note.empty() ? "" : fmt::format("<p class=\"hint\">{}</p>", escaped(block.note)));
}

}  // namespace

void write_comparison_report(const ComparisonReport& report, const std::filesystem::path& path) {
  std::string about, columns, pages;
  for (const auto& [name, value] : report.about)
    about += fmt::format("<dt>{}</dt><dd>{}</dd>", escaped(name), escaped(value));
  for (std::size_t k = 1; k < report.table.columns.size(); ++k)
    columns += fmt::format("<th>{}</th>", escaped(report.table.columns[k]));
  if (!report.more.empty()) {
    pages += "<section class=\"page\">\n";
    for (const ComparisonReport::Block& block : report.more) pages += block_html(block);
    pages += "</section>\n";
  }
  for (const ComparisonReport::Page& one : report.pages)
    for (std::size_t k = 0; k < one.curves.size(); ++k) {
      if (k % kChartsOnAPage == 0)
        pages += fmt::format("{}<section class=\"page\">\n<h1>{}</h1>\n", k > 0 ? "</section>\n" : "",
                             escaped(one.title));
      const ComparisonReport::Curve& curve = one.curves[k];
      pages += paper_chart(curve.name, {{&curve.times_s, &curve.values, "simulated"}}, curve.times_s.front(),
                           curve.times_s.back(), 0.02 * std::abs(curve.values.front()) + 1e-3);
      if (k + 1 == one.curves.size()) pages += "</section>\n";
    }
  const page::Values values = {{"title", escaped(report.title)},
                               {"style", std::string(resources::kTestsStyle)},
                               {"about", about},
                               {"kind", "comparison of remedies"},
                               {"heading", escaped(report.table.title)},
                               {"first", escaped(report.table.columns.front())},
                               {"overview", "overview wide"},
                               {"legend", escaped(report.table.note)},
                               {"count", ""},
                               {"columns", columns},
                               {"rows", rows_html(report.table)},
                               {"pages", pages}};
  write_whole_file(path, page::filled(resources::kTestsHtml, values));
}

}  // namespace ballast
