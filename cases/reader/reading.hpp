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

struct Reading {
  Case& result;
  Problems& problems;
  std::vector<DynamicRecord> records;  ///< from the DYR file and from inline tables
  bool network_complete = true;        ///< false when a network file had errors: its checks have been made
  std::map<std::size_t, LoadConversion> own_conversion;   ///< by load, where a load has its own shares
  std::vector<DynamicRecord> ignored_records = {};        ///< left out by rules of the case
  std::optional<LoadConversion> general_conversion = {};  ///< [loads], without its groups
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
/// Reads the position x, y or lon, lat.
[[nodiscard]] std::optional<Position> read_position(Section& section);
/// A name that a plant may have.
[[nodiscard]] std::string read_plant_name(Section& section, const std::vector<Plant>& plants,
                                          const std::string& fallback);

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

// ---- dynamic records (dyr_rules.cpp)
/// "GENROU", or "USRMDL 'MYEXC'".
[[nodiscard]] std::string full_model_name(const DynamicRecord& record);
/// [[dyr_rule]]: leaves out, replaces or completes records of the dynamics file before they are checked.
void apply_dyr_rules(Section& root, Reading& reading);

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
/// [[event]]
void read_event_tables(Section& root, Reading& reading);

}  // namespace ballast
