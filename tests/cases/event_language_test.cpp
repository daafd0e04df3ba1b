/// What [[event]] can say: selections, faults, clearing, ramps, islanding; and what is wrong with it.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "cases/reader/case.hpp"
#include "grid/labels.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;

/// Two areas: West (1, 2, 3) at 230 kV with a 34.5 kV bus, East (4, 5); two ties.
std::string network_text(const std::string& sequence = "") {
  std::string text = R"([case]
title = "two areas"
[network]
frequency_Hz = 60
)" + sequence + R"([simulation]
until_s = 3
[loads]
active = { impedance = 0, current = 0, power = 1 }
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7
)";
  const auto bus = [&](int number, const char* name, double kV, int area, int zone, int owner,
                       const char* more) {
    text +=
        fmt::format("[[bus]]\nnumber = {}\nname = \"{}\"\nbase_kV = {}\narea = {}\nzone = {}\nowner = {}\n{}",
                    number, name, kV, area, zone, owner, more);
  };
  bus(1, "PLANT WEST", 230, 1, 1, 1, "slack = true\n");
  bus(2, "TOWN", 230, 1, 1, 2, "");
  bus(3, "TOWN", 34.5, 1, 2, 2, "");
  bus(4, "TWELVE CHARS", 230, 2, 3, 1, "");
  bus(5, "PLANT EAST", 230, 2, 3, 3, "");
  const bool data = sequence.find("inline") != std::string::npos;
  const auto line = [&](int from, int to, const char* id) {
    text += fmt::format("[[line]]\nfrom = {}\nto = {}\nid = \"{}\"\nR = 0.002\nX = 0.03\nB = 0.02\n{}", from,
                        to, id, data ? "sequence = { Z0 = [0.008, 0.09], B0 = 0.012 }\n" : "");
  };
  line(1, 2, "1");
  line(2, 4, "1");
  line(2, 4, "2");
  line(4, 5, "1");
  text += fmt::format("[[transformer]]\nfrom = 2\nto = 3\nbase_MVA = 100\nR = 0.002\nX = 0.08\n{}",
                      data ? "sequence = { CC = 3, Z0 = [0.002, 0.08] }\n" : "");
  const auto load = [&](int at, const char* id, double MW) {
    text += fmt::format("[[load]]\nbus = {}\nid = \"{}\"\nP_MW = {}\nQ_Mvar = {}\n", at, id, MW, MW / 5);
  };
  load(2, "1", 40);
  load(2, "B", 20);
  load(3, "1", 15);
  load(4, "1", 50);
  text +=
      "[[shunt]]\nbus = 4\nB_Mvar = 10\n[[shunt]]\nbus = 2\nid = \"C1\"\nB_Mvar = 20\nin_service = false\n";
  for (const int at : {1, 5})
    text += fmt::format(
        "[[generator]]\nbus = {}\nP_MW = 70\nVset = 1.02\nbase_MVA = 120\n"
        "machine = {{ model = \"GENROU\", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = 5, D = 0, Xd "
        "= 1.8, "
        "Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }}\n"
        "exciter = {{ model = \"SEXS\", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }}\n"
        "governor = {{ model = \"TGOV1\", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = 3, T3 = 10, Dt = 0 "
        "}}\n{}",
        at, data ? "sequence = { Z2 = [0, 0.25], Z0 = [0, 0.12] }\n" : "");
  text += R"([[datacenter]]
name = "Campus-A"
bus = 3
it_power_MW = 20
workload = { kind = "training", iteration_s = 1.0, jitter = 0, start_s = inf }
ups = { kind = "double-conversion" }
)";
  return text;
}

constexpr const char* kRatio = "sequence_ratio = { Z0_over_Z1 = 2.5, Z2_over_Z1 = 1.0 }\n";
constexpr const char* kInline = "# inline sequence data\n";

Case with(const std::string& event, const std::string& sequence = "") {
  return read_case_text(network_text(sequence) + "[[event]]\nat_s = 1\n" + event + "\n", "areas.toml");
}

/// The one problem of an event.
std::string problem_of(const std::string& event, const std::string& sequence = "") {
  try {
    (void)prepare(with(event, sequence));
  } catch (const Error& error) {
    EXPECT_EQ(error.problems().size(), 1U) << error.what();
    return error.problems().front().text();
  }
  return "accepted";
}

