/// \file
/// Checks what one load did against a rule: a verdict for every clause, with the worst moment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "studies/requirements/rule.hpp"

namespace ballast {

/// What a load did, as a meter at its connection saw it. Times do not decrease; two equal times are before
/// and after a jump, and between samples everything is a straight line.
struct LoadSeries {
  std::vector<double> time_s;
  std::vector<double> power_MW;      ///< drawn
  std::vector<double> voltage_pu;    ///< empty: not measured
  std::vector<double> frequency_Hz;  ///< empty: not measured; 0 while dead
  std::vector<double>
      reactive_Mvar;  ///< drawn; empty: not measured. Like the angle for playback, no rule asks for it
  std::vector<double> angle_deg;  ///< of the voltage; empty: not measured
  struct Lock {
    double time_s = 0;
    std::string text;
  };
  std::vector<Lock> locks;    ///< a dip counter kept load on backup
  bool events_known = false;  ///< `locks` is complete
};

enum class Judgement {
  MET,
  NOT_MET,
  BEYOND,      ///< the load left, or stayed away, after more than it has to ride through
  NOT_TESTED,  ///< nothing happened that the clause is about
  UNDECIDED,   ///< the series is too short, too coarse, or lacks what the clause needs
};
[[nodiscard]] const char* word_of(Judgement verdict);  ///< "met", "NOT MET", ...

struct Finding {
  std::string load;    ///< whose
  std::string rule;    ///< its name
  std::string clause;  ///< "recovery", "ramp up", ...
  Judgement verdict = Judgement::UNDECIDED;
  std::optional<double> measured, limit;
  std::string unit;
  std::optional<double> time_s;  ///< the worst moment
  std::string text;              ///< one sentence
};

/// One excursion of voltage or frequency out of the region of continuous operation.
struct Excursion {
  double start_s = 0, end_s = 0;  ///< end: back inside, or the end of the series
  bool ended = false;
  double voltage_worst_pu = 1;       ///< furthest outside
  double frequency_worst_Hz = 0;     ///< furthest outside, 0: it stayed inside
  double exceeded_s = kForever;      ///< when it became more than has to be ridden through
  std::string exceeded_what;         ///< "below 0.5 pu for 0.26 s, 0.25 s to be ridden through"
  double before_MW = 0;              ///< mean consumption before
  std::optional<double> recovery_s;  ///< after end_s
};
struct RideThroughResult {
  std::vector<Finding> findings;
  std::vector<Excursion> excursions;
};

/// `averaging_s`: consumption is the mean over this much of what follows (before: precedes) an instant: the
/// period of a load that swings, 0 for one that does not.
[[nodiscard]] RideThroughResult check_ride_through(const LoadSeries& series, const RideThrough& rule,
                                                   double averaging_s);
[[nodiscard]] std::vector<Finding> check_variation(const LoadSeries& series,
                                                   const std::vector<VariationLimit>& limits);
/// Both, with load and rule named.
[[nodiscard]] std::vector<Finding> check_rule(const LoadSeries& series, const Rule& rule,
                                              const std::string& load, double averaging_s);

}  // namespace ballast
