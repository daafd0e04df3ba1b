/// Running sweeps: same bits for any number of workers, crashes that stay where they happen, resumption.
#include "studies/run_sweep.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "studies/journal.hpp"
#include "studies/results.hpp"
#include "tests/studies/small_sweep.hpp"
#include "tests/studies/table_bits.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::bits;
using ::testing::HasSubstr;
using testing::kSmallSweep;
using testing::replaced;

/// A result without what differs from run to run.
std::string untimed(ScenarioResult result) {
  result.cpu_s = result.wall_s = 0;
  result.attempts = 1;
  return result_text(result);
}

class RunSweep : public testing::SweepFolderTest {
 protected:
  Sweep read(const std::string& text) { return read_sweep_text(text, folder / "sweep.toml"); }
  SweepOptions into(const char* name, int jobs = 2) const {
    SweepOptions options;
    options.jobs = jobs;
    options.folder = folder / name;
    options.make_record = [](const fs::path& path) { return std::make_unique<RecordWriter>(path); };
    return options;
  }
  static double number(const SweepRun& run, std::size_t row, const std::string& column) {
    for (std::size_t c = 0; c < run.columns.size(); ++c)
      if (run.columns[c].name == column) return std::get<double>(run.results.at(row).cells.at(c));
    ADD_FAILURE() << "no column " << column;
    return std::nan("");
  }
  static std::string text(const SweepRun& run, std::size_t row, const std::string& column) {
    for (std::size_t c = 0; c < run.columns.size(); ++c)
      if (run.columns[c].name == column) return std::get<std::string>(run.results.at(row).cells.at(c));
    ADD_FAILURE() << "no column " << column;
    return "";
  }
  static std::vector<int> records(const fs::path& at) {
    std::vector<int> numbers;
    for (const auto& entry : fs::directory_iterator(at / "records")) {
      EXPECT_EQ(entry.path().extension(), ".h5");
      numbers.push_back(std::stoi(entry.path().filename().string()));
    }
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
};

TEST_F(RunSweep, AnyNumberOfWorkersGivesTheSameBits) {
  const Sweep sweep = read(kSmallSweep);
  const SweepRun one = run_sweep(sweep, into("one", 1));
  const SweepRun three = run_sweep(sweep, into("three", 3));
  ASSERT_TRUE(one.complete);
  ASSERT_EQ(one.results.size(), 6U);
  EXPECT_EQ(bits(result_table(sweep, one)), bits(result_table(sweep, three)));
  for (const ScenarioResult& r : one.results) EXPECT_FALSE(is_failure(r.ending)) << r.message;
}

TEST_F(RunSweep, FiguresAreThoseOfARecordOfTheSameRun) {
  const Sweep sweep = read(replaced(replaced(kSmallSweep, "\"none\"", "[2]"), "from_s = 1.1", "from_s = 0"));
  const SweepRun run = run_sweep(sweep, into("out"));
  ASSERT_EQ(records(folder / "out"), std::vector<int>{2});
  const Record record = read_record(folder / "out/records/000002.h5");
  EXPECT_TRUE(record.status.completed);
  double least = 10;
  double town = 10;
  double below = 0;
  const std::size_t voltage = record.find("bus.voltage").value();
  const auto lowest = [&](std::size_t k) {
    double v = 10;
    for (std::size_t e = 0; e < record.elements(voltage); ++e) v = std::min(v, record.at(voltage, k, e));
    return v;
  };
  for (std::size_t k = 0; k < record.samples(); ++k) {
    least = std::min(least, lowest(k));
    town = std::min(town, record.at(voltage, k, 1));
    if (k > 0 && lowest(k - 1) < 0.9 && lowest(k) < 0.9) below += record.times_s[k] - record.times_s[k - 1];
  }
  EXPECT_EQ(number(run, 2, "voltage_min_pu"), least);
  EXPECT_EQ(number(run, 2, "town_min_pu"), town);
  EXPECT_NEAR(number(run, 2, "voltage_below_0.9_pu_s"), below, 0.011)
      << "within the two ends of the interval";
  EXPECT_GT(below, 0.09) << "the fault lasts 0.1 s";
  EXPECT_EQ(number(run, 2, "events"), static_cast<double>(record.events.size()));
}

TEST_F(RunSweep, ACrashIsTriedAgainAndThenRecorded) {
  const Sweep sweep = read(kSmallSweep);
  const SweepRun calm = run_sweep(sweep, into("calm"));
  SweepOptions options = into("crashing");
  options.before_scenario = [](int scenario, int attempt) {
    if (scenario == 1) raise(SIGSEGV);                                       // always
    if (scenario == 2 && attempt == 1) raise(SIGKILL);                       // once
    if (scenario == 3 && attempt == 1) kill(getppid(), SIGKILL), sleep(10);  // takes its worker along, once
    if (scenario == 4) kill(getppid(), SIGKILL), sleep(10);                  // always
  };
  const SweepRun run = run_sweep(sweep, options);
  ASSERT_EQ(run.results.size(), 6U);
  EXPECT_EQ(run.results[1].ending, Ending::CRASHED);
  EXPECT_THAT(run.results[1].message, HasSubstr("signal 11 (Segmentation fault)"));
  EXPECT_EQ(run.results[4].ending, Ending::CRASHED);
  EXPECT_THAT(run.results[4].message, HasSubstr("signal 9"));
  EXPECT_EQ(run.results[2].attempts, 2);
  for (const int same : {0, 2, 3, 5}) {
    EXPECT_EQ(run.results[same].ending, calm.results[same].ending) << same;
    EXPECT_EQ(untimed(run.results[same]), untimed(calm.results[same])) << same;
  }
}

TEST_F(RunSweep, ResumingFindsWhatIsDoneAndAddsTheRest) {
  const Sweep sweep = read(kSmallSweep);
  const SweepRun whole = run_sweep(sweep, into("whole"));
  SweepOptions options = into("parts", 1);
  // When two results are on the disk: each is a line of a journal, below its first.
  options.interrupted = [&] {
    std::ptrdiff_t lines = 0;
    for (const auto& file : std::filesystem::directory_iterator(options.folder / "journal")) {
      std::ifstream journal(file.path());
      lines += std::count(std::istreambuf_iterator<char>(journal), {}, '\n') - 1;
    }
    return lines >= 2;
  };
  const SweepRun part = run_sweep(sweep, options);
  EXPECT_FALSE(part.complete);
  EXPECT_LT(part.results.size(), 6U);
  options.interrupted = {};
  EXPECT_THROW((void)run_sweep(sweep, options), Error) << "not without being told to resume";
  options.resume = true;
  const SweepRun rest = run_sweep(sweep, options);
  EXPECT_TRUE(rest.complete);
  EXPECT_GE(rest.resumed, 2);
  EXPECT_EQ(bits(result_table(sweep, rest)), bits(result_table(sweep, whole)));
}

TEST_F(RunSweep, AnotherSweepsFolderIsRefused) {
  (void)run_sweep(read(kSmallSweep), into("out"));
  SweepOptions options = into("out");
  options.resume = true;
  try {
    (void)run_sweep(read(replaced(kSmallSweep, "[60, 80]", "[60, 70]")), options);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("another sweep"));
  }
  write("out/notes.txt", "mine");
  EXPECT_THROW((void)run_sweep(read(kSmallSweep), options), Error) << "a foreign file";
}

