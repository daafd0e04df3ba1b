/// Gensets on a bench: start, block loading against closed forms, classes of ISO 8528-5.
#include "models/datacenter/genset.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "tests/models/device_bench.hpp"

namespace ballast::test {
namespace {

constexpr double kMW = 10;

struct Step {
  double time, load;  ///< pu of the rating
};
/// The grid is away from 1 s to `back`; blocks are picked up as given.
DeviceBench<Genset> genset(std::vector<std::pair<int, double>> changes, std::vector<Step> steps,
                           double back = 1e9) {
  std::vector<double> p{0.02, 1.5, 10, 300, 0.8, 0, 20, 1, 0.1, 0.65, 3, 1.1, 0.8};
  for (const auto& [parameter, value] : changes) p[parameter] = value;
  DeviceBench<Genset> bench(p, {kMW, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[Genset::P_OFF] = t >= 1 && t < back ? kMW : 0;
    in[Genset::P_BACKUP] = 0;
    for (const Step& s : steps)
      if (t >= s.time && t < back) in[Genset::P_BACKUP] = s.load * kMW;
  };
  bench.breaks = {1};
  for (const Step& s : steps) bench.breaks.push_back(s.time);
  bench.breaks.push_back(back);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}
double lowest(DeviceBench<Genset>& bench, double until) {
  double least = 1;
  bench.observe = [&](double t, const DeviceBench<Genset>& b) {
    if (t > 13) least = std::min(least, b.out[Genset::SPEED_PU]);
  };
  bench.run(until, 0.005);
  return least;
}

TEST(Genset, SensesStartsCarriesAndCoolsDown) {
  auto bench = genset({}, {{13, 0.3}}, 100);
  bench.run(500, 0.02);
  const std::vector<std::pair<double, int>> wanted{{1, Genset::SENSING},
                                                   {2.5, Genset::STARTING},
                                                   {12.5, Genset::G3},
                                                   {100, Genset::COOLING},
                                                   {400, Genset::STANDBY}};
  for (const Move& m : bench.moves) std::printf("  %8.3f s %s\n", m.time, Genset::mode_names[m.to]);
  std::size_t at = 0;
  for (const Move& m : bench.moves) {
    if (m.to > Genset::G3 && m.to <= Genset::NO_CLASS) continue;
    ASSERT_LT(at, wanted.size());
    EXPECT_NEAR(m.time, wanted[at].first, 1e-6);
    EXPECT_EQ(m.to, wanted[at].second);
    ++at;
  }
  EXPECT_EQ(at, wanted.size());
}

TEST(Genset, AShortDipDoesNotStartIt) {
  auto bench = genset({}, {}, 2.4);
  bench.run(20, 0.02);
  EXPECT_EQ(bench.mode[Genset::AUTOMATON], Genset::STANDBY);
}

TEST(Genset, TheFirstInstantOfABlockLoadIsInertiaAlone) {
  auto bench = genset({}, {{20, 0.5}});
  bench.run(20.01, 0.001);
  const double slope = (bench.out[Genset::SPEED_PU] - 1) / 0.01;
  std::printf("speed falls by %.4f pu/s, load over 2 H: %.4f pu/s\n", -slope, 0.5 / 1.6);
  EXPECT_NEAR(slope, -0.5 / 1.6, 0.01);
}

TEST(Genset, AStepBeyondTheBoostSinksUntilTheTurbochargerHasRunUp) {
  // Its power is boost + s with boost' = (power - boost)/T = s/T, so it rises by s/T and is short of L by
  // (L - s)^2 T/(2 s) in all; before that governor and engine take t0 to reach s at all. The energy comes out
  // of the rotor: H (1 - speed^2).
  const double L = 0.7;
  const double s = 0.3;
  const double T = 1;
  const double H = 4;
  const double engine_s = 0.01;
  const double gain = 200;
  auto bench = genset({{Genset::STEP_LIMIT, s},
                       {Genset::BOOST_S, T},
                       {Genset::ENGINE_S, engine_s},
                       {Genset::GOVERNOR_GAIN, gain},
                       {Genset::H, H}},
                      {{20, L}});
  const double dip = 1 - lowest(bench, 40);
  const double t0 = engine_s + s * 2 * H / (gain * L);
  const double by_hand = 1 - std::sqrt(1 - ((L - s) * (L - s) * T / (2 * s) + L * t0) / H);
  std::printf("dip %.5f pu, by hand %.5f pu\n", dip, by_hand);
  EXPECT_NEAR(dip, by_hand, 0.03 * by_hand);
}

TEST(Genset, ClassesFollowTheDepthOfTheDip) {
  struct Expected {
    double load;
    int least_class;
  };
  double last = 1;
  for (const double load : {0.2, 0.5, 0.7, 0.85, 1.0}) {
    auto bench = genset({}, {{20, load}});
    const double least = lowest(bench, 60);
    const double dip = 1 - least;
    const int mode = bench.mode[Genset::AUTOMATON];
    const int by_dip = dip <= 0.07   ? Genset::G3
                       : dip <= 0.10 ? Genset::G2
                       : dip <= 0.15 ? Genset::G1
                                     : Genset::NO_CLASS;
    std::printf("  block of %.0f %%: dip %.2f %%, %s\n", 100 * load, 100 * dip, Genset::mode_names[mode]);
    EXPECT_LT(least, last);
    if (dip < 0.2) {
      EXPECT_GE(mode, by_dip);  // recovery may cost a class too
      EXPECT_EQ(bench.out[Genset::ISO_CLASS], std::max(0, 3 - (mode - Genset::G3)));
    } else {
      EXPECT_EQ(mode, Genset::FAILED);
    }
    last = least;
  }
}

TEST(Genset, SequencedBlocksKeepTheClassThatOneBlockBreaks) {
  auto at_once = genset({}, {{20, 1.0}});
  auto in_steps = genset({}, {{20, 0.25}, {30, 0.5}, {40, 0.75}, {50, 1.0}});
  const double one = 1 - lowest(at_once, 80);
  const double four = 1 - lowest(in_steps, 80);
  std::printf("100 %% at once: dip %.2f %%, %s; in four steps: %.2f %%, %s\n", 100 * one,
              Genset::mode_names[at_once.mode[Genset::AUTOMATON]], 100 * four,
              Genset::mode_names[in_steps.mode[Genset::AUTOMATON]]);
  EXPECT_LT(four, one);
  EXPECT_LE(four, 0.10);
  EXPECT_GT(one, 0.10);
}

TEST(Genset, ASlowRecoveryCostsTheClassByItsTimer) {
  // With droop the speed settles beside nominal, and that is where the band lies: no class is lost. An
  // isochronous governor with a reset of 30 s comes back too late for any class.
  auto droop = genset({{Genset::DROOP, 0.03}, {Genset::GOVERNOR_GAIN, 40}}, {{20, 0.15}});
  droop.run(80, 0.01);
  auto slow = genset({{Genset::GOVERNOR_GAIN, 2}, {Genset::GOVERNOR_S, 30}}, {{20, 0.15}});
  slow.run(80, 0.01);
  for (const Move& m : slow.moves) std::printf("  %8.3f s %s\n", m.time, Genset::mode_names[m.to]);
  EXPECT_EQ(slow.mode[Genset::AUTOMATON], Genset::NO_CLASS);
  EXPECT_LE(droop.mode[Genset::AUTOMATON], Genset::G2);
}

TEST(Genset, BelowItsTripSpeedItStopsAndTheBusIsDead) {
  auto bench = genset({{Genset::STEP_LIMIT, 0.05}, {Genset::BOOST_S, 20}}, {{20, 0.6}});
  bench.run(60, 0.01);
  EXPECT_EQ(bench.mode[Genset::AUTOMATON], Genset::FAILED);
  EXPECT_EQ(bench.out[Genset::BACKUP], 0);
  EXPECT_EQ(bench.out[Genset::SPEED_PU], 0);
}

}  // namespace
}  // namespace ballast::test
