/// Remedial-action schemes and interlocks of a case: what they see, what they do, what the log and the story
/// say.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/cases/relay_grid.hpp"
#include "viz/run_story.hpp"

namespace ballast {
namespace {

using testing::CaseRun;
using testing::cause_of;
using testing::event;
using testing::problem_of;

/// Two lines of 2 to 3 carry 150 MW from a unit of 250 MW towards a strong grid, past a load of 80 and 20 MW.
std::string corridor(const std::string& tables, double until_s = 6) {
  using namespace testing;
  return case_of("remedial action",
                 bus(1) + bus(2) + bus(3, "slack = true\n") + line(1, 2, 0.03) +
                     line(2, 3, 0.08, "id = \"1\"\n") + line(2, 3, 0.08, "id = \"2\"\n") +
                     load(2, "1", 80, 20) + load(2, "2", 20, 5) + kLoads +
                     "[[shunt]]\nbus = 2\nB_Mvar = 40\nin_service = false\n" +
                     unit(1, 250, 300, 5, kGovernor) + infinite_bus(3) + tables,
                 until_s,
                 "step_s = 0.01\nrecord = [\"frequency\", \"bus.*\", \"load.power\", \"machine.power\", "
                 "\"branch.*\", \"protection.*\"]\n");
}
std::string scheme(const std::string& rest) { return "[[remedial_action]]\nname = \"corridor\"\n" + rest; }
const std::string kLost = event(1, "open = { line = \"2-3-1\" }");

TEST(RemedialActionCase, ALineIsLostAndTheSchemeShedsAndRunsBackAndTheStoryTellsWhy) {
  const CaseRun run(corridor(
      scheme("when = { all = [{ open = \"2-3-1\" }, { flow_MW = \"2-3-2\", above = 90 }] }\npickup_s = 0.1\n"
             "actions = [{ run_back = { machine = \"1-1\", by_MW = 60 }, delay_s = 0.3 },\n"
             "           { close = { shunt = \"2-1\" }, delay_s = 0.05 },\n"
             "           { trip = { load = \"2-1\", share = 0.25 }, delay_s = 0.2 }]\n") +
          kLost,
      60));
  const LoggedEvent* up = run.find("scheme: armed to picked up");
  const LoggedEvent* acts = run.find("scheme: picked up to operating");
  ASSERT_TRUE(up != nullptr && acts != nullptr);
  // The flow over the other line jumps with the opening: both conditions hold at once.
  EXPECT_NEAR(up->time_s, 1, 1e-6);
  EXPECT_NEAR(acts->time_s, 1.1, 1e-6);
  EXPECT_NEAR(run.event("switched in"), 1.15, 1e-6);
  EXPECT_NEAR(run.event("25 % shed"), 1.3, 1e-6);
  EXPECT_NEAR(run.event("1-1.governor: Pref"), 1.4, 1e-6);
  EXPECT_NEAR(run.find("25 % shed")->power_MW, -20, 0.01);
  EXPECT_EQ(cause_of(run, *run.find("25 % shed")).id, acts->id);
  EXPECT_EQ(cause_of(run, *acts).kind, "branch-opened");
  EXPECT_EQ(acts->quantity, "flow of line 2-3 '2' (MW)");
  EXPECT_EQ(acts->threshold, 90);
  EXPECT_GT(acts->value, 90);
  EXPECT_NEAR(acts->duration_s, 0.1, 1e-6);
  const double MW = run.at("machine.power", 59.9, "1-1");
  fmt::print("machine: {:.3f} MW after 60 s of 250 MW run back by 60\n", MW);
  EXPECT_NEAR(MW, 190, 1);
  const std::string story = story_text(run.record, tell_run(run.record));
  std::string flat = story;
  for (char& c : flat)
    if (c == '\n') c = ' ';
  fmt::print("{}", story);
  EXPECT_NE(flat.find("REMEDIAL corridor.scheme"), std::string::npos);
  EXPECT_NE(flat.find("flow of line 2-3 '2' (MW)"), std::string::npos);
  EXPECT_NE(flat.find("against a setting of 90, across it for 100 ms"), std::string::npos);
}

TEST(RemedialActionCase, APositionIsLaidToWhatSwitchedIt) {
  // Something else happens after the opening; the watched position is what was switched.
  const CaseRun run(corridor(
      scheme("when = { open = \"2-3-1\" }\npickup_s = 0.5\n"
             "actions = [{ trip = { machine = \"1-1\" }, delay_s = 0.05 }]\n") +
          kLost + event(1.2, "load_step = { load = \"2-2\", active_factor = 1.5, reactive_factor = 1 }"),
      3));
  const LoggedEvent* acts = run.find("scheme: picked up to operating");
  ASSERT_NE(acts, nullptr);
  EXPECT_EQ(cause_of(run, *acts).text, "line 2-3 '1' opened");
  EXPECT_EQ(acts->cause_text, "what it watches");
  EXPECT_NEAR(run.event("machine 1-1 tripped"), 1.55, 1e-6);
}

TEST(RemedialActionCase, ArmedByTheFlowBeforeOrNotAtAll) {
  const auto tripped = [](double above_MW) {
    const CaseRun run(
        corridor(scheme(fmt::format("arm = {{ flow_MW = [\"2-3-1\", \"2-3-2\"], above = {} }}\narm_s = "
                                    "10\ndisarm_s = 1\nwhen = {{ open = \"2-3-1\" }}\npickup_s = 0.1\n"
                                    "actions = [{{ trip = {{ machine = \"1-1\" }}, delay_s = 0.1 }}]\n",
                                    above_MW)) +
                     kLost,
                 2));
    return run.event("machine 1-1 tripped");
  };
  EXPECT_NEAR(tripped(140), 1.2, 1e-6);  // 150 MW flow over both
  EXPECT_TRUE(std::isnan(tripped(160)));
}

TEST(RemedialActionCase, ActsAgainOnceItHasReset) {
  // Each loss of the line takes 10 MW off; between them the line is back for longer than the reset.
  const std::string steps =
      kLost + event(2, "close = { line = \"2-3-1\" }") + event(4, "open = { line = \"2-3-1\" }");
  const std::string rest =
      "when = { open = \"2-3-1\" }\npickup_s = 0.1\n"
      "actions = [{ reference_step = { machine = \"1-1\", part = \"governor\", input = \"Pref\", change = "
      "-0.01 }, "
      "delay_s = 0 }]\n";
  const CaseRun again(corridor(scheme(rest + "reset_s = 1\n") + steps, 5));
  EXPECT_NEAR(again.event("Pref from", 1), 1.1, 1e-6);
  EXPECT_NEAR(again.event("Pref from", 2), 4.1, 1e-6);
  const CaseRun once(corridor(scheme(rest) + steps, 5));
  EXPECT_EQ(once.find("Pref from", 2), nullptr);
}

TEST(RemedialActionCase, ActsAtTheSecondLossWithinItsTime) {
  const std::string steps =
      kLost + event(2, "close = { line = \"2-3-1\" }") + event(4, "open = { line = \"2-3-1\" }");
  const std::string rest =
      "when = { open = \"2-3-1\" }\npickup_s = 0.1\ncount = 2\n"
      "actions = [{ trip = { machine = \"1-1\" }, delay_s = 0 }]\n";
  const CaseRun counted(corridor(scheme(rest + "count_s = 10\n") + steps, 5));
  EXPECT_NEAR(counted.event("machine 1-1 tripped"), 4.1, 1e-6);
  const CaseRun apart(corridor(scheme(rest + "count_s = 2\n") + steps, 5));
  EXPECT_TRUE(std::isnan(apart.event("machine 1-1 tripped")));
  EXPECT_THROW((void)read_case_text(corridor(scheme(rest) + steps, 5), "count.toml"), Error);  // no count_s
}

TEST(RemedialActionCase, WatchesVoltageFrequencyPlantsAndOutputs) {
  const auto acts_at = [](const std::string& when, const std::string& what) {
    const CaseRun run(
        corridor(scheme("when = " + when +
                        "\npickup_s = 0.05\nactions = [{ trip = { load = \"2-2\" }, delay_s = 0 }]\n") +
                     what,
                 3));
    const LoggedEvent* tripped = run.find("load 2-2 tripped");
    const double at = tripped == nullptr ? kUnknown : tripped->time_s;
    if (tripped != nullptr) {
      EXPECT_EQ(cause_of(run, cause_of(run, *tripped)).time_s, 1) << when;
    }
    return at;
  };
  const std::string fault = event(1, "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.1 }");
  EXPECT_NEAR(acts_at("{ voltage_pu = 2, below = 0.7 }", fault), 1.05, 1e-6);
  EXPECT_TRUE(std::isnan(acts_at("{ voltage_pu = 2, below = 0.4 }", fault)));
  EXPECT_NEAR(acts_at("{ out = { load = \"2-1\" } }", event(1, "trip = { load = \"2-1\" }")), 1.05, 1e-6);
  EXPECT_NEAR(acts_at("{ not = { closed = \"2-3-2\" } }", event(1, "open = { line = \"2-3-2\" }")), 1.05,
              1e-6);
  EXPECT_NEAR(acts_at("{ current_kA = \"2-3-2\", above = 0.22 }", kLost), 1.05, 1e-6);
  const std::string island = event(1, "island = { cut = [\"2-3-1\", \"2-3-2\"] }");
  EXPECT_GT(acts_at("{ frequency_Hz = 2, above = 60.5 }", island), 1.1);
  EXPECT_GT(acts_at("{ output = { machine = \"1-1\", part = \"machine\", name = \"omega\" }, above = 0.01 }",
                    island),
            1.1);
}

TEST(InterlockCase, ForbidsClosingAndTrippingWhileItHolds) {
  const std::string lock =
      "[[interlock]]\nname = \"tie\"\nwhile = { open = \"2-3-2\" }\nforbid_close = { line = \"2-3-1\" }\n"
      "forbid_trip = { machine = \"1-1\" }\n";
  const CaseRun run(
      corridor(lock +
                   scheme("when = { open = \"2-3-1\" }\npickup_s = 0.5\nactions = [{ trip = { machine = "
                          "\"1-1\" }, delay_s = 0 "
                          "}, { trip = { load = \"2-2\" }, delay_s = 0.1 }]\n") +
                   event(1, "open = { line = \"2-3-2\" }") + event(1.1, "open = { line = \"2-3-1\" }") +
                   event(1.3, "close = { line = \"2-3-1\" }") + event(2, "close = { line = \"2-3-2\" }") +
                   event(2.5, "close = { line = \"2-3-1\" }"),
               3));
  const LoggedEvent* closing = run.find("line 2-3 '1' not closed: tie.interlock forbids it");
  ASSERT_NE(closing, nullptr);
  EXPECT_NEAR(closing->time_s, 1.3, 1e-9);
  const LoggedEvent* trip = run.find("machine 1-1 not tripped: tie.interlock forbids it");
  ASSERT_NE(trip, nullptr);
  EXPECT_NEAR(trip->time_s, 1.6, 1e-6);
  EXPECT_NE(cause_of(run, *trip).text.find("REMEDIAL corridor.scheme"), std::string::npos);
  EXPECT_EQ(run.find("machine 1-1 tripped"), nullptr);
  EXPECT_NEAR(run.event("load 2-2 tripped"), 1.7, 1e-6);  // the next action is not forbidden
  EXPECT_NEAR(run.event("line 2-3 '1' closed"), 2.5, 1e-9);
  EXPECT_NE(run.find("tie.interlock: blocking to free"), nullptr);
}

TEST(SchemeTables, WhatIsWrongIsSaidWithItsPlace) {
  const auto says = [](const std::string& tables, const std::string& words) {
    const std::string all = problem_of(corridor(tables));
    EXPECT_NE(all.find(words), std::string::npos) << all;
    EXPECT_NE(all.find("small.toml:"), std::string::npos) << all;
  };
  const std::string act = "pickup_s = 0\nactions = [{ trip = { machine = \"1-1\" }, delay_s = 0 }]\n";
  const std::string when = "when = { open = \"2-3-1\" }\n";
  says(scheme(act), "what makes it act");
  says(scheme(when + "pickup_s = 0\n"), "does nothing");
  says(scheme("when = { open = \"2-7\" }\n" + act), "no line or transformer '2-7'");
  says(scheme("when = { flow_MW = \"2-3-1\" }\n" + act), "one of above and below");
  says(scheme("when = { flow_MW = \"2-3-1\", at = 1, above = 3 }\n" + act), "does not end at");
  says(scheme("when = { voltage_pu = 2, frequency_Hz = 2, above = 3 }\n" + act), "watches 2 things");
  says(scheme("when = { any = [] }\n" + act), "joins nothing");
  says(scheme("arm = { flow_MW = \"2-3-1\", above = 3 }\n" + when + act), "stays armed");
  says(scheme(when + "pickup_s = 0\nactions = [{ trip = { machine = \"1-2\" }, delay_s = 0 }]\n"), "1-2");
  says(scheme(when + "pickup_s = 0\nactions = [{ trip = { machine = \"1-1\" } }]\n"), "breaker included");
  says(scheme(when + "pickup_s = 0\nactions = [{ run_back = { load = \"2-1\", by_MW = 3 }, delay_s = 0 }]\n"),
       "no reference that is a power");
  says(scheme("when = { output = { machine = \"1-1\", part = \"governor\", name = \"Pmx\" }, above = 1 }\n" +
              act),
       "gives no 'Pmx'");
  says("[[interlock]]\nname = \"i\"\nwhile = { open = \"2-3-1\" }\n", "forbids nothing");
  says("[[interlock]]\nname = \"i\"\nwhile = { open = \"2-3-1\" }\nforbid_close = { machine = \"1-1\" }\n",
       "which nothing closes");
}

}  // namespace
}  // namespace ballast