Record run(const Case& c) {
  const PreparedCase ready = prepare(c);
  MemoryRecorder recorder;
  const RunResult result =
      simulate(*ready.system, ready.y, c.disturbances, c.simulation, run_info(c), &recorder);
  EXPECT_TRUE(result.status.completed) << result.status.outcome;
  return recorder.record();
}

std::vector<std::string> opened(const std::string& selection) {
  const Case c = with(fmt::format("open = {{ {} }}", selection));
  std::vector<std::string> names;
  for (const Disturbance& d : c.disturbances)
    if (const auto* sw = std::get_if<SwitchBranch>(&d.action))
      names.push_back(branch_label(c.network, sw->branch));
  return names;
}

std::vector<std::string> tripped(const std::string& selection) {
  const Case c = with(fmt::format("trip = {{ {} }}", selection));
  std::vector<std::string> names;
  for (const Disturbance& d : c.disturbances)
    if (const auto* trip = std::get_if<TripPlant>(&d.action))
      names.push_back(c.plants[trip->plant].kind + " " + c.plants[trip->plant].name);
  return names;
}

using ::testing::ElementsAre;

TEST(Selection, BranchesByNameListAreaVoltageBusAndKind) {
  EXPECT_THAT(opened("branch = \"2-4-2\""), ElementsAre("line 2-4 '2'"));
  EXPECT_THAT(opened("branch = [\"1-2\", \"5-4-1\"]"), ElementsAre("line 1-2 '1'", "line 4-5 '1'"));
  EXPECT_THAT(opened("branch = { area = 1 }"), ElementsAre("line 1-2 '1'", "transformer 2-3 '1'"));
  EXPECT_THAT(opened("line = { area = 1 }"), ElementsAre("line 1-2 '1'"));
  EXPECT_THAT(opened("branch = { kV = 34.5 }"), ElementsAre("transformer 2-3 '1'"));
  EXPECT_THAT(opened("branch = { bus = 4, id = \"1\" }"), ElementsAre("line 2-4 '1'", "line 4-5 '1'"));
  EXPECT_THAT(opened("branch = [\"1-2-1\", { bus = \"TOWN 34.50\" }]"),
              ElementsAre("line 1-2 '1'", "transformer 2-3 '1'"));
}

TEST(Selection, PlantsByAreaZoneOwnerAndVoltage) {
  EXPECT_THAT(tripped("machine = { area = 2 }"), ElementsAre("machine 5-1"));
  EXPECT_THAT(tripped("machine = { kV_min = 100 }"), ElementsAre("machine 1-1", "machine 5-1"));
  EXPECT_THAT(tripped("load = { owner = 2, kV_max = 100 }"), ElementsAre("load 3-1"));
  EXPECT_THAT(tripped("load = { zone = [1, 3] }"), ElementsAre("load 2-1", "load 2-B", "load 4-1"));
  EXPECT_THAT(tripped("load = { id = \"B\" }"), ElementsAre("load 2-B"));
  EXPECT_THAT(tripped("bus = 3"), ElementsAre("load 3-1", "datacenter Campus-A"));
  EXPECT_THAT(tripped("load = [\"3\", { area = 2 }], datacenter = \"Campus-A\""),
              ElementsAre("load 3-1", "load 4-1", "datacenter Campus-A"));
}

TEST(Selection, ExtendedNamesAsPssEWritesThem) {
  const auto bus_of = [](const char* name) {
    return std::get<BusFault>(
               with(fmt::format("fault = {{ bus = \"{}\", bolted = true, duration_s = 0.1 }}", name))
                   .disturbances[0]
                   .action)
        .bus;
  };
  EXPECT_EQ(bus_of("TOWN 230.0"), 1);
  EXPECT_EQ(bus_of("TOWN        230.00"), 1);
  EXPECT_EQ(bus_of("TOWN         34.50"), 2);
  EXPECT_EQ(bus_of("TWELVE CHARS230.00"), 3);
  EXPECT_EQ(bus_of("TWELVE CHARS"), 3);
  EXPECT_EQ(bus_of("PLANT EAST 230"), 4);
}

