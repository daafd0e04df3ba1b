/// \file
/// What every network must satisfy, whatever it was read from: the one place of the semantic checks.
#pragma once

#include "grid/error.hpp"
#include "grid/network.hpp"

namespace ballast {

/// Adds to `problems` everything that makes the network impossible to solve or ambiguous: duplicate bus
/// numbers and ids, indices out of range, values that are not numbers, zero impedances, ratios that are not
/// positive, reversed limits, no slack bus. Doubtful but workable data are warnings.
void check_network(const Network& network, Problems& problems);

}  // namespace ballast
