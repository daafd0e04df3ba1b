/// \file
/// The numbers of the method, one place for every backend.
#pragma once

#include "models/scalar.hpp"

namespace ballast::batch {

/// gamma of the W-method (Verwer et al. 1999, ROS2): 1 - 1/sqrt(2), L-stable where the matrix is the
/// Jacobian; of second order whatever the matrix is, and Heun's method where it is zero.
inline constexpr double kGamma = 0.29289321881345247560;

/// Steps shorter than this share of one of the lengths that have stiff matrices take those of its half.
inline constexpr double kShort = 0.7;

/// The network's iteration ends when the voltages have this much left to go, pu: where steps are all alike
/// (at half a cycle and above; below it falls with the square of the step, as the step's own error does), and
/// where they follow their error.
inline constexpr double kVoltageTolerance = 1e-6;
inline constexpr double kVoltageToleranceByError = 1e-5;
inline constexpr int kMaxIterations = 30;
/// Times that limits are moved at one point.
inline constexpr int kLimitRounds = 4;

/// Steps this much longer than what is left end at the stop.
inline constexpr double kStretch = 1.01;
/// An event is located to this share of the least step, in at most so many attempts.
inline constexpr double kLocated = 1e-3;
inline constexpr int kAttempts = 4;
/// A step whose network does not converge is halved down to this share of the least step.
inline constexpr double kShortest = 1.0 / 64;

/// Error of a step (Stepper::error), in any state, pu or rad: above it the next step is half as long; when
/// one of twice the length would stay well below it, it is.
inline constexpr double kStepError = 3e-4;
inline constexpr double kComfort = 0.1;
/// A step with an error so many times too large is taken again at half its length, once.
inline constexpr double kTooCoarse = 8;
/// How much the error of a stiff block's state counts: it decays within steps instead of adding up.
inline constexpr double kStiffShare = 0.1;

/// The step after one of length h that was to be `pace` long.
BALLAST_HD inline double next_pace(double pace, double h, double error, double least_s, double longest_s) {
  if (error > kStepError) {
    const double half = (h < pace ? h : pace) / 2;
    return half > least_s ? half : least_s;
  }
  const double share = pace / h;
  if (!(error * share * share * share <= kComfort * kStepError)) return pace;
  return 2 * pace < longest_s ? 2 * pace : longest_s;
}

inline constexpr double kTurn = 6.28318530717958647692;  ///< rad

}  // namespace ballast::batch
