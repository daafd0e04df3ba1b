/// \file
/// What the parts of the case reader share. Private to cases/reader/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cases/reader/case.hpp"
#include "cases/reader/section.hpp"
#include "models/dyr.hpp"
#include "models/registry.hpp"

namespace ballast {

/// What sun or wind allow a unit (weather_tables.cpp). The samples are power, pu of the unit's base.
struct Weather {
  Part trace;          ///< no table after a problem
  double at_rest = 0;  ///< pu of the unit's base
  double smoothing_s = 0;
};

struct Reading {
  Case& result;
  Problems& problems;
  std::vector<DynamicRecord> records;  ///< from the DYR file and from inline tables
  bool network_complete = true;        ///< false when a network file had errors: its checks have been made
  std::map<std::size_t, LoadConversion> own_conversion;   ///< by load, where a load has its own shares
  std::vector<DynamicRecord> ignored_records = {};        ///< left out by rules of the case
  std::optional<LoadConversion> general_conversion = {};  ///< [loads], without its groups
  std::vector<DynamicRecord> relay_records = {};          ///< of the dynamics file
  std::vector<Plant> power_plants = {};  ///< controllers of [[power_plant]], until the machines are plants
  std::map<std::string, Weather> weather = {};  ///< by machine plant
  std::vector<RecordMatch> load_matches = {};   ///< per record: the loads that a load record is the model of
};

// ---- names (references.cpp); each adds a problem and returns -1 when there is no such thing
/// A bus by number, name, or extended name "NAME 230".
[[nodiscard]] int read_bus(Section& section, std::string_view key, const Network& network,
                           std::string_view meaning);
/// A branch as "7-8-1", "7-8" when there is one circuit, its name, or { from, to, id }.
[[nodiscard]] int read_branch(Section& section, std::string_view key, const Network& network);
/// A plant of a kind ("machine", "load", "datacenter", "bess") by name; "7" for "7-1" when it is the only
/// one.
[[nodiscard]] int read_plant(Section& section, std::string_view key, const std::string& kind,
                             const std::vector<Plant>& plants);
/// The same for one value, which may be an item of a list under the key.
[[nodiscard]] int bus_of(const TomlValue& value, Section& section, std::string_view key,
                         const Network& network);
/// Three branches for a three-winding transformer ("7-8-9-1" or its name), none after a problem.
[[nodiscard]] std::vector<int> branches_of(const TomlValue& value, Section& section, std::string_view key,
                                           const Network& network);
[[nodiscard]] int plant_of(const TomlValue& value, Section& section, std::string_view key,
                           const std::string& kind, const std::vector<Plant>& plants);
/// A switched shunt of a RAW file as "bus-id", or "bus" where there is one.
[[nodiscard]] int read_switched_shunt(Section& section, std::string_view key, const Network& network);
/// Reads the position x, y or lon, lat.
[[nodiscard]] std::optional<Position> read_position(Section& section);
/// A name that a plant may have.
[[nodiscard]] std::string read_plant_name(Section& section, const std::vector<Plant>& plants,
                                          const std::string& fallback);

// ---- selections (selection.cpp): one name, a list of names, or a table that says which
// { area, zone, owner, kV, kV_min, kV_max, bus, id }, each a value or a list. Nothing selected is a problem.
/// Buses for which the selecting keys of `section` itself hold.
[[nodiscard]] std::vector<int> select_buses(Section& section, const Network& network);
/// `what`: "branch", "line" or "transformer".
[[nodiscard]] std::vector<int> select_branches(Section& section, std::string_view key, const Network& network,
                                               std::string_view what = "branch");
[[nodiscard]] std::vector<int> select_plants(Section& section, std::string_view key, const std::string& kind,
                                             const Network& network, const std::vector<Plant>& plants);
[[nodiscard]] std::vector<int> select_shunts(Section& section, std::string_view key, const Network& network);
/// Everything that the keys branch, line, transformer, shunt, bus (all of it), machine, load, datacenter and
/// bess name; one of them at least.
[[nodiscard]] std::vector<Element> select_elements(Section& section, const Network& network,
                                                   const std::vector<Plant>& plants);

// ---- faults (fault_tables.cpp); nothing after a problem
[[nodiscard]] std::optional<BusFault> read_bus_fault(Section& section, const Case& c);
[[nodiscard]] std::optional<LineFault> read_line_fault(Section& section, const Case& c);

// ---- sequence data (sequence_tables.cpp): the table `sequence` of an element, and the ratio of a network
/// `element`: index that the line, transformer or generator will have; -1 reads and forgets.
void read_line_sequence(Section& section, Network& network, int element);
void read_transformer_sequence(Section& section, Network& network, int element, double base_MVA);
void read_generator_sequence(Section& section, Network& network, int element);
void read_sequence_ratio(Section& section, Case& c);

// ---- models (model_tables.cpp)
/// A starting value from docs/datacenter-models.md, used when the case does not give the parameter.
struct HandbookDefault {
  const char* parameter;
  double value;
  const char* source;
};
/// Parameters of a model in its order: from the key of the same name, else from `derived` (not a key then),
/// else from `defaults` (listed as assumed), else a problem. Ranges are checked.
[[nodiscard]] std::vector<double> read_parameters(Section& section, const ModelInfo& model, Reading& reading,
                                                  const std::string& device,
                                                  const std::vector<HandbookDefault>& defaults = {},
                                                  const std::map<std::string, double>& derived = {});
/// Tables machine, exciter, governor, stabilizer of a generator, as records. Sets ZSOURCE of the generator.
void read_machine_models(Section& section, Generator& generator, const Network& network, Reading& reading);

// ---- weather (weather_tables.cpp)
/// Reads `weather` of a unit; nothing where there is none. `device`: the unit, for messages.
[[nodiscard]] std::optional<Weather> read_weather(Section& unit, const std::string& device, double base_MVA,
                                                  const Reading& reading);
/// Puts the parts of every unit that has weather into its plant and wires them. A unit without electrical
/// control, or with a plant control, is a problem.
void add_weather(Reading& reading);

// ---- models of loads (load_models.cpp)
/// Gives loads the models of load records and of [[load_model]]; adds uses of the latter.
void read_load_models(Section& root, Reading& reading);

// ---- dynamic records (dyr_rules.cpp)
/// [[dyr_rule]]: leaves out, replaces or completes records of the dynamics file before they are checked.
void apply_dyr_rules(Section& root, Reading& reading);

/// Takes the relay records out of those of machines and loads (relay_records.cpp); makes relays of them once
/// what they protect is there.
void take_relay_records(Reading& reading);
void add_relay_records(Reading& reading);

// ---- parts of a case
/// [network]: the file or the bases of inline tables. Then the inline elements.
void read_network_tables(Section& root, Reading& reading);
/// [[machine_data]]: models by fuel for generators without records.
void read_machine_data(Section& root, Reading& reading);
/// [loads], and the conversions of all loads.
void read_load_tables(Section& root, Reading& reading);
/// Shares { impedance, current, power } under a key.
[[nodiscard]] std::optional<LoadShares> read_shares(Section& section, std::string_view key);
/// [[datacenter]] and [[bess]]: buses and branches of their connections, then (after the machines and loads)
/// their plants.
void read_connections(Section& root, Reading& reading);
void read_campus_tables(Section& root, Reading& reading);
/// [[transfer_switch]] and [[overload]] (switch_tables.cpp), after the data centers. The pole of a transfer
/// switch to its alternate source is open at rest.
void read_switch_tables(Section& root, Reading& reading);
/// [[load_shedding]] and [[protection]] (protection_tables.cpp), after all that they act on.
void read_protection_tables(Section& root, Reading& reading);
/// [[line_protection]], [[shunt_switching]] and [scan] (line_relay_tables.cpp).
void read_line_relay_tables(Section& root, Reading& reading);
/// [[transformer_saturation]] (saturation_tables.cpp).
void read_saturation_tables(Section& root, Reading& reading);
/// [[remedial_action]] and [[interlock]] (scheme_tables.cpp), after all that they act on.
void read_scheme_tables(Section& root, Reading& reading);
/// [[power_plant]] (power_plant_tables.cpp): buses, transformers, generators and records of the units with
/// the network; then, once the machines are plants, their controllers.
void read_power_plant_tables(Section& root, Reading& reading);
void add_power_plants(Reading& reading);
/// What an event does to the units of a power plant; nothing after a problem.
[[nodiscard]] std::vector<Action> read_power_plant_event(Section& section, const Case& c);
/// Part of a plant that has a reference of this name, or -1; with a problem when `say` (event_tables.cpp).
[[nodiscard]] int find_reference(Section& section, const Plant& plant, const std::string& part,
                                 const std::string& input, bool say);
/// [[event]]
void read_event_tables(Section& root, Reading& reading);

}  // namespace ballast
