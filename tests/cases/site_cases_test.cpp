/// The campuses of named sites in cases/: each shows what its README says.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "tests/cases/recorded.hpp"

namespace ballast {
namespace {

using testing::recorded;
using testing::run_in_memory;
using Series = std::vector<double>;

std::string case_file(const std::string& name) {
  return std::string(BALLAST_SOURCE_DIR) + "/cases/" + name + "/case.toml";
}
Record run(const std::string& name) { return run_in_memory(read_case(case_file(name))); }

struct Range {
  double low = kInfinity, high = -kInfinity;
  [[nodiscard]] double swing() const { return high - low; }
};
Range between(const Record& record, const Series& values, double from, double to) {
  Range range;
  for (std::size_t k = 0; k < values.size(); ++k)
    if (record.times_s[k] >= from && record.times_s[k] <= to) {
      range.low = std::min(range.low, values[k]);
      range.high = std::max(range.high, values[k]);
    }
  return range;
}
double mean(const Record& record, const Series& values, double from, double to) {
  double sum = 0;
  for (std::size_t k = 1; k < values.size(); ++k)
    if (record.times_s[k - 1] >= from && record.times_s[k] <= to)
      sum += 0.5 * (values[k] + values[k - 1]) * (record.times_s[k] - record.times_s[k - 1]);
  return sum / (to - from);
}
/// Times of the events whose text ends with this.
std::vector<double> times_of(const Record& record, const std::string& ending) {
  std::vector<double> times;
  for (const LoggedEvent& event : record.events)
    if (event.text.ends_with(ending)) times.push_back(event.time_s);
  return times;
}

struct Site {
  const char* name;
  std::vector<const char*> campuses;
  double rated_MW;
};
class SiteCase : public ::testing::TestWithParam<Site> {};

/// In training the highest power is that of compute_level or a little less; nothing draws more than the site.
TEST_P(SiteCase, DrawsWhatIsPublicOfTheSite) {
  const Site& site = GetParam();
  Case c = read_case(case_file(site.name));
  c.simulation.until_s = 30;
  std::erase_if(c.disturbances, [](const Disturbance& d) { return d.at_s >= 30; });
  const Record record = run_in_memory(c);
  double rest = 0;
  double most = 0;
  for (const char* campus : site.campuses) {
    const Series power = recorded(record, "datacenter.power", campus);
    rest += power.front();
    most += between(record, power, 19, 30).high;
    EXPECT_LT(between(record, power, 0, 0.99).swing(), 1e-6) << "at rest";
  }
  fmt::print("{}: {:.0f} MW at rest, at most {:.0f} in operation, of {:.0f} MW\n", site.name, rest, most,
             site.rated_MW);
  EXPECT_GT(most, 0.8 * site.rated_MW);
  EXPECT_LT(most, site.rated_MW);
}
INSTANTIATE_TEST_SUITE_P(
    Sites, SiteCase,
    ::testing::Values(Site{"colossus", {"Colossus"}, 300}, Site{"abilene-phase-0", {"Hall-1", "Hall-2"}, 200},
                      Site{"abilene-phase-1", {"Abilene"}, 958}, Site{"abilene-phase-2", {"Abilene"}, 1200},
                      Site{"frontier", {"Frontier"}, 1400}, Site{"hyperion", {"Hyperion"}, 5000},
                      Site{"rainier", {"Rainier"}, 2200}, Site{"munich-110kV", {"Munich"}, 60}));

TEST(Colossus, MegapacksChargeInThePlaceOfTheCampusThatLeft) {
  const Record record = run("colossus");
  const Series campus = recorded(record, "datacenter.power", "Colossus");
  const Series one = recorded(record, "branch.power", "1-2-1");
  const Series two = recorded(record, "branch.power", "1-3-1");
  Series grid(one.size());
  for (std::size_t k = 0; k < grid.size(); ++k) grid[k] = one[k] + two[k];
  const double before = mean(record, grid, 75, 80);
  const double after = mean(record, grid, 81, 82);
  fmt::print("campus {:.0f} MW before the fault and {:.0f} MW 1 s after it, grid {:.0f} and {:.0f} MW\n",
             mean(record, campus, 75, 80), mean(record, campus, 81, 82), before, after);
  EXPECT_LT(mean(record, campus, 81, 82), 30);
  EXPECT_NEAR(after, before, 5);
  const double swing = between(record, campus, 25, 49).swing();
  const double left = between(record, grid, 25, 49).swing();
  fmt::print("in training the campus swings by {:.0f} MW, the grid by {:.0f} MW\n", swing, left);
  EXPECT_LT(left, 0.45 * swing);
  EXPECT_EQ(times_of(record, "walk-in to normal").size(), 19U);  // and one on the gensets
  EXPECT_GT(recorded(record, "datacenter.total.P_backup", "Colossus").back(), 10);
}

TEST(AbilenePhase1, TheIslandSurvivesTheLossOfAUnitAndTheStopOfItsJob) {
  const Record record = run("abilene-phase-1");
  const Series frequency = recorded(record, "bus.frequency", "2");
  const Range loss = between(record, frequency, 20, 59);
  const Range stop = between(record, frequency, 60, 120);
  fmt::print(
      "loss of a unit: {:.3f} Hz at the lowest; stop of the job: {:.3f} Hz at the highest, {:.4f} at the "
      "end\n",
      loss.low, stop.high, frequency.back());
  EXPECT_NEAR(loss.low, 59.82, 0.02);
  EXPECT_NEAR(stop.high, 60.89, 0.03);
  EXPECT_NEAR(frequency.back(), 60, 0.01);
  EXPECT_TRUE(times_of(record, "to battery").empty());
}

TEST(AbilenePhase1, FourUnitsLostAreMetByATierAndWithoutItTakeTheSite) {
  std::ifstream file(case_file("abilene-phase-1"));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto replace = [&](const std::string& what, const std::string& by) {
    ASSERT_NE(text.find(what), std::string::npos) << what;
    text.replace(text.find(what), what.size(), by);
  };
  replace("lumped = 1 ", "lumped = 4 ");
  replace("crash_at_s = 60", "crash_at_s = inf");
  const Record bare = run_in_memory(read_case_text(text, case_file("abilene-phase-1")));
  replace("tiers = { share_1 = 0.1 }", "tiers = { share_1 = 0.1, f_1 = 59.5, ramp_down = 1 }");
  const Record tier = run_in_memory(read_case_text(text, case_file("abilene-phase-1")));
  const double lost = recorded(bare, "datacenter.power", "Abilene").back();
  const double kept = recorded(tier, "datacenter.power", "Abilene").back();
  fmt::print("site at the end: {:.0f} MW without, {:.0f} MW with a tier of 10 %\n", lost, kept);
  EXPECT_EQ(times_of(bare, "to locked").size(), 13U);
  EXPECT_NEAR(lost, 247, 5);
  EXPECT_NEAR(kept, 829, 5);
}

TEST(AbilenePhase1, FiveMinutesOfBatteryLoseTheRaceAgainstTheStartByFiveBlocksOfSixteen) {
  Case c = read_case(std::string(BALLAST_SOURCE_DIR) + "/cases/abilene-phase-1/race.toml");
  c.simulation.until_s = 400;
  c.record.clear();
  c.simulation.record = {"datacenter.Abilene.power", "datacenter.total.P_served_MW"};
  const Record record = run_in_memory(c);
  const std::vector<double> taken = times_of(record, "line 3-2 '1' closed");
  ASSERT_EQ(taken.size(), 1U);
  fmt::print("the plant takes the site {:.1f} s after the grid was lost; {} blocks dark\n", taken[0] - 30,
             times_of(record, "to lost").size());
  // 5 s of sensing, 180 s to speed, 2 s on the dead bus, 945 MW at 50 %/min, 1 s.
  EXPECT_NEAR(taken[0] - 30, 5 + 180 + 2 + (945.0 - 35) / 980 / 0.00833 + 1, 0.5);
  EXPECT_EQ(times_of(record, "walk-in to lost").size(), 5U);
  EXPECT_EQ(times_of(record, "to lost").size(), 5U);
}

TEST(AbilenePhase1, BlocksThatCountLockAtTheThirdDipThoseThatMergeAtTheFourth) {
  const Record record =
      run_in_memory(read_case(std::string(BALLAST_SOURCE_DIR) + "/cases/abilene-phase-1/grid-tie.toml"));
  const std::vector<double> locked = times_of(record, "to locked");
  ASSERT_EQ(locked.size(), 13U);
  int third = 0;
  for (const double time : locked) {
    const bool counts = std::abs(time - 55.87) < 1e-3;
    third += counts ? 1 : 0;
    EXPECT_TRUE(counts || std::abs(time - 61.29) < 1e-3) << time;
  }
  const double left = recorded(record, "datacenter.power", "Abilene").back();
  fmt::print("{} blocks locked at the third dip, {} at the fourth; {:.0f} MW left at the meter\n", third,
             locked.size() - third, left);
  EXPECT_NEAR(left, 263, 1);
}

TEST(NoGenset, BatteriesRunEmptyOneAfterAnotherAndRacksStartAgain) {
  const Record record = run("no-genset");
  const std::vector<double> lost = times_of(record, "battery to lost");
  ASSERT_EQ(lost.size(), 10U);
  fmt::print("first block dark {:.0f} s after the fault, last {:.0f} s\n", lost.front() - 30,
             lost.back() - 30);
  // Batteries of 240 to 360 s of rated load, at a load below the rating.
  EXPECT_GT(lost.front() - 30, 240);
  EXPECT_LT(lost.back() - 30, 600);
  EXPECT_EQ(times_of(record, "walk-in to normal").size(), 10U);
}

TEST(KyberHall, GoesToTheBatteriesOfItsBusAndBackWithoutLoss) {
  const Record record = run("kyber-800V-hall");
  EXPECT_EQ(times_of(record, "takeover to bbu").size(), 10U);
  EXPECT_EQ(times_of(record, "bbu to normal").size(), 10U);
  EXPECT_TRUE(times_of(record, "to lost").empty());
  const double job =
      33.1 * 0.9 * between(record, recorded(record, "datacenter.training.P_it", "Kyber"), 22, 39).swing();
  const double meter = between(record, recorded(record, "datacenter.power", "Kyber"), 22, 39).swing();
  fmt::print("the job swings by {:.1f} MW, the meter by {:.1f} MW\n", job, meter);
  EXPECT_LT(meter, 0.3 * job);
}

TEST(TwoAreaJob, InStepTheSitesSpareTheTieOutOfStepTheyShakeIt) {
  const Record in_step = run("two-area-job");
  std::ifstream file(case_file("two-area-job"));
  std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string shared = "kind = \"job-of\"\ndatacenter = \"West-site\"";
  ASSERT_NE(text.find(shared), std::string::npos);
  text.replace(text.find(shared), shared.size(),
               "kind = \"training\"\niteration_s = 1.8\ncompute_fraction = 0.7\ncompute_level = 0.95\n"
               "swing = 0.5\njitter = 0\nstart_s = 1.9\nwarm_up_s = 5.0");
  const Record out_of_step = run_in_memory(read_case_text(text, case_file("two-area-job")));
  const auto tie = [](const Record& record, double from, double to) {
    return between(record, recorded(record, "branch.power", "7-8-1"), from, to).swing();
  };
  fmt::print("tie circuit from 15 to 20 s: {:.0f} MW in step, {:.0f} MW out of step\n", tie(in_step, 15, 20),
             tie(out_of_step, 15, 20));
  EXPECT_GT(tie(out_of_step, 15, 20), 2 * tie(in_step, 15, 20));
  EXPECT_TRUE(times_of(in_step, "to locked").empty());
  ASSERT_FALSE(times_of(out_of_step, "to locked").empty());
  EXPECT_NEAR(times_of(out_of_step, "to locked").front(), 22.4, 0.5);
}

}  // namespace
}  // namespace ballast
