/// \file
/// SUNDIALS' serial vector with loops that the compiler vectorises. Internal to the integrator.
#pragma once

#include <sundials/sundials_nvector.h>

namespace ballast {

/// Replaces the operations of a serial vector that IDA spends its time in, and turns on the fused ones.
/// Clones inherit them. Sums are taken in a fixed order, so results do not depend on the machine's load or
/// threads.
void use_vector_kernels(N_Vector vector);

}  // namespace ballast
