/// \file
/// From a network, its power flow and dynamic data to the plants that the solver simulates.
///
/// Every machine and load becomes one plant, named "<bus number>-<id>" and in the order of the network's
/// generators and loads in service. The plants can be made before the power flow is known (names and
/// parameters), and be put at its operating point afterwards; assemble_*() do both.
#pragma once

#include <complex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"
#include "grid/power_flow.hpp"
#include "models/dyr.hpp"
#include "models/registry.hpp"
#include "solver/plant.hpp"

namespace ballast {

/// A model that stands between governor and machine and hands the turbine's power on.
[[nodiscard]] bool is_shaft(const ModelInfo& model);

/// Shares of constant impedance, current and power at the power flow's voltage; they add up to 1.
struct LoadShares {
  double impedance = 0, current = 0, power = 0;
};

/// Exponents of frequency of a static load: constant power m (active) and n (reactive), constant current r
/// and s; names as in PSS/E's LDFRBL.
struct LoadFrequency {
  double m = 0, n = 0, r = 0, s = 0;
};

/// What the constant-power part of a load becomes in a simulation. Its constant-current and
/// constant-impedance parts stay what they are.
struct LoadConversion {
  LoadShares active, reactive;
  /// Voltage, pu, below which the whole load is a constant impedance (PSS/E: PQBRAK).
  double pqbrak = 0.7;
  std::optional<LoadFrequency> frequency = {};  ///< none: no dependence on frequency
};

/// What to do with generators that have no machine model.
enum class WithoutDynamics {
  REFUSE,        ///< a problem names them
  NEGATIVE_LOAD  ///< plants of kind "netted": their power becomes a negative load
};

/// The dynamic model of a load, in the place of a static one.
struct LoadModel {
  std::string model;  ///< record name: "LDELEC"
  std::vector<double> parameters;
  Place place;
};

/// What a record belongs to and why it is not used; "" when it is.
struct RecordMatch {
  int generator = -1;  ///< index in the network; -1: there is none
  std::string unused;
  std::vector<int> loads = {};  ///< indices in the network of the loads that a load record is the model of
};

/// One plant per generator in service. From the records of its bus and id: parts "machine", "exciter",
/// "governor", "stabilizer", or "converter", "electrical_control", "plant_control". What a record does not
/// carry comes from the generator (Ra and Xdp from ZSOURCE).
/// Load records are left alone.
/// A record that belongs to no machine in service is a warning; matches, if wanted, gets one entry per
/// record. The records must have passed check_dyr().
[[nodiscard]] std::vector<Plant> machine_plants(const Network& network,
                                                const std::vector<DynamicRecord>& records, Problems& problems,
                                                WithoutDynamics without = WithoutDynamics::REFUSE,
                                                std::vector<RecordMatch>* matches = nullptr);
/// Puts the plants of machine_plants() at the power flow's generator outputs; `netted` says how those without
/// dynamics depend on voltage.
void set_machine_rest(std::span<Plant> machines, const Network& network, const PowerFlowResult& flow,
                      const LoadConversion& netted = {});
[[nodiscard]] std::vector<Plant> assemble_machines(const Network& network, const PowerFlowResult& flow,
                                                   const std::vector<DynamicRecord>& records,
                                                   Problems& problems);

/// Loads in service; the parameters of static ones wait for set_load_rest(). `models` is empty, or has one
/// entry per load of the network.
[[nodiscard]] std::vector<Plant> load_plants(const Network& network,
                                             std::span<const std::optional<LoadModel>> models = {});
/// Gives the plants of load_plants() the powers that the power flow drew, and the static ones the parameters
/// that draw exactly that.
/// `conversions` has one entry per load of the network, also for those out of service.
void set_load_rest(std::span<Plant> loads, const Network& network, const PowerFlowResult& flow,
                   const std::vector<LoadConversion>& conversions);
[[nodiscard]] std::vector<Plant> assemble_loads(const Network& network, const PowerFlowResult& flow,
                                                const LoadConversion& conversion);

/// What DC lines, FACTS devices and induction machines inject in the power flow, as plants of kind "element":
/// constant current, and a constant impedance below pqbrak. They have no dynamics of their own.
[[nodiscard]] std::vector<Plant> element_plants(const Network& network, const PowerFlowResult& flow);

/// Whether a record is the model of loads.
[[nodiscard]] bool is_load_record(const DynamicRecord& record);
/// The models of a static load: without and with dependence on frequency.
inline constexpr const char* kStaticLoad = "ZIPLOAD";
inline constexpr const char* kFrequencyLoad = "LDFR";
[[nodiscard]] inline bool is_static_load(std::string_view model) {
  return model == kStaticLoad || model == kFrequencyLoad;
}

/// One ZIPLOAD part that draws power_MVA (MW + j Mvar) at voltage_pu.
[[nodiscard]] Part zip_part(std::complex<double> power_MVA, double voltage_pu,
                            const LoadConversion& conversion);

/// "101-1": the name of the plant of a generator or load.
[[nodiscard]] std::string plant_name(const Network& network, int bus, const std::string& id);

}  // namespace ballast
