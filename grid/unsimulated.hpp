/// \file
/// What a network holds and the program does not simulate yet. Called by the readers, and the one place to
/// delete from when something is built. Internal to grid/.
#pragma once

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

/// One warning per element in service that is left out or held still, with its schedule.
void warn_unsimulated(const Network& network, Problems& problems);

}  // namespace ballast
