/// \file
/// Private to models/: what a load record's name and header say.
#pragma once

#include "models/dyr.hpp"

namespace ballast {

/// Gives a load record its model and scope, and takes the header of USRLOD off its fields; leaves any other
/// record as it is.
void read_load_name(DynamicRecord& record);

}  // namespace ballast
