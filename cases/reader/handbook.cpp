#include "cases/reader/handbook.hpp"

#include <algorithm>

namespace ballast {
namespace {

constexpr const char* kMemory = "common practice, from memory";
constexpr const char* kProposal = "proposal of docs/datacenter-models.md";

}  // namespace

std::vector<HandbookDefault> ups_defaults() {
  constexpr const char* kVendor = "Mitsubishi 9800A manual";
  constexpr const char* kIncident = "NERC incident review of 10 July 2024, through transcriptions";
  return {
      {"efficiency", 0.964, "Eaton 9395XR, through a third-party model"},
      {"power_factor", 0.99, "Eaton 9395XR, through a third-party model"},
      {"current_limit", 1.2, kProposal},
      {"V_low_transfer", 0.85, kMemory},
      {"V_high_transfer", 1.1, kMemory},
      {"V_hysteresis", 0.02, kMemory},
      {"V_gate_off", 0.6, kMemory},
      {"detect_s", 0.01, kProposal},
      {"qualify_s", 10, kProposal},
      {"walk_in_delay_s", 3, kVendor},
      {"walk_in_ramp_s", 10, kVendor},
      {"dip_level", 0.9, kIncident},
      {"dip_min_s", 0.01, kProposal},
      {"dips_to_lock", 3, kIncident},
      {"dip_window_s", 60, kIncident},
      {"dip_merge_s", 0, kProposal},
      {"reset_after_s", 14400, "hours; from memory"},
      {"battery_s", 300, "5 minutes, typical"},
      {"recharge_power", 0.1, kVendor},
      {"recharge_taper", 0.05, kMemory},
      {"charge_efficiency", 0.9, kMemory},
      {"backup_start_s", 15, "NFPA 110: 10 to 30 s"},
  };
}

std::vector<HandbookDefault> meter_defaults() {
  return {{"angle_s", 0.02, kMemory},
          {"filter_s", 0.05, kMemory},
          {"rocof_window_s", 0.5, "EirGrid: 1 Hz/s over 0.5 s"},
          {"V_block", 0.2, kMemory},
          {"V_block_hysteresis", 0.02, kMemory}};
}

std::vector<HandbookDefault> bess_defaults(const std::vector<std::string>& control) {
  const auto does = [&](const char* task) {
    return std::find(control.begin(), control.end(), task) != control.end();
  };
  const bool hold = does("load-hold");
  const bool follows = hold || does("smoothing");
  constexpr const char* kNot = "not among the tasks in control";
  return {
      {"power_limit", 1, "the rating"},
      {"current_limit", 1.1, "REEC_C, OpenIPSL"},
      {"reactive_priority", 0, "active current first"},
      {"active_response_s", 0.02, "REGC_A Tg"},
      {"reactive_response_s", 0.02, "REGC_A Tg"},
      {"voltage_filter_s", 0.02, "REEC_C Trv"},
      {"V_block", 0.2, kMemory},
      {"V_block_hysteresis", 0.05, kMemory},
      {"droop_gain", does("frequency-response") ? 20.0 : 0.0,
       does("frequency-response") ? "REPC_A practice: 5 % droop" : kNot},
      {"frequency_band", 0.0006, "36 mHz, NERC"},
      {"voltage_gain", does("voltage-support") ? 2.0 : 0.0, does("voltage-support") ? "REEC_C Kqv" : kNot},
      {"voltage_band", 0.05, "REEC_C dbd1, dbd2"},
      {"smoothing_gain", follows ? 1.0 : 0.0, follows ? "the whole variation" : kNot},
      {"smoothing_s", hold ? 300.0 : 30.0, kProposal},
      {"recentring_gain", 0.1, kProposal},
      {"soc_target", 0.5, kProposal},
      {"soc_initial", 0.5, kProposal},
      {"soc_min", 0.2, "REEC_C"},
      {"soc_max", 0.8, "REEC_C"},
      {"soc_margin", 0.05, kProposal},
      {"charge_efficiency", 0.95, kMemory},
      {"discharge_efficiency", 0.95, kMemory},
  };
}

}  // namespace ballast
