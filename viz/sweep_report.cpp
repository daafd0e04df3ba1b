#include "viz/sweep_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "viz/file_output.hpp"
#include "viz/page.hpp"
#include "viz/resources.hpp"
#include "viz/sweep_report_parts.hpp"

namespace ballast {
namespace sweep_report {

Distribution distribution_of(std::span<const double> values) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double v : values)
    if (!std::isnan(v)) sorted.push_back(v);
  std::sort(sorted.begin(), sorted.end());
  Distribution d;
  d.present = sorted.size();
  d.absent = values.size() - sorted.size();
  if (sorted.empty()) return d;
  const auto at = [&](double p) {
    const double rank = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const double a = sorted[below], b = sorted[std::min(below + 1, sorted.size() - 1)];
    return a == b ? a : a + (rank - static_cast<double>(below)) * (b - a);
  };
  d.min = sorted.front();
  d.p05 = at(0.05);
  d.p50 = at(0.5);
  d.p95 = at(0.95);
  d.max = sorted.back();
  return d;
}

std::string shown(double value) {
  if (std::isnan(value)) return "absent";
  if (std::isinf(value)) return value > 0 ? "∞" : "−∞";
  const double size = std::abs(value);
  if (size == 0) return "0";
  std::string text;
  if (size >= 1e-4 && size < 1e9) {
    const int digits = std::max(0, 4 - static_cast<int>(std::floor(std::log10(size))));
    text = fmt::format("{:.{}f}", size, digits);
    if (text.find('.') != std::string::npos) {
      text.erase(text.find_last_not_of('0') + 1);
      if (text.back() == '.') text.pop_back();
    }
  } else {
    text = fmt::format("{:.5g}", size);  // "1.5e-07" becomes "1.5e-7"
    if (const auto e = text.find('e'); e != std::string::npos)
      while (e + 2 < text.size() - 1 && text[e + 2] == '0') text.erase(e + 2, 1);
  }
  return (value < 0 ? "−" : "") + text;
}

const TableColumn* find_column(const Table& table, const std::string& name) {
  for (const TableColumn& column : table.columns)
    if (column.name == name) return &column;
  return nullptr;
}

const char* role_of(const TableColumn& column, const SweepReportInfo& info) {
  for (const SweepReportInfo::AxisColumn& axis : info.axes)
    if (axis.name == column.name) return axis.category || column.is_text ? "category" : "axis";
  for (const char* name : {"scenario", "outcome", "message"})
    if (column.name == name) return name;
  return column.is_text ? "text" : "figure";
}