TEST(Selection, ThatMatchesNothingSaysWhatThereIs) {
  EXPECT_THAT(problem_of("trip = { load = { area = 7 } }"),
              AllOf(HasSubstr("no load"), HasSubstr("area 7"), HasSubstr("they are in area 1, 2"),
                    HasSubstr("areas.toml:")));
  EXPECT_THAT(problem_of("open = { branch = { kV = 500 } }"),
              AllOf(HasSubstr("500 kV"), HasSubstr("they are at 34.5, 230 kV")));
  EXPECT_THAT(
      problem_of("trip = { load = { area = 2, kV = 34.5 } }"),
      AllOf(HasSubstr("area 2 and 34.5 kV"), HasSubstr("alone they select 1 for area 2, 1 for 34.5 kV")));
  EXPECT_THAT(problem_of("trip = { load = { aera = 2 } }"), HasSubstr("did you mean 'area'?"));
  EXPECT_THAT(problem_of("trip = { bess = { area = 1 } }"), HasSubstr("the case has no bess in service"));
  EXPECT_THAT(problem_of("open = { line = \"2-3-1\" }"), HasSubstr("transformer 2-3 '1' is no line"));
  EXPECT_THAT(problem_of("open = { shunt = \"2-C2\" }"), HasSubstr("did you mean '2-C1'?"));
  EXPECT_THAT(problem_of("open = { branch = [] }"), HasSubstr("empty list"));
}

TEST(EventLanguage, AShareOfALoadCanBeTripped) {
  const Record record = run(with("trip = { load = { area = 1 }, share = 0.25 }"));
  double lost = 0;
  for (const LoggedEvent& e : record.events) lost += e.kind == "load-tripped" ? e.power_MW : 0;
  fmt::print("a quarter of 75 MW: {:.9f} MW\n", lost);
  EXPECT_NEAR(lost, -0.25 * 75, 1e-6);
  EXPECT_THAT(problem_of("trip = { machine = \"5-1\", share = 0.5 }"), HasSubstr("only loads"));
}

TEST(EventLanguage, AnAreaIsIslandedByOpeningItsTies) {
  const Case c = with("island = { area = 2 }");
  const auto& cut = std::get<OpenCutSet>(c.disturbances.at(0).action);
  EXPECT_EQ(cut.branches, (std::vector<int>{1, 2}));
  const Record record = run(c);
  EXPECT_THAT(record.events[0].text, HasSubstr("line 2-4 '1', line 2-4 '2'"));
  EXPECT_EQ(
      std::get<OpenCutSet>(with("island = { cut = [\"2-4-1\", \"2-4-2\"] }").disturbances[0].action).branches,
      cut.branches);
  const Case leaky = with("island = { cut = [\"2-4-1\"] }");
  ASSERT_EQ(leaky.warnings.size(), 1U);
  EXPECT_THAT(leaky.warnings[0].text(), HasSubstr("in one piece"));
  EXPECT_THAT(problem_of("island = { area = [1, 2] }"), HasSubstr("no branch leads out"));
}

TEST(EventLanguage, WhatIsWrongWithAFaultIsSaid) {
  EXPECT_THAT(
      problem_of(
          "line_fault = { branch = \"2-3\", near = 2, at_percent = 40, bolted = true, clearing_s = 0.1 }"),
      HasSubstr("its terminals"));
  EXPECT_THAT(
      problem_of(
          "line_fault = { branch = \"1-2\", near = 1, at_percent = 140, bolted = true, clearing_s = 0.1 }"),
      HasSubstr("at_percent = 140 %"));
  EXPECT_THAT(problem_of("fault = { bus = 2, bolted = true, duration_s = 0.1, type = \"LG\" }"),
              HasSubstr("sequence_ratio"));
  EXPECT_THAT(problem_of("fault = { bus = 2, bolted = true, duration_s = 0.1, type = \"LGG\" }", kRatio),
              HasSubstr("did you mean"));
  EXPECT_THAT(problem_of("line_fault = { branch = \"1-2\", near = 1, bolted = true, clearing_s = 0.1, "
                         "breaker_failure = { end = 2, backup_s = 0.08, trips = { bus = 2 } } }"),
              HasSubstr("not later than clearing_s"));
  EXPECT_THAT(
      problem_of("fault = { bus = 2, bolted = true, duration_s = 0.1, trips = { branch = \"1-2\" }, "
                 "breaker_failure = { stuck = { branch = \"4-5\" }, backup_s = 0.3, trips = { bus = 4 } } }"),
      HasSubstr("not one of the elements in trips"));
  EXPECT_THAT(problem_of("load_ramp = { load = { area = 1 }, active_MW = 5, over_s = 3 }"),
              HasSubstr("active_MW and reactive_Mvar"));
}

