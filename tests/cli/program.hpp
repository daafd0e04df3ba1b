/// \file
/// Running the program as a user does: a process of its own, in a folder of its own.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace ballast::testing {

namespace fs = std::filesystem;

struct Ended {
  int code = -1;    ///< exit code, or -1 when a signal ended it
  int signal = 0;   ///< that signal
  std::string out;  ///< standard output
  std::string err;  ///< standard error output
};

inline std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A folder that goes with the test.
class Workplace : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder =
        fs::temp_directory_path() / ("ballast-" + std::string(test->name()) + "-" + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  void TearDown() override { fs::remove_all(folder); }

  /// Starts the program in the folder; `before` runs in the new process.
  pid_t start(const std::vector<std::string>& arguments, const std::function<void()>& before = {}) {
    return start_other(BALLAST_PROGRAM, arguments, before);
  }
  /// The same with another program, found along the PATH when its name has no slash.
  pid_t start_other(const std::string& program, const std::vector<std::string>& arguments,
                    const std::function<void()>& before = {}) {
    const pid_t child = fork();
    if (child != 0) return child;
    if (chdir(folder.c_str()) != 0) _exit(99);
    redirect(folder / "stdout.txt", STDOUT_FILENO);
    redirect(folder / "stderr.txt", STDERR_FILENO);
    if (before) before();
    std::vector<std::string> all{program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& one : all) argv.push_back(one.data());
    argv.push_back(nullptr);
    execvp(argv[0], argv.data());
    _exit(98);
  }
  Ended wait(pid_t child) {
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    Ended ended;
    if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
    if (WIFSIGNALED(status)) ended.signal = WTERMSIG(status);
    ended.out = content(folder / "stdout.txt");
    ended.err = content(folder / "stderr.txt");
    return ended;
  }
  Ended run(const std::vector<std::string>& arguments, const std::function<void()>& before = {}) {
    return wait(start(arguments, before));
  }
  /// Waits until a file has this size, at most 20 s.
  static bool appears(const fs::path& path, std::uintmax_t size) {
    for (int k = 0; k < 2000; ++k) {
      std::error_code missing;
      if (fs::file_size(path, missing) >= size && !missing) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder / name) << text; }

  fs::path folder;

 private:
  static void redirect(const fs::path& path, int descriptor) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0 || dup2(file, descriptor) < 0) _exit(97);
  }
};

}  // namespace ballast::testing
