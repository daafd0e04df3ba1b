/// \file
/// Private to models/: records of units under the name of a user model.
#pragma once

#include "models/dyr.hpp"

namespace ballast {

/// Gives a record of DERAU1, bare or behind a USRMDL header, the model it stands for; leaves any other record
/// as it is.
void read_unit_name(DynamicRecord& record);

}  // namespace ballast
