/// How runs end, and what is left: finished, interrupted, killed, out of space, collapsed, printed into
/// nowhere.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cases/small_case.hpp"
#include "tests/cli/program.hpp"
#include "viz/record.hpp"

namespace ballast {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;
using testing::content;
using testing::Ended;
using testing::kSmallCase;
using testing::spoiled;
namespace fs = std::filesystem;

class Ending : public testing::Workplace {
 protected:
  [[nodiscard]] Json summary(const std::string& name = "out") const {
    return Json::parse(content(folder / name / "summary.json"));
  }
  [[nodiscard]] std::string record_status(const std::string& name = "out") const {
    return read_record(folder / name / "record.h5", {"frequency"}).status.outcome;
  }
};

TEST_F(Ending, ACompletedRunSaysSoInRecordAndSummary) {
  write("small.toml", kSmallCase);
  const Ended ended = run({"run", "small.toml", "-o", "out"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("completed: 10 s"));
  EXPECT_EQ(ended.err, "");  // no progress line in a pipe
  EXPECT_EQ(record_status(), "completed");
  EXPECT_EQ(summary()["outcome"], "completed");
  EXPECT_EQ(summary()["completed"], true);
  const Record record = read_record(folder / "out" / "record.h5");
  EXPECT_EQ(record.info.case_text, kSmallCase);
  EXPECT_DOUBLE_EQ(record.times_s.back(), 10);
}

TEST_F(Ending, TheOutputFolderIsNamedAfterTheCase) {
  fs::create_directories(folder / "my-case");
  write("my-case/case.toml", kSmallCase);
  ASSERT_EQ(run({"run", "my-case"}).code, 0);
  EXPECT_TRUE(fs::exists(folder / "ballast-out" / "my-case" / "record.h5"));
}

TEST_F(Ending, TheSameCaseGivesTheSameBits) {
  write("small.toml", kSmallCase);
  ASSERT_EQ(run({"run", "small.toml", "-o", "one"}).code, 0);
  ASSERT_EQ(run({"run", "small.toml", "-o", "two"}).code, 0);
  const Record one = read_record(folder / "one" / "record.h5");
  const Record two = read_record(folder / "two" / "record.h5");
  EXPECT_EQ(one.times_s, two.times_s);
  EXPECT_EQ(one.values, two.values);
}

TEST_F(Ending, CheckSaysWhatIsAssumedAndWritesNothing) {
  write("small.toml", kSmallCase);
  const Ended ended = run({"check", "small.toml"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  for (const char* part :
       {"3 buses", "1 GENROU", "V_low_transfer", "initial_level", "at rest:", "data center Campus-A"})
    EXPECT_THAT(ended.out, HasSubstr(part));
  EXPECT_FALSE(fs::exists(folder / "ballast-out"));
}

TEST_F(Ending, AFileSizeLimitLeavesNothingThatLooksFinished) {
  write("small.toml", kSmallCase);
  ASSERT_EQ(run({"run", "small.toml", "-o", "out"}).code, 0);
  const rlim_t whole = fs::file_size(folder / "out" / "record.h5");
  // In the head of the record, on the way, and just before its end.
  for (const rlim_t limit : {rlim_t{1'000}, whole / 4, whole / 2, whole - 1'000}) {
    fs::remove_all(folder / "out");
    const Ended ended = run({"run", "small.toml", "-o", "out"}, [limit] {
      const rlimit size{limit, limit};
      if (setrlimit(RLIMIT_FSIZE, &size) != 0) _exit(96);
    });
    fmt::print("limit {} bytes: exit {}, {}\n", limit, ended.code, ended.err.substr(0, ended.err.find('\n')));
    EXPECT_EQ(ended.signal, 0);
    EXPECT_EQ(ended.code, 3);
    EXPECT_THAT(ended.err, HasSubstr("record.h5"));
    bool finished = false;
    try {
      finished = record_status() == "completed";
    } catch (const Error&) {
      // A head that did not reach the disk is no record at all.
    }
    EXPECT_FALSE(finished);
    if (fs::exists(folder / "out" / "summary.json")) {
      EXPECT_EQ(summary()["completed"], false);
    }
  }
}

TEST_F(Ending, AnInterruptClosesTheRecordAndEndsWith130) {
  write("long.toml", spoiled("until_s = 10", "until_s = 1e6"));
  const pid_t child = start({"run", "long.toml", "-o", "out"});
  ASSERT_TRUE(appears(folder / "out" / "record.h5", 300'000));
  kill(child, SIGINT);
  const Ended ended = wait(child);
  fmt::print("{}", ended.err);
  EXPECT_EQ(ended.code, 130);
  EXPECT_THAT(record_status(), HasSubstr("interrupted at"));
  EXPECT_THAT(summary()["outcome"].get<std::string>(), HasSubstr("interrupted at"));
  EXPECT_EQ(summary()["completed"], false);
}

TEST_F(Ending, AKilledRunLooksUnfinished) {
  write("small.toml", kSmallCase);
  ASSERT_EQ(run({"run", "small.toml", "-o", "out"}).code, 0);
  ASSERT_TRUE(fs::exists(folder / "out" / "summary.json"));
  write("long.toml", spoiled("until_s = 10", "until_s = 1e6"));
  const pid_t child = start({"run", "long.toml", "-o", "out"});
  ASSERT_TRUE(appears(folder / "out" / "record.h5", 3'000'000));  // more than the short run left
  kill(child, SIGKILL);
  EXPECT_EQ(wait(child).signal, SIGKILL);
  EXPECT_EQ(record_status(), "running");
  EXPECT_FALSE(fs::exists(folder / "out" / "summary.json"));  // that of the earlier run is gone
}

TEST_F(Ending, ARunThatCannotGoOnEndsWithOneAndKeepsItsRecord) {
  // When the tie to the grid opens, 700 MW that keep their power down to 0.1 pu are left to a machine of 200
  // MVA.
  std::string text = spoiled("P_MW = 100", "P_MW = 700");
  const auto put = [&](const std::string& what, const std::string& with) {
    const auto at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    text.replace(at, what.size(), with);
  };
  put("impedance = 0.2, current = 0.3, power = 0.5", "impedance = 0, current = 0, power = 1");
  put("pqbrak = 0.7", "pqbrak = 0.1");
  put("fault = { bus = 2, residual_voltage_pu = 0.5, duration_s = 0.05 }", "open = { branch = \"2-3\" }");
  put("dips_to_lock = 3 }", "dips_to_lock = 3, battery_s = 300 }");
  write("collapse.toml", text);
  const Ended ended = run({"run", "collapse.toml", "-o", "out"});
  fmt::print("{}", ended.err);
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_THAT(record_status(), HasSubstr("failed at"));
  EXPECT_EQ(summary()["completed"], false);
  EXPECT_GE(summary()["end_time_s"].get<double>(), 5);
}

TEST_F(Ending, AFullStandardOutputIsNoSuccess) {
  write("small.toml", kSmallCase);
  const Ended ended = run({"powerflow", "small.toml", "--csv"}, [] {
    const int full = open("/dev/full", O_WRONLY);
    if (full < 0 || dup2(full, STDOUT_FILENO) < 0) _exit(97);
  });
  EXPECT_EQ(ended.code, 3);
}

}  // namespace
}  // namespace ballast
