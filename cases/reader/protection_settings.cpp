#include "cases/reader/protection_settings.hpp"

namespace ballast {
namespace {

constexpr const char* kMemory = "from memory";
constexpr const char* kIberia = "ENTSO-E factual report on 28 April 2025, tables 3-7 to 3-15";
constexpr const char* kGridCodes = "PRC-024-3 points as in jonlesage/Grid-Codes";
constexpr auto UF = CurvePoint::UNDER_FREQUENCY;
constexpr auto OF = CurvePoint::OVER_FREQUENCY;
constexpr auto UV = CurvePoint::UNDER_VOLTAGE;
constexpr auto OV = CurvePoint::OVER_VOLTAGE;

}  // namespace

const std::vector<SheddingPlan>& shedding_plans() {
  // European delay: at most 150 ms in Regulation (EU) 2017/2196, from memory.
  static const std::vector<SheddingPlan> plans = {
      {"ERCOT-2021",
       60,
       "three stages before NOGRR247; the first share from memory, the delay that of NOGRR247",
       {{59.3, 0.05, 0.1}, {58.9, 0.10, 0.1}, {58.5, 0.10, 0.1}}},
      {"ERCOT-2026",
       60,
       "NOGRR247, in force from 1 October 2026",
       {{59.3, 0.05, 0.1}, {59.1, 0.05, 0.1}, {58.9, 0.05, 0.1}, {58.7, 0.05, 0.1}, {58.5, 0.05, 0.1}}},
      {"ERCOT-anti-stall",
       60,
       "ERCOT market notice M-A040626-01: optional, 1.5, 3.0 and 4.5 % in all",
       {{59.5, 0.015, 90}, {59.5, 0.015, 120}, {59.5, 0.015, 150}}},
      {"Eastern-Ameren",
       60,
       "CIGRE USNC 2025 (arXiv 2601.12686): about 10 % each; the delay from memory",
       {{59.3, 0.10, 0.1}, {59.0, 0.10, 0.1}, {58.7, 0.10, 0.1}}},
      {"Spain",
       50,
       kIberia,
       {{49.0, 0.06, 0.15},
        {48.8, 0.09, 0.15},
        {48.6, 0.08, 0.15},
        {48.4, 0.08, 0.15},
        {48.2, 0.07, 0.15},
        {48.0, 0.07, 0.15}}},
      {"Portugal",
       50,
       kIberia,
       {{49.0, 0.067, 0.15},
        {48.8, 0.066, 0.15},
        {48.6, 0.069, 0.15},
        {48.4, 0.066, 0.15},
        {48.2, 0.064, 0.15},
        {48.0, 0.097, 0.15}}},
      {"France",
       50,
       kIberia,
       {{49.0, 0.05, 0.15},
        {48.8, 0.08, 0.15},
        {48.6, 0.08, 0.15},
        {48.4, 0.08, 0.15},
        {48.2, 0.08, 0.15},
        {48.0, 0.08, 0.15}}},
  };
  return plans;
}

const std::vector<UnitSettings>& unit_settings() {
  static const std::vector<UnitSettings> settings = {
      {"PRC-024-WECC",
       60,
       kGridCodes,
       {{UF, 57.0, 0},
        {UF, 57.3, 0.75},
        {UF, 57.8, 7.5},
        {UF, 58.4, 30},
        {UF, 59.4, 180},
        {OF, 61.7, 0},
        {OF, 61.6, 30},
        {OF, 60.6, 180}}},
      {"PRC-024-ERCOT",
       60,
       kGridCodes,
       {{UF, 57.5, 0},
        {UF, 58.0, 2},
        {UF, 58.4, 30},
        {UF, 59.4, 540},
        {OF, 61.8, 0},
        {OF, 61.6, 30},
        {OF, 60.6, 540}}},
      {"PRC-024-Quebec",
       60,
       kGridCodes,
       {{UF, 55.5, 0},
        {UF, 56.5, 0.35},
        {UF, 57.0, 2},
        {UF, 57.5, 10},
        {UF, 58.5, 90},
        {UF, 59.4, 660},
        {OF, 66.0, 0},
        {OF, 63.0, 5},
        {OF, 61.5, 90},
        {OF, 60.6, 660}}},
      // A staircase inside the curves t = 10^(1.7373 f - 100.116) and t = 10^(90.935 - 1.45713 f).
      {"PRC-024-Eastern",
       60,
       "the curve's formula from memory, its end points as in jonlesage/Grid-Codes; steps ours",
       {{UF, 57.8, 2.0},
        {UF, 58.5, 33},
        {UF, 59.0, 242},
        {UF, 59.3, 805},
        {UF, 59.5, 1792},
        {OF, 62.2, 2.0},
        {OF, 61.8, 7.7},
        {OF, 61.0, 112},
        {OF, 60.5, 600}}},
      {"PRC-024-voltage",
       0,
       "PRC-024-3 attachment 2 as in jonlesage/Grid-Codes; a second transcription agrees",
       {{UV, 0.45, 0.15},
        {UV, 0.65, 0.30},
        {UV, 0.75, 2.0},
        {UV, 0.90, 3.0},
        {OV, 1.20, 0},
        {OV, 1.175, 0.20},
        {OV, 1.15, 0.50},
        {OV, 1.10, 1.0}}},
      {"IEEE-1547-II",
       60,
       kMemory,
       {{UV, 0.45, 0.16},
        {UV, 0.70, 10},
        {OV, 1.10, 2},
        {OV, 1.20, 0.16},
        {UF, 56.5, 0.16},
        {UF, 58.5, 300},
        {OF, 61.2, 300},
        {OF, 62.0, 0.16}}},
      {"GPINVB",
       60,
       "example set of inverter protection in a public repository",
       {{UV, 0.8, 0.5},
        {UV, 0.9, 2},
        {OV, 1.17, 4},
        {OV, 1.27, 1.5},
        {OV, 1.42, 0.016},
        {OF, 62.5, 0.016},
        {OF, 61.5, 30},
        {UF, 57.5, 10},
        {UF, 56.5, 0.08}}},
  };
  return settings;
}

std::vector<HandbookDefault> ufls_defaults() {
  return {{"breaker_s", 0.08, "0.05 to 0.1 s, from memory"},
          {"hysteresis_Hz", 0.05, kMemory},
          {"V_block", 0.6, kMemory}};
}

std::vector<HandbookDefault> uvls_defaults() {
  return {{"breaker_s", 0.08, "0.05 to 0.1 s, from memory"},
          {"hysteresis", 0.02, kMemory},
          {"V_block", 0.5, kMemory}};
}

std::vector<HandbookDefault> frequency_trip_defaults() {
  constexpr const char* kNone = "neutral: no threshold on this side unless the case gives one";
  return {{"FL", 0, kNone}, {"FU", 1000, kNone}, {"TB", 0.08, "3 to 5 cycles, from memory"}};
}

std::vector<HandbookDefault> voltage_trip_defaults() {
  constexpr const char* kNone = "neutral: no threshold on this side unless the case gives one";
  return {{"VL", -1, kNone}, {"VU", 1000, kNone}, {"TB", 0.08, "3 to 5 cycles, from memory"}};
}

std::vector<HandbookDefault> unit_relay_defaults(const std::string& key) {
  const HandbookDefault breaker{"TB", 0.08, "3 to 5 cycles, from memory"};
  if (key == "rocof")
    return {{"rate_Hz_s", 1, "0.5 to 1.25 Hz/s, from memory; EirGrid 1 Hz/s over 0.5 s"},
            {"delay_s", 0.3, "0.2 to 0.5 s, from memory"},
            breaker};
  if (key == "overspeed") return {{"speed", 1.1, kMemory}, {"delay_s", 0, kMemory}, breaker};
  if (key == "volts_per_hertz")
    return {{"level_1", 1.10, kMemory},
            {"time_1", 45, kMemory},
            {"level_2", 1.18, kMemory},
            {"time_2", 2, kMemory},
            breaker};
  if (key == "loss_of_field")
    return {{"diameter_1", 1, kMemory}, {"time_1", 0.1, kMemory}, {"time_2", 0.5, kMemory}, breaker};
  return {{"crossing_s", 0.04, "30 to 50 ms, from memory"}, breaker};
}

const std::vector<InverseCurve>& inverse_curves() {
  static const std::vector<InverseCurve> curves = {
      {"IEC-standard-inverse", 0.14, 0, 0.02}, {"IEC-very-inverse", 13.5, 0, 1},
      {"IEC-extremely-inverse", 80, 0, 2},     {"IEEE-moderately-inverse", 0.0515, 0.114, 0.02},
      {"IEEE-very-inverse", 19.61, 0.491, 2},  {"IEEE-extremely-inverse", 28.2, 0.1217, 2},
  };
  return curves;
}

const std::vector<ZoneReach>& zone_reaches() {
  static const std::vector<ZoneReach> zones = {{"zone_1", 0.8, "80 to 85 %, GE D60 guide"},
                                               {"zone_2", 1.2, "120 %, GE D60 guide"},
                                               {"zone_3", 2.25, "225 %, GE D60 guide"}};
  return zones;
}

const std::vector<ZoneReach>& scan_zones() {
  constexpr const char* kScan = "generic distance scan of PSS/E, circles of 100, 125 and 150 %, from memory";
  static const std::vector<ZoneReach> zones = {
      {"zone_1", 1.0, kScan}, {"zone_2", 1.25, kScan}, {"zone_3", 1.5, kScan}};
  return zones;
}

std::vector<HandbookDefault> distance_defaults() {
  return {{"T1", 1.2, "20 ms at 60 Hz, GE D60 guide"},
          {"T2", 30, "0.3 to 0.5 s, GE D60 guide; 0.5 s at 60 Hz"},
          {"T3", 60, "1.0 s, GE D60 guide; at 60 Hz"},
          {"IT", 0.1, kMemory},
          {"TB", 3, "2 to 5 cycles, GE D60 guide"},
          {"BLINDER", 0, "neutral: no blinders unless the case gives them"}};
}

std::vector<HandbookDefault> inverse_time_defaults() {
  return {{"reset_s", 0, "neutral: a numerical relay that resets at once"},
          {"TB", 0.08, "3 to 5 cycles, from memory"}};
}

std::vector<HandbookDefault> thermal_defaults() { return {{"TB", 0.08, "3 to 5 cycles, from memory"}}; }

std::vector<HandbookDefault> recloser_defaults() {
  constexpr const char* kNone = "neutral: no further shot unless the case gives one";
  return {{"dead_2", kNever, kNone},  {"dead_3", kNever, kNone},
          {"dead_4", kNever, kNone},  {"reclaim_s", 60, "60 or 180 s, ABB 670 manual"},
          {"angle_deg", 30, kMemory}, {"sync_s", 10, kMemory},
          {"live_pu", 0.8, kMemory},  {"hold_s", 0.1, kMemory}};
}

std::vector<HandbookDefault> shunt_switch_defaults() { return {{"V_block", 0.6, kMemory}}; }

}  // namespace ballast
