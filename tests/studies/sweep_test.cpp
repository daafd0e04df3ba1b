/// What a sweep file means: axes, selections, products, templates.
#include "studies/sweep.hpp"

#include <gmock/gmock.h>

#include "studies/fingerprint.hpp"
#include "studies/results.hpp"
#include "tests/grid/raw_text.hpp"
#include "tests/studies/small_sweep.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kSmallSweep;
using testing::replaced;

class SweepFile : public testing::SweepFolderTest {
 protected:
  Sweep read(const std::string& text) { return read_sweep_text(text, folder / "sweep.toml"); }
  /// The small sweep with a single axis in the place of its two.
  Sweep with_axis(const std::string& axis,
                  const std::string& event = "fault = { bus = 2, bolted = true, duration_s = 0.1 }") {
    return read(R"([sweep]
title = "one axis"
case = "small.toml"
base_events = "drop"
[[event]]
at_s = 1
)" + event + "\n[[axis]]\nname = \"x\"\n" +
                axis);
  }
  static std::vector<std::string> texts(const Sweep& sweep) {
    std::vector<std::string> all;
    for (const AxisValue& value : sweep.axes.front().values) all.push_back(value.text);
    return all;
  }
  static Case scenario(const Sweep& sweep, int k) {
    return read_case_tree(scenario_tree(sweep, k), sweep.base_file.text, sweep.base_file.path);
  }
};

TEST_F(SweepFile, LastAxisVariesFastest) {
  const Sweep sweep = read(kSmallSweep);
  ASSERT_EQ(sweep.scenarios, 6);
  EXPECT_EQ(scenario_text(sweep, 0), "bus 1, power 60");
  EXPECT_EQ(scenario_text(sweep, 1), "bus 1, power 80");
  EXPECT_EQ(scenario_text(sweep, 5), "bus 3, power 80");
}

TEST_F(SweepFile, ZipGoesThroughAxesTogether) {
  const Sweep sweep =
      read(replaced(replaced(kSmallSweep, "\"product\"", "\"zip\""), "[60, 80]", "[60, 70, 80]"));
  ASSERT_EQ(sweep.scenarios, 3);
  EXPECT_EQ(scenario_text(sweep, 1), "bus 2, power 70");
}

TEST_F(SweepFile, ScenarioIsTheCaseWithItsValuesAndEvents) {
  const Case c = scenario(read(kSmallSweep), 3);
  EXPECT_EQ(c.simulation.until_s, 3) << "[set]";
  ASSERT_EQ(c.disturbances.size(), 1U) << "the case's own event is dropped";
  EXPECT_EQ(std::get<BusFault>(c.disturbances[0].action).bus, c.network.find_bus(2));
  ASSERT_EQ(c.campuses.size(), 1U);
  const Case base = scenario(read(kSmallSweep), 2);
  EXPECT_NEAR(c.campuses[0].total_MVA().real() / base.campuses[0].total_MVA().real(), 80.0 / 60, 1e-12);
}

TEST_F(SweepFile, KeptEventsComeBeforeThoseOfTheSweep) {
  const Case c = scenario(read(replaced(kSmallSweep, "\"drop\"", "\"keep\"")), 0);
  ASSERT_EQ(c.disturbances.size(), 2U);
  EXPECT_EQ(c.disturbances[0].at_s, 5);
  EXPECT_EQ(c.disturbances[1].at_s, 1);
}

TEST_F(SweepFile, EventsOnlyShareOneCaseAtRest) {
  const Sweep sweep = read(kSmallSweep);
  EXPECT_EQ(case_key(sweep, 0), case_key(sweep, 2)) << "they differ by the faulted bus";
  EXPECT_NE(case_key(sweep, 0), case_key(sweep, 1)) << "they differ by the power of the campus";
  const Sweep events = read(R"([sweep]
title = "the case's own event at other times"
case = "small.toml"
[[axis]]
name = "x"
path = "event.0.at_s"
values = [6, 7]
)");
  ASSERT_EQ(events.scenarios, 2);
  EXPECT_EQ(case_key(events, 0), case_key(events, 1));
  EXPECT_EQ(scenario(events, 1).disturbances.at(0).at_s, 7);
}

TEST_F(SweepFile, RangesCountByStepOrNumber) {
  const std::string path = "path = \"datacenter.Campus-A.it_power_MW\"\n";
  EXPECT_THAT(texts(with_axis(path + "range = { from = 60, to = 90, step = 10 }")),
              ElementsAre("60", "70", "80", "90"));
  EXPECT_THAT(texts(with_axis(path + "range = { from = 60, to = 80, count = 3 }")),
              ElementsAre("60", "70", "80"));
  EXPECT_THAT(texts(with_axis(path + "range = { from = 80, to = 60, step = -10 }")),
              ElementsAre("80", "70", "60"));
  EXPECT_THAT(
      texts(with_axis(
          "path = \"simulation.relative_tolerance\"\nrange = { from = 1e-4, to = 5e-4, step = 1e-4 }")),
      ::testing::SizeIs(5));
}