namespace {

using page::escaped;

std::string counted(std::size_t n, const char* one) {
  return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
}

std::vector<std::size_t> outcome_counts(const Table& table, const SweepReportInfo& info) {
  std::vector<std::size_t> counts(info.outcomes.size(), 0);
  if (const TableColumn* outcome = find_column(table, "outcome"))
    for (std::size_t o = 0; o < counts.size(); ++o)
      counts[o] = static_cast<std::size_t>(
          std::count(outcome->texts.begin(), outcome->texts.end(), info.outcomes[o].name));
  return counts;
}

std::string verdict(const Table& table, const SweepReportInfo& info) {
  if (table.rows() == 0) return "No scenario has finished.";
  const std::vector<std::size_t> counts = outcome_counts(table, info);
  std::string text, failed;
  for (std::size_t o = 0; o < counts.size(); ++o) {
    if (counts[o] == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counts[o], info.outcomes[o].name);
    if (info.outcomes[o].failure)
      failed += fmt::format("{}{}", failed.empty() ? "" : " and ", info.outcomes[o].name);
  }
  text = fmt::format("{} over {}: {}.", counted(table.rows(), "scenario"),
                     info.axes.size() == 1 ? "one axis" : fmt::format("{} axes", info.axes.size()), text);
  if (!failed.empty()) text += fmt::format(" What ended by {} gives no answer.", failed);
  return text;
}

/// The extremes a planner asks for first, with the scenario each comes from.
std::string key_figures(const Table& table, const SweepReportInfo& info) {
  struct Key {
    const char *column, *name;
    bool lowest;
  };
  static const Key kKeys[] = {{"frequency_min_Hz", "Lowest frequency", true},
                              {"frequency_max_Hz", "Highest frequency", false},
                              {"rocof_Hz_per_s", "Steepest frequency", false},
                              {"voltage_min_pu", "Lowest voltage", true},
                              {"voltage_max_pu", "Highest voltage", false},
                              {"angle_departure_deg", "Rotor farthest from its centre", false},
                              {"load_lost_MW", "Most load lost", false},
                              {"generation_lost_MW", "Most generation lost", false}};
  const std::vector<std::size_t> counts = outcome_counts(table, info);
  const std::size_t good = counts.empty() ? 0 : counts.front();
  std::string html = fmt::format("<div><dt>Scenarios</dt><dd>{}</dd></div>\n", table.rows());
  if (table.rows() > 0)
    html += fmt::format("<div><dt>{}</dt><dd>{:.{}f} %</dd><dd class=\"note\">{} of {}</dd></div>\n",
                        escaped(info.outcomes.empty() ? "" : "Share " + info.outcomes.front().name),
                        100.0 * static_cast<double>(good) / static_cast<double>(table.rows()),
                        good == table.rows() || good == 0 ? 0 : 1, good, table.rows());
  const TableColumn* scenario = find_column(table, "scenario");
  for (const Key& key : kKeys) {
    const TableColumn* column = find_column(table, key.column);
    if (column == nullptr || column->is_text || scenario == nullptr) continue;
    std::optional<std::size_t> row;
    for (std::size_t k = 0; k < column->numbers.size(); ++k) {
      const double v = column->numbers[k];
      if (!std::isnan(v) && (!row || (key.lowest ? v < column->numbers[*row] : v > column->numbers[*row])))
        row = k;
    }
    if (!row || (!key.lowest && column->numbers[*row] == 0)) continue;
    html += fmt::format(
        "<div data-scenario=\"{0}\" title=\"Show that scenario\"><dt>{1}</dt><dd>{2} {3}</dd><dd "
        "class=\"note\">scenario {0}</dd></div>\n",
        scenario->numbers[*row], key.name, shown(column->numbers[*row]), escaped(column->unit));
  }
  return html;
}

std::string figure_rows(const Table& table, const SweepReportInfo& info) {
  std::string html;
  for (const TableColumn& column : table.columns) {
    if (role_of(column, info) != std::string_view("figure")) continue;
    const Distribution d = distribution_of(column.numbers);
    html += fmt::format(
        "<tr data-figure=\"{0}\"><td title=\"{1}\"><b>{0}</b><span class=\"sub\"> {1}</span></td>",
        escaped(column.name), escaped(column.meaning));
    html += fmt::format("<td>{}</td><td class=\"n\">{}</td>", escaped(column.unit), d.present);
    html += fmt::format("<td class=\"n{}\">{}</td>", d.absent > 0 ? " absent" : "", d.absent);
    for (const double v : {d.min, d.p05, d.p50, d.p95, d.max})
      html += fmt::format("<td class=\"n\">{}</td>", d.present > 0 ? shown(v) : "");
    html += "<td class=\"spark\"></td></tr>\n";
  }
  return html;
}

/// Without JavaScript the outcomes are still to be read; the script turns them into switches.
std::string outcome_chips(const Table& table, const SweepReportInfo& info) {
  const std::vector<std::size_t> counts = outcome_counts(table, info);
  std::string html;
  for (std::size_t o = 0; o < counts.size(); ++o)
    if (counts[o] > 0)
      html += fmt::format("<button type=\"button\" class=\"chip\" data-outcome=\"{}\">{} <b>{}</b></button>",
                          o, escaped(info.outcomes[o].name), counts[o]);
  return html;
}

/// The badge at the head: did every scenario give an answer, and a good one?
const char* badge(const Table& table, const SweepReportInfo& info, bool text) {
  const std::vector<std::size_t> counts = outcome_counts(table, info);
  std::size_t failures = 0;
  for (std::size_t o = 0; o < counts.size(); ++o) failures += info.outcomes[o].failure ? counts[o] : 0;
  if (table.rows() == 0) return text ? "Empty" : "open";
  if (failures > 0) return text ? "Answers missing" : "bad";
  if (counts.empty() || counts.front() < table.rows()) return text ? "All answered" : "open";
  return text ? "All completed" : "good";
}

}  // namespace
}  // namespace sweep_report

void write_sweep_report(const Table& results, const SweepReportInfo& info,
                        const std::filesystem::path& path) {
  using namespace sweep_report;
  std::string note;
  const std::string data = page_data(results, info, note);
  const page::Values values = {
      {"title", escaped(results.title.empty() ? "Untitled sweep" : results.title)},
      {"sweep_path", info.sweep_path.empty() ? "" : " &middot; " + escaped(info.sweep_path)},
      {"badge", badge(results, info, false)},
      {"badge_text", badge(results, info, true)},
      {"verdict", escaped(verdict(results, info))},
      {"figures", key_figures(results, info)},
      {"chips", outcome_chips(results, info)},
      {"figure_rows", figure_rows(results, info)},
      {"note", escaped(note)},
      {"sweep_text", escaped(info.sweep_text)},
      {"data", data},
      {"style", std::string(resources::kReportStyle)},
      {"sweep_style", std::string(resources::kSweepStyle)},
      {"script_data", std::string(resources::kSweepData)},
      {"script_plot", std::string(resources::kSweepPlot)},
      {"script_heat", std::string(resources::kSweepHeat)},
      {"script_scatter", std::string(resources::kSweepScatter)},
      {"script_parallel", std::string(resources::kSweepParallel)},
      {"script_page", std::string(resources::kSweepPage)}};
  write_whole_file(path, page::filled(resources::kSweepHtml, values));
}

}  // namespace ballast
