/// `ballast validate`: published events against what their cases do.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_folder.hpp"
#include "cli/progress.hpp"
#include "cli/run_parts.hpp"
#include "studies/validation/ensemble.hpp"
#include "viz/file_output.hpp"
#include "viz/test_report.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using namespace validation;

std::vector<fs::path> folders_of(const std::vector<std::string>& names) {
  std::vector<fs::path> folders;
  const fs::path home = "validation";
  for (const std::string& name : names)
    folders.push_back(fs::is_directory(name) ? fs::path(name) : home / name);
  if (names.empty() && fs::is_directory(home))
    for (const auto& entry : fs::directory_iterator(home))
      if (fs::exists(entry.path() / "event.toml")) folders.push_back(entry.path());
  std::sort(folders.begin(), folders.end());
  for (const fs::path& folder : folders)
    if (!fs::exists(folder / "event.toml"))
      throw Error(folder.string(), "holds no event.toml",
                  "name a folder of validation/, or call this where validation/ is");
  if (folders.empty())
    throw Error("validation", "no event is there", "name its folder, or call this where validation/ is");
  return folders;
}

/// A run that could not go on.
struct Stopped {
  std::string what;
};

Record run_record(const Case& c, bool shown) {
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  ProgressLine line(shown);
  const RunResult result = simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c),
                                    &recorder, [&](const Progress& progress) {
                                      if (Interruptible::asked()) throw Interrupted();
                                      line.show(progress);
                                    });
  if (Interruptible::asked()) throw Interrupted();
  if (!result.status.completed) throw Stopped{c.path.string() + ": " + result.status.outcome};
  return recorder.record();
}
View view_of(const Case& c, const Record& record) {
  View view{record.times_s, record.schema, record.values, record.events, {}, {}};
  describe(c, view);
  return view;
}

Finding finding_of(const std::string& clause, const std::optional<bool>& inside, const std::string& text) {
  Finding finding;
  finding.clause = clause;
  finding.verdict = !inside ? Judgement::NOT_TESTED : *inside ? Judgement::MET : Judgement::NOT_MET;
  finding.text = text;
  return finding;
}

/// What the curves of the report are of.
std::string curves_of(const Drawn& drawn) {
  std::vector<std::string> words;
  if (!drawn.power.empty()) words.push_back(fmt::format("sum of {}", drawn.power));
  if (!drawn.voltage.empty()) words.push_back(fmt::format("mean of {}", drawn.voltage));
  if (!drawn.frequency.empty()) words.push_back(fmt::format("mean of {}", drawn.frequency));
  return fmt::format("{}", fmt::join(words, ", "));
}

/// A page for the table, and one for each run with what was taken of it.
TestReport report_of(const Validation& v, const std::vector<Row>& rows, const std::vector<Measured>& measured,
                     const std::map<std::string, View>& views) {
  TestReport report;
  report.kind = "validation against a published event";
  report.title = v.title;
  report.about = {{"Case", v.case_path.lexically_normal().string()},
                  {"Assumptions, SHA-256", file_sha256(v.assumptions)},
                  {"Calibrated on a metric", fmt::format("{} of the assumptions", v.fitted)},
                  {"Curves", curves_of(v.drawn)}};
  for (const Run& run : v.runs) {
    TestPage page;
    page.title = run.title;
    page.source = run.name;
    page.series = overview(v, views.at(run.name));
    page.measured = published_levels(v, page.series.power_MW.empty() ? 0 : page.series.power_MW.front());
    page.series_name = "ours";
    page.measured_name = "published levels (their times are drawn, not published, but for the faults)";
    if (report.pages.empty())
      for (const Row& row : rows)
        page.findings.push_back(finding_of(fmt::format("{} {}", row.expected.id, row.expected.metric),
                                           row.inside,
                                           fmt::format("published {}; ours {}; {}", row.expected.published,
                                                       row.ours, name_of(row.standing.status))));
    else
      for (const Measured& m : measured)
        if (m.metric->run == run.name) page.findings.push_back(finding_of(m.metric->id, m.inside, m.text));
    report.pages.push_back(std::move(page));
  }
  return report;
}

/// The figures of [seeds] for every seed from 1 on.
std::vector<SeedFigure> run_seeds(const Validation& v, int count, bool shown) {
  const auto run =
      std::find_if(v.runs.begin(), v.runs.end(), [&](const Run& r) { return r.name == v.seed_run; });
  if (run == v.runs.end())
    throw Error((v.folder / "event.toml").string(), "[seeds] names no run",
                "give [seeds] path, run and metrics");
  std::vector<SeedFigure> figures;
  for (int seed = 1; seed <= count; ++seed) {
    const Case c = variant(v, *run, seed);
    const Record record = run_record(c, shown);
    const View view = view_of(c, record);
    std::map<std::string, View> views{{run->name, view}};
    for (const std::string& other : v.seed_stands_for) views.emplace(other, view);
    const std::vector<Measured> measured = measure(v, views, v.seed_ids);
    figures.resize(measured.size());
    for (std::size_t k = 0; k < measured.size(); ++k) {
      const Metric& m = *measured[k].metric;
      figures[k].name = m.id + (m.label.empty() ? "" : " " + m.label);
      figures[k].values.push_back(measured[k].value);
    }
  }
  return figures;
}