TEST_F(SweepFile, SeedsAreWholeNumbers) {
  const Sweep sweep = with_axis("path = \"datacenter.*.workload.seed\"\nseeds = { first = 7, count = 3 }");
  EXPECT_THAT(texts(sweep), ElementsAre("7", "8", "9"));
  EXPECT_TRUE(sweep.axes[0].values[0].value.whole);
}

TEST_F(SweepFile, ElementsAreSelected) {
  const std::string bus = "fault = { bus = \"{x}\", bolted = true, duration_s = 0.1 }";
  EXPECT_THAT(texts(with_axis("every = \"bus\"", bus)), ElementsAre("1", "2", "3"));
  EXPECT_THAT(texts(with_axis("every = \"bus\"\nwhere = { number = [1, 3] }", bus)), ElementsAre("1", "3"));
  EXPECT_THAT(texts(with_axis("every = \"bus\"\nwhere = { min_kV = 200, area = 1 }", bus)),
              ::testing::SizeIs(3));
  const std::string line = "trip = { branch = \"{x}\" }";
  EXPECT_THAT(texts(with_axis("every = \"line\"", line)), ElementsAre("1-2-1", "2-3-1"));
  EXPECT_THAT(texts(with_axis("every = \"line\"\nwhere = { number = 3 }", line)), ElementsAre("2-3-1"));
  EXPECT_THAT(texts(with_axis("every = \"machine\"", "trip = { machine = \"{x}\" }")),
              ElementsAre("1-1", "3-1"));
  EXPECT_THAT(texts(with_axis("every = \"load\"", "trip = { load = \"{x}\" }")), ElementsAre("2-1"));
  EXPECT_THAT(texts(with_axis("every = \"datacenter\"",
                              "fault = { bus = \"{x.bus}\", bolted = true, duration_s = 0.1 }")),
              ElementsAre("Campus-A"));
}

/// Buses 1 to 3 on one transformer; its star is a bus of the network, but none of the file.
TEST_F(SweepFile, ThreeWindingsAreOneElement) {
  testing::Sections raw = testing::two_bus_sections();
  raw["bus"] += "3,'THREE',13.8,1,2,1,1,1.0,0.0\n";
  raw["transformer"] =
      "1,2,3,'T1',1,1,1,0.0,0.0,2,'TRIO',1,1,1.0\n0.002,0.1,100.0,0.002,0.1,100.0,0.002,0.1,100.0,1.0,0.0\n";
  for (int winding = 0; winding < 3; ++winding)
    raw["transformer"] += "1.0,0.0,0.0,0,0,0,0,0,1.1,0.9,1.1,0.9,33,0,0,0\n";
  write("own.raw", testing::raw_file(raw));
  write("own.dyr", "1 'GENCLS' 1 4.0 0.0 /\n");
  const std::string rest =
      "[case]\ntitle = \"three windings\"\n[network]\nraw = \"own.raw\"\ndyr = \"own.dyr\"\n[simulation]\n"
      "until_s = 1\n[loads]\npqbrak = 0.7\nactive = { impedance = 1, current = 0, power = 0 }\n"
      "reactive = { impedance = 1, current = 0, power = 0 }\n";
  write("small.toml", rest);
  const Sweep sweep = with_axis("every = \"transformer\"", "open = { transformer = \"{x}\" }");
  EXPECT_THAT(texts(sweep), ElementsAre("1-2-3-T1"));
  EXPECT_EQ(scenario(sweep, 0).disturbances.size(), 3U);  // all its windings
  EXPECT_THAT(
      texts(with_axis("every = \"transformer\"\nwhere = { kV = 13.8 }", "open = { branch = \"{x}\" }")),
      ElementsAre("1-2-3-T1"));
  EXPECT_THAT(
      texts(with_axis("every = \"bus\"", "fault = { bus = \"{x}\", bolted = true, duration_s = 0.1 }")),
      ElementsAre("1", "2", "3"));
  EXPECT_THAT(texts(with_axis("every = \"line\"", "open = { line = \"{x}\" }")), ElementsAre("1-2-1"));

  const auto opened = [&](const std::string& selection) {
    const Case c =
        read_case_text(rest + "[[event]]\nat_s = 0.5\nopen = { " + selection + " }\n", folder / "small.toml");
    return c.disturbances.size();
  };
  EXPECT_EQ(opened("transformer = { kV = 13.8 }"), 3U);
  EXPECT_EQ(opened("transformer = { bus = 3 }"), 3U);
  EXPECT_EQ(opened("branch = { bus = 2 }"), 4U);
  // Bus 3 is in area 2: a selection by area holds all windings.
  EXPECT_EQ(opened("transformer = { area = [1, 2] }"), 3U);
  EXPECT_THROW((void)opened("transformer = { area = 1 }"), Error);
}

