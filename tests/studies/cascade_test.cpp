/// The graph of causes, the fates of islands and the story, from logs and samples written by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grid/network.hpp"
#include "studies/cascade/cascade.hpp"
#include "studies/cascade/islands.hpp"
#include "studies/cascade/story.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

LoggedEvent event(int id, double time_s, const char* kind, const char* device, const char* text, int cause,
                  double power_MW = 0) {
  LoggedEvent e;
  e.id = id;
  e.time_s = time_s;
  e.kind = kind;
  e.device = device;
  e.text = text;
  e.cause = cause;
  e.cause_text = cause < 0 ? "case file" : "it moved the voltage here by -0.5 pu";
  e.power_MW = power_MW;
  return e;
}

/// A fault, three UPS that leave for it, one of which locks, the clearing, two that come back, a machine that
/// trips.
std::vector<LoggedEvent> ten_events() {
  return {event(0, 1.0, "fault", "line 1-2 '1'", "a fault", -1),
          event(1, 1.010, "mode", "A.ups", "UPS A.ups: normal to battery", 0, -100),
          event(2, 1.011, "mode", "B.ups", "UPS B.ups: normal to battery", 0, -50),
          event(3, 1.012, "mode", "C.ups", "UPS C.ups: normal to battery", 0, -25),
          event(4, 1.05, "branch-opened", "line 1-2 '1'", "line 1-2 '1' opened", 0),
          event(5, 1.06, "mode", "C.ups", "UPS C.ups: battery to locked", 3),
          event(6, 2.0, "mode", "A.ups", "UPS A.ups: battery to normal", 4, 100),
          event(7, 2.0, "mode", "B.ups", "UPS B.ups: battery to normal", 4, 50),
          event(8, 5.0, "machine-tripped", "5-1", "machine 5-1 tripped", -1, -200),
          event(9, 6.0, "island-dead", "bus 7", "3 buses around bus 7 are dead", 8, -80)};
}

TEST(Cascade, GathersEqualMovesOfOneCauseAndKeepsTheGraph) {
  const Cascade c = cascade_of(ten_events());
  ASSERT_EQ(c.steps.size(), 7U);
  EXPECT_THAT(c.step_of, ElementsAre(0, 1, 1, 1, 2, 3, 4, 4, 5, 6));
  EXPECT_THAT(c.beginnings, ElementsAre(0, 5));
  EXPECT_EQ(c.steps[1].what, "3 UPS: normal to battery");
  EXPECT_DOUBLE_EQ(c.steps[1].load_lost_MW, 175);
  EXPECT_DOUBLE_EQ(c.steps[1].last_s, 1.012);
  EXPECT_THAT(c.steps[0].effects, ElementsAre(1, 2));
  EXPECT_THAT(c.steps[1].effects, ElementsAre(3));
  EXPECT_EQ(c.steps[3].depth, 2);
  EXPECT_DOUBLE_EQ(c.steps[4].returned_MW, 150);
  EXPECT_DOUBLE_EQ(c.generation_lost_MW, 200);
  EXPECT_DOUBLE_EQ(c.load_lost_MW, 255);
  EXPECT_DOUBLE_EQ(load_lost_from(c, 0), 175);
  EXPECT_DOUBLE_EQ(load_lost_from(c, 5), 80);
  EXPECT_TRUE(c.unexplained.empty());
}

TEST(Cascade, SaysWhatNobodyExplainsAndRefusesAnEffectBeforeItsCause) {
  std::vector<LoggedEvent> events = ten_events();
  events[8].cause_text.clear();
  EXPECT_THAT(cascade_of(events).unexplained, ElementsAre(8));
  events[2].cause = 5;
  try {
    (void)cascade_of(events);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("causes come before their effects"));
  }
}

TEST(Cascade, IsDrawnForGraphvizWithQuotesKept) {
  const std::string dot = cascade_dot(cascade_of(ten_events()), "a \"title\"");
  EXPECT_THAT(dot, HasSubstr("label=\"a \\\"title\\\"\""));
  EXPECT_THAT(dot, HasSubstr("s0 -> s1 [label=\"it moved the voltage here by -0.5 pu\"]"));
  EXPECT_THAT(dot, HasSubstr("-175.0 MW of load"));
  EXPECT_EQ(std::count(dot.begin(), dot.end(), '{'), std::count(dot.begin(), dot.end(), '}'));
}

// ---- islands

class Islands : public ::testing::Test {
 protected:
  IslandWatch watch_;
  std::vector<double> voltage_ = {1, 1, 1}, frequency_ = {60, 60, 60};
  void SetUp() override {
    Schema schema;
    for (const char* name : {"island", "bus.voltage", "bus.frequency"})
      schema.quantities.push_back({name, "", "", {"11", "12", "13"}, {0, 1, 2}});
    Network network;
    network.frequency_Hz = 60;
    watch_.begin({}, schema, network);
  }
  void sample(double time_s, std::vector<double> islands) {
    islands.insert(islands.end(), voltage_.begin(), voltage_.end());
    islands.insert(islands.end(), frequency_.begin(), frequency_.end());
    watch_.sample(time_s, islands);
  }
  const std::vector<IslandStory>& ended(bool completed = true) {
    RunStatus status;
    status.completed = completed;
    status.outcome = completed ? "completed" : "failed at 3 s";
    watch_.end(status);
    return watch_.islands();
  }
  std::vector<std::string> fates(bool completed = true) {
    std::vector<std::string> names;
    for (const IslandStory& island : ended(completed)) names.push_back(name_of(island.fate));
    return names;
  }
};

