/// \file
/// How many scenarios lie side by side in a register. The engine is compiled twice: for every processor, and
/// for those with AVX-512 (BALLAST_AVX512), in a shared library of its own.
#pragma once

#include "models/pack.hpp"

namespace ballast::batch {

#ifdef BALLAST_AVX512
inline constexpr int kLanes = 8;
#else
inline constexpr int kLanes = 4;  ///< AVX2
#endif
using Lanes = Pack<kLanes>;

}  // namespace ballast::batch
