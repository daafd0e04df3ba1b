/// Sweeps as a user runs them: killed at random moments, resumed, counted.
#include <gmock/gmock.h>

#include <random>

#include "tests/cli/small_sweep.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;
using testing::SweepProgram;

TEST_F(SweepProgram, KilledTenTimesItComesToTheSameBytes) {
  ASSERT_EQ(run({"sweep", "sweep.toml", "--jobs", "2", "-o", "whole"}).code, 0);
  const unsigned seed = std::random_device{}();
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> delay_ms(30, 400);
  int killed = 0;
  for (int k = 0; k < 10; ++k) {
    const pid_t child =
        start({"sweep", "sweep.toml", "--jobs", "2", "-o", "killed", "--resume"}, [] { setpgid(0, 0); });
    setpgid(child, child);
    std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms(random)));
    kill(-child, SIGKILL);
    if (wait(child).signal == SIGKILL) ++killed;
  }
  std::printf("%d of 10 sessions were killed before their end\n", killed);
  const Ended last = run({"sweep", "sweep.toml", "--jobs", "2", "-o", "killed", "--resume"});
  EXPECT_EQ(last.code, 0) << last.err;
  std::printf("%s", last.out.c_str());
  expect_same_tables("whole", "killed");
}

TEST_F(SweepProgram, LeavesAReportThatNamesTheCommandOfEachScenario) {
  write("kept.toml", R"([sweep]
title = "two <faults>"
case = "small.toml"
base_events = "drop"
[set]
simulation.until_s = 2
[[axis]]
name = "length"
unit = "s"
values = [0.05, 0.1]
[[event]]
at_s = 1
fault = { bus = 1, bolted = true, duration_s = "{length}" }
[output]
keep = [1]
)");
  ASSERT_EQ(run({"sweep", "kept.toml", "-o", "my results"}).code, 0);
  const std::string page = content(folder / "my results/report.html");
  EXPECT_THAT(page, HasSubstr("<h1>two &lt;faults&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("2 scenarios over one axis: 2 completed."));
  EXPECT_THAT(page, HasSubstr("\"command\":\"ballast run 'my results' --scenario\""));
  EXPECT_THAT(page, HasSubstr("\"files\":[[1,\"records/000001.h5\",\"records/000001.html\"]]"));
  EXPECT_THAT(content(folder / "my results/records/000001.html"), HasSubstr("Ballast simulation report"));
  // Made again when the sweep is found complete, from the journal alone.
  fs::remove(folder / "my results/report.html");
  ASSERT_EQ(run({"sweep", "kept.toml", "-o", "my results", "--resume"}).code, 0);
  EXPECT_EQ(content(folder / "my results/report.html"), page);
}

TEST_F(SweepProgram, ListsWithoutRunning) {
  const Ended ended = run({"sweep", "sweep.toml", "--list"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("66 scenarios over 2 cases at rest"));
  EXPECT_THAT(ended.out, HasSubstr("0 bus 1, power 60, length 0.05"));
}

TEST_F(SweepProgram, OneScenarioOfAFolderOrAFileRunsInFull) {
  ASSERT_EQ(run({"sweep", "sweep.toml", "--jobs", "2", "-o", "out"}).code, 0);
  const Ended of_folder = run({"run", "out", "--scenario", "37", "-o", "full"});
  EXPECT_EQ(of_folder.code, 0) << of_folder.err;
  EXPECT_THAT(of_folder.out, HasSubstr("scenario 37, bus 2, power 80, length 0.09: completed"));
  EXPECT_THAT(of_folder.out, ::testing::ContainsRegex("all [0-9]+ figures are those of the sweep"));
  EXPECT_TRUE(fs::exists(folder / "full/report.html"));
  EXPECT_TRUE(fs::exists(folder / "full/summary.json"));
  const Ended of_file = run({"run", "sweep.toml", "--scenario", "37"});
  EXPECT_EQ(of_file.code, 0) << of_file.err;
  EXPECT_TRUE(fs::exists(folder / "ballast-out/sweep-37/record.h5"));

  const Ended beyond = run({"run", "out", "--scenario", "66"});
  EXPECT_EQ(beyond.code, 2);
  EXPECT_THAT(beyond.err, HasSubstr("there is no scenario 66: the sweep has 66"));
  const Ended no_sweep = run({"run", "full", "--scenario", "0"});
  EXPECT_EQ(no_sweep.code, 2);
  EXPECT_THAT(no_sweep.err, HasSubstr("not that of a sweep"));
  write("small.toml", testing::kSmallCase + "\n# changed\n");
  const Ended changed = run({"run", "out", "--scenario", "37"});
  EXPECT_EQ(changed.code, 2);
  EXPECT_THAT(changed.err, HasSubstr("has changed since"));
}

TEST_F(SweepProgram, WithoutAFolderOrWithAWrongFileItSaysSo) {
  EXPECT_EQ(run({"sweep", "sweep.toml"}).code, 2);
  EXPECT_EQ(run({"sweep", "absent.toml", "-o", "out"}).code, 2);
  EXPECT_EQ(run({"sweep", "sweep.toml", "-o", "out", "--backend", "abacus"}).code, 2);
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(SweepProgram, InterruptedItGoesOnWhenToldTo) {
  const pid_t child = start({"sweep", "sweep.toml", "-o", "out"});
  ASSERT_TRUE(appears(folder / "out/journal/0001-001.jsonl", 200)) << "a first result";
  kill(child, SIGINT);
  const Ended ended = wait(child);
  EXPECT_EQ(ended.code, 130) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("--resume goes on"));
  EXPECT_EQ(run({"sweep", "sweep.toml", "-o", "out"}).code, 2) << "never over an old sweep";
  EXPECT_EQ(run({"sweep", "sweep.toml", "--jobs", "2", "-o", "out", "--resume"}).code, 0);
}

TEST_F(SweepProgram, AFullDiskEndsItWithItsOwnCode) {
  const Ended ended = run({"sweep", "sweep.toml", "-o", "out"}, [] {
    const rlimit size{3000, 3000};
    setrlimit(RLIMIT_FSIZE, &size);
  });
  EXPECT_EQ(ended.code, 3) << ended.err;
  EXPECT_THAT(ended.err, HasSubstr("cannot write the journal"));
}

}  // namespace
}  // namespace ballast