TEST(EventLanguage, ALineToGroundFaultSaysWhatTheCampusSees) {
  for (const char* sequence : {kRatio, kInline}) {
    Case c = with("fault = { bus = 2, type = \"LG\", bolted = true, duration_s = 0.1 }", sequence);
    c.simulation.until_s = 1.2;
    c.simulation.record = {"bus.voltage", "datacenter.voltage_*"};
    const Record record = run(c);
    const auto event = std::find_if(record.events.begin(), record.events.end(),
                                    [](const LoggedEvent& e) { return e.kind == "phase-voltages"; });
    ASSERT_NE(event, record.events.end());
    fmt::print("{}\n", event->text);
    EXPECT_EQ(event->device, "Campus-A");
    EXPECT_EQ(event->cause, 0);
    // At its terminals phase A lies near ground, so that A-B and C-A are nearly B and C; behind a delta-wye
    // transformer the phases are the voltages between the phases, over sqrt(3).
    for (std::size_t k = 0; k < record.samples(); ++k) {
      if (std::abs(record.times_s[k] - 1.05) > 1e-6) continue;
      const auto value = [&](const std::string& name) {
        return record.at(record.find("datacenter.voltage_" + name).value(), k, 0);
      };
      const double wanted = std::min(value("b"), value("c")) / std::sqrt(3.0);
      const double lowest = std::min({value("a_behind"), value("b_behind"), value("c_behind")});
      const double tolerance = value("a") / std::sqrt(3.0);
      fmt::print("behind the transformer {:.3f} pu, from the phases {:.3f}, tolerance {:.3f}\n", lowest,
                 wanted, tolerance);
      EXPECT_NEAR(lowest, wanted, tolerance);
      EXPECT_LT(value("a"), 0.35);
      EXPECT_GT(value("b"), 0.8);
    }
  }
}

TEST(EventLanguage, WhatTheDataLacksIsAnErrorBeforeTheRun) {
  std::string text = network_text(kInline);
  const std::string transformer = "sequence = { CC = 3, Z0 = [0.002, 0.08] }\n";
  text.erase(text.find(transformer), transformer.size());
  text += "[[event]]\nat_s = 1\nfault = { bus = 2, type = \"LLG\", bolted = true, duration_s = 0.1 }\n";
  try {
    (void)prepare(read_case_text(text, "areas.toml"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("transformer 2-3 '1' has no zero-sequence data"));
  }
}

/// Every example of docs/case-format.md that is an [[event]], in the network above.
TEST(EventLanguage, EveryExampleOfTheDocumentationRuns) {
  std::ifstream file(BALLAST_SOURCE_DIR "/docs/events.md");
  ASSERT_TRUE(file) << "docs/events.md";
  const std::string text(std::istreambuf_iterator<char>(file), {});
  std::size_t examples = 0;
  for (std::size_t at = text.find("```toml\n"); at != std::string::npos; at = text.find("```toml\n", at)) {
    at += 8;
    const std::size_t end = text.find("```", at);
    const std::string example = text.substr(at, end - at);
    at = end + 3;
    if (example.find("[[event]]") == std::string::npos) continue;
    ++examples;
    try {
      Case c = read_case_text(network_text(kInline) + example, "docs/events.md");
      EXPECT_FALSE(c.disturbances.empty()) << example;
      for (const Problem& p : c.warnings) ADD_FAILURE() << example << p.text();
      double last = 0;
      for (const Disturbance& d : c.disturbances) last = std::max(last, d.at_s);
      c.simulation.until_s = last + 1;
      const Record record = run(c);
      EXPECT_FALSE(record.events.empty()) << example;
    } catch (const Error& error) {
      ADD_FAILURE() << example << error.what();
    }
  }
  fmt::print("{} examples run\n", examples);
  EXPECT_GE(examples, 18U);
}

}  // namespace
}  // namespace ballast
