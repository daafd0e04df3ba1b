/// \file
/// What makes a converter plant out of its parts: who reads which bus and branch.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "grid/error.hpp"
#include "grid/network.hpp"
#include "models/contract.hpp"
#include "models/dyr.hpp"
#include "solver/plant.hpp"

namespace ballast {

/// Converter, electrical control or plant control.
[[nodiscard]] bool is_converter_role(Role role);

/// Points the controls of a converter plant at the buses and the branch their records name, adds the meters
/// they need (parts "branch_meter", "frequency_meter"), and refuses a plant that lacks a part or mixes a
/// converter with a machine. `records` are those of the plant's parts, in their order.
void wire_converter_plant(Plant& plant, const std::vector<const DynamicRecord*>& records,
                          const Network& network, const std::string& label, Problems& problems);

/// Gives a unit without shaft that controls or trips by frequency ("FreqFlag", "FtripFlag" of its model) the
/// meter of its bus's frequency (part "frequency_meter"). `records` as above.
void meter_unit_frequency(Plant& plant, const std::vector<const DynamicRecord*>& records);

/// Gives the branch meters the branches as the power flow left them: taps and phase shifters may have moved.
void set_branch_meters(std::span<Plant> plants, const Network& network);

}  // namespace ballast
