/// Transfer switches and overload elements of a case: poles that open and close while a run goes on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "tests/cases/case_run.hpp"
#include "tests/cases/small_case.hpp"

namespace ballast {
namespace {

const std::string kBus = "bus = 2\nit_power_MW = 80";
const std::string kFault = "at_s = 5\nfault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }";
/// The data center at bus 20, which buses 2 and 4 can feed; bus 4 hangs on the strong bus 3. Constant load.
const std::string kBuses = R"([[bus]]
number = 4
base_kV = 230
[[bus]]
number = 20
base_kV = 230
[[line]]
from = 3
to = 4
R = 0.001
X = 0.01
B = 0
)";
std::string line(int from, int to, const std::string& more = "") {
  return fmt::format("[[line]]\nfrom = {}\nto = {}\nR = 0.001\nX = 0.01\nB = 0\n{}\n", from, to, more);
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  return at == std::string::npos ? "test error: no such text" : text.replace(at, what.size(), with);
}
std::string campus_at_20(const std::string& lines, const std::string& tables, const std::string& events) {
  std::string text = replaced(testing::kSmallCase, kBus, "bus = 20\nit_power_MW = 80");
  text = replaced(text, "{ kind = \"training\", iteration_s = 1.0, jitter = 0, start_s = 1 }",
                  "{ kind = \"constant\", level = 0.9 }");
  text = replaced(text, "ups = { kind = \"double-conversion\", dips_to_lock = 3 }",
                  "ups = { kind = \"double-conversion\", dips_to_lock = 3, qualify_s = 1 }");
  text = replaced(text, "[[load]]", kBuses + lines + "[[load]]");
  text = replaced(text, "[[event]]\n" + kFault, tables + events);
  const bool has_switch = tables.find("[[transfer_switch]]") != std::string::npos;
  return replaced(
      text, "record = [",
      fmt::format("record = [\"branch.*\", \"{}.*\", ", has_switch ? "transfer_switch" : "overload"));
}
std::string switched(const std::string& of_switch, const std::string& events) {
  return campus_at_20(
      line(2, 20) + line(4, 20),
      "[[transfer_switch]]\nname = \"TS\"\npreferred = \"2-20\"\nalternate = \"4-20\"\n" + of_switch + "\n",
      events);
}
const std::string kStatic = "kind = \"static\"\nretransfer_s = 2";
const std::string kAutomatic = "kind = \"automatic\"\ndetect_s = 0.05\nqualify_s = 0.5\nretransfer_s = 2";
const std::string kDip =
    "[[event]]\nat_s = 5\nfault = { bus = 2, residual_voltage_pu = 0.3, duration_s = 0.2 }\n";

using testing::CaseRun;
Case read(const std::string& text) { return read_case_text(text, "small.toml"); }

TEST(TransferSwitch, AStaticOneTransfersWithinMillisecondsAndReturns) {
  const CaseRun run(switched(kStatic, kDip));
  EXPECT_NEAR(run.event("line 2-20 '1' opened"), 5.002, 1e-6);
  EXPECT_NEAR(run.event("line 4-20 '1' closed"), 5.006, 1e-6);
  // Bus 2 is back at 5.2 s.
  EXPECT_NEAR(run.event("line 4-20 '1' opened"), 7.2, 0.01);
  EXPECT_NEAR(run.event("line 2-20 '1' closed"), 7.204, 0.01);
  EXPECT_EQ(run.at("transfer_switch.switch.close_preferred", 5.1), 0);
  EXPECT_EQ(run.at("transfer_switch.switch.close_alternate", 5.1), 1);
  EXPECT_EQ(run.at("branch.in_service", 9, "2-20-1"), 1);
  EXPECT_EQ(run.at("branch.in_service", 9, "4-20-1"), 0);
  // Its load sees good voltage while bus 2 is in its dip.
  EXPECT_LT(run.at("bus.voltage", 5.1, "2"), 0.5);
  EXPECT_GT(run.at("bus.voltage", 5.1, "20"), 0.9);
}

TEST(TransferSwitch, TheUpsCarriesTheLoadThroughTheGapOfAnAutomaticOne) {
  const CaseRun run(switched(kAutomatic, kDip));
  EXPECT_NEAR(run.event("TS.switch: on preferred to open to alternate"), 5.05, 1e-6);
  EXPECT_NEAR(run.event("TS.switch: open to alternate to on alternate"), 5.35, 1e-6);
  EXPECT_NEAR(run.event("TS.switch: on alternate to open to preferred"), 7.2, 0.01);
  EXPECT_NEAR(run.event("TS.switch: open to preferred to on preferred"), 7.5, 0.01);
  EXPECT_EQ(run.at("bus.voltage", 5.2, "20"), 0);  // both poles are open
  EXPECT_NEAR(run.at("datacenter.power", 5.2), 0, 1e-9);
  const double load = run.at("datacenter.ups.P_served_MW", 4);
  for (const double t : {5.04, 5.2, 5.34, 6.0, 7.3, 9.0})
    EXPECT_NEAR(run.at("datacenter.ups.P_served_MW", t), load, 1e-6) << t;
  // fault -> switch -> its pole: the log has the chain of causes.
  const LoggedEvent* pole = run.find("line 2-20 '1' opened");
  ASSERT_NE(pole, nullptr);
  const LoggedEvent& moved = run.record.events[static_cast<std::size_t>(pole->cause)];
  EXPECT_NE(moved.text.find("on preferred to open to alternate"), std::string::npos) << moved.text;
  ASSERT_GE(moved.cause, 0);
  EXPECT_NE(run.record.events[static_cast<std::size_t>(moved.cause)].kind.find("fault"), std::string::npos);
}

TEST(TransferSwitch, StaysWhereItIsWhenTheAlternateSourceIsBadToo) {
  const CaseRun run(switched(kAutomatic, "[[event]]\nat_s = 1\nopen = { line = \"3-4\" }\n" + kDip));
  EXPECT_EQ(run.find("TS.switch"), nullptr);
  EXPECT_EQ(run.find("line 2-20 '1' opened"), nullptr);
  EXPECT_LT(run.at("bus.voltage", 5.1, "20"), 0.5);
  EXPECT_EQ(run.at("branch.in_service", 9, "2-20-1"), 1);
}

TEST(TransferSwitch, LossOfTheFeedOfThePreferredSourceTransfersAndAFaultOnAPoleIsCutOffWithIt) {
  // A fault on the line 2-20 itself, cleared after 0.5 s: the switch has opened it before.
  const CaseRun run(switched(kStatic,
                             "[[event]]\nat_s = 5\nline_fault = { branch = \"2-20\", near = 2, "
                             "residual_voltage_pu = 0.2, clearing_s = 0.5 }\n"));
  EXPECT_NEAR(run.event("line 2-20 '1' opened"), 5.002, 1e-6);
  EXPECT_GT(run.at("bus.voltage", 5.1, "20"), 0.9);
  EXPECT_GT(run.at("bus.voltage", 5.1, "2"), 0.9);
}

const std::string kOverloads = R"([[overload]]
branch = "2-20-1"
trip_s = 3
[[overload]]
branch = "2-20-2"
trip_s = 3
)";
const std::string kLoss = "[[event]]\nat_s = 5\nopen = { line = \"2-20-1\" }\n";

