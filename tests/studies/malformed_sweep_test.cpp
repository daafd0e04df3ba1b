/// Sweep files that are wrong: every one ends in an error that says what, where, the value, and what to do.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "studies/sweep.hpp"
#include "tests/studies/small_sweep.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using testing::kSmallSweep;

struct Spoiling {
  const char* name;
  const char* what;  ///< text of the small sweep
  const char* with;
  std::vector<const char*> says;  ///< all in one problem
};
void PrintTo(const Spoiling& s, std::ostream* out) { *out << s.name; }

class MalformedSweep : public testing::SweepFolderTest, public ::testing::WithParamInterface<Spoiling> {};

const Spoiling kSpoilings[] = {
    {"NotToml", "limit = 100", "limit = = 100", {"sweep.toml:6:", "TOML"}},
    {"UnknownKey",
     "limit = 100",
     "limits = 100",
     {"sweep.toml:6:1", "'limits' in [sweep]", "did you mean 'limit'?"}},
    {"UnknownTable", "[figures]", "[figure]", {"sweep.toml:26:", "'figure'", "did you mean 'figures'?"}},
    {"NoTitle", "title = \"small\"", "", {"sweep.toml:1:1", "'title'"}},
    {"NoCase", "case = \"small.toml\"", "", {"sweep.toml:1:1", "'case'", "base case"}},
    {"CaseMissing", "small.toml", "smal.toml", {"sweep.toml:3:", "smal.toml", "cannot be opened"}},
    {"UnknownCombination",
     "\"product\"",
     "\"produkt\"",
     {"sweep.toml:4:", "produkt", "did you mean 'product'?"}},
    {"EventsUndecided", "base_events = \"drop\"", "", {"1 events of its own", "base_events"}},
    {"LimitExceeded", "limit = 100", "limit = 5", {"6 scenarios", "limit of 5", "raise limit"}},
    {"LimitNotPossible", "limit = 100", "limit = 0", {"sweep.toml:6:9", "limit = 0"}},
    {"SetNowhere",
     "simulation.until_s",
     "simulatoin.until_s",
     {"sweep.toml:9:", "'simulatoin'", "did you mean 'simulation'?"}},
    {"SetImpossible", "until_s = 3", "until_s = -3", {"sweep.toml:9:", "until_s = -3 s"}},
    {"SetUnknownKey",
     "until_s = 3",
     "untl_s = 3",
     {"sweep.toml:9:", "'untl_s' in [simulation]", "did you mean 'until_s'?"}},
    {"AxisWithoutName", "name = \"bus\"", "", {"[[axis]] has no 'name'"}},
    {"AxisNameBad", "name = \"power\"", "name = \"the power\"", {"sweep.toml:17:", "'the power'", "letters"}},
    {"AxisNameTaken",
     "name = \"power\"",
     "name = \"outcome\"",
     {"sweep.toml:17:", "'outcome'", "choose another"}},
    {"AxisTwice", "name = \"power\"", "name = \"bus\"", {"sweep.toml:17:", "two axes are called 'bus'"}},
    {"AxisOverNothing", "values = [60, 80]", "", {"sweep.toml:16:", "'power'", "nothing", "values"}},
    {"AxisOverTwoThings",
     "values = [60, 80]",
     "values = [60]\nseeds = { count = 3 }",
     {"sweep.toml:16:", "one of values"}},
    {"NoValues", "values = [60, 80]", "values = []", {"sweep.toml:20:", "'values'", "empty"}},
    {"ValuesNoList", "values = [60, 80]", "values = 60", {"sweep.toml:20:", "the number 60", "a list"}},
    {"ValueIsTable",
     "values = [60, 80]",
     "values = [60, {}]",
     {"sweep.toml:20:", "a table", "numbers, texts"}},
    {"ValueImpossible", "values = [60, 80]", "values = [-60]", {"sweep.toml:20:11", "it_power_MW = -60 MW"}},
    {"RangeWithoutStep",
     "values = [60, 80]",
     "range = { from = 1, to = 2 }",
     {"sweep.toml:20:", "step and count"}},
    {"RangeAway",
     "values = [60, 80]",
     "range = { from = 1, to = 2, step = -1 }",
     {"sweep.toml:20:", "step of -1"}},
    {"RangeEndless",
     "values = [60, 80]",
     "range = { from = 0, to = 1, step = 1e-9 }",
     {"sweep.toml:20:", "too many"}},
    {"RangeAboveLimit",
     "values = [60, 80]",
     "range = { from = 0, to = 1, count = 1000000 }",
     {"sweep.toml:20:", "1000000 values", "limit of 100", "raise limit"}},
    {"SeedsAboveLimit",
     "values = [60, 80]",
     "seeds = { count = 101 }",
     {"sweep.toml:20:", "101 values", "limit of 100", "raise limit"}},
    {"SeedsWithoutCount", "values = [60, 80]", "seeds = { first = 1 }", {"sweep.toml:20:", "'count'"}},
    {"DistributionKind",
     "values = [60, 80]",
     "distribution = { kind = \"nomal\", mean = 70, deviation = 5, samples = 3 }",
     {"sweep.toml:20:", "'nomal'", "did you mean 'normal'?"}},
    {"DistributionWithoutSamples",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5 }",
     {"sweep.toml:20:", "how many values", "[sampling]"}},
    {"DistributionSeedAlone",
     "values = [60, 80]",
     "distribution = { kind = \"uniform\", low = 60, high = 80, seed = 5 }\n[sampling]\nmethod = "
     "\"random\"\nsamples = 4",
     {"sweep.toml:20:", "seed but no samples", "[sampling]"}},
    {"DistributionUpsideDown",
     "values = [60, 80]",
     "distribution = { kind = \"uniform\", low = 80, high = 60, samples = 3 }",
     {"sweep.toml:20:", "from 80 to 60"}},
    {"DistributionNegative",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = -5, samples = 3 }",
     {"sweep.toml:20:", "deviation = -5", "not possible"}},
    {"DistributionTruncatedAway",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5, low = 100, samples = 3 }",
     {"sweep.toml:20:", "between 100 and inf lies 9.9e-10"}},
    {"DistributionHalfNumbers",
     "values = [60, 80]",
     "distribution = { kind = \"uniform\", low = 1.5, high = 60, whole = true, samples = 3 }",
     {"sweep.toml:20:", "1.5", "whole"}},
    {"TriangleModeOutside",
     "values = [60, 80]",
     "distribution = { kind = \"triangular\", low = 60, mode = 90, high = 80, samples = 3 }",
     {"sweep.toml:20:", "mode = 90", "low <= mode <= high"}},
    {"ChoiceWeightsMissing",
     "values = [60, 80]",
     "distribution = { kind = \"choice\", values = [60, 80], weights = [1], samples = 3 }",
     {"sweep.toml:20:", "2 values and 1 weights"}},
    {"DistributionUnknownKey",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5, sampels = 3, samples = 3 }",
     {"sweep.toml:20:", "'sampels'", "did you mean 'samples'?"}},
    {"SamplesAboveLimit",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5, samples = 101 }",
     {"sweep.toml:20:", "101 values", "limit of 100"}},
    {"SamplingOfNothing",
     "values = [60, 80]",
     "values = [60, 80]\n[sampling]\nmethod = \"sobol\"\nsamples = 4",
     {"sweep.toml:21:", "draws nothing"}},
    {"SamplingMethod",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5 }\n[sampling]\nmethod = \"lhs\"\nsamples "
     "= 4",
     {"sweep.toml:22:", "'lhs'", "'latin-hypercube'"}},
    {"ScrambleWithoutSobol",
     "values = [60, 80]",
     "distribution = { kind = \"normal\", mean = 70, deviation = 5 }\n[sampling]\nmethod = "
     "\"random\"\nsamples = 4\nscramble = \"owen\"",
     {"sweep.toml:24:", "only Sobol'"}},
    {"OutageKind",
     "every = \"bus\"\nwhere = { kV = 230 }",
     "outages = { of = [\"lines\"] }",
     {"sweep.toml:13:", "'lines'", "did you mean 'line'?"}},
    {"OutageOrder",
     "every = \"bus\"\nwhere = { kV = 230 }",
     "outages = { order = 3 }",
     {"sweep.toml:13:", "order = 3"}},
    {"OutagePairsOfOne",
     "every = \"bus\"\nwhere = { kV = 230 }",
     "outages = { pairs = \"any\" }",
     {"sweep.toml:13:", "order = 1", "order = 2"}},
    {"OutageOfNothing",
     "every = \"bus\"\nwhere = { kV = 230 }",
     "outages = {}\nwhere = { min_rate_MVA = 5000 }",
     {"sweep.toml:14:", "no such outage"}},
    {"OutageWithinText",
     "every = \"bus\"\nwhere = { kV = 230 }",
     "outages = {}",
     {"sweep.toml:23:", "a table, not a"}},
    {"RatingOfABus",
     "where = { kV = 230 }",
     "where = { min_rate_MVA = 5 }",
     {"sweep.toml:14:", "selects by rating"}},
    {"EveryWhat", "every = \"bus\"", "every = \"buss\"", {"sweep.toml:13:", "'buss'", "did you mean 'bus'?"}},
    {"WhereNothing", "kV = 230", "kV = 231", {"sweep.toml:14:", "no such bus"}},
    {"WhereUnknown", "kV = 230", "kv = 230", {"sweep.toml:14:", "'kv'", "did you mean 'kV'?"}},
    {"WhereWithoutEvery", "every = \"bus\"", "values = [1]", {"sweep.toml:14:", "'where'"}},
    {"PathDynamicsWithoutFile",
     "datacenter.Campus-A.it_power_MW",
     "dyr.1-1.GENROU.H",
     {"sweep.toml:19:", "the case has no dynamics file", "generator.1-1.machine.H"}},
    {"PathDynamicsShort",
     "datacenter.Campus-A.it_power_MW",
     "dyr.GENROU.H",
     {"sweep.toml:19:", "names no parameter", "dyr.<bus>-<id>.<model>.<parameter>"}},
    {"PathOfNetworkFile",
     "datacenter.Campus-A.it_power_MW",
     "shunt.2-1.B_Mvar",
     {"sweep.toml:19:", "no 'shunt'", "network file"}},
    {"PathEmptyWord", "datacenter.Campus-A", "datacenter..Campus-A", {"sweep.toml:19:", "is no path"}},
    {"PathTable",
     "datacenter.Campus-A",
     "datacentre.Campus-A",
     {"sweep.toml:19:", "'datacentre'", "did you mean 'datacenter'?"}},
    {"PathElement",
     "Campus-A.it",
     "Campus-B.it",
     {"sweep.toml:19:", "'Campus-B'", "did you mean 'Campus-A'?"}},
    {"PathTooShallow",
     "it_power_MW",
     "dips_to_lock",
     {"sweep.toml:19:", "'dips_to_lock'", "did you mean 'datacenter.Campus-A.ups.dips_to_lock'?"}},
    {"PathKey",
     "it_power_MW",
     "it_powr_MW",
     {"sweep.toml:19:", "'it_powr_MW'", "did you mean 'it_power_MW'?"}},
    {"PathThroughNumber", "it_power_MW", "bus.power", {"sweep.toml:19:", "the number 2"}},
    {"PlaceholderUnknown",
     "\"{bus}\"",
     "\"{buss}\"",
     {"sweep.toml:24:", "'{buss}'", "did you mean '{bus}'?"}},
    {"AxisUnused", "\"{bus}\"", "2", {"sweep.toml:11:", "'bus' changes nothing", "\"{bus}\""}},
    {"ZipUneven", "\"product\"", "\"zip\"", {"sweep.toml:11:", "different lengths: 'bus' 3, 'power' 2"}},
    {"EventIncomplete", ", duration_s = 0.1", "", {"sweep.toml:24:", "'duration_s'"}},
    {"EventBusUnknown", "\"{bus}\"", "\"1{bus}\"", {"sweep.toml:24:", "bus '11'"}},
    {"EventWithoutTime", "at_s = 1\n", "", {"sweep.toml:22:", "'at_s'"}},
    {"MetricTake", "take = \"min\"", "take = \"mn\"", {"sweep.toml:33:", "'mn'", "did you mean 'min'?"}},
    {"MetricWithoutThreshold", "take = \"min\"", "take = \"time_below\"", {"sweep.toml:30:", "'threshold'"}},
    {"VerdictOfNothing",
     "[stability]",
     "[[verdict]]\nname = \"ok\"\nof = \"frequency_min\"\nat_least = 59\n[stability]",
     {"sweep.toml:37:", "'frequency_min'", "did you mean 'frequency_min_Hz'?"}},
    {"VerdictWithoutLimit",
     "[stability]",
     "[[verdict]]\nname = \"ok\"\nof = \"frequency_min_Hz\"\n[stability]",
     {"sweep.toml:35:", "no limit"}},
    {"RocofWindow",
     "from_s = 1.1",
     "from_s = 1.1\nrocof_window_s = 0",
     {"sweep.toml:28:", "rocof_window_s = 0"}},
    {"MetricNameTaken", "town_min_pu", "settled", {"sweep.toml:31:", "'settled'", "choose another"}},
    {"AngleImpossible", "angle_deg = 180", "angle_deg = 0", {"sweep.toml:36:", "angle_deg = 0 deg"}},
    {"KeepWhat", "keep = \"none\"", "keep = \"some\"", {"sweep.toml:39:", "'some'", "'none'"}},
    {"KeepNoScenario", "keep = \"none\"", "keep = [6]", {"scenario 6", "count from 0"}},
    {"KeepHalf", "keep = \"none\"", "keep = [0.5]", {"sweep.toml:39:", "0.5"}},
};

