/// \file
/// Published settings of protection, by name. docs/protection.md gives the sources in full.
/// Private to cases/reader/.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/handbook.hpp"

namespace ballast {

/// A stage of a plan for under-frequency load shedding.
struct SheddingStage {
  double f_Hz;
  double share;  ///< of the load before the event, of this stage alone
  double delay_s;
};
struct SheddingPlan {
  const char* name;
  double frequency_Hz;  ///< nominal, of the grid it is made for
  const char* source;
  std::vector<SheddingStage> stages;
};
[[nodiscard]] const std::vector<SheddingPlan>& shedding_plans();

/// A point of a time-frequency or time-voltage curve of a unit: beyond `threshold` (Hz or pu) for `delay_s`.
struct CurvePoint {
  enum Side { UNDER_FREQUENCY, OVER_FREQUENCY, UNDER_VOLTAGE, OVER_VOLTAGE } side;
  double threshold;
  double delay_s;
};
struct UnitSettings {
  const char* name;
  double frequency_Hz;  ///< nominal, of the grid it is made for; 0: any
  const char* source;
  std::vector<CurvePoint> points;
};
[[nodiscard]] const std::vector<UnitSettings>& unit_settings();

/// Of UFLS without f_Hz, share and delay_s; of UVLS without V, share and delay_s.
[[nodiscard]] std::vector<HandbookDefault> ufls_defaults();
[[nodiscard]] std::vector<HandbookDefault> uvls_defaults();
/// The other threshold and the breaker's time of FRQTPAT and VTGTPAT.
[[nodiscard]] std::vector<HandbookDefault> frequency_trip_defaults();
[[nodiscard]] std::vector<HandbookDefault> voltage_trip_defaults();
/// "rocof", "overspeed", "volts_per_hertz", "loss_of_field", "out_of_step": what needs no knowledge of the
/// unit.
[[nodiscard]] std::vector<HandbookDefault> unit_relay_defaults(const std::string& key);

/// The machines of [scan] (protection_tables.cpp): relays by published settings that only alarm.
void scan_machines(Section& scan, Reading& reading);

// ---- branches
/// Curves of inverse-time overcurrent relays.
struct InverseCurve {
  const char* name;
  double A, B, p;
};
[[nodiscard]] const std::vector<InverseCurve>& inverse_curves();
/// Reach of the three zones in shares of the line's impedance.
struct ZoneReach {
  const char* key;
  double share;
  const char* source;
};
[[nodiscard]] const std::vector<ZoneReach>& zone_reaches();
/// The zones of [scan]; the circles of a generic distance relay.
[[nodiscard]] const std::vector<ZoneReach>& scan_zones();
/// Of DISTR1 without its circles; of INVERSETIME without its curve; of THERMAL, RECLOSER, SHUNTSWITCH.
[[nodiscard]] std::vector<HandbookDefault> distance_defaults();
[[nodiscard]] std::vector<HandbookDefault> inverse_time_defaults();
[[nodiscard]] std::vector<HandbookDefault> thermal_defaults();
[[nodiscard]] std::vector<HandbookDefault> recloser_defaults();
[[nodiscard]] std::vector<HandbookDefault> shunt_switch_defaults();

}  // namespace ballast