TEST(InFeeds, OneOfTwoIsOverloadedWhenTheOtherIsLostAndIsReportedAndTripped) {
  const CaseRun run(campus_at_20(line(2, 20, "rate_MVA = 50") + line(2, 20, "id = \"2\"\nrate_MVA = 50"),
                                 kOverloads, kLoss));
  EXPECT_LT(run.at("overload.element.current_loading", 4, "2-20-2"), 0.8);
  const double after = run.at("overload.element.current_loading", 7, "2-20-2");
  const double power = run.at("branch.loading", 7, "2-20-2");
  fmt::print("current loading {:.4f}, MVA loading {:.4f}\n", after, power);
  EXPECT_GT(after, 1.2);
  EXPECT_NEAR(after * run.at("bus.voltage", 7, "2"), power, 0.01);  // branch.loading is of the larger end
  EXPECT_NEAR(run.event("above rating to overloaded"), 6, 1e-3);
  EXPECT_NEAR(run.event("overloaded to tripped"), 8, 1e-3);
  const LoggedEvent* opened = run.find("line 2-20 '2' opened");
  ASSERT_NE(opened, nullptr);
  EXPECT_NE(run.record.events[static_cast<std::size_t>(opened->cause)].text.find("tripped"),
            std::string::npos);
  EXPECT_EQ(run.at("bus.voltage", 9, "20"), 0);
}

TEST(InFeeds, WithNPlusOneTheOthersCarryTheLoad) {
  const CaseRun run(campus_at_20(line(2, 20, "rate_MVA = 50") + line(2, 20, "id = \"2\"\nrate_MVA = 50") +
                                     line(2, 20, "id = \"3\"\nrate_MVA = 50"),
                                 kOverloads, kLoss));
  EXPECT_EQ(run.find("above rating"), nullptr);
  EXPECT_GT(run.at("bus.voltage", 9, "20"), 0.9);
  EXPECT_NEAR(run.at("datacenter.power", 9), run.at("datacenter.power", 4), 0.1);
}

TEST(TransferSwitch, WhatIsWrongIsSaidWithItsPlace) {
  const auto problem = [](const std::string& text) {
    try {
      (void)read(text);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const std::string good = switched(kStatic, kDip);
  EXPECT_EQ(problem(good), "");
  const std::string apart = problem(replaced(good, "alternate = \"4-20\"", "alternate = \"3-4\""));
  EXPECT_NE(apart.find("do not end at one bus"), std::string::npos) << apart;
  EXPECT_NE(apart.find("small.toml:"), std::string::npos) << apart;
  const std::string kind = problem(replaced(good, "kind = \"static\"", "kind = \"statik\""));
  EXPECT_NE(kind.find("static"), std::string::npos) << kind;
  const std::string unrated = problem(good + "\n[[overload]]\nbranch = \"2-20\"\n");
  EXPECT_NE(unrated.find("no rating"), std::string::npos) << unrated;
  // A preferred source outside the window is found at the operating point.
  try {
    (void)prepare(read(replaced(good, "retransfer_s = 2", "retransfer_s = 2\nV_high = 1.0001")));
    ADD_FAILURE() << "the preferred source is above its window";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("voltage of the preferred source"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace ballast