TEST_F(Islands, PartGoDarkComeBackAndJoin) {
  sample(0, {0, 0, 0});
  sample(1, {0, 0, 1});
  sample(2, {0, 0, -1});
  sample(3, {0, 0, 1});
  sample(4, {0, 0, 0});
  sample(5, {0, 0, 0});
  EXPECT_THAT(fates(), ElementsAre("parted", "joined", "blacked out", "joined", "survived"));
  const auto& islands = watch_.islands();
  EXPECT_TRUE(islands[1].parted);
  EXPECT_TRUE(islands[3].restored);
  EXPECT_DOUBLE_EQ(islands[2].to_s, 2);
  EXPECT_THAT(islands[4].buses, ElementsAre(0, 1, 2));
}

TEST_F(Islands, CollapseInVoltageAfterASecondNotBefore) {
  sample(0, {0, 0, 0});
  voltage_[1] = 0.4;
  sample(1, {0, 0, 0});
  sample(1.9, {0, 0, 0});
  voltage_[1] = 0.95;
  sample(2.0, {0, 0, 0});
  EXPECT_THAT(fates(), ElementsAre("survived"));
  voltage_[1] = 0.4;
  sample(3, {0, 0, 0});
  sample(4, {0, 0, 0});
  EXPECT_THAT(fates(), ElementsAre("collapsed"));
  EXPECT_THAT(watch_.islands()[0].why, HasSubstr("bus 12 below 0.5 pu"));
}

TEST_F(Islands, CollapseInFrequencyAtFivePercent) {
  sample(0, {0, 0, 0});
  frequency_ = {57.01, 57.01, 57.01};
  sample(1, {0, 0, 0});
  EXPECT_THAT(fates(), ElementsAre("strained")) << "57.01 Hz at the end is outside the limits";
  frequency_ = {56.99, 56.99, 56.99};
  sample(2, {0, 0, 0});
  EXPECT_THAT(fates(), ElementsAre("collapsed"));
}

TEST_F(Islands, OfARunThatEndedEarlyAreNotSaidToSurvive) {
  sample(0, {0, 0, 0});
  EXPECT_THAT(fates(false), ElementsAre("strained"));
  EXPECT_THAT(watch_.islands()[0].why, HasSubstr("failed at 3 s"));
}

TEST_F(Islands, TellInSentencesWhatTheyWentThrough) {
  sample(0, {0, 0, 0});
  sample(1, {0, 0, 1});
  sample(2, {0, 0, -1});
  RunStatus status;
  status.completed = true;
  const Story story = story_of(cascade_of(ten_events()), ended(), status, ten_events());
  ASSERT_EQ(story.chains.size(), 2U);
  fmt::print("{}\n{}\n{}\n", story.chains[0], story.islands[2], story.sum);
  EXPECT_THAT(story.chains[0],
              HasSubstr("From 1.010 to 1.012 s 3 UPS went from normal to battery (175.0 MW of load lost)"));
  EXPECT_THAT(story.chains[0], HasSubstr("; a fault (at 1.000 s) had moved the voltage there by -0.5 pu."));
  EXPECT_THAT(story.islands[2], HasSubstr("separated at 1.000 s, went dark at 2.000 s, without a source"));
  EXPECT_THAT(story.sum, HasSubstr("175.0 MW of the load went with what began at 1.000 s: a fault."));
}

/// Two references that ramp alike, two machines and two stages of load that one of them takes along.
TEST(Story, ManyOfAKindAreOneSentence) {
  std::vector<LoggedEvent> events = {
      event(0, 1, "reference-ramp", "A.control", "A.control: Pref from 1 to 0.9 over 5 s", -1),
      event(1, 1, "reference-ramp", "B.control", "B.control: Pref from 1 to 0.9 over 5 s", -1),
      event(2, 2, "machine-tripped", "C", "machine C tripped", 0, -10),
      event(3, 3, "machine-tripped", "D", "machine D tripped", 1, -20),
      event(4, 4, "load-shed", "E", "load E: 5 % shed, 95 % of it connected", 3, -1),
      event(5, 5, "load-shed", "F", "load F: 4 % shed, 96 % of it connected", 2, -2)};
  const Story story = story_of(cascade_of(events), {}, {true, "completed", 9}, events);
  ASSERT_EQ(story.chains.size(), 1U);
  EXPECT_THAT(story.chains[0],
              HasSubstr("At 1.000 s 2 control: Pref from 1 to 0.9 over 5 s, as the case says."));
  EXPECT_THAT(story.chains[0],
              HasSubstr("From 2.000 to 3.000 s 2 machines tripped (30.0 MW of generation lost)"));
  EXPECT_THAT(story.chains[0],
              HasSubstr("From 4.000 to 5.000 s 2 stages of load were shed (3.0 MW of load lost)"));
}

}  // namespace
}  // namespace ballast
