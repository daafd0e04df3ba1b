/// A sweep on several ranks: the bytes of one process, also when a rank is killed.
#include <gmock/gmock.h>

#include <cstdlib>
#include <optional>

#include "tests/cli/small_sweep.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class RankedSweep : public testing::SweepProgram {
 protected:
  void SetUp() override {
    if (std::system("mpirun --version >/dev/null 2>&1") != 0 || !BALLAST_HAVE_MPI)
      GTEST_SKIP() << "built without MPI";
    SweepProgram::SetUp();
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    ASSERT_EQ(run({"sweep", "sweep.toml", "--jobs", "2", "-o", "ida"}).code, 0);
  }
  pid_t start_ranks(int ranks, std::vector<std::string> sweep, const std::vector<std::string>& options = {}) {
    std::vector<std::string> all{"--oversubscribe", "--bind-to", "none", "-n", std::to_string(ranks)};
    all.insert(all.end(), options.begin(), options.end());
    all.push_back(BALLAST_PROGRAM);
    all.push_back("sweep");
    all.insert(all.end(), sweep.begin(), sweep.end());
    return start_other("mpirun", all, [] { setpgid(0, 0); });
  }
  /// The process of a rank below this mpirun.
  static std::optional<pid_t> find_rank(pid_t mpirun, int rank) {
    for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
      const pid_t pid = std::atoi(entry.path().filename().c_str());
      if (pid <= 0) continue;
      const std::string status = content(entry.path() / "status");
      const std::string environment = content(entry.path() / "environ");
      if (status.find("\nPPid:\t" + std::to_string(mpirun) + "\n") != std::string::npos &&
          environment.find("OMPI_COMM_WORLD_RANK=" + std::to_string(rank) + '\0') != std::string::npos)
        return pid;
    }
    return {};
  }
};

TEST_F(RankedSweep, TwoAndFourRanksGiveTheBytesOfOneProcess) {
  ASSERT_EQ(run({"sweep", "sweep.toml", "--backend", "cpu", "-o", "cpu"}).code, 0);
  for (const std::string backend : {"ida", "cpu"})
    for (const int ranks : {1, 2, 4}) {
      if (ranks == 1 && backend == "ida") continue;
      const std::string out = backend + std::to_string(ranks);
      const Ended ended = wait(start_ranks(ranks, {"sweep.toml", "--backend", backend, "-o", out}));
      ASSERT_EQ(ended.code, 0) << ended.err;
      EXPECT_THAT(ended.out, HasSubstr("66 of 66 scenarios"));
      expect_same_tables(backend, out);
    }
}

TEST_F(RankedSweep, AKilledRankCostsItsChunkOnly) {
  // With --enable-recovery Open MPI leaves the other ranks alone.
  const pid_t mpirun = start_ranks(3, {"sweep.toml", "-o", "survived"}, {"--enable-recovery"});
  ASSERT_TRUE(appears(folder / "survived/journal/0001-001.jsonl", 2000)) << "a first chunk";
  const auto second = find_rank(mpirun, 2);
  ASSERT_TRUE(second);
  kill(*second, SIGKILL);
  const Ended ended = wait(mpirun);
  EXPECT_THAT(ended.err, HasSubstr("rank 2 has been silent"));
  EXPECT_THAT(ended.out, HasSubstr("66 of 66 scenarios"));
  expect_same_tables("ida", "survived");
}

TEST_F(RankedSweep, WhereALostRankEndsTheJobResumingCompletesIt) {
  const pid_t mpirun = start_ranks(2, {"sweep.toml", "-o", "lost"});
  ASSERT_TRUE(appears(folder / "lost/journal/0001-001.jsonl", 2000)) << "a first chunk";
  const auto first = find_rank(mpirun, 1);
  ASSERT_TRUE(first);
  kill(*first, SIGKILL);
  EXPECT_NE(wait(mpirun).code, 0);
  EXPECT_FALSE(fs::exists(folder / "lost/results.csv"));
  const Ended ended = wait(start_ranks(2, {"sweep.toml", "-o", "lost", "--resume"}));
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("scenarios were found done"));
  expect_same_tables("ida", "lost");
}

TEST_F(RankedSweep, WhatIsWrongIsSaidAndEveryRankEnds) {
  const Ended ended = wait(start_ranks(2, {"sweep.toml", "-o", "ida"}));
  EXPECT_NE(ended.code, 0);
  EXPECT_THAT(ended.err, HasSubstr("the folder holds a sweep already"));
  const Ended absent = wait(start_ranks(2, {"absent.toml", "-o", "out"}));
  EXPECT_NE(absent.code, 0);
  EXPECT_THAT(absent.err, HasSubstr("absent.toml"));
}

}  // namespace
}  // namespace ballast
