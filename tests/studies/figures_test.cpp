/// Key figures and metrics from hand-made samples.
#include "studies/figures.hpp"

#include <gtest/gtest.h>

#include "grid/network.hpp"
#include "studies/meters.hpp"

namespace ballast {
namespace {

/// Two buses with their islands, and a frequency.
Schema two_buses() {
  Schema schema;
  schema.quantities.push_back({"frequency", "Hz", "", {"system"}, {}});
  schema.quantities.push_back({"bus.voltage", "pu", "", {"7", "9"}, {0, 1}});
  schema.quantities.push_back({"island", "1", "", {"7", "9"}, {0, 1}});
  return schema;
}

void feed(Recorder& recorder) {
  recorder.begin({}, two_buses(), Network());
  recorder.sample(0, std::vector<double>{60, 1.0, 1.02, 0, 0});
  recorder.sample(1, std::vector<double>{59.8, 0.2, 0.9, 0, 0});
  recorder.sample(2, std::vector<double>{60.1, 0.8, 0.01, 0, -1});  // bus 9 is dead
  recorder.sample(3, std::vector<double>{60.05, 0.95, 0.0, 0, -1});
  LoggedEvent lost;
  lost.kind = "island-dead";
  lost.power_MW = -40;
  recorder.event(lost);
  lost.kind = "machine-tripped";
  lost.power_MW = -300;
  recorder.event(lost);
  recorder.end({true, "completed", 3});
}

TEST(Figures, ExtremesOfEnergisedBusesWithPlaceAndTime) {
  FigureRecorder recorder;
  feed(recorder);
  const RunFigures& f = recorder.figures();
  EXPECT_EQ(f.frequency_nadir_Hz->value, 59.8);
  EXPECT_EQ(f.frequency_peak_Hz->time_s, 2);
  EXPECT_EQ(f.voltage_min_pu->value, 0.2) << "the dead bus does not count";
  EXPECT_EQ(f.voltage_min_pu->where, "7");
  EXPECT_EQ(f.voltage_end_min_pu->value, 0.95);
  EXPECT_EQ(f.dead_buses_at_start, 0U);
  EXPECT_EQ(f.dead_buses_at_end, 1U);
  EXPECT_EQ(f.islands_at_end, 1U);
  EXPECT_EQ(f.load_lost_MW, 40);
  EXPECT_EQ(f.generation_lost_MW, 300);
}

TEST(Figures, ExtremesMayBeginAfterTheFault) {
  FigureRecorder recorder(1.5);
  feed(recorder);
  EXPECT_EQ(recorder.figures().voltage_min_pu->value, 0.8);
  EXPECT_EQ(recorder.figures().frequency_nadir_Hz->value, 60.05);
}

std::optional<Extreme> measured(MetricSpec::Take take, double threshold = 0, double from_s = 0) {
  const Schema schema = two_buses();
  Meter meter({"m", "bus.voltage", take, threshold, from_s, {}}, schema.quantities[1], schema);
  for (const auto& [time, values] :
       std::vector<std::pair<double, std::vector<double>>>{{0, {60, 1.0, 1.0, 0, 0}},
                                                           {2, {60, 0.5, 1.2, 0, 0}},
                                                           {2, {60, 1.5, 1.2, 0, 0}},
                                                           {4, {60, 0.5, 1.2, 0, 0}}})
    meter.sample(time, values);
  return meter.result();
}

TEST(Meter, StraightLinesBetweenSamplesAndJumpsBetweenTwoAtOneTime) {
  using Take = MetricSpec::Take;
  EXPECT_EQ(measured(Take::MIN)->value, 0.5);
  EXPECT_EQ(measured(Take::MIN)->time_s, 2);
  EXPECT_EQ(measured(Take::MAX)->value, 1.5);
  EXPECT_EQ(measured(Take::END_MAX)->where, "9");
  // The least of both buses goes 1 to 0.5, jumps to 1.2, goes to 0.5: below 0.75 for the last half of the
  // first 2 s, and for the share 0.25 / 0.7 of the last 2 s.
  EXPECT_NEAR(measured(Take::TIME_BELOW, 0.75)->value, 1 + 2 * 0.25 / 0.7, 1e-12);
  EXPECT_NEAR(measured(Take::TIME_BELOW, 0.75, 2)->value, 2 * 0.25 / 0.7, 1e-12);
  // Sum of both: 2 to 1.7 in 2 s, then 2.7 to 1.7 in 2 s.
  EXPECT_NEAR(measured(Take::INTEGRAL)->value, (3.7 + 4.4) / 3600, 1e-12);
}

TEST(Meter, UnitsFollowWhatIsTaken) {
  EXPECT_EQ(metric_unit(MetricSpec::Take::INTEGRAL, "MW"), "MWh");
  EXPECT_EQ(metric_unit(MetricSpec::Take::TIME_BELOW, "pu"), "s");
  EXPECT_EQ(metric_unit(MetricSpec::Take::MIN, "pu"), "pu");
}

}  // namespace
}  // namespace ballast
