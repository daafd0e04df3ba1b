/// `ballast mqt`: model quality tests of a data center.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/run_parts.hpp"
#include "studies/mqt/mqt.hpp"
#include "studies/requirement_reader.hpp"
#include "viz/load_series.hpp"
#include "viz/test_report.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;

std::string source_of(const mqt::Test& test) {
  return std::isfinite(test.strength) ? fmt::format("short-circuit ratio {:g}", test.strength)
                                      : "stiff source";
}

/// Those named, else those that the case demands of the data center.
std::vector<Rule> rules_for(const TestArguments& arguments, const Case& c) {
  const std::vector<Rule> own =
      arguments.own_rules.empty() ? std::vector<Rule>{} : read_rules(arguments.own_rules);
  std::vector<Rule> rules = arguments.rules.empty() ? own : std::vector<Rule>{};
  for (const std::string& name : arguments.rules) rules.push_back(rule_named(name, own));
  if (rules.empty())
    for (const Requirement& r : read_requirements(c))
      if (r.rule.ride_through && (arguments.datacenter.empty() || r.load == arguments.datacenter) &&
          std::none_of(rules.begin(), rules.end(),
                       [&](const Rule& rule) { return rule.name == r.rule.name; }))
        rules.push_back(r.rule);
  return rules;
}

/// Runs one test into a page of the report; its record stays in the folder.
TestPage run_test(const mqt::Bench& bench, const mqt::Test& test, const fs::path& record_path) {
  TestPage page;
  page.title = test.title;
  page.source = source_of(test);
  try {
    const Case c = bench.build(test);
    const PreparedCase ready = prepare(c);
    RunResult result;
    {
      RecordWriter writer(record_path);
      result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &writer,
                        [](const Progress&) {
                          if (Interruptible::asked()) throw Interrupted();
                        });
    }
    page.series = series_at_branch(read_record(record_path));
    page.findings =
        mqt::judge(test, page.series, result.status.completed, result.status.outcome, bench.averaging_s());
  } catch (const Error& error) {
    page.findings = mqt::judge(test, {}, false, error.problems().front().text(), 0);
  }
  return page;
}

/// What was measured, laid over what came of playing its voltage.
void compare(const LoadSeries& measured, const mqt::Test& test, TestPage& page) {
  LoadSeries own = measured;
  for (double& t : own.time_s) t += test.starts_s - measured.time_s.front();
  const LoadSeries& s = page.series;
  if (s.time_s.size() < 2) return;
  const auto say = [&](const char* what, const std::vector<double>& simulated,
                       const std::vector<double>& there, const char* unit) {
    if (there.empty()) return;
    const Deviation d = deviation(s.time_s, simulated, own.time_s, there);
    Finding finding;
    finding.clause = what;
    finding.verdict = Judgement::NOT_TESTED;  // how close is close enough is for who files it to say
    finding.text = fmt::format("simulation less measurement: {:.4g} {} rms, at most {:+.4g} {} at {:.3f} s",
                               d.rms, unit, d.largest, unit, d.largest_at_s);
    page.findings.push_back(std::move(finding));
  };
  say("voltage played", s.voltage_pu, own.voltage_pu, "pu");
  say("active power", s.power_MW, own.power_MW, "MW");
  say("reactive power", s.reactive_Mvar, own.reactive_Mvar, "Mvar");
  page.measured = std::move(own);
}

}  // namespace

ExitCode test_command(const TestArguments& arguments) {
  const Case c = read_case(arguments.case_path);
  print_warnings(c.warnings);
  mqt::Options options;
  options.datacenter = arguments.datacenter;
  options.rules = rules_for(arguments, c);
  options.running = arguments.running;
  options.rated_MVA = arguments.rated_MVA;
  if (!arguments.strengths.empty()) {
    options.strengths = {kForever};
    options.strengths.insert(options.strengths.end(), arguments.strengths.begin(), arguments.strengths.end());
  }
  const mqt::Bench bench(c, options);
  std::vector<mqt::Test> tests = mqt::standard_tests(options, bench.frequency_Hz());
  std::optional<LoadSeries> measured;
  if (!arguments.measured.empty()) {
    measured = read_load_series(arguments.measured);
    tests.push_back(mqt::playback_test(*measured, bench.frequency_Hz()));
  }
  std::erase_if(tests, [&](const mqt::Test& test) {
    return !arguments.only.empty() &&
           std::none_of(arguments.only.begin(), arguments.only.end(),
                        [&](const std::string& part) { return test.name.find(part) != std::string::npos; });
  });
  if (tests.empty())
    throw Error(
        "--only", "no test has such a name",
        "flat-start, voltage-step, low-voltage, high-voltage, dip-train, frequency-step, frequency-ramp, "
        "phase-jump, ratio-sweep, playback");
  const fs::path folder =
      arguments.output.empty() ? fs::path(default_output(c.path).string() + "-mqt") : arguments.output;
  try {
    claim_output_folder(folder);
    fs::create_directories(folder / "records");
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  TestReport report;
  report.title = fmt::format("{}, model quality tests", bench.name());
  report.about = {
      {"Case", c.title},
      {"File", c.path.string()},
      {"Base of the short-circuit ratios", fmt::format("{:.1f} MVA", bench.rated_MVA())},
      {"Workload", arguments.running ? "runs" : "at rest: nothing but the test moves the data center"},
      {"Sources", "voltage source behind a reactance, 1 pu at the point of connection at rest"}};
  for (const Rule& rule : options.rules)
    report.about.emplace_back("Ride-through rule",
                              fmt::format("{}: {} ({})", rule.title, rule.source, rule.confidence));
  if (options.rules.empty())
    report.about.emplace_back("Ride-through rule", "none: name one with --rule, or demand one in the case");
  const Interruptible interruptible;
  bool failed = false;
  for (std::size_t k = 0; k < tests.size() && !Interruptible::asked(); ++k) {
    const mqt::Test& test = tests[k];
    TestPage page = run_test(bench, test, folder / "records" / fmt::format("{:03}-{}.h5", k + 1, test.name));
    if (measured && test.name == "playback") compare(*measured, test, page);
    for (const Finding& f : page.findings) {
      failed = failed || f.verdict == Judgement::NOT_MET;
      if (!arguments.quiet && f.verdict != Judgement::MET)
        fmt::print("{:<15} {}, {}: {}: {}\n", word_of(f.verdict), page.title, page.source, f.clause, f.text);
    }
    report.pages.push_back(std::move(page));
  }
  try {
    write_test_report(report, folder / "mqt.html");
    write_test_table(report, folder / "mqt.csv");
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  if (!arguments.quiet) {
    fmt::print("{} tests of {}\n", report.pages.size(), bench.name());
    for (const char* name : {"mqt.html", "mqt.csv", "records"})
      fmt::print("  {}\n", (folder / name).string());
  }
  if (Interruptible::asked()) return ExitCode::INTERRUPTED;
  return failed ? ExitCode::NOT_MET : ExitCode::OK;
}

}  // namespace ballast
