/// Parts that operate the network by themselves: what a batch does as a run by IDA, and what it leaves to it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cases/reader/case.hpp"
#include "kernels/prepare/mirror.hpp"
#include "kernels/prepare/problem_of.hpp"
#include "solver/simulate.hpp"
#include "tests/cases/relay_grid.hpp"
#include "tests/cases/small_case.hpp"
#include "tests/kernels/oracle.hpp"

namespace ballast {
namespace {

struct Runs {
  std::vector<LoggedEvent> ida, batch;
};
/// The log of a case run by IDA and as a lane of a batch.
Runs both(const std::string& text) {
  const Case c = read_case_text(text, "small.toml");
  Runs runs;
  {
    const PreparedCase ready = prepare(c);
    const RunResult result =
        simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), nullptr);
    EXPECT_TRUE(result.status.completed) << result.status.outcome;
    runs.ida = result.events;
  }
  const PreparedCase ready = prepare(c);
  batch::ProblemBuilder builder(*ready.system, ready.y, {0, c.simulation.until_s});
  builder.add(c.disturbances);
  const batch::Problem problem = builder.finish();
  batch::MirrorPool pool(*ready.system);
  MemoryRecorder recorder;
  batch::Options options;
  options.sample_every_s = 0.1;
  options.observe = [&](int) {
    return std::make_unique<batch::Mirror>(pool, problem, 0, builder.told()[0], run_info(c),
                                           std::vector<std::string>{"frequency"}, recorder);
  };
  EXPECT_EQ(batch::run_alone(problem, 0, options).ending, batch::Ending::COMPLETED);
  runs.batch = recorder.record().events;
  return runs;
}

/// The same events in the same order with the same causes, within a step of the batch; what operated tells
/// the same MW.
void expect_same(const Runs& runs) {
  double gap = 0;
  double MW = 0;
  for (std::size_t k = 0; k < std::max(runs.ida.size(), runs.batch.size()); ++k) {
    const auto line = [&](const std::vector<LoggedEvent>& events) {
      return k < events.size() ? fmt::format("{:8.4f} {} <- {} {}", events[k].time_s, events[k].text,
                                             events[k].cause, events[k].cause_text)
                               : std::string();
    };
    fmt::print("  {}\n", line(runs.ida));
    if (k >= std::min(runs.ida.size(), runs.batch.size()) || runs.ida[k].text != runs.batch[k].text) {
      ADD_FAILURE() << line(runs.ida) << "\n" << line(runs.batch);
      continue;
    }
    gap = std::max(gap, std::abs(runs.ida[k].time_s - runs.batch[k].time_s));
    if (runs.ida[k].kind != "load-ramp")  // told before it is known what is left of the load
      MW = std::max(MW, std::abs(runs.ida[k].power_MW - runs.batch[k].power_MW));
    EXPECT_EQ(runs.ida[k].cause, runs.batch[k].cause) << line(runs.ida) << "\n" << line(runs.batch);
  }
  fmt::print("{} events; times {:.2e} s apart at most (a step is 1.7e-2), powers {:.2e} MW\n",
             runs.ida.size(), gap, MW);
  EXPECT_LT(gap, 1.0 / 60);
  EXPECT_LT(MW, 0.2);
}

using testing::event;
using testing::kIsland;
using testing::relay_grid;

/// A transformer whose far side rises when its load goes, in a batch and under IDA.
TEST(BatchSaturation, AnOpenEndedFeederRisesAsByIda) {
  const std::string text = testing::spoiled("[[generator]]\nbus = 3", R"([[bus]]
number = 4
name = "Open end"
base_kV = 110

[[transformer]]
from = 2
to = 4
base_MVA = 200
R = 0.003
X = 0.12

[[shunt]]
bus = 4
id = "C"
B_Mvar = 120

[[load]]
bus = 4
id = "R"
P_MW = 5
Q_Mvar = 115

[[transformer_saturation]]
transformer = "2-4-1"
base_MVA = 200
knee_pu = 1.05
Xac = 0.3

[[event]]
at_s = 1
trip = { load = "4-R" }

[[generator]]
bus = 3)");
  const test::Agreement a = test::compare_with_ida(read_case_text(text, "saturated.toml"), {.until_s = 4});
  fmt::print("{}\n", test::text_of(a));
  EXPECT_TRUE(a.same_events);
  EXPECT_EQ(a.ending, batch::Ending::COMPLETED);
  EXPECT_LT(a.voltage_largest, 2e-3);
}

