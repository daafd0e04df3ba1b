/// \file
/// All models at run time: what readers, documentation and errors know about them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "grid/error.hpp"
#include "models/contract.hpp"
#include "models/need.hpp"

namespace ballast {

/// "machine", "exciter", ...
[[nodiscard]] const char* role_name(Role role);

struct ModelInfo {
  const char* name;  ///< record name, "GENROU"
  const char* title;
  Role role;
  std::span<const ParameterInfo> parameters;
  int record_parameters;  ///< of these, how many a DYR record carries; the rest come from the network
  std::span<const Relation> relations;  ///< between parameters
  std::span<const Need> needs;          ///< parameters that mean nothing without others
  std::span<const StateInfo> states;
  std::span<const InputInfo> inputs;
  std::span<const OutputInfo> outputs;
  const char* source;
  const char* validated;  ///< independent reference and figures; "" when only loadable
};

/// In the order of their headers' paths.
[[nodiscard]] std::span<const ModelInfo> all_models();
/// nullptr when there is none of this name.
[[nodiscard]] const ModelInfo* find_model(std::string_view name);

/// All that can be said about a device's parameters alone: their number (record_parameters, or all of them),
/// each value against its table, and the model's relations. `where` names the place or the device.
void check_parameters(const ModelInfo& model, std::span<const double> values, const std::string& where,
                      Problems& problems);

/// The model list of the documentation, as Markdown.
[[nodiscard]] std::string model_list_markdown();

}  // namespace ballast
