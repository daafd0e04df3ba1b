/// Starting values for jobs and their smoothing. Marks: V verified in the source, S secondary, M from memory,
/// D proposed or derived in docs/datacenter-models.md.
#include <algorithm>

#include "cases/reader/handbook.hpp"

namespace ballast {
namespace {

constexpr const char* kChoice = "neutral: nothing of this kind happens unless the case asks for it";
constexpr const char* kMemory = "common practice, from memory";
constexpr const char* kProposal = "proposal of docs/datacenter-models.md";
constexpr const char* kWaveform = "arXiv 2508.14318";
constexpr const char* kKoZhu = "Ko & Zhu, arXiv 2508.16457";
constexpr const char* kKoZhuMiddle = "Ko & Zhu, arXiv 2508.16457: middle of the published range";
constexpr const char* kPowerPaper = "secondary: 300 to 325 W reading, 220 to 260 W answering, of 350 W";
constexpr const char* kEdge = "NERC large-load white paper, through a list: 20 to 250 ms at the connection";
constexpr const char* kSeed = "any; the same seed gives the same run";
constexpr const char* kIdle = "50 to 100 W of 700 W per accelerator";
constexpr const char* kPreset = "secondary: presets of a third-party module after DA-12033-001";

struct Kind {
  const char* kind;
  const char* model;
};
constexpr Kind kKinds[] = {
    {"training", "TRAINING"},     {"fine-tuning", "TRAINING"},     {"reinforcement", "RLTRAIN"},
    {"inference", "INFERENCE"},   {"cloud", "INFERENCE"},          {"serving", "SERVING"},
    {"ko-zhu-training", "KOZHU"}, {"ko-zhu-fine-tuning", "KOZHU"}, {"square", "FORCED"},
    {"bi-periodic", "FORCED"},    {"triangular", "FORCED"},        {"constant", "FORCED"},
    {"trace", "TRACE"},
};

std::vector<HandbookDefault> training_defaults(bool tuning) {
  return {
      {"iteration_s", tuning ? 2.0 : 1.0, tuning ? kKoZhu : kWaveform},
      {"compute_fraction", tuning ? 0.8 : 0.7, kKoZhu},
      {"compute_level", 0.95, kWaveform},
      {"swing", tuning ? 0.76 : 0.5, tuning ? kKoZhu : kWaveform},
      {"overlap", 0, "all communication exposed, the worst case"},
      {"bubble_fraction", 0, kChoice},
      {"bubble_level", 0.45, kProposal},
      {"edge_up_s", 0.1, kEdge},
      {"edge_down_s", 0.1, kEdge},
      {"jitter", 0.1, kKoZhu},
      {"seed", 1, kSeed},
      {"start_s", 0, "from the start"},
      {"warm_up_s", 18, "OpenG2G trace library, arXiv 2605.05519"},
      {"idle_level", 0.12, kIdle},
      {"stop_s", kInfinity, kChoice},
      {"stop_ramp_s", 0.5, kProposal},
      {"checkpoint_interval_s", 1800, kMemory},
      {"checkpoint_s", 20, kMemory},
      {"checkpoint_level", 0.25, kWaveform},
      {"crash_at_s", kInfinity, kChoice},
      {"crash_rate_per_h", 0, kChoice},
      {"crash_fall_s", 0.5, kProposal},
      {"restart_s", 900, "secondary: 5 to 60 minutes"},
      {"forward_fraction", 0, "forward and backward pass at one level, arXiv 2508.14318"},
      {"forward_level", 0.95, kWaveform},
      {"evaluation_interval_s", kInfinity, kChoice},
      {"evaluation_s", 60, kMemory},
      {"evaluation_level", 0.45, kProposal},
      {"straggler_chance", 0, kChoice},
      {"straggler_s", 1, "secondary: waits of up to a few seconds"},
      {"straggler_level", 0.45, kProposal},
  };
}

std::vector<HandbookDefault> inference_defaults(bool cloud) {
  return {
      {"mean_level", 0.65, kProposal},
      {"deviation", cloud ? 0.02 : 0.03, kProposal},
      {"correlation_s", cloud ? 60.0 : 20.0, kProposal},
      {"sample_s", 1, kProposal},
      {"peak_level", 1, "the rating"},
      {"seed", 1, kSeed},
      {"start_s", 0, "from the start"},
      {"step", 0, kChoice},
      {"step_interval_s", kInfinity, kChoice},
      {"step_s", 30, kProposal},
  };
}

std::vector<HandbookDefault> stochastic_defaults(bool tuning) {
  return {
      {"frequency_Hz", tuning ? 0.5 : 1.0, kKoZhuMiddle},
      {"period_jitter", 0.1, kKoZhu},
      {"duty", tuning ? 0.8 : 0.675, kKoZhuMiddle},
      {"level", 0.95, kWaveform},
      {"level_jitter", tuning ? 0.03 : 0.05, kKoZhu},
      {"drop", tuning ? 0.8 : 0.3, kKoZhu},
      {"noise_up", tuning ? 0.02 : 0.035, kKoZhuMiddle},
      {"noise_down", tuning ? 0.0125 : 0.02, kKoZhuMiddle},
      {"noise_s", 0.05, kProposal},
      {"edge_s", 0.005, "5 ms at the accelerator, from memory"},
      {"seed", 1, kSeed},
      {"start_s", 0, "from the start"},
  };
}

std::vector<HandbookDefault> reinforcement_defaults() {
  return {
      {"rollout_s", 60, kMemory},
      {"rollout_level", 0.7, kPowerPaper},
      {"tail_fraction", 0.3, kMemory},
      {"tail_level", 0.3, kProposal},
      {"jitter", 0.1, kProposal},
      {"reward_s", 5, kMemory},
      {"reward_level", 0.2, kProposal},
      {"stall_chance", 0, kChoice},
      {"stall_s", 30, kProposal},
      {"updates", 16, kMemory},
      {"update_s", 1, kWaveform},
      {"compute_fraction", 0.7, kKoZhu},
      {"update_level", 0.95, kWaveform},
      {"exchange_level", 0.45, kWaveform},
      {"edge_s", 0.1, kEdge},
      {"seed", 1, kSeed},
      {"start_s", 0, "from the start"},
      {"stop_s", kInfinity, kChoice},
      {"idle_level", 0.12, kIdle},
  };
}

std::vector<HandbookDefault> serving_defaults() {
  return {
      {"burstiness", 1, "Poisson arrivals; BurstGPT, arXiv 2401.17644, finds burstier ones"},
      {"prefill_s", 0.2, kPowerPaper},
      {"idle_level", 0.15, kIdle},
      {"decode_level", 0.69, kPowerPaper},
      {"prefill_level", 0.89, kPowerPaper},
      {"diurnal", 0, kChoice},
      {"hour", 12, kProposal},
      {"peak_hour", 15, kProposal},
      {"sample_s", 1, kProposal},
      {"seed", 1, kSeed},
      {"start_s", 0, "from the start"},
  };
}

}  // namespace

std::vector<std::string> workload_kinds() {
  std::vector<std::string> kinds;
  for (const Kind& k : kKinds) kinds.emplace_back(k.kind);
  return kinds;
}

const char* workload_model(const std::string& kind) {
  for (const Kind& k : kKinds)
    if (kind == k.kind) return k.model;
  return kKinds[0].model;
}

std::vector<HandbookDefault> workload_defaults(const std::string& kind) {
  const std::string_view model = workload_model(kind);
  if (model == "INFERENCE") return inference_defaults(kind == "cloud");
  if (model == "KOZHU") return stochastic_defaults(kind == "ko-zhu-fine-tuning");
  if (model == "RLTRAIN") return reinforcement_defaults();
  if (model == "SERVING") return serving_defaults();
  if (model == "TRACE")
    return {{"offset", 0, kChoice},
            {"shift_s", 0, kChoice},
            {"repeat", 1, "tiled"},
            {"start_s", 0, "from the start"}};
  if (model == "FORCED") {
    std::vector<HandbookDefault> defaults{{"start_s", 0, "from the start"},
                                          {"duty", 0.5, "PNNL LINJBL, examples"},
                                          {"cycles", kInfinity, "for ever"},
                                          {"edge_s", 0.005, "5 ms at the accelerator, from memory"}};
    if (kind == "bi-periodic") defaults.push_back({"duty_fast", 0.5, "PNNL LINJBL, examples"});
    return defaults;
  }
  return training_defaults(kind == "fine-tuning");
}

std::vector<HandbookDefault> power_smoothing_defaults() {
  return {{"cap", 1, "the rating: EDPp peaks are cut"},
          {"deadband", 0.01, kProposal},
          {"tracking_s", 0.01, kProposal},
          {"activation_level", 0.3, kProposal},
          {"release_s", 5, kProposal}};
}

std::vector<std::string> smoothing_presets() { return {"floor-90", "floor-80", "floor-70", "floor-50"}; }

std::vector<HandbookDefault> smoothing_preset(const std::string& preset) {
  // floor of TGP; W/s of a TGP of 1,000 W; s
  const auto box = [](double floor, double rate, double hysteresis) {
    return std::vector<HandbookDefault>{{"floor", floor, kPreset},
                                        {"ramp_up", rate, kPreset},
                                        {"ramp_down", rate, kPreset},
                                        {"hysteresis_s", hysteresis, kPreset}};
  };
  if (preset == "floor-90") return box(0.9, 0.07, 5);
  if (preset == "floor-80") return box(0.8, 0.15, 3);
  if (preset == "floor-70") return box(0.7, 0.2, 2);
  return box(0.5, 0.5, 1);
}

std::vector<HandbookDefault> software_filler_defaults() {
  return {{"level", 0.9, kProposal},
          {"cap", 1, "the rating"},
          {"response_s", 0.02, kProposal},
          {"activation_level", 0.3, kProposal},
          {"release_s", 5, kProposal}};
}

std::vector<std::string> rack_storage_kinds() { return {"psu-capacitor", "capacitor-shelf", "bbu"}; }

std::vector<HandbookDefault> rack_storage_defaults(const std::string& kind) {
  const bool capacitor = kind == "psu-capacitor";
  const bool shelf = kind == "capacitor-shelf";
  constexpr const char* kShelf = "secondary: 15 kW for 5 s (Delta) in a rack of 120 kW";
  constexpr const char* kBattery = "OCP slides on ORv3: 240 s at full load";
  std::vector<HandbookDefault> defaults{{"power_limit", shelf ? 0.125 : 1, shelf ? kShelf : "the rating"},
                                        {"smoothing_s",
                                         capacitor ? 2.0
                                         : shelf   ? 10.0
                                                   : 30.0,
                                         kProposal},
                                        {"recentring_s",
                                         capacitor ? 10.0
                                         : shelf   ? 60.0
                                                   : 300.0,
                                         kProposal},
                                        {"ramp_limit", kInfinity, kChoice},
                                        {"taper_s",
                                         capacitor ? 0.005
                                         : shelf   ? 0.1
                                                   : 1.0,
                                         kProposal},
                                        {"soc_target", 0.5, kProposal},
                                        {"charge_efficiency", kind == "bbu" ? 0.95 : 0.98, kMemory},
                                        {"discharge_efficiency", kind == "bbu" ? 0.95 : 0.98, kMemory}};
  if (!capacitor) defaults.push_back({"energy_s", shelf ? 0.625 : 240.0, shelf ? kShelf : kBattery});
  return defaults;
}

}  // namespace ballast