TEST_P(MalformedSweep, EndsInOneErrorWithItsPlaceAndRemedy) {
  const Spoiling& s = GetParam();
  const std::string text = testing::replaced(kSmallSweep, s.what, s.with);
  std::vector<Problem> problems;
  try {
    (void)read_sweep_text(text, folder / "sweep.toml");
  } catch (const Error& error) {
    problems = error.problems();
  }
  ASSERT_FALSE(problems.empty()) << "accepted";
  for (const Problem& p : problems) fmt::print("{}\n", p.text());
  EXPECT_EQ(problems.size(), 1U) << "one mistake, one error";
  for (const char* part : s.says) EXPECT_THAT(problems.front().text(), HasSubstr(part));
}

INSTANTIATE_TEST_SUITE_P(SweepFiles, MalformedSweep, ::testing::ValuesIn(kSpoilings),
                         [](const auto& one) { return std::string(one.param.name); });

using MalformedSweeps = testing::SweepFolderTest;

TEST_F(MalformedSweeps, SeveralMistakesAreReportedTogether) {
  std::string text = testing::replaced(kSmallSweep, "limit = 100", "limits = 100");
  text = testing::replaced(text, "values = [60, 80]", "values = []");
  text = testing::replaced(text, "take = \"min\"", "take = \"mn\"");
  try {
    (void)read_sweep_text(text, folder / "sweep.toml");
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.problems().size(), 3U) << error.what();
  }
}

}  // namespace
}  // namespace ballast
