/// \file
/// The part of check_network() that looks at controls, DC lines, FACTS devices and induction machines.
/// Internal to grid/.
#pragma once

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

void check_controls(const Network& network, Problems& problems);

}  // namespace ballast
