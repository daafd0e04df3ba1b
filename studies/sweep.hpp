/// \file
/// A sweep: one case, many variants of it, and what to find out about each. docs/sweep-format.md is the
/// reference of the file.
///
///     const Sweep sweep = read_sweep("every-bus.toml");          // Error lists everything that is wrong
///     SweepRun run = run_sweep(sweep, {.jobs = 2, .folder = "out"});   // run_sweep.hpp
///     Table table = result_table(sweep, run.results);                  // results.hpp
///
/// Scenarios are numbered from 0; the last axis varies fastest. Axes that [sampling] draws together count as
/// one axis, where the first of them stands. Order and content of scenarios depend on the sweep file and the
/// files it names only.
#pragma once

#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "cases/reader/toml.hpp"
#include "studies/meters.hpp"
#include "studies/stability_watch.hpp"
#include "studies/tree_path.hpp"

namespace ballast {

/// One value of an axis.
struct AxisValue {
  TomlValue value;   ///< goes to the axis's path, and in the place of "{axis}" in events
  std::string text;  ///< in tables and messages
  std::map<std::string, TomlValue> parts;  ///< "{axis.near}" in events: near, far, from, to of a line
  std::string note;                        ///< what --list says beside it
};

struct Axis {
  std::string name;
  std::string unit;  ///< as declared, for the table
  std::optional<TreePath> path;
  std::vector<AxisValue> values;
  bool numeric = false;  ///< all values are numbers
  /// Follows a distribution by [sampling]: all such axes take their values together, as one.
  bool sampled = false;
  Place place;
  /// Nothing but [[event]] depends on it, so that the base case at rest serves all its values.
  [[nodiscard]] bool events_only() const { return !path || path->words.front() == "event"; }
};

/// Which scenarios leave a full record.
struct KeepRecords {
  enum class Which { NONE, FAILED, UNSTABLE, ALL, LISTED } which = Which::NONE;
  std::vector<int> listed;
};

/// Does this scenario, having ended so, keep its full record?
struct ScenarioResult;
[[nodiscard]] bool keeps_record(const KeepRecords& keep, const ScenarioResult& result);

/// [[verdict]]: what a figure of a scenario has to be.
struct Verdict {
  std::string name;  ///< of the column
  std::string of;    ///< of the column it is about
  std::optional<double> at_least, at_most;
};

struct Sweep {
  std::string title;
  std::filesystem::path path;
  std::string text;  ///< the whole sweep file
  CaseFile base_file;
  TomlValue base;  ///< the base case with [set] applied; its own events as base_events says
  Case base_case;  ///< read from `base`
  bool zip = false;
  std::vector<Axis> axes;
  std::vector<TomlValue> events;  ///< templates added to every scenario
  int scenarios = 0;
  double step_cycles = 0;                                        ///< of the batch engine; 0: by its error
  double cpu_limit_s = std::numeric_limits<double>::infinity();  ///< of one scenario
  bool sync = true;  ///< a finished scenario has reached the disk before the next one starts
  double figures_from_s = 0;
  std::vector<double> voltage_below_pu, frequency_below_Hz;
  double rocof_window_s = kRocofWindow_s;
  std::vector<MetricSpec> metrics;
  std::vector<Verdict> verdicts;
  StabilityCriteria stability;
  KeepRecords keep;
  std::optional<double> record_step_s;
  std::string fingerprint;  ///< of everything the results depend on: sweep, case, network files, program
  std::vector<Problem> warnings;
};

/// Reads a sweep file, its base case, and the case of its first scenario. Throws Error with every problem
/// found.
[[nodiscard]] Sweep read_sweep(const std::filesystem::path& path);
/// The same from memory; files are relative to the folder of `path`.
[[nodiscard]] Sweep read_sweep_text(std::string_view text, const std::filesystem::path& path);

/// The value of each axis in a scenario: places in Axis::values.
[[nodiscard]] std::vector<int> choice_of(const Sweep& sweep, int scenario);
/// "bus 16, duration_s 0.15"; of many axes the first twelve.
[[nodiscard]] std::string scenario_text(const Sweep& sweep, int scenario);
/// Scenarios of equal key differ by events only and share one case at rest; "" is the base case.
[[nodiscard]] std::string case_key(const Sweep& sweep, int scenario);
/// The case file of a scenario. Throws Error for a path that leads nowhere.
[[nodiscard]] TomlValue scenario_tree(const Sweep& sweep, int scenario);
/// Its [[event]] alone: all of it that differs between scenarios of one case at rest.
[[nodiscard]] TomlValue event_tree(const Sweep& sweep, int scenario);

}  // namespace ballast
