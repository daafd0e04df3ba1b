/// Sweeps of the batch engine that are killed, or whose disk is full.
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <random>

#include "tests/cli/small_sweep.hpp"

namespace ballast {
namespace {

namespace fs = std::filesystem;
using testing::content;
using testing::Ended;
using ::testing::HasSubstr;

class BatchSweep : public testing::SweepProgram {
 protected:
  void SetUp() override {
    SweepProgram::SetUp();
    // More scenarios than the engine keeps in flight, so that some are written while others run.
    std::string text = content(folder / "sweep.toml");
    text.replace(text.find("step = 0.01"), 11, "step = 0.001");
    write("sweep.toml", text);
    const auto begin = std::chrono::steady_clock::now();
    ASSERT_EQ(run(with("whole")).code, 0);
    whole_ms = static_cast<int>(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  static std::vector<std::string> with(const std::string& out, bool resume = false) {
    std::vector<std::string> all{"sweep", "sweep.toml", "--backend", "cpu", "--threads", "2", "-o", out};
    if (resume) all.emplace_back("--resume");
    return all;
  }
  void kill_at_random(int times) {
    const unsigned seed = std::random_device{}();
    std::printf("seed %u, %d ms undisturbed\n", seed, whole_ms);
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> delay_ms(whole_ms / 10, whole_ms);
    int killed = 0;
    for (int k = 0; k < times; ++k) {
      const std::string out = "killed" + std::to_string(k);
      const pid_t child = start(with(out));
      std::this_thread::sleep_for(std::chrono::milliseconds(delay_ms(random)));
      kill(child, SIGKILL);
      if (wait(child).signal == SIGKILL) ++killed;
      const Ended ended = run(with(out, true));
      ASSERT_EQ(ended.code, 0) << ended.err;
      expect_same_tables("whole", out);
    }
    std::printf("%d of %d sessions were killed before their end\n", killed, times);
    EXPECT_GT(killed, 0);
  }
  int whole_ms = 0;
};

TEST_F(BatchSweep, KilledAtRandomAndResumedItComesToTheSameBytes) { kill_at_random(3); }

TEST_F(BatchSweep, AFullDiskEndsItWithFinishedWorkKept) {
  const fs::path disk = folder / "disk";
  fs::create_directories(disk);
  if (mount("none", disk.c_str(), "tmpfs", 0, "size=256k") != 0)
    GTEST_SKIP() << "no right to mount a small disk";
  struct Unmount {
    fs::path path;
    ~Unmount() { umount2(path.c_str(), MNT_DETACH); }
  } const unmount{disk};
  const Ended full = run(with("disk/out"));
  EXPECT_EQ(full.code, 3) << full.err;
  EXPECT_THAT(full.err, HasSubstr("No space left on device"));
  EXPECT_THAT(full.err, HasSubstr("--resume"));
  ASSERT_EQ(mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0) << "space is back";
  const Ended rest = run(with("disk/out", true));
  EXPECT_EQ(rest.code, 0) << rest.err;
  std::printf("%s", rest.out.substr(rest.out.rfind("; ")).c_str());
  EXPECT_THAT(rest.out, HasSubstr("scenarios were found done"));
  expect_same_tables("whole", "disk/out");
}

class LongBatchSweep : public BatchSweep {};

TEST_F(LongBatchSweep, KilledTwentyTimesItComesToTheSameBytes) { kill_at_random(20); }

}  // namespace
}  // namespace ballast
