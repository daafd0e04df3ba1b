/// \file
/// The check of synchronism across an open breaker, for whoever closes it: a unit's controller, a tie's
/// synchroniser.
#pragma once

#include "models/contract.hpp"

namespace ballast {

/// Settings of the check; the near side is the one whose speed is being matched.
template <class P>
struct SynchronismWindow {
  P cosine;      ///< of the largest angle
  P voltage_pu;  ///< largest difference of the magnitudes
  P slip;        ///< largest difference of the speeds, pu
};
template <class P>
SynchronismWindow<P> make_window(const P& angle_deg, const P& voltage_pu, const P& slip_Hz,
                                 double frequency_Hz) {
  P sine;
  P cosine;
  sincos_(angle_deg * 0.017453292519943295, sine, cosine);
  return {cosine, voltage_pu, slip_Hz * (1 / frequency_Hz)};
}

/// A side below it is dead, pu.
inline constexpr double kDeadBus = 0.2;

/// Positive where the breaker may close: the near voltage has just come up with the far one (from behind,
/// since it is matched with a little more speed), inside the windows of angle, voltage and slip.
template <class T, class P>
BALLAST_HD T in_synchronism(const T& vr, const T& vi, const T& vr_far, const T& vi_far, const T& slip,
                            const SynchronismWindow<P>& d) {
  const T near = magnitude_(vr, vi);
  const T far = magnitude_(vr_far, vi_far);
  const T along = vr * vr_far + vi * vi_far;
  const T ahead = vi * vr_far - vr * vi_far;
  const T angle = min_(ahead, T(along - d.cosine * near * far));
  const T voltage = d.voltage_pu - abs_(near - far);
  const T alive = min_(near, far) - kDeadBus;
  return min_(min_(angle, voltage), min_(T(d.slip - abs_(slip)), alive));
}

}  // namespace ballast
