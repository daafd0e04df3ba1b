#include "cases/reader/handbook.hpp"

namespace ballast {
namespace {

constexpr const char* kMemory = "common practice, from memory";
constexpr const char* kProposal = "proposal of docs/datacenter-models.md";

}  // namespace

std::vector<std::string> coolant_kinds() { return {"liquid", "air"}; }

std::vector<HandbookDefault> coolant_defaults(const std::string& kind) {
  const bool air = kind == "air";
  return {
      {"approach_K", 10, kMemory},
      {"rack_s_per_K", air ? 40.0 : 4.0,
       air ? "room 8 K warmer in 15 to 30 min: 160 s/K in all, the split ours"
           : "15 K in a minute without pumps; 1 to 2 min at most"},
      {"loop_s_per_K", air ? 120.0 : 20.0, air ? "as rack_s_per_K" : kProposal},
      {"throttle_C", air ? 40.0 : 50.0, "10 K above rated; a proposal"},
      {"throttle_level", 0.5, kProposal},
      {"shutdown_C", air ? 45.0 : 55.0, "racks stop 10 to 15 K above rated; a proposal"},
      {"shutdown_s", 5, kProposal},
      {"resume_C", air ? 32.0 : 42.0, kProposal},
      {"resume_s", 60, kProposal},
      {"restart_s", 300, kProposal},
  };
}

std::vector<std::string> chiller_kinds() { return {"water-cooled", "air-cooled", "mobile"}; }

std::vector<HandbookDefault> chiller_defaults(const std::string& kind, const std::string& coolant) {
  const bool water = kind == "water-cooled";
  const bool mobile = kind == "mobile";
  return {
      {"COP",
       water    ? 6.0
       : mobile ? 2.8
                : 3.2,
       kMemory},
      {"auxiliary", water ? 0.005 : 0.02, kMemory},
      {"power_factor", 0.92, kMemory},
      {"set_C", coolant == "air" ? 20.0 : 30.0, kMemory},
      {"gain", 0.2, kProposal},
      {"lag_s", 30, kMemory},
      {"V_trip", 0.8, kMemory},
      {"trip_s", 0.1, kMemory},
      {"V_good", 0.9, kMemory},
      {"lockout_s", mobile ? 900.0 : 600.0,
       "10 to 15 min typical; quick restart 5 min; 30 min in one incident"},
      {"load_s", 180, kMemory},
  };
}

std::vector<HandbookDefault> cooling_motor_defaults() {
  constexpr const char* kMotor = "PNNL data-center set, CMLD motor B";
  return {
      {"Rs", 0.03, kMotor},
      {"Ls", 1.8, kMotor},
      {"Lp", 0.19, kMotor},
      {"Lpp", 0.14, kMotor},
      {"Tpo", 0.2, kMotor},
      {"Tppo", 0.0026, kMotor},
      {"H", 0.5, kMotor},
      {"Etrq", 2, kMotor},
      {"V_drop", 0.6, "contactors: 0.5 to 0.7 pu, from memory"},
      {"drop_s", 0.025, "contactors: 1 to 2 cycles, from memory"},
      {"V_close", 0.8, "contactors: 0.7 to 0.8 pu, from memory"},
      {"restart_s", 10, kProposal},
      {"overload", 1.25, kMemory},
      {"overload_s", 20, kMemory},
  };
}

std::vector<HandbookDefault> cooling_drive_defaults() {
  return {
      {"power_factor", 0.98, "active front end (6-pulse: 0.85), load module of a public repository"},
      {"current_limit", 2, kMemory},
      {"V_trip", 0.8, "0.75 to 0.85 pu, from memory"},
      {"V_high_trip", 1.2, "drives have tripped on DC overvoltage at a transfer; the level from memory"},
      {"ride_s", 0.02, "10 to 50 ms, from memory"},
      {"V_good", 0.9, kMemory},
      {"restart_s", 80, "auto-restart after 80 s in an incident report"},
      {"ramp_s", 30, kMemory},
      {"coast_s", 3, kMemory},
  };
}

std::vector<HandbookDefault> curtailment_defaults(double frequency_Hz) {
  constexpr const char* kNone = "neutral: on command only, unless the case asks for it";
  std::vector<HandbookDefault> defaults;
  for (const char* parameter : {"f_1", "f_2", "f_3", "f_4", "V_1", "V_2", "V_3", "V_4"})
    defaults.push_back({parameter, 0, kNone});
  for (const char* parameter : {"share_2", "share_3", "share_4"})
    defaults.push_back({parameter, 0, "no such tier"});
  defaults.insert(defaults.end(), {{"delay_s", 0.5, kProposal},
                                   {"f_return", frequency_Hz - 0.02, kProposal},
                                   {"V_return", 0.95, kProposal},
                                   {"return_s", 300, kProposal},
                                   {"ramp_down", 0.1, kProposal},
                                   {"ramp_up", 0.01, kProposal}});
  return defaults;
}

std::vector<HandbookDefault> tap_changer_defaults() {
  constexpr const char* kComposite = "CMLD, PNNL data-center set";
  return {
      {"step", 0.00625, kComposite}, {"lowest", -16, kComposite},
      {"highest", 16, kComposite},   {"first_s", 30, kComposite},
      {"next_s", 5, kComposite},     {"move_s", 0, "counted in the delays, as in CMLD"},
      {"V_block", 0.8, kMemory},
  };
}

std::vector<std::string> transfer_switch_kinds() { return {"static", "automatic"}; }

std::vector<HandbookDefault> transfer_switch_defaults(const std::string& kind) {
  if (kind == "static")
    return {
        {"V_low", 0.9, kMemory},
        {"V_high", 1.1, kMemory},
        {"detect_s", 0.002, "with transfer_s 4 to 8 ms in vendors' pages; the split ours"},
        {"transfer_s", 0.004, "as detect_s"},
        {"qualify_s", 1, kMemory},
        {"retransfer_s", 10, kMemory},
    };
  return {
      {"V_low", 0.85, kMemory},
      {"V_high", 1.1, kMemory},
      {"detect_s", 1, "senses for 1 to 2 s, vendors' pages"},
      {"transfer_s", 0.3, "50 to 500 ms, vendors' pages"},
      {"qualify_s", 5, kMemory},
      {"retransfer_s", 900, "5 to 30 min, from memory"},
  };
}

std::vector<HandbookDefault> overload_defaults() {
  return {{"pickup", 1, "the rating itself"}, {"alarm_s", 1, kProposal}, {"trip_s", kNever, "reported only"}};
}

}  // namespace ballast