TEST(BatchOrders, SharesOfLoadsAreShedAsByIda) {
  const std::string stages =
      "[[load_shedding]]\nname = \"{}\"\nload = \"{}\"\nstages = [{{ f_Hz = {}, share = 0.1, delay_s = 0.1, "
      "breaker_s "
      "= 0.05 }}, {{ f_Hz = {}, share = 0.2, delay_s = 0.1, breaker_s = 0.05 }}]\n";
  const Runs runs = both(relay_grid(
      fmt::format(fmt::runtime(stages), "first", "2-1", 59.6, 59.3) +
          fmt::format(fmt::runtime(stages), "second", "2-2", 59.4, 58.5) +
          "[[load_shedding]]\nname = \"low\"\nload = \"2-2\"\nstages = [{ V = 0.9, share = 0.25, delay_s = "
          "0.05, "
          "breaker_s = 0.02 }]\n" +
          // What the case makes of a demand is multiplied by what relays leave of it, also on a ramp.
          event(0.2, "fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.1 }") +
          event(0.5, "load_step = { load = \"2-2\", active_factor = 1.1, reactive_factor = 1 }") + kIsland +
          event(3, "load_ramp = { load = \"2-1\", active_percent = 10, reactive_percent = 0, over_s = 2 }"),
      6));
  expect_same(runs);
  EXPECT_EQ(std::count_if(runs.batch.begin(), runs.batch.end(),
                          [](const LoggedEvent& e) { return e.kind == "load-shed"; }),
            std::count_if(runs.ida.begin(), runs.ida.end(),
                          [](const LoggedEvent& e) { return e.kind == "load-shed"; }));
}

TEST(BatchOrders, UnitsTripAsByIda) {
  using namespace testing;
  const std::string grid = bus(1) + bus(2) + bus(3, "slack = true\n") + bus(4) + line(1, 2, 0.03) +
                           line(4, 2, 0.03) + line(2, 3, 0.05) + load(2, "1", 160, 30) + kLoads +
                           unit(1, 120, 200, 6.5, kGovernor) + unit(4, 20, 100, 5) + infinite_bus(3);
  const Runs runs =
      both(case_of("units",
                   grid +
                       "[[protection]]\nname = \"unit\"\nmachine = \"4-1\"\nfrequency = [{ FL = 59.7, TP = "
                       "0.1, TB = 0.05 }]\n" +
                       event(1, "open = { line = \"2-3\" }"),
                   4, "record = [\"frequency\"]\n"));
  expect_same(runs);
  EXPECT_TRUE(std::any_of(runs.batch.begin(), runs.batch.end(),
                          [](const LoggedEvent& e) { return e.text == "machine 4-1 tripped"; }));
}

