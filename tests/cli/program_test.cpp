/// The program as a user meets it: exit codes, messages, and what it leaves on the disk.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "viz/record.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

struct Ran {
  int exit_code;
  std::string output;  ///< standard output and error
};

class Program : public ::testing::Test {
 protected:
  Program()
      : folder_(fs::temp_directory_path() /
                fmt::format("ballast-cli-{}-{}",
                            ::testing::UnitTest::GetInstance()->current_test_info()->name(), getpid())) {
    fs::create_directories(folder_);
  }
  ~Program() override { fs::remove_all(folder_); }

  /// Runs a shell line in the test's folder; $B is the program, $C the shipped cases.
  Ran shell(const std::string& line) const {
    const std::string log = (folder_ / "log").string();
    const std::string command =
        fmt::format("cd '{}' && B='{}' && C='{}/cases' && ( {} ) > '{}' 2>&1 < /dev/null", folder_.string(),
                    BALLAST_PROGRAM, BALLAST_SOURCE_DIR, line, log);
    const int status = std::system(command.c_str());
    std::ifstream file(log);
    std::stringstream text;
    text << file.rdbuf();
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text.str()};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }

  fs::path folder_;
};

TEST_F(Program, RunLeavesACompleteOutput) {
  const Ran ran = shell("$B run $C/smib -o out");
  ASSERT_EQ(ran.exit_code, 0) << ran.output;
  for (const char* name : {"record.h5", "summary.json", "report.html"})
    EXPECT_GT(fs::file_size(folder_ / "out" / name), 100U) << name;
  EXPECT_TRUE(read_record(folder_ / "out/record.h5").status.completed);
  // An earlier output is replaced, nothing else is.
  EXPECT_EQ(shell("$B run $C/smib -o out --quiet").exit_code, 0);
}

TEST_F(Program, QuietIsQuiet) {
  const Ran ran = shell("$B run $C/smib -o out --quiet");
  ASSERT_EQ(ran.exit_code, 0);
  EXPECT_EQ(ran.output, "");
}

TEST_F(Program, WrongInputIsExitCodeTwoAndRunsNothing) {
  write("bad.toml", "[case]\ntitle = \"x\"\nfoo = 1\n[network]\nraw = \"nowhere.raw\"\n");
  const Ran bad = shell("$B run bad.toml -o out");
  EXPECT_EQ(bad.exit_code, 2) << bad.output;
  EXPECT_THAT(bad.output, HasSubstr("bad.toml:3:1"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
  for (const char* line : {"$B run nowhere -o out", "$B", "$B fly", "$B run", "$B powerflow nowhere.m",
                           "$B models NOSUCH", "$B check bad.toml"}) {
    const Ran ran = shell(line);
    EXPECT_EQ(ran.exit_code, 2) << line << "\n" << ran.output;
    EXPECT_NE(ran.output, "") << line;
    fmt::print("{}: {}\n", line, ran.output.substr(0, ran.output.find('\n')));
  }
}

TEST_F(Program, AFolderOfOtherThingsIsNotTouched) {
  fs::create_directories(folder_ / "mine");
  write("mine/thesis.txt", "years of work");
  const Ran ran = shell("$B run $C/smib -o mine");
  EXPECT_EQ(ran.exit_code, 3) << ran.output;
  EXPECT_THAT(ran.output, HasSubstr("thesis.txt"));
  EXPECT_TRUE(fs::exists(folder_ / "mine/thesis.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "mine"), fs::directory_iterator()), 1);
  write("file", "x");
  EXPECT_EQ(shell("$B run $C/smib -o file").exit_code, 3);
  EXPECT_EQ(shell("$B run $C/smib -o /proc/ballast").exit_code, 3);
}

TEST_F(Program, AReportThatDoesNotFitIsAnErrorAndLeavesNoPieceOfIt) {
  ASSERT_EQ(shell("$B run $C/smib -o out --quiet").exit_code, 0);
  const auto record = fs::file_size(folder_ / "out/record.h5");
  const auto report = fs::file_size(folder_ / "out/report.html");
  ASSERT_GT(report, record) << "the limit has to lie between the two";
  // Blocks of 512 bytes: the record fits, the report does not.
  const Ran ran = shell(fmt::format("ulimit -f {}; $B run $C/smib -o out", (record + report) / 2 / 512));
  fmt::print("{}", ran.output);
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.output, HasSubstr("report.html"));
  EXPECT_FALSE(fs::exists(folder_ / "out/report.html"));
  EXPECT_TRUE(read_record(folder_ / "out/record.h5").status.completed);
}

TEST_F(Program, PowerFlowAndModelsPrint) {
  const Ran flow = shell("$B powerflow $C/two-area-campus");
  EXPECT_EQ(flow.exit_code, 0) << flow.output;
  EXPECT_THAT(flow.output, HasSubstr("largest mismatch"));
  const Ran csv = shell("$B powerflow $C/smib --csv");
  EXPECT_THAT(csv.output, HasSubstr("bus,"));
  EXPECT_THAT(shell("$B models").output, HasSubstr("GENROU"));
  EXPECT_THAT(shell("$B models --markdown").output, HasSubstr("# Models"));
  EXPECT_THAT(shell("$B check $C/two-area-campus").output, HasSubstr("at rest:"));
}

}  // namespace
}  // namespace ballast
