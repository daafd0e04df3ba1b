/// Starting values for power plants on site; docs/power-plants.md gives the sources in full.
#include "cases/reader/handbook.hpp"
#include "models/contract.hpp"

namespace ballast {
namespace {
constexpr const char* kMemory = "from memory, docs/power-plants.md";
constexpr const char* kProposal = "proposed, docs/power-plants.md";
constexpr const char* kSequence = "start sequence of 320 s to full power, docs/power-plants.md";
constexpr const char* kNone = "not used";

/// Windows and waits of a check of synchronism.
std::vector<HandbookDefault> check_defaults() {
  return {{"slip_Hz", 0.05, kMemory},
          {"slip_limit_Hz", 0.1, kMemory},
          {"angle_deg", 10, kMemory},
          {"voltage_pu", 0.05, kMemory}};
}
}  // namespace

std::vector<std::string> power_plant_kinds() { return {"aeroderivative", "reciprocating"}; }

std::vector<HandbookDefault> unit_control_defaults(const std::string& kind) {
  std::vector<HandbookDefault> defaults = check_defaults();
  if (kind == "reciprocating")
    defaults.insert(defaults.end(), {{"purge_s", 5, "cranking, from memory"},
                                     {"accelerate_s", 10, kMemory},
                                     {"ramp", 0.1, "above 100 %/min is advertised; proposed"}});
  else
    defaults.insert(defaults.end(), {{"purge_s", 60, kSequence},
                                     {"accelerate_s", 120, kSequence},
                                     {"ramp", 0.5 / 60, "50 %/min advertised"}});
  defaults.insert(defaults.end(), {{"R", 0.04, kProposal},
                                   {"filter_s", 1, "Tpelec of GGOV1"},
                                   {"V_start", 0, kNone},
                                   {"load_start", kNever, kNone},
                                   {"start_delay_s", 5, kProposal},
                                   {"sync_limit_s", 300, kProposal},
                                   {"dead_s", 2, kProposal},
                                   {"standby_set", 0, kNone}});
  return defaults;
}

std::vector<HandbookDefault> synchroniser_defaults() {
  std::vector<HandbookDefault> defaults = check_defaults();
  defaults.insert(defaults.end(),
                  {{"dead_s", kNever, kNone}, {"close_MW", 0, kNone}, {"limit_s", 300, kProposal}});
  return defaults;
}

}  // namespace ballast