TEST_F(RunSweep, ALineThatIsDamagedRunsAgain) {
  const Sweep sweep = read(kSmallSweep);
  const SweepRun before = run_sweep(sweep, into("out", 1));
  const fs::path journal = folder / "out/journal/0001-001.jsonl";
  fs::resize_file(journal, fs::file_size(journal) - 20);
  SweepOptions options = into("out", 1);
  options.resume = true;
  const SweepRun after = run_sweep(sweep, options);
  EXPECT_EQ(after.this_session, 1);
  EXPECT_EQ(after.damaged_lines, 1U);
  EXPECT_EQ(bits(result_table(sweep, after)), bits(result_table(sweep, before)));
}

TEST_F(RunSweep, AVariantWithoutSolutionIsBadInputAndTheOthersRun) {
  const Sweep sweep = read(replaced(kSmallSweep, "[60, 80]", "[60, 80000]"));
  const SweepRun run = run_sweep(sweep, into("out"));
  ASSERT_EQ(run.results.size(), 6U);
  EXPECT_FALSE(is_failure(run.results[0].ending)) << run.results[0].message;
  EXPECT_EQ(run.results[1].ending, Ending::BAD_INPUT);
  EXPECT_NE(run.results[1].message, "");
  EXPECT_THAT(summary_text(sweep, run), HasSubstr("3 bad input"));
}

