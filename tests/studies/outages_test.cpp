/// N-1 and N-2 of cases small enough to count by hand.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "studies/results.hpp"
#include "studies/sweep.hpp"
#include "tests/studies/small_sweep.hpp"

namespace ballast {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class OutageSweep : public testing::SweepFolderTest {
 protected:
  static std::string text_of(const std::string& axis, const std::string& event) {
    return fmt::format(R"([sweep]
title = "outages"
case = "{}"
base_events = "drop"
[[axis]]
name = "out"
{}
[[event]]
at_s = 1
{}
)",
                       "CASE", axis, event);
  }
  Sweep small(const std::string& axis, const std::string& event = "trip = \"{out}\"") {
    return read_sweep_text(testing::replaced(text_of(axis, event), "CASE", "small.toml"),
                           folder / "sweep.toml");
  }
  static Sweep two_area(const std::string& axis) {
    return read_sweep_text(testing::replaced(text_of(axis, "trip = \"{out}\""), "CASE", "case.toml"),
                           std::filesystem::path(BALLAST_SOURCE_DIR) / "cases/two-area-campus/outages.toml");
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

TEST_F(OutageSweep, EveryOneOfTwoLinesAndTwoMachines) {
  const Sweep sweep = small("outages = {}");
  EXPECT_THAT(texts(sweep), ElementsAre("1-2-1", "2-3-1", "machine 1-1", "machine 3-1"));
  for (int k = 0; k < 4; ++k) EXPECT_THAT(scenario(sweep, k).disturbances, SizeIs(1)) << k;
  EXPECT_EQ(sweep.axes[0].values[0].note, "parts the grid in 2");
  EXPECT_EQ(sweep.axes[0].values[2].note, "") << "the other machine holds all buses";
}

TEST_F(OutageSweep, EveryPairAndWhatItLeaves) {
  const Sweep sweep = small("outages = { order = 2 }");
  EXPECT_THAT(texts(sweep),
              ElementsAre("1-2-1 + 2-3-1", "1-2-1 + machine 1-1", "1-2-1 + machine 3-1",
                          "2-3-1 + machine 1-1", "2-3-1 + machine 3-1", "machine 1-1 + machine 3-1"));
  const auto note = [&](int k) { return sweep.axes[0].values[k].note; };
  EXPECT_THAT(note(0), HasSubstr("leaves bus 2 without a machine, "));
  EXPECT_THAT(note(0), HasSubstr("parts the grid in 2"));
  EXPECT_EQ(note(1), "leaves bus 1 without a machine, 0 MW of load");
  EXPECT_THAT(note(2), HasSubstr("leaves buses 2, 3 without a machine"));
  EXPECT_THAT(note(5), HasSubstr("leaves buses 1, 2, 3 without a machine"));
  for (int k = 0; k < 6; ++k) EXPECT_THAT(scenario(sweep, k).disturbances, SizeIs(2)) << k;
  ASSERT_FALSE(sweep.warnings.empty());
  EXPECT_THAT(sweep.warnings.front().what, HasSubstr("6 of the outages"));
  EXPECT_THAT(list_text(sweep, 10), HasSubstr("(leaves bus 1 without a machine"));
}

TEST_F(OutageSweep, SecondsMayFollowFirsts) {
  const Sweep sweep = small("outages = { of = [\"line\"], order = 2 }",
                            "trip = \"{out.first}\"\n[[event]]\nat_s = 5\ntrip = \"{out.second}\"");
  const Case c = scenario(sweep, 0);
  ASSERT_THAT(c.disturbances, SizeIs(2));
  EXPECT_EQ(c.disturbances[0].at_s, 1);
  EXPECT_EQ(c.disturbances[1].at_s, 5);
}

TEST_F(OutageSweep, CountsOfTheTwoAreas) {
  // 8 lines, 4 step-up transformers and that of the campus, 4 machines.
  EXPECT_EQ(two_area("outages = {}").scenarios, 8 + 5 + 4);
  EXPECT_EQ(two_area("outages = { order = 2 }").scenarios, 17 * 16 / 2);
  EXPECT_EQ(two_area("outages = { of = [\"line\"], order = 2 }").scenarios, 8 * 7 / 2);
  // At buses 5 to 11 meet 1, 2, 3, 4, 3, 2, 1 lines; the two double circuits meet at both ends.
  EXPECT_EQ(two_area("outages = { of = [\"line\"], order = 2, pairs = \"shared-bus\" }").scenarios,
            1 + 3 + 6 + 3 + 1 - 2);
  EXPECT_THAT(texts(two_area("outages = { of = [\"line\"], order = 2, pairs = \"right-of-way\" }")),
              ElementsAre("7-8-1 + 7-8-2", "8-9-1 + 8-9-2"));
  EXPECT_THAT(texts(two_area("outages = { of = [\"line\"] }\nwhere = { area = 2 }")),
              ElementsAre("8-9-1", "8-9-2", "9-10-1", "10-11-1"));
  EXPECT_THAT(texts(two_area("outages = { of = [\"line\"] }\nwhere = { min_rate_MVA = 300 }")),
              ElementsAre("7-8-1", "7-8-2", "8-9-1", "8-9-2"));
  EXPECT_THAT(texts(two_area("outages = { of = [\"machine\"] }\nwhere = { area = 1, min_rate_MVA = 900 }")),
              ElementsAre("machine 1-1", "machine 2-1"));
}

TEST_F(OutageSweep, RadialOnesAreReportedAndCanBeDropped) {
  const Sweep kept = two_area("outages = { of = [\"transformer\"] }");
  ASSERT_EQ(kept.scenarios, 5);
  EXPECT_EQ(kept.axes[0].values[1].note, "parts the grid in 2") << "a machine alone at its terminal lives";
  EXPECT_THAT(kept.axes[0].values[0].note, HasSubstr("leaves bus 901 without a machine, "));
  ASSERT_FALSE(kept.warnings.empty());
  EXPECT_THAT(kept.warnings.front().what, HasSubstr("1 of the outages of [[axis]] 'out' leave"));
  EXPECT_EQ(two_area("outages = { of = [\"transformer\"], radial = \"drop\" }").scenarios, 4);
}

}  // namespace
}  // namespace ballast
