/// \file
/// What a grid may demand of a large load: ride-through envelopes and limits on how its power varies, as
/// data. built_in_rules.cpp has the published ones; a case may bring its own (docs/requirements.md).
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace ballast {

inline constexpr double kForever = std::numeric_limits<double>::infinity();

/// Beyond `level` (below it in a low list, above it in a high one) the load stays connected for at least
/// `seconds`; 0: it may leave at once. Time beyond a deeper level counts for every level before it.
struct Step {
  double level = 0;  ///< pu or Hz
  double seconds = 0;
};

/// Consumption is back after a disturbance.
struct Recovery {
  double share = 0.9;            ///< of the consumption before
  double share_most = kForever;  ///< and no more than this
  double within_s = 0;
  double V_low = 0.9, V_high = 1.1;  ///< pu; its clock starts inside them where the rule has no voltage table
};

/// Disturbances that a load has to stay connected through. Lists begin with the mildest level, which bounds
/// the region of continuous operation.
struct RideThrough {
  std::vector<Step> low_voltage, high_voltage;      ///< pu
  std::vector<Step> low_frequency, high_frequency;  ///< Hz
  /// Time beyond a level is summed over this window; forever: over one disturbance.
  double voltage_window_s = kForever, frequency_window_s = kForever;
  std::optional<double> rocof_Hz_per_s;  ///< to be withstood
  double rocof_window_s = 0.5;
  std::optional<Recovery> recovery;
  bool counting_prohibited = false;  ///< dips must not be counted towards a transfer
};

/// One limit on how power (or the voltage that it moves) varies.
struct VariationLimit {
  enum class Kind {
    RAMP,                 ///< change of the mean over mean_s across window_s, MW per minute
    SPAN,                 ///< greatest less least power within window_s, MW
    BAND,                 ///< greatest less least of the power between f_low and f_high within window_s, MW
    SPECTRAL_SHARE,       ///< energy between f_low and f_high over all energy but the mean's, 1
    VOLTAGE_FLUCTUATION,  ///< greatest less least voltage within window_s while the voltage is in 0.9 to 1.1
                          ///< pu
  } kind = Kind::RAMP;
  std::string name;        ///< "ramp down", as a reader sees it
  double most = kForever;  ///< MW/min, MW, 1 or pu
  double most_of_peak =
      kForever;  ///< the same as a share of the peak (/min for a ramp); the lesser one binds
  double window_s = 60;
  double mean_s = 60;                  ///< RAMP
  double f_low_Hz = 0, f_high_Hz = 0;  ///< BAND, SPECTRAL_SHARE
  int direction = 0;                   ///< RAMP: +1 up only, -1 down only, 0 both
  std::string note;                    ///< how we read the rule where its text leaves it open
};

/// A rule as a whole.
struct Rule {
  std::string name;  ///< "ercot-nogrr-282"
  std::string title;
  std::string source;
  std::string confidence;    ///< "secondary, ...": whether the primary text was seen
  double frequency_Hz = 60;  ///< nominal, of the levels
  std::optional<RideThrough> ride_through;
  std::vector<VariationLimit> variation;
};

[[nodiscard]] const std::vector<Rule>& built_in_rules();
/// nullptr when there is none.
[[nodiscard]] const Rule* find_rule(const std::string& name);

}  // namespace ballast