/// Every ensemble of an event: lines of text; by name its rows and the figures of every draw.
struct Ensembles {
  std::string text;
  std::map<std::string, std::vector<Row>> rows;
  std::map<std::string, std::string> draws;
};
Ensembles run_ensembles(const Validation& v, const ValidateArguments& arguments, bool shown) {
  Ensembles all;
  std::map<std::string, EnsembleRun> runs;
  for (const Ensemble& e : v.ensembles) {
    const auto base = runs.find(e.of);
    const EnsembleRun* other = base == runs.end() ? nullptr : &base->second;
    const int count = arguments.draws.value_or(e.draws);
    if (count == 0) continue;
    const std::vector<int> draws = draws_for(e, count, other);
    const EnsembleRun& run =
        runs.emplace(e.name, run_ensemble(v, e, draws, arguments.jobs,
                                          [&](int done) {
                                            if (Interruptible::asked()) throw Interrupted();
                                            if (shown)
                                              fmt::print(stderr, "\r{}: {} of {} draws", e.name, done,
                                                         draws.size());
                                            if (shown && done == static_cast<int>(draws.size()))
                                              fmt::print(stderr, "\n");
                                          }))
            .first->second;
    const std::vector<Row>& rows = all.rows[e.name] = judge_ensemble(v, run, other);
    all.text += ensemble_text(run, rows);
    all.draws[e.name] = draws_csv(run);
  }
  return all;
}

ExitCode validate_one(const fs::path& path, const ValidateArguments& arguments) {
  const Validation v = read_validation(path);
  const fs::path folder = arguments.output.empty()      ? fs::path("ballast-out") / ("validate-" + v.name)
                          : arguments.names.size() == 1 ? arguments.output
                                                        : arguments.output / v.name;
  try {
    claim_output_folder(folder);
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  const bool shown = !arguments.quiet && !arguments.json;
  std::map<std::string, Record> records;
  std::map<std::string, View> views;
  for (const Run& run : v.runs) {
    const Case c = variant(v, run);
    const Record& record = records[run.name] = run_record(c, shown);
    views.emplace(run.name, view_of(c, record));
  }
  const std::vector<Measured> measured = measure(v, views);
  const std::vector<Row> rows = judge(v, measured);
  std::vector<SeedFigure> seeds;
  if (arguments.seeds > 0) seeds = run_seeds(v, arguments.seeds, shown);
  if (!arguments.json) fmt::print("{}", table_text(v, rows, !arguments.quiet) + spread_text(seeds));
  const Ensembles ensembles = run_ensembles(v, arguments, shown);
  const std::string json = table_json(v, rows, seeds, ensembles.rows);
  fmt::print("{}", arguments.json ? json : ensembles.text);
  try {
    if (!ensembles.draws.empty()) fs::create_directories(folder / "draws");
    for (const auto& [name, csv] : ensembles.draws) write_whole_file(folder / "draws" / (name + ".csv"), csv);
    write_test_report(report_of(v, rows, measured, views), folder / "validation.html");
    write_whole_file(folder / "validation.json", json);
    if (!seeds.empty()) write_whole_file(folder / "seeds.csv", seeds_csv(seeds));
  } catch (const Error& error) {
    print_errors(error);
    return ExitCode::CANNOT_WRITE;
  }
  if (shown) fmt::print("  {}\n", (folder / "validation.html").string());
  // What no draw says anything about does not fail.
  const auto any_fails = [&](const std::vector<Row>& judged, bool unjudged) {
    return std::any_of(judged.begin(), judged.end(), [&](const Row& row) {
      return !row.agrees || (arguments.strict && row.standing.status != Status::REPORT_ONLY &&
                             !row.inside.value_or(unjudged));
    });
  };
  const bool failed =
      any_fails(rows, false) || std::any_of(ensembles.rows.begin(), ensembles.rows.end(),
                                            [&](const auto& one) { return any_fails(one.second, true); });
  return failed ? ExitCode::NOT_MET : ExitCode::OK;
}

}  // namespace

ExitCode validate_command(const ValidateArguments& arguments) {
  const Interruptible interruptible;
  ExitCode code = ExitCode::OK;
  try {
    for (const fs::path& folder : folders_of(arguments.names))
      if (const ExitCode one = validate_one(folder, arguments); one != ExitCode::OK) code = one;
  } catch (const Interrupted&) {
    return ExitCode::INTERRUPTED;
  } catch (const Stopped& run) {
    fmt::print(stderr, "error: {}\n", run.what);
    return ExitCode::RUN_FAILED;
  }
  return code;
}

}  // namespace ballast
