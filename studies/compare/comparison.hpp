/// \file
/// Remedies side by side: one case, named changes of it, one set of disturbances for all, and the table of
/// what each remedy does. docs/compare.md is the reference of the file.
///
///     const Comparison c = read_comparison("cases/compare-100MW", "mitigations.toml");
///     Case one = variant(c, c.mitigations[0], c.disturbances[0]);      // run it, keep what recorded(...)
///     names judge(c, observed)                                               // figures of every remedy, and
///     verdicts
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cases/reader/case.hpp"
#include "cases/reader/toml.hpp"
#include "studies/compare/availability.hpp"
#include "studies/table.hpp"
#include "studies/tree_path.hpp"

namespace ballast::compare {

/// [[disturbance]]: what is done to every variant.
struct Trial {
  std::string name, title;
  bool events = false;  ///< a trial of ride-through; else the load itself is the disturbance
  double from_s = 0;    ///< the figures count from here; with events: the mean before counts up to here
  double until_s = 0;   ///< end of the run
  std::vector<double> dips_s;  ///< when its faults strike
  TomlValue tables;            ///< with [[event]]
};

/// A machine of a remedy that burns fuel.
struct Fuel {
  std::string machine;              ///< "103-1"
  double heat_rate_GJ_per_MWh = 0;  ///< of its electric energy
};

/// [[mitigation]]: the case with these changes.
struct Mitigation {
  std::string name, title;
  std::vector<std::string> combines;                    ///< others, whose changes come first
  std::vector<std::pair<TreePath, TomlValue>> changes;  ///< [mitigation.set]
  TomlValue adds;                                       ///< [[mitigation.add.bess]] and other lists of tables
  std::vector<Fuel> fuels;
  double area_acre = 0;                  ///< of what it adds; 0: not given
  std::optional<double> hours_per_year;  ///< most that its gensets may run
  [[nodiscard]] bool changes_nothing() const {
    return changes.empty() && adds.entries.empty() && combines.empty();
  }
};

/// Two bounds of a verdict: up to (or from) the first "yes", to the second "possibly", else "no".
struct Bounds {
  double yes = 0, possibly = 0;
};

/// [[claim]]: what a vendor says of a figure.
struct Claim {
  std::string table, item, says;
  std::string figure;  ///< "bess.life_years"; of a verdict: "bess.smoothing"
  std::string over;    ///< another figure it is divided by; "": none
  std::string is;      ///< the verdict claimed; "": a number is
  std::optional<double> at_least, at_most;
  std::string cannot;  ///< why there is nothing to compute; "": there is
  Place place;
};

struct Comparison {
  std::filesystem::path path;  ///< of the file of remedies
  CaseFile base_file;
  TomlValue base;  ///< of the case, without its events
  std::string title;
  std::string datacenter;          ///< the site's
  std::vector<std::string> meter;  ///< branches into the site
  double declared_MW = 0;          ///< draw of the grid that flexible connection is to avoid
  double average_s = 0;            ///< period of the load: means are over it
  double ramp_window_s = 0;
  double training_share = 1;  ///< of a year, during which the load swings as in the run
  std::vector<std::pair<double, double>> bands_Hz;
  Bounds smoothing;     ///< share of the bare site's deviation that is left
  Bounds ride_through;  ///< share of the site's power that the grid loses
  Bounds flexible_min;  ///< minutes
  std::vector<Trial> disturbances;
  std::vector<Mitigation> mitigations;  ///< the first is the bare site, against which the others are held
  std::vector<Availability> availabilities;
  std::vector<Claim> claims;
};

/// Reads the case and the file of remedies, and every variant once. Throws Error with every problem found.
[[nodiscard]] Comparison read_comparison(const std::filesystem::path& case_path,
                                         const std::filesystem::path& mitigations);

/// A remedy under a disturbance, with what has to be recorded of it.
[[nodiscard]] Case variant(const Comparison& comparison, const Mitigation& mitigation,
                           const Trial& disturbance);

/// A run's series, each named "<quantity>/<element>".
struct Observed {
  std::vector<double> times_s;
  std::map<std::string, std::vector<double>> series;
  std::string failed;  ///< why the run could not go on; "": it did
  /// Throws Error where there is none of this name.
  [[nodiscard]] const std::vector<double>& at(const std::string& name) const;
};
/// Power into the site, MW.
[[nodiscard]] std::vector<double> meter_power(const Comparison& comparison, const Observed& observed);

/// What the load does to the meter without any event.
struct SmoothingFigures {
  double mean_MW = 0, deviation_MW = 0;
  double ramp_MW_per_s = 0;      ///< largest change within ramp_window_s, over it
  std::vector<double> bands_MW;  ///< rms by band
};
[[nodiscard]] SmoothingFigures smoothing_figures(const Comparison& comparison,
                                                 const std::vector<double>& times_s,
                                                 const std::vector<double>& power_MW, double from_s);

/// What dips do to it.
struct RideThroughFigures {
  double before_MW = 0;
  double lost_MW = 0;        ///< the most that means over the period fall below that, after the dips
  double lost_end_MW = 0;    ///< in the last period
  int dips = 0, ridden = 0;  ///< ridden: less than a hundredth of the site's IT power left the grid
};
[[nodiscard]] RideThroughFigures ride_through_figures(const Comparison& comparison, const Trial& disturbance,
                                                      const Observed& observed);

/// Draw of the grid that a remedy can avoid: minutes at the declared power.
struct FlexibleFigures {
  double avoided_MW = 0;                   ///< for good, by generation on the site
  double storage_MW = 0, storage_MWh = 0;  ///< usable, at the terminals
  double battery_min = 0;                  ///< of the UPS, at the declared power
  bool gensets = false;
  double minutes = 0;  ///< infinite: as long as there is fuel
  std::string how;
};
[[nodiscard]] FlexibleFigures flexible_figures(const Comparison& comparison, const Mitigation& mitigation,
                                               const Case& c, double avoided_MW);

/// One line of the table.
struct Row {
  const Mitigation* mitigation = nullptr;
  SmoothingFigures smoothing;
  double deviation_share = 1;  ///< of the bare site's
  RideThroughFigures ride_through;
  double lost_share = 0;  ///< of what the bare site draws
  FlexibleFigures flexible;
  std::optional<double> life_years, full_cycles_per_year;  ///< of the storage that lasts least
  std::optional<double> area_acre_per_100MW, fuel_GJ_per_MWh, fuel_GJ_per_h;
  std::string smoothing_verdict, ride_through_verdict,
      flexible_verdict;  ///< "yes", "possibly", "no"; "failed"
  std::string failed;
};
/// Observed: by mitigation and disturbance, in their orders.
[[nodiscard]] std::vector<Row> judge(const Comparison& comparison,
                                     const std::vector<std::vector<Observed>>& observed);

/// Figures by name for claims: "bess.life_years", and the verdicts as texts.
struct Figures {
  std::map<std::string, double> numbers;
  std::map<std::string, std::string> verdicts;
};
[[nodiscard]] Figures figures_of(const std::vector<Row>& rows,
                                 const std::vector<AvailabilityResult>& availabilities);

/// A claim against ours.
struct Answer {
  const Claim* claim = nullptr;
  std::string verdict;  ///< "agree", "differ", "cannot be computed"
  std::string ours;     ///< the number behind it
};
[[nodiscard]] std::vector<Answer> answers(const Comparison& comparison, const Figures& figures);

/// As text, and for files.
[[nodiscard]] std::string table_text(const Comparison& comparison, const std::vector<Row>& rows,
                                     const std::vector<AvailabilityResult>& availabilities,
                                     const std::vector<Answer>& answers);
[[nodiscard]] Table row_table(const Comparison& comparison, const std::vector<Row>& rows);
[[nodiscard]] Table claim_table(const std::vector<Answer>& answers);

}  // namespace ballast::compare