TEST(BatchOrders, BranchesOpenAndCloseAsByIda) {
  using namespace testing;
  const std::string grid = bus(1) + bus(2) + bus(3, "slack = true\n") + line(1, 2, 0.03) +
                           line(2, 3, 0.05, "id = \"1\"\nrate_MVA = 45\n") +
                           line(2, 3, 0.05, "id = \"2\"\nrate_MVA = 45\n") + load(2, "1", 180, 30) + kLoads +
                           unit(1, 120, 200, 6.5, kGovernor) + infinite_bus(3);
  const Runs runs =
      both(case_of("branches",
                   grid +
                       "[[overload]]\nname = \"second\"\nbranch = \"2-3-2\"\nalarm_s = 0.5\ntrip_s = 1\n"
                       "[[remedial_action]]\nname = \"back\"\nwhen = { all = [{ open = \"2-3-1\" }, { open = "
                       "\"2-3-2\" }] }\n"
                       "pickup_s = 0.05\nactions = [{ close = { line = \"2-3-1\" }, delay_s = 0.1 }, { trip "
                       "= { load = \"2-1\", share "
                       "= 0.3 }, delay_s = 0 }]\n" +
                       event(1, "open = { line = \"2-3-1\" }") +
                       // Its relay has opened it, which the events of the case alone do not know.
                       event(3, "close = { line = \"2-3-2\" }"),
                   4, "record = [\"frequency\"]\n"));
  expect_same(runs);
  const auto happens = [&](const char* text) {
    return std::any_of(runs.batch.begin(), runs.batch.end(),
                       [&](const LoggedEvent& e) { return e.text == text; });
  };
  EXPECT_TRUE(happens("line 2-3 '2' opened"));
  EXPECT_TRUE(happens("line 2-3 '1' closed"));
  EXPECT_TRUE(happens("line 2-3 '2' closed"));
}

TEST(BatchOrders, WhatABatchDoesNotCarryOutIsRefusedWithTheRemedy) {
  const auto says = [](const std::string& tables, const char* words) {
    const Case c = read_case_text(relay_grid(tables), "small.toml");
    const PreparedCase ready = prepare(c);
    try {
      batch::ProblemBuilder builder(*ready.system, ready.y, {0, 10});
      builder.add(c.disturbances);
      ADD_FAILURE() << words;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(words), std::string::npos) << error.what();
      EXPECT_NE(std::string(error.what()).find("backend ida"), std::string::npos) << error.what();
    }
  };
  const std::string shunt = "[[shunt]]\nbus = 2\nB_Mvar = 60\nin_service = false\n";
  says(shunt + "[[shunt_switching]]\nshunt = \"2-1\"\nV_low = 0.99\nV_high = 1.08\ndelay_s = 2\n",
       "switches a shunt");
  says("[[interlock]]\nname = \"i\"\nwhile = { open = \"2-3\" }\nforbid_trip = { machine = \"1-1\" }\n",
       "forbids");
  says(
      "[[remedial_action]]\nname = \"r\"\nwhen = { open = \"2-3\" }\npickup_s = 0\nactions = [{ run_back = { "
      "machine = \"1-1\", by_MW = 10 }, delay_s = 0 }]\n",
      "sets a reference");
  says("[[line_protection]]\nbranch = \"2-3\"\nthermal = { pickup = 1, tau_s = 600 }\n" +
           event(1, "line_fault = { branch = \"2-3\", near = 3, bolted = true, clearing_s = 0.1 }"),
       "without fault");
  says("[[load_shedding]]\nload = \"2-1\"\nplan = \"ERCOT-2026\"\n" +
           event(1, "load_ramp = { load = \"2-1\", active_MW = 10, reactive_Mvar = 0, over_s = 2 }"),
       "what is left of it");
}

TEST(BatchNetworkParts, AFaultOnABranchThatIsMeteredIsRefused) {
  std::string text = testing::kSmallCase;
  text.insert(text.find("B = 0.01"), "rate_MVA = 200\n");
  const Case c =
      read_case_text(text +
                         "\n[[line_protection]]\nbranch = \"1-2\"\nalarm_only = true\ndistance = {}\n"
                         "[[event]]\nat_s = 1\nline_fault = { branch = \"1-2\", near = 1, bolted = true, "
                         "clearing_s = 0.1 }\n",
                     "small.toml");
  const PreparedCase ready = prepare(c);
  batch::ProblemBuilder builder(*ready.system, ready.y,
                                {0, 10, 1.0 / 120});  // relays that only alarm it takes
  try {
    builder.add(c.disturbances);
    ADD_FAILURE() << "the batch's meters do not know of faults on their branch";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("whose flow line-1-2-1 measures"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace ballast
