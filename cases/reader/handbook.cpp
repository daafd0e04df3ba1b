#include "cases/reader/handbook.hpp"

#include <algorithm>
#include <string_view>

namespace ballast {
namespace {

constexpr const char* kChoice = "neutral: nothing of this kind happens unless the case asks for it";
constexpr const char* kMemory = "common practice, from memory";
constexpr const char* kProposal = "proposal of docs/datacenter-models.md";

}  // namespace

std::vector<std::string> ups_kinds() { return {"double-conversion", "eco-mode", "line-interactive"}; }

std::vector<HandbookDefault> ups_defaults(const std::string& kind) {
  constexpr const char* kVendor = "Mitsubishi 9800A manual";
  constexpr const char* kIncident = "NERC incident review of 10 July 2024, through transcriptions";
  constexpr const char* kEaton = "Eaton 9395XR, through a third-party model";
  constexpr const char* kKind = "of this kind of UPS";
  const bool eco = kind == "eco-mode";
  const bool line = kind == "line-interactive";
  const bool direct = eco || line;
  return {
      {"efficiency", 0.964, kEaton},
      {"power_factor", 0.99, kEaton},
      {"current_limit", eco ? 1.1 : 1.2, kProposal},
      {"V_low_transfer",
       eco    ? 0.9
       : line ? 0.88
              : 0.85,
       kMemory},
      {"V_high_transfer", 1.1, kMemory},
      {"V_hysteresis", 0.02, kMemory},
      {"V_gate_off", 0.6, kMemory},
      {"detect_s",
       eco    ? 0.002
       : line ? 0.006
              : 0.01,
       eco ? "Eaton 9395P: at most 2 ms" : kProposal},
      {"qualify_s", 10, line ? "Prolink manual: 3, 10 or 30 s" : kProposal},
      {"walk_in_delay_s", line ? 0.0 : 3.0, line ? kKind : kVendor},
      {"walk_in_ramp_s", line ? 0.01 : 10, line ? "a step" : kVendor},
      {"dip_level", 0.9, kIncident},
      {"dip_min_s", 0.01, kProposal},
      {"dips_to_lock", line ? 0.0 : 3.0, line ? kKind : kIncident},
      {"dip_window_s", 60, kIncident},
      {"dip_merge_s", 0, kProposal},
      {"reset_after_s", 14400, "hours; from memory"},
      {"battery_s", 300, "5 minutes, typical"},
      {"recharge_power", 0.1, kVendor},
      {"recharge_taper", 0.05, kMemory},
      {"charge_efficiency", 0.9, kMemory},
      {"backup_start_s", 15, "NFPA 110: 10 to 30 s"},
      {"direct",
       eco    ? 1.0
       : line ? 2.0
              : 0.0,
       kKind},
      {"direct_efficiency",
       eco    ? 0.992
       : line ? 0.98
              : 1.0,
       eco    ? kEaton
       : line ? kMemory
              : "not fed directly"},
      {"direct_power_factor", direct ? 0.97 : 1.0, direct ? kMemory : "not fed directly"},
      {"alert_transfers", eco ? 3.0 : 0.0, eco ? kMemory : kKind},
      {"alert_window_s", 600, kMemory},
      {"alert_s", 3600, "Eaton 9395P: 1 h"},
      {"frequency_window",
       eco    ? 2.0
       : line ? 3.0
              : kInfinity,
       direct ? kMemory : "the rectifier takes 5 Hz, which protection reaches first"},
      {"rocof_limit", direct ? 1.0 : kInfinity, direct ? kProposal : kChoice},
      {"battery_limit", 3.5, kVendor},
      {"overload_1", 1.1, "Staco FirstLine manual"},
      {"overload_1_s", 120, "Staco FirstLine manual"},
      {"overload_2", 1.25, "Staco FirstLine manual"},
      {"overload_2_s", 30, "Staco FirstLine manual"},
      {"bypass_return_s", 60, kMemory},
      {"overloads_to_lock", 3, "Staco FirstLine manual"},
      {"overload_window_s", 3600, "Staco FirstLine manual"},
      {"bypass_limit", 1.25, "vendor manuals"},
      {"bypass_limit_s", 120, "vendor manuals"},
      {"returns_limit", 3, "Mitsubishi 9700 manual"},
      {"returns_window_s", 60, "Mitsubishi 9700 manual"},
      {"backup_delay_s", 0.5, "transfer switch: 0.05 to 0.6 s"},
      {"retransfer_s", 900, kMemory},
      {"parallel_return", 1, kMemory},
      {"restart_s", kInfinity, kChoice},
  };
}

std::vector<HandbookDefault> psu_defaults(const std::string& curve) {
  constexpr const char* kOcp = "OCP ORv3 slides";
  constexpr const char* kNone = "no such segment in this curve";
  struct Segment {
    double low, low_s;
  };
  const char* const source = curve == "itic"       ? "ITIC curve"
                             : curve == "semi-f47" ? "SEMI F47; below 50 %: hold-up of 20 ms, ITIC above"
                                                   : "curve = \"none\"";
  std::vector<Segment> low(4, {0, kInfinity});
  if (curve == "itic") low = {{0.7, 0.02}, {0.8, 0.5}, {0.9, 10}, {0, kInfinity}};
  if (curve == "semi-f47") low = {{0.5, 0.02}, {0.7, 0.2}, {0.8, 0.5}, {0.9, 1}};
  const bool above = curve != "none";
  const auto at = [&](std::size_t k) { return low[k].low > 0 ? source : kNone; };
  return {
      {"efficiency", 0.96, "0.94 to 0.97, load module of a public repository"},
      {"power_factor", 0.99, "load module of a public repository"},
      {"current_limit", 1.25, kProposal},
      {"V_off", 0.5, kMemory},
      {"V_hysteresis", 0.02, kMemory},
      {"V_return", 0.92, kProposal},
      {"hold_up_s", 0.02, kOcp},
      {"recharge_power", 0.1, kMemory},
      {"recharge_taper", 0.05, kMemory},
      {"bbu_s", 0, "none unless the case gives one; OCP ORv3: 240 s"},
      {"bbu_at", 0.5, kOcp},
      {"bbu_takeover_s", 0.004, kOcp},
      {"bbu_return_s", 0.2, kOcp},
      {"bbu_recharge_power", 0.05, kMemory},
      {"bbu_charge_efficiency", 0.9, kMemory},
      {"curve_reset_s", 1, kProposal},
      {"restart_s", kInfinity, kChoice},
      {"restart_ramp_s", 60, kMemory},
      {"input_on_s", 0.004,
       "a quarter of a cycle until a supply has found the mains again, proposal of ours"},
      {"V_dc_min", 0.8, kMemory},
      {"low_1", low[0].low, at(0)},
      {"low_1_s", low[0].low_s, at(0)},
      {"low_2", low[1].low, at(1)},
      {"low_2_s", low[1].low_s, at(1)},
      {"low_3", low[2].low, at(2)},
      {"low_3_s", low[2].low_s, at(2)},
      {"low_4", low[3].low, at(3)},
      {"low_4_s", low[3].low_s, at(3)},
      {"high_1", 1.1, source},
      {"high_1_s", above ? 0.5 : kInfinity, source},
      {"high_2", 1.2, source},
      {"high_2_s", above ? 0.003 : kInfinity, source},
      {"high_3", 1.4, source},
      {"high_3_s", above ? 0.001 : kInfinity, source},
  };
}

std::vector<HandbookDefault> dc_bus_defaults() {
  std::vector<HandbookDefault> defaults = psu_defaults("none");
  for (HandbookDefault& d : defaults)
    if (std::string_view(d.parameter) == "hold_up_s")
      d = {d.parameter, 0.01, "capacitors of the DC bus: 5 to 20 ms, proposal of docs/datacenter-models.md"};
  return defaults;
}

std::vector<std::string> genset_kinds() { return {"diesel", "gas"}; }

std::vector<HandbookDefault> genset_defaults(const std::string& kind) {
  const bool gas = kind == "gas";
  return {
      {"start_level", 0.02, kProposal},
      {"sense_s", 1.5, "vendor pages: 1 to 2 s"},
      {"start_s", gas ? 20.0 : 10.0, gas ? "10 to 45 s" : "NFPA 110: 10 s"},
      {"cool_s", 300, kMemory},
      {"H", gas ? 1.0 : 0.8, kMemory},
      {"droop", 0, "isochronous"},
      {"governor_gain", 20, kMemory},
      {"governor_s", 1, kMemory},
      {"engine_s", gas ? 0.2 : 0.1, kMemory},
      {"step_limit", gas ? 0.3 : 0.65,
       gas ? "lean-burn gas: first step 25 to 35 %" : "diesel: first step 50 to 80 %"},
      {"boost_s", gas ? 10.0 : 3.0,
       gas ? "about 45 s to full, from which ours" : "13.5 to 15 s to full, from which ours"},
      {"power_limit", 1.1, kMemory},
      {"trip_speed", 0.8, kMemory},
  };
}

std::vector<HandbookDefault> meter_defaults() {
  return {{"angle_s", 0.02, kMemory},
          {"filter_s", 0.05, kMemory},
          {"rocof_window_s", 0.5, "EirGrid: 1 Hz/s over 0.5 s"},
          {"V_block", 0.2, kMemory},
          {"V_block_hysteresis", 0.02, kMemory}};
}

std::vector<std::string> bess_tasks() {
  return {"smoothing", "load-hold", "frequency-response", "voltage-support", "peak-shaving"};
}

std::vector<std::string> storage_kinds() { return {"battery", "supercapacitor"}; }

std::vector<HandbookDefault> bess_defaults(const std::string& kind, const std::vector<std::string>& control) {
  const auto place = [&](const char* task) { return std::find(control.begin(), control.end(), task); };
  const auto does = [&](const char* task) { return place(task) != control.end(); };
  const bool capacitor = kind == "supercapacitor";
  constexpr const char* kHalfVoltage = "a quarter of the energy is left at half the voltage";
  const bool shaves = does("peak-shaving");
  const bool frequency_first = shaves && place("frequency-response") < place("peak-shaving");
  const bool hold = does("load-hold");
  const bool follows = hold || does("smoothing");
  constexpr const char* kNot = "not among the tasks in control";
  return {
      {"power_limit", 1, "the rating"},
      {"current_limit", 1.1, "REEC_C, OpenIPSL"},
      {"reactive_priority", 0, "active current first"},
      {"active_response_s", capacitor ? 0.005 : 0.02, capacitor ? kMemory : "REGC_A Tg"},
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
      {"smoothing_s",
       capacitor ? 2
       : hold    ? 300.0
                 : 30.0,
       kProposal},
      {"recentring_gain", capacitor ? 0.5 : 0.1, kProposal},
      {"soc_target", capacitor ? 0.65 : 0.5, kProposal},
      {"soc_initial", capacitor ? 0.65 : 0.5, kProposal},
      {"soc_min", capacitor ? 0.25 : 0.2, capacitor ? kHalfVoltage : "REEC_C"},
      {"soc_max", capacitor ? 1 : 0.8, capacitor ? "its rated voltage" : "REEC_C"},
      {"soc_margin", 0.05, kProposal},
      {"charge_efficiency", capacitor ? 0.98 : 0.95, kMemory},
      {"discharge_efficiency", capacitor ? 0.98 : 0.95, kMemory},
      {"shaving",
       !shaves           ? 0.0
       : frequency_first ? 2.0
                         : 1.0,
       shaves ? "order of the tasks in control" : kNot},
  };
}

}  // namespace ballast
