/// A cascade made by hand, whose causes are known: a fault takes one of two lines, the other is overloaded
/// and trips, the area stands alone with too little generation, sheds, loses a unit, sheds again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "studies/cascade/cascade.hpp"
#include "tests/cases/relay_grid.hpp"

namespace ballast {
namespace {

using testing::CaseRun;

const char* const kRelays = R"([[overload]]
name = "second line"
branch = "2-3-2"
alarm_s = 0.5
trip_s = 2

[[load_shedding]]
name = "first"
load = "2-1"
stages = [{ f_Hz = 59.3, share = 0.2, delay_s = 0.1, breaker_s = 0.05 }]

[[protection]]
name = "unit"
machine = "4-1"
frequency = [{ FL = 58.9, TP = 0.1, TB = 0.05 }]

[[load_shedding]]
name = "last"
load = "2-2"
stages = [{ f_Hz = 58.5, share = 0.9, delay_s = 0.1, breaker_s = 0.05 }]

[[event]]
at_s = 1
line_fault = { branch = "2-3-1", near = 3, at_percent = 0, impedance_pu = [0, 0.2], clearing_s = 0.08 }
)";

std::string text() {
  using namespace testing;
  const std::string grid = bus(1) + bus(2) + bus(3, "slack = true\n") + bus(4) + line(1, 2, 0.03) +
                           line(4, 2, 0.03) + line(2, 3, 0.05, "id = \"1\"\nrate_MVA = 45\n") +
                           line(2, 3, 0.05, "id = \"2\"\nrate_MVA = 45\n") + load(2, "1", 100, 20) +
                           load(2, "2", 60, 10) + load(2, "3", 80, 10) + kLoads +
                           unit(1, 120, 200, 6.5, kGovernor) + unit(4, 60, 100, 5) + infinite_bus(3);
  return case_of("a cascade of ten events", grid + kRelays, 8,
                 "record = [\"frequency\", \"bus.*\", \"island\", \"load.power\", \"machine.power\"]\n");
}

TEST(CascadeCase, TheGraphIsTheOneKnownBeforehand) {
  const CaseRun run(text());
  struct Link {
    const char* effect;
    const char* cause;  ///< "": the case file
  };
  // Ten events, each with what made it happen; the moves of the relays stand between the pairs.
  const Link links[] = {
      {"fault on line 2-3 '1'", ""},
      {"line 2-3 '1' opened", "fault on line 2-3 '1'"},
      {"overloaded to tripped", "line 2-3 '1' opened"},
      {"line 2-3 '2' opened", "overloaded to tripped"},
      {"stands alone", "line 2-3 '2' opened"},
      {"UFLS first-2-1.stage-1: tripped to open", "line 2-3 '2' opened"},
      {"load 2-1: 20 % shed", "UFLS first-2-1.stage-1: tripped to open"},
      {"tripped to open", "line 2-3 '2' opened"},  // of the unit too: the shed raised the frequency
      {"machine 4-1 tripped", "FRQTPAT"},
      {"UFLS last-2-2.stage-1: tripped to open", "machine 4-1 tripped"},
      {"load 2-2: 90 % shed", "UFLS last-2-2.stage-1: tripped to open"},
  };
  for (const Link& link : links) {
    const LoggedEvent* effect = run.find(link.effect);
    ASSERT_NE(effect, nullptr) << link.effect;
    const std::string cause = effect->cause < 0 ? "" : run.record.events[effect->cause].text;
    fmt::print("{:.3f} s {} <- {} ({})\n", effect->time_s, effect->text, cause, effect->cause_text);
    if (*link.cause == '\0')
      EXPECT_LT(effect->cause, 0);
    else
      EXPECT_NE(cause.find(link.cause), std::string::npos) << link.effect << " is laid to " << cause;
  }
  const LoggedEvent* unit = nullptr;
  for (const LoggedEvent& e : run.record.events)
    if (e.text.starts_with("FRQTPAT") && e.text.ends_with("tripped to open")) unit = &e;
  ASSERT_NE(unit, nullptr);
  EXPECT_NE(run.record.events[unit->cause].text.find("line 2-3 '2' opened"), std::string::npos)
      << "the stage shed before it raised the frequency";
  const Cascade cascade = cascade_of(run.record.events);
  EXPECT_TRUE(cascade.unexplained.empty());
  EXPECT_EQ(cascade.beginnings.size(), 1U) << "everything goes back to the fault";
  // 60 MW, and what it gives while it slows: 2 H S df/dt / f0 = 2 * 5 * 100 * (0.2 to 0.8) / 60 MW.
  fmt::print("generation lost: {:.1f} MW, 63 to 73 by hand\n", cascade.generation_lost_MW);
  EXPECT_NEAR(cascade.generation_lost_MW, 68.3, 5);
  for (const LoggedEvent& e : run.record.events)
    EXPECT_EQ(e.cause_text.find("the last event of its island"), std::string::npos) << e.text;
}

}  // namespace
}  // namespace ballast
