/// Every control block alone: its response against the closed form, its limits bind and release.
#include "models/blocks.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "models/limit_move.hpp"
#include "tests/models/block_bench.hpp"

namespace ballast::test {
namespace {

using C = Context<double, double>;
constexpr double kStep = 1e-3;
/// Classical Runge-Kutta at h/T = 1/100 or finer; measured below 1e-10.
constexpr double kTolerance = 1e-9;

/// Runs the bench and compares its output with the closed form after every step.
template <class Bench, class Exact>
void expect_follows(Bench& bench, double until, const char* what, const Exact& exact) {
  double worst = 0;
  bench.run(until, kStep, [&](double t, double y) { worst = std::max(worst, std::abs(y - exact(t))); });
  std::printf("%s until %g s: largest difference %.1e (tolerance %.0e)\n", what, until, worst, kTolerance);
  EXPECT_LT(worst, kTolerance) << what;
}

TEST(Lag, StepResponseIsExponential) {
  const auto b = make_lag(0.5);
  BlockBench<1, 0> bench([&](double, const double* x, const C&, double* dx) { return lag(b, *x, 2.0, *dx); });
  expect_follows(bench, 3, "lag", [](double t) { return 2 * (1 - std::exp(-t / 0.5)); });
}
TEST(Lag, WithoutTimeConstantPassesItsInputAndRests) {
  double dx = 1;
  EXPECT_EQ(lag(make_lag(0.0), 7.0, 2.0, dx), 2);
  EXPECT_EQ(dx, 0);
}

/// A limit moves by the guards of its block until they agree with its side, wherever its input jumps to.
TEST(Limited, ReachesTheRightSideFromEverySideInOneOrTwoMoves) {
  const double low = -1, high = 2;
  for (const int start : {-1, 0, 1})
    for (const double u : {-3.0, 0.5, 4.0}) {
      int mode = start;
      int moves = 0;
      for (; moves < 10; ++moves) {
        double guard[2];
        limited(u, low, high, C{&mode, nullptr, guard}, 0);
        if (!move_limit(mode, guard[0] > 0, guard[1] > 0)) break;
      }
      const int expected = u < low ? -1 : u > high ? 1 : 0;
      std::printf("from %2d to %2d (%2d): %d moves (at most 2)\n", start, mode, expected, moves);
      EXPECT_EQ(mode, expected);
      EXPECT_LE(moves, 2);
    }
}

TEST(LeadLag, StepJumpsToTheRatioAndSettlesAtOne) {
  const auto b = make_lead_lag(0.2, 0.5);
  BlockBench<1, 0> bench(
      [&](double, const double* x, const C&, double* dx) { return lead_lag(b, *x, 1.0, *dx); });
  EXPECT_NEAR(bench.settle(), 0.4, 1e-15);
  expect_follows(bench, 3, "lead-lag", [](double t) { return 1 - 0.6 * std::exp(-t / 0.5); });
}
TEST(LeadLag, WithoutLagPassesItsInputAndRests) {
  double dx = 1;
  EXPECT_EQ(lead_lag(make_lead_lag(0.2, 0.0), 7.0, 2.0, dx), 2);
  EXPECT_EQ(dx, 0);
}

TEST(Washout, StepDecays) {
  const auto b = make_lag(0.5);
  BlockBench<1, 0> bench(
      [&](double, const double* x, const C&, double* dx) { return washout(b, *x, 1.0, *dx); });
  expect_follows(bench, 3, "washout", [](double t) { return std::exp(-t / 0.5); });
}
TEST(Washout, WithoutTimeConstantPassesChanges) {
  double dx = 1;
  EXPECT_EQ(washout(make_lag(0.0), 1.0, 1.25, dx), 0.25);
  EXPECT_EQ(dx, 0);
}

TEST(Limited, CutsASineAndMovesFourTimesAPeriod) {
  BlockBench<0, 1> bench(
      [](double t, const double*, const C& c, double*) { return limited(std::sin(t), -0.5, 0.8, c, 0); });
  expect_follows(bench, 4 * 6.283185307179586, "limited sine",
                 [](double t) { return std::clamp(std::sin(t), -0.5, 0.8); });
  EXPECT_EQ(bench.moves, 16);
}
TEST(Limited, FollowsALimitThatMoves) {
  BlockBench<0, 1> bench(
      [](double t, const double*, const C& c, double*) { return limited(1.0, -1.0, 2.0 - t, c, 0); });
  expect_follows(bench, 2, "moving limit", [](double t) { return std::min(1.0, 2.0 - t); });
  EXPECT_EQ(bench.moves, 1);
}

TEST(Limited, AboveOrBelowAloneHasOneSide) {
  BlockBench<0, 2> bench([](double t, const double*, const C& c, double*) {
    return limited_above(std::sin(t), 0.8, c, 0) + 10 * limited_below(std::sin(t), -0.5, c, 1);
  });
  expect_follows(bench, 6.283185307179586, "one-sided limits",
                 [](double t) { return std::min(std::sin(t), 0.8) + 10 * std::max(std::sin(t), -0.5); });
  EXPECT_EQ(bench.moves, 4);
}

TEST(Deadband, IsZeroInsideAndTheExcessOutside) {
  BlockBench<0, 1> bench(
      [](double t, const double*, const C& c, double*) { return deadband(std::sin(t), -0.5, 0.8, c, 0); });
  expect_follows(bench, 4 * 6.283185307179586, "deadband", [](double t) {
    const double u = std::sin(t);
    return u > 0.8 ? u - 0.8 : u < -0.5 ? u + 0.5 : 0.0;
  });
  EXPECT_EQ(bench.moves, 16);
}

TEST(LimitedIntegrator, StopsAtItsLimitAndLeavesWhenTheInputTurns) {
  // f = cos t: the integral would be sin t; it stops at 0.5 (t = pi/6) and leaves at t = pi/2, then at the
  // lower limit -0.4 from sin t = 1 - 0.9 until t = 3 pi/2.
  BlockBench<1, 1> bench([](double t, const double* x, const C& c, double* dx) {
    return limited_integrator(*x, std::cos(t), -0.4, 0.5, 10.0, c, 0, *dx);
  });
  const double pi = 3.14159265358979323846;
  const double low_at = pi - std::asin(0.1);
  expect_follows(bench, 2 * pi, "limited integrator", [&](double t) {
    if (t < pi / 6) return std::sin(t);
    if (t < pi / 2) return 0.5;
    if (t < low_at) return std::sin(t) - 0.5;
    if (t < 1.5 * pi) return -0.4;
    return std::min(std::sin(t) + 0.6, 0.5);
  });
  EXPECT_EQ(bench.moves, 5);  // the last one: back at 0.5
}
TEST(LimitedIntegrator, BesideItsLimitByRoundingItLeavesWithoutChatter) {
  for (const double beside : {0.5 + 1e-13, 0.5, 0.5 - 1e-13}) {
    double f = 1;
    BlockBench<1, 1> bench([&](double, const double* x, const C& c, double* dx) {
      return limited_integrator(*x, f, -0.4, 0.5, 10.0, c, 0, *dx);
    });
    bench.x = {beside};
    bench.mode = {1};
    bench.settle();
    EXPECT_EQ(bench.mode[0], 1);
    f = -1e-14;
    bench.settle();
    EXPECT_EQ(bench.mode[0], 0) << beside;
    EXPECT_EQ(bench.moves, 1) << beside;
  }
}

TEST(LimitedLag, StopsAtItsLimitAndLeavesAtOnceWhenItsInputFallsBelow) {
  const auto b = make_lag(0.5);
  double u = 2;
  BlockBench<1, 1> bench([&](double, const double* x, const C& c, double* dx) {
    return limited_lag(b, *x, u, -1.0, 1.0, c, 0, *dx);
  });
  const double reaches = 0.5 * std::log(2.0);
  expect_follows(bench, 2, "limited lag, u = 2",
                 [&](double t) { return t < reaches ? 2 * (1 - std::exp(-t / 0.5)) : 1; });
  EXPECT_EQ(bench.moves, 1);
  u = 0.5;  // a lag with windup would still be near 2
  expect_follows(bench, 4, "limited lag, u = 0.5",
                 [](double t) { return 0.5 + 0.5 * std::exp(-(t - 2) / 0.5); });
  EXPECT_EQ(bench.moves, 2);
}
TEST(LimitedLag, WithoutTimeConstantIsAnAlgebraicLimit) {
  const auto b = make_lag(0.0);
  BlockBench<1, 1> bench([&](double t, const double* x, const C& c, double* dx) {
    return limited_lag(b, *x, std::sin(t), -0.5, 0.8, c, 0, *dx);
  });
  expect_follows(bench, 6.283185307179586, "limited lag, T = 0",
                 [](double t) { return std::clamp(std::sin(t), -0.5, 0.8); });
  EXPECT_EQ(bench.moves, 4);
  EXPECT_EQ(bench.x[0], 0);
}
TEST(LimitedLag, BesideItsLimitByRoundingItLeavesWithoutChatter) {
  const auto b = make_lag(0.5);
  for (const double beside : {1 + 1e-13, 1.0, 1 - 1e-13}) {
    double u = 2;
    BlockBench<1, 1> bench([&](double, const double* x, const C& c, double* dx) {
      return limited_lag(b, *x, u, -1.0, 1.0, c, 0, *dx);
    });
    bench.x = {beside};
    bench.mode = {1};
    bench.settle();
    EXPECT_EQ(bench.mode[0], 1);
    u = 1 - 1e-12;
    bench.settle();
    EXPECT_EQ(bench.mode[0], 0) << beside;
    EXPECT_EQ(bench.moves, 1) << beside;
  }
}

TEST(RateLimit, RisesAtItsRateThenSettlesExponentially) {
  const double T = 0.1;
  const auto b = make_lag(T);
  BlockBench<1, 1> bench([&](double, const double* x, const C& c, double* dx) {
    return rate_limit(b, *x, 1.0, -0.25, 0.5, c, 0, *dx);
  });
  const double released = (1 - 0.5 * T) / 0.5;  // where the lag alone is no faster
  expect_follows(bench, 3, "rate limit, rising", [&](double t) {
    return t < released ? 0.5 * t : 1 - 0.5 * T * std::exp(-(t - released) / T);
  });
  EXPECT_EQ(bench.moves, 2);
}
TEST(RateLimit, FallsAtItsOwnRate) {
  BlockBench<1, 1> bench([b = make_lag(0.1)](double, const double* x, const C& c, double* dx) {
    return rate_limit(b, *x, -1.0, -0.25, 0.5, c, 0, *dx);
  });
  expect_follows(bench, 3, "rate limit, falling", [](double t) { return -0.25 * t; });
  EXPECT_EQ(bench.mode[0], -1);
}

TEST(GainLimitedIntegrator, StepSettlesAtItsGain) {
  const auto b = make_gain_limited_integrator(2.0, 10.0);
  BlockBench<1, 0> bench([&](double, const double* x, const C&, double* dx) {
    return gain_limited_integrator(b, *x, 0.3, *dx);
  });
  expect_follows(bench, 20, "gain-limited integrator", [](double t) { return 3 * (1 - std::exp(-0.2 * t)); });
}
TEST(GainLimitedIntegrator, WithInfiniteGainIsAnIntegrator) {
  const auto b = make_gain_limited_integrator(2.0, kInfinity);
  BlockBench<1, 0> bench([&](double, const double* x, const C&, double* dx) {
    return gain_limited_integrator(b, *x, 0.3, *dx);
  });
  expect_follows(bench, 5, "integrator", [](double t) { return 0.6 * t; });
}

TEST(PiClamped, LeavesItsLimitAtOnceWhenTheErrorTurns) {
  const Pi<double> b{1, 1, 0};
  double error = 0.5;
  BlockBench<1, 2> bench([&](double, const double* x, const C& c, double* dx) {
    return pi_clamped(b, *x, error, -1.0, 1.0, 10.0, c, 0, *dx);
  });
  expect_follows(bench, 10, "PI, clamped, saturating", [](double t) { return std::min(0.5 + 0.5 * t, 1.0); });
  EXPECT_NEAR(bench.x[0], 1, 1e-9);  // without anti-windup it would be 5
  EXPECT_EQ(bench.moves, 2);         // output at 1 s, integral at 2 s
  error = -0.5;
  expect_follows(bench, 12, "PI, clamped, leaving", [](double t) { return 0.5 - 0.5 * (t - 10); });
  EXPECT_EQ(bench.moves, 4);
}
TEST(PiTracking, TheIntegralStopsWhereTrackingBalancesTheError) {
  const Pi<double> b{1, 1, 4};
  double error = 0.5;
  BlockBench<1, 1> bench([&](double, const double* x, const C& c, double* dx) {
    return pi_tracking(b, *x, error, -1.0, 1.0, c, 0, *dx);
  });
  expect_follows(bench, 20, "PI, tracking, saturating",
                 [](double t) { return std::min(0.5 + 0.5 * t, 1.0); });
  const double rests = 1 - b.Kp * error + b.Ki * error / b.tracking_rate;
  std::printf("integral %.12f, closed form %.12f\n", bench.x[0], rests);
  EXPECT_NEAR(bench.x[0], rests, kTolerance);
  EXPECT_EQ(bench.moves, 1);
  error = -0.5;
  expect_follows(bench, 22, "PI, tracking, leaving", [&](double t) { return rests - 0.5 - 0.5 * (t - 20); });
  EXPECT_EQ(bench.moves, 2);
}
TEST(Pi, NeitherFormChattersWhereTheErrorFallsSlowlyAlongTheLimit) {
  // The integral rises faster than the proportional part falls: here a frozen integral would switch for ever.
  const Pi<double> b{1, 1, 2};
  const auto error = [](double t) { return 1 - 0.05 * t; };
  BlockBench<1, 2> clamped([&](double t, const double* x, const C& c, double* dx) {
    return pi_clamped(b, *x, error(t), -1.0, 1.0, 10.0, c, 0, *dx);
  });
  BlockBench<1, 1> tracking([&](double t, const double* x, const C& c, double* dx) {
    return pi_tracking(b, *x, error(t), -1.0, 1.0, c, 0, *dx);
  });
  clamped.run(24, kStep);
  tracking.run(24, kStep);
  std::printf("moves in 24 s: clamped %d, tracking %d\n", clamped.moves, tracking.moves);
  EXPECT_EQ(clamped.moves, 4);   // output and integral in, both out when the error turns
  EXPECT_EQ(tracking.moves, 2);  // in and out
}

TEST(Curve, GoesThroughItsPointsAndBeyondThem) {
  const double u[] = {-1, 0, 1, 3};
  const double y[] = {2, 0, 0, 4};
  const auto b = make_curve(u, y);
  BlockBench<0, 2> bench([&](double t, const double*, const C& c, double*) { return curve(b, t - 2, c, 0); });
  expect_follows(bench, 6, "curve", [](double t) {
    const double v = t - 2;
    return v < 0 ? -2 * v : v < 1 ? 0 : 2 * (v - 1);
  });
  EXPECT_EQ(bench.moves, 2);
  EXPECT_EQ(bench.mode[0], 1);
  EXPECT_EQ(bench.mode[1], 1);
}
TEST(Curve, MovesOncePerKinkAndPass) {
  const double u[] = {-1, -0.5, 0.5, 1};
  const double y[] = {-1, 0, 0, 1};
  const auto b = make_curve(u, y);
  BlockBench<0, 2> bench(
      [&](double t, const double*, const C& c, double*) { return curve(b, std::sin(t), c, 0); });
  expect_follows(bench, 4 * 6.283185307179586, "curve over a sine", [](double t) {
    const double v = std::sin(t);
    return v > 0.5 ? 2 * (v - 0.5) : v < -0.5 ? 2 * (v + 0.5) : 0.0;
  });
  EXPECT_EQ(bench.moves, 17);  // 16, and at the start u = 0 is found above the lower kink
}
TEST(Curve, TwoPointsAreALine) {
  const double u[] = {1, 3};
  const double y[] = {1, 2};
  const auto b = make_curve(u, y);
  EXPECT_EQ(curve(b, 5.0, C{nullptr, nullptr, nullptr}, 0), 3);
}

}  // namespace
}  // namespace ballast::test
