/// `ballast compare`: remedies side by side under one set of disturbances.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "cli/run_parts.hpp"
#include "studies/compare/comparison.hpp"
#include "viz/comparison_report.hpp"
#include "viz/table_file.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using namespace compare;
using Block = ComparisonReport::Block;

Observed observe(const Case& c, bool shown) {
  Observed observed;
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  ProgressLine line(shown);
  const RunResult result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c),
                                    &recorder, [&](const Progress& progress) {
                                      if (Interruptible::asked()) throw Interrupted();
                                      line.show(progress);
                                    });
  if (Interruptible::asked()) throw Interrupted();
  const Record& record = recorder.record();
  observed.times_s = record.times_s;
  for (std::size_t q = 0; q < record.schema.quantities.size(); ++q) {
    const Quantity& quantity = record.schema.quantities[q];
    for (std::size_t e = 0; e < quantity.elements.size(); ++e) {
      std::vector<double>& one = observed.series[quantity.name + "/" + quantity.elements[e]];
      for (std::size_t k = 0; k < record.samples(); ++k) one.push_back(record.at(q, k, e));
    }
  }
  if (!result.status.completed) observed.failed = result.status.outcome;
  return observed;
}

const char* style_of(const std::string& verdict) {
  return verdict == "yes" || verdict == "agree"                          ? "met"
         : verdict == "no" || verdict == "differ" || verdict == "failed" ? "not"
                                                                         : "open";
}

std::string optional_text(const std::optional<double>& value, int digits) {
  return value ? fmt::format("{:.{}f}", *value, digits) : "–";
}

Block main_table(const Comparison& c, const std::vector<Row>& rows) {
  Block block;
  block.title = "What each does";
  block.columns = {"Remedy", "Deviation, MW", "Left", "Ramp, MW/s"};
  for (const char* name : {"Smoothing", "Lost, MW", "Dips ridden", "Ride-through", "Minutes", "Flexible",
                           "Life, years", "Acres / 100 MW", "Fuel, GJ/MWh"})
    block.columns.emplace_back(name);
  block.note = fmt::format(
      "Deviation: of the power at the meter, rms. Left: share of the bare site's deviation; "
      "smoothing: yes up to {:g}, "
      "possibly up to {:g}. Lost: most that {:g} s means fall below that before the dips; ride-through: yes "
      "up to {:g} of "
      "it, possibly up to {:g}. Dips ridden: without transfer of a hundredth of the site. Minutes: at {:g} "
      "MW; flexible: "
      "yes from {:g}, possibly from {:g}, or where hours are permitted. Ramp: within {:g} s.",
      c.smoothing.yes, c.smoothing.possibly, c.average_s, c.ride_through.yes, c.ride_through.possibly,
      c.declared_MW, c.flexible_min.yes, c.flexible_min.possibly, c.ramp_window_s);
  for (const Row& r : rows) {
    std::vector<ComparisonReport::Cell> cells{{r.mitigation->title, ""}};
    if (!r.failed.empty()) {
      cells.push_back({"failed: " + r.failed, "not"});
      block.rows.push_back(std::move(cells));
      continue;
    }
    const auto put = [&](const std::string& text, const char* style = "") { cells.push_back({text, style}); };
    put(fmt::format("{:.2f}", r.smoothing.deviation_MW));
    put(fmt::format("{:.0f} %", 100 * r.deviation_share));
    put(fmt::format("{:.1f}", r.smoothing.ramp_MW_per_s));
    put(r.smoothing_verdict, style_of(r.smoothing_verdict));
    put(fmt::format("{:.1f}", r.ride_through.lost_MW));
    put(fmt::format("{} of {}", r.ride_through.ridden, r.ride_through.dips));
    put(r.ride_through_verdict, style_of(r.ride_through_verdict));
    put(std::isinf(r.flexible.minutes) ? "unlimited" : fmt::format("{:.0f}", r.flexible.minutes));
    put(r.flexible_verdict, style_of(r.flexible_verdict));
    put(optional_text(r.life_years, 2));
    put(optional_text(r.area_acre_per_100MW, 2));
    put(optional_text(r.fuel_GJ_per_MWh, 2));
    block.rows.push_back(std::move(cells));
  }
  return block;
}

Block spectrum(const Comparison& c, const std::vector<Row>& rows) {
  Block block;
  block.title = "Spectrum of the power at the meter, MW rms";
  block.columns = {"Remedy"};
  for (const auto& [low, high] : c.bands_Hz) block.columns.push_back(fmt::format("{:g}–{:g} Hz", low, high));
  for (const Row& r : rows) {
    std::vector<ComparisonReport::Cell> cells{{r.mitigation->title, ""}};
    for (const double rms : r.smoothing.bands_MW) cells.push_back({fmt::format("{:.2f}", rms), ""});
    block.rows.push_back(std::move(cells));
  }
  return block;
}

