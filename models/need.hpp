/// \file
/// A parameter that has no meaning without another one.
#pragma once

namespace ballast {

/// A value other than 0 of the one needs a value other than 0 of the other. A model lists its own as `needs`.
struct Need {
  int parameter;  ///< places in the parameter table
  int other;
  const char* meaning;  ///< why: what would not exist otherwise
};

}  // namespace ballast
