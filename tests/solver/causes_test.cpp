/// Which event a relay's pickup is laid to: worked out by hand on a grid of four buses.
#include <gtest/gtest.h>

#include "solver/event_log.hpp"
#include "tests/solver/small_grid.hpp"

namespace ballast {
namespace {

using testing::SmallGrid;

/// A log whose events do to the grid what each test says.
class Causes : public ::testing::Test {
 protected:
  SmallGrid grid_;
  System system_{grid_.network, grid_.plants};
  EventLog log_{system_};
  Motion now_{std::vector<double>(4, 1.0), std::vector<double>(4, 0.0)};

  static LoggedEvent event(double time_s, const char* text, int bus = 1, double power_MW = 0) {
    LoggedEvent e;
    e.time_s = time_s;
    e.kind = "test";
    e.text = text;
    e.bus = bus;
    e.power_MW = power_MW;
    return e;
  }
  /// An event that moves the voltage of bus 1 and the frequency's rate of all.
  int happens(double time_s, const char* text, double pu, double Hz_per_s) {
    const int id = log_.add_cause(event(time_s, text));
    moves(pu, Hz_per_s);
    return id;
  }
  void moves(double pu, double Hz_per_s) {
    const Motion before = now_;
    now_.voltage_pu[1] += pu;
    for (double& a : now_.acceleration_Hz_per_s) a += Hz_per_s;
    log_.jumped(before, now_);
  }
  [[nodiscard]] Explanation voltage(double time_s, double moved_pu) const {
    return log_.explain({time_s, 1, Watched::VOLTAGE, moved_pu, 0});
  }
  [[nodiscard]] Explanation frequency(double time_s, double moved_Hz) const {
    return log_.explain({time_s, 1, Watched::FREQUENCY, 0, moved_Hz});
  }
};

TEST_F(Causes, ACapacitorSwitchedInIsNoneOfAnUndervoltage) {
  const int trip = happens(1.0, "a machine trips", -0.08, -0.4);
  const int bank = happens(2.0, "a capacitor is switched in", +0.02, 0);
  EXPECT_EQ(voltage(2.5, -0.10).event, trip);
  EXPECT_EQ(voltage(2.5, -0.10).text, "it moved the voltage here by -0.080 pu");
  EXPECT_EQ(voltage(2.5, +0.05).event, bank) << "of an overvoltage it is";
  EXPECT_EQ(voltage(1.5, -0.10).event, trip);
}

TEST_F(Causes, ALoadShedIsNoneOfTheNextStage) {
  const int trip = happens(1.0, "a machine trips", -0.01, -0.50);
  const int shed = happens(2.0, "stage 1 sheds", +0.01, +0.20);
  EXPECT_EQ(frequency(3.0, -0.7).event, trip);
  EXPECT_EQ(frequency(3.0, -0.7).text, "it turned the frequency here by -0.5 Hz/s");
  const int small = happens(4.0, "a small unit trips", 0, -0.05);
  EXPECT_EQ(frequency(5.0, -0.9).event, trip) << "a tenth of the largest effect is not enough";
  const int second = happens(6.0, "a second machine trips", 0, -0.15);
  EXPECT_EQ(frequency(7.0, -1.1).event, second);
  EXPECT_EQ(frequency(7.0, +0.3).event, shed) << "the way up";
  (void)small;
}

TEST_F(Causes, WhatHappensAfterThePickupIsNoneOfIt) {
  const int first = happens(1.0, "a fault", -0.5, 0);
  happens(1.1, "a deeper fault", -0.3, 0);
  EXPECT_EQ(voltage(1.05, -0.5).event, first);
}

TEST_F(Causes, OfEventsTogetherTheNetworkLeadsThenTheMegawatts) {
  log_.add_cause(event(1.0, "a line is closed"), true);
  const int fault = log_.add_cause(event(1.0, "onto a fault"), true);
  log_.add_cause(event(1.0, "a large load leaves", 1, -500));
  moves(-0.4, 0.1);
  EXPECT_EQ(voltage(1.0, -0.4).event, fault) << "the last of the network";
  log_.add_cause(event(2.0, "25 MW leave", 1, -25));
  const int large = log_.add_cause(event(2.0, "90 MW leave", 1, -90));
  log_.add_cause(event(2.0, "40 MW leave", 1, -40));
  moves(+0.05, 0.2);
  EXPECT_EQ(voltage(2.0, +0.05).event, large);
}

TEST_F(Causes, ARampInForceIsOneUntilItEnds) {
  const int trip = happens(1.0, "a machine trips", -0.02, -0.3);
  const int ramp = log_.add_cause(event(2.0, "a load ramp"), false, 10.0);
  EXPECT_EQ(voltage(5.0, -0.1).event, ramp);
  EXPECT_EQ(voltage(11.0, -0.1).event, trip);
}

TEST_F(Causes, ADriverIsOneWhenNoEventMovedTheQuantity) {
  happens(1.0, "far away", 0, 0);
  log_.driver(2.0, 1, "a ramp of Campus-A.workload");
  EXPECT_EQ(voltage(3.0, -0.1).event, -1);
  EXPECT_EQ(voltage(3.0, -0.1).text, "a ramp of Campus-A.workload");
}

TEST_F(Causes, WithoutAnyOfThatTheLogSaysSo) {
  EXPECT_EQ(voltage(1.0, -0.1).text, "the initial operating point");
  const int only = happens(1.0, "far away", 0, 0);
  EXPECT_EQ(voltage(2.0, -0.1).event, only);
  EXPECT_EQ(voltage(2.0, -0.1).text, "the last event of its island; none moved the quantity at once");
}

TEST_F(Causes, AnotherIslandIsNotAsked) {
  happens(1.0, "a fault in the west", -0.3, 0);
  std::vector<double> y(system_.size(), 0.0);
  for (const int tie : {SmallGrid::kTie, SmallGrid::kTie2}) system_.grid.branch_closed[tie] = 0;
  system_.update_topology(y);
  const int cut = log_.add_cause(event(2.0, "the ties open", 2), true);
  moves(-0.1, 0);
  log_.add_cause(event(3.0, "a fault in the east", 3), true);
  moves(-0.5, 0);
  EXPECT_NE(voltage(4.0, -0.2).event, cut + 1);
}

TEST(WatchedOf, GoesByTheNameOfTheQuantity) {
  EXPECT_EQ(watched_of("bus voltage"), Watched::VOLTAGE);
  EXPECT_EQ(watched_of("filtered terminal voltage"), Watched::VOLTAGE);
  EXPECT_EQ(watched_of("bus frequency"), Watched::FREQUENCY);
  EXPECT_EQ(watched_of("frequency or voltage"), Watched::EITHER);
  EXPECT_EQ(watched_of("volts per hertz"), Watched::EITHER);
  EXPECT_EQ(watched_of("speed"), Watched::FREQUENCY) << "of a machine";
  EXPECT_EQ(watched_of("genset speed"), Watched::OWN) << "of a set that is not on the grid";
  EXPECT_EQ(watched_of("current of the branch"), Watched::FLOW);
  EXPECT_EQ(watched_of("battery energy"), Watched::OWN);
}

}  // namespace
}  // namespace ballast
