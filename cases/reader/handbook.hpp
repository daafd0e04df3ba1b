/// \file
/// Starting values for the equipment of a data center where a case gives none. Every one that is used is
/// listed by `ballast check` and in the record. docs/datacenter-models.md gives the sources in full.
/// Private to cases/reader/.
#pragma once

#include <string>
#include <vector>

#include "cases/reader/reading.hpp"

namespace ballast {

// ---- jobs and their smoothing (handbook_workloads.cpp)
/// Kinds of workload: "training", "trace", ...; what each is a model of; what it is by default.
[[nodiscard]] std::vector<std::string> workload_kinds();
[[nodiscard]] const char* workload_model(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> workload_defaults(const std::string& kind);
/// GPU power smoothing without floor, ramps and hysteresis; those, by a preset.
[[nodiscard]] std::vector<HandbookDefault> power_smoothing_defaults();
[[nodiscard]] std::vector<std::string> smoothing_presets();
[[nodiscard]] std::vector<HandbookDefault> smoothing_preset(const std::string& preset);
[[nodiscard]] std::vector<HandbookDefault> software_filler_defaults();
/// "psu-capacitor" (without its energy), "capacitor-shelf", "bbu".
[[nodiscard]] std::vector<std::string> rack_storage_kinds();
[[nodiscard]] std::vector<HandbookDefault> rack_storage_defaults(const std::string& kind);

// ---- (handbook.cpp)
/// "double-conversion", "eco-mode", "line-interactive": all are UPS.
[[nodiscard]] std::vector<std::string> ups_kinds();
[[nodiscard]] std::vector<HandbookDefault> ups_defaults(const std::string& kind);
/// With the points of a tolerance curve: "itic", "semi-f47" or "none".
[[nodiscard]] std::vector<HandbookDefault> psu_defaults(const std::string& curve);
/// Power racks on a DC bus: no tolerance curve, capacitors of the bus; the efficiency comes from its two
/// stages.
[[nodiscard]] std::vector<HandbookDefault> dc_bus_defaults();
/// "diesel", "gas".
[[nodiscard]] std::vector<std::string> genset_kinds();
[[nodiscard]] std::vector<HandbookDefault> genset_defaults(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> meter_defaults();
/// What a battery can be told to do: "smoothing", "load-hold", "frequency-response", "voltage-support",
/// "peak-shaving".
[[nodiscard]] std::vector<std::string> bess_tasks();
/// "battery", "supercapacitor".
[[nodiscard]] std::vector<std::string> storage_kinds();
/// For storage of a kind with these tasks.
[[nodiscard]] std::vector<HandbookDefault> bess_defaults(const std::string& kind,
                                                         const std::vector<std::string>& control);

// ---- cooling and grid connection (handbook_cooling.cpp)
/// "liquid", "air".
[[nodiscard]] std::vector<std::string> coolant_kinds();
[[nodiscard]] std::vector<HandbookDefault> coolant_defaults(const std::string& kind);
/// "water-cooled", "air-cooled", "mobile", for a kind of coolant.
[[nodiscard]] std::vector<std::string> chiller_kinds();
[[nodiscard]] std::vector<HandbookDefault> chiller_defaults(const std::string& kind,
                                                            const std::string& coolant);
[[nodiscard]] std::vector<HandbookDefault> cooling_motor_defaults();
[[nodiscard]] std::vector<HandbookDefault> cooling_drive_defaults();
[[nodiscard]] std::vector<HandbookDefault> curtailment_defaults(double frequency_Hz);
[[nodiscard]] std::vector<HandbookDefault> tap_changer_defaults();
/// "static", "automatic".
[[nodiscard]] std::vector<std::string> transfer_switch_kinds();
[[nodiscard]] std::vector<HandbookDefault> transfer_switch_defaults(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> overload_defaults();

// ---- generation on site (handbook_generation.cpp)
/// "aeroderivative", "reciprocating".
[[nodiscard]] std::vector<std::string> power_plant_kinds();
[[nodiscard]] std::vector<HandbookDefault> unit_control_defaults(const std::string& kind);
[[nodiscard]] std::vector<HandbookDefault> synchroniser_defaults();

}  // namespace ballast
