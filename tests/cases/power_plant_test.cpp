/// Plants of several units: sharing by hand, the start sequence, closing in synchronism and onto a dead bus,
/// trips, and what a case may not say.
#include "tests/cases/case_run.hpp"
#include "tests/cases/power_plant_cases.hpp"

namespace ballast {
namespace {

using testing::CaseRun;
using testing::kEngine;
using testing::PlantCase;

std::string load_step(double at_s, double factor) {
  return fmt::format(
      "[[event]]\nat_s = {}\nload_step = {{ load = \"3-1\", active_factor = {}, reactive_factor = 1 }}\n",
      at_s, factor);
}
std::string tell(double at_s, const std::string& what) {
  return fmt::format("[[event]]\nat_s = {}\npower_plant = {{ name = \"Gas\", {} }}\n", at_s, what);
}

TEST(PowerPlant, IsochronousUnitsShareAStepEquallyAndFrequencyComesBack) {
  for (const auto& [name, unit, load] :
       {std::tuple{"gas turbines", testing::kGasTurbine, 60.0}, std::tuple{"engines", kEngine, 7.0}}) {
    const CaseRun run(
        PlantCase{.units = 2, .unit = unit, .load_MW = load, .events = load_step(1, 1.1), .until_s = 60}
            .text());
    const double one = run.at("machine.power", 60, "201-1");
    const double two = run.at("machine.power", 60, "202-1");
    double low = 60;
    for (double t = 1; t < 60; t += 0.05) low = std::min(low, run.at("bus.frequency", t, "3"));
    fmt::print("{}: {:.6f} and {:.6f} MW, {:.6f} Hz at the end, {:.3f} Hz at its lowest\n", name, one, two,
               run.at("bus.frequency", 60, "3"), low);
    EXPECT_GT(one + two, 1.1 * load);
    EXPECT_NEAR(one, two, 1e-4);
    EXPECT_NEAR(run.at("bus.frequency", 60, "3"), 60, 1e-3);
    EXPECT_LT(low, 59.9);
    EXPECT_GT(low, 57.5);
  }
}

TEST(PowerPlant, UnitsInDroopSettleWhereTheDroopSays) {
  for (const auto& [name, unit, load, rated] : {std::tuple{"gas turbines", testing::kGasTurbine, 60.0, 70.0},
                                                std::tuple{"engines", kEngine, 6.0, 8.0}}) {
    const CaseRun run(PlantCase{.units = 2,
                                .unit = unit,
                                .sharing = "droop",
                                .load_MW = load,
                                .events = load_step(1, 1.1),
                                .until_s = 60}
                          .text());
    const double change = run.at("power_plant.total.P_plant", 60) - run.at("power_plant.total.P_plant", 0);
    const double expected = 60 * (1 - 0.04 * change / rated);
    fmt::print("{}: {:.6f} Hz, by hand {:.6f}; {:.5f} and {:.5f} MW\n", name,
               run.at("bus.frequency", 60, "3"), expected, run.at("machine.power", 60, "201-1"),
               run.at("machine.power", 60, "202-1"));
    EXPECT_NEAR(run.at("bus.frequency", 60, "3"), expected, 1e-3);
    EXPECT_NEAR(run.at("machine.power", 60, "201-1"), run.at("machine.power", 60, "202-1"), 1e-4);
  }
}

TEST(PowerPlant, LumpedUnitsAreThoseThatActAlike) {
  const std::string events = load_step(1, 0.8);
  const CaseRun each(
      PlantCase{.units = 3, .running = 3, .load_MW = 90, .events = events, .until_s = 20}.text());
  const CaseRun lumped(
      PlantCase{.units = 3, .running = 3, .lumped = 2, .load_MW = 90, .events = events, .until_s = 20}
          .text());
  double worst = 0;
  for (double t = 0; t < 20; t += 0.05)
    worst = std::max(worst, std::abs(each.at("bus.frequency", t, "3") - lumped.at("bus.frequency", t, "3")));
  fmt::print("largest difference of frequency {:.2e} Hz; lumped {:.4f} MW, two of three {:.4f}\n", worst,
             lumped.at("machine.power", 20, "201-1"), 2 * each.at("machine.power", 20, "201-1"));
  EXPECT_LT(worst, 1e-3);
  EXPECT_NEAR(lumped.at("machine.power", 20, "201-1"), 2 * each.at("machine.power", 20, "201-1"), 1e-3);
}

TEST(PowerPlant, AUnitStartsClosesInSynchronismAndHasItsShareAfterFiveMinutesAndAThird) {
  const CaseRun run(
      PlantCase{.events = load_step(5, 1.02) + tell(10, "start = [3]"), .until_s = 360, .step_s = 0.1}
          .text());
  const double closed = run.event("closed");
  fmt::print("at speed {:.1f} s, breaker closed {:.2f} s, loaded {:.2f} s after the start\n",
             run.event("to synchronising") - 10, closed - 10, closed - 10 + 120);
  EXPECT_NEAR(run.event("queued to purge and ignition"), 10, 1e-3);
  EXPECT_NEAR(run.event("to acceleration"), 70, 1e-3);
  EXPECT_NEAR(run.event("to synchronising"), 190, 1e-3);
  EXPECT_GT(closed, 190);
  EXPECT_LT(closed, 190 + 1 / 0.05 + 2);  // a turn at the slip
  // Closing does not shake anybody.
  double swing = 0;
  for (double t = closed; t < closed + 2; t += 0.1)
    swing = std::max(swing, std::abs(run.at("machine.power", t, "203-1")));
  fmt::print("the unit swings by {:.2f} MW in the first 2 s\n", swing);
  EXPECT_LT(swing, 2);
  EXPECT_NEAR(run.at("power_plant.unit-3.loading", closed + 60), 0.5, 0.01);
  EXPECT_NEAR(run.at("machine.power", 355, "203-1"), run.at("machine.power", 355, "201-1"), 0.05);
  EXPECT_NEAR(run.at("bus.frequency", 355, "3"), 60, 1e-3);
}

TEST(PowerPlant, TheSpareStartsWhenTheOthersAreLoadedAndAStoppedUnitLeavesWithoutLoad) {
  const CaseRun run(PlantCase{.control = "load_start = 0.9, purge_s = 1, accelerate_s = 2, ramp = 0.05",
                              .load_MW = 58,
                              .events = load_step(10, 1.15) + tell(70, "stop = [1]"),
                              .until_s = 110}
                        .text());
  EXPECT_NEAR(run.event("to purge and ignition"), 15, 0.5);
  const double opened = run.event("opened");
  fmt::print("unit 1 is stopped at 70 s, opened at {:.3f} s with {:.3f} MW\n", opened,
             run.at("machine.power", opened - 0.05, "201-1"));
  EXPECT_GT(opened, 89);
  EXPECT_LT(opened, 100);
  EXPECT_NEAR(run.at("machine.power", opened - 0.05, "201-1"), 0.02 * 35, 0.05);
  EXPECT_NEAR(run.at("bus.frequency", 110, "3"), 60, 0.01);
  EXPECT_EQ(run.find("locked out"), nullptr);
}

TEST(PowerPlant, LossOfTheGridStartsUnitsOneAfterAnotherOntoTheDeadBus) {
  const CaseRun run(
      PlantCase{.running = 0,
                .control = "V_start = 0.8, start_delay_s = 2, sequence_s = 5, purge_s = 1, accelerate_s "
                           "= 2, ramp = 0.05",
                .load_MW = 20,
                .events = "[[event]]\nat_s = 1\nopen = { branch = \"utility\" }\n",
                .until_s = 90,
                .grid = true}
          .text());
  // 1 s, delay 2 s, sequence of 3 s, then the bus has been dead for 2 s.
  const double first = run.event("closed");
  fmt::print("first unit closes at {:.3f} s\n", first);
  EXPECT_NEAR(first, 1 + 2 + 3 + 2, 1e-3);
  EXPECT_NE(run.find("closed", 3), nullptr);
  const double third = run.at("power_plant.total.P_plant", 90) / 3;
  for (const char* machine : {"201-1", "202-1", "203-1"})
    EXPECT_NEAR(run.at("machine.power", 90, machine), third, 0.05) << machine;
  EXPECT_NEAR(run.at("bus.frequency", 90, "3"), 60, 0.01);
  EXPECT_NEAR(run.at("bus.voltage", 90, "3"), 1, 0.05);
}

TEST(PowerPlant, OverspeedTripsAUnitThatLosesItsLoadAndItsControllerLocksOut) {
  const std::string relay =
      "[[protection]]\nname = \"overspeed\"\nmachine = \"201-1\"\noverspeed = { speed = 1.03, delay_s = 0, "
      "TB = 0.05 }\n";
  const CaseRun run(PlantCase{.units = 1,
                              .running = 1,
                              .more = "",
                              .load_MW = 30,
                              .events = relay + "[[event]]\nat_s = 1\nopen = { branch = \"feeder\" }\n",
                              .until_s = 10}
                        .text());
  EXPECT_NE(run.find("machine 201-1 tripped"), nullptr);
  EXPECT_NE(run.find("to locked out"), nullptr);
}

TEST(PowerPlant, AnIslandIsSynchronisedToTheGridHandsItsLoadOverAndLeaves) {
  PlantCase p{.units = 2,
              .running = 2,
              .control = "parallel = \"utility\", ramp = 0.02",
              .more = "tie = { branch = \"utility\" }\n",
              .load_MW = 40,
              .events = load_step(1, 1.05) + tell(20, "synchronise = true") + tell(60, "Pset = 0.0") +
                        tell(130, "stop = [1, 2]"),
              .until_s = 200,
              .grid = true};
  std::string text = p.text();
  const auto replace = [&](const std::string& what, const std::string& by) {
    ASSERT_NE(text.find(what), std::string::npos);
    text.replace(text.find(what), what.size(), by);
  };
  replace("X = 0.05\nB = 0\n", "X = 0.05\nB = 0\nin_service = false\n");
  replace("P_MW = 0\n", "slack = true\n");
  const CaseRun run(text);
  const double closed = run.event("closed");
  double swing = 0;
  for (double t = closed; t < closed + 2; t += 0.05)
    swing = std::max(swing, std::abs(run.at("machine.power", t, "201-1") -
                                     run.at("machine.power", closed - 0.1, "201-1")));
  fmt::print(
      "tie closes {:.2f} s after the order, each unit swings by {:.2f} MW; at 55 s {:.2f} MW, at 125 s "
      "{:.3f}\n",
      closed - 20, swing, run.at("machine.power", 55, "201-1"), run.at("machine.power", 125, "201-1"));
  EXPECT_GT(closed, 20);
  EXPECT_LT(closed, 45);
  EXPECT_LT(swing, 6);
  EXPECT_NEAR(run.at("machine.power", 55, "201-1"), run.at("machine.power", 0, "201-1"), 0.05);  // its Pset
  EXPECT_NEAR(run.at("machine.power", 125, "201-1"), 0, 0.2);
  EXPECT_NE(run.find("opened", 2), nullptr);
  EXPECT_NEAR(run.at("bus.voltage", 199, "3"), 1, 0.05);
  EXPECT_NEAR(run.at("bus.frequency", 199, "3"), 60, 0.01);
}

TEST(PowerPlant, WhatACaseMayNotSayIsRefusedWithARemedy) {
  const auto message = [](PlantCase p, const std::string& what, const std::string& by) -> std::string {
    std::string text = p.text();
    if (!what.empty()) {
      EXPECT_NE(text.find(what), std::string::npos) << what;
      text.replace(text.find(what), what.size(), by);
    }
    try {
      (void)read_case_text(text, "small.toml");
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  const auto refused = [&](const std::string& text, const std::string& words) {
    EXPECT_NE(text.find(words), std::string::npos) << text;
  };
  refused(message({}, "Rselect = 0", "Rselect = 1"), "has a droop of its own");
  refused(message({.units = 1}, "", ""), "raise units");
  refused(message({.lumped = 3}, "", ""), "lump fewer");
  refused(message({}, "first_bus = 201", "first_bus = 3"), "exists already");
  refused(message({.events = tell(1, "start = [7]")}, "", ""), "has no unit 7");
  refused(message({.events = tell(1, "synchronise = true")}, "", ""), "has no tie");
  refused(message({}, "[[power_plant]]\nname = \"Gas\"", "[[power_plant]]\nname = \"Gas\"\ncolour = 3"),
          "colour");
}

}  // namespace
}  // namespace ballast
