/// \file
/// A transport delay without a history.
#pragma once

#include "models/blocks.hpp"

namespace ballast {

/// exp(-sT) as the second-order Pade approximation (1 - sT/2 + (sT)^2/12)/(1 + sT/2 + (sT)^2/12); T = 0
/// passes. Its gain is 1 at every frequency, its phase is late by (wT)^5/720 rad: 0.6 degrees at wT = 1.5,
/// which is 15 rad/s and 0.1 s, beyond the crossover of an engine's governor. The first order would be off by
/// (wT)^3/12, 16 degrees there. A step comes out with an undershoot first, as of every Pade form.
///
/// States: `position` rests at the input, `velocity` at zero.
template <class T, class P>
BALLAST_HD T delayed(const Lag<P>& b, const T& position, const T& velocity, const T& u, T& d_position,
                     T& d_velocity) {
  d_position = velocity * b.rate;
  d_velocity = (u - position - 0.5 * velocity) * (12.0 * b.rate);
  return u - velocity;
}

}  // namespace ballast
