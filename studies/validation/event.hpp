/// \file
/// A published event and how well a case reproduces it: what `ballast validate` is about. docs/validation.md
/// is the reference of the files.
///
///     const Validation v = read_validation("validation/virginia-2024");
///     Case c = variant(v, v.runs[0]);                 // one of the runs that the metrics need
///     std::vector<Measured> m = measure(v, views);    // views: what was recorded of each run
///     std::vector<Row> rows = judge(v, m);            // against published values, and against what
///     status.csv says
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cases/reader/case.hpp"
#include "cases/reader/toml.hpp"
#include "solver/recorder.hpp"
#include "studies/requirements/finding.hpp"
#include "studies/tree_path.hpp"

namespace ballast::validation {

/// A line of expected.csv (the published table, its words untouched) or of signs.csv (ours: what must come of
/// the counterfactual runs).
struct Expected {
  std::string id, metric, published, tolerance, gate, source;
};
enum class Status { PASS, KNOWN_MISS, REPORT_ONLY };
[[nodiscard]] const char* name_of(Status status);  ///< "pass", "known-miss", "report-only"

/// A line of status.csv: what the row is expected to do today.
struct Standing {
  Status status = Status::REPORT_ONLY;
  std::string reason;
};

/// [[run]]: the case with these changes.
struct Run {
  std::string name, title;
  std::vector<std::pair<TreePath, TomlValue>> changes;
  std::filesystem::path adds;  ///< [[event]], [[bess]] and other tables added to the case's own; "": none
};

/// [[metric]]: how a row's figure is taken of a run. Times count from the event's own zero.
struct Metric {
  std::string id, run, take, of, unit, label;
  std::string name;                   ///< for others' `uses`; "": the id
  std::vector<std::string> elements;  ///< patterns; empty: all
  std::vector<std::string> minus;     ///< patterns: their mean is taken from that of the elements
  bool together = false;              ///< max, min: of the elements' sum
  std::string at;                     ///< a metric above it, whose value is at_s; "": none
  std::string after;  ///< a metric above it, whose value from_s, to_s and at_s count from; "": none
  std::vector<std::string>
      words;  ///< of the log; first-event: all in one text, left: any, count: kinds of events
  std::vector<std::string> uses;                 ///< ratio, difference: names or ids of two metrics
  std::vector<std::vector<std::string>> groups;  ///< order: names of machines, in the order of their trips
  double from_s = 0, to_s = 0, at_s = 0, low = 0, high = 0, within_s = 0, settle_s = 0, level = 0, scale = 1,
         less = 0;
  std::vector<double> starts_s, ends_s;
  std::vector<std::pair<std::string, double>>
      where;                                      ///< parameters that a device must have with these values
  std::vector<std::pair<double, double>> accept;  ///< intervals, both ends included; empty: nothing is judged
  Place place;
};

/// [[published]]: a level to be drawn over ours.
struct Level {
  std::string of;  ///< "voltage", "frequency", "lost"
  double from_s = 0, to_s = 0, value = 0;
};

/// [drawn]: quantities of the curves in the report.
struct Drawn {
  std::string power, voltage, frequency;  ///< summed; mean; mean. "": none
  std::vector<std::string> voltage_elements;
};

/// [gate]: when the event counts as reproduced.
struct Gate {
  int least = 0;  ///< scored rows that pass
  std::vector<std::string> must_pass;
};

/// What a counterfactual is to show: of a metric of the ensemble that it is of, in draws in which that gave a
/// figure (a time at which something happened).
struct Sign {
  enum class Expect {
    NEVER,  ///< it does not happen
    LATER,  ///< it does not happen, or later by `margin` at least
    STILL,  ///< it happens as well
    LESS,   ///< the figure is `margin` of what it was at most
    WITHIN  ///< the figure lies between low and high, whatever it was
  };
  std::string id, of;  ///< row; name of a metric
  Expect expect = Expect::NEVER;
  double margin = 0, low = 0, high = 0;
};

/// [[ensemble]]: draws of a sweep, and rows judged over them. docs/validation.md.
struct Ensemble {
  std::string name, title, of;  ///< of: another ensemble, whose draws are repeated with changes; "": none
  std::filesystem::path sweep, adds;
  std::vector<std::pair<TreePath, TomlValue>> changes;
  bool replaces_events = false;  ///< those that the sweep prescribes are left out
  bool all_draws = false;        ///< run for every draw, whatever happened in the other ensemble
  int draws = 0;                 ///< how many `validate` runs by default
  double share = 0.5;            ///< of the draws that must lie inside for a row to pass ...
  std::vector<std::pair<std::string, double>> shares;  ///< ... but for these ids
  std::optional<Gate> gate;
  std::vector<Sign> signs;
  Place place;
};

struct Validation {
  std::string name, title;
  std::optional<Gate> gate;
  std::filesystem::path folder, case_path, assumptions;
  double zero_s = 0;      ///< the event's own zero in simulated time
  std::string seed_path;  ///< key that --seeds runs through; "": none
  std::vector<std::string> seed_ids;
  std::string seed_run;
  std::vector<std::string> seed_stands_for;  ///< runs that it is as good as
  Drawn drawn;
  int fitted = 0;  ///< values of the assumptions calibrated on a metric
  std::vector<Run> runs;
  std::vector<Ensemble> ensembles;
  std::vector<Metric> metrics;
  std::vector<Level> levels;
  std::vector<Expected> expected;
  std::map<std::string, Standing> standings;  ///< by id
};

/// Reads event.toml, expected.csv, signs.csv if there is one, and status.csv of a folder. Throws Error with
/// every problem found.
[[nodiscard]] Validation read_validation(const std::filesystem::path& folder);
/// The case of a run; `seed` replaces the value at seed_path.
[[nodiscard]] Case variant(const Validation& validation, const Run& run, std::optional<int> seed = {});

/// Gives a case's tree these values, then adds the tables of a file ("" : none).
void change(TomlValue& tree, const std::vector<std::pair<TreePath, TomlValue>>& changes,
            const std::filesystem::path& adds);

/// What was recorded of a run; refers to it.
struct View {
  const std::vector<double>& times_s;  ///< two equal times: before and after an event
  const Schema& schema;
  const std::vector<std::vector<double>>& values;  ///< per quantity: [sample * elements + element]
  const std::vector<LoggedEvent>& events;
  std::map<std::string, std::string> bus_of;  ///< element of bus.voltage where a data center is, by its name
  std::map<std::string, std::map<std::string, double>>
      settings;  ///< parameters of the data centers' parts, by device
};

/// bus_of and settings of a case.
void describe(const Case& c, View& view);

/// A figure: its value, how it reads, and whether it lies in what is accepted (nothing: not judged).
struct Measured {
  const Metric* metric = nullptr;
  double value = 0;
  std::string text;
  std::optional<bool> inside;
};
/// Every metric, in their order; `views` by run. Throws Error for a quantity that was not recorded.
[[nodiscard]] std::vector<Measured> measure(const Validation& validation,
                                            const std::map<std::string, View>& views,
                                            const std::vector<std::string>& only = {});
/// Those of one run or ensemble alone, whatever other runs there are.
[[nodiscard]] std::vector<Measured> measure_run(const Validation& validation, const std::string& run,
                                                const View& view);

/// The curves of the report, times from the event's zero; the published levels, with gaps (not a number)
/// between them.
[[nodiscard]] LoadSeries overview(const Validation& validation, const View& view);
[[nodiscard]] LoadSeries published_levels(const Validation& validation, double before_MW);

/// A row of the table.
struct Row {
  Expected expected;
  Standing standing;
  std::string ours;            ///< figures joined by "; "
  std::vector<double> values;  ///< the same as numbers; not a number where there is none
  std::optional<bool> inside;  ///< of all its metrics; nothing: not judged
  bool agrees = true;          ///< the verdict is what status.csv says
};
[[nodiscard]] std::vector<Row> judge(const Validation& validation, const std::vector<Measured>& measured);
[[nodiscard]] const char* verdict_of(const Row& row);  ///< "pass", "MISS", "-"
/// "reproduces: 15 of 18 scored rows pass, ...", with an end of line.
[[nodiscard]] std::string gate_text(const Gate& gate, const std::vector<Row>& rows);

/// Median and the 5 and 95 % points of figures of many seeds, linear between order statistics.
struct Spread {
  double low = 0, median = 0, high = 0;
};
[[nodiscard]] Spread spread(std::vector<double> values);
struct SeedFigure {
  std::string name;
  std::vector<double> values;  ///< by seed; not a number where it is absent
};

/// The spread of figures as lines of text; the seeds from 1 on as comma-separated values.
[[nodiscard]] std::string spread_text(const std::vector<SeedFigure>& seeds);
[[nodiscard]] std::string seeds_csv(const std::vector<SeedFigure>& seeds);
/// The table as lines of text, and as JSON.
[[nodiscard]] std::string table_text(const Validation& validation, const std::vector<Row>& rows, bool wide);
[[nodiscard]] std::string table_json(const Validation& validation, const std::vector<Row>& rows,
                                     const std::vector<SeedFigure>& seeds = {},
                                     const std::map<std::string, std::vector<Row>>& ensembles = {});

/// Comma-separated rows; a cell in quotes may hold commas, and "" for a quote.
[[nodiscard]] std::vector<std::vector<std::string>> csv_rows(const std::string& text);
/// SHA-256 of a file's bytes, 64 hexadecimal digits, as sha256sum prints it. Throws Error when it cannot be
/// read.
[[nodiscard]] std::string file_sha256(const std::filesystem::path& path);

}  // namespace ballast::validation
