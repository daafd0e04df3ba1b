/// \file
/// Names of elements for messages and logs.
#pragma once

#include <string>

#include "grid/network.hpp"

namespace ballast {

/// "line 7-8 '1'" or "transformer 7-8 '1'".
[[nodiscard]] std::string branch_label(const Network& network, int branch);
/// "shunt 7-1".
[[nodiscard]] std::string shunt_label(const Network& network, int shunt);

}  // namespace ballast