TEST_F(SweepFile, PathsReachRecordsOfTheDynamicsFile) {
  write("own.raw", testing::raw_file(testing::two_bus_sections()));
  write("own.dyr", "1 'GENCLS' 1 4.0 0.0 /\n");
  write(
      "small.toml",
      "[case]\ntitle = \"records\"\n[network]\nraw = \"own.raw\"\ndyr = \"own.dyr\"\n[simulation]\nuntil_s = "
      "1\n[loads]\npqbrak = 0.7\nactive = { impedance = 1, current = 0, power = 0 }\nreactive = { impedance "
      "= 1, "
      "current = 0, power = 0 }\n");
  const auto H_of = [](const Case& c) {
    for (const Plant& plant : c.plants)
      if (plant.kind == "machine") return plant.parts.at(0).parameters.at(0);
    return 0.0;
  };
  for (const char* path : {"dyr.1-1.GENCLS.H", "dyr.1.GENCLS.H", "dyr.*.GENCLS.H"}) {
    const Sweep sweep = with_axis(std::string("path = \"") + path + "\"\nvalues = [3, 5]");
    EXPECT_EQ(H_of(scenario(sweep, 0)), 3) << path;
    EXPECT_EQ(H_of(scenario(sweep, 1)), 5) << path;
    EXPECT_NE(case_key(sweep, 0), case_key(sweep, 1));
  }
  const auto problem = [&](const std::string& path) -> std::string {
    try {
      (void)with_axis("path = \"" + path + "\"\nvalues = [3]");
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(problem("dyr.1-1.GENCL.H"), HasSubstr("did you mean 'GENCLS'?"));
  EXPECT_THAT(problem("dyr.1-2.GENCLS.H"), HasSubstr("did you mean '1-1'?"));
  EXPECT_THAT(problem("dyr.1-1.GENCLS.Hx"), HasSubstr("did you mean 'H'?"));
}

TEST_F(SweepFile, LineEndsFillBothNames) {
  const Sweep sweep =
      with_axis("every = \"line-end\"",
                "line_fault = { branch = \"{x}\", near = \"{x.near}\", bolted = true, clearing_s = 0.1 }");
  EXPECT_THAT(texts(sweep), ElementsAre("1-2-1 at 1", "1-2-1 at 2", "2-3-1 at 2", "2-3-1 at 3"));
  const Case c = scenario(sweep, 1);
  EXPECT_FALSE(std::get<LineFault>(c.disturbances.at(0).action).at_from_end);
}

TEST_F(SweepFile, PathsFindElementsByNameNumberPlaceAndBus) {
  for (const char* path : {"generator.1-1.P_MW", "generator.1.P_MW", "generator.'1-1'.P_MW"}) {
    const Sweep sweep = with_axis(std::string("path = \"") + path + "\"\nvalues = [120, 140]");
    EXPECT_EQ(scenario(sweep, 1).network.generators[0].P_MW, 140) << path;
  }
  EXPECT_EQ(scenario(with_axis("path = \"line.1-2-1.X\"\nvalues = [0.03]"), 0).network.branches[0].X, 0.03);
  EXPECT_EQ(scenario(with_axis("path = \"bus.2.base_kV\"\nvalues = [231]"), 0).network.buses[1].base_kV, 231);
  EXPECT_EQ(scenario(with_axis("path = \"line.*.X\"\nvalues = [0.03]"), 0).network.branches[1].X, 0.03);
}

TEST_F(SweepFile, FingerprintFollowsEverythingTheResultsDependOn) {
  const std::string before = read(kSmallSweep).fingerprint;
  EXPECT_EQ(read(kSmallSweep).fingerprint, before);
  EXPECT_NE(read(kSmallSweep + "\n").fingerprint, before);
  write("small.toml", testing::kSmallCase + "\n");
  EXPECT_NE(read(kSmallSweep).fingerprint, before);
  EXPECT_EQ(program_sum().size(),
            16U);  // of the program's file; tests/cli/sweep_test.cpp resumes with another
}

TEST_F(SweepFile, ListCountsScenariosAndCasesAtRest) {
  const std::string text = list_text(read(kSmallSweep), 2);
  EXPECT_THAT(text, HasSubstr("0 bus 1, power 60"));
  EXPECT_THAT(text, HasSubstr("and 4 more"));
  EXPECT_THAT(text, HasSubstr("6 scenarios over 2 cases at rest"));
}

}  // namespace
}  // namespace ballast
