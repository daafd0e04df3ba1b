/// \file
/// The numbers of the method, one place for every backend.
#pragma once

namespace ballast::batch {

/// gamma of the W-method (Verwer et al. 1999, ROS2): 1 - 1/sqrt(2), L-stable where the matrix is the
/// Jacobian; of second order whatever the matrix is, and Heun's method where it is zero.
inline constexpr double kGamma = 0.29289321881345247560;

/// The network's iteration ends when the voltages have this much left to go, pu.
inline constexpr double kVoltageTolerance = 1e-6;
inline constexpr int kMaxIterations = 30;
/// Times that limits are moved at one point.
inline constexpr int kLimitRounds = 4;

/// Steps this much longer than what is left end at the stop.
inline constexpr double kStretch = 1.01;
/// An event is located to this share of the longest step, in at most so many attempts.
inline constexpr double kLocated = 1e-3;
inline constexpr int kAttempts = 4;
/// A step whose network does not converge is halved down to this share of the longest step.
inline constexpr double kShortest = 1.0 / 64;

inline constexpr double kTurn = 6.28318530717958647692;  ///< rad

}  // namespace ballast::batch