TEST_F(RunSweep, LossOfSynchronismIsAnOutcomeAndCanEndTheRun) {
  // Bolted for a second at the machine's own bus: it accelerates until it slips.
  std::string changed = replaced(kSmallSweep, "duration_s = 0.1", "duration_s = 1.0");
  changed = replaced(changed, "kV = 230", "number = 1");
  changed = replaced(changed, "keep = \"none\"", "keep = \"unstable\"");
  const Sweep on = read(changed);
  const SweepRun went_on = run_sweep(on, into("on"));
  EXPECT_EQ(went_on.results[0].ending, Ending::LOSS_OF_SYNCHRONISM) << went_on.results[0].message;
  EXPECT_EQ(text(went_on, 0, "loss_of_synchronism_machine"), "1-1");
  EXPECT_EQ(number(went_on, 0, "end_time_s"), 3);
  EXPECT_GT(number(went_on, 0, "angle_departure_deg"), 180);
  EXPECT_EQ(number(went_on, 0, "settled"), 0);
  EXPECT_EQ(records(folder / "on"), (std::vector<int>{0, 1}));

  const Sweep stop = read(replaced(changed, "angle_deg = 180", "angle_deg = 180\nat_loss = \"stop\""));
  const SweepRun stopped = run_sweep(stop, into("stop"));
  EXPECT_EQ(stopped.results[0].ending, Ending::LOSS_OF_SYNCHRONISM) << stopped.results[0].message;
  EXPECT_EQ(number(stopped, 0, "loss_of_synchronism_s"), number(went_on, 0, "loss_of_synchronism_s"));
  EXPECT_LT(number(stopped, 0, "end_time_s"), 3);
}

TEST_F(RunSweep, IslandsAndDeadBusesAreAnOutcome) {
  std::string changed = replaced(kSmallSweep, "every = \"bus\"\nwhere = { kV = 230 }", "every = \"line\"");
  changed = replaced(changed, "fault = { bus = \"{bus}\", bolted = true, duration_s = 0.1 }",
                     "trip = { branch = \"{bus}\" }");
  const SweepRun run = run_sweep(read(changed), into("out"));
  ASSERT_EQ(run.results.size(), 4U);
  EXPECT_EQ(run.results[0].ending, Ending::ISLANDED) << "without line 1-2 the machine stands alone";
  EXPECT_EQ(number(run, 0, "islands_end"), 2);
}

TEST_F(RunSweep, VerdictsJudgeFiguresAndMetrics) {
  const Sweep sweep = read(kSmallSweep + R"([[verdict]]
name = "town_holds"
of = "town_min_pu"
at_least = 0.01
[[verdict]]
name = "no_lock"
of = "ups_locked"
at_most = 0
)");
  const SweepRun run = run_sweep(sweep, into("out"));
  int failed = 0;
  for (std::size_t k = 0; k < run.results.size(); ++k) {
    const bool holds = number(run, k, "town_min_pu") >= 0.01;
    EXPECT_EQ(number(run, k, "town_holds"), holds ? 1 : 0);
    EXPECT_EQ(number(run, k, "no_lock"), 1);
    EXPECT_EQ(text(run, k, "verdict"), holds ? "pass" : "town_holds");
    if (!holds) ++failed;
    EXPECT_EQ(number(run, k, "load_lost_tripped_MW") + number(run, k, "load_lost_automata_MW") +
                  number(run, k, "load_lost_dead_MW"),
              number(run, k, "load_lost_MW"));
    EXPECT_THAT(text(run, k, "first_cause"), HasSubstr("fault")) << "the UPS leaves the grid for the fault";
  }
  std::printf("%d of 6 do not hold the town's voltage\n", failed);
}

