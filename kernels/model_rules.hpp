/// \file
/// What the batch knows of a model beside its equations.
#pragma once

#include <string_view>

#include "models/contract.hpp"

namespace ballast::batch {

/// A guard counts as positive above this, as under IDA.
inline constexpr double kGuardTolerance = 1e-9;

/// The output Ir (which = 0) or Ii (1); -1 when the model injects nothing.
template <class M>
constexpr int current_of(int which) {
  for (int k = 0; k < static_cast<int>(M::kOutputs); ++k)
    if (std::string_view(M::outputs[k].name) == (which == 0 ? "Ir" : "Ii")) return k;
  return -1;
}

/// Whether an output of a tripped part is zero: no power. Its other outputs keep their last values.
template <class M>
constexpr bool silenced(int k) {
  const std::string_view name = M::outputs[k].name;
  const std::string_view unit = M::outputs[k].unit;
  return name == "Ir" || name == "Ii" || name == "Pe" || name == "Qe" || name == "battery_power" ||
         unit == "MW" || unit == "Mvar" || name.starts_with("P_") || name.starts_with("Q_");
}

}  // namespace ballast::batch
