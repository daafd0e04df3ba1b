#include "cases/reader/handbook.hpp"

#include <algorithm>

namespace ballast {
namespace {

constexpr const char* kChoice = "neutral: nothing of this kind happens unless the case asks for it";
constexpr const char* kMemory = "common practice, from memory";
constexpr const char* kProposal = "proposal of docs/datacenter-models.md";
constexpr const char* kWaveform = "arXiv 2508.14318";
constexpr const char* kKoZhu = "Ko & Zhu, arXiv 2508.16457";

}  // namespace

std::vector<std::string> workload_kinds() { return {"training", "fine-tuning", "inference", "cloud"}; }

const char* workload_model(const std::string& kind) {
  return kind == "training" || kind == "fine-tuning" ? "TRAINING" : "INFERENCE";
}

std::vector<HandbookDefault> workload_defaults(const std::string& kind) {
  if (std::string_view(workload_model(kind)) == "INFERENCE") {
    const bool cloud = kind == "cloud";
    return {
        {"mean_level", 0.65, kProposal},
        {"deviation", cloud ? 0.02 : 0.03, kProposal},
        {"correlation_s", cloud ? 60.0 : 20.0, kProposal},
        {"sample_s", 1, kProposal},
        {"peak_level", 1, "the rating"},
        {"seed", 1, "any; the same seed gives the same run"},
        {"start_s", 0, "from the start"},
        {"step", 0, kChoice},
        {"step_interval_s", kInfinity, kChoice},
        {"step_s", 30, kProposal},
    };
  }
  const bool tuning = kind == "fine-tuning";
  return {
      {"iteration_s", tuning ? 2.0 : 1.0, tuning ? kKoZhu : kWaveform},
      {"compute_fraction", tuning ? 0.8 : 0.7, kKoZhu},
      {"compute_level", 0.95, kWaveform},
      {"swing", tuning ? 0.76 : 0.5, tuning ? kKoZhu : kWaveform},
      {"overlap", 0, "all communication exposed, the worst case"},
      {"bubble_fraction", 0, kChoice},
      {"bubble_level", 0.45, kProposal},
      {"edge_up_s", 0.1, "NERC large-load white paper, through a list: 20 to 250 ms at the connection"},
      {"edge_down_s", 0.1, "NERC large-load white paper, through a list: 20 to 250 ms at the connection"},
      {"jitter", 0.1, kKoZhu},
      {"seed", 1, "any; the same seed gives the same run"},
      {"start_s", 0, "from the start"},
      {"warm_up_s", 18, "OpenG2G trace library, arXiv 2605.05519"},
      {"idle_level", 0.12, "50 to 100 W of 700 W per accelerator"},
      {"stop_s", kInfinity, kChoice},
      {"stop_ramp_s", 0.5, kProposal},
      {"checkpoint_interval_s", 1800, kMemory},
      {"checkpoint_s", 20, kMemory},
      {"checkpoint_level", 0.25, kWaveform},
      {"crash_at_s", kInfinity, kChoice},
      {"crash_rate_per_h", 0, kChoice},
      {"crash_fall_s", 0.5, kProposal},
      {"restart_s", 900, "secondary: 5 to 60 minutes"},
  };
}

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
