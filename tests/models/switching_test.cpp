/// Transfer switch and overload element on a bench: timelines worked out by hand.
#include <gtest/gtest.h>

#include <algorithm>

#include "models/datacenter/transfer_switch.hpp"
#include "models/protection/overload.hpp"
#include "tests/models/timeline.hpp"

namespace ballast::test {
namespace {

using Switch = TransferSwitch;
const Levels kGood{{0, 1}};

/// V_low 0.85, V_high 1.1, detects in 50 ms, open for 0.3 s, qualifies in 1 s, returns after 10 s.
DeviceBench<Switch> transfer(const Levels& preferred, const Levels& alternate, double retransfer_s = 10) {
  DeviceBench<Switch> bench({0.85, 1.1, 0.05, 0.3, 1, retransfer_s}, {100, 100, 60});
  bench.drive = [=](double t, double* in) {
    in[Switch::VR_PREFERRED] = level_at(preferred, t);
    in[Switch::VI_ALTERNATE] = level_at(alternate, t);
    in[Switch::VI_PREFERRED] = in[Switch::VR_ALTERNATE] = 0;
  };
  for (const Levels& levels : {preferred, alternate})
    for (const double t : times_of(levels)) bench.breaks.push_back(t);
  std::sort(bench.breaks.begin(), bench.breaks.end());
  EXPECT_TRUE(bench.rest().ok());
  bench.observe = [](double, const DeviceBench<Switch>& b) {  // break before make, poles as the position says
    const double p = b.out[Switch::CLOSE_PREFERRED];
    const double a = b.out[Switch::CLOSE_ALTERNATE];
    EXPECT_EQ(p, b.mode[Switch::AUTOMATON] == Switch::ON_PREFERRED ? 1 : 0);
    EXPECT_EQ(a, b.mode[Switch::AUTOMATON] == Switch::ON_ALTERNATE ? 1 : 0);
  };
  return bench;
}

TEST(TransferSwitch, TransfersAfterDetectionAndReturnsWhenThePreferredSourceWasGoodForLong) {
  auto bench = transfer({{0, 1}, {2, 0.4}, {3, 1}}, kGood);
  bench.run(20, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE},
                          {2.35, Switch::ON_ALTERNATE},
                          {13, Switch::TO_PREFERRED},
                          {13.3, Switch::ON_PREFERRED}});
  EXPECT_NEAR(bench.moves[0].pickup_time, 2, 1e-9);
  EXPECT_EQ(bench.moves[0].threshold, 0.85);
}

TEST(TransferSwitch, HighVoltageIsOutsideTheWindowToo) {
  auto bench = transfer({{0, 1}, {2, 1.15}}, kGood);
  bench.run(20, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE}, {2.35, Switch::ON_ALTERNATE}});
  EXPECT_EQ(bench.moves[0].threshold, 1.1);
}

TEST(TransferSwitch, DetectionDecidesBetweenADipThatStaysAndOneThatTransfers) {
  auto shorter = transfer({{0, 1}, {2, 0.4}, {2.0499, 1}}, kGood);
  shorter.run(20, 0.1);
  expect_timeline(shorter, {});
  auto longer = transfer({{0, 1}, {2, 0.4}, {2.0501, 1}}, kGood);
  longer.run(10, 0.1);
  expect_timeline(longer, {{2.05, Switch::TO_ALTERNATE}, {2.35, Switch::ON_ALTERNATE}});
}

TEST(TransferSwitch, StaysOnABadSourceWithoutAGoodOtherOneAndTransfersWhenThatIsQualified) {
  auto never = transfer({{0, 1}, {2, 0.4}}, {{0, 0.5}});
  never.run(20, 0.1);
  expect_timeline(never, {});
  // The alternate source returns at 5 s and is good from 6 s on.
  auto later = transfer({{0, 1}, {2, 0.4}}, {{0, 0.5}, {5, 1}});
  later.run(20, 0.1);
  expect_timeline(later, {{6, Switch::TO_ALTERNATE}, {6.3, Switch::ON_ALTERNATE}});
}

TEST(TransferSwitch, ADipOfTheReturningSourceStartsItsTimeAnew) {
  auto bench = transfer({{0, 1}, {2, 0.4}, {3, 1}, {12, 0.5}, {12.01, 1}}, kGood);
  bench.run(30, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE},
                          {2.35, Switch::ON_ALTERNATE},
                          {22.01, Switch::TO_PREFERRED},
                          {22.31, Switch::ON_PREFERRED}});
}

TEST(TransferSwitch, LossOfTheAlternateSourceBringsTheLoadBackAtOnceWhenThePreferredOneIsGood) {
  auto bench = transfer({{0, 1}, {2, 0.4}, {3, 1}}, {{0, 1}, {6, 0}});
  bench.run(20, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE},
                          {2.35, Switch::ON_ALTERNATE},
                          {6.05, Switch::TO_PREFERRED},
                          {6.35, Switch::ON_PREFERRED}});
}

TEST(TransferSwitch, ASourceLostDuringTheOpenTransitionIsNotClosedOn) {
  // Both are bad at 2.2 s; the preferred one is good again at 4 + 1 s.
  auto bench = transfer({{0, 1}, {2, 0.4}, {4, 1}}, {{0, 1}, {2.1, 0}});
  bench.run(30, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE}, {5, Switch::ON_PREFERRED}});
}

TEST(TransferSwitch, WithoutRetransferItStays) {
  auto bench = transfer({{0, 1}, {2, 0.4}, {3, 1}}, kGood, kNever);
  bench.run(100, 0.1);
  expect_timeline(bench, {{2.05, Switch::TO_ALTERNATE}, {2.35, Switch::ON_ALTERNATE}});
}

// ---- overload

DeviceBench<Overload> overload(double trip_s, const Levels& current) {
  DeviceBench<Overload> bench({1, 1, trip_s}, {50, 100, 60});  // 0.5 pu of the system base is the rating
  bench.drive = [=](double t, double* in) {
    in[Overload::IR] = 0;
    in[Overload::II] = -level_at(current, t);
  };
  bench.breaks = times_of(current);
  EXPECT_TRUE(bench.rest().ok());
  return bench;
}

TEST(Overload, IsReportedAfterItsDelayAndEndsBelowTheReset) {
  auto bench = overload(kNever, {{0, 0.4}, {1, 0.6}, {5, 0.495}, {6, 0.48}});
  bench.run(20, 0.1);
  expect_timeline(bench, {{1, Overload::ABOVE}, {2, Overload::OVERLOADED}, {6, Overload::WITHIN}});
  EXPECT_EQ(bench.out[Overload::CLOSE], 1);
  EXPECT_NEAR(bench.out[Overload::LOADING], 0.96, 1e-11);  // magnitudes are rounded up by 1e-12
}

TEST(Overload, AFaultCurrentThatIsClearedIsNotReported) {
  auto bench = overload(kNever, {{0, 0.4}, {1, 5}, {1.1, 0.4}});
  bench.run(20, 0.1);
  expect_timeline(bench, {{1, Overload::ABOVE}, {1.1, Overload::WITHIN}});
}

TEST(Overload, TripsOnceAndStaysTripped) {
  auto bench = overload(3, {{0, 0.4}, {1, 0.6}, {8, 0}, {9, 0.6}});
  bench.run(20, 0.1);
  expect_timeline(bench, {{1, Overload::ABOVE}, {2, Overload::OVERLOADED}, {4, Overload::TRIPPED}});
  EXPECT_EQ(bench.out[Overload::CLOSE], 0);
}

}  // namespace
}  // namespace ballast::test