std::vector<Block> other_tables(const Comparison& c, const std::vector<Row>& rows,
                                const std::vector<AvailabilityResult>& availabilities,
                                const std::vector<Answer>& all) {
  std::vector<Block> blocks{spectrum(c, rows)};
  if (!availabilities.empty()) {
    Block& block = blocks.emplace_back();
    block.title = "Availability";
    block.columns = {"Plant", "Needed", "Unit", "Binomial", "Drawn", "2.5 to 97.5 % of the draws"};
    for (const AvailabilityResult& a : availabilities)
      block.rows.push_back({{a.of->title, ""},
                            {fmt::format("{} of {}", a.of->needed, a.of->units), ""},
                            {fmt::format("{:.5f}", a.unit), ""},
                            {fmt::format("{:.7f}", a.exact), ""},
                            {fmt::format("{:.7f}", a.mean), ""},
                            {fmt::format("{:.7f} to {:.7f}", a.low, a.high), ""}});
  }
  for (const Answer& a : all) {
    if (blocks.back().title != a.claim->table) {
      Block& block = blocks.emplace_back();
      block.title = a.claim->table;
      block.columns = {"Item", "Claimed", "Verdict", "Ours"};
    }
    blocks.back().rows.push_back(
        {{a.claim->item, ""}, {a.claim->says, ""}, {a.verdict, style_of(a.verdict)}, {a.ours, ""}});
  }
  return blocks;
}

ComparisonReport report_of(const Comparison& c, const std::vector<Row>& rows,
                           const std::vector<AvailabilityResult>& availabilities,
                           const std::vector<Answer>& all,
                           const std::vector<std::vector<Observed>>& observed) {
  ComparisonReport report;
  report.title = c.title;
  report.about = {{"Case", c.base_file.path.lexically_normal().string()},
                  {"Remedies", c.path.lexically_normal().string()}};
  for (const Trial& d : c.disturbances) report.about.emplace_back(d.name, d.title);
  report.table = main_table(c, rows);
  report.more = other_tables(c, rows, availabilities, all);
  for (std::size_t d = 0; d < c.disturbances.size(); ++d) {
    ComparisonReport::Page& page = report.pages.emplace_back();
    page.title = "Power at the meter, MW: " + c.disturbances[d].title;
    for (std::size_t m = 0; m < c.mitigations.size(); ++m)
      if (observed[m][d].times_s.size() > 1)
        page.curves.push_back(
            {c.mitigations[m].title, observed[m][d].times_s, meter_power(c, observed[m][d])});
  }
  return report;
}

}  // namespace

ExitCode compare_command(const CompareArguments& arguments) {
  const Interruptible interruptible;
  const CaseFile file = open_case(arguments.case_path);
  const fs::path mitigations =
      arguments.mitigations.empty() ? file.path.parent_path() / "mitigations.toml" : arguments.mitigations;
  const Comparison c = read_comparison(arguments.case_path, mitigations);
  if (arguments.list) {
    for (const Mitigation& m : c.mitigations) fmt::print("{:<20} {}\n", m.name, m.title);
    for (const Trial& d : c.disturbances) fmt::print("under {:<14} {}\n", d.name, d.title);
    return ExitCode::OK;
  }
  const fs::path folder =
      arguments.output.empty() ? default_output(file.path).concat("-compare") : arguments.output;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  std::vector<std::vector<Observed>> observed(c.mitigations.size());
  try {
    for (std::size_t m = 0; m < c.mitigations.size(); ++m)
      for (const Trial& d : c.disturbances)
        observed[m].push_back(observe(variant(c, c.mitigations[m], d), !arguments.quiet));
  } catch (const Interrupted&) {
    return ExitCode::INTERRUPTED;
  }
  const std::vector<Row> rows = judge(c, observed);
  std::vector<AvailabilityResult> availabilities;
  for (const Availability& a : c.availabilities) availabilities.push_back(availability(a));
  const std::vector<Answer> all = answers(c, figures_of(rows, availabilities));
  fmt::print("{}", table_text(c, rows, availabilities, all));
  try {
    write_table_csv(row_table(c, rows), folder / "comparison.csv");
    if (!all.empty()) write_table_csv(claim_table(all), folder / "claims.csv");
    write_comparison_report(report_of(c, rows, availabilities, all, observed), folder / "comparison.html");
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  if (!arguments.quiet) fmt::print("\n  {}\n", (folder / "comparison.html").string());
  return std::any_of(rows.begin(), rows.end(), [](const Row& r) { return !r.failed.empty(); })
             ? ExitCode::RUN_FAILED
             : ExitCode::OK;
}

}  // namespace ballast
