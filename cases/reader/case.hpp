/// \file
/// A case: what a planner writes as one TOML file, read, checked, and put at rest. docs/case-format.md is the
/// reference of the format.
///
///     Case c = read_case("cases/two-area-campus");       // Error lists everything that is wrong
///     PreparedCase ready = prepare(c);                    // power flow, plants, system at rest
///     simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cases/reader/assemble.hpp"
#include "grid/error.hpp"
#include "grid/network.hpp"
#include "grid/power_flow.hpp"
#include "models/storage/cycle_life.hpp"
#include "solver/initialise.hpp"
#include "solver/plant.hpp"
#include "solver/simulate.hpp"
#include "solver/system.hpp"

namespace ballast {

struct TomlValue;  // cases/reader/toml.hpp

/// A parameter that the case does not give and the handbook does.
struct AssumedDefault {
  std::string device;     ///< "Campus-A.ups"
  std::string parameter;  ///< "V_low_transfer"
  double value = 0;
  std::string unit;
  std::string source;
};

/// What became of a dynamic record.
struct RecordUse {
  enum class Fate { SIMULATED, REPLACED, IGNORED, UNUSED, REFUSED };
  std::string model;   ///< "GENROU", "USRMDL 'MYEXC'"
  int generator = -1;  ///< index in the network; -1: of none
  Fate fate = Fate::SIMULATED;
  std::string note;             ///< by what it is replaced, why it is not used
  std::vector<int> loads = {};  ///< indices in the network of the loads it is the model of
};

/// Something that was done to make the case run, beyond what its files say.
struct Adjustment {
  std::string where, what;
};

/// Cycle life of a [[bess]], for reports: no equation depends on it.
struct StorageLife {
  std::string name;  ///< of the battery
  LifeCurve curve;
};

/// What a data center draws at rest: fixed by its workload, known before the power flow.
struct CampusRest {
  int plant = 0;                     ///< index into Case::plants
  std::string supply;                ///< part that gives P_load: a UPS, or the total of several blocks
  std::complex<double> supply_MVA;   ///< through the UPS or power supplies
  std::complex<double> non_it_MVA;   ///< beside it, 0 without such a load
  LoadConversion non_it;             ///< how it depends on voltage
  std::complex<double> cooling_MVA;  ///< motors, drives and chillers
  [[nodiscard]] std::complex<double> total_MVA() const { return supply_MVA + cooling_MVA + non_it_MVA; }
};

/// A pattern of [output] record, with where it stands.
struct RecordPattern {
  std::string text;
  Place place;
};

struct Case {
  std::string title;
  std::string description;
  std::filesystem::path path;                   ///< of the case file
  std::string text;                             ///< the whole case file
  Network network;                              ///< without the data centers
  std::optional<SequenceRatio> sequence_ratio;  ///< stands for sequence data that the network does not have
  PowerFlowOptions power_flow;
  std::vector<LoadConversion> load_conversions;       ///< per load of the network, for static ones
  std::vector<std::optional<LoadModel>> load_models;  ///< per load of the network: its dynamic model, if any
  /// How generators without dynamic data depend on voltage as negative loads; without it they are an error.
  std::optional<LoadConversion> netted;
  AtLimits at_limits = AtLimits::RELAX;
  std::vector<RecordUse> record_uses;   ///< one per record of the dynamics file and of the case
  std::vector<Adjustment> adjustments;  ///< made while reading
  std::vector<CampusRest> campuses;
  std::vector<Plant> plants;  ///< machines, loads, data centers, storage; rest powers come with prepare()
  std::vector<StorageLife> storage_life;
  std::vector<Disturbance> disturbances;
  SimulationOptions simulation;
  std::vector<RecordPattern> record;
  std::shared_ptr<const TomlValue>
      demands;  ///< [[requirement]] and [[rule]], which studies/ reads; null: none
  std::vector<AssumedDefault> assumed;
  std::vector<Problem> warnings;
};

/// Reads a case file, or the file case.toml of a folder. Throws Error with every problem found.
[[nodiscard]] Case read_case(const std::filesystem::path& path);
/// The same from memory; files named in the text are relative to the folder of `path`, which is also the name
/// used in messages.
[[nodiscard]] Case read_case_text(std::string_view text, const std::filesystem::path& path);
/// The same with every problem added to the collection; the case holds what could be read beside them. They
/// throw only when the file cannot be opened or is no TOML.
[[nodiscard]] Case read_case(const std::filesystem::path& path, Problems& problems);
[[nodiscard]] Case read_case_text(std::string_view text, const std::filesystem::path& path,
                                  Problems& problems);

/// The same from a parsed file that a study may have changed; `text` is what the record keeps of it.
[[nodiscard]] Case read_case_tree(const TomlValue& tree, std::string_view text,
                                  const std::filesystem::path& path);
/// Replaces the disturbances of a case by the [[event]] tables of another tree; nothing else of the tree is
/// read, and a case at rest stays valid. Throws Error with every problem found.
void read_events(Case& c, const TomlValue& tree);

/// A case file found: its path with case.toml, and its text.
struct CaseFile {
  std::filesystem::path path;
  std::string text;
};
/// Throws Error when there is no such file.
[[nodiscard]] CaseFile open_case(const std::filesystem::path& path);

/// A case at rest.
struct PreparedCase {
  PowerFlowResult flow;
  /// That of the case, with taps and switched shunts where the power flow left them; they stay there.
  std::unique_ptr<Network> network;
  std::unique_ptr<System> system;
  std::vector<double> y;  ///< the unknowns at rest
  RestReport rest;
  std::vector<Adjustment>
      adjustments;                ///< what loads have beside their models so that they draw what they must
  std::vector<Problem> warnings;  ///< of the power flow
};

/// The network as the power flow sees it: with the data centers as constant loads.
[[nodiscard]] Network power_flow_network(const Case& c);
/// Throws Error when the power flow has no solution, a device cannot rest, or a record pattern matches
/// nothing.
[[nodiscard]] PreparedCase prepare(const Case& c);

/// What a record says about the run of a case.
[[nodiscard]] RunInfo run_info(const Case& c);

}  // namespace ballast
