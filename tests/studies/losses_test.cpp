/// What was lost, through what, and why; slopes, rest and verdicts from hand-made samples and events.
#include "studies/losses.hpp"

#include <gmock/gmock.h>

#include <cmath>

#include "grid/network.hpp"

namespace ballast {
namespace {

LoggedEvent event(double time_s, const char* kind, const char* text, double power_MW = 0, int cause = -1) {
  LoggedEvent e;
  e.time_s = time_s;
  e.kind = kind;
  e.text = text;
  e.power_MW = power_MW;
  e.cause = cause;
  return e;
}

LossWatch story() {
  LossWatch watch;
  watch.event(event(1, "fault", "fault at bus 9"));
  LoggedEvent battery = event(1.01, "mode", "UPS Campus-A.ups: normal to battery", -300, 0);
  battery.device = "Campus-A.ups";
  watch.event(battery);
  watch.event(event(1.1, "branch-opened", "line 8-9 opened", 0, 0));
  watch.event(event(1.1, "island-dead", "2 buses are dead", -40, 2));
  LoggedEvent locked = event(1.2, "mode", "UPS Campus-A.ups: battery to locked", 0, 0);
  locked.device = "Campus-A.ups";
  watch.event(locked);
  watch.event(event(3, "load-tripped", "20 % of the load at bus 7 tripped", -60));
  watch.event(event(4, "machine-tripped", "machine 1-1 tripped", -700));
  return watch;
}

TEST(Losses, AreSplitByWhatTookThemAndFollowedToTheirBeginning) {
  const LossWatch watch = story();
  const LossFigures f = watch.figures();
  EXPECT_EQ(f.automata_MW, 300);
  EXPECT_EQ(f.dead_MW, 40);
  EXPECT_EQ(f.tripped_MW, 60);
  EXPECT_EQ(f.load_cause, "fault at bus 9") << "340 of 400 MW";
  EXPECT_EQ(f.ups_locked, 1);
  EXPECT_EQ(f.ups_locked_s, 1.2);
  EXPECT_EQ(f.ups_locked_first, "Campus-A.ups");
  EXPECT_EQ(watch.first_cause({}), "fault at bus 9");
}

TEST(Losses, WithoutALossTheLastEventBeforeTheInstabilityIsItsCause) {
  LossWatch watch;
  watch.event(event(1, "fault", "fault at bus 9"));
  watch.event(event(1.1, "fault-cleared", "cleared", 0, 0));
  LoggedEvent mode = event(1.5, "mode", "TRAINING x: running to resting");
  mode.cause_text = "its own schedule";
  watch.event(mode);
  watch.event(event(9, "branch-opened", "line 8-9 opened"));
  EXPECT_EQ(watch.first_cause({}), "");
  EXPECT_EQ(watch.first_cause(2.0), "fault at bus 9");
  EXPECT_EQ(watch.first_cause(0.5), "") << "nothing had happened";
}

TEST(Rocof, IsTheSteepestSlopeOverTheWindowAndADeadIslandHasNone) {
  Schema schema;
  schema.quantities.push_back({"frequency", "Hz", "", {"1", "2"}, {}});
  FigureRecorder recorder(0, 0.5);
  recorder.begin({}, schema, Network());
  for (int k = 0; k <= 40; ++k) {
    const double t = 0.1 * k;
    // The first falls by 0.4 Hz/s from 1 to 2 s; the second dies at 3 s.
    const double fall = t < 1 ? 0 : t < 2 ? 0.4 * (t - 1) : 0.4;
    recorder.sample(t, std::vector<double>{60 - fall, t < 2.95 ? 60.0 : 0.0});
  }
  recorder.end({true, "completed", 4});
  ASSERT_TRUE(recorder.figures().rocof_Hz_per_s);
  EXPECT_NEAR(recorder.figures().rocof_Hz_per_s->value, -0.4, 1e-9);
  EXPECT_EQ(recorder.figures().rocof_Hz_per_s->where, "1");
}

}  // namespace
}  // namespace ballast
