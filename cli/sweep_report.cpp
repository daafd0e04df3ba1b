#include "cli/sweep_report.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

#include "cli/messages.hpp"
#include "studies/results.hpp"
#include "viz/report.hpp"
#include "viz/sweep_report.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

/// A word that a shell takes as it is.
std::string shell_word(const std::string& text) {
  bool plain = !text.empty() && text[0] != '-';
  for (const char c : text)
    plain = plain && (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      std::string("_-./+,:=@%").find(c) != std::string::npos);
  if (plain) return text;
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Do the values name elements? Then they are texts, or whole numbers without a unit that no path takes.
bool names_elements(const Axis& axis) {
  if (!axis.numeric) return true;
  if (axis.path || !axis.unit.empty()) return false;
  for (const AxisValue& value : axis.values)
    if (value.value.number != std::round(value.value.number)) return false;
  return true;
}

/// Reports beside the records of the worst scenarios that kept one; a record that cannot be read is left as
/// it is.
void write_kept_reports(const SweepReportInfo& info, const fs::path& folder) {
  int written = 0;
  for (const std::size_t row : info.worst_first) {
    if (written == kKeptReports) return;
    if (info.records[row].empty()) continue;
    ++written;
    fs::path report = folder / info.records[row];
    report.replace_extension(".html");
    if (fs::exists(report) && fs::last_write_time(report) >= fs::last_write_time(folder / info.records[row]))
      continue;
    try {
      write_report(read_record(folder / info.records[row]), {}, report);
    } catch (const Error& error) {
      print_errors(error);
    }
  }
}

}  // namespace

void write_report_of_sweep(const Sweep& sweep, const SweepRun& run, const Table& results,
                           const fs::path& folder) {
  SweepReportInfo info;
  info.sweep_path = sweep.path.string();
  info.sweep_text = sweep.text;
  const std::string name = folder.string();
  info.command =
      fmt::format("ballast run {} --scenario", shell_word(name.starts_with('-') ? "./" + name : name));
  for (const Axis& axis : sweep.axes) info.axes.push_back({axis.name, names_elements(axis)});
  for (int e = 0; e < kEndings; ++e)
    info.outcomes.push_back({ending_name(static_cast<Ending>(e)), is_failure(static_cast<Ending>(e))});
  info.worst_first = worst_first(run);
  for (const ScenarioResult& r : run.results) {
    info.happened.push_back(what_happened(run, r));
    const std::string record = fmt::format("records/{:06}.h5", r.scenario);
    info.records.push_back(keeps_record(sweep.keep, r) && fs::exists(folder / record) ? record : "");
  }
  write_kept_reports(info, folder);
  for (const std::string& record : info.records) {
    const std::string report = record.empty() ? "" : record.substr(0, record.size() - 3) + ".html";
    info.reports.push_back(!report.empty() && fs::exists(folder / report) ? report : "");
  }
  write_sweep_report(results, info, folder / "report.html");
}

}  // namespace ballast
