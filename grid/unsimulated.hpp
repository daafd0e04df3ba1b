/// \file
/// What a network holds and the program does not simulate. Called by the readers. Internal to grid/.
#pragma once

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

/// One warning per kind of data that is left out.
void warn_unsimulated(const Network& network, Problems& problems);

}  // namespace ballast
