#include "cli/run_parts.hpp"

#include <fmt/format.h>

#include <cmath>
#include <csignal>

#include "viz/load_series.hpp"
#include "viz/metrics.hpp"
#include "viz/report.hpp"
#include "viz/requirements_file.hpp"
#include "viz/run_story.hpp"
#include "viz/summary.hpp"
#include "viz/vtk.hpp"

namespace ballast {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void on_interrupt(int) {
  interrupted = 1;
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

Interruptible::Interruptible() { std::signal(SIGINT, on_interrupt); }
Interruptible::~Interruptible() { std::signal(SIGINT, SIG_DFL); }
bool Interruptible::asked() { return interrupted != 0; }

Products write_products(const std::filesystem::path& folder, const std::vector<Requirement>& requirements) {
  Products made;
  Record& record = made.record;
  record = read_record(folder / "record.h5");
  record.network.places = map_positions(record.network);  // once, for report and map
  made.findings = check_requirements(record, requirements);
  if (!requirements.empty()) write_requirements(requirements, made.findings, folder / "requirements.json");
  write_summary(record, made.findings, folder / "summary.json");
  write_cascade(record, tell_run(record), folder / "cascade.dot");
  ReportSummary summary;
  summary.requirements = requirements;
  summary.findings = made.findings;
  write_report(record, summary, folder / "report.html");
  if (have_vtk()) write_vtk(record, folder / "vtk");
  return made;
}

void print_findings(const std::vector<Finding>& findings) {
  for (const Finding& f : findings)
    fmt::print("{:<15} {}: {}, {}: {}\n", word_of(f.verdict), f.load, f.rule, f.clause, f.text);
}

void print_key_figures(const Record& record) {
  const Metrics m = compute_metrics(record);
  if (m.frequency_nadir_Hz && m.frequency_peak_Hz)
    fmt::print("frequency {:.3f} Hz at {:.2f} s to {:.3f} Hz at {:.2f} s\n", m.frequency_nadir_Hz->value,
               m.frequency_nadir_Hz->time_s, m.frequency_peak_Hz->value, m.frequency_peak_Hz->time_s);
  if (m.voltage_min_pu && m.voltage_max_pu)
    fmt::print("voltage {:.3f} pu at bus {} to {:.3f} pu at bus {}\n", m.voltage_min_pu->value,
               m.voltage_min_pu->where, m.voltage_max_pu->value, m.voltage_max_pu->where);
  for (const StorageMetrics& one : m.storage)
    if (one.life)
      fmt::print("{}: {:.4g} full cycles, the deepest {:.4g}; {:.3g} years if it goes on like this\n",
                 one.name, one.life->full_cycles, one.life->deepest, one.life->years);
  for (const LoggedEvent& e : record.events)
    fmt::print("  {:>10.4f} s  {}{}\n", e.time_s, e.text,
               std::abs(e.power_MW) >= 0.05 ? fmt::format(" ({:+.1f} MW)", e.power_MW) : "");
}

void print_outcome(const RunResult& result, const std::filesystem::path& folder) {
  const RunStatistics& s = result.statistics;
  fmt::print("{}: {:g} s simulated in {:.2f} s, {} steps, {} events, {} unknowns\n", result.status.outcome,
             result.status.end_time_s, s.wall_s, s.integrator.steps, result.events.size(), s.unknowns);
  for (const char* name :
       {"report.html", "record.h5", "summary.json", "cascade.dot", "requirements.json", "vtk"})
    if (std::filesystem::exists(folder / name)) fmt::print("  {}\n", (folder / name).string());
}

}  // namespace ballast