TEST_F(RunSweep, SettledFromIsTheLastTimeAnythingMovedTooFar) {
  std::string changed = replaced(kSmallSweep, "until_s = 3", "until_s = 20");
  changed = replaced(changed, "values = [60, 80]", "values = [60]");
  changed = replaced(changed, "case = \"small.toml\"", "case = \"calm.toml\"");
  write("calm.toml", testing::spoiled("start_s = 1", "start_s = inf"));
  changed = replaced(changed, "keep = \"none\"", "keep = \"all\"");
  const Sweep sweep = read(changed);
  const SweepRun run = run_sweep(sweep, into("out"));
  for (std::size_t k = 0; k < run.results.size(); ++k) {
    if (number(run, k, "settled") != 1) {
      EXPECT_TRUE(std::isnan(number(run, k, "settled_from_s")));
      continue;
    }
    const Record record = read_record(folder / "out/records" /
                                      (k == 0   ? "000000.h5"
                                       : k == 1 ? "000001.h5"
                                                : "000002.h5"));
    double from = 0;  // of every quantity: the latest sample that is too far from a later one
    const auto rest = [&](const char* name, double allowed) {
      const std::size_t q = record.find(name).value();
      for (std::size_t e = 0; e < record.elements(q); ++e) {
        double least = 1e9;
        double most = -1e9;
        for (std::size_t s = record.samples(); s-- > 0;) {
          least = std::min(least, record.at(q, s, e));
          most = std::max(most, record.at(q, s, e));
          if (most - least <= allowed) continue;
          from = std::max(from, record.times_s[s]);
          break;
        }
      }
    };
    rest("bus.voltage", 0.01);
    rest("frequency", 0.05);
    std::printf("settled from %.3f s, by the record %.3f s, allowed 0.03 s\n",
                number(run, k, "settled_from_s"), from);
    EXPECT_NEAR(number(run, k, "settled_from_s"), from, 0.03);
    EXPECT_GT(from, 1.0) << "the fault";
  }
}

TEST_F(RunSweep, ProcessorTimeHasALimit) {
  const Sweep sweep = read(replaced(kSmallSweep, "limit = 100", "limit = 100\ncpu_limit_s = 1"));
  SweepOptions options = into("out");
  options.before_scenario = [](int scenario, int) {
    volatile double x = 0;
    while (scenario == 0) x = x + 1;
  };
  const SweepRun run = run_sweep(sweep, options);
  EXPECT_EQ(run.results[0].ending, Ending::CRASHED);
  EXPECT_THAT(run.results[0].message, HasSubstr("cpu_limit_s = 1 s"));
  EXPECT_FALSE(is_failure(run.results[1].ending));
}

TEST_F(RunSweep, AMetricThatNamesNothingIsAnErrorBeforeAnythingRuns) {
  const Sweep sweep = read(replaced(kSmallSweep, "bus.2.voltage", "bus.2.voltge"));
  try {
    (void)run_sweep(sweep, into("out"));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("sweep.toml:30:"));
    EXPECT_THAT(error.what(), HasSubstr("did you mean"));
  }
}

TEST(TwoAreaSweep, AFaultAtEveryBusOfTheShippedCase) {
  const fs::path folder = fs::temp_directory_path() / ("ballast-two-area-" + std::to_string(getpid()));
  const std::string text = R"([sweep]
title = "every bus of the two areas"
case = "case.toml"
base_events = "drop"
[set]
simulation.until_s = 4
[[axis]]
name = "bus"
every = "bus"
[[event]]
at_s = 1
fault = { bus = "{bus}", bolted = true, duration_s = 0.1 }
)";
  const Sweep sweep =
      read_sweep_text(text, fs::path(BALLAST_SOURCE_DIR) / "cases/two-area-campus/sweep.toml");
  SweepOptions options;
  options.jobs = 2;
  options.folder = folder;
  const SweepRun run = run_sweep(sweep, options);
  fs::remove_all(folder);
  EXPECT_EQ(run.results.size(), sweep.base_case.network.buses.size());
  for (const ScenarioResult& r : run.results)
    EXPECT_FALSE(is_failure(r.ending)) << r.scenario << ": " << r.message;
}

}  // namespace
}  // namespace ballast
